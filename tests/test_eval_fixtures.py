"""The fixture reports stand for other people's files; their questions count only if they are true to them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from documents.readers import read_lines
from eval.questions import QUESTION_TYPES, Question, load_questions

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "tests" / "fixtures" / "reports"
QUESTIONS = load_questions(ROOT / "eval" / "sets" / "fixtures.jsonl")
WORKED_OUT = {"calc", "compare", "unanswerable"}


@cache
def lines_of(name: str) -> tuple[str, ...]:
    return tuple(line.text for line in read_lines(REPORTS / name).lines)


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().replace(",", "").split())


def around(question: Question) -> str:
    """The lines of evidence and their written neighbours: prose is wrapped by hand, a table may hold a cell a line."""
    found: list[str] = []
    for name in question.reports:
        written = [line for line in lines_of(name) if line.strip()]
        for at, line in enumerate(written):
            if any(snippet in line for snippet in question.evidence):
                found += written[max(0, at - 2) : at + 3]
    return squeezed("".join(found))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_every_snippet_of_evidence_stands_inside_one_line_of_a_named_report(question: Question) -> None:
    lines = [line for name in question.reports for line in lines_of(name)]
    for snippet in question.evidence:
        assert any(snippet in line for line in lines), snippet


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.type not in WORKED_OUT], ids=lambda q: q.id)
def test_every_expected_value_is_written_near_its_evidence(question: Question) -> None:
    near = around(question)
    for aliases in question.answers:
        assert any(squeezed(alias) in near for alias in aliases), aliases


def test_evidence_is_given_for_every_answerable_question_and_for_no_other() -> None:
    assert [q.id for q in QUESTIONS if q.answerable != bool(q.evidence)] == []


def test_calculations_and_comparisons_say_how_they_come_out() -> None:
    assert [q.id for q in QUESTIONS if q.type in {"calc", "compare"} and not q.note] == []


def test_the_questions_cover_every_report_every_type_and_both_languages() -> None:
    assert {name for q in QUESTIONS for name in q.reports} == {path.name for path in REPORTS.iterdir()}
    languages = Counter(q.lang for q in QUESTIONS)
    assert {q.type for q in QUESTIONS} == set(QUESTION_TYPES)
    assert min(languages["zh"], languages["en"]) >= 0.4 * len(QUESTIONS)


def test_questions_cross_languages_both_ways() -> None:
    english = {name for name in (path.name for path in REPORTS.iterdir()) if "the" in " ".join(lines_of(name)).split()}
    crossings = Counter((q.lang, q.reports[0] in english) for q in QUESTIONS if q.reports)
    assert crossings["zh", True] >= 20
    assert crossings["en", False] >= 20
