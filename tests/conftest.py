"""The fixtures all tests share; one indexed home serves a whole session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT, Qa, run_qa

from index.embedding import load_embedder
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
