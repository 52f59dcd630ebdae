"""What the tests that walk through the page in a browser share. Their fixtures are in conftest."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from index.embedding import load_embedder
from index.lexicon import Lexicon
from index.store import Index
from qa.assistant import Assistant
from qa.ingest import ingest, sample_files
from qa.settings import Settings

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
ANSWER_MS = 15_000
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path: apt-get install chromium")


def open_index(home: Path) -> Index:
    return Index.open(home, load_embedder("builtin"), create=True, lexicon=Lexicon.load(None))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def serve(home: Path, kind: type[Assistant] = Assistant, **how: Any) -> tuple[Any, Index]:
    """The page over a home, which gets the samples when it is empty, and its index; both to be closed."""
    from app import serve as serve_page

    index = open_index(home)
    if not index.reports():
        ingest(index, sample_files())
    page = serve_page(kind(index), Settings(home=home), port=free_port(), wait=False, **how)
    return page, index


def ask(page: Any, question: str) -> Any:
    """Ask, and wait for the turn with its answer whole."""
    page.wait_for_selector(".thread")
    before = page.locator(".turn[data-turn]").count()
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    page.locator(".turn[data-turn]").nth(before).wait_for()
    return page.locator(".turn").nth(before)


def room(page: Any, number: int) -> None:
    page.wait_for_selector(".top h1")
    page.get_by_role("tab").nth(number).click()


def lit(page: Any) -> list[int]:
    """The lines that are highlighted beside the answer."""
    page.wait_for_selector("#source .ln.cited")
    return [int(row.get_attribute("data-line")) for row in page.locator("#source .ln.cited").all()]
