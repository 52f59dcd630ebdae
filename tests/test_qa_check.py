"""The last gate: right answers pass, and each way of being slightly wrong is caught."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import Qa, write_report

from documents.report import LineRange, Period
from index.scope import Scope
from qa.answer import Citation
from qa.checking.agreement import read_figures
from qa.checking.check import check, figures
from qa.checking.grounds import unwrapped
from qa.ingest import sample_files

LINES = {path.stem: path.read_text(encoding="utf-8").split("\n") for path in sample_files()}

# What an answer states, and the lines of a sample it rests on.
RIGHT = [
    ("104286册", "xuchang-2019", 165, 165),
    ("104,286 volumes", "xuchang-2019", 165, 165),
    ("32", "xuchang-2019", 107, 107),
    ("108台", "xuchang-2019", 153, 155),
    ("1000余册", "xuchang-2019", 371, 373),
    ("8 September", "xuchang-2019", 441, 441),
    ("9月8日", "xuchang-2019", 441, 441),
    ("132926册次", "changzhi-2019", 47, 47),
    ("9期", "changzhi-2019", 73, 73),
    ("15,000", "changzhi-2019", 55, 55),
    ("February 2015", "changzhi-2019", 71, 71),
    ("2013年1月9日", "changzhi-2019", 67, 67),
    ("9 January 2013", "changzhi-2019", 67, 67),
    ("3008005册", "kunshan-2019", 149, 149),
    ("3.86万张", "kunshan-2019", 6, 6),
    ("38,600", "kunshan-2019", 6, 6),
    ("183万册次", "kunshan-2019", 6, 6),
    ("1,830,000 volumes", "kunshan-2019", 6, 6),
    ("1.83 million volumes", "kunshan-2019", 6, 6),
    ("47.9%", "kunshan-2019", 6, 6),
    ("600册", "kunshan-2019", 64, 64),
    ("8月19日-23日", "kunshan-2019", 103, 103),
    ("19–23 August", "kunshan-2019", 103, 103),
    ("12月24日", "kunshan-2019", 144, 144),
    ("24 December 2019", "kunshan-2019", 144, 144),
    ("70多人次", "yuancheng-2020", 55, 57),
    ("47000人", "yuancheng-2020", 35, 35),
    ("“故事达人训练营”", "kunshan-2019", 89, 89),
]


def cited(report: str, first: int, last: int, period: Period | None = None) -> Citation:
    lines = LineRange(first, last)
    quote = "\n".join(LINES[report][first - 1 : last])
    year = Period(int(report[-4:]))
    return Citation(1, report, f"{report}.txt", "0" * 64, lines, None, (), period or year, quote)


def faults(stated: str, citation: Citation, scope: Scope | None = None, **more: object) -> tuple[str, ...]:
    scope = scope or Scope(reports=frozenset({citation.report_id}))
    return check(stated, [citation], scope, **more).faults  # type: ignore[arg-type]


@pytest.mark.parametrize(("stated", "report", "first", "last"), RIGHT)
def test_what_stands_on_the_cited_lines_passes(stated: str, report: str, first: int, last: int) -> None:
    assert faults(stated, cited(report, first, last)) == ()


def corrupted(stated: str) -> Iterator[str]:
    """An answer with one thing wrong: each digit in turn, the scale, the month, the year."""
    for place, character in enumerate(stated):
        if character.isdigit():
            yield stated[:place] + str(int(character) % 9 + 1) + stated[place + 1 :]
    if figure := re.fullmatch(r"([\d.,]+)(万|余|多)?(\D*)", stated):
        number, scale, unit = figure.groups()
        yield f"{number}{unit}" if scale == "万" else f"{number}{scale or ''}万{unit}"
        yield f"{number}亿{unit}"
    for month, other in (("September", "October"), ("August", "July"), ("December", "November"), ("January", "March")):
        if month in stated:
            yield stated.replace(month, other)
    if re.search(r"日|January|February|September|December", stated) and "20" not in stated:
        yield f"2017年{stated}" if "日" in stated else f"{stated} 2017"
    yield f"{stated}，见《从未写过的书》"


WRONG = [(wrong, *where) for stated, *where in RIGHT for wrong in corrupted(stated)]


@pytest.mark.parametrize(("stated", "report", "first", "last"), WRONG)
def test_what_is_slightly_wrong_is_caught(stated: str, report: str, first: int, last: int) -> None:
    assert faults(stated, cited(report, first, last)) != ()


def test_there_are_enough_wrong_answers_to_trust_the_check() -> None:
    assert len(WRONG) > 150


# Scope


def test_a_citation_of_a_report_out_of_scope_is_caught() -> None:
    right = cited("kunshan-2019", 64, 64)
    assert faults("600册", right, Scope(reports=frozenset({"xuchang-2019"}))) != ()
    assert faults("600册", right, Scope()) == ()


@pytest.mark.parametrize(
    ("scope", "within"), [({"months": {4}}, True), ({"months": {5}}, False), ({"years": {2018}}, False)]
)
def test_a_citation_of_another_month_or_year_is_caught(scope: dict[str, set[int]], within: bool) -> None:
    april = cited("kunshan-2019", 64, 64, Period(2019, 4))
    asked = Scope(**{name: frozenset(values) for name, values in scope.items()})
    assert (faults("600册", april, asked) == ()) is within


def test_lines_that_name_the_month_asked_for_are_in_scope() -> None:
    line = replace(cited("kunshan-2019", 64, 64), period=Period(2019, 3))
    assert faults("600册", line, Scope(years=frozenset({2019}), months=frozenset({4}))) == ()


# Values written in another way


@pytest.mark.parametrize(
    ("stated", "quote"),
    [
        ("31,000 volumes", "借书3万 1千册"),
        ("70.15万册次", "外借701500册次"),
        ("三十对", "30对家庭"),
        ("30 pairs", "三十对亲子家庭"),
        ("thirty pairs", "三十对亲子家庭"),
        ("2,400 hours", "２４００小时"),
        ("1.39 million visits", "访问139万次"),
        ("30,000,000 yuan", "投资3000余万元"),
        ("1234册", "新增12\n\n34册"),
        ("“读书会”", "《读书\n会》"),
        ("5月25日——6月2日", "5月25日至6月2日"),
    ],
)
def test_the_same_value_passes_however_it_is_written(stated: str, quote: str) -> None:
    assert faults(stated, replace(cited("kunshan-2019", 1, 1), quote=quote)) == ()


@pytest.mark.parametrize(
    ("stated", "quote"),
    [
        ("四十对", "三十对亲子家庭"),
        ("70.15册次", "外借70.15万册次"),
        ("3000余元", "投资3000余万元"),
        ("1.39 visits", "1.39 million visits"),
        ("5名", "5月3日举办讲座"),
        ("2019册", "2019年新增图书"),
        ("12册", "新增1234册"),
        ("5月3日", "5月底开馆，共3次"),
        ("8月20日", "8月19日-23日"),
    ],
)
def test_another_value_of_the_same_digits_is_caught(stated: str, quote: str) -> None:
    assert faults(stated, replace(cited("kunshan-2019", 1, 1), quote=quote)) != ()


def test_the_result_of_a_calculation_is_let_through_as_derived() -> None:
    citation = cited("kunshan-2019", 6, 6)
    assert faults("183万册次 179万册次 40000", citation) != ()
    assert faults("183万册次 179万册次 40000", citation, derived=(Decimal(40000),)) == ()


def test_a_name_must_stand_as_text_its_pinyin_need_not() -> None:
    citation = cited("kunshan-2019", 61, 61)
    assert faults("", citation, names=["金磊", "Jin Lei (金磊)"]) == ()
    assert faults("", citation, names=["金蕾"]) != ()
    assert faults("", citation, names=["Anonymous"]) != ()


@given(st.integers(0, 10**12))
def test_a_figure_is_found_by_its_value_with_or_without_separators(value: int) -> None:
    assert Decimal(value) in figures(f"共{value}册")
    assert figures(f"{value:,} volumes") == {Decimal(value)}


@given(st.text(alphabet="新增图书104286册 \n", min_size=1))
def test_unwrapping_loses_nothing_but_blanks_and_line_ends(text: str) -> None:
    assert re.sub(r"\s", "", unwrapped(text)) == re.sub(r"\s", "", text)


@pytest.mark.parametrize("name", ["北京市第101中学图书馆", "Branch Library No. 12", "Library 2000 Trust"])
def test_a_number_in_the_library_s_own_name_needs_no_line(own: Qa, folder: Path, name: str) -> None:
    report = write_report(folder / "a.txt")
    own("index", report, "--organisation", name)
    for question in ("2019年新增图书多少册？", "How many books were added in 2019?"):
        assert "1234" in own("ask", question).out.replace(",", "").split("“")[0]


def test_no_figure_runs_on_from_one_citation_into_the_next() -> None:
    quotes = ("比上年增加2.4万", "16.8万人次，再创新高")
    lines = [replace(cited("kunshan-2019", n, n), quote=quote) for n, quote in enumerate(quotes, 1)]
    assert check("16.8万人次", lines, Scope()).passed


@pytest.mark.parametrize(
    ("written", "points"),
    [("不少于1100场次", "up"), ("不低于60小时", "up"), ("少于1100场次", "down"), ("at least 1,100 sessions", "up")],
)
def test_a_negated_hedge_points_the_other_way(written: str, points: str) -> None:
    assert [figure.direction for figure in read_figures(written)] == [points]
