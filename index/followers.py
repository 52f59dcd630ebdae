"""The stores derived from the catalog, kept in step with it: they follow each change, catch up, and are mended.

Whatever befalls a store, the catalog has everything: one that broke is thrown away and filled again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from documents.errors import IndexUnavailable
from index.catalog import Catalog, Committed


class Follower(Protocol):
    """A store derived from the catalog."""

    @property
    def generation(self) -> int: ...
    def replace(self, entry: Committed) -> None: ...
    def remove(self, report_id: str) -> None: ...
    def commit(self, generation: int) -> None: ...
    def ids(self) -> dict[str, tuple[str, int]]: ...
    def release(self) -> None: ...
    def discard(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Findings:
    """What `Index.verify` found. ``reports`` are those whose chunks a derived store lacks, or holds wrongly."""

    problems: tuple[str, ...]
    reports: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


class Followers:
    """The stores that follow a catalog. Needs the write lock, but for `behind`."""

    def __init__(self, catalog: Catalog, *stores: Follower):
        self._catalog = catalog
        self._stores = stores

    @property
    def behind(self) -> bool:
        """Whether a store holds another generation than the catalog."""
        return any(store.generation != self._catalog.generation for store in self._stores)

    def replace(self, entry: Committed) -> None:
        self._each(lambda store: store.replace(entry))

    def remove(self, report_id: str) -> None:
        self._each(lambda store: store.remove(report_id))

    def commit(self) -> None:
        """What was handed on holds from now on, as the catalog's generation."""
        generation = self._catalog.generation
        self._each(lambda store: store.commit(generation))

    def release(self) -> None:
        for store in self._stores:
            store.release()

    def catch_up(self) -> None:
        """Close the gap a killed process or a lost folder has left."""
        for store in self._stores:
            if store.generation != self._catalog.generation:
                self._healing(store, self._fill)

    def repair(self) -> None:
        """Make every store agree with the catalog, chunk by chunk."""
        self.catch_up()
        self._each(self._mend)

    def _each(self, action: Callable[[Follower], None]) -> None:
        for store in self._stores:
            self._healing(store, action)

    def _healing(self, follower: Follower, action: Callable[[Follower], None]) -> None:
        """A derived store that broke is thrown away and filled again: the catalog has everything."""
        try:
            action(follower)
        except IndexUnavailable:
            follower.discard()
            self._fill(follower)

    def _fill(self, follower: Follower) -> None:
        """Give a follower what the catalog has written and removed since the generation it holds."""
        current, held = self._catalog.generation, follower.generation
        if held > current:
            # The catalog was put back to an earlier state: numbers say nothing about what the follower holds.
            follower.discard()
            held = 0
        written, removed = self._catalog.changed_since(held)
        for report_id in removed:
            follower.remove(report_id)
        for report_id in written:
            if entry := self._catalog.committed(report_id):
                follower.replace(entry)
        follower.commit(current)

    def verify(self) -> Findings:
        """Compare every chunk of each store with the catalog."""
        problems = self._catalog.problems()
        affected: set[str] = set()
        for follower in self._stores:
            try:
                if differing := self._differing(follower):
                    problems.append(f"{_name(follower)}: wrong about {', '.join(differing)}")
                    affected.update(differing)
                elif follower.generation != self._catalog.generation:
                    problems.append(f"{_name(follower)}: behind the catalog, at generation {follower.generation}")
            except IndexUnavailable as error:
                problems.append(str(error))
        return Findings(tuple(problems), tuple(sorted(affected)))

    def _differing(self, follower: Follower) -> list[str]:
        """The reports of which a follower lacks chunks, or holds ones it should not."""
        expected, held = self._catalog.revisions(), follower.ids() if follower.generation else {}
        wrong = {chunk for chunk in expected.keys() | held.keys() if expected.get(chunk) != held.get(chunk)}
        return sorted({source[chunk][0] for source in (expected, held) for chunk in wrong if chunk in source})

    def _mend(self, follower: Follower) -> None:
        for report_id in self._differing(follower):
            if entry := self._catalog.committed(report_id):
                follower.replace(entry)
            else:
                follower.remove(report_id)
        follower.commit(self._catalog.generation)


def _name(follower: Follower) -> str:
    return type(follower).__name__.removesuffix("Index").lower() + " index"
