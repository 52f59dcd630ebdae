"""Several questions in one are taken apart by a model, and only along what was asked."""

from __future__ import annotations

import pytest
from model_voices import REFUSAL
from scripted_model import Fault, Messages, ScriptedModel

from qa.answer import Answer
from qa.assistant import Assistant
from qa.llm.endpoint import Endpoint
from qa.llm.model import LanguageModel
from qa.llm.parts import asks_several
from qa.llm.writing import Writer

BOTH = "许昌市图书馆2019年新增图书多少册，办证多少张？"
PARTS = "许昌市图书馆2019年新增图书多少册？\n许昌市图书馆2019年办证多少张？"


def ask(assistant: Assistant, question: str, parts: str | Fault) -> tuple[Answer, int]:
    """The answer, and how often the model was asked; what is not about parts it leaves to the lines."""

    def say(messages: Messages) -> str | Fault:
        return REFUSAL if "numbered lines" in messages[0]["content"] else parts

    with ScriptedModel(say) as server:
        model = LanguageModel(Endpoint("m", "openai", "m", server.url), retries=0)
        return Assistant(assistant.index, writer=Writer(model)).ask(question), len(server.requests)


def test_each_part_is_answered_with_its_own_citation(assistant: Assistant) -> None:
    answer, asked = ask(assistant, BOTH, PARTS)
    alone = [assistant.ask(part) for part in PARTS.splitlines()]
    assert asked == 1
    assert answer.short == "；".join(str(part.short) for part in alone)
    expected = zip(PARTS.splitlines(), alone, (1, 2), strict=True)
    assert answer.text.splitlines() == [f"{question}{part.short}[{n}]" for question, part, n in expected]
    assert [citation.number for citation in answer.citations] == [1, 2]
    assert [citation.lines for citation in answer.citations] == [part.citations[0].lines for part in alone]
    assert answer.model is not None
    assert "2个问题" in str(answer.model.note)


@pytest.mark.parametrize(
    "parts",
    [
        "许昌市图书馆2019年新增图书多少册？",  # a part is missing
        PARTS + "\n许昌市图书馆2019年有多少职工？",  # more than was asked
        PARTS.replace("2019", "2018"),  # another year
        PARTS.replace("2019年", ""),  # any year
        PARTS.replace("许昌", "昆山"),  # another library
        PARTS.replace("许昌市图书馆", ""),  # any library
        "",
        "I cannot do that.",
        Fault("drop", PARTS),
    ],
)
def test_parts_that_ask_for_anything_else_are_not_used(assistant: Assistant, parts: str | Fault) -> None:
    answer, asked = ask(assistant, BOTH, parts)
    built_in = assistant.ask(BOTH)
    assert (answer.text, answer.citations) == (built_in.text, built_in.citations)
    assert asked == 2


@pytest.mark.parametrize(
    ("parts", "tokens", "rejected"),
    [
        (PARTS, (11, 7), 0),  # one call: the parts are answered without the model
        (PARTS.replace("2019", "2018"), (22, 14), 1),
        ("许昌市图书馆2019年新增图书多少册，办证多少张？", (22, 14), 0),  # it saw one question where there are two
    ],
)
def test_every_call_made_for_an_answer_is_counted(
    assistant: Assistant, parts: str, tokens: tuple[int, int], rejected: int
) -> None:
    answer, asked = ask(assistant, BOTH, parts)
    assert answer.model is not None
    assert (answer.model.prompt_tokens, answer.model.completion_tokens) == tokens
    assert (answer.model.calls, answer.model.rejected) == (asked, rejected)


def test_a_call_that_broke_off_is_counted_and_the_next_one_tells_why(assistant: Assistant) -> None:
    answer, asked = ask(assistant, BOTH, Fault("drop", PARTS))
    assert answer.model is not None
    assert (answer.model.calls, asked) == (2, 2)
    assert answer.model.prompt_tokens > 11


@pytest.mark.parametrize(
    ("question", "several"),
    [
        (BOTH, True),
        ("How many books did Xuchang add in 2019 and how many cards did it issue?", True),
        ("许昌市图书馆2019年新增图书多少册？", False),
        ("许昌和昆山2019年办证哪家更多？", False),
        ("How many books and periodicals did Xuchang add?", False),
        ("昆山3月做了什么？", False),
    ],
)
def test_one_question_is_told_from_several_by_its_wording(assistant: Assistant, question: str, several: bool) -> None:
    assert asks_several(assistant.understand(question)) is several
