"""Organisations, years and things of one report held against each other."""

from __future__ import annotations

import pytest
from support import Over

from qa.assistant import Assistant


@pytest.mark.parametrize(
    ("question", "winner", "figures"),
    [
        ("昆山和长治2019年哪边新增的图书多？", "昆山", ("168540", "21861")),
        ("许昌2019年和源城2020年，哪家新办的证多？", "许昌", ("9393", "641")),
        ("昆山和许昌相比，哪家新增图书少？", "许昌", ("104286", "168540")),
        ("哪个馆2019年办证最多？", "昆山", ("53357", "9393")),
        ("Who added more new books in 2019, Xuchang or Kunshan?", "Kunshan", ("168,540", "104,286")),
        ("Which library issued the most cards?", "Kunshan", ("53,357", "9,393")),
        (
            "Which is larger: the children's books Xuchang added in 2019, or all the books Changzhi added?",
            "Xuchang",
            ("25,289", "21,861"),
        ),
    ],
)
def test_the_one_asked_for_comes_first_with_both_figures(
    assistant: Assistant, question: str, winner: str, figures: tuple[str, str]
) -> None:
    answer = assistant.ask(question)
    assert answer.short is not None
    assert winner in answer.short
    assert all(figure in answer.text for figure in figures)


def test_each_figure_is_cited_from_its_own_report(assistant: Assistant) -> None:
    answer = assistant.ask("许图跟昆图比，2019年谁办的证多？")
    assert [c.report_id for c in answer.citations[:2]] == ["kunshan-2019", "xuchang-2019"]


@pytest.mark.parametrize(
    ("question", "winner", "figures"),
    [
        ("长治馆里看报纸的人多还是看期刊的人多？", "报纸", ("57251", "38644")),
        ("长治综合借阅处、文学借阅处和青少年借阅处哪个借得最多？", "青少年", ("156854", "132926", "92220")),
        (
            "In Changzhi, did the website or the mobile library get more clicks?",
            "mobile library",
            ("7,546,000", "358,000"),
        ),
    ],
)
def test_things_of_one_report_are_named_in_the_words_of_the_question(
    assistant: Assistant, question: str, winner: str, figures: tuple[str, ...]
) -> None:
    answer = assistant.ask(question)
    assert answer.short is not None
    assert winner in answer.short
    assert all(figure in answer.text for figure in figures)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("长治的读者活动比昆山多吗？", "是，长治市图书馆"),
        ("昆山的24小时自助图书馆比许昌的智慧阅读空间多吗？", "否，许昌市图书馆"),
        ("Did Xuchang issue more library cards than Kunshan in 2019?", "No, Kunshan"),
    ],
)
def test_a_yes_or_no_question_begins_with_the_verdict_and_names_the_larger(
    assistant: Assistant, question: str, verdict: str
) -> None:
    assert assistant.ask(question).text.startswith(verdict)


def test_the_earlier_of_two_events_comes_first_with_both_dates(assistant: Assistant) -> None:
    answer = assistant.ask("昆图朗诵团周年活动和诗词坊一周年活动哪个先举办？")
    assert answer.short == "诗词坊一周年"
    assert "5月3日" in answer.text
    assert "5月19日" in answer.text


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("许昌和长治哪家的流动图书车出车次数多？", "许昌"),
        ("Which has more bookmobile trips, Xuchang or Changzhi?", "许昌"),
    ],
)
def test_a_side_without_a_figure_is_named_and_nothing_is_compared(
    assistant: Assistant, question: str, missing: str
) -> None:
    answer = assistant.ask(question)
    assert answer.abstained
    assert missing in (answer.reason or "") or "Xuchang" in (answer.reason or "")


@pytest.mark.parametrize(
    ("question", "winner", "figures"),
    [
        ("墨山云书房刚上线时，电子书和音频哪样多？", "电子书", ("3800", "460")),
        ("墨山市图书馆2021年和2020年哪年办的讲座多？", "2021年", ("46", "42")),
    ],
)
def test_what_one_sentence_tells_of_two_things_is_compared(
    over: Over, question: str, winner: str, figures: tuple[str, str]
) -> None:
    told = "4月上线“墨山云书房”，首批电子书3800种、音频460集。举办讲座46场，2020年为42场。"
    text = f"墨山市图书馆2021年工作总结\n一、服务\n{told}\n"
    answer = over(text).ask(question)
    assert answer.short is not None
    assert winner in answer.short
    assert all(figure in answer.text for figure in figures)
