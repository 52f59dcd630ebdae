"""Word documents to lines; the documents are built here."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from documents.errors import UnreadableReport
from documents.readers import read_lines


def _lines(folder: Path, document: Any) -> list[tuple[str, int | None]]:
    path = folder / "report.docx"
    document.save(path)
    return [(line.text, line.level) for line in read_lines(path).lines]


def _texts(folder: Path, document: Any) -> list[str]:
    return [text for text, _ in _lines(folder, document)]


def _refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(UnreadableReport) as caught:
        read_lines(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def _table(document: Any, rows: list[list[str]]) -> Any:
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return table


def test_paragraphs_and_tables_keep_their_order_and_headings_their_level(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("年度总结", 0)
    document.add_heading("一、概况", 1)
    document.add_paragraph("到馆 47000 人次。")
    document.add_paragraph("")
    _table(document, [["馆名", "到馆人次"], ["总馆", "47000"]])
    document.add_heading("（一）三月", 2)
    assert _lines(tmp_path, document) == [
        ("年度总结", 1),
        ("一、概况", 1),
        ("到馆 47000 人次。", None),
        ("馆名：总馆；到馆人次：47000", None),
        ("（一）三月", 2),
    ]


def test_localised_styles_and_outline_levels_are_headings(tmp_path: Path) -> None:
    document = Document()
    document.styles.add_style("标题 3", WD_STYLE_TYPE.PARAGRAPH)
    child = document.styles.add_style("我的标题", WD_STYLE_TYPE.PARAGRAPH)
    child.base_style = document.styles["标题 3"]
    document.add_paragraph("甲", style="标题 3")
    document.add_paragraph("乙", style="我的标题")
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), "1")
    document.add_paragraph("丙")._p.get_or_add_pPr().append(outline)
    assert _lines(tmp_path, document) == [("甲", 3), ("乙", 3), ("丙", 2)]


def test_breaks_inside_a_paragraph_are_blanks(tmp_path: Path) -> None:
    document = Document()
    run = document.add_paragraph("全年").add_run("到馆")
    run.add_break()
    run.add_text("人次")
    run.add_break(WD_BREAK.PAGE)
    assert _texts(tmp_path, document) == ["全年到馆 人次"]


def test_insertions_are_read_and_deletions_are_not(tmp_path: Path) -> None:
    document = Document()
    change = 'w:id="1" w:author="a" w:date="2019-01-01T00:00:00Z"'
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:p {nsdecls('w')}><w:r><w:t>新增</w:t></w:r><w:ins {change}><w:r><w:t>三</w:t></w:r></w:ins>"
            f"<w:del {change}><w:r><w:delText>两</w:delText></w:r></w:del><w:r><w:t>馆</w:t></w:r></w:p>"
        ),
    )
    assert _texts(tmp_path, document) == ["新增三馆"]


def test_content_controls_and_text_boxes_are_read(tmp_path: Path) -> None:
    document = Document()
    body = document.element.body
    paragraph = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    box = f"<w:pict><w:txbxContent>{paragraph.format('框内')}</w:txbxContent></w:pict>"
    body.insert(0, parse_xml(f"<w:p {nsdecls('w')}><w:r><w:t>框外</w:t>{box}</w:r></w:p>"))
    body.insert(0, parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent>{paragraph.format('封面')}</w:sdtContent></w:sdt>"))
    assert _texts(tmp_path, document) == ["封面", "框外", "框内"]


def test_merged_cells_are_told_once(tmp_path: Path) -> None:
    document = Document()
    rows = [
        ["馆名", "借阅", ""],
        ["", "人次", "册次"],
        ["总馆", "10", "20"],
        ["东馆", "", "25"],
        ["合计见附表", "", ""],
    ]
    table = _table(document, rows)
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(2, 1).merge(table.cell(3, 1))
    table.cell(4, 0).merge(table.cell(4, 2))
    assert _texts(tmp_path, document) == [
        "馆名：总馆；借阅 / 人次：10；借阅 / 册次：20",
        "馆名：东馆；借阅 / 册次：25",
        "合计见附表",
    ]


def test_a_table_in_a_table_is_not_lost(tmp_path: Path) -> None:
    document = Document()
    cell = document.add_table(1, 2).cell(0, 1)
    cell.paragraphs[0].text = "外"
    inner = cell.add_table(2, 2)
    for at, text in enumerate(["项", "数", "办证", "5"]):
        inner.cell(at // 2, at % 2).text = text
    assert _texts(tmp_path, document) == ["外", "项：办证；数：5"]


def test_footnotes_follow_the_text(tmp_path: Path) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = Document()
    document.add_paragraph("正文")
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>含分馆</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    assert _texts(tmp_path, document) == ["正文", "含分馆"]


@pytest.mark.parametrize(
    ("stream", "what"),
    [("WordDocument", "old Word document"), ("EncryptedPackage", "remove the password"), ("Workbook", "Excel")],
)
def test_ole_files_named_docx_say_what_they_are(tmp_path: Path, stream: str, what: str) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + stream.encode("utf-16-le")
    assert what in _refusal(tmp_path / "old.docx", data)


def test_text_named_docx_and_a_cut_document_are_refused(tmp_path: Path) -> None:
    whole = io.BytesIO()
    Document().save(whole)
    assert "content is text" in _refusal(tmp_path / "a.docx", "图书馆".encode())
    assert "damaged" in _refusal(tmp_path / "b.docx", whole.getvalue()[:-200])


def test_a_document_without_its_parts_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "damaged" in _refusal(tmp_path / "c.docx", packed.getvalue())


@pytest.mark.parametrize("member", ["word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"])
def test_a_document_with_a_part_of_another_kind_is_refused(tmp_path: Path, member: str) -> None:
    whole, changed = io.BytesIO(), io.BytesIO()
    Document().save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<other/>" if name == member else source.read(name))
    assert "damaged" in _refusal(tmp_path / "d.docx", changed.getvalue())


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 30_000_000)
    assert "unpacks from" in _refusal(tmp_path / "bomb.docx", packed.getvalue())


def test_a_document_without_text_is_refused(tmp_path: Path) -> None:
    whole = io.BytesIO()
    Document().save(whole)
    assert "no text" in _refusal(tmp_path / "blank.docx", whole.getvalue())
