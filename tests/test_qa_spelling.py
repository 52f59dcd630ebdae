"""Slips are mended where one slip leads to a word the reports know; right words and unknown things stay as they are."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from index.tokens import stem
from qa.understanding.spelling import homophones, respelled

CORPUS = {"图书馆": 9, "新增": 5, "分馆": 7, "分管": 1, "活动": 8, "人次": 6} | {
    stem(word): 3 for word in ("library", "volunteer", "writer", "write", "center", "purchased")
}


def known(words: Collection[str]) -> dict[str, int]:
    return {word: CORPUS[word] for word in words if word in CORPUS}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("哪边心增的多", "哪边新增的多"),
        ("有多少任次", "有多少人次"),
        ("许图有啥活董？", "许图有啥活动？"),
        ("How many volunteres came?", "How many volunteers came?"),
        ("the main lbirary", "the main library"),
        ("how many were purchassed", "how many were purchased"),
    ],
)
def test_one_slip_is_mended(typed: str, meant: str) -> None:
    assert respelled(typed, (), known) == meant


@pytest.mark.parametrize(
    "text",
    [
        "有几家电影院？",
        "来了多少人次",
        "How many helicopters are there?",
        "Which centre was it?",
        "How many writers came?",
        "Roughly how many?",
        "七周年是哪天",
    ],
)
def test_right_words_and_unknown_things_are_left_alone(text: str) -> None:
    assert respelled(text, (), known) == text


def test_of_two_words_that_sound_alike_the_one_reports_use_more_is_taken() -> None:
    assert respelled("再建几家分观", (), known) == "再建几家分馆"


def test_names_and_quotations_are_left_alone() -> None:
    assert respelled("心增的多", [(0, 2)], known) == "心增的多"


def test_a_word_is_not_made_with_part_of_what_is_left_alone() -> None:
    assert respelled("2019年除了它", [(0, 5)], lambda words: {w: 1 for w in words if w == "年初"}) == "2019年除了它"


def test_traditional_characters_keep_their_form_around_a_mended_one() -> None:
    assert respelled("圖書館有啥活董", (), known) == "圖書館有啥活动"


def test_homophones_leave_the_tone_aside() -> None:
    assert "馆" in homophones("官")


def test_what_is_too_long_for_a_word_is_not_looked_up() -> None:
    asked: list[str] = []

    def recorded(words: Collection[str]) -> dict[str, int]:
        asked.extend(words)
        return known(words)

    assert respelled("A" * 4000 + " volunteres", (), recorded) == "A" * 4000 + " volunteers"
    assert max(map(len, asked)) < 25
