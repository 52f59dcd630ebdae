"""One spelling for matching, with offsets that stay valid."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from documents.folding import fold


def test_width_case_and_script_are_folded() -> None:
    assert fold("Ｎｏ．１ 圖書館：５０％") == "no.1 图书馆:50%"


@given(st.text(max_size=60))
def test_folding_never_moves_a_character(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text("圖書館ＡaA１1，", max_size=30))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
