"""Keyword search over our own tokens, in Chinese and English."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from documents.errors import IndexUnavailable
from documents.report import Chunk, Passage, Stance
from index.bilingual import Term
from index.catalog import Committed
from index.keyword import KeywordIndex

TEXTS = {
    "read": "全年建成智慧阅读空间三座，读者可以自助借书。",
    "space": "阅读推广进社区，智慧城市讲座两场，活动空间扩大。",
    "cards": "The branch libraries issued 1,204 new cards.",
    "visits": "到馆人次比上年增长，书架更新。",
}


def entry(texts: dict[str, str], report: str = "r", revision: int = 1, heading: tuple[str, ...] = ()) -> Committed:
    chunks = tuple(Chunk(i, report, heading, None, Stance.ACHIEVED, Passage(t, ((0, 1),))) for i, t in texts.items())
    return Committed(report, revision, chunks, np.zeros((len(chunks), 1), np.float32))


def term(*alternatives: str, weight: float = 1.0) -> Term:
    return Term(alternatives[0], tuple((text, 1.0) for text in alternatives), weight)


def found(index: KeywordIndex, *terms: Term, allowed: set[str] | None = None) -> list[str]:
    return [chunk for chunk, _ in index.search(terms, 10, allowed)]


@pytest.fixture
def index(tmp_path: Path) -> KeywordIndex:
    keyword = KeywordIndex(tmp_path / "keyword")
    keyword.replace(entry(TEXTS))
    keyword.commit(7)
    keyword.release()
    return keyword


def test_a_long_chinese_name_ranks_first_where_it_stands_whole(index: KeywordIndex) -> None:
    assert found(index, term("智慧阅读空间"))[0] == "read"


def test_full_width_and_traditional_forms_are_the_same_word(index: KeywordIndex) -> None:
    assert found(index, term("智慧閱讀"))[0] == "read"
    assert found(index, term("1204")) == ["cards"]


def test_english_alternatives_are_stems_and_need_all_their_words(index: KeywordIndex) -> None:
    assert found(index, term("branch librari")) == ["cards"]
    assert found(index, term("branch museum")) == []


def test_a_word_with_many_alternatives_has_one_vote(index: KeywordIndex) -> None:
    many = term("阅读", "智慧", "讲座", "社区", "推广", "城市")
    two = [many, term("自助"), term("三座")]
    assert found(index, *two)[0] == "read"
    best = max(score for text in ("阅读", "推广", "讲座") for c, score in index.search([term(text)], 9) if c == "space")
    assert dict(index.search([term("阅读", "推广", "讲座")], 9))["space"] == pytest.approx(best)


def test_weights_of_terms_and_alternatives_count(index: KeywordIndex) -> None:
    assert found(index, term("书架"), term("自助", weight=0.1))[0] == "visits"
    assert found(index, Term("x", (("书架", 0.1), ("自助", 1.0))))[0] == "read"


def test_only_allowed_chunks_are_found_and_none_of_them_is_lost(tmp_path: Path) -> None:
    keyword = KeywordIndex(tmp_path / "many")
    crowd = {f"c{n:04}": "图书馆 图书馆" for n in range(500)}
    keyword.replace(entry(crowd | {"last": "图书馆" + "很长的一段别的话" * 30}))
    keyword.commit(1)
    assert found(keyword, term("图书馆"), allowed={"last"}) == ["last"]
    assert found(keyword, term("图书馆"), allowed=set()) == []


def test_equal_scores_stand_in_order_of_id_whatever_was_added_first(tmp_path: Path) -> None:
    keyword = KeywordIndex(tmp_path / "ties")
    keyword.replace(entry({f"c{n:02}": "新馆开放" for n in reversed(range(40))}))
    keyword.commit(1)
    assert [chunk for chunk, _ in keyword.search([term("新馆")], 3)] == ["c00", "c01", "c02"]


def test_a_heading_is_searched_but_counts_less_than_the_text(tmp_path: Path) -> None:
    keyword = KeywordIndex(tmp_path / "headings")
    keyword.replace(entry({"under": "其他内容"}, "a", heading=("读者服务",)))
    keyword.replace(entry({"about": "读者服务做得好"}, "b"))
    keyword.commit(1)
    assert found(keyword, term("读者服务")) == ["about", "under"]


def test_replacing_a_report_leaves_nothing_of_the_old_one(index: KeywordIndex) -> None:
    index.replace(entry({"read": "全新的内容"}, revision=8))
    index.commit(8)
    assert index.ids() == {"read": ("r", 8)}
    assert found(index, term("智慧阅读空间")) == found(index, term("书架")) == []


def test_the_generation_is_committed_with_the_data(index: KeywordIndex, tmp_path: Path) -> None:
    index.remove("r")
    assert KeywordIndex(tmp_path / "keyword").generation == 7
    index.commit(8)
    again = KeywordIndex(tmp_path / "keyword")
    assert (again.generation, again.ids()) == (8, {})


def test_cooccurrence_is_the_share_of_the_rarer_word(index: KeywordIndex) -> None:
    assert index.cooccurrence("智慧", "讲座") == 1.0
    assert index.cooccurrence("自助", "讲座") == 0.0
    assert index.cooccurrence("不在", "讲座") == 0.0


def test_terms_without_any_token_find_nothing(index: KeywordIndex) -> None:
    assert found(index, term("？！")) == []
    assert found(index) == []


def test_a_damaged_folder_is_refused_and_can_be_discarded(index: KeywordIndex, tmp_path: Path) -> None:
    (tmp_path / "keyword" / "meta.json").write_text("not json")
    with pytest.raises(IndexUnavailable, match="qa doctor --repair"):
        KeywordIndex(tmp_path / "keyword")
    index.discard()
    assert KeywordIndex(tmp_path / "keyword").generation == 0
