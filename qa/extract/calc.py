"""Arithmetic over stated figures: every operand is a figure with its own line, the formula is shown.

What the question joins, divides or takes away is read from its wording (``forms``); which figures are meant is left to
``operands``. Where the words of an operand speak for no figure there is no result: a sum of wrong figures would look as
sure as one of right ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from documents.numerals import NUMBER, read_number
from qa.extract import forms
from qa.extract.aspects import asks_both_motions, changes, labels, own_words
from qa.extract.compare import without
from qa.extract.evidence import Candidate, Evidence
from qa.extract.finding import Finding, Value, support_of
from qa.extract.numbers import measure_of, number_candidates, restatements
from qa.extract.operands import Choice, Pool, same_kind
from qa.extract.periods import month_parts, named_periods
from qa.extract.sides import Part, counted, readings, sides
from qa.measures import Measure
from qa.saying.wording import figure, plain_number
from qa.scan import Span
from qa.understanding.kinds import Operation, Wanted

_LISTED = 1.3  # how much likelier a figure is a part when it is listed behind the whole
_LEAST_STATED = 0.75  # coverage at which a stated percentage is the one asked for
_LEAST_TOLD = 0.55  # where it is said to be a share
_LEAST_SAID = 0.3  # vote of a part's word for a total that is stated
_ROUNDING = Decimal("0.3")  # percentage points
_PERCENT = Wanted("%", frozenset({"percent"}))
_LISTED_PARTS = re.compile(r"其中|包括|包含|分别|of which|including")
_GROWTH = re.compile(
    r"增长|增加|增幅|上升|提高|下降|减少|降幅|"
    r"\b(?:gr[eo]w\w*|increase\w*|r[io]se|fell|fall|drop\w*|decrease\w*|decline\w*|change\w*)\b"
)
_CHANGE = re.compile(
    r"净增|增加|增长|增多|减少|下降|上升|提高|扩大|涨|"
    r"\b(?:gr[eo]w\w*|increase\w*|r[io]se|gain\w*|expan\w+|fell|fall|drop\w*|decrease\w*|decline\w*|change\w*)\b"
)
_AS_PERCENT = re.compile(r"%|百分|率|幅|几成|\bper ?cent|\bpercentage|\brate\b")
# Words beside a figure that make it the result of such an operation.
_STATES_IT = {
    Operation.SHARE: re.compile(
        r"占|比例|比重|份额|\b(?:share|made up|makes up|account\w*|represent\w*|of which|proportion)\b"
    ),
    Operation.AVERAGE: re.compile(r"平均|人均|均|\b(?:average|mean|per|each)\b"),
    Operation.RATIO: re.compile(r"倍|\btimes\b|\bfold\b"),
    Operation.SUM: re.compile(r"合计|总计|共|累计|总[数量]|\b(?:total|altogether|in all|combined)\b"),
    Operation.DIFFERENCE: re.compile(r"增加|减少|相差|差额|净增|[高多超]出|\b(?:more|fewer|less|increase|decrease)\b"),
}
_SAYS_SO = {
    Operation.AVERAGE: re.compile(r"平均|人均|均|\b(?:average|mean|per|each)\b"),
    Operation.RATIO: re.compile(r"倍|\btimes\b|\bfold\b"),
    Operation.DIFFERENCE: re.compile(
        r"增加|增长|增幅|[新净]增|减少|下降|上升|提高|[高多超]出|相差|差额|同比|比上|比去|剩|"
        r"\b(?:added|more|fewer|less|increase|decrease|rose|fell|up|down|than|exceed\w*)\b"
    ),
}


def calculate(evidence: Evidence) -> Finding | None:
    """The result with its formula; None when the operands cannot be found."""
    operation = evidence.question.operation
    if operation is None:
        return None
    lacking: Finding | None = None
    for reading in readings(evidence):
        found = _RULES[operation](reading, Pool(reading, lambda e: number_candidates(e, Wanted())))
        if found is not None and not found.missing:
            return _as_stated(reading, found) or found
        lacking = lacking or found
    return lacking


def states_the_mean(evidence: Evidence, candidate: Candidate) -> bool:
    """Whether a figure is itself the mean asked for: per the same thing (平均每人次, per event)."""
    asked = _per_what(evidence.question.folded)
    return bool(asked) and asked == _per_what(own_words(candidate.scan, measure_of(candidate)))


def _per_what(text: str) -> frozenset[str]:
    """What a text counts by.

    >>> _per_what("平均每人次借阅3.4册") == _per_what("每人次借多少"), _per_what("日均120册") == _per_what("每天")
    (True, True)
    """
    found = (next(group for group in m.groups() if group) for m in _PER.finditer(text))
    return frozenset(word.replace("天", "日").removesuffix("s") for word in found)


_PER = re.compile(
    r"每一?个?(人次|[\u4e00-\u9fff])|([人日月周年场户])均|\b(?:per|each|every) (\w+)|\b(dai|month|week|year)ly\b"
)


def _as_stated(evidence: Evidence, found: Finding) -> Finding | None:
    """The figure that states the very result: in the same section as an operand, equal to it as far as it is told,
    and said to be such a figure (占58.9%, 平均3.4册); what a report states goes before what is worked out from it.
    """
    operation = evidence.question.operation
    said = _STATES_IT.get(operation) if operation else None
    if not found.derived or said is None or not found.candidates:
        return None
    number = NUMBER.search(found.short or "")
    result = read_number(number[0]) if number else None
    if result is None:
        return None
    wanted = _PERCENT if (found.short or "").endswith("%") else evidence.question.wanted
    sections = {c.scan.chunk.id for c in found.candidates}
    for candidate in number_candidates(evidence, wanted):
        measure = measure_of(candidate)
        told = candidate.scan.chunk.id in sections and said.search(own_words(candidate.scan, measure))
        alike = measure.kind in wanted.kinds or not wanted.kinds
        if told and alike and candidate.coverage >= _LEAST_SAID and _rounds(measure.value, result):
            value = _value(candidate, evidence.question.language)
            return Finding(value.shown, (value,), found.confidence, candidates=(candidate,))
    return None


def _rounds(stated: Decimal, result: Decimal) -> bool:
    """Whether a result, cut or rounded to the digits of the stated figure, is that figure."""
    exponent = stated.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) and exponent < 0 else 0)
    return abs(stated - result) < step


def states_result(evidence: Evidence, candidate: Candidate) -> bool:
    """Whether a stated figure is itself the result asked for: an average said to be one, a total of all parts."""
    operation = evidence.question.operation
    ways = forms.joined(evidence) if operation is Operation.SUM else []
    if operation is Operation.SHARE:
        ways = [way[:1] for way in forms.two_sided(evidence, forms.SHARE)]
    named = [any(candidate.votes[t] >= _LEAST_SAID for t in part.own) for part in (ways[0] if ways else ())]
    if sum(named) < len(named) / 2:
        return False
    sentence = candidate.scan.sentence_at(candidate.span.start)
    said = _SAYS_SO.get(operation) if operation else None
    return said is None or said.search(candidate.scan.folded, sentence.start, sentence.end) is not None


def _share(evidence: Evidence, pool: Pool) -> Finding | None:
    """The part over the whole, unless the report states that very percentage; between two years the growth."""
    if len(across := _across(evidence, pool)) > 1 and _GROWTH.search(evidence.question.folded):
        return _growth(evidence, pool, across)
    ways = forms.two_sided(evidence, forms.SHARE)
    stated = _stated_share(evidence)
    choice = pool.choose_among(ways, lambda found: _part_of(found[1], found[0]))
    if choice is None or (stated is not None and not _of_another(evidence, stated, choice)):
        return stated
    part, whole = choice.candidates
    result = _figure(part) / _figure(whole) * 100
    formula = f"{plain_number(_figure(part))} ÷ {plain_number(_figure(whole))} = {plain_number(result)}%"
    return _finding(evidence, choice, f"{plain_number(result)}%", formula, pool)


def _stated_share(evidence: Evidence) -> Finding | None:
    """A share the report itself states, when nearly all words of the question speak for it, those of the part too."""
    found = number_candidates(evidence, _PERCENT)
    best = found[0] if found else None
    if best is None or measure_of(best).kind != "percent":
        return None
    told = _STATES_IT[Operation.SHARE].search(own_words(best.scan, measure_of(best)))
    least = _LEAST_TOLD if told else _LEAST_STATED
    if best.coverage < least or best.score < 0.8 * least:
        return None
    if not states_result(evidence, best):
        return None
    value = _value(best, evidence.question.language)
    return Finding(value.shown, (value,), 0.25 + 0.6 * min(best.score, 1.0), candidates=tuple(found[:3]))


def _of_another(evidence: Evidence, stated: Finding, choice: Choice) -> bool:
    """Whether a stated percentage is of something else: it stands beside both figures and is not their quotient."""
    percent, (part, whole) = stated.candidates[0], choice.candidates
    sentence = percent.scan.sentence_at(percent.span.start)
    if asks_both_motions(evidence.question):
        return False  # the share of loans and returns together, each of which alone is beside it
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
        return _finding(
            evidence,
            choice,
            shown,
            f"({plain_number(after)} − {plain_number(before)}) ÷ {plain_number(before)} = {shown}",
            pool,
        )
    return _taken_away(evidence, choice, pool)


def _across(evidence: Evidence, pool: Pool) -> list[Part]:
    """The organisations, years, months or quarters asked about, where there are several with a figure each."""
    found = sides(evidence)
    if found:
        return found
    periods = named_periods(evidence)
    return periods if periods and all(pool.best(part, most=1) for part in periods) else []


def _ratio(evidence: Evidence, pool: Pool) -> Finding | None:
    across = _across(evidence, pool)
    choice = (
        pool.choose(across, same_kind)
        if len(across) == 2
        else pool.choose_among(forms.two_sided(evidence, forms.RATIO), same_kind)
    )
    if choice is None:
        return without(evidence, pool, across)
    small, large = sorted(choice.candidates, key=_figure)
    if not _figure(small):
        return None
    result = _figure(large) / _figure(small)
    formula = f"{plain_number(_figure(large))} ÷ {plain_number(_figure(small))} = {plain_number(result)}"
    return _finding(
        evidence, choice, plain_number(result) + ("倍" if evidence.question.language == "zh" else " times"), formula
    )


def _average(evidence: Evidence, pool: Pool) -> Finding | None:
    """A count over the number of things it is shared among, or over the months (weeks, days) of the year."""
    if forms.shared_among(evidence)[0] is not None and (monthly := _monthly(evidence, pool)) is not None:
        return _mean_of_months(evidence, pool, monthly)
    periods, ways = forms.shared_among(evidence)
    if periods is not None:
        ways = [(Part(frozenset(), counted(evidence), wanted=evidence.question.wanted),)]
    choice = pool.choose_among(ways, _may_be_averaged)
    if choice is None:
        return None
    total = choice.candidates[0]
    number = _figure(choice.candidates[-1]) if periods is None else periods
    if _figure(total) < number / 100:
        return None  # nothing is shared among a hundred times as many
    result = _figure(total) / number
    formula = f"{plain_number(_figure(total))} ÷ {plain_number(number)} = {plain_number(result)}"
    return _finding(evidence, choice, _shown(evidence, result, [total]), formula, pool)


def _mean_of_months(evidence: Evidence, pool: Pool, monthly: Choice) -> Finding:
    figures = [_figure(c) for c in monthly.candidates]
    result = sum(figures, Decimal(0)) / len(figures)
    formula = f"({' + '.join(map(plain_number, figures))}) ÷ {len(figures)} = {plain_number(result)}"
    return _finding(evidence, monthly, _shown(evidence, result, monthly.candidates), formula, pool)


def _monthly(evidence: Evidence, pool: Pool) -> Choice | None:
    """A figure from one column of a table for each of the months asked about; None unless every month has one."""
    parts = forms.wanting(month_parts(evidence), evidence.question.wanted)
    choice = pool.choose(parts, same_kind) if len(parts) > 1 else None
    if choice is None:
        return None
    columns = {tuple(labels(c.scan, measure_of(c))) for c in choice.candidates}
    return choice if len(columns) == 1 and columns != {()} else None


def _may_be_averaged(found: Sequence[Candidate]) -> bool:
    """Something is counted per thing of another kind, both in one report."""
    if len(found) == 1:
        return True
    kinds = {measure_of(c).kind for c in found}
    return _one_report(found) and len(kinds) == 2 and bool(_figure(found[-1]))


def _sum(evidence: Evidence, pool: Pool) -> Finding | None:
    across = _across(evidence, pool)
    if len(across) > 1:
        parts = forms.wanting(across, evidence.question.wanted)
        choice = pool.choose(parts, same_kind)
        if choice is None:
            return without(evidence, pool, parts)
    elif (choice := _monthly(evidence, pool)) is None:
        choice = pool.choose_among(forms.joined(evidence), _fits_one_report)
    if choice is None:
        return None
    total = sum((_figure(c) for c in choice.candidates), Decimal(0))
    formula = " + ".join(plain_number(_figure(c)) for c in choice.candidates) + f" = {plain_number(total)}"
    return _finding(evidence, choice, _shown(evidence, total, choice.candidates), formula, pool)


def _difference(evidence: Evidence, pool: Pool) -> Finding | None:
    """The larger of two less the smaller; a total less all its parts."""
    across = _across(evidence, pool)
    if len(across) > 1:
        parts = forms.wanting(across, evidence.question.wanted)
        choice = pool.choose(parts[:2], same_kind)
        return _taken_away(evidence, choice, pool) if choice else without(evidence, pool, parts)
    left = _left_over(evidence, pool) or _changed(evidence, pool)
    if left is not None:
        return left
    unit = evidence.question.wanted
    rest = [forms.wanting(way, unit) for way in forms.two_sided(evidence, forms.REST)]
    ways = [forms.wanting(way, unit) for way in forms.two_sided(evidence, forms.DIFFERENCE)]
    choice = pool.choose_among(rest, lambda found: _part_of(*found)) or pool.choose_among(ways, _fits_one_report)
    return _taken_away(evidence, choice, pool) if choice else None


def _taken_away(evidence: Evidence, choice: Choice, pool: Pool | None = None) -> Finding:
    large, *rest = sorted(choice.candidates, key=_figure, reverse=True)
    result = _figure(large) - sum((_figure(c) for c in rest), Decimal(0))
    formula = " − ".join(plain_number(_figure(c)) for c in (large, *rest)) + f" = {plain_number(result)}"
    parts = dict(zip([id(c) for c in choice.candidates], choice.parts, strict=True))
    ordered = replace(choice, candidates=(large, *rest), parts=tuple(parts[id(c)] for c in (large, *rest)))
    return _finding(evidence, ordered, _shown(evidence, abs(result), ordered.candidates), formula, pool)


def _changed(evidence: Evidence, pool: Pool) -> Finding | None:
    """How much something grew or fell, where one phrase tells the figures before and after: 由40个增至128个."""
    if not _CHANGE.search(evidence.question.folded):
        return None
    whole = Part(counted(evidence), wanted=evidence.question.wanted)
    own = frozenset(t for t in whole.own if not _CHANGE.search(evidence.terms[t].surface))
    for candidate, score in pool.best(replace(whole, own=frozenset(), common=own)):
        pairs = changes(candidate.scan)
        before = next((a for a, b in pairs.items() if b == measure_of(candidate)), None)
        if before is not None and candidate.coverage:
            former = replace(candidate, span=Span(before.start, before.end))
            return _taken_away(evidence, Choice((candidate, former), (whole, whole), score))
    return None


def _left_over(evidence: Evidence, pool: Pool) -> Finding | None:
    """A total held against the sum of its parts: those the question names, or those listed behind the total."""
    unit = evidence.question.wanted
    for total, ways in forms.totals(evidence):
        whole = Part(total, wanted=unit)
        if ways:
            choice = pool.choose_among([(whole, *forms.wanting(way, unit)) for way in ways], _fits_total)
        else:
            choice = _with_listed_parts(pool, whole)
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


def _one_report(found: Sequence[Candidate]) -> bool:
    return len({c.report_id for c in found}) == 1


def _part_of(whole: Candidate, part: Candidate) -> float:
    """Whether one figure may be a part of another; likelier when listed behind it in the same sentence."""
    if not _fits_one_report((whole, part)) or _figure(part) >= _figure(whole):
        return 0.0
    text, start, end = whole.scan.folded, whole.span.end, part.span.start
    together = whole.scan.chunk.id == part.scan.chunk.id and start < end and not re.search("[。\n]", text[start:end])
    if together and _LISTED_PARTS.search(text, start, end):
        return _LISTED
    return 1.0 if bool(measure_of(whole).unit) == bool(measure_of(part).unit) else 0.0


def _fits_one_report(found: Sequence[Candidate]) -> bool:
    return same_kind(found) and _one_report(found)


def _fits_total(found: Sequence[Candidate]) -> bool:
    return _fits_one_report(found) and _figure(found[0]) >= max(_figure(c) for c in found)


def _figure(candidate: Candidate) -> Decimal:
    return measure_of(candidate).value


def _value(candidate: Candidate, language: str) -> Value:
    measure = measure_of(candidate)
    return Value(
        figure(measure, candidate.scan.chunk.text[measure.start : measure.end], language), support_of(candidate)
    )


def _shown(evidence: Evidence, result: Decimal, operands: Sequence[Candidate]) -> str:
    """The result with the unit of what it counts, in the question's language."""
    question = evidence.question
    measures = [m for m in map(measure_of, operands) if m.unit]
    units = {m.unit for m in measures}
    rounded = result.quantize(Decimal("0.01"))
    number = plain_number(rounded)
    if question.language == "zh":
        return number + (units.pop() if len(units) == 1 else question.wanted.unit if units else "")
    if not measures:
        return number
    measure = Measure(0, 0, rounded, measures[0].unit, "", measures[0].kind)
    return figure(measure, number, question.language).replace(measure.shown, number)


def _finding(evidence: Evidence, choice: Choice, short: str, formula: str, pool: Pool | None = None) -> Finding:
    """``pool`` gives the other values that the report states for an operand."""
    language = evidence.question.language
    values = tuple(_value(c, language) for c in choice.candidates)
    confidence = max(0.0, min(0.95, 0.2 + 0.6 * min(choice.score, 1.0)))
    others = (
        [o for c, part in zip(choice.candidates, choice.parts, strict=True) for o in restated(c, pool, part)]
        if pool
        else []
    )
    return Finding(
        short,
        values,
        confidence,
        formula,
        others=tuple(_value(o, language) for o in others),
        derived=True,
        candidates=choice.candidates,
    )


def restated(candidate: Candidate, pool: Pool, part: Part) -> list[Candidate]:
    """The same operand given another value elsewhere in its report: the result would be another with it."""
    ranked = [replace(c, coverage=min(1.0, s)) for c, s in pool.best(part) if c.report_id == candidate.report_id]
    own = [c for c in ranked if (c.scan.chunk.id, c.span) == (candidate.scan.chunk.id, candidate.span)]
    return restatements([*own, *(c for c in ranked if c not in own)]) if own else []


_RULES: dict[Operation, Callable[[Evidence, Pool], Finding | None]] = {
    Operation.SUM: _sum,
    Operation.DIFFERENCE: _difference,
    Operation.SHARE: _share,
    Operation.AVERAGE: _average,
    Operation.RATIO: _ratio,
}
