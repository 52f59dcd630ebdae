"""llama-index's two clients, each over our own HTTP client: the only room that imports them.

Importing them takes a second and a half, so it happens when a model is first called.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from qa.llm.endpoint import Endpoint
from qa.llm.transport import Deadline, PatientClient

# What a server may refuse although it is of no importance; left out when its message names it.
OPTIONAL = ("stream_options", "temperature")
_STREAM_TYPES = {"openai": "text/event-stream", "ollama": "application/x-ndjson"}


def http_client(endpoint: Endpoint, deadline: Deadline, retries: int, **options: Any) -> PatientClient:
    """A client for one call. It heeds the proxy and CA variables that httpx knows, but for a server of this machine."""
    stream_type = _STREAM_TYPES[endpoint.protocol]
    return PatientClient(deadline, retries=retries, stream_type=stream_type, trust_env=not endpoint.is_local, **options)


def chat_model(
    endpoint: Endpoint, deadline: Deadline, *, retries: int, context: int, without: Collection[str] = ()
) -> tuple[Any, PatientClient]:
    """llama-index's model for an endpoint, for one call, and the HTTP client under it."""
    build = _ollama if endpoint.protocol == "ollama" else _openai
    return build(endpoint, deadline, retries, context, without)


def _openai(
    endpoint: Endpoint, deadline: Deadline, retries: int, context: int, without: Collection[str]
) -> tuple[Any, PatientClient]:
    http = http_client(endpoint, deadline, retries)
    asked: Mapping[str, Any] = {} if "stream_options" in without else {"stream_options": {"include_usage": True}}
    model = _any_openai()(
        model=endpoint.model,
        api_base=endpoint.url,
        # An empty key would make the client look for OpenAI's own in the environment, and send it elsewhere.
        api_key=endpoint.key or "none",
        temperature=1.0 if "temperature" in without else 0.0,
        timeout=deadline.left,
        max_retries=0,
        http_client=http,
        additional_kwargs=dict(asked),
    )
    model.window = context
    return model, http


@cache
def _any_openai() -> Any:
    """llama-index's OpenAI for a model of any name: the original looks the name up in OpenAI's own list."""
    from llama_index.core.base.llms.types import LLMMetadata
    from llama_index.llms.openai import OpenAI

    class AnyOpenAI(OpenAI):  # type: ignore[misc, unused-ignore]
        window: int = 0

        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(context_window=self.window, is_chat_model=True, model_name=self.model)

        @property
        def _tokenizer(self) -> None:
            return None

    return AnyOpenAI


def _ollama(
    endpoint: Endpoint, deadline: Deadline, retries: int, context: int, without: Collection[str]
) -> tuple[Any, PatientClient]:
    from llama_index.llms.ollama import Ollama
    from ollama import Client

    made: list[PatientClient] = []

    def client(*, headers: dict[str, str], timeout: Any, **options: Any) -> PatientClient:
        own = {name: value for name, value in headers.items() if name != "authorization"}  # OLLAMA_API_KEY is not ours
        if endpoint.key:
            own["authorization"] = f"Bearer {endpoint.key}"
        made.append(http_client(endpoint, deadline, retries, headers=own, **options))
        return made[0]

    class PatientOllama(Client):
        def __init__(self) -> None:
            super(Client, self).__init__(client, endpoint.url)

    ollama = PatientOllama()
    temperature = None if "temperature" in without else 0.0
    model = Ollama(
        model=endpoint.model, base_url=endpoint.url, client=ollama, temperature=temperature, context_window=context
    )
    return model, made[0]
