"""Arithmetic over stated figures: every operand is a figure with its own line, the formula is shown.

What the question joins, divides or takes away is read from its wording (``forms``); which figures are meant is left to
``operands``. Where the words of an operand speak for no figure there is no result: a sum of wrong figures would look as
sure as one of right ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from qa.extract import forms
from qa.extract.aspects import labels
from qa.extract.compare import without
from qa.extract.evidence import Candidate, Evidence
from qa.extract.finding import Finding
from qa.extract.former import both_told, change_told
from qa.extract.numbers import measure_of, number_candidates
from qa.extract.operands import Choice, Pool, fit_one_report, one_report, same_kind
from qa.extract.periods import across, month_parts
from qa.extract.results import figure_of, finding_of, shown, taken_away
from qa.extract.shares import LISTED_PARTS, parts_of, share
from qa.extract.sides import GROWTH, Part, counted, readings
from qa.extract.stated import as_stated
from qa.extract.years import changes
from qa.saying.wording import plain_number
from qa.scan import Span
from qa.understanding.kinds import Operation
from qa.understanding.wanted import Wanted


def calculate(evidence: Evidence) -> Finding | None:
    """The result with its formula; None when the operands cannot be found."""
    operation = evidence.question.operation
    if operation is None:
        return None
    lacking: Finding | None = None
    for reading in readings(evidence):
        found = _RULES[operation](reading, Pool(reading, lambda e: number_candidates(e, Wanted())))
        if found is not None and not found.missing:
            return as_stated(reading, found) or found
        lacking = lacking or found
    return lacking


def _ratio(evidence: Evidence, pool: Pool) -> Finding | None:
    sides = across(evidence, pool)
    choice = (
        pool.choose(sides, same_kind)
        if len(sides) == 2
        else pool.choose_among(forms.two_sided(evidence, forms.RATIO), same_kind)
    )
    if choice is None:
        return without(evidence, pool, sides)
    small, large = sorted(choice.candidates, key=figure_of)
    if not figure_of(small):
        return None
    result = figure_of(large) / figure_of(small)
    formula = f"{plain_number(figure_of(large))} ÷ {plain_number(figure_of(small))} = {plain_number(result)}"
    return finding_of(
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
    number = figure_of(choice.candidates[-1]) if periods is None else periods
    if figure_of(total) < number / 100:
        return None  # nothing is shared among a hundred times as many
    result = figure_of(total) / number
    formula = f"{plain_number(figure_of(total))} ÷ {plain_number(number)} = {plain_number(result)}"
    return finding_of(evidence, choice, shown(evidence, result, [total]), formula, pool)


def _mean_of_months(evidence: Evidence, pool: Pool, monthly: Choice) -> Finding:
    figures = [figure_of(c) for c in monthly.candidates]
    result = sum(figures, Decimal(0)) / len(figures)
    formula = f"({' + '.join(map(plain_number, figures))}) ÷ {len(figures)} = {plain_number(result)}"
    return finding_of(evidence, monthly, shown(evidence, result, monthly.candidates), formula, pool)


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
    return one_report(found) and len(kinds) == 2 and bool(figure_of(found[-1]))


def _sum(evidence: Evidence, pool: Pool) -> Finding | None:
    sides = across(evidence, pool)
    if len(sides) > 1:
        parts = forms.wanting(sides, evidence.question.wanted)
        choice = pool.choose(parts, same_kind)
        if choice is None:
            return without(evidence, pool, parts)
    elif (choice := _monthly(evidence, pool)) is None:
        choice = pool.choose_among(forms.joined(evidence), fit_one_report)
    if choice is None:
        return None
    total = sum((figure_of(c) for c in choice.candidates), Decimal(0))
    formula = " + ".join(plain_number(figure_of(c)) for c in choice.candidates) + f" = {plain_number(total)}"
    return finding_of(evidence, choice, shown(evidence, total, choice.candidates), formula, pool)


def _difference(evidence: Evidence, pool: Pool) -> Finding | None:
    """The larger of two less the smaller; a total less all its parts."""
    sides = across(evidence, pool)
    if len(sides) > 1:
        parts = forms.wanting(sides, evidence.question.wanted)
        choice = both_told(pool, parts)
        told = None if choice else change_told(pool, parts, evidence.question.wanted, evidence.question.language)
        if told is not None:
            return told
        choice = choice or pool.choose(parts[:2], same_kind)
        return taken_away(evidence, choice, pool) if choice else without(evidence, pool, parts)
    left = _left_over(evidence, pool) or _changed(evidence, pool)
    if left is not None:
        return left
    unit = evidence.question.wanted
    rest = [forms.wanting(way, unit) for way in forms.left_of(evidence)]
    ways = [forms.wanting(way, unit) for way in forms.two_sided(evidence, forms.DIFFERENCE)]
    choice = pool.choose_among(rest, parts_of) or pool.choose_among(ways, fit_one_report)
    return taken_away(evidence, choice, pool) if choice else None


def _changed(evidence: Evidence, pool: Pool) -> Finding | None:
    """How much something grew or fell, where one phrase tells the figures before and after: 由40个增至128个."""
    if not GROWTH.search(evidence.question.folded):
        return None
    whole = Part(counted(evidence), wanted=evidence.question.wanted)
    own = frozenset(t for t in whole.own if not GROWTH.search(evidence.terms[t].surface))
    for candidate, score in pool.best(replace(whole, own=frozenset(), common=own)):
        pairs = changes(candidate.scan)
        before = next((a for a, b in pairs.items() if b == measure_of(candidate)), None)
        if before is not None and candidate.coverage:
            former = replace(candidate, span=Span(before.start, before.end))
            return taken_away(evidence, Choice((candidate, former), (whole, whole), score))
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
            return taken_away(evidence, choice)
    return None


def _with_listed_parts(pool: Pool, total: Part) -> Choice | None:
    """The total and the figures of its kind listed behind it in the same sentence."""
    for candidate, score in pool.best(total):
        scanned, own = candidate.scan, measure_of(candidate)
        end = scanned.sentence_at(candidate.span.start).end
        opened = LISTED_PARTS.search(scanned.folded, candidate.span.end, end)
        listed = [m for m in scanned.measures if opened and opened.end() <= m.start < end and m.kind == own.kind]
        if len(listed) > 1:
            parts = [replace(candidate, span=Span(m.start, m.end), best=(None,) * len(candidate.best)) for m in listed]
            return Choice((candidate, *parts), (total,) * (len(parts) + 1), score)
    return None


def _fits_total(found: Sequence[Candidate]) -> bool:
    return fit_one_report(found) and figure_of(found[0]) >= max(figure_of(c) for c in found)


_RULES: dict[Operation, Callable[[Evidence, Pool], Finding | None]] = {
    Operation.SUM: _sum,
    Operation.DIFFERENCE: _difference,
    Operation.SHARE: share,
    Operation.AVERAGE: _average,
    Operation.RATIO: _ratio,
}
