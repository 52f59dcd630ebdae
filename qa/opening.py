"""From settings to an open index: the embedder, the lexicon and the home put together.

Nothing heavy is imported before an index is asked for, so that ``qa --help`` stays quick.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from documents.errors import InvalidSetting

if TYPE_CHECKING:
    from index.embedding import Embedder
    from index.store import Index
    from qa.llm.writing import Writer
    from qa.settings import Settings


def open_index(settings: Settings, *, create: bool = False) -> Index:
    """The index of the home. Raises ``InvalidSetting`` for a home that cannot be made, and what `Index.open` raises."""
    from index.lexicon import Lexicon
    from index.store import Index

    if create:
        _make(settings.home)
    return Index.open(settings.home, _embedder(settings), create=create, lexicon=Lexicon.load(settings.glossary))


def rebuild_index(settings: Settings) -> str:
    """Embed every chunk anew with the embedder configured; its name."""
    from index.lexicon import Lexicon
    from index.store import Index

    embedder = _embedder(settings)
    Index.rebuild(settings.home, embedder, lexicon=Lexicon.load(settings.glossary)).close()
    return embedder.identity.name


def open_writer(settings: Settings) -> Writer | None:
    """The language model's answerer, where one is configured. Raises ``InvalidSetting``."""
    if not settings.llm:
        return None
    from qa.llm.model import load_model
    from qa.llm.record import record_of
    from qa.llm.writing import Writer

    model = load_model(settings)
    return Writer(model, record_of(model, settings.home))


def _embedder(settings: Settings) -> Embedder:
    from index.embedding import load_embedder

    return load_embedder(settings.embedding, base_url=settings.embedding_url, api_key=settings.embedding_key)


def _make(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidSetting(
            f"Cannot make the home {home}: {error.strerror}. Choose another with --home DIR or QA_HOME."
        ) from error
    if not os.access(home, os.W_OK) and not (home / "catalog.sqlite").exists():
        raise InvalidSetting(f"The home {home} is not writable. Choose another with --home DIR or QA_HOME.")
