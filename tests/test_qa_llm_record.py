"""A model's record: earned on what is sure, lost again, kept by model and address."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.llm.record import LAST, Record


@pytest.mark.parametrize(
    ("agreed", "believed"),
    [
        ([], False),
        ([True] * 9, False),
        ([True] * 10, True),
        ([True] * 7 + [False] * 3, False),
        ([True, False] * 9, False),
    ],
)
def test_belief_takes_ten_sure_questions_and_three_in_four_agreed(agreed: list[bool], believed: bool) -> None:
    record = Record("m")
    for one in agreed:
        record.note(one)
    assert record.believed is believed


def test_what_a_model_was_long_ago_counts_for_nothing() -> None:
    record = Record("m")
    for agreed in [True] * 100 + [False] * (LAST // 2):
        record.note(agreed)
    assert not record.believed


def test_each_model_has_its_own_record_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "records.json"
    for _ in range(10):
        Record("good", file).note(True)
        Record("bad", file).note(False)
    assert (Record("good", file).believed, Record("bad", file).believed, Record("new", file).believed) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("held", ["", "[]", "{", '{"m": "yes"}', '{"m": [1, 2]}', '{"m": null}'])
def test_a_file_of_something_else_is_no_record(tmp_path: Path, held: str) -> None:
    file = tmp_path / "records.json"
    file.write_text(held, encoding="utf-8")
    record = Record("m", file)
    record.note(True)
    assert str(Record("m", file)) == "1 of 1"


def test_a_home_that_cannot_be_written_keeps_the_record_for_the_process(tmp_path: Path) -> None:
    record = Record("m", tmp_path / "missing" / "records.json")
    for _ in range(10):
        record.note(True)
    assert record.believed
