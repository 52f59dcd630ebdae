"""What a question asks for, from its wording alone."""

from __future__ import annotations

import pytest

from documents.folding import fold
from qa.understanding.kinds import Kind, asks_for_plan, is_bare_events, kind_of
from qa.understanding.wanted import wanted_unit

KINDS = [
    ("新增图书多少册？", Kind.NUMBER),
    ("办了几场讲座", Kind.NUMBER),
    ("How many cards were issued?", Kind.NUMBER),
    ("What was the number of visits?", Kind.NUMBER),
    ("哪天开馆的？", Kind.DATE),
    ("什么时候上线", Kind.DATE),
    ("When did the exhibition open?", Kind.DATE),
    ("On which evening was the lantern fair held?", Kind.DATE),
    ("Over what period were poems accepted?", Kind.DATE),
    ("What did the new lift end up costing?", Kind.NUMBER),
    ("On which date was the meeting held?", Kind.DATE),
    ("馆长是谁？", Kind.PERSON),
    ("Who gave the talk?", Kind.PERSON),
    ("Which county leader opened the ceremony?", Kind.PERSON),
    ("Name of the photographer of the show?", Kind.PERSON),
    ("那位阿姨真名叫什么", Kind.PERSON),
    ("和哪个县馆合办的", Kind.ORGANISATION),
    ("How big was the drop?", Kind.NUMBER),
    ("What was the winning bid?", Kind.NUMBER),
    ("What was the daily visitor limit?", Kind.NUMBER),
    ("What is budgeted for the branches?", Kind.NUMBER),
    ("在哪里举办？", Kind.PLACE),
    ("Where was it launched?", Kind.PLACE),
    ("有哪些项目？", Kind.LIST),
    ("List the new branches", Kind.LIST),
    ("Which cities belong to the alliance?", Kind.LIST),
    ("两项合计多少？", Kind.CALC),
    ("借出比还回相差多少册次？", Kind.CALC),
    ("What is the difference between loans and returns?", Kind.CALC),
    ("What percentage of loans came from branches?", Kind.CALC),
    ("主题叫什么？", Kind.NAME),
    ("What was the title of the exhibition?", Kind.NAME),
    ("为什么撤销？", Kind.TEXT),
]


@pytest.mark.parametrize(("question", "kind"), KINDS)
def test_the_wording_tells_the_kind(question: str, kind: Kind) -> None:
    assert kind_of(fold(question), organisations=1, has_period=False, content=fold(question)) is kind


@pytest.mark.parametrize(
    "question", ["青山和白水哪家新增图书多？", "Which library had more visits, Qingshan or Baishui?"]
)
def test_two_organisations_and_a_more_are_compared(question: str) -> None:
    assert kind_of(fold(question), organisations=2, has_period=False, content=fold(question)) is Kind.COMPARE


@pytest.mark.parametrize("content", ["做了什么", "有哪些大事", "都办了哪些活动？", "what happened", "main events"])
def test_nothing_but_a_period_asks_for_its_events(content: str) -> None:
    assert is_bare_events(content)
    assert kind_of(content, organisations=1, has_period=True, content=content) is Kind.EVENTS
    assert kind_of(content, organisations=1, has_period=False, content=content) is not Kind.EVENTS


@pytest.mark.parametrize("content", ["办证多少张", "诗词讲座什么时候办", "how many cards", "which poet visited"])
def test_a_question_with_a_subject_is_not_about_everything(content: str) -> None:
    assert not is_bare_events(content)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("新增图书多少册？", "volume"),
        ("办证多少张", "card"),
        ("占比多少", "percent"),
        ("How many volumes were added?", "volume"),
        ("How many readers came?", "person"),
        ("what percentage of loans", "percent"),
        ("how big was the increase in visits?", "percent"),
        ("每周开多少个小时", "hour"),
        ("What was the total attendance of the forum?", "visit"),
        ("How many e-books are there?", "volume"),
        ("买报刊的钱是多少", "money"),
        ("What was the grant for the reading room?", "money"),
        ("招了多少学员", "person"),
        ("How many pictures were taken in?", "item"),
    ],
)
def test_the_unit_asked_for_is_of_a_kind(question: str, kind: str) -> None:
    assert kind in wanted_unit(fold(question)).kinds


def test_a_question_without_a_unit_wants_none() -> None:
    assert wanted_unit("馆长是谁") == wanted_unit("who came")
    assert not wanted_unit("馆长是谁").kinds


@pytest.mark.parametrize(
    ("question", "planned"),
    [
        ("计划新建几家分馆", True),
        ("2020年打算做什么", True),
        ("How many branches are planned?", True),
        ("新建几家分馆", False),
    ],
)
def test_only_a_question_that_says_so_asks_for_a_plan(question: str, planned: bool) -> None:
    assert asks_for_plan(fold(question)) is planned
