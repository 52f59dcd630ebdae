"""The page built and served: our own address, no sharing, no files but the page's own, a queue with an end."""

from __future__ import annotations

import ctypes
import os
import sys
from importlib.util import find_spec
from typing import Any

from documents.errors import InvalidSetting
from qa.page import entrance, login, programs, theme, tools
from qa.page.layout import Layout, Page
from qa.page.uploads import MOST_MB
from qa.page.wiring import wire

QUEUE = 64  # questions waiting; further ones are told that the page is busy
ANSWERING = 4  # at the same time, over all visitors
SESSIONS = 300  # held in memory, about 0.2 MB each; an open page looks in every few seconds and so is never the oldest


def build(page: Page) -> Any:
    """The page as Gradio Blocks, not yet served."""
    # After every event Gradio makes a table of the last ten thousand for a monitor that is off here: with many
    # visitors that took most of the time.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "200")
    import gradio as gr

    with gr.Blocks(title="report-qa", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)) as blocks:
        layout = Layout(page)
        programs.publish(page.assistant)  # first, so that its names are not taken by our own handlers
        wire(blocks, layout)
    blocks.queue(max_size=QUEUE, default_concurrency_limit=ANSWERING, api_open=False)
    return blocks


def serve(
    page: Page,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    mcp: bool = False,
    auth: str | None = None,
    wait: bool = True,
) -> Any:
    """Serve the page; the Blocks that are served.

    Raises ``InvalidSetting`` for a port that is taken, a password that is not hashed, or MCP without its package.
    """
    if mcp and find_spec("mcp") is None:
        raise InvalidSetting("The MCP server needs the package mcp. Install it with: pip install 'report-qa[mcp]'")
    _few_heaps()
    blocks = build(page)
    door = login.door(auth) if auth else None
    try:
        blocks.launch(
            server_name=host, server_port=port, auth=door,
            app_kwargs=_around(page, host, door, mcp=mcp),
            share=False, mcp_server=False, prevent_thread_lock=not wait, quiet=True, inbrowser=False,
            show_error=False, footer_links=[], run_history=False, allowed_paths=[], enable_monitoring=False,
            ssr_mode=False, pwa=False, max_file_size=f"{MOST_MB}mb", strict_cors=True,
            state_session_capacity=SESSIONS,
            theme=theme.theme(), head=theme.head(),
        )  # fmt: skip
    except OSError as error:
        why = "the port is taken" if "empty port" in str(error) else str(error)
        raise InvalidSetting(
            f"Cannot serve at {host}:{port or '7860-7959'}: {why}. Name another with --port."
        ) from error
    return blocks


def _few_heaps() -> None:
    """Two heaps for all threads: glibc gives each its own, which hardly shrinks; that was a third of the memory.

    (mallopt(3), M_ARENA_MAX; other C libraries have no such thing and need none.)
    """
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL(None).mallopt(-8, 2)
    except (OSError, AttributeError):
        return


def _around(page: Page, host: str, door: tools.Door | None, *, mcp: bool) -> dict[str, Any]:
    """What stands before Gradio's own app: the way in, and the tools for language models."""
    from starlette.middleware import Middleware

    middleware = [Middleware(entrance.Entrance)] if door else []
    if not mcp:
        return {"middleware": middleware}
    served = tools.Tools(programs.functions(page.assistant), host, door)
    return {"middleware": [Middleware(served.within), *middleware], "lifespan": served.lifespan}
