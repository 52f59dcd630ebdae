"""Numbers as reports write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from documents.numerals import NUMBER, english_scale, read_number

DIGITS = "零一二三四五六七八九"


def in_chinese(value: int) -> str:
    """The usual numeral: 10305 is 一万零三百零五, 12 is 十二."""
    if value == 0:
        return DIGITS[0]
    groups = [(value // 10**8, "亿"), (value // 10**4 % 10**4, "万"), (value % 10**4, "")]
    text = ""
    for group, scale in groups:
        if group:
            gap = text != "" and group < 1000
            text += ("零" if gap else "") + _thousands(group) + scale
    return text[1:] if text.startswith("一十") else text


def _thousands(value: int) -> str:
    text = ""
    for power, scale in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            gap = text != "" and value // power // 10 % 10 == 0
            text += ("零" if gap else "") + DIGITS[digit] + scale
    return text


def full_width(text: str) -> str:
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.,"})


@given(st.integers(0, 10**12 - 1))
@example(10305)
@example(100_000_200)
def test_chinese_numerals_are_read_back(value: int) -> None:
    assert read_number(in_chinese(value)) == value


@given(st.integers(0, 10**15))
def test_digits_are_read_back_with_and_without_separators(value: int) -> None:
    for text in (str(value), f"{value:,}", full_width(str(value)), full_width(f"{value:,}")):
        assert read_number(text) == value


@given(st.integers(0, 10**9), st.integers(1, 6))
def test_decimals_stay_exact(value: int, places: int) -> None:
    number = Decimal(value).scaleb(-places)
    assert read_number(f"{number:f}") == number


@given(st.integers(1, 9999), st.sampled_from([("万", 10**4), ("亿", 10**8), ("萬", 10**4)]), st.booleans())
def test_digits_before_a_scale_are_multiplied(value: int, scale: tuple[str, int], blank: bool) -> None:
    assert read_number(f"{value}{' ' if blank else ''}{scale[0]}") == value * scale[1]


@given(st.integers(1900, 2100))
def test_years_digit_by_digit_are_read(year: int) -> None:
    assert read_number("".join(DIGITS[int(c)] for c in str(year)).replace("零", "〇")) == year


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3万 1千", 31000),
        ("3万1千", 31000),
        ("5万2千", 52000),
        ("2亿3000万", 230_000_000),
        ("两万六", 26000),
        ("一百一", 110),
        ("十二点五", Decimal("12.5")),
        ("兩百", 200),
        ("twenty-one", 21),
        ("Twelve", 12),
    ],
)
def test_mixed_and_spoken_forms_are_read(text: str, value: Decimal) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["", "馆", "百分之三", "1.2.3", "abc", "3册"])
def test_what_is_not_one_number_is_none(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("外借3万 1千余册", ["3万 1千"]),
        ("5名员工，386 个座位", ["5", "386"]),
        ("评出三十对、办了十堂课", ["三十", "十"]),
        ("增长１２．５％", ["１２．５"]),
        ("1,204册和12,345,678册", ["1,204", "12,345,678"]),
        ("1,2,3号厅", ["1", "2", "3"]),
        ("发电500千瓦", ["500"]),
    ],
)
def test_numbers_are_found_whole_in_running_text(text: str, found: list[str]) -> None:
    assert [match[0] for match in NUMBER.finditer(text)] == found


def test_an_english_scale_after_a_figure_multiplies_it() -> None:
    assert english_scale("1.39 million visits", 4) == (Decimal(10**6), 12)
    assert english_scale("139 visits", 3) == (Decimal(1), 3)
    assert english_scale("5 minutes", 1) == (Decimal(1), 1)
