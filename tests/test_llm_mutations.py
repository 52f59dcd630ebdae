"""Three hundred right model answers and as many wrong ones, put to the writer: none of the right is struck, and at
most one in a hundred of the wrong comes through.

Most go straight to the `Draft` that judges a model's text as it comes; some by a real server, to show it is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from model_sentences import Case, Wrong, besides, case_of, with_nothing_to_compare, wrongs
from scripted_model import Messages, ScriptedModel
from support import ROOT

from eval.metrics import is_right
from eval.questions import load_questions
from index.embedding import load_embedder
from index.lexicon import Lexicon
from index.scope import Scope
from index.store import Index
from qa.assistant import Assistant
from qa.checking.prose import check_sentence
from qa.ingest import ingest, sample_files
from qa.llm.draft import Draft, Numbers, SetAside
from qa.llm.endpoint import Endpoint
from qa.llm.model import LanguageModel
from qa.llm.prompts import messages, on_one_line
from qa.llm.sentences import read_sentence
from qa.llm.statements import Statement, statements
from qa.llm.writing import Writer
from qa.saying.wording import organisation_text
from qa.understanding.directory import Directory

SEED = 7
STEP = 2  # every so many questions: more say no more
BY_SERVER = 25
CHANGED = {"digit", "month", "unit", "name", "title", "library", "another line", "invented citation"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """An index over the samples and the fixture reports, and the cases made of the questions it answers rightly."""

    assistant: Assistant
    directory: Directory
    cases: tuple[Case, ...]

    def judged(self, case: Case, text: str) -> tuple[str, Sequence[str]]:
        """What of a model's text is shown, and what was struck."""
        draft = Draft(case.drawn, case.given, self.directory, self.assistant.report, believed=False)
        try:
            draft.feed(text)
            draft.close()
        except SetAside as reason:
            return "", [str(reason), *draft.struck]
        return draft.text, draft.struck

    def libraries(self, case: Case) -> list[str]:
        names = [report.organisation for report in self.assistant.reports() if report.organisation]
        return [organisation_text(name, "zh" if case.zh else "en") for name in names]

    def wrongs(self) -> Iterator[tuple[Case, Wrong]]:
        for case in self.cases:
            yield from ((case, w) for w in wrongs(case, self.libraries(case), SEED) if w.kind in CHANGED)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    paths = [*sample_files(), *sorted((ROOT / "tests" / "fixtures" / "reports").iterdir())]
    home = tmp_path_factory.mktemp("mutations-home")
    with Index.open(home, load_embedder("builtin"), create=True, lexicon=Lexicon.load(None)) as index:
        ingest(index, paths)
        assistant = Assistant(index)
        directory = Directory(assistant.reports())
        yield Shelf(assistant, directory, tuple(_cases(assistant, directory)))


def _cases(assistant: Assistant, directory: Directory) -> Iterator[Case]:
    for name in ("samples", "fixtures"):
        for question in load_questions(ROOT / "eval" / "sets" / f"{name}.jsonl")[::STEP]:
            drawn = assistant.drawn(assistant.understand(question.question))
            if drawn.answer.abstained or not is_right(question, drawn.answer.to_dict()):
                continue
            _, given = messages(question.question, question.lang, statements(drawn), directory.name_of, 8192)
            case = case_of(question, drawn, given, directory, assistant.report, SEED)
            if case is not None:
                yield case


def test_no_right_answer_is_struck(shelf: Shelf) -> None:
    texts = [(c, c.text(more=more)) for c in shelf.cases for more in ((), besides(c)[:1], besides(c))]
    assert len(texts) >= 300
    assert {case.zh for case, _ in texts} == {True, False}
    struck = {text: faults for case, text in texts if (faults := shelf.judged(case, text)[1])}
    assert struck == {}


def test_at_most_one_wrong_sentence_in_a_hundred_comes_through(shelf: Shelf) -> None:
    """Each stands after a right one, so that the answer as a whole is believed."""
    told: Counter[str] = Counter()
    through = []
    for case, wrong in shelf.wrongs():
        told[wrong.kind] += 1
        shown, _ = shelf.judged(case, case.text(wrong.sentence, more=[case.marked()]))
        if read_sentence(wrong.sentence).text in shown.replace(read_sentence(case.marked()).text, "", 1):
            through.append((wrong.kind, wrong.sentence))
    assert set(told) == CHANGED
    assert told.total() >= 300
    assert len(through) <= told.total() // 100, through


def test_words_alone_pass_on_the_line_that_says_them_and_seldom_on_another(shelf: Shelf) -> None:
    judged: list[tuple[str, bool, bool]] = []
    for case in shelf.cases:
        for sentence, said, other in [*with_nothing_to_compare(case)][:2]:
            own, elsewhere = (_passes(shelf, case, sentence, statement) for statement in (said, other))
            judged.append((sentence, own, elsewhere))
    assert len(judged) >= 50
    assert [sentence for sentence, own, _ in judged if not own] == []
    assert sum(elsewhere for *_, elsewhere in judged) <= len(judged) // 6


def _passes(shelf: Shelf, case: Case, sentence: str, cited: Statement) -> bool:
    citation = Numbers(shelf.assistant.report).citation(cited.support)
    shown, asked = [on_one_line(cited.text)], case.question.question
    return check_sentence(sentence, [citation], Scope(), known=shelf.directory, asked=asked, shown=shown).passed


def test_a_wrong_value_never_takes_the_place_of_the_right_one(shelf: Shelf) -> None:
    """A model that has it wrong from the first line on is not shown at all, or says the right value after all."""
    for case, wrong in shelf.wrongs():
        if wrong.kind in ("digit", "month"):
            value = read_sentence(wrong.sentence).text.strip("。.")
            shown, _ = shelf.judged(case, f"{value}\n{wrong.sentence}")
            assert read_sentence(wrong.sentence).text not in shown


def test_by_a_real_server_it_is_the_same(shelf: Shelf) -> None:
    said: list[str] = []

    def speak(_: Messages) -> str:
        return said[-1]

    seen: set[str] = set()
    with ScriptedModel(speak) as server:
        model = LanguageModel(Endpoint("openai/m", "openai", "m", server.url), timeout_s=30, retries=0)
        written = Assistant(shelf.assistant.index, writer=Writer(model))
        for case, wrong in shelf.wrongs():
            if case.question.id in seen or len(seen) == BY_SERVER:
                continue
            seen.add(case.question.id)
            for text in (case.text(more=besides(case)), case.text(wrong.sentence, more=[case.marked()])):
                said.append(text)
                answer = written.ask(case.question.question, answerer="llm")
                assert answer.model is not None
                shown, struck = shelf.judged(case, text)
                assert (answer.model.struck, answer.answerer) == (len(struck), "llm")
                assert answer.text.startswith(shown)
    assert len(seen) == BY_SERVER
