"""What comes out: an answer with its citations, in the form every door (CLI, app, eval) shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from documents.report import LineRange, Period
from index.scope import Hit, Scope

# Who words an answer: a language model where one is configured, the built-in answerer, a language model or an error.
Answerer = Literal["auto", "extractive", "llm"]
SHORT_AT_MOST = 60  # characters


@dataclass(frozen=True, slots=True)
class Citation:
    """The verbatim physical lines an answer rests on.

    ``digest`` is the report file's SHA-256 when it was indexed. ``periods`` are the years and months that hold for the
    lines where they do not name them themselves: of the entry, of the column of a table.
    """

    number: int
    report_id: str
    path: str
    digest: str
    lines: LineRange
    page: int | None
    section: tuple[str, ...]
    period: Period | None
    quote: str
    periods: frozenset[Period] = frozenset()

    def to_dict(self) -> dict[str, Any]:
        return {
            "n": self.number,
            "report": self.report_id,
            "path": self.path,
            "lines": [self.lines.start, self.lines.end],
            "page": self.page,
            "section": list(self.section),
            "month": self.period.month if self.period else None,
            "quote": self.quote,
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another value the reports give for the same thing, and the citation that carries it."""

    value: str
    citation: int


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds spent opening the index, searching and answering."""

    open: float = 0.0
    search: float = 0.0
    answer: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What a language model did for an answer, over all ``calls`` made for it.

    ``struck`` sentences did not pass the check; ``rejected`` readings of the question (put in full, taken apart) were
    not used; ``note`` tells of both, or why the model was set aside and the built-in answer stands. ``cost`` is in the
    currency of the configured prices.
    """

    name: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None
    struck: int = 0
    note: str | None = None
    calls: int = 1
    rejected: int = 0

    def __add__(self, later: ModelUse) -> ModelUse:
        """This use and a later one for the same answer."""
        costs = [cost for cost in (self.cost, later.cost) if cost is not None]
        return ModelUse(
            self.name,
            self.prompt_tokens + later.prompt_tokens,
            self.completion_tokens + later.completion_tokens,
            sum(costs) if costs else None,
            self.struck + later.struck,
            "; ".join(note for note in (self.note, later.note) if note) or None,
            self.calls + later.calls,
            self.rejected + later.rejected,
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cost": self.cost,
            "struck": self.struck,
            "note": self.note,
            "calls": self.calls,
            "rejected": self.rejected,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that passed the check, or an abstention with its reason."""

    question: str
    text: str
    short: str | None = None
    abstained: bool = False
    reason: str | None = None
    answerer: str = "extractive"
    confidence: float = 0.0
    citations: tuple[Citation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    hits: tuple[Hit, ...] = ()
    scope: Scope = field(default_factory=Scope)
    explanation: tuple[str, ...] = ()
    timing: Timing = field(default_factory=Timing)
    model: ModelUse | None = None

    def to_dict(self) -> dict[str, Any]:
        """The contract of ``qa ask --json``; ``model`` is there only when one was asked."""
        scope = self.scope
        used = {"model": self.model.to_dict()} if self.model else {}
        return {
            "question": self.question,
            "answer": self.text,
            "short": self.short,
            "abstained": self.abstained,
            "reason": self.reason,
            "answerer": self.answerer,
            "confidence": round(self.confidence, 3),
            "citations": [c.to_dict() for c in self.citations],
            "conflicts": [{"value": c.value, "citation": c.citation} for c in self.conflicts],
            "scope": {
                "reports": sorted(scope.reports) if scope.reports is not None else None,
                "year": min(scope.years) if len(scope.years) == 1 else (sorted(scope.years) or None),
                "month": min(scope.months) if len(scope.months) == 1 else (sorted(scope.months) or None),
            },
            "timing_ms": {
                "open": round(self.timing.open, 1),
                "search": round(self.timing.search, 1),
                "answer": round(self.timing.answer, 1),
            },
        } | used
