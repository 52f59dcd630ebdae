"""The source beside the answer: the report's own lines, the cited ones highlighted, with an outline to jump by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.report import Line, LineRange, Report, Section
from qa.answer import Citation
from qa.page.marks import button, icon, squeezed, text
from qa.page.texts import say
from qa.page.thread import lines_text
from qa.saying.wording import organisation_text

WINDOW = 600  # lines shown around the place that was opened; a longer report comes in parts


@dataclass(frozen=True, slots=True)
class Place:
    """What the panel shows: a report at some lines, and which of an answer's citations that is.

    ``turn`` and ``number`` are None where no citation was opened (reading a report).
    """

    report_id: str
    lines: LineRange
    turn: int | None = None
    number: int | None = None


def source(report: Report, place: Place, citations: Sequence[Citation], language: str) -> str:
    """The panel for an open place. ``citations`` are those of the answer it belongs to, in order."""
    current = next((c for c in citations if c.number == place.number), None)
    marked = [c.lines for c in citations if c.report_id == report.id]
    key = f"{text(report.id)}:{place.lines}:{place.number}"
    return (
        f'<section class="src" data-key="{key}" aria-label="{say("sources", language)}">'
        f"{_head(report, place, language)}{_pager(place, citations, language)}"
        f"{_stale(report, current, language)}{_outline(report, language)}"
        f'<div class="page" tabindex="0">{"".join(_lines(report, place, marked, language))}</div></section>'
    )


def missing(citation: Citation, place: Place, citations: Sequence[Citation], language: str) -> str:
    """The panel for a report that is no longer indexed: the lines the answer kept."""
    lines = zip(citation.lines, citation.quote.split("\n"), strict=False)
    rows = "".join(
        f'<p class="ln cited first"><i>{n}</i><span>{text(words)}</span></p>' for n, words in lines if words.strip()
    )
    title = f"<header><h3>{text(citation.report_id)}</h3>{_close(language)}</header>"
    return (
        f'<section class="src" data-key="gone">{title}{_pager(place, citations, language)}'
        f'<p class="notice">{say("gone", language)}</p><div class="page" tabindex="0">{rows}</div></section>'
    )


def _close(language: str) -> str:
    return button("close", say("close", language), inside=icon("close"), kind="tool")


def _head(report: Report, place: Place, language: str) -> str:
    path = report.path_at(place.lines.start)
    page = report.lines[place.lines.start - 1].page
    marks = [lines_text(place.lines, language)] + ([say("page_n", language, n=page)] if page else [])
    period = next((str(s.period) for s in reversed(path) if s.period and s.period.month), "")
    marks += [period] if period else []
    marks += [say("plan", language)] if path and path[-1].stance == "planned" else []
    where = " › ".join(text(squeezed(s.title)) for s in path[-2:])
    name = organisation_text(report.organisation or report.title, language)
    return (
        f"<header><div><h3>{text(name)} <small>{text(report.year or '')}</small></h3>"
        f'<p class="where">{where}</p><p class="marks">{"".join(f"<span>{text(m)}</span>" for m in marks)}</p>'
        f"</div>{_close(language)}</header>"
    )


def _pager(place: Place, citations: Sequence[Citation], language: str) -> str:
    if place.number is None or not citations:
        return ""
    numbers = [c.number for c in citations]
    at = numbers.index(place.number)
    before, after = numbers[at - 1], numbers[(at + 1) % len(numbers)]
    steps = ""
    if len(numbers) > 1:
        steps = button(
            "cite", say("previous", language), inside=icon("left"), kind="tool step-back", turn=place.turn, n=before
        )
        steps += button(
            "cite", say("following", language), inside=icon("right"), kind="tool step-on", turn=place.turn, n=after
        )
    count = f"<span>{at + 1} / {len(numbers)}</span>" if steps else ""
    return f'<nav class="pager"><b>{say("source", language, n=place.number)}</b>{count}{steps}</nav>'


def _stale(report: Report, citation: Citation | None, language: str) -> str:
    if citation is None or citation.digest == report.digest:
        return ""
    return f'<div class="notice">{say("changed", language)}<blockquote>{text(citation.quote)}</blockquote></div>'


def _outline(report: Report, language: str) -> str:
    sections = [s for s in report.sections if squeezed(s.title)]
    if not sections:
        return ""
    rows = "".join(_outline_row(report, s, language) for s in sections[:400])
    return f'<details class="outline"><summary>{say("outline", language)}</summary><div>{rows}</div></details>'


def _outline_row(report: Report, section: Section, language: str) -> str:
    plan = f' <small class="flag">{say("plan", language)}</small>' if section.stance == "planned" else ""
    inside = f"<span>{text(squeezed(section.title)[:60])}{plan}</span><i>{section.lines.start}</i>"
    return button(
        "open", squeezed(section.title)[:60], inside=inside, kind=f"jump level-{min(section.level, 4)}",
        report=report.id, line=section.lines.start, jump=section.lines.start,
    )  # fmt: skip


def _lines(report: Report, place: Place, marked: Sequence[LineRange], language: str) -> Iterator[str]:
    """Numbered lines around the place; those of the open citation lit, those of the others marked."""
    start = max(1, place.lines.start - WINDOW // 2)
    end = min(len(report.lines), max(place.lines.end, start + WINDOW))
    headings = {s.lines.start: len(squeezed(s.title)) for s in report.sections}
    if start > 1:
        yield button("open", say("earlier", language), kind="chip", report=report.id, line=max(1, start - WINDOW // 2))
    page = None
    for line in report.lines[start - 1 : end]:
        if line.page is not None and line.page != page:
            page = line.page
            yield f'<p class="page-mark">{say("page_n", language, n=page)}</p>'
        if line.text.strip():
            yield _line(line, place, marked, heading=len(squeezed(line.text)) <= headings.get(line.number, -9) + 8)
    if end < len(report.lines):
        yield button("open", say("later", language), kind="chip", report=report.id, line=end + 1)


def _line(line: Line, place: Place, marked: Sequence[LineRange], *, heading: bool) -> str:
    kinds = ["ln"]
    if line.number in place.lines and place.number is not None:
        kinds += ["cited"]
    elif any(line.number in lines for lines in marked):
        kinds += ["also"]
    kinds += ["first"] if line.number == place.lines.start else []
    kinds += ["heading"] if heading else []
    return (
        f'<p class="{" ".join(kinds)}" data-line="{line.number}"><i>{line.number}</i><span>{text(line.text)}</span></p>'
    )
