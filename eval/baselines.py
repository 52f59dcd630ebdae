"""What a careful person would build from stock parts: BM25 over Chinese words, and llama-index's default chunks.

Both know nothing of scope, synonyms or the other language. The chunks of the stock splitter are four times as large as
ours, so that the same evidence is easier to be inside of: `Baseline.chunks` and `mean_tokens` are there to be printed.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from documents.chunking import count_tokens
from documents.report import LineRange
from index.tokens import STOPWORDS_EN, fold, words

K1 = 1.5
B = 0.75


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that a baseline searches, and where it stands."""

    file: str
    lines: LineRange
    text: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """Pieces and the BM25 over their words."""

    pieces: Sequence[Piece]
    bm25: BM25

    @classmethod
    def over(cls, pieces: Sequence[Piece]) -> Baseline:
        return cls(pieces, BM25([plain_words(piece.text) for piece in pieces]))

    @property
    def mean_tokens(self) -> float:
        """Average size of a piece in tokens of tiktoken's cl100k_base."""
        return sum(count_tokens(piece.text) for piece in self.pieces) / max(1, len(self.pieces))

    def search(self, text: str, limit: int) -> list[tuple[str, LineRange]]:
        ranked = self.bm25.search(plain_words(text), limit)
        return [(self.pieces[at].file, self.pieces[at].lines) for at, _ in ranked]


def plain_words(text: str) -> list[str]:
    """rjieba's words, English stems and numbers, folded, without English stop words."""
    return [word for word, _, _ in words(fold(text)) if word not in STOPWORDS_EN]


class BM25:
    """Okapi BM25 with Lucene's idf, which is never negative (Robertson & Zaragoza, "BM25 and Beyond", 2009).

    >>> BM25([["a", "b"], ["b", "b"], ["c"]]).search(["a", "b"], 2)[0][0]
    0
    """

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        lengths = [len(document) for document in documents]
        mean = sum(lengths) / max(1, len(lengths)) or 1.0
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for at, document in enumerate(documents):
            for word, count in Counter(document).items():
                postings[word].append((at, count))
        self._weights: dict[str, list[tuple[int, float]]] = {}
        for word, held in postings.items():
            idf = math.log(1 + (len(documents) - len(held) + 0.5) / (len(held) + 0.5))
            self._weights[word] = [
                (at, idf * count * (K1 + 1) / (count + K1 * (1 - B + B * lengths[at] / mean))) for at, count in held
            ]

    def search(self, query: Iterable[str], limit: int) -> list[tuple[int, float]]:
        """The best ``limit`` documents as (place, score); equal scores in order of place."""
        scores: dict[int, float] = defaultdict(float)
        for word in query:
            for at, weight in self._weights.get(word, ()):
                scores[at] += weight
        return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))[:limit]


@dataclass(frozen=True, slots=True)
class Splitting:
    """llama-index's `SentenceSplitter` as it comes: the sizes are its own defaults, in tokens."""

    size: int
    overlap: int
    pieces: tuple[Piece, ...]


def stock_pieces(files: Sequence[tuple[str, str]], note: Callable[[str], None] = lambda _: None) -> Splitting:
    """What llama-index's default splitter makes of (file name, text) pairs.

    ``note`` is told of the pieces whose place in the text it lost, which are left out.
    """
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter()
    pieces: list[Piece] = []
    lost = 0
    for file, text in files:
        for node in splitter.get_nodes_from_documents([Document(text=text)]):
            start, end = getattr(node, "start_char_idx", None), getattr(node, "end_char_idx", None)
            if start is None or end is None:
                lost += 1
                continue
            lines = LineRange(text.count("\n", 0, start) + 1, text.count("\n", 0, max(start, end - 1)) + 1)
            pieces.append(Piece(file, lines, node.get_content()))
    if lost:
        note(f"{lost} pieces of the stock splitter without a position were left out")
    return Splitting(splitter.chunk_size, splitter.chunk_overlap, tuple(pieces))
