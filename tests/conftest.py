"""What the tests share: an indexed home, the `qa` command run in this process, and small reports written for a test."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index.embedding import load_embedder
from index.lexicon import Lexicon
from index.store import Index
from qa.assistant import Assistant
from qa.cli import main
from qa.ingest import ingest, sample_files

ROOT = Path(__file__).resolve().parent.parent
# Nothing a developer has set may change a test, and no test may touch a developer's home.
for name in [name for name in os.environ if name.startswith("QA_")]:
    del os.environ[name]
os.environ["QA_HOME"] = str(ROOT / "no-home-but-the-tests-own")


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Qa = Callable[..., Done]


def run_qa(*arguments: object) -> Done:
    """The `qa` command as a shell runs it, entry point and all, without the second a new process takes."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return Done(int(ended.value.code or 0), out.getvalue(), err.getvalue())


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


def write_report(path: Path, place: str = "青山", books: int = 1234, *extra: str) -> Path:
    """A small yearly report whose one figure of note is ``books``."""
    lines = [f"{place}市图书馆2019年工作总结", "", "一、文献资源", f"2019年新增图书{books}册。", "", "二、读者服务"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, "全年接待读者56789人次。", *extra, ""]), encoding="utf-8")
    return path
