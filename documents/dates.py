"""Dates and spans of dates as reports and questions write them, in Chinese and English, with where they stand.

Offsets refer to the text given; callers fold it first (``documents.folding``), which keeps them valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.numerals import read_number
from documents.report import Period

MONTHS_EN = tuple("January February March April May June July August September October November December".split())
_LOWER = [month.lower() for month in MONTHS_EN]
MONTH_EN = "|".join([*_LOWER, "sept", *(m[:3] for m in _LOWER)])  # of a pattern over folded text
_HAN_YEAR = "[零〇一二三四五六七八九]{4}"
# Years of the Republic: 民国四十六年, 民国107年, and a hundred-odd years on 一〇七年 alone (107 is 2018).
_REPUBLIC = r"民国(?:\d{2,3}|[零〇一二三四五六七八九十百]{1,4})|一[零〇一二][零〇一二三四五六七八九](?=年(?!级))"
_HAN_MONTH = "十[一二]?|[一二三四五六七八九]"
_TO = r"\s*(?:-|—|–|－|~|～|至|到|to|until|through)+\s*"

_HAN_DAY = "[一二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九]"
_YEAR_OF = rf"(?P<y>\d{{4}}|{_HAN_YEAR}|{_REPUBLIC})\s*年\s*"
_ZH_DAY = re.compile(
    rf"(?:{_YEAR_OF})?(?P<m>\d{{1,2}}|{_HAN_MONTH})\s*月[^\S\n]*(?P<d>\d{{1,2}}|(?:{_HAN_DAY})(?=[日号]))\s*(?P<suffix>[日号])?"
    rf"(?:{_TO}(?:(?P<y2>\d{{4}})\s*年\s*)?(?:(?P<m2>\d{{1,2}}|{_HAN_MONTH})\s*月\s*)?(?P<d2>\d{{1,2}}|{_HAN_DAY})\s*[日号])?"
)
_ZH_MONTH = re.compile(
    rf"(?:{_YEAR_OF})?(?P<m>\d{{1,2}}|{_HAN_MONTH})\s*(?:(?:月\s*份?)?{_TO}(?P<m2>\d{{1,2}}|{_HAN_MONTH})\s*)?月(?!\s*\d{{1,2}}\s*[日号-])"
)
_ZH_YEAR = re.compile(
    rf"(?:(?P<y>\d{{4}})\s*年?(?:{_TO}|、))?(?P<y2>(?:19|20)\d{{2}}|{_HAN_YEAR}|{_REPUBLIC})\s*年(?!代)"
)
_ISO = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})(?!\d)")
# No \b: a Chinese character beside an English date is a letter to it.
_MONTH_NAME = rf"(?:{MONTH_EN})(?![a-z])"
_NTH = r"(?:st|nd|rd|th)?"
_EN_DAY = re.compile(
    rf"(?<![\da-z.-])(?:(?:(?P<d0>\d{{1,2}}){_NTH}{_TO})?(?P<d>\d{{1,2}}){_NTH}\s+(?:of\s+)?(?P<m>{_MONTH_NAME})"
    rf"|(?P<m1>{_MONTH_NAME})\.?\s+(?P<d1>\d{{1,2}}){_NTH}(?![\da-z]|,\d{{3}}))"
    rf"(?:{_TO}(?:(?P<m2>{_MONTH_NAME})\.?\s+)?(?P<d2>\d{{1,2}})(?!\d)(?:\s+(?P<m3>{_MONTH_NAME}))?)?"
    r"(?:,?\s+(?P<y>(?:19|20)\d{2}))?"
)
_EN_MONTH = re.compile(rf"(?<![a-z])(?P<m>{_MONTH_NAME})\.?(?:,?\s+(?:of\s+)?(?P<y>(?:19|20)\d{{2}})(?!\d))?")
_EN_YEAR = re.compile(r"(?<![\d.,])(?P<y2>19\d{2}|20[0-4]\d)(?![\d.,]*\d|\s*[\u4e00-\u9fff%])")
_MONTH_BEFORE = re.compile(
    r"\b(?:in|of|during|for|since|by|until|to|and|from|early|late|mid|last|this|every|month)[ -]+$"
)
# Under the heading of a month an entry may begin with its day alone (16日:) or with figures (2.18-2.19).
_HEAD = r"(?:^|(?<=\n))\s*(?:\d{1,3}\s*、\s*)?[【〔\[（(]?\s*"
_BARE_DAY = re.compile(
    rf"{_HEAD}(?P<shown>(?P<d>\d{{1,2}})\s*[日号]?(?:{_TO}(?P<d2>\d{{1,2}})\s*[日号]|(?<=[日号])))(?!\s*(?:内|游|间|均))"
)
_DOTTED_DAY = re.compile(
    rf"{_HEAD}(?P<shown>(?P<m>\d{{1,2}})[.．](?P<d>\d{{1,2}})(?:{_TO}(?:(?P<m2>\d{{1,2}})[.．])?(?P<d2>\d{{1,2}}))?)(?![\d.．%万亿])"
)
# A chronicle in figures (9-7  开讲): only where several lines begin so
_FIGURED_DAY = re.compile(r"(?:^|(?<=\n))(?P<shown>(?P<m>\d{1,2})[-.](?P<d>\d{1,2}))(?=\s+[\u4e00-\u9fff“《])")
_SEVERAL = 3
# 9月3日起闭馆,暂停开放至25日: the month is that of the day before it
_LATER_DAY = re.compile(r"[至到][^,。;:\n\d]{0,4}(?P<shown>(?P<d>\d{1,2})\s*[日号])")
_FORMS = (_ZH_DAY, _ISO, _EN_DAY, _ZH_MONTH, _ZH_YEAR, _EN_MONTH, _EN_YEAR)


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A date as far as it was stated: any of year, month and day may be missing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date or span of dates at ``text[start:end]``; ``last`` equals ``first`` when it is a single one."""

    start: int
    end: int
    first: Day
    last: Day

    @property
    def is_span(self) -> bool:
        return self.first != self.last

    def periods(self, year: int | None) -> Iterator[Period]:
        """The years and months it touches; ``year`` stands in where none was stated."""
        first, last = self.first.year or self.last.year or year, self.last.year or self.first.year or year
        if first is None or last is None or last < first or last - first > 50:
            return
        if self.first.month is None or self.last.month is None:
            yield from (Period(y, self.first.month) for y in range(first, last + 1))
            return
        start, stop = 12 * first + self.first.month - 1, 12 * last + self.last.month - 1
        if stop < start:  # 12月31日-1月2日: into the next year
            stop += 12
        yield from (Period(month // 12, month % 12 + 1) for month in range(start, stop + 1))


def find_dates(text: str, month: int | None = None) -> list[DateMention]:
    """Every date in a folded text, in order, never overlapping; a span counts as one.

    ``month`` is the one whose heading the text stands under: there a line may begin with a day alone.

    >>> [(m.first.month, m.first.day, m.last.month, m.last.day) for m in find_dates("5月25日——6月2日，10月23-24日")]
    [(5, 25, 6, 2), (10, 23, 10, 24)]
    >>> [(m.first.month, m.first.day, m.last.day) for m in find_dates("16日:开馆\\n2.18-2.19 开营", month=2)]
    [(2, 16, 16), (2, 18, 19)]
    """
    found: list[DateMention] = []
    for form in _FORMS:
        for match in form.finditer(text):
            mention = _mention(match)
            if mention and not any(m.start < mention.end and mention.start < m.end for m in found):
                found.append(mention)
    for mention in (*_later_days(text, found), *(_days_alone(text, month) if month else _figured_days(text))):
        if not any(m.start < mention.end and mention.start < m.end for m in found):
            found.append(mention)
    return sorted(found, key=lambda m: m.start)


def _later_days(text: str, found: Sequence[DateMention]) -> list[DateMention]:
    """Days told without their month, of the month that their sentence named before."""
    later = []
    for match in _LATER_DAY.finditer(text):
        start = max(text.rfind(mark, 0, match.start()) for mark in "。;\n")
        before = [m for m in found if start < m.start < match.start() and m.last.day and m.last.day < int(match["d"])]
        if before and int(match["d"]) <= 31:
            day = Day(None, before[-1].last.month, int(match["d"]))
            later.append(DateMention(match.start("shown"), match.end("shown"), day, day))
    return later


def _figured_days(text: str) -> list[DateMention]:
    """The days that the lines of a chronicle in figures begin with."""
    found = [(match, Day(None, int(match["m"]), int(match["d"]))) for match in _FIGURED_DAY.finditer(text)]
    months = [day.month or 0 for _, day in found]
    real = all(1 <= (day.month or 0) <= 12 and 1 <= (day.day or 0) <= 31 for _, day in found)
    if len(found) < _SEVERAL or not real or months != sorted(months):
        return []
    return [DateMention(match.start("shown"), match.end("shown"), day, day) for match, day in found]


def _days_alone(text: str, month: int) -> Iterator[DateMention]:
    """Days that lines begin with under the heading of a month."""
    for form in (_BARE_DAY, _DOTTED_DAY):
        for match in form.finditer(text):
            groups = match.groupdict()
            day, last = int(groups["d"]), int(groups["d2"] or groups["d"])
            if int(groups.get("m") or month) == month and 1 <= day <= 31 and 1 <= last <= 31:
                first, until = Day(None, month, day), Day(None, int(groups.get("m2") or month), last)
                yield DateMention(match.start("shown"), match.end("shown"), first, until)


def _mention(match: re.Match[str]) -> DateMention | None:
    groups = match.groupdict()
    if (
        match.re is _EN_MONTH
        and match["m"] in ("may", "march", "mar")
        and not (match["y"] or _MONTH_BEFORE.search(match.string[: match.start()]))
    ):
        return None  # "may" and "march" are verbs more often than months
    year, month = _year(groups.get("y")), _month(groups.get("m") or groups.get("m1"))
    day, last_day = _number(groups.get("d") or groups.get("d1")), _number(groups.get("d2"))
    if groups.get("d0"):  # 1–16 September
        day, last_day = _number(groups["d0"]), day
    last_year, last_month = _year(groups.get("y2")), _month(groups.get("m2") or groups.get("m3"))
    if match.re is _ZH_DAY and not (groups["suffix"] or last_day):
        return None  # 11月 9 without 日: the day belongs to something else
    if groups.get("m") or groups.get("m1"):
        if month is None or not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
            return None
        first = Day(year, month, day)
        last = Day(last_year or year, last_month or month, last_day or day)
    else:
        first, last = Day(year or last_year), Day(last_year or year)
    return DateMention(match.start(), match.end(), first, last)


def _year(text: str | None) -> int | None:
    """A year as written; one of the Republic (民国四十六年, 一〇七年) is counted from 1912."""
    year = _number(text.removeprefix("民国")) if text else None
    return year + 1911 if year is not None and year < 1000 else year


def _number(text: str | None) -> int | None:
    value = read_number(text) if text else None
    return None if value is None else int(value)


def month_number(name: str) -> int:
    """The number of a month named in English, in full or by three letters or more.

    >>> month_number("September"), month_number("sept"), month_number("jan")
    (9, 9, 1)
    """
    return [month[:3] for month in _LOWER].index(name[:3].lower()) + 1


def _month(text: str | None) -> int | None:
    if text and text.isascii() and text.isalpha():
        return month_number(text)
    return _number(text)


_NTH_QUARTER = "first|second|third|fourth|last"
_QUARTER = re.compile(
    r"第?\s*(?P<zh>[一二三四1-4])\s*(?:季度|季(?!节|刊)|(?=[、和与及或]第?[一二三四]季))|\bq(?P<q>[1-4])\b"
    rf"|\b(?P<en>{_NTH_QUARTER})(?= quarter\b| (?:or|and|to|than) (?:the )?(?:{_NTH_QUARTER}) quarter\b)(?: quarter\b)?"
    r"|(?P<half>[上前]半年|[前头]六个月|first half|first six months)"
    r"|(?P<latter>[下后]半年|后六个月|second half|latter half|last six months)"
)


def find_quarters(text: str) -> list[tuple[int, int, frozenset[int]]]:
    """Where a folded text names quarters and half-years, and the months of each.

    >>> [(start, sorted(months)) for start, _, months in find_quarters("q2 or the third quarter")]
    [(0, [4, 5, 6]), (10, [7, 8, 9])]
    """
    found = []
    for match in _QUARTER.finditer(text):
        if match["half"] or match["latter"]:
            months = range(1, 7) if match["half"] else range(7, 13)
        else:
            word = match["zh"] or match["q"] or match["en"]
            number = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}.get(word)
            number = number or int(read_number(word) or 0)
            months = range(3 * number - 2, 3 * number + 1)
        found.append((match.start(), match.end(), frozenset(months)))
    return found


def quarter_periods(title: str, year: int | None) -> frozenset[Period]:
    """The months of the quarters and half-years that a folded heading names; none without a year.

    >>> sorted(str(p) for p in quarter_periods("q3 (july to september)", 2023))
    ['2023-07', '2023-08', '2023-09']
    """
    months = frozenset[int]().union(*(months for _, _, months in find_quarters(title)))
    return frozenset(Period(year, month) for month in months) if year else frozenset()


# A figure of the year before, beside its name: 上年为1200, (去年24期), 32 in the previous year.
LAST_YEAR_ZH = r"(?:上年|去年|前一?年|上一年)度?(?:同期)?(?:[同的]|仅|只有|为|是|共|有|达)*[:：]?\s*"
LAST_YEAR_EN = r"[^.,;()\n]{0,24}\b(?:the (?:previous|preceding|prior) year|the year before|last year|a year earlier)\b"
_OF_LAST_YEAR = re.compile(rf"{LAST_YEAR_ZH}\d|\d{LAST_YEAR_EN}")


def tells_of_last_year(text: str) -> bool:
    """Whether a folded text states a figure of the year before the one it reports on."""
    return _OF_LAST_YEAR.search(text) is not None


def periods_in(text: str, year: int | None) -> frozenset[Period]:
    """Every year and month a folded text names, and the year before where it states a figure of that.

    >>> sorted(str(p) for p in periods_in("外借1350册次(上年1200册次),3月最多", 2021))
    ['2020', '2021-03']
    """
    named = frozenset(period for mention in find_dates(text) for period in mention.periods(year))
    return named | {Period(year - 1)} if year and tells_of_last_year(text) else named
