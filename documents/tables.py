"""A table to lines that can be understood alone: each row names its columns.

A sentence found by search must say what its figures are; ``47000 | 55818`` does not. So a row becomes
``馆名：总馆；到馆人次：47000；外借册次：55818``. HTML, Word and PDF share this room; each gives the table as a grid in
which a merged cell is the same object at every place it covers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

HEADER_ROWS_AT_MOST = 4

_NUMBER = re.compile(r"[-+−±≈约]?[¥￥$€£]?\d[\d,，.．\s]*(?:[%％‰]|[万亿]?[\u4e00-\u9fff]{0,2})?")
_YEAR = re.compile(r"(?:19|20)\d\d\s*年?(?:度|\s*[-—–~～至]\s*(?:(?:19|20)\d\d\s*)?年?)?|\d{1,2}\s*月份?|[Qq][1-4]")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell's text on one line; ``header`` where the format says so (th, thead, a repeated Word header row)."""

    text: str
    header: bool = False


EMPTY = Cell("")
Grid = Sequence[Sequence[Cell]]


def table_lines(grid: Grid) -> list[str]:
    """One line for each row below the header, in order; a header without rows gives its own line; blank rows nothing.

    A row merged over the full width is a caption and stands as it is. Without a header, cells are joined by " | ".

    >>> names = [Cell("馆名", True), Cell("人次", True)]
    >>> table_lines([names, [Cell("总馆"), Cell("47000")]])
    ['馆名：总馆；人次：47000']
    """
    rows = [row for row in grid if any(cell.text for cell in row)]
    captions = 0
    while captions < len(rows) and _is_banner(rows[captions]):
        captions += 1
    lines = [row[0].text for row in rows[:captions]]
    body = rows[captions:]
    depth = _header_depth(body)
    if depth == len(body):
        return lines + [_joined(row) for row in body]
    names = column_names(body[:depth])
    above: Sequence[Cell] = body[depth - 1] if depth else ()
    for row in body[depth:]:
        line = _row_line(_own_cells(row, above), names)
        above = row
        if line:
            lines.append(line)
    return lines


def _is_banner(row: Sequence[Cell]) -> bool:
    return len(row) > 1 and all(cell is row[0] for cell in row)


def _header_depth(rows: Grid) -> int:
    """How many leading rows name the columns: as marked by the format, else as the cells look."""
    marked = 0
    while marked < len(rows) and all(cell.header or not cell.text for cell in rows[marked]):
        marked += 1
    if marked or len(rows) < 2 or len(rows[0]) < 2:
        return marked
    return _guessed_depth(rows)


def _guessed_depth(rows: Grid) -> int:
    """A first row of distinct names over figures is a header; it goes on while its cells reach down or stand split."""
    first = rows[0]
    names = [cell.text for cell in first[1:]]
    if not all(names) or any(is_figure(name) for name in names) or any(cell.header for row in rows for cell in row):
        return 0
    depth = 1
    while depth < min(len(rows), HEADER_ROWS_AT_MOST) and any(cell in first for cell in rows[depth]):
        depth += 1
    split = any(a is b for a, b in pairwise(first))
    if depth == 1 and split and not any(is_figure(cell.text) for cell in rows[1]):
        depth = 2
    distinct = set(column_names(rows[:depth]))
    figures = any(is_figure(cell.text) for row in rows[depth:] for cell in row[1:])
    return depth if figures and len(distinct) == len(first) else 0


def is_figure(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and not is_period(text)


def is_period(text: str) -> bool:
    """A year, a span of years, a month or a quarter and nothing else, as columns and rows are often named."""
    return bool(_YEAR.fullmatch(text))


def column_names(header: Grid) -> list[str]:
    """One name for each column. Upper and lower names joined: 借阅 over 册次 gives ``借阅 / 册次``."""
    width = max((len(row) for row in header), default=0)
    names = []
    for column in range(width):
        parts = [row[column].text for row in header if column < len(row) and row[column].text]
        names.append(" / ".join(dict.fromkeys(parts)))
    return names


def _own_cells(row: Sequence[Cell], above: Sequence[Cell]) -> list[Cell]:
    """The cells a row's line shows, EMPTY in the other places.

    A cell merged downwards is told once, so that a figure is not counted twice; but a label at the left edge is
    repeated, or the later rows would not say what they are about.
    """
    shown: list[Cell] = []
    at_edge = True
    for column, cell in enumerate(row):
        carried = column < len(above) and cell is above[column]
        at_edge = at_edge and carried and not is_figure(cell.text)
        shown.append(EMPTY if carried and not at_edge else cell)
    return shown


def _row_line(row: Sequence[Cell], names: Sequence[str]) -> str:
    if _is_banner(row):
        return row[0].text
    if not names:
        return _joined(row)
    parts = []
    for cell, columns in _runs(row):
        name = "、".join(dict.fromkeys(names[c] for c in columns if c < len(names) and names[c]))
        if cell.text:
            parts.append(f"{name}：{cell.text}" if name and name != cell.text else cell.text)
    return "；".join(parts)


def _joined(cells: Sequence[Cell]) -> str:
    """Cells of a row without column names; a heading cell inside it names the cell that follows."""
    own = [cell for cell, _ in _runs(cells) if cell.text]
    headings = [cell.header for cell in own]
    if all(headings) or not any(headings):
        return " | ".join(cell.text for cell in own)
    line = own[0].text
    for before, cell in pairwise(own):
        mark = "；" if cell.header else "：" if before.header else " | "
        line += mark + cell.text
    return line


def _runs(cells: Sequence[Cell]) -> list[tuple[Cell, list[int]]]:
    """Each cell once, with the columns it covers."""
    runs: list[tuple[Cell, list[int]]] = []
    for column, cell in enumerate(cells):
        if runs and runs[-1][0] is cell:
            runs[-1][1].append(column)
        else:
            runs.append((cell, [column]))
    return runs
