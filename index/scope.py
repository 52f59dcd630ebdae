"""Where to look and what was found: `Scope` and `Hit`.

They stand apart from the stores so that a question can be put together without opening any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from documents.report import Chunk


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the index a question may be answered from. A hard limit: what matches nothing finds nothing.

    ``reports`` of None means every report, an empty set none. A chunk matches ``years`` if any of its periods has one
    of them, and ``months`` if any of its periods has such a month (in such a year, where years are given too).

    >>> Scope().is_open, Scope(reports=frozenset()).is_open, Scope(months=frozenset({3})).is_open
    (True, False, False)
    """

    reports: frozenset[str] | None = None
    years: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()

    @property
    def is_open(self) -> bool:
        return self.reports is None and not self.years and not self.months


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found. Ranks start at 1; None where that ranker did not find it.

    ``score`` orders the hits of one search and means nothing between searches.
    """

    chunk: Chunk
    score: float
    keyword_rank: int | None
    vector_rank: int | None

    def to_dict(self) -> dict[str, Any]:
        """The hit as `qa search --json` and the page's API give it."""
        chunk = self.chunk
        return {
            "report": chunk.report_id,
            "lines": [chunk.lines.start, chunk.lines.end],
            "section": list(chunk.heading),
            "month": chunk.period.month if chunk.period else None,
            "score": round(self.score, 4),
            "keyword_rank": self.keyword_rank,
            "vector_rank": self.vector_rank,
            "text": chunk.text,
        }
