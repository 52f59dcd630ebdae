"""The fixtures all tests share; one indexed home serves a whole session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile_reports import hostile_reports, write_rivals
from support import ROOT, Over, Qa, run_qa

from index.embedding import HashingEmbedder, load_embedder
from index.lexicon import Lexicon
from index.store import Index
from qa.assistant import Assistant
from qa.ingest import ingest, sample_files

# Nothing a developer has set may change a test, and no test may touch a developer's home.
for name in [name for name in os.environ if name.startswith("QA_")]:
    del os.environ[name]
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"  # nor a developer's keyring
os.environ["QA_HOME"] = str(ROOT / "no-home-but-the-tests-own")


@pytest.fixture(scope="session")
def samples_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds the bundled samples. For reading only."""
    home = tmp_path_factory.mktemp("samples-home")
    with Index.open(home, load_embedder("builtin"), create=True, lexicon=Lexicon.load(None)) as index:
        ingest(index, sample_files())
    return home


@pytest.fixture(scope="session")
def assistant(samples_home: Path) -> Iterator[Assistant]:
    """The assistant over the bundled samples."""
    with Index.open(samples_home, load_embedder("builtin")) as index:
        yield Assistant(index)


@pytest.fixture(scope="session")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds all hostile reports, and two rivals of theirs that nobody asks about."""
    home, folder = tmp_path_factory.mktemp("hostile-home"), tmp_path_factory.mktemp("hostile")
    paths = [*(report.write(folder) for report in hostile_reports()), *write_rivals(folder)]
    with Index.open(home, load_embedder("builtin"), create=True, lexicon=Lexicon.load(None)) as index:
        assert ingest(index, paths).skipped == []
    return home


@pytest.fixture
def qa(samples_home: Path) -> Qa:
    """`qa` over the bundled samples. For reading only."""
    return lambda *arguments: run_qa("--home", samples_home, *arguments)


@pytest.fixture
def own(tmp_path: Path) -> Qa:
    """`qa` over a home of the test's own, empty at first."""
    return lambda *arguments: run_qa("--home", tmp_path / "home", *arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for reports."""
    path = tmp_path / "reports"
    path.mkdir()
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The Chromium that is installed; only for a module, for while it runs no other event loop can."""
    from walking import ARGUMENTS, CHROMIUM

    playwright = pytest.importorskip("playwright.sync_api", reason="not installed: pip install -e '.[dev]'")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home for the page of one module of tests; the page fills it with the samples."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    """The address of a page over the module's home."""
    from walking import serve

    page, index = serve(home)
    yield page.local_url
    page.close()
    index.close()


@pytest.fixture
def visit(browser: Any, url: str) -> Iterator[Any]:
    """A visitor's browser, in Chinese unless told; fails if the page asked another host for anything."""
    from walking import ANSWER_MS

    contexts = []
    elsewhere: list[str] = []

    def begin(language: str = "zh-CN", at: str = url, **how: Any) -> Any:
        context = browser.new_context(locale=language, accept_downloads=True, **how)
        context.on(
            "request",
            lambda request: None if request.url.startswith((at, "data:", "blob:")) else elsewhere.append(request.url),
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(ANSWER_MS)
        page.goto(at)
        return page

    yield begin
    for context in contexts:
        context.close()
    assert elsewhere == []


@pytest.fixture
def over(tmp_path: Path) -> Iterator[Over]:
    """Builds an assistant over one report with the text given."""
    opened: list[Index] = []

    def build(text: str, name: str = "songling-2021.txt") -> Assistant:
        (tmp_path / name).write_text(text, "utf-8")
        index = Index.open(tmp_path / "home", HashingEmbedder(), create=True, lexicon=Lexicon.load(None))
        opened.append(index)
        ingest(index, [tmp_path / name])
        return Assistant(index)

    yield build
    for index in opened:
        index.close()
