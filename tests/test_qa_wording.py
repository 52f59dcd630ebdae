"""Values put into the language of the question, without changing a figure."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.dates import find_dates
from documents.folding import fold
from documents.numerals import read_number
from qa.measures import find_measures
from qa.saying.wording import clipped, compact, date_text, figure, name_text, organisation_text, plain_number


def worded(text: str, language: str) -> str:
    (measure,) = find_measures(fold(text))
    return figure(measure, text[measure.start : measure.end], language)


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("104286 册", "104286册", "104,286 volumes"),
        ("70.15 万册次", "70.15万册次", "701,500 volumes"),
        ("47.9%", "47.9%", "47.9%"),
    ],
)
def test_a_figure_is_worded_in_either_language(text: str, chinese: str, english: str) -> None:
    assert worded(text, "zh") == chinese
    assert worded(text, "en") == english


@pytest.mark.parametrize(
    ("text", "chinese", "english"), [("400余车次", "400余车次", "more than 400"), ("近50%", "近50%", "nearly 50%")]
)
def test_a_hedge_is_told(text: str, chinese: str, english: str) -> None:
    assert worded(text, "zh").endswith(chinese)
    assert worded(text, "en").startswith(english)


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("nearly four thousand bins", "近4,000 bins", "nearly 4,000 bins"),
        ("forty-one adults", "41 adults", "41 adults"),
        ("£52.50 a year", "£52.50", "£52.50"),
        ("共1册", "1册", "1 volume"),
        ("至少30人", "至少30人", "at least 30 people"),
    ],
)
def test_hedges_prices_and_single_things_read_well(text: str, chinese: str, english: str) -> None:
    assert worded(text, "zh").endswith(chinese)
    assert worded(text, "en") == english


@pytest.mark.parametrize(
    ("around", "english"),
    [("下载", "300 downloads"), ("参加", "300 participants"), ("网站点击", "300 views"), ("进馆", "300 visits")],
)
def test_occasions_are_called_what_they_are(around: str, english: str) -> None:
    (measure,) = find_measures("300人次")
    assert figure(measure, "300人次", "en", f"{around}300人次") == english


@pytest.mark.parametrize(
    ("text", "chinese"),
    [("6 September 2021", "2021年9月6日"), ("17-19 May", "5月17日至19日"), ("May 2020", "2020年5月")],
)
def test_an_english_date_is_told_in_chinese(text: str, chinese: str) -> None:
    (mention,) = find_dates(fold(text))
    assert date_text(mention, text, "zh") == chinese


def test_a_place_in_english_says_what_it_is_and_a_room_stays_chinese() -> None:
    assert name_text("周庄镇", "place", "en") == "Zhouzhuang Town (周庄镇)"
    assert name_text("昆城广场", "place", "en") == "Kuncheng Square (昆城广场)"
    assert name_text("三楼报告厅", "place", "en") == "三楼报告厅"


def test_a_double_surname_stays_together() -> None:
    assert name_text("欧阳若兰", "person", "en") == "Ouyang Ruolan (欧阳若兰)"


def test_a_long_sentence_is_cut_to_the_clauses_around_what_it_is_quoted_for() -> None:
    sentence = "一" * 90 + "，外借30册，" + "二" * 60 + "。"
    assert clipped(sentence, "外借30册") == "…外借30册，" + "二" * 60 + "。"
    assert clipped("外借30册。", "外借30册") == "外借30册。"


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_a_computed_value_reads_back_as_itself(value: Decimal) -> None:
    assert read_number(plain_number(value)) == value


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("9月 8日", "8 September"),
        ("2013年1月9日", "9 January 2013"),
        ("2015 年 2 月", "February 2015"),
        ("8月19日-23日", "19–23 August"),
        ("5月25日——6月2日", "25 May – 2 June"),
    ],
)
def test_a_date_is_worded_and_reads_back_as_itself(text: str, english: str) -> None:
    (mention,) = find_dates(fold(text))
    assert date_text(mention, text, "zh") == compact(text)
    assert date_text(mention, text, "en") == english
    (again,) = find_dates(fold(english))
    assert (again.first, again.last) == (mention.first, mention.last)


def test_blanks_of_the_layout_go_and_those_between_latin_words_stay() -> None:
    assert compact(" 2019 年新增\n图书 12 册 ") == "2019年新增图书12册"
    assert compact("O2O and more") == "O2O and more"


def test_a_person_s_name_comes_with_its_pinyin_in_english_only() -> None:
    assert name_text("金 磊", "person", "zh") == "金磊"
    assert name_text("金磊", "person", "en") == "Jin Lei (金磊)"
    assert name_text("《读书会》", "title", "zh") == "读书会"


def test_an_organisation_is_named_by_its_place_and_sort_in_english() -> None:
    assert organisation_text("昆山市图书馆", "zh") == "昆山市图书馆"
    assert organisation_text("昆山市图书馆", "en") == "Kunshan Library (昆山市图书馆)"
    assert organisation_text("豫安县人民医院", "en") == "Yu'an Hospital (豫安县人民医院)"
    assert organisation_text("丹溪鎮立圖書館", "en") == "Danxi Library (丹溪鎮立圖書館)"
    assert organisation_text("Oakfield Public Library", "en") == "Oakfield Public Library"


@pytest.mark.parametrize(
    ("name", "place"), [("长治市图书馆", "Changzhi"), ("许昌市图书馆", "Xuchang"), ("源城区图书馆", "Yuancheng")]
)
def test_a_place_is_spelt_as_it_is_said(name: str, place: str) -> None:
    assert organisation_text(name, "en").startswith(place)
