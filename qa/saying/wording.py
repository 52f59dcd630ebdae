"""Values put into the language of the question: figures, dates and names in Chinese or English.

The figure itself never changes: 70.15万 册次 may be written 701,500 volumes, which the check reads as the same value.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from documents.dates import MONTHS_EN, DateMention, Day
from documents.folding import fold
from documents.pinyin import syllables
from index.lexicon import DOUBLE_SURNAMES
from qa.measures import Measure, units
from qa.understanding.cues import data_lines

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
    "不到": "less than",
    "来": "about",
    "至少": "at least",
    "不少于": "at least",
    "不低于": "at least",
    "不超过": "at most",
    "不多于": "at most",
    "不高于": "at most",
    "至多": "at most",
    "最多": "at most",
    "over": "over",
    "more than": "more than",
    "nearly": "nearly",
    "almost": "almost",
    "about": "about",
    "some": "about",
    "at least": "at least",
}
_CURRENCIES = frozenset({"$", "€", "£", "¥", "us$", "hk$"})
_HEDGE_ZH = {
    "over": "超过", "more than": "超过", "nearly": "近", "almost": "近", "about": "约", "some": "约",
    "at least": "至少",
}  # fmt: skip
# 人次 counts occasions; of what is said beside it.
_OCCASIONS = (
    (re.compile(r"下载"), "downloads"),
    (re.compile(r"点击|浏览|收看|观看|播放"), "views"),
    (re.compile(r"参[加与]|培训|辅导|惠及|受[益众]|听[众课讲]|志愿|招募|应聘|报名"), "participants"),
)
# What an answer says beside values and names: the check reads it as no name.
# Words that an answer may bring of its own: the check reads them here, so that a new form needs no word taught there.
OUR_HAN = "超过 至少 一样 更多 更少 增加 减少"
OUR_LATIN = "more fewer"
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


def clipped(sentence: str, core: str, at_most: int = 0) -> str:
    """The clauses around what a sentence is quoted for, no more than ``at_most`` characters if that can be.

    >>> clipped("甲馆开放，乙馆藏书30册，丙馆停业，丁馆如常。", "乙馆藏书30册", 14)
    '甲馆开放，乙馆藏书30册，…'
    """
    at_most = at_most or (220 if sentence.isascii() else 90)
    start = sentence.find(core)
    if len(sentence) <= at_most or start < 0:
        return sentence
    text = sentence.strip("…")
    start = text.find(core)
    cuts = [0, *(m.end() for m in re.finditer(r"[，,；;。]\s?(?!\d)", text)), len(text)]
    left = max(cut for cut in cuts if cut <= max(start, 0))
    right = min(cut for cut in cuts if cut >= min(start + len(core), len(text)))
    while True:
        wider = [(cut, right) for cut in cuts if cut < left][-1:] + [(left, cut) for cut in cuts if cut > right][:1]
        fitting = [(a, b) for a, b in wider if b - a <= at_most]
        if not fitting:
            break
        left, right = fitting[0]
    before = "…" if left or sentence.startswith("…") else ""
    after = "…" if right < len(text) or sentence.endswith("…") else ""
    return f"{before}{text[left:right].strip()}{after}"


def figure(measure: Measure, written: str, language: str, around: str = "") -> str:
    """A measure as an answer's short form; ``around`` is the clause it stands in, which tells what 人次 counts."""
    if language == "zh":
        return _figure_zh(measure, compact(written))
    hedge = _HEDGE_EN.get(measure.modifier, "")
    kind, english = units().get(measure.unit, (measure.kind, ""))
    if measure.kind == "money" and not english:
        return f"{hedge} {measure.unit}{_price(measure)}".strip()
    if measure.unit == "人次":
        english = next((word for said, word in _OCCASIONS if said.search(around)), english)
    unit = "" if kind in _GENERIC else english
    if measure.unit.isascii() and kind not in ("percent", "money"):
        unit = measure.unit  # in English already: told as the report tells it
    value = measure.shown
    if unit == "%":
        return f"{hedge} {value}%".strip()
    return " ".join(part for part in (hedge, value, _singular(unit) if measure.value == 1 else unit) if part)


def _figure_zh(measure: Measure, written: str) -> str:
    """As it is written, with the hedge in front of it; an English number in words becomes one in digits."""
    modifier = _HEDGE_ZH.get(measure.modifier, measure.modifier)
    if written.isascii() and not any(character.isdigit() for character in written):
        written = f"{measure.shown} {measure.unit}".strip()
    if measure.unit in _CURRENCIES:
        written = f"{measure.unit}{written}"
    lead = modifier if modifier and not re.search(r"余|多|来|以上|左右", modifier) else ""
    return written if written.startswith(lead) else lead + written


def _price(measure: Measure) -> str:
    """£52.50, not £52.5."""
    return f"{measure.value:,.2f}" if measure.value % 1 and measure.value < 10**4 else measure.shown


def _singular(unit: str) -> str:
    """One of what a unit counts.

    >>> [_singular(unit) for unit in ("volumes", "people", "branches", "square metres", "GB")]
    ['volume', 'person', 'branch', 'square metre', 'GB']
    """
    if unit.endswith("people"):
        return unit.removesuffix("people") + "person"
    if unit.endswith("ches"):
        return unit.removesuffix("es")
    return re.sub(r"ies$", "y", unit) if unit.endswith("ies") else re.sub(r"(?<!s)s$", "", unit)


def plain_number(value: Decimal) -> str:
    """A computed value: at most two decimals, thousands separated.

    >>> plain_number(Decimal("95895")), plain_number(Decimal("38.2570"))
    ('95,895', '38.26')
    """
    rounded = value.quantize(Decimal("0.01"))
    return f"{rounded:,.2f}".rstrip("0").rstrip(".")


def date_text(mention: DateMention, written: str, language: str) -> str:
    """A date as an answer's short form; in Chinese as it is written there, in English day month year.

    Written without its month (16日, 2.18), or nowhere as a whole, it is told by its parts.
    """
    if language == "zh":
        whole = bool(written) and not re.search("[A-Za-z]", written) and ("月" in written or not mention.first.month)
        return compact(written) if whole or re.search(r"\d{4}[-./]\d", written) else _date_zh(mention)
    if not mention.is_span:
        return _day(mention.first)
    first, last = mention.first, mention.last
    if (first.year, first.month) == (last.year, last.month) and first.day and last.day:
        return f"{first.day}–{_day(last)}"
    return f"{_day(Day(first.year if first.year != last.year else None, first.month, first.day))} – {_day(last)}"


def _date_zh(mention: DateMention) -> str:
    """2021年9月6日; of a span only what differs is said again: 3月1日至5日."""
    first, last = mention.first, mention.last
    if not mention.is_span:
        return _day_zh(first)
    year = last.year if last.year != first.year else None
    same = year is None and first.month == last.month and last.day
    return f"{_day_zh(first)}至{_day_zh(Day(year, None if same else last.month, last.day))}"


def _day_zh(day: Day) -> str:
    return "".join(f"{part}{sign}" for part, sign in ((day.year, "年"), (day.month, "月"), (day.day, "日")) if part)


def _day(day: Day) -> str:
    month = MONTHS_EN[day.month - 1] if day.month else ""
    return " ".join(str(part) for part in (day.day, month, day.year) if part)


def month_text(month: int, year: int | None, language: str) -> str:
    if language == "zh":
        return f"{month}月"
    return MONTHS_EN[month - 1] if year is None else f"{MONTHS_EN[month - 1]} {year}"


def name_text(written: str, kind: str, language: str) -> str:
    """A name; in English a person's or place's name in pinyin with the Chinese beside it."""
    bare = _unquoted(compact(written))
    if language == "zh" or bare.isascii():
        return bare
    if kind == "person":
        return f"{_pinyin_person(bare)} ({bare})"
    if kind == "place" and (spelt := _place(bare)):
        return f"{spelt} ({bare})"
    return bare


def _place(han: str) -> str:
    """A place in pinyin with what it is in English; nothing for a room or for a name too long to be one.

    >>> _place("周庄镇"), _place("昆城广场"), _place("亭林园"), _place("三楼报告厅")
    ('Zhouzhuang Town', 'Kuncheng Square', 'Tinglinyuan', '')
    """
    for end, english in _names_of("place"):
        if han.endswith(end) and 2 <= len(han) - len(end) <= 6:
            return f"{_pinyin_join(han[: -len(end)])} {english}".strip()
    return "" if len(han) > 6 or re.search("[楼厅室层号]", han) else _pinyin_join(han)


@cache
def _names_of(sort: str) -> tuple[tuple[str, str], ...]:
    """(Chinese ending, English word) of a sort of name, longest first."""
    rows = (line.split("\t") for line in data_lines("english_names.tsv"))
    found = [(han, english.strip()) for of, han, english in rows if of == sort]
    return tuple(sorted(found, key=lambda row: len(row[0]), reverse=True))


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
    family = 2 if han.startswith(DOUBLE_SURNAMES) and len(han) > 2 else 1
    return f"{_pinyin_join(han[:family])} {_pinyin_join(han[family:])}".strip()


def _pinyin_join(han: str) -> str:
    """One word, with an apostrophe where a syllable begins with a vowel (Yu'an)."""
    return _pinyin_join_at(han, 0, len(han))


def organisation_text(name: str, language: str) -> str:
    """An organisation's name; in English its place in pinyin and what it is, beside the Chinese name.

    >>> organisation_text("昆山市图书馆", "en"), organisation_text("北岭镇图书馆", "en")
    ('Kunshan Library (昆山市图书馆)', 'Beiling Library (北岭镇图书馆)')
    """
    place = place_of(name)
    if language == "zh" or place == name:
        return name
    folded = fold(name)
    sort = next((english for han, english in _names_of("body") if folded.endswith(han)), "")
    return f"{f'{place} {sort}'.strip()} ({name})"


def place_of(name: str) -> str:
    """The place in an organisation's Chinese name, in pinyin; the name itself where it tells none.

    >>> place_of("昆山市图书馆"), place_of("Oakfield Public Library")
    ('Kunshan', 'Oakfield Public Library')
    """
    place = re.match(r"(?:.*[省市](?=.{2,}[县区市镇乡]))?(.{2,4}?)(?:市|县|区|省|州|镇|乡|旗)", fold(name))
    return name if name.isascii() or place is None else _pinyin_join_at(name, place.start(1), place.end(1))


def _pinyin_join_at(name: str, start: int, end: int) -> str:
    """A part of a name, read as it is read inside the whole."""
    read = syllables(name)[start:end]
    return "".join(f"'{s}" if at and s[0] in "aeo" else s for at, s in enumerate(read)).capitalize()
