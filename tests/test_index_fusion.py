"""Two rankings into one: what either ranker may and may not do to the other."""

from __future__ import annotations

import doctest

import pytest

from index import fusion
from index.fusion import Ranking, Weights, fuse, fuse_ranks

KEYWORD: Ranking = [("a", 9.0), ("b", 6.0), ("c", 5.9)]


def test_the_worked_examples_hold() -> None:
    assert doctest.testmod(fusion).failed == 0


@pytest.mark.parametrize("join", [fuse, fuse_ranks])
def test_fusion_prefers_hits_found_by_both(join) -> None:  # type: ignore[no-untyped-def]
    fused = join([("a", 5.0), ("both", 4.9)], [("x", 0.9), ("both", 0.88)])
    assert (fused[0].id, fused[0].keyword_rank, fused[0].vector_rank) == ("both", 2, 2)


def test_a_sure_keyword_hit_is_not_overruled_by_vectors() -> None:
    assert fuse(KEYWORD, [("c", 1.0), ("b", 0.9)])[0].id == "a"


def test_vectors_settle_a_draw_between_keyword_hits() -> None:
    assert [hit.id for hit in fuse(KEYWORD, [("c", 1.0)])] == ["a", "c", "b"]


@pytest.mark.parametrize("join", [fuse, fuse_ranks])
def test_one_empty_ranking_leaves_the_other_as_it_is(join) -> None:  # type: ignore[no-untyped-def]
    assert [hit.id for hit in join(KEYWORD, [])] == ["a", "b", "c"]
    assert [hit.id for hit in join([], KEYWORD)] == ["a", "b", "c"]
    assert join([], []) == []


def test_a_hit_of_one_ranker_has_no_rank_in_the_other() -> None:
    only = {hit.id: (hit.keyword_rank, hit.vector_rank) for hit in fuse(KEYWORD, [("z", 0.5)])}
    assert only == {"a": (1, None), "b": (2, None), "c": (3, None), "z": (None, 1)}


def test_weights_decide_who_leads() -> None:
    assert fuse(KEYWORD, [("z", 0.5)], Weights(keyword=0.2, vector=1.0))[0].id == "z"


def test_equal_scores_stand_in_order_of_id() -> None:
    assert [hit.id for hit in fuse([("b", 1.0), ("a", 1.0)], [])] == ["a", "b"]
