"""A chunk read closely: entries, the date that governs a place, its period and stance."""

from __future__ import annotations

import pytest

from documents.report import Chunk, LineRange, Passage, Period, Stance
from index.scope import Scope
from qa.extract.evidence import inside
from qa.scan import scan


def chunk(text: str, period: Period | None = None, stance: Stance = Stance.ACHIEVED) -> Chunk:
    anchors = [0, *(place + 1 for place, character in enumerate(text) if character == "\n")]
    passage = Passage(text, tuple((offset, number) for number, offset in enumerate(anchors, start=1)))
    return Chunk("c", "r", ("工作总结",), period, stance, passage)


CHRONICLE = "3月4日，撤销一家分馆。参加的有5人。\n3月9日，义卖图书。3月20日，表彰馆员8名。\n"


def test_the_date_that_begins_an_entry_governs_all_of_it() -> None:
    scanned = scan(chunk(CHRONICLE, Period(2019, 3)))
    governing = scanned.governing(CHRONICLE.index("5人"))
    assert governing is not None
    assert (governing.first.month, governing.first.day) == (3, 4)


def test_a_date_in_brackets_leads_its_entry_brackets_and_all() -> None:
    text = "【3月4日】撤销一家分馆。【3月9日】义卖图书。"
    scanned = scan(chunk(text, Period(2019, 3)))
    assert [text[e.start : e.end] for e in scanned.entries()] == ["【3月4日】撤销一家分馆。", "【3月9日】义卖图书。"]


def test_two_entries_on_one_line_are_two_entries() -> None:
    scanned = scan(chunk(CHRONICLE, Period(2019, 3)))
    entries = [CHRONICLE[entry.start : entry.end] for entry in scanned.entries()]
    assert [entry[:5] for entry in entries] == ["3月4日，", "3月9日，", "3月20日"] or len(entries) == 3


def test_an_entry_never_takes_in_its_neighbour() -> None:
    scanned = scan(chunk(CHRONICLE, Period(2019, 3)))
    entry = scanned.entry_at(CHRONICLE.index("义卖"))
    assert CHRONICLE[entry.start : entry.end].strip() == "3月9日，义卖图书。"


def test_a_heading_is_no_entry() -> None:
    text = "工作总结\n3月大事记\n3月4日，撤销一家分馆。"
    entries = [text[entry.start : entry.end] for entry in scan(chunk(text)).entries()]
    assert entries == ["3月4日，撤销一家分馆。"]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("全年计划新建分馆34家", Stance.PLANNED),
        ("争取办证34张", Stance.PLANNED),
        ("we plan to open 34 spaces", Stance.PLANNED),
        ("2021年，计划增加座位180个；新建分馆34家", Stance.PLANNED),
        ("全年新建分馆34家", Stance.ACHIEVED),
        ("按计划新建分馆34家", Stance.ACHIEVED),
        ("年初计划举办50期，因故实际举办34期", Stance.ACHIEVED),
        ("我们将继续努力；办证34张", Stance.ACHIEVED),
    ],
)
def test_a_plan_is_told_from_a_deed_by_its_words(text: str, stance: Stance) -> None:
    assert scan(chunk(text)).stance_at(text.index("34")) is stance


def test_everything_in_a_plan_is_planned() -> None:
    text = "新建分馆34家"
    assert scan(chunk(text, stance=Stance.PLANNED)).stance_at(text.index("34")) is Stance.PLANNED


def test_a_statement_belongs_to_the_month_it_names_and_to_its_section_s_year() -> None:
    text = "4月20日平台上线。全年外借34册。"
    scanned = scan(chunk(text, Period(2019)))
    assert Period(2019, 4) in scanned.periods_at(text.index("平台"))
    assert Period(2019) in scanned.periods_at(text.index("34册"))


def test_lines_are_those_of_the_file() -> None:
    scanned = scan(chunk("第一行\n第二行\n第三行"))
    start = scanned.folded.index("第二")
    assert scanned.lines(start, start + 2) == LineRange(2, 2)
    assert scanned.lines(start, scanned.folded.index("第三") + 1) == LineRange(2, 3)


def test_punctuation_loosens_the_tie_between_two_places() -> None:
    scanned = scan(chunk("期刊38册，报纸57册。图书99册"))
    near, clause, sentence = (scanned.across(0, scanned.folded.index(figure)) for figure in ("38", "57", "99"))
    assert near > clause > sentence > 0
    assert scanned.across(0, 5) == scanned.across(5, 0)


def test_a_half_year_holds_from_where_it_is_named() -> None:
    text = "全年58万册次。其中上半年27万册次，下半年31万册次。"
    scanned = scan(chunk(text, Period(2024)))
    assert scanned.part_of_year_at(text.index("58")) == frozenset()
    assert scanned.part_of_year_at(text.index("27")) == frozenset(range(1, 7))
    assert scanned.part_of_year_at(text.index("31")) == frozenset(range(7, 13))
    half, march = Scope(months=frozenset(range(1, 7))), Scope(months=frozenset({3}))
    assert inside(scanned, text.index("27"), half)
    assert not inside(scanned, text.index("31"), half)
    assert not inside(scanned, text.index("27"), march)
