"""Counts of entries, points and items: what is counted, what a stated figure answers, and when nothing is counted."""

from __future__ import annotations

import pytest
from support import Over

CHRONICLE = """松岭市图书馆2021年工作总结
一、基本情况
全年到馆读者42000人次。
二、大事记
3月
3月2日，举办《山海经》讲座，86人参加。
3月9日，中层干部例会在二楼召开。
3月20日，举办古籍修复讲座。
3月28日，“春色”摄影作品展在一楼大厅展出。
4月
4月6日，获省级文明单位称号。
4月23日，举办世界读书日讲座。
三、2022年工作计划
一是新建分馆。二是改造书库。三是培训馆员。
"""


@pytest.mark.parametrize(
    ("question", "short", "entries"),
    [
        ("松岭大事记里3月有几条记载？", "4条", 4),
        ("松岭3月办了几场讲座？", "2场", 2),
        ("松岭大事记一共记了几场讲座？", "3场", 3),
        ("大事记里有几次展览？", "1次", 1),
        ("How many lectures are recorded in March?", "2 lectures", 2),
        ("How many entries does the chronicle list?", "6 entries", 6),
        ("松岭2022年的工作计划分成几个方面？", "3个", 3),
    ],
)
def test_entries_are_counted_one_by_one_each_with_its_line(over: Over, question: str, short: str, entries: int) -> None:
    answer = over(CHRONICLE).ask(question)
    assert answer.short == short
    assert answer.text.count("\n- ") == entries


def test_a_stated_number_goes_before_counting(over: Over) -> None:
    answer = over(CHRONICLE.replace("42000人次。", "42000人次，举办讲座12场。")).ask("松岭2021年一共举办了几场讲座？")
    assert answer.short == "12场"


def test_a_date_in_brackets_leads_an_entry(over: Over) -> None:
    text = (
        CHRONICLE.replace("3月2日，", "【3月2日】")
        .replace("3月20日，", "【3月20日】")
        .replace("3月9日，", "【3月9日】")
    )
    assert over(text).ask("松岭3月办了几场讲座？").short == "2场"


@pytest.mark.parametrize(
    "question", ["大事记里记载了几次游泳比赛？", "松岭3月有几场音乐会？", "松岭3月招募了多少名志愿者？"]
)
def test_what_no_entry_speaks_of_is_not_counted(over: Over, question: str) -> None:
    assert over(CHRONICLE).ask(question).abstained


def test_a_long_chronicle_is_counted_whole_though_only_its_first_entries_are_shown(over: Over) -> None:
    days = "\n".join(
        f"{month}月{day}日，举办第{month}{day:02}号读书会。" for month in range(1, 13) for day in range(1, 9)
    )
    answer = over(f"松岭市图书馆2021年大事记\n{days}\n").ask("大事记里一共记了几次读书会？")
    assert answer.short == "96次"
    assert "列出前60条" in answer.text
