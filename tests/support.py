"""What the tests share that is no fixture: the `qa` command run in this process, and small reports to index."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qa.assistant import Assistant
from qa.cli import main

ROOT = Path(__file__).resolve().parent.parent


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
Over = Callable[..., Assistant]


def run_qa(*arguments: object) -> Done:
    """The `qa` command as a shell runs it, entry point and all, without the second a new process takes."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return Done(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def write_report(path: Path, place: str = "青山", books: int = 1234, *extra: str) -> Path:
    """A small yearly report whose one figure of note is ``books``."""
    lines = [f"{place}市图书馆2019年工作总结", "", "一、文献资源", f"2019年新增图书{books}册。", "", "二、读者服务"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, "全年接待读者56789人次。", *extra, ""]), encoding="utf-8")
    return path
