"""Headings, depths, months, years and stance, on small reports written for each trap."""

from __future__ import annotations

import pytest

from documents.headings import headings
from documents.outline import sections
from documents.reflow import paragraphs
from documents.report import Line, Section, Stance

BODY = "本馆全年接待读者四十七万人次，办理借书证三千二百张，外借图书五万余册，各项指标都好于上年。"
ENGLISH = "The library lent 402,118 volumes in the year, and its rooms were used by more people than ever before."


def outline(text: str, year: int | None = 2019) -> list[Section]:
    lines = tuple(Line(number, line) for number, line in enumerate(text.split("\n"), start=1))
    blocks = list(paragraphs(lines))
    return list(sections(blocks, headings(blocks, lines), len(lines), year))


def tree(text: str, year: int | None = 2019) -> list[tuple[int, str]]:
    return [(s.level, s.title) for s in outline(text, year)]


def periods(text: str, year: int | None = 2019) -> list[str]:
    return [str(s.period) for s in outline(text, year)]


def test_the_kind_of_mark_gives_the_depth_however_numbers_lie() -> None:
    text = f"一、党建\n{BODY}\n一、业务\n1、讲座\n{BODY}\n（2）展览\n{BODY}\n三、队伍\n{BODY}"
    assert tree(text) == [(2, "党建"), (2, "业务"), (4, "讲座"), (5, "展览"), (2, "队伍")]


def test_a_first_section_with_another_mark_closes_no_later_one() -> None:
    text = f"2019年工作总结\n1、学习\n{BODY}\n二、阵地\n{BODY}\n三、网络\n{BODY}"
    assert tree(text) == [(1, "2019年工作总结"), (4, "学习"), (2, "阵地"), (2, "网络")]


@pytest.mark.parametrize("text", ["2、", "4、。", "（三）"])
def test_an_empty_number_is_no_heading(text: str) -> None:
    assert tree(f"一、业务\n{BODY}\n{text}\n{BODY}") == [(2, "业务")]


def test_bookmark_marks_are_no_part_of_a_title() -> None:
    text = f"1、 [bookmark: _Toc1]2019年工作总结\n{BODY}\n[bookmark: _Toc2]二、阵地服务\n{BODY}"
    text += f"\n[bookmark: _Toc3]荣誉\n{BODY}"
    assert tree(text) == [(1, "2019年工作总结"), (2, "阵地服务"), (2, "荣誉")]


def test_entries_of_a_list_are_no_headings() -> None:
    text = f"一、荣誉\n1、省级文明单位\n2、市级先进集体\n二、活动\n{BODY}"
    assert tree(text) == [(2, "荣誉"), (2, "活动")]


def test_a_run_in_heading_is_its_first_sentence() -> None:
    assert tree(f"一、服务\n1、延长开放时间。{BODY}") == [(2, "服务"), (4, "延长开放时间")]


def test_bracketed_entries_hold_their_unmarked_lines() -> None:
    text = f"2019年大事记\n【讲座】{BODY}\n首场讲座。\n【展览】{BODY}"
    assert tree(text) == [(1, "2019年大事记"), (3, "讲座"), (3, "展览")]


def test_a_date_in_brackets_is_an_entry_of_its_month() -> None:
    text = f"2019年大事记\n3月\n【3月5日】{BODY}\n【3月12-13日】{BODY}\n4月\n【4月2日】{BODY}"
    assert tree(text) == [(1, "2019年大事记"), (3, "3月"), (3, "4月")]


def test_what_is_wrong_is_no_plan_though_its_heading_names_one_too() -> None:
    text = f"2019年工作总结\n{BODY}\n一、问题与打算\n{BODY}\n二、2020年安排\n{BODY}"
    assert [s.stance for s in outline(text)] == [Stance.ACHIEVED, Stance.ACHIEVED, Stance.PLANNED]


def test_months_stand_one_deeper_than_their_chronicle() -> None:
    text = (
        "一、大事记\n1 月份\n1月3日，开馆。\n2月大事记\n2月1日，闭馆。\n3月份大事记\n3月4日，开馆。\n二、统计\n" + BODY
    )
    assert tree(text) == [(2, "大事记"), (3, "1 月份"), (3, "2月大事记"), (3, "3月份大事记"), (2, "统计")]
    assert periods(text) == ["2019", "2019-01", "2019-02", "2019-03", "2019"]


def test_numbered_entries_inside_a_month_are_no_headings() -> None:
    assert tree("大事记\n1月份\n1、召开座谈会\n开了一天。\n2、新书到馆\n共三百册。") == [(1, "大事记"), (3, "1月份")]


def test_numbering_that_goes_on_after_a_chronicle_leaves_it() -> None:
    text = f"1. Services\n\n{ENGLISH}\n\n2. Chronicle\n\nJanuary\n\nThe doors opened again.\n\n3. Money\n\n{ENGLISH}"
    assert tree(text) == [(2, "Services"), (2, "Chronicle"), (3, "January"), (2, "Money")]


def test_a_plan_inside_a_summary_speaks_of_its_own_year() -> None:
    text = f"2019年工作总结\n{BODY}\n二、2020年工作计划\n（一）新馆\n{BODY}\n2019年大事记\n1月\n1月3日，开馆。"
    found = [(s.title, str(s.period), s.stance) for s in outline(text)]
    assert found == [
        ("2019年工作总结", "2019", Stance.ACHIEVED),
        ("2020年工作计划", "2020", Stance.PLANNED),
        ("新馆", "2020", Stance.PLANNED),
        ("2019年大事记", "2019", Stance.ACHIEVED),
        ("1月", "2019-01", Stance.ACHIEVED),
    ]


def test_a_plan_in_chapters_stays_a_plan() -> None:
    found = outline(f"2020年工作计划\n第一章 馆藏\n一、图书\n{BODY}\n第二章 服务\n{BODY}")
    assert {s.stance for s in found} == {Stance.PLANNED}
    assert [s.level for s in found] == [1, 2, 3, 2]


def test_several_years_in_one_file_are_told_apart() -> None:
    text = "大事记（2018—2020）\n2018年\n1月\n5日，开会。\n2019年\n2月\n3日，开馆。\n二〇二〇年\n一月\n2日，闭馆。"
    assert periods(text) == ["2019", "2018", "2018-01", "2019", "2019-02", "2020", "2020-01"]


def test_a_year_named_with_one_month_holds_for_the_next() -> None:
    text = "Chronicle\n\nDecember 2020\n\nThe roof leaked.\n\nJanuary 2021\n\nThe roof held.\n\nFebruary\n\nSnow fell."
    assert periods(text, 2021) == ["2021", "2020-12", "2021-01", "2021-02"]


def test_years_that_head_the_columns_of_a_table_are_no_sections() -> None:
    assert tree(f"一、统计\n{BODY}\n指标\n2018年\n2019年\n外借\n3\n4") == [(2, "统计")]


def test_traditional_characters_have_the_same_outline() -> None:
    text = f"2019年度工作報告\n壹、館務概況\n一、館藏\n{BODY}\n貳、未來規劃\n{BODY}\n參、大事紀\n1月\n1月8日，揮毫。"
    found = outline(text)
    assert [(s.level, s.title) for s in found] == [
        (1, "2019年度工作報告"),
        (2, "館務概況"),
        (3, "館藏"),
        (2, "未來規劃"),
        (2, "大事紀"),
        (4, "1月"),
    ]
    assert found[3].stance is Stance.PLANNED


def test_english_numbering_nests_by_its_dots() -> None:
    text = f"1. Collections\n\n1.1 Additions\n\n{ENGLISH}\n\n1.2 Losses\n\n{ENGLISH}\n\n2. Visits\n\n{ENGLISH}"
    assert tree(text) == [(2, "Collections"), (3, "Additions"), (3, "Losses"), (2, "Visits")]


def test_english_chapters_stand_over_everything() -> None:
    text = f"CHAPTER 1\n\nINTRODUCTION\n\n{ENGLISH}\n\nChapter 2. Field Work\n\nSection 2.1 Mapping\n\n{ENGLISH}"
    assert tree(text) == [(2, "CHAPTER 1"), (3, "INTRODUCTION"), (2, "Field Work"), (3, "Mapping")]


def test_capitals_and_bare_titles_are_headings_in_plain_english() -> None:
    text = f"ANNUAL REPORT 2019\n\nFINANCES\n\n{ENGLISH}\n\nPLANS FOR 2020\n\n{ENGLISH}"
    assert tree(text) == [(1, "ANNUAL REPORT 2019"), (2, "FINANCES"), (1, "PLANS FOR 2020")]
    assert tree(f"Year in figures\n\n{ENGLISH}\n\nOur people\n\n{ENGLISH}") == [
        (2, "Year in figures"),
        (2, "Our people"),
    ]


def test_a_sentence_about_a_chapter_is_no_heading() -> None:
    assert (
        tree(f"{ENGLISH}\n\nSection 5 of the Act was repealed. It had asked for more than any library could give.")
        == []
    )


def test_markdown_headings_keep_their_depth() -> None:
    text = f"# Review 2019\n\n## Loans\n\n{ENGLISH}\n\n### By branch\n\n{ENGLISH}\n\nVisits\n------\n\n{ENGLISH}"
    assert tree(text) == [(1, "Review 2019"), (2, "Loans"), (3, "By branch"), (2, "Visits")]


def test_a_quarter_is_a_section() -> None:
    assert tree(f"Q3 (July to September)\n\n{ENGLISH}\n\nQ4\n\n{ENGLISH}") == [(2, "Q3 (July to September)"), (2, "Q4")]


def test_levels_the_file_format_states_are_kept() -> None:
    lines = (Line(1, "一、馆藏", level=3), Line(2, BODY), Line(3, "3月", level=4), Line(4, BODY))
    blocks = list(paragraphs(lines))
    found = sections(blocks, headings(blocks, lines), 4, 2019)
    assert [(s.level, s.title, str(s.period)) for s in found] == [(3, "馆藏", "2019"), (4, "3月", "2019-03")]


def test_sections_nest_and_end_where_the_next_begins() -> None:
    found = outline(f"2019年工作总结\n一、馆藏\n{BODY}\n（一）图书\n{BODY}\n二、读者\n{BODY}")
    assert [str(s.lines) for s in found] == ["L1-L7", "L2-L5", "L4-L5", "L6-L7"]
