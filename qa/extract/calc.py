"""Arithmetic over stated figures: every operand is a figure with its own line, the formula is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.bilingual import Term
from index.scope import Scope
from qa.extract.compare import parts
from qa.extract.evidence import Candidate, Evidence
from qa.extract.finding import Finding, Value, support_of
from qa.extract.numbers import measure_of, number_candidates
from qa.kinds import Operation, Wanted
from qa.wording import figure, plain_number

_LEAST = 0.42
_JOINED = re.compile(r"和|与|跟|及|以及|、|加上?|连同|减去?|\band\b|\bplus\b|\bversus\b|\bvs\b|,|，")
_TOTAL = re.compile(r"总数|总量|总计|总的|合计数|\btotal\b")


@dataclass(frozen=True, slots=True)
class Operand:
    candidate: Candidate
    value: Decimal


def calculate(evidence: Evidence) -> Finding | None:
    """The result with its formula, or None when the operands cannot be found."""
    question = evidence.question
    operation = question.operation
    if operation is None:
        return None
    if operation is Operation.SHARE:
        stated = _stated_share(evidence)
        if stated is not None:
            return stated
    operands = _operands(evidence)
    if operands is None or len(operands) < 2:
        return None
    rule = _RULES[operation]
    return rule(evidence, operands)


def _stated_share(evidence: Evidence) -> Finding | None:
    """A share the report itself states."""
    found = number_candidates(evidence, Wanted("%", frozenset({"percent"})))
    best = found[0] if found else None
    if best is None or measure_of(best).kind != "percent" or best.coverage < 0.72:
        return None
    value = _value(best, evidence.question.language)
    return Finding(value.shown, (value,), 0.25 + 0.6 * min(best.score, 1.0), candidates=tuple(found[:3]))


def _operands(evidence: Evidence) -> list[Operand] | None:
    """A figure for each organisation, or for each of the things joined in the question."""
    question = evidence.question
    named = {m.reports for m in question.mentions}
    if len(named) > 1 or (not named and question.scope.reports is None and len({c.report_id for c in evidence.chunks}) > 1 and not _groups(evidence)):
        found = [_best(evidence, part.terms, scope=part.scope) for part in parts(evidence)]
        return [o for o in found if o] if len(named) > 1 else None
    groups = _groups(evidence)
    if not groups:
        return None
    common, apart = groups
    found = []
    used: set[tuple[str, int]] = set()
    for own in apart:
        operand = _best(evidence, (*own, *common), own=own, used=used)
        if operand is None:
            return None
        used.add((operand.candidate.scan.chunk.id, operand.candidate.span.start))
        found.append(operand)
    return found


def _groups(evidence: Evidence) -> tuple[list[Term], list[list[Term]]] | None:
    """The terms shared by all operands, and each operand's own: 期刊 | 报纸 with 阅览 shared."""
    question = evidence.question
    text = question.folded
    placed = sorted((at, t) for t in evidence.terms if (at := _place(text, t)) >= 0)
    runs: list[list[tuple[int, Term]]] = []
    for at, term in placed:
        end = runs[-1][-1][0] + len(runs[-1][-1][1].surface) if runs else 0
        gap = text[end:at] if runs else ""
        if runs and not _JOINED.search(gap) and not re.search(r"占|of|in", gap):
            runs[-1].append((at, term))
        else:
            runs.append([(at, term)])
    if len(runs) < 2:
        return None
    apart = [[t for _, t in run] for run in runs]
    last = apart[-1]
    common = last[1:] if len(last) > 1 and question.operation in (Operation.SUM, Operation.DIFFERENCE) else []
    first = apart[0]
    if len(first) > 1 and len(apart[-1]) == 1:
        common = first[:-1] if question.operation in (Operation.SUM, Operation.DIFFERENCE) else common
        apart[0] = first[-1:] if common else first
    if common and last[1:] == common:
        apart[-1] = last[:1]
    return common, apart


def _place(text: str, term: Term) -> int:
    at = text.find(term.surface)
    return at if at >= 0 else text.find(term.surface.split()[0])


def _best(
    evidence: Evidence,
    terms: Sequence[Term],
    *,
    scope: Scope | None = None,
    own: Sequence[Term] = (),
    used: set[tuple[str, int]] | None = None,
) -> Operand | None:
    """The best figure for some of the terms; an operand's own terms must speak for it themselves."""
    scope = scope or evidence.question.scope
    question = evidence.question.within(terms=tuple(terms), scope=scope)
    part = Evidence.gather(question, [c for c in evidence.chunks if scope.reports is None or c.report_id in scope.reports])
    for candidate in number_candidates(part):
        spoken = all(candidate.votes[part.terms.index(t)] >= 0.3 for t in own)
        fresh = used is None or (candidate.scan.chunk.id, candidate.span.start) not in used
        if candidate.coverage >= _LEAST and candidate.score >= 0.3 and spoken and fresh:
            return Operand(candidate, measure_of(candidate).value)
    return None


def _value(candidate: Candidate, language: str) -> Value:
    measure = measure_of(candidate)
    return Value(figure(measure, candidate.scan.chunk.text[measure.start : measure.end], language), support_of(candidate))


def _finding(evidence: Evidence, operands: Sequence[Operand], result: Decimal, formula: str, unit: str = "") -> Finding:
    language = evidence.question.language
    values = tuple(_value(o.candidate, language) for o in operands)
    confidence = min(0.2 + 0.6 * min(o.candidate.score, 1.0) for o in operands)
    return Finding(f"{plain_number(result)}{unit}", values, confidence, formula, derived=True, candidates=tuple(o.candidate for o in operands))


def _unit(operands: Sequence[Operand], language: str) -> str:
    units = {measure_of(o.candidate).unit for o in operands} - {""}
    return units.pop() if len(units) == 1 and language == "zh" else ""


def _sum(evidence: Evidence, operands: Sequence[Operand]) -> Finding:
    total = sum((o.value for o in operands), Decimal(0))
    formula = " + ".join(plain_number(o.value) for o in operands) + f" = {plain_number(total)}"
    return _finding(evidence, operands, total, formula, _unit(operands, evidence.question.language))


def _difference(evidence: Evidence, operands: Sequence[Operand]) -> Finding:
    """The largest less the rest when a total is held against its parts, else the larger of two less the smaller."""
    ordered = sorted(operands, key=lambda o: o.value, reverse=True)
    rest = ordered[1:] if len(ordered) > 2 else ordered[1:2]
    result = ordered[0].value - sum((o.value for o in rest), Decimal(0))
    formula = " − ".join(plain_number(o.value) for o in [ordered[0], *rest]) + f" = {plain_number(result)}"
    return _finding(evidence, [ordered[0], *rest], abs(result), formula, _unit(operands, evidence.question.language))


def _share(evidence: Evidence, operands: Sequence[Operand]) -> Finding | None:
    part, whole = sorted(operands[:2], key=lambda o: o.value)
    if whole.value == 0:
        return None
    result = part.value / whole.value * 100
    formula = f"{plain_number(part.value)} ÷ {plain_number(whole.value)} = {plain_number(result)}%"
    return _finding(evidence, [part, whole], result, formula, "%")


def _ratio(evidence: Evidence, operands: Sequence[Operand]) -> Finding | None:
    small, large = sorted(operands[:2], key=lambda o: o.value)
    if small.value == 0:
        return None
    result = large.value / small.value
    formula = f"{plain_number(large.value)} ÷ {plain_number(small.value)} = {plain_number(result)}"
    return _finding(evidence, [large, small], result, formula, "倍" if evidence.question.language == "zh" else " times")


_RULES: dict[Operation, Callable[[Evidence, Sequence[Operand]], Finding | None]] = {
    Operation.SUM: _sum,
    Operation.DIFFERENCE: _difference,
    Operation.SHARE: _share,
    Operation.AVERAGE: _ratio,
    Operation.RATIO: _ratio,
}
