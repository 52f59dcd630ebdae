"""Which day answers: the edge of a span, the end of a show, the event after what only says which time is meant."""

from __future__ import annotations

import pytest

from documents.dates import find_dates
from documents.report import Chunk, Passage, Period, Stance
from qa.extract.builtin import propose
from qa.extract.dates import exactness
from qa.extract.evidence import Evidence
from qa.understanding.directory import Directory
from qa.understanding.question import understand


def short(question: str, text: str, month: int | None = None) -> str | None:
    period = Period(2019, month)
    chunk = Chunk("r-1", "r", ("大事记",), period, Stance.ACHIEVED, Passage(text, ((0, 1),)), frozenset({period}))
    understood = understand(question, Directory(()), lambda keys: (), lambda name, library=False: True)
    finding, _ = propose(understood, Evidence.gather(understood, [chunk]))
    return finding.short if finding else None


SHOW = "5月18日，“老地图展”开幕，展期至6月18日。"
SERIES = "4月12日至4月23日，开展读书月系列活动。"


@pytest.mark.parametrize(
    ("question", "text", "day"),
    [
        ("老地图展到什么时候结束？", SHOW, "6月18日"),
        ("老地图展哪天开幕？", SHOW, "5月18日"),
        ("读书月系列活动从哪天开始？", SERIES, "4月12日"),
        ("读书月系列活动的最后一天是几号？", SERIES, "4月23日"),
        ("读书月系列活动是几号到几号？", SERIES, "4月12日至4月23日"),
        ("诗词大会是几月几号落幕的？", "诗词大会5月14日启动，7月23日在纪念馆落幕。", "7月23日"),
        ("读书节从几号办到几号？", "读书节9月27日开幕，10月27日闭幕，办活动43场。", "9月27日、10月27日"),
    ],
)
def test_a_question_for_an_edge_gets_the_day_it_began_or_ended(question: str, text: str, day: str) -> None:
    assert short(question, text) == day


def test_what_had_happened_before_does_not_choose_the_day() -> None:
    text = "受疫情影响，自1月24日起闭馆，3月28日有序恢复开放。"
    assert short("疫情闭馆后哪天恢复开放？", text) == "3月28日"


def test_a_day_without_its_month_is_told_with_it() -> None:
    assert short("浦口分馆哪天开放？", "2月\n2.4 元宵喜乐会。\n25日:浦口分馆开放。", month=2) == "2月25日"


def test_a_month_does_not_answer_which_year() -> None:
    assert short("新馆哪一年建成？", "新馆建成，接待读者。", month=9) is None


def test_asked_for_both_edges_two_days_are_given() -> None:
    text = "因汛情推迟，读书节9月19日开幕，12月5日闭幕。"
    assert short("读书节哪天开幕和闭幕？", text) == "9月19日、12月5日"


def test_a_day_without_a_year_hardly_answers_which_year() -> None:
    mention = find_dates("5月14日")[0]
    assert exactness("新馆哪一年开放", mention) < 0.5 < exactness("新馆哪天开放", mention)
