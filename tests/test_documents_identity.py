"""Whose report it is, and for which year."""

from __future__ import annotations

import pytest

from documents.identity import infer_organisation, infer_year
from documents.report import Passage


def organisation(*texts: str) -> str | None:
    return infer_organisation([Passage(text, ((0, n),)) for n, text in enumerate(texts, start=1)], texts[:1])


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["青山市图书馆2019年年报", "我馆全年开放。"], "青山市图书馆"),
        (
            ["2019年图书馆大事记", "白河县石桥区图书馆来访。", "白河县图书馆办展。", "白河县图书馆开会。"],
            "白河县图书馆",
        ),
        (["杭州图书馆2021年年报", "市民到图书馆读书。"], "杭州图书馆"),
        (["清河县第一人民医院2020年工作总结", "我院"], "清河县第一人民医院"),
        (["桃園縣立圖書館2020年度工作報告", "本館"], "桃園縣立圖書館"),
        (["临河市2021年统计公报", "临河市统计局", "全市"], "临河市统计局"),
        (["昆山市2020年政府工作报告", "我市"], "昆山市"),
        (["ANNUAL REPORT 2021", "RIVERTON PUBLIC LIBRARY"], "Riverton Public Library"),
        (["Annual Report of the Library of Congress", "The Library grew."], "Library of Congress"),
        (["2020 Annual Report", "Springfield School District served 4,000 pupils."], "Springfield School District"),
        (["全市图书馆工作报告", "各图书馆"], None),
    ],
)
def test_the_organisation_is_named_in_full_and_as_written(texts: list[str], name: str | None) -> None:
    assert organisation(*texts) == name


def test_a_visitor_is_not_the_organisation() -> None:
    assert organisation("大事记", "3月，柳溪市图书馆来访。", *["青山市图书馆办讲座。"] * 3) == "青山市图书馆"


def test_the_year_falls_back_to_the_text_then_to_the_file_name() -> None:
    text = [Passage("2019年外借3册，2019年办证2张，2018年1册。", ((0, 1),))]
    assert infer_year([], text, "report") == 2019
    assert infer_year([], [Passage("外借3册", ((0, 1),))], "kunshan-2017") == 2017
    assert infer_year([], [], "report") is None
