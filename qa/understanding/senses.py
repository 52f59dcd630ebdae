"""Words that mean one thing or another by what is counted beside them.

"How many books does it hold" asks for the stock, "how many talks did it hold" for what was put on. The dictionary gives
both senses of the word; the class of unit the question wants tells which of them cannot be meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from index.bilingual import Term
from index.tokens import stem
from qa.understanding.cues import data_lines
from qa.understanding.wanted import Wanted


def in_sense(terms: Sequence[Term], wanted: Wanted) -> tuple[Term, ...]:
    """The terms without the renderings that the unit wanted rules out."""
    return tuple(_narrowed(term, wanted.kinds) for term in terms)


def _narrowed(term: Term, kinds: frozenset[str]) -> Term:
    ruled_out = {word for of, words in _senses().get(term.surface, ()) if kinds and kinds <= of for word in words}
    kept = tuple(pair for pair in term.alternatives if pair[0] not in ruled_out)
    return replace(term, alternatives=kept) if kept else term


@cache
def _senses() -> dict[str, list[tuple[frozenset[str], frozenset[str]]]]:
    """English stem → (classes of unit, words ruled out where only these are wanted), from ``senses.tsv``."""
    found: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
    for line in data_lines("senses.tsv"):
        names, kinds, words = line.split("\t")
        for name in names.split("|"):
            found.setdefault(stem(name), []).append((frozenset(kinds.split("|")), frozenset(words.split("|"))))
    return found
