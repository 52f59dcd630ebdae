"""The two rankings of a search, by words and by vectors, each within a scope.

A scope is hard: both rank only what it holds. What a scope holds is read once and kept until the next one, because the
questions of a conversation stay within theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from documents.errors import IndexUnavailable
from index.bilingual import Term
from index.catalog import Catalog, Vectors
from index.embedding import Embedder
from index.scope import Scope
from index.vectors import VectorIndex, rank_exactly

if TYPE_CHECKING:
    from index.keyword import KeywordIndex

# Up to here reading and ranking all vectors takes less time than importing and opening Chroma (0.7 s).
EXACT_LIMIT = 20_000

Ranking = list[tuple[str, float]]


class Rankings:
    """Rankings over a catalog's chunks. ``idle`` gives the write lock, or raises where another process holds it."""

    def __init__(
        self,
        catalog: Catalog,
        embedder: Embedder,
        keyword: KeywordIndex,
        vectors: VectorIndex,
        idle: Callable[[], AbstractContextManager[None]],
        exact_limit: int = EXACT_LIMIT,
    ):
        self._catalog = catalog
        self._embedder = embedder
        self._keyword = keyword
        self._vectors = vectors
        self._idle = idle
        self._exact_limit = exact_limit
        self._ids: tuple[int, Scope, frozenset[str] | None] | None = None
        self._matrix: tuple[int, Scope, list[str], Vectors] | None = None

    def keyword(self, terms: Sequence[Term], text: str, scope: Scope, depth: int) -> Ranking:
        """Chunk ids by their words, the best ``depth``."""
        return self._keyword.search(terms, depth, None if scope.is_open else self._ids_in(scope), text)

    def _ids_in(self, scope: Scope) -> frozenset[str] | None:
        """The chunk ids of a scope, None if that is all of them; kept as the vectors are."""
        generation = self._catalog.generation
        if self._ids is None or self._ids[:2] != (generation, scope):
            ids = frozenset(self._catalog.chunk_ids(scope))
            self._ids = (generation, scope, ids if len(ids) < self._catalog.count() else None)
        return self._ids[2]

    def vector(self, text: str, scope: Scope, depth: int) -> Ranking:
        """Chunk ids by nearness of meaning, the best ``depth``; none for a text without a word the embedder knows."""
        query = self._embedder.embed([text])[0]
        if not query.any():
            return []
        if scope.is_open and self._catalog.count() > self._exact_limit:
            try:
                with self._idle():
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
