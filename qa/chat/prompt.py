"""Lines typed at a terminal, with history and completion, and lines that come down a pipe.

The history is one line of text each in a file of the home, in a form of our own: GNU readline and libedit do not read
each other's. It is a convenience; where it cannot be kept, typing goes on without.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from qa.commands.terminal import clean

if TYPE_CHECKING:
    from qa.chat.session import Session

try:
    import readline
except ImportError:  # Windows: its console has a history and no completion
    readline = None  # type: ignore[assignment]

MOST_HISTORY = 1000  # lines
_SCOPE_KINDS = ("report ", "year ", "month ", "clear")


class Prompt:
    """Where a person types. ``history`` is the file in which lines are kept between sessions."""

    def __init__(self, session: Session, history: Path, reports: Callable[[], list[str]]):
        self._session = session
        self._history = history
        self._reports = reports
        if readline is not None:
            readline.set_completer_delims(" ")
            readline.set_completer(self._complete)
            libedit = "libedit" in (readline.__doc__ or "")
            readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
            for line in _recall(history):
                readline.add_history(line)

    def read(self) -> str:
        """The next line. Raises ``EOFError`` at its end (Ctrl-D) and ``KeyboardInterrupt`` for Ctrl-C."""
        scope = clean(self._session.scope_text())
        line = " ".join(input(f"qa [{scope}]> " if scope else "qa> ").split())
        if line:
            _keep(self._history, line)
        return line

    def _complete(self, word: str, nth: int) -> str | None:
        before = readline.get_line_buffer()[: readline.get_begidx()]
        offers = completions(before, word, self._session, self._reports)
        return offers[nth] if nth < len(offers) else None


def completions(before: str, word: str, session: Session, reports: Callable[[], list[str]]) -> list[str]:
    """What the word being typed may become, given the line before it."""
    command, *rest = before.split() or [""]
    offers: list[str] = []
    if not command:
        offers = [f"/{name} " for name in session.commands] if word.startswith("/") else []
    elif command == "/scope":
        ids = [f'"{report}" ' if " " in report else f"{report} " for report in reports()]
        offers = [*_SCOPE_KINDS, *ids] if not rest else ids if rest[-1] not in ("year", "month") else []
    elif command == "/show" and session.conversation.turns:
        offers = [str(citation.number) for citation in session.conversation.turns[-1].answer.citations]
    elif command == "/save":
        offers = _paths(word)
    return [clean(offer) for offer in offers if offer.startswith(word)]


def _paths(word: str) -> list[str]:
    folder = Path(word).parent if not word.endswith("/") else Path(word)
    try:
        entries = sorted(folder.expanduser().iterdir())
    except (OSError, RuntimeError):
        return []
    lead = word[: word.rfind("/") + 1]
    return [f"{lead}{entry.name}{'/' if entry.is_dir() else ''}" for entry in entries]


def _recall(history: Path) -> list[str]:
    """The lines kept, oldest first; when there are many more than needed, the file is cut to the last ones."""
    try:
        lines = history.read_text("utf-8", errors="replace").splitlines()
        if len(lines) > 2 * MOST_HISTORY:
            history.write_text("\n".join(lines[-MOST_HISTORY:]) + "\n", encoding="utf-8", newline="\n")
    except OSError:
        return []
    return [clean(line) for line in lines[-MOST_HISTORY:]]


def _keep(history: Path, line: str) -> None:
    try:
        handle = os.open(history, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8", newline="\n") as file:
            file.write(line + "\n")
    except OSError:
        return  # a home that only may be read: this session's own history still serves


def piped_lines(stream: IO[bytes]) -> Iterator[str]:
    """Lines as they arrive, without their ends: UTF-8, or else GB18030, the other encoding Chinese files come in."""
    for line in iter(stream.readline, b""):
        try:
            text = line.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = line.decode("gb18030", errors="replace")
        yield text.rstrip("\r\n")
