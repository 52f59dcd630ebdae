"""``qa serve``: the chat page for a browser."""

from __future__ import annotations

import click

from qa.commands.options import assistant_of, settings_of
from qa.commands.speaking import note


@click.command(epilog="Example: qa serve --port 7860")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port (default: the first free one from 7860).")
@click.option("--mcp", is_flag=True, help="Offer the same to language models as an MCP server (needs the extra [mcp]).")
@click.option("--auth", metavar="USER:HASH", help="Ask for a password (QA_AUTH; see --make-auth).")
@click.option("--make-auth", metavar="USER", help="Ask for a password, print the value for QA_AUTH, and end.")
@click.pass_context
def serve(
    context: click.Context, host: str, port: int | None, mcp: bool, auth: str | None, make_auth: str | None
) -> int:
    """Open the chat page for a browser."""
    if make_auth:
        from qa.page.login import hashed

        click.echo(hashed(make_auth, click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)))
        return 0
    from app import serve as serve_page

    settings = settings_of(context)
    auth = auth or settings.auth
    assistant = assistant_of(settings)
    if host not in ("127.0.0.1", "localhost", "::1") and not auth:
        note(f"Listening at {host} without a password: who reaches it can read and change the reports. Set QA_AUTH.")
    page = serve_page(assistant, settings, host=host, port=port, mcp=mcp, auth=auth, wait=False)
    tools = f" · MCP at {page.local_url}mcp" if mcp else ""
    note(f"The chat page is at {page.local_url}{tools} · stop with Ctrl-C")
    page.block_thread()
    return 0
