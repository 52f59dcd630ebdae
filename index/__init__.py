"""From chunks to ranked hits: a catalog that is the truth, and two stores derived from it behind one `Index`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.scope import Hit, Scope

if TYPE_CHECKING:
    from index.embedding import load_embedder
    from index.followers import Findings
    from index.store import Index

__all__ = ["Findings", "Hit", "Index", "Scope", "load_embedder"]


def __getattr__(name: str) -> object:
    """What needs numpy comes when it is first asked for, so that importing a room of this house stays cheap."""
    if name == "Index":
        from index.store import Index

        return Index
    if name == "Findings":
        from index.followers import Findings

        return Findings
    if name == "load_embedder":
        from index.embedding import load_embedder

        return load_embedder
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
