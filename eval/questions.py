"""Questions with known answers, one JSON object a line.

The format is held from outside (docs of `qa eval`), so reading it is strict: a misspelt type or an empty alias would
not fail, it would quietly give a better or a worse score. Every complaint names the file and the line.
Keys beyond the documented ones are let through; people keep their own remarks there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from documents.errors import InvalidQuestionFile

QUESTION_TYPES = ("number", "date", "name", "list", "month", "compare", "calc", "conflict", "unanswerable")
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what a right answer holds.

    ``answers`` are the required items, each a tuple of acceptable spellings; empty for an unanswerable question.
    ``reports`` are file names; ``evidence`` are snippets, each inside one physical line of one of those files.
    """

    id: str
    lang: str
    question: str
    type: str
    answers: tuple[tuple[str, ...], ...]
    reports: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    note: str = ""

    @property
    def answerable(self) -> bool:
        return self.type != "unanswerable"


def load_questions(path: Path) -> tuple[Question, ...]:
    """All questions of a JSON Lines file (UTF-8), in order. Blank lines are allowed.

    Raises InvalidQuestionFile when the file cannot be read, is empty, or breaks the format.
    """
    questions: list[Question] = []
    seen: dict[str, int] = {}
    # Not splitlines(): it also breaks at U+2028 and form feeds, which JSON allows inside a string.
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        question = _parse(line, f"{path}:{number}")
        if question.id in seen:
            raise InvalidQuestionFile(
                f"{path}:{number}: the id {question.id!r} was used on line {seen[question.id]}. Give each its own."
            )
        seen[question.id] = number
        questions.append(question)
    if not questions:
        raise InvalidQuestionFile(f"{path}: holds no questions. Write one JSON object a line.")
    return tuple(questions)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidQuestionFile(f"{path}: cannot be read ({error.strerror}). Name a JSON Lines file.") from error
    except UnicodeDecodeError as error:
        raise InvalidQuestionFile(f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8.") from error


def _parse(line: str, where: str) -> Question:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise InvalidQuestionFile(f"{where}: not JSON ({error.msg}, column {error.colno}). Mend the line.") from error
    if not isinstance(record, dict):
        raise InvalidQuestionFile(f"{where}: a {type(record).__name__}, not an object. Write {{…}} on the line.")
    question = Question(
        id=_text(record, "id", where),
        lang=_one_of(record, "lang", LANGUAGES, where),
        question=_text(record, "question", where),
        type=_one_of(record, "type", QUESTION_TYPES, where),
        answers=_answers(record, where),
        reports=_texts(record.get("report", []), "report", where),
        evidence=_texts(record.get("evidence", []), "evidence", where),
        note=_note(record, where),
    )
    if question.answerable != bool(question.answers):
        expected = "at least one item in answers" if question.answerable else "answers to be []"
        raise InvalidQuestionFile(f"{where}: type {question.type!r} needs {expected}. Mend the type or the answers.")
    return question


def _text(record: Mapping[str, Any], key: str, where: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InvalidQuestionFile(f"{where}: {key} is {_shown(value)}. Give a text that is not blank.")
    return value


def _one_of(record: Mapping[str, Any], key: str, allowed: tuple[str, ...], where: str) -> str:
    value = record.get(key)
    if value not in allowed:
        raise InvalidQuestionFile(f"{where}: {key} is {_shown(value)}. Use one of: {', '.join(allowed)}.")
    return str(value)


def _texts(value: object, key: str, where: str) -> tuple[str, ...]:
    """A list of texts, none of them blank: a blank one occurs in every answer and on every line."""
    if not isinstance(value, list):
        raise InvalidQuestionFile(f"{where}: {key} is {_shown(value)}. Give a list of texts.")
    for text in value:
        if not isinstance(text, str) or not text.strip():
            raise InvalidQuestionFile(f"{where}: {key} holds {_shown(text)}. Give texts that are not blank.")
    return tuple(value)


def _answers(record: Mapping[str, Any], where: str) -> tuple[tuple[str, ...], ...]:
    items = record.get("answers")
    if not isinstance(items, list):
        raise InvalidQuestionFile(f"{where}: answers is {_shown(items)}. Give a list of lists of texts.")
    if [] in items:
        raise InvalidQuestionFile(f"{where}: answers holds an item without a spelling. Give it one, or take it out.")
    return tuple(_texts(item, "answers", where) for item in items)


def _note(record: Mapping[str, Any], where: str) -> str:
    note = record.get("note", "")
    if not isinstance(note, str):
        raise InvalidQuestionFile(f"{where}: note is {_shown(note)}. Give a text, or leave it out.")
    return note


def _shown(value: object) -> str:
    """A value as a message shows it: short, and ``missing`` for what is not there."""
    if value is None:
        return "missing"
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 40 else shown[:39] + "…"
