"""The model while it is trained, and the form it is stored in.

A token's vector is put together from features: its own, those of the words and characters inside it, and for an English
stem those of the Chinese words it translates. So a rare English word starts where its translations are and follows them
through the training, and what is learned of a character serves every word that holds it. At the end the features are
added up: the finished model is one row per token.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save as to_bytes
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from torch import Tensor

from index.embedding import CONFIG
from index.tokens import STOPWORDS_EN
from index.training.pairs import Ids
from index.training.vocabulary import Dictionary

MOST_TRANSLATIONS = 12


@dataclass(frozen=True, slots=True)
class Shares:
    """How much other features weigh in a token, its own being 1."""

    inside: float = 2.0
    translations: float = 3.0


class ComposedEmbedding(StaticEmbedding):
    """A `StaticEmbedding` whose rows are ``weight * (mixing @ features)``; ``mixing`` is fixed and sparse."""

    def __init__(self, tokenizer: Tokenizer, mixing: Tensor, weights: NDArray[np.float32], dimension: int) -> None:
        features = torch.randn(mixing.shape[1], dimension) / dimension**0.5
        super().__init__(tokenizer, embedding_weights=features)
        self.mixing, self.mixing_t = mixing.to_sparse_csr(), mixing.t().coalesce().to_sparse_csr()
        self.log_weight = torch.nn.Parameter(torch.log(torch.from_numpy(weights)))

    def rows(self) -> Tensor:
        """The vector of every token: (tokens, dimension)."""
        mixed: Tensor = _Mix.apply(self.embedding.weight, self.mixing, self.mixing_t)
        return torch.exp(self.log_weight)[:, None] * mixed

    def forward(self, features: dict[str, Tensor], **kwargs: object) -> dict[str, Tensor]:
        features["sentence_embedding"] = torch.nn.functional.embedding_bag(
            features["input_ids"],
            features["rows"],
            features["offsets"],
            mode="sum",
            per_sample_weights=features["shares"],
        )
        return features


class _Mix(torch.autograd.Function):
    """Sparse times dense, with the transposed matrix kept ready for the way back."""

    @staticmethod
    def forward(ctx, features, mixing, mixing_t):  # type: ignore[no-untyped-def]
        ctx.mixing_t = mixing_t
        return mixing @ features

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[no-untyped-def]
        return ctx.mixing_t @ gradient, None, None


def bag(texts: Sequence[Ids], rows: Tensor) -> dict[str, Tensor]:
    """Texts as the model takes them: each token once, by the square root of its count, as `StaticEmbedder` pools."""
    counted = [np.unique(np.asarray(t, dtype=np.int64), return_counts=True) for t in texts]
    ends = np.cumsum([len(ids) for ids, _ in counted])
    return {
        "input_ids": torch.from_numpy(np.concatenate([ids for ids, _ in counted])),
        "offsets": torch.from_numpy(np.concatenate([[0], ends[:-1]])),
        "shares": torch.from_numpy(np.sqrt(np.concatenate([n for _, n in counted])).astype(np.float32)),
        "rows": rows,
    }


def mixing_matrix(tokenizer: Tokenizer, dictionary: Dictionary, counts: Mapping[str, int], shares: Shares) -> Tensor:
    """Which features make a token, each row of length 1: (tokens, tokens), sparse."""
    # The tokenizer hands its vocabulary out in random order; sums and ties must not depend on it.
    vocabulary = dict(sorted(tokenizer.get_vocab().items(), key=lambda item: item[1]))
    parts = {number: _inside(token, vocabulary, shares) for token, number in vocabulary.items()}
    for stem, found in _translations(vocabulary, dictionary, counts).items():
        best = sorted(found.items(), key=lambda item: -item[1])[:MOST_TRANSLATIONS]
        length = sum(value**2 for _, value in best) ** 0.5
        for number, value in best:
            for feature, share in parts[number].items():
                parts[stem][feature] = parts[stem].get(feature, 0.0) + shares.translations * value / length * share
    entries = [(row, column, value) for row, p in parts.items() for column, value in p.items()]
    rows, columns, values = (torch.tensor(column) for column in zip(*entries, strict=True))
    lengths = torch.zeros(len(vocabulary)).index_add_(0, rows, values**2).sqrt()
    places = torch.stack([rows, columns])
    return torch.sparse_coo_tensor(places, values / lengths[rows], (len(vocabulary),) * 2).coalesce()


def _inside(token: str, vocabulary: Mapping[str, int], shares: Shares) -> dict[int, float]:
    """The token itself, and for Chinese every shorter piece it holds; a month is not made of its digits."""
    features = {vocabulary[token]: 1.0}
    if not token.isascii():
        spans = {token[i:j] for i in range(len(token)) for j in range(i + 1, len(token) + 1)}
        pieces = [p for p in sorted(spans & vocabulary.keys() - {token}) if not p[0].isdigit()]
        features.update({vocabulary[p]: shares.inside / len(pieces) ** 0.5 for p in pieces})
    return features


def _translations(
    vocabulary: Mapping[str, int], dictionary: Dictionary, counts: Mapping[str, int]
) -> dict[int, dict[int, float]]:
    """For English stems the Chinese tokens they gloss: more for frequent words, first glosses and short glosses."""
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for token, number in vocabulary.items():
        for place, gloss in enumerate(dictionary.glosses.get(token, ())):
            stems = [vocabulary[w] for w in gloss.split() if w in vocabulary and w not in STOPWORDS_EN]
            for stem in stems:
                likely = (1 + counts.get(token, 0)) ** 0.5 / (1 + place) / len(stems) ** 1.5
                found[stem][number] = max(likely, found[stem].get(number, 0.0))
    return found


def save(rows: NDArray[np.float32], tokenizer: Tokenizer, folder: Path) -> None:
    """What `StaticEmbedder` reads: rows of 4-bit numbers (-7 to 7, stored plus 8, even columns low), and weights."""
    folder.mkdir(parents=True, exist_ok=True)
    scale = _best_scale(rows)
    whole = (np.clip(np.rint(rows / scale[:, None]), -7, 7) + 8).astype(np.uint8)
    packed = np.ascontiguousarray(whole[:, 0::2] | (whole[:, 1::2] << 4))
    weights = np.where(np.abs(rows).max(axis=1) > 0, scale, 0.0).astype(np.float32)
    (folder / "model.safetensors").write_bytes(to_bytes({"packed": packed, "weights": weights}))
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "config.json").write_text(json.dumps(CONFIG) + "\n", "utf-8")


def _best_scale(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """For each row the step that loses least: clipping the few largest values buys finer steps for the rest."""
    peak = np.maximum(np.abs(rows).max(axis=1), 1e-9)
    best, least = peak / 7, np.full(len(rows), np.inf)
    for share in (1.0, 0.9, 0.8, 0.7, 0.6):
        scale = peak * share / 7
        lost = ((np.clip(np.rint(rows / scale[:, None]), -7, 7) * scale[:, None] - rows) ** 2).sum(axis=1)
        best, least = np.where(lost < least, scale, best), np.minimum(lost, least)
    return np.asarray(best, dtype=np.float32)
