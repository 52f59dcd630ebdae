"""PDF files to lines; the files are drawn here with a font every reader knows (STSong-Light is not embedded)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from documents.errors import UnreadableReport
from documents.pdf import _clean
from documents.readers import read_lines

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
PAGE = ["全年到馆47000人次，外借图书55818册，比上年有所增加。", "The library lent 55,818 books in the whole of 2019."]
Drawn = tuple[int, int, str]


def _pdf(*pages: Sequence[str | Drawn]) -> bytes:
    """Pages of lines, or of (x, y, text); an empty page holds a picture only."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in pages:
        canvas.setFont("STSong-Light", 11)
        for number, item in enumerate(page):
            x, y, text = item if isinstance(item, tuple) else (72, 780 - 18 * number, item)
            canvas.drawString(x, y, text)
        if not page:
            canvas.drawImage(ImageReader(Image.new("RGB", (8, 8))), 0, 0, 500, 700)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _locked(data: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "report.pdf"
    path.write_bytes(data)
    return path


def _refusal(folder: Path, data: bytes) -> str:
    path = _file(folder, data)
    with pytest.raises(UnreadableReport) as caught:
        read_lines(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_lines_run_through_the_document_and_keep_their_page(tmp_path: Path) -> None:
    content = read_lines(_file(tmp_path, _pdf(PAGE, PAGE[::-1])))
    assert [(line.number, line.page, line.text) for line in content.lines] == [
        (1, 1, PAGE[0]),
        (2, 1, PAGE[1]),
        (3, 2, PAGE[1]),
        (4, 2, PAGE[0]),
    ]
    assert content.notes == ()


def test_pages_without_text_are_counted(tmp_path: Path) -> None:
    content = read_lines(_file(tmp_path, _pdf(PAGE, [], PAGE, [])))
    assert content.notes == ("2 of 4 pages hold no readable text (2, 4)",)
    assert {line.page for line in content.lines} == {1, 3}


def test_a_scan_is_sent_to_ocr(tmp_path: Path) -> None:
    assert "ocrmypdf" in _refusal(tmp_path, _pdf([], []))


def test_a_short_page_without_picture_is_text(tmp_path: Path) -> None:
    assert read_lines(_file(tmp_path, _pdf(["年报"]))).lines[0].text == "年报"


def test_a_password_is_asked_for_only_if_there_is_one(tmp_path: Path) -> None:
    assert read_lines(_file(tmp_path, _locked(_pdf(PAGE), ""))).lines[0].text == PAGE[0]
    assert "password" in _refusal(tmp_path, _locked(_pdf(PAGE), "secret"))


def test_damaged_files_are_refused_without_noise(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert "damaged" in _refusal(tmp_path, b"%PDF-1.4\n" + b"rubbish " * 50)
    assert "damaged" in _refusal(tmp_path, _pdf(PAGE)[:300])
    assert capfd.readouterr() == ("", "")


def test_text_named_pdf_is_refused(tmp_path: Path) -> None:
    message = _refusal(tmp_path, "全年到馆".encode())
    assert "the content is text" in message
    assert ".txt" in message


def test_rubbish_before_the_header_is_forgiven(tmp_path: Path) -> None:
    assert read_lines(_file(tmp_path, b"\n\n junk\n" + _pdf(PAGE))).lines[0].text == PAGE[0]


def test_table_rows_stay_together_and_name_their_columns(tmp_path: Path) -> None:
    rows = [["馆名", "到馆人次", "外借册次"], ["总馆", "47000", "55818"], ["东馆", "310", "120"]]
    cells = [(80 + 120 * c, 700 - 20 * r, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    content = read_lines(_file(tmp_path, _pdf([(80, 780, PAGE[0]), *cells, (80, 500, PAGE[1])])))
    assert [line.text for line in content.lines] == [
        PAGE[0],
        "馆名：总馆；到馆人次：47000；外借册次：55818",
        "馆名：东馆；到馆人次：310；外借册次：120",
        PAGE[1],
    ]


def test_rows_with_empty_cells_are_joined_without_names(tmp_path: Path) -> None:
    rows = [["馆名", "到馆人次", "外借册次"], ["东馆", "", "120"]]
    cells = [(80 + 120 * c, 700 - 20 * r, text) for r, row in enumerate(rows) for c, text in enumerate(row) if text]
    assert [line.text for line in read_lines(_file(tmp_path, _pdf(cells))).lines] == [
        "馆名 | 到馆人次 | 外借册次",
        "东馆 | 120",
    ]


def test_columns_of_prose_are_not_run_together(tmp_path: Path) -> None:
    left = [(60, 780 - 18 * n, f"左栏第{n}行写的是上半年的各项工作和成绩") for n in range(3)]
    right = [(320, 780 - 18 * n, f"右栏第{n}行写的是下半年的各项工作和成绩") for n in range(3)]
    texts = [line.text for line in read_lines(_file(tmp_path, _pdf([*left, *right]))).lines]
    assert texts == [text for _, _, text in left + right]


def test_radicals_and_ligatures_become_what_people_type() -> None:
    assert _clean("⼤事记 ⻓期 oﬃce \ud800\0") == "大事记 长期 office \ufffd"
