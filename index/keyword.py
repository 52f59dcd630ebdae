"""Keyword search: Tantivy over our own tokens.

Tantivy's analyzers find nothing in Chinese, so text is handed over as tokens joined by spaces. It was chosen over
SQLite FTS5 and bm25s for its speed and for two things two languages need: a weight per term, and the best of several
alternatives (`disjunction_max_query`).

The generation travels in a marker document inside the index, so that it is committed together with the data it speaks
of. Each document carries the revision of its report: a replaced report may keep its chunk ids while its text changes.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from documents.errors import IndexUnavailable
from documents.report import Chunk
from index.bilingual import Term
from index.catalog import Committed
from index.tokens import STOPWORDS_EN, STOPWORDS_ZH, bigrams, fold, is_chinese, search_tokens, words

# Moves when the fields or the tokens change: the index is then filled afresh from the catalog.
FORMAT = "1"
# A title says what a passage is about, but stands over many passages alike.
HEADING_BOOST = 0.5
# What the question's own wording counts beside its terms (measured: docs/experiments.md). Terms leave out words that
# seem to name nothing and cut names the segmenter does not know; the wording has both.
BIGRAM_WEIGHT = 0.5
WORD_WEIGHT = 0.25
PART_WEIGHT = 0.5
# Of a question as long as a page the first words must do: every token costs.
MAX_WORDING_TOKENS = 150
# The smallest heap that still writes tens of thousands of chunks in few segments; one thread keeps their order.
WRITER_HEAP_BYTES = 64_000_000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "report"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("marker", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("revision", stored=True)
    for name in ("body", "heading"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class KeywordIndex:
    """The keyword index in folder ``path``, made if it is not there.

    Writing needs the lock of the `Index` around it: `replace` and `remove`, then `commit`, then `release`. Raises
    `IndexUnavailable` where the folder holds something that cannot be opened; `discard` then starts afresh.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._schema = _schema()
        self._writer: tantivy.IndexWriter | None = None
        self._open()

    def _open(self) -> None:
        with self._usable():
            self.path.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, str(self.path))
            # The default starts a thread that watches the folder; we know when to look.
            self._index.config_reader("manual")
            self._index.reload()
            self._searcher = self._index.searcher()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Tantivy reports damage and full disks alike as ValueError."""
        try:
            yield
        except (ValueError, OSError) as error:
            raise IndexUnavailable(
                f"The keyword index at {self.path} cannot be used: {error}. Fill it afresh with: qa doctor --repair"
            ) from error

    @property
    def generation(self) -> int:
        """The catalog's generation this index holds; 0 when empty or of another format."""
        found = self._searcher.search(Query.term_query(self._schema, "marker", FORMAT), 1, count=False).hits
        return int(self._searcher.doc(found[0][1])["revision"][0]) if found else 0

    def reload(self) -> None:
        """See what other processes have committed."""
        with self._usable():
            self._index.reload()
            self._searcher = self._index.searcher()

    def replace(self, entry: Committed) -> None:
        """Take out what is held of a report and put in its chunks; seen after `commit`."""
        self.remove(entry.report_id)
        headings: dict[tuple[str, ...], str] = {}
        for chunk in entry.chunks:
            if chunk.heading not in headings:
                headings[chunk.heading] = " ".join(search_tokens("\n".join(chunk.heading)))
            self._writing().add_document(self._document(chunk, headings[chunk.heading], entry.revision))

    def _document(self, chunk: Chunk, heading: str, revision: int) -> tantivy.Document:
        document = tantivy.Document()
        document.add_text("id", chunk.id)
        document.add_text("report", chunk.report_id)
        document.add_unsigned("revision", revision)
        document.add_text("heading", heading)
        document.add_text("body", " ".join(search_tokens(chunk.text)))
        return document

    def remove(self, report_id: str) -> None:
        self._writing().delete_documents_by_term("report", report_id)

    def commit(self, generation: int) -> None:
        """Make everything since the last commit durable and visible, as of ``generation``."""
        writer = self._writing()
        writer.delete_documents_by_term("marker", FORMAT)
        marker = tantivy.Document()
        marker.add_text("marker", FORMAT)
        marker.add_unsigned("revision", generation)
        writer.add_document(marker)
        with self._usable():
            writer.commit()
        self.reload()

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            with self._usable():
                self._writer = self._index.writer(heap_size=WRITER_HEAP_BYTES, num_threads=1)
        return self._writer

    def release(self) -> None:
        """Let other processes write. What was not committed is dropped."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None
            self.reload()

    close = release

    def discard(self) -> None:
        """Throw everything away, also a folder that cannot be opened, and start empty."""
        self._writer = None
        shutil.rmtree(self.path, ignore_errors=True)
        self._open()

    def ids(self) -> dict[str, tuple[str, int]]:
        """Every chunk id held, with its report's id and revision."""
        total = self._searcher.num_docs
        hits = self._searcher.search(Query.all_query(), total, count=False).hits if total else []
        documents = (self._searcher.doc(address) for _, address in hits)
        return {d["id"][0]: (d["report"][0], int(d["revision"][0])) for d in documents if d.get_first("id")}

    def search(
        self, terms: Sequence[Term], limit: int, allowed: Collection[str] | None = None, wording: str = ""
    ) -> list[tuple[str, float]]:
        """The best ``limit`` chunks as (id, BM25 score), best first; equal scores in order of id.

        ``wording`` is the question as it was typed; its bigrams and words count beside the terms, for less.
        ``allowed`` is part of the query, not a filter on its result: no chunk in scope is lost, however far down it
        would stand among all chunks.
        """
        votes = [(Occur.Should, vote) for term in terms if (vote := self._vote(term))]
        for token, weight in _wording_weights(wording).items():
            votes.append((Occur.Should, Query.boost_query(self._token(token), weight)))
        if not votes or limit < 1 or (allowed is not None and not allowed):
            return []
        query = Query.boolean_query(votes)
        if allowed is not None:
            inside = Query.const_score_query(Query.term_set_query(self._schema, "id", list(allowed)), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, inside)])
        with self._usable():
            return self._best(query, limit)

    def cooccurrence(self, first: str, second: str) -> float:
        """Of the chunks with the rarer of two words or phrases, the share that has both; 0.0 if either is nowhere."""
        queries = [query for text in (first, second) if (query := self._alternative(text))]
        if len(queries) < 2:
            return 0.0
        together = Query.boolean_query([(Occur.Must, query) for query in queries])
        rarer = min(self._count(query) for query in queries)
        return self._count(together) / rarer if rarer else 0.0

    def _count(self, query: Query) -> int:
        found: Any = self._searcher.search(query, 1, count=True)  # the stub lacks its count
        return int(found.count)

    def _best(self, query: Query, limit: int) -> list[tuple[str, float]]:
        """Tantivy breaks ties by place in the index, which depends on history: look on until the score drops."""
        asked = limit + 1
        hits = self._searcher.search(query, asked, count=False).hits
        while len(hits) == asked and hits[-1][0] == hits[limit - 1][0]:
            asked *= 2
            hits = self._searcher.search(query, asked, count=False).hits
        found = [(str(self._searcher.doc(address)["id"][0]), float(score)) for score, address in hits]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def _vote(self, term: Term) -> Query | None:
        """The best of a term's alternatives, times its weight."""
        choices = []
        for text, weight in term.alternatives:
            query = self._alternative(text)
            if query is not None and weight * term.weight > 0:
                choices.append(Query.boost_query(query, weight * term.weight))
        # A name the segmenter has cut wrongly is in no text as it stands, but its rarest pair of characters is.
        parts = [self._token(pair) for pair in bigrams(term.surface) if len(pair) == 2]
        if len(parts) > 1 and term.weight > 0:
            choices.append(Query.boost_query(Query.disjunction_max_query(parts), PART_WEIGHT * term.weight))
        return Query.disjunction_max_query(choices) if choices else None

    def _alternative(self, text: str) -> Query | None:
        """One word or phrase: all its tokens must be there, and it scores as the rarest of them.

        The sum would give a long name many votes, the mean would let its common halves drag it down. Of a Chinese
        word longer than two characters the bigrams decide: the report may have been segmented differently.
        """
        tokens = _tokens_of(text)
        pairs = [t for t in tokens if is_chinese(t) and len(t) == 2]
        required = [t for t in tokens if not _is_covered(t, pairs)]
        if not tokens:
            return None
        score = Query.disjunction_max_query([self._token(t) for t in tokens])
        if len(tokens) == 1:
            return score
        present = [(Occur.Must, Query.const_score_query(self._token(t), 0.0)) for t in required]
        return Query.boolean_query([*present, (Occur.Must, score)])

    def _token(self, token: str) -> Query:
        body = Query.term_query(self._schema, "body", token, "freq")
        heading = Query.boost_query(Query.term_query(self._schema, "heading", token, "freq"), HEADING_BOOST)
        return Query.disjunction_max_query([body, heading])


def _wording_weights(text: str) -> dict[str, float]:
    """Search tokens of a question as it was typed, without stop words, and what each counts.

    >>> _wording_weights("许昌的馆")
    {'许昌': 0.75, '昌的': 0.5, '的馆': 0.5, '馆': 0.5}
    """
    folded = fold(text)
    weights = {pair: BIGRAM_WEIGHT for pair in bigrams(folded) if len(pair) == 2}
    for word, _, _ in words(folded):
        if word in STOPWORDS_EN or word in STOPWORDS_ZH:
            continue
        # A single character has no pair of its own to count with.
        single = len(word) == 1 and is_chinese(word)
        weights[word] = BIGRAM_WEIGHT if single else weights.get(word, 0.0) + WORD_WEIGHT
    return dict(list(weights.items())[:MAX_WORDING_TOKENS])


def _is_covered(token: str, pairs: list[str]) -> bool:
    """Whether a Chinese token is already spelled out by the bigrams of its run."""
    if not is_chinese(token) or len(token) == 2:
        return False
    if len(token) == 1:
        return any(token in pair for pair in pairs)
    return True


def _tokens_of(text: str) -> list[str]:
    """An alternative's tokens. English comes as stems already, and a stem of a stem may be another one."""
    return list(dict.fromkeys(text.split() if text.isascii() else search_tokens(text)))
