"""Hard-wrapped lines to paragraphs: what joins, what parts, and that every character keeps its line."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.layout import columns, layout_of
from documents.reflow import paragraphs
from documents.report import Line, LineRange

# A Chinese report as it comes out of a word processor: 22 characters a line, a blank line after each.
PROSE = (
    "青山市图书馆全年接待到馆读者四十七万人次，比上年多三万人次，其中少儿阅览室接待十二万人次。"
    "为方便乡镇居民，流动图书车开到了白河、柳溪和石桥，送书上门一百零六次，借出图书5万2千余册。"
    "读者座谈会上，居民代表提出延长夜间开放时间，馆里当月就把闭馆时间推迟到晚上九点半。"
)
ENGLISH = (
    "Riverton opened its doors again in March and welcomed 402,118 visitors before the year was out. "
    "Loans of printed books rose for the first time since 2016, and the children's room lent more than ever."
)


def lines_of(text: str) -> tuple[Line, ...]:
    return tuple(Line(number, line) for number, line in enumerate(text.split("\n"), start=1))


def texts(text: str) -> list[str]:
    return [p.text for p in paragraphs(lines_of(text))]


def wrapped(text: str, width: int = 22, gap: int = 1) -> str:
    """Cut at a fixed number of characters wherever that falls, with blank lines between."""
    return ("\n" * (gap + 1)).join(text[at : at + width] for at in range(0, len(text), width))


@pytest.mark.parametrize("width", [20, 22, 25])
@pytest.mark.parametrize("gap", [0, 1])
def test_wrapped_chinese_becomes_one_paragraph_again(width: int, gap: int) -> None:
    assert texts(wrapped(PROSE, width, gap)) == [PROSE]


def test_a_page_break_in_mid_sentence_is_no_end() -> None:
    broken = wrapped(PROSE).split("\n\n")
    assert texts("\n\n".join(broken[:3]) + "\n\n\n\n" + "\n\n".join(broken[3:])) == [PROSE]


def test_words_numbers_and_names_cut_in_two_are_whole_again() -> None:
    (text,) = texts(wrapped(PROSE, 21))
    assert "5万2千余册" in text
    assert "流动图书车" in text


def test_a_short_line_ends_a_paragraph_of_wrapped_text() -> None:
    ends_short = PROSE + "全馆职工共三十二名。"
    assert texts(wrapped(ends_short) + "\n\n" + wrapped(PROSE)) == [ends_short, PROSE]


def test_a_marked_line_starts_a_paragraph() -> None:
    text = wrapped(PROSE) + "\n\n（二）读者活动\n\n" + wrapped(PROSE) + "\n\n3、讲座\n\n" + wrapped(PROSE)
    assert texts(text) == [PROSE, "（二）读者活动", PROSE, "3、讲座", PROSE]


def test_a_month_stands_alone_and_its_entries_are_parted() -> None:
    text = wrapped(PROSE) + "\n\n1 月份\n\n1月3日，新书到馆\n\n1月9日，馆务会召开\n\n2月份"
    assert texts(text) == [PROSE, "1 月份", "1月3日，新书到馆", "1月9日，馆务会召开", "2月份"]


def test_a_title_between_wrapped_paragraphs_stands_alone() -> None:
    full = PROSE[: len(PROSE) // 22 * 22 - 1] + "。"  # ends at the very end of a line
    assert texts(wrapped(full) + "\n\n2020年工作计划\n\n" + wrapped(PROSE)) == [full, "2020年工作计划", PROSE]


def test_an_unbalanced_quotation_mark_swallows_only_a_few_lines() -> None:
    text = "第一条“开头没有结尾。\n第二条讲的是馆藏。\n第三条讲的是读者。"
    assert texts(text) == text.split("\n")


def test_long_lines_are_paragraphs_and_an_unfinished_one_goes_on() -> None:
    text = PROSE + "\n\n全年新增馆藏52300册，其中普通图书有31770\n\n册，报刊640种。\n\n" + PROSE
    assert texts(text) == [PROSE, "全年新增馆藏52300册，其中普通图书有31770册，报刊640种。", PROSE]


def test_a_title_over_unwrapped_text_is_not_glued_to_it() -> None:
    text = "临河市2021年国民经济和社会发展统计公报\n临河市统计局\n" + PROSE + "\n二、2023年工作计划\n计划办展15个。"
    assert texts(text) == text.split("\n")


def test_a_flattened_table_keeps_its_cells_apart() -> None:
    cells = ["产品名称", "单位", "产量", "粮食", "万吨", "132.6", "3.1"]
    assert texts("\n".join([PROSE, *cells])) == [PROSE, *cells]


def test_blank_lines_part_english_paragraphs() -> None:
    text = textwrap.fill(ENGLISH, 72) + "\n\n" + textwrap.fill(ENGLISH, 72)
    assert texts(text) == [ENGLISH, ENGLISH]


def test_english_in_double_spacing_is_joined_by_the_word_that_did_not_fit() -> None:
    spaced = textwrap.fill(ENGLISH, 72).replace("\n", "\n\n")
    assert texts(spaced + "\n\nThe end.\n\n" + spaced) == [ENGLISH, "The end.", ENGLISH]


def test_an_english_page_break_in_mid_sentence_is_no_end() -> None:
    text = textwrap.fill(ENGLISH, 72)
    assert texts(f"{text}\n\n{text.replace(chr(10), chr(10) * 4, 1)}") == [ENGLISH, ENGLISH]


def test_english_lists_headings_and_rulers_stand_apart() -> None:
    text = (
        textwrap.fill(ENGLISH, 72)
        + "\n\n- 96 story times\n- 70 talks, each limited to\n  eight people\n\nFINANCES\n--------\n"
    )
    expected = [ENGLISH, "- 96 story times", "- 70 talks, each limited to eight people", "FINANCES", "--------"]
    assert texts(text + textwrap.fill(ENGLISH, 72)) == [*expected, ENGLISH]


def test_a_figure_at_the_start_of_a_wrapped_line_is_no_list() -> None:
    text = (
        "The branch at Mill Lane lent 4,100 volumes to schools in the district, and\n12. of them were never returned."
    )
    assert texts(textwrap.fill(ENGLISH, 76) + "\n\n" + text)[1:] == [text.replace("\n", " ")]


def test_headings_of_the_file_format_join_nothing() -> None:
    lines = (Line(1, "馆藏与", level=1), Line(2, PROSE), Line(3, "服务", level=2))
    assert [p.lines for p in paragraphs(lines)] == [LineRange(n, n) for n in (1, 2, 3)]


def test_wrapping_is_seen_and_measured() -> None:
    assert layout_of(lines_of(wrapped(PROSE))).wrapped
    assert not layout_of(lines_of("\n".join([PROSE] * 5))).wrapped
    assert layout_of(lines_of(textwrap.fill(ENGLISH * 3, 72))).blanks_part
    assert not layout_of(lines_of(wrapped(PROSE))).blanks_part
    assert layout_of(()).width == 0


def test_chinese_characters_take_two_columns() -> None:
    assert (columns("  馆藏 12 册 "), columns("books"), columns("“”—…")) == (10, 5, 8)


pieces = st.text("馆藏，。：；“”（）《》 \t0123456789年月日一二、.-#|aBc", max_size=26)


@given(st.lists(pieces | st.just(""), max_size=30))
def test_every_written_line_is_in_exactly_one_paragraph(written: list[str]) -> None:
    lines = lines_of("\n".join(written))
    found = [number for p in paragraphs(lines) for number in p.lines if lines[number - 1].text.strip()]
    assert found == [line.number for line in lines if line.text.strip()]


# No digits: without figures there is no table, whose rows are told in words of their own.
@given(st.lists(st.text("馆藏，。：（）《》 一二、.#aBc", max_size=26), max_size=30))
def test_each_character_maps_to_a_line_that_holds_it(written: list[str]) -> None:
    lines = lines_of("\n".join(written))
    for passage in paragraphs(lines):
        for at, character in enumerate(passage.text):
            assert character.isspace() or character in lines[passage.line_at(at) - 1].text


def test_a_number_cut_by_a_line_end_is_one_number() -> None:
    start = "流动图书车更新，新车由市里一家慈善机构捐赠，连同车上书架等设备价值共计2"
    assert "价值共计26.8万元" in "".join(
        texts(f"{start}\n6.8万元，下乡时使用。\n{start}\n6.8万元，下乡时使用。\n{start}")
    )


def test_a_remark_in_brackets_goes_on_after_a_short_line() -> None:
    text = "建成书屋3个：东湖书屋（5月1日，藏书3100册）、西山\n镇书屋\n（8月18日，藏书2200册）、南林书屋。"
    assert len(texts(text)) == 1


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("全年新增各类文献资源十分丰富，新购图书共计1.", "71万册，新增持证读者达到5213人。", "共计1.71万册"),
        ("全年举办各类阅读推广活动，参加活动的读者共1,", "234人次，得到上级部门的充分肯定。", "共1,234人次"),
    ],
)
def test_a_number_cut_at_its_point_or_comma_is_one_number(before: str, after: str, whole: str) -> None:
    (text,) = texts(f"{before}\n{after}")
    assert whole in text


def test_an_item_after_a_number_with_a_point_stays_an_item() -> None:
    assert len(texts("以上各项工作的详细情况，见后面所附的材料1.\n2.新增图书三千册，全部上架。")) == 2
