"""The project's own question sets are only worth scoring against if they are true to the bundled sample reports."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "documents" / "samples"
SETS = ("samples.jsonl", "samples-heldout.jsonl")
TYPES = {"number", "date", "name", "list", "month", "compare", "calc", "conflict", "unanswerable"}
FIELDS = {"id", "lang", "question", "type", "answers", "report", "evidence", "note"}


def load(name: str) -> list[dict[str, Any]]:
    text = (ROOT / "eval" / "sets" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def everything() -> list[dict[str, Any]]:
    return [question for name in SETS for question in load(name)]


def report_lines(name: str) -> list[str]:
    return (SAMPLES / name).read_text(encoding="utf-8").splitlines()


def squeezed(text: str) -> str:
    """The text as answers are judged: NFKC, no white space, no thousands separators."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


def around_evidence(question: dict[str, Any]) -> str:
    """Every evidence line with the two written lines on either side: hard wraps cut names and numbers in two."""
    found: list[str] = []
    for name in question["report"]:
        written = [line for line in report_lines(name) if line.strip()]
        for place, line in enumerate(written):
            if any(snippet in line for snippet in question["evidence"]):
                found += written[max(0, place - 2) : place + 3]
    return squeezed("".join(found))


@pytest.mark.parametrize("name", SETS)
def test_every_question_has_exactly_the_fields_of_the_format(name: str) -> None:
    for question in load(name):
        assert set(question) == FIELDS, question["id"]
        assert question["type"] in TYPES, question["id"]
        assert question["lang"] in {"zh", "en"}, question["id"]


def test_every_evidence_snippet_stands_inside_one_physical_line_of_a_named_sample() -> None:
    for question in everything():
        lines = [line for name in question["report"] for line in report_lines(name)]
        for snippet in question["evidence"]:
            assert any(snippet in line for line in lines), (question["id"], snippet)


def test_each_named_sample_of_an_answerable_question_holds_some_of_its_evidence() -> None:
    for question in everything():
        if question["type"] == "unanswerable":
            continue
        for name in question["report"]:
            text = report_lines(name)
            assert any(snippet in line for snippet in question["evidence"] for line in text), (question["id"], name)


def test_every_expected_value_is_written_near_its_evidence() -> None:
    for question in everything():
        if question["type"] in {"calc", "compare", "unanswerable"}:
            continue  # worked out, or a library's name
        near = around_evidence(question)
        for aliases in question["answers"]:
            assert any(squeezed(alias) in near for alias in aliases), (question["id"], aliases)


def test_both_figures_of_a_comparison_are_written_near_its_evidence() -> None:
    for question in everything():
        if question["type"] == "compare":
            near = around_evidence(question)
            for aliases in question["answers"][1:]:
                assert any(squeezed(alias) in near for alias in aliases), (question["id"], aliases)


def test_only_unanswerable_questions_lack_answers_and_evidence() -> None:
    for question in everything():
        empty = question["type"] == "unanswerable"
        assert (question["answers"] == []) is empty, question["id"]
        assert (question["evidence"] == []) is empty, question["id"]
        assert all(aliases and all(aliases) for aliases in question["answers"]), question["id"]


def test_ids_and_questions_are_unique_across_both_sets() -> None:
    questions = everything()
    assert len({question["id"] for question in questions}) == len(questions)
    assert len({squeezed(question["question"]).casefold() for question in questions}) == len(questions)


def test_there_are_enough_questions_and_a_fifth_of_them_is_held_out() -> None:
    kept, held = (load(name) for name in SETS)
    assert len(kept) + len(held) >= 260
    assert 0.18 <= len(held) / (len(kept) + len(held)) <= 0.22


@pytest.mark.parametrize("name", SETS)
def test_each_language_has_at_least_two_fifths_of_each_set(name: str) -> None:
    count = Counter(question["lang"] for question in load(name))
    assert min(count["zh"], count["en"]) >= 0.4 * count.total()


@pytest.mark.parametrize("name", SETS)
def test_each_set_has_every_type_in_both_languages(name: str) -> None:
    seen = {(question["type"], question["lang"]) for question in load(name)}
    assert seen == {(kind, lang) for kind in TYPES for lang in ("zh", "en")}


@pytest.mark.parametrize("name", SETS)
def test_each_set_asks_about_every_sample(name: str) -> None:
    asked = {report for question in load(name) for report in question["report"]}
    assert asked == {path.name for path in SAMPLES.glob("*.txt")}


def test_calculations_and_comparisons_say_how_they_come_out() -> None:
    for question in everything():
        if question["type"] in {"calc", "compare"}:
            assert question["note"].strip(), question["id"]
