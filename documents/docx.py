"""Word documents to lines: a paragraph or a table row each, in the order of the document.

python-docx opens the package and its styles, but its ``Paragraph.text`` and ``iter_inner_content`` pass over content
controls, tracked insertions and text boxes, where covers and tables of contents often stand. So the body's XML is
walked here; what a reader of the document sees is what is read.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from documents.errors import UnreadableReport
from documents.report import Line
from documents.tables import EMPTY, Cell, table_lines

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_RATIO = 200  # unpacked to packed; real documents stay under 50
RATIO_COUNTS_FROM_BYTES = 20 * 1024 * 1024

_P, _TBL, _TR, _TC, _PPR = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "pPr"))
_VAL, _BOX, _OUTLINE = qn("w:val"), qn("w:txbxContent"), qn("w:outlineLvl")
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_WRAPPERS = frozenset(
    {*(qn(f"w:{n}") for n in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")), _CHOICE, _ALTERNATE}
)
_UNSEEN = frozenset(
    {*(qn(f"w:{n}") for n in ("del", "moveFrom", "instrText", "delText", "rt", "pPr", "rPr", "sdtPr"))}
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
_HEADING_NAME = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.I)
_TITLE_NAME = re.compile(r"title|标题|標題", re.I)
_BODY_LEVEL = 9  # an outline level of 9 says: text, whatever the style is based on
_NOTE_PARTS = (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES)
# lxml's XML errors are SyntaxErrors; python-docx meets missing parts and attributes with TypeError and AttributeError.
_PACKAGE_DAMAGE = (PackageNotFoundError, zipfile.BadZipFile, zlib.error, EOFError)
_DAMAGE = (*_PACKAGE_DAMAGE, SyntaxError, LookupError, ValueError, TypeError, AttributeError, AssertionError)

Levels = dict[str, int | None]
Shown = tuple[str, int | None]


def read_docx(data: bytes) -> tuple[list[Line], list[str]]:
    """Paragraphs and table rows, blank ones left out, then footnotes and endnotes; and no reading notes.

    ``Line.level`` is the heading level of the paragraph or its style (1 is the highest, also for a title).
    Headers, footers, comments and deleted text are left out. Raises UnreadableReport for a damaged or bloated file.
    """
    try:
        _check_size(data)
        document = Document(io.BytesIO(data))
        levels = _style_levels(document.styles.element)
        shown = [*_shown(document.element.body, levels), *_foot_notes(document, levels)]
    except _DAMAGE as error:
        raise UnreadableReport(
            f"the Word document is damaged or of an unusual kind ({_reason(error)}). "
            "Open it in Word or LibreOffice and save it again as .docx."
        ) from error
    except (RuntimeError, NotImplementedError) as error:
        raise UnreadableReport(
            f"the Word document cannot be unpacked ({_reason(error)}). Save it again as .docx without a password."
        ) from error
    return [Line(number, text, level=level) for number, (text, level) in enumerate(shown, start=1)], []


def _reason(error: Exception) -> str:
    return str(error).strip("'\"") or type(error).__name__


def _check_size(data: bytes) -> None:
    """Refuse what unpacks to far more than a document holds. The sizes declared bind: zipfile unpacks no more."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    bloated = unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > MAX_RATIO * len(data)
    if unpacked > MAX_UNPACKED_BYTES or bloated:
        raise UnreadableReport(
            f"it unpacks from {len(data):,} to {unpacked:,} bytes, more than a document should (at most "
            f"{MAX_UNPACKED_BYTES:,} bytes and {MAX_RATIO} times its size). Remove large pictures and save it again."
        )


def _style_levels(styles: Any) -> Levels:
    """Heading level of every paragraph style, by style id, inherited along ``basedOn``."""
    by_id = {style.get(qn("w:styleId")): style for style in styles.iterchildren(qn("w:style"))}
    return {style_id: _style_level(style_id, by_id) for style_id in by_id if style_id}


def _style_level(style_id: str, by_id: dict[Any, Any]) -> int | None:
    seen: set[str] = set()
    while style_id in by_id and style_id not in seen:
        seen.add(style_id)
        style = by_id[style_id]
        outline = style.find(f"{_PPR}/{_OUTLINE}")
        if outline is not None:
            return _outline_level(outline)
        name = _value(style, "w:name")
        if heading := _HEADING_NAME.fullmatch(name):
            return int(heading[1])
        if _TITLE_NAME.fullmatch(name):
            return 1
        style_id = _value(style, "w:basedOn")
    return None


def _value(parent: Any, name: str) -> str:
    child = parent.find(qn(name))
    return "" if child is None else child.get(_VAL) or ""


def _outline_level(outline: Any) -> int | None:
    value = int(outline.get(_VAL) or _BODY_LEVEL)
    return value + 1 if 0 <= value < _BODY_LEVEL else None


def _shown(parent: Any, levels: Levels) -> Iterator[Shown]:
    """The lines of a body, a cell, a text box or a note."""
    for block in _unwrapped(parent):
        if block.tag == _TBL:
            yield from _table(block, levels)
        elif block.tag == _P:
            boxes: list[Any] = []
            text = "".join(_pieces(block, boxes)).strip()
            if text:
                yield text, _paragraph_level(block, levels)
            for box in boxes:
                yield from _shown(box, levels)


def _unwrapped(parent: Any) -> Iterator[Any]:
    """Children, with content controls, insertions and the like opened."""
    for child in parent.iterchildren("*"):
        if child.tag in _WRAPPERS:
            yield from _unwrapped(child)
        else:
            yield child


def _pieces(element: Any, boxes: list[Any]) -> Iterator[str]:
    """The text a reader sees in a paragraph; text boxes anchored in it are put aside into ``boxes``."""
    for child in element.iterchildren("*"):
        if child.tag in (qn("w:t"), _MATH_TEXT):
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == _BOX:
            boxes.append(child)
        elif child.tag not in _UNSEEN:
            yield from _pieces(child, boxes)


def _paragraph_level(paragraph: Any, levels: Levels) -> int | None:
    properties = paragraph.find(_PPR)
    if properties is None:
        return None
    outline = properties.find(_OUTLINE)
    return levels.get(_value(properties, "w:pStyle")) if outline is None else _outline_level(outline)


def _table(table: Any, levels: Levels) -> Iterator[Shown]:
    """A row a line; a table that only lays out the page (one column, tables inside) gives its cells' own lines."""
    rows = [row for row in _unwrapped(table) if row.tag == _TR and row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None]
    cells = [[cell for cell in _unwrapped(row) if cell.tag == _TC] for row in rows]
    nested = any(block.tag == _TBL for row in cells for cell in row for block in _unwrapped(cell))
    if nested or max(map(len, cells), default=0) < 2:
        for cell in (cell for row in cells for cell in row):
            yield from _shown(cell, levels)
        return
    for line in table_lines(_grid(rows, cells, levels)):
        yield line, None


def _grid(rows: list[Any], cells: list[list[Any]], levels: Levels) -> list[list[Cell]]:
    """Cells in their columns; a merged cell is the same object in each place."""
    grid: list[list[Cell]] = []
    for row, tags in zip(rows, cells, strict=True):
        above = grid[-1] if grid else []
        header = _is_on(row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}"))
        placed = [EMPTY] * _number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
        for tag in tags:
            merge = tag.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            continues = merge is not None and merge.get(_VAL) != "restart" and len(placed) < len(above)
            text = "" if continues else " ".join(line for line, _ in _shown(tag, levels))
            cell = above[len(placed)] if continues else Cell(" ".join(text.split()), header)
            placed += [cell] * max(1, _number(tag.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1))
        grid.append(placed)
    width = max(map(len, grid), default=0)
    return [row + [EMPTY] * (width - len(row)) for row in grid]


def _is_on(switch: Any) -> bool:
    return switch is not None and switch.get(_VAL) not in ("0", "false", "off")


def _number(element: Any, default: int) -> int:
    value = "" if element is None else element.get(_VAL) or ""
    return min(int(value), 100) if value.isdigit() else default


def _foot_notes(document: Any, levels: Levels) -> Iterator[Shown]:
    """Footnotes, then endnotes, in their order; separators have a type and are no notes."""
    for relation in document.part.rels.values():
        if relation.reltype in _NOTE_PARTS and not relation.is_external:
            for note in parse_xml(relation.target_part.blob).iterchildren("*"):
                if note.get(qn("w:type")) in (None, "normal"):
                    yield from _shown(note, levels)
