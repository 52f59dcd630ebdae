"""A configured language model: messages in, a stream of text out, within one deadline, with what it used.

The call runs in a thread of its own and hands its pieces over through a queue: whatever hangs (a name that is not
resolved, a handshake, a header that drips), the question goes on when the time is up. Everything that can go wrong
there becomes one error, `ModelUnavailable`, which never holds the key nor, where the key was refused, what the server
said about it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from documents.chunking import count_tokens
from documents.errors import ModelUnavailable
from qa.llm.clients import OPTIONAL, chat_model, http_client
from qa.llm.endpoint import Endpoint, Price, endpoint_of, price_of
from qa.llm.faults import chain, next_step, refused, timed_out, told
from qa.llm.transport import Deadline, NoStream, UnexpectedContent

if TYPE_CHECKING:
    from qa.settings import Settings

MOST_CHARACTERS = 24_000  # of an answer; what is longer is no answer to a question about reports
_PER_MESSAGE = 4  # tokens a message costs beside its text
_THINKS = "<think>"
_THOUGHT = re.compile(r"\s*<think>.*?</think>\s*", re.DOTALL)
_PROBE_S = 5.0
_READING = 1 / 3


@dataclass(frozen=True, slots=True)
class Message:
    """``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counts them, else as tiktoken does; ``cost`` where prices are configured."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None


class LanguageModel:
    """A model that can be asked. Safe to share between threads: each call has clients of its own."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        timeout_s: float = 60,
        context: int = 8192,
        retries: int = 2,
        price: Price | None = None,
    ):
        self.endpoint = endpoint
        self.timeout_s = timeout_s
        self.context = context
        self.retries = retries
        self.price = price
        self._without: frozenset[str] = frozenset()  # learnt: what this server refuses
        self._streams = True

    @property
    def name(self) -> str:
        return self.endpoint.name

    def stream(self, messages: Sequence[Message], deadline: Deadline | None = None) -> Reply:
        """The answer as it comes; `Reply.usage` holds what it took. Iterating raises ``ModelUnavailable``."""
        return Reply(self, messages, deadline or Deadline(self.timeout_s))

    def brief(self) -> Deadline:
        """The time for a call that only reads the question: a part of that for an answer."""
        return Deadline(self.timeout_s * _READING)

    def probe(self) -> str:
        """What the server says of itself, for `qa doctor`. Raises ``ModelUnavailable``."""
        import httpx

        path = "/api/tags" if self.endpoint.protocol == "ollama" else "/models"
        headers = {"authorization": f"Bearer {self.endpoint.key}"} if self.endpoint.key else {}
        try:
            with http_client(self.endpoint, Deadline(_PROBE_S), 0) as client:
                response = client.get(self.endpoint.url + path, headers=headers)
                known = _listed(response) if response.is_success else None
        except (httpx.HTTPError, UnexpectedContent, OSError) as error:
            raise self.failed(error) from None
        if response.status_code in (401, 403):
            raise self._unavailable(f"HTTP {response.status_code}", response.status_code)
        if known is not None and self.endpoint.model not in known and self.endpoint.protocol == "ollama":
            raise self._unavailable("the server has no model of that name", 404)
        return f"{self.name} at {self.endpoint.url}: reachable"

    def pieces(self, messages: Sequence[Message], deadline: Deadline, usage: dict[str, int]) -> Iterator[str]:
        """The text as it arrives. A server that does not stream, or refuses an option, is asked once more without."""
        for _ in range(len(OPTIONAL) + 2):
            try:
                yield from self._attempt(messages, deadline, usage)
                return
            except Exception as error:
                declined = refused(error) - self._without
                unstreamed = self._streams and any(isinstance(e, NoStream) for e in chain(error))
                if not (declined or unstreamed):
                    raise
                self._without |= declined
                self._streams = self._streams and not unstreamed

    def _attempt(self, messages: Sequence[Message], deadline: Deadline, usage: dict[str, int]) -> Iterator[str]:
        from llama_index.core.base.llms.types import ChatMessage

        model, http = chat_model(
            self.endpoint, deadline, retries=self.retries, context=self.context, without=self._without
        )
        given = [ChatMessage(role=message.role, content=message.text) for message in messages]
        with http:
            if not self._streams:
                answer = model.chat(given)
                usage.update(_counts(answer.raw))
                yield answer.message.content or ""
                return
            finished = False
            for part in model.stream_chat(given):
                usage.update(_counts(part.raw))
                finished = finished or _finishes(part.raw)
                yield part.delta or ""
            if not (finished or http.ended):
                raise UnexpectedContent("it broke off in the middle of an answer")

    def used(self, messages: Sequence[Message], said: str, usage: Mapping[str, int]) -> Usage:
        prompt = usage.get("prompt") or sum(count_tokens(m.text) + _PER_MESSAGE for m in messages)
        completion = usage.get("completion") or count_tokens(said)
        return Usage(prompt, completion, self.price.of(prompt, completion) if self.price else None)

    def failed(self, error: BaseException) -> ModelUnavailable:
        """Whatever came of a call, as the one error the project has for it."""
        status = getattr(error, "status_code", None)
        reason = told(error, self.endpoint.key)
        return self._unavailable(reason, status if isinstance(status, int) and status > 0 else error)

    def _unavailable(self, reason: str, cause: object) -> ModelUnavailable:
        endpoint = self.endpoint
        reason = " ".join(reason.split())[:200].rstrip(".")
        return ModelUnavailable(
            f"The language model {self.name} at {endpoint.url} gave no answer: {reason}. {next_step(cause, endpoint)}"
        )


class Reply(Iterator[str]):
    """An answer under way. Iterate over it; when it is exhausted or closed, ``usage`` is known."""

    def __init__(self, model: LanguageModel, messages: Sequence[Message], deadline: Deadline):
        self._model = model
        self._messages = messages
        self._deadline = deadline
        self._queue: SimpleQueue[str | BaseException | None] = SimpleQueue()
        self._counted: dict[str, int] = {}
        self._said: list[str] = []
        threading.Thread(target=self._fetch, daemon=True, name="language model").start()

    @property
    def usage(self) -> Usage:
        return self._model.used(self._messages, "".join(self._said), self._counted)

    def close(self) -> None:
        """No more is wanted: the connection ends with the next piece."""
        self._deadline.stop()

    def __next__(self) -> str:
        item = self._taken()
        if item is None:
            raise StopIteration
        if isinstance(item, BaseException):
            late = not self._deadline.left or timed_out(item)
            self.close()
            raise self._model.failed(self._late() if late else item) from None
        self._said.append(item)
        return item

    def _taken(self) -> str | BaseException | None:
        try:
            left = self._deadline.left
            return self._queue.get(timeout=left) if left else self._late()
        except Empty:
            return self._late()

    def _late(self) -> TimeoutError:
        return TimeoutError(f"nothing whole came within {self._deadline.seconds:g} s")

    def _fetch(self) -> None:
        """In the other thread: pieces, then None, or the error that ended them."""
        total = 0
        try:
            for piece in _thoughtless(self._model.pieces(self._messages, self._deadline, self._counted)):
                total += len(piece)
                if total > MOST_CHARACTERS:
                    raise UnexpectedContent(f"it went on for more than {MOST_CHARACTERS} characters")
                self._queue.put(piece)
            if not total:
                raise UnexpectedContent("it sent no text")
            self._queue.put(None)
        except Exception as error:  # noqa: BLE001  a server's nonsense ends in any error of the clients; it is handed over
            self._queue.put(error)


def load_model(settings: Settings) -> LanguageModel:
    """The language model that the settings name. Raises ``InvalidSetting``."""
    return LanguageModel(
        endpoint_of(settings),
        timeout_s=settings.llm_timeout,
        context=settings.llm_context,
        retries=settings.llm_retries,
        price=price_of(settings.llm_price),
    )


def _thoughtless(pieces: Iterator[str]) -> Iterator[str]:
    """The text without the thinking that some servers leave in front of it."""
    held, open_ = "", True
    for piece in pieces:
        if not open_:
            yield piece
            continue
        held += piece
        bare = held.lstrip()
        if len(bare) < len(_THINKS) and _THINKS.startswith(bare):
            continue
        if not bare.startswith(_THINKS) or _THOUGHT.match(held):
            open_ = False
            yield _THOUGHT.sub("", held, count=1) if bare.startswith(_THINKS) else held
    if open_ and not held.lstrip().startswith(_THINKS):
        yield held


def _counts(raw: Any) -> dict[str, int]:
    """Tokens a chunk reports, by either protocol's names."""
    usage = raw if isinstance(raw, dict) else getattr(raw, "usage", None)
    names = {"prompt": ("prompt_tokens", "prompt_eval_count"), "completion": ("completion_tokens", "eval_count")}
    found = {name: value for name, keys in names.items() for key in keys if isinstance(value := _read(usage, key), int)}
    return {name: value for name, value in found.items() if value > 0}


def _read(usage: Any, key: str) -> Any:
    return usage.get(key) if isinstance(usage, dict) else getattr(usage, key, None)


def _finishes(raw: Any) -> bool:
    if isinstance(raw, dict):
        return bool(raw.get("done"))
    return any(getattr(choice, "finish_reason", None) for choice in getattr(raw, "choices", None) or ())


def _listed(response: Any) -> set[str] | None:
    """The models a server lists, or None where that cannot be read."""
    try:
        body = response.json()
        rows = body.get("models") or body.get("data") or []
        names = {str(row.get("name") or row.get("id")) for row in rows}
    except (ValueError, AttributeError, TypeError):
        return None
    return names | {name.removesuffix(":latest") for name in names}
