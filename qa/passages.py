"""What the shims for other libraries share: a hard scope from plain arguments, chunks and citations as flat metadata.

A vector store takes texts and numbers, and no missing values: what is not known is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from documents.errors import UnknownReport
from documents.report import Chunk, Period, Report
from index.scope import Scope
from index.store import Index
from qa.answer import Citation
from qa.assistant import Assistant

Metadata = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Source:
    """Whose passages they are."""

    report_id: str
    path: str
    organisation: str | None
    year: int | None

    @classmethod
    def of(cls, report: Report) -> Source:
        return cls(report.id, report.source, report.organisation, report.year)


def assistant_over(source: Assistant | Index) -> Assistant:
    return source if isinstance(source, Assistant) else Assistant(source)


def scope_within(
    assistant: Assistant, reports: Collection[str] | None, years: Iterable[int], months: Iterable[int]
) -> Scope:
    """The part of an index named by report ids (None: all), years and months. Raises ``UnknownReport``."""
    known = {report.id for report in assistant.reports()}
    for report in reports or ():
        if report not in known:
            raise UnknownReport(f"No report {report!r} in the index. There are: {', '.join(sorted(known)) or 'none'}.")
    return Scope(None if reports is None else frozenset(reports), frozenset(years), frozenset(months))


def sources(assistant: Assistant, report_ids: Iterable[str]) -> dict[str, Source]:
    """The source of each report; of one that another process took out a moment ago, all that is left is its id."""
    known = {r.id: Source(r.id, r.source, r.organisation, r.year) for r in assistant.reports()}
    return {report: known.get(report, Source(report, report, None, None)) for report in report_ids}


def chunk_metadata(chunk: Chunk, source: Source) -> Metadata:
    """Where a chunk stands: ``start_line`` and ``end_line`` are physical lines of the file, both inclusive."""
    return _told(source) | {
        "start_line": chunk.lines.start,
        "end_line": chunk.lines.end,
        "section": " › ".join(chunk.heading),
        **_period(chunk.period),
        "stance": chunk.stance.value,
    }


def citation_metadata(citation: Citation, source: Source) -> Metadata:
    """The same for the lines an answer cites; ``digest`` is the SHA-256 of the report's file."""
    return _told(source) | {
        "citation": citation.number,
        "start_line": citation.lines.start,
        "end_line": citation.lines.end,
        "section": " › ".join(citation.section),
        **_period(citation.period),
        **({"page": citation.page} if citation.page else {}),
        "digest": citation.digest,
    }


def _told(source: Source) -> Metadata:
    told: Metadata = {"report": source.report_id, "file_path": source.path, "file_name": PurePath(source.path).name}
    if source.organisation:
        told["organisation"] = source.organisation
    return told | ({"year": source.year} if source.year else {})


def _period(period: Period | None) -> Metadata:
    if period is None:
        return {}
    return {"year": period.year, "month": period.month} if period.month else {"year": period.year}
