"""Sums, differences, shares, averages and ratios over stated figures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.embedding import HashingEmbedder
from index.lexicon import Lexicon
from index.store import Index
from qa.answer import Answer
from qa.assistant import Assistant
from qa.ingest import ingest

TWO_YEARS = {
    "moshan-2020.txt": "墨山市图书馆2020年工作总结\n一、业务统计\n全年到馆读者40000人次。新增图书5000册。\n",
    "moshan-2021.txt": "墨山市图书馆2021年工作总结\n一、业务统计\n全年到馆读者50000人次。新增图书5000册。\n",
}


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over one library's reports of two years."""
    folder = tmp_path_factory.mktemp("two-years")
    for name, text in TWO_YEARS.items():
        (folder / name).write_text(text, "utf-8")
    with Index.open(folder / "home", HashingEmbedder(), create=True, lexicon=Lexicon.load(None)) as index:
        ingest(index, sorted(folder.glob("*.txt")))
        yield Assistant(index)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("长治馆期刊和报纸阅览合计多少人次？", "95,895人次"),
        ("许图订的成人期刊、少儿期刊、报纸加起来多少种？", "654种"),
        ("许昌和昆山2019年办证总共多少张？", "62,750张"),
        ("许昌新增图书的总数，和综合、经典、少儿三块加起来差多少册？", "1,264册"),
        ("昆山全市2019年借出比还回多多少册次？", "40,000册次"),
        ("许昌除了少儿图书以外新增了多少册图书？", "78,997册"),
        ("长治阅览人次中报纸占百分之多少？", "40%"),
        ("长治移动图书馆点击量是门户网站点击量的多少倍？", "21.08倍"),
        ("昆山平均每月办证多少张？", "4,446.42张"),
        ("What share of Changzhi's 2019 loans came from the young readers' desk?", "38.26%"),
        ("By how many volumes did in-house reading exceed lending in Yuancheng?", "27,642 volumes"),
        ("How many more library cards did Kunshan issue than Xuchang in 2019?", "43,964"),
        ("On average how many people joined each of Xuchang's reading promotion events?", "150 visits"),
    ],
)
def test_arithmetic_gives_the_result_with_its_unit(assistant: Assistant, question: str, short: str) -> None:
    answer = assistant.ask(question)
    assert answer.short is not None
    assert short in answer.short


def test_a_sum_shows_its_formula_and_cites_a_line_for_each_operand(assistant: Assistant) -> None:
    answer = assistant.ask("许昌和昆山2019年办证总共多少张？")
    assert "9,393 + 53,357 = 62,750" in answer.text
    assert {c.report_id for c in answer.citations} == {"xuchang-2019", "kunshan-2019"}


def test_the_parts_are_those_listed_behind_the_total_where_the_question_names_none(assistant: Assistant) -> None:
    answer = assistant.ask("长治各阅览部分加起来与阅览总人次相差多少？")
    assert answer.short == "0人次"


@pytest.mark.parametrize(
    "question",
    ["源城区图书馆男读者和女读者合计多少人？", "On average how many people attended each concert at Changzhi Library?"],
)
def test_no_result_is_computed_when_an_operand_is_not_stated(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).abstained


def test_growth_is_a_share_of_the_earlier_year(two_years: Assistant) -> None:
    answer = two_years.ask("墨山市图书馆到馆读者2021年比2020年增长了百分之几？")
    assert answer.short == "25%"


def test_two_years_can_be_added(two_years: Assistant) -> None:
    assert shown(two_years.ask("墨山市图书馆2020年和2021年到馆读者合计多少人次？")) == "90,000人次"


def shown(answer: Answer) -> str:
    return answer.short or answer.text
