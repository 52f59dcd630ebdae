"""The assistant: a question in, a checked answer out. Every door (CLI, app, eval, library) goes through here."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from documents.dates import find_dates
from documents.errors import InvalidSetting
from documents.folding import fold
from documents.report import Chunk, Report
from index.catalog import ReportSummary
from index.rerank import RERANK_DEPTH, Scorer, rerank
from index.scope import Hit, Scope
from index.store import Index
from qa.answer import Answer, Answerer, Timing
from qa.checking.check import Verdict
from qa.drawn import Drawn
from qa.extract import builtin
from qa.extract.counting import asks_for_count
from qa.extract.evidence import Candidate
from qa.extract.finding import Finding
from qa.extract.trust import LEAST
from qa.facts import Fact, facts
from qa.saying.reasons import lacking, no_evidence, out_of_scope, unsaid, weak_evidence
from qa.saying.render import compose, explain
from qa.understanding.directory import Directory
from qa.understanding.kinds import Kind
from qa.understanding.question import Question, quoted_spans, understand
from qa.understanding.spelling import respelled

if TYPE_CHECKING:
    from qa.llm.model import LanguageModel
    from qa.llm.writing import Writer

TOP_K = 24
_WHOLE_SCOPE = 80  # chunks: a scope this small is read whole, in order of rank
_ALL_OF_PERIOD = 400
_QUARTER = 3  # months


class Assistant:
    """Answers questions over one index. Reads only; safe to share between threads of one process."""

    def __init__(
        self,
        index: Index,
        *,
        top_k: int = TOP_K,
        reranker: Scorer | None = None,
        least: float = LEAST,
        writer: Writer | None = None,
    ):
        self._writer = writer
        self._index = index
        self._reranker = reranker
        self._top_k = top_k
        self._least = least
        self._generation = -1
        self._reports: dict[str, ReportSummary] = {}
        self._directory = Directory(())

    @property
    def index(self) -> Index:
        return self._index

    @property
    def has_model(self) -> bool:
        """Whether a language model is configured."""
        return self._writer is not None

    def reports(self) -> list[ReportSummary]:
        self._refresh()
        return list(self._reports.values())

    def _refresh(self) -> None:
        """Follow changes that other processes made to the index."""
        generation = self._index.generation
        if generation != self._generation:
            self._reports = {r.id: r for r in self._index.reports()}
            self._directory = Directory(self._reports.values())
            self._generation = generation

    def understand(self, question: str, scope: Scope | None = None) -> Question:
        self._refresh()
        folded = fold(question)
        named = [(m.start, m.end) for m in self._directory.find(folded)]
        fixed = [*named, *((d.start, d.end) for d in find_dates(folded)), *quoted_spans(folded)]
        mended = respelled(question, fixed, self._words_known)
        understood = understand(mended, self._directory, self._index.translations, self._known, given=scope)
        return understood.within(text=question)

    def _words_known(self, asked: Collection[str]) -> Mapping[str, int]:
        """Of some words those the reports hold, with the number of chunks, and those the lexicon leads from, with 0."""
        translated = {row.source: 0 for row in self._index.translations(asked)}
        return translated | self._index.document_frequencies(asked)

    def _known(self, name: str, *, library: bool = False) -> bool:
        """Whether a place's name, in Chinese or pinyin, occurs in any report (as that of a library, if so asked)."""
        bare = re.sub(r"(?<=..)[省市县区州]$", "", fold(name)).replace(" ", "")
        names = {row.target for row in self._index.translations([bare, fold(name)])} | {bare}
        if not library:
            return len(names) > 1 or self._index.mentions(bare)
        places = {re.sub(r"(?<=..)[省市县区州]$", "", n) for n in names}
        kinds = ("图书馆", "市图书馆", "县图书馆", "区图书馆", "省图书馆", "博物馆", "市博物馆", "文化馆", "市文化馆")
        return any(self._index.mentions(p + k) for p in places for k in kinds)

    def search(self, question: str, scope: Scope | None = None, *, top_k: int = 10) -> list[Hit]:
        """Ranked chunks inside the question's scope."""
        understood = self.understand(question, scope)
        return self._search(understood, understood.scope, top_k)

    def _search(self, question: Question, scope: Scope, top_k: int) -> list[Hit]:
        if self._reranker is None:
            return self._index.search(question.terms, question.search_text, scope, top_k)
        hits = self._index.search(question.terms, question.search_text, scope, max(top_k, RERANK_DEPTH))
        return rerank(question.text, hits, self._reranker)[:top_k]

    def facts(self, scope: Scope | None = None) -> list[Fact]:
        """Every figure stated in a scope, in reading order."""
        self._refresh()
        return list(facts(self._index.chunks(scope or Scope()), self._directory.name_of))

    def ask(
        self,
        question: str,
        scope: Scope | None = None,
        *,
        top_k: int | None = None,
        language: str | None = None,
        answerer: Answerer = "auto",
    ) -> Answer:
        """Answer or abstain, in the question's language unless another is named; never raises for what one may type.

        ``answerer`` "llm" without a model raises ``InvalidSetting``; one that fails leaves the built-in answer, whose
        ``model`` says why.
        """
        *_, answer = self.stream(question, scope, top_k=top_k, language=language, answerer=answerer)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        scope: Scope | None = None,
        *,
        top_k: int | None = None,
        language: str | None = None,
        answerer: Answerer = "auto",
    ) -> Iterator[str | Answer]:
        """The answer's text as it grows, each time all of it so far, then the `Answer`, once and last.

        Only what has passed the check is given out. Where a language model breaks off after its first sentences, the
        built-in answer's text takes their place.
        """
        writer = self._writer_for(answerer)
        started = time.perf_counter()
        understood = self.understand(question, scope)
        understood = understood.within(language=language or understood.language)
        hits = self._hits(understood, top_k or self._top_k)
        searched = time.perf_counter()
        drawn = self._draw(understood, hits)

        def ask(part: str) -> tuple[Question, Answer]:
            asked = self.understand(part, scope).within(language=understood.language)
            return asked, self.drawn(asked).answer

        shown = ""
        for grown in writer.write(drawn, self._directory, self.report, ask) if writer else ():
            if isinstance(grown, Answer):
                drawn = replace(drawn, answer=grown)
            else:
                shown = grown
                yield shown
        yield from _told(self._timed(drawn.answer, started, searched), shown)

    def drawn(self, question: Question) -> Drawn:
        """What the built-in answerer makes of a question, with what it had to go by."""
        return self._draw(question, self._hits(question, self._top_k))

    def _writer_for(self, answerer: Answerer) -> Writer | None:
        if answerer == "llm" and self._writer is None:
            raise InvalidSetting(
                "No language model is configured. Name one, e.g. QA_LLM=ollama/qwen3:8b (see docs/language-models.md), "
                "or use --answerer extractive."
            )
        return self._writer if answerer != "extractive" else None

    def model_for(self, answerer: Answerer) -> LanguageModel | None:
        """The language model that would answer. ``answerer`` "llm" without one raises ``InvalidSetting``."""
        writer = self._writer_for(answerer)
        return writer.model if writer else None

    def _hits(self, question: Question, top_k: int) -> list[Hit] | str:
        """What to answer from, or why the scope holds nothing."""
        return out_of_scope(question, self._directory, self._index) or self._evidence(question, top_k)

    def _evidence(self, question: Question, top_k: int) -> list[Hit]:
        """The hits to read: for a period's events everything in it, for a small scope all of it, else the best."""
        if question.kind is Kind.EVENTS or asks_for_count(question):
            chunks = self._index.chunks(question.scope)[:_ALL_OF_PERIOD]
            return [Hit(chunk, 1.0, None, None) for chunk in chunks]
        scope = question.scope
        if len(scope.months) >= _QUARTER:  # a half-year's figure stands under no month; what does not fit is not read
            scope = replace(scope, months=frozenset())
        hits = self._search(question, scope, max(top_k, _WHOLE_SCOPE))
        if question.kind is Kind.COMPARE or question.kind is Kind.CALC:
            hits = self._each_report(question, hits, top_k)
        return hits

    def _each_report(self, question: Question, hits: Sequence[Hit], top_k: int) -> list[Hit]:
        """For a comparison every report in scope brings its own best chunks."""
        found = {hit.chunk.id: hit for hit in hits}
        for report in question.scope.reports or self._reports:
            scope = Scope(reports=frozenset({report}))
            found.update({hit.chunk.id: hit for hit in self._search(question, scope, top_k)})
        return list(found.values())

    def _draw(self, question: Question, hits: Sequence[Hit] | str) -> Drawn:
        """The built-in answer, and what it had to go by."""
        if isinstance(hits, str):
            return Drawn(question, self._abstain(question, hits), closed=True)
        if not hits:
            return Drawn(question, self._abstain(question, no_evidence(question, self._directory)), closed=True)
        finding, candidates = builtin.find(question, _in_order(hits), least=self._least)
        answer = self._answer(question, hits, finding, candidates)
        return Drawn(question, answer, hits, None if answer.abstained else finding, candidates)

    def _answer(
        self, question: Question, hits: Sequence[Hit], finding: Finding | None, candidates: Sequence[Candidate]
    ) -> Answer:
        if finding is None:
            return self._abstain(question, weak_evidence(question, candidates), hits=hits, candidates=candidates)
        if finding.missing:
            reason = lacking(question, finding.missing, finding.candidates, self._directory)
            return self._abstain(question, reason, hits=hits, candidates=candidates)
        answer = compose(question, finding, self.report)
        if isinstance(answer, Verdict):
            refused = self._abstain(question, weak_evidence(question, candidates), hits=hits, candidates=candidates)
            return replace(refused, explanation=(*refused.explanation, f"check: {'; '.join(answer.faults)}"))
        return replace(answer, hits=tuple(hits))

    def report(self, report_id: str) -> Report:
        """The full report with its lines. Raises ``UnknownReport``."""
        return self._index.report(report_id)

    def _abstain(
        self, question: Question, reason: str, *, hits: Sequence[Hit] = (), candidates: Sequence[Candidate] = ()
    ) -> Answer:
        return Answer(
            question.text,
            unsaid(reason, question.language),
            abstained=True,
            reason=reason,
            scope=question.scope,
            hits=tuple(hits),
            explanation=explain(question, candidates),
        )

    @staticmethod
    def _timed(answer: Answer, started: float, searched: float) -> Answer:
        now = time.perf_counter()
        timing = Timing(0.0, (searched - started) * 1000, (now - searched) * 1000)
        return replace(answer, timing=timing)


def _told(answer: Answer, shown: str = "") -> Iterator[str | Answer]:
    """A whole answer as a stream: its value, its text, itself; of that what goes on from what is ``shown`` already."""
    if answer.short and answer.text.startswith(answer.short) and not shown:
        yield answer.short
    if answer.text != shown:
        yield answer.text
    yield answer


def _in_order(hits: Sequence[Hit]) -> list[Chunk]:
    return [hit.chunk for hit in hits]
