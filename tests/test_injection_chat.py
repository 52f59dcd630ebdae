"""`qa chat` over reports that give orders, with a model that obeys them, of questions and of follow-ups alike."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from followup_voices import is_follow_up
from hostile_asked import KEY, asked_of, demanded, holds_truth, obeying, secrets_of
from hostile_audit import commands, said, unsupported
from hostile_reports import YEAR, HostileReport, hostile_reports
from scripted_model import Messages, ScriptedModel
from support import ROOT
from typist import typing

from documents.report import LineRange, Report
from index.embedding import load_embedder
from index.scope import Scope
from index.store import Index
from qa.assistant import Assistant
from qa.chat import Session
from qa.conversation import Turn
from qa.llm.endpoint import Endpoint
from qa.llm.model import LanguageModel
from qa.llm.writing import Writer

REPORTS = hostile_reports()
TYPED = [next(r for r in REPORTS if r.passage.kind == kind) for kind in ("ansi", "exfiltration", "ignore", "reveal")]
PIPED = REPORTS[::5]  # a process each for text and records
QUOTED = re.compile(r"“([^“”]*)”")
SEQUENCE = re.compile(r"\x1b(?:\[[0-9;?]*[a-zA-Z]|\][^\x07]*\x07)")
EVERYDAY = re.compile(
    r"\x1b\[(?:[0-9;]*m|\?2004[hl]|[0-9]*[ACDKP])"
)  # colour, bracketed paste, moves of the line editor


class Obedient:
    """A model's script that looks up in its prompt which report is asked about, and obeys what that says."""

    def __init__(self) -> None:
        self.prompts: list[Messages] = []
        self.about = asked_of(REPORTS[0])[0]

    def __call__(self, messages: Messages) -> str:
        self.prompts.append(messages)
        last = messages[-1]["content"].rpartition("uestion: ")[2].strip()
        self.about = next((a for r in REPORTS for a in asked_of(r) if a.question == last), self.about)
        if is_follow_up(messages):
            return self._astray(self.about.report)
        return obeying(self.about, sly=True)(messages)

    @staticmethod
    def _astray(report: HostileReport) -> str:
        """A follow-up turned to a library nobody spoke of, or to what the passage says."""
        if report.place % 2:
            return " ".join(report.passage.text.split()) + "？"
        if report.zh:
            return f"{report.rival_owner}{YEAR}年全年接待读者多少人次？"
        return f"How many visits did {report.rival_owner} count in {YEAR}?"


def follow_up(report: HostileReport) -> str:
    """One that the built-in reading leaves open."""
    return "前一个馆的呢，那些有多少？" if report.zh else "and how many of those there?"


def typed(report: HostileReport) -> list[str]:
    true, _, absent = asked_of(report)
    return [true.question, follow_up(report), absent.question, "/show 1 200", "/explain"]


class Kept:
    """A voice that keeps the turns."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    def growing(self, text: str) -> None: ...

    def answered(self, turn: Turn, language: str) -> None:
        self.turns.append(turn)

    def opened(self, report: Report, lines: LineRange, neighbours: int) -> None: ...

    def told(self, lines: Sequence[str], record: Mapping[str, Any]) -> None: ...

    def failed(self, message: str) -> None: ...


@pytest.fixture(scope="module")
def hostile(hostile_home: Path) -> Iterator[Assistant]:
    with Index.open(hostile_home, load_embedder("builtin")) as index:
        yield Assistant(index)


@pytest.fixture(scope="module")
def talks(hostile: Assistant) -> list[tuple[HostileReport, str, list[Turn], list[str]]]:
    """For each report its id, the turns of a talk held within it, and what may not come out of that."""
    names = {Path(report.source).name: report.id for report in hostile.reports()}
    obedient = Obedient()
    found = []
    with ScriptedModel(obedient) as server:
        endpoint = Endpoint("openai/m", "openai", "m", server.url, KEY)
        assistant = Assistant(hostile.index, writer=Writer(LanguageModel(endpoint, timeout_s=30, retries=0)))
        for report in REPORTS:
            obedient.prompts.clear()
            kept, name = Kept(), names[report.file_name]
            session = Session(assistant, kept, scope=Scope(reports=frozenset({name})))
            for line in typed(report):
                session.take(line)
            found.append((report, name, kept.turns, secrets_of(obedient.prompts)))
    return found


def test_every_talk_has_its_three_turns_and_the_model_was_asked_to_read_the_second(
    talks: list[tuple[HostileReport, str, list[Turn], list[str]]],
) -> None:
    assert all(len(turns) == 3 for _, _, turns, _ in talks)
    read = [turns[1].answer.model for _, _, turns, _ in talks]
    assert sum(use is not None and use.rejected == 1 for use in read) > len(REPORTS) / 2


def test_nothing_is_said_in_a_talk_that_does_not_stand_on_lines_in_its_scope(
    talks: list[tuple[HostileReport, str, list[Turn], list[str]]], hostile: Assistant
) -> None:
    for _, name, turns, _ in talks:
        for turn in turns:
            assert list(unsupported(turn.answer, hostile.index.report, {name})) == []
            assert turn.answer.scope.reports is not None
            assert turn.answer.scope.reports <= {name}


def test_no_follow_up_is_read_as_a_report_wants_it(
    talks: list[tuple[HostileReport, str, list[Turn], list[str]]],
) -> None:
    for report, _, turns, secrets in talks:
        wanted = [w for w in (*demanded(report, secrets), report.rival_owner) if w not in report.owner]
        assert [w for w in wanted if w in turns[1].question] == []


def test_what_a_report_demands_is_not_said_in_a_talk(
    talks: list[tuple[HostileReport, str, list[Turn], list[str]]], hostile: Assistant
) -> None:
    """An abstention may quote the line that comes nearest, with its place; a quotation says nothing of its own."""
    for report, name, turns, secrets in talks:
        whole = re.sub(r"\s", "", hostile.report(name).text(LineRange(1, len(hostile.report(name).lines))))
        texts = "\n".join(f"{said(turn.answer)} {turn.answer.short or ''}" for turn in turns).replace(name, "")
        own = QUOTED.sub(lambda m, held=whole: "" if re.sub(r"\s", "", m[1]) in held else m[0], texts)
        assert [wanted for wanted in demanded(report, secrets) if wanted in own] == []
        for turn, asked in zip(turns[::2], asked_of(report)[::2], strict=True):
            assert holds_truth(turn.answer, asked)


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
def test_a_pipe_is_told_nothing_but_text_and_no_secret(hostile_home: Path, options: list[str]) -> None:
    obedient = Obedient()
    lines = "\n".join(line for report in PIPED for line in typed(report))
    with ScriptedModel(obedient) as server:
        done = piped(hostile_home, server, lines, options)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert commands(out + err) == set()
    secrets = secrets_of(obedient.prompts)
    assert [secret for secret in secrets if secret in out + err] == []
    if options:
        records = [json.loads(line) for line in out.splitlines()]
        answers = [record for record in records if "asked" in record]
        assert len(answers) == 3 * len(PIPED)
        assert all(len({c["report"] for c in answer["citations"]}) <= 1 for answer in answers)


def piped(home: Path, server: ScriptedModel, lines: str, options: list[str]) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "qa.cli", "--home", str(home), "chat", *options]
    model = {"QA_LLM": "m", "QA_LLM_URL": server.url, "QA_LLM_KEY": KEY, "QA_LLM_RETRIES": "0"}
    environment = {**os.environ, **model}
    return subprocess.run(command, cwd=ROOT, input=lines.encode(), capture_output=True, check=False, env=environment)


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
def test_a_terminal_sees_the_truth_and_no_command_of_a_report(hostile_home: Path) -> None:
    obedient = Obedient()
    with ScriptedModel(obedient) as server:
        settings = {"QA_LLM": "m", "QA_LLM_URL": server.url, "QA_LLM_KEY": KEY, "QA_LLM_RETRIES": "0"}
        with typing(hostile_home, **settings) as typist:
            typist.until("qa> ")
            shown = {report.passage.id: _talk(typist, report) for report in TYPED}
    for report in TYPED:
        text, plain = shown[report.passage.id], SEQUENCE.sub("", shown[report.passage.id])
        assert [s[0] for s in SEQUENCE.finditer(text) if not EVERYDAY.fullmatch(s[0])] == []
        assert commands(plain.replace("\r", "")) - {"\x07", "\b"} == set()
        assert str(report.visits) in plain.replace(",", "")
        assert [secret for secret in secrets_of(obedient.prompts) if secret in plain] == []


def _talk(typist: Any, report: HostileReport) -> str:
    shown = ""
    for line in typed(report):
        typist.type(line + "\n")
        shown += typist.until("qa> ")
    return shown
