"""HTML pages to lines: what a browser shows, block by block, with headings marked and table rows naming their columns.

The tree is walked with a stack of our own, since saved pages nest thousands of elements deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from documents.decoding import decode
from documents.report import Line
from documents.tables import EMPTY, Cell, table_lines

DECLARATION_WITHIN = 4096  # bytes
MAX_SPAN = 100  # columns; pages that claim more mean "to the end"

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.I)
_UNSEEN_NAMES = "script style head template noscript iframe object svg select datalist rp rt"
_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul"
)
_UNSEEN = frozenset(_UNSEEN_NAMES.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’"
_WRAP_IN_CHINESE = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\r\n][ \t\r\n\f]*(?=[{_WIDE}])")
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def read_html(data: bytes) -> tuple[list[Line], list[str]]:
    """The visible lines of a page, blank ones left out, and no notes. Raises UnreadableReport (see ``decode``)."""
    declared = _DECLARED.search(data[:DECLARATION_WITHIN])
    text = decode(data, declared[1].decode("ascii") if declared else None)
    # Beautiful Soup warns that a string without markup may be a file name.
    page = BeautifulSoup(text if "<" in text else f"<p>{text}", "lxml")
    shown = _shown_lines(page)
    return [Line(number, text, level=level) for number, (text, level) in enumerate(shown, start=1)], []


@dataclass(slots=True)
class _Lines:
    """Gathers inline text until a block begins or ends; then it is one line."""

    done: list[tuple[str, int | None]] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    level: int | None = None
    verbatim: int = 0

    def end(self) -> None:
        text = "".join(self.pending)
        self.pending.clear()
        if not self.verbatim:
            text = _BLANKS.sub(" ", _WRAP_IN_CHINESE.sub("", text)).strip(" ")
        if text.strip():
            self.done.append((text, self.level))

    def add(self, text: str) -> None:
        if not self.verbatim:
            self.pending.append(text)
            return
        first, *rest = text.replace("\r\n", "\n").split("\n")
        self.pending.append(first)
        for line in rest:
            self.end()
            self.pending.append(line)


def _shown_lines(root: Tag) -> list[tuple[str, int | None]]:
    lines = _Lines()
    for node, opens in _walk(root):
        if isinstance(node, NavigableString):
            lines.add(str(node))
            continue
        if node.name in _BLOCKS or node.name == "br":
            lines.end()
        if node.name == "table" and _is_data(node):
            lines.done += [(line, None) for line in _table(node)]
        if node.name in _HEADINGS:
            lines.level = _HEADINGS[node.name] if opens else None
        if node.name == "pre":
            lines.verbatim += 1 if opens else -1
    lines.end()
    return lines.done


def _walk(root: Tag) -> Iterator[tuple[Tag | NavigableString, bool]]:
    """Visible nodes in order: text; an element when it opens (True) and closes (False); a data table only opens."""
    stack = [(root, iter(root.contents))]
    while stack:
        tag, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield tag, False
        elif type(child) is NavigableString:  # comments, declarations and ruby readings are subclasses
            yield child, True
        elif isinstance(child, Tag) and not _is_unseen(child):
            yield child, True
            if not (child.name == "table" and _is_data(child)):
                stack.append((child, iter(child.contents)))


def _is_unseen(tag: Tag) -> bool:
    style = str(tag.get("style") or "").replace(" ", "").lower()
    return tag.name in _UNSEEN or tag.has_attr("hidden") or "display:none" in style


def _is_data(table: Tag) -> bool:
    """Old pages set their whole layout in tables: those hold other tables, headings, or a single column."""
    if table.find(["table", *_HEADINGS]):
        return False
    return any(len(row.find_all(["td", "th"])) > 1 for row in table.find_all("tr"))


def _table(table: Tag) -> list[str]:
    caption = table.find("caption")
    lines = [_text(caption)] if caption else []
    return [line for line in lines if line] + table_lines(_grid(table))


def _grid(table: Tag) -> list[list[Cell]]:
    """Cells in their columns; rowspan and colspan repeat the same object, as the HTML table model has it."""
    rows = [row for row in table.find_all("tr") if not _is_unseen(row)]
    grid: list[dict[int, Cell]] = [{} for _ in rows]
    for number, row in enumerate(rows):
        in_head = row.parent is not None and row.parent.name == "thead"
        column = 0
        for tag in row.find_all(["td", "th"]):
            while column in grid[number]:
                column += 1
            cell = Cell(_text(tag), header=in_head or tag.name == "th")
            across = min(_span(tag, "colspan") or 1, MAX_SPAN)
            down = _span(tag, "rowspan") or len(rows)
            for below in grid[number : number + down]:
                below.update((at, cell) for at in range(column, column + across) if at not in below)
            column += across
    width = max((max(row, default=-1) + 1 for row in grid), default=0)
    return [[row.get(column, EMPTY) for column in range(width)] for row in grid]


def _span(tag: Tag, name: str) -> int:
    value = str(tag.get(name) or "1").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _text(tag: Tag) -> str:
    return " ".join(text.strip() for text, _ in _shown_lines(tag))
