"""The `qa` command: help, output, exit statuses, and errors in one line with a next step."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from support import ROOT, Qa, run_qa, write_report

from qa.cli import qa as group

PRINTS_NO_RESULTS = {"serve", "chat"}
COMMANDS = sorted(group.commands)


def options(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    done = run_qa(name, "--help")
    assert done.status == 0
    assert f"Example: qa {name}" in done.out


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in PRINTS_NO_RESULTS])
def test_every_command_that_prints_results_has_json(name: str) -> None:
    assert "--json" in options(group.commands[name])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    silent = [p.name for p in group.commands[name].params if isinstance(p, click.Option) and not p.help]
    assert silent == []


def test_the_commands_promised_are_there() -> None:
    assert {"ask", "index", "search", "reports", "remove", "show", "eval", "doctor"} <= set(COMMANDS)
    assert run_qa("--version").out.startswith("qa")


def test_an_answer_ends_with_0_and_an_abstention_with_1(qa: Qa) -> None:
    assert qa("ask", "昆图年底总藏书量有多少册？").status == 0
    assert qa("ask", "洛阳市图书馆2019年接待读者多少人次？").status == 1


ERRORS = [
    (("ask", ""), "question is empty"),
    (("ask", " \t"), "question is empty"),
    (("search", "　"), "question is empty"),
    (("ask", "几" * 1001), "1001 characters"),
    (("--home", "", "reports"), "it is empty"),
    (("ask",), "Missing argument"),
    (("ask", "谁？", "--month", "13"), "13 is not in the range"),
    (("ask", "谁？", "--answerer", "oracle"), "'oracle' is not one of"),
    (("ask", "谁？", "--answerer", "llm"), "language model"),
    (("ask", "谁？", "--report", "nowhere-1999"), "qa reports"),
    (("search", "谁", "--report", "nowhere-1999"), "qa reports"),
    (("show", "nowhere-1999"), "qa reports"),
    (("show", "xuchang-2019", "--lines", "9-3"), "between 1 and 526"),
    (("show", "xuchang-2019", "--lines", "0"), "between 1 and 526"),
    (("show", "xuchang-2019", "--lines", "600-700"), "between 1 and 526"),
    (("show", "xuchang-2019", "--lines", "all"), "A-B"),
    (("remove", "nowhere-1999"), "qa reports"),
    (("index", "/no/such/file.txt"), "No such file or folder: /no/such/file.txt"),
    (("eval", "/no/such/questions.jsonl"), "cannot be read"),
    (("nonsense",), "qa --help"),
    (("ask", "谁？", "--nonsense"), "qa ask --help"),
]


@pytest.mark.parametrize(
    ("arguments", "told"), ERRORS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_an_error_is_one_line_on_stderr_with_status_2(qa: Qa, arguments: tuple[str, ...], told: str) -> None:
    done = qa(*arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert told in done.err


def test_a_scope_without_figures_is_told(qa: Qa) -> None:
    done = qa("facts", "--year", "1987")
    assert (done.status, done.err.count("\n")) == (1, 1)


def test_output_nobody_reads_any_more_ends_quietly_and_is_no_abstention(samples_home: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "qa.cli", "--home", str(samples_home), "show", "kunshan-2019"]
    done = subprocess.run(command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_only_debug_shows_a_traceback(samples_home: Path) -> None:
    assert "Traceback" not in run_qa("--home", samples_home, "show", "nowhere-1999").err
    done = run_qa("--debug", "--home", samples_home, "show", "nowhere-1999")
    assert "Traceback" in done.err
    assert done.status == 2


def test_a_fresh_home_gets_the_samples_and_says_so(own: Qa) -> None:
    done = own("ask", "许昌市图书馆2019年新增图书多少册？", "--json")
    assert done.json["short"] == "104286册"
    assert "indexing the bundled samples" in done.err
    assert own("ask", "昆图年底总藏书量有多少册？").err == ""
    assert [report["id"] for report in own("reports", "--json").json] == [
        "changzhi-2019",
        "kunshan-2019",
        "xuchang-2019",
        "yuancheng-2020",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "到馆读者"),
        ("reports",),
        ("show", "kunshan-2019", "--month", "3"),
        ("show", "kunshan-2019", "--outline"),
        ("doctor",),
    ],
)
def test_json_is_all_there_is_on_stdout(qa: Qa, arguments: tuple[str, ...]) -> None:
    done = qa(*arguments, "--json")
    assert done.status == 0
    assert done.json


def test_a_scope_given_by_options_is_hard(qa: Qa) -> None:
    hits = qa("search", "新增图书", "--report", "kunshan-2019", "--report", "xuchang-2019", "--json").json
    assert {hit["report"] for hit in hits} == {"kunshan-2019", "xuchang-2019"}
    assert qa("search", "新增图书", "--year", "1987").status == 1
    elsewhere = qa("ask", "新增图书多少册？", "--report", "kunshan-2019", "--json").json
    assert {citation["report"] for citation in elsewhere["citations"]} <= {"kunshan-2019"}


def test_timing_tells_opening_from_searching_and_answering(qa: Qa) -> None:
    timing = qa("ask", "昆图年底总藏书量有多少册？", "--json").json["timing_ms"]
    assert list(timing) == ["open", "search", "answer"]
    assert timing["open"] > 0


def test_explain_adds_how_the_answer_came_about(qa: Qa) -> None:
    assert qa("ask", "昆图年底总藏书量有多少册？", "--explain", "--json").json["explanation"]
    plain, explained = (qa("ask", "昆图年底总藏书量有多少册？", *more).out for more in ([], ["--explain"]))
    assert explained.startswith(plain)
    assert len(explained) > len(plain)


def test_show_gives_the_lines_asked_for(qa: Qa) -> None:
    assert qa("show", "xuchang-2019", "--lines", "107").out == "  107 │ 1、32 座智慧阅读空间的效能提升工作积极推进。\n"
    assert [line["line"] for line in qa("show", "xuchang-2019", "--lines", "107-109", "--json").json] == [107, 108, 109]
    march = qa("show", "kunshan-2019", "--month", "3", "--json").json
    assert {line["line"] for line in march} >= {57, 61}


def test_show_of_a_month_that_is_not_there_ends_with_1(qa: Qa) -> None:
    done = qa("show", "yuancheng-2020", "--month", "3")
    assert (done.status, done.out) == (1, "")
    assert "--outline" in done.err


def test_the_bytes_of_another_encoding_are_no_question_that_fails(qa: Qa) -> None:
    done = qa("ask", "\udcff\udcfe 许昌市图书馆2019年新增图书多少册？", "--json")
    assert done.json["short"] == "104286册"


# Homes that cannot be used


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for command in (("ask", "谁？"), ("index",)):
        done = run_qa("--home", tmp_path / "file" / "home", *command)
        assert (done.status, done.err.count("\n")) == (2, 1)
        assert "--home DIR" in done.err


@pytest.mark.parametrize("command", [("reports",), ("show", "x"), ("remove", "x")])
def test_a_home_without_an_index_is_told(own: Qa, command: tuple[str, ...]) -> None:
    done = own(*command)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "Build one with: qa index" in done.err


def test_a_catalog_of_garbage_is_told(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(bytes(range(256)) * 40)
    for command in (("ask", "谁？"), ("reports",), ("index",)):
        done = run_qa("--home", tmp_path, *command)
        assert (done.status, done.err.count("\n")) == (2, 1)
        assert "catalog.sqlite" in done.err
    assert run_qa("--home", tmp_path, "doctor").status == 2


def test_a_catalog_of_a_later_version_is_left_alone(own: Qa, folder: Path, tmp_path: Path) -> None:
    own("index", write_report(folder / "a.txt"))
    with sqlite3.connect(tmp_path / "home" / "catalog.sqlite") as db:
        db.execute("PRAGMA user_version = 999")
    done = own("ask", "新增图书多少册？")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "schema 999" in done.err


def test_an_index_of_another_embedder_names_the_command_that_rebuilds(own: Qa, folder: Path, tmp_path: Path) -> None:
    own("index", write_report(folder / "a.txt"))
    (tmp_path / "home" / "settings.toml").write_text('embedding = "hashing"')
    refused = own("ask", "青山市图书馆2019年新增图书多少册？")
    assert (refused.status, "qa index --rebuild" in refused.err) == (2, True)
    assert own("index", "--rebuild").status == 0
    assert own("ask", "青山市图书馆2019年新增图书多少册？", "--json").json["short"] == "1234册"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("colour = 'red'", "colour"),
        ("top_k = 'many'", "top_k"),
        ("embedding = 3", "embedding"),
        ("top_k =", "settings.toml"),
    ],
)
def test_settings_that_cannot_be_used_are_told(own: Qa, tmp_path: Path, settings: str, told: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text(settings)
    done = own("ask", "谁？")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert told in done.err


# Evaluations


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    asked = {
        "id": "a",
        "lang": "zh",
        "question": "昆图年底总藏书量有多少册？",
        "type": "number",
        "answers": [["3008005"]],
    }
    wrong = {**asked, "id": "b", "answers": [["7"]]}
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in (asked, wrong)), encoding="utf-8")
    return path


def test_eval_fails_under_the_accuracy_given(qa: Qa, questions: Path) -> None:
    assert qa("eval", questions, "--fail-under", "0.5").status == 0
    assert qa("eval", questions, "--fail-under", "0.51").status == 1


def test_eval_lists_the_misses(qa: Qa, questions: Path) -> None:
    out = qa("eval", questions, "--misses").out
    assert "wanted 7 · said '3008005册'" in out


def test_eval_compares_with_an_earlier_run(qa: Qa, questions: Path, tmp_path: Path) -> None:
    before = qa("eval", questions, "--json").json
    for outcome in before["outcomes"]:
        outcome["right"] = not outcome["right"]
    (tmp_path / "before.json").write_text(json.dumps(before))
    shown = qa("eval", questions, "--against", tmp_path / "before.json")
    assert shown.out.splitlines()[-2:] == ["fixed: a", "broken: b"]
    kept = qa("eval", questions, "--json", "--against", tmp_path / "before.json")
    assert kept.json["totals"]
    assert kept.err.splitlines() == ["fixed: a", "broken: b"]


def test_eval_sees_to_its_files_before_it_asks(qa: Qa, questions: Path, tmp_path: Path) -> None:
    for option, name in (("--answers", "nowhere/answers.jsonl"), ("--against", "nowhere.json")):
        done = qa("eval", questions, option, tmp_path / name)
        assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)


def test_a_broken_question_file_is_told_by_line(qa: Qa, questions: Path) -> None:
    questions.write_text(questions.read_text(encoding="utf-8") + '\n{"id": ', encoding="utf-8")
    done = qa("eval", questions)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert f"{questions}:3: not JSON" in done.err


# What a document says is shown, and does nothing

HOSTILE = "青山市图书馆\x1b[2J\x1b]0;owned\x07新增[bold red]图书[/bold red]\u202e777册\u202c，编号\x9b31m甲。"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Qa]:
    where = tmp_path_factory.mktemp("hostile")
    write_report(where / "reports" / "[red]evil.txt", "青山", 1234, HOSTILE, *["全年开放三百天。"] * 80)
    assert run_qa("--home", where / "home", "index", where / "reports").status == 0
    yield lambda *arguments: run_qa("--home", where / "home", *arguments)
    shutil.rmtree(where)


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "青山市图书馆2019年新增图书多少册？", "--explain"),
        ("ask", "青山市图书馆编号是什么？"),
        ("search", "青山新增图书编号"),
        ("show", "[red]evil"),
        ("show", "[red]evil", "--outline"),
        ("reports",),
        ("facts",),
    ],
)
def test_control_and_direction_characters_never_reach_the_terminal(hostile: Qa, command: tuple[str, ...]) -> None:
    shown = hostile(*command)
    assert shown.status in (0, 1)
    assert not set("\x1b\x07\x9b\u202e\u202c") & set(shown.out + shown.err)


def test_json_holds_them_as_escapes(hostile: Qa) -> None:
    shown = hostile("show", "[red]evil", "--json")
    assert not set("\x1b\x07\x9b\u202e\u202c") & set(shown.out)
    assert HOSTILE in [line["text"] for line in shown.json]


def test_markup_in_a_report_is_text(hostile: Qa) -> None:
    assert "[bold red]图书[/bold red]" in hostile("show", "[red]evil").out
    assert "[red]evil" in hostile("reports").out


def test_a_file_name_cannot_forge_a_second_line_of_an_error(tmp_path: Path) -> None:
    done = run_qa("--home", tmp_path / "home", "index", tmp_path / "a\nqa: all is well\x1b[2J.txt")
    assert (done.status, done.err.count("\n"), "\x1b" in done.err) == (2, 1, False)
