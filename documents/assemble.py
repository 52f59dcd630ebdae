"""A file to a ``Report``: read, reflow, outline, identity, in that order."""

from __future__ import annotations

import re
from pathlib import Path

from documents.headings import headings
from documents.identity import infer_organisation, infer_year
from documents.outline import sections
from documents.readers import Content, read_lines
from documents.reflow import paragraphs
from documents.report import Report


def read_report(
    path: Path, *, report_id: str | None = None, organisation: str | None = None, year: int | None = None
) -> Report:
    """Read one file and infer what was not given.

    Raises ``UnreadableReport`` when the file cannot be read without loss.
    """
    return report_from(read_lines(path), path, report_id=report_id, organisation=organisation, year=year)


def report_from(
    content: Content,
    path: Path,
    *,
    report_id: str | None = None,
    organisation: str | None = None,
    year: int | None = None,
) -> Report:
    """The same from a file's lines, for who also wants the notes of the reader."""
    blocks = list(paragraphs(content.lines))
    found = headings(blocks, content.lines)
    last = content.lines[-1].number
    first_pass = sections(blocks, found, last, None)
    year = year or infer_year(first_pass, blocks, path.stem)
    titles = [s.title for s in first_pass if s.level == 1]
    return Report(
        id=report_id or report_id_of(path),
        title=titles[0] if titles else blocks[0].text[:60],
        organisation=organisation or infer_organisation(blocks, titles),
        year=year,
        source=str(path),
        digest=content.digest,
        lines=content.lines,
        sections=sections(blocks, found, last, year),
    )


def report_id_of(path: Path) -> str:
    """The file's stem, with blanks and path-like characters made safe."""
    return re.sub(r"[\s/\\:]+", "-", path.stem).strip("-.") or "report"
