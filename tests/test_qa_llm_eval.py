"""`qa eval` with a model: one that is always right equals the oracle, and no lie makes the answers worse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from model_voices import LIARS, Voice, perfect
from scripted_model import ScriptedModel
from support import ROOT

from eval.questions import Question, load_questions
from eval.runner import Run, run
from qa.assistant import Assistant
from qa.llm.endpoint import Endpoint
from qa.llm.model import LanguageModel
from qa.llm.writing import Writer
from qa.scoring import lines_reader

SAMPLES = ROOT / "eval" / "sets" / "samples.jsonl"
EVERY = 6


@pytest.fixture(scope="module")
def asked() -> list[Question]:
    """A small file of every type of question, half of it in English."""
    return load_questions(SAMPLES)[::EVERY]


@pytest.fixture(scope="module")
def built_in(assistant: Assistant, asked: list[Question]) -> Run:
    return evaluated(assistant, asked)


def evaluated(assistant: Assistant, asked: list[Question]) -> Run:
    return run(asked, lambda question: assistant.ask(question).to_dict(), lines_reader(assistant))


def with_model(assistant: Assistant, asked: list[Question], voice: Voice) -> Iterator[Run]:
    with ScriptedModel(voice) as server:
        model = LanguageModel(Endpoint("openai/m", "openai", "m", server.url), retries=0)
        yield evaluated(Assistant(assistant.index, writer=Writer(model)), asked)


def right(done: Run) -> set[str]:
    return {outcome.id for outcome in done.outcomes if outcome.right}


def test_a_perfect_model_loses_nothing_and_gains_what_its_lines_prove(
    assistant: Assistant, asked: list[Question], built_in: Run
) -> None:
    (done,) = with_model(assistant, asked, perfect(asked))
    assert right(done) >= right(built_in)
    assert sum(answer["answerer"] == "llm" for answer in done.answers) > len(asked) / 2


def test_a_perfect_model_equals_the_oracle_where_the_evidence_bears_it_out(
    assistant: Assistant, asked: list[Question], built_in: Run
) -> None:
    borne_out = [question for question in asked if question.id in right(built_in)]
    (done,) = with_model(assistant, borne_out, perfect(borne_out))
    assert [outcome.id for outcome in done.outcomes if not outcome.right] == []


@pytest.mark.parametrize("lie", LIARS)
def test_a_lying_model_makes_no_answer_worse(
    assistant: Assistant, asked: list[Question], built_in: Run, lie: str
) -> None:
    (done,) = with_model(assistant, asked, LIARS[lie])
    assert right(done) >= right(built_in)
    assert not any(outcome.wrong_scope for outcome in done.outcomes)
