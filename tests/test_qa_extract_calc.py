"""Sums, differences, shares, averages and ratios over stated figures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support import Over

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


@pytest.mark.parametrize(
    ("text", "question", "short"),
    [
        ("全年决算2148万元，其中人员经费1265万元，占58.9%。", "松岭馆人员经费占决算的百分之几？", "58.9%"),
        ("外借97350人次，借出331480册次，平均每人次借阅3.4册。", "松岭平均每人次借多少册？", "3.4册"),
        ("阅览座位由40个增至128个。", "松岭馆阅览座位增加了多少个？", "88个"),
        ("年末藏书52000册，较上年增加3100册。", "松岭馆藏书增加了多少册？", "3100册"),
    ],
)
def test_what_the_report_states_goes_before_what_is_worked_out(
    over: Over, text: str, question: str, short: str
) -> None:
    assert over(f"松岭市图书馆2021年工作总结\n一、业务情况\n{text}\n").ask(question).short == short


def test_an_operand_stated_twice_is_shown_with_both_values(over: Over) -> None:
    text = (
        "松岭市图书馆2021年工作总结\n一、读者服务\n全年办理读者证5211张，接待读者61000人次。\n"
        "二、年鉴\n【市图书馆】全年办理读者证5260张，举办讲座12场。\n"
    )
    answer = over(text).ask("松岭平均每月办理读者证多少张？")
    assert answer.short is not None
    assert answer.short.startswith(("434.25", "438.33"))
    assert [c.value for c in answer.conflicts] in (["5260张"], ["5211张"])


@pytest.mark.parametrize(
    ("question", "short"),
    [("松岭1月到3月平均每月外借多少册次？", "2,700"), ("松岭1月到3月外借册次合计多少？", "8,100")],
)
def test_months_of_a_table_are_added(over: Over, question: str, short: str) -> None:
    rows = "| 1月 | 2400 |\n| 2月 | 2900 |\n| 3月 | 2800 |\n"
    text = f"松岭市图书馆2021年统计表\n表1 各月情况\n\n| 月份 | 外借册次 |\n|---|---|\n{rows}"
    answer = over(text).ask(question)
    assert answer.short is not None
    assert answer.short.startswith(short)
    assert len(answer.citations) == 3


def test_more_or_fewer_is_told_of_the_side_named_first(two_years: Assistant) -> None:
    more = two_years.ask("墨山市图书馆到馆读者2021年比2020年多还是少？")
    fewer = two_years.ask("Did 墨山市图书馆 have more visits in 2020 than in 2021, or fewer?")
    assert more.short is not None
    assert more.short.startswith("更多")
    assert fewer.short is not None
    assert fewer.short.startswith("Fewer")


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("墨山市图书馆2021年进馆人次比2020年多多少？", "442,000人次"),
        ("By how many visits did 墨山市图书馆's footfall rise from 2020 to 2021?", "442,000 visits"),
        ("墨山市图书馆2021年办展览比2020年少多少场？", "减少3场"),
        ("Did 墨山市图书馆 put on more or fewer exhibitions in 2021 than in 2020, and by how many?", "3 fewer"),
        ("By how many exhibitions did 墨山市图书馆 fall short in 2021 of 2020?", "3 fewer"),
    ],
)
def test_the_year_before_is_read_from_the_same_report(over: Over, question: str, short: str) -> None:
    text = (
        "墨山市图书馆2021年工作总结\n一、业务统计\n全年进馆112.6万人次，上年同期为68.4万人次。"
        "举办展览32场，同比减少3场。\n"
    )
    assert over(text).ask(question).short == short


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("墨山市图书馆2021年中央补助、省级专项和县财政拨款三项加起来多少钱？", "272万元"),
        ("墨山市图书馆2021年新增读者里，去掉网上办证和学生集体证，剩下的有多少人？", "2243人"),
    ],
)
def test_parts_joined_in_a_list_are_each_an_operand(over: Over, question: str, short: str) -> None:
    text = (
        "墨山市图书馆2021年工作总结\n一、经费\n县财政拨款228万元，中央补助20万元，省级专项24万元。\n二、服务\n"
        "全年新增读者15236人，其中网上办证9873人，学生集体证3120人，其余为窗口办证。\n"
    )
    answer = over(text).ask(question)
    assert answer.short is not None
    assert answer.short.replace(",", "") in (short, f"{short[:-2]}0000元")
