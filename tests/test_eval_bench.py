"""The retrieval benchmark: its corpora, its baselines, and that it measures the search people use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from documents.errors import InvalidQuestionFile, ModelUnavailable, UnreadableReport
from documents.report import Chunk, LineRange, Passage, Stance
from eval.baselines import BM25, Baseline, Piece, plain_words, stock_pieces
from eval.bench import bench
from eval.corpora import Corpus, of_reports, of_squad
from eval.questions import Question
from eval.retrieval import DEPTHS, Query, markdown, measure, table
from index.embedding import HashingEmbedder
from index.fusion import in_turn
from index.rerank import load_reranker, rerank
from index.scope import Hit, Scope

REPORT = """青山市图书馆2021年工作总结
一、流通服务
全年接待读者三十万人次，外借图书十二万册。
二、活动
举办讲座四十场，展览九场。
"""
ASKED = Question(
    "q1", "zh", "青山市图书馆办了多少场讲座？", "number", (("40",),), ("qingshan.txt",), ("举办讲座四十场",)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "qingshan.txt").write_text(REPORT, encoding="utf-8")
    return tmp_path / "reports"


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    texts = {"长江是亚洲最长的河流。": "亚洲最长的河流是什么？", "BCPL是一种电脑语言。": "什么是BCPL么？"}
    paragraphs = [{"context": text, "qas": [{"question": asked}]} for text, asked in texts.items()]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}, ensure_ascii=False), encoding="utf-8")
    return path


def query(name: str, lang: str, *lines: int) -> Query:
    return Query(name, lang, "", (), Scope(), tuple(frozenset({("a.txt", line)}) for line in lines))


def hit(name: str, score: float) -> Hit:
    passage = Passage(name, ((0, 1),))
    return Hit(Chunk(name, "r", (), None, Stance.ACHIEVED, passage), score, 1, 1)


def keyword_recall(corpus: Corpus) -> float:
    _, rows = measure(corpus.queries, {"keyword": corpus.ranker("keyword")})
    return rows[0].recall[0]


def test_rows_are_means_by_language_and_over_all() -> None:
    ranked = [("a.txt", LineRange(1, 1)), ("a.txt", LineRange(2, 2))]
    _, rows = measure([query("x", "zh", 1), query("y", "en", 2)], {"fixed": lambda _: ranked})
    assert [(row.lang, row.queries, row.recall[0], row.mrr) for row in rows] == [
        ("zh", 1, 1.0, 1.0),
        ("en", 1, 0.0, 0.5),
        ("all", 2, 0.5, 0.75),
    ]


def test_a_question_with_two_snippets_counts_by_their_share() -> None:
    _, rows = measure([query("x", "zh", 1, 9)], {"fixed": lambda _: [("a.txt", LineRange(1, 1))]})
    assert rows[0].recall == (0.5,) * len(DEPTHS)


def test_tables_show_every_ranker() -> None:
    _, rows = measure([query("x", "zh", 1)], {"one": lambda _: [], "two": lambda _: []})
    assert table(rows, "title").row_count == 2
    assert markdown(rows).splitlines()[2] == "| one | zh | 1 | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 |"


def test_questions_over_reports_find_their_evidence(folder: Path) -> None:
    with of_reports([ASKED], folder, HashingEmbedder()) as corpus:
        assert [q.id for q in corpus.queries] == ["q1"]
        assert keyword_recall(corpus) == 1.0


def test_the_search_measured_gets_the_scope_the_assistant_understood(folder: Path) -> None:
    with of_reports([ASKED], folder, HashingEmbedder()) as corpus:
        assert corpus.queries[0].scope.reports == frozenset({"qingshan"})
        assert corpus.is_scoped


def test_evidence_that_stands_nowhere_is_told_and_not_counted(folder: Path) -> None:
    wrong = Question("q2", "zh", "讲座？", "number", (("1",),), ("qingshan.txt",), ("不在报告里",))
    with of_reports([ASKED, wrong], folder, HashingEmbedder()) as corpus:
        assert corpus.unjudged == ("q2",)
        assert len(corpus.queries) == 1


@pytest.mark.parametrize("written", ["questions", "reports"])
def test_traditional_characters_find_the_same_lines(folder: Path, written: str) -> None:
    with of_reports([ASKED], folder, HashingEmbedder(), traditional=written) as corpus:  # type: ignore[arg-type]
        assert ("圖書館" in corpus.queries[0].text) == (written == "questions")
        assert ("圖書館" in corpus.files[0][1]) == (written == "reports")
        assert keyword_recall(corpus) == 1.0


def test_only_plain_text_is_written_in_traditional_characters(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>青山市图书馆</p>", encoding="utf-8")
    with (
        pytest.raises(UnreadableReport, match="traditional characters"),
        of_reports([ASKED], tmp_path, HashingEmbedder(), traditional="reports"),
    ):
        pass


def test_squad_paragraphs_are_found_by_their_questions(squad: Path) -> None:
    with of_squad(squad, HashingEmbedder()) as corpus:
        assert len(corpus.pieces) == 2
        assert keyword_recall(corpus) == 1.0


def test_a_paragraph_given_twice_counts_once(tmp_path: Path) -> None:
    same = {"context": "长江很长。", "qas": [{"question": "哪条江很长？"}]}
    path = tmp_path / "twice.json"
    path.write_text(json.dumps({"data": [{"paragraphs": [same, same]}]}), encoding="utf-8")
    with of_squad(path, HashingEmbedder()) as corpus:
        assert len(corpus.files) == 1
        assert len(corpus.queries) == 2


@pytest.mark.parametrize("text", ["no json", "[]", '{"data": [{"paragraphs": [{}]}]}', '{"data": []}'])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidQuestionFile, match=r"other\.json"), of_squad(path, HashingEmbedder()):
        pass


def test_bm25_prefers_the_rarer_word_and_breaks_ties_by_place() -> None:
    ranked = BM25([["a", "b"], ["a", "c"], ["a", "b"]]).search(["a", "c"], 3)
    assert [place for place, _ in ranked] == [1, 0, 2]


def test_baseline_words_are_folded_and_without_stop_words() -> None:
    assert plain_words("The 圖書館 lends ３ books") == ["图书馆", "lend", "3", "book"]


def test_a_baseline_gives_the_lines_of_its_pieces() -> None:
    pieces = [Piece("a.txt", LineRange(3, 4), "青山"), Piece("b.txt", LineRange(1, 1), "绿水")]
    assert Baseline.over(pieces).search("绿水", 5) == [("b.txt", LineRange(1, 1))]


def test_stock_pieces_state_their_size_and_know_their_lines() -> None:
    split = stock_pieces([("a.txt", REPORT)])
    assert (split.size, len(split.pieces)) == (1024, 1)
    assert split.pieces[0].lines == LineRange(1, 5)


def test_every_report_named_gets_its_turn() -> None:
    assert in_turn(["a1", "a2", "a3", "b1"], lambda name: name[0], turns=2) == ["a1", "b1", "a2", "a3"]


def test_a_reranker_moves_what_it_prefers_and_leaves_the_rest() -> None:
    hits = [hit("a", 1.0), hit("b", 0.8), hit("c", 0.1)]
    ranked = rerank("?", hits, lambda _, texts: [float(text == "b") for text in texts], depth=2)
    assert [h.chunk.id for h in ranked] == ["b", "a", "c"]


def test_a_reranker_without_an_opinion_changes_nothing() -> None:
    hits = [hit("a", 1.0), hit("b", 0.8)]
    assert [h.chunk.id for h in rerank("?", hits, lambda _, texts: [0.5 for _ in texts])] == ["a", "b"]


def test_a_reranker_that_is_not_there_is_refused_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"pip install|hf download"):
        load_reranker(str(tmp_path / "none"))


def test_the_command_prints_json_for_a_file_of_ones_own(folder: Path, tmp_path: Path) -> None:
    asked = tmp_path / "q.jsonl"
    record = {"id": "q1", "lang": "zh", "question": ASKED.question, "type": "number", "answers": [["40"]]}
    record |= {"report": ["qingshan.txt"], "evidence": ["举办讲座四十场"]}
    asked.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    options = ["--questions", str(asked), "--reports", str(folder), "--embedding", "hashing", "--json"]
    done = CliRunner().invoke(bench, ["retrieval", *options])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)["rows"]
    assert {row["ranker"] for row in rows} >= {"keyword", "vector", "fused", "BM25, words, stock chunks"}


def test_a_question_file_without_its_reports_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(bench, ["retrieval", "--questions", str(tmp_path / "q.jsonl")])
    assert done.exit_code == 2
    assert "--reports" in done.output
