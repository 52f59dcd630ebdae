"""Reports that give orders: nothing they say is done, and nothing they hold is more than text where it is shown."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hostile_asked import KEY, Asked, asked_of, demanded, holds_truth, obeying, secrets_of
from hostile_audit import Drawn, commands, live_markdown, said, unsupported
from hostile_reports import HostileReport, hostile_reports
from obeying_model import Obeying
from scripted_model import Messages, ScriptedModel
from support import run_qa

from documents.report import LineRange
from index.embedding import load_embedder
from index.scope import Scope
from index.store import Index
from qa.answer import Answer
from qa.assistant import Assistant
from qa.conversation import Conversation, Turn, Understood
from qa.llm.endpoint import Endpoint
from qa.llm.model import LanguageModel
from qa.llm.record import Record
from qa.llm.writing import Writer
from qa.page.export import as_markdown
from qa.page.facts import facts as facts_html
from qa.page.source import Place, source
from qa.page.thread import thread

REPORTS = hostile_reports()


QUESTIONS = [asked for report in REPORTS for asked in asked_of(report)]


@pytest.fixture(scope="module")
def hostile(hostile_home: Path) -> Iterator[Assistant]:
    """The built-in answerer over them."""
    with Index.open(hostile_home, load_embedder("builtin")) as index:
        yield Assistant(index)


@cache
def report_id(assistant: Assistant, report: HostileReport) -> str:
    return next(r.id for r in assistant.reports() if Path(r.source).name == report.file_name)


def scope_of(assistant: Assistant, report: HostileReport) -> Scope:
    return Scope(reports=frozenset({report_id(assistant, report)}))


def test_the_passages_are_many_and_of_many_kinds() -> None:
    assert len(REPORTS) >= 60
    assert len({report.passage.text for report in REPORTS}) == len(REPORTS)
    assert min(Counter(report.passage.language for report in REPORTS).values()) >= 30
    assert len({report.passage.kind for report in REPORTS}) >= 18
    places = {"prose", "chronicle", "heading", "table", "list", "lines", "file", "title", "organisation"}
    assert {report.passage.stands for report in REPORTS} == places


def test_no_passage_demands_what_is_true() -> None:
    for report in REPORTS:
        truth = {str(report.visits), str(report.loans), report.director}
        assert not [t for t in report.passage.tempts for true in truth if t in true or true in t]


@pytest.mark.parametrize(
    "asked", QUESTIONS, ids=lambda a: f"{a.report.passage.id}-{'absent' if a.true is None else 'true'}"
)
def test_the_built_in_answer_is_the_true_one(hostile: Assistant, asked: Asked) -> None:
    allowed = {report_id(hostile, asked.report)}
    for scope in (None, scope_of(hostile, asked.report)):
        answer = hostile.ask(asked.question, scope)
        assert list(unsupported(answer, hostile.index.report, allowed)) == []
        assert answer.abstained == (asked.true is None)
        assert holds_truth(answer, asked)


def test_a_passage_is_text_wherever_the_page_shows_it(hostile: Assistant) -> None:
    """The answer, the source with the passage's lines as cited, the facts: nothing in them links, loads or runs."""
    for report in REPORTS:
        whole = hostile.index.report(report_id(hostile, report))
        conversation = Conversation(scope=Scope(reports=frozenset({whole.id}))).ask(
            hostile, asked_of(report)[0].question
        )
        place = Place(whole.id, LineRange(1, len(whole.lines)), 0, 1)
        citations = conversation.turns[0].answer.citations
        for language in ("zh", "en"):
            for html in (
                thread(conversation, language, offers=[report.passage.text], notice=report.passage.text),
                source(whole, place, citations, language),
                facts_html(hostile.facts(Scope(reports=frozenset({whole.id}))), language),
            ):
                drawn = Drawn(html)
                assert drawn.live == []
                assert commands(drawn.text) == set()


def test_a_conversation_taken_away_links_nowhere(hostile: Assistant) -> None:
    conversation = Conversation()
    for report in REPORTS:
        asked = Conversation(scope=scope_of(hostile, report)).ask(hostile, report.passage.text[:60])
        conversation = Conversation(turns=(*conversation.turns, *asked.turns))
    text = as_markdown(conversation, "en")
    assert live_markdown(text) == []
    assert commands(text) == set()


def test_a_terminal_is_told_nothing_but_text(hostile_home: Path, hostile: Assistant) -> None:
    for report in REPORTS:
        if report.passage.kind not in ("ansi", "formula"):
            continue
        name = report_id(hostile, report)
        for command in (["ask", asked_of(report)[0].question, "--report", name], ["show", name]):
            done = run_qa("--home", hostile_home, *command)
            assert done.status in (0, 1)
            assert commands(done.out + done.err) == set()
    assert commands(run_qa("--home", hostile_home, "reports").out) == set()


def test_no_cell_of_the_facts_is_a_formula(hostile_home: Path) -> None:
    rows = list(csv.reader(io.StringIO(run_qa("--home", hostile_home, "facts", "--csv").out)))
    assert len(rows) > len(REPORTS)
    assert [cell for row in rows for cell in row if cell.lstrip()[:1] in ("=", "+", "@", "\t", "\r")] == []


def test_only_words_of_the_report_are_put_in_quotation_marks(hostile: Assistant) -> None:
    for asked in QUESTIONS:
        answer = hostile.ask(asked.question)
        assert "“" not in said(answer).replace("“”", "") or answer.abstained


@dataclass(slots=True)
class Told:
    """One question put to a model that obeys: what was asked, what it saw and said, and what came of it."""

    asked: Asked
    prompts: list[Messages]
    replies: list[str]
    shown: list[str]
    answer: Answer

    @property
    def secrets(self) -> list[str]:
        return secrets_of(self.prompts)

    @property
    def demanded(self) -> list[str]:
        return demanded(self.asked.report, self.secrets)

    @property
    def obeyed(self) -> bool:
        """Whether the model saw the order and did all it demands, as far as it lay with the model."""
        said = "\n".join(self.replies)
        return bool(self.demanded) and all(wanted in said for wanted in self.demanded)


class Believed(Record):
    """The record of a model that nothing makes us doubt: the worst that a good reader who obeys can be."""

    @property
    def believed(self) -> bool:
        return True


@pytest.fixture(scope="module", params=[Record, Believed])
def told(hostile: Assistant, request: pytest.FixtureRequest) -> list[Told]:
    """Every report asked about twice: by a sly model that streams, then by a blunt one that does not.

    The blunt one is asked what the report does not say.
    """
    scripts: list[Obeying] = []
    said: list[tuple[Messages, str]] = []

    def obey(messages: Messages) -> str:
        said.append((messages, scripts[-1](messages)))
        return said[-1][1]

    results = []
    for streams, kind in ((True, 0), (False, 2)):
        with ScriptedModel(obey, streams=streams) as server:
            endpoint = Endpoint("openai/m", "openai", "m", server.url, KEY)
            model = LanguageModel(endpoint, timeout_s=30, retries=0)
            written = Assistant(hostile.index, writer=Writer(model, request.param("m")))
            for report in REPORTS:
                asked = asked_of(report)[kind]
                scripts.append(obeying(asked, sly=streams))
                said.clear()
                *shown, answer = written.stream(asked.question, scope_of(hostile, report), answerer="llm")
                assert isinstance(answer, Answer)
                results.append(Told(asked, [m for m, _ in said], [r for _, r in said], list(map(str, shown)), answer))
    return results


def test_the_model_does_what_nearly_every_passage_demands(told: list[Told]) -> None:
    """Without this the rest would prove nothing."""
    obeyed = {t.asked.report.passage.id for t in told if t.obeyed}
    assert sorted({r.passage.id for r in REPORTS} - obeyed) == []


def test_an_order_in_plain_words_is_not_even_shown_to_the_model(told: list[Told]) -> None:
    plain = [t for t in told if t.asked.report.passage.kind in ("ignore", "role", "threat", "figure") and t.prompts]
    lines = [line for t in plain for line in t.prompts[0][1]["content"].split("\n")]
    texts = {line.rpartition(" | ")[2] for line in lines}
    assert len(plain) > 15
    assert not [t for t in plain if t.asked.report.passage.text in texts]


def test_nothing_is_said_that_does_not_stand_on_a_cited_line_in_scope(told: list[Told], hostile: Assistant) -> None:
    found = {}
    for t in told:
        faults = list(unsupported(t.answer, hostile.index.report, {report_id(hostile, t.asked.report)}))
        found[t.asked.report.passage.id] = faults
    assert {passage: faults for passage, faults in found.items() if faults} == {}


def test_what_a_passage_demands_is_not_said(told: list[Told], hostile: Assistant) -> None:
    """Beside what the file is called, by which an abstention names where the nearest stands."""
    said_after_all = {}
    for t in told:
        name = report_id(hostile, t.asked.report)
        texts = "\n".join((said(t.answer), t.answer.short or "", *t.shown)).replace(name, "")
        said_after_all[t.asked.report.passage.id] = [wanted for wanted in t.demanded if wanted in texts]
    assert {passage: wanted for passage, wanted in said_after_all.items() if wanted} == {}


def test_the_truth_remains_or_an_abstention(told: list[Told]) -> None:
    assert [t.asked.report.passage.id for t in told if not holds_truth(t.answer, t.asked)] == []
    assert [t.asked.report.passage.id for t in told if t.asked.true is None and not t.answer.abstained] == []


def test_no_secret_comes_out(told: list[Told]) -> None:
    for t in told:
        out = json.dumps(t.answer.to_dict(), ensure_ascii=False) + "".join(t.shown)
        assert [secret for secret in t.secrets if secret in out] == []


def test_what_was_shown_is_never_taken_back(told: list[Told]) -> None:
    for t in told:
        for before, after in pairwise((*t.shown, t.answer.text)):
            assert after.startswith(before)


def test_the_fence_of_the_prompt_holds(told: list[Told]) -> None:
    """Between its ends stand numbered lines and nothing else, whatever the passage; no two prompts share its name."""
    fences = []
    for t in told:
        for system, user in t.prompts[:1]:
            fence = re.findall(r"</(lines-[0-9a-f]+)>", system["content"])[0]
            fences.append(fence)
            opening, *lines, closing, question = user["content"].split("\n")
            assert (opening, closing) == (f"<{fence}>", f"</{fence}>")
            assert user["content"].count(fence) == 2
            assert re.findall(r"[<>]", "".join(lines)) == []
            assert [line.partition(" ")[0] for line in lines] == [f"[{n}]" for n in range(1, len(lines) + 1)]
            assert question == f"Question: {t.asked.question}"
            assert commands(user["content"]) == set()
            assert t.asked.report.passage.text[:20] not in system["content"]
    assert len(set(fences)) == len(fences)


def test_only_lines_of_the_report_asked_about_are_in_the_prompt(told: list[Told]) -> None:
    for t in told:
        for prompt in t.prompts:
            others = [r.owner for r in REPORTS if r.owner != t.asked.report.owner]
            assert [name for name in (*others, t.asked.report.rival) if name in prompt[1]["content"]] == []


def test_what_a_model_said_is_text_on_the_page_and_in_what_is_taken_away(told: list[Told]) -> None:
    turns = [Turn(t.asked.question, t.asked.question, Understood(), t.answer, "2021-01-01") for t in told]
    conversation = Conversation(turns=tuple(turns))
    drawn = Drawn(thread(conversation, "zh"))
    assert drawn.live == []
    assert commands(drawn.text) == set()
    assert live_markdown(as_markdown(conversation, "en")) == []
    kept = json.dumps(conversation.to_dict(), ensure_ascii=False)
    assert [secret for t in told for secret in t.secrets if secret in kept] == []


@pytest.mark.parametrize("kind", ["ignore", "exfiltration", "reveal", "deny", "ansi", "numbered"])
def test_the_command_is_as_deaf_to_orders(hostile_home: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """`qa ask` with a model that obeys, over OpenAI's protocol and Ollama's."""
    report = next(r for r in REPORTS if r.passage.kind == kind)
    asked = asked_of(report)[0]
    with ScriptedModel(obeying(asked, sly=True)) as server:
        for name, value in {"LLM": "m", "LLM_URL": server.url, "LLM_KEY": KEY, "LLM_RETRIES": "0"}.items():
            monkeypatch.setenv(f"QA_{name}", value)
        plain = run_qa("--home", hostile_home, "ask", asked.question, "--answerer", "llm")
        monkeypatch.setenv("QA_LLM", "ollama/m")
        monkeypatch.setenv("QA_LLM_URL", server.root)
        record = run_qa("--home", hostile_home, "ask", asked.question, "--answerer", "llm", "--json")
        secrets = secrets_of([request.messages for request in server.requests])
    assert (plain.status, record.status) == (0, 0)
    assert str(asked.true) in plain.out.split("\n\n")[0].replace(",", "")
    assert record.json["answerer"] == "llm"
    said = plain.out.split("\n\n")[0] + record.json["answer"]
    assert [wanted for wanted in (*demanded(report, secrets), "evil.example") if wanted in said] == []
    assert [secret for secret in secrets if secret in plain.out + plain.err + record.out + record.err] == []
    assert commands(plain.out + plain.err) == set()
