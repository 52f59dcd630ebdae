"""The values a report is made of; line numbers are computed here and nowhere else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class LineRange:
    """Physical lines ``start`` to ``end``, 1-based, both inclusive.

    >>> str(LineRange(12, 18)), len(LineRange(12, 18)), 18 in LineRange(12, 18)
    ('L12-L18', 7, True)
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 1 <= self.start <= self.end:
            raise ValueError(f"not a line range: {self.start}-{self.end}")

    def __str__(self) -> str:
        return f"L{self.start}" if self.start == self.end else f"L{self.start}-L{self.end}"

    def __len__(self) -> int:
        return self.end - self.start + 1

    def __contains__(self, number: int) -> bool:
        return self.start <= number <= self.end

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, self.end + 1))

    def covers(self, other: LineRange) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: LineRange) -> bool:
        return self.start <= other.end and other.start <= self.end

    def join(self, other: LineRange) -> LineRange:
        """The smallest range that covers both."""
        return LineRange(min(self.start, other.start), max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line: a text file's own line, a PDF's line on its page, a Word paragraph or table row.

    ``level`` is the heading level the file format itself states (Word style, HTML h1-h6); None for plain text.
    """

    number: int
    text: str
    page: int | None = None
    level: int | None = None


class Stance(StrEnum):
    """Whether a passage tells what was done or what is intended."""

    ACHIEVED = "achieved"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, or a month of it. ``str`` gives ``2019`` or ``2019-03``."""

    year: int
    month: int | None = None

    def __str__(self) -> str:
        return f"{self.year}" if self.month is None else f"{self.year}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything under it up to the next heading of the same or a higher level (lower number)."""

    title: str
    level: int
    lines: LineRange
    period: Period | None
    stance: Stance


@dataclass(frozen=True, slots=True)
class Passage:
    """Running text put together from physical lines.

    ``anchors`` are (offset into ``text``, line number) pairs in rising order: from that offset on, the text stands on
    that line.

    >>> passage = Passage("新增图书104286册", ((0, 7), (5, 9)))
    >>> passage.lines_of(2, 7), passage.lines_of(0, 3)
    (LineRange(start=7, end=9), LineRange(start=7, end=7))
    """

    text: str
    anchors: tuple[tuple[int, int], ...]

    def line_at(self, offset: int) -> int:
        return self.anchors[bisect_right(self.anchors, offset, key=lambda a: a[0]) - 1][1]

    def lines_of(self, start: int, end: int) -> LineRange:
        """Physical lines of ``text[start:end]`` (non-empty)."""
        return LineRange(self.line_at(start), self.line_at(max(start, end - 1)))

    def cut(self, start: int, end: int) -> Passage:
        """The part ``text[start:end]`` with its own anchors."""
        first = bisect_right(self.anchors, start, key=lambda a: a[0]) - 1
        stop = bisect_left(self.anchors, end, lo=first + 1, key=lambda a: a[0])
        inside = ((max(o, start) - start, n) for o, n in self.anchors[first:stop])
        return Passage(self.text[start:end], tuple(inside))

    @property
    def lines(self) -> LineRange:
        return LineRange(self.anchors[0][1], self.anchors[-1][1])


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is stored and searched: a stretch of one section, never across a heading.

    ``heading`` is the path of section titles, outermost first. ``period`` is the one the section stands under;
    ``periods`` adds every year or month the text itself names, and is what a scope is matched against.
    """

    id: str
    report_id: str
    heading: tuple[str, ...]
    period: Period | None
    stance: Stance
    passage: Passage
    periods: frozenset[Period] = frozenset()

    @property
    def text(self) -> str:
        return self.passage.text

    @property
    def lines(self) -> LineRange:
        return self.passage.lines


@dataclass(frozen=True, slots=True)
class Report:
    """A file that was read, with its outline. ``digest`` is the SHA-256 of the file's bytes, in hex."""

    id: str
    title: str
    organisation: str | None
    year: int | None
    source: str
    digest: str
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]

    def text(self, lines: LineRange) -> str:
        """The verbatim physical lines, joined by newlines."""
        return "\n".join(line.text for line in self.lines[lines.start - 1 : lines.end])

    def path_at(self, number: int) -> tuple[Section, ...]:
        """The sections that contain a line, outermost first."""
        return tuple(s for s in self.sections if number in s.lines)
