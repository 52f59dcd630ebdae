"""The promise measured: right answers pass the check, and answers made wrong in one place do not.

Right are the answers to the project's own questions over the bundled samples and the fixture reports that match the
expected ones; wrong are their corruptions (``eval.corruption``) and those of sentences made of them
(``eval.sentences``). A failure prints the misses by kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import ROOT

from documents.errors import UnknownReport
from documents.report import Report
from eval.corruption import corrupted
from eval.metrics import is_right
from eval.questions import load_questions
from eval.sentences import Sentence, mutated, sentences
from index.embedding import load_embedder
from index.lexicon import Lexicon
from index.store import Index
from qa.answer import Answer
from qa.assistant import Assistant
from qa.checking.prose import check_sentence
from qa.checking.readback import check_shown
from qa.ingest import ingest
from qa.understanding.directory import Directory

LEAST_CAUGHT = 0.99
SETS = ROOT / "eval" / "sets"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The reports of an index with the right answers over them, each with the language it was asked in."""

    reports: dict[str, Report]
    known: Directory
    answers: tuple[tuple[str, Answer], ...]


def shelf_of(assistant: Assistant, questions: Path) -> Shelf:
    asked = ((q, assistant.ask(q.question)) for q in load_questions(questions) if q.answerable)
    right = tuple((q.lang, a) for q, a in asked if not a.abstained and is_right(q, a.to_dict()))
    summaries = assistant.reports()
    return Shelf({r.id: assistant.report(r.id) for r in summaries}, Directory(summaries), right)


@pytest.fixture(scope="module")
def shelves(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> tuple[Shelf, ...]:
    home = tmp_path_factory.mktemp("fixtures-home")
    with Index.open(home, load_embedder("builtin"), create=True, lexicon=Lexicon.load(None)) as index:
        ingest(index, sorted((ROOT / "tests" / "fixtures" / "reports").iterdir()))
        fixtures = shelf_of(Assistant(index), SETS / "fixtures.jsonl")
    return shelf_of(assistant, SETS / "samples.jsonl"), fixtures


def report_of(shelf: Shelf, report_id: str) -> Report:
    if report_id not in shelf.reports:
        raise UnknownReport(f"No report {report_id}.")
    return shelf.reports[report_id]


def prose(shelf: Shelf) -> Iterator[Sentence]:
    for language, answer in shelf.answers:
        yield from sentences(answer, shelf.reports[answer.citations[0].report_id], language)


def faults(sentence: Sentence, shelf: Shelf) -> tuple[str, ...]:
    return check_sentence(sentence.text, sentence.citations, sentence.scope, known=shelf.known).faults


def told(missed: Sequence[tuple[str, str]], made: Counter[str]) -> str:
    """The misses by kind, as a failing test shows them."""
    counts = Counter(kind for kind, _ in missed)
    table = "\n".join(f"{kind}: {counts[kind]} of {made[kind]} let through" for kind in made)
    return "\n".join([table, *(f"  {kind}: {text}" for kind, text in missed[:40])])


def test_no_right_answer_is_refused(shelves: tuple[Shelf, ...]) -> None:
    for shelf in shelves:
        for _, answer in shelf.answers:
            assert check_shown(answer, lambda r, shelf=shelf: report_of(shelf, r)).faults == (), answer.text


def test_corrupted_answers_are_caught(shelves: tuple[Shelf, ...]) -> None:
    made: Counter[str] = Counter()
    missed: list[tuple[str, str]] = []
    for shelf in shelves:
        for _, answer in shelf.answers:
            for wrong in corrupted(answer, list(shelf.reports.values())):
                made[wrong.kind] += 1
                if check_shown(wrong.answer, lambda r, shelf=shelf: report_of(shelf, r)).passed:
                    missed.append((wrong.kind, wrong.answer.text[:160]))
    assert made.total() >= 500
    assert len(missed) <= (1 - LEAST_CAUGHT) * made.total(), told(missed, made)


def test_no_right_sentence_is_struck(shelves: tuple[Shelf, ...]) -> None:
    right = [(shelf, sentence) for shelf in shelves for sentence in prose(shelf)]
    assert len(right) >= 300
    struck = [(sentence.text, found) for shelf, sentence in right if (found := faults(sentence, shelf))]
    assert struck == []


def test_corrupted_sentences_are_caught(shelves: tuple[Shelf, ...]) -> None:
    made: Counter[str] = Counter()
    missed: list[tuple[str, str]] = []
    for shelf in shelves:
        for sentence in prose(shelf):
            for wrong in mutated(sentence, list(shelf.reports.values())):
                made[wrong.kind] += 1
                if not faults(wrong, shelf):
                    missed.append((wrong.kind, wrong.text))
    assert made.total() >= 300
    assert len(missed) <= (1 - LEAST_CAUGHT) * made.total(), told(missed, made)
