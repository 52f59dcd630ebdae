from __future__ import annotations

import pytest

from documents.errors import InvalidQuestionFile, UnknownReport
from eval.questions import Question
from eval.runner import run
from eval.scoreboard import Comparison
from qa.assistant import Assistant
from qa.scoring import compared, lines_reader, missed, run_text

RIGHT = Question("a", "zh", "昆图年底总藏书量有多少册？", "number", (("3008005",),))
WRONG = Question("b", "zh", "昆图年底总藏书量有多少册？", "number", (("7", "七"), ("8",)))
NEVER = Question("c", "zh", "昆图年底总藏书量有多少册？", "unanswerable", ())


def test_lines_are_read_by_file_name(assistant: Assistant) -> None:
    lines = lines_reader(assistant)("xuchang-2019.txt")
    assert "32 座智慧阅读空间" in lines[106]
    with pytest.raises(UnknownReport, match=r"elsewhere\.txt.*qa index"):
        lines_reader(assistant)("elsewhere.txt")


def test_only_misses_are_listed_with_what_was_wanted_and_said(assistant: Assistant) -> None:
    asked = [RIGHT, WRONG, NEVER]
    done = run(asked, lambda question: assistant.ask(question).to_dict(), lines_reader(assistant))
    first, second = missed(asked, done)
    assert first == f"b [number] {WRONG.question}\n    wanted 7 + 8 · said '3008005册'"
    assert "wanted (abstain)" in second


def test_a_comparison_tells_what_only_one_run_asked() -> None:
    assert list(compared(Comparison(("a",), (), (), ()))) == ["fixed: a", "broken: none"]
    assert list(compared(Comparison((), ("b", "c"), ("d",), ())))[1:] == [
        "broken: b, c",
        "asked only now: 1; asked only then: 0",
    ]


def test_a_run_that_cannot_be_read_names_the_command_that_makes_one(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "latin.json").write_bytes(b"\xff")
    for name in ("nowhere.json", "latin.json"):
        with pytest.raises(InvalidQuestionFile, match="qa eval … --json"):
            run_text(tmp_path / name)
