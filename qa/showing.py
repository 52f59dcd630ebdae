"""Parts of a report picked out by line, by month or by outline."""

from __future__ import annotations

import re
from typing import Any

from documents.errors import InvalidSetting
from documents.report import Line, LineRange, Report


def line_range(text: str, last: int) -> LineRange:
    """``A-B`` or ``A`` as a range inside ``1..last``. Raises ``InvalidSetting``.

    >>> line_range("90-100", 482)
    LineRange(start=90, end=100)
    """
    match = re.fullmatch(r"\s*L?(\d+)\s*(?:[-–:]\s*L?(\d+))?\s*", text)
    start = int(match[1]) if match else 0
    end = int(match[2] or match[1]) if match else 0
    if not 1 <= start <= end or start > last:
        raise InvalidSetting(f"--lines {text!r} is not a range of lines of this report. Give A-B between 1 and {last}.")
    return LineRange(start, min(end, last))


def selected(report: Report, lines: str | None, month: int | None) -> tuple[Line, ...]:
    """The lines asked for; all of them when nothing is."""
    chosen = report.lines
    if lines:
        wanted = line_range(lines, len(report.lines))
        chosen = tuple(line for line in chosen if line.number in wanted)
    if month:
        ranges = [s.lines for s in report.sections if s.period and s.period.month == month]
        chosen = tuple(line for line in chosen if any(line.number in r for r in ranges))
    return chosen


def around(report: Report, lines: LineRange, neighbours: int) -> tuple[Line, ...]:
    """Some lines with so many more before and after them; lines without text are passed over, and do not count."""
    told = [line for line in report.lines if line.text.strip()]
    before = [line for line in told if line.number < lines.start]
    after = [line for line in told if line.number > lines.end]
    among = [line for line in told if line.number in lines]
    return (*before[len(before) - min(neighbours, len(before)) :], *among, *after[:neighbours])


def outline_of(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "title": s.title,
            "level": s.level,
            "lines": [s.lines.start, s.lines.end],
            "period": str(s.period) if s.period else None,
            "stance": s.stance.value,
        }
        for s in report.sections
    ]
