"""Tables in plain text: flattened to one cell a line, or with numbered rows that single blanks part."""

from __future__ import annotations

from documents.report import Line
from documents.rows import find_tables


def statements(cells: str) -> list[str]:
    """The statements of every table in cells written one a word, each with a blank line after it."""
    lines = [Line(2 * n + 1 - blank, "" if blank else cell) for n, cell in enumerate(cells.split()) for blank in (0, 1)]
    return [s for table in find_tables(lines).values() for p in table.passages for s in p.text.split("\n")]


def test_months_down_the_side_name_their_rows() -> None:
    told = statements(
        "表1各月情况 月份 到馆（人次） 外借（册次） 1月 42315 38720 2月 0 0 3月 1186 2075 合计 43501 40795"
    )
    assert "3月，外借册次：2075" in told
    assert "合计，到馆人次：43501" in told


def test_a_column_of_dates_is_a_column() -> None:
    told = statements("表2分馆 名称 面积 藏书 开放日期 东分馆 1860 78400 2013年5月 西分馆 940 46120 2015年9月")
    assert "西分馆，藏书：46120" in told
    assert "东分馆，开放日期：2013年5月" in told


def test_a_blank_cell_shifts_nothing() -> None:
    told = statements("馆名 办证 借书 甲馆 12 340 乙馆 — 560 丙馆 31 78")
    assert "乙馆，借书：560" in told
    assert "丙馆，办证：31" in told


def test_two_rows_are_never_taken_for_one() -> None:
    told = statements("名称 面积 藏书 东馆 10 200 西馆 20 300 南馆 30 400 北馆 40 500")
    assert "西馆，面积：20" in told
    assert "北馆，藏书：500" in told


NUMBERED = """序号 时间 活动名称 地点 场次 人次 部门
1 1 月 14 日 迎新春写春联 一楼大厅 1 420 办公室
2 2 月 18 日 山谷讲堂：海上丝路与
古港（主讲：韦明） 报告厅 1 186 辅导部
3 3 月 12 日—15 日 植树节 观鸟 林湖 4 80 少儿部
4 全年 讲故事 活动室 48 5216 少儿部

以上为部分活动。"""


def test_a_numbered_row_is_told_with_the_names_of_its_columns() -> None:
    lines = [Line(n, text) for n, text in enumerate(NUMBERED.split("\n"), start=1)]
    table = find_tables(lines)[0]
    told = [s for p in table.passages for s in p.text.split("\n")]
    assert "1月14日，迎新春写春联，一楼大厅，人次：420" in told
    assert "2月18日，山谷讲堂：海上丝路与古港（主讲：韦明），报告厅，人次：186" in told
    assert "3月12日—15日，植树节 观鸟，林湖，场次：4" in told
    assert table.end == 6


def test_a_figure_of_a_wrapped_row_stands_on_its_own_line() -> None:
    lines = [Line(n, text) for n, text in enumerate(NUMBERED.split("\n"), start=1)]
    row = find_tables(lines)[0].passages[2]
    at = row.text.index("186")
    assert str(row.lines_of(at, at + 3)) == "L4"
    assert str(row.lines_of(0, at + 3)) == "L3-L4"
