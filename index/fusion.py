"""Two rankings into one, without letting the weaker one spoil the stronger.

`fuse` adds scores, each divided by the best of its ranking (a convex combination with the theoretical minimum 0: Bruch,
Gai & Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023). Where the keywords are sure, the gap
in their scores holds; where they hesitate, the vectors decide. `fuse_ranks` is reciprocal rank fusion (Cormack, Clarke
& Büttcher, SIGIR 2009), which looks at places only and so cannot tell the two cases apart.

Measured on CMRC 2018 as open retrieval, recall@1 of keywords 97.1 fused with an embedder (75.3), a hashing one (50.1)
and random order: by scores 97.0 / 96.7 / 96.4, by ranks at the same weights 92.4 / 83.1 / 29.9. The result hardly moves
between 0.1 and 0.5 for the vectors, in either language (docs/experiments.md), so one weight serves all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
Ranking = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each ranking counts. The vectors' share is small: it may settle a draw, not overrule."""

    keyword: float = 1.0
    vector: float = 0.3


@dataclass(frozen=True, slots=True)
class Fused:
    """One entry of the joint ranking; the ranks start at 1 and are None where a ranker did not find it."""

    id: str
    score: float
    keyword_rank: int | None
    vector_rank: int | None


DEFAULT_WEIGHTS = Weights()
RANK_CONSTANT = 60


def fuse(keyword: Ranking, vector: Ranking, weights: Weights = DEFAULT_WEIGHTS) -> list[Fused]:
    """By score: a hit gets ``weight * score / best score`` from each ranking; best first, draws in order of id.

    Scores must be positive. With 0.3 for the vectors, only what has 0.7 of its keyword score can pass the best hit.

    >>> fused = fuse([("a", 8.0), ("b", 7.2)], [("b", 0.6), ("c", 0.5)])
    >>> [(hit.id, round(hit.score, 2), hit.keyword_rank, hit.vector_rank) for hit in fused]
    [('b', 1.2, 2, 1), ('a', 1.0, 1, None), ('c', 0.25, None, 2)]
    """
    return _join(keyword, vector, _by_score(keyword, weights.keyword), _by_score(vector, weights.vector))


def fuse_ranks(
    keyword: Ranking, vector: Ranking, weights: Weights = DEFAULT_WEIGHTS, k: int = RANK_CONSTANT
) -> list[Fused]:
    """By rank: a hit at rank r gets ``weight / (k + r)`` from each ranking; best first, draws in order of id.

    >>> fused = fuse_ranks([("a", 8.0), ("b", 7.2)], [("b", 0.6), ("c", 0.5)])
    >>> [(hit.id, round(hit.score, 5)) for hit in fused]
    [('b', 0.02105), ('a', 0.01639), ('c', 0.00484)]
    """
    return _join(keyword, vector, _by_rank(keyword, weights.keyword, k), _by_rank(vector, weights.vector, k))


def _by_score(ranking: Ranking, weight: float) -> dict[str, float]:
    best = max((score for _, score in ranking), default=1.0)
    return {chunk: weight * score / best for chunk, score in ranking}


def _by_rank(ranking: Ranking, weight: float, k: int) -> dict[str, float]:
    return {chunk: weight / (k + rank) for rank, (chunk, _) in enumerate(ranking, 1)}


def _join(keyword: Ranking, vector: Ranking, first: dict[str, float], second: dict[str, float]) -> list[Fused]:
    keyword_ranks = {chunk: rank for rank, (chunk, _) in enumerate(keyword, 1)}
    vector_ranks = {chunk: rank for rank, (chunk, _) in enumerate(vector, 1)}
    fused = [
        Fused(i, first.get(i, 0.0) + second.get(i, 0.0), keyword_ranks.get(i), vector_ranks.get(i))
        for i in first | second
    ]
    return sorted(fused, key=lambda hit: (-hit.score, hit.id))


def in_turn(ranked: Sequence[T], source: Callable[[T], Hashable], turns: int = 5) -> list[T]:
    """The first ``turns`` of each source in turn, best first, then the rest as they stand.

    For a question that names several reports: it needs a line from each, and the one that says more of the subject
    would fill the first places.

    >>> in_turn(["a1", "a2", "a3", "b1", "a4", "b2"], lambda name: name[0], turns=2)
    ['a1', 'b1', 'a2', 'b2', 'a3', 'a4']
    """
    seen: dict[Hashable, int] = {}
    first: list[tuple[int, T]] = []
    rest: list[T] = []
    for entry in ranked:
        place = seen[source(entry)] = seen.get(source(entry), 0) + 1
        if place <= turns:
            first.append((place, entry))
        else:
            rest.append(entry)
    return [entry for _, entry in sorted(first, key=lambda pair: pair[0])] + rest
