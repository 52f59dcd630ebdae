"""A language model for tests: a real HTTP server on this machine that speaks OpenAI's and Ollama's protocols.

What it says is scripted by a function from the messages it gets to a text, or to a `Fault`. Whatever a client does
(streaming or not, retries, headers) is what it does with any server; nothing is patched.

    with ScriptedModel(lambda messages: "42册\\n共42册。[1]") as server:
        model = LanguageModel(Endpoint("m", "openai", "m", server.url))
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Messages = Sequence[Mapping[str, str]]
_PIECE = 7  # characters


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong. ``kind``:

    ``hang`` (accepts and says nothing), ``drop`` (half of ``text``, then the connection is gone), ``stop`` (half of
    ``text``, then a clean end without the protocol's own), ``malformed`` (half of ``text``, then a chunk that is no
    JSON), ``shapeless`` (JSON of another shape), ``empty`` (chunks without text), ``endless`` (``text`` again and
    again), ``drip`` (the same, slowly), ``page`` (HTML with status 200), ``status`` (with ``headers`` and ``body``).
    """

    kind: str
    text: str = ""
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


Script = Callable[[Messages], "str | Fault"]


@dataclass(frozen=True, slots=True)
class Request:
    """A chat request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def messages(self) -> Messages:
        found: Messages = self.body["messages"]
        return found

    @property
    def streams(self) -> bool:
        return bool(self.body.get("stream", self.path == "/api/chat"))  # Ollama streams unless told not to


class ScriptedModel:
    """The server; a context manager. ``streams=False`` answers a request for a stream with one whole object."""

    def __init__(self, script: Script, *, streams: bool = True, usage: tuple[int, int] | None = (11, 7)):
        self.script = script
        self.streams = streams
        self.usage = usage
        self.requests: list[Request] = []
        self.over = threading.Event()
        server = self

        class Handler(_Handler):
            scripted = server

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def root(self) -> str:
        """The address as Ollama's clients want it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """The address as OpenAI's clients want it."""
        return f"{self.root}/v1"

    def __enter__(self) -> ScriptedModel:
        self._thread.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in mid-answer is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    scripted: ScriptedModel
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""

    def do_GET(self) -> None:
        listed = {"models": [{"name": "m:latest"}], "data": [{"id": "m"}]}
        self._whole(200, "application/json", json.dumps(listed))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        request = Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        self.scripted.requests.append(request)
        protocol = _Ollama(self.scripted.usage) if self.path == "/api/chat" else _OpenAI(self.scripted.usage)
        said = self.scripted.script(request.messages)
        if isinstance(said, Fault):
            self._fail(said, protocol, streams=request.streams)
        elif request.streams and self.scripted.streams:
            self._stream(protocol, [*map(protocol.piece, _pieces(said)), *protocol.end()])
        else:
            self._whole(200, "application/json", protocol.whole(said))

    def _fail(self, fault: Fault, protocol: _OpenAI | _Ollama, *, streams: bool) -> None:
        half = [protocol.piece(p) for p in _pieces(fault.text[: len(fault.text) // 2])]
        match fault.kind:
            case "hang":
                self.scripted.over.wait(30)
            case "drop":
                self._stream(protocol, half, close=False)
            case "stop":
                self._stream(protocol, half)
            case "malformed":
                self._stream(protocol, [*half, protocol.raw('{"choices": [{"delta": '), *protocol.end()])
            case "shapeless":
                self._stream(protocol, [*half, protocol.raw('{"choices": "none", "message": 3}'), *protocol.end()])
            case "empty":
                self._stream(protocol, [protocol.piece(""), protocol.raw(protocol.nothing), *protocol.end()])
            case "endless" | "drip":
                self._stream(protocol, self._on_and_on(fault, protocol))
            case "page":
                self._whole(200, "text/html", "<html><body>Please log in</body></html>")
            case _:
                self._whole(fault.status, "application/json", fault.body, fault.headers)

    def _on_and_on(self, fault: Fault, protocol: _OpenAI | _Ollama) -> Iterator[bytes]:
        while not self.scripted.over.is_set():
            for piece in _pieces(fault.text):
                if fault.kind == "drip":
                    self.scripted.over.wait(0.1)
                yield protocol.piece(piece)

    def _whole(self, status: int, kind: str, text: str, headers: Mapping[str, str] | None = None) -> None:
        data = text.encode()
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, protocol: _OpenAI | _Ollama, chunks: Any, *, close: bool = True) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("content-type", protocol.stream_type)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            self.wfile.flush()
        if close:
            self.wfile.write(b"0\r\n\r\n")


def _pieces(text: str) -> list[str]:
    return [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]


@dataclass(frozen=True, slots=True)
class _OpenAI:
    usage: tuple[int, int] | None
    stream_type = "text/event-stream"
    nothing = '{"id": "1", "object": "chat.completion.chunk", "choices": []}'

    def raw(self, text: str) -> bytes:
        return f"data: {text}\n\n".encode()

    def piece(self, text: str, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}
        return self.raw(json.dumps({"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": [choice]}))

    def end(self) -> Iterator[bytes]:
        yield self.piece("", "stop")
        if self.usage:
            yield self.raw(json.dumps({"id": "1", "object": "chat.completion.chunk", "choices": [], **self._usage()}))
        yield self.raw("[DONE]")

    def whole(self, text: str) -> str:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return json.dumps({"id": "1", "object": "chat.completion", "model": "m", "choices": [choice], **self._usage()})

    def _usage(self) -> dict[str, Any]:
        if self.usage is None:
            return {}
        prompt, completion = self.usage
        return {"usage": {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": sum(self.usage)}}


@dataclass(frozen=True, slots=True)
class _Ollama:
    usage: tuple[int, int] | None
    stream_type = "application/x-ndjson"
    nothing = '{"model": "m", "message": {"role": "assistant", "content": ""}, "done": false}'

    def raw(self, text: str) -> bytes:
        return f"{text}\n".encode()

    def piece(self, text: str) -> bytes:
        return self.raw(json.dumps(self._object(text, done=False)))

    def end(self) -> Iterator[bytes]:
        yield self.raw(self.whole(""))

    def whole(self, text: str) -> str:
        counts = dict(zip(("prompt_eval_count", "eval_count"), self.usage, strict=True)) if self.usage else {}
        return json.dumps({**self._object(text, done=True), "done_reason": "stop", **counts})

    @staticmethod
    def _object(text: str, *, done: bool) -> dict[str, Any]:
        return {"model": "m", "message": {"role": "assistant", "content": text}, "done": done}
