"""Follow-ups over the bundled samples: what is carried over, what is not, and that all of it can be saved."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from index.scope import Scope
from qa.assistant import Assistant
from qa.conversation import Conversation

FOLLOW_UPS = [
    ("昆山市图书馆2019年到馆读者多少人次？", "那长治呢？", "长治2019年到馆读者多少人次？"),
    ("昆山3月做了什么？", "那4月呢？", "昆山4月做了什么？"),
    ("昆山2019年3月做了什么？", "第二季度呢", "昆山2019年4-6月做了什么？"),
    ("许昌2019年新增办证多少张？", "和昆山比呢？", "许昌和昆山2019年新增办证哪家更多？"),
    ("许昌市图书馆2019年新增图书多少册？", "办证呢？", "许昌市图书馆2019年办证有多少？"),
    ("许昌市图书馆2019年新增图书多少册？", "办了多少场讲座？", "许昌市图书馆2019年办了多少场讲座？"),
    ("How many books did Xuchang add in 2019?", "And Kunshan?", "How many books did Kunshan add in 2019?"),
    ("What happened at Kunshan in March?", "and in April?", "What happened at Kunshan in April?"),
    ("What happened at Kunshan in 2019?", "and in March?", "What happened at Kunshan in March 2019?"),
    ("How many visits did Kunshan have?", "versus Changzhi?", "Which had more visits, Kunshan or Changzhi?"),
    ("How many books did Xuchang add in 2019?", "what about visits?", "How many visits at Xuchang in 2019?"),
    ("昆山2019年到馆读者多少人次？", "And Changzhi?", "长治市图书馆2019年到馆读者多少人次？"),
    ("昆山2019年到馆读者多少人次？", "what about Changzhi", "长治市图书馆2019年到馆读者多少人次？"),
    ("How many books did Xuchang add in 2019?", "那昆山呢？", "How many books did Kunshan add in 2019?"),
    ("How many books did Xuchang add in 2019?", "和长治比呢？", "Did Xuchang or Changzhi add more books in 2019?"),
    ("昆山2019年到馆读者多少人次？", "那2020年呢", "昆山2020年到馆读者多少人次？"),
    ("昆山2019年到馆读者多少人次？", "and its branches?", "How many branches at Kunshan in 2019?"),
    ("许昌市图书馆2019年新增图书多少册？", "它有多少分馆？", "许昌市图书馆2019年有多少分馆？"),
    ("许昌市图书馆2019年新增图书多少册？", "How many cards did it issue?", "How many cards did Xuchang issue in 2019?"),
    ("昆山2019年3月做了什么？", "下个月呢？", "昆山2019年4月做了什么？"),
    ("昆山2019年12月做了什么？", "次月呢？", "昆山2020年1月做了什么？"),
    ("What happened at Kunshan in March?", "the month before?", "What happened at Kunshan in February?"),
    ("昆山2019年到馆读者多少人次？", "去年呢？", "昆山2018年到馆读者多少人次？"),
    ("昆山2019年到馆读者多少人次？", "不对，我问的是长治", "长治2019年到馆读者多少人次？"),
    ("How many visits did Kunshan have in 2019?", "No, I meant Xuchang", "How many visits did Xuchang have in 2019?"),
    ("昆山新建了几家分馆？", "有哪些？", "昆山新建分馆有哪些？"),
    ("昆山2019年到馆读者多少人次？", "in English please", "昆山2019年到馆读者多少人次？"),
    ("昆图朗诵团成立7周年的沙龙活动是哪一天？", "在哪儿办的？", "昆图朗诵团成立7周年的沙龙活动在哪儿办的？"),
    ("昆山岗位大练兵活动是什么时候开展的？", "多少人参加？", "昆山岗位大练兵活动多少人参加？"),
    ("石继航的专题讲座题目是什么？", "是哪天讲的？", "石继航的专题讲座是哪天讲的？"),
    ("许昌2019年志愿服务活动项目发起了多少个？", "服务了多长时间？", "许昌2019年志愿服务活动项目服务了多长时间？"),
    ("昆山2019年新建的图书分馆有几家？", "叫什么名字？", "昆山2019年新建的图书分馆有哪些？"),
    ("What was the title of the talk by Shi Jihang?", "when was that?", "When was the talk by Shi Jihang?"),
    ("When did the choir of Kunshan meet?", "where was it held?", "Where did the choir of Kunshan meet?"),
    ("How many branches did Kunshan open?", "what are they called?", "Which branches did Kunshan open?"),
    ("昆山2019年办证多少张？", "换成许昌再问一遍", "许昌2019年办证多少张？"),
    ("昆山2019年新增图书多少册？", "那长治的图书呢？", "长治2019年新增图书多少册？"),
    ("昆山2019年新增图书多少册？", "许昌的又是多少？", "许昌2019年新增图书多少册？"),
    ("How many books did Kunshan add in 2019?", "same question for Xuchang", "How many books did Xuchang add in 2019?"),
    ("昆山2019年3月做了什么？", "再往后两个月呢？", "昆山2019年5月做了什么？"),
    ("昆山2019年3月做了什么？", "往前推一个月", "昆山2019年2月做了什么？"),
    ("昆山2019年11月做了什么？", "两个月以后呢？", "昆山2020年1月做了什么？"),
    ("What happened at Kunshan in March?", "two months earlier?", "What happened at Kunshan in January?"),
    ("How many visits to Changzhi in 2019?", "in Yuancheng, a year later?", "How many visits to Yuancheng in 2020?"),
]  # fmt: skip
WHOLE = [
    ("昆山2019年到馆读者多少人次？", "哪家图书馆新增图书最多？"),
    ("昆山2019年到馆读者多少人次？", "长治市图书馆办了多少场讲座？"),
    ("How many books did Xuchang add in 2019?", "Which library had the most visits?"),
]


def after(assistant: Assistant, *questions: str) -> Conversation:
    conversation = Conversation()
    for question in questions:
        conversation = conversation.ask(assistant, question)
    return conversation


@pytest.mark.parametrize(("first", "then", "understood"), FOLLOW_UPS)
def test_a_follow_up_becomes_a_question_that_stands_alone(
    assistant: Assistant, first: str, then: str, understood: str
) -> None:
    turn = after(assistant, first, then).turns[-1]
    assert turn.question == understood
    assert turn.carried_over


@pytest.mark.parametrize(
    ("then", "understood"),
    [
        ("哪家多？", "昆山和长治2019年到馆读者哪家更多？"),
        ("which is fewer?", "昆山和长治2019年到馆读者哪家更少？"),
        ("两家一共多少？", "昆山和长治2019年到馆读者一共多少人次？"),
        ("差多少？", "昆山和长治2019年到馆读者相差多少人次？"),
    ],
)
def test_two_libraries_asked_about_in_turn_can_be_taken_together(
    assistant: Assistant, then: str, understood: str
) -> None:
    turn = after(assistant, "昆山2019年到馆读者多少人次？", "那长治呢？", then).turns[-1]
    assert turn.question == understood
    assert not turn.answer.abstained


@pytest.mark.parametrize(
    ("then", "understood"),
    [
        ("前一个馆的分馆有多少家？", "昆山的分馆有多少家？"),
        ("第一个馆的总藏量呢？", "昆山2019年总藏量有多少？"),
        ("后者的总藏量呢？", "长治2019年总藏量有多少？"),
        ("and the first library?", "昆山市图书馆2019年到馆读者多少人次？"),
    ],
)
def test_a_library_may_be_pointed_at_by_its_place_in_the_talk(assistant: Assistant, then: str, understood: str) -> None:
    turn = after(assistant, "昆山2019年到馆读者多少人次？", "那长治呢？", then).turns[-1]
    assert turn.question == understood


def test_what_points_at_a_library_nobody_asked_about_is_left_as_it_is(assistant: Assistant) -> None:
    assert "前一个馆" in after(assistant, "昆山2019年到馆读者多少人次？", "前一个馆有多少分馆？").turns[-1].question


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (("昆山2019年到馆读者多少人次？", "what about Changzhi?"), "en"),
        (("昆山2019年到馆读者多少人次？", "what about Changzhi?", "那许昌呢？"), "zh"),
        (("How many books did Xuchang add in 2019?", "那昆山呢？"), "zh"),
        (("How many books did Xuchang add in 2019?", "那昆山呢？", "2018?"), "zh"),
        (("昆山2019年到馆读者多少人次？", "in English please"), "en"),
        (("How many visits did Kunshan have in 2019?", "请用中文回答"), "zh"),
    ],
)
def test_a_follow_up_is_answered_in_its_own_language(
    assistant: Assistant, asked: tuple[str, ...], language: str
) -> None:
    said = after(assistant, *asked).turns[-1].answer.text.partition("“")[0]
    assert bool(re.search(r"图书馆：|报告中没有说明", said)) == (language == "zh")


@pytest.mark.parametrize(("first", "then"), WHOLE)
def test_a_question_with_its_own_scope_carries_nothing_over(assistant: Assistant, first: str, then: str) -> None:
    turn = after(assistant, first, then).turns[-1]
    assert turn.question == then
    assert not turn.carried_over


def test_the_answer_is_the_one_the_rewritten_question_gets_by_itself(assistant: Assistant) -> None:
    turn = after(assistant, "昆山市图书馆2019年到馆读者多少人次？", "那长治呢？").turns[-1]
    alone = assistant.ask("长治2019年到馆读者多少人次？")
    assert (turn.answer.text, turn.answer.citations) == (alone.text, alone.citations)


def test_what_was_understood_is_said_in_one_line(assistant: Assistant) -> None:
    turn = after(assistant, "昆山3月讲座办了多少场？").turns[0]
    assert turn.understood.line("zh") == "昆山市图书馆 · 3月 · 讲座"
    assert turn.understood.line("en") == "昆山市图书馆 · March · 讲座"


def test_a_third_question_follows_the_second_as_it_was_understood(assistant: Assistant) -> None:
    turn = after(assistant, "昆山3月做了什么？", "长治呢", "那4月呢？").turns[-1]
    assert turn.question == "长治4月做了什么？"


def test_a_library_that_no_report_is_about_can_be_exchanged(assistant: Assistant) -> None:
    turn = after(assistant, "北京市图书馆2019年到馆读者多少人次？", "那昆山呢？").turns[-1]
    assert turn.question == "昆山2019年到馆读者多少人次？"


def test_a_scope_set_by_hand_holds_for_every_turn(assistant: Assistant) -> None:
    conversation = Conversation(scope=Scope(reports=frozenset({"kunshan-2019"}))).ask(assistant, "到馆读者多少人次？")
    assert {c.report_id for c in conversation.turns[0].answer.citations} == {"kunshan-2019"}


def test_asking_leaves_the_earlier_conversation_as_it_was(assistant: Assistant) -> None:
    first = after(assistant, "昆山3月做了什么？")
    second = first.ask(assistant, "那4月呢？")
    assert len(first.turns) == 1
    assert second.back_to(1) == first


def test_a_saved_conversation_comes_back_the_same(assistant: Assistant) -> None:
    conversation = after(assistant, "昆山3月做了什么？", "和长治比呢？", "那2018年呢？")
    saved = json.dumps(conversation.to_dict(), ensure_ascii=False)
    restored = Conversation.from_dict(json.loads(saved))
    assert restored.to_dict() == conversation.to_dict()
    assert restored.turns[0].answer.citations == conversation.turns[0].answer.citations


def test_a_conversation_in_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="format 99"):
        Conversation.from_dict({"format": 99})


def test_a_stream_gives_growing_texts_and_last_the_conversation_that_asking_gives(assistant: Assistant) -> None:
    *texts, last = Conversation(id="c").stream(assistant, "许昌市图书馆2019年新增图书多少册？")
    assert isinstance(last, Conversation)
    assert all(isinstance(text, str) and last.turns[0].answer.text.startswith(text) for text in texts)
    assert texts[0] == "104286册"
    assert texts[-1] == last.turns[0].answer.text
    asked = Conversation(id="c").ask(assistant, "许昌市图书馆2019年新增图书多少册？")
    assert replace(asked.turns[0].answer, timing=last.turns[0].answer.timing) == last.turns[0].answer
