"""The catalog: what goes in comes out again, a scope is hard, and every change moves the generation."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from documents.errors import IndexUnavailable, UnknownReport
from documents.report import Chunk, Line, LineRange, Passage, Period, Report, Section, Stance
from index.bilingual import Translation
from index.catalog import Catalog, Vectors
from index.embedding import EmbedderIdentity
from index.scope import Scope

EMBEDDER = EmbedderIdentity("test", 4, "abc")


def report(name: str = "kunshan-2019") -> Report:
    lines = (Line(1, "一、概况", None, 1), Line(2, ""), Line(3, "到馆读者386 个", 2))
    sections = (
        Section("概况", 1, LineRange(1, 3), Period(2019), Stance.ACHIEVED),
        Section("计划", 2, LineRange(3, 3), None, Stance.PLANNED),
    )
    return Report(name, "工作总结", "昆山市图书馆", 2019, f"/reports/{name}.txt", "d" * 64, lines, sections)


def chunk(number: int, *periods: Period, name: str = "kunshan-2019", under: Period | None = None) -> Chunk:
    passage = Passage(f"第{number}段，读者", ((0, 1), (3, 3)))
    return Chunk(f"{name}#{number}", name, ("概况", "读者"), under, Stance.PLANNED, passage, frozenset(periods))


def vectors(count: int) -> Vectors:
    return np.eye(max(count, 4), 4, dtype=np.float32)[:count]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.sqlite", create=EMBEDDER)
    yield opened
    opened.close()


@pytest.fixture
def dated(catalog: Catalog) -> Catalog:
    chunks = [
        chunk(0, under=Period(2019)),
        chunk(1, Period(2019), Period(2018, 3), under=Period(2019, 4)),
        chunk(2, Period(2019, 3), under=Period(2019)),
        chunk(3),
    ]
    catalog.replace(report(), chunks, vectors(4))
    catalog.replace(report("b"), [chunk(0, Period(2020, 3), name="b")], vectors(1))
    return catalog


def ids(catalog: Catalog, **scope: set[object]) -> list[str]:
    found = catalog.chunk_ids(Scope(**{key: frozenset(value) for key, value in scope.items()}))  # type: ignore[arg-type]
    return [chunk_id.removeprefix("kunshan-2019") for chunk_id in found]


def test_a_report_comes_back_as_it_went_in(catalog: Catalog) -> None:
    chunks = [chunk(0, Period(2019), Period(2019, 3), under=Period(2019, 3)), chunk(1)]
    catalog.replace(report(), chunks, vectors(2))
    assert catalog.report("kunshan-2019") == report()
    assert catalog.chunks(["kunshan-2019#1", "missing", "kunshan-2019#0"]) == [chunks[1], chunks[0]]
    assert catalog.chunks_in(Scope()) == chunks


def test_vectors_keep_their_order_and_survive_half_precision(catalog: Catalog) -> None:
    rows = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32)
    catalog.replace(report(), [chunk(n) for n in range(3)], rows)
    found, matrix = catalog.vectors(Scope())
    assert found == ["kunshan-2019#0", "kunshan-2019#1", "kunshan-2019#2"]
    assert matrix.dtype == np.float32
    assert matrix == pytest.approx(rows, abs=2e-3)


def test_a_summary_tells_what_is_indexed(catalog: Catalog) -> None:
    catalog.replace(report(), [chunk(0)], vectors(1))
    (summary,) = catalog.reports()
    assert (summary.id, summary.organisation, summary.year, summary.digest) == (
        "kunshan-2019",
        "昆山市图书馆",
        2019,
        "d" * 64,
    )
    assert (summary.lines, summary.chunks) == (3, 1)


def test_years_match_any_period_of_a_chunk(dated: Catalog) -> None:
    assert ids(dated, years={2019}) == ["#0", "#1", "#2"]
    assert ids(dated, years={2018, 2020}) == ["b#0", "#1"]


def test_months_match_any_year_unless_years_are_given(dated: Catalog) -> None:
    assert ids(dated, months={3}) == ["b#0", "#1", "#2"]
    assert ids(dated, months={3, 4}, years={2019}) == ["#1", "#2"]


def test_month_and_year_must_be_of_the_same_period(dated: Catalog) -> None:
    assert ids(dated, months={3}, years={2019}) == ["#2"]


def test_reports_limit_every_other_filter(dated: Catalog) -> None:
    assert ids(dated, reports={"b"}) == ["b#0"]
    assert ids(dated, reports={"b"}, years={2019}) == []


@pytest.mark.parametrize(
    "scope",
    [
        Scope(reports=frozenset()),
        Scope(reports=frozenset({"nowhere"})),
        Scope(years=frozenset({1999})),
        Scope(months=frozenset({12})),
    ],
)
def test_a_scope_that_matches_nothing_gives_nothing(dated: Catalog, scope: Scope) -> None:
    assert dated.chunk_ids(scope) == []
    assert dated.chunks_in(scope) == []
    found, matrix = dated.vectors(scope)
    assert (found, matrix.shape) == ([], (0, 4))


def test_replacing_a_report_leaves_no_row_of_the_old_one(catalog: Catalog) -> None:
    old = [chunk(n, Period(2019, 5)) for n in range(3)]
    catalog.replace(
        report(), old, vectors(3), {"读者": 3, "旧词": 1}, lambda _: [Translation("old", "旧词", 0.5, "glossary")]
    )
    catalog.replace(report(), [chunk(7)], vectors(1), {"读者": 1})
    statistics = catalog.statistics()
    assert (statistics.reports, statistics.lines, statistics.chunks, statistics.tokens) == (1, 3, 1, 1)
    assert ids(catalog, months={5}) == []
    assert catalog.translations(["old"]) == []
    assert catalog.problems() == []


def test_removing_an_unknown_report_changes_nothing(catalog: Catalog) -> None:
    with pytest.raises(UnknownReport, match="qa reports"):
        catalog.remove("nowhere")
    assert catalog.generation == 0


def test_every_change_moves_the_generation_and_tells_followers(catalog: Catalog) -> None:
    catalog.replace(report(), [chunk(0)], vectors(1))
    catalog.replace(report("b"), [chunk(0, name="b")], vectors(1))
    catalog.remove("kunshan-2019")
    assert catalog.generation == 3
    assert catalog.changed_since(0) == (["b"], ["kunshan-2019"])
    assert catalog.changed_since(2) == ([], ["kunshan-2019"])
    catalog.replace(report(), [chunk(0)], vectors(1))
    assert catalog.changed_since(2) == (["kunshan-2019"], [])


def test_a_change_that_fails_leaves_everything_as_it_was(catalog: Catalog) -> None:
    catalog.replace(report("b"), [chunk(0, name="b")], vectors(1), {"读者": 1})
    with pytest.raises(sqlite3.IntegrityError):
        catalog.replace(report(), [Chunk("b#0", "kunshan-2019", (), None, Stance.ACHIEVED, Passage("x", ((0, 1),)))],
                        vectors(1), {"读者": 1})  # fmt: skip
    assert catalog.generation == 1
    assert [r.id for r in catalog.reports()] == ["b"]
    assert catalog.document_frequencies(["读者"]) == {"读者": 1}


def test_chunks_that_do_not_fit_are_refused(catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="shape"):
        catalog.replace(report(), [chunk(0)], vectors(2))
    with pytest.raises(ValueError, match="another report"):
        catalog.replace(report("b"), [chunk(0)], vectors(1))
    with pytest.raises(ValueError, match="twice"):
        catalog.replace(report(), [chunk(0), chunk(0)], vectors(2))


def test_document_frequencies_add_up_over_reports(catalog: Catalog) -> None:
    catalog.replace(report(), [chunk(0)], vectors(1), {"读者": 1, "books": 1})
    catalog.replace(report("b"), [chunk(0, name="b")], vectors(1), {"读者": 1})
    assert catalog.document_frequencies(["读者", "books", "never"]) == {"读者": 2, "books": 1}
    assert catalog.unseen(["读者", "新词", "新词"]) == ["新词"]
    catalog.remove("kunshan-2019")
    assert catalog.document_frequencies(["读者", "books"]) == {"读者": 1}


def test_translations_come_best_first(catalog: Catalog) -> None:
    rows = [Translation("reader", "读者", 0.6, "dictionary"), Translation("reader", "到馆人次", 0.9, "glossary")]
    catalog.replace(report(), [chunk(0)], vectors(1), {"读者": 1, "到馆人次": 1}, lambda _: rows)
    assert [t.target for t in catalog.translations(["reader", "x"])] == ["到馆人次", "读者"]


def test_a_missing_catalog_names_the_command_that_builds_one(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="qa index"):
        Catalog(tmp_path / "catalog.sqlite")


def test_a_newer_schema_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    catalog.close()
    with sqlite3.connect(tmp_path / "catalog.sqlite") as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(IndexUnavailable, match=r"schema 99.*Upgrade"):
        Catalog(tmp_path / "catalog.sqlite")


def test_a_file_that_is_no_catalog_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"plain text, no database " * 100)
    with pytest.raises(IndexUnavailable, match="cannot be opened"):
        Catalog(tmp_path / "catalog.sqlite")


def test_the_embedder_is_remembered(catalog: Catalog, tmp_path: Path) -> None:
    assert Catalog(tmp_path / "catalog.sqlite").embedder == EMBEDDER
