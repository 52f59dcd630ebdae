"""Free prose over cited lines: what follows from them passes, and each thing that does not is named."""

from __future__ import annotations

import pytest

from documents.report import LineRange, Period
from index.catalog import ReportSummary
from index.scope import Scope
from qa.answer import Citation
from qa.checking.prose import check_sentence
from qa.understanding.directory import Directory

LINE = "4月21日，沈若兰老师主讲“亲子阅读”讲座；建成32座阅读空间，新增图书1000余册，借书占比47.9%；春节接待1.2万人次"


def summary(place: str) -> ReportSummary:
    return ReportSummary(f"{place}-2019", "", f"{place}市图书馆", 2019, "", "", "", 1, 1)


KNOWN = Directory([summary("青山"), summary("白水")])


def faults(sentence: str, quote: str = LINE, *section: str) -> tuple[str, ...]:
    cited = Citation(1, "青山-2019", "a.txt", "0" * 64, LineRange(7, 7), None, section, Period(2019, 4), quote)
    return check_sentence(sentence, [cited], Scope(), known=KNOWN).faults


@pytest.mark.parametrize(
    "sentence",
    [
        "沈若兰老师于4月21日主讲了“亲子阅读”讲座。",
        "2019年4月，青山市图书馆共有三十二座阅读空间。",
        "新增图书超过1000册。",
        "新增图书1000册。",
        "春节期间约有12000人次到馆。",
        "Shen Ruolan gave the lecture “Parent-child reading” on 21 April 2019.",
        "The lecture was given by Ruolan Shen.",
        "Qingshan City Library has thirty-two reading spaces and over 1,000 new books.",
        "During the Spring Festival it counted 12,000 visits.",
        "Loans made up 47.9% in April.",
        "Thirty-two spaces were built.",
        "图书馆建成了阅读空间，还有讲座。",
        "There was a lecture on reading for parents and children.",
        "In 2019 32 spaces were built.",
        "The 2019 books numbered over 1,000.",
    ],
)
def test_a_sentence_that_says_what_the_lines_say_passes(sentence: str) -> None:
    assert faults(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("共有33座阅读空间。", "33"),
        ("共有三十三座阅读空间。", "三十三"),
        ("共有32册阅读空间。", "32"),
        ("春节期间借出12000册。", "12000"),
        ("新增图书不足1000册。", "1000"),
        ("There are thirty-three spaces.", "thirty-three"),
        ("During the Spring Festival 12,000 books were lent.", "12,000"),
        ("Nearly 1,000 books were added.", "1,000"),
        ("Loans made up 49.7%.", "49.7"),
        ("讲座在5月举办。", "5月"),
        ("讲座于2018年4月21日举办。", "2018"),
        ("The lecture took place on 12 April.", "12 april"),
        ("讲座名为“亲子游戏”。", "亲子游戏"),
        ("The lecture was called “Parent-child games”.", "games"),
        ("沈若梅老师主讲了讲座。", "沈若梅"),
        ("Shen Ruomei gave the lecture.", "Shen Ruomei"),
        ("Anna gave the lecture.", "Anna"),
        ("During the Lantern Festival it counted 12,000 visits.", "Lantern"),
        ("白水市图书馆建成32座阅读空间。", "白水市图书馆"),
        ("Baishui Library has 32 reading spaces.", "baishui library"),
        ("苏州市图书馆建成32座阅读空间。", "苏州"),
        ("图书馆没有举办讲座。", "denies"),
        ("The library plans to hold a lecture.", "planned"),
        ("图书馆开展了志愿服务活动。", "do not say"),
        ("图书馆的消防安全检查十分认真。", "do not say"),
        ("Fire drills were practised by the guards.", "do not say"),
        ("Volunteers help old people at home.", "do not say"),
        ("According to the report, so it is.", "do not say"),
        ("如下所示。", "do not say"),
        ("The library added 2019 books.", "2019"),
        ("There were 2019 visits.", "2019"),
    ],
)
def test_what_the_lines_do_not_say_is_named(sentence: str, word: str) -> None:
    assert word in " ".join(faults(sentence))


def test_a_plan_told_as_done_is_caught() -> None:
    line, section = "新建阅读空间5座，培训馆员60人", "2020年工作计划"
    assert faults("图书馆计划新建阅读空间5座。", line, section) == ()
    assert faults("The library plans 5 new reading spaces.", line, section) == ()
    assert "plan" in " ".join(faults("图书馆新建了5座阅读空间。", line, section))


def test_a_sentence_without_a_citation_never_passes() -> None:
    assert not check_sentence("综上所述，服务很好。", [], Scope(), known=KNOWN).passed


def test_a_citation_out_of_scope_is_a_fault() -> None:
    cited = Citation(1, "青山-2019", "a.txt", "0" * 64, LineRange(7, 7), None, (), Period(2019), LINE)
    assert not check_sentence("有32座阅读空间。", [cited], Scope(reports=frozenset({"白水-2019"})), known=KNOWN).passed
