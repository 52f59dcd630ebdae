"""Places a question is about that no report knows are told; words that only look like places are not."""

from __future__ import annotations

import pytest

from documents.folding import fold
from qa.understanding.directory import Mention
from qa.understanding.unknown import unknown_places

TEXT = "青山市图书馆与白水县图书馆、宁州市文旅局座谈，参观了周庄镇枫景苑分馆。Wexley Library was closed."


def known(name: str, *, library: bool = False) -> bool:
    """What the text above holds; 宁州 is there, but no library of it."""
    bare = {"Ningzhou": "宁州", "Qingshan": "青山"}.get(name, name.removesuffix("市").removesuffix("县"))
    return any(bare + kind in TEXT for kind in ("市图书馆", "县图书馆")) if library else bare in TEXT


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("黑河市图书馆2020年借出多少册？", ("黑河市",)),
        ("宁州市图书馆有多少册藏书？", ("宁州市",)),
        ("绍兴2020年办了几场讲座？", ("绍兴",)),
        ("武汉市2019年新增图书多少册？", ("武汉市",)),
        ("请问清河县2020年常住人口是多少？", ("清河县",)),
        ("How many cards did Baishui County issue?", ("Baishui",)),
        ("How many loans did Oakdale Library make?", ("Oakdale",)),
        ("When did Pingdingshan's library open?", ("Pingdingshan",)),
        ("How many visitors did Chongqing have in 2019?", ("Chongqing",)),
        ("What did the Ningzhou Library lend?", ("Ningzhou",)),
        ("白水县图书馆派来几个人？", ()),
        ("枫景苑图书馆哪天开馆？", ()),
        ("周庄2019年开了几家分馆？", ()),
        ("自助图书馆有多少座？", ()),
        ("馆内2019年阅览多少册次？", ()),
        ("How many days was Wexley Library closed?", ()),
        ("How many people signed up on the Deer City platform?", ()),
        ("How many books did Foxconn give?", ()),
    ],
)
def test_a_place_that_no_report_knows_is_told(question: str, places: tuple[str, ...]) -> None:
    assert unknown_places(fold(question), question, (), known) == places


def test_a_question_that_names_an_indexed_report_is_about_that() -> None:
    mention = Mention(0, 6, "青山市图书馆", frozenset({"qingshan"}))
    assert unknown_places("青山市图书馆去武汉市图书馆考察了几天", "", (mention,), known) == ()
