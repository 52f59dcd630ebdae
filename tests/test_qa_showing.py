from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.errors import InvalidSetting
from documents.report import LineRange
from qa.assistant import Assistant
from qa.showing import line_range, outline_of, selected


@pytest.mark.parametrize(
    ("text", "lines"),
    [("7", (7, 7)), ("7-9", (7, 9)), ("L7-L9", (7, 9)), (" 7 – 9 ", (7, 9)), ("7:9", (7, 9)), ("95-200", (95, 100))],
)
def test_a_range_of_lines_may_be_written_in_several_ways(text: str, lines: tuple[int, int]) -> None:
    assert line_range(text, 100) == LineRange(*lines)


@pytest.mark.parametrize("text", ["", "0", "0-5", "9-7", "101", "101-102", "a-b", "1-2-3", "-5", "1.5"])
def test_what_is_no_range_is_refused_with_the_range_there_is(text: str) -> None:
    with pytest.raises(InvalidSetting, match="between 1 and 100"):
        line_range(text, 100)


@given(st.integers(1, 500), st.integers(1, 500))
def test_a_citation_s_own_lines_can_be_shown(one: int, other: int) -> None:
    lines = LineRange(min(one, other), max(one, other))
    assert line_range(str(lines), 500) == lines


def test_a_month_s_lines_stand_under_its_heading_only(assistant: Assistant) -> None:
    report = assistant.report("kunshan-2019")
    months = [[line.number for line in selected(report, None, month)] for month in range(1, 13)]
    assert all(months)
    assert all(before[-1] < after[0] for before, after in pairwise(months))


def test_lines_and_month_together_give_what_both_hold(assistant: Assistant) -> None:
    report = assistant.report("kunshan-2019")
    assert selected(report, None, None) == report.lines
    march = {line.number for line in selected(report, None, 3)}
    assert {line.number for line in selected(report, "1-58", 3)} == march & set(range(1, 59))


def test_an_outline_names_sections_months_and_plans(assistant: Assistant) -> None:
    outline = outline_of(assistant.report("kunshan-2019"))
    assert {section["period"] for section in outline} >= {"2019-01", "2019-12"}
    assert {section["stance"] for section in outline_of(assistant.report("xuchang-2019"))} == {"achieved", "planned"}
