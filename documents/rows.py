"""Table rows in plain text to statements that can be understood alone: 2021, Visitors: 47,905.

A figure in a table says nothing without the names of its row and its column, and a reader of one line sees neither. So
each cell becomes a line of running text of its own, anchored to the physical line it stands on: a search finds it, its
year governs it and no other cell's, and the quote is still the table's own line. Five forms are known: Markdown rows,
columns parted by tabs or by blanks, numbered rows, rows that a reader has already told (``馆名：总馆；人次：47000``),
and tables flattened to one cell a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from documents.numbered import Word, heads_numbered, numbered
from documents.report import Line, Passage
from documents.tables import Cell, column_names, is_figure, is_period

_MARKDOWN = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?\|?\s*$")
_GAP = re.compile(r"\t+|\s{2,}")
_SENTENCE = re.compile(r"[。！？；;，]|[.!?]\s|[.:：]$")
_TOLD = re.compile(r"[^：；。，:;]{1,60}：[^：；。]{1,60}")
_PART = re.compile(r"其中|of which|thereof|including", re.IGNORECASE)
# 外借（册次）is said 外借册次, and so it is asked for.
_UNIT_IN_BRACKETS = re.compile(
    r"(?<=[\u4e00-\u9fff])[(（]([人册件场次个张种元家台名篇集位辆座所万户期套卷]{1,3})[)）]$"
)
_LONGEST_LABEL = 40  # characters of a cell that names a row or a column
_FEWEST_ROWS = 2
_PROBED = 64  # lines that show whether a flattened table begins here: its names and two rows of up to 20 columns
_CAPTION_AT_MOST = 2  # lines over the names of the columns
_LABELS_AT_MOST = 3  # cells of a row before its first figure: a name, a kind, a place
_BLANK = re.compile(r"[-—–/…*]+|无|\.\.\.")
_YEAR_LIKE = re.compile(r"(?:19|20)\d\d")
_FEWEST_PAIRS = 3  # labels each followed by one figure are a table only if they go on


@dataclass(frozen=True, slots=True)
class Table:
    """A table on the lines at ``[start, end)`` (positions in the list of lines) as passages, in reading order."""

    start: int
    end: int
    passages: tuple[Passage, ...]


def find_tables(lines: Sequence[Line]) -> Mapping[int, Table]:
    """Every table in plain text, by the position of its first line."""
    found: dict[int, Table] = {}
    at = 0
    while at < len(lines):
        table = next((table for read in _FORMS if (table := read(lines, at))), None)
        if table:
            found[at] = table
        at = table.end if table else at + 1
    return found


def statement(row: str, column: str, value: str) -> str:
    """One cell in words; a year or a month comes first, for it governs what follows.

    >>> statement("Visitors", "2021", "47,905"), statement("总馆", "2020 / 到馆人次", "47000")
    ('2021, Visitors: 47,905', '2020，总馆，到馆人次：47000')
    """
    names = [_UNIT_IN_BRACKETS.sub(r"\1", name.strip()) for name in (row, *column.split(" / ")) if name.strip()]
    names = sorted(dict.fromkeys(names), key=lambda name: not is_period(name))
    chinese = any("\u4e00" <= c <= "\u9fff" for c in "".join(names) + value)
    comma, colon = ("，", "：") if chinese else (", ", ": ")
    return comma.join(names) + (colon if names else "") + value


def _row(cells: Sequence[str], names: Sequence[str], number: int) -> Passage:
    """A row as one passage: a line of text for each cell beside its label."""
    label = cells[0]
    told = [
        statement(label, names[at] if at < len(names) else "", cell) for at, cell in enumerate(cells) if at and cell
    ]
    return Passage("\n".join(told) or label, ((0, number),))


def _as_it_is(line: Line) -> Passage:
    return Passage(line.text.strip(), ((0, line.number),))


def _markdown(lines: Sequence[Line], at: int) -> Table | None:
    """Rows between bars, the first of them parted from the rest by a rule of dashes."""
    if at + 1 >= len(lines) or not _MARKDOWN.match(lines[at].text) or not _RULE.match(lines[at + 1].text):
        return None
    end = at + 2
    while end < len(lines) and _MARKDOWN.match(lines[end].text):
        end += 1
    names = _between_bars(lines[at].text)
    rows = _under_their_wholes([_between_bars(line.text) for line in lines[at + 2 : end]])
    told = [_row(row, names, line.number) for row, line in zip(rows, lines[at + 2 : end], strict=True)]
    return Table(at, end, (_as_it_is(lines[at]), _as_it_is(lines[at + 1]), *told))


def _under_their_wholes(rows: Sequence[list[str]]) -> list[list[str]]:
    """A row that is a part (``of which grants``, ``其中：女职工``) also bears the name of the row it is a part of."""
    named: list[list[str]] = []
    whole = ""
    for row in rows:
        if _PART.match(row[0]) and whole:
            named.append([f"{whole}, {row[0]}" if row[0].isascii() else f"{whole}，{row[0]}", *row[1:]])
        else:
            whole = row[0]
            named.append(row)
    return named


def _between_bars(text: str) -> list[str]:
    cells = re.split(r"(?<!\\)\|", text.strip().strip("|"))
    return [re.sub(r"\*\*|__|`", "", cell).replace("\\|", "|").strip() for cell in cells]


def _columned(lines: Sequence[Line], at: int) -> Table | None:
    """Lines that tabs or runs of blanks part into as many cells each, figures among them."""
    width = len(_columns(lines[at]))
    end = at
    while width > 1 and end < len(lines) and len(_columns(lines[end])) == width:
        end += 1
    rows = [_columns(line) for line in lines[at:end]]
    head = 1 if rows and not any(is_figure(cell) for cell in rows[0][1:]) else 0
    body = rows[head:]
    if len(body) < _FEWEST_ROWS or not all(_is_label(row[0]) and any(map(is_figure, row[1:])) for row in body):
        return None
    names = column_names([[Cell(cell) for cell in rows[0]]]) if head else ["", *[_lead_in(lines, at)] * (width - 1)]
    heads = [_as_it_is(line) for line in lines[at : at + head]]
    told = [
        _row(row, names, line.number)
        for row, line in zip(_under_their_wholes(body), lines[at + head : end], strict=True)
    ]
    return Table(at, end, (*heads, *told))


def _numbered(lines: Sequence[Line], at: int) -> Table | None:
    """Rows that begin with their number; what stands before the first figure of one names it."""
    table = numbered([line.text for line in lines[at:]]) if heads_numbered(lines[at].text) else None
    if table is None:
        return None
    told = [_numbered_row(row, table.names, [line.number for line in lines[at : at + table.end]]) for row in table.rows]
    return Table(at, at + table.end, (_as_it_is(lines[at]), *told))


def _numbered_row(row: Sequence[Word], names: Sequence[str], numbers: Sequence[int]) -> Passage:
    first = next((n for n, word in enumerate(row) if is_figure(word.text)), len(row))
    label = "，".join(word.text for word in row[:first])
    text, anchors = "", []
    for word, name in zip(row[first:], names[first:], strict=True):
        text += "\n" if text else ""
        begins = len(text)
        text += statement(label, name, word.text)
        anchors += [(begins, numbers[row[0].line]), (len(text) - len(word.text), numbers[word.line])]
    return Passage(text or label, tuple(anchors) or ((0, numbers[row[0].line]),))


def _lead_in(lines: Sequence[Line], at: int) -> str:
    """What the line above a table without column names announces: Visits by building."""
    above = next((line.text.strip() for line in reversed(lines[max(0, at - 2) : at]) if line.text.strip()), "")
    announced = re.split(r"[.。；;!?！？]\s*", above)[-1]
    return announced[:-1].strip() if announced.endswith((":", "：")) and len(announced) <= _LONGEST_LABEL else ""


def _columns(line: Line) -> list[str]:
    return _GAP.split(line.text.strip()) if line.text.strip() else []


def _told(lines: Sequence[Line], at: int) -> Table | None:
    """A row that names its columns already: its first value is the label of the others."""
    parts = lines[at].text.strip().split("；")
    if len(parts) < 2 or not all(_TOLD.fullmatch(part) for part in parts):
        return None
    names, values = zip(*(part.split("：") for part in parts), strict=True)
    if is_figure(values[0]) or not all(is_figure(value) for value in values[1:]):
        return None
    return Table(at, at + 1, (_row(values, names, lines[at].number),))


def _flattened(lines: Sequence[Line], at: int) -> Table | None:
    """One cell a line: the names of the columns, then for each row a label and its figures."""
    if not _is_label(lines[at].text):
        return None
    if not _shape(
        lines, list(islice(_written(lines, at), _PROBED))
    ):  # a long list of names is not read again from each
        return None
    written = list(_written(lines, at))
    shape = _shape(lines, written)
    if shape is None:
        return None
    head, width, rows = shape
    texts = [lines[place].text.strip() for place in written]
    names = ["", *texts[head - width : head]] if head >= width > 1 else ["", *texts[1:head][-width:]]
    end = written[rows[-1] + width] + 1
    heads = [_as_it_is(lines[place]) for place in written[:head]]
    told = [_spread([lines[written[start + n]] for n in range(width + 1)], names) for start in rows]
    return Table(at, end, (*heads, *told))


def _shape(lines: Sequence[Line], written: Sequence[int]) -> tuple[int, int, list[int]] | None:
    """Where the first row is, how many cells follow its label, and where rows begin; None where that makes no table."""
    texts = [lines[place].text.strip() for place in written]
    first = next((n for n, text in enumerate(texts) if is_figure(text)), 0)
    if first == 0:
        return None
    shapes = [
        (head, width, rows)
        for above in range(_CAPTION_AT_MOST + 1)
        for head in range(first - 1, max(above - 1, first - 1 - _LABELS_AT_MOST), -1)
        for width in _widths(texts[above:], head - above, first - above)
        if len(rows := list(_rows(texts, head, width))) >= (_FEWEST_PAIRS if width == 1 else _FEWEST_ROWS)
    ]
    return max(
        shapes, key=lambda shape: (shape[2][-1] + shape[1], len(shape[2])), default=None
    )  # that leaves least over


def _widths(texts: Sequence[str], head: int, first: int) -> Sequence[int]:
    """How many cells may follow a row's label: as many as there are names over them; a pair may bear two lines more."""
    named = [width for width in (head - 1, head) if width > 1 and head + width < len(texts) and first <= head + width]
    return [*named, 1] if head == first - 1 and head <= 2 else named


def _written(lines: Sequence[Line], at: int) -> Iterator[int]:
    """Places of the short lines from ``at`` on: up to a sentence, or a gap wider than those before."""
    gap: int | None = None
    last = at
    for place in range(at, len(lines)):
        text = lines[place].text.strip()
        if not text:
            continue
        if place > at:
            gap = place - last if gap is None else gap
            if place - last > gap:
                return
        if lines[place].level is not None or not (is_figure(text) or _is_label(text)):
            return
        yield place
        last = place


def _rows(texts: Sequence[str], head: int, width: int) -> Iterator[int]:
    """Where rows begin, one after another: a label, and cells that are figures where those of the first row are."""
    sorts = [is_figure(text) for text in texts[head + 1 : head + 1 + width]]
    if _repeats([False, *sorts]):
        return  # two rows taken for one
    start = head
    while start + width < len(texts) and not is_figure(texts[start]):
        cells = texts[start + 1 : start + 1 + width]
        if not all(_BLANK.fullmatch(cell) or _fits(cell, figure) for cell, figure in zip(cells, sorts, strict=True)):
            return
        yield start
        start += width + 1


def _repeats(sorts: Sequence[bool]) -> bool:
    """Whether a run of cells is a shorter one over again."""
    shorter = (n for n in range(2, len(sorts) // 2 + 1) if len(sorts) % n == 0)
    return any(list(sorts) == list(sorts[:n]) * (len(sorts) // n) for n in shorter)


def _fits(cell: str, figure: bool) -> bool:
    """A figure among figures may look like a year (2075 loans); what is no figure stays so."""
    return is_figure(cell) or _YEAR_LIKE.fullmatch(cell) is not None if figure else not is_figure(cell)


def _spread(cells: Sequence[Line], names: Sequence[str]) -> Passage:
    """A row whose cells stand on lines of their own: each statement is anchored to the line of its figure."""
    label = cells[0].text.strip()
    text, anchors = "", [(0, cells[0].number)]
    for at, cell in enumerate(cells[1:], start=1):
        told = statement(label, names[at] if at < len(names) else "", cell.text.strip())
        text += "\n" if text else ""
        anchors.append((len(text) + (len(label) if at == 1 else 0), cell.number))
        text += told
    return Passage(text, tuple(anchors))


_FORMS = (_markdown, _columned, _numbered, _told, _flattened)


def _is_label(text: str) -> bool:
    text = text.strip()
    return 0 < len(text) <= _LONGEST_LABEL and not is_figure(text) and not _SENTENCE.search(text)
