"""The way to the server, and the one clock over it: connecting, waiting, trying again and reading end at a deadline.

llama-index's clients each have timeouts and retries of their own, which add up; here they are switched off, and an
`httpx.Client` of ours, which both accept, does it once for both protocols. Redirects are not followed: the lines of a
report go to the address that was configured and to no other.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

_AGAIN = frozenset({429, 500, 502, 503, 504})
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 8.0
_MOST_BYTES = 32 * 2**20
_STREAM_END = b"[DONE]"


class UnexpectedContent(Exception):
    """The server sent something that is no answer of the protocol: a page, a redirect, too much."""


class NoStream(UnexpectedContent):
    """Asked for a stream, the server sent one whole object."""


class Deadline:
    """A point in time, which can also be brought forward by stopping."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self._at = time.monotonic() + seconds
        self._stopped = threading.Event()

    @property
    def left(self) -> float:
        """Seconds; 0 when it is over."""
        return 0.0 if self._stopped.is_set() else max(0.0, self._at - time.monotonic())

    def stop(self) -> None:
        self._stopped.set()

    def wait(self, seconds: float) -> None:
        """Sleep, not beyond the deadline, and no longer than until somebody stops."""
        self._stopped.wait(min(seconds, self.left))


class PatientClient(httpx.Client):
    """An HTTP client for one call: every step of it ends at the deadline, passing trouble is met with another try."""

    def __init__(self, deadline: Deadline, *, retries: int, stream_type: str, **options: Any):
        super().__init__(**{**options, "follow_redirects": False})
        self._deadline = deadline
        self._retries = retries
        self._stream_type = stream_type
        self.ended = False  # the stream's own end mark was seen
        self._tail = b""

    def send(self, request: httpx.Request, *, stream: bool = False, **_: Any) -> httpx.Response:
        request.headers["accept-encoding"] = "identity"  # what is counted is what was sent
        response = self._tried(request)
        response.stream = _Bounded(response.stream, self)
        try:
            self._look_at(request, response)
            if not stream:
                response.read()
        except BaseException:
            response.close()
            raise
        return response

    def _tried(self, request: httpx.Request) -> httpx.Response:
        for attempt in range(self._retries + 1):
            backoff = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2**attempt) * (0.75 + random.random() / 2)
            last = attempt == self._retries
            try:
                response = self._once(request)
            except httpx.TimeoutException:
                raise
            except httpx.TransportError:
                if last or backoff >= self._deadline.left:
                    raise
                self._deadline.wait(backoff)
                continue
            wait = _asked_wait(response.headers.get("retry-after", ""), backoff)
            if last or response.status_code not in _AGAIN or wait >= self._deadline.left:
                return response
            response.close()
            self._deadline.wait(wait)
        raise httpx.ReadTimeout("no attempt was left", request=request)

    def _once(self, request: httpx.Request) -> httpx.Response:
        left = self._deadline.left
        if not left:
            raise httpx.ReadTimeout("the time is up", request=request)
        request.extensions = {**request.extensions, "timeout": httpx.Timeout(left).as_dict()}
        return super().send(request, stream=True, follow_redirects=False)

    def _look_at(self, request: httpx.Request, response: httpx.Response) -> None:
        """A redirect or a page is told apart here, where both protocols' clients would stumble over it in their way."""
        if response.is_redirect:
            raise UnexpectedContent("it redirects elsewhere, which is not followed; give the address it redirects to")
        if not response.is_success:
            return
        sent = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        streamed = bool(_asked(request).get("stream"))
        if streamed and sent == "application/json" and self._stream_type != sent:
            raise NoStream("it does not stream")
        if sent and sent not in (self._stream_type, "application/json", "application/x-ndjson"):
            raise UnexpectedContent(f"it sent {sent[:60]} where an answer of the protocol was due")

    def note(self, piece: bytes, total: int) -> None:
        """One more piece of a body was read. Raises when there was too much of it, or the time is up."""
        self.ended = self.ended or _STREAM_END in self._tail + piece
        self._tail = piece[-len(_STREAM_END) :]
        if total > _MOST_BYTES:
            raise UnexpectedContent(f"it sent more than {_MOST_BYTES >> 20} MB")
        if not self._deadline.left:
            raise httpx.ReadTimeout("the time is up")


class _Bounded(httpx.SyncByteStream):
    """A response's body, read under a client's eyes."""

    def __init__(self, body: Any, client: PatientClient):
        self._body = body
        self._client = client

    def __iter__(self) -> Iterator[bytes]:
        total = 0
        for piece in self._body:
            total += len(piece)
            self._client.note(piece, total)
            yield piece

    def close(self) -> None:
        self._body.close()


def _asked(request: httpx.Request) -> dict[str, Any]:
    try:
        body = json.loads(request.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _asked_wait(header: str, otherwise: float) -> float:
    """Seconds that a Retry-After header asks for (seconds, or a date); ``otherwise`` without one that can be read.

    >>> _asked_wait("3", 0.5), _asked_wait("soon", 0.5)
    (3.0, 0.5)
    """
    if header.strip().isdecimal():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return otherwise
    return max(0.0, (at - datetime.now(UTC)).total_seconds()) if at.tzinfo else otherwise
