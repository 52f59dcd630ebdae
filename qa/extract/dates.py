"""Which date answers a question for a date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from documents.dates import DateMention
from qa.extract.evidence import Candidate, Evidence, period_factor, stance_factor
from qa.scan import Scan, Span

_WANTS_YEAR = re.compile(r"哪(?:一)?年|\b(?:what|which) year\b")
_WANTS_MONTH = re.compile(r"哪(?:个|一)?月|几月|\b(?:what|which) month\b")
_WANTS_DAY = re.compile(r"哪(?:一)?(?:天|日)|几号|几日|日期|\b(?:what|which|exact) (?:day|date)s?\b")
_WANTS_SPAN = re.compile(r"从.{0,6}到|起止|哪几天|\bfrom .{0,20}\b(?:to|until)\b|start and end|\bdates\b|how long")


def date_candidates(evidence: Evidence) -> list[Candidate]:
    """Every date in scope, scored: terms of the entry it leads or of the clause it stands in, and how exact it is."""
    question = evidence.question
    asked = {(d.first, d.last) for d in question.dates if d.first.day}

    def factors(scanned: Scan, span: Span) -> Sequence[tuple[str, float]]:
        mention = _mention(scanned, span)
        return (
            ("exactness", exactness(question.folded, mention)),
            stance_factor(question, scanned, span.start),
            period_factor(question, scanned, span.start),
            ("asked", 0.3 if (mention.first, mention.last) in asked else 1.0),
        )

    return evidence.candidates(lambda s: [Span(d.start, d.end) for d in s.dates], factors, zones=_zone)


def _mention(scanned: Scan, span: Span) -> DateMention:
    return next(d for d in scanned.dates if d.start == span.start)


def date_of(candidate: Candidate) -> DateMention:
    return _mention(candidate.scan, candidate.span)


def _zone(scanned: Scan, span: Span) -> Span | None:
    """The entry a leading date governs."""
    mention = _mention(scanned, span)
    if not scanned.leads(mention) or not (mention.first.day or mention.first.month):
        return None
    entry = scanned.entry_at(span.start)
    return Span(span.end, entry.end)


def exactness(folded: str, mention: DateMention) -> float:
    """A day where a day is asked for, a year where a year is; a bare year hardly answers "when"."""
    factor = 1.0
    if _WANTS_YEAR.search(folded):
        factor *= 1.0 if mention.first.year else 0.7
    elif mention.first.month is None:
        factor *= 0.4
    if _WANTS_DAY.search(folded) and mention.first.day is None:
        factor *= 0.7 if mention.first.month else 0.3
    if _WANTS_MONTH.search(folded) and mention.first.month is None:
        factor *= 0.3
    if _WANTS_SPAN.search(folded):
        factor *= 1.0 if mention.is_span else 0.75
    return factor


def month_entries(evidence: Evidence) -> list[Candidate]:
    """Entries of a chronicle that carry no date of their own: the month they stand under is the answer."""
    question = evidence.question

    def undated(scanned: Scan) -> list[Span]:
        period = scanned.chunk.period
        if period is None or period.month is None:
            return []
        entries = scanned.entries()
        return [
            Span(e.start, e.end)
            for e in entries
            if not any(e.start <= d.start < e.end and d.first.day for d in scanned.dates)
        ]

    def factors(scanned: Scan, span: Span) -> Sequence[tuple[str, float]]:
        day = _WANTS_DAY.search(question.folded) is not None
        return (("exactness", 0.7 if day else 0.92), stance_factor(question, scanned, span.start))

    return evidence.candidates(undated, factors, zones=lambda _, span: span)
