"""`qa chat`: in a real terminal, down a pipe, and its commands one by one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from scripted_model import Fault, ScriptedModel
from support import ROOT, Qa, write_report
from typist import typing

from documents.report import LineRange, Report
from qa.assistant import Assistant
from qa.chat import Session, piped_lines
from qa.chat.prompt import completions
from qa.conversation import Conversation, Turn

ASKED = "昆图年底总藏书量有多少册？"
on_posix = pytest.mark.skipif(os.name != "posix", reason="terminals and signals of POSIX")


class Heard:
    """A voice that keeps what it was told."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.places: list[tuple[str, LineRange, int]] = []
        self.records: list[Mapping[str, Any]] = []
        self.faults: list[str] = []

    def growing(self, text: str) -> None: ...

    def answered(self, turn: Turn, language: str) -> None:
        self.turns.append(turn)

    def opened(self, report: Report, lines: LineRange, neighbours: int) -> None:
        self.places.append((report.id, lines, neighbours))

    def told(self, lines: Sequence[str], record: Mapping[str, Any]) -> None:
        self.records.append(record)

    def failed(self, message: str) -> None:
        self.faults.append(message)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def session(assistant: Assistant, heard: Heard) -> Session:
    return Session(assistant, heard)


# Questions and commands


def test_a_follow_up_leans_on_the_question_before(session: Session, heard: Heard) -> None:
    assert session.take("How many new books did Xuchang Library add in 2019?")
    assert session.take("and Kunshan?")
    assert [turn.answer.short for turn in heard.turns] == ["104,286 volumes", "168,540 volumes"]
    assert heard.turns[1].carried_over


def test_a_scope_set_by_command_limits_the_questions_that_follow(session: Session, heard: Heard) -> None:
    session.take("/scope report kunshan-2019")
    session.take("新增图书多少册？")
    assert {citation.report_id for citation in heard.turns[0].answer.citations} == {"kunshan-2019"}
    session.take("/scope clear")
    assert session.conversation.scope.is_open


@pytest.mark.parametrize(
    ("first", "command", "then", "question"),
    [
        ("许昌市图书馆2019年新增图书多少册？", "report kun", "那办证呢？", "昆山市图书馆2019年办证有多少？"),
        ("许昌2019年新增图书多少册？", "report kun", "办证多少张？", "昆山市图书馆2019年办证多少张？"),
        ("许昌新增图书多少册？", "report kun xu", "办证多少张？", "许昌办证多少张？"),
        ("昆山3月办了哪些讲座？", "month 4", "那展览呢？", "昆山4月展览有哪些？"),
        ("昆山2019年新增图书多少册？", "year 2020", "办证多少张？", "昆山2020年办证多少张？"),
        (
            *("How many new books did Xuchang Library add in 2019?", "report kun"),
            *("and how many cards were issued?", "How many cards were issued at Kunshan in 2019?"),
        ),
    ],
)
def test_a_scope_set_by_command_replaces_what_would_have_been_carried_over(
    session: Session, heard: Heard, first: str, command: str, then: str, question: str
) -> None:
    for line in (first, f"/scope {command}", then):
        session.take(line)
    assert heard.turns[1].question == question


@pytest.mark.parametrize(
    ("command", "asked", "reason"),
    [
        ("report kun", "许昌2019年新增图书多少册？", "许昌市图书馆不在限定的范围内"),
        ("report kun", "How many new books did Xuchang Library add in 2019?", "lies outside the scope"),
        ("month 5", "昆山3月办了哪些讲座？", "3月不在限定的范围内"),
    ],
)
def test_a_question_beyond_the_scope_is_told_so(
    session: Session, heard: Heard, command: str, asked: str, reason: str
) -> None:
    session.take(f"/scope {command}")
    session.take(asked)
    assert heard.turns[0].answer.abstained
    assert reason in heard.turns[0].answer.text


@pytest.mark.parametrize(
    ("commands", "scope"),
    [
        (["/scope report kunshan-2019 xuchang-2019"], (["kunshan-2019", "xuchang-2019"], [], [])),
        (["/scope kun year 2019 month 3 4"], (["kunshan-2019"], [2019], [3, 4])),
        (["/scope year 2019", "/scope month 3"], (None, [2019], [3])),
        (["/scope year 2019 month 3", "/scope month"], (None, [2019], [])),
        (["／scope 报告 kunshan-2019 年 2019"], (["kunshan-2019"], [2019], [])),
        (["/范围 月 3", "/scope 清除"], (None, [], [])),
    ],
)
def test_each_part_of_the_scope_is_set_alone(
    session: Session, heard: Heard, commands: list[str], scope: tuple[list[str] | None, list[int], list[int]]
) -> None:
    for command in commands:
        assert session.take(command)
    assert tuple(heard.records[-1]["scope"].values()) == scope


def test_a_citation_opens_at_its_lines(session: Session, heard: Heard) -> None:
    session.take(ASKED)
    for typed in ("/show", "/show 1", "/show [1]", "/出处 1"):
        assert session.take(typed)
    session.take("/show 1 9")
    assert heard.places == [*[("kunshan-2019", LineRange(149, 149), 3)] * 4, ("kunshan-2019", LineRange(149, 149), 9)]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/nonsense", "/help"),
        ("/ help", "/help"),
        ("/show", "Ask a question first"),
        ("/explain", "Ask a question first"),
        ("/save talk.md", "Ask a question first"),
        ("/scope report nowhere-1999", "/reports"),
        ("/scope report n", "/reports"),
        ("/scope report ''", "/reports"),
        ("/scope year 19", "/scope year 2019"),
        ("/scope month 13", "/scope month 3"),
        ("x" * 1001, "1001"),
    ],
)
def test_a_line_that_cannot_be_done_is_told_with_the_next_step(
    session: Session, heard: Heard, line: str, told: str
) -> None:
    before = session.conversation
    assert not session.take(line)
    assert told in heard.faults[0]
    assert session.conversation is before


def test_a_citation_that_is_not_there_names_those_that_are(session: Session, heard: Heard) -> None:
    session.take(ASKED)
    session.take("/show 9")
    session.take("洛阳市图书馆2019年接待读者多少人次？")
    session.take("/show 1")
    assert heard.faults == ["上一个答案没有出处 9。它有：1，如 /show 1。", "上一个答案没有出处。"]


def test_a_list_comma_is_no_slash(session: Session, heard: Heard) -> None:
    assert session.take("、昆图年底总藏书量有多少册？")
    assert heard.turns[0].answer.short == "3008005册"
    assert session.take("、quit")
    assert session.ended


def test_a_conversation_is_saved_in_the_format_its_name_asks_for(session: Session, tmp_path: Path) -> None:
    session.take(ASKED)
    assert session.take(f"/save {tmp_path}/一 场.json")
    assert session.take(f'/save "{tmp_path}/talk.md"')
    saved = json.loads((tmp_path / "一 场.json").read_text("utf-8"))
    assert Conversation.from_dict(saved).turns[0].answer.short == "3008005册"
    assert "3008005册" in (tmp_path / "talk.md").read_text("utf-8")


def test_saving_replaces_nothing_without_being_told_to(session: Session, heard: Heard, tmp_path: Path) -> None:
    (tmp_path / "talk.md").write_text("mine")
    session.take(ASKED)
    for name in ("talk.md", "talk.txt", "nowhere/talk.md", ""):
        assert not session.take(f"/save {tmp_path / name if name else ''}")
    assert "--force" in heard.faults[0]
    assert (tmp_path / "talk.md").read_text() == "mine"
    assert session.take(f"/save --force {tmp_path / 'talk.md'}")
    assert "3008005册" in (tmp_path / "talk.md").read_text("utf-8")


def test_a_new_conversation_keeps_the_scope_and_forgets_the_turns(session: Session) -> None:
    session.take("/scope year 2019")
    session.take(ASKED)
    session.take("/new")
    assert session.conversation.turns == ()
    assert session.conversation.scope.years == {2019}


def test_completion_offers_what_can_stand_there(session: Session, tmp_path: Path) -> None:
    def offered(line: str) -> list[str]:
        before, _, word = line.rpartition(" ")
        return completions(before, word, session, lambda: ["kunshan-2019", "两 词"])

    assert offered("/s") == ["/scope ", "/show ", "/save "]
    assert offered("/scope k") == ["kunshan-2019 "]
    assert offered("/scope report ") == ["kunshan-2019 ", '"两 词" ']
    assert offered("/scope year k") == []
    assert offered("/show ") == []
    session.take(ASKED)
    assert offered("/show ") == ["1"]
    (tmp_path / "talks").mkdir()
    assert offered(f"/save {tmp_path}/t") == [f"{tmp_path}/talks/"]
    assert offered("/save /no/such/folder/") == []
    assert offered("昆") == []


def test_a_question_that_is_stopped_leaves_the_conversation_as_it_was(assistant: Assistant) -> None:
    class Impatient(Heard):
        def growing(self, text: str) -> None:
            raise KeyboardInterrupt  # as Ctrl-C would, in the middle of an answer

    session = Session(assistant, Impatient())
    with pytest.raises(KeyboardInterrupt):
        session.take(ASKED)
    assert session.conversation.turns == ()


# Down a pipe


@pytest.fixture
def chat(samples_home: Path) -> Qa:
    def run(given: str | bytes, *options: str) -> Any:
        command = [sys.executable, "-m", "qa.cli", "--home", str(samples_home), "chat", *options]
        bytes_in = given.encode() if isinstance(given, str) else given
        done = subprocess.run(command, cwd=ROOT, input=bytes_in, capture_output=True, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


def test_each_line_of_a_pipe_is_a_question_and_each_answer_a_line_of_json(chat: Qa) -> None:
    status, out, err = chat(f"{ASKED}\n\n长治呢？\n/show 1\n/quit\n{ASKED}\n", "--json")
    first, second, third = map(json.loads, out.splitlines())
    assert (first["short"], second["asked"], status, "qa>" in out + err) == ("3008005册", "长治呢？", 2, False)
    assert second["question"].startswith("长治")
    assert set(third) == {"error"}


def test_text_down_a_pipe_has_the_answer_and_what_it_was_taken_to_ask(chat: Qa) -> None:
    status, out, err = chat(f"{ASKED}\n/show 1 1\n长治呢？\n")
    assert (status, err) == (0, "")
    assert out.startswith("3008005册")
    assert re.search(r"^▸ 149 │ 【市图书馆】", out, re.MULTILINE)
    assert "理解为：长治" in out
    assert "\x1b" not in out


@on_posix
def test_without_terminal_or_pipe_there_is_nothing_to_answer(samples_home: Path) -> None:
    command = f"exec {sys.executable} -m qa.cli --home '{samples_home}' chat <&-"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "no pipe" in done.stderr


def test_lines_in_either_encoding_of_chinese_files_are_read() -> None:
    class Source:
        def __init__(self, lines: list[bytes]) -> None:
            self.lines = iter(lines)

        def readline(self) -> bytes:
            return next(self.lines, b"")

    given = ["一".encode("utf-8-sig") + b"\r\n", "二".encode("gb18030") + b"\n", b"\xff\n"]
    assert list(piped_lines(Source(given)))[:2] == ["一", "二"]  # type: ignore[arg-type]


# In a terminal


@pytest.fixture
def home(own: Qa, folder: Path, tmp_path: Path) -> Path:
    own("index", write_report(folder / "qingshan-2019.txt"))
    return tmp_path / "home"


@on_posix
def test_a_conversation_in_a_terminal_keeps_its_history_between_sessions(home: Path) -> None:
    with typing(home) as typist:
        assert "Reports: 1." in typist.until("qa> ")
        typist.type("青山市图书馆2019年新增图书多少册？\n")
        assert "1234册" in typist.until("qa> ")
        typist.type("/scope rep\tq\t\n")
        assert "范围：qingshan-2019" in typist.until("qa [qingshan-2019]> ")
        typist.type("\x04")
        assert typist.status() == 0
    with typing(home) as typist:
        typist.until("qa> ")
        typist.type("\x1b[A\x1b[A\n")
        assert "1234册" in typist.until("qa> ")
        typist.type("/quit\n")
        assert typist.status() == 0


@on_posix
def test_ctrl_c_gives_up_the_line_and_stays(home: Path) -> None:
    with typing(home) as typist:
        typist.until("qa> ")
        typist.type("青山市")
        typist.until("市")
        typist.until_it_waits()
        typist.type("\x03")
        assert "Ctrl-D" in typist.until("leaves")
        typist.until("qa> ")
        typist.type("/show 1\n")
        assert "Ask a question first" in typist.until("qa> ")
        typist.type("\x04")
        assert typist.status() == 0


@on_posix
def test_ctrl_c_stops_a_question_and_the_next_one_is_answered(home: Path) -> None:
    with ScriptedModel(lambda _: Fault("hang")) as server, typing(home, QA_LLM="m", QA_LLM_URL=server.url) as typist:
        typist.until("qa> ")
        typist.type("青山市图书馆2019年新增图书多少册？\n")
        while not server.requests:
            assert typist.process.poll() is None
            time.sleep(0.05)
        typist.type("\x03")
        assert "已中止。" in typist.until("qa> ")
        server.script = lambda _: "1234册\n2019年新增图书1234册。[1]"
        typist.type("青山市图书馆2019年新增图书多少册？\n")
        assert "1234册" in typist.until("qa> ")
        typist.type("/quit\n")
        assert typist.status() == 0


@on_posix
def test_what_a_report_says_cannot_steer_the_terminal(own: Qa, folder: Path, tmp_path: Path) -> None:
    hostile = "青山市图书馆\x1b[2J\x1b]0;owned\x07新增\u202e图书777册\u202c，编号\x9b31m甲。"
    own("index", write_report(folder / "\x1b[31mevil.txt", "青山", 1234, hostile, *["全年开放三百天。"] * 80))
    with typing(tmp_path / "home") as typist:
        typist.until("qa> ")
        shown = ""
        for line in ("青山市图书馆2019年新增图书多少册？", "/show 1 9", "/reports", "/explain"):
            typist.type(line + "\n")
            shown += typist.until("> ")
    assert "1234册" in shown
    assert not set("\x07\x9b\u202e\u202c") & set(shown)
    assert not {"\x1b[2J", "\x1b[31m"} & set(re.findall(r"\x1b\[[^a-zA-Z]*[a-zA-Z]", shown))
