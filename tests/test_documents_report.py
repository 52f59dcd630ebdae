"""Line ranges and passages: the algebra that citations stand on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import documents
from documents.report import Line, LineRange, Passage, Report

ranges = st.builds(lambda start, length: LineRange(start, start + length), st.integers(1, 60), st.integers(0, 20))


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    """Pieces of text on rising lines."""
    pieces = draw(st.lists(st.text("馆藏ab1，", min_size=1, max_size=8), min_size=1, max_size=8))
    numbers = sorted(draw(st.sets(st.integers(1, 99), min_size=len(pieces), max_size=len(pieces))))
    starts = [sum(map(len, pieces[:at])) for at in range(len(pieces))]
    return Passage("".join(pieces), tuple(zip(starts, numbers, strict=True)))


@given(ranges, ranges)
def test_ranges_are_the_sets_of_their_lines(one: LineRange, other: LineRange) -> None:
    assert len(one) == len(set(one))
    assert one.covers(other) == (set(one) >= set(other))
    assert one.overlaps(other) == bool(set(one) & set(other))


@given(ranges, ranges)
def test_a_join_is_the_smallest_range_over_both(one: LineRange, other: LineRange) -> None:
    both = one.join(other)
    assert both == other.join(one)
    assert both.covers(one)
    assert both.covers(other)
    assert {both.start, both.end} <= {one.start, one.end, other.start, other.end}


@given(ranges, st.integers(0, 99))
def test_a_range_holds_the_numbers_between_its_ends(lines: LineRange, number: int) -> None:
    assert (number in lines) == (number in set(lines))


@pytest.mark.parametrize(("start", "end"), [(0, 3), (5, 4), (-1, -1)])
def test_an_empty_or_backward_range_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a line range"):
        LineRange(start, end)


def test_a_range_is_shown_as_people_write_it() -> None:
    assert (str(LineRange(12, 18)), str(LineRange(7, 7))) == ("L12-L18", "L7")


@given(passages(), st.data())
def test_a_cut_keeps_every_character_on_its_line(passage: Passage, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(passage.text) - 1))
    end = data.draw(st.integers(start + 1, len(passage.text)))
    cut = passage.cut(start, end)
    assert cut.text == passage.text[start:end]
    assert [cut.line_at(at) for at in range(end - start)] == [passage.line_at(at) for at in range(start, end)]


@given(passages())
def test_a_passage_spans_the_lines_of_its_characters(passage: Passage) -> None:
    numbers = [passage.line_at(at) for at in range(len(passage.text))]
    assert passage.lines_of(0, len(passage.text)) == passage.lines == LineRange(min(numbers), max(numbers))


def test_a_report_gives_its_lines_verbatim() -> None:
    lines = tuple(Line(number, text) for number, text in enumerate(["一 ", "", "\t三"], start=1))
    report = Report("r", "t", None, None, "r.txt", "0", lines, ())
    assert report.text(LineRange(1, 3)) == "一 \n\n\t三"


def test_the_public_names_read_and_cut_a_report() -> None:
    assert {"LineRange", "Report", "Chunk", "ReportQAError", "read_report", "chunk_report"} <= set(documents.__all__)
    assert 3 <= len(documents.__all__) <= 7
