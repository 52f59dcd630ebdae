"""Reports to chunks: nothing lost, nothing across a heading, sizes kept, periods named."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import Chunk, Report, chunk_report, read_report
from documents.chunking import count_tokens, join
from documents.report import Passage, Period, Stance
from qa.ingest import sample_files

BODY = "本馆全年接待读者四十七万人次，办理借书证三千二百张；外借图书五万余册，各项指标都好于上年。"


def report(folder: Path, text: str, name: str = "report.txt") -> Report:
    path = folder / name
    path.write_bytes(text.encode())
    return read_report(path)


def chunks(folder: Path, text: str, max_tokens: int = 256) -> tuple[Chunk, ...]:
    return chunk_report(report(folder, text), max_tokens=max_tokens)


@pytest.mark.parametrize("path", sample_files(), ids=lambda path: path.stem)
@pytest.mark.parametrize("max_tokens", [40, 256])
def test_the_samples_are_cut_without_loss(path: Path, max_tokens: int) -> None:
    whole = read_report(path)
    cut = chunk_report(whole, max_tokens=max_tokens)
    held = [n for chunk in cut for n in sorted({n for _, n in chunk.passage.anchors})]
    assert sorted(set(held)) == [line.number for line in whole.lines if line.text.strip()]
    assert held == sorted(held)
    assert all(count_tokens(chunk.text) <= 1.5 * max_tokens for chunk in cut)


# No digits: without figures there is no table, whose rows are told in words of their own.
written = st.text("馆藏，。：；（）《》 年月一二、.#aBc", max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(written, min_size=1, max_size=25).filter(lambda lines: "".join(lines).strip()), st.integers(8, 64))
def test_every_line_is_in_a_chunk_and_every_character_on_its_line(
    tmp_path: Path, lines: list[str], max_tokens: int
) -> None:
    whole = report(tmp_path, "\n".join(lines))
    cut = chunk_report(whole, max_tokens=max_tokens)
    assert {n for c in cut for n in c.lines} >= {line.number for line in whole.lines if line.text.strip()}
    for chunk in cut:
        for at, character in enumerate(chunk.text):
            assert character.isspace() or character in whole.text(chunk.passage.lines_of(at, at + 1))


def test_no_chunk_crosses_a_heading(tmp_path: Path) -> None:
    cut = chunks(tmp_path, f"2019年工作总结\n一、馆藏\n{BODY}\n二、读者\n{BODY}\n（一）讲座\n{BODY}")
    assert [c.heading for c in cut] == [
        ("2019年工作总结", "馆藏"),
        ("2019年工作总结", "读者"),
        ("2019年工作总结", "读者", "讲座"),
    ]


def test_bare_headings_go_in_front_of_the_text_below_them(tmp_path: Path) -> None:
    (only,) = chunks(tmp_path, f"2019年工作总结\n一、馆藏\n{BODY}")
    assert only.text.split("\n") == ["2019年工作总结", "一、馆藏", BODY]
    assert [only.passage.line_at(only.text.index(part)) for part in ("一、", "本馆")] == [2, 3]


def test_a_chronicle_is_cut_by_month(tmp_path: Path) -> None:
    cut = chunks(tmp_path, "2019年大事记\n1月\n1月3日，开馆。\n1月9日，闭馆。\n2 月份\n2月1日，开馆。")
    assert [(str(c.period), str(c.lines)) for c in cut] == [("2019-01", "L1-L4"), ("2019-02", "L5-L6")]


def test_an_entry_dated_outside_its_month_is_found_under_both(tmp_path: Path) -> None:
    (only,) = chunks(tmp_path, "2019年大事记\n8 月份\n9月 15 日，讲座开讲。")
    assert {Period(2019, 8), Period(2019, 9), Period(2019)} <= only.periods


def test_a_long_paragraph_is_cut_at_its_strongest_marks(tmp_path: Path) -> None:
    cut = chunks(tmp_path, BODY * 20, max_tokens=100)
    assert "".join(c.text for c in cut) == BODY * 20
    assert all(c.text.endswith("。") and count_tokens(c.text) <= 100 for c in cut)


def test_text_without_any_mark_is_cut_all_the_same(tmp_path: Path) -> None:
    cut = chunks(tmp_path, "馆" * 3000, max_tokens=100)
    assert "".join(c.text for c in cut) == "馆" * 3000
    assert all(count_tokens(c.text) <= 110 for c in cut)


def test_a_plan_stays_a_plan_in_its_chunks(tmp_path: Path) -> None:
    cut = chunks(tmp_path, f"2019年工作总结\n{BODY}\n2020年工作计划\n{BODY}")
    assert [(c.stance, str(c.period)) for c in cut] == [(Stance.ACHIEVED, "2019"), (Stance.PLANNED, "2020")]


def test_ids_are_in_reading_order(tmp_path: Path) -> None:
    cut = chunks(tmp_path, f"一、馆藏\n{BODY}\n二、读者\n{BODY}")
    assert [c.id for c in cut] == ["report#0000", "report#0001"]


def test_english_prose_is_cut_at_sentences(tmp_path: Path) -> None:
    sentence = "The library lent more books than in any year before, and its rooms were full. "
    cut = chunks(tmp_path, textwrap.fill(sentence * 30, 72), max_tokens=60)
    assert all(c.text.rstrip().endswith("full.") for c in cut)


def test_joined_passages_keep_their_lines() -> None:
    joined = join([Passage("一二", ((0, 3),)), Passage("三四五", ((0, 7), (1, 9)))])
    assert joined.text == "一二\n三四五"
    assert [joined.line_at(at) for at in (0, 1, 3, 4, 5)] == [3, 3, 7, 9, 9]


def test_tokens_of_a_long_text_are_those_of_its_slices() -> None:
    assert count_tokens("") == 0
    assert count_tokens(BODY * 200) == pytest.approx(200 * count_tokens(BODY), rel=0.02)
