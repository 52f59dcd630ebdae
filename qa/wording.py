"""Values put into the language of the question: figures, dates and names in Chinese or English.

The figure itself never changes: 70.15万 册次 may be written 701,500 volumes, which the check reads as the same value.
"""

from __future__ import annotations

import re
from decimal import Decimal

from documents.dates import DateMention, Day
from documents.pinyin import syllables
from qa.measures import Measure, units

_MONTHS = "January February March April May June July August September October November December".split()
_HEDGE_EN = {
    "余": "more than",
    "多": "more than",
    "超过": "more than",
    "超": "more than",
    "突破": "more than",
    "逾": "more than",
    "近": "nearly",
    "约": "about",
    "大约": "about",
    "以上": "more than",
    "左右": "about",
    "不足": "less than",
}
# What an answer says beside values and names: the check reads it as no name.
PHRASES = ("报告另有不同说法：", "The reports also state: ", "计算：", "Calculated: ")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f“”‘’—…·"
_GENERIC = frozenset(
    {"place", "thing", "times", "title", "item", "episode", "group", "town", "card", "award", "multiple", ""}
)


def compact(text: str) -> str:
    """Text without the blanks and line ends of its layout: none beside Chinese characters, one between Latin words.

    >>> compact("新增图书 104286\\n册"), compact("lent 12 books\\nin May")
    ('新增图书104286册', 'lent 12 books in May')
    """
    return re.sub(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])", "", re.sub(r"\s+", " ", text)).strip()


def figure(measure: Measure, written: str, language: str) -> str:
    """A measure as an answer's short form."""
    if language == "zh":
        lead = measure.modifier if measure.modifier and not re.search(r"余|多|来|以上|左右", measure.modifier) else ""
        shown = compact(written)
        return shown if shown.startswith(lead) else lead + shown
    hedge = _HEDGE_EN.get(measure.modifier, "")
    kind, english = units().get(measure.unit, (measure.kind, ""))
    if measure.kind == "money" and not english:
        return f"{hedge} {measure.unit}{measure.shown}".strip()
    if not english and measure.unit.isascii():
        english = measure.unit
    unit = "" if kind in _GENERIC else english
    value = measure.shown
    if unit == "%":
        return f"{hedge} {value}%".strip()
    return " ".join(part for part in (hedge, value, unit) if part)


def plain_number(value: Decimal) -> str:
    """A computed value: at most two decimals, thousands separated.

    >>> plain_number(Decimal("95895")), plain_number(Decimal("38.2570"))
    ('95,895', '38.26')
    """
    rounded = value.quantize(Decimal("0.01"))
    return f"{rounded:,.2f}".rstrip("0").rstrip(".")


def date_text(mention: DateMention, written: str, language: str) -> str:
    """A date as an answer's short form; in Chinese as it is written, in English day month year."""
    if language == "zh":
        return compact(written)
    if not mention.is_span:
        return _day(mention.first)
    first, last = mention.first, mention.last
    if (first.year, first.month) == (last.year, last.month) and first.day and last.day:
        return f"{first.day}–{_day(last)}"
    return f"{_day(Day(first.year if first.year != last.year else None, first.month, first.day))} – {_day(last)}"


def _day(day: Day) -> str:
    month = _MONTHS[day.month - 1] if day.month else ""
    return " ".join(str(part) for part in (day.day, month, day.year) if part)


def month_text(month: int, year: int | None, language: str) -> str:
    if language == "zh":
        return f"{month}月"
    return _MONTHS[month - 1] if year is None else f"{_MONTHS[month - 1]} {year}"


def name_text(written: str, kind: str, language: str) -> str:
    """A name; in English a person's or place's name in pinyin with the Chinese beside it."""
    bare = _unquoted(compact(written))
    if language == "zh" or bare.isascii():
        return bare
    if kind == "person":
        return f"{_pinyin_person(bare)} ({bare})"
    if kind == "place" and len(bare) <= 6:
        return f"{_pinyin_join(bare)} ({bare})"
    return bare


def _unquoted(text: str) -> str:
    """Without the marks that enclose the whole; those around a part of it stay (“小森林”绘本故事会)."""
    for opening, closing in ("《》", "“”", "「」", '""'):
        if text.startswith(opening) and text.endswith(closing) and text.count(opening) == text.count(closing):
            inner = text[1:-1]
            return inner if opening not in inner or opening == closing else text
        if (opening in text) != (closing in text):
            text = text.replace(opening, "").replace(closing, "")
    return text


def _pinyin_person(han: str) -> str:
    parts = syllables(han)
    return f"{parts[0].capitalize()} {''.join(parts[1:]).capitalize()}".strip()


def _pinyin_join(han: str) -> str:
    return "".join(syllables(han)).capitalize()


def organisation_text(name: str, language: str) -> str:
    """An organisation's name; in English its place in pinyin beside the Chinese name."""
    if language == "zh" or name.isascii():
        return name
    place = re.match(r"(?:.*[省市](?=.{2,}[县区市]))?(.{2,4}?)(?:市|县|区|省|州)", name)
    if place is None:
        return name
    start = place.start(1)
    return f"{''.join(syllables(name)[start : start + len(place[1])]).capitalize()} ({name})"
