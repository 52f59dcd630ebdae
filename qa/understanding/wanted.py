"""In what an answer should be counted: the unit a question names, and the classes of unit that would do.

The wording of a question tells more than its kind: 多少册次 wants loans, how many hours a span of time, how big was the
drop a share. What is not of these classes answers something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.tokens import stem
from qa.measures import units
from qa.understanding.cues import cue, nouns

_SHARE = cue("share")
_RATE = re.compile(r"率(?:是|为|达|有|到|多少)|\b(?:what|which) (?:\w+ ){0,3}rate\b")
_GROWTH = cue("growth")
_IN_PERCENT = cue("in percent")
_MONEY_EN = cue("money")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Unit and classes of unit that an answer should have; empty when the question does not say.

    ``near`` are classes that would do (册 for 种); a figure of any other class answers something else. ``head`` is what
    is counted, as far as the question says it beside the unit (机场, helicopters).
    """

    unit: str = ""
    kinds: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    head: str = ""


_UNIT_ZH = re.compile(r"(?:多少|几)(?:来|十|百|千|万|亿|多)?\s*(?P<unit>[\u4e00-\u9fff%]{0,8})")


# Quantities told by their own words, asked in this order.
_QUANTITIES = tuple(
    (cue(section), kinds.split())
    for section, kinds in (
        ("how long", "length"),
        ("how full", "percent"),
        ("how big", "area"),
        ("how much time", "hour day minute month year week"),
        ("how old", "age year"),
        ("what area", "area"),
        ("what cost", "money"),
    )
)


def wanted_unit(folded: str) -> Wanted:
    """The unit the question names (多少册次, how many hours), with the classes of unit that would do."""
    if _SHARE.search(folded) or _RATE.search(folded):
        return Wanted("%", frozenset({"percent"}))
    for pattern, kinds in _QUANTITIES:
        if pattern.search(folded):
            return _of_kinds("", kinds)
    if _GROWTH.search(folded) or _IN_PERCENT.search(folded):
        return Wanted("%", frozenset({"percent", "permille"}))
    if _MONEY_EN.search(folded):
        return Wanted("", frozenset({"money"}))
    match = _UNIT_ZH.search(folded)
    if match and match["unit"] is not None:
        return replace(_wanted_zh(match["unit"]), head=_head_zh(match["unit"]))
    named = re.search(r"[(（]([\u4e00-\u9fff]{1,3})[)）]", folded)
    if named and named[1] in units():  # how many copies (册) …
        return _of_kinds(named[1], [units()[named[1]][0]])
    english = _wanted_en(folded)
    if english:
        return english
    counted_in = _COUNTED_IN.search(folded)
    if counted_in:
        noun = counted_in["zh"] or counted_in["en"]
        return _wanted_zh(noun) if counted_in["zh"] else _of_kinds("", _kinds_of_phrase(noun))
    return Wanted()


def _wanted_en(folded: str) -> Wanted | None:
    """From the noun that English counts; None where it counts none."""
    for phrase in _COUNTED_EN:
        english = phrase.search(folded)
        if not english:
            continue
        counted = _PARTICIPLE_FIRST.sub("", _DETERMINER.sub("", english[1]))
        if _STOPS_EN.sub("", counted).strip() == "":
            return None  # how many did it add?
        kinds = _kinds_of_phrase(counted)
        if kinds:
            return _of_kinds("", kinds)
        if phrase not in (_COMPOUND, _NAMED):
            return Wanted("", frozenset(), frozenset(_COUNTED | {"times"}), head=_head_en(counted))
    return None


_NAMED = re.compile(
    r"\bwhat (?:was|were|is|are|will be) ((?:(?!(?:of|for|in|at|on|with|by|from|to|name|title|theme)\b)[\w'-]+ ?){1,5})"
)
_COMPOUND = re.compile(  # click count
    r"\b((?!(?:the|an?|its|their|what|total)\b)[\w'-]+?)(?:'s)? (?:numbers?|counts?|totals?|figures?|statistics)\b"
)
_COUNTED_EN = (
    re.compile(r"how many (?:of )?(?:the |its |their )?((?:[\w'-]+ ){0,6}[\w'-]+)"),
    re.compile(
        r"(?:\b(?:the|a|what|total|overall|full|exact|annual) |^)(?:number|total|amount|count|headcount)s? of (?:the )?"
        r"((?:[\w'-]+ ){0,5}[\w'-]+)"
    ),
    _COMPOUND,
    _NAMED,
    re.compile(r"(?:total|figure|number|count) .{0,40}?\bfor (?:the )?((?:[\w'-]+ ){0,5}[\w'-]+)"),
    re.compile(r"how (often|long)"),
)
_DETERMINER = re.compile(r"^(?:the|its|their|an?) ")
_PARTICIPLE_FIRST = re.compile(
    r"^(?:(?:newly|recently|jointly|freshly) )?(?:added|acquired|purchased|issued|registered|opened|printed) (?=\w)"
)
# Counted by copies rather than by titles; which of two had the more visitors.
_COUNTED_IN = re.compile(
    r"按(?P<zh>[\u4e00-\u9fff]{1,3}?)(?:来)?(?:算|计算|统计|计)|"
    r"\b(?:more|fewer|most|fewest|mean|counted in|in terms of|measured in) (?P<en>(?:[\w'-]+ ){0,4}?[\w'-]+s)\b"
)


def _head_zh(rest: str) -> str:
    """The noun after a measure word (几架直升机: 直升机); empty where a verb or nothing follows."""
    after = rest[len(_unit_at_start(rest)) :]
    return after if len(after) > 1 and after[0] not in _AFTER_NOUN else ""


def _head_en(phrase: str) -> str:
    words = _STOPS_EN.sub("", phrase).replace("'s", "").split()
    return stem(words[-1]).replace("-", " ") if words else ""


_AFTER_NOUN = ("", *"参来到出入加进在是被获有报读听看借注登了的呢吗到访光使享去前受办用")


def _unit_at_start(text: str) -> str:
    return next((text[:n] for n in range(len(text), 0, -1) if text[:n] in units()), "")


def _wanted_zh(rest: str) -> Wanted:
    """From what follows 多少 or 几: a measure word (册次), a noun (读者), or both (个人), where the noun decides."""
    unit = _unit_at_start(rest)
    after = rest[len(unit) :]
    if unit == "个" and len(inner := _unit_at_start(after)) > 1:  # 多少个小时
        unit, after = inner, after[len(inner) :]
    for text in (after, rest) if unit in ("个", "") else (rest,):
        noun = next((text[:n] for n in range(len(text), 0, -1) if text[:n] in nouns("zh")), "")
        if noun and text[len(noun) : len(noun) + 1] not in _AFTER_NOUN:
            continue  # 图书流通点: the noun goes on
        if noun and len(noun) >= len(unit):
            return _of_kinds("", nouns("zh")[noun])
    return _of_kinds(unit, [units()[unit][0]]) if unit else Wanted()


def wanted_for(kinds: Sequence[str]) -> Wanted:
    """The unit wanted where only its classes are known."""
    return _of_kinds("", kinds)


def _of_kinds(unit: str, kinds: Sequence[str]) -> Wanted:
    """Classes as a noun gives them, the usual one first: what comes near is near to that one."""
    near = _companions(kinds[0]) if kinds else frozenset()
    return Wanted(unit, frozenset(kinds), near - frozenset(kinds))


_STOPS_EN = re.compile(
    r"\b(?:did|were|was|are|is|do|does|have|has|had|in|at|of|for|from|by|to|on|with|that|who|which|went|could|can|under|through|came|come|took|joined|into|per|during|were|bought|held|lent|taken|made|given|sold|sent|built|left|work|works|live|lives|serve|serves|belong|attend|own|use|need|stand|stood|sat|exist|remain|get|got|see|saw|run|ran|hold|go|let|make|won|wear|"
    r"the|there|its|their|this|these|those|an? (?=day|week|month|year|head|person)|each|every|"
    r"actually|really|finally|already|still|also|ever|altogether|(?!seed)\w{2,}ed)\b.*"
)


_AGENT = re.compile(
    r"[a-z]{3,}(?:ers|ors|ists|ees|ians|ants)$|^(?:men|women|pupils|kids|guests|experts|people|graders)$"
)
_NO_AGENT = frozenset(
    "newspapers papers computers lockers posters letters numbers counters centers chapters floors doors "
    "orders servers centimeters meters kilometers offers covers printers copiers projectors monitors sensors elevators "
    "escalators trailers containers scanners detectors recorders chargers routers terminals folders flyers banners "
    "stickers chapters quarters posters hectares heaters boilers purifiers drawers towers rivers corners doors factors "
    "corridors mirrors motors generators indicators thermometers dispensers cylinders extinguishers timers".split()
)


def _kinds_of_phrase(phrase: str) -> list[str]:
    """Classes of unit for a noun phrase, from its head: the last word before a verb, a preposition or an "and"."""
    bare = _STOPS_EN.sub("", phrase).replace("'s", "")
    for part in re.split(r"\band\b|\bor\b|,", bare):
        head = part.split()[-1:] or [""]
        known = nouns("en").get(stem(head[0])) or [units()[word][0] for word in head if word in units()]
        if known:
            return known
        if _AGENT.search(head[0]) and head[0] not in _NO_AGENT and not head[0].startswith("e-"):
            return ["person", "visit"]
    return []


_COUNTED = {"thing", "place", "episode", "item", "group", "title", "town", "seat", "card"}
_SAME = (
    _COUNTED,
    {"visit", "person", "group"},
    {"volume", "item", "title"},
    {"times", "visit", "episode"},
    {"page", "item"},
    {"card", "person"},
)


def _companions(kind: str) -> frozenset[str]:
    near = frozenset({kind}.union(*(group for group in _SAME if kind in group)))
    return near | {"person"} if kind == "thing" else near


_COMPARABLE = ({"thing", "place", "town"}, {"visit", "person"}, {"times", "episode"}, {"volume", "item"})


def alike(one: str, other: str) -> bool:
    """Whether figures of two classes of unit may be added or compared (人次 and 人, not 册 and 种)."""
    return not one or not other or one == other or any({one, other} <= group for group in _COMPARABLE)
