from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from documents.errors import ModelUnavailable, UnknownReport
from eval.questions import Question
from eval.runner import judge, run

ASKED = Question("q1", "zh", "多少座？", "number", (("32",),), ("a.txt",), ("32 座",))


def lines_of(name: str) -> list[str]:
    if name != "a.txt":
        raise UnknownReport(f"No report {name}. See: qa reports")
    return ["概况", "共有 32 座"]


def answer(question: str, **change: Any) -> dict[str, Any]:
    """The JSON object of `qa ask --json`."""
    return {
        "question": question,
        "answer": "共有32座。",
        "short": "32座",
        "abstained": False,
        "reason": None,
        "answerer": "extractive",
        "confidence": 0.9,
        "citations": [{"n": 1, "report": "a", "path": "x/a.txt", "lines": [2, 2], "quote": "共有 32 座"}],
        "conflicts": [],
        "scope": {"reports": ["a"], "year": None, "month": None},
        "timing_ms": {"open": 0, "search": 0, "answer": 0},
    } | change


def test_an_answer_is_judged_on_value_citation_and_scope() -> None:
    (outcome,) = run([ASKED], answer, lines_of).outcomes
    assert (outcome.id, outcome.right, outcome.citation_hit, outcome.wrong_scope) == ("q1", True, True, False)
    assert (outcome.lines_cited, outcome.abstained, outcome.confidence, outcome.said) == (1, False, 0.9, "32座")
    assert outcome.ms >= 0


def test_a_failing_question_is_counted_and_the_run_goes_on() -> None:
    def ask(question: str) -> Mapping[str, Any]:
        if question == ASKED.question:
            raise ModelUnavailable("No model at x. Start one.")
        return answer(question)

    other = Question("q2", "zh", "还有多少座？", "number", (("32",),), ("a.txt",), ("32 座",))
    failed, good = run([ASKED, other], ask, lines_of).outcomes
    assert (failed.error, failed.right, failed.abstained) == ("No model at x. Start one.", False, False)
    assert good.right


def test_an_error_on_an_unanswerable_question_is_not_right() -> None:
    def ask(_: str) -> Mapping[str, Any]:
        raise ModelUnavailable("No model at x. Start one.")

    (outcome,) = run([Question("q", "en", "?", "unanswerable", ())], ask, lines_of).outcomes
    assert not outcome.right


def test_a_defect_is_not_taken_for_a_wrong_answer() -> None:
    def ask(_: str) -> Mapping[str, Any]:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        run([ASKED], ask, lines_of)


@pytest.mark.parametrize(("report", "snippet"), [("a.txt", "33 座"), ("gone.txt", "32 座")])
def test_evidence_that_is_nowhere_leaves_the_citation_unjudged_and_told(report: str, snippet: str) -> None:
    asked = Question("q", "zh", "？", "number", (("32",),), (report,), (snippet,))
    outcome = judge(asked, answer("？"), lines_of)
    assert (outcome.right, outcome.citation_hit, outcome.evidence_found) == (True, None, False)


def test_a_question_without_evidence_has_no_citation_to_judge() -> None:
    outcome = judge(Question("q", "zh", "？", "number", (("32",),)), answer("？"), lines_of)
    assert (outcome.citation_hit, outcome.evidence_found) == (None, True)


def test_answers_are_written_one_a_line_in_order_with_their_ids(tmp_path: Path) -> None:
    def ask(question: str) -> Mapping[str, Any]:
        if question == "?":
            raise ModelUnavailable("No model at x. Start one.")
        return answer(question)

    path = tmp_path / "out.jsonl"
    run([ASKED, Question("q2", "en", "?", "unanswerable", ())], ask, lines_of).write_answers(path)
    first, second = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert first == {"id": "q1", **answer(ASKED.question)}
    assert second.keys() == first.keys() | {"error"}
    assert (second["id"], second["answer"], second["error"]) == ("q2", "", "No model at x. Start one.")


def test_answers_that_cannot_be_written_leave_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old", encoding="utf-8")
    unwritable = run([ASKED], lambda q: answer(q, answer="\ud800"), lines_of)
    with pytest.raises(UnicodeEncodeError):
        unwritable.write_answers(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_progress_is_silent_where_nobody_watches() -> None:
    out = io.StringIO()
    run([ASKED], answer, lines_of, console=Console(file=out, force_terminal=False))
    assert out.getvalue() == ""


def test_progress_is_drawn_on_a_terminal() -> None:
    out = io.StringIO()
    run([ASKED], answer, lines_of, console=Console(file=out, force_terminal=True))
    assert "Asking" in out.getvalue()
