"""English words that a stemmer leaves apart: began and begin, lent and lend, shelves and shelf.

Dictionaries gloss with base forms, people ask in the past tense. The stemmer itself stays as it is: the embedding model
and every index on disk were made with it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from index.tokens import stem

_TABLE = Path(__file__).parent / "data" / "irregular.txt"


@cache
def _bases() -> dict[str, str]:
    lines = (line.split() for line in _TABLE.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {stem(form): stem(base) for base, *forms in lines for form in forms}


@cache
def _forms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for form, base in _bases().items():
        found.setdefault(base, set()).add(form)
    return {base: frozenset(forms) for base, forms in found.items()}


def base_form(key: str) -> str:
    """A key (stems, divided by blanks) with the base form of each irregular word.

    >>> base_form("took over"), base_form("librari")
    ('take over', 'librari')
    """
    return " ".join(_bases().get(part, part) for part in key.split(" "))


def other_forms(word: str) -> frozenset[str]:
    """The other forms of one stem that is irregular.

    >>> sorted(other_forms("began")), other_forms("librari")
    (['begin', 'begun'], frozenset())
    """
    base = _bases().get(word, word)
    return (_forms().get(base, frozenset()) | {base}) - {word}
