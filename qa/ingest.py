"""Files into the index: which are new, changed or unchanged, and what became of each.

A file is known by its path and the digest of its bytes. Nothing is passed over silently: every file ends up in the
summary as added, replaced, unchanged, or skipped with its reason.
"""

from __future__ import annotations

import hashlib
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path

from documents.assemble import read_report, report_id_of
from documents.chunking import chunk_report
from documents.errors import ReportQAError, UnreadableReport
from documents.readers import supported
from documents.report import Chunk, Report
from index.store import Index

SIDECAR = ".toml"  # organisation and year of report.txt may stand in report.txt.toml


@dataclass(frozen=True, slots=True)
class Known:
    """What has to be known of an indexed report to tell whether its file needs work."""

    id: str
    source: str
    digest: str
    organisation: str | None
    year: int | None


@dataclass(slots=True)
class Summary:
    """What an indexing run did. ``skipped`` holds (file, reason) pairs; ``gone`` ids whose file is no longer there."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    chunks: int = 0
    seconds: float = 0.0

    def to_dict(self) -> dict[str, object]:
        return {
            "added": self.added,
            "replaced": self.replaced,
            "unchanged": self.unchanged,
            "skipped": [{"file": f, "reason": r} for f, r in self.skipped],
            "gone": self.gone,
            "chunks": self.chunks,
            "seconds": round(self.seconds, 2),
        }


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
    organisation: str | None = None,
    year: int | None = None,
    progress: Callable[[Iterable[Path]], Iterable[Path]] = iter,
) -> Summary:
    """Bring the index in line with the files; what is unchanged is left alone, what changed is replaced whole."""
    started = time.perf_counter()
    summary = Summary()
    index.add_many(_readings(index, paths, organisation, year, summary, progress))
    summary.gone = _gone(index, paths)
    summary.seconds = time.perf_counter() - started
    return summary


def _readings(
    index: Index,
    paths: Sequence[Path],
    organisation: str | None,
    year: int | None,
    summary: Summary,
    progress: Callable[[Iterable[Path]], Iterable[Path]],
) -> Iterator[tuple[Report, Sequence[Chunk]]]:
    known: dict[str, Known] = {
        r.source: Known(r.id, r.source, r.digest, r.organisation, r.year) for r in index.reports()
    }
    by_digest = {report.digest: report for report in known.values()}
    for path in progress(paths):
        before = known.get(str(path))
        try:
            given = _given(path, organisation, year)
            same = _unchanged(path, before, given) or _copy_of(path, by_digest, known)
            if same is not None:
                summary.unchanged.append(same)
                continue
            report = read_report(path, report_id=_id_for(path, before, known), organisation=given[0], year=given[1])
        except ReportQAError as error:
            summary.skipped.append((str(path), str(error)))
            continue
        chunks = chunk_report(report)
        known[report.source] = by_digest[report.digest] = Known(
            report.id, report.source, report.digest, report.organisation, report.year
        )
        yield report, chunks
        (summary.replaced if before else summary.added).append(report.id)
        summary.chunks += len(chunks)


def _given(path: Path, organisation: str | None, year: int | None) -> tuple[str | None, int | None]:
    """Organisation and year from the options, else from the sidecar file."""
    sidecar = path.with_name(path.name + SIDECAR)
    if sidecar.is_file():
        try:
            stated = tomllib.loads(sidecar.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UnreadableReport(f"Cannot read {sidecar}: {error}. Mend or remove the file.") from error
        organisation = organisation or stated.get("organisation")
        year = year or stated.get("year")
    return organisation, year


def _unchanged(path: Path, before: Known | None, given: tuple[str | None, int | None]) -> str | None:
    """The id of a report that needs no work: same bytes, and nothing given that differs from what is stored."""
    if before is None or before.digest != digest_of(path):
        return None
    organisation, year = given
    differs = (organisation and organisation != before.organisation) or (year and year != before.year)
    return None if differs else before.id


def _copy_of(path: Path, by_digest: dict[str, Known], known: dict[str, Known]) -> str | None:
    """The id of a report with the very same bytes at another path that still exists."""
    if str(path) in known:
        return None
    same = by_digest.get(digest_of(path))
    return same.id if same is not None and Path(same.source).exists() else None


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _id_for(path: Path, before: Known | None, known: dict[str, Known]) -> str:
    """The file's stem; where another file has it already, a short hash of the path is added."""
    if before is not None:
        return before.id
    stem = report_id_of(path)
    if all(report.id != stem for report in known.values()):
        return stem
    return f"{stem}-{hashlib.sha256(str(path).encode()).hexdigest()[:6]}"


def _gone(index: Index, paths: Sequence[Path]) -> list[str]:
    """Reports indexed from the folders at hand whose file is no longer there."""
    folders = {p.parent for p in paths}
    return [r.id for r in index.reports() if Path(r.source).parent in folders and not Path(r.source).exists()]
