"""Asks every question and marks every answer; what fails is counted, never dropped.

It knows no assistant: ``ask`` is any callable from a question to the JSON object of `qa ask --json`, so the library,
the command line and a foreign system are measured by the same code.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from documents.errors import ReportQAError, UnknownReport
from documents.files import write_whole
from eval.metrics import (
    LinesOf,
    Place,
    Result,
    cited_ranges,
    covers,
    evidence_lines,
    is_right,
    lines_cited,
    wrong_scope,
)
from eval.questions import Question

if TYPE_CHECKING:
    from rich.console import Console

Ask = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question went.

    ``said`` is the bare value, or the answer where there is none. ``citation_hit`` is None where nothing can be judged:
    the question lists no evidence, or (``evidence_found`` False) its snippets stand on no line of the reports.
    ``ms`` is wall time in milliseconds. ``error`` is the message of a question that could not be answered at all; such
    an outcome is neither right nor abstained. ``answerer`` is who worded the answer.
    """

    id: str
    lang: str
    type: str
    right: bool
    abstained: bool
    citation_hit: bool | None
    evidence_found: bool
    wrong_scope: bool
    lines_cited: int
    confidence: float
    ms: float
    said: str = ""
    error: str | None = None
    answerer: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """The outcomes, and the answers they were judged on (each the JSON object with the question's ``id``), in order."""

    outcomes: tuple[Outcome, ...]
    answers: tuple[Mapping[str, Any], ...]

    def like(self, questions: Sequence[Question]) -> Run:
        """The same run in the order of these questions."""
        place = {outcome.id: n for n, outcome in enumerate(self.outcomes)}
        order = [place[question.id] for question in questions]
        return Run(tuple(self.outcomes[n] for n in order), tuple(self.answers[n] for n in order))

    def write_answers(self, path: Path) -> None:
        """One JSON object a line, UTF-8. The file appears whole or not at all. Raises OSError."""
        write_whole(path, "".join(json.dumps(answer, ensure_ascii=False) + "\n" for answer in self.answers))


def run(questions: Sequence[Question], ask: Ask, lines_of: LinesOf, console: Console | None = None) -> Run:
    """Ask all questions, one after another, and judge the answers.

    A ReportQAError from ``ask`` becomes an outcome with ``error``; any other exception is a defect and is let through.
    ``console`` is where progress is drawn when it is a terminal (default: stderr).
    """
    outcomes: list[Outcome] = []
    answers: list[Mapping[str, Any]] = []
    with _progress(questions, console) as steps:
        for question in steps:
            result, ms = _asked(question, ask)
            outcomes.append(judge(question, result, lines_of, ms))
            answers.append({"id": question.id, **result})
    return Run(tuple(outcomes), tuple(answers))


def judge(question: Question, result: Result, lines_of: LinesOf, ms: float = 0.0) -> Outcome:
    """The outcome of one question, from the JSON object it was answered with."""
    error = result.get("error")
    evidence = _evidence(question, lines_of)
    found = not question.evidence or any(evidence)
    return Outcome(
        id=question.id,
        lang=question.lang,
        type=question.type,
        right=error is None and is_right(question, result),
        abstained=bool(result["abstained"]),
        citation_hit=covers(cited_ranges(result), evidence) if any(evidence) else None,
        evidence_found=found,
        wrong_scope=wrong_scope(question, result),
        lines_cited=lines_cited(result),
        confidence=float(result["confidence"]),
        ms=round(ms, 1),
        said=result["short"] or result["answer"],
        error=error,
        answerer=result.get("answerer"),
    )


def _asked(question: Question, ask: Ask) -> tuple[Result, float]:
    start = time.perf_counter()
    try:
        result = ask(question.question)
    except ReportQAError as error:
        result = _unanswered(question.question, str(error))
    return result, (time.perf_counter() - start) * 1000


def _unanswered(question: str, message: str) -> Result:
    """The JSON object of a question that ended in an error: the usual keys, all empty, and ``error``."""
    return {
        "question": question,
        "answer": "",
        "short": None,
        "abstained": False,
        "reason": None,
        "answerer": None,
        "confidence": 0.0,
        "citations": [],
        "conflicts": [],
        "scope": {"reports": [], "year": None, "month": None},
        "timing_ms": {"open": 0, "search": 0, "answer": 0},
        "error": message,
    }


def _evidence(question: Question, lines_of: LinesOf) -> tuple[frozenset[Place], ...]:
    """An evidence report that is not indexed makes the citation unjudged (and told), not the whole run fail."""
    try:
        return evidence_lines(question, lines_of)
    except UnknownReport:
        return ()


@contextmanager
def _progress(questions: Sequence[Question], console: Console | None) -> Iterator[Iterable[Question]]:
    """The questions, with a bar beside them where somebody can see it."""
    from rich.console import Console
    from rich.progress import Progress

    shown = console or Console(stderr=True)
    with Progress(console=shown, transient=True, disable=not shown.is_terminal) as progress:
        yield progress.track(questions, description="Asking")
