"""Which paragraph is a heading, and how deep it stands.

Numbering in real reports lies (``一、`` twice, ``（2）`` after ``1、``), so the kind of mark gives the depth and its
value is ignored. A numbered paragraph is a heading only if it is short and something stands under it; otherwise it is
an entry. A line without a mark is one if it names a part of a report, is all in capitals, or stands alone over prose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from documents.layout import SENTENCE_END, is_latin
from documents.marks import (
    BOOKMARK,
    LEVEL,
    Mark,
    Start,
    capitalised,
    in_capitals,
    is_title,
    month_of,
    start_of,
    year_of,
)
from documents.report import Line, Passage

_TITLE_LEVEL, _YEAR_LEVEL, _QUARTER_LEVEL, _CAPITALS_LEVEL, MONTH_LEVEL = 1, 2, 2, 2, 3
_BARE_LEVEL = 6  # a line over prose: innermost among numbered headings, so that a wrong guess closes nothing
_LONGEST_HEADING = 44  # characters
_LONGEST_LATIN = 70
_LONGEST_BARE = 20
_LONGEST_TELLING = 20  # a longer one with a comma and a full stop tells something: an entry
_LONGEST_RUN_IN = 26
_PROSE = 40  # characters a paragraph has at least to make the line over it a heading; half as many in Chinese
_INNER_END = re.compile(r"[。！？；!?;](?=.)|\.(?=\s+[A-Z])")
_ROMAN = re.compile(r"^\s*[IVX]{1,5}\.\s+(?=[A-Z])")
_LETTER = re.compile(r"^\s*[A-Z]\.\s+(?=[A-Z])")
_UNDERLINE = re.compile(r"^\s*(={3,}|-{3,})\s*$")
_EMPHASIS = re.compile(r"\*+|(?<![a-z])_+|_+(?![a-z])")
_BARE_ZH = re.compile(r"^[\u4e00-\u9fff“”《》·]{2,20}$")
_FRONT = re.compile(
    r"^(?:foreword|preface|introduction|overview|summary|前言|引言|概述|概况|概況)$", re.IGNORECASE
)  # beside 1. and 一、
# A line that names a quarter or a half-year and little else: Q3 (July to September), 第三季度, 上半年工作.
_QUARTER = re.compile(
    r"^(?:(?:Q[1-4]|(?:first|second|third|fourth|last) (?:quarter|half(?: of the year)?)),?(?: (?:19|20)\d\d)?"
    r"(?: ?\([^()]{1,30}\))?"
    r"|(?:(?:19|20)\d\d年)?(?:第?[一二三四]季度|[上下]半年)(?:工作|大事记|情况)?(?:[（(][^（）()]{1,20}[)）])?)\s*[:：]?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found: its text without marks, its depth, the month or year it is for, and the mark it bears."""

    title: str
    level: int
    month: tuple[int | None, int] | None = None
    year: int | None = None
    mark: Mark | None = None
    given: bool = False  # the depth is the file format's own, not ours


@dataclass(slots=True)
class _Place:
    """Where the walk through the paragraphs stands."""

    in_month: bool = False
    ended: bool = True  # the paragraph before ends a sentence, or is a heading
    entry: Mark | None = None  # of the paragraph before, when that is an entry
    last_number: str = ""  # of the last numbered heading outside a month


def headings(paragraphs: Sequence[Passage], lines: Sequence[Line]) -> list[Heading | None]:
    """For each paragraph the heading it is (or begins with), or None."""
    found: list[Heading | None] = []
    place = _Place()
    for at, paragraph in enumerate(paragraphs):
        after = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
        level = lines[paragraph.lines.start - 1].level
        if level is not None:
            heading: Heading | None = Heading(
                _clean(_after_mark(paragraph.text)), level, month_of(paragraph.text), given=True
            )
        else:
            heading = _heading(paragraph, after, place)
        _move(place, paragraph.text, heading)
        found.append(heading)
    return _even_depths(found)


def _move(place: _Place, text: str, heading: Heading | None) -> None:
    start = start_of(text)
    place.ended = heading is not None or SENTENCE_END.search(text) is not None
    place.entry = start.mark if start and heading is None else None
    if heading is None:
        return
    place.in_month = heading.month is not None or (place.in_month and heading.level > MONTH_LEVEL)
    if start and start.mark is Mark.ARABIC and not place.in_month:
        place.last_number = _number(text)


def _heading(paragraph: Passage, after: Passage | None, place: _Place) -> Heading | None:
    text, following = paragraph.text, after.text if after else ""
    start = start_of(text)
    month = month_of(text)
    if month:
        markdown = start is not None and start.mark is Mark.MARKDOWN
        return Heading(_clean(text), start.level if start and markdown else MONTH_LEVEL, month, given=markdown)
    if start is not None:
        return _marked(text, start, following, place)
    if after is not None and _underlined(paragraph, after):
        return Heading(_clean(text), 1 if following.strip()[0] == "=" else 2, given=True)
    return _unmarked(paragraph, following, place)


def _marked(text: str, start: Start, following: str, place: _Place) -> Heading | None:
    title = _clean(text[start.end :])
    if start.mark is Mark.MARKDOWN:
        return Heading(_clean(_after_mark(title)), start.level, given=True)
    if start.mark is Mark.TORTOISE:
        return Heading(title.split("】")[0], start.level, mark=start.mark)
    if start.mark is Mark.PART:
        whole = _INNER_END.search(title) is None and len(title) <= _longest(title) and not title.endswith("。")
        return Heading(title or _clean(text), start.level, mark=start.mark) if whole else None
    if start.mark is Mark.ARABIC and is_title(title) and not is_latin(title):
        return Heading(title, _TITLE_LEVEL, mark=start.mark)
    if start.mark is Mark.BULLET:
        return None
    if place.in_month and start.level > MONTH_LEVEL and not _follows(_number(text), place.last_number):
        return None
    return _numbered(title, start, following, place)


def _numbered(title: str, start: Start, following: str, place: _Place) -> Heading | None:
    """A numbered paragraph: a heading on its own, a run-in heading (short first sentence, then text), or an entry."""
    inner = _INNER_END.search(title)
    if inner is None:
        under = start_of(following)
        nothing_under = not following or (under is not None and under.mark is start.mark)
        listed = place.entry is start.mark and start.mark is not Mark.HAN  # the last of a list, not the first heading
        telling = title.endswith("。") and "，" in title and len(title) > _LONGEST_TELLING
        sentence = telling or title.endswith((".", ";")) or title[:1].islower()
        if nothing_under or listed or sentence or len(title) > _longest(title) or not title.strip("。 "):
            return None
        return Heading(title.rstrip("。"), start.level, mark=start.mark)
    first = title[: inner.start()]
    if len(first) <= _LONGEST_RUN_IN and len(title) - len(first) > len(first) and "，" not in first[14:]:
        return Heading(first, start.level, mark=start.mark)
    return None


def _unmarked(paragraph: Passage, following: str, place: _Place) -> Heading | None:
    text = paragraph.text
    if len(text) > _LONGEST_LATIN + 60:
        return None
    title = _clean(text)
    year = year_of(text)
    if year is not None:
        stands_over = month_of(following) is not None or (year[1] and len(following) > 8 and not year_of(following))
        return Heading(title, _YEAR_LEVEL, year=year[0]) if stands_over else None
    if is_title(title):
        return Heading(title, 2 if _FRONT.match(title) else _TITLE_LEVEL)
    if _QUARTER.match(title):
        return Heading(title, _QUARTER_LEVEL)
    if BOOKMARK.search(text) and len(title) <= _LONGEST_HEADING:
        return Heading(title, 2)
    if is_latin(text):
        return _unmarked_latin(paragraph, title, following, place)
    over_prose = len(following) >= _PROSE // 2 and "。" in following
    if place.ended and not place.in_month and over_prose and len(title) <= _LONGEST_BARE and _BARE_ZH.match(title):
        return Heading(title, _BARE_LEVEL)
    return None


def _unmarked_latin(paragraph: Passage, title: str, following: str, place: _Place) -> Heading | None:
    text = paragraph.text
    alone = len(title) <= _LONGEST_LATIN and not title.endswith((".", ",", ";", ":", "!", "?"))
    if not alone or not following:
        return None
    if in_capitals(text):
        return (
            Heading(_ROMAN.sub("", title), _CAPITALS_LEVEL)
            if any(c.islower() for c in following) or in_capitals(following)
            else None
        )
    over_prose = SENTENCE_END.search(following) is not None and place.ended and not place.in_month
    if len(paragraph.anchors) > 1 or not over_prose or not capitalised(title):
        return None
    for mark, level in ((_ROMAN, 2), (_LETTER, 3)):
        if mark.match(text):
            return Heading(mark.sub("", title), level)
    return Heading(title, _BARE_LEVEL) if len(following) >= _PROSE else None


def _even_depths(found: Sequence[Heading | None]) -> list[Heading | None]:
    """Depths by the marks a report uses: ``1.`` leads where no Chinese numeral does, chapters stand over all others,
    and lines without a mark lead where nothing is numbered.

    A title stays on top, so that what is under a plan is a plan.
    """
    bare = _bare_level(found)
    used = {h.mark for h in found if h is not None}
    numerals = used & {Mark.HAN, Mark.HAN_BRACKET}
    parts = used & {Mark.PART, Mark.FORMAL}
    lift = 0 if numerals else LEVEL[Mark.ARABIC] - 2

    def depth(heading: Heading) -> int:
        if heading.given or (heading.level <= _TITLE_LEVEL and heading.mark not in parts):
            return heading.level
        lifted = lift if heading.mark in (Mark.ARABIC, Mark.DECIMAL) else 0
        level = bare if heading.level == _BARE_LEVEL and heading.mark is None else heading.level
        return level - lifted + (1 if parts else 0)

    return [replace(h, level=depth(h)) if h else None for h in found]


def _bare_level(found: Sequence[Heading | None]) -> int:
    if any(h is not None and h.mark is not None for h in found):
        return _BARE_LEVEL
    capitals = sum(h is not None and h.level == _CAPITALS_LEVEL and in_capitals(h.title) for h in found)
    return _CAPITALS_LEVEL if capitals < 2 else _CAPITALS_LEVEL + 1


def _underlined(paragraph: Passage, after: Passage) -> bool:
    """Markdown's other heading: one line, and a row of = or - right under it."""
    adjoining = after.lines.start == paragraph.lines.end + 1 and len(paragraph.anchors) == 1
    return adjoining and len(paragraph.text) <= _LONGEST_LATIN and _UNDERLINE.match(after.text) is not None


def _number(text: str) -> str:
    match = re.match(r"\D*(\d{1,3})", text)
    return match[1] if match else ""


def _follows(number: str, last: str) -> bool:
    return bool(number and last) and int(number) == int(last) + 1


def _longest(title: str) -> int:
    return _LONGEST_LATIN if is_latin(title) else _LONGEST_HEADING


def _after_mark(text: str) -> str:
    start = start_of(text)
    return text if start is None else text[start.end :] or text


def _clean(text: str) -> str:
    return _EMPHASIS.sub("", BOOKMARK.sub("", text).strip().strip("#*")).strip()
