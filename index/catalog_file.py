"""The catalog's SQLite file: opened or made, its schema and soundness checked, changed in transactions.

A generation number rises in the same transaction as each change, so that whoever follows the catalog can tell what it
lacks, also when a process was killed in between. What the tables hold is `index.catalog`'s to know.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from documents.errors import IndexUnavailable
from index.embedding import EmbedderIdentity

SCHEMA_VERSION = 1

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


class CatalogFile:
    """The file at ``path``. Raises `IndexUnavailable` if it is missing, damaged or of a newer schema.

    Not safe for several threads at once. Only the holder of the write lock changes it; other processes read on
    meanwhile (WAL).
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

    @property
    def lexicon(self) -> str:
        """The digest of the lexicon that the translations come from; empty where none was noted."""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'lexicon'").fetchone()
        return row[0] if row else ""

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
