"""`qa serve --mcp` as its own process, with a real MCP client, and as the programs that speak HTTP see it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from support import ROOT
from walking import free_port, serve

from qa.assistant import Assistant

pytest.importorskip("mcp", reason="mcp is not installed: pip install 'report-qa[mcp]'")

Act = Callable[[Any], Coroutine[Any, Any, Any]]
ASKED = "许昌市图书馆2019年新增图书多少册？"


@pytest.fixture(scope="module")
def served(samples_home: Path) -> Iterator[str]:
    """The address of `qa serve --mcp` over the samples."""
    port = free_port()
    command = [sys.executable, "-m", "qa.cli", "--home", str(samples_home), "serve", "--mcp", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = next((line for line in process.stderr if "chat page is at" in line), "the server ended")
        assert f"127.0.0.1:{port}" in told
        yield f"http://127.0.0.1:{port}/"
        process.terminate()


def with_client(url: str, act: Act, auth: tuple[str, str] | None = None) -> Any:
    """What ``act`` gives for an initialised session of the MCP package's own client."""
    import httpx
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def run() -> Any:
        async with (
            httpx.AsyncClient(auth=auth, trust_env=False) as http,
            streamable_http_client(f"{url}mcp", http_client=http) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await act(session)

    return asyncio.run(run())


def test_the_tools_say_what_they_do_and_take(served: str) -> None:
    async def look(session: Any) -> Any:
        return (await session.list_tools()).tools

    tools = {tool.name: tool for tool in with_client(served, look)}
    assert sorted(tools) == ["ask", "reports", "search"]
    assert "exact lines" in tools["ask"].description
    assert set(tools["ask"].inputSchema["properties"]) == {"question", "reports", "year", "month"}
    assert tools["ask"].inputSchema["required"] == ["question"]


def test_a_tool_gives_what_the_command_gives(served: str, assistant: Assistant) -> None:
    async def call(session: Any) -> Any:
        asked = await session.call_tool("ask", {"question": ASKED})
        assert json.loads(asked.content[0].text) == asked.structuredContent
        listed = await session.call_tool("reports", {})
        return asked.structuredContent, listed.structuredContent["result"]

    answer, reports = with_client(served, call)
    expected = assistant.ask(ASKED)
    assert answer["answer"] == expected.text
    assert [c["lines"] for c in answer["citations"]] == [[c.lines.start, c.lines.end] for c in expected.citations]
    assert "path" not in answer["citations"][0]
    assert "xuchang-2019" in [report["id"] for report in reports]


def test_a_scope_that_is_not_there_is_an_error_with_its_next_step(served: str) -> None:
    async def call(session: Any) -> Any:
        return await session.call_tool("ask", {"question": ASKED, "reports": ["nowhere"]})

    result = with_client(served, call)
    assert result.isError
    assert "No report 'nowhere'" in result.content[0].text


def test_the_password_of_the_page_holds_for_the_tools(tmp_path: Path) -> None:
    import httpx

    from qa.page.login import hashed

    async def look(session: Any) -> Any:
        return (await session.call_tool("reports", {})).structuredContent

    page, index = serve(tmp_path, auth=hashed("馆员", "密码"), mcp=True)
    try:
        for auth in (None, ("馆员", "错")):
            refused = httpx.post(f"{page.local_url}mcp", auth=auth, json={"jsonrpc": "2.0", "id": 1, "method": "ping"})
            assert refused.status_code == 401
        assert len(with_client(page.local_url, look, ("馆员", "密码"))["result"]) == 4
    finally:
        page.close()
        index.close()


def test_without_the_switch_there_are_no_tools(tmp_path: Path) -> None:
    import httpx

    page, index = serve(tmp_path)
    try:
        assert httpx.post(f"{page.local_url}mcp", json={}).status_code in (404, 405)
        assert httpx.get(f"{page.local_url}gradio_api/mcp/schema").status_code == 404
    finally:
        page.close()
        index.close()
