"""Which reports a question names."""

from __future__ import annotations

import itertools

import pytest

from documents.folding import fold
from index.catalog import ReportSummary
from qa.understanding.directory import Directory, forms


def summary(name: str, organisation: str | None, year: int | None) -> ReportSummary:
    return ReportSummary(name, name, organisation, year, f"{name}.txt", "0" * 64, "2020-01-01T00:00:00", 1, 1)


DIRECTORY = Directory(
    [
        summary("qingshan-2018", "青山市图书馆", 2018),
        summary("qingshan-2019", "青山市图书馆", 2019),
        summary("baishui", "白水县博物馆", 2019),
        summary("oakfield", "Oakfield Public Library", 2020),
        summary("unnamed", None, None),
    ]
)
QINGSHAN = {"qingshan-2018", "qingshan-2019"}


@pytest.mark.parametrize(
    ("question", "reports"),
    [
        ("青山市图书馆有多少册？", QINGSHAN),
        ("青山馆有多少册？", QINGSHAN),
        ("青图办证多少张", QINGSHAN),
        ("青山圖書館辦證多少", QINGSHAN),
        ("How many books did Qingshan add?", QINGSHAN),
        ("QINGSHAN's visits", QINGSHAN),
        ("白水博物馆观众多少", {"baishui"}),
        ("What did Baishui county museum open?", {"baishui"}),
        ("Oakfield loans", {"oakfield"}),
        ("loans of the Oakfield Public Library", {"oakfield"}),
        ("qingshan-2019 里说了什么", {"qingshan-2019"}),
        ("黑水市图书馆有多少册？", set()),
        ("oakfields and qingshanite", set()),
    ],
)
def test_a_report_is_found_by_any_name_of_its_organisation(question: str, reports: set[str]) -> None:
    assert set().union(*(mention.reports for mention in DIRECTORY.find(fold(question)))) == reports


def test_mentions_come_in_reading_order_and_never_overlap() -> None:
    found = DIRECTORY.find("白水县博物馆比青山市图书馆、青图多吗")
    assert [mention.name for mention in found] == ["白水县博物馆", "青山市图书馆", "青图"]
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


def test_a_mention_takes_in_what_only_belongs_to_the_name() -> None:
    (mention,) = DIRECTORY.find("青山市公共图书馆的藏书")
    assert "青山市公共图书馆的藏书"[mention.end :] == "藏书"


def test_forms_are_derived_from_the_name_alone() -> None:
    assert forms("青山市图书馆") == {"青山市图书馆", "青山图书馆", "青山市", "青山", "青图", "qingshan"} | forms(
        "青山市图书馆"
    )
    assert forms("") == frozenset()
    assert "oakfield" in forms("Oakfield Public Library")


def test_names_and_years_are_what_the_reports_give() -> None:
    assert DIRECTORY.names() == ["Oakfield Public Library", "unnamed", "白水县博物馆", "青山市图书馆"]
    assert DIRECTORY.years_of(sorted(QINGSHAN)) == [2018, 2019]
    assert DIRECTORY.name_of("unnamed") == "unnamed"


@pytest.mark.parametrize(
    ("organisation", "said"),
    [
        ("丹水瑶族自治县图书馆", "丹水馆一周开几天"),
        ("丹水瑶族自治县图书馆", "丹水县图书馆藏书多少"),
        ("丹水土家族苗族自治县图书馆", "丹水瑶族之外，丹水土家族苗族自治县图书馆藏书多少"),
        ("玉山市少年儿童图书馆", "玉山少儿馆办了什么"),
        ("玉山市少年儿童图书馆", "What did Yushan children's library do?"),
    ],
)
def test_a_long_official_name_is_known_by_what_people_say(organisation: str, said: str) -> None:
    assert Directory([summary("r", organisation, 2021)]).find(fold(said))


def test_the_library_of_a_district_is_not_that_of_its_city() -> None:
    known = forms("成都市龙泉驿区图书馆")
    assert {"龙泉驿图书馆", "龙泉驿区图书馆"} <= known
    assert not {"成都图书馆", "成都市图书馆"} & known
