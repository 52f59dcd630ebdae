"""Whole files with the traps of real reports: from bytes to outline, year and owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents import LineRange, Report, read_report
from documents.assemble import report_id_of
from documents.chunking import chunk_report

REPORT = """\
青山市图书馆2019年工作总结

一、馆藏建设

全年新增图书104286册，报刊640种，数字资源共有七万余条。

二、2020年工作计划

计划新建分馆三处。

2019年大事记

1 月份

1月3日，新书到馆3万 1千余册。

12 月份

12月30日-31日，闭馆盘点。
"""


def read(folder: Path, data: bytes, name: str = "report.txt") -> Report:
    (folder / name).write_bytes(data)
    return read_report(folder / name)


def shape(report: Report) -> list[tuple[int, str, str, str, str]]:
    return [(s.level, s.title, str(s.lines), str(s.period), s.stance) for s in report.sections]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_outline_does_not_depend_on_the_encoding(tmp_path: Path, encoding: str) -> None:
    plain = read(tmp_path, REPORT.encode())
    assert shape(read(tmp_path, REPORT.encode(encoding))) == shape(plain)
    assert plain.title == "青山市图书馆2019年工作总结"
    assert (plain.organisation, plain.year) == ("青山市图书馆", 2019)


def test_the_outline_does_not_depend_on_the_line_ends(tmp_path: Path) -> None:
    plain = shape(read(tmp_path, REPORT.encode()))
    assert shape(read(tmp_path, REPORT.replace("\n", "\r\n").encode())) == plain
    assert shape(read(tmp_path, REPORT.replace("\n", "\r").encode())) == plain


def test_form_feeds_between_pages_change_no_line_number(tmp_path: Path) -> None:
    paged = REPORT.replace("\n2019年大事记", "\n\f2019年大事记")
    assert shape(read(tmp_path, paged.encode())) == shape(read(tmp_path, REPORT.encode()))


def test_two_entries_on_one_line_and_entries_out_of_order_keep_their_lines(tmp_path: Path) -> None:
    text = "2019年大事记\n5月\n5月9日，办展。5月12日，闭展。\n5月2日，开馆。\n"
    report = read(tmp_path, text.encode())
    (chunk,) = chunk_report(report)
    assert chunk.passage.line_at(chunk.text.index("5月12日")) == 3
    assert chunk.passage.line_at(chunk.text.index("5月2日")) == 4
    assert report.text(LineRange(3, 3)) == "5月9日，办展。5月12日，闭展。"


def test_an_english_report_with_a_chronicle_is_outlined(tmp_path: Path) -> None:
    text = (
        "RIVERTON PUBLIC LIBRARY\n\nANNUAL REPORT 2021\n\nFOREWORD\n\n"
        "The year began with our doors closed and ended with the busiest December\n"
        "we have on record, in all six branches and on the road.\n\n"
        "CHRONICLE OF EVENTS\n\nJanuary\n\n4 January: Telephone service extended.\n\n"
        "March\n\nMarch 15: Main library reopened.\n\nPLANS FOR 2022\n\n"
        "We intend to open a seventh branch in the autumn, with 40 seats for\nreaders of every age.\n"
    )
    report = read(tmp_path, text.encode())
    assert (report.title, report.organisation, report.year) == ("ANNUAL REPORT 2021", "Riverton Public Library", 2021)
    assert [(s.title, str(s.period)) for s in report.sections if s.period and s.period.month] == [
        ("January", "2021-01"),
        ("March", "2021-03"),
    ]
    assert (report.sections[-1].title, str(report.sections[-1].period)) == ("PLANS FOR 2022", "2022")


def test_what_is_given_is_not_inferred(tmp_path: Path) -> None:
    path = tmp_path / "a b.txt"
    path.write_text(REPORT, encoding="utf-8")
    report = read_report(path, report_id="x", organisation="某馆", year=2001)
    assert (report.id, report.organisation, report.year) == ("x", "某馆", 2001)
    assert read_report(path).id == "a-b"


def test_ids_hold_nothing_a_path_could_be_made_of() -> None:
    assert report_id_of(Path("x/..\\a:b c.txt")) == "a-b-c"
    assert report_id_of(Path("...txt")) != ""


def test_a_file_of_nothing_but_one_line_is_a_report(tmp_path: Path) -> None:
    report = read(tmp_path, "开馆".encode())
    assert (report.title, report.sections, report.year, report.organisation) == ("开馆", (), None, None)
    assert [str(c.lines) for c in chunk_report(report)] == ["L1"]
