"""The catalog: one SQLite file that holds the truth about what is indexed.

Reports, their lines, sections, chunks and vectors go in and out here, one transaction a report. The keyword index and
the vector store are derived: they may be lost and are filled again from here. A report's revision is the generation it
was last written at, and a removal is remembered with its own: so a derived index that holds generation g lacks exactly
what came after g.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from documents.errors import UnknownReport
from documents.report import Chunk, Line, Report
from index.bilingual import Translation
from index.catalog_file import CatalogFile
from index.embedding import EmbedderIdentity
from index.rows import CHUNK_COLUMNS, IN_LIST, chunk_of, chunk_row, condition, period_row, section_of
from index.scope import Scope

# Half precision moves a cosine by less than 0.001, and halves what a scan of all vectors must read.
STORED_VECTOR = np.dtype("<f2")

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """A report without its lines. ``added_at`` is UTC in ISO 8601."""

    id: str
    title: str
    organisation: str | None
    year: int | None
    source: str
    digest: str
    added_at: str
    lines: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """How much the catalog holds."""

    reports: int
    lines: int
    chunks: int
    tokens: int
    translations: int
    generation: int


@dataclass(frozen=True, slots=True)
class Committed:
    """A report as the catalog holds it at ``revision``, for the derived indexes to follow.

    ``vectors`` has one row a chunk.
    """

    report_id: str
    revision: int
    chunks: tuple[Chunk, ...]
    vectors: Vectors


Expand = Callable[[Sequence[str]], Iterable[Translation]]  # words of the reports to the question words reaching them


class Catalog(CatalogFile):
    """What is in the file: reports with their lines, sections and chunks, vectors, and the words of them all."""

    def replace(
        self,
        report: Report,
        chunks: Sequence[Chunk],
        vectors: Vectors,
        vocabulary: Mapping[str, int] | None = None,
        expand: Expand | None = None,
    ) -> Committed:
        """Put a report in, in place of what was held under its id.

        ``vectors`` has one row a chunk; ``vocabulary`` gives the number of its chunks each token occurs in, of which
        those no other report holds go to ``expand``. Raises ValueError for chunks of another report, chunk ids used
        twice, or vectors of another shape.
        """
        self._check(report, chunks, vectors)
        vocabulary = vocabulary or {}
        with self.change() as generation:
            self._delete(report.id)
            self._db.execute("DELETE FROM removals WHERE report_id = ?", (report.id,))
            self._insert_report(report, generation, vocabulary)
            self._insert_chunks(chunks, vectors)
            self._insert_words(vocabulary, expand)
        return Committed(report.id, generation, tuple(chunks), vectors)

    def _check(self, report: Report, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        wanted = (len(chunks), self.embedder.dimension)
        if vectors.shape != wanted:
            raise ValueError(f"{report.id}: vectors of shape {vectors.shape}, wanted {wanted}")
        if any(chunk.report_id != report.id for chunk in chunks):
            raise ValueError(f"{report.id}: a chunk of another report among its chunks")
        if len({chunk.id for chunk in chunks}) != len(chunks):
            raise ValueError(f"{report.id}: a chunk id is used twice")

    def _insert_report(self, report: Report, generation: int, vocabulary: Mapping[str, int]) -> None:
        words = json.dumps(dict(vocabulary), ensure_ascii=False)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = (report.id, report.title, report.organisation, report.year, report.source, report.digest)
        self._db.execute("INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, now, generation, words))
        self._db.executemany(
            "INSERT INTO lines VALUES (?, ?, ?, ?, ?)",
            ((report.id, line.number, line.text, line.page, line.level) for line in report.lines),
        )
        self._db.executemany(
            "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (report.id, i, s.title, s.level, s.lines.start, s.lines.end, *period_row(s.period), s.stance.value)
                for i, s in enumerate(report.sections)
            ),
        )

    def _insert_chunks(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        first = self._db.execute("SELECT coalesce(max(key), 0) + 1 FROM chunks").fetchone()[0]
        keyed = list(enumerate(chunks, first))
        self._db.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((key, *chunk_row(chunk, key - first)) for key, chunk in keyed),
        )
        self._db.executemany(
            "INSERT INTO chunk_periods VALUES (?, ?, ?)",
            ((key, *period_row(p)) for key, c in keyed for p in c.periods | ({c.period} if c.period else set())),
        )
        blobs = (row.tobytes() for row in vectors.astype(STORED_VECTOR))
        self._db.executemany("INSERT INTO vectors VALUES (?, ?)", zip((key for key, _ in keyed), blobs, strict=True))

    def _insert_words(self, vocabulary: Mapping[str, int], expand: Expand | None) -> None:
        new = self.unseen(vocabulary)  # asked only here: words of a former version alone are gone by now
        self._db.executemany(
            "INSERT INTO vocabulary VALUES (?, ?) ON CONFLICT(token) DO UPDATE SET df = df + excluded.df",
            vocabulary.items(),
        )
        rows = ((t.source, t.target, t.origin, t.weight) for t in (expand(new) if expand and new else ()))
        self._db.executemany("INSERT OR REPLACE INTO lexicon VALUES (?, ?, ?, ?)", rows)

    def set_words(self, lexicon: str, words: Iterable[tuple[str, Mapping[str, int]]], expand: Expand) -> None:
        """The words of every report anew, as (id, vocabulary), and what reaches them by the lexicon of this digest."""
        with self.change():
            self._forget_words()
            for report_id, vocabulary in words:
                held = json.dumps(dict(vocabulary), ensure_ascii=False)
                self._db.execute("UPDATE reports SET vocabulary = ? WHERE id = ?", (held, report_id))
                self._insert_words(vocabulary, expand)
            self._set_meta("lexicon", lexicon)

    def remove(self, report_id: str) -> int:
        """Take a report out; the new generation. Raises `UnknownReport`."""
        with self.change() as generation:
            if not self._delete(report_id):
                raise UnknownReport(f"No report {report_id!r} in the index. See what there is with: qa reports")
            self._db.execute("INSERT OR REPLACE INTO removals VALUES (?, ?)", (report_id, generation))
        return generation

    def _delete(self, report_id: str) -> bool:
        found = self._db.execute("SELECT vocabulary FROM reports WHERE id = ?", (report_id,)).fetchone()
        if found is None:
            return False
        lost = json.loads(found[0])
        self._db.executemany("UPDATE vocabulary SET df = df - ? WHERE token = ?", ((n, t) for t, n in lost.items()))
        among = (json.dumps(list(lost), ensure_ascii=False),)
        gone = self._db.execute(f"DELETE FROM vocabulary WHERE df <= 0 AND token {IN_LIST} RETURNING token", among)
        self._db.executemany("DELETE FROM lexicon WHERE target = ?", gone.fetchall())
        self._db.execute("DELETE FROM reports WHERE id = ?", (report_id,))
        return True

    def forget_embedder(self, embedder: EmbedderIdentity) -> None:
        """Begin a rebuild inside `change`: every report must be replaced before it ends."""
        self._set_embedder(embedder)
        self._forget_words()

    def _forget_words(self) -> None:
        self._db.execute("UPDATE reports SET vocabulary = '{}'")
        self._db.execute("DELETE FROM vocabulary")
        self._db.execute("DELETE FROM lexicon")

    # What changed, for those who follow

    def changed_since(self, generation: int) -> tuple[list[str], list[str]]:
        """Ids of the reports written, and of those removed, after a generation."""
        written = self._db.execute("SELECT id FROM reports WHERE revision > ? ORDER BY revision, id", (generation,))
        removed = self._db.execute("SELECT report_id FROM removals WHERE revision > ?", (generation,))
        return [row[0] for row in written.fetchall()], [row[0] for row in removed.fetchall()]

    def committed(self, report_id: str) -> Committed | None:
        """A report as it stands, or None if it is not there."""
        row = self._db.execute("SELECT revision FROM reports WHERE id = ?", (report_id,)).fetchone()
        if row is None:
            return None
        scope = Scope(reports=frozenset({report_id}))
        return Committed(report_id, row[0], tuple(self.chunks_in(scope)), self.vectors(scope)[1])

    def revisions(self) -> dict[str, tuple[str, int]]:
        """Every chunk id with its report's id and revision."""
        rows = self._db.execute("SELECT c.id, r.id, r.revision FROM chunks c JOIN reports r ON r.id = c.report_id")
        return {chunk: (report, revision) for chunk, report, revision in rows}

    # Reading it

    def reports(self) -> list[ReportSummary]:
        """All reports, in order of id."""
        rows = self._db.execute(
            "SELECT id, title, organisation, year, source, digest, added_at, "
            "(SELECT count(*) FROM lines WHERE report_id = r.id), "
            "(SELECT count(*) FROM chunks WHERE report_id = r.id) FROM reports r ORDER BY id"
        )
        return [ReportSummary(*row) for row in rows]

    def report(self, report_id: str) -> Report:
        """A report with its lines and sections. Raises `UnknownReport`."""
        row = self._db.execute(
            "SELECT id, title, organisation, year, source, digest FROM reports WHERE id = ?", (report_id,)
        ).fetchone()
        if row is None:
            raise UnknownReport(f"No report {report_id!r} in the index. See what there is with: qa reports")
        lines = self._db.execute(
            "SELECT number, text, page, level FROM lines WHERE report_id = ? ORDER BY number", (report_id,)
        )
        sections = self._db.execute(
            "SELECT title, level, first_line, last_line, year, month, stance FROM sections "
            "WHERE report_id = ? ORDER BY ordinal",
            (report_id,),
        )
        return Report(*[*row, tuple(Line(*line) for line in lines), tuple(section_of(*s) for s in sections)])

    def chunks(self, ids: Sequence[str]) -> list[Chunk]:
        """The chunks of these ids, in their order; ids that are not there are left out."""
        rows = self._db.execute(f"SELECT {CHUNK_COLUMNS} FROM chunks c WHERE c.id {IN_LIST}", (json.dumps(list(ids)),))
        found = {row[0]: chunk_of(*row) for row in rows}
        return [found[i] for i in ids if i in found]

    def chunks_in(self, scope: Scope) -> list[Chunk]:
        """All chunks of a scope, report by report in reading order."""
        where, values = condition(scope)
        rows = self._db.execute(f"SELECT {CHUNK_COLUMNS} FROM chunks c {where} ORDER BY c.report_id, c.ordinal", values)
        return [chunk_of(*row) for row in rows]

    def chunk_ids(self, scope: Scope) -> list[str]:
        """The ids of `chunks_in`, in the same order."""
        where, values = condition(scope)
        rows = self._db.execute(f"SELECT c.id FROM chunks c {where} ORDER BY c.report_id, c.ordinal", values)
        return [row[0] for row in rows]

    def mentions(self, text: str) -> bool:
        """Whether any chunk holds this text, as it is written."""
        return bool(self._db.execute("SELECT EXISTS(SELECT 1 FROM chunks WHERE instr(text, ?))", (text,)).fetchone()[0])

    def count(self) -> int:
        """How many chunks there are."""
        return int(self._db.execute("SELECT count(*) FROM chunks").fetchone()[0])

    def vectors(self, scope: Scope) -> tuple[list[str], Vectors]:
        """Ids and vectors, (n, dimension), of a scope, report by report in reading order."""
        where, values = condition(scope)
        rows = self._db.execute(
            f"SELECT c.id, v.value FROM chunks c JOIN vectors v ON v.chunk = c.key {where} "
            "ORDER BY c.report_id, c.ordinal",
            values,
        ).fetchall()
        matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype=STORED_VECTOR)
        return [row[0] for row in rows], matrix.reshape(len(rows), self.embedder.dimension).astype(np.float32)

    def statistics(self) -> Statistics:
        tables = ("reports", "lines", "chunks", "vocabulary", "lexicon")
        counts = [self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]
        return Statistics(*[*counts, self.generation])

    # Words

    def unseen(self, tokens: Iterable[str]) -> list[str]:
        """Those tokens no report holds yet, in order."""
        asked = sorted(set(tokens))
        known = self.document_frequencies(asked)
        return [token for token in asked if token not in known]

    def document_frequencies(self, tokens: Iterable[str]) -> dict[str, int]:
        """In how many chunks each token occurs; tokens that occur nowhere are left out."""
        values = (json.dumps(list(tokens)),)
        return dict(self._db.execute(f"SELECT token, df FROM vocabulary WHERE token {IN_LIST}", values).fetchall())

    def translations(self, sources: Iterable[str]) -> list[Translation]:
        """What these words may be called in the reports, best first for each word."""
        rows = self._db.execute(
            f"SELECT source, target, weight, origin FROM lexicon WHERE source {IN_LIST} "
            "ORDER BY source, weight DESC, target, origin",
            (json.dumps(list(sources)),),
        )
        return [Translation(*row) for row in rows]
