from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from documents.errors import InvalidQuestionFile
from eval.questions import Question, load_questions

GOOD: dict[str, Any] = {
    "id": "q1",
    "lang": "zh",
    "question": "有多少座？",
    "type": "number",
    "answers": [["32", "三十二"]],
    "report": ["a.txt"],
    "evidence": ["32 座"],
    "note": "",
}


def write(path: Path, *records: object) -> Path:
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records), encoding="utf-8")
    return path


def test_every_documented_field_arrives(tmp_path: Path) -> None:
    (question,) = load_questions(write(tmp_path / "q.jsonl", GOOD))
    assert question == Question("q1", "zh", "有多少座？", "number", (("32", "三十二"),), ("a.txt",), ("32 座",))


def test_reports_evidence_note_may_be_left_out_and_other_keys_added(tmp_path: Path) -> None:
    record = {k: v for k, v in GOOD.items() if k not in ("report", "evidence", "note")} | {"author": "me"}
    (question,) = load_questions(write(tmp_path / "q.jsonl", record))
    assert (question.reports, question.evidence, question.note) == ((), (), "")


def test_blank_lines_bom_and_windows_line_ends_are_harmless(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n\r\n" + json.dumps(GOOD | {"id": "q2"}).encode()
    )
    assert [q.id for q in load_questions(path)] == ["q1", "q2"]


def test_a_line_separator_inside_a_text_does_not_end_the_line(tmp_path: Path) -> None:
    record = GOOD | {"note": "one\u2028two"}
    assert load_questions(write(tmp_path / "q.jsonl", record))[0].note == "one\u2028two"


def test_unanswerable_questions_have_no_answers(tmp_path: Path) -> None:
    (question,) = load_questions(write(tmp_path / "q.jsonl", GOOD | {"type": "unanswerable", "answers": []}))
    assert not question.answerable


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": " "}, "id is"),
        ({"id": None}, "id is missing"),
        ({"lang": "fr"}, "Use one of: zh, en"),
        ({"type": "numbr"}, "number, date, name"),
        ({"type": ["number"]}, "Use one of"),
        ({"question": 3}, "question is 3"),
        ({"answers": "32"}, "answers is"),
        ({"answers": ["32"]}, "answers is"),
        ({"answers": [[]]}, "without a spelling"),
        ({"answers": [["32", ""]]}, "not blank"),
        ({"answers": [[32]]}, "answers holds 32"),
        ({"answers": []}, "at least one item"),
        ({"type": "unanswerable"}, r"answers to be \[\]"),
        ({"report": "a.txt"}, "report is"),
        ({"evidence": [""]}, "evidence holds"),
        ({"note": 1}, "note is 1"),
    ],
)
def test_what_breaks_the_format_is_named_with_its_line(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    path = write(tmp_path / "q.jsonl", GOOD, GOOD | {"id": "q2"} | change)
    with pytest.raises(InvalidQuestionFile, match=rf"q\.jsonl:2: .*{said}"):
        load_questions(path)


@pytest.mark.parametrize(("line", "said"), [("{", "not JSON"), ("[]", "a list, not an object")])
def test_a_line_that_is_no_object_is_refused(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(InvalidQuestionFile, match=rf"q\.jsonl:1: {said}"):
        load_questions(path)


def test_an_id_used_twice_names_both_lines(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuestionFile, match=r":3: the id 'q1' was used on line 1"):
        load_questions(write(tmp_path / "q.jsonl", GOOD, GOOD | {"id": "q2"}, GOOD))


@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), (b"\n", "no questions"), (b"\xff", "UTF-8")])
def test_a_file_that_gives_no_questions_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "q.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidQuestionFile, match=said):
        load_questions(path)
