from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from documents.errors import InvalidQuestionFile
from eval.runner import Outcome
from eval.scoreboard import Comparison, Scoreboard, compare

RIGHT = Outcome("q1", "zh", "number", True, False, True, True, False, 1, 0.9, 10.0, "32座")
WRONG = replace(RIGHT, id="q2", lang="en", right=False, citation_hit=False, wrong_scope=True, lines_cited=3, ms=20.0)
REFUSED = replace(
    RIGHT, id="q3", type="list", right=False, abstained=True, citation_hit=False, lines_cited=0, confidence=0.1, ms=30.0
)
NOTHING = replace(RIGHT, id="q4", lang="en", type="unanswerable", abstained=True, citation_hit=None, lines_cited=0)
FAILED = replace(RIGHT, id="q5", right=False, citation_hit=False, lines_cited=0, confidence=0.0, error="No model.")
BOARD = Scoreboard((RIGHT, WRONG, REFUSED, NOTHING, FAILED))


def printed(board: Scoreboard) -> str:
    out = io.StringIO()
    board.print(Console(file=out, width=80))
    return out.getvalue()


def test_totals_count_every_outcome_once() -> None:
    totals = BOARD.totals
    assert (totals.questions, totals.right, totals.accuracy) == (5, 2, 0.4)
    assert (totals.wrong_scope, totals.abstained, totals.errors) == (1, 2, 1)
    assert sum(t.questions for t in BOARD.by_lang.values()) == sum(t.questions for t in BOARD.by_type.values()) == 5


def test_citations_are_judged_on_the_answers_that_were_given() -> None:
    assert (BOARD.totals.citation_hits, BOARD.totals.lines_cited) == (0.5, 2.0)


def test_times_are_those_of_a_question_that_was_asked() -> None:
    assert (BOARD.totals.ms_p50, BOARD.totals.ms_p95) == (10.0, 30.0)


def test_cells_split_type_by_language() -> None:
    assert (BOARD.cell("number", "zh").right, BOARD.cell("number", "en").right) == (1, 0)
    assert BOARD.cell("calc", "zh").accuracy is None


def test_refusing_lowers_abstention_precision_and_an_error_is_no_abstention() -> None:
    assert (BOARD.abstention.precision, BOARD.abstention.recall, BOARD.abstention.refused) == (0.5, 1.0, 0.25)


def test_reliability_is_over_given_answers() -> None:
    assert [(b.count, b.accuracy) for b in BOARD.reliability] == [(2, 0.5)]


def test_json_gives_back_the_same_scoreboard() -> None:
    assert Scoreboard.from_json(BOARD.to_json()) == BOARD
    assert json.loads(BOARD.to_json())["totals"]["accuracy"] == 0.4


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"outcomes": [1]}', '{"outcomes": [{"id": "q"}]}'])
def test_json_that_is_no_run_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(InvalidQuestionFile, match=r"^old\.json: .* qa eval"):
        Scoreboard.from_json(text, "old.json")


def test_an_outcome_of_the_wrong_type_is_refused() -> None:
    record = json.loads(BOARD.to_json())
    record["outcomes"][1]["right"] = 1
    with pytest.raises(InvalidQuestionFile, match="outcome 2: right is 1"):
        Scoreboard.from_json(json.dumps(record))


def test_the_table_has_a_row_for_each_type_and_the_total() -> None:
    rows = [line.split() for line in printed(BOARD).splitlines()]
    assert ["number", "1/2", "0/1", "1/3", "33.3%", "50.0%", "1", "2.0"] in rows
    assert ["total", "1/3", "1/2", "2/5", "40.0%", "50.0%", "1", "2.0"] in rows
    names = {"number", "list", "unanswerable", "total"}
    assert [row[0] for row in rows if row and row[0] in names] == ["number", "list", "unanswerable", "total"]


def test_errors_are_told_one_by_one() -> None:
    assert "error: q5: No model." in printed(BOARD)


def test_without_a_terminal_the_print_is_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    BOARD.print()
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "total" in out


def test_evidence_that_is_nowhere_is_told() -> None:
    lost = replace(RIGHT, id="q9", citation_hit=None, evidence_found=False)
    assert Scoreboard((lost,)).evidence_missing == ("q9",)
    assert "q9" in printed(Scoreboard((lost,)))


def test_no_outcomes_make_an_empty_scoreboard_not_a_division_by_zero() -> None:
    assert Scoreboard(()).totals.accuracy is None
    assert "total" in printed(Scoreboard(()))


def test_comparing_names_the_questions_that_changed() -> None:
    now = Scoreboard((RIGHT, replace(WRONG, right=True), replace(REFUSED, id="new")))
    before = Scoreboard((replace(RIGHT, right=False), WRONG, replace(NOTHING, id="old")))
    assert compare(now, before) == Comparison(("q1", "q2"), (), ("new",), ("old",))
    assert compare(before, now) == Comparison((), ("q1", "q2"), ("old",), ("new",))
