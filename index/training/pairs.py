"""Pseudo-questions and the passages they should find, out of running text (inverse cloze: Lee et al. 2019).

A question is a handful of the words of one sentence; its passage is the stretch the sentence stands in; the passages
around it, of the same article, are in the same batch and must lose. So that languages mix, words are replaced by
dictionary glosses: in the question (an English question over Chinese text), or in the passage (the reverse).
Everything works on token numbers; a text is tokenised once.
"""

from __future__ import annotations

import random
import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.embedding import stemmed
from index.tokens import STOPWORDS_ZH
from index.training.vocabulary import Dictionary

Ids = list[int]
_SENTENCE = re.compile(r"[^。！？；\n]+")


@dataclass(frozen=True, slots=True)
class Glosses:
    """For a token: the token lists of its translations, and their running weights to draw one by."""

    choices: tuple[Ids, ...]
    weights: tuple[float, ...]

    def draw(self, dice: random.Random) -> Ids:
        return self.choices[bisect(self.weights, dice.random() * self.weights[-1])]


def gloss_table(tokenizer: Tokenizer, dictionary: Dictionary) -> dict[int, Glosses]:
    """Translations of every Chinese token: of the dictionary, else of its two halves, else its pinyin."""
    table: dict[int, Glosses] = {}
    for token, number in tokenizer.get_vocab().items():
        if token.isascii() or token in STOPWORDS_ZH:
            continue
        found = list(dictionary.glosses.get(token, ())) or _halves(token, dictionary)
        texts = [(text, 1.0 / (1 + place)) for place, text in enumerate(found)]
        sounds = dictionary.pinyin.get(token) or " ".join(dictionary.pinyin.get(c, "") for c in token)
        if not found or len(token) == 1:
            texts.append((sounds, 0.3))
            texts.append((sounds.replace(" ", ""), 0.3))
        encoded = [(tokenizer.encode(text).ids, weight) for text, weight in texts]
        kept = [(ids, weight) for ids, weight in encoded if ids and 0 not in ids]
        if kept:
            table[number] = Glosses(tuple(i for i, _ in kept), tuple(accumulate(w for _, w in kept)))
    return table


def _halves(token: str, dictionary: Dictionary) -> list[str]:
    for cut in range(len(token) - 1, 0, -1):
        left, right = dictionary.glosses.get(token[:cut]), dictionary.glosses.get(token[cut:])
        if left and right:
            return [f"{left[0]} {right[0]}", *(f"{a} {b}" for a, b in zip(left[1:3], right[1:3], strict=False))]
    return []


def tokenised(articles: Sequence[str], tokenizer: Tokenizer) -> list[list[Ids]]:
    """Folded articles as sentences of token numbers; sentences of fewer than four tokens are left out."""
    result: list[list[Ids]] = []
    for start in range(0, len(articles), 500):
        parts = [_SENTENCE.findall(stemmed(text)) for text in articles[start : start + 500]]
        encoded = iter(tokenizer.encode_batch_fast([s for sentences in parts for s in sentences]))
        for sentences in parts:
            rows = [[i for i in next(encoded).ids if i] for _ in sentences]
            result.append([row for row in rows if len(row) > 3])
    return result


def inverse_document_frequency(articles: Sequence[Sequence[Ids]], size: int) -> NDArray[np.float32]:
    """log(documents / documents with the token), at least 0.1; tokens never seen count as seen twice."""
    frequency = np.full(size, 0, dtype=np.float32)
    for sentences in articles:
        frequency[sorted({i for row in sentences for i in row})] += 1
    frequency = np.where(frequency == 0, 2, frequency)
    return np.maximum(np.log(len(articles) / frequency), 0.1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Mixture:
    """Shares of the kinds of pairs, and sizes in tokens."""

    english_question: float = 0.45
    english_passage: float = 0.15
    keep_sentence: float = 0.85
    passage_tokens: tuple[int, int] = (60, 180)
    span_tokens: tuple[int, int] = (3, 12)


class PairMaker:
    """Draws pairs; the same seed draws the same pairs."""

    def __init__(
        self, glosses: dict[int, Glosses], weights: NDArray[np.float32], silent: set[int], mixture: Mixture, seed: int
    ) -> None:
        self._glosses, self._weights, self._silent, self._mix = glosses, weights.tolist(), silent, mixture
        self._dice = random.Random(seed)

    def pairs(self, articles: Sequence[Sequence[Ids]]) -> Iterator[tuple[Ids, Ids]]:
        """For each passage of each article one question; both as token numbers."""
        for sentences in articles:
            for passage in self._passages(sentences):
                pair = self._pair(passage)
                if pair:
                    yield pair

    def _passages(self, sentences: Sequence[Ids]) -> Iterator[list[Ids]]:
        room = self._dice.randint(*self._mix.passage_tokens)
        held: list[Ids] = []
        for row in sentences:
            held.append(row)
            if sum(map(len, held)) >= room:
                yield held
                held, room = [], self._dice.randint(*self._mix.passage_tokens)
        if sum(map(len, held)) >= 20:
            yield held

    def _pair(self, passage: list[Ids]) -> tuple[Ids, Ids] | None:
        dice = self._dice
        at = dice.randrange(len(passage))
        question = self._keywords(passage[at])
        whole = len(passage) == 1 or dice.random() < self._mix.keep_sentence
        text = [i for n, row in enumerate(passage) if whole or n != at for i in row]
        kind = dice.random()
        if kind < self._mix.english_question:
            question = self._translated(question)
        elif kind < self._mix.english_question + self._mix.english_passage:
            text = self._translated(text)
            if dice.random() < 0.5:
                question = self._translated(question)
        return (question, text) if question and text else None

    def _keywords(self, sentence: Ids) -> Ids:
        """A span of the sentence without silent words, some words dropped, common ones sooner."""
        length = min(len(sentence), self._dice.randint(*self._mix.span_tokens))
        start = self._dice.randint(0, len(sentence) - length)
        span = [i for i in sentence[start : start + length] if i not in self._silent]
        return [i for i in span if self._dice.random() < 0.25 + 0.12 * self._weights[i]]

    def _translated(self, ids: Ids) -> Ids:
        """Glosses for the tokens that have any; letters and digits stay, Chinese without a gloss is lost."""
        result: Ids = []
        for i in ids:
            if i in self._glosses:
                result.extend(self._glosses[i].draw(self._dice))
        return result
