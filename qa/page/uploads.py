"""Files a visitor brings: counted, weighed, named by us, kept under the home, indexed one by one.

A name from outside never becomes a path: only letters, digits and a few marks of its stem survive, and the suffix must
be one a reader knows. One bad file does not keep the others out, and is told with its reason.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from documents.errors import ReportQAError
from documents.readers import SUFFIXES, supported
from index.store import Index
from qa.ingest import digest_of, ingest
from qa.page.refusals import told
from qa.page.reports import FileNews
from qa.page.texts import say

MOST_FILES = 20
MOST_MB = 50
KINDS = tuple(SUFFIXES)

_UNSAFE = re.compile(r"[^\w\u4e00-\u9fff-]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """The file about to be read, and the news of those before it."""

    name: str
    number: int
    all: int
    news: tuple[FileNews, ...]


def safe_name(name: str) -> str:
    """A file name of our own making, from a name that may hold anything.

    >>> safe_name("../../etc/2019 年报.TXT"), safe_name("....txt")
    ('2019-年报.txt', 'report.txt')
    """
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, suffix = last.rpartition(".")
    kept = _UNSAFE.sub("-", stem if dot else last).strip("-_")[:80]
    return (kept or "report") + (f".{_UNSAFE.sub('', suffix).lower()[:8]}" if dot else "")


class Uploads:
    """Takes files into a home's index."""

    def __init__(self, index: Index, home: Path):
        self._index = index
        self._folder = home / "uploads"
        self._one_at_a_time = threading.Lock()

    def take(self, files: Sequence[Path], language: str) -> Iterator[Upload]:
        """Read each file in turn; the last step has the news of all of them and no name."""
        news: list[FileNews] = []
        if len(files) > MOST_FILES:
            reason = say("too_many", language, most=MOST_FILES, n=len(files))
            news += [FileNews(f.name, "refused", reason) for f in files[MOST_FILES:]]
        wanted = files[:MOST_FILES]
        for number, file in enumerate(wanted, start=1):
            yield Upload(file.name, number, len(wanted), tuple(news))
            news.append(self._take(file, language))
        for file in files:
            file.unlink(missing_ok=True)
        yield Upload("", len(wanted), len(wanted), tuple(news))

    def _take(self, file: Path, language: str) -> FileNews:
        if reason := _unfit(file, language):
            return FileNews(file.name, "refused", reason)
        with self._one_at_a_time:
            target = self._place_for(file)
            held = target.exists()
            if not held:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
            outcome, reason = self._index_file(target)
            if outcome == "refused" and not held:
                target.unlink(missing_ok=True)
        return FileNews(file.name, outcome, told(reason.replace(str(target), file.name), language))

    def _index_file(self, path: Path) -> tuple[str, str]:
        """What became of a file, as a key of the page's texts, and why it was refused."""
        try:
            summary = ingest(self._index, [path])
        except ReportQAError as error:
            return "refused", str(error)
        if summary.skipped:
            return "refused", summary.skipped[0][1]
        return ("added" if summary.added else "replaced" if summary.replaced else "unchanged"), ""

    def _place_for(self, file: Path) -> Path:
        """Where the file goes: its own name, or that name and a number where another file has it."""
        name = safe_name(file.name)
        stem, _, suffix = name.rpartition(".")
        digest = digest_of(file)
        target = self._folder / name
        number = 2
        while target.exists() and digest_of(target) != digest:
            target = self._folder / f"{stem}-{number}.{suffix}"
            number += 1
        return target

    def forget(self, source: str) -> None:
        """Delete the file of a removed report if it was uploaded; other files are not ours to delete."""
        path = Path(source)
        if path.parent == self._folder.resolve() or path.parent == self._folder:
            path.unlink(missing_ok=True)


def _unfit(file: Path, language: str) -> str:
    """Why a file is not even tried; empty if nothing speaks against it."""
    if not supported(file):
        return say("wrong_kind", language, kind=file.suffix or "?", kinds=" ".join(KINDS))
    megabytes = file.stat().st_size / 1_000_000
    return say("too_big", language, mb=f"{megabytes:.0f}", most=MOST_MB) if megabytes > MOST_MB else ""
