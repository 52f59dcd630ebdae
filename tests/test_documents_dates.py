"""Dates and spans in Chinese and English, with where they stand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.dates import DateMention, Day, find_dates, periods_in, quarter_periods
from documents.folding import fold
from documents.report import Period

MONTHS = "January February March April May June July August September October November December".split()


def only(text: str) -> DateMention:
    (mention,) = find_dates(fold(text))
    return mention


@given(st.dates(), st.sampled_from(["zh", "blanks", "iso", "en", "us"]), st.text("馆藏，。 ", max_size=6))
def test_a_date_is_found_where_it_stands(day: date, form: str, before: str) -> None:
    year, month, number = 1900 + day.year % 200, day.month, day.day
    written = {
        "zh": f"{year}年{month}月{number}日",
        "blanks": f"{year} 年 {month} 月 {number} 日",
        "iso": f"{year}-{month:02d}-{number:02d}",
        "en": f"{number} {MONTHS[month - 1]} {year}",
        "us": f"{MONTHS[month - 1]} {number}, {year}",
    }[form]
    found = only(f"{before}{written}，开馆")
    assert (found.start, found.end) == (len(before), len(before) + len(written))
    assert found.first == found.last == Day(year, month, number)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("10月23-24日", Day(None, 10, 23), Day(None, 10, 24)),
        ("5月25日——6月2日", Day(None, 5, 25), Day(None, 6, 2)),
        ("7月21日-30日", Day(None, 7, 21), Day(None, 7, 30)),
        ("2019年12月30日至2020年1月2日", Day(2019, 12, 30), Day(2020, 1, 2)),
        ("1至3月", Day(None, 1), Day(None, 3)),
        ("9月—11月", Day(None, 9), Day(None, 11)),
        ("2018—2020年", Day(2018), Day(2020)),
        ("May 5-7, 2021", Day(2021, 5, 5), Day(2021, 5, 7)),
        ("5–7 May 2021", Day(2021, 5, 5), Day(2021, 5, 7)),
        ("17 May to 2 June", Day(None, 5, 17), Day(None, 6, 2)),
    ],
)
def test_a_span_is_one_mention(text: str, first: Day, last: Day) -> None:
    found = only(text)
    assert (found.first, found.last, found.is_span) == (first, last, True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9月 15 日", Day(None, 9, 15)),
        ("1 月份", Day(None, 1)),
        ("十月一日", Day(None, 10, 1)),
        ("二〇二〇年二月", Day(2020, 2)),
        ("２０２１年５月１日", Day(2021, 5, 1)),
        ("民国107年", Day(2018)),
        ("4th of July 2020", Day(2020, 7, 4)),
        ("in May", Day(None, 5)),
    ],
)
def test_single_dates_are_read(text: str, day: Day) -> None:
    assert only(text).first == day


@pytest.mark.parametrize("text", ["90年代", "you may march on", "共 3 页", "编号 2019301", "11月 9 册"])
def test_what_only_looks_like_a_date_has_no_day(text: str) -> None:
    assert [m for m in find_dates(fold(text)) if m.first.day] == []


def test_a_month_is_a_word_of_its_own_after_a_preposition_only() -> None:
    assert find_dates("visitors may march") == []


@given(st.text("年月日0123456789-至，三十 ", max_size=40))
def test_mentions_never_overlap(text: str) -> None:
    found = find_dates(text)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_a_span_touches_every_month_it_runs_through() -> None:
    months = {str(p) for p in periods_in("9月—11月", 2019)}
    assert months == {"2019-09", "2019-10", "2019-11"}
    over = {str(p) for p in periods_in("12月31日-1月2日", 2019)}
    assert over == {"2019-12", "2020-01"}


def test_without_a_year_nothing_is_placed_in_time() -> None:
    assert periods_in("3月4日", None) == frozenset()


def test_quarters_and_half_years_are_their_months() -> None:
    assert quarter_periods("第二季度", 2023) == {Period(2023, 4), Period(2023, 5), Period(2023, 6)}
    assert len(quarter_periods("上半年工作", 2023)) == 6


def test_under_the_heading_of_a_month_a_line_may_begin_with_its_day_alone() -> None:
    found = find_dates("16日:分馆开放\n2.18-2.19 开营\n3.1 调整", month=2)
    assert [(m.first.month, m.first.day, m.last.day) for m in found] == [(2, 16, 16), (2, 18, 19)]
    assert find_dates("16日:分馆开放") == []


def test_a_later_day_without_its_month_has_that_of_the_day_before_it() -> None:
    found = find_dates("9月3日起闭馆,暂停至25日。")
    assert [(m.first.month, m.first.day) for m in found] == [(9, 3), (9, 25)]


def test_a_day_under_the_heading_of_its_month_stands_on_its_own_line() -> None:
    found = find_dates("10月\n1日,新馆开放。", month=10)
    assert [(m.start, m.first.month, m.first.day) for m in found] == [(4, 10, 1)]


def test_a_chronicle_in_figures_is_one_of_days() -> None:
    found = find_dates("8-20  评选结束。\n9-7  科普讲座。\n9-28  诗文诵读会。")
    assert [(m.first.month, m.first.day) for m in found] == [(8, 20), (9, 7), (9, 28)]
    assert find_dates("3-5  名学生报名。") == []
