"""A second look at the first hits by a cross-encoder, for whoever has one; without it nothing changes.

A cross-encoder reads question and chunk together, which is slower by orders of magnitude and, with a model made for
the language at hand, better. It only orders what the search has found, and it does not decide alone: a model that does
not know the language (most know only English) must not be able to bury what both rankings agree on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.local_models import load_local
from index.scope import Hit

# Question and texts in, one score for each text out; higher is nearer.
Scorer = Callable[[str, Sequence[str]], Sequence[float]]

RERANK_DEPTH = 20
# Both parts lie between 0 and 1: the reranker moves a hit by at most this share of the best fused score.
RERANK_WEIGHT = 1.0


def rerank(
    question: str, hits: Sequence[Hit], scorer: Scorer, *, depth: int = RERANK_DEPTH, weight: float = RERANK_WEIGHT
) -> list[Hit]:
    """The first ``depth`` hits in order of ``fused / best fused + weight * scaled score``; the others follow unchanged.

    The scorer's scores are scaled to 0..1 over these hits (min-max), because models differ in their ranges. ``score``
    of a reranked hit is the sum.

    >>> from documents.report import Chunk, Passage, Stance
    >>> def hit(name, score):
    ...     return Hit(Chunk(name, "r", (), None, Stance.ACHIEVED, Passage(name, ((0, 1),))), score, 1, 1)
    >>> [h.chunk.id for h in rerank("?", [hit("a", 1.0), hit("b", 0.8)], lambda question, texts: [-3.0, 5.0])]
    ['b', 'a']
    """
    first, rest = list(hits[:depth]), list(hits[depth:])
    if len(first) < 2:
        return first + rest
    scores = [float(score) for score in scorer(question, [_text(hit) for hit in first])]
    low, spread = min(scores), max(scores) - min(scores)
    best = max(hit.score for hit in first)
    fused = [hit.score / best if best > 0 else 0.0 for hit in first]
    scaled = [(score - low) / spread if spread > 0 else 0.0 for score in scores]
    moved = [replace(hit, score=own + weight * other) for hit, own, other in zip(first, fused, scaled, strict=True)]
    return sorted(moved, key=lambda hit: (-hit.score, hit.chunk.id)) + rest


def _text(hit: Hit) -> str:
    return "\n".join((*hit.chunk.heading, hit.chunk.text))


def load_reranker(name_or_folder: str) -> Scorer:
    """A sentence-transformers cross-encoder that lies in a folder or in the local Hugging Face cache.

    Never downloads. Raises `ModelUnavailable` with the command that fetches it, or that installs the extra.
    """
    model = load_local("reranker", "CrossEncoder", name_or_folder)

    def score(question: str, texts: Sequence[str]) -> list[float]:
        pairs = [(question, text) for text in texts]
        return [float(value) for value in model.predict(pairs, show_progress_bar=False)]

    return score
