"""The page's rooms without a browser: what is kept, taken in, let in, and above all how text becomes HTML."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT

from documents.assemble import read_report
from documents.errors import InvalidSetting, UnreadableReport
from documents.report import Line, LineRange, Report
from eval.questions import load_questions
from qa.answer import Answer, Citation
from qa.assistant import Assistant
from qa.conversation import Conversation, Turn, Understood
from qa.keeping import Keeping, Vote
from qa.page.attempts import MOST_KEPT, Attempts
from qa.page.chat import Chat
from qa.page.export import as_markdown, as_questions
from qa.page.login import check_of, hashed
from qa.page.refusals import told
from qa.page.session import Session, Turnstile
from qa.page.source import Place, source
from qa.page.texts import _TEXTS, LANGUAGES, preferred
from qa.page.thread import thread
from qa.page.uploads import safe_name

ASKED = "许昌市图书馆2019年新增图书多少册？"
ALLOWED = set(
    "article aside b blockquote button details div em form h2 h3 header i input li nav ol p path q section small span "
    "summary svg time ul".split()
)


class Tags(HTMLParser):
    """The tags and attributes of a piece of HTML."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def turn_of(words: str) -> Turn:
    citation = Citation(1, words, words, "0", LineRange(1, 1), 1, (words,), None, words)
    answer = Answer(words, f"{words}。“{words}”[1]\n- {words} [1]", short=words, citations=(citation,))
    return Turn(words, words + "?", Understood((words,), (2019,), (3,), words), answer, "2026-01-01")


@given(st.text(max_size=60))
def test_no_text_of_any_kind_becomes_markup(words: str) -> None:
    hostile = f"<script>x</script><img src=x onerror=y>{words}\"'><a href=javascript:z>"
    report = Report("r", hostile, hostile, 2019, "r.txt", "0", (Line(1, hostile, page=1),), ())
    drawn = thread(Conversation(turns=(turn_of(hostile),)), "zh", offers=[hostile], notice=hostile)
    for html in (drawn, source(report, Place("r", LineRange(1, 1), 0, 1), turn_of(hostile).answer.citations, "en")):
        seen = Tags(html)
        assert seen.tags <= ALLOWED
        assert not [name for name in seen.attributes if name.startswith("on") or name in ("href", "src", "srcdoc")]
        assert "<script>x</script>" in seen.text


def test_markdown_that_is_taken_away_has_no_links_of_the_reports_making() -> None:
    text = as_markdown(Conversation(turns=(turn_of("[讲座](javascript:x) <b>![i](u)"),)), "zh")
    outside_of_code = "\n".join(line for line in text.split("\n") if not line.startswith("    "))
    assert not re.search(r"(?<!\\)\]\(", outside_of_code)
    assert not re.search(r"(?<!\\)<", outside_of_code)


def test_every_text_is_there_in_both_languages() -> None:
    assert LANGUAGES == ("zh", "en")
    for zh, en in _TEXTS.values():
        assert zh
        assert en
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en))
    assert preferred("fr-FR,zh;q=0.5") == "zh"


@given(st.text(max_size=120))
def test_a_name_from_outside_is_never_a_path(name: str) -> None:
    made = safe_name(name)
    assert re.fullmatch(r"[\w\u4e00-\u9fff-]+(\.[\w-]*)?", made)
    assert Path("x", made).parent == Path("x")


def test_only_the_right_password_opens() -> None:
    check = check_of(hashed("馆员", "密码"))
    assert check("馆员", "密码")
    assert not check("馆员", "密码 ")
    assert not check("别人", "密码")
    assert "密码" not in hashed("馆员", "密码")


@pytest.mark.parametrize("value", ["", "user", "user:password", "user:scrypt$x", ":scrypt$eA==$eA=="])
def test_a_password_in_the_clear_is_refused(value: str) -> None:
    with pytest.raises(InvalidSetting, match="qa serve --make-auth"):
        check_of(value)


def test_each_further_wrong_password_doubles_the_pause() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    pauses = []
    for _ in range(8):
        attempts.failed("1.2.3.4", "馆员")
        pauses.append(attempts.pause_s("1.2.3.4", "馆员"))
        now[0] += pauses[-1]
    assert pauses == [0, 0, 0, 0, 2, 4, 8, 16]
    assert attempts.pause_s("5.6.7.8", "馆员") == 0
    attempts.passed("1.2.3.4", "馆员")
    attempts.failed("1.2.3.4", "馆员")
    assert attempts.pause_s("1.2.3.4", "馆员") == 0


def test_other_user_names_from_one_address_and_other_addresses_for_one_user_are_slowed_too() -> None:
    attempts = Attempts(lambda: 0.0)
    for number in range(40):
        attempts.failed("1.2.3.4", f"user {number}")
        attempts.failed(f"9.9.9.{number}", "馆员")
    assert attempts.pause_s("1.2.3.4", "another") > 0
    assert attempts.pause_s("7.7.7.7", "馆员") > 0
    assert attempts.pause_s("7.7.7.7", "another") == 0


def test_wrong_passwords_are_forgotten_and_the_table_of_them_stays_small() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for number in range(3 * MOST_KEPT):
        attempts.failed(f"10.0.{number // 256}.{number % 256}", f"u{number}")
    assert len(attempts) <= MOST_KEPT
    for _ in range(9):
        attempts.failed("1.2.3.4", "馆员")
    now[0] += 3601
    assert attempts.pause_s("1.2.3.4", "馆员") == 0


def test_no_step_of_the_page_is_longer_than_25_lines() -> None:
    long = [
        (path.name, node.name)
        for path in (ROOT / "qa" / "page").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and path.name in ("wiring.py", "chat.py", "shelf.py", "trial.py")
        if (node.end_lineno or 0) - node.lineno >= 25
    ]
    assert long == []


@pytest.mark.parametrize(
    ("name", "data"), [("空.txt", b""), ("图.pdf", b"%PDF-1.4\nnothing"), ("文.docx", b"PK\x03\x04x")]
)
def test_why_a_file_was_refused_is_said_in_chinese(samples_home: Path, tmp_path: Path, name: str, data: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(UnreadableReport) as refused:
        read_report(file)
    assert re.search(r"[\u4e00-\u9fff]。请", told(str(refused.value), "zh"))
    assert told(str(refused.value), "en") == str(refused.value)


def test_a_visitor_has_so_many_questions_at_once_and_no_more() -> None:
    turnstile = Turnstile(at_once=1)
    with turnstile.enter("a") as first, turnstile.enter("a") as second, turnstile.enter("b") as other:
        assert (first, second, other) == (True, False, True)
    with turnstile.enter("a") as again:
        assert again


def test_a_busy_visitor_is_told(assistant: Assistant, tmp_path: Path) -> None:
    chat = Chat(assistant, Keeping(tmp_path))
    running = [chat.ask(Session(owner="o"), ASKED) for _ in range(4)]
    told = [next(steps).hint or "" for steps in running]
    assert ["还有问题正在回答" in shown for shown in told] == [False, False, False, True]


def test_a_conversation_answers_one_question_at_a_time(assistant: Assistant, tmp_path: Path) -> None:
    chat = Chat(assistant, Keeping(tmp_path))
    first = chat.ask(Session(owner="o"), ASKED)
    session = next(first).session
    (second,) = chat.ask(session, "昆山3月做了什么？")
    assert "还在回答" in (second.hint or "")
    assert (second.box, second.thread) == ("昆山3月做了什么？", None)
    first.close()
    assert [view.busy for view in chat.ask(replace(session, pending=""), ASKED)][-1] is False


def test_an_answer_that_grows_shows_its_value_first(assistant: Assistant, tmp_path: Path) -> None:
    views = list(Chat(assistant, Keeping(tmp_path)).ask(Session(owner="o"), ASKED))
    assert [view.busy for view in views] == [True] * (len(views) - 1) + [False]
    begun, value, *_, done = (view.thread or "" for view in views)  # how many come between is a matter of time
    assert "answer" not in begun
    assert '<p class="value">104286册</p></div>' in value
    assert 'class="cite"' not in value
    assert 'class="cite"' in done


def test_a_question_called_off_leaves_the_conversation_as_it_was(assistant: Assistant, tmp_path: Path) -> None:
    chat = Chat(assistant, Keeping(tmp_path))
    steps = chat.ask(Session(owner="o"), ASKED)
    session = next(steps).session
    steps.close()
    view = chat.stopped(session)
    assert view.box == ASKED
    assert view.session.conversation.turns == ()
    assert Keeping(tmp_path).conversations("o") == []


def test_each_owner_finds_only_their_own_conversations(assistant: Assistant, tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    conversation = Conversation().ask(assistant, ASKED)
    keeping.save("one", conversation)
    assert [kept.title for kept in keeping.conversations("one")] == [ASKED]
    assert keeping.conversations("two") == []
    assert keeping.load("two", conversation.id) is None
    assert keeping.load("one", "../" + conversation.id) is None
    loaded = keeping.load("one", conversation.id)
    assert loaded is not None
    assert loaded.to_dict() == conversation.to_dict()


def test_a_damaged_conversation_does_not_hide_the_others(assistant: Assistant, tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    keeping.save("one", Conversation().ask(assistant, ASKED))
    kept = next(tmp_path.rglob("*.json"))
    kept.with_name("damaged.json").write_text("{", "utf-8")
    assert len(keeping.conversations("one")) == 1


def test_votes_are_a_question_file(assistant: Assistant, tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    conversation = Conversation().ask(assistant, ASKED).ask(assistant, "那昆山呢？").ask(assistant, "昆山3月做了什么？")
    for turn, vote, note in ((0, "up", ""), (1, "down", "12345册"), (2, "up", ""), (0, "down", ""), (0, "up", "")):
        keeping.vote(Vote(conversation.id, turn, vote, note), conversation.turns[turn])
    assert keeping.votes(conversation.id) == {0: "up", 1: "down", 2: "up"}
    path = tmp_path / "votes.jsonl"
    path.write_text(as_questions(keeping), "utf-8")
    found = {q.question: q for q in load_questions(path)}
    assert found[ASKED].answers == (("104286册",),)
    assert found["昆山2019年新增图书多少册？"].answers == (("12345册",),)
    assert found["昆山3月做了什么？"].type == "list"


def test_the_next_question_replaces_the_one_being_edited(assistant: Assistant, tmp_path: Path) -> None:
    chat = Chat(assistant, Keeping(tmp_path))
    session = list(chat.ask(Session(owner="o"), ASKED))[-1].session
    session = list(chat.act(session, {"do": "edit", "turn": "0"}))[-1].session
    session = list(chat.ask(session, "昆山3月做了什么？"))[-1].session
    assert [turn.asked for turn in session.conversation.turns] == ["昆山3月做了什么？"]


@pytest.mark.parametrize("turn", ["9", "-1", "1e9", None, [], "１"])
def test_what_a_browser_sends_is_not_trusted(assistant: Assistant, tmp_path: Path, turn: object) -> None:
    chat = Chat(assistant, Keeping(tmp_path))
    for what in ("cite", "again", "edit", "vote", "open", "conversation", "delete", "nonsense"):
        for view in chat.act(Session(owner="o"), {"do": what, "turn": turn, "n": turn, "line": turn, "id": turn}):
            assert view.session.conversation.turns == ()


def test_citations_of_a_report_that_is_gone_still_show_their_lines(assistant: Assistant, tmp_path: Path) -> None:
    chat = Chat(assistant, Keeping(tmp_path))
    session = Session(owner="o", conversation=Conversation(turns=(turn_of("不再有的报告"),)))
    shown = list(chat.act(session, {"do": "cite", "turn": "0", "n": "1"}))[-1].source or ""
    assert "已不在索引中" in shown
    assert 'class="ln cited first"' in shown


def test_a_conversation_can_be_saved_as_json(assistant: Assistant) -> None:
    from qa.page.export import as_json

    record = json.loads(as_json(Conversation().ask(assistant, ASKED)))
    assert record["turns"][0]["answer"]["citations"][0]["quote"]
