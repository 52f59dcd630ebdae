"""A question's words to the words of the reports, across languages and within one, without a model.

The work is split by time. While indexing, ``index.lexicon`` writes for every word of the reports the question words
that reach it; the catalog keeps these rows. While asking, nothing is loaded: one look-up by source gives the rows, and
this module turns them into terms. A term is one question word or phrase with its alternatives, so that a word with ten
translations still has one vote.

Keys are what a question's tokens are joined to: English stems without stop words, divided by a blank
("branch librari"); Chinese as it stands, without blanks ("24小时自助图书馆").
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.tokens import STOPWORDS_EN, STOPWORDS_ZH, fold, is_chinese, stem, words
from index.wordforms import base_form

Origin = Literal["glossary", "dictionary", "pinyin", "synonym"]

STOPS = STOPWORDS_EN | STOPWORDS_ZH | {stem(word) for word in STOPWORDS_EN}
MAX_PHRASE_TOKENS = 6
MAX_ALTERNATIVES = 12
# Words of asking and counting: they stand in nearly every question and in nearly every line of a report.
_FAINT_EN = (
    "number total times often whole altogether list name kind sort various date happen happened went go get put "
    "through during over under more most than other not out up down between after before late early"
)
_FAINT_ZH = "数字 具体 大概 左右 名字 数量 合计 总数 次数 前后 加 起来 分别 下来 年 来 去 做 些 那边 叫"
FAINT = frozenset(map(stem, _FAINT_EN.split())) | frozenset(_FAINT_ZH.split())
_HOW_MANY = "几"  # the segmenter leaves it on the unit: 几场
_WHICH = "哪"
FAINT_WEIGHT = 0.4
# A phrase takes its words: the dictionary's phrases must be surer of it than our own.
_PHRASE_MINIMUM: dict[Origin, float] = {"glossary": 0.5, "synonym": 0.5, "pinyin": 0.5, "dictionary": 0.7}
_SUBPHRASE_SHARE = 0.6
_KNOWN_WORD = 0.4
ELECTRONIC = "e "  # e-books are no books: where nobody knows the word, it stands for itself
_PINYIN_OF_KNOWN_WORD = 0.35


@dataclass(frozen=True, slots=True)
class Translation:
    """A question key ``source`` reaches the word or term ``target`` of the reports; ``weight`` is in (0, 1]."""

    source: str
    target: str
    weight: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class Term:
    """One question word or phrase: one vote, won by the best of its ``alternatives`` (target, weight up to 1.0).

    The question's own form comes first with 1.0. A target of several tokens is a phrase: Chinese without blanks,
    English stems with blanks.
    """

    surface: str
    alternatives: tuple[tuple[str, float], ...]
    weight: float = 1.0


Lookup = Callable[[Collection[str]], Iterable[Translation]]


def key_of(tokens: Iterable[str]) -> str:
    """The key of neighbouring tokens; empty if only stop words are left.

    >>> key_of(["branch", "of", "the", "librari"]), key_of(["24", "小时", "自助"])
    ('branch librari', '24小时自助')
    """
    run = list(tokens)
    if any(is_chinese(token) for token in run):
        return "".join(run)
    return " ".join(token for token in run if token not in STOPS)


def key_of_text(text: str) -> str:
    """The key of a word or phrase as it is written.

    >>> key_of_text("24-hour self-service libraries")
    '24 hour self servic librari'
    """
    return key_of(token for token, _, _ in words(fold(text)))


def spellings(key: str) -> Iterator[str]:
    """The key, the American form of its British spellings, which is what the dictionary uses, and its base form.

    >>> list(spellings("organis")), list(spellings("took over"))
    (['organis', 'organ'], ['took over', 'take over'])
    """
    yield key
    for other in (" ".join(_american(part) for part in key.split(" ")), base_form(key)):
        if other != key and other not in STOPS:
            yield other


def _american(part: str) -> str:
    if part == "programm":
        return "program"
    if len(part) > 5 and part.endswith("is"):
        return part[:-2]
    if len(part) > 4 and part.endswith("our"):
        return part[:-3] + "or"
    return part[:-1] + "er" if len(part) > 4 and part.endswith("tr") else part


def question_terms(question_tokens: Sequence[str], lookup: Lookup) -> tuple[Term, ...]:
    """The terms of a question in its order; ``question_tokens`` as ``index.tokens.words`` gives them.

    ``lookup`` gets all keys at once and answers with every translation whose source is among them. The longest phrase
    it knows takes its words; stop words are dropped; what is unknown stands for itself.
    """
    asked = [token[1:] if token.startswith(_HOW_MANY) and len(token) > 1 else token for token in question_tokens]
    spans = {(i, j): key for i, j, key in _spans(asked)}
    rows: dict[str, list[Translation]] = {}
    for row in lookup({spelling for key in spans.values() for spelling in spellings(key)}):
        rows.setdefault(row.source, []).append(row)
    found = {key: [row for spelling in spellings(key) for row in rows.get(spelling, ())] for key in spans.values()}
    terms: list[Term] = []
    at = 0
    while at < len(asked):
        end = _phrase_end(at, spans, found)
        if (at, end) in spans:
            terms.append(_term(at, end, spans, found))
        at = end
    return tuple({term.surface: term for term in terms}.values())


def _spans(tokens: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(first token, end, key) of every run that neither begins nor ends with a stop word."""
    for i, first in enumerate(tokens):
        if first in STOPS:
            continue
        for j in range(i + 1, min(i + MAX_PHRASE_TOKENS, len(tokens)) + 1):
            if tokens[j - 1] not in STOPS:
                yield i, j, key_of(tokens[i:j])


def _phrase_end(at: int, spans: dict[tuple[int, int], str], found: dict[str, list[Translation]]) -> int:
    for end in range(at + MAX_PHRASE_TOKENS, at + 1, -1):
        key = spans.get((at, end))
        if key and any(row.weight >= _PHRASE_MINIMUM[row.origin] for row in found[key]):
            return end
    return at + 2 if (at, at + 2) in spans and spans[at, at + 2].startswith(ELECTRONIC) else at + 1


def _term(start: int, end: int, spans: dict[tuple[int, int], str], found: dict[str, list[Translation]]) -> Term:
    key = spans[start, end]
    weights: dict[str, float] = {}
    for row in _settled(found[key]):
        weights[row.target] = max(weights.get(row.target, 0.0), min(row.weight, 1.0))
    for (i, j), part in spans.items():
        if start <= i and j <= end and j - i > 1 and (i, j) != (start, end):
            for row in found[part]:
                weights[row.target] = max(weights.get(row.target, 0.0), row.weight * _SUBPHRASE_SHARE)
    weights.pop(key, None)
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[: MAX_ALTERNATIVES - 1]
    faint = key in FAINT or key.startswith(_WHICH)
    return Term(key, ((key, 1.0), *ranked), FAINT_WEIGHT if faint else 1.0)


def _settled(rows: list[Translation]) -> list[Translation]:
    """Pinyin steps back where the word is a known one: "long" is 长 before it is 龙."""
    if not any(row.origin != "pinyin" and row.weight >= _KNOWN_WORD for row in rows):
        return rows
    return [replace(r, weight=r.weight * _PINYIN_OF_KNOWN_WORD) if r.origin == "pinyin" else r for r in rows]
