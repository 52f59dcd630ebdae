"""The index as a whole: one truth and two followers, through replacing, killing, locking and rebuilding."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from documents.errors import EmbedderMismatch, IndexLocked, IndexUnavailable, UnknownReport
from documents.report import Chunk, Line, LineRange, Passage, Period, Report, Section, Stance
from index.bilingual import Term, Translation
from index.catalog import Catalog
from index.embedding import HashingEmbedder
from index.keyword import KeywordIndex
from index.lexicon import Lexicon
from index.scope import Scope
from index.store import Index, Mode, searchable_text
from index.vectors import VectorIndex

ROOT = Path(__file__).parent.parent
EMBEDDER = HashingEmbedder(64)
MODES: tuple[Mode, ...] = ("keyword", "vector", "fused")


def reading(name: str, *texts: str, month: int = 3) -> tuple[Report, list[Chunk]]:
    """A report with one section, one line and one chunk a text."""
    lines = tuple(Line(number, text) for number, text in enumerate(texts, 1))
    section = Section("大事", 1, LineRange(1, len(lines)), Period(2019, month), Stance.ACHIEVED)
    report = Report(name, name, None, 2019, f"/{name}.txt", "0" * 64, lines, (section,))
    return report, [
        Chunk(f"{name}#{n}", name, ("大事",), Period(2019, month), Stance.ACHIEVED, Passage(text, ((0, n),)))
        for n, text in enumerate(texts, 1)
    ]


def found(index: Index, text: str, scope: Scope | None = None, mode: Mode = "fused") -> list[str]:
    hits = index.search([Term(text, ((text, 1.0),))], text, scope or Scope(), 10, mode)
    return [hit.chunk.id for hit in hits]


def command(code: str, home: Path) -> list[str]:
    """Another process, which has this module's names."""
    begin = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]; from test_index_store import *\n"
    return [sys.executable, "-c", f"{begin}home = Path({str(home)!r})\n{code}"]


def run(code: str, home: Path) -> int:
    return subprocess.run(command(code, home), cwd=ROOT, check=False).returncode


class Deadly(Lexicon):
    """Kills its process at the word 终点: other reports of the batch are in the catalog by then, and nowhere else."""

    def terms_in(self, text: str) -> set[str]:
        if "终点" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return set()

    def expand_vocabulary(self, tokens: Iterable[str]) -> Iterator[Translation]:
        return iter(())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def index(home: Path) -> Iterator[Index]:
    with Index.open(home, EMBEDDER, create=True) as opened:
        opened.add_many(
            [reading("kunshan", "举办讲座十场", "新增图书千册"), reading("xuchang", "流动图书车下乡", month=5)]
        )
        yield opened


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_finds_the_chunk_and_tells_its_ranks(index: Index, mode: Mode) -> None:
    hit = index.search([Term("讲座", (("讲座", 1.0),))], "举办讲座", mode=mode)[0]
    assert hit.chunk.text == "举办讲座十场"
    assert (hit.keyword_rank, hit.vector_rank) == (None if mode == "vector" else 1, None if mode == "keyword" else 1)


@pytest.mark.parametrize("exact_limit", [0, 100])
def test_chroma_and_exact_ranking_find_the_same(index: Index, home: Path, exact_limit: int) -> None:
    with Index.open(home, EMBEDDER, exact_limit=exact_limit) as other:
        assert found(other, "流动图书车下乡", mode="vector")[0] == "xuchang#1"


def test_replacing_leaves_nothing_of_the_old_report_in_any_store(index: Index) -> None:
    index.add(*reading("kunshan", "展览开幕"))
    assert [chunk.text for chunk in index.chunks(Scope(reports=frozenset({"kunshan"})))] == ["展览开幕"]
    for mode in MODES:
        assert "kunshan#2" not in found(index, "新增图书千册", mode=mode)
    assert index.verify().ok
    assert set(KeywordIndex(index.home / "keyword").ids()) == {"kunshan#1", "xuchang#1"}
    assert set(VectorIndex(index.home / "vectors", 64).ids()) == {"kunshan#1", "xuchang#1"}


def test_a_removed_report_is_found_no_more(index: Index) -> None:
    index.remove("xuchang")
    for mode in MODES:
        assert "xuchang#1" not in found(index, "流动图书车下乡", mode=mode)
    assert [report.id for report in index.reports()] == ["kunshan"]
    assert index.verify().ok
    with pytest.raises(UnknownReport):
        index.remove("xuchang")


@pytest.mark.parametrize("mode", MODES)
def test_a_scope_is_never_widened(index: Index, mode: Mode) -> None:
    assert found(index, "图书", Scope(months=frozenset({12})), mode) == []
    assert found(index, "图书", Scope(reports=frozenset()), mode) == []
    assert set(found(index, "图书", Scope(months=frozenset({5})), mode)) <= {"xuchang#1"}
    assert found(index, "流动图书车", Scope(reports=frozenset({"xuchang"}), years=frozenset({2019})), mode)


def test_the_last_of_two_readings_under_one_id_stays(index: Index) -> None:
    index.add_many([reading("twice", "前一版"), reading("twice", "后一版", "又一段")])
    assert index.verify().ok
    assert [chunk.text for chunk in index.chunks(Scope(reports=frozenset({"twice"})))] == ["后一版", "又一段"]


def test_what_came_before_a_failing_reading_stays(index: Index) -> None:
    def readings() -> Iterator[tuple[Report, list[Chunk]]]:
        yield reading("first", "先到的一段")
        raise IndexUnavailable("the file is gone")

    with pytest.raises(IndexUnavailable, match="gone"):
        index.add_many(readings(), batch=1)
    assert found(index, "先到的一段")[0] == "first#1"
    assert index.verify().ok


def test_a_report_without_chunks_is_kept(index: Index) -> None:
    index.add(reading("bare", "只有一行")[0], [])
    assert index.report("bare").lines[0].text == "只有一行"
    assert index.verify().ok


def test_new_words_of_the_reports_are_translated(home: Path) -> None:
    lexicon = Lexicon([(["流动图书车"], ["bookmobile"])], [])
    with Index.open(home, EMBEDDER, create=True, lexicon=lexicon) as index:
        index.add(*reading("xuchang", "流动图书车下乡"))
        assert ("流动图书车", "glossary") in {(t.target, t.origin) for t in index.translations(["bookmobil"])}
        assert index.document_frequencies(["流动图书车"]) == {"流动图书车": 1}
        index.remove("xuchang")
        assert index.translations(["bookmobil"]) == []


def test_a_gap_between_catalog_and_stores_is_closed_on_opening(index: Index, home: Path) -> None:
    index.close()
    catalog = Catalog(home / "catalog.sqlite")
    report, chunks = reading("kunshan", "全新内容")
    catalog.replace(report, chunks, EMBEDDER.embed([searchable_text(chunk) for chunk in chunks]))
    catalog.remove("xuchang")
    catalog.close()
    with Index.open(home, EMBEDDER) as again:
        assert again.verify().ok
        assert found(again, "全新内容", mode="keyword") == ["kunshan#1"]


@pytest.mark.parametrize("lost", ["keyword", "vectors"])
def test_a_lost_store_is_filled_again_on_opening(index: Index, home: Path, lost: str) -> None:
    index.close()
    shutil.rmtree(home / lost)
    with Index.open(home, EMBEDDER) as again:
        assert again.verify().ok


def test_an_older_catalog_put_back_is_followed(index: Index, home: Path, tmp_path: Path) -> None:
    index.close()
    shutil.copy(home / "catalog.sqlite", tmp_path / "backup")
    with Index.open(home, EMBEDDER) as later:
        later.add(*reading("late", "后来的报告"))
    shutil.copy(tmp_path / "backup", home / "catalog.sqlite")
    with Index.open(home, EMBEDDER) as again:
        assert again.verify().ok
        assert found(again, "后来的报告", mode="keyword") == []


@pytest.mark.parametrize("damaged", ["keyword/meta.json", "vectors/chroma.sqlite3"])
def test_a_damaged_store_does_not_stop_writing(index: Index, home: Path, damaged: str) -> None:
    index.close()
    (home / damaged).write_bytes(b"damaged " * 4000)
    with Index.open(home, EMBEDDER) as again:
        again.add(*reading("late", "后来的报告"))
        assert found(again, "后来的报告")[0] == "late#1"
        assert again.verify().ok


def test_repair_mends_what_verify_finds(index: Index, home: Path) -> None:
    keyword = KeywordIndex(home / "keyword")
    keyword.remove("kunshan")
    keyword.commit(index.generation)
    keyword.release()
    vectors = VectorIndex(home / "vectors", 64)
    vectors.remove("xuchang")
    vectors.commit(index.generation)
    vectors.close()
    assert index.verify().reports == ("kunshan", "xuchang")
    assert len(index.repair().problems) == 2
    assert index.verify().ok


def test_a_killed_writer_leaves_an_index_that_agrees_with_its_catalog(home: Path) -> None:
    code = """
index = Index.open(home, EMBEDDER, create=True, lexicon=Deadly([], []))
index.add(*reading("before", "早先的报告"))
index.add_many([reading("before", "改过的报告"), reading("middle", "中间的报告"), reading("end", "终点")])
"""
    assert run(code, home) == -signal.SIGKILL
    catalog = Catalog(home / "catalog.sqlite")
    assert [report.id for report in catalog.reports()] == ["before", "middle"]
    assert KeywordIndex(home / "keyword").generation < catalog.generation
    with Index.open(home, EMBEDDER) as index:
        assert index.verify().ok
        assert found(index, "改过的报告", mode="keyword")[0] == "before#1"
        assert [chunk.text for chunk in index.chunks()] == ["改过的报告", "中间的报告"]


@pytest.mark.parametrize("exact_limit", [0, 100])
def test_a_reader_sees_what_another_process_writes(index: Index, home: Path, exact_limit: int) -> None:
    with Index.open(home, EMBEDDER, exact_limit=exact_limit) as reader:
        assert found(reader, "远道而来", mode="keyword") == []
        assert run("Index.open(home, EMBEDDER).add(*reading('new', '远道而来的客人'))", home) == 0
        for mode in MODES:
            assert found(reader, "远道而来的客人", mode=mode)[0] == "new#1"


def test_a_second_writer_is_told_of_the_lock_while_readers_read_on(index: Index, home: Path) -> None:
    code = """
def slowly():
    yield reading("slow", "慢慢写入")
    print("writing", flush=True)
    sys.stdin.readline()
Index.open(home, EMBEDDER).add_many(slowly(), batch=1)
"""
    pipe = subprocess.PIPE
    with subprocess.Popen(command(code, home), cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == "writing\n"
        with Index.open(home, EMBEDDER, lock_timeout_s=0.1, exact_limit=0) as other:
            assert found(other, "举办讲座十场")[0] == "kunshan#1"
            with pytest.raises(IndexLocked, match=r"write\.lock.*try again"):
                other.remove("kunshan")
        writer.communicate("go on\n")
    assert writer.returncode == 0
    assert found(index, "慢慢写入")[0] == "slow#1"


def test_another_embedder_is_refused_with_the_command_that_rebuilds(index: Index, home: Path) -> None:
    with pytest.raises(EmbedderMismatch, match="qa index --rebuild"):
        Index.open(home, HashingEmbedder(32))


def test_a_rebuild_changes_the_embedder_and_keeps_the_reports(index: Index, home: Path) -> None:
    before = index.chunks()
    with Index.rebuild(home, HashingEmbedder(32), lexicon=Lexicon([(["讲座"], ["lecture"])], [])) as rebuilt:
        assert rebuilt.chunks() == before
        assert found(rebuilt, "流动图书车下乡", mode="vector")[0] == "xuchang#1"
        assert "讲座" in {t.target for t in rebuilt.translations(["lectur"])}
        assert rebuilt.document_frequencies(["讲座"]) == {"讲座": 1}
        assert rebuilt.verify().ok
    with pytest.raises(EmbedderMismatch):
        found(index, "讲座")


def test_no_index_is_said_so(home: Path) -> None:
    with pytest.raises(IndexUnavailable, match="qa index"):
        Index.open(home, EMBEDDER)
    assert not home.exists()


def test_no_connection_is_ever_made(home: Path) -> None:
    code = """
def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        os._exit(7)
sys.addaudithook(refuse)
with Index.open(home, EMBEDDER, create=True, exact_limit=0) as index:
    index.add(*reading("kunshan", "举办讲座十场"))
    assert found(index, "举办讲座十场") == ["kunshan#1"] and "chromadb" in sys.modules
"""
    assert run(code, home) == 0


def test_a_question_over_a_small_index_does_not_import_chroma(index: Index, home: Path) -> None:
    code = """
with Index.open(home, EMBEDDER) as index:
    assert found(index, "举办讲座十场") and "chromadb" not in sys.modules
"""
    assert run(code, home) == 0


def test_words_of_a_report_put_in_anew_are_translated_as_before(home: Path) -> None:
    with Index.open(home, EMBEDDER, create=True, lexicon=Lexicon.load()) as index:
        index.add(*reading("kunshan", "举办讲座十场"))
        before = index.translations(["lectur"])
        index.add(*reading("kunshan", "举办讲座十场", "新增图书千册"))
        assert before == index.translations(["lectur"]) != []


def test_another_glossary_counts_from_the_next_opening(home: Path, tmp_path: Path) -> None:
    with Index.open(home, EMBEDDER, create=True, lexicon=Lexicon.load()) as index:
        index.add(*reading("kunshan", "走进云上书苑"))
        assert not index.translations(["cloud studi"])
    own = tmp_path / "own.tsv"
    own.write_text("云上书苑\tcloud study\n", encoding="utf-8")
    for glossary, reaches in ((own, ["云上书苑"]), (None, [])):
        with Index.open(home, EMBEDDER, lexicon=Lexicon.load(glossary)) as index:
            assert [t.target for t in index.translations(["cloud studi"])] == reaches
