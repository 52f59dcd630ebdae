"""Headings to sections: from where to where, for which period, told as done or as planned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from documents.folding import fold
from documents.headings import MONTH_LEVEL, Heading
from documents.marks import is_title
from documents.report import LineRange, Passage, Period, Section, Stance

_LONGEST_TITLE = 200  # of a heading the file format itself states
_PLANNED = re.compile(
    r"计[划画]|打算|预定|思路|下一步|下一年|来年|明年|今后|展望|规划$|(?:工作|年)安排|努力方向|怎么[干做]"
    r"|\bplans?\b|\boutlook\b|looking (?:ahead|forward)"
    r"|next (?:year|quarter|months?|steps?|phase)|(?:year|quarter|months?) ahead|priorities"
)
_ACHIEVED = re.compile(
    r"总结|小结|回顾|大事|年鉴|完成情况|执行情况|年报|年度报告|统计|概况|\breview\b|\bchronicle\b|achievements?|summary"
    r"|annual report|highlights"
)
# 问题与打算: what is wrong is so now; what is intended says so in its own sentences.
_MIXED = re.compile(r"问题|不足|困难|短板|挑战|差距|problems?\b|challenges|difficult|shortcomings")
_YEAR = re.compile(r"(?<![—\-–\d])((?:19|20)\d{2})\s*(?:年(?!年鉴|代)|(?=\s|$))(?!\s*[—\-–])")


def sections(
    paragraphs: Sequence[Passage], found: Sequence[Heading | None], last_line: int, year: int | None
) -> tuple[Section, ...]:
    """Nest headings into sections; each inherits period and stance from the one around it unless its title says.

    The text before the first heading, if any, belongs to no section.
    """
    done: list[Section] = []
    open_: list[int] = []  # indexes into done, outermost first
    months: set[int] = set()
    said: dict[int | None, int] = {}  # the year that the last month under a section stated
    for paragraph, heading in zip(paragraphs, found, strict=True):
        if heading is None:
            continue
        line = paragraph.lines.start
        level = _level(heading, [(at in months, done[at].level) for at in open_])
        while open_ and done[open_[-1]].level >= level:
            _close(done, open_.pop(), line - 1)
        under = open_[-1] if open_ else None
        parent = None if under is None else done[under]
        around = parent.period if parent else (Period(year) if year else None)
        if heading.month and under in said:
            around = Period(said[under])
        period = _period(heading, around)
        if heading.month:
            months.add(len(done))
            said.update({under: heading.month[0]} if heading.month[0] else {})
        stance = _stance(heading.title, parent.stance if parent else Stance.ACHIEVED)
        open_.append(len(done))
        done.append(
            Section(heading.title[:_LONGEST_TITLE], level, LineRange(line, max(line, last_line)), period, stance)
        )
    return tuple(done)


def _level(heading: Heading, around: Sequence[tuple[bool, int]]) -> int:
    """A month stands one deeper than the section its chronicle is; ``around`` says of each whether it is a month."""
    if heading.month is None or heading.given:
        return heading.level
    beside = next((level for is_month, level in around if is_month), None)
    return beside if beside is not None else max([heading.level, *(level + 1 for _, level in around[-1:])])


def _close(done: list[Section], at: int, last: int) -> None:
    section = done[at]
    done[at] = replace(section, lines=LineRange(section.lines.start, max(section.lines.start, last)))


def _period(heading: Heading, around: Period | None) -> Period | None:
    if heading.year:
        return Period(heading.year)
    if heading.month:
        year = heading.month[0] or (around.year if around else None)
        return Period(year, heading.month[1]) if year else None
    year_named = _YEAR.search(fold(heading.title))
    decides = heading.level <= 2 or is_title(heading.title) or _PLANNED.search(fold(heading.title))
    if year_named and decides:
        return Period(int(year_named[1]))
    return Period(around.year) if around and heading.level <= MONTH_LEVEL else around


def stance_of(path: Sequence[str]) -> Stance:
    """What the titles above a passage, outermost first, say it tells."""
    stance = Stance.ACHIEVED
    for title in path:
        stance = _stance(title, stance)
    return stance


def _stance(title: str, around: Stance) -> Stance:
    folded = fold(title)
    if _ACHIEVED.search(folded) or (_MIXED.search(folded) and around is Stance.ACHIEVED):
        return Stance.ACHIEVED
    return Stance.PLANNED if _PLANNED.search(folded) else around
