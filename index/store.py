"""The index: one door to the catalog and the two stores that follow it.

The catalog commits first and is the truth; the keyword index and the vectors follow and record the generation they
hold. A process killed in between leaves a gap, which the next one to open the index sees and closes. One lock across
processes admits one writer; readers never wait for it, they go on with what has been committed. What is found is always
read from the catalog: a chunk that was removed or replaced a moment ago cannot be cited.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Protocol, Self

from documents.errors import EmbedderMismatch, IndexLocked, IndexUnavailable
from documents.report import Chunk, Report
from index.bilingual import Term, Translation
from index.catalog import Catalog, Committed, ReportSummary, Statistics, Vectors
from index.embedding import Embedder
from index.fusion import DEFAULT_WEIGHTS, Fused, Weights, fuse, in_turn
from index.scope import Hit, Scope
from index.tokens import fold, words
from index.vectors import VectorIndex, rank_exactly

if TYPE_CHECKING:
    from index.keyword import KeywordIndex
    from index.lexicon import Lexicon

Mode = Literal["fused", "keyword", "vector"]

# How far down each ranking is read before the two are fused.
DEPTH = 100
# Up to here reading and ranking all vectors takes less time than importing and opening Chroma (0.7 s).
EXACT_LIMIT = 20_000
# The derived indexes commit once for so many chunks: a commit for each report would take most of the time.
BATCH_CHUNKS = 2_000
# A question that names this many reports compares them; one that fits more only has a wide scope.
MOST_COMPARED = 3
LOCK_TIMEOUT_S = 10.0
EVERYTHING = Scope()


class Follower(Protocol):
    """A store derived from the catalog."""

    @property
    def generation(self) -> int: ...
    def replace(self, entry: Committed) -> None: ...
    def remove(self, report_id: str) -> None: ...
    def commit(self, generation: int) -> None: ...
    def ids(self) -> dict[str, tuple[str, int]]: ...
    def release(self) -> None: ...
    def discard(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Findings:
    """What `Index.verify` found. ``reports`` are those whose chunks a derived store lacks, or holds wrongly."""

    problems: tuple[str, ...]
    reports: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


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
        self._exact_limit = exact_limit
        self._lock = FileLock(home / "write.lock")
        self._thread = threading.RLock()
        self._vectors = VectorIndex(home / "vectors", embedder.identity.dimension)
        self._keyword = self._open_keyword()
        self._followers: tuple[Follower, ...] = (self._keyword, self._vectors)
        self._seen = -1
        self._ids: tuple[int, Scope, frozenset[str] | None] | None = None
        self._matrix: tuple[int, Scope, list[str], Vectors] | None = None

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
                    chunks = index._catalog.chunks_in(Scope(reports=frozenset({summary.id})))
                    index._commit(report, chunks, index._embed(chunks))
            index._vectors.discard()
            index._catch_up()
            index._release()
        return index

    def close(self) -> None:
        with self._thread:
            self._release()
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
                    self._hand_on(self._commit(report, chunks, vectors[at : at + len(chunks)]))
                    at += len(chunks)
                self._finish()
                added += len(group)
        return added

    def remove(self, report_id: str) -> None:
        """Take a report out, everywhere. Raises `UnknownReport` or `IndexLocked`."""
        with self._writing():
            self._catalog.remove(report_id)
            self._follow(lambda follower: follower.remove(report_id))
            self._finish()

    def _embed(self, chunks: Sequence[Chunk]) -> Vectors:
        return self._embedder.embed([searchable_text(chunk) for chunk in chunks])

    def _commit(self, report: Report, chunks: Sequence[Chunk], vectors: Vectors) -> Committed:
        vocabulary: dict[str, int] = {}
        for chunk in chunks:
            text = searchable_text(chunk)
            tokens = {token for token, _, _ in words(fold(text))}
            for token in tokens | (self._lexicon.terms_in(text) if self._lexicon else set()):
                vocabulary[token] = vocabulary.get(token, 0) + 1
        translations: Iterable[Translation] = ()
        if self._lexicon and (new := self._catalog.unseen(vocabulary)):
            translations = self._lexicon.expand_vocabulary(new)
        return self._catalog.replace(report, chunks, vectors, vocabulary, translations)

    def _hand_on(self, entry: Committed) -> None:
        self._follow(lambda follower: follower.replace(entry))

    def _follow(self, action: Callable[[Follower], None]) -> None:
        for follower in self._followers:
            self._healing(follower, action)

    def _finish(self) -> None:
        generation = self._catalog.generation
        self._follow(lambda follower: follower.commit(generation))

    def _healing(self, follower: Follower, action: Callable[[Follower], None]) -> None:
        """A derived store that broke is thrown away and filled again: the catalog has everything."""
        try:
            action(follower)
        except IndexUnavailable:
            follower.discard()
            self._fill(follower)

    def _fill(self, follower: Follower) -> None:
        """Give a follower what the catalog has written and removed since the generation it holds."""
        current, held = self._catalog.generation, follower.generation
        if held > current:
            # The catalog was put back to an earlier state: numbers say nothing about what the follower holds.
            follower.discard()
            held = 0
        written, removed = self._catalog.changed_since(held)
        for report_id in removed:
            follower.remove(report_id)
        for report_id in written:
            if entry := self._catalog.committed(report_id):
                follower.replace(entry)
        follower.commit(current)

    def _catch_up(self) -> None:
        """Close the gap a killed process or a lost folder has left. Needs the lock."""
        self._keyword.reload()
        for follower in self._followers:
            if follower.generation != self._catalog.generation:
                self._healing(follower, self._fill)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._thread, self._locked(self._timeout_s):
            _check_embedder(self._catalog, self._embedder)
            try:
                self._catch_up()
                yield
            finally:
                self._release()

    def _release(self) -> None:
        for follower in self._followers:
            follower.release()

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

    # Reading

    def _refresh(self) -> None:
        """Follow what other processes have committed; close a gap if its writer is gone."""
        generation = self._catalog.generation
        if generation == self._seen:
            return
        _check_embedder(self._catalog, self._embedder)
        self._keyword.reload()
        if any(follower.generation != generation for follower in self._followers):
            try:
                with self._locked(0):
                    self._catch_up()
                    self._release()
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
                keyword = [] if mode == "vector" else self._search_keyword(terms, question_text, scope, depth)
                vector = [] if mode == "keyword" else self._search_vectors(question_text, scope, depth)
                ranked = fuse(keyword, vector, weights)
                # More than asked for: a derived store may still hold what the catalog no longer has.
                read = ranked[: 2 * (depth if compares else top_k)]
                found = {chunk.id: chunk for chunk in self._catalog.chunks([hit.id for hit in read])}
            hits = [_hit(found[entry.id], entry) for entry in ranked if entry.id in found]
            return (in_turn(hits, lambda hit: hit.chunk.report_id) if compares else hits)[:top_k]

    def _search_keyword(self, terms: Sequence[Term], text: str, scope: Scope, depth: int) -> list[tuple[str, float]]:
        return self._keyword.search(terms, depth, None if scope.is_open else self._ids_in(scope), text)

    def _ids_in(self, scope: Scope) -> frozenset[str] | None:
        """The chunk ids of a scope, None if that is all of them; kept as the vectors are."""
        generation = self._catalog.generation
        if self._ids is None or self._ids[:2] != (generation, scope):
            ids = frozenset(self._catalog.chunk_ids(scope))
            self._ids = (generation, scope, ids if len(ids) < self._catalog.count() else None)
        return self._ids[2]

    def _search_vectors(self, text: str, scope: Scope, depth: int) -> list[tuple[str, float]]:
        query = self._embedder.embed([text])[0]
        if not query.any():
            return []
        if scope.is_open and self._catalog.count() > self._exact_limit:
            try:
                with self._locked(0):
                    if self._vectors.generation == self._catalog.generation:
                        return self._vectors.search(query, depth)
            except IndexUnavailable:
                pass  # held by a writer, or damaged: the catalog's own vectors serve, only slower
        return rank_exactly(query, *self._vectors_in(scope), depth)

    def _vectors_in(self, scope: Scope) -> tuple[list[str], Vectors]:
        """The vectors of a scope; those of the last one are kept, since conversations stay within a scope."""
        generation = self._catalog.generation
        if self._matrix is None or self._matrix[:2] != (generation, scope):
            self._matrix = (generation, scope, *self._catalog.vectors(scope))
        return self._matrix[2:]

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
            return self._verify()

    def _verify(self) -> Findings:
        problems = self._catalog.problems()
        affected: set[str] = set()
        self._keyword.reload()
        for follower in self._followers:
            try:
                if differing := self._differing(follower):
                    problems.append(f"{_name(follower)}: wrong about {', '.join(differing)}")
                    affected.update(differing)
                elif follower.generation != self._catalog.generation:
                    problems.append(f"{_name(follower)}: behind the catalog, at generation {follower.generation}")
            except IndexUnavailable as error:
                problems.append(str(error))
        return Findings(tuple(problems), tuple(sorted(affected)))

    def _differing(self, follower: Follower) -> list[str]:
        """The reports of which a follower lacks chunks, or holds ones it should not."""
        expected, held = self._catalog.revisions(), follower.ids() if follower.generation else {}
        wrong = {chunk for chunk in expected.keys() | held.keys() if expected.get(chunk) != held.get(chunk)}
        return sorted({source[chunk][0] for source in (expected, held) for chunk in wrong if chunk in source})

    def repair(self) -> Findings:
        """Make the derived stores agree with the catalog again; what was wrong before. Raises `IndexLocked`."""
        with self._thread, self._locked(self._timeout_s):
            findings = self._verify()
            self._catch_up()
            self._follow(self._mend)
            self._release()
        return findings

    def _mend(self, follower: Follower) -> None:
        for report_id in self._differing(follower):
            if entry := self._catalog.committed(report_id):
                follower.replace(entry)
            else:
                follower.remove(report_id)
        follower.commit(self._catalog.generation)


def _name(follower: Follower) -> str:
    return type(follower).__name__.removesuffix("Index").lower() + " index"


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
