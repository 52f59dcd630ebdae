"""Figures with their units: which there are in a text, what they are worth, and what is no figure at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.folding import fold
from qa.measures import find_measures, same_value, units


def read(text: str) -> list[tuple[str, str]]:
    return [(f"{measure.value.normalize():f}", measure.unit) for measure in find_measures(fold(text))]


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("新增图书1234册", [("1234", "册")]),
        ("新增图书 12,345 册", [("12345", "册")]),
        ("外借70.15万册次", [("701500", "册次")]),
        ("外借 3万 1千余册", [("31000", "册")]),
        ("占比47.9%", [("47.9", "%")]),
        ("占比４７．９％", [("47.9", "%")]),
        ("三十对亲子家庭", [("30", "对")]),
        ("到馆读者为146万人次", [("1460000", "人次")]),
        ("成人470种，少儿90种", [("470", "种"), ("90", "种")]),
        ("2.5 million visits", [("2500000", "visits")]),
        ("twelve lectures", [("12", "lectures")]),
    ],
)
def test_a_figure_has_its_value_and_its_unit(text: str, measures: list[tuple[str, str]]) -> None:
    assert read(text) == measures


@pytest.mark.parametrize(
    "text",
    [
        "第12届读书节",
        "2019年5月3日",
        "2019年",
        "十三五规划",
        "一体化服务",
        "O2O平台",
        "每天9:00开馆",
        "3、读者活动",
        "2.“山谷书屋”受表彰",
        "(3)阅读推广",
        "6.3 编目外包招标",
        "2.4 元宵灯谜会",
        "9.23—9.24 山谷书市",
        "〔2019〕1号文件",
        "表2 部分分馆情况",
    ],
)
def test_ordinals_dates_numbering_and_names_are_no_figures(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "hedge"),
    [("400余车次", "余"), ("超过4.5万人次", "超过"), ("近50%", "近"), ("5名", ""), ("about 300 events", "about")],
)
def test_a_hedge_is_kept(text: str, hedge: str) -> None:
    (measure,) = find_measures(fold(text))
    assert measure.modifier == hedge


def test_a_figure_s_place_is_where_it_stands() -> None:
    text = "馆藏新增 652761 册（件）"
    (measure,) = find_measures(text)
    assert text[measure.start : measure.end].startswith("652761")


@given(st.integers(1, 10**9), st.sampled_from(["册", "人次", "张", "场次", "小时"]))
def test_every_figure_before_a_unit_is_found_exactly(value: int, unit: str) -> None:
    for written in (str(value), f"{value:,}"):
        assert read(f"全年共{written}{unit}。") == [(str(value), unit)]


def test_a_unit_stands_in_the_table_once() -> None:
    table = units()
    assert table["册"][0] == table["volumes"][0] == "volume"
    assert all(kind for kind, _ in table.values())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1830000", "1830755", True),
        ("1830755", "1830755", True),
        ("1830000", "1850755", False),
        ("32", "34", False),
        ("1830000", "183", False),
    ],
)
def test_a_rounded_figure_is_the_same_value(one: str, other: str, same: bool) -> None:
    assert same_value(Decimal(one), Decimal(other)) is same
    assert same_value(Decimal(other), Decimal(one)) is same


def test_two_counts_near_each_other_are_not_one_value_rounded() -> None:
    assert same_value(Decimal(1_830_000), Decimal(1_830_755))
    assert same_value(Decimal(53_300), Decimal(53_357))
    assert not same_value(Decimal(190), Decimal(188))
    assert not same_value(Decimal(5200), Decimal(5260))


@pytest.mark.parametrize("hedge", ["不超过", "不多于", "不低于", "不到"])
def test_a_limit_is_not_read_as_its_opposite(hedge: str) -> None:
    (measure,) = find_measures(f"每日入馆{hedge}300人")
    assert measure.modifier == hedge
