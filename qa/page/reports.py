"""The reports as HTML: what each covers, month by month and section by section, and what can be done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from documents.report import Chunk, Report
from index.catalog import ReportSummary
from qa.page.marks import button, squeezed, text
from qa.page.texts import say
from qa.saying.wording import month_text, organisation_text

ROWS = 8  # sections shown in a coverage grid


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many passages a report has for each (section, month), and how many sections in all."""

    sections: int
    cells: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def months(self) -> tuple[int, ...]:
        return tuple(sum(counts[m] for _, counts in self.cells) for m in range(12))


def coverage(report: Report, chunks: Sequence[Chunk]) -> Coverage:
    counted: dict[str, Counter[int]] = {}
    for chunk in chunks:
        months = {p.month for p in ({chunk.period} | chunk.periods) if p and p.month}
        title = squeezed(chunk.heading[0]) if chunk.heading else squeezed(report.title)
        counted.setdefault(title, Counter()).update(m for m in months if m)
    rows = [(title, tuple(counts[m] for m in range(1, 13))) for title, counts in counted.items() if counts]
    return Coverage(len(report.sections), tuple(rows))


@dataclass(frozen=True, slots=True)
class Row:
    """A report in the list."""

    summary: ReportSummary
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class FileNews:
    """What became of an uploaded file. ``outcome`` is a key of the page's texts; ``reason`` why it was refused."""

    name: str
    outcome: str
    reason: str = ""


def reports(rows: Sequence[Row], language: str) -> str:
    if not rows:
        return f'<p class="notice">{say("no_reports", language)}</p>'
    return f'<div class="cards">{"".join(_card(row, language) for row in rows)}</div>'


def _card(row: Row, language: str) -> str:
    report, covered = row.summary, row.coverage
    facts = [
        say("n_lines", language, n=f"{report.lines:,}"),
        say("n_sections", language, n=covered.sections),
        say("n_chunks", language, n=report.chunks),
        say("indexed_at", language, at=report.added_at[:10]),
    ]
    name = organisation_text(report.organisation or report.title, language)
    return (
        f'<article class="card" data-report="{text(report.id)}"><header><h3>{text(name)}</h3>'
        f'<span class="year">{text(report.year or "?")}</span></header>'
        f'<p class="file">{text(squeezed(report.title))} <code>{text(report.id)}</code></p>'
        f'<p class="facts">{"".join(f"<span>{text(f)}</span>" for f in facts)}</p>'
        f"{_grid(covered, language)}{_actions(report, language)}</article>"
    )


def _actions(report: ReportSummary, language: str) -> str:
    return (
        '<div class="actions">'
        + button("read", say("read", language), kind="chip", report=report.id)
        + button("about", say("ask_this", language), kind="chip", report=report.id)
        + button("reindex", say("reindex", language), kind="link", report=report.id)
        + button("remove", say("remove", language), kind="link danger", report=report.id, sure=say("sure", language))
        + "</div>"
    )


def _grid(covered: Coverage, language: str) -> str:
    """A strip of months; opened, a row for each section that has any."""
    if not any(covered.months):
        return f'<p class="months none">{say("no_months", language)}</p>'
    months = [month_text(m, None, language)[:3] for m in range(1, 13)]
    strip = _cells(covered.months, months)
    rows = "".join(
        f'<span class="row-name" title="{text(title)}">{text(title[:16])}</span>{_cells(counts, months)}'
        for title, counts in covered.cells[:ROWS]
    )
    heads = "".join(f"<span>{m}</span>" for m in range(1, 13))
    return (
        f'<details class="months"><summary><span class="label">{say("covered", language)}</span>'
        f'<span class="strip">{strip}</span></summary>'
        f'<div class="grid"><span></span>{heads}{rows}</div></details>'
    )


def _cells(counts: Sequence[int], names: Sequence[str]) -> str:
    return "".join(
        f'<i class="d{min(4, count)}" title="{name}: {count}"></i>' for name, count in zip(names, counts, strict=True)
    )


def news(files: Sequence[FileNews], language: str) -> str:
    """What became of each uploaded file."""
    rows = "".join(
        f'<li class="{f.outcome}"><b>{text(f.name)}</b> <span>{say(f.outcome, language)}</span>'
        f"{f'<em>{text(f.reason)}</em>' if f.reason else ''}</li>"
        for f in files
    )
    return f'<ul class="news" role="status">{rows}</ul>' if files else ""
