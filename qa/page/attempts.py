"""Wrong passwords slow down whoever gives them, counted by address and user, by address, and by user.

After the tries that are free, every further wrong one doubles a pause in which no password is looked at, not even the
right one. The table is bounded and forgets: a guesser gets a few hundred tries a day, a librarian waits minutes.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

FREE = {"both": 5, "address": 20, "user": 40}  # wrong tries without a pause
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 300.0
FORGOTTEN_AFTER_S = 3600.0
MOST_KEPT = 1000


@dataclass(slots=True)
class _Tries:
    wrong: int
    last: float


class Attempts:
    """Who gave a wrong password how often, of late. Safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str, str], _Tries] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def pause_s(self, address: str, user: str) -> int:
        """The seconds until another try is looked at; 0 when it is now."""
        with self._lock:
            now = self._clock()
            waits = (
                tries.last + _pause(tries.wrong - FREE[key[0]]) - now
                for key in _keys(address, user)
                if (tries := self._fresh(key, now))
            )
            return max(0, math.ceil(max(waits, default=0.0)))

    def failed(self, address: str, user: str) -> None:
        with self._lock:
            now = self._clock()
            for key in _keys(address, user):
                before = self._fresh(key, now)
                self._kept[key] = _Tries((before.wrong if before else 0) + 1, now)
                self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def passed(self, address: str, user: str) -> None:
        """The right password forgives the tries before it."""
        with self._lock:
            for key in _keys(address, user):
                self._kept.pop(key, None)

    def _fresh(self, key: tuple[str, str, str], now: float) -> _Tries | None:
        tries = self._kept.get(key)
        return tries if tries and now - tries.last < FORGOTTEN_AFTER_S else None


def _pause(beyond: int) -> float:
    """The pause after so many tries beyond the free ones.

    >>> [_pause(n) for n in (-1, 0, 1, 2, 99)]
    [0.0, 2.0, 4.0, 8.0, 300.0]
    """
    return 0.0 if beyond < 0 else min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(beyond, 20))


def _keys(address: str, user: str) -> Iterator[tuple[str, str, str]]:
    user = user[:100]
    yield from (("both", address, user), ("address", address, ""), ("user", "", user))
