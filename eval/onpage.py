"""Evaluations as the chat page shows them: a question set run step by step, kept, and set beside the run before.

The page stands below this package and knows none of it; ``evaluations`` hands it what it needs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from documents.errors import InvalidQuestionFile, ReportQAError
from eval.questions import Question, load_questions
from eval.runner import Outcome, run
from eval.scoreboard import Scoreboard, compare
from qa.assistant import Assistant
from qa.page.evaluation import Evaluations, Miss, Place, Result, Score, Step
from qa.scoring import lines_reader

STEPS = 40  # how many times a run tells how far it is


def evaluations(assistant: Assistant, home: Path) -> Evaluations:
    """The bundled sets that are there to be looked at, and a way to run any."""
    folder = Path(str(files("eval") / "sets"))
    found = [path for path in sorted(folder.glob("*.jsonl")) if not path.stem.endswith("-heldout")]
    # Those about what is indexed come first.
    sets = {path.stem: path for path in sorted(found, key=lambda p: len(_not_indexed(assistant, load_questions(p))))}
    return Evaluations(sets, lambda path: _run(assistant, path, home / "app" / "runs"))


def _run(assistant: Assistant, path: Path, kept: Path) -> Iterator[Step]:
    questions = load_questions(path)
    read = lines_reader(assistant)
    outcomes: list[Outcome] = []
    answers: list[dict[str, object]] = []
    stride = max(1, len(questions) // STEPS)
    yield Step(0, len(questions))
    for start in range(0, len(questions), stride):
        part = run(questions[start : start + stride], lambda text: assistant.ask(text).to_dict(), read)
        outcomes += part.outcomes
        answers += [dict(answer) for answer in part.answers]
        yield Step(len(outcomes), len(questions))
    board = Scoreboard(tuple(outcomes))
    result = _result(board, questions, answers, _earlier(kept, questions))
    yield Step(len(questions), len(questions), replace(result, not_indexed=_not_indexed(assistant, questions)))
    _keep(kept, questions, board)


def _not_indexed(assistant: Assistant, questions: Sequence[Question]) -> tuple[str, ...]:
    indexed = {Path(r.source).name for r in assistant.reports()}
    return tuple(sorted({name for q in questions for name in q.reports} - indexed))


def _result(
    board: Scoreboard, questions: Sequence[Question], answers: Sequence[dict[str, object]], earlier: Scoreboard | None
) -> Result:
    totals = board.totals
    change = compare(board, earlier) if earlier else None
    return Result(
        total=Score(totals.right, totals.questions),
        scores={
            (type_, lang): Score(tally.right, tally.questions)
            for type_ in board.by_type
            for lang in board.by_lang
            if (tally := board.cell(type_, lang)).questions
        },
        citations=totals.citation_hits,
        wrong_scope=totals.wrong_scope,
        abstained=totals.abstained,
        median_ms=totals.ms_p50,
        misses=tuple(_misses(board, questions, answers)),
        fixed=change.fixed if change else None,
        broken=change.broken if change else (),
    )


def _misses(board: Scoreboard, questions: Sequence[Question], answers: Sequence[dict[str, object]]) -> Iterator[Miss]:
    for question, outcome, answer in zip(questions, board.outcomes, answers, strict=True):
        if outcome.right:
            continue
        citations = answer.get("citations")
        cited = [Place(c["report"], *c["lines"]) for c in citations] if isinstance(citations, list) else []
        wanted = " + ".join(" / ".join(aliases[:2]) for aliases in question.answers)
        said = outcome.error or outcome.said
        yield Miss(question.id, question.type, question.question, wanted, said, question.evidence, tuple(cited[:4]))


def _path(kept: Path, questions: Sequence[Question]) -> Path:
    """A set is known by what it asks, wherever its file lies."""
    digest = hashlib.sha256("\n".join(f"{q.id} {q.question}" for q in questions).encode()).hexdigest()[:16]
    return kept / f"{digest}.json"


def _earlier(kept: Path, questions: Sequence[Question]) -> Scoreboard | None:
    path = _path(kept, questions)
    try:
        return Scoreboard.from_json(path.read_text("utf-8"), str(path)) if path.is_file() else None
    except InvalidQuestionFile:
        return None  # written by an earlier version: nothing to compare with


def _keep(kept: Path, questions: Sequence[Question], board: Scoreboard) -> None:
    try:
        kept.mkdir(parents=True, exist_ok=True)
        _path(kept, questions).write_text(board.to_json(), "utf-8")
    except OSError as error:
        raise ReportQAError(
            f"The run could not be kept in {kept}: {error.strerror}. Free or unlock the folder."
        ) from error
