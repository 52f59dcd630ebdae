"""The embedders: what every one promises, and what the bundled model must be able to do."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from support import Qa, write_report
from tiny_models import save_encoder

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

KEY = "sk-a-key-nobody-may-see"
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


@pytest.mark.parametrize("name", ["./nowhere", "nobody/nothing"])
def test_an_absent_transformer_is_told_with_a_command(name: str) -> None:
    with pytest.raises(ModelUnavailable, match=r"pip install|hf download"):
        SentenceTransformerEmbedder(name)


# A model of sentence-transformers


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sentence_transformers", reason="needs the extra: pip install -e '.[transformers]'")
    return save_encoder(tmp_path_factory.mktemp("models") / "tiny-bert")


def test_a_transformer_keeps_what_every_embedder_promises(encoder: Path) -> None:
    model = load_embedder(str(encoder))
    assert (model.identity.name, model.identity.dimension) == ("tiny-bert", 16)
    vectors = model.embed([*PASSAGES, " "])
    assert (vectors.shape, vectors.dtype) == ((7, 16), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1] * 6 + [0], abs=1e-5)
    assert [best(model, passage) for passage in PASSAGES] == [0, 1, 2, 3, 4, 5]
    assert model.embed([]).shape == (0, 16)


def test_a_transformer_is_known_again_and_one_trained_further_is_not(encoder: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    identity = load_embedder(str(encoder)).identity
    model = SentenceTransformer(str(encoder), local_files_only=True)
    model.save(str(tmp_path / "tiny-bert"))
    assert load_embedder(str(tmp_path / "tiny-bert")).identity == identity
    next(weights for name, weights in model.named_parameters() if "word_embeddings" in name).data[-1, -1] += 0.5
    model.save(str(tmp_path / "trained" / "tiny-bert"))
    assert load_embedder(str(tmp_path / "trained" / "tiny-bert")).identity.digest != identity.digest


def test_a_transformer_serves_a_whole_index(
    encoder: Path, own: Qa, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_EMBEDDING", str(encoder))
    indexed = own("index", write_report(folder / "a.txt"))
    assert (indexed.status, indexed.err) == (0, "")
    assert "1234册" in own("ask", "青山市图书馆2019年新增图书多少册？").out
    monkeypatch.delenv("QA_EMBEDDING")
    assert "tiny-bert (16 dimensions, " in own("ask", "新增图书多少册？").err


# An endpoint


class Endpoint(ThreadingHTTPServer):
    """An OpenAI-compatible server of this machine, with the hashing embedder behind it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.server_port}/v1"
        self.batches: list[list[str]] = []
        self.keys: set[str] = set()
        self.dimension = 8
        self.fault = ""
        self.closing = threading.Event()


class Answering(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers["Authorization"].removeprefix("Bearer ")
        self.server.keys.add(key)
        self.server.batches.append(asked["input"])
        if self.server.fault == "slow":
            self.server.closing.wait()  # let go when the test is over
        if self.path != "/v1/embeddings":
            return self.reply("no such page", 404)
        if self.server.fault in ("401", "500"):
            return self.reply({"error": {"message": f"Not with the key {key}"}}, int(self.server.fault))
        if self.server.fault == "page":
            return self.reply("<html>", 200)
        rows = HashingEmbedder(self.server.dimension).embed(asked["input"])
        data = [{"object": "embedding", "index": i, "embedding": (3 * row).tolist()} for i, row in enumerate(rows)]
        kept = data[:-1] if self.server.fault == "short" else data
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return self.reply({"object": "list", "model": asked["model"], "data": kept, "usage": usage}, 200)

    def reply(self, content: object, status: int) -> None:
        page = isinstance(content, str)
        body = (content if isinstance(content, str) else json.dumps(content)).encode()
        with suppress(OSError):  # whoever stopped waiting has gone
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if page else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_endpoint_keeps_what_every_embedder_promises(endpoint: Endpoint) -> None:
    model = load_embedder("endpoint:small", base_url=endpoint.url, api_key=KEY)
    assert (model.identity.name, model.identity.dimension) == ("small", 8)
    vectors = model.embed([*PASSAGES, " "])
    assert vectors[:6] == pytest.approx(HashingEmbedder(8).embed(PASSAGES), abs=1e-6)
    assert not vectors[6].any()
    assert endpoint.keys == {KEY}


def test_an_endpoint_is_asked_in_batches_and_never_for_nothing(endpoint: Endpoint) -> None:
    model = EndpointEmbedder("small", endpoint.url)
    texts = [f"图书 {number}" for number in range(150)]
    assert model.embed(texts) == pytest.approx(HashingEmbedder(8).embed(texts), abs=1e-6)
    assert [len(batch) for batch in endpoint.batches] == [1, 64, 64, 22]
    assert model.embed(["", " "]).shape == (2, 8)
    assert len(endpoint.batches) == 4


def test_an_endpoint_without_a_key_gets_none_of_ours(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    EndpointEmbedder("small", endpoint.url).embed(["text"])
    assert endpoint.keys == {"none"}


@pytest.mark.parametrize("fault", ["500", "401", "slow", "page", "short"])
def test_a_failing_endpoint_is_told_with_the_next_step_and_without_the_key(endpoint: Endpoint, fault: str) -> None:
    model = EndpointEmbedder("small", endpoint.url, KEY, timeout_s=0.2 if fault == "slow" else 30)
    endpoint.fault = fault
    with pytest.raises(ModelUnavailable, match=r"small at http://127.*QA_EMBEDDING_URL.*qa index --rebuild") as caught:
        model.embed(["one", "two"])
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_an_endpoint_that_changes_its_model_is_told(endpoint: Endpoint) -> None:
    model = EndpointEmbedder("small", endpoint.url)
    assert model.identity.dimension == 8
    endpoint.dimension = 16
    with pytest.raises(ModelUnavailable, match="16 dimensions, and 8 before"):
        model.embed(["text"])


def test_an_endpoint_that_is_not_there_is_told() -> None:
    with pytest.raises(ModelUnavailable, match="some-model"):
        EndpointEmbedder("some-model", "http://127.0.0.1:9/v1", timeout_s=2).embed(["text"])


@pytest.mark.parametrize("url", ["localhost:8080/v1", "http://", "http://host:port/v1", "ftp://host"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InvalidSetting, match="QA_EMBEDDING_URL"):
        load_embedder("endpoint:small", base_url=url)


def test_a_password_in_the_address_is_not_told() -> None:
    with pytest.raises(ModelUnavailable) as caught:
        EndpointEmbedder("small", f"http://me:{KEY}@127.0.0.1:9/v1").embed(["text"])
    assert KEY not in str(caught.value)


def test_an_endpoint_serves_a_whole_index(
    endpoint: Endpoint, own: Qa, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"": "endpoint:small", "_URL": endpoint.url, "_KEY": KEY}.items():
        monkeypatch.setenv(f"QA_EMBEDDING{name}", value)
    assert own("index", write_report(folder / "a.txt")).status == 0
    assert "1234册" in own("ask", "青山市图书馆2019年新增图书多少册？").out
    endpoint.fault = "500"
    refused = own("--debug", "ask", "新增图书多少册？")
    assert (refused.status, "small at http://127" in refused.err, KEY in refused.err) == (2, True, False)


# What an index remembers


def test_an_index_refuses_another_embedder_until_it_is_rebuilt(
    own: Qa, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_EMBEDDING", "hashing")
    assert own("index", write_report(folder / "a.txt")).status == 0
    monkeypatch.setenv("QA_EMBEDDING", "builtin")
    refused = own("ask", "新增图书多少册？")
    assert refused.status == 2
    for said in (HashingEmbedder().identity, load_embedder().identity, "qa index --rebuild"):
        assert str(said) in refused.err
    assert own("index", "--rebuild").status == 0
    assert "1234册" in own("ask", "新增图书多少册？").out
    assert own("search", "新增图书", "--json").json[0]["vector_rank"] is not None
    monkeypatch.setenv("QA_EMBEDDING", "hashing")
    assert own("ask", "新增图书多少册？").status == 2
