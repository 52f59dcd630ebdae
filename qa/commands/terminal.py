"""Answers and tables on a terminal. What a document says is shown as text: no markup, no control characters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from documents.report import Line, LineRange, Report
from qa.answer import Answer, Citation

if TYPE_CHECKING:
    from rich.console import Console

    from index.catalog import ReportSummary
    from index.scope import Hit
    from qa.facts import Fact

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    """Without control and direction characters, which could rewrite what a terminal shows."""
    return _CONTROL.sub("", text)


def clean_json(text: str) -> str:
    """The same for JSON, without a change of what it says: these characters are written as escapes.

    >>> clean_json('"a\u202eb"')
    '"a\\\\u202eb"'
    """
    return _CONTROL.sub(lambda found: json.dumps(found[0])[1:-1], text)


def console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)


def answer_lines(answer: Answer) -> Iterable[str]:
    """The answer, then each citation with its verbatim lines and their numbers."""
    yield clean(answer.text)
    for citation in answer.citations:
        yield ""
        yield from citation_lines(citation)


def citation_lines(citation: Citation) -> Iterable[str]:
    where = f"[{citation.number}] {citation.report_id} {citation.lines}"
    if citation.page:
        where += f" p.{citation.page}"
    section = " › ".join(citation.section[-2:])
    yield clean(where + (f" · {section}" if section else ""))
    width = len(str(citation.lines.end))
    for number, text in zip(citation.lines, citation.quote.split("\n"), strict=False):
        if text.strip():
            yield f"  {number:>{width}} │ {clean(text)}"


def report_lines(lines: Sequence[Line], cited: LineRange) -> Iterable[tuple[str, bool]]:
    """A report's lines with their numbers, an arrow before those that are cited; and whether each is."""
    width = len(str(lines[-1].number)) if lines else 0
    for line in lines:
        is_cited = line.number in cited
        yield f"{'▸' if is_cited else ' '} {line.number:>{width}} │ {clean(line.text)}", is_cited


def hit_lines(hits: Sequence[Hit]) -> Iterable[str]:
    """Two lines a hit: where it stands and how it ranked, then how it begins."""
    for place, hit in enumerate(hits, 1):
        chunk = hit.chunk
        where = f"{chunk.report_id} {chunk.lines} · {' › '.join(chunk.heading[-2:])}"
        ranks = f"keyword {hit.keyword_rank or '-'}, vector {hit.vector_rank or '-'}"
        yield clean(f"{place:>2}. {where} · {hit.score:.3f} ({ranks})")
        yield clean("    " + " ".join(chunk.text.split())[:160])


def report_table(reports: Sequence[ReportSummary], to: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in ("report", "organisation", "year", "lines", "chunks", "indexed (UTC)"):
        table.add_column(column, justify="right" if column in ("lines", "chunks") else "left", no_wrap=True)
    for report in reports:
        cells = (
            report.id,
            report.organisation or "?",
            report.year or "?",
            report.lines,
            report.chunks,
            report.added_at[:16],
        )
        table.add_row(*(Text(clean(str(cell))) for cell in cells))
    to.print(table)


def csv_lines(fields: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Iterable[str]:
    """CSV with a header. A cell that a spreadsheet would take for a formula gets an apostrophe in front."""
    import csv
    import io

    yield ",".join(fields)
    for row in rows:
        line = io.StringIO()
        cells = ["" if row[f] is None else str(row[f]) for f in fields]
        csv.writer(line, lineterminator="").writerow(
            "'" + c if c.startswith(("=", "+", "@", "\t")) else c for c in cells
        )
        yield clean(line.getvalue())


def fact_table(facts: Sequence[Fact], to: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in ("organisation", "when", "what", "figure", "stance", "line"):
        table.add_column(column, justify="right" if column == "figure" else "left", overflow="fold")
    for fact in facts:
        when = f"{fact.year or ''}" + (f"-{fact.month:02d}" if fact.month else "")
        cells = (fact.organisation, when, fact.what, fact.written, fact.stance, f"{fact.report} L{fact.line}")
        table.add_row(*(Text(clean(cell)) for cell in cells))
    to.print(table)


def outline_lines(report: Report) -> Iterable[str]:
    for section in report.sections:
        marks = [str(section.lines)]
        marks += [str(section.period)] if section.period else []
        marks += ["plan"] if section.stance == "planned" else []
        yield clean(f"{'  ' * (section.level - 1)}{section.title}  ({' · '.join(marks)})")
