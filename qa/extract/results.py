"""What is worked out from figures, as a finding: the result with its unit, the formula, a line for each operand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from qa.extract.evidence import Candidate, Evidence
from qa.extract.finding import Finding, Value, support_of
from qa.extract.numbers import measure_of
from qa.extract.operands import Choice, Pool
from qa.extract.restated import other_figures
from qa.extract.sides import Part
from qa.measures import Measure
from qa.saying.wording import figure, plain_number
from qa.understanding.question import Question


def figure_of(candidate: Candidate) -> Decimal:
    return measure_of(candidate).value


def value_of(candidate: Candidate, language: str) -> Value:
    measure = measure_of(candidate)
    return Value(
        figure(measure, candidate.scan.chunk.text[measure.start : measure.end], language), support_of(candidate)
    )


def finding_of(evidence: Evidence, choice: Choice, short: str, formula: str, pool: Pool | None = None) -> Finding:
    """``pool`` gives the other values that the report states for an operand."""
    language = evidence.question.language
    values = tuple(value_of(c, language) for c in choice.candidates)
    confidence = max(0.0, min(0.95, 0.2 + 0.6 * min(choice.score, 1.0)))
    pairs = zip(choice.candidates, choice.parts, strict=True)
    operands = {(c.scan.chunk.id, c.span) for c in choice.candidates}
    told = (o for c, part in pairs for o in restated(evidence.question, c, pool, part)) if pool else ()
    others = [o for o in told if (o.scan.chunk.id, o.span) not in operands]
    return Finding(
        short,
        values,
        confidence,
        formula,
        others=tuple(value_of(o, language) for o in others),
        derived=True,
        candidates=choice.candidates,
    )


def restated(question: Question, candidate: Candidate, pool: Pool, part: Part) -> list[Candidate]:
    """The same operand given another value elsewhere in its report: the result would be another with it."""
    ranked = [replace(c, coverage=min(1.0, s)) for c, s in pool.best(part) if c.report_id == candidate.report_id]
    own = [c for c in ranked if (c.scan.chunk.id, c.span) == (candidate.scan.chunk.id, candidate.span)]
    rest = (c for c in ranked if c not in own)
    return other_figures(question, [*own, *rest], of_an_operand=True) if own else []


def taken_away(evidence: Evidence, choice: Choice, pool: Pool | None = None) -> Finding:
    large, *rest = sorted(choice.candidates, key=figure_of, reverse=True)
    result = figure_of(large) - sum((figure_of(c) for c in rest), Decimal(0))
    formula = " − ".join(plain_number(figure_of(c)) for c in (large, *rest)) + f" = {plain_number(result)}"
    parts = dict(zip([id(c) for c in choice.candidates], choice.parts, strict=True))
    ordered = replace(choice, candidates=(large, *rest), parts=tuple(parts[id(c)] for c in (large, *rest)))
    return finding_of(evidence, ordered, shown(evidence, abs(result), ordered.candidates), formula, pool)


def shown(evidence: Evidence, result: Decimal, operands: Sequence[Candidate]) -> str:
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
