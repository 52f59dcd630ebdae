"""``python -m qa.commands.reference`` writes docs/cli.md from the commands themselves, so that the page never lags.

A test compares the two; the page is never edited by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from qa.cli import qa

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
_SHAPE: dict[str, Any] = {"terminal_width": 100, "max_content_width": 100}  # columns
_HEAD = """# The `qa` command

Results go to stdout, progress and notes to stderr. Exit status: 0 answered or done; 1 abstained (like `grep`: nothing
found), or below `--fail-under`; 2 an error, told in one line with the value and the next step; 130 interrupted;
141 the reader of the output went away.

This page is written by `python -m qa.commands.reference` from the help of the commands.
"""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    with click.Context(qa, info_name="qa", **_SHAPE, **qa.context_settings) as parent:
        yield _section("qa", parent)
        for name in qa.list_commands(parent):
            command = qa.get_command(parent, name)
            if command is not None and not command.hidden:
                with click.Context(command, parent, name, **_SHAPE) as context:
                    yield _section(f"qa {name}", context)


def _section(title: str, context: click.Context) -> str:
    return f"## {title}\n\n```text\n{context.get_help().strip()}\n```\n"


def main() -> None:
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
