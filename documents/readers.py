"""From a file to its physical lines: one reader per format, chosen by suffix and checked against the bytes.

Whatever the format, the result is the same: numbered lines that a citation can point at, the digest that ties the
citation to this very file, and notes on what could not be read. A file is read whole or refused with a next step;
nothing is dropped in silence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from documents.decoding import decode, split_lines
from documents.errors import UnreadableReport
from documents.report import Line
from documents.sniff import Kind, holds_pdf_header, kind_of

MAX_BYTES = 200 * 1024 * 1024

Reader = Callable[[bytes], tuple[list[Line], list[str]]]


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds. ``digest`` is the SHA-256 of its bytes in hex; ``notes`` tell people what is missing.

    Lines are numbered from 1 without a gap: a text file's own lines, blank ones included; for HTML, Word and PDF the
    lines of text found.
    """

    lines: tuple[Line, ...]
    digest: str
    notes: tuple[str, ...] = ()


def read_text(data: bytes) -> tuple[list[Line], list[str]]:
    """Plain text and Markdown, numbered as an editor does, each line verbatim. Raises UnreadableReport."""
    text = decode(data)
    lost = text.count("\ufffd")
    notes = [f"characters lost before this file was saved (U+FFFD stands for them): {lost}"] if lost else []
    return [Line(number, line) for number, line in enumerate(split_lines(text), start=1)], notes


def _late(module: str, name: str) -> Reader:
    """A reader whose parser is imported when a file of its kind comes."""

    def read(data: bytes) -> tuple[list[Line], list[str]]:
        reader: Reader = getattr(import_module(module), name)
        return reader(data)

    return read


_read_html, _read_docx = _late("documents.html", "read_html"), _late("documents.docx", "read_docx")

SUFFIXES: Mapping[str, Reader] = {
    ".txt": read_text,
    ".md": read_text,
    ".markdown": read_text,
    ".html": _read_html,
    ".htm": _read_html,
    ".docx": _read_docx,
    ".pdf": _late("documents.pdf", "read_pdf"),
}
_BINARY = {".docx": Kind.DOCX, ".pdf": Kind.PDF}
_ADVICE = {
    Kind.PDF: "Rename it to end in .pdf.",
    Kind.DOCX: "Rename it to end in .docx.",
    Kind.LOCKED_OFFICE: "Open it, remove the password and save it as .docx.",
    Kind.OLD_WORD: "Open it in Word or LibreOffice and save it as .docx.",
    Kind.RTF: "Open it in Word or LibreOffice and save it as .docx.",
    Kind.ODT: "Open it in Word or LibreOffice and save it as .docx.",
    Kind.IMAGE: "Run OCR over it and give the PDF or text that results.",
    Kind.ZIP: "Unpack it first; if it should be a Word document, it is damaged: save it again.",
    Kind.ARCHIVE: "Unpack it first.",
    Kind.TEXT: "Rename it to end in .txt (or .html), or export it again.",
}
_OTHER_ADVICE = "Export it as .pdf or .docx."


def supported(path: Path) -> bool:
    """Whether the suffix, in any case, has a reader; the file need not exist.

    >>> supported(Path("2019.PDF")), supported(Path("2019.doc"))
    (True, False)
    """
    return path.suffix.lower() in SUFFIXES


def read_lines(path: Path) -> Content:
    """Read a report file. Raises UnreadableReport, naming the file, why it cannot be read, and what to do."""
    try:
        data = _bytes(path)
        _check_kind(data, path.suffix.lower())
        lines, notes = SUFFIXES[path.suffix.lower()](data)
        if not any(line.text.strip() for line in lines):
            raise UnreadableReport("it holds no text. Check that this is the right file.")
    except UnreadableReport as error:
        raise UnreadableReport(f"Cannot read {path}: {error}") from error.__cause__
    return Content(tuple(lines), hashlib.sha256(data).hexdigest(), tuple(notes))


def _bytes(path: Path) -> bytes:
    if not supported(path):
        known = " ".join(SUFFIXES)
        raise UnreadableReport(f"no reader for the suffix {path.suffix or '(none)'}. Give one of: {known}")
    if path.is_dir():
        raise UnreadableReport("it is a folder. Give the files in it.")
    if not path.exists():
        raise UnreadableReport("there is no such file. Check the path.")
    if not path.is_file():
        raise UnreadableReport("it is not a regular file. Give a file on disk.")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableReport(f"it has {size:,} bytes, more than the {MAX_BYTES:,} allowed. Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableReport(f"{error.strerror or error}. Check its permissions.") from error
    if not data:
        raise UnreadableReport("it is empty (0 bytes). Check that it was saved or downloaded completely.")
    return data


def _check_kind(data: bytes, suffix: str) -> None:
    """Refuse a file whose bytes are of another kind than its suffix says."""
    expected = _BINARY.get(suffix, Kind.TEXT)
    kind = Kind.PDF if expected is Kind.PDF and holds_pdf_header(data) else kind_of(data)
    if kind is not expected:
        what = "not a known document format" if kind is Kind.TEXT and b"\0" in data else kind.value
        advice = _ADVICE.get(kind, _OTHER_ADVICE)
        raise UnreadableReport(f"its suffix is {suffix}, but the content is {what}. {advice}")
