"""Figures with their units: ``2400 余人``, ``70.15 万册次``, ``47.9%``, ``1.39 million visits``.

A measure is what an answer states and what the check compares, so its value is exact and its span is kept. Ordinals
(第二届), parts of dates, document numbers and names with digits in them (十三五) are not measures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from documents.dates import DateMention, find_dates
from documents.numerals import NUMBER, english_scale, read_number

_BEFORE = re.compile(
    r"(不超过|不多于|不高于|超过|超|突破|逾|近|约|大约|不足|不到|不少于|不低于|至少|最多|至多|多达|高达|达到|达|"
    r"over|nearly|about|some|more than|almost|at least)\s*$"
)
_AFTER = re.compile(r"\s*(余|多|来|以上|左右)?\s*([万亿])?\s*(余|多)?\s*")
_CURRENCY = re.compile(r"(us\$|hk\$|[$€£¥])\s*$")
_LABEL = re.compile(r"(册次|人次|车次|场次|件次|人数|户数|张数|场数|次数|册数)\s*(?:为|是|达)?\s*[:：]?\s*$")
# A label whose last word says who was counted (医生数：24), or in brackets in what (Ticket income (£): 512,300).
_COUNT_LABEL = re.compile(r"(?:[数次量额]|[(（][^()（）]{1,6}[)）])\s*[:：]\s*$")
_LABEL_PEOPLE = re.compile(r"(?:人|员|者|生|师|工|民|士|友)数\s*[:：]\s*$")
_LABEL_UNIT = re.compile(r"[(（]\s*([^()（）\s]{1,4})(?:\s(?:thousand|million|m|k|bn))?\s*[)）]\s*[:：]?\s*$")
# English counts what follows: a plural, with up to two words before it (forty-three adults, four thousand garden bins).
_BLANK = r"[^\S\n]"  # a unit stands on the line of its figure
_NO_LINK = r"(?!(?:and|or|in|to|per|than|from|for|with|by|at|on|is|are|was|were|had|has|have|did)\b)"
_PLURAL = re.compile(
    rf"{_BLANK}(?:(?!(?:of|the)\b){_NO_LINK}[a-z-]+{_BLANK}){{0,2}}?([a-z]{{2,}}[^aious\W]s|people|children|men|women)\b"
)
_AGENT_PLURAL = re.compile(r"(?:ers|ors|ists|ees|ians|ants|ents|adults|pupils|kids|experts|women|men|people|children)$")
_DAY_NAME = re.compile(r"(?:1[0-2]|[1-9])\.(?:3[01]|[12]\d)$")
_YEAR_LIKE = re.compile(r"(?:19|20)\d{2}$")
_ORDINAL = re.compile(
    r"(?:第|no\.?|nos\.?|〔|\[|版本|周年第|[〔\[](?:19|20)\d\d[〕\]]|(?<![\u4e00-\u9fff])[附图表]件?)\s*$"
)
# What begins a paragraph with a number: 3. 省级, (2)阅读推广, and the days of a chronicle: 6.3 招标, 9.23—9.24 书市.
_ENTRY_NUMBER = re.compile(r"\s*(?:、|[.)](?!\d))")
_DAY = re.compile(r"(?:1[0-2]|[1-9])\.(?:3[01]|[12]\d|0?[1-9])")
_ON_A_DAY = re.compile(r"\s*[-—–~至]+\s*\d|\s+[\u4e00-\u9fff“《]")
_DAYS_BEFORE = re.compile(r"[(\s]*|\s*\d{1,2}\.\d{1,2}\s*[-—–~至]+\s*")
_NOT_AFTER = re.compile(r"\s*(?:、|[)）])\s*(?=[\u4e00-\u9fff“《])")
# A Han numeral alone counts only before a real measure word: 三馆 and 一体化 are no figures.
_HAN_ALONE = re.compile(r"^[零〇一二三四五六七八九十百千万两]+$")
_FIXED = re.compile(
    r"一(?:体|批|系列|些|定|步|直|次性|同|起|方面|流|线|把手|卡通|是|年来|切|致|般|举|律|旦|样|并|季度)|二是|三是|四是|五是|十分|千方|百姓|万家|三会|十九届|十九大|十三五|十四五"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure at ``text[start:end]``: its exact value, its unit as written, and how it is hedged.

    ``modifier`` is the hedge as written (余, 超过, about) or empty. ``kind`` is the unit's class (see ``units.tsv``).
    """

    start: int
    end: int
    value: Decimal
    unit: str
    modifier: str
    kind: str

    @property
    def shown(self) -> str:
        return f"{self.value:,f}".rstrip("0").rstrip(".") if self.value % 1 else f"{self.value:,.0f}"


@cache
def units() -> dict[str, tuple[str, str]]:
    """Unit → (class, English word), from ``units.tsv``."""
    table: dict[str, tuple[str, str]] = {}
    for line in (files("qa") / "data" / "units.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, english, names = line.split("\t")
            table.update(dict.fromkeys(names.split("|"), (kind, english)))
    return table


@cache
def _unit_pattern() -> re.Pattern[str]:
    han = sorted((u for u in units() if not u.isascii() or u == "%"), key=len, reverse=True)
    latin = sorted((u for u in units() if u.isascii() and u != "%"), key=len, reverse=True)
    one_han, one_latin = ("|".join(map(re.escape, names)) for names in (han, latin))
    return re.compile(rf"{_BLANK}*(?:({one_han})|((?:{_NO_LINK}[a-z-]+{_BLANK}){{0,2}}?(?:{one_latin})\b))")


def find_measures(text: str, dates: Iterable[DateMention] | None = None) -> list[Measure]:
    """Every figure of a folded text, in order; ``dates`` are those found in it, where that is known already."""
    known = find_dates(text) if dates is None else dates
    taken = [(m.start, m.end) for m in known if not _is_count(text, m.start, m.end)]
    return [
        measure
        for match in NUMBER.finditer(text)
        if not any(s < match.end() and match.start() < e for s, e in taken)
        for measure in _measure(text, match)
    ]


def _is_count(text: str, start: int, end: int) -> bool:
    """What looks like a year and stands where a count must: 外借（册次）：1986."""
    return text[start:end].isdigit() and _COUNT_LABEL.search(text[:start]) is not None


def _measure(text: str, match: re.Match[str]) -> Iterator[Measure]:
    start, end = match.span()
    written = match[0]
    if (
        _ORDINAL.search(text[:start])
        or _FIXED.match(text, start)
        or (
            start
            and (text[start - 1] in "第零两三四五六七八九" or text[start - 1].isdigit())
            and _HAN_ALONE.match(written)
        )
    ):
        return
    if written[0].isdigit() and (
        re.search(r"(?:[a-z._/-]|\d:)$", text[:start]) or re.match(r":\d|-\d+年级", text[end:])
    ):
        return  # part of a code, a name or a time of day: o2o, 9:00
    if _begins_entry(text, match):
        return
    value = read_number(written)
    if value is None:
        return
    after = _AFTER.match(text, end)
    modifier = (after[1] or after[3] or "") if after else ""
    if after and after[2]:
        value *= {"万": 10**4, "亿": 10**8}[after[2]]
    at = after.end() if after and (after[1] or after[2] or after[3]) else end
    scale, at = english_scale(text, at)
    currency = _CURRENCY.search(text[:start])
    unit, kind, at = (currency[1], "money", at) if currency else _unit(text, at)
    if unit == "年" and text[at : at + 1] == "级":
        return
    if not unit and (match["word"] or scale > 1) and value * scale > 1:
        unit, kind, at = _plural(text, at)
    if not unit and _DAY_NAME.match(written) and re.match(r"[\"”]?\s*[\u4e00-\u9fff]", text[end:]):
        return  # 4.23世界读书日
    if not unit and (
        (_YEAR_LIKE.match(written) and not _COUNT_LABEL.search(text[:start]))
        or _HAN_ALONE.match(written)
        or match["word"]
        or _NOT_AFTER.match(text, end)
    ):
        return
    if not unit:
        unit, kind = _unit_of_label(text[:start])
    if match["word"] and kind == "":
        return
    before = _BEFORE.search(text[:start])
    yield Measure(start, at, value * scale, unit, modifier or (before[1] if before else ""), kind)


def _begins_entry(text: str, match: re.Match[str]) -> bool:
    """The number or the day that a paragraph begins with counts nothing."""
    if not _DAYS_BEFORE.fullmatch(text[: match.start()].rpartition("\n")[2]):
        return False
    long_unit = len(_unit(text, match.end())[0]) > 1  # 2.5 公里 is a figure, 6.1 个人书展 a day and what took place
    if _DAY.fullmatch(match[0]) and not long_unit and _ON_A_DAY.match(text, match.end()):
        return True
    return _ENTRY_NUMBER.match(text, match.end()) is not None


def _unit_of_label(before: str) -> tuple[str, str]:
    """The unit that the label in front of a bare figure gives it: 外借册次：55818, 医生数：24, Income (£): 512,300."""
    if label := _LABEL.search(before):
        return label[1], units()[label[1]][0]
    if _LABEL_PEOPLE.search(before):
        return "人", units()["人"][0]
    named = _LABEL_UNIT.search(before)
    if named and _CURRENCY.fullmatch(named[1]):
        return named[1], "money"
    return (named[1], units()[named[1]][0]) if named and named[1] in units() else ("", "")


def _plural(text: str, at: int) -> tuple[str, str, int]:
    """The English plural that a number counts, though no table knows it for a unit."""
    match = _PLURAL.match(text, at)
    if match is None:
        return "", "", at
    return match[0].strip(), "person" if _AGENT_PLURAL.search(match[1]) else "thing", match.end()


def _unit(text: str, at: int) -> tuple[str, str, int]:
    match = _unit_pattern().match(text, at)
    if match is None:
        return "", "", at
    if match[1]:
        return match[1], units()[match[1]][0], match.end()
    unit = match[2]
    while True:  # reader events: the last of several unit words in a row is the head
        longer = re.compile(rf"{_BLANK}([a-z]+)\b").match(text, match.start(2) + len(unit))
        if longer is None or longer[1] not in units():
            break
        unit = text[match.start(2) : longer.end()]
    head = unit.split()[-1]
    return unit, units().get(unit, units().get(head, ("", "")))[0], match.start(2) + len(unit)


def same_value(one: Decimal, other: Decimal) -> bool:
    """Equal, or one is the other told in hundreds or more: rounded, or cut where three digits are left.

    1,830,000 and 53,300 tell 1,830,755 and 53,357; 190 and 188, 5,200 and 5,260 are two counts.
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=lambda v: len(str(v.normalize().as_tuple().digits)))
    _, digits, exponent = short.normalize().as_tuple()
    if not isinstance(exponent, int) or exponent < 2:
        return False
    apart, unit = abs(short - long), Decimal(10) ** exponent
    return 2 * apart <= unit or (len(digits) > 2 and Decimal(0) < long - short < unit)
