"""Makes the built-in embedding model from a dictionary and any text, on one core, with no model to start from.

    python -m index.training.train_embedder news.txt.xz index/models/bilingual-static

A token's vector is put together from features: its own, those of its characters, and for an English stem those of the
Chinese words it translates. So a rare English word starts where its translations are and follows them through the
training, and what is learned of a character serves every word that holds it. The features are trained with
sentence-transformers (a `StaticEmbedding` and in-batch negatives) on the pairs of `pairs`, then added up, so that the
finished model is one vector per token: rows of 8-bit integers and one weight each, as model2vec loads them.
"""

from __future__ import annotations

import argparse
import logging
import lzma
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from torch import Tensor

from index.tokens import STOPWORDS_EN, STOPWORDS_ZH, fold
from index.training.pairs import Ids, Mixture, PairMaker, gloss_table, inverse_document_frequency, tokenised
from index.training.vocabulary import Dictionary, choose_vocabulary, chinese_words, make_tokenizer, read_dictionary

log = logging.getLogger("train_embedder")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the result, beside the text."""

    tokens: int = 42_000
    dimension: int = 256
    batch: int = 1024
    epochs: int = 10
    learning_rate: float = 0.01
    scale: float = 20.0
    character_share: float = 0.5
    translation_share: float = 1.0
    topical_share: float = 0.0
    topics: int = 150
    seed: int = 7


class ComposedEmbedding(StaticEmbedding):
    """A `StaticEmbedding` whose rows are ``weight * (mixing @ features)``; ``mixing`` is fixed and sparse."""

    def __init__(self, tokenizer: Tokenizer, mixing: Tensor, weights: NDArray[np.float32], dimension: int) -> None:
        features = torch.randn(mixing.shape[1], dimension) / dimension**0.5
        super().__init__(tokenizer, embedding_weights=features)
        self.mixing, self.mixing_t = mixing.to_sparse_csr(), mixing.t().coalesce().to_sparse_csr()
        self.log_weight = torch.nn.Parameter(torch.log(torch.from_numpy(weights)))

    def rows(self) -> Tensor:
        return torch.exp(self.log_weight)[:, None] * _Mix.apply(self.embedding.weight, self.mixing, self.mixing_t)

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
    """Sparse times dense with the transposed matrix kept ready for the way back."""

    @staticmethod
    def forward(ctx, features, mixing, mixing_t):  # type: ignore[no-untyped-def]
        ctx.mixing_t = mixing_t
        return mixing @ features

    @staticmethod
    def backward(ctx, gradient):  # type: ignore[no-untyped-def]
        return ctx.mixing_t @ gradient, None, None


def mixing_matrix(tokenizer: Tokenizer, dictionary: Dictionary, counts: dict[str, int], recipe: Recipe) -> Tensor:
    """Which features make a token, each row of length 1: (tokens, tokens), sparse."""
    vocabulary = tokenizer.get_vocab()
    parts: dict[int, dict[int, float]] = {i: {i: 1.0} for i in vocabulary.values()}
    translations: dict[int, dict[int, float]] = defaultdict(dict)
    for token, number in vocabulary.items():
        if token.isascii() or token == "[UNK]":
            continue
        inside = {token[i:j] for i in range(len(token)) for j in range(i + 1, len(token) + 1)} & vocabulary.keys()
        pieces = [vocabulary[piece] for piece in sorted(inside) if piece != token]
        for piece in pieces:
            parts[number][piece] = recipe.character_share / len(pieces) ** 0.5
        for place, gloss in enumerate(dictionary.glosses.get(token, ())):
            stems = [vocabulary[w] for w in gloss.split() if w in vocabulary and w not in STOPWORDS_EN]
            for stem in stems:
                likely = (1 + counts.get(token, 0)) ** 0.5 / (1 + place) / len(stems) ** 1.5
                translations[stem][number] = max(likely, translations[stem].get(number, 0.0))
    for stem, found in translations.items():
        best = sorted(found.items(), key=lambda item: -item[1])[:12]
        length = sum(v * v for _, v in best) ** 0.5
        for number, value in best:
            for feature, share in parts[number].items():
                parts[stem][feature] = parts[stem].get(feature, 0.0) + recipe.translation_share * value / length * share
    entries = [(row, column, value) for row, p in parts.items() for column, value in p.items()]
    rows, columns, values = zip(*entries, strict=True)
    size = len(vocabulary)
    matrix = torch.sparse_coo_tensor(torch.tensor([rows, columns]), torch.tensor(values), (size, size)).coalesce()
    lengths = torch.zeros(size).index_add_(0, matrix.indices()[0], matrix.values() ** 2).sqrt()
    return torch.sparse_coo_tensor(
        matrix.indices(), matrix.values() / lengths[matrix.indices()[0]], (size, size)
    ).coalesce()


def _bag(texts: Sequence[Ids], rows: Tensor) -> dict[str, Tensor]:
    """Each token once, weighted with the square root of its count, as `StaticEmbedder` pools."""
    counted = [np.unique(np.asarray(t, dtype=np.int64), return_counts=True) for t in texts]
    ends = np.cumsum([len(ids) for ids, _ in counted])
    return {
        "input_ids": torch.from_numpy(np.concatenate([ids for ids, _ in counted])),
        "offsets": torch.from_numpy(np.concatenate([[0], ends[:-1]])),
        "shares": torch.from_numpy(np.sqrt(np.concatenate([n for _, n in counted])).astype(np.float32)),
        "rows": rows,
    }


def batches(pairs: Iterator[tuple[Ids, Ids]], size: int) -> Iterator[list[tuple[Ids, Ids]]]:
    """Full batches only: a short last one would have too few negatives."""
    held: list[tuple[Ids, Ids]] = []
    for pair in pairs:
        held.append(pair)
        if len(held) == size:
            yield held
            held = []


def topics_of(articles: Sequence[Sequence[Ids]], rows: NDArray[np.float32], recipe: Recipe) -> NDArray[np.int64]:
    """A topic for each article: k-means (cosine) over the sums of its token vectors, before any training."""
    sums = np.stack([rows[np.unique(np.concatenate([[0], *a]))].sum(axis=0) for a in articles])
    points = sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9)
    points -= points.mean(axis=0)
    centres = points[np.random.default_rng(recipe.seed).choice(len(points), min(recipe.topics, len(points)), replace=False)]
    for _ in range(12):
        nearest = (points @ centres.T).argmax(axis=1)
        for k in range(len(centres)):
            if (nearest == k).any():
                centre = points[nearest == k].mean(axis=0)
                centres[k] = centre / np.linalg.norm(centre)
    return np.asarray(nearest)


def reading_order(topics: NDArray[np.int64], shuffle: np.random.Generator, recipe: Recipe) -> NDArray[np.int64]:
    """A shuffle in which a share of the articles stands with others of its topic: their passages are hard negatives."""
    order = shuffle.permutation(len(topics))
    together = shuffle.random(len(topics)) < recipe.topical_share
    topical, mixed = order[together], order[~together]
    place = shuffle.permutation(int(topics.max()) + 1)
    return np.concatenate([mixed, topical[np.argsort(place[topics[topical]], kind="stable")]])


def train(module: ComposedEmbedding, articles: Sequence[Sequence[Ids]], maker: PairMaker, recipe: Recipe, report=None) -> None:
    """Adam with a linear fall; the articles are shuffled for each epoch."""
    model = SentenceTransformer(modules=[module], device="cpu")
    loss_of = MultipleNegativesRankingLoss(model, scale=recipe.scale)
    optimiser = torch.optim.Adam(module.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.99))
    shuffle = np.random.default_rng(recipe.seed)
    started = time.perf_counter()
    topics = topics_of(articles, module.rows().detach().numpy(), recipe)
    for epoch in range(recipe.epochs):
        order = reading_order(topics, shuffle, recipe)
        losses = []
        for step, batch in enumerate(batches(maker.pairs([articles[i] for i in order]), recipe.batch)):
            done = (epoch + min(1.0, step * recipe.batch / (3.3 * len(articles)))) / recipe.epochs
            for group in optimiser.param_groups:
                group["lr"] = recipe.learning_rate * max(0.02, 1 - done)
            rows = module.rows()
            loss = loss_of([_bag([q for q, _ in batch], rows), _bag([p for _, p in batch], rows)], None)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        log.info("epoch %d: %d steps, loss %.3f, %.0f s", epoch + 1, len(losses), np.mean(losses), time.perf_counter() - started)
        if report:
            report(module)


def save(rows: NDArray[np.float32], tokenizer: Tokenizer, folder: Path) -> None:
    """8-bit rows, each with its own scale: model2vec multiplies a token's row by its weight."""
    from model2vec import StaticModel

    peak = np.abs(rows).max(axis=1)
    scale = np.where(peak > 0, peak / 127.0, 1.0).astype(np.float32)
    whole = np.rint(rows / scale[:, None]).astype(np.int8)
    config = {"model_type": "model2vec", "english": "stems"}
    model = StaticModel(whole, tokenizer, config=config, normalize=True, weights=scale, max_length=None)
    model.save_pretrained(folder)


def read_articles(path: Path) -> list[str]:
    """One article a line, folded; plain text or xz."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        return [fold(line) for line in lines if line.strip()]


def build(text: Path, recipe: Recipe, mixture: Mixture, glossary: Path | None, report=None) -> tuple[NDArray[np.float32], Tokenizer]:
    torch.manual_seed(recipe.seed)
    dictionary = read_dictionary(glossary)
    articles = read_articles(text)
    counts = chinese_words(articles)
    tokenizer = make_tokenizer(choose_vocabulary(counts, dictionary, recipe.tokens))
    log.info("%d articles, %d dictionary words, %d tokens", len(articles), len(dictionary.glosses), tokenizer.get_vocab_size())
    numbered = tokenised(articles, tokenizer)
    vocabulary = tokenizer.get_vocab()
    glosses = gloss_table(tokenizer, dictionary)
    silent = {n for t, n in vocabulary.items() if t in STOPWORDS_ZH or t in STOPWORDS_EN or t.isdigit() or n == 0}
    weights = inverse_document_frequency(numbered, len(vocabulary))
    start = weights.copy()
    start[sorted(silent)] = 0.1
    for t, n in vocabulary.items():
        if t.isascii() and t.isalpha():
            start[n] = min(start[n], 6.0)
    module = ComposedEmbedding(tokenizer, mixing_matrix(tokenizer, dictionary, counts, recipe), start, recipe.dimension)
    maker = PairMaker(glosses, weights, silent, mixture, recipe.seed)
    log.info("prepared")
    if report:
        report(module)
    train(module, numbered, maker, recipe, report)
    rows = module.rows().detach().numpy().copy()
    rows[[vocabulary[t] for t in vocabulary if t in STOPWORDS_ZH or t in STOPWORDS_EN or vocabulary[t] == 0]] = 0.0
    return rows, tokenizer
