"""What the start of a line says."""

from __future__ import annotations

import pytest

from documents.marks import DATE_START, Mark, capitalised, in_capitals, is_title, month_of, start_of, year_of


@pytest.mark.parametrize(
    ("text", "mark", "rest"),
    [
        ("一、总体情况", Mark.HAN, "总体情况"),
        ("（二）借阅", Mark.HAN_BRACKET, "借阅"),
        ("( 三 )借阅", Mark.HAN_BRACKET, "借阅"),
        ("4、。送书下乡", Mark.ARABIC, "送书下乡"),
        ("3. Loans", Mark.ARABIC, "Loans"),
        ("１２、讲座", Mark.ARABIC, "讲座"),
        ("（2）讲座", Mark.ARABIC_BRACKET, "讲座"),
        ("2.1 Loans", Mark.DECIMAL, "Loans"),
        ("【讲座】全年", Mark.TORTOISE, "讲座】全年"),
        ("第三章 馆藏", Mark.PART, "馆藏"),
        ("Chapter 4: Loans", Mark.PART, "Loans"),
        ("Section 2.1 Loans", Mark.PART, "Loans"),
        ("參、推廣", Mark.FORMAL, "推廣"),
        ("## Loans", Mark.MARKDOWN, "Loans"),
        ("• Loans", Mark.BULLET, "Loans"),
        ("[bookmark: _Toc1]一、馆藏", Mark.HAN, "馆藏"),
        ("1、 [bookmark: _Toc1]馆藏", Mark.ARABIC, "馆藏"),
    ],
)
def test_marks_are_told_apart_and_passed_over(text: str, mark: Mark, rest: str) -> None:
    start = start_of(text)
    assert start is not None
    assert (start.mark, text[start.end :]) == (mark, rest)


@pytest.mark.parametrize(
    "text", ["12 个乡镇", "3.5万册", "5.33 万张", "18.4 per cent", "2019年", "一年来", "百年老店", "particular", "-5"]
)
def test_figures_and_words_are_no_marks(text: str) -> None:
    assert start_of(text) is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1 月份", (None, 1)),
        ("11 月 份", (None, 11)),
        ("1月大事记", (None, 1)),
        ("3月份大事记：", (None, 3)),
        ("十二月", (None, 12)),
        ("１０月", (None, 10)),
        ("2月大事紀", (None, 2)),
        ("[bookmark: _Toc2]5月", (None, 5)),
        ("**2019年6月**", (2019, 6)),
        ("二〇一九年六月", (2019, 6)),
        ("March 2021", (2021, 3)),
        ("SEPT.", (None, 9)),
    ],
)
def test_month_headings_are_read(text: str, month: tuple[int | None, int]) -> None:
    assert month_of(text) == month


@pytest.mark.parametrize("text", ["13月", "3月4日，撤销", "3月读者", "Marching", "May we", "3", "0月"])
def test_other_lines_are_no_month(text: str) -> None:
    assert month_of(text) is None


def test_a_bare_year_is_told_from_one_that_says_so() -> None:
    assert (year_of("2019年"), year_of("二〇二〇年"), year_of("2019")) == ((2019, True), (2020, True), (2019, False))
    assert (year_of("3019年"), year_of("2019年工作"), year_of("1204")) == (None, None, None)


@pytest.mark.parametrize(
    "text", ["3月4日，", "２月１日", "2021-03-05 开馆", "4 January: opened", "Feb. 9: opened", "9月 15 日"]
)
def test_entries_of_a_chronicle_begin_with_a_date(text: str) -> None:
    assert DATE_START.match(text)


@pytest.mark.parametrize("text", ["March 15 saw the doors open", "4 January was cold", "3月份", "12 月度计划"])
def test_a_date_inside_prose_begins_no_entry(text: str) -> None:
    assert not DATE_START.match(text)


@pytest.mark.parametrize(
    "text",
    [
        "2019 年工作计划",
        "大事記",
        "年报（摘要）",
        "附录",
        "Annual Report 2021",
        "PLANS FOR 2022",
        "Report of the State Board",
    ],
)
def test_titles_name_a_part_of_a_report(text: str) -> None:
    assert is_title(text)


@pytest.mark.parametrize(
    "text", ["完成了工作总结。", "召开总结会，部署计划", "she wrote a report on it for us", "全年接待读者"]
)
def test_sentences_are_no_titles(text: str) -> None:
    assert not is_title(text)


def test_capitals_tell_headings_in_plain_english() -> None:
    assert in_capitals("PLANS FOR 2022")
    assert not in_capitals("GDP 1,204 1,311 1,402")
    assert capitalised("Friends of the Library")
    assert not capitalised("the library was open")
