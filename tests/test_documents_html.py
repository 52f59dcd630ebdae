"""HTML pages and tables to lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.errors import UnreadableReport
from documents.readers import read_lines


def _read(folder: Path, page: str, encoding: str = "utf-8") -> list[str]:
    path = folder / "page.html"
    path.write_bytes(page.encode(encoding))
    return [line.text for line in read_lines(path).lines]


def test_blocks_become_lines_and_headings_have_levels(tmp_path: Path) -> None:
    path = tmp_path / "page.htm"
    path.write_text("<title>t</title><h1>总结</h1><div>甲<b>乙</b><p>丙<br>丁</div><h3>三月</h3><ul><li>戊<li>己</ul>")
    lines = read_lines(path).lines
    assert [(line.number, line.text, line.level) for line in lines] == [
        (1, "总结", 1),
        (2, "甲乙", None),
        (3, "丙", None),
        (4, "丁", None),
        (5, "三月", 3),
        (6, "戊", None),
        (7, "己", None),
    ]


def test_what_a_browser_hides_is_left_out(tmp_path: Path) -> None:
    page = (
        "<script>x()</script><style>p{}</style><!-- c --><p hidden>h<p style='display: none'>n<p>shown &amp; told</p>"
    )
    assert _read(tmp_path, page) == ["shown & told"]


def test_source_wraps_join_chinese_and_part_english(tmp_path: Path) -> None:
    assert _read(tmp_path, "<p>全年到馆\n   人次</p><p>many\nvisits</p>") == ["全年到馆人次", "many visits"]


def test_preformatted_text_keeps_its_lines(tmp_path: Path) -> None:
    assert _read(tmp_path, "<pre>a  1\nb  2</pre>") == ["a  1", "b  2"]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("gb2312", "gb18030"),
        ("big5", "big5"),
        ("utf-8", "gb18030"),
        ("gbk", "utf-8"),
        ("big5", "gb18030"),
        ("iso-8859-1", "gb18030"),
    ],
)
def test_the_declared_encoding_is_believed_only_where_it_fits(tmp_path: Path, declared: str, encoding: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}"><p>市區中心全年大事</p>'
    assert _read(tmp_path, page, encoding) == ["市區中心全年大事"]


def test_an_xhtml_declaration_is_no_obstacle(tmp_path: Path) -> None:
    page = '<?xml version="1.0" encoding="gb2312"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>图书馆</p></body></html>'
    assert _read(tmp_path, page, "gb18030") == ["图书馆"]


def test_table_rows_name_their_columns(tmp_path: Path) -> None:
    page = "<table><tr><th>馆名<th>到馆人次<th>外借册次<tr><td>总馆<td>47000<td>55818<tr><td>东馆<td><td>120</table>"
    assert _read(tmp_path, page) == ["馆名：总馆；到馆人次：47000；外借册次：55818", "馆名：东馆；外借册次：120"]


def test_a_double_header_joins_upper_and_lower_names(tmp_path: Path) -> None:
    page = (
        "<table><tr><th rowspan=2>馆名<th colspan=2>借阅<tr><th>人次<th>册次"
        "<tr><td>总馆<td>10<td>20<tr><td colspan=3>以上为上半年</table>"
    )
    assert _read(tmp_path, page) == ["馆名：总馆；借阅 / 人次：10；借阅 / 册次：20", "以上为上半年"]


def test_a_header_without_th_is_recognised_by_the_figures_below(tmp_path: Path) -> None:
    page = "<table><tr><td>指标<td>2018年<td>2019年<tr><td>办证<td>1,200<td>1,350张</table>"
    assert _read(tmp_path, page) == ["指标：办证；2018年：1,200；2019年：1,350张"]


def test_a_table_without_header_joins_its_cells(tmp_path: Path) -> None:
    assert _read(tmp_path, "<table><tr><td>办证<td>1200<tr><td>到馆<td>3万</table>") == ["办证 | 1200", "到馆 | 3万"]


def test_row_headings_name_the_cell_that_follows(tmp_path: Path) -> None:
    page = "<table><tr><th>办证<td>1200<th>到馆<td>3万<tr><th>外借<td>5万<th>活动<td>112</table>"
    assert _read(tmp_path, page) == ["办证：1200；到馆：3万", "外借：5万；活动：112"]


def test_a_label_merged_downwards_is_repeated_and_a_figure_is_not(tmp_path: Path) -> None:
    page = (
        "<table><tr><th>馆名<th>年<th>人次<th>合计<tr><td rowspan=2>总馆<td>2018年<td>10<td rowspan=2>30"
        "<tr><td>2019年<td>20</table>"
    )
    assert _read(tmp_path, page) == ["馆名：总馆；年：2018年；人次：10；合计：30", "馆名：总馆；年：2019年；人次：20"]


def test_a_table_that_lays_out_the_page_gives_its_blocks(tmp_path: Path) -> None:
    page = "<table><tr><td>菜单<td><h2>大事记</h2><p>一<table><tr><th>项<th>数<tr><td>办证<td>5</table></table>"
    assert _read(tmp_path, page) == ["菜单", "大事记", "一", "项：办证；数：5"]


def test_deep_nesting_and_absurd_spans_are_survived(tmp_path: Path) -> None:
    assert _read(tmp_path, "<div>" * 5000 + "内" + "</div>" * 5000 + "<p>外") == ["内", "外"]
    page = "<table><tr><td colspan=99999 rowspan=99999>题<tr><td>a<td rowspan=x>b</table>"
    assert _read(tmp_path, page)[0] == "题"


def test_a_page_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableReport, match="no text"):
        _read(tmp_path, "<html><body><img src=x></body></html>")
