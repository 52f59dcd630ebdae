"""What a question asks for: the kind of answer and the unit it should come in, from its wording alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from index.tokens import stem
from qa.measures import units
from qa.understanding.cues import cue, nouns, word_list


class Kind(StrEnum):
    """The kind of answer expected."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    NAME = "name"  # a title, an award, anything else named
    LIST = "list"
    EVENTS = "events"  # what happened in a period
    COMPARE = "compare"
    CALC = "calc"
    YES_NO = "yes/no"
    TEXT = "text"  # why, how: the sentences that say so


class Operation(StrEnum):
    SUM = "sum"
    DIFFERENCE = "difference"
    SHARE = "share"
    AVERAGE = "average"
    RATIO = "ratio"


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


_COMPARE = cue("compare")
_HOW_MANY = re.compile(r"多少|几(?!乎|次三番|何)|\bhow (?:many|much)\b")
# Two things of one report held against each other: 看报纸的人多还是看期刊的人多, did the site get more hits
_NAMES = re.compile(
    r"什么|啥|哪|谁|何|叫|题|名|几|多|\b(?:what|which|who|whose|name|title|called|theme|when|where|how)\b"
)
_COUNTS = re.compile(r"(?:列|记载|记录|提).{0,16}(?:多少|几)|(?:多少|几)(?:条|项|场|次|个方面|门|期)|\bhow many\b")
_WHICH = re.compile(r"哪|谁|什么|分别|\b(?:which|what|who|name)\b(?! the library)")
_WHO_HAS_MORE = re.compile(
    r"(?:谁|哪).{0,8}(?:更多|最多|多|更少|最少|少)|\b(?:who|which|where)\b.{0,60}\b(?:more|most|fewer|fewest|less|least)\b"
)
_EITHER = cue("either of two")
_SHARE = cue("share")
_RATE = re.compile(r"率(?:是|为|达|有|到|多少)|\b(?:what|which) (?:\w+ ){0,3}rate\b")
_AVERAGE = cue("average")
_RATIO = cue("ratio")
_DIFFERENCE = cue("difference")
_SUM = cue("sum")
_YES_NO = cue("yes or no")
_DATE = cue("date")
_LIST = cue("list")
_FIGURE = cue("figure")  # a plural that is one figure: what were the loans
_NUMBER = cue("number")
_PERSON = cue("person")
_PLACE = cue("place")
_ORGANISATION = cue("organisation")
_PLANNED = cue("plan asked for")
_WHY = cue("why or how")


def kind_of(folded: str, *, organisations: int, has_period: bool, content: str) -> Kind:
    """The kind of answer a folded question asks for.

    ``content`` is the question without names of organisations and periods: when nothing is left of it but "what
    happened", the question asks for the events of a period.
    """
    if has_period and is_bare_events(content):
        return Kind.EVENTS
    if operation_of(folded) and not (_COMPARE.search(folded) and organisations > 1 and not _DIFFERENCE.search(folded)):
        return Kind.CALC
    more = organisations > 1 and _WHO_HAS_MORE.search(folded) is not None  # who has more, and how many each
    if more or (not _HOW_MANY.search(folded) and _compares(folded, organisations)):
        return Kind.COMPARE
    for kind, pattern in (
        (Kind.DATE, _DATE),
        (Kind.NUMBER, _FIGURE),
        (Kind.LIST, _LIST),
        (Kind.NUMBER, _NUMBER),
        (Kind.PERSON, _PERSON),
        (Kind.ORGANISATION, _ORGANISATION),
        (Kind.PLACE, _PLACE),
    ):
        if kind is Kind.LIST and _COUNTS.search(folded) and not _WHICH.search(folded):
            continue  # how many are listed
        if pattern.search(folded) or (kind is Kind.LIST and asks_for_several(folded)):
            return kind
    if _WHY.search(folded):
        return Kind.TEXT
    return Kind.YES_NO if _YES_NO.search(folded) and not re.search(r"什么|which|what", folded) else _otherwise(folded)


def _otherwise(folded: str) -> Kind:
    """Something named, where the question asks for a name at all; else the sentence that says most of it."""
    return Kind.NAME if _NAMES.search(folded) else Kind.TEXT


def _compares(folded: str, organisations: int) -> bool:
    if _EITHER.search(folded):
        return True
    return bool(_COMPARE.search(folded)) and (organisations > 1 or bool(re.search(r"哪|谁|which|who", folded)))


_NO_PLURAL = re.compile(r"series|news|figures|numbers|years$|revenues|sales|costs|earnings|expenses|profits|takings")
_ASKED_NOUN_EN = re.compile(
    r"\b(?:which|what)(?: (?:were|are) (?:the|its|their))? ((?:(?!(?:did|do|does|was|were|is|are|has|have|had|will|"
    r"would|can|could|of|in|at|on|for|from|by|to|with|that|who|and|or)\b|\w+ed\b)[\w'-]+ ?)+)"
)


def asks_for_several(folded: str) -> bool:
    """An English question whose asked noun is a plural: which colleges, what honours."""
    nouns = _ASKED_NOUN_EN.search(
        re.sub(r"\b(which|what) (?!children|women|people|men)(\w+)'s?\b.*", r"\1 \2 ", folded)
    )
    return bool(
        nouns
        and re.search(r"\w{2,}(?<!s)(?<![ui'])s$", " ".join(w for w in nouns[1].split()[:4] if w != "elsewhere"))
        and not _NO_PLURAL.search(nouns[1])
    )


def is_bare_events(content: str) -> bool:
    """Nothing but a request for what happened: no subject of its own."""
    chinese = re.sub(r"[^\u4e00-\u9fff]", "", content)
    latin = re.findall(r"[a-z]+", content)
    generic = {stem(w) for w in word_list("bare_events.txt")}
    return all(stem(w) in generic for w in latin) and _strip_events(chinese) == "" and bool(chinese or latin)


def _strip_events(text: str) -> str:
    for word in (
        "大事记",
        "图书馆",
        "哪几件",
        "几件",
        "动静",
        "动作",
        "请问",
        "请",
        "帮我",
        "讲讲",
        "说说",
        "谈谈",
        "以及",
        "梳理",
        "总结",
        "概括",
        "回顾",
        "告诉我",
        "介绍",
        "一下",
        "列出",
        "列一下",
        "月份",
        "里面",
        "其间",
        "期间",
    ):
        text = text.replace(word, "")
    return re.sub(
        r"[馆里中的了过都有些什么哪啥做干忙办搞发生记载录开展举组织进行安排写说大事情活动件工作内容况主要具体一共那在呢吗个是月份这当下来件项着年度本全上半季和与及至到、份]",
        "",
        text,
    )


def operation_of(folded: str) -> Operation | None:
    """The arithmetic a question asks for, if any."""
    if _RATIO.search(folded):
        return Operation.RATIO
    if (_IN_PERCENT.search(folded) and not _SHARE_OF.search(folded)) or (
        _GROWTH.search(folded) and not _OF_A_WHOLE.search(folded)
    ):
        return None  # a rate that the report states
    if _SHARE.search(folded):
        return Operation.SHARE
    if _AVERAGE.search(folded):
        return Operation.AVERAGE
    if _DIFFERENCE.search(folded):
        return Operation.DIFFERENCE
    return Operation.SUM if _SUM.search(folded) else None


def asks_for_plan(folded: str) -> bool:
    return bool(_PLANNED.search(folded))


# How much something grew is told in per cent, unless the question says in what (下降了多少元).
_GROWTH = cue("growth")
# A part of a whole, or a growth between two years named, is worked out where it is not stated.
_OF_A_WHOLE = cue("of a whole")
_IN_PERCENT = re.compile(r"\bin (?:per ?cent|percent)\b|\(%\)")
_SHARE_OF = re.compile(r"\b(?:share|proportion|percentage|fraction) of\b")
_MONEY_EN = cue("money")
_UNIT_ZH = re.compile(r"(?:多少|几)(?:来|十|百|千|万|亿|多)?\s*(?P<unit>[\u4e00-\u9fff%]{0,8})")


_ROOMS = (
    r"(?:[\w'-]+ ){0,4}?(?:building|library|room|hall|branch|site|premises|centre|center|space|museum|plot|grounds?)"
)
_QUANTITIES = (
    (
        re.compile(
            r"\bhow (?:tall|far|wide|high|deep)\b|\bhow long (?:is|was|are|were) .{0,40}\b(?:line|route|road|track)"
        ),
        ["length"],
    ),
    (re.compile(r"\bhow (?:satisfied|happy|punctual|full)\b"), ["percent"]),
    (re.compile(rf"\bhow (?:big|large|spacious) (?:is|was|are|were|will) {_ROOMS}\b"), ["area"]),
    (re.compile(r"多长时间|多久|多少时间|\bhow long\b"), ["hour", "day", "minute", "month", "year", "week"]),
    (
        re.compile(
            r"面积|\b(?:floor|building|construction|surface|total) area\b|\bwhat (?:is|was) the area\b|square met"
        ),
        ["area"],
    ),
    (
        re.compile(
            r"多少钱|经费|费用|投资额|\bhow much (?:money|did .{1,60} (?:cost|spend|pay))|"
            r"\b(?:cost|budget|expenditure)\b"
        ),
        ["money"],
    ),
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
    for phrase in (
        r"how many (?:of )?(?:the |its |their )?((?:[\w'-]+ ){0,6}[\w'-]+)",
        r"(?:\b(?:the|a|what|total|overall|full|exact|annual) |^)(?:number|total|amount|count|headcount)s? of (?:the )?"
        r"((?:[\w'-]+ ){0,5}[\w'-]+)",
        _COMPOUND,
        _NAMED,
        r"(?:total|figure|number|count) .{0,40}?\bfor (?:the )?((?:[\w'-]+ ){0,5}[\w'-]+)",
        r"how (often|long)",
    ):
        english = re.search(phrase, folded)
        if english:
            counted = _PARTICIPLE_FIRST.sub("", _DETERMINER.sub("", english[1]))
            if _STOPS_EN.sub("", counted).strip() == "":
                break  # how many did it add?
            kinds = _kinds_of_phrase(counted)
            if kinds:
                return _of_kinds("", kinds)
            if phrase in (_COMPOUND, _NAMED):
                continue
            return Wanted("", frozenset(), frozenset(_COUNTED | {"times"}), head=_head_en(counted))
    counted_in = _COUNTED_IN.search(folded)
    if counted_in:
        noun = counted_in["zh"] or counted_in["en"]
        return _wanted_zh(noun) if counted_in["zh"] else _of_kinds("", _kinds_of_phrase(noun))
    return Wanted()


_NAMED = (
    r"\bwhat (?:was|were|is|are|will be) ((?:(?!(?:of|for|in|at|on|with|by|from|to|name|title|theme)\b)[\w'-]+ ?){1,5})"
)
_COMPOUND = r"([\w'-]+?)(?:'s)? (?:numbers?|counts?|totals?|figures?|statistics)\b"  # click count
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
    unit = next((rest[:n] for n in range(len(rest), 0, -1) if rest[:n] in units()), "")
    after = rest[len(unit) :]
    return after if len(after) > 1 and after[0] not in _AFTER_NOUN else ""


def _head_en(phrase: str) -> str:
    words = _STOPS_EN.sub("", phrase).replace("'s", "").split()
    return stem(words[-1]).replace("-", " ") if words else ""


_AFTER_NOUN = ("", *"参来到出入加进在是被获有报读听看借注登了的呢吗到访光使享去前受办用")


def _wanted_zh(rest: str) -> Wanted:
    """From what follows 多少 or 几: a measure word (册次), a noun (读者), or both (个人), where the noun decides."""
    unit = next((rest[:n] for n in range(len(rest), 0, -1) if rest[:n] in units()), "")
    after = rest[len(unit) :]
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
