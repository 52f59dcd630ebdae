"""Frames around a question, and questions that only name a thing."""

from __future__ import annotations

import pytest

from documents.folding import fold
from qa.understanding.kinds import Kind, kind_of
from qa.understanding.phrases import kind_of_phrase, without_frames
from qa.understanding.wanted import wanted_unit


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Could you tell me how many cards were issued?", "how many cards were issued?"),
        ("I am writing a piece on the blind and would be grateful to know how many came.", "how many came."),
        ("Hello, do you know when it opened? Thanks!", "when it opened?"),
        ("Any idea how many seats there are?", "how many seats there are?"),
        ("I need the figure for visitors in 2019", "the figure for visitors in 2019"),
        ("她叫什么？谢谢！", "她叫什么?"),
        ("麻烦问下，哪天开馆的？", "哪天开馆的?"),
        ("我想知道办了多少证", "办了多少证"),
        ("我在写一篇文章，想了解一下办了几场讲座", "办了几场讲座"),
        ("平台借还量差不多多少", "平台借还量多少"),
    ],
)
def test_words_of_courtesy_and_occasion_go(said: str, asked: str) -> None:
    assert without_frames(fold(said)) == asked


@pytest.mark.parametrize("asked", ["要看多少书", "来馆参观的有多少人", "which report tells of it?", "please"])
def test_words_that_carry_the_question_stay(asked: str) -> None:
    assert without_frames(asked) == asked


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("cards issued", Kind.NUMBER),
        ("visitor numbers for", Kind.NUMBER),
        ("办证", Kind.NUMBER),
        ("old records digitised in phase one, number", Kind.NUMBER),
        ("book van distance travelled km", Kind.NUMBER),
        ("new website launch date?", Kind.DATE),
        ("启动时间", Kind.DATE),
        ("library director", Kind.PERSON),
        ("馆长", Kind.PERSON),
        ("the library's slogan?", Kind.NAME),
    ],
)
def test_the_noun_of_a_phrase_tells_the_kind(phrase: str, kind: Kind) -> None:
    found = kind_of_phrase(phrase, phrase)
    assert found is not None
    assert found[0] is kind


@pytest.mark.parametrize("question", ["overview of the year", "介绍一下图书馆", "how did it go", "the old tower"])
def test_a_sentence_or_a_thing_without_number_is_no_phrase_of_figures(question: str) -> None:
    assert kind_of_phrase(question, question) is None


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("How many readers a day were let in?", {"person", "visit"}),
        ("What was the click count of the mobile library?", {"times"}),
        ("What was the circulation of the library?", {"volume"}),
        ("How much was spent on books?", {"money"}),
        ("How big is the new library?", {"area"}),
        ("How many person-times of reading were there?", {"visit"}),
        ("How many e-readers could be borrowed?", set()),
        ("How many printers were bought?", set()),
        ("How many volumes stand in the stock?", {"volume"}),
    ],
)
def test_the_noun_counted_gives_the_unit(question: str, kinds: set[str]) -> None:
    assert kinds <= wanted_unit(fold(question)).kinds
    assert kinds or "person" not in wanted_unit(fold(question)).kinds


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("With which colleges did they work together?", Kind.LIST),
        ("How many tasks does the plan list?", Kind.NUMBER),
        ("Name the young writer who spoke.", Kind.PERSON),
        ("Name the schools it visited", Kind.LIST),
        ("What were the loans of the branch?", Kind.NUMBER),
        ("What did the library do for the elderly?", Kind.TEXT),
        ("Mention three projects of the library", Kind.LIST),
        ("What share of spending was on staff, in percent?", Kind.CALC),
    ],
)
def test_a_word_of_asking_counts_only_in_its_place(question: str, kind: Kind) -> None:
    assert kind_of(fold(question), organisations=1, has_period=False, content=fold(question)) is kind
