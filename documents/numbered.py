"""Tables whose rows are numbered and whose columns single blanks part, as they come out of a PDF.

A blank parts columns, but it also stands within a date (``1 月 14 日``) and within a name; so the rows with as many
words as columns show which columns hold figures, and in a longer row the words go together where that still holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.tables import is_figure

_SERIAL = re.compile(r"序号|编号|项次|No\.?|#", re.IGNORECASE)
_WITHIN_DATE = re.compile(r"(?<=\d)[ \t]+(?=[年月日个])|(?<=[年月])[ \t]+(?=\d)|[ \t]*([-—–~～至])[ \t]*(?=\d)")
_FEWEST_COLUMNS, _FEWEST_ROWS = 3, 3
_LINES_AT_MOST = 3  # of one row


@dataclass(frozen=True, slots=True)
class Word:
    """A cell's text, and which line it ends on (counted from the table's first)."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """The names of the columns and the rows, without their numbers; the table ends before line ``end``."""

    names: tuple[str, ...]
    rows: tuple[tuple[Word, ...], ...]
    end: int


def heads_numbered(text: str) -> bool:
    """Whether a line names the columns of such a table."""
    names = text.split()
    return len(names) >= _FEWEST_COLUMNS and _SERIAL.fullmatch(names[0]) is not None


def numbered(lines: Sequence[str]) -> Numbered | None:
    """The table that begins with the first of some lines, the names of its columns; None where there is none.

    >>> table = numbered(["序号 时间 活动 人次", "1 1 月 4 日 春联 420", "2 2 月 5 日 花灯 64", "3 3 月 6 日 种树 80"])
    >>> table.names, [word.text for word in table.rows[1]]
    (('时间', '活动', '人次'), ['2月5日', '花灯', '64'])
    """
    names = lines[0].split()[1:]
    rows, end = _rows(lines, len(names))
    even = [row for row in rows if len(row) == len(names)]
    if len(rows) < _FEWEST_ROWS or len(even) * 2 < len(rows):
        return None
    figures = [all(is_figure(row[at].text) for row in even) for at in range(len(names))]
    if not any(figures):
        return None
    widest = sorted(range(len(names)), key=lambda at: -sum(len(row[at].text) for row in even))
    return Numbered(tuple(names), tuple(_fitted(row, figures, widest) for row in rows), end)


def _rows(lines: Sequence[str], width: int) -> tuple[list[list[Word]], int]:
    """The words of each row: a row begins with the next number, and goes on until it has as many words as columns."""
    rows: list[list[Word]] = []
    at = 1
    while at < len(lines):
        begun = re.match(rf"\s*{len(rows) + 1}[\s.、]\s*(?=\S)", lines[at])
        if begun is None:
            break
        words = _words(lines[at][begun.end() :], at)
        stop = at + 1
        while len(words) < width and stop < min(at + _LINES_AT_MOST, len(lines)) and lines[stop].strip():
            more = _words(lines[stop], stop)
            words = [*words[:-1], Word(words[-1].text + more[0].text, stop), *more[1:]]
            stop += 1
        if len(words) < width:
            break
        rows.append(words)
        at = stop
    return rows, at


def _words(text: str, line: int) -> list[Word]:
    return [Word(word, line) for word in _WITHIN_DATE.sub(r"\1", text).split()]


def _fitted(row: Sequence[Word], figures: Sequence[bool], widest: Sequence[int]) -> tuple[Word, ...]:
    """A row with too many words: those of the widest column that may be one and leave the figures under their names."""
    over = len(row) - len(figures) + 1
    for at in widest:
        joined = Word(" ".join(word.text for word in row[at : at + over]), row[at + over - 1].line)
        cells = (*row[:at], joined, *row[at + over :])
        if all(is_figure(cell.text) for cell, figure in zip(cells, figures, strict=True) if figure):
            return cells
    return tuple(row[: len(figures)])
