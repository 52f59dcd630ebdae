"""When a stated figure says the same as a cited one: its value, its unit and its hedge.

32座 is not 32册 and visits are not books, but an English word need not be the Chinese measure word: which class of
unit may be put into which other is held here, and the units that one class must keep apart in
``data/quantities.tsv``. A hedge may be dropped and "about" may be added, but more than never turns into less than.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from documents.dates import DateMention, find_dates, find_quarters
from documents.numerals import NUMBER, english_scale, read_number
from qa.measures import Measure, find_measures, units
from qa.understanding.cues import data_lines, nouns

_SCALED = re.compile(r"\s*(?:余|多|来)?\s*([万亿])")
_UP_BEFORE = re.compile(
    r"(?:(?<!不)超过|(?<!不)超出|(?<!不)超|突破|逾|不少于|不低于|至少|(?<!不)多于|(?<!不)高于"
    r"|(?<![a-z])(?:over|more than|at least|above|exceed(?:ed|s|ing)?|in excess of|upwards of"
    r"|no (?:fewer|less) than))\s*$"
)
_DOWN_BEFORE = re.compile(
    r"(?:将近|接近|(?<![附最邻临靠])近|不足|不到|(?<!不)少于|(?<!不)低于|不超过|不多于|不高于|最多|至多"
    r"|(?<![a-z])(?:nearly|almost|less than|fewer than|(?:just )?under|close to|below|at most|not quite|no more than"
    r"|not more than))\s*$"
)
_ABOUT_BEFORE = re.compile(r"(?:大约|约|大概|(?<![a-z])(?:about|around|approximately|roughly|some|circa))\s*$")
_UP_AFTER = re.compile(r"\s*(?:余|多(?!少)|以上|\+|or more\b|plus\b)")
_DOWN_AFTER = re.compile(r"\s*(?:以下|以内|or (?:fewer|less)\b)")
_ABOUT_AFTER = re.compile(r"\s*(?:左右|上下|来(?=[^自到往])|or so\b)")

# What a cited class may be called: in the same language, and where English stands for Chinese or Chinese for English.
_SAME_TONGUE = {
    "thing": {"place", "times", "group", "item", "title", "award", "town", "episode", "card", "person"},
    "place": {"town"},
    "times": {"episode"},
    "episode": {"times"},
    "item": {"title"},
}
_OTHER_TONGUE = {
    "volume": {"item"},
    "item": {"volume", "thing", "title", "times"},
    "title": {"item", "thing"},
    "visit": {"person", "times"},
    "times": {"visit", "thing", "episode", "multiple", "item"},
    "place": {"thing", "town"},
    "thing": {"item", "times", "place", "group", "title", "award"},
    "episode": {"times", "thing", "item"},
    "multiple": {"times"},
    "town": {"place"},
    "group": {"thing", "place", "person"},
    "card": {"item", "thing"},
    "award": {"thing", "item", "times"},
}
_GENERIC = {"个", "项", "items", "item"}  # measure words that count nearly anything
_GENERIC_FOR = frozenset({"place", "times", "group", "town", "item", "episode", "award", "thing", "title"})
# What a line says it counts, where its figure itself has no unit.
_TELLING = frozenset("volume visit person title card hour money seat page episode".split())


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at ``text[start:end]`` of a folded text, outside its dates; ``measure`` where it counts something."""

    start: int
    end: int
    shown: str
    value: Decimal
    direction: str  # up, down, about, or nothing
    measure: Measure | None
    ordinal: bool = False


def plain_figures(folded: str) -> Iterator[tuple[re.Match[str], Decimal]]:
    """Every number of a text, by value: one with 余万 or million after it counts with that, not without."""
    for match in NUMBER.finditer(folded):
        value = read_number(match[0])
        if value is not None:
            scaled = _SCALED.match(folded, match.end())
            factor = {"万": 10**4, "亿": 10**8}[scaled[1]] if scaled else english_scale(folded, match.end())[0]
            yield match, value * factor


def read_figures(folded: str, dates: Iterable[DateMention] | None = None) -> list[Figure]:
    """The figures of a folded text that are no part of a date: the 5 of 5月3日 is not five of anything."""
    taken = [(d.start, d.end) for d in (find_dates(folded) if dates is None else dates)]
    taken += [(start, end) for start, end, _ in find_quarters(folded)]
    counted = {measure.start: measure for measure in find_measures(folded)}
    return [
        _figure(folded, match, value, counted.get(match.start()))
        for match, value in plain_figures(folded)
        if not any(start <= match.start() < end for start, end in taken)
    ]


def _figure(folded: str, match: re.Match[str], value: Decimal, measure: Measure | None) -> Figure:
    start, end = match.span()
    way = direction(folded, end, measure) if measure else _direction_at(folded, start, end)
    ordinal = (
        folded[:start].rstrip().endswith("第") or re.match(r"(?:st|nd|rd|th)\b", folded[end : end + 3]) is not None
    )
    return Figure(start, end, match[0], value, way, measure, ordinal)


def direction(folded: str, end: int, measure: Measure) -> str:
    """Where the hedge of a measure points; 以上 and 左右 may also stand after the unit (60周岁以上)."""
    return _direction_at(folded, measure.start, end) or _after(folded, measure.end)


def _direction_at(folded: str, start: int, end: int) -> str:
    head = re.sub(r"(?:us\$|hk\$|[$€£¥])\s*$", "", folded[max(0, start - 24) : start])
    for name, pattern in (("down", _DOWN_BEFORE), ("up", _UP_BEFORE), ("about", _ABOUT_BEFORE)):
        if pattern.search(head):
            return name
    scale = re.compile(r"\s*(?:[百千万亿]|hundred\b|thousand\b|million\b|billion\b)").match(folded, end)
    return _after(folded, end) or (_after(folded, scale.end()) if scale else "")


def _after(folded: str, at: int) -> str:
    for name, pattern in (("up", _UP_AFTER), ("down", _DOWN_AFTER), ("about", _ABOUT_AFTER)):
        if pattern.match(folded, at):
            return name
    return ""


def fault_of(stated: Figure, cited: Iterable[Figure], context: str) -> str:
    """What is wrong with a stated figure beside the cited ones; empty when one of them carries it.

    ``context`` is the folded text of the cited lines and their headings: what it counts holds for a figure without a
    unit. The more a cited figure agrees, the later the fault that is told.
    """
    fault = f"the figure {stated.shown} is not on the cited lines"
    for figure in cited:
        if not _same_amount(stated, figure):
            continue
        if not _unit_holds(stated.measure, figure.measure, context):
            fault = f"the figure {stated.shown} is cited with another unit"
        elif stated.direction in ("up", "down") and stated.direction != figure.direction:
            fault = f"the figure {stated.shown} is cited with another hedge"
        else:
            return ""
    return fault


def _same_amount(stated: Figure, cited: Figure) -> bool:
    """Equal; or rounded and said to be (about 1.83 million for 1,830,755)."""
    if stated.ordinal != cited.ordinal and (stated.ordinal or stated.measure):
        return False  # the third is not three
    if stated.value == cited.value:
        return True
    exponent = stated.value.normalize().as_tuple().exponent
    apart = abs(stated.value - cited.value)
    if (
        not stated.direction
        or not isinstance(exponent, int)
        or apart >= min(Decimal(10) ** exponent, stated.value / 20)
    ):
        return False
    above = cited.value > stated.value
    return stated.direction == "about" or (stated.direction == "up") is above


def _unit_holds(stated: Measure | None, cited: Measure | None, context: str) -> bool:
    if stated is not None and stated.unit.startswith("-"):
        stated = _joined(stated)
    if stated is None or not stated.unit or not stated.kind:
        return True
    if cited is None or not cited.unit or not cited.kind:
        told = _classes_named(context) & _TELLING
        return not told or stated.kind not in _TELLING or any(_may_be_called(stated, kind) for kind in told)
    if stated.unit == cited.unit:
        return True
    if stated.kind == cited.kind:
        return _same_quantity(stated, cited)
    if _head(stated.unit) in _GENERIC and cited.kind in _GENERIC_FOR:
        return True
    table = _SAME_TONGUE if stated.unit.isascii() == cited.unit.isascii() else {**_SAME_TONGUE, **_OTHER_TONGUE}
    allowed = table.get(cited.kind, set()) | (_SAME_TONGUE.get(cited.kind, set()))
    if cited.kind == "thing" and stated.kind == "person":
        return _head(cited.unit) in _GENERIC
    return stated.kind in allowed


def _joined(measure: Measure) -> Measure:
    """24-hour libraries are counted in hours, not in libraries."""
    word = measure.unit[1:].split()[0]
    return replace(measure, unit=word, kind=units().get(word, units().get(f"{word}s", ("", "")))[0])


def _may_be_called(stated: Measure, kind: str) -> bool:
    return stated.kind == kind or stated.kind in _OTHER_TONGUE.get(kind, set()) | _SAME_TONGUE.get(kind, set())


def _same_quantity(stated: Measure, cited: Measure) -> bool:
    """Whether two units of one class measure the same; English has one word for books owned and books lent."""
    mine, theirs = _quantities(stated), _quantities(cited)
    if not mine or not theirs or mine & theirs:
        return True
    return stated.kind == "volume" and stated.unit.isascii() != cited.unit.isascii()


def _head(unit: str) -> str:
    return unit.split()[-1] if unit.isascii() else unit


def _quantities(measure: Measure) -> frozenset[int]:
    return _quantity_table().get((measure.kind, measure.unit)) or _quantity_table().get(
        (measure.kind, _head(measure.unit)), frozenset()
    )


@cache
def _quantity_table() -> dict[tuple[str, str], frozenset[int]]:
    table: dict[tuple[str, str], frozenset[int]] = {}
    for number, row in enumerate(data_lines("quantities.tsv")):
        kind, names = row.split("\t")
        for name in names.split("|"):
            table[kind, name] = table.get((kind, name), frozenset()) | {number}
    return table


@cache
def _unit_names() -> re.Pattern[str]:
    """Units of two characters or a whole English word: a single 人 or 本 stands in too many words."""
    han = sorted((u for u in units() if not u.isascii() and len(u) > 1), key=len, reverse=True)
    latin = sorted((u for u in units() if u.isascii() and len(u) > 3), key=len, reverse=True)
    return re.compile(rf"{'|'.join(map(re.escape, han))}|\b(?:{'|'.join(map(re.escape, latin))})\b")


def _classes_named(context: str) -> frozenset[str]:
    named = {units()[match[0]][0] for match in _unit_names().finditer(context)}
    counted = [nouns("zh")[match[0]] for match in _counted_nouns().finditer(context)]
    return frozenset(named.union(*counted))


@cache
def _counted_nouns() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted((n for n in nouns("zh") if len(n) > 1), key=len, reverse=True))))
