"""What ``qa eval`` needs beside the eval package: the reports' lines, the misses, a comparison with an earlier run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from documents.errors import InvalidQuestionFile, UnknownReport
from qa.assistant import Assistant

if TYPE_CHECKING:
    from eval.questions import Question
    from eval.runner import Run
    from eval.scoreboard import Comparison


def lines_reader(assistant: Assistant) -> Callable[[str], Sequence[str]]:
    """The physical lines of an indexed report by its file name. Raises ``UnknownReport``."""
    by_name = {Path(r.source).name: r.id for r in assistant.reports()}
    held: dict[str, Sequence[str]] = {}

    def lines(name: str) -> Sequence[str]:
        if name not in by_name:
            raise UnknownReport(
                f"The questions name {name}, which is not indexed. Index its folder with: qa index FOLDER"
            )
        if name not in held:
            held[name] = [line.text for line in assistant.report(by_name[name]).lines]
        return held[name]

    return lines


def surest_first(assistant: Assistant, questions: Sequence[Question]) -> list[Question]:
    """First those the built-in answerer is sure of: a language model is judged by them before its own word counts."""
    from qa.llm.record import is_sure

    sure = {q.id for q in questions if is_sure(assistant.drawn(assistant.understand(q.question)))}
    return sorted(questions, key=lambda q: q.id not in sure)


def missed(questions: Sequence[Question], run: Run) -> Iterator[str]:
    """A line for each wrong answer: what was asked, wanted and said."""
    for question, outcome in zip(questions, run.outcomes, strict=True):
        if not outcome.right:
            wanted = " + ".join(aliases[0] for aliases in question.answers) or "(abstain)"
            yield f"{question.id} [{question.type}] {question.question}\n    wanted {wanted} · said {outcome.said!r}"


def run_text(path: Path) -> str:
    """What a run kept with ``--json`` holds. Raises ``InvalidQuestionFile``."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise InvalidQuestionFile(f"Cannot read {path}: {reason}. Make one with: qa eval … --json > {path}") from error


def compared(difference: Comparison) -> Iterator[str]:
    """Which questions were fixed and which were broken since an earlier run, and which only one of the two asked."""
    yield f"fixed: {', '.join(difference.fixed) or 'none'}"
    yield f"broken: {', '.join(difference.broken) or 'none'}"
    if difference.added or difference.dropped:
        yield f"asked only now: {len(difference.added)}; asked only then: {len(difference.dropped)}"
