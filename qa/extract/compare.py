"""Two or more organisations held against each other: each figure from its own report, then the order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.bilingual import Term
from index.scope import Scope
from qa.extract.evidence import Evidence
from qa.extract.finding import Finding
from qa.extract.numbers import measure_of
from qa.question import Question

_LESS = re.compile(r"(?:更|较|最|比较)?(?:少|低|早|小|短)(?!儿|年|先)|\b(?:fewer|fewest|less|least|lower|lowest|smaller|smallest|earlier|earliest|shorter)\b")

Number = Callable[[Question, Evidence], Finding | None]


@dataclass(frozen=True, slots=True)
class Side:
    """One organisation of a comparison with its own figure."""

    reports: frozenset[str]
    value: Decimal
    finding: Finding


def compare(evidence: Evidence, number: Number) -> Finding | None:
    """A finding with a value per organisation, the one asked for first; None unless at least two have a figure."""
    sides = [s for part in parts(evidence) if (s := _side(evidence, part, number)) is not None]
    if len(sides) < 2:
        return None
    least = _LESS.search(evidence.question.folded) is not None
    ordered = sorted(sides, key=lambda s: s.value, reverse=not least)
    values = tuple(v for side in ordered for v in side.finding.values[:1])
    others = tuple(o for side in ordered for o in side.finding.others)
    tie = ordered[0].value == ordered[1].value
    confidence = min(s.finding.confidence for s in ordered)
    candidates = tuple(c for s in ordered for c in s.finding.candidates[:2])
    return Finding("tie" if tie else None, values, confidence, others=others, derived=True, candidates=candidates)


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a question about one organisation: its scope and its own terms."""

    scope: Scope
    terms: tuple[Term, ...]


def parts(evidence: Evidence) -> list[Part]:
    """One part per organisation named; with none or one named, one per report in the index.

    A year that follows a name belongs to it (许昌2019年和源城2020年). Terms that stand only behind one name belong to
    it when every name has some of its own (more spaces in A than self-service libraries in B); otherwise all are shared.
    """
    question = evidence.question
    groups: dict[frozenset[str], int] = {}
    for mention in question.mentions:
        groups.setdefault(mention.reports, mention.start)
    if len(groups) < 2:
        reports = sorted({c.report_id for c in evidence.chunks})
        return [Part(replace(question.scope, reports=frozenset({r})), evidence.terms) for r in reports]
    starts = sorted(groups.values())
    own = [_terms_between(question, evidence.terms, s, e) for s, e in zip(starts, [*starts[1:], len(question.folded)], strict=True)]
    separate = all(own) and not (set(own[0]) & set(own[1])) and re.search(r"than|比.{1,20}(?:的|多|少)", question.folded)
    found = []
    for (reports, start), terms in zip(sorted(groups.items(), key=lambda g: g[1]), own, strict=True):
        years = _years(question, start, [s for s in starts if s > start])
        scope = replace(question.scope, reports=reports, years=years or question.scope.years)
        found.append(Part(scope, tuple(terms) if separate else evidence.terms))
    return found


def _terms_between(question: Question, terms: Sequence[Term], start: int, end: int) -> list[Term]:
    from index.tokens import words

    stretch = question.folded[start:end]
    tokens = {t for t, _, _ in words(stretch)}
    return [t for t in terms if t.surface in stretch or set(t.surface.split()) <= tokens]


def _years(question: Question, start: int, later: Sequence[int]) -> frozenset[int]:
    stop = min(later, default=len(question.folded))
    years = {d.first.year for d in question.dates if start < d.start < stop and d.first.year}
    all_years = {d.first.year for d in question.dates if d.first.year}
    return frozenset(years) if len(all_years) > 1 and len(years) == 1 else frozenset()


def _side(evidence: Evidence, part: Part, number: Number) -> Side | None:
    reports = part.scope.reports or frozenset()
    question = evidence.question.within(scope=part.scope, terms=part.terms)
    chunks = [c for c in evidence.chunks if c.report_id in reports]
    finding = number(question, Evidence.gather(question, chunks))
    if finding is None or not finding.candidates:
        return None
    return Side(reports, measure_of(finding.candidates[0]).value, finding)
