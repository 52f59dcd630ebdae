"""Months, quarters and years of one report: held against each other, added, and the greatest of them found."""

from __future__ import annotations

import pytest
from support import Over

MONTHS = """松岭市图书馆2021年统计表
表1 各月情况

| 月份 | 到馆人次 | 外借册次 |
|---|---|---|
| 1月 | 4100 | 2300 |
| 2月 | 3600 | 2900 |
| 3月 | 5200 | 2700 |
"""
QUARTERS = """MAPLETON LIBRARY BULLETIN 2021

Q1 (January to March)

Library visits came to 4,100. The roof was mended.

Q2 (April to June)

Library visits came to 5,300. Two clerks retired.

Q3 (July to September)

Library visits came to 3,900. A garden was laid out.
"""
YEARS = """松岭镇图书馆2020—2021年工作总结

2020年工作总结

全年接待读者8000人次，办活动12场。

2021年工作总结

全年接待读者9500人次，办活动10场。
"""


@pytest.mark.parametrize(
    ("text", "question", "short"),
    [
        (MONTHS, "松岭3月和2月哪个月到馆人次多？", "3月"),
        (MONTHS, "松岭2021年到馆人次最多的是哪个月？", "3月"),
        (MONTHS, "松岭哪个月外借册次最少？", "1月"),
        (QUARTERS, "Which quarter had the most library visits in Mapleton?", "Q2"),
        (QUARTERS, "Did Mapleton have more library visits in Q1 or Q3?", "Q1"),
        (YEARS, "松岭镇图书馆哪一年接待读者最多？", "2021年"),
        (YEARS, "Did Songling hold more activities in 2020 or in 2021?", "2020"),
    ],
)
def test_the_period_asked_for_comes_first(over: Over, text: str, question: str, short: str) -> None:
    assert over(text).ask(question).short == short


def test_all_the_periods_are_shown_with_their_figures(over: Over) -> None:
    answer = over(QUARTERS).ask("Which quarter had the most library visits in Mapleton?")
    assert all(figure in answer.text for figure in ("5,300", "4,100", "3,900"))
    assert len(answer.citations) == 3


def test_quarters_are_taken_from_each_other(over: Over) -> None:
    assert over(QUARTERS).ask("How many more library visits did Mapleton have in Q2 than in Q1?").short == "1,200"


def test_a_month_is_no_quarter(over: Over) -> None:
    assert over(MONTHS).ask("松岭哪个季度外借册次最多？").abstained
