"""Slips of the keyboard in a question: a character that sounds the same, two letters swapped, one too many or too few.

Only words that nobody knows are touched, neither the reports nor the dictionary, and only where one slip gives a word
that the reports know; so a question about something they do not speak of keeps its words and its "no". Names of
organisations, quotations and figures are left as they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache

from documents import pinyin
from documents.folding import fold
from index.tokens import STOPWORDS_EN, STOPWORDS_ZH, stem
from qa.measures import units

# Which of some words the reports hold, or have a word for.
WordsKnown = Callable[[Collection[str]], Collection[str]]

_LONGEST = 4  # characters of a Chinese word that is looked for
_MOST = 2  # slips mended in one question: what needs more is not understood
_SWAPPED_FROM, _OTHER_FROM = 5, 7  # letters; in shorter words one slip reaches too many others
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_WORD = re.compile(r"(?<![a-z0-9'-])[a-z]{5,}(?![a-z0-9'-])")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ASKING = frozenset("which where when what many much there their about between together total number percentage".split())
_GRAMMAR = frozenset("多少几哪什么谁何啥吗呢是年月日号")


def respelled(text: str, fixed: Sequence[tuple[int, int]], known: WordsKnown) -> str:
    """The question with its slips mended; the same text when there are none or none can be mended for sure.

    ``fixed`` are spans that are left alone.
    """
    folded = fold(text)
    changes = list(_chinese(folded, fixed, known)) + list(_english(folded, fixed, known))
    for start, end, better in sorted(changes[:_MOST], reverse=True):
        text = text[:start] + better + text[end:]
    return text


def _free(start: int, end: int, fixed: Sequence[tuple[int, int]]) -> bool:
    return not any(s < end and start < e for s, e in fixed)


def _english(folded: str, fixed: Sequence[tuple[int, int]], known: WordsKnown) -> Iterator[tuple[int, int, str]]:
    found = [m for m in _WORD.finditer(folded) if _free(*m.span(), fixed) and m[0] not in STOPWORDS_EN | _ASKING]
    familiar = set(known({stem(m[0]) for m in found}))
    for match in found:
        if stem(match[0]) in familiar or stem(match[0]).rstrip("e") in familiar:
            continue
        edits = list(dict.fromkeys(_edits(match[0])))
        right = set(known({stem(word) for word in edits}))
        better = next((word for word in edits if word in _ASKING or stem(word) in right), None)
        if better:
            yield match.start(), match.end(), better


def _edits(word: str) -> Iterator[str]:
    """Words one slip away, likeliest first: letters swapped, one left out, one doubled or added, one wrong."""
    yield from (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))
    if len(word) >= _OTHER_FROM:
        yield from (word[:i] + letter + word[i:] for i in range(1, len(word) + 1) for letter in _LETTERS)
        yield from (word[:i] + word[i + 1 :] for i in range(1, len(word)))
        yield from (word[:i] + letter + word[i + 1 :] for i in range(1, len(word)) for letter in _LETTERS)


def _chinese(folded: str, fixed: Sequence[tuple[int, int]], known: WordsKnown) -> Iterator[tuple[int, int, str]]:
    for run in _RUN.finditer(folded):
        strange = [
            at for at in _strange(run[0], known) if _free(run.start() + at, run.start() + at + 1, fixed)
        ]
        wrong = _mended(run[0], strange, known)
        if wrong:
            at, character = wrong
            yield run.start() + at, run.start() + at + 1, character


def _strange(run: str, known: WordsKnown) -> list[int]:
    """Places that no word of the dictionary and no word of the reports covers."""
    import rjieba

    covered: set[int] = set()
    at = 0
    for word in rjieba.cut(run, hmm=False):
        if len(word) > 1 or word in STOPWORDS_ZH or word in units() or word in _GRAMMAR:
            covered |= set(range(at, at + len(word)))
        at += len(word)
    windows = {run[i : i + n] for n in range(2, _LONGEST + 1) for i in range(len(run) - n + 1)}
    for window in known(windows):
        for match in re.finditer(f"(?={re.escape(window)})", run):
            covered |= set(range(match.start(), match.start() + len(window)))
    return [i for i in range(len(run)) if i not in covered]


def _mended(run: str, strange: Sequence[int], known: WordsKnown) -> tuple[int, str] | None:
    """The place and the character that make the longest known word out of what nobody knows."""
    tries: dict[str, tuple[int, str]] = {}
    for at in sorted({near for place in strange for near in (place - 1, place, place + 1) if 0 <= near < len(run)}):
        for character in homophones(run[at]):
            changed = run[:at] + character + run[at + 1 :]
            for size in range(2, _LONGEST + 1):
                for start in range(max(0, at - size + 1), min(at, len(run) - size) + 1):
                    if any(start <= place < start + size for place in strange):
                        tries.setdefault(changed[start : start + size], (at, character))
    best = max(known(tries), key=lambda word: (len(word), tries[word][0] in strange), default=None)
    return tries[best] if best else None


def homophones(character: str) -> tuple[str, ...]:
    """Common characters with the same reading, the tone left aside.

    >>> "馆" in homophones("官"), "官" in homophones("官")
    (True, False)
    """
    reading = "".join(pinyin.syllables(character))
    return tuple(c for c in _by_reading().get(reading, ()) if c != character)


@cache
def _by_reading() -> Mapping[str, tuple[str, ...]]:
    """The 3,755 characters of GB 2312 level 1, the common ones, by reading."""
    table: dict[str, list[str]] = defaultdict(list)
    for first in range(0xB0, 0xD8):
        for character in bytes(b for second in range(0xA1, 0xFF) for b in (first, second)).decode("gb2312", "ignore"):
            table["".join(pinyin.syllables(character))].append(character)
    return {reading: tuple(found) for reading, found in table.items()}
