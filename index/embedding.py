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
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from documents.errors import InvalidSetting, ModelUnavailable
from index.local_models import load_local
from index.tokens import STOPWORDS_EN, fold, search_tokens, stem

BUILTIN_FOLDER = Path(__file__).parent / "models" / "bilingual-static"

# What `config.json` of a packed static model says, so that a folder given as a setting is recognised.
CONFIG = {"model_type": "report-qa-static", "bits": 4}

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
    """A folded text as the bundled model reads it: English words as stems without stop words, ``3 月`` as ``3月``.

    One stem in the vocabulary stands for all forms of a word, and leaves room for Chinese.

    >>> stemmed("how many visits did 许昌图书馆 count in 2019?")
    '  visit  许昌图书馆 count  2019?'
    """
    joined = re.sub(r"(?<=\d)\s+(?=月)", "", folded)
    return re.sub(r"[a-z]+", lambda m: "" if m[0] in STOPWORDS_EN else stem(m[0]), joined)


class StaticEmbedder:
    """The bundled Chinese and English model, or another of its kind: a vector per token, pooled.

    A folder holds ``tokenizer.json`` and ``model.safetensors``: ``packed``, two 4-bit numbers to a byte, and
    ``weights``, one factor per token. Twice the dimensions at half the bits keep tokens better apart than 8 bits in
    the same space, and reading the packed rows as they are needed takes a quarter of the memory of a general loader.

    A text's vector is the sum over its different tokens, each times the square root of its count, so that a name
    repeated in every sentence does not drown the rest. Raises `ModelUnavailable` for a folder that holds no model.
    """

    def __init__(self, folder: Path = BUILTIN_FOLDER) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        try:
            stored = (folder / "model.safetensors").read_bytes()
            tokenizer = (folder / "tokenizer.json").read_bytes()
            arrays = load(stored)
            self._packed, self._weights = arrays["packed"], arrays["weights"]
            self._tokenizer = Tokenizer.from_buffer(tokenizer)
        except (OSError, KeyError, ValueError, SafetensorError) as error:
            raise ModelUnavailable(
                f"No usable embedding model at {folder}: {error}. "
                "Reinstall the package, or make one with: python -m index.training.train_embedder"
            ) from error
        dimension = 2 * self._packed.shape[1]
        self.identity = EmbedderIdentity(folder.resolve().name, dimension, _digest(stored, tokenizer))

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch_fast([stemmed(fold(text)) for text in texts])
        for row, encoding in zip(rows, encodings, strict=True):
            ids, counts = np.unique(np.asarray(encoding.ids, dtype=np.int64), return_counts=True)
            shares = self._weights[ids] * np.sqrt(counts, dtype=np.float32)
            packed = self._packed[ids]
            row[0::2] = shares @ (packed & 15) - 8 * shares.sum()
            row[1::2] = shares @ (packed >> 4) - 8 * shares.sum()
        return _unit(rows)


class Model2VecEmbedder:
    """Any model2vec folder: static as well, and needs no torch. Raises `ModelUnavailable` when it cannot be read."""

    def __init__(self, folder: Path) -> None:
        from model2vec import StaticModel
        from safetensors import SafetensorError

        try:
            self._model = StaticModel.from_pretrained(folder)
            stored = [(folder / name).read_bytes() for name in ("model.safetensors", "tokenizer.json")]
        except (OSError, KeyError, ValueError, SafetensorError) as error:
            raise ModelUnavailable(f"Cannot load the embedding model at {folder}: {error}. Save it again.") from error
        self.identity = EmbedderIdentity(folder.resolve().name, int(self._model.dim), _digest(*stored))

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.identity.dimension), dtype=np.float32)
        # One thread: a process that embeds should not take every core for work of milliseconds.
        return _unit(self._model.encode(list(texts), max_length=None, use_multiprocessing=False))


class SentenceTransformerEmbedder:
    """Any sentence-transformers model that lies in a folder or in the local Hugging Face cache.

    Raises `ModelUnavailable` with the command that fetches it, or that installs the extra.
    """

    def __init__(self, name_or_folder: str) -> None:
        self._model = load_local("embedding model", "SentenceTransformer", name_or_folder)
        folder = Path(name_or_folder).expanduser()
        self._name = folder.resolve().name if folder.is_dir() else name_or_folder

    @cached_property
    def identity(self) -> EmbedderIdentity:
        """Every weight counts, and how tokens are pooled: a model trained further differs in a few rows only."""
        parts = [f"{type(module).__name__} {_pooling(module)}".encode() for module in self._model]
        for name, tensor in sorted(self._model.state_dict().items()):
            parts += [f"{name}{tuple(tensor.shape)}{tensor.dtype}".encode(), _raw(tensor)]
        return EmbedderIdentity(self._name, int(self.embed(["a"]).shape[1]), _digest(*parts))

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.identity.dimension), dtype=np.float32)
        rows = _unit(self._model.encode(list(texts), show_progress_bar=False, convert_to_numpy=True))
        rows[[not text.strip() for text in texts]] = 0  # marks of beginning and end have a vector, but say nothing
        return rows


def _pooling(module: Any) -> str:
    return str(module.get_pooling_mode_str()) if hasattr(module, "get_pooling_mode_str") else ""


def _raw(tensor: Any) -> bytes:
    """A tensor's bytes, whatever its type; numpy has no bfloat16."""
    import torch

    return bytes(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())


class EndpointEmbedder:
    """The ``/embeddings`` route of an OpenAI-compatible server, through llama-index.

    Its weights cannot be seen, so the digest covers the model's name and the server's address. Raises
    `InvalidSetting` for an address that is none, and `ModelUnavailable` when the server does not answer, refuses, or
    sends something else than one vector for each text. No message holds the key.
    """

    def __init__(self, model: str, base_url: str, api_key: str | None = None, timeout_s: float = 30.0) -> None:
        self._name, self._address = model, _address(base_url)
        key = (api_key or "").strip()
        self._secrets = [secret for secret in (key, urlsplit(base_url).password) if secret]
        try:
            from llama_index.embeddings.openai_like import OpenAILikeEmbedding
        except ImportError as error:
            raise ModelUnavailable(
                f"The embedding model {model} at {self._address} needs llama-index's adapter, which is not installed. "
                'Install it with: pip install "report-qa[endpoint]"'
            ) from error
        self._client = OpenAILikeEmbedding(
            model_name=model,
            api_base=base_url,
            api_key=key or "none",
            timeout=timeout_s,
            max_retries=1,
            embed_batch_size=64,
            # Left to itself the client asks for base64, which some servers refuse.
            additional_kwargs={"encoding_format": "float"},
        )

    @cached_property
    def identity(self) -> EmbedderIdentity:
        dimension = self._ask(["a"]).shape[1]
        return EmbedderIdentity(self._name, dimension, _digest(self._name.encode(), self._address.encode()))

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)
        # Servers refuse empty input; such texts keep their zero row.
        asked = [i for i, text in enumerate(texts) if text.strip()]
        if not asked:
            return rows
        found = self._ask([texts[i] for i in asked])
        if found.shape[1] != rows.shape[1]:
            raise self._unavailable(f"it sent {found.shape[1]} dimensions, and {rows.shape[1]} before")
        rows[asked] = _unit(found)
        return rows

    def _ask(self, texts: list[str]) -> Vectors:
        from openai import OpenAIError

        try:
            rows = np.asarray(self._client.get_text_embedding_batch(texts), dtype=np.float32)
        # A page of HTML in place of JSON ends inside the client as an attribute that is not there.
        except (OpenAIError, OSError, ValueError, TypeError, AttributeError) as error:
            # Without the cause: it holds what the server said, and some servers repeat the key.
            raise self._unavailable(f"{type(error).__name__}: {error}") from None
        if rows.ndim != 2 or len(rows) != len(texts) or not np.isfinite(rows).all():
            raise self._unavailable(f"it did not send a vector for each of {len(texts)} texts")
        return rows

    def _unavailable(self, reason: str) -> ModelUnavailable:
        for secret in self._secrets:
            reason = reason.replace(secret, "…")
        told = " ".join(reason.split())
        return ModelUnavailable(
            f"The embedding model {self._name} at {self._address} gives no vectors ({told[:200]}). "
            "Check that the server runs, QA_EMBEDDING_URL and QA_EMBEDDING_KEY; or go back to the built-in model with "
            "QA_EMBEDDING=builtin qa index --rebuild"
        )


def _address(base_url: str) -> str:
    """The address without a user and password, for messages. Raises `InvalidSetting` if it is none."""
    try:
        parts = urlsplit(base_url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidSetting(
            "QA_EMBEDDING_URL is no address of a server. Give it as: http://127.0.0.1:8080/v1 "
            "(the part before /embeddings)."
        )
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path.rstrip('/')}"


def load_embedder(setting: str = "builtin", *, base_url: str | None = None, api_key: str | None = None) -> Embedder:
    """The embedder a setting names.

    ``builtin``, ``hashing``, ``endpoint:MODEL`` (with ``base_url``), or the name or folder of a sentence-transformers
    model (or the folder of a static one). Raises `InvalidSetting` for an incomplete setting, `ModelUnavailable` for a
    model that cannot be loaded.
    """
    kind, _, model = setting.strip().partition(":")
    if kind == "builtin" and not model:
        return StaticEmbedder()
    if kind == "hashing" and not model:
        return HashingEmbedder()
    if kind == "endpoint":
        if not model or not base_url:
            missing = "a base URL" if model else "a model's name"
            raise InvalidSetting(f"The embedding {setting!r} lacks {missing}. Use endpoint:MODEL and a base URL.")
        return EndpointEmbedder(model, base_url, api_key)
    if not kind:
        raise InvalidSetting("The embedding setting is empty. Use builtin, hashing, endpoint:MODEL or a model's name.")
    folder = Path(setting.strip()).expanduser()
    config = _config(folder)
    if config.get("model_type") == CONFIG["model_type"]:
        return StaticEmbedder(folder)
    if "embedding_dtype" in config:
        return Model2VecEmbedder(folder)
    return SentenceTransformerEmbedder(setting.strip())


def _config(folder: Path) -> dict[str, object]:
    """What a folder's `config.json` says; nothing where it has none."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return config if isinstance(config, dict) else {}
