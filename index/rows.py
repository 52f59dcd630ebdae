"""Reports' parts as rows of the catalog and back, and a scope as a condition on its chunks."""

from __future__ import annotations

import json
from typing import Any

from documents.report import Chunk, LineRange, Passage, Period, Section, Stance
from index.scope import Scope

# The columns `chunk_of` takes, of ``chunks c``.
CHUNK_COLUMNS = "c.id, c.report_id, c.heading, c.year, c.month, c.stance, c.text, c.anchors, c.periods"
IN_LIST = "IN (SELECT value FROM json_each(?))"


def condition(scope: Scope) -> tuple[str, list[Any]]:
    """The WHERE clause of a scope over ``chunks c``."""
    clauses: list[str] = []
    values: list[Any] = []
    if scope.reports is not None:
        clauses.append(f"c.report_id {IN_LIST}")
        values.append(json.dumps(sorted(scope.reports)))
    dates = [(name, wanted) for name, wanted in (("year", scope.years), ("month", scope.months)) if wanted]
    if dates:
        # Year and month of the same period: March 2019 is not a chunk of 2019 that also names March 2018.
        within = " AND ".join(f"{name} {IN_LIST}" for name, _ in dates)
        clauses.append(f"c.key IN (SELECT chunk FROM chunk_periods WHERE {within})")
        values += [json.dumps(sorted(wanted)) for _, wanted in dates]
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def period_row(period: Period | None) -> tuple[int | None, int | None]:
    return (None, None) if period is None else (period.year, period.month)


def _period(year: int | None, month: int | None) -> Period | None:
    return None if year is None else Period(year, month)


def section_of(
    title: str, level: int, first: int, last: int, year: int | None, month: int | None, stance: str
) -> Section:
    return Section(title, level, LineRange(first, last), _period(year, month), Stance(stance))


def chunk_row(chunk: Chunk, ordinal: int) -> tuple[object, ...]:
    heading = json.dumps(chunk.heading, ensure_ascii=False)
    anchors = json.dumps(chunk.passage.anchors, separators=(",", ":"))
    periods = json.dumps(sorted(map(period_row, chunk.periods), key=lambda p: (p[0], p[1] or 0)))
    place = (chunk.id, chunk.report_id, ordinal, heading, *period_row(chunk.period), chunk.stance.value)
    return (*place, chunk.text, anchors, periods)


def chunk_of(
    chunk_id: str,
    report_id: str,
    heading: str,
    year: int | None,
    month: int | None,
    stance: str,
    text: str,
    anchors: str,
    periods: str,
) -> Chunk:
    passage = Passage(text, tuple((offset, number) for offset, number in json.loads(anchors)))
    named = frozenset(Period(y, m) for y, m in json.loads(periods))
    return Chunk(chunk_id, report_id, tuple(json.loads(heading)), _period(year, month), Stance(stance), passage, named)
