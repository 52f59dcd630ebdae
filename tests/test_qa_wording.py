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
from qa.wording import compact, date_text, figure, name_text, organisation_text, plain_number


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


def test_an_organisation_is_named_by_its_place_in_english() -> None:
    assert organisation_text("昆山市图书馆", "zh") == "昆山市图书馆"
    assert organisation_text("昆山市图书馆", "en") == "Kunshan (昆山市图书馆)"
    assert organisation_text("Oakfield Public Library", "en") == "Oakfield Public Library"


@pytest.mark.parametrize(
    ("name", "place"), [("长治市图书馆", "Changzhi"), ("许昌市图书馆", "Xuchang"), ("源城区图书馆", "Yuancheng")]
)
def test_a_place_is_spelt_as_it_is_said(name: str, place: str) -> None:
    assert organisation_text(name, "en").startswith(place)
