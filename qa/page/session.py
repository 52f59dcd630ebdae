"""What the page knows of one visitor, and how much a visitor may have under way."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from qa.conversation import Conversation

AT_ONCE = 3  # questions of one visitor being answered at the same time


@dataclass(frozen=True, slots=True)
class Session:
    """One open page.

    ``owner`` is whose conversations it sees, ``editing`` the turn that the next question replaces, ``pending`` the
    question being answered.
    """

    owner: str = ""
    language: str = "zh"
    conversation: Conversation = field(default_factory=Conversation)
    editing: int | None = None
    pending: str = ""


class Turnstile:
    """Lets each comer in a limited number of times at once."""

    def __init__(self, at_once: int):
        self._at_once = at_once
        self._inside: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def enter(self, comer: str) -> Iterator[bool]:
        """Whether there is room; the place is given back on leaving."""
        with self._lock:
            admitted = self._inside[comer] < self._at_once
            self._inside[comer] += admitted
        try:
            yield admitted
        finally:
            with self._lock:
                self._inside[comer] -= admitted
                if not self._inside[comer]:
                    del self._inside[comer]
