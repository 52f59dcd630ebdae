"""What happens in the reports room: the list, uploads, removal, reading anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from documents.assemble import read_report
from documents.chunking import chunk_report
from documents.errors import ReportQAError
from index.catalog import ReportSummary
from index.scope import Scope
from qa.assistant import Assistant
from qa.page.marks import text
from qa.page.refusals import told
from qa.page.reports import Coverage, Row, coverage, news, reports
from qa.page.texts import say
from qa.page.uploads import Uploads


@dataclass(frozen=True, slots=True)
class News:
    """What an open page last saw of the reports: their generation, whether it was changing, what was being done."""

    generation: int = -1
    changing: bool = False
    doing: str = ""


class Shelf:
    """The reports of one index, as the page shows and changes them."""

    def __init__(self, assistant: Assistant, uploads: Uploads):
        self._assistant = assistant
        self._uploads = uploads
        self._covered: dict[tuple[str, str], Coverage] = {}
        # Name, number and count of the files being read, by whoever brought them.
        self._underway: dict[int, tuple[str, int, int]] = {}
        self._numbers = count()

    def show(self, language: str) -> str:
        return reports([Row(r, self._coverage(r)) for r in self._assistant.reports()], language)

    def status(self, language: str) -> str:
        """How many reports there are, in a few words."""
        count = len(self._assistant.reports())
        return say("status_one", language) if count == 1 else say("status", language, n=count)

    def doing(self, language: str) -> str:
        """What is being indexed just now, by whomever; empty when nothing is."""
        underway = next(iter(list(self._underway.values())), None)
        return say("indexing", language, name=underway[0], n=underway[1], all=underway[2]) if underway else ""

    def news(self, seen: News | None = None) -> News:
        """How things stand, after what a page saw last. A generation that moved on in between is still moving."""
        generation = self._assistant.index.generation
        return News(generation, seen is not None and generation != seen.generation, self.doing("zh"))

    def add(self, files: Sequence[Path], language: str) -> Iterator[str]:
        """Take files in; what there is to say after each."""
        mine = next(self._numbers)
        try:
            for step in self._uploads.take(files, language):
                if not step.name:
                    del self._underway[mine]
                    yield news(step.news, language)
                    continue
                self._underway[mine] = (step.name, step.number, step.all)
                now = say("indexing", language, name=step.name, n=step.number, all=step.all)
                yield f'{news(step.news, language)}<p class="working" role="status">{text(now)}</p>'
        finally:
            self._underway.pop(mine, None)

    def remove(self, report_id: str, language: str) -> str:
        def act(report: ReportSummary) -> str:
            self._assistant.index.remove(report.id)
            self._uploads.forget(report.source)
            return say("removed", language, name=report.id)

        return self._change(report_id, language, act)

    def reindex(self, report_id: str, language: str) -> str:
        def act(report: ReportSummary) -> str:
            path = Path(report.source)
            if not path.is_file():
                return say("file_gone", language, name=report.id, path=path)
            read = read_report(path, report_id=report.id, organisation=report.organisation, year=report.year)
            self._assistant.index.add(read, chunk_report(read))
            return f"{report.id}: {say('replaced', language)}"

        return self._change(report_id, language, act)

    def _change(self, report_id: str, language: str, act: Callable[[ReportSummary], str]) -> str:
        found = next((r for r in self._assistant.reports() if r.id == report_id), None)
        if found is None:
            return ""
        mine = next(self._numbers)
        self._underway[mine] = (found.title, 1, 1)
        try:
            said = act(found)
        except ReportQAError as error:
            said = say("failed", language, what=told(str(error), language))
        finally:
            self._underway.pop(mine)
        return f'<p class="notice" role="status">{text(said)}</p>'

    def _coverage(self, report: ReportSummary) -> Coverage:
        key = (report.id, report.digest)
        if key not in self._covered:
            held = {(r.id, r.digest) for r in self._assistant.reports()}
            self._covered = {k: covered for k, covered in self._covered.items() if k in held}
            chunks = self._assistant.index.chunks(Scope(reports=frozenset({report.id})))
            self._covered[key] = coverage(self._assistant.report(report.id), chunks)
        return self._covered[key]
