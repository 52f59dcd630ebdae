"""The catalog: one SQLite file that holds the truth about what is indexed.

Reports, their lines, sections, chunks and vectors go in and out here, one transaction a report. The keyword index and
the vector store are derived: they may be lost and are filled again from here. A generation number rises in the same
transaction as each change; a report's revision is the generation it was last written at, and a removal is remembered
with its own. So a derived index that holds generation g lacks exactly what came after g, also when a process was
killed in between.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from documents.errors import IndexUnavailable, UnknownReport
from documents.report import Chunk, Line, LineRange, Passage, Period, Report, Section, Stance
from index.bilingual import Translation
from index.embedding import EmbedderIdentity
from index.scope import Scope

SCHEMA_VERSION = 1
# Half precision moves a cosine by less than 0.001, and halves what a scan of all vectors must read.
STORED_VECTOR = np.dtype("<f2")

# The columns of a key come first: of others, SQLite 3.40 believes in its checks that they are NULL.
_SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE reports(
    id TEXT PRIMARY KEY, title TEXT NOT NULL, organisation TEXT, year INTEGER, source TEXT NOT NULL,
    digest TEXT NOT NULL, added_at TEXT NOT NULL, revision INTEGER NOT NULL, vocabulary TEXT NOT NULL);
CREATE TABLE removals(report_id TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE lines(
    report_id TEXT NOT NULL REFERENCES reports(id) ON DELETE CASCADE, number INTEGER NOT NULL, text TEXT NOT NULL,
    page INTEGER, level INTEGER, PRIMARY KEY(report_id, number)) WITHOUT ROWID;
CREATE TABLE sections(
    report_id TEXT NOT NULL REFERENCES reports(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL, title TEXT NOT NULL,
    level INTEGER NOT NULL, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, year INTEGER, month INTEGER,
    stance TEXT NOT NULL, PRIMARY KEY(report_id, ordinal)) WITHOUT ROWID;
CREATE TABLE chunks(
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    report_id TEXT NOT NULL REFERENCES reports(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    heading TEXT NOT NULL, year INTEGER, month INTEGER, stance TEXT NOT NULL, text TEXT NOT NULL,
    anchors TEXT NOT NULL, periods TEXT NOT NULL);
CREATE INDEX chunks_of_report ON chunks(report_id, ordinal);
CREATE TABLE vectors(chunk INTEGER PRIMARY KEY REFERENCES chunks(key) ON DELETE CASCADE, value BLOB NOT NULL);
CREATE TABLE chunk_periods(
    chunk INTEGER NOT NULL REFERENCES chunks(key) ON DELETE CASCADE, year INTEGER NOT NULL, month INTEGER);
CREATE INDEX periods_of_chunk ON chunk_periods(chunk);
CREATE INDEX chunks_of_period ON chunk_periods(year, month, chunk);
CREATE TABLE lexicon(
    source TEXT NOT NULL, target TEXT NOT NULL, origin TEXT NOT NULL, weight REAL NOT NULL,
    PRIMARY KEY(source, target, origin)) WITHOUT ROWID;
CREATE INDEX lexicon_of_target ON lexicon(target);
CREATE TABLE vocabulary(token TEXT PRIMARY KEY, df INTEGER NOT NULL) WITHOUT ROWID;
"""

_CHUNK = "c.id, c.report_id, c.heading, c.year, c.month, c.stance, c.text, c.anchors, c.periods"
_IN_LIST = "IN (SELECT value FROM json_each(?))"

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


class Catalog:
    """The catalog in file ``path``. Raises `IndexUnavailable` if it is missing, damaged or of a newer schema.

    Not safe for several threads at once; the `Index` around it sees to that. Only the holder of the write lock changes
    it; other processes read on meanwhile (WAL).
    """

    def __init__(self, path: Path, *, create: EmbedderIdentity | None = None) -> None:
        self.path = path
        if not path.is_file() and create is None:
            raise IndexUnavailable(f"No index at {path.parent}. Build one with: qa index reports/")
        try:
            self._db = self._connect()
            if create is not None:
                self._create(create)
            self._check_version()
        except sqlite3.Error as error:
            raise IndexUnavailable(
                f"The catalog {path} cannot be opened: {error}. Move it away and index again: qa index reports/"
            ) from error

    def _connect(self) -> sqlite3.Connection:
        # A folder we may not write to has no place for the WAL's shared memory file.
        frozen = self.path.is_file() and not os.access(self.path.parent, os.W_OK)
        address = f"{self.path.absolute().as_uri()}?{'mode=ro&immutable=1' if frozen else 'mode=rwc'}"
        db = sqlite3.connect(address, uri=True, timeout=30, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA foreign_keys = ON")
        if not frozen:
            db.execute("PRAGMA journal_mode = WAL")
            # With WAL, NORMAL loses at most the last commits at a power cut, never the file.
            db.execute("PRAGMA synchronous = NORMAL")
        return db

    def _create(self, embedder: EmbedderIdentity) -> None:
        if self._version():
            return
        self._db.execute("BEGIN IMMEDIATE")
        if not self._version():  # another process may have made it while this one waited
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self._set_meta("generation", 0)
            self._set_embedder(embedder)
        self._db.execute("COMMIT")

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _check_version(self) -> None:
        version = self._version()
        if version > SCHEMA_VERSION:
            raise IndexUnavailable(
                f"The catalog {self.path} has schema {version}; this report-qa reads up to {SCHEMA_VERSION}. "
                "Upgrade report-qa, or give another --home."
            )
        if version < SCHEMA_VERSION:
            raise IndexUnavailable(
                f"The catalog {self.path} has schema {version}, which is too old. "
                "Move it away and build the index again: qa index reports/"
            )

    def close(self) -> None:
        self._db.close()

    # What the whole index is

    def _meta(self, key: str) -> str:
        return str(self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])

    def _set_meta(self, key: str, value: object) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, str(value)))

    def _set_embedder(self, embedder: EmbedderIdentity) -> None:
        self._set_meta("embedder", json.dumps([embedder.name, embedder.dimension, embedder.digest]))

    @property
    def generation(self) -> int:
        return int(self._meta("generation"))

    @property
    def embedder(self) -> EmbedderIdentity:
        """The embedder all stored vectors come from."""
        return EmbedderIdentity(*json.loads(self._meta("embedder")))

    def statistics(self) -> Statistics:
        tables = ("reports", "lines", "chunks", "vocabulary", "lexicon")
        counts = [self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]
        return Statistics(*[*counts, self.generation])

    def problems(self) -> list[str]:
        """What SQLite's own checks find wrong; empty if nothing."""
        try:
            found = [f"catalog: {row[0]}" for row in self._db.execute("PRAGMA quick_check") if row[0] != "ok"]
            broken = self._db.execute("PRAGMA foreign_key_check").fetchall()
            bare = self._db.execute("SELECT id FROM chunks WHERE key NOT IN (SELECT chunk FROM vectors)").fetchall()
        except sqlite3.DatabaseError as error:
            return [f"catalog: {error}"]
        found += [f"catalog: a row of {table} has lost its {parent}" for table, _, parent, _ in broken]
        return found + [f"catalog: chunk {chunk} has no vector" for (chunk,) in bare]

    # Changing it

    @contextmanager
    def change(self) -> Iterator[int]:
        """One transaction and the generation it leads to; changes made inside it join it."""
        if self._db.in_transaction:
            yield self.generation
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            generation = self.generation + 1
            self._set_meta("generation", generation)
            yield generation
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read inside is of one generation."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def replace(
        self,
        report: Report,
        chunks: Sequence[Chunk],
        vectors: Vectors,
        vocabulary: Mapping[str, int] | None = None,
        translations: Iterable[Translation] = (),
    ) -> Committed:
        """Put a report in, in place of what was held under its id.

        ``vectors`` has one row a chunk; ``vocabulary`` gives the number of its chunks each token occurs in. Raises
        ValueError for chunks of another report, chunk ids used twice, or vectors of another shape.
        """
        self._check(report, chunks, vectors)
        vocabulary = vocabulary or {}
        with self.change() as generation:
            self._delete(report.id)
            self._db.execute("DELETE FROM removals WHERE report_id = ?", (report.id,))
            self._insert_report(report, generation, vocabulary)
            self._insert_chunks(chunks, vectors)
            self._db.executemany(
                "INSERT INTO vocabulary VALUES (?, ?) ON CONFLICT(token) DO UPDATE SET df = df + excluded.df",
                vocabulary.items(),
            )
            rows = ((t.source, t.target, t.origin, t.weight) for t in translations)
            self._db.executemany("INSERT OR REPLACE INTO lexicon VALUES (?, ?, ?, ?)", rows)
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
                (report.id, i, s.title, s.level, s.lines.start, s.lines.end, *_period_row(s.period), s.stance.value)
                for i, s in enumerate(report.sections)
            ),
        )

    def _insert_chunks(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        first = self._db.execute("SELECT coalesce(max(key), 0) + 1 FROM chunks").fetchone()[0]
        keyed = list(enumerate(chunks, first))
        self._db.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((key, *_chunk_row(chunk, key - first)) for key, chunk in keyed),
        )
        self._db.executemany(
            "INSERT INTO chunk_periods VALUES (?, ?, ?)",
            ((key, *_period_row(p)) for key, c in keyed for p in c.periods | ({c.period} if c.period else set())),
        )
        blobs = (row.tobytes() for row in vectors.astype(STORED_VECTOR))
        self._db.executemany("INSERT INTO vectors VALUES (?, ?)", zip((key for key, _ in keyed), blobs, strict=True))

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
        gone = self._db.execute(f"DELETE FROM vocabulary WHERE df <= 0 AND token {_IN_LIST} RETURNING token", among)
        self._db.executemany("DELETE FROM lexicon WHERE target = ?", gone.fetchall())
        self._db.execute("DELETE FROM reports WHERE id = ?", (report_id,))
        return True

    def forget_embedder(self, embedder: EmbedderIdentity) -> None:
        """Begin a rebuild inside `change`: every report must be replaced before it ends."""
        self._set_embedder(embedder)
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
        return Report(*[*row, tuple(Line(*line) for line in lines), tuple(_section(*s) for s in sections)])

    def chunks(self, ids: Sequence[str]) -> list[Chunk]:
        """The chunks of these ids, in their order; ids that are not there are left out."""
        rows = self._db.execute(f"SELECT {_CHUNK} FROM chunks c WHERE c.id {_IN_LIST}", (json.dumps(list(ids)),))
        found = {row[0]: _chunk(*row) for row in rows}
        return [found[i] for i in ids if i in found]

    def chunks_in(self, scope: Scope) -> list[Chunk]:
        """All chunks of a scope, report by report in reading order."""
        where, values = _where(scope)
        rows = self._db.execute(f"SELECT {_CHUNK} FROM chunks c {where} ORDER BY c.report_id, c.ordinal", values)
        return [_chunk(*row) for row in rows]

    def chunk_ids(self, scope: Scope) -> list[str]:
        """The ids of `chunks_in`, in the same order."""
        where, values = _where(scope)
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
        where, values = _where(scope)
        rows = self._db.execute(
            f"SELECT c.id, v.value FROM chunks c JOIN vectors v ON v.chunk = c.key {where} "
            "ORDER BY c.report_id, c.ordinal",
            values,
        ).fetchall()
        matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype=STORED_VECTOR)
        return [row[0] for row in rows], matrix.reshape(len(rows), self.embedder.dimension).astype(np.float32)

    # Words

    def unseen(self, tokens: Iterable[str]) -> list[str]:
        """Those tokens no report holds yet, in order."""
        asked = sorted(set(tokens))
        known = self.document_frequencies(asked)
        return [token for token in asked if token not in known]

    def document_frequencies(self, tokens: Iterable[str]) -> dict[str, int]:
        """In how many chunks each token occurs; tokens that occur nowhere are left out."""
        values = (json.dumps(list(tokens)),)
        return dict(self._db.execute(f"SELECT token, df FROM vocabulary WHERE token {_IN_LIST}", values).fetchall())

    def translations(self, sources: Iterable[str]) -> list[Translation]:
        """What these words may be called in the reports, best first for each word."""
        rows = self._db.execute(
            f"SELECT source, target, weight, origin FROM lexicon WHERE source {_IN_LIST} "
            "ORDER BY source, weight DESC, target, origin",
            (json.dumps(list(sources)),),
        )
        return [Translation(*row) for row in rows]


def _where(scope: Scope) -> tuple[str, list[Any]]:
    """The WHERE clause of a scope over ``chunks c``."""
    clauses: list[str] = []
    values: list[Any] = []
    if scope.reports is not None:
        clauses.append(f"c.report_id {_IN_LIST}")
        values.append(json.dumps(sorted(scope.reports)))
    dates = [(name, wanted) for name, wanted in (("year", scope.years), ("month", scope.months)) if wanted]
    if dates:
        # Year and month of the same period: March 2019 is not a chunk of 2019 that also names March 2018.
        within = " AND ".join(f"{name} {_IN_LIST}" for name, _ in dates)
        clauses.append(f"c.key IN (SELECT chunk FROM chunk_periods WHERE {within})")
        values += [json.dumps(sorted(wanted)) for _, wanted in dates]
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def _period_row(period: Period | None) -> tuple[int | None, int | None]:
    return (None, None) if period is None else (period.year, period.month)


def _period(year: int | None, month: int | None) -> Period | None:
    return None if year is None else Period(year, month)


def _section(
    title: str, level: int, first: int, last: int, year: int | None, month: int | None, stance: str
) -> Section:
    return Section(title, level, LineRange(first, last), _period(year, month), Stance(stance))


def _chunk_row(chunk: Chunk, ordinal: int) -> tuple[object, ...]:
    heading = json.dumps(chunk.heading, ensure_ascii=False)
    anchors = json.dumps(chunk.passage.anchors, separators=(",", ":"))
    periods = json.dumps(sorted(map(_period_row, chunk.periods), key=lambda p: (p[0], p[1] or 0)))
    place = (chunk.id, chunk.report_id, ordinal, heading, *_period_row(chunk.period), chunk.stance.value)
    return (*place, chunk.text, anchors, periods)


def _chunk(
    chunk_id: str,
    report_id: str,
    heading: str,
    year: int | None,
    month: int | None,
    stance: str,
    text: str,
    anchors: str,
    periods: str,
) -> Chunk:
    passage = Passage(text, tuple((offset, number) for offset, number in json.loads(anchors)))
    named = frozenset(Period(y, m) for y, m in json.loads(periods))
    return Chunk(chunk_id, report_id, tuple(json.loads(heading)), _period(year, month), Stance(stance), passage, named)
