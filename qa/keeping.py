"""Conversations and votes on disk, beside the index.

    HOME/app/conversations/<owner>/<conversation>.json
    HOME/app/votes.jsonl

An owner is a browser's random key and the name that logged in, if any; only a digest of them becomes a folder's name,
so that nothing a client sends is ever part of a path. A file appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from documents.files import write_whole
from qa.conversation import Conversation, Turn
from qa.understanding.question import language_of

MOST_CONVERSATIONS = 200  # kept for one owner; the oldest go first
_ID = re.compile(r"[A-Za-z0-9_-]{6,40}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation in the list. ``at`` is when it was last changed, UTC in ISO 8601."""

    id: str
    title: str
    turns: int
    at: str


@dataclass(frozen=True, slots=True)
class Vote:
    """What somebody thought of an answer: ``up`` or ``down``, with a note that may be empty."""

    conversation: str
    turn: int
    vote: str
    note: str = ""


class Keeping:
    """What the app keeps in a home. Safe between threads of one process."""

    def __init__(self, home: Path):
        self._folder = home / "app"
        self._lock = threading.Lock()
        # The votes as they were when the file had this size: it only ever grows.
        self._voted: tuple[int, dict[tuple[str, int], str]] = (0, {})

    def conversations(self, owner: str) -> list[Kept]:
        """An owner's conversations, newest first."""
        return sorted(self._kept(owner), key=lambda kept: kept.at, reverse=True)

    def load(self, owner: str, conversation: str) -> Conversation | None:
        """One of an owner's conversations; None where there is no such file, or none that can be read."""
        path = self._path(owner, conversation)
        return _read(path) if path is not None and path.is_file() else None

    def save(self, owner: str, conversation: Conversation) -> None:
        path = self._path(owner, conversation.id)
        if path is None or not conversation.turns:
            return
        with self._lock:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps(conversation.to_dict(), ensure_ascii=False))
            for old in sorted(path.parent.glob("*.json"), key=lambda p: p.stat().st_mtime)[:-MOST_CONVERSATIONS]:
                old.unlink(missing_ok=True)

    def forget(self, owner: str, conversation: str) -> None:
        path = self._path(owner, conversation)
        if path is not None:
            path.unlink(missing_ok=True)

    def vote(self, vote: Vote, turn: Turn) -> None:
        """Add a vote, with the turn it is about."""
        record = {
            "conversation": vote.conversation,
            "turn": vote.turn,
            "vote": vote.vote,
            "note": vote.note,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "question": turn.question,
            "answer": turn.answer.to_dict(),
        }
        with self._lock:
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / "votes.jsonl").open("a", encoding="utf-8", newline="\n") as file:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def votes(self, conversation: str) -> dict[int, str]:
        """The last vote on each turn of a conversation."""
        path = self._folder / "votes.jsonl"
        size = path.stat().st_size if path.is_file() else 0
        if size != self._voted[0]:
            self._voted = (size, {(v["conversation"], v["turn"]): v["vote"] for v in self._votes()})
        return {turn: vote for (of, turn), vote in self._voted[1].items() if of == conversation}

    def as_questions(self) -> list[dict[str, Any]]:
        """The votes as questions for ``qa eval``: what was found right, and what a note says would have been right.

        A vote against an answer without a note says nothing that could be asked for; it is left out.
        """
        last: dict[str, dict[str, Any]] = {vote["question"]: vote for vote in self._votes()}
        made = (_as_question(vote, number) for number, vote in enumerate(last.values(), start=1))
        return [question for question in made if question]

    def _votes(self) -> Iterator[dict[str, Any]]:
        path = self._folder / "votes.jsonl"
        if path.is_file():
            yield from (json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip())

    def _path(self, owner: str, conversation: str) -> Path | None:
        if not owner or not _ID.fullmatch(conversation):
            return None
        digest = hashlib.sha256(owner.encode()).hexdigest()[:32]
        return self._folder / "conversations" / digest / f"{conversation}.json"

    def _kept(self, owner: str) -> Iterator[Kept]:
        path = self._path(owner, "anything")
        for file in path.parent.glob("*.json") if path is not None else ():
            if (changed := _changed(file)) and (kept := _listed(file, changed)):
                yield kept


def _changed(file: Path) -> int:
    """When a file was last changed, in nanoseconds; 0 for one that has just gone."""
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=4096)
def _listed(file: Path, changed: int) -> Kept | None:
    """A conversation as the list shows it; read once for each time the file is changed."""
    del changed
    if (conversation := _read(file)) is None:
        return None
    return Kept(conversation.id, conversation.title, len(conversation.turns), conversation.turns[-1].at)


def _read(path: Path) -> Conversation | None:
    """A file that was damaged from outside is passed over: the others must still be shown."""
    try:
        conversation = Conversation.from_dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return conversation if conversation.turns else None


def _as_question(vote: dict[str, Any], number: int) -> dict[str, Any] | None:
    answer = vote["answer"]
    right = _right_answers(vote)
    if right is None:
        return None
    first = (
        lines[0] for c in answer["citations"] if (lines := [t.strip() for t in c["quote"].split("\n") if t.strip()])
    )
    return {
        "id": f"vote-{number:03d}",
        "lang": language_of(vote["question"]),
        "question": vote["question"],
        "type": _type(right),
        "answers": [[item] for item in right],
        "report": sorted({Path(c["path"]).name for c in answer["citations"]}),
        "evidence": list(first) if vote["vote"] == "up" else [],
        "note": vote["note"],
    }


def _right_answers(vote: dict[str, Any]) -> list[str] | None:
    """The items a right answer holds: none for a question that has none, None where the vote does not tell."""
    answer = vote["answer"]
    if vote["vote"] == "down":
        return [vote["note"].strip()] if vote["note"].strip() else None
    if answer["abstained"]:
        return []
    if answer["short"]:
        return [answer["short"]]
    items = [re.sub(r"\s*\[\d+\]\s*$", "", line[2:]) for line in answer["answer"].split("\n") if line.startswith("- ")]
    return items or None


def _type(right: list[str]) -> str:
    if not right:
        return "unanswerable"
    if len(right) > 1:
        return "list"
    return "number" if re.match(r"\D{0,3}[\d一二三四五六七八九十百]", right[0]) else "name"
