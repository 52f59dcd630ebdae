"""Paragraphs to sections: which paragraph is a heading, how deep, for which period, told as done or as planned.

Numbering in real reports lies (``一、`` twice, ``（2）`` after ``1、``), so the kind of mark gives the depth and its
value is ignored. A numbered paragraph is a heading only if it is short and something stands under it; otherwise it is
an entry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from documents.folding import fold
from documents.marks import BOOKMARK, Mark, is_title, month_of, start_of
from documents.report import Line, LineRange, Passage, Period, Section, Stance

_TITLE_LEVEL, _BARE_LEVEL, _MONTH_LEVEL = 1, 2, 3
_LONGEST_HEADING = 44  # characters
_LONGEST_RUN_IN = 26
_LONGEST_TELLING = 20  # a longer one with a comma and a full stop tells something: an entry
_INNER_END = re.compile(r"[。！？；!?;](?=.)")
# A line that names a quarter or a half-year and little else: Q3 (July to September), 第三季度, 上半年工作.
_QUARTER = re.compile(
    r"^(?:(?:Q[1-4]|(?:first|second|third|fourth|last) (?:quarter|half(?: of the year)?)),?(?: (?:19|20)\d\d)?(?: ?\([^()]{1,30}\))?"
    r"|(?:(?:19|20)\d\d年)?(?:第?[一二三四]季度|[上下]半年)(?:工作|大事记|情况)?(?:[（(][^（）()]{1,20}[)）])?)\s*[:：]?$",
    re.IGNORECASE,
)
# A few English words on a line of their own over a long paragraph: Year in figures, Our People.
_BARE_LATIN = re.compile(r"^[A-Z][A-Za-z'’]*(?:[ &,-]+[A-Za-z'’]+){0,6}$")
_LONG_BODY = 80  # characters
_PLANNED = re.compile(
    r"计划|打算|预定|思路|下一步|下一年|来年|明年|今后|展望|规划$|工作安排|努力方向|\bplans?\b|\boutlook\b|next (?:year|steps)|looking ahead|priorities"
)
_ACHIEVED = re.compile(
    r"总结|小结|回顾|大事|年鉴|完成情况|执行情况|年报|年度报告|统计|概况|\breview\b|\bchronicle\b|achievements?|summary|annual report|highlights"
)
_YEAR = re.compile(r"(?<![—\-–\d])((?:19|20)\d{2})\s*(?:年(?!年鉴|代)|(?=\s|$))(?!\s*[—\-–])")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found: its text without marks, its depth, and whether body text follows in the same paragraph."""

    title: str
    level: int
    month: tuple[int | None, int] | None = None


def headings(paragraphs: Sequence[Passage], lines: Sequence[Line]) -> list[Heading | None]:
    """For each paragraph the heading it is (or begins with), or None."""
    found: list[Heading | None] = []
    in_month = False
    for at, paragraph in enumerate(paragraphs):
        following = paragraphs[at + 1].text if at + 1 < len(paragraphs) else ""
        level = lines[paragraph.lines.start - 1].level
        heading = _heading(paragraph.text, level, following, in_month=in_month)
        if heading is not None:
            in_month = heading.month is not None or (in_month and heading.level > _MONTH_LEVEL)
        found.append(heading)
    return found


def _heading(text: str, level: int | None, following: str, *, in_month: bool) -> Heading | None:
    start = start_of(text)
    title = _clean(text[start.end :] if start else text)
    month = month_of(text)
    if level is not None:
        return Heading(title, level, month)
    if month:
        return Heading(_clean(text), start.level if start and start.mark is Mark.MARKDOWN else _MONTH_LEVEL, month)
    if start is None:
        return _unmarked(text, title, following)
    if start.mark in (Mark.MARKDOWN, Mark.PART):
        return Heading(title, start.level)
    if start.mark is Mark.TORTOISE:
        return Heading(title.split("】")[0], start.level)
    if start.mark is Mark.ARABIC and is_title(title):
        return Heading(title, _TITLE_LEVEL)
    if start.mark is Mark.BULLET or (in_month and start.level > _MONTH_LEVEL):
        return None
    return _numbered(title, start.level, start_of(following), start.mark, following)


def _unmarked(text: str, title: str, following: str) -> Heading | None:
    if BOOKMARK.search(text) and len(title) <= _LONGEST_HEADING:
        return Heading(title, _TITLE_LEVEL if is_title(title) else 2)
    if is_title(title):
        return Heading(title, _TITLE_LEVEL)
    if _QUARTER.match(title) or (_BARE_LATIN.match(text) and len(following) >= _LONG_BODY):
        return Heading(title, _BARE_LEVEL)
    return None


def _numbered(title: str, level: int, following: object, mark: Mark, next_text: str) -> Heading | None:
    """A numbered paragraph: a heading on its own, a run-in heading (short first sentence, then text), or an entry."""
    inner = _INNER_END.search(title)
    if inner is None:
        sentence = title.endswith("。") and "，" in title and len(title) > _LONGEST_TELLING
        alone = len(title) <= _LONGEST_HEADING and bool(title.strip("。 ")) and not sentence
        same = getattr(following, "mark", None) is mark
        return Heading(title.rstrip("。"), level) if alone and next_text and not same else None
    first = title[: inner.start()]
    if len(first) <= _LONGEST_RUN_IN and len(title) - len(first) > len(first) and "，" not in first[14:]:
        return Heading(first, level)
    return None


def _clean(text: str) -> str:
    return re.sub(r"\*+|(?<![a-z])_+|_+(?![a-z])", "", BOOKMARK.sub("", text).strip().strip("#*")).strip()


def sections(
    paragraphs: Sequence[Passage], found: Sequence[Heading | None], last_line: int, year: int | None
) -> tuple[Section, ...]:
    """Nest headings into sections; each inherits period and stance from the one around it unless its title says.

    The text before the first heading, if any, belongs to no section.
    """
    done: list[Section] = []
    open_: list[int] = []  # indexes into done, outermost first
    for paragraph, heading in zip(paragraphs, found, strict=True):
        if heading is None:
            continue
        line = paragraph.lines.start
        while open_ and done[open_[-1]].level >= heading.level:
            _close(done, open_.pop(), line - 1)
        parent = done[open_[-1]] if open_ else None
        period = _period(heading, parent.period if parent else (Period(year) if year else None))
        stance = _stance(heading.title, parent.stance if parent else Stance.ACHIEVED)
        open_.append(len(done))
        done.append(Section(heading.title, heading.level, LineRange(line, max(line, last_line)), period, stance))
    return tuple(done)


def _close(done: list[Section], at: int, last: int) -> None:
    section = done[at]
    done[at] = replace(section, lines=LineRange(section.lines.start, max(section.lines.start, last)))


def _period(heading: Heading, around: Period | None) -> Period | None:
    if heading.month:
        year = heading.month[0] or (around.year if around else None)
        return Period(year, heading.month[1]) if year else None
    year_named = _YEAR.search(fold(heading.title))
    decides = heading.level <= 2 or is_title(heading.title) or _PLANNED.search(fold(heading.title))
    if year_named and decides:
        return Period(int(year_named[1]))
    return Period(around.year) if around and heading.level <= _MONTH_LEVEL else around


def _stance(title: str, around: Stance) -> Stance:
    folded = fold(title)
    if _ACHIEVED.search(folded):
        return Stance.ACHIEVED
    return Stance.PLANNED if _PLANNED.search(folded) else around
