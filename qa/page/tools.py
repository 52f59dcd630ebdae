"""The tools for language models: an MCP server at ``/mcp``, beside the page and behind the same password.

Made with the protocol's own package, not by Gradio's switch: that gives results as the text of Python values, and with
a password lists the tools to everybody and lets nobody call them. Who has a password sends it as HTTP Basic.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from typing import Any

from qa.page.entrance import address

PATH = "/mcp"
AT_ONCE = 4

Door = Callable[[str, str], Awaitable[bool]]


class Tools:
    """An MCP server over plain functions, as an ASGI middleware. Serve its ``lifespan`` with the page's."""

    def __init__(self, functions: Iterable[Callable[..., Any]], host: str, door: Door | None):
        from mcp.server.fastmcp import FastMCP

        self._server = FastMCP(
            "report-qa", host=host, stateless_http=True, json_response=True, streamable_http_path=PATH,
            log_level="WARNING",
        )  # fmt: skip
        limit = asyncio.Semaphore(AT_ONCE)
        for function in functions:
            self._server.add_tool(_beside(function, limit))
        self._app = self._server.streamable_http_app()
        self._door = door

    def lifespan(self, app: Any) -> Any:
        return self._server.session_manager.run()

    def within(self, app: Any) -> Callable[..., Awaitable[None]]:
        """The app with this server in front of it."""

        async def serve(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] != "http" or scope["path"].rstrip("/") != PATH:
                await app(scope, receive, send)
                return
            refusal = await self._refusal(scope)
            await (refusal or self._app)({**scope, "path": PATH}, receive, send)

        return serve

    async def _refusal(self, scope: dict[str, Any]) -> Any:
        """The answer to who may not come in; None for who may."""
        from fastapi import HTTPException
        from starlette.responses import PlainTextResponse

        if self._door is None:
            return None
        address.set((scope.get("client") or ("",))[0])
        name, password = _basic(dict(scope["headers"]).get(b"authorization", b""))
        try:
            if name and await self._door(name, password):
                return None
        except HTTPException as paused:
            return PlainTextResponse(paused.detail, paused.status_code, paused.headers)
        return PlainTextResponse("A user name and a password are needed.", 401, {"WWW-Authenticate": "Basic"})


def _basic(header: bytes) -> tuple[str, str]:
    """Name and password of a Basic authorization (RFC 7617); empty ones for anything else."""
    method, _, encoded = header.partition(b" ")
    try:
        given = base64.b64decode(encoded, validate=True).decode("utf-8") if method.lower() == b"basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        given = ""
    name, _, password = given.partition(":")
    return name, password


def _beside(function: Callable[..., Any], limit: asyncio.Semaphore) -> Callable[..., Any]:
    """A function in a thread of its own: one that takes long must not hold up the others."""

    @wraps(function)
    async def call(*given: Any, **named: Any) -> Any:
        async with limit:
            return await asyncio.to_thread(function, *given, **named)

    return call
