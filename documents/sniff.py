"""What a file is by its first bytes, whatever its name says.

Office files travel under wrong suffixes (a .doc renamed .docx, a PDF saved as .txt). Reading them as what the name says
gives garbage or a parser's riddle; knowing what they are gives a next step.
"""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum


class Kind(StrEnum):
    """What the bytes are, in words for a message; TEXT stands for everything without a known signature."""

    PDF = "a PDF file"
    DOCX = "a Word document (.docx)"
    XLSX = "an Excel workbook"
    PPTX = "a PowerPoint presentation"
    ODT = "an OpenDocument file"
    EPUB = "an EPUB book"
    ZIP = "a ZIP archive"
    OLD_WORD = "an old Word document (.doc)"
    OLD_EXCEL = "an old Excel workbook (.xls)"
    OLD_OFFICE = "an old Office file"
    LOCKED_OFFICE = "a password-protected Office file"
    RTF = "a Rich Text file (.rtf)"
    IMAGE = "an image"
    ARCHIVE = "a compressed archive"
    TEXT = "text"


_SIGNATURES = (
    (b"%PDF-", Kind.PDF),
    (b"{\\rtf", Kind.RTF),
    (b"\x89PNG\r\n", Kind.IMAGE),
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"GIF87a", Kind.IMAGE),
    (b"GIF89a", Kind.IMAGE),
    (b"II*\0", Kind.IMAGE),
    (b"MM\0*", Kind.IMAGE),
    (b"\x1f\x8b\x08", Kind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (b"Rar!\x1a\x07", Kind.ARCHIVE),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", Kind.LOCKED_OFFICE),
    ("WordDocument", Kind.OLD_WORD),
    ("Workbook", Kind.OLD_EXCEL),
)
_ZIP_MEMBERS = (
    ("word/document.xml", Kind.DOCX),
    ("xl/workbook.xml", Kind.XLSX),
    ("ppt/presentation.xml", Kind.PPTX),
    ("META-INF/container.xml", Kind.EPUB),
    ("content.xml", Kind.ODT),
)
_PDF_HEADER_WITHIN = 1024  # bytes; readers accept a header after some leading rubbish (ISO 32000, implementation note)


def kind_of(data: bytes) -> Kind:
    """The kind of a whole file's bytes."""
    if data.startswith(_OLE):
        return next((kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in data), Kind.OLD_OFFICE)
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Kind.IMAGE
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((kind for signature, kind in _SIGNATURES if start.startswith(signature)), Kind.TEXT)


def holds_pdf_header(data: bytes) -> bool:
    return b"%PDF-" in data[:_PDF_HEADER_WITHIN]


def _kind_of_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return Kind.ZIP
    return next((kind for member, kind in _ZIP_MEMBERS if member in names), Kind.ZIP)
