"""The table of measures: what each figure is told to count."""

from __future__ import annotations

from documents.report import Chunk, Passage, Period, Stance
from qa.facts import facts


def what(text: str) -> dict[str, str]:
    chunk = Chunk("c", "r", ("数据",), Period(2020), Stance.ACHIEVED, Passage(text, ((0, 1),)))
    return {fact.written: fact.what for fact in facts([chunk], lambda _: "甲馆")}


def test_the_cell_of_a_table_is_told_by_its_row_and_column() -> None:
    assert what("3月，到馆（人次）：1186\n西馆，藏书（册）：78400") == {"1186": "到馆", "78400": "西馆，藏书"}


def test_a_figure_in_prose_is_told_by_the_words_before_it() -> None:
    assert what("全年办证672张，外借图书3.5万册次。") == {"672张": "办证", "3.5万册次": "外借图书"}
