"""What happened in a month, quarter or half-year: every entry of the chronicle, each with its lines."""

from __future__ import annotations

import re

from documents.marks import start_of
from documents.report import Stance
from qa.extract.evidence import Evidence
from qa.extract.finding import Finding, Support, Value
from qa.saying.wording import compact
from qa.scan import Scan, Span

_MOST = 60


def what_happened(evidence: Evidence) -> Finding | None:
    """Entries under the months asked for; where there is a chronicle, nothing but the chronicle."""
    months = evidence.question.scope.months
    entries = [(s, span) for s, span in evidence.entries() if s.stance_at(span.start) is Stance.ACHIEVED]
    under_month = [(s, span) for s, span in entries if s.chunk.period and s.chunk.period.month in months]
    values = [entry_value(s, span) for s, span in under_month or entries][:_MOST]
    if not values:
        return None
    return Finding(None, tuple(values), 0.95 if under_month else 0.6)


def entry_value(scanned: Scan, span: Span) -> Value:
    text = compact(scanned.chunk.text[span.start : span.end])
    mark = start_of(text)
    shown = re.sub(r"^[、.．。\s]+", "", text[mark.end :] if mark else text)
    return Value(shown, Support(scanned, scanned.lines(span.start, span.end), shown))
