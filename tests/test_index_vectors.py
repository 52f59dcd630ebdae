"""Vector search: exact ranking, and Chroma behind the same results."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pytest

from documents.errors import IndexUnavailable
from documents.report import Chunk, Passage, Period, Stance
from index import vectors
from index.catalog import Committed, Vectors
from index.vectors import VectorIndex, rank_exactly

SIZE = 8


def unit(place: int, lean: int | None = None) -> Vectors:
    row = np.zeros(SIZE, np.float32)
    row[place] = 1.0
    if lean is not None:
        row[lean] = 0.5
    return np.asarray(row / np.linalg.norm(row), np.float32)


def entry(report: str, places: list[int], revision: int = 1) -> Committed:
    chunks = tuple(
        Chunk(f"{report}#{p}", report, (), Period(2019, 3), Stance.ACHIEVED, Passage("文字", ((0, 1),))) for p in places
    )
    return Committed(report, revision, chunks, np.array([unit(p) for p in places], np.float32).reshape(-1, SIZE))


@pytest.fixture
def index(tmp_path: Path):  # type: ignore[no-untyped-def]
    store = VectorIndex(tmp_path / "vectors", SIZE)
    yield store
    store.close()


def test_the_worked_examples_hold() -> None:
    assert doctest.testmod(vectors).failed == 0


def test_exact_ranking_breaks_ties_by_id_before_it_cuts() -> None:
    matrix = np.array([unit(0), unit(0), unit(0), unit(1)], np.float32)
    assert [i for i, _ in rank_exactly(unit(0), ["c", "b", "a", "d"], matrix, 2)] == ["a", "b"]
    assert rank_exactly(unit(0), [], np.zeros((0, SIZE), np.float32), 2) == []


def test_chroma_ranks_as_exact_ranking_does(index: VectorIndex) -> None:
    first = entry("a", [0, 1, 2])
    index.replace(first)
    index.commit(1)
    exact = rank_exactly(unit(1, 2), [c.id for c in first.chunks], first.vectors, 3)
    assert [i for i, _ in index.search(unit(1, 2), 3)] == [i for i, _ in exact] == ["a#1", "a#2"]
    assert [s for _, s in index.search(unit(1, 2), 3)] == pytest.approx([s for _, s in exact])


def test_replacing_and_removing_leave_nothing_behind(index: VectorIndex) -> None:
    index.replace(entry("a", [0, 1]))
    index.replace(entry("b", [2]))
    index.commit(2)
    index.replace(entry("a", [1, 3], revision=3))
    index.remove("b")
    index.commit(4)
    assert index.ids() == {"a#1": ("a", 3), "a#3": ("a", 3)}


def test_the_generation_is_read_without_opening_the_store(index: VectorIndex, tmp_path: Path) -> None:
    assert index.generation == 0
    index.replace(entry("a", [0]))
    assert index.generation == 0
    index.commit(5)
    assert VectorIndex(tmp_path / "vectors", SIZE).generation == 5


def test_a_lost_folder_is_generation_zero(index: VectorIndex) -> None:
    index.replace(entry("a", [0]))
    index.commit(5)
    index.discard()
    assert index.generation == 0
    assert index.ids() == {}


def test_a_damaged_store_is_refused_and_can_be_discarded(index: VectorIndex) -> None:
    index.replace(entry("a", [0]))
    index.commit(1)
    index.close()
    (index.path / "chroma.sqlite3").write_bytes(b"not a database " * 1000)
    with pytest.raises(IndexUnavailable, match="qa doctor --repair"):
        index.search(unit(0), 1)
    index.discard()
    index.replace(entry("a", [0]))
    index.commit(2)
    assert [i for i, _ in index.search(unit(0), 1)] == ["a#0"]


def test_more_vectors_than_one_batch_takes_are_all_found(index: VectorIndex) -> None:
    many = [entry(f"r{n}", list(range(SIZE))) for n in range(800)]
    for one in many:
        index.replace(one)
    index.commit(1)
    assert len(index.ids()) == 800 * SIZE
