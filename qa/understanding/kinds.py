"""What a question asks for: the kind of answer, or the arithmetic, from its wording alone."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

from documents.dates import MONTHS_EN
from index.tokens import stem
from qa.understanding.cues import cue, word_list


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
_SHARE_OF = re.compile(r"\b(?:share|proportion|percentage|fraction) of\b")
_AVERAGE = cue("average")
# How much something grew is told in per cent, unless the question says in what (下降了多少元).
_GROWTH = cue("growth")
_IN_PERCENT = cue("in percent")
# A part of a whole, or a growth between two years named, is worked out where it is not stated.
_OF_A_WHOLE = cue("of a whole")
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
    r"would|can|could|of|in|at|on|for|from|by|to|with|that|who|and|or|"
    r"belong|form|make|made|take|took|share|join|serve|hold|held|use|lie|come|came|go|went|get|got|give|gave|show|need|"
    r"won|sent|led|lent|ran|own)\b|\w+ed\b)[\w'-]+ ?)+)"
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
    words = word_list("bare_events.txt")
    generic = {stem(w) for w in (*words, *map(str.lower, MONTHS_EN)) if w.isascii()}
    return all(stem(w) in generic for w in latin) and _without(chinese, words) == "" and bool(chinese or latin)


def _without(text: str, words: Collection[str]) -> str:
    """What is left of a Chinese text without some words, the longest taken first."""
    han = sorted((w for w in words if not w.isascii()), key=lambda w: (-len(w), w))
    return re.sub("|".join(han), "", text)


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
