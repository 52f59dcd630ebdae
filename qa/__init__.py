"""From a question to a checked answer.

from index import Index
from qa import Assistant

answer = Assistant(Index.open(home, embedder)).ask("许昌市图书馆2019年新增图书多少册？")
answer.short, [(c.report_id, c.lines) for c in answer.citations]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.answer import Answer, Citation, Conflict
from qa.settings import Settings, load_settings

if TYPE_CHECKING:
    from qa.assistant import Assistant

__all__ = ["Answer", "Assistant", "Citation", "Conflict", "Settings", "load_settings"]


def __getattr__(name: str) -> object:
    """``Assistant`` comes when it is first asked for: it brings numpy and the word lists, which `qa --help` spares."""
    if name == "Assistant":
        from qa.assistant import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
