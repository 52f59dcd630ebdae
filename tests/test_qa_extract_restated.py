"""The same thing told twice with two values is shown with both; two things are no conflict."""

from __future__ import annotations

import pytest
from support import Over

HEAD = "墨山市图书馆2021年工作总结\n一、服务\n"


@pytest.mark.parametrize(
    ("text", "question", "values"),
    [
        (
            "全年注册文化志愿者298名，服务2160小时。\n二、队伍\n年末在册志愿者312名。\n",
            "墨山市图书馆2021年有多少名志愿者？",
            {"298名", "312名"},
        ),
        (
            "“墨山讲坛”全年开讲26讲，听众不断。\n二、大事记\n12月18日，墨山讲坛年度收官，全年共计28讲。\n",
            "墨山讲坛2021年办了多少讲？",
            {"26讲", "28讲"},
        ),
        (
            "3月8日，少儿借阅部启用。\n二、大事记\n3月份\n1、3月6日，少儿借阅部启用，小读者到场。\n",
            "墨山市图书馆少儿借阅部哪天启用？",
            {"3月8日", "3月6日"},
        ),
    ],
)
def test_a_thing_told_with_two_values_is_shown_with_both(
    over: Over, text: str, question: str, values: set[str]
) -> None:
    answer = over(HEAD + text).ask(question)
    assert {answer.short, *(conflict.value for conflict in answer.conflicts)} == values


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("东湖书吧藏书3100册，\n西岭书吧藏书2850册。\n二、其他\n南桥书吧藏书3300册。\n", "东湖书吧有多少册藏书？"),
        ("全年到馆读者41.3万人次。\n二、大事记\n上半年到馆读者21.1万人次。\n", "墨山市图书馆2021年到馆读者多少人次？"),
        ("全年外借图书13.2万册次。\n二、流通\n还回图书12.9万册次。\n", "墨山市图书馆2021年外借图书多少册次？"),
        (
            "5月3日，诗词社一周年活动举办。\n二、大事记\n4月份\n1、4月21日，诗词社第十三期活动举办。\n",
            "墨山市图书馆诗词社一周年活动是哪天？",
        ),
    ],
)
def test_two_things_worded_alike_are_no_conflict(over: Over, text: str, question: str) -> None:
    answer = over(HEAD + text).ask(question)
    assert not answer.abstained
    assert answer.conflicts == ()


def test_the_same_digits_in_another_order_restate_a_figure(over: Over) -> None:
    text = "全年举办读者活动1286场，发展平稳。\n二、附表\n读者活动1268场，其中讲座35场。\n"
    answer = over(HEAD + text).ask("墨山市图书馆2021年办了多少场读者活动？")
    assert {answer.short, *(conflict.value for conflict in answer.conflicts)} == {"1286场", "1268场"}


@pytest.mark.parametrize(
    ("one", "other", "question"),
    [
        ("书记罗显敏主持工作。", "6月20日，书记罗先敏到会。", "墨山市图书馆的书记是谁？"),
        (
            "论文《基层图书馆服务调研报告》获“群星奖”铜奖。",
            "12月2日，论文《基层图书馆服务调查报告》获“群星奖”铜奖。",
            "墨山市图书馆获“群星奖”铜奖的论文，标题到底叫什么？",
        ),
        ("打造“墨海书香”阅读品牌。", "4月10日，“书香墨海”阅读品牌发布。", "墨山市图书馆的阅读品牌叫什么？"),
    ],
)
def test_a_name_written_in_two_ways_is_shown_with_both(over: Over, one: str, other: str, question: str) -> None:
    answer = over(f"{HEAD}{one}\n二、大事记\n{other}\n").ask(question)
    assert len(answer.conflicts) == 1
    assert {len(c.value) for c in answer.conflicts} == {len(answer.short or "")}
