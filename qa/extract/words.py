"""What sort of word each word of a question is, and so how much it means when a report is silent on it.

The Chinese sorts come from the segmenter's tags. English has no tags here: a capital inside a sentence makes a name, a
phrase of the lexicon is one, a list of light words (``data/light_words.txt``) holds what says little, and the rest is
taken to name something.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from documents.numerals import read_number
from index.bilingual import Term
from index.tokens import is_chinese, stem
from qa.measures import units
from qa.understanding.cues import common_nouns, word_list
from qa.understanding.question import Question

TELLS = {"name": 1.0, "phrase": 0.9, "noun": 0.8, "unknown": 0.6, "act": 0.5, "number": 0.4, "unit": 0.3, "light": 0.1}
_NUMERALS = "几数十百千万亿两"
_LABEL_ZH = re.compile(r"第\s*(\d+|[一二三四五六七八九十]+)\s*([期届季批次讲个位])")
_LABEL_EN = re.compile(r"\b(\d+)(?:st|nd|rd|th) ([a-z]+)|\b(line|phase|room|session|volume|issue|part|episode) (\d+)\b")


def sort_of(term: Term, question: Question) -> str:
    """The sort of a question's term: a key of ``TELLS``."""
    surface = term.surface
    if surface.isdigit():
        return "number"
    if is_chinese(surface):
        return _sort_zh(surface)
    parts = surface.split()
    if all(part in _light() for part in parts):
        return "light"
    if len(parts[0]) > 1 and re.search(rf"(?<!^)(?<![.?!] )\b[A-Z]{re.escape(parts[0][1:4])}", question.text):
        return "name"
    if parts[-1] in common_nouns("en") or parts[-1] in units():
        return "unit" if len(parts) == 1 else "phrase"
    return "phrase" if len(parts) > 1 else "unknown"


@cache
def _light() -> frozenset[str]:
    return frozenset(stem(word) for word in word_list("light_words.txt"))


@lru_cache(maxsize=4096)
def _sort_zh(surface: str) -> str:
    import rjieba

    if {surface, surface.lstrip(_NUMERALS)} & (common_nouns("zh") | units().keys()):  # 几百场 leaves 百场
        return "unit"
    sorts = [_sort_of_word(word, tag) for word, tag in rjieba.tag(surface)]
    return max(sorts, key=lambda sort: TELLS[sort], default="light")


def _sort_of_word(word: str, tag: str) -> str:
    if word in common_nouns("zh") or word in units():
        return "unit"
    if tag in ("ns", "nr", "nt", "nz") and len(word) > 1:
        return "name"
    if tag[0] in "njl" or tag in ("vn", "an", "s"):
        return "noun" if len(word) > 1 else "number"
    if tag == "x" or tag[0] in "ab":
        return "unknown" if len(word) > 1 else "unit"
    return "act" if tag[0] == "v" and len(word) > 1 else "light"


def labels(folded: str) -> dict[str, set[str]]:
    """Numbers that tell one of a series from the others, by what they number.

    >>> labels("第十二期沙龙"), labels("stops of line 3")
    ({'期': {'12'}}, {'line': {'3'}})
    """
    found: dict[str, set[str]] = {}
    for match in _LABEL_ZH.finditer(folded):
        found.setdefault(match[2], set()).add(str(read_number(match[1])))
    for match in _LABEL_EN.finditer(folded):
        found.setdefault(stem(match[2] or match[3]), set()).add(match[1] or match[4])
    return found
