"""A model's answer under the check, over a real server: what passes is shown, else the built-in answer stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from model_voices import beside_the_point, endangering, lines_in, marks_of, refusing
from scripted_model import Fault, Messages, ScriptedModel
from support import Done, run_qa

from documents.errors import InvalidSetting
from qa.answer import Answer
from qa.assistant import Assistant
from qa.conversation import Conversation
from qa.llm.endpoint import Endpoint
from qa.llm.model import LanguageModel
from qa.llm.writing import Writer

ASKED = "许昌市图书馆2019年新增图书多少册？"
SAID = "104286册\n2019年许昌市图书馆新增图书104286册。{1}"
BOOKS = "新增图书104286册"
Say = Callable[[Messages], "str | Fault"]


@contextmanager
def writing(assistant: Assistant, say: Say, *, timeout_s: float = 20) -> Iterator[tuple[Assistant, ScriptedModel]]:
    """The assistant with a model that speaks by a script."""
    with ScriptedModel(say) as server:
        model = LanguageModel(Endpoint("openai/m", "openai", "m", server.url), timeout_s=timeout_s, retries=0)
        yield Assistant(assistant.index, writer=Writer(model)), server


def ask(assistant: Assistant, say: Say, question: str = ASKED, **options: Any) -> Answer:
    with writing(assistant, say, **options) as (written, _):
        return written.ask(question)


def marked(text: str, snippet: str = BOOKS) -> Say:
    """A script with the mark of the line that holds a snippet in place of {1}."""
    return lambda messages: text.replace("{1}", marks_of(messages, snippet))


def same(one: Answer, other: Answer) -> bool:
    """Equal but for the model's part and the time it took."""
    return replace(one, timing=other.timing, model=None) == replace(other, model=None)


def test_a_text_that_passes_is_shown_with_citations_of_the_report_s_own_lines(assistant: Assistant) -> None:
    answer = ask(assistant, marked(SAID))
    assert answer.answerer == "llm"
    assert answer.short == "104286册"
    assert answer.text == "104286册。2019年许昌市图书馆新增图书104286册。[1]"
    assert [(c.number, c.report_id) for c in answer.citations] == [(1, "xuchang-2019")]
    cited = answer.citations[0]
    assert cited.quote == assistant.report("xuchang-2019").text(cited.lines)
    assert cited.digest == assistant.report("xuchang-2019").digest
    assert answer.to_dict()["model"] == {
        "name": "openai/m", "prompt_tokens": 11, "completion_tokens": 7, "cost": None, "struck": 0, "note": None,
        "calls": 1, "rejected": 0,
    }  # fmt: skip


def test_an_english_question_is_answered_in_english_from_chinese_lines(assistant: Assistant) -> None:
    said = "104,286 volumes\nXuchang Library added 104,286 volumes in 2019. {1}"
    answer = ask(assistant, marked(said), "How many books did Xuchang add in 2019?")
    assert answer.answerer == "llm"
    assert answer.text == "104,286 volumes. Xuchang Library added 104,286 volumes in 2019. [1]"


@pytest.mark.parametrize(
    "more",
    [
        "另有99999册。{1}",  # a figure of its own
        "这是全省第一。",  # no line
        "昆山市图书馆也是104286册。{1}",  # another library
        "新增图书104286册。[97]",  # a line it was not given
        "新增图书104286册，见 http://evil.example/?q=1 。{1}",
        "![](http://evil.example/x.png)新增图书104286册。{1}",
        "<b onclick=x>新增图书</b>104286册。{1}",
    ],
)
def test_a_sentence_that_does_not_pass_is_struck_and_counted(assistant: Assistant, more: str) -> None:
    answer = ask(assistant, marked(SAID + more))
    assert answer.text == "104286册。2019年许昌市图书馆新增图书104286册。[1]"
    assert answer.model is not None
    assert answer.model.struck == 1
    assert "1句" in str(answer.model.note)


@pytest.mark.parametrize(
    "say",
    [
        marked("99999册\n新增图书99999册。{1}"),
        marked("104286册\n新增图书99999册。{1}"),
        marked("104286册\n新增图书104286册。"),
        refusing,
        beside_the_point,
        endangering,
        lambda _: "",
        lambda _: "Sure! Here is the answer: it is a lot.",
    ],
)
def test_where_nothing_stands_the_built_in_answer_does_and_says_why(assistant: Assistant, say: Say) -> None:
    answer = ask(assistant, say)
    assert same(answer, assistant.ask(ASKED))
    assert answer.answerer == "extractive"
    assert answer.model is not None
    assert answer.model.note


@pytest.mark.parametrize("kind", ["drop", "stop", "malformed", "shapeless", "empty", "page", "status", "endless"])
def test_with_any_fault_the_built_in_answer_stands_and_the_next_question_works(assistant: Assistant, kind: str) -> None:
    said: list[str | Fault] = [Fault(kind, "104286册\n" + "新增图书104286册。[1]" * 3)]
    with writing(assistant, lambda m: said.pop() if said else marked(SAID)(m)) as (written, _):
        first, second = written.ask(ASKED), written.ask(ASKED)
    assert same(first, assistant.ask(ASKED))
    assert first.model is not None
    assert "openai/m at http://127.0.0.1" in str(first.model.note)
    assert second.answerer == "llm"


def test_a_model_that_hangs_costs_no_more_than_its_time(assistant: Assistant) -> None:
    answer = ask(assistant, lambda _: Fault("hang"), timeout_s=0.5)
    assert same(answer, assistant.ask(ASKED))
    assert "within 0.5 s" in str(answer.model and answer.model.note)


@pytest.mark.parametrize("question", ["太原市图书馆2019年新增图书多少册？", "许昌市图书馆2012年新增图书多少册？"])
def test_a_question_outside_what_is_indexed_never_reaches_the_model(assistant: Assistant, question: str) -> None:
    with writing(assistant, marked(SAID)) as (written, server):
        assert written.ask(question).abstained
    assert server.requests == []


def test_where_the_lines_say_nothing_of_it_a_true_figure_is_no_answer(assistant: Assistant) -> None:
    question = "昆山市图书馆2019年有多少架直升机？"
    assert assistant.ask(question).abstained
    for say in (beside_the_point, marked("57家\n昆山有57家分馆。{1}", "分馆")):
        answer = ask(assistant, say, question)
        assert answer.abstained
        assert answer.answerer == "extractive"


def test_another_value_that_the_reports_state_is_added_where_the_model_leaves_it_out(assistant: Assistant) -> None:
    question = "昆图一年到底搞了多少场读者活动？"
    built_in = assistant.ask(question)
    assert [conflict.value for conflict in built_in.conflicts] == ["477场"]
    answer = ask(assistant, marked("447场\n2019年共举办读者活动447场。{1}", "447场"), question)
    assert answer.answerer == "llm"
    assert "477场：“" in answer.text
    assert [(c.value, c.citation) for c in answer.conflicts] == [("477场", 2)]
    assert "477场" in answer.citations[1].quote


def test_the_texts_of_a_stream_have_passed_and_grow_into_the_answer(assistant: Assistant) -> None:
    said = SAID + "它是2019年的数字。{1}另有99999册。{1}新增图书104286册。{1}"
    with writing(assistant, marked(said)) as (written, _):
        *texts, answer = written.stream(ASKED)
    assert isinstance(answer, Answer)
    assert len(set(texts)) > 1
    assert all(isinstance(text, str) and answer.text.startswith(text) for text in texts)
    assert not any("99999" in str(text) for text in texts)


def test_a_long_statement_is_cited_by_the_lines_that_carry_the_fact(assistant: Assistant) -> None:
    answer = ask(assistant, marked(SAID))
    assert all(len(citation.lines) <= 3 for citation in answer.citations)


def test_only_lines_in_scope_leave_the_machine(assistant: Assistant) -> None:
    with writing(assistant, marked(SAID)) as (written, server):
        written.ask("昆山市图书馆2019年到馆读者多少人次？")
    (request,) = server.requests
    report = assistant.report("kunshan-2019")
    whole = "".join("".join(line.text.split()) for line in report.lines)
    assert all("".join(text.split())[:8] in whole for text in lines_in(request.messages).values())


def test_a_conversation_remembers_what_the_model_did(assistant: Assistant) -> None:
    with writing(assistant, marked(SAID)) as (written, _):
        conversation = Conversation().ask(written, ASKED)
    assert Conversation.from_dict(conversation.to_dict()).turns[0].answer.model == conversation.turns[0].answer.model


def test_asking_for_a_model_where_there_is_none_says_what_to_set(assistant: Assistant) -> None:
    with pytest.raises(InvalidSetting, match="QA_LLM=ollama/"):
        assistant.ask(ASKED, answerer="llm")
    with writing(assistant, marked(SAID)) as (written, server):
        assert same(written.ask(ASKED, answerer="extractive"), assistant.ask(ASKED))
    assert server.requests == []


@pytest.fixture
def qa_with(samples_home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """The `qa` command over the samples, with a model in the environment."""

    def run(server: ScriptedModel, *arguments: object) -> Done:
        monkeypatch.setenv("QA_LLM", "m")
        monkeypatch.setenv("QA_LLM_URL", server.url)
        monkeypatch.setenv("QA_LLM_KEY", "sk-not-to-be-seen")
        monkeypatch.setenv("QA_LLM_RETRIES", "0")
        monkeypatch.setenv("QA_LLM_PRICE", "1/2")
        return run_qa("--home", samples_home, *arguments)

    return run


@pytest.mark.parametrize("answerer", ["auto", "llm"])
def test_qa_ask_tells_who_answered_and_what_it_cost(qa_with: Callable[..., Done], answerer: str) -> None:
    with ScriptedModel(marked(SAID)) as server:
        done = qa_with(server, "ask", ASKED, "--json", "--answerer", answerer)
    assert done.status == 0
    assert done.json["answerer"] == "llm"
    assert done.json["model"]["cost"] == pytest.approx((11 + 2 * 7) / 10**6)
    assert server.requests[0].headers["authorization"] == "Bearer sk-not-to-be-seen"
    assert "sk-not" not in done.out + done.err


@pytest.mark.parametrize("answerer", ["auto", "llm"])
def test_qa_ask_with_a_failing_model_gives_the_built_in_answer_and_a_note(
    qa_with: Callable[..., Done], answerer: str
) -> None:
    with ScriptedModel(lambda _: Fault("status", status=401, body='{"error": "sk-not-to-be-seen"}')) as server:
        done = qa_with(server, "--debug", "ask", ASKED, "--answerer", answerer)
    assert done.status == 0
    assert done.out.startswith("104286册")
    assert done.err.count("\n") == 1
    assert "HTTP 401" in done.err
    assert "sk-not" not in done.out + done.err


def test_qa_ask_with_an_answerer_that_is_not_there_fails(own: Callable[..., Done]) -> None:
    done = own("ask", ASKED, "--answerer", "llm")
    assert done.status == 2
    assert "QA_LLM" in done.err
