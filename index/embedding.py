"""Text to vectors: one small protocol, and the four kinds of model that stand behind it.

The built-in model is a static one (a vector per token, averaged): it needs numpy and a tokenizer, loads in a fraction
of a second and works in Chinese and English without a download; `index/training` makes it. A sentence-transformers
model or an OpenAI-compatible endpoint can take its place by a setting. An index remembers the `EmbedderIdentity` it
was built with, because vectors of two models must never be compared.

Heavy libraries are imported by the class that needs them, when it is built.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from documents.errors import InvalidSetting, ModelUnavailable
from index.tokens import STOPWORDS_EN, fold, search_tokens, stem

BUILTIN_FOLDER = Path(__file__).parent / "models" / "bilingual-static"

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EmbedderIdentity:
    """Which model made a vector. ``digest`` is the start of a SHA-256 over what decides the vectors."""

    name: str
    dimension: int
    digest: str

    def __str__(self) -> str:
        return f"{self.name} ({self.dimension} dimensions, {self.digest})"


class Embedder(Protocol):
    """Anything that turns texts into vectors whose dot product is their likeness."""

    @property
    def identity(self) -> EmbedderIdentity: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension); rows have length 1, or are zero where a text says nothing."""
        ...


def _digest(*parts: bytes) -> str:
    """The first 16 hex digits of the SHA-256 over all parts, each preceded by its length."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()[:16]


def _unit(rows: NDArray[Any]) -> Vectors:
    """Rows scaled to length 1; rows of zeros stay."""
    rows = rows.astype(np.float32, copy=False)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0), dtype=np.float32)


class HashingEmbedder:
    """Signed feature hashing of the search tokens (Weinberger et al. 2009): no model, the same on every machine.

    It knows words, not meanings. The tests use it as a double, and it serves where no model can be loaded.
    """

    def __init__(self, dimension: int = 256) -> None:
        self.identity = EmbedderIdentity("hashing", dimension, _digest(b"hashing-1", str(dimension).encode()))

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for token in search_tokens(text):
                place, sign = self._place(token)
                row[place] += sign
        return _unit(rows)

    def _place(self, token: str) -> tuple[int, int]:
        number = int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "big")
        return (number >> 1) % self.identity.dimension, 1 if number & 1 else -1


def stemmed(folded: str) -> str:
    """A folded text with its English words as stems and without English stop words: what the bundled model reads.

    One stem in the vocabulary stands for all forms of a word, and leaves room for Chinese.

    >>> stemmed("how many visits did 许昌图书馆 count in 2019?")
    '  visit  许昌图书馆 count  2019?'
    """
    return re.sub(r"[a-z]+", lambda m: "" if m[0] in STOPWORDS_EN else stem(m[0]), folded)


class StaticEmbedder:
    """A model2vec folder; by default the bundled Chinese and English one.

    A model whose ``config.json`` says ``"english": "stems"`` is given stems.

    Raises `ModelUnavailable` when the folder holds no such model.
    """

    def __init__(self, folder: Path = BUILTIN_FOLDER) -> None:
        from model2vec import StaticModel

        files = [folder / "model.safetensors", folder / "tokenizer.json", folder / "config.json"]
        missing = [f.name for f in files if not f.is_file()]
        if missing:
            raise ModelUnavailable(
                f"No static embedding model at {folder}: {', '.join(missing)} missing. "
                "Reinstall the package, or make one with: python -m index.training.train_embedder"
            )
        try:
            self._model = StaticModel.from_pretrained(folder)
        except Exception as error:  # safetensors and tokenizers raise bare Exception for a damaged file
            raise ModelUnavailable(f"Cannot load the embedding model at {folder}: {error}. Reinstall it.") from error
        digest = _digest(*(f.read_bytes() for f in files))
        self.identity = EmbedderIdentity(folder.name, int(self._model.dim), digest)
        self._stems = dict(self._model.config).get("english") == "stems"

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.identity.dimension), dtype=np.float32)
        folded = [stemmed(fold(text)) if self._stems else fold(text) for text in texts]
        # One thread: a process that embeds should not take every core for work of milliseconds.
        return _unit(self._model.encode(folded, max_length=None, use_multiprocessing=False))


class SentenceTransformerEmbedder:
    """Any sentence-transformers model that lies in a folder or in the local Hugging Face cache.

    Never downloads: a model of gigabytes should be somebody's decision. Raises `ModelUnavailable` with the command
    that fetches it, or that installs the extra.
    """

    def __init__(self, name_or_folder: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelUnavailable(
                f"The embedding model {name_or_folder} needs sentence-transformers, which is not installed. "
                'Install it with: pip install "report-qa[transformers]"'
            ) from error
        try:
            self._model = SentenceTransformer(name_or_folder, local_files_only=True)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelUnavailable(
                f"The embedding model {name_or_folder} is not on this machine ({type(error).__name__}). "
                f"Fetch it with: hf download {name_or_folder}"
            ) from error

    @cached_property
    def identity(self) -> EmbedderIdentity:
        first_values = (
            f"{name}{tuple(tensor.shape)}{tensor.flatten()[:64].tolist()}".encode()
            for name, tensor in self._model.state_dict().items()
        )
        name = Path(str(self._model.model_card_data.base_model or "")).name or "sentence-transformers"
        return EmbedderIdentity(name, int(self.embed(["a"]).shape[1]), _digest(*first_values))

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.identity.dimension), dtype=np.float32)
        return _unit(self._model.encode(list(texts), show_progress_bar=False, convert_to_numpy=True))


class EndpointEmbedder:
    """The ``/embeddings`` route of an OpenAI-compatible server, through llama-index.

    Its weights cannot be seen, so the digest covers the model's name and the server's address. Raises
    `ModelUnavailable` when the server does not answer or refuses.
    """

    def __init__(self, model: str, base_url: str, api_key: str | None = None, timeout_s: float = 30.0) -> None:
        try:
            from llama_index.embeddings.openai_like import OpenAILikeEmbedding
        except ImportError as error:
            raise ModelUnavailable(
                f"The embedding model {model} at {base_url} needs llama-index's adapter, which is not installed. "
                "Install it with: pip install llama-index-embeddings-openai-like"
            ) from error
        self._name, self._base_url = model, base_url
        self._client = OpenAILikeEmbedding(
            model_name=model,
            api_base=base_url,
            api_key=api_key or "none",
            timeout=timeout_s,
            max_retries=1,
            embed_batch_size=64,
        )

    @cached_property
    def identity(self) -> EmbedderIdentity:
        dimension = self._ask(["a"]).shape[1]
        return EmbedderIdentity(self._name, dimension, _digest(self._name.encode(), self._base_url.encode()))

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)
        # Servers refuse empty input; such texts keep their zero row.
        asked = [i for i, text in enumerate(texts) if text.strip()]
        if asked:
            rows[asked] = _unit(self._ask([texts[i] for i in asked]))
        return rows

    def _ask(self, texts: list[str]) -> Vectors:
        from openai import OpenAIError

        try:
            return np.asarray(self._client.get_text_embedding_batch(texts), dtype=np.float32)
        except (OpenAIError, OSError, ValueError) as error:
            raise ModelUnavailable(
                f"The embedding model {self._name} at {self._base_url} does not answer: {error}. "
                "Check the address and the key, or go back to the built-in model (embedding = builtin)."
            ) from error


def load_embedder(setting: str = "builtin", *, base_url: str | None = None, api_key: str | None = None) -> Embedder:
    """The embedder a setting names.

    ``builtin``, ``hashing``, ``endpoint:MODEL`` (with ``base_url``), or the name or folder of a sentence-transformers
    or model2vec model. Raises `InvalidSetting` for an incomplete setting, `ModelUnavailable` for a model that cannot
    be loaded.
    """
    kind, _, model = setting.strip().partition(":")
    if kind == "builtin" and not model:
        return StaticEmbedder()
    if kind == "hashing" and not model:
        return HashingEmbedder()
    if kind == "endpoint":
        if not model or not base_url:
            missing = "a base URL" if model else "a model's name"
            raise InvalidSetting(f"The embedding {setting!r} lacks {missing}. Write endpoint:MODEL and give a base URL.")
        return EndpointEmbedder(model, base_url, api_key)
    if not kind:
        raise InvalidSetting("The embedding setting is empty. Use builtin, hashing, endpoint:MODEL or a model's name.")
    folder = Path(setting.strip()).expanduser()
    return StaticEmbedder(folder) if _is_model2vec(folder) else SentenceTransformerEmbedder(str(folder))


def _is_model2vec(folder: Path) -> bool:
    """Whether a folder was saved by model2vec (as the training script does): such a model needs no torch."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(config, dict) and (config.get("model_type") == "model2vec" or "embedding_dtype" in config)
