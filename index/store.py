"""The index: one door to the catalog and the two stores that follow it.

The catalog commits first and is the truth; the keyword index and the vectors follow and record the generation they
hold. A process killed in between leaves a gap, which the next one to open the index sees and closes. One lock across
processes admits one writer; readers never wait for it, they go on with what has been committed. What is found is always
read from the catalog: a chunk that was removed or replaced a moment ago cannot be cited.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from documents.errors import EmbedderMismatch, IndexLocked, IndexUnavailable
from documents.report import Chunk, Report
from index.bilingual import Term, Translation
from index.catalog import Catalog, Committed, ReportSummary, Statistics, Vectors
from index.embedding import Embedder
from index.followers import Findings, Followers
from index.fusion import DEFAULT_WEIGHTS, Fused, Weights, fuse, in_turn
from index.rankings import EXACT_LIMIT, Rankings
from index.scope import Hit, Scope
from index.tokens import fold, words
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from index.keyword import KeywordIndex
    from index.lexicon import Lexicon

Mode = Literal["fused", "keyword", "vector"]

# How far down each ranking is read before the two are fused.
DEPTH = 100
# The derived indexes commit once for so many chunks: a commit for each report would take most of the time.
BATCH_CHUNKS = 2_000
# A question that names this many reports compares them; one that fits more only has a wide scope.
MOST_COMPARED = 3
LOCK_TIMEOUT_S = 10.0
EVERYTHING = Scope()


class Index:
    """An open index. Make one with `Index.open`; close it, or use it in a ``with`` statement. Safe between threads."""

    def __init__(
        self,
        home: Path,
        catalog: Catalog,
        embedder: Embedder,
        lexicon: Lexicon | None = None,
        timeout_s: float = LOCK_TIMEOUT_S,
        exact_limit: int = EXACT_LIMIT,
    ):
        from filelock import FileLock

        self.home = home
        self._catalog = catalog
        self._embedder = embedder
        self._lexicon = lexicon
        self._timeout_s = timeout_s
        self._lock = FileLock(home / "write.lock")
        self._thread = threading.RLock()
        self._vectors = VectorIndex(home / "vectors", embedder.identity.dimension)
        self._keyword = self._open_keyword()
        self._followers = Followers(catalog, self._keyword, self._vectors)
        self._seen = -1
        self._rankings = Rankings(catalog, embedder, self._keyword, self._vectors, self._idle, exact_limit)

    @classmethod
    def open(
        cls,
        home: Path,
        embedder: Embedder,
        *,
        create: bool = False,
        lexicon: Lexicon | None = None,
        lock_timeout_s: float = LOCK_TIMEOUT_S,
        exact_limit: int = EXACT_LIMIT,
    ) -> Self:
        """The index in folder ``home``, with its derived stores brought up to date if no other process is writing.

        ``lexicon`` is only needed for writing. Open questions over more than ``exact_limit`` chunks go to Chroma.
        Raises `IndexUnavailable` if there is none and ``create`` is false, or it cannot be opened, and
        `EmbedderMismatch` if its vectors are another embedder's.
        """
        if create:
            home.mkdir(parents=True, exist_ok=True)
        catalog = Catalog(home / "catalog.sqlite", create=embedder.identity if create else None)
        try:
            _check_embedder(catalog, embedder)
            index = cls(home, catalog, embedder, lexicon, lock_timeout_s, exact_limit)
            index._refresh()
        except BaseException:
            catalog.close()
            raise
        return index

    @classmethod
    def rebuild(
        cls,
        home: Path,
        embedder: Embedder,
        *,
        lexicon: Lexicon | None = None,
        lock_timeout_s: float = LOCK_TIMEOUT_S,
    ) -> Self:
        """Embed every chunk afresh, from the catalog alone, and work out its words again; then open the index."""
        index = cls(home, Catalog(home / "catalog.sqlite"), embedder, lexicon, lock_timeout_s)
        with index._thread, index._locked(lock_timeout_s):
            with index._catalog.change():
                index._catalog.forget_embedder(embedder.identity)
                for summary in index._catalog.reports():
                    report = index._catalog.report(summary.id)
                    chunks = index._catalog.chunks_in(_only(summary.id))
                    index._commit(report, chunks, index._embed(chunks))
            index._vectors.discard()
            index._catch_up()
            index._followers.release()
        return index

    def close(self) -> None:
        with self._thread:
            self._followers.release()
            self._catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Writing

    def add(self, report: Report, chunks: Sequence[Chunk]) -> None:
        """Put a report in, in place of what was held under its id. Raises `IndexLocked`."""
        self.add_many([(report, chunks)])

    def add_many(self, items: Iterable[tuple[Report, Sequence[Chunk]]], batch: int = BATCH_CHUNKS) -> int:
        """Put many reports in; how many. The derived stores commit about every ``batch`` chunks.

        Each report is safe as soon as its batch is embedded and written to the catalog. Raises `IndexLocked`, and
        whatever ``items`` raises; the batches before stay.
        """
        added = 0
        with self._writing():
            for group in _batches(items, batch):
                vectors = self._embed([chunk for _, chunks in group for chunk in chunks])
                at = 0
                for report, chunks in group:
                    self._followers.replace(self._commit(report, chunks, vectors[at : at + len(chunks)]))
                    at += len(chunks)
                self._followers.commit()
                added += len(group)
        return added

    def remove(self, report_id: str) -> None:
        """Take a report out, everywhere. Raises `UnknownReport` or `IndexLocked`."""
        with self._writing():
            self._catalog.remove(report_id)
            self._followers.remove(report_id)
            self._followers.commit()

    def _embed(self, chunks: Sequence[Chunk]) -> Vectors:
        return self._embedder.embed([searchable_text(chunk) for chunk in chunks])

    def _commit(self, report: Report, chunks: Sequence[Chunk], vectors: Vectors) -> Committed:
        expand = self._lexicon.expand_vocabulary if self._lexicon else None
        return self._catalog.replace(report, chunks, vectors, self._words_of(chunks), expand)

    def _words_of(self, chunks: Sequence[Chunk]) -> dict[str, int]:
        """In how many of these chunks each word stands, and each term of several that the lexicon knows."""
        vocabulary: dict[str, int] = {}
        for chunk in chunks:
            text = searchable_text(chunk)
            tokens = {token for token, _, _ in words(fold(text))}
            for token in tokens | (self._lexicon.terms_in(text) if self._lexicon else set()):
                vocabulary[token] = vocabulary.get(token, 0) + 1
        return vocabulary

    def _catch_up(self) -> None:
        """Close the gap a killed process, a lost folder or another lexicon has left. Needs the lock."""
        if self._lexicon and self._speaks_otherwise:
            words = ((r.id, self._words_of(self._catalog.chunks_in(_only(r.id)))) for r in self._catalog.reports())
            self._catalog.set_words(self._lexicon.digest, words, self._lexicon.expand_vocabulary)
        self._keyword.reload()
        self._followers.catch_up()

    @property
    def _speaks_otherwise(self) -> bool:
        """Whether the catalog's translations come from other word lists than those at hand: an upgrade, a glossary."""
        return self._lexicon is not None and self._catalog.lexicon != self._lexicon.digest

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._thread, self._locked(self._timeout_s):
            _check_embedder(self._catalog, self._embedder)
            try:
                self._catch_up()
                yield
            finally:
                self._followers.release()

    @contextmanager
    def _locked(self, timeout_s: float) -> Iterator[None]:
        from filelock import Timeout

        try:
            guard = self._lock.acquire(timeout=timeout_s)
        except Timeout as error:
            raise IndexLocked(
                f"Another process is writing to the index (it holds {self._lock.lock_file}). "
                "Wait until it is done, then try again."
            ) from error
        except OSError as error:
            raise IndexLocked(f"Cannot write to the index: {error}. Check the permissions of {self.home}.") from error
        with guard:
            yield

    def _idle(self) -> AbstractContextManager[None]:
        """The write lock if nobody holds it. Raises `IndexLocked` at once if somebody does."""
        return self._locked(0)

    # Reading

    def _refresh(self) -> None:
        """Follow what other processes have committed; close a gap if its writer is gone."""
        generation = self._catalog.generation
        if generation == self._seen:
            return
        _check_embedder(self._catalog, self._embedder)
        self._keyword.reload()
        if self._followers.behind or (self._seen < 0 and self._speaks_otherwise):
            try:
                with self._idle():
                    self._catch_up()
                    self._followers.release()
            except IndexLocked:
                return
        self._seen = generation

    def _open_keyword(self) -> KeywordIndex:
        from index.keyword import KeywordIndex

        path = self.home / "keyword"
        try:
            return KeywordIndex(path)
        except IndexUnavailable:
            with self._locked(self._timeout_s):
                shutil.rmtree(path, ignore_errors=True)
                return KeywordIndex(path)

    def search(
        self,
        terms: Sequence[Term],
        question_text: str,
        scope: Scope = EVERYTHING,
        top_k: int = 20,
        mode: Mode = "fused",
        weights: Weights = DEFAULT_WEIGHTS,
    ) -> list[Hit]:
        """The best ``top_k`` chunks within ``scope``, best first; none if nothing in scope matches."""
        with self._thread:
            self._refresh()
            depth = max(DEPTH, top_k)
            compares = scope.reports is not None and 1 < len(scope.reports) <= MOST_COMPARED
            # One snapshot: a report replaced meanwhile cannot bring a chunk of another month into the scope.
            with self._catalog.snapshot():
                keyword = [] if mode == "vector" else self._rankings.keyword(terms, question_text, scope, depth)
                vector = [] if mode == "keyword" else self._rankings.vector(question_text, scope, depth)
                ranked = fuse(keyword, vector, weights)
                # More than asked for: a derived store may still hold what the catalog no longer has.
                read = ranked[: 2 * (depth if compares else top_k)]
                found = {chunk.id: chunk for chunk in self._catalog.chunks([hit.id for hit in read])}
            hits = [_hit(found[entry.id], entry) for entry in ranked if entry.id in found]
            return (in_turn(hits, lambda hit: hit.chunk.report_id) if compares else hits)[:top_k]

    @property
    def generation(self) -> int:
        """Rises with every change."""
        with self._thread:
            return self._catalog.generation

    def reports(self) -> list[ReportSummary]:
        with self._thread:
            return self._catalog.reports()

    def report(self, report_id: str) -> Report:
        """A report with its lines and sections. Raises `UnknownReport`."""
        with self._thread:
            return self._catalog.report(report_id)

    def chunks(self, scope: Scope = EVERYTHING) -> list[Chunk]:
        """Every chunk of a scope, report by report in reading order."""
        with self._thread:
            return self._catalog.chunks_in(scope)

    def mentions(self, text: str) -> bool:
        """Whether any chunk holds this text, as it is written."""
        with self._thread:
            return self._catalog.mentions(text)

    def translations(self, sources: Iterable[str]) -> list[Translation]:
        """The lexicon's rows for these question keys; the look-up `index.bilingual.question_terms` wants."""
        with self._thread:
            return self._catalog.translations(sources)

    def document_frequencies(self, tokens: Iterable[str]) -> dict[str, int]:
        """In how many chunks each token occurs; tokens that occur nowhere are left out."""
        with self._thread:
            return self._catalog.document_frequencies(tokens)

    def cooccurrence(self, first: str, second: str) -> float:
        """Of the chunks with the rarer of two words or phrases, the share that has both (0.0 to 1.0)."""
        with self._thread:
            self._refresh()
            return self._keyword.cooccurrence(first, second)

    def statistics(self) -> Statistics:
        with self._thread:
            return self._catalog.statistics()

    # Care

    def verify(self) -> Findings:
        """Compare every chunk of both derived stores with the catalog. Raises `IndexLocked`."""
        with self._thread, self._locked(self._timeout_s):
            self._keyword.reload()
            return self._followers.verify()

    def repair(self) -> Findings:
        """Make the derived stores agree with the catalog again; what was wrong before. Raises `IndexLocked`."""
        with self._thread, self._locked(self._timeout_s):
            self._keyword.reload()
            findings = self._followers.verify()
            self._followers.repair()
            self._followers.release()
        return findings


def searchable_text(chunk: Chunk) -> str:
    """What a chunk is embedded by: its headings, outermost first, and its text."""
    return "\n".join((*chunk.heading, chunk.text))


def _check_embedder(catalog: Catalog, embedder: Embedder) -> None:
    if catalog.embedder != embedder.identity:
        raise EmbedderMismatch(
            f"The index at {catalog.path.parent} was built with {catalog.embedder}, but the embedder configured is "
            f"{embedder.identity}. Configure the former, or rebuild with: qa index --rebuild"
        )


def _batches(
    items: Iterable[tuple[Report, Sequence[Chunk]]], size: int
) -> Iterator[list[tuple[Report, Sequence[Chunk]]]]:
    group: list[tuple[Report, Sequence[Chunk]]] = []
    for item in items:
        group.append(item)
        if sum(len(chunks) for _, chunks in group) >= size:
            yield group
            group = []
    if group:
        yield group


def _hit(chunk: Chunk, entry: Fused) -> Hit:
    return Hit(chunk, entry.score, entry.keyword_rank, entry.vector_rank)


def _only(report_id: str) -> Scope:
    return Scope(reports=frozenset({report_id}))
