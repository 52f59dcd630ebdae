"""Vector search: embedded Chroma for large corpora, exact ranking for small ones and narrow scopes.

Chroma costs 0.7 s to import and open, and ten times its query time for a filter, so it serves open questions over many
chunks, and `rank_exactly` everything else. It must never be open in two processes while one writes: its readers take
part in writing the graph, and a reader beside a writer has left vectors that were not found and made later readers
crash. So each use, reading too, happens under the write lock of the `Index`; whoever does not get it ranks exactly.

Its generation stands in a file beside the data, so that a gap can be seen without importing Chroma.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from documents.errors import IndexUnavailable
from index.catalog import Committed

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

Vectors = NDArray[np.float32]

_COLLECTION = "chunks"
_PAGE = 5_000


def rank_exactly(query: Vectors, ids: Sequence[str], matrix: Vectors, limit: int) -> list[tuple[str, float]]:
    """The ``limit`` rows of ``matrix`` nearest to ``query`` by dot product, best first; equal ones in order of id.

    Rows that point away from the query, or are zero, are left out: they are no evidence.

    >>> rank_exactly(np.float32([1, 0]), ["a", "b", "c"], np.float32([[0.6, 0.8], [1, 0], [-1, 0]]), 5)
    [('b', 1.0), ('a', 0.6000000238418579)]
    """
    if not ids or limit < 1:
        return []
    scores = matrix @ query
    # Everything as near as the last wanted one is kept until ids have broken the ties.
    least = np.partition(scores, -limit)[-limit] if limit < len(ids) else scores.min()
    kept: list[int] = np.flatnonzero((scores >= least) & (scores > 0)).tolist()
    found = [(ids[i], float(scores[i])) for i in kept]
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]


class VectorIndex:
    """The vector store in folder ``path``, made when first written.

    `replace` and `remove` collect, `commit` writes. Everything but `generation` opens Chroma and raises
    `IndexUnavailable` where it cannot; `discard` then starts afresh.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        self.path = path
        self.dimension = dimension
        self._marker = path / "generation"
        self._client: Any = None  # chromadb.ClientAPI lacks the close() its clients have
        self._opened_at = -1
        self._pending: dict[str, Committed | None] = {}

    @property
    def generation(self) -> int:
        """The catalog's generation this store holds; 0 when empty or never finished."""
        try:
            return int(self._marker.read_text("ascii")) if (self.path / "chroma.sqlite3").is_file() else 0
        except (OSError, ValueError):
            return 0

    def replace(self, entry: Committed) -> None:
        """Take out what is held of a report and put in its vectors; seen after `commit`."""
        self._pending[entry.report_id] = entry
        if sum(len(e.chunks) for e in self._pending.values() if e) >= _PAGE:
            self._flush()

    def remove(self, report_id: str) -> None:
        self._pending[report_id] = None

    def commit(self, generation: int) -> None:
        """Write everything since the last commit, then record ``generation``."""
        self._flush()
        fresh = self._marker.with_suffix(".new")
        fresh.write_text(str(generation), "ascii")
        os.replace(fresh, self._marker)
        self._opened_at = generation

    def _flush(self) -> None:
        entries = [entry for entry in self._pending.values() if entry and entry.chunks]
        with self._collection() as collection:
            if self._pending:
                gone: Any = {"report": {"$in": list(self._pending)}}
                collection.delete(where=gone)
            if entries:
                self._upsert(collection, entries)
        self._pending.clear()

    def _upsert(self, collection: Collection, entries: list[Committed]) -> None:
        ids = [chunk.id for entry in entries for chunk in entry.chunks]
        about: list[Any] = [_metadata(entry, i) for entry in entries for i in range(len(entry.chunks))]
        matrix = np.concatenate([entry.vectors for entry in entries])
        step = min(_PAGE, self._client.get_max_batch_size())
        for at in range(0, len(ids), step):
            part = slice(at, at + step)
            collection.upsert(ids=ids[part], embeddings=matrix[part], metadatas=about[part])

    @contextmanager
    def _collection(self) -> Iterator[Collection]:
        from chromadb.errors import ChromaError

        try:
            yield self._open()
        except (ChromaError, OSError, ValueError) as error:
            self.close()
            raise IndexUnavailable(
                f"The vector store at {self.path} cannot be used: {error}. Fill it afresh with: qa doctor --repair"
            ) from error

    def _open(self) -> Collection:
        """The collection as it is on disk: a client opened before another process wrote would never see it."""
        if self._client is not None and self._opened_at != self.generation:
            self.close()
        if self._client is None:
            self.path.mkdir(parents=True, exist_ok=True)
            self._opened_at = self.generation
            self._client = _connect(self.path)
        collection: Collection = self._client.get_or_create_collection(
            _COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "ip"}}
        )
        return collection

    def close(self) -> None:
        """Let other processes write."""
        self._pending.clear()
        if self._client is not None:
            client, self._client = self._client, None
            client.close()

    release = close

    def discard(self) -> None:
        """Throw everything away, also a folder that cannot be opened."""
        self.close()
        shutil.rmtree(self.path, ignore_errors=True)

    def search(self, query: Vectors, limit: int) -> list[tuple[str, float]]:
        """About the ``limit`` nearest chunks (Chroma's HNSW is approximate) as (id, dot product), best first."""
        with self._collection() as collection:
            found = collection.query(query_embeddings=query[None, :], n_results=max(limit, 1), include=["distances"])
        distances = (found["distances"] or [[]])[0]
        scored = [(chunk, 1.0 - float(distance)) for chunk, distance in zip(found["ids"][0], distances, strict=True)]
        return sorted((hit for hit in scored if hit[1] > 0), key=lambda hit: (-hit[1], hit[0]))

    def ids(self) -> dict[str, tuple[str, int]]:
        """Every chunk id whose vector can be read, with its report's id and revision."""
        held: dict[str, tuple[str, int]] = {}
        with self._collection() as collection:
            for at in range(0, collection.count(), _PAGE):
                # Vectors are asked for too: after a clash of writers Chroma lists ids whose vector it has lost.
                page = collection.get(limit=_PAGE, offset=at, include=["metadatas", "embeddings"])
                rows = zip(page["ids"], page["metadatas"] or [], strict=True)
                held.update({chunk: (str(about["report"]), int(about["revision"])) for chunk, about in rows})  # type: ignore[arg-type]
        return held


def _connect(path: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    try:
        return chromadb.PersistentClient(str(path), Settings(anonymized_telemetry=False))
    except (chromadb.errors.ChromaError, ValueError):
        # Chroma keeps what it failed to start, and would hand it out the next time.
        SharedSystemClient.clear_system_cache()
        raise


def _metadata(entry: Committed, place: int) -> dict[str, str | int]:
    period = entry.chunks[place].period
    dated = {} if period is None else {"year": period.year} | ({"month": period.month} if period.month else {})
    return {"report": entry.report_id, "revision": entry.revision, **dated}
