from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.report import LineRange
from eval.metrics import (
    abstention,
    citation_hit,
    evidence_lines,
    is_right,
    lines_cited,
    normalise,
    occurs,
    recall_at,
    reciprocal_rank,
    reliability,
    wrong_scope,
)
from eval.questions import Question

LINES = {"a.txt": ["概况", "共有 32 座", "其他", "共有 32 座"], "b.txt": ["19 家"]}


def lines_of(name: str) -> Sequence[str]:
    return LINES[name]


def question(type: str = "number", *answers: Sequence[str], evidence: Sequence[str] = ("32 座",)) -> Question:
    return Question("q", "zh", "？", type, tuple(map(tuple, answers)), ("a.txt",), tuple(evidence))


def result(answer: str = "", short: str | None = None, *cited: tuple[str, int, int], **more: Any) -> dict[str, Any]:
    citations = [{"path": path, "lines": [start, end]} for path, start, end in cited]
    return {"answer": answer, "short": short, "abstained": False, "citations": citations} | more


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("1264", "共１，２６４册"),
        ("1,830,755", "1830755"),
        ("104286", "104 286 册"),
        ("January 9, 2013", "on January 9,  2013."),
        ("NOV 22", "nov 22"),
        ("32", "32。"),
        ("32", "共32."),
        ("32", "v.32"),
        ("3.1万", "约 3.1 万册"),
        ("38%", "38％"),
        ("-24", "11月22-24日"),
        ("三十二", "共三十二座"),
        ("2", "12, 345, 2"),
    ],
)
def test_an_alias_is_found_whatever_its_width_case_and_spacing(alias: str, text: str) -> None:
    assert occurs(alias, text)


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("32", "132"),
        ("32", "320"),
        ("32", "1,320"),
        ("32", "32.5万"),
        ("32", "0.32"),
        ("32", "３２５"),
        ("5日", "15日"),
        ("5日", "1 5日"),
        ("3.1", "3.14"),
        ("345", "12,345"),
        ("November 2", "November 22"),
    ],
)
def test_an_alias_edged_by_a_digit_is_not_found_inside_a_longer_number(alias: str, text: str) -> None:
    assert not occurs(alias, text)


def test_separators_go_only_between_groups_of_three() -> None:
    assert [normalise(t) for t in ("1,234,567", "1,2345", "12, 345")] == ["1234567", "1,2345", "12,345"]


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_whole_number_is_found_exactly_in_itself(wanted: int, other: int) -> None:
    assert occurs(str(wanted), f"共 {other:,} 册") == (wanted == other)


@given(st.text())
def test_normalising_ends_with_no_spaces(text: str) -> None:
    assert not any(c.isspace() for c in normalise(text))


@pytest.mark.parametrize("type", ["number", "date", "name"])
def test_single_values_are_judged_on_short(type: str) -> None:
    asked = question(type, ["32"])
    assert is_right(asked, result("", "32座"))
    assert not is_right(asked, result("32座", "19家"))
    assert not is_right(asked, result("32座", None))


@pytest.mark.parametrize("type", ["list", "month", "compare", "calc", "conflict"])
def test_the_others_are_judged_on_the_whole_answer(type: str) -> None:
    asked = question(type, ["周市"], ["巴城", "Bacheng"])
    assert is_right(asked, result("周市、bacheng", None))
    assert not is_right(asked, result("周市", "周市、巴城"))


def test_abstaining_is_right_only_where_there_is_no_answer() -> None:
    nothing = Question("q", "zh", "？", "unanswerable", ())
    assert is_right(nothing, result(abstained=True))
    assert not is_right(nothing, result("32座", "32座"))
    assert not is_right(question("number", ["32"]), result("32座", "32座", abstained=True))


def test_evidence_stands_on_every_line_that_repeats_it() -> None:
    asked = question(evidence=["32 座", "无此句"])
    assert evidence_lines(asked, lines_of) == (frozenset({("a.txt", 2), ("a.txt", 4)}), frozenset())


def test_evidence_is_looked_for_only_in_the_reports_named() -> None:
    assert evidence_lines(question(evidence=["19 家"]), lines_of) == (frozenset(),)


@pytest.mark.parametrize(
    ("cited", "hit"),
    [
        ([("/x/a.txt", 1, 2)], True),
        ([(r"C:\x\a.txt", 4, 4)], True),
        ([("a.txt", 3, 3)], False),
        ([("b.txt", 2, 2)], False),
        ([("b.txt", 1, 1), ("a.txt", 2, 2)], True),
        ([], False),
    ],
)
def test_a_citation_hits_when_its_lines_hold_evidence_of_the_same_report(
    cited: list[tuple[str, int, int]], hit: bool
) -> None:
    assert citation_hit(question(), result("", None, *cited), lines_of) is hit


def test_scope_is_wrong_when_any_citation_leaves_the_reports_asked_about() -> None:
    cited = result("", None, ("x/a.txt", 1, 1), ("x/b.txt", 1, 1))
    assert wrong_scope(question(), cited)
    assert not wrong_scope(question(), result("", None, ("x/a.txt", 1, 1)))
    assert not wrong_scope(Question("q", "zh", "？", "number", (("1",),)), cited)


def test_a_line_cited_twice_is_read_once() -> None:
    assert lines_cited(result("", None, ("a.txt", 1, 3), ("a.txt", 3, 4), ("b.txt", 1, 1))) == 5


def test_abstention_has_no_shares_of_nothing() -> None:
    nothing = abstention([])
    assert (nothing.precision, nothing.recall, nothing.refused) == (None, None, None)


RANKED = [("b.txt", LineRange(1, 9)), ("a.txt", LineRange(1, 2)), ("a.txt", LineRange(7, 9))]


def test_recall_counts_snippets_found_within_the_first_k() -> None:
    evidence = [frozenset({("a.txt", 2), ("a.txt", 4)}), frozenset({("a.txt", 8)})]
    assert [recall_at(k, RANKED, evidence) for k in (1, 2, 3)] == [0.0, 0.5, 1.0]
    assert recall_at(1, RANKED, []) is None


def test_reciprocal_rank_is_that_of_the_first_range_with_evidence() -> None:
    assert reciprocal_rank(RANKED, [frozenset({("a.txt", 8)}), frozenset({("a.txt", 1)})]) == 1 / 2
    assert reciprocal_rank(RANKED, [frozenset({("a.txt", 5)})]) == 0


def test_reliability_puts_full_confidence_into_the_last_bin_and_drops_empty_bins() -> None:
    table = reliability([(1.0, True), (0.96, False), (0.0, False)])
    assert [(b.low, b.high, b.count, b.accuracy) for b in table] == [(0.0, 0.5, 1, 0.0), (0.95, 1.0, 2, 0.5)]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())), st.integers(1, 20))
def test_reliability_loses_no_answer(pairs: list[tuple[float, bool]], bins: int) -> None:
    edges = [n / bins for n in range(bins + 1)]
    assert sum(b.count for b in reliability(pairs, edges)) == len(pairs)
