"""A word of two senses is understood by what is counted beside it."""

from __future__ import annotations

import pytest

from index.bilingual import Term
from qa.understanding.senses import in_sense
from qa.understanding.wanted import wanted_unit

HOLD = Term("hold", (("hold", 1.0), ("举办", 1.0), ("馆藏", 0.98)))


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("how many volumes does it hold?", {"hold", "馆藏"}),
        ("how many lectures did it hold?", {"hold", "举办"}),
        ("what does it hold?", {"hold", "举办", "馆藏"}),
    ],
)
def test_the_unit_wanted_rules_out_the_other_sense(question: str, kept: set[str]) -> None:
    (term,) = in_sense([HOLD], wanted_unit(question))
    assert {word for word, _ in term.alternatives} == kept


def test_a_word_of_one_sense_stays_as_it_is() -> None:
    term = Term("seat", (("seat", 1.0), ("座位", 0.9)))
    assert in_sense([term], wanted_unit("how many seats does it hold?")) == (term,)
