"""What a configured model may do to us: every fault becomes one error in time, and the next call works."""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable, Iterator

import pytest
from scripted_model import Fault, Messages, ScriptedModel

from documents.errors import InvalidSetting, ModelUnavailable
from qa.llm.endpoint import Endpoint, endpoint_of, price_of
from qa.llm.model import LanguageModel, Message, load_model
from qa.llm.transport import Deadline
from qa.settings import Settings, load_settings

SAID = "42册\n全年新增图书42册。[1]"
ASKED = [Message("system", "Answer."), Message("user", "新增图书多少册？")]
KEY = "sk-0123456789-never-shown"
PROTOCOLS = pytest.mark.parametrize("protocol", ["openai", "ollama"])


def model_at(
    server: ScriptedModel, protocol: str = "openai", *, timeout_s: float = 20, retries: int = 0
) -> LanguageModel:
    url = server.url if protocol == "openai" else server.root
    return LanguageModel(Endpoint("m", protocol, "m", url, KEY), timeout_s=timeout_s, retries=retries)


def in_turn(*said: str | Fault) -> Callable[[Messages], str | Fault]:
    """One after another; the last for ever."""
    left: Iterator[str | Fault] = iter(said)
    return lambda _: next(left, said[-1])


@PROTOCOLS
@pytest.mark.parametrize("streams", [True, False])
def test_a_text_comes_in_pieces_with_the_server_s_count_of_tokens(protocol: str, streams: bool) -> None:
    with ScriptedModel(lambda _: SAID, streams=streams, usage=(11, 7)) as server:
        reply = model_at(server, protocol).stream(ASKED)
        assert "".join(reply) == SAID
        assert (reply.usage.prompt_tokens, reply.usage.completion_tokens, reply.usage.cost) == (11, 7, None)
        assert [m["role"] for m in server.requests[-1].messages] == ["system", "user"]


@PROTOCOLS
def test_tokens_are_counted_here_where_the_server_does_not_say(protocol: str) -> None:
    with ScriptedModel(lambda _: SAID, usage=None) as server:
        model = model_at(server, protocol)
        model.price = price_of("1/2")
        reply = model.stream(ASKED)
        assert "".join(reply) == SAID
        used = reply.usage
        assert used.prompt_tokens > 8
        assert used.completion_tokens > 8
        assert used.cost == pytest.approx((used.prompt_tokens + 2 * used.completion_tokens) / 10**6)


@PROTOCOLS
def test_thinking_in_front_of_an_answer_is_left_out(protocol: str) -> None:
    with ScriptedModel(lambda _: f"<think>\n42? 43?\n</think>\n\n{SAID}") as server:
        assert "".join(model_at(server, protocol).stream(ASKED)) == SAID


@PROTOCOLS
@pytest.mark.parametrize(
    "fault",
    [
        Fault("drop", SAID),
        Fault("stop", SAID),
        Fault("malformed", SAID),
        Fault("shapeless", SAID),
        Fault("empty"),
        Fault("endless", SAID),
        Fault("page"),
        Fault("status", status=500),
        Fault("status", status=301, headers={"location": "http://127.0.0.1:9/elsewhere"}),
        Fault("status", status=404, body='{"error": {"message": "no such model"}}'),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
def test_every_fault_is_one_error_with_its_next_step_and_the_next_call_works(protocol: str, fault: Fault) -> None:
    with ScriptedModel(in_turn(fault, SAID)) as server:
        model = model_at(server, protocol)
        with pytest.raises(ModelUnavailable, match=rf"model m at {server.root}.*\. \w"):
            list(model.stream(ASKED))
        assert "".join(model.stream(ASKED)) == SAID


@PROTOCOLS
@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_what_does_not_end_ends_at_the_deadline(protocol: str, kind: str) -> None:
    with ScriptedModel(in_turn(Fault(kind, SAID), SAID)) as server:
        model = model_at(server, protocol)
        with pytest.raises(ModelUnavailable, match=r"within 0\.4 s.*QA_LLM_TIMEOUT"):
            list(model.stream(ASKED, Deadline(0.4)))
        assert "".join(model.stream(ASKED)) == SAID


@PROTOCOLS
@pytest.mark.parametrize("wait", [{}, {"retry-after": "0"}, {"retry-after": "soon"}])
def test_a_busy_server_is_asked_again(protocol: str, wait: dict[str, str]) -> None:
    with ScriptedModel(in_turn(Fault("status", status=429, headers=wait), SAID)) as server:
        assert "".join(model_at(server, protocol, retries=1).stream(ASKED)) == SAID
        assert len(server.requests) == 2


def test_a_wait_that_goes_beyond_the_deadline_is_not_begun() -> None:
    busy = Fault("status", status=429, headers={"retry-after": "3600"})
    with ScriptedModel(lambda _: busy) as server, pytest.raises(ModelUnavailable, match="HTTP 429"):
        list(model_at(server, retries=5).stream(ASKED))
    assert len(server.requests) == 1


def test_a_refused_connection_says_what_to_look_at() -> None:
    with ScriptedModel(lambda _: SAID) as server:
        pass
    with pytest.raises(ModelUnavailable, match="Check that the server runs"):
        list(model_at(server).stream(ASKED))
    with pytest.raises(ModelUnavailable, match="Check that the server runs"):
        model_at(server).probe()


def test_an_option_that_a_server_refuses_is_left_out_from_then_on() -> None:
    refusal = Fault("status", status=400, body='{"error": {"message": "Unknown parameter: stream_options"}}')
    with ScriptedModel(in_turn(refusal, SAID)) as server:
        model = model_at(server)
        assert "".join(model.stream(ASKED)) == "".join(model.stream(ASKED)) == SAID
        assert ["stream_options" in request.body for request in server.requests] == [True, False, False]


@PROTOCOLS
@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_a_key_that_the_server_repeats_is_in_no_message_and_no_traceback(protocol: str, status: int) -> None:
    body = f'{{"error": {{"message": "Incorrect API key provided: {KEY}"}}}}'
    with ScriptedModel(lambda _: Fault("status", status=status, body=body)) as server:
        with pytest.raises(ModelUnavailable) as caught:
            list(model_at(server, protocol).stream(ASKED))
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    shown = io.StringIO()
    traceback.print_exception(caught.value, file=shown)
    assert KEY[:8] not in shown.getvalue() + repr(model_at(server, protocol).endpoint)


def test_no_key_of_another_service_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-openai-only")
    monkeypatch.setenv("OLLAMA_API_KEY", "for-ollama-only")
    with ScriptedModel(lambda _: SAID) as server:
        for protocol, url in (("openai", server.url), ("ollama", server.root)):
            list(LanguageModel(Endpoint("m", protocol, "m", url)).stream(ASKED))
    assert [r.headers.get("authorization") for r in server.requests] == ["Bearer none", None]


@PROTOCOLS
def test_the_probe_tells_that_a_server_is_there(protocol: str) -> None:
    with ScriptedModel(lambda _: SAID) as server:
        assert model_at(server, protocol).probe().endswith("reachable")


@pytest.mark.parametrize(
    ("environ", "protocol", "model", "url"),
    [
        ({"QA_LLM": "ollama/qwen3:8b"}, "ollama", "qwen3:8b", "http://127.0.0.1:11434"),
        ({"QA_LLM": "ollama/m", "QA_LLM_URL": "http://box:11434/"}, "ollama", "m", "http://box:11434"),
        ({"QA_LLM": "openai/gpt-4o-mini"}, "openai", "gpt-4o-mini", "https://api.openai.com/v1"),
        ({"QA_LLM": "Qwen/Qwen3-8B", "QA_LLM_URL": "http://gpu:8000/v1"}, "openai", "Qwen/Qwen3-8B", "http://gpu:8000/v1"),
    ],
)  # fmt: skip
def test_a_setting_names_protocol_model_and_address(
    environ: dict[str, str], protocol: str, model: str, url: str
) -> None:
    endpoint = endpoint_of(_settings(environ))
    assert (endpoint.protocol, endpoint.model, endpoint.url) == (protocol, model, url)


@pytest.mark.parametrize(
    "environ",
    [
        {"QA_LLM": "qwen3"},
        {"QA_LLM": "ollama/"},
        {"QA_LLM": "m", "QA_LLM_URL": "gpu:8000"},
        {"QA_LLM": "m", "QA_LLM_URL": "https://user:sk-secret@gpu/v1"},
        {"QA_LLM": "ollama/m", "QA_LLM_PRICE": "cheap"},
        {"QA_LLM": "openai/m", "QA_LLM_KEY": "sk-secret…"},
        {"QA_LLM": "ollama/m", "QA_LLM_TIMEOUT": "0"},
        {"QA_LLM": "ollama/m", "QA_LLM_CONTEXT": "100"},
        {"QA_LLM": "ollama/m", "QA_LLM_RETRIES": "some"},
    ],
)
def test_a_setting_that_cannot_be_used_is_told_without_a_password(environ: dict[str, str]) -> None:
    with pytest.raises(InvalidSetting) as caught:
        load_model(_settings(environ))
    assert "sk-secret" not in str(caught.value)


def test_openai_s_own_variable_holds_the_key_for_openai_alone() -> None:
    environ = {"OPENAI_API_KEY": KEY, "QA_LLM": "openai/gpt-4o-mini"}
    assert endpoint_of(_settings(environ)).key == KEY
    assert endpoint_of(_settings(environ | {"QA_LLM_URL": "https://gateway/v1"})).key != KEY
    assert KEY not in repr(_settings(environ))


def test_a_key_may_stand_in_the_platform_s_keyring() -> None:
    keyring = pytest.importorskip("keyring")

    class Held(keyring.backend.KeyringBackend):  # type: ignore[misc, name-defined]
        def get_password(self, service: str, username: str) -> str | None:
            return KEY if (service, username) == ("report-qa", "gateway:8443") else None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

    before = keyring.get_keyring()
    keyring.set_keyring(Held())
    try:
        assert endpoint_of(_settings({"QA_LLM": "m", "QA_LLM_URL": "https://gateway:8443/v1"})).key == KEY
        assert endpoint_of(_settings({"QA_LLM": "m", "QA_LLM_URL": "https://elsewhere/v1"})).key is None
    finally:
        keyring.set_keyring(before)


def _settings(environ: dict[str, str]) -> Settings:
    from support import ROOT

    return load_settings(ROOT / "no-home-but-the-tests-own", environ)
