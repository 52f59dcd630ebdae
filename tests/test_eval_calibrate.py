"""Weights are fitted from answers and whether they are right."""

from __future__ import annotations

from eval.calibrate import SETS, Row, fit
from eval.questions import load_questions
from qa.extract import trust


def row(score: float, silent: float, right: bool, weight: float = 1.0) -> Row:
    return Row({"score": score, "silent": silent}, right, weight)


ROWS = [row(n / 10, (n % 3) / 3, n > 4) for n in range(12)]


def test_what_goes_with_being_right_weighs_for_it() -> None:
    weights = fit(ROWS)
    assert weights["score"] > 0
    assert weights["score"] > abs(weights["silent"])


def test_a_row_that_counts_for_nothing_changes_nothing() -> None:
    assert fit([*ROWS, row(0.9, 0.0, right=False, weight=0.0)])["bias"] != 0


def test_chances_rise_with_the_score() -> None:
    weights = fit(ROWS)
    low, high = (trust.logistic(weights["bias"] + weights["score"] * score) for score in (0.1, 1.0))
    assert 0 < low < 0.5 < high <= 0.99


def test_no_question_kept_to_measure_by_is_read() -> None:
    names = {name for sets in SETS.values() for name in sets}
    assert "samples-heldout.jsonl" not in names


def test_the_questions_that_have_no_answer_are_all_such() -> None:
    from eval.calibrate import ROOT

    for name in ("silent-samples.jsonl", "silent-fixtures.jsonl"):
        assert all(not question.answerable for question in load_questions(ROOT / "sets" / name))
