"""The embedders: what every one promises, and what the bundled model must be able to do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from documents.errors import InvalidSetting, ModelUnavailable
from index.embedding import (
    BUILTIN_FOLDER,
    Embedder,
    EndpointEmbedder,
    HashingEmbedder,
    SentenceTransformerEmbedder,
    StaticEmbedder,
    load_embedder,
    stemmed,
)

PASSAGES = (
    "全年共办理读者证九千多张，其中网上办证占三成。",
    "流动图书车走进社区与学校，出车四百余次。",
    "六月，书法作品展在二楼展厅开幕。",
    "组织志愿者整理书架、引导读者，服务时长八百小时。",
    "馆内安装自助借还机，电子阅览室更换电脑。",
    "许昌的读者向山区小学捐赠儿童读物。",
)


@pytest.fixture(scope="module")
def builtin() -> StaticEmbedder:
    return StaticEmbedder()


@pytest.fixture(params=["builtin", "hashing"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return load_embedder(request.param)


def best(embedder: Embedder, question: str) -> int:
    scores = embedder.embed(PASSAGES) @ embedder.embed([question])[0]
    return int(scores.argmax())


def test_rows_have_length_one_and_empty_texts_are_zero(embedder: Embedder) -> None:
    vectors = embedder.embed(["图书馆 library", "", "。！ "])
    assert vectors.shape == (3, embedder.identity.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 0], abs=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.identity.dimension)


def test_a_text_has_the_same_vector_alone_and_in_company(embedder: Embedder) -> None:
    together = embedder.embed(list(PASSAGES))
    alone = np.concatenate([embedder.embed([text]) for text in PASSAGES])
    assert together == pytest.approx(alone, abs=1e-6)


def test_script_width_and_case_make_no_difference(embedder: Embedder) -> None:
    vectors = embedder.embed(["圖書館 LIBRARY ＡＢＣ", "图书馆 library abc"])
    assert vectors[0] == pytest.approx(vectors[1], abs=1e-6)


def test_hashing_is_the_same_in_every_process() -> None:
    code = "from index.embedding import HashingEmbedder as H; print(H(8).embed(['图书馆 visits'])[0].tolist())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(other) == pytest.approx(HashingEmbedder(8).embed(["图书馆 visits"])[0].tolist())


def test_hashing_prefers_shared_words() -> None:
    assert best(HashingEmbedder(), "书法作品展什么时候开幕") == 2


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("办证多少张？", 0),
        ("library card applications online", 0),
        ("bookmobile trips to schools and communities", 1),
        ("When did the calligraphy exhibition open?", 2),
        ("How many hours did the volunteers serve?", 3),
        ("self-service lending machines and computers", 4),
        ("books donated in Xuchang", 5),
    ],
)
def test_the_builtin_model_finds_chinese_passages_in_both_languages(
    builtin: StaticEmbedder, question: str, passage: int
) -> None:
    assert best(builtin, question) == passage


def test_word_forms_of_english_share_a_vector(builtin: StaticEmbedder) -> None:
    vectors = builtin.embed(["volunteers visited", "the volunteer visits"])
    assert vectors[0] == pytest.approx(vectors[1], abs=1e-6)


def test_stems_leave_chinese_and_figures_alone() -> None:
    assert stemmed("how many visits, 到馆 1,234 人次").split() == ["visit,", "到馆", "1,234", "人次"]


def test_the_bundled_model_stays_small_and_states_its_licence() -> None:
    assert sum(f.stat().st_size for f in BUILTIN_FOLDER.iterdir()) <= 12_000_000
    assert "CC BY-SA 4.0" in (BUILTIN_FOLDER / "NOTICE").read_text("utf-8")


def test_identities_tell_models_apart() -> None:
    assert HashingEmbedder(256).identity == HashingEmbedder(256).identity
    identities = {HashingEmbedder(256).identity, HashingEmbedder(128).identity, StaticEmbedder().identity}
    assert len({i.digest for i in identities}) == 3


def test_a_folder_with_the_builtin_files_loads_as_the_builtin_model(tmp_path: Path) -> None:
    for file in BUILTIN_FOLDER.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert load_embedder(str(tmp_path)).identity.digest == load_embedder().identity.digest


def test_a_damaged_model_is_named_with_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not a tensor")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match=r"No usable embedding model at .*Reinstall"):
        StaticEmbedder(tmp_path)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"model\.safetensors"):
        StaticEmbedder(tmp_path)


@pytest.mark.parametrize("setting", ["", "endpoint", "endpoint:", "endpoint:some-model"])
def test_incomplete_settings_are_refused(setting: str) -> None:
    with pytest.raises(InvalidSetting, match="embedding"):
        load_embedder(setting)


def test_an_absent_transformer_is_told_with_a_command(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"pip install|hf download"):
        SentenceTransformerEmbedder(str(tmp_path / "nowhere"))


def test_an_endpoint_that_does_not_answer_is_told() -> None:
    with pytest.raises(ModelUnavailable, match="some-model"):
        EndpointEmbedder("some-model", "http://127.0.0.1:9/v1", timeout_s=2).embed(["text"])
