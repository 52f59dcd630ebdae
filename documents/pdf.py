"""PDF files with a text layer to lines, each with its page.

pypdf's plain mode follows the order in which the file was written, which keeps columns of prose apart, but it gives
every cell of a table a line of its own. Its layout mode keeps rows together, and runs columns of prose into each other.
So plain mode is read, and where short lines stand one under the other, the rows are put together as layout mode has
them.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import DictionaryObject

from documents.errors import UnreadableReport
from documents.report import Line
from documents.tables import Cell, table_lines

SCANNED_BELOW_CHARS = 20  # a page with a picture and less text than this is a scan with a stamp or page number
GARBLED_SHARE = 0.3  # of characters without meaning: fonts that do not say which character a glyph is
CELL_AT_MOST_CHARS = 16
PAGES_NAMED_AT_MOST = 10

_GAP = re.compile(r"\s{2,}")
_MEANINGLESS = re.compile(r"[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Radicals that Unicode does not decompose but PDF fonts give for whole characters.
_RADICALS = dict(
    zip(
        "⺁⺟⺠⺩⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "厂母民王虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
_DAMAGE = (PyPdfError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, zlib.error)
_PAGE_DAMAGE = (*_DAMAGE, struct.error, RecursionError, NotImplementedError)


def read_pdf(data: bytes) -> tuple[list[Line], list[str]]:
    """Lines numbered through the document, with 1-based pages, and notes on pages without text or unreadable.

    Raises UnreadableReport for a locked or damaged file, or one without a text layer.
    """
    _quieten()
    reader, count = _opened(data)
    lines: list[Line] = []
    bare, failed = [], []
    for number in range(1, count + 1):
        try:
            page = reader.pages[number - 1]
            texts = _page_lines(page)
            is_bare = _is_bare(page, texts)
        except _PAGE_DAMAGE:
            failed.append(number)
            continue
        if is_bare:
            bare.append(number)
        lines += [Line(len(lines) + at, text, page=number) for at, text in enumerate(texts, start=1)]
    _check_readable(count, bare, failed)
    notes = [_note(bare, count, "hold no readable text"), _note(failed, count, "are damaged and were left out")]
    return lines, [note for note in notes if note]


def _quieten() -> None:
    """pypdf reports every oddity of a file to its logger, which prints to stderr unless someone listens."""
    log = logging.getLogger("pypdf")
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.NullHandler())


def _opened(data: bytes) -> tuple[PdfReader, int]:
    """The unlocked reader and its number of pages."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableReport("the PDF asks for a password. Save a copy without it (qpdf --decrypt).")
        count = len(reader.pages)
    except DependencyError as error:
        raise UnreadableReport(
            f"the PDF is encrypted ({error}). Install that package, or save a copy without protection (qpdf --decrypt)."
        ) from error
    except _PAGE_DAMAGE as error:
        raise UnreadableReport(
            f"the PDF is damaged ({str(error) or type(error).__name__}). Repair it (qpdf, or print it to PDF again)."
        ) from error
    if not count:
        raise UnreadableReport("the PDF is damaged: it has no pages. Repair it (qpdf) or export it again.")
    return reader, count


def _check_readable(count: int, bare: Sequence[int], failed: Sequence[int]) -> None:
    if len(failed) == count:
        raise UnreadableReport(f"the PDF is damaged: none of its {count} pages can be read. Export it again.")
    if len(bare) + len(failed) == count:
        raise UnreadableReport(
            f"the PDF has no text layer: its {count} pages are pictures or unreadable fonts. "
            "Run OCR over it first, for example: ocrmypdf -l chi_sim+eng in.pdf out.pdf"
        )


def _note(pages: Sequence[int], count: int, what: str) -> str:
    """
    >>> _note([3, 7], 30, "hold no readable text")
    '2 of 30 pages hold no readable text (3, 7)'
    """
    named = ", ".join(map(str, pages[:PAGES_NAMED_AT_MOST]))
    more = ", …" if len(pages) > PAGES_NAMED_AT_MOST else ""
    return f"{len(pages)} of {count} pages {what} ({named}{more})" if pages else ""


def _page_lines(page: PageObject) -> list[str]:
    plain = [line.rstrip() for line in _clean(page.extract_text()).splitlines() if line.strip()]
    if not _may_hold_table(plain):
        return plain
    try:
        layout = _clean(page.extract_text(extraction_mode="layout")).splitlines()
    except _PAGE_DAMAGE:  # the text is at hand already; only its rows stay apart
        return plain
    return list(_with_rows(plain, layout))


def _clean(text: str) -> str:
    """Characters as people type them: fonts map 大 to the radical ⼤ and fi to one ligature."""
    return _LONE_SURROGATE.sub("\ufffd", text).replace("\0", "").translate(_plain_forms())


@cache
def _plain_forms() -> dict[int, str]:
    codes = [*range(0x2E80, 0x2FD6), *range(0xF900, 0xFB07)]
    forms = {code: unicodedata.normalize("NFKC", chr(code)) for code in codes}
    return forms | {ord(radical): char for radical, char in _RADICALS.items()}


def _is_bare(page: PageObject, lines: Sequence[str]) -> bool:
    text = "".join("".join(lines).split())
    if len(_MEANINGLESS.findall(text)) >= GARBLED_SHARE * len(text):  # also when there is no text
        return True
    return len(text) < SCANNED_BELOW_CHARS and _holds_image(page)


def _holds_image(page: PageObject) -> bool:
    resources = page.get("/Resources")
    resources = resources.get_object() if resources is not None else None
    objects = resources.get("/XObject") if isinstance(resources, DictionaryObject) else None
    objects = objects.get_object() if objects is not None else None
    if not isinstance(objects, DictionaryObject):
        return False
    found = (value.get_object() for value in objects.values())
    return any(isinstance(item, DictionaryObject) and item.get("/Subtype") == "/Image" for item in found)


def _may_hold_table(lines: Sequence[str]) -> bool:
    short = [len(line.strip()) <= CELL_AT_MOST_CHARS for line in lines]
    return any(a and b for a, b in pairwise(short))


def _with_rows(plain: Sequence[str], layout: Sequence[str]) -> Iterator[str]:
    """Plain lines, those that are the cells of one row in the layout replaced by the row."""
    rows: dict[str, list[list[str]]] = {}
    for line in layout:
        cells = _GAP.split(line.strip())
        if _is_row(cells):
            rows.setdefault(cells[0], []).append(cells)
    at, table = 0, list[list[str]]()
    stripped = [line.strip() for line in plain]
    while at < len(plain):
        row = next((row for row in rows.get(stripped[at], ()) if row == stripped[at : at + len(row)]), None)
        if row:
            table.append(row)
            at += len(row)
            continue
        yield from _row_lines(table)
        table = []
        yield plain[at]
        at += 1
    yield from _row_lines(table)


def _is_row(cells: Sequence[str]) -> bool:
    if len(cells) < 2 or max(map(len, cells)) > CELL_AT_MOST_CHARS:
        return False
    return len(cells) > 2 or any(char.isdigit() for char in cells[-1])


def _row_lines(table: Sequence[Sequence[str]]) -> list[str]:
    """Rows name their columns where each has the same number of cells; an empty cell leaves no trace in a PDF."""
    if len({len(row) for row in table}) == 1:
        return table_lines([[Cell(text) for text in row] for row in table])
    return [" | ".join(row) for row in table]
