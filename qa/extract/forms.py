"""How questions word arithmetic: A占B, A比B多, the difference between A and B, 平均每场, on average per event.

Each form is a pattern with groups ``a`` and ``b``; what is read from them are ways of parting the question's terms,
never figures. A form may match too much or cut at the wrong place: the figures decide which way of parting holds.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from qa.extract.evidence import Evidence
from qa.extract.sides import Part, Placed, between, partings, placed, runs
from qa.scan import Span
from qa.understanding.wanted import Wanted, wanted_unit

_BARE = 0.85  # how likely two operands share none of their words
_MOST_WAYS = 40
_ABBREVIATED = {
    "SHARE": r"(?:share|percentage|proportion|per ?cent|fraction)",
    "AUX": r"(?:did|does|do|was|were|is|are|has|have|had)",
    "WITHIN": r"(?:里|里头|里面|中|当中|之中|内)",
    "SUMMED": r"(?:之和|加起来|合计|总和|加总|相加|合起来|加在一起)",
    "LESS": r"(?:除去|除了|扣除|扣掉|去掉|不算|不含|不包括|刨去|除)",
    "BETTER": r"(?:more|larger|higher|greater|bigger|fewer|less|smaller|lower|ahead)",
    "EXCEEDS": r"(?:exceed\w*|surpass\w*|outnumber\w*|top|outstrip\w*|fall short of|lag behind|trail)",
}


def _forms(*patterns: str) -> tuple[re.Pattern[str], ...]:
    def full(pattern: str) -> str:
        for short, meant in _ABBREVIATED.items():
            pattern = pattern.replace(short, meant)
        return pattern

    return tuple(re.compile(full(p)) for p in patterns)


SHARE = _forms(
    r"(?P<b>.+?)WITHIN(?:,|有)?(?P<a>.+?)(?:占|的?(?:比例|占比|比重|份额)|(?:有|是)?(?:多少|百分之|几成|多大))",
    r"(?P<a>.+?)在(?P<b>.+?)WITHIN?(?:所占|占|的?(?:比例|占比|比重|份额))",
    r"(?P<a>.+?)(?:占了?|占到)(?P<b>.+?)(?:的|多少|百分|比例|比重|几成|份额|$)",
    r"(?P<b>.+?)(?:有|的)(?:多大比例|百分之几|百分之多少|几成)的?(?:是|来自|为|属于|用于|在)?(?P<a>.+)",
    r"SHARE of (?:all )?(?P<b>.+?) "
    r"(?:came from|comes? from|AUX|went|goes|consist\w*|made up|belong\w*|took|through|via)\b(?P<a>.+)",
    r"SHARE AUX (?P<a>.+?) (?:(?:make|made|account|represent|constitute|form|have|take|contribute|comprise)\w* )?"
    r"(?:up |for )?(?:of|in|among|to) (?P<b>.+)",
    r"(?P<a>.+) (?:as|makes? up|accounts? for|represents?|forms?) (?:a |an |what )?SHARE of (?P<b>.+)",
    r"(?P<b>.+?) (?:was|were|is|are|came from|comes? from)\b(?P<a>.+)",
)
RATIO = _forms(
    r"(?P<a>.+?)(?:是|为|相当于|达到|等于)(?P<b>.+?)的?(?:多少|几)倍",
    r"(?P<a>.+?)比(?P<b>.+?)(?:多|高|大)(?:出|了)?(?:多少|几)倍",
    r"(?P<a>.+?)(?:和|与|跟|同|对)(?P<b>.+?)(?:的|之)?(?:比值|之比|比例|比率|比是)",
    r"how many times (?P<a>.+?) (?:as|than|compared (?:with|to)|that of) (?P<b>.+)",
    r"how many times (?:the )?(?P<b>.+?) (?:was|were|is|are) (?P<a>.+)",
    r"ratio (?:of|between) (?P<a>.+?) (?:to|and) (?P<b>.+)",
)
DIFFERENCE = _forms(
    r"(?P<a>.+?)比(?P<b>.+?)(?:要|还)?(?:多|少|高|低|大|小)",
    r"(?P<a>.+?)(?:和|与|跟|同|、)(?P<b>.+?)(?:之间|的|,)?(?:相差|差|之差|差距)",
    r"how (?:many|much) BETTER (?P<a>.+?) (?:than|compared (?:with|to)) (?P<b>.+)",
    r"by how (?:many|much) (?:\w+ )?AUX (?P<a>.+?) (?:EXCEEDS|BETTER (?:than|of)) (?P<b>.+)",
    r"(?:difference|gap) .*?between (?P<a>.+?) and (?P<b>.+)",
    r"(?P<a>.+?)(?:减去|减掉)(?P<b>.+?)(?:等于|是|,|$)",
    r"(?P<a>.+?) (?:minus|exceed\w*|than) (?P<b>.+)",
)
# What is left of a whole (a) without a part of it (b).
REST = _forms(
    r"(?P<a>.+?)(?:LESS|减去)(?P<b>.+?)(?:以外|之外|外|后|,|还|剩|的|有|$)",
    r"LESS(?P<b>.+?)(?:以外|之外|外|后|,)(?P<a>.+)",
    r"(?P<a>.+?) (?:did not|didn't|was not|were not|weren't|wasn't|not) (?P<b>.+)",
    r"(?P<a>.+?) (?:excluding|apart from|other than|except(?: for)?|not counting|without|besides|outside) (?P<b>.+)",
)
# A total (a) held against the sum of its parts (b).
_TOTAL_AND_PARTS = _forms(
    r"(?P<a>.+?),?(?:和|与|跟|同|比|减去)(?P<b>.+?)(?:SUMMED|几项|各项)",
    r"(?P<b>.+?)SUMMED,?(?:和|与|跟|同|比|离|距)(?P<a>.+)",
    r"(?P<a>.+?) (?:and|exceed\w*|differ\w* from|than|from|to|less|minus) "
    r"(?:the )?(?:sum|combined total|total) of (?P<b>.+)",
    r"(?:sum|combined total) of (?P<b>.+?) (?:and|fall\w* short of|differ\w* from|less than|below|from|to|with) "
    r"(?P<a>.+)",
)
_NAMED_PARTS = re.compile(
    r"各.{0,4}?(?:部分|分项|项|区|类|处|部)|几个?(?:部分|项|类)|分项|"
    r"\b(?:its|the) (?:\w+ )?parts\b|\bcomponents?\b|\bsubtotals?\b|\bbreakdown\b|\bitems listed\b"
)
_ASKED = re.compile(r"\b(?:how (?:many|much)|what)\b(?:.*?(?= (?:did|do|does|were|was|is|are|have|has|can)\b))?")
_EACH = re.compile(
    r"平均到?每一?(?P<zh>[^,?]*?)(?=平均|有|能|可|借|参加|参与|接待|服务|吸引|产生|来了|的|多少|,|$)|"
    r"每一?(?P<zh2>[^,?]{1,12}?)的?平均|(?P<person>人均)|"
    r"\b(?:per|each|every)\b (?:of )?(?:the )?(?P<en>.+?)"
    r"(?= (?:have|had|has|attract\w*|draw|drew|produce\w*|bring|brought|"
    r"receive\w*|get|got|serve\w*|lend|lent|issue\w*|see|saw|"
    r"record\w*|yield\w*|on average|in \d{4}|join\w*|attend\w*)\b|[?,]|$)|"
    r"\b(?P<en2>monthly|quarterly|weekly|daily) (?:average|mean)|\baverage (?P<en3>monthly|quarterly|weekly|daily)"
)
_CALENDAR = (
    (re.compile(r"^个?月|^month"), Decimal(12)),
    (re.compile(r"^个?季度?|^quarter"), Decimal(4)),
    (re.compile(r"^周|^个?星期|^week"), Decimal(52)),
    (re.compile(r"^天|^日|^day|^daily"), Decimal(365)),
)


def two_sided(evidence: Evidence, forms: Sequence[re.Pattern[str]]) -> list[tuple[Part, ...]]:
    """Ways of parting a question with two operands, in the order of the forms' groups a and b."""
    places = placed(evidence)
    every = frozenset(p.term for p in places)
    ways: list[tuple[Part, ...]] = []
    for match in (m for form in forms if (m := form.search(evidence.question.folded))):
        first, second = (between(places, *match.span(name)) for name in "ab")
        a, b = frozenset(first), frozenset(second)
        if not a or not b or a == b:
            continue
        rest = every - a - b
        ways += [(Part(a, b | rest), Part(b, rest)), (Part(a, rest), Part(b, a | rest))]
        ways += [
            (Part(a, rest, prior=_BARE), Part(b, rest, prior=_BARE)),
            (Part(a - b or a, b & a), Part(b, prior=_BARE)),
        ]
        turned = match.start("a") > match.start("b")
        ways += [way[::-1] if turned else way for way in partings([second, first] if turned else [first, second])]
    return list(dict.fromkeys(ways))[:_MOST_WAYS]


def left_of(evidence: Evidence) -> list[tuple[Part, ...]]:
    """Ways of parting what is left of a whole: the whole, then each of the parts taken away."""
    places = placed(evidence)
    every = frozenset(p.term for p in places)
    ways: list[tuple[Part, ...]] = []
    for match in (m for form in REST if (m := form.search(evidence.question.folded))):
        whole = frozenset(between(places, *match.span("a")))
        inner = [p for p in places if match.start("b") <= p.start and p.end <= match.end("b")]
        groups = [between(places, s.start, s.end) for s in runs(evidence.question.folded, inner)]
        rest = every - whole - frozenset(p.term for p in inner)
        for way in partings(groups) if whole and groups and all(groups) else ():
            ways.append((Part(whole, prior=_BARE), *way))
            ways.append((Part(whole, rest), *(replace(p, common=p.common | rest) for p in way)))
    return [*ways, *two_sided(evidence, REST)]


def joined(evidence: Evidence) -> list[tuple[Part, ...]]:
    """Ways of parting the list whose sum is asked for: it stands before, within or behind the "how many …"."""
    folded, places = evidence.question.folded, placed(evidence)
    asked = _ASKED.search(folded)
    cuts = [0, *(asked.span() if asked else (m.end() for m in re.finditer(",", folded))), len(folded)]
    within = [[p for p in places if start <= p.start < end] for start, end in itertools.pairwise(cuts)]
    listed = max(within, key=lambda inner: len(runs(folded, inner)))
    stretches = runs(folded, listed)
    ways = partings([between(listed, s.start, s.end) for s in stretches]) if stretches else []
    rest = frozenset(p.term for p in places) - frozenset(p.term for p in listed)
    ways += [tuple(replace(p, common=p.common | rest) for p in way) for way in ways if rest]
    unit = evidence.question.wanted
    if asked and stretches and asked.start() <= stretches[0].start < asked.end():
        unit = wanted_unit(f"how many {folded[stretches[-1].start : asked.end()]}")  # the last joined has the head noun
    return [wanting(way, unit) for way in ways]


def wanting(parts: Sequence[Part], unit: Wanted) -> tuple[Part, ...]:
    return tuple(replace(p, wanted=unit) for p in parts)


def totals(evidence: Evidence) -> list[tuple[frozenset[int], list[tuple[Part, ...]]]]:
    """A total's terms with the ways of parting what it is held against; no ways where only "the parts" are named."""
    folded, places = evidence.question.folded, placed(evidence)
    found = []
    for match in (m for form in _TOTAL_AND_PARTS if (m := form.search(folded))):
        total = frozenset(between(places, *match.span("a")))
        inner = [p for p in places if match.start("b") <= p.start and p.end <= match.end("b")]
        stretches = runs(folded, inner)
        ways = partings([between(places, s.start, s.end) for s in stretches]) if stretches else []
        if total and (ways or _NAMED_PARTS.search(folded)):
            found.append((total, ways))
    return found


def shared_among(evidence: Evidence) -> tuple[Decimal | None, list[tuple[Part, ...]]]:
    """What an average divides by: a number of months, weeks or days, or ways of parting (what is counted, per what)."""
    question = evidence.question
    each = _EACH.search(question.folded)
    if each is None:
        return None, []
    phrase = next((g for g in each.groups() if g), "")
    calendar = next((n for pattern, n in _CALENDAR if pattern.match(phrase)), None)
    if calendar is not None:
        return (Decimal(len(question.scope.months)) if calendar == 12 and question.scope.months else calendar), []
    return None, _per(placed(evidence), Span(*each.span()), question.wanted, _unit_of_phrase(phrase))


def _per(places: Sequence[Placed], each: Span, wanted: Wanted, unit: Wanted) -> list[tuple[Part, ...]]:
    own = between(places, each.start, each.end)
    per, rest = frozenset(own), frozenset(p.term for p in places) - frozenset(own)
    ways = [(Part(rest), Part(per)), (Part(rest), Part(per, rest)), (Part(rest, per), Part(per))]
    if len(own) > 1:
        first = frozenset(own[:1])
        ways.append((Part(rest, per - first), Part(first, per - first)))
    return [(replace(counted, wanted=wanted), replace(among, wanted=unit)) for counted, among in ways]


def _unit_of_phrase(phrase: str) -> Wanted:
    if phrase == "人均":
        return wanted_unit("多少人")
    return wanted_unit(f"how many {phrase}" if phrase.isascii() else f"多少{phrase}")
