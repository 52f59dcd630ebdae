"""Slips of the keyboard in a question: a character that sounds the same, two letters swapped, one too many or too few.

Only words that nobody knows are touched, neither the reports nor the dictionary, and only where one slip gives a word
that the reports know; so a question about something they do not speak of keeps its words and its "no". Names of
organisations, quotations and figures are left as they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from functools import cache
from string import ascii_lowercase

from documents import pinyin
from documents.folding import fold
from index.tokens import STOPWORDS_EN, STOPWORDS_ZH, stem
from qa.measures import units

# Of some words those that the reports hold, with how many of their chunks do; 0 where they only have a word for it.
WordsKnown = Callable[[Collection[str]], Mapping[str, int]]

_LONGEST = 4  # characters of a Chinese word that is looked for
_MOST = 2  # slips mended in one question: what needs more is not understood
_MISSING_FROM = 7  # letters; in shorter words one letter more reaches too many others
_ENDING = 2  # letters that are left alone: centre and center, readers and reads are no slips
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_WORD = re.compile(r"(?<![a-z0-9'-])[a-z]{5,24}(?![a-z0-9'-])")  # a longer one has edits by the thousand
_ASKING = frozenset(
    "which where when what many much there their about between together total number percentage aside besides though "
    "although perhaps indeed rather quite beyond upon among amongst alongside within without until whilst while never "
    "later twice thrice either neither every always often usually mainly mostly nearly almost exactly roughly "
    "altogether overall namely therefore however meanwhile otherwise towards throughout across during since after "
    "before again still other others another itself himself herself themselves whose whether".split()
)
_GRAMMAR = frozenset(
    "除外与和及从到在按比据自由把被对给向让跟将多少几哪什么谁何啥吗呢是年月日号零一二三四五六七八九十百千万亿两除被把跟比让向由"
)


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
    """Words one slip away, likeliest first: two letters swapped, one typed twice, one left out.

    A wrong letter is not tried: too many right words are one letter from another (treat, great).
    """
    yield from (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - _ENDING))
    yield from (word[:i] + word[i + 1 :] for i in range(1, len(word)) if word[i] == word[i - 1])
    if len(word) >= _MISSING_FROM:
        inner = range(1, len(word) - _ENDING + 1)
        yield from (word[:i] + letter + word[i:] for i in inner for letter in ascii_lowercase)


def _chinese(folded: str, fixed: Sequence[tuple[int, int]], known: WordsKnown) -> Iterator[tuple[int, int, str]]:
    for run in _RUN.finditer(_blanked(folded, fixed)):
        loose = _loose(run[0], known)
        tries: dict[str, tuple[int, str]] = {}
        for at in sorted(loose):
            place = run.start() + at
            if run[0][at] not in _GRAMMAR | STOPWORDS_ZH | units().keys():
                tries |= {word: (place, c) for word, c in _mended(run[0], at, loose) if word not in tries}
        best = max(sorted(known(tries).items()), key=lambda item: (len(item[0]), item[1]), default=None)
        if best:
            place, character = tries[best[0]]
            yield place, place + 1, character


def _blanked(folded: str, fixed: Sequence[tuple[int, int]]) -> str:
    """With blanks for what is left alone: the 年 of 2019年 is no part of a word with what follows."""
    for start, end in fixed:
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded


def _loose(run: str, known: WordsKnown) -> set[int]:
    """Places that no word of two characters or more covers, of the dictionary or of the reports.

    A slip in a word of two leaves two such places side by side; one alone is a word of one character.
    """
    import rjieba

    covered: set[int] = set()
    at = 0
    for word in rjieba.cut(run, hmm=False):
        covered |= set(range(at, at + len(word))) if len(word) > 1 else set()
        at += len(word)
    windows = {run[i : i + n] for n in range(2, _LONGEST + 1) for i in range(len(run) - n + 1)}
    for window in known(windows):
        for match in re.finditer(f"(?={re.escape(window)})", run):
            covered |= set(range(match.start(), match.start() + len(window)))
    loose = set(range(len(run))) - covered
    return {at for at in loose if {at - 1, at + 1} & loose}


def _mended(run: str, at: int, loose: Set[int]) -> Iterator[tuple[str, str]]:
    """(word, character) for every word over loose places that another character at ``at`` would make."""
    for size in range(2, _LONGEST + 1):
        for start in range(max(0, at - size + 1), min(at, len(run) - size) + 1):
            if sum(place in loose for place in range(start, start + size)) >= 2:
                for character in homophones(run[at]):
                    yield run[start:at] + character + run[at + 1 : start + size], character


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
