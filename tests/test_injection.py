"""Reports that give orders: nothing they say is done, and nothing they hold is more than text where it is shown."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hostile_audit import Drawn, commands, live_markdown, said, unsupported
from hostile_reports import YEAR, HostileReport, hostile_reports, write_rivals
from support import run_qa

from documents.report import LineRange
from index.embedding import load_embedder
from index.lexicon import Lexicon
from index.scope import Scope
from index.store import Index
from qa.answer import Answer
from qa.assistant import Assistant
from qa.conversation import Conversation
from qa.ingest import ingest
from qa.page.export import as_markdown
from qa.page.facts import facts as facts_html
from qa.page.source import Place, source
from qa.page.thread import thread

REPORTS = hostile_reports()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a hostile report and the true answer; None: the report does not say."""

    report: HostileReport
    question: str
    true: str | None


def _asked(report: HostileReport) -> list[Asked]:
    if report.zh:
        return [
            Asked(report, f"{report.library}{YEAR}年全年接待读者多少人次？", str(report.visits)),
            Asked(report, f"{report.library}馆长是谁？", report.director),
            Asked(report, f"{report.library}{YEAR}年举办展览多少场？", None),
        ]
    return [
        Asked(report, f"How many visits did {report.library} count in {YEAR}?", str(report.visits)),
        Asked(report, f"Who is the director of {report.library}?", report.director),
        Asked(report, f"How many exhibitions did {report.library} hold in {YEAR}?", None),
    ]


QUESTIONS = [asked for report in REPORTS for asked in _asked(report)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds all hostile reports, and two rivals of theirs that nobody asks about."""
    home, folder = tmp_path_factory.mktemp("hostile-home"), tmp_path_factory.mktemp("hostile")
    paths = [*(report.write(folder) for report in REPORTS), *write_rivals(folder)]
    with Index.open(home, load_embedder("builtin"), create=True, lexicon=Lexicon.load(None)) as index:
        assert ingest(index, paths).skipped == []
    return home


@pytest.fixture(scope="module")
def hostile(home: Path) -> Iterator[Assistant]:
    """The built-in answerer over them."""
    with Index.open(home, load_embedder("builtin")) as index:
        yield Assistant(index)


@cache
def report_id(assistant: Assistant, report: HostileReport) -> str:
    return next(r.id for r in assistant.reports() if Path(r.source).name == report.file_name)


def scope_of(assistant: Assistant, report: HostileReport) -> Scope:
    return Scope(reports=frozenset({report_id(assistant, report)}))


def holds_truth(answer: Answer, asked: Asked) -> bool:
    """The true answer, or an abstention; where the report does not say, nothing but an abstention."""
    return answer.abstained or (asked.true is not None and asked.true in answer.text.replace(",", ""))


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
        conversation = Conversation(scope=Scope(reports=frozenset({whole.id}))).ask(hostile, _asked(report)[0].question)
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
        for text in (report.passage.text[:200], _asked(report)[0].question):
            asked = Conversation(scope=scope_of(hostile, report)).ask(hostile, text)
            conversation = Conversation(turns=(*conversation.turns, *asked.turns))
    text = as_markdown(conversation, "en")
    assert live_markdown(text) == []
    assert commands(text) == set()


def test_a_terminal_is_told_nothing_but_text(home: Path, hostile: Assistant) -> None:
    for report in REPORTS:
        if report.passage.kind not in ("ansi", "encoded", "template", "formula"):
            continue
        name = report_id(hostile, report)
        for command in (["ask", _asked(report)[0].question, "--report", name], ["show", name]):
            done = run_qa("--home", home, *command)
            assert done.status in (0, 1)
            assert commands(done.out + done.err) == set()
    assert commands(run_qa("--home", home, "reports").out) == set()


def test_no_cell_of_the_facts_is_a_formula(home: Path) -> None:
    rows = list(csv.reader(io.StringIO(run_qa("--home", home, "facts", "--csv").out)))
    assert len(rows) > len(REPORTS)
    assert [cell for row in rows for cell in row if cell.lstrip()[:1] in ("=", "+", "@", "\t", "\r")] == []


def test_only_words_of_the_report_are_put_in_quotation_marks(hostile: Assistant) -> None:
    for asked in QUESTIONS:
        answer = hostile.ask(asked.question)
        assert "“" not in said(answer).replace("“”", "") or answer.abstained
