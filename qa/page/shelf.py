"""What happens in the reports room: the list, uploads, removal, reading anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from documents.assemble import read_report
from documents.chunking import chunk_report
from documents.errors import ReportQAError
from index.catalog import ReportSummary
from index.scope import Scope
from qa.assistant import Assistant
from qa.page.marks import text
from qa.page.reports import Coverage, Row, coverage, news, reports
from qa.page.texts import say
from qa.page.uploads import Uploads


class Shelf:
    """The reports of one index, as the page shows and changes them."""

    def __init__(self, assistant: Assistant, uploads: Uploads):
        self._assistant = assistant
        self._uploads = uploads
        self._covered: dict[tuple[str, str], Coverage] = {}

    def show(self, language: str) -> str:
        return reports([Row(r, self._coverage(r)) for r in self._assistant.reports()], language)

    def status(self, language: str) -> str:
        """How many reports there are, in a few words."""
        count = len(self._assistant.reports())
        return say("status_one", language) if count == 1 else say("status", language, n=count)

    def add(self, files: Sequence[Path], language: str) -> Iterator[str]:
        """Take files in; what there is to say after each."""
        for step in self._uploads.take(files, language):
            now = say("indexing", language, name=step.name, n=step.number, all=step.all) if step.name else ""
            line = f'<p class="working" role="status">{text(now)}</p>' if now else ""
            yield news(step.news, language) + line

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
        try:
            said = act(found)
        except ReportQAError as error:
            said = say("failed", language, what=error)
        return f'<p class="notice" role="status">{text(said)}</p>'

    def _coverage(self, report: ReportSummary) -> Coverage:
        key = (report.id, report.digest)
        if key not in self._covered:
            chunks = self._assistant.index.chunks(Scope(reports=frozenset({report.id})))
            self._covered[key] = coverage(self._assistant.report(report.id), chunks)
        return self._covered[key]
