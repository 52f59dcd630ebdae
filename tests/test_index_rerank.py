"""The second look at the first hits: what it may move, and a real cross-encoder from the setting to the answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import Qa, run_qa, write_report
from tiny_models import save_cross_encoder

from documents.report import Chunk, Passage, Stance
from index.rerank import RERANK_DEPTH, load_reranker, rerank
from index.scope import Hit
from qa.assistant import Assistant


def hit(name: str, score: float) -> Hit:
    return Hit(Chunk(name, "r", ("heading",), None, Stance.ACHIEVED, Passage(name, ((0, 1),))), score, 1, 1)


def test_the_scorer_reads_headings_and_only_the_first_hits() -> None:
    read: list[str] = []

    def scorer(question: str, texts: list[str]) -> list[float]:
        read.extend(texts)
        return [0.0] * len(texts)

    hits = [hit(f"{number:02}", 1 / (number + 1)) for number in range(RERANK_DEPTH + 5)]
    assert rerank("?", hits, scorer) == hits
    assert read == [f"heading\n{number:02}" for number in range(RERANK_DEPTH)]


def test_a_single_hit_is_not_scored() -> None:
    assert rerank("?", [hit("a", 1.0)], lambda question, texts: []) == [hit("a", 1.0)]


def test_the_assistant_looks_deeper_than_it_is_asked_to_return(samples_home: Path, assistant: Assistant) -> None:
    wanted = assistant.search("到馆读者", top_k=8)[-1]
    reader = Assistant(assistant.index, reranker=lambda _, texts: [float(wanted.chunk.text in t) for t in texts])
    assert [h.chunk.id for h in reader.search("到馆读者", top_k=1)] == [wanted.chunk.id]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sentence_transformers", reason="needs the extra: pip install -e '.[transformers]'")
    return save_cross_encoder(tmp_path_factory.mktemp("models") / "tiny-cross")


def test_a_cross_encoder_gives_one_score_for_each_text(model: Path) -> None:
    scorer = load_reranker(str(model))
    together = scorer("图书馆", ["新增图书", "接待读者", "青山"])
    assert len(set(together)) == 3
    assert together == pytest.approx(
        [scorer("图书馆", [text])[0] for text in ["新增图书", "接待读者", "青山"]], abs=1e-5
    )


def test_the_setting_puts_the_cross_encoder_to_work(
    model: Path, samples_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> list[tuple[str, int]]:
        done = run_qa("--home", samples_home, "search", "到馆读者", "--top-k", 20, "--json")
        assert (done.status, done.err) == (0, "")
        return [(h["report"], h["lines"][0]) for h in done.json]

    plain = found()
    monkeypatch.setenv("QA_RERANKER", str(model))
    assert (sorted(found()), found() != plain) == (sorted(plain), True)


def test_answers_stay_right_with_a_reranker_that_knows_nothing(
    model: Path, own: Qa, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_RERANKER", str(model))
    assert own("index", write_report(folder / "a.txt")).status == 0
    assert "1234册" in own("ask", "青山市图书馆2019年新增图书多少册？").out


@pytest.mark.parametrize("name", ["./nowhere", "nobody/nothing"])
def test_a_reranker_that_is_not_there_ends_in_one_line(own: Qa, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_RERANKER", name)
    done = own("ask", "新增图书多少册？")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert name in done.err
    assert "pip install" in done.err or "hf download" in done.err
