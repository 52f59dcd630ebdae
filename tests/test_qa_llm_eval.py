"""`qa eval` with a model: one that is always right equals the oracle, and no liar makes the answers worse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from model_voices import LIARS, Voice, perfect
from scripted_model import Messages, ScriptedModel
from support import ROOT

from eval.questions import Question, load_questions
from eval.runner import Run, run
from qa.assistant import Assistant
from qa.llm.endpoint import Endpoint
from qa.llm.model import LanguageModel
from qa.llm.record import LAST
from qa.llm.writing import Writer
from qa.scoring import lines_reader, surest_first

SAMPLES = ROOT / "eval" / "sets" / "samples.jsonl"
EVERY = 4


@pytest.fixture(scope="module")
def asked() -> list[Question]:
    """A small file of every type of question, half of it in English."""
    return load_questions(SAMPLES)[::EVERY]


@pytest.fixture(scope="module")
def built_in(assistant: Assistant, asked: list[Question]) -> Run:
    return evaluated(assistant, asked)


def evaluated(assistant: Assistant, asked: list[Question]) -> Run:
    """As `qa eval` does: what the built-in answerer is sure of comes first."""
    ordered = surest_first(assistant, asked)
    return run(ordered, lambda question: assistant.ask(question).to_dict(), lines_reader(assistant)).like(asked)


def with_model(assistant: Assistant, asked: list[Question], voice: Voice) -> Iterator[Run]:
    with ScriptedModel(voice) as server:
        model = LanguageModel(Endpoint("openai/m", "openai", "m", server.url), retries=0)
        yield evaluated(Assistant(assistant.index, writer=Writer(model)), asked)


def right(done: Run) -> set[str]:
    return {outcome.id for outcome in done.outcomes if outcome.right}


def test_a_perfect_model_equals_the_oracle(assistant: Assistant, asked: list[Question]) -> None:
    (done,) = with_model(assistant, asked, perfect(asked))
    assert [outcome.id for outcome in done.outcomes if not outcome.right] == []
    assert sum(answer["answerer"] == "llm" for answer in done.answers) > len(asked) / 2


def test_a_model_that_begins_to_lie_is_believed_no_longer(
    assistant: Assistant, asked: list[Question], built_in: Run
) -> None:
    honest, told = perfect(asked), Counter[str]()

    def turning(messages: Messages) -> str:
        told["calls"] += 1
        return (honest if told["calls"] <= 12 else LIARS["any_figure"])(messages)

    (done,) = with_model(assistant, asked, turning)
    assert len(right(built_in) - right(done)) <= LAST // 4


@pytest.mark.parametrize("lie", LIARS)
def test_a_lying_model_makes_no_answer_worse(
    assistant: Assistant, asked: list[Question], built_in: Run, lie: str
) -> None:
    (done,) = with_model(assistant, asked, LIARS[lie])
    assert right(done) >= right(built_in)
    assert not any(outcome.wrong_scope for outcome in done.outcomes)
