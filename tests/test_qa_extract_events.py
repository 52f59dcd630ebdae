"""What happened in a month or several: every entry of the chronicle, each with its own lines."""

from __future__ import annotations

import pytest

from qa.assistant import Assistant


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("许图12月大事记里都记了什么？", 3),
        ("昆图8月份都忙了些什么？", 6),
        ("昆图6月的大事记记了些什么？", 3),
        ("What did Kunshan Library get up to in May?", 7),
    ],
)
def test_a_month_gives_all_its_entries_each_with_a_citation(assistant: Assistant, question: str, count: int) -> None:
    answer = assistant.ask(question)
    assert answer.text.count("\n- ") == count
    assert len(answer.citations) == count


@pytest.mark.parametrize(
    ("question", "months"),
    [
        ("昆图1月和2月的大事？", {1, 2}),
        ("讲讲许昌市图书馆七八月份的活动", {7, 8}),
        ("昆图第二季度有哪些大事？", {4, 5, 6}),
        ("What took place at Kunshan Library between April and June?", {4, 5, 6}),
    ],
)
def test_several_months_give_the_entries_of_each(assistant: Assistant, question: str, months: set[int]) -> None:
    answer = assistant.ask(question)
    assert {c.period.month for c in answer.citations if c.period} == months


def test_plans_are_no_events(assistant: Assistant) -> None:
    answer = assistant.ask("昆图上半年大事记")
    assert all("计划" not in " ".join(c.section) for c in answer.citations)
