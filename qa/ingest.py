"""Files into the index: which are new, changed, moved or unchanged, and what became of each.

A file is known by its path and the digest of its bytes. Nothing is passed over silently: every file ends up in the
summary as added, replaced, unchanged, a copy, or skipped with its reason; what failed is tried again the next time.
"""

from __future__ import annotations

import hashlib
import time
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from documents.assemble import report_from, report_id_of
from documents.chunking import chunk_report
from documents.errors import ReportQAError, UnreadableReport
from documents.readers import read_lines, supported
from documents.report import Chunk, Report
from index.store import Index

SIDECAR = ".toml"  # organisation and year of report.txt may stand in report.txt.toml


@dataclass(frozen=True, slots=True)
class Given:
    """What a person states about a report, in place of what would be inferred from its text."""

    organisation: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What has to be known of an indexed report to tell whether its file needs work."""

    id: str
    source: str
    digest: str
    organisation: str | None
    year: int | None

    def says(self, given: Given) -> bool:
        """Whether the index holds all that is given."""
        return given.organisation in (None, self.organisation) and given.year in (None, self.year)


@dataclass(slots=True)
class Summary:
    """What an indexing run did, as report ids.

    ``removed`` are those whose file is gone from a folder that was named, ``copies`` (file, id of the report with the
    same bytes) pairs, ``skipped`` (file, reason) and ``notes`` (file, what could not be read of it) pairs.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    chunks: int = 0
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Files were named, and not one of them is in the index."""
        return bool(self.skipped) and not (self.added or self.replaced or self.unchanged or self.copies)

    def to_dict(self) -> dict[str, object]:
        return {
            "added": self.added,
            "replaced": self.replaced,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "copies": [{"file": f, "report": r} for f, r in self.copies],
            "skipped": [{"file": f, "reason": r} for f, r in self.skipped],
            "notes": [{"file": f, "note": n} for f, n in self.notes],
            "chunks": self.chunks,
            "seconds": round(self.seconds, 2),
        }

    def lines(self) -> Iterator[str]:
        """The run in one line, for people."""
        counts = {"added": len(self.added), "replaced": len(self.replaced), "unchanged": len(self.unchanged)}
        rare = {"removed": len(self.removed), "copies": len(self.copies)}
        counts |= {word: count for word, count in rare.items() if count} | {"skipped": len(self.skipped)}
        told = ", ".join(f"{count} {word}" for word, count in counts.items())
        yield f"{told}; {self.chunks} chunks in {self.seconds:.1f} s"

    def remarks(self) -> Iterator[str]:
        """What a person should know of single files."""
        yield from (f"skipped: {reason}" for _, reason in self.skipped)
        yield from (f"note on {file}: {note}" for file, note in self.notes)
        yield from (
            f"{file} holds the same bytes as {report}, and is not indexed twice" for file, report in self.copies
        )
        yield from (f"{report}: its file is gone, so it was taken out" for report in self.removed)


def find_files(paths: Sequence[Path]) -> list[Path]:
    """The files named, and under folders every file of a supported kind, in order, each once.

    Raises ``UnreadableReport`` for a path that does not exist or a folder without any.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = [p for p in sorted(path.rglob("*")) if p.is_file() and supported(p) and not _hidden(p, path)]
            if not inside:
                raise UnreadableReport(
                    f"No report in {path}: no file of a supported kind. Name a file or another folder."
                )
            found.update(dict.fromkeys(p.resolve() for p in inside))
        elif path.exists():
            found[path.resolve()] = None
        else:
            raise UnreadableReport(f"No such file or folder: {path}. Check the path.")
    return list(found)


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.relative_to(root).parts) or path.name == "README.md"


def sample_files() -> list[Path]:
    """The bundled sample reports."""
    with as_file(files("documents") / "samples") as folder:
        return sorted(p for p in folder.iterdir() if p.suffix == ".txt")


def ingest(
    index: Index,
    paths: Sequence[Path],
    *,
    folders: Sequence[Path] = (),
    organisation: str | None = None,
    year: int | None = None,
    progress: Callable[[Iterable[Path]], Iterable[Path]] = iter,
) -> Summary:
    """Bring the index in line with the files; what is unchanged is left alone, what changed is replaced whole.

    Reports under ``folders`` whose file is no longer there are taken out. Raises ``IndexLocked``.
    """
    started = time.perf_counter()
    run = _Run(index, Given(organisation, year))
    index.add_many(run.readings(progress(paths)))
    run.remove_gone(folders)
    run.summary.seconds = time.perf_counter() - started
    return run.summary


class _Run:
    """One indexing run: what is known, by path and by digest, and what has been done so far."""

    def __init__(self, index: Index, given: Given):
        self.summary = Summary()
        self._index = index
        self._given = given
        self._by_path: dict[str, Known] = {}
        self._by_digest: dict[str, Known] = {}
        self._ids: set[str] = set()
        for r in index.reports():
            self._remember(Known(r.id, r.source, r.digest, r.organisation, r.year))

    def _remember(self, known: Known) -> None:
        self._by_path[known.source] = self._by_digest[known.digest] = known
        self._ids.add(known.id)

    def readings(self, paths: Iterable[Path]) -> Iterator[tuple[Report, Sequence[Chunk]]]:
        """Each report that needs work, read and cut; what needs none, or cannot be read, goes into the summary."""
        for path in paths:
            try:
                reading = self._reading(path)
            except ReportQAError as error:
                stays = " The version indexed before stays." if str(path) in self._by_path else ""
                self.summary.skipped.append((str(path), f"{error}{stays}"))
                continue
            if reading is None:
                continue
            report, chunks, before = reading
            yield report, chunks
            (self.summary.added if before is None else self.summary.replaced).append(report.id)
            self.summary.chunks += len(chunks)

    def _reading(self, path: Path) -> tuple[Report, Sequence[Chunk], Known | None] | None:
        given = given_for(path, self._given)
        digest = digest_of(path)
        before = self._by_path.get(str(path))
        if before is not None and before.digest == digest and before.says(given):
            self.summary.unchanged.append(before.id)
            return None
        same = self._by_digest.get(digest)
        if before is None and same is not None and same.says(given):
            if not Path(same.source).exists():
                before = same  # the file was moved: its report keeps the id
            elif digest_of(Path(same.source)) == digest:
                self.summary.copies.append((str(path), same.id))
                return None
        content = read_lines(path)
        report = report_from(
            content,
            path,
            report_id=before.id if before else new_id(path, self._ids),
            organisation=given.organisation,
            year=given.year,
        )
        self._remember(Known(report.id, report.source, report.digest, report.organisation, report.year))
        self.summary.notes += [(str(path), note) for note in content.notes]
        return report, chunk_report(report), before

    def remove_gone(self, folders: Sequence[Path]) -> None:
        roots = {folder.resolve() for folder in folders}
        for report in self._index.reports():
            source = Path(report.source)
            if not source.exists() and roots.intersection(source.parents):
                self._index.remove(report.id)
                self.summary.removed.append(report.id)


def new_id(path: Path, taken: Collection[str]) -> str:
    """An id for a report: the file's stem; where another file has it already, a short hash of the path is added."""
    stem = report_id_of(path)
    return stem if stem not in taken else f"{stem}-{hashlib.sha256(str(path).encode()).hexdigest()[:6]}"


def given_for(path: Path, options: Given) -> Given:
    """Organisation and year from the options, else from the sidecar file. Raises ``UnreadableReport``."""
    sidecar = path.with_name(path.name + SIDECAR)
    if not sidecar.is_file():
        return options
    try:
        stated = tomllib.loads(sidecar.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UnreadableReport(f"Cannot read {sidecar}: {error}. Mend or remove the file.") from error
    _check_sidecar(sidecar, stated)
    return Given(options.organisation or stated.get("organisation"), options.year or stated.get("year"))


def _check_sidecar(sidecar: Path, stated: dict[str, Any]) -> None:
    kinds = {"organisation": str, "year": int}
    for key, value in stated.items():
        if type(value) is not kinds.get(key):
            raise UnreadableReport(
                f'Cannot use {key} = {value!r} in {sidecar}. It may hold organisation = "…" and year = 2019.'
            )


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex. Raises ``UnreadableReport``."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableReport(f"Cannot read {path}: {error.strerror}. Check its permissions.") from error
