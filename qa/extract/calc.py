"""Arithmetic over stated figures: every operand is a figure with its own line, the formula is shown.

What the question joins, divides or takes away is read from its wording (A占B, A比B多, the difference between A and B); which
figures are meant is left to ``operands``. Where the words of an operand speak for no figure there is no result: a sum
of wrong figures would look as sure as one of right ones.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from qa.extract.compare import without
from qa.extract.evidence import Candidate, Evidence
from qa.extract.finding import Finding, Value, support_of
from qa.extract.numbers import measure_of, number_candidates
from qa.extract.operands import Choice, Part, Pool, between, gathered, partings, placed, runs, same_kind, sides
from qa.kinds import Operation, Wanted, wanted_unit
from qa.measures import Measure
from qa.scan import Span
from qa.wording import figure, plain_number

_LISTED = 1.3
_BARE = 0.85  # how likely two operands share none of their words
_LEAST_STATED = 0.75  # coverage at which a stated percentage is the one asked for
_ROUNDING = Decimal("0.3")  # percentage points
_PERCENT = Wanted("%", frozenset({"percent"}))
_MONTHS, _QUARTERS, _WEEKS, _DAYS = Decimal(12), Decimal(4), Decimal(52), Decimal(365)

_SHARE_FORMS = (
    r"(?P<b>.+?)(?:里|里头|里面|中|当中|之中|内)(?:,|，|有)?(?P<a>.+?)(?:占|的?(?:比例|占比|比重|份额)|(?:有|是)?(?:多少|百分之|几成|多大))",
    r"(?P<a>.+?)在(?P<b>.+?)(?:里|里头|里面|中|当中|之中)?(?:所占|占|的?(?:比例|占比|比重|份额))",
    r"(?P<a>.+?)(?:占了?|占到)(?P<b>.+?)(?:的|多少|百分|比例|比重|几成|份额|$)",
    r"(?P<b>.+?)(?:有|的)(?:多大比例|百分之几|百分之多少|几成)(?:的)?(?:是|来自|为|属于|用于|在)?(?P<a>.+)",
    r"(?:share|percentage|proportion|per ?cent|fraction) of (?:all )?(?P<b>.+?) (?:came from|comes? from|was|were|is|are|did|does|do|went|goes|had|has|have|consist\w*|made up|belong\w*|took|through|via)\b(?P<a>.+)",
    r"(?:share|percentage|proportion|per ?cent|fraction) (?:did|do|does|was|were|is|are) (?P<a>.+?) (?:(?:make|made) (?:up )?|account(?:ed)? for|represent|constitute|form|have|take|contribute\w*|comprise)? ?(?:up )?(?:of|in|among|to) (?P<b>.+)",
    r"(?P<a>.+) (?:as|make up|account for|represent|form|constitute) (?:a |an |what )?(?:share|percentage|proportion|per ?cent|fraction) of (?P<b>.+)",
    r"(?P<b>.+?) (?:was|were|is|are|came from|comes? from)\b(?P<a>.+)",
)
_RATIO_FORMS = (
    r"(?P<a>.+?)(?:是|为|相当于|达到|等于)(?P<b>.+?)的?(?:多少|几)倍",
    r"(?P<a>.+?)比(?P<b>.+?)(?:多|高|大)(?:出|了)?(?:多少|几)倍",
    r"(?P<a>.+?)(?:和|与|跟|同|对)(?P<b>.+?)(?:的|之)?(?:比值|之比|比例|比率|比是)",
    r"how many times (?P<a>.+?) (?:as|than|compared (?:with|to)|that of) (?P<b>.+)",
    r"how many times (?:the )?(?P<b>.+?) (?:was|were|is|are) (?P<a>.+)",
    r"ratio (?:of|between) (?P<a>.+?) (?:to|and) (?P<b>.+)",
)
_DIFFERENCE_FORMS = (
    r"(?P<a>.+?)比(?P<b>.+?)(?:要|还)?(?:多|少|高|低|大|小)",
    r"(?P<a>.+?)(?:和|与|跟|同|、)(?P<b>.+?)(?:之间|的|,|，)?(?:相差|差|之差|差距)",
    r"how (?:many|much) (?:more|fewer|less|higher|lower|larger|greater) (?P<a>.+?) (?:than|compared (?:with|to)) (?P<b>.+)",
    r"by how (?:many|much) (?:\w+ )?(?:did|does|do|was|were|is|are|has|have) (?P<a>.+?) (?:exceed\w*|surpass\w*|outnumber\w*|top|outstrip\w*|(?:more|larger|higher|greater|bigger|fewer|smaller|lower|ahead) (?:than|of)|fall short of|lag behind|trail) (?P<b>.+)",
    r"(?:difference|gap) .*?between (?P<a>.+?) and (?P<b>.+)",
    r"(?P<a>.+?)(?:减去|减掉)(?P<b>.+?)(?:等于|是|,|，|$)",
    r"(?P<a>.+?) (?:minus|exceed\w*|than) (?P<b>.+)",
)
# What is left of a whole without a part of it.
_REST_FORMS = (
    r"(?P<a>.+?)(?:除去|除了|扣除|扣掉|去掉|减去|不算|不含|不包括|刨去|除)(?P<b>.+?)(?:以外|之外|外|后|,|，|还|剩|的|有|$)",
    r"(?:除去|除了|扣除|扣掉|去掉|不算|不含|刨去|除)(?P<b>.+?)(?:以外|之外|外|后|,|，)(?P<a>.+)",
    r"(?P<a>.+?) (?:did not|didn't|was not|were not|weren't|wasn't|not) (?P<b>.+)",
    r"(?P<a>.+?) (?:excluding|apart from|other than|except|except for|not counting|without|besides|outside) (?P<b>.+)",
)
_TOTAL_AND_PARTS = (
    r"(?P<a>.+?)(?:,|，)?(?:和|与|跟|同|比|减去)(?P<b>.+?)(?:之和|加起来|合计|总和|加总|相加|合起来|加在一起|几项|各项)",
    r"(?P<b>.+?)(?:之和|加起来|合计|总和|加总|相加|合起来|加在一起)(?:,|，)?(?:和|与|跟|同|比|离|距)(?P<a>.+)",
    r"(?P<a>.+?) (?:and|exceed\w*|differ\w* from|than|from|to|less|minus) (?:the )?(?:sum|combined total|total) of (?P<b>.+)",
    r"(?:sum|combined total) of (?P<b>.+?) (?:and|fall\w* short of|differ\w* from|less than|below|from|to|with) (?P<a>.+)",
)
_NAMED_PARTS = re.compile(r"各.{0,4}?(?:部分|分项|项|区|类|处|部)|几(?:个)?(?:部分|项|类)|分项|\b(?:its|the) (?:\w+ )?parts\b|\bcomponents?\b|\bsubtotals?\b|\bbreakdown\b|\bitems listed\b")
_ASKED = re.compile(r"\b(?:how (?:many|much)|what)\b(?:.*?(?= (?:did|do|does|were|was|is|are|have|has|can)\b))?")
_LISTED_PARTS = re.compile(r"其中|包括|包含|分别|of which|including")
_EACH = re.compile(
    r"平均到?每一?(?P<zh>[^,，?？]*?)(?=平均|有|能|可|借|参加|参与|接待|服务|吸引|产生|来了|的|多少|,|，|$)|每一?(?P<zh2>[^,，?？]{1,12}?)(?:平均|的平均)|(?P<person>人均)|"
    r"\b(?:per|each|every|for each)\b (?:of )?(?:the )?(?P<en>.+?)(?= (?:have|had|has|attract\w*|draw|drew|produce\w*|bring|brought|receive\w*|get|got|serve\w*|lend|lent|issue\w*|see|saw|record\w*|yield\w*|on average|in \d{4}|join\w*|attend\w*)\b|[?,]|$)|"
    r"\b(?P<en2>monthly|quarterly|weekly|daily) (?:average|mean)|\baverage (?P<en3>monthly|quarterly|weekly|daily)"
)
_CALENDAR = (
    (re.compile(r"^个?月|^month"), _MONTHS), (re.compile(r"^个?季度?|^quarter"), _QUARTERS),
    (re.compile(r"^周|^个?星期|^week"), _WEEKS), (re.compile(r"^天|^日|^day|^daily"), _DAYS),
)  # fmt: skip
_GROWTH = re.compile(r"增长|增加|增幅|上升|提高|下降|减少|降幅|\b(?:gr[eo]w\w*|increase\w*|r[io]se|rise|fell|fall|drop\w*|decrease\w*|decline\w*|change\w*)\b")
_AS_PERCENT = re.compile(r"%|百分|率|幅|几成|\bper ?cent|\bpercentage|\brate\b")


def calculate(evidence: Evidence) -> Finding | None:
    """The result with its formula; None when the operands cannot be found."""
    operation = evidence.question.operation
    if operation is None:
        return None
    evidence = gathered(evidence)
    pool = Pool(evidence, lambda e: number_candidates(e, Wanted()))
    return _RULES[operation](evidence, pool)


def _share(evidence: Evidence, pool: Pool) -> Finding | None:
    """The part over the whole, unless the report states that very percentage; between two years the growth."""
    if len(across := sides(evidence)) > 1 and _GROWTH.search(evidence.question.folded):
        return _growth(evidence, pool, across)
    ways = _two_sided(evidence, _SHARE_FORMS)
    stated = _stated_share(evidence)
    choice = pool.choose_among(ways, lambda found: _part_of(found[1], found[0]))
    if choice is None or (stated is not None and not _of_another(stated, choice)):
        return stated
    part, whole = choice.candidates
    result = _figure(part) / _figure(whole) * 100
    formula = f"{plain_number(_figure(part))} ÷ {plain_number(_figure(whole))} = {plain_number(result)}%"
    return _finding(evidence, choice, f"{plain_number(result)}%", formula)


def _stated_share(evidence: Evidence) -> Finding | None:
    """A share the report itself states, when it is spoken of by nearly all words of the question."""
    found = number_candidates(evidence, _PERCENT)
    best = found[0] if found else None
    if best is None or measure_of(best).kind != "percent" or best.coverage < _LEAST_STATED or best.score < 0.6:
        return None
    value = _value(best, evidence.question.language)
    return Finding(value.shown, (value,), 0.25 + 0.6 * min(best.score, 1.0), candidates=tuple(found[:3]))


def _of_another(stated: Finding, choice: Choice) -> bool:
    """Whether a stated percentage is of something else: it stands beside both figures and is not their quotient."""
    percent, (part, whole) = stated.candidates[0], choice.candidates
    sentence = percent.scan.sentence_at(percent.span.start)
    beside = all(c.scan.chunk.id == percent.scan.chunk.id and c.span.start in sentence for c in (part, whole))
    return beside and abs(_figure(part) / _figure(whole) * 100 - _figure(percent)) > _ROUNDING


def _growth(evidence: Evidence, pool: Pool, across: Sequence[Part]) -> Finding | None:
    """From the earlier year to the later, as a percentage of the earlier where one is asked for."""
    choice = pool.choose(across, same_kind)
    if choice is None:
        return without(evidence, pool, across)
    before, after = _figure(choice.candidates[0]), _figure(choice.candidates[-1])
    if not before:
        return None
    if _AS_PERCENT.search(evidence.question.folded):
        shown = f"{plain_number((after - before) / before * 100)}%"
        return _finding(evidence, choice, shown, f"({plain_number(after)} − {plain_number(before)}) ÷ {plain_number(before)} = {shown}")
    return _taken_away(evidence, choice)


def _ratio(evidence: Evidence, pool: Pool) -> Finding | None:
    across = sides(evidence)
    choice = pool.choose(across, same_kind) if len(across) == 2 else pool.choose_among(_two_sided(evidence, _RATIO_FORMS), same_kind)
    if choice is None:
        return without(evidence, pool, across)
    small, large = sorted(choice.candidates, key=_figure)
    if not _figure(small):
        return None
    result = _figure(large) / _figure(small)
    formula = f"{plain_number(_figure(large))} ÷ {plain_number(_figure(small))} = {plain_number(result)}"
    return _finding(evidence, choice, plain_number(result) + ("倍" if evidence.question.language == "zh" else " times"), formula)


def _average(evidence: Evidence, pool: Pool) -> Finding | None:
    """A count over the number of things it is shared among, or over the months (weeks, days) of the year."""
    question = evidence.question
    each = _EACH.search(question.folded)
    if each is None:
        return None
    phrase = next((g for g in each.groups() if g), "")
    counted = question.wanted
    if (calendar := next((n for pattern, n in _CALENDAR if pattern.match(phrase)), None)) is not None:
        return _over_calendar(evidence, pool, calendar)
    places = placed(evidence)
    own = frozenset(between(places, each.start(), each.end()))
    rest = frozenset(p.term for p in places) - own
    unit = _unit_of_phrase(phrase, zh=not phrase.isascii())
    ways = [(Part(rest, wanted=counted), Part(own, shared, wanted=unit)) for shared in (frozenset[int](), rest)]
    ways += [(Part(rest, own, wanted=counted), Part(own, wanted=unit))]
    if len(own) > 1:
        first = frozenset(between(places, each.start(), each.end())[:1])
        ways += [(Part(rest, own - first, wanted=counted), Part(first, own - first, wanted=unit))]
    choice = pool.choose_among(ways, lambda found: _one_report(found) and measure_of(found[0]).kind != measure_of(found[1]).kind and bool(_figure(found[1])))
    if choice is None:
        return None
    total, count = choice.candidates
    result = _figure(total) / _figure(count)
    formula = f"{plain_number(_figure(total))} ÷ {plain_number(_figure(count))} = {plain_number(result)}"
    return _finding(evidence, choice, _shown(evidence, result, [total]), formula)


def _over_calendar(evidence: Evidence, pool: Pool, count: Decimal) -> Finding | None:
    places = placed(evidence)
    part = Part(frozenset(), frozenset(p.term for p in places), wanted=evidence.question.wanted)
    choice = pool.choose([part], lambda _: True)
    if choice is None:
        return None
    result = _figure(choice.candidates[0]) / count
    formula = f"{plain_number(_figure(choice.candidates[0]))} ÷ {count} = {plain_number(result)}"
    return _finding(evidence, choice, _shown(evidence, result, choice.candidates), formula)


def _unit_of_phrase(phrase: str, *, zh: bool) -> Wanted:
    if phrase == "人均":
        return wanted_unit("多少人")
    return wanted_unit(f"多少{phrase}" if zh else f"how many {phrase}")


def _sum(evidence: Evidence, pool: Pool) -> Finding | None:
    across = sides(evidence)
    if len(across) > 1:
        parts = [replace(p, wanted=evidence.question.wanted) for p in across]
        choice = pool.choose(parts, same_kind)
        if choice is None:
            return without(evidence, pool, parts)
    else:
        choice = pool.choose_among(_joined(evidence), _fits_one_report)
    if choice is None:
        return None
    total = sum((_figure(c) for c in choice.candidates), Decimal(0))
    formula = " + ".join(plain_number(_figure(c)) for c in choice.candidates) + f" = {plain_number(total)}"
    return _finding(evidence, choice, _shown(evidence, total, choice.candidates), formula)


def _joined(evidence: Evidence) -> list[tuple[Part, ...]]:
    """Ways of parting the list whose sum is asked for: it stands before, within or behind the "how many …"."""
    folded, places = evidence.question.folded, placed(evidence)
    asked = _ASKED.search(folded)
    cuts = [0, *(asked.span() if asked else (m.end() for m in re.finditer("[,，]", folded))), len(folded)]
    regions = [Span(s, e) for s, e in itertools.pairwise(cuts)]
    within = [[p for p in places if region.start <= p.start < region.end] for region in regions]
    listed = max(within, key=lambda inner: len(runs(folded, inner)))
    groups = [between(listed, s.start, s.end) for s in runs(folded, listed)]
    ways = partings(groups) if groups else []
    rest = frozenset(p.term for p in places) - frozenset(p.term for p in listed)
    ways += [tuple(replace(p, common=p.common | rest) for p in way) for way in ways if rest]
    if asked and listed and asked.start() <= listed[0].start < asked.end():  # the head of the last joined decides
        last = folded[runs(folded, listed)[-1].start : asked.end()] if groups else ""
        return [tuple(replace(p, wanted=wanted_unit(f"how many {last}")) for p in way) for way in ways]
    return [_wanting(evidence, way) for way in ways]


def _wanting(evidence: Evidence, parts: Sequence[Part]) -> tuple[Part, ...]:
    return tuple(replace(p, wanted=evidence.question.wanted) for p in parts)


def _difference(evidence: Evidence, pool: Pool) -> Finding | None:
    """The larger of two less the smaller; a total less all its parts."""
    across = sides(evidence)
    if len(across) > 1:
        parts = [replace(p, wanted=evidence.question.wanted) for p in across]
        choice = pool.choose(parts[:2], same_kind)
        return _taken_away(evidence, choice) if choice else without(evidence, pool, parts)
    left = _left_over(evidence, pool)
    if left is not None:
        return left
    rest = [_wanting(evidence, way) for way in _two_sided(evidence, _REST_FORMS)]
    ways = [_wanting(evidence, way) for way in _two_sided(evidence, _DIFFERENCE_FORMS)]
    choice = pool.choose_among(rest, lambda found: _part_of(*found)) or pool.choose_among(ways, _fits_one_report)
    return _taken_away(evidence, choice) if choice else None


def _taken_away(evidence: Evidence, choice: Choice) -> Finding:
    large, *rest = sorted(choice.candidates, key=_figure, reverse=True)
    result = _figure(large) - sum((_figure(c) for c in rest), Decimal(0))
    formula = " − ".join(plain_number(_figure(c)) for c in (large, *rest)) + f" = {plain_number(result)}"
    ordered = replace(choice, candidates=(large, *rest))
    return _finding(evidence, ordered, _shown(evidence, abs(result), ordered.candidates), formula)


def _left_over(evidence: Evidence, pool: Pool) -> Finding | None:
    """A total held against the sum of its parts: those the question names, or those listed behind the total."""
    folded, places = evidence.question.folded, placed(evidence)
    wanted = evidence.question.wanted
    for form in _TOTAL_AND_PARTS:
        match = re.search(form, folded)
        if match is None:
            continue
        total = between(places, *match.span("a"))
        inner = [p for p in places if match.start("b") <= p.start and p.end <= match.end("b")]
        groups = [between(places, s.start, s.end) for s in runs(folded, inner)]
        if total and len(groups) > 1:
            ways = [(Part(frozenset(total), wanted=wanted), *_wanting(evidence, way)) for way in partings(groups)]
            choice = pool.choose_among(ways, _fits_total)
        elif total and _NAMED_PARTS.search(folded):
            choice = _with_listed_parts(pool, Part(frozenset(total), wanted=wanted))
        else:
            continue
        if choice is not None:
            return _taken_away(evidence, choice)
    return None


def _with_listed_parts(pool: Pool, total: Part) -> Choice | None:
    """The total and the figures of its kind listed behind it in the same sentence."""
    for candidate, score in pool.best(total):
        scanned, own = candidate.scan, measure_of(candidate)
        end = scanned.sentence_at(candidate.span.start).end
        opened = _LISTED_PARTS.search(scanned.folded, candidate.span.end, end)
        listed = [m for m in scanned.measures if opened and opened.end() <= m.start < end and m.kind == own.kind]
        if len(listed) > 1:
            parts = [replace(candidate, span=Span(m.start, m.end), best=(None,) * len(candidate.best)) for m in listed]
            return Choice((candidate, *parts), (total,) * (len(parts) + 1), score)
    return None


def _two_sided(evidence: Evidence, forms: Sequence[str]) -> list[tuple[Part, ...]]:
    """Ways of parting a question with two operands, in the order of the forms' groups a and b."""
    folded, places = evidence.question.folded, placed(evidence)
    every = frozenset(p.term for p in places)
    ways: list[tuple[Part, ...]] = []
    for form in forms:
        match = re.search(form, folded)
        if match is None:
            continue
        first, second = (between(places, *match.span(name)) for name in "ab")
        if not first or not second or set(first) == set(second):
            continue
        a, b = frozenset(first), frozenset(second)
        rest = every - a - b
        ways += [(Part(a, b | rest), Part(b, rest)), (Part(a, rest), Part(b, a | rest))]
        ways += [(Part(a, rest, prior=_BARE), Part(b, rest, prior=_BARE)), (Part(a - b or a, b & a), Part(b, prior=_BARE))]
        turned = match.start("a") > match.start("b")
        for way in partings([second, first] if turned else [first, second]):
            ways.append(way[::-1] if turned else way)
    return list(dict.fromkeys(ways))[:40]


def _one_report(found: Sequence[Candidate]) -> bool:
    return len({c.report_id for c in found}) == 1


def _part_of(whole: Candidate, part: Candidate) -> float:
    """Whether one figure may be a part of another; likelier when listed behind it in the same sentence."""
    if not _fits_one_report((whole, part)) or _figure(part) >= _figure(whole):
        return 0.0
    text, start, end = whole.scan.folded, whole.span.end, part.span.start
    listed = whole.scan.chunk.id == part.scan.chunk.id and start < end and not re.search("[。\n]", text[start:end])
    return _LISTED if listed and _LISTED_PARTS.search(text, start, end) else 1.0


def _fits_one_report(found: Sequence[Candidate]) -> bool:
    return same_kind(found) and _one_report(found)


def _fits_total(found: Sequence[Candidate]) -> bool:
    return _fits_one_report(found) and _figure(found[0]) >= max(_figure(c) for c in found)


def _figure(candidate: Candidate) -> Decimal:
    return measure_of(candidate).value


def _value(candidate: Candidate, language: str) -> Value:
    measure = measure_of(candidate)
    return Value(figure(measure, candidate.scan.chunk.text[measure.start : measure.end], language), support_of(candidate))


def _shown(evidence: Evidence, result: Decimal, counted: Sequence[Candidate]) -> str:
    """The result with the unit of what it counts, in the question's language."""
    units = [m for m in map(measure_of, counted) if m.unit]
    rounded = result.quantize(Decimal("0.01"))
    number = plain_number(rounded)
    if not units or len({m.unit for m in units}) > 1 and evidence.question.language == "zh":
        return number
    measure = Measure(0, 0, rounded, units[0].unit, "", units[0].kind)
    shown = figure(measure, f"{number}{units[0].unit}", evidence.question.language)
    return shown if evidence.question.language == "zh" else shown.replace(measure.shown, number)


def _finding(evidence: Evidence, choice: Choice, short: str, formula: str) -> Finding:
    language = evidence.question.language
    values = tuple(_value(c, language) for c in choice.candidates)
    confidence = max(0.0, min(0.95, 0.2 + 0.6 * min(choice.score, 1.0)))
    return Finding(short, values, confidence, formula, derived=True, candidates=choice.candidates)


_RULES: dict[Operation, Callable[[Evidence, Pool], Finding | None]] = {
    Operation.SUM: _sum,
    Operation.DIFFERENCE: _difference,
    Operation.SHARE: _share,
    Operation.AVERAGE: _average,
    Operation.RATIO: _ratio,
}
