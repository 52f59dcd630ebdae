"""Names in free prose that the cited lines do not hold: Chinese ones by the segmenter, Latin ones by their capitals.

A name in Latin letters over Chinese lines is good when it is the pinyin of what stands there (Jin Lei and Lei Jin for
金磊) or a translation the lexicon knows (Spring Festival for 春节). Both are worked out from the cited lines, never
from a list of names: what cannot be led back to them is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from documents.dates import MONTH_EN
from documents.folding import fold
from documents.pinyin import syllables
from index.bilingual import STOPS, spellings
from index.dictionary import english_words
from index.lexicon import SURNAMES, Lexicon
from index.tokens import stem, words
from qa.checking.grounds import Grounds, bare
from qa.measures import units
from qa.understanding.cues import data_lines, word_list

_LATIN = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_QUOTED = re.compile(r"《[^《》]+》|“[^“”]+”|「[^「」]+」|\"[^\"]+\"")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_GRAMMAR = re.compile("[的是为了在共有于和由]")  # in a Chinese sentence about things with Latin names
_LONGEST_RUN = 6  # syllables of a name in pinyin
# Capitals that name nobody: the calendar, languages, and the words that only say what kind of body or person is meant.
_NO_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday i yes no mr mrs ms dr prof "
    "professor chinese english china city county district province provincial municipal town township village public "
    "library libraries museum hospital university college school government council bureau committee department branch "
    "section chapter report annual year quarter director deputy chairman secretary".split()
).union(MONTH_EN.split("|"))
_EVERYWHERE = frozenset("中国 全国 我国 国内 中华 中文 汉语 英语 英文 北京时间".split())
_EDGE = "为于在和与等是的及从由向任到对将被把让请至给了也又还及以并则即所经受担主同跟"
_PLACE_END = "省市区县州镇乡村"


def chinese_names(sentence: str, cited: Grounds, own: Sequence[str], asked: str = "") -> Iterator[str]:
    """What a sentence names in Chinese and the cited lines do not: persons, places, bodies, and words nobody knows.

    In an English sentence every Chinese character is a name. The words of the question ``asked`` are known; its names
    must stand on the lines like any others.
    """
    import rjieba

    there = bare(fold(" ".join((cited.context, *own))))
    runs = _HAN_RUN.findall(_QUOTED.sub("，", fold(sentence)))
    known = bare(fold(asked))
    foreign = [run for run in runs if run not in there and run not in known]
    if sum(map(len, _LATIN.findall(sentence))) > sum(map(len, runs)) and not _GRAMMAR.search("".join(foreign)):
        yield from foreign
        return
    for run in runs:
        for word, tag in rjieba.tag(run):
            name = word.strip(_EDGE) if tag[:2] == "nr" else word
            if name and not _stands(name, there) and _is_name(name, tag, there + known):
                yield name


def _is_name(word: str, tag: str, there: str) -> bool:
    """Named so by the segmenter and by the dictionary's capital; or no word at all, with a character of its own."""
    import rjieba

    if len(word) > 1 and rjieba.has_word(word):
        meaning = _lexicon().meaning(word)
        return tag[:2] in ("nr", "ns", "nt", "nz") and (meaning[:1].isupper() or word[-1] in _PLACE_END)
    if len(word) > 1 and tag[:2] == "nr" and word[0] in SURNAMES:
        return True
    return any(character not in there and character not in _common() for character in word)


@cache
def _common() -> frozenset[str]:
    """Characters that stand alone in running text, or are put together into words that no dictionary holds."""
    return frozenset("".join(data_lines("common_characters.txt"))) | {u for u in units() if len(u) == 1}


def _stands(name: str, there: str) -> bool:
    place = name[:-1] if len(name) > 2 and name[-1] in _PLACE_END else name
    return name in _EVERYWHERE or name in there or place in there


def latin_names(sentence: str, cited: Grounds, own: Sequence[str]) -> Iterator[str]:
    """Names in Latin letters that cannot be led back to the cited lines."""
    text = _QUOTED.sub(lambda quoted: "," * len(quoted[0]), sentence.translate(_HALF_WIDTH))
    for group in _capitalised(text):
        yield from _unknown(group, cited, own)


_HALF_WIDTH = {0xFF21 + i + j: chr(0x41 + i + j) for j in (0, 32) for i in range(26)} | {0x2019: "'"}


def _capitalised(text: str) -> Iterator[list[str]]:
    """Neighbouring words with capitals; the first of the sentence only where it is no everyday word."""
    group: list[str] = []
    end, first = 0, True
    for match in _LATIN.finditer(text):
        word = match[0].removesuffix("'s").removesuffix("'")
        apart = text[end : match.start()].strip()
        if apart and apart != "." and group:
            yield group
            group = []
        named = word[0].isupper() and not (first and _everyday(word, text[match.end() :]))
        if named:
            group.append(word)
        elif group:
            yield group
            group = []
        end, first = match.end(), False
    if group:
        yield group


def _everyday(word: str, after: str) -> bool:
    lower = word.lower()
    if lower in STOPS or stem(lower) in STOPS:
        return True
    parts = set(lower.split("-"))  # Thirty-six
    return parts <= english_words() | STOPS and not (_reads_as_pinyin(lower) and re.match(r"\s+[A-Z]", after))


def _unknown(group: list[str], cited: Grounds, own: Sequence[str]) -> Iterator[str]:
    """The words of a group that nothing on the lines explains; pinyin is judged as a whole, in either order."""
    there = " ".join((cited.context, *map(fold, own)))
    latin = latin_words(there)
    spoken_words: list[str] = []
    for word in [*group, ""]:
        lower = word.lower()
        if word and lower not in latin and _reads_as_pinyin(lower) and lower not in _NO_NAMES:
            spoken_words.append(word)
            continue
        if spoken_words and not _explained(spoken_words, there):
            yield " ".join(spoken_words)
        spoken_words = []
        if word and not (lower in _NO_NAMES or lower in latin or stem(lower) in latin or _translates(lower, there)):
            yield word


def _explained(group: list[str], there: str) -> bool:
    parts = tuple(word.lower().replace("'", "").replace("-", "") for word in group)
    return _is_spoken(parts, there) or all(_translates(part, there) for part in parts)


def _is_spoken(parts: tuple[str, ...], there: str) -> bool:
    """Whether words in pinyin are a stretch of the Chinese text: in order, family name last, or two names in a row."""
    runs = _runs(there)
    if (
        "".join(parts) in runs
        or "".join((*parts[-1:], *parts[:-1])) in runs
        or "".join((*parts[1:], *parts[:1])) in runs
    ):
        return True
    return any(
        _is_spoken(parts[:cut], there) and _is_spoken(parts[cut:], there)
        for cut in range(1, len(parts))
        if all(len(_split(side[0])) > 1 or len(side) > 1 for side in (parts[:cut], parts[cut:]))
    )


def is_spoken(name: str, chinese: str) -> bool:
    """Whether a folded name in Latin letters is the pinyin of a stretch of a Chinese text."""
    return name.isascii() and _is_spoken(tuple(re.findall(r"[a-z]+", name.replace("'", ""))), chinese)


def means(title: str, cited: Grounds, own: Sequence[str]) -> bool:
    """Whether what stands in quotation marks is on the lines, or each of its words is pinyin or a translation."""
    there = " ".join((cited.context, *map(fold, own)))
    if bare(fold(title)) in bare(there):
        return True
    if _HAN.search(title):
        return False
    found = [word.lower().removesuffix("'s") for word in _LATIN.findall(title.translate(_HALF_WIDTH))]
    latin = latin_words(there)
    told = [w for w in found if w not in STOPS and stem(w) not in STOPS and w not in _NO_NAMES]
    return bool(told) and all(
        w in latin or stem(w) in latin or _translates(w, there) or _is_spoken((w.replace("'", ""),), there)
        for w in told
    )


def share_told(folded: str, cited: Grounds) -> float | None:
    """Of the telling words of a sentence, the share that the cited lines hold or translate; None when it has none.

    Numbers and what they count tell nothing here: any line about any report may have them.
    """
    there = bare(cited.text)
    told = [
        _han_known_in(token, there, cited.text) if _HAN.match(token) else _known_in(token, cited.text)
        for token, start, end in words(folded)
        if token not in STOPS
        and token not in _reporting()
        and token not in units()
        and not token[0].isdigit()
        and (end - start > 1 if _HAN.match(token) else end - start > 2)
    ]
    return sum(told) / len(told) if told else None


def _han_known_in(token: str, there: str, text: str) -> bool:
    return token in there or token in _keys(text) or token in _keys_in_han(text)


def _known_in(stemmed: str, text: str) -> bool:
    return stemmed in latin_words(text) or stemmed in _keys(text) or _is_spoken((stemmed,), text)


@cache
def _reporting() -> frozenset[str]:
    """Words of telling that any sentence about any report has."""
    return frozenset(word if _HAN.match(word) else stem(word) for word in word_list("reporting_words.txt"))


def _translates(word: str, there: str) -> bool:
    """Whether the lexicon leads from an English word to a word of the Chinese text."""
    return any(form in _keys(there) for part in {word, *word.split("-")} for form in spellings(stem(part)))


@cache
def _lexicon() -> Lexicon:
    return Lexicon.load()


@lru_cache(maxsize=256)
def _keys(there: str) -> frozenset[str]:
    """Every English key, and each word of it, that reaches the Chinese of a text; pinyin is judged elsewhere."""
    folded = fold(there)
    chinese = {token for token, _, _ in words(folded) if _HAN.match(token)} | _lexicon().terms_in(folded)
    found = _lexicon().expand_vocabulary(term for term in chinese if _HAN.match(term))
    return frozenset(part for row in found if row.origin != "pinyin" for part in row.source.split())


@lru_cache(maxsize=256)
def _keys_in_han(there: str) -> frozenset[str]:
    """Every Chinese key that reaches the English of a text."""
    found = _lexicon().expand_vocabulary(token for token, _, _ in words(there) if token.isascii())
    return frozenset(row.source for row in found if _HAN.match(row.source))


@lru_cache(maxsize=256)
def latin_words(there: str) -> frozenset[str]:
    found = [word for match in _LATIN.findall(there) for word in (match, *re.split(r"['’-]", match))]
    return frozenset({*found, *map(stem, found)})


@lru_cache(maxsize=256)
def _runs(there: str) -> frozenset[str]:
    """The pinyin of every short stretch of the Chinese text, written as one word."""
    found: set[str] = set()
    for run in _HAN_RUN.findall(re.sub(r"\s", "", there)):
        read = syllables(run)
        for start in range(len(read)):
            found.update("".join(read[start:end]) for end in range(start + 1, start + 1 + _LONGEST_RUN))
    return frozenset(found)


@cache
def _syllable_pattern() -> re.Pattern[str]:
    common = {s for s in syllables("".join(map(chr, range(0x4E00, 0x9FA6)))) if s.isascii() and re.search("[aeiou]", s)}
    return re.compile("|".join(sorted(common, key=len, reverse=True)))


def _reads_as_pinyin(word: str) -> bool:
    return bool(_split(word.replace("'", "").replace("-", "")))


@lru_cache(maxsize=4096)
def _split(word: str) -> tuple[str, ...]:
    """The syllables of a word in pinyin, or nothing if it is none."""
    for match in (_syllable_pattern().match(word, 0, end) for end in range(min(6, len(word)), 0, -1)):
        if match is None or not match[0]:
            continue
        rest = word[match.end() :]
        if not rest:
            return (match[0],)
        if tail := _split(rest):
            return (match[0], *tail)
    return ()
