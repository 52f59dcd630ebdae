"""Many people asking at once: does the app stay quick, whole and of one size?

    python -m eval.load http://127.0.0.1:7860 --users 50 --questions 2000

Each user is a session of its own on Gradio's queue, as a browser or ``gradio_client`` would be, and asks one question
after another at the endpoint ``/ask``. The run is bounded by its number of questions; only addresses of this machine
are taken, for this is no tool to weigh other people's servers with.
"""

from __future__ import annotations

import json
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from documents.errors import InvalidSetting
from eval.questions import load_questions

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 60.0


@dataclass(slots=True)
class Load:
    """What came of it. Times are from sending a question to having its answer, in milliseconds."""

    ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def ask(client: httpx.Client, session: str, question: str) -> None:
    """One question over the queue. Raises ``RuntimeError`` for anything that is not an answer."""
    asked = {"data": [question, None, None, None], "session_hash": session}
    joined = client.post("/gradio_api/call/ask", json=asked)
    joined.raise_for_status()
    with client.stream("GET", f"/gradio_api/call/ask/{joined.json()['event_id']}") as stream:
        _complete(stream.iter_lines())


def _complete(lines: Iterator[str]) -> None:
    event = ""
    for line in lines:
        if line.startswith("event:"):
            event = line[6:].strip()
        elif line.startswith("data:") and event in ("complete", "error"):
            if event == "error":
                raise RuntimeError(line[5:].strip())
            if "answer" not in json.loads(line[5:])[0]:
                raise RuntimeError(f"no answer: {line[:80]}")
            return
    raise RuntimeError("the stream ended without an answer")


def press(url: str, questions: list[str], users: int, total: int) -> Load:
    """``users`` threads that share ``total`` questions."""
    load, left, lock = Load(), iter(range(total)), threading.Lock()
    threads = [
        threading.Thread(target=_user, args=(url, questions, left, lock, load), daemon=True) for _ in range(users)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return load


def _user(url: str, questions: list[str], left: Iterator[int], lock: threading.Lock, load: Load) -> None:
    import httpx

    with httpx.Client(base_url=url.rstrip("/"), timeout=TIMEOUT_S, trust_env=False) as client:
        session = secrets.token_hex(6)
        while True:
            with lock:
                turn = next(left, None)
            if turn is None:
                return
            started = time.perf_counter()
            try:
                ask(client, session, questions[turn % len(questions)])
            except (httpx.HTTPError, RuntimeError) as error:
                load.errors.append(f"{type(error).__name__}: {error}")
            else:
                load.ms.append((time.perf_counter() - started) * 1000)


def resident_mb(pid: int) -> float:
    """Resident memory of a process of this machine, in MB (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 1_000_000


@click.command(epilog="Example: python -m eval.load http://127.0.0.1:7860 --users 50 --questions 2000")
@click.argument("url")
@click.option("--users", type=click.IntRange(1, 200), default=50, show_default=True)
@click.option("--questions", "total", type=click.IntRange(1, 20_000), default=2_000, show_default=True)
@click.option("--set", "path", type=click.Path(path_type=Path), help="A question file (default: the bundled samples).")
@click.option("--pid", type=int, help="The server's process, to watch its memory.")
def main(url: str, users: int, total: int, path: Path | None, pid: int | None) -> None:
    """Ask a running app many questions at once and tell how it went."""
    if urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
        raise InvalidSetting(f"{url} is not of this machine. Give an address at 127.0.0.1.")
    path = path or Path(__file__).parent / "sets" / "samples.jsonl"
    questions = [q.question for q in load_questions(path)]

    def memory() -> str:
        return f"{resident_mb(pid):.0f} MB" if pid else "–"

    press(url, questions, 2, min(len(questions), total))  # every question once: what grows after that grows for ever
    before, started = memory(), time.perf_counter()
    load = press(url, questions, users, total)
    seconds = time.perf_counter() - started
    slowest = max(load.ms, default=0)
    first = f": {load.errors[0]}" if load.errors else ""
    click.echo(f"{users} users, {len(load.ms)} answers in {seconds:.1f} s ({len(load.ms) / seconds:.0f}/s)")
    click.echo(f"p50 {load.percentile(0.5):.0f} ms, p95 {load.percentile(0.95):.0f} ms, slowest {slowest:.0f} ms")
    click.echo(f"errors {len(load.errors)}{first}; memory {before} before, {memory()} after")
    sys.exit(1 if load.errors else 0)


if __name__ == "__main__":
    main()
