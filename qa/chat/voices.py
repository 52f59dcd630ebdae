"""How a conversation is shown: as text on a terminal or down a pipe, or as JSON, one object a line.

Both speak of the same things; which of them is told is the only difference between ``qa chat`` and ``qa chat --json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import click

from documents.report import LineRange, Report
from qa.chat.texts import say
from qa.commands.terminal import citation_lines, clean, clean_json, console, report_lines
from qa.conversation import Turn
from qa.showing import around


class Voice(Protocol):
    """Whom a `Session` tells what happened."""

    def growing(self, text: str) -> None:
        """The answer so far: all of it, each time."""

    def answered(self, turn: Turn, language: str) -> None: ...

    def opened(self, report: Report, lines: LineRange, neighbours: int) -> None:
        """A cited place in its report, with ``neighbours`` lines that hold text on either side."""

    def told(self, lines: Sequence[str], record: Mapping[str, Any]) -> None:
        """What a command has to say, as lines and as a record."""

    def failed(self, message: str) -> None: ...


class Terminal:
    """Text: the answer as it grows, then what was carried over into the question, then the cited lines."""

    def __init__(self) -> None:
        self._shown = ""

    def growing(self, text: str) -> None:
        text = clean(text)
        fresh = text.removeprefix(self._shown) if text.startswith(self._shown) else "\n" + text
        click.echo(fresh, nl=False)
        self._shown = text

    def answered(self, turn: Turn, language: str) -> None:
        self.growing(turn.answer.text)
        self.stopped()
        if turn.carried_over:
            click.echo(clean("  ↳ " + say("understood", language, question=turn.question)))
        if turn.answer.model and turn.answer.model.note:
            click.echo(clean(f"  {turn.answer.model.name}: {turn.answer.model.note}"), err=True)
        for citation in turn.answer.citations:
            click.echo()
            for line in citation_lines(citation):
                click.echo(line)
        click.echo()

    def stopped(self) -> None:
        """No more of this answer will come: whatever follows begins on a line of its own."""
        if self._shown:
            click.echo()
        self._shown = ""

    def opened(self, report: Report, lines: LineRange, neighbours: int) -> None:
        from rich.text import Text

        where = " › ".join(section.title for section in report.path_at(lines.start)[-2:])
        click.echo(clean(f"{report.id} {lines}" + (f" · {where}" if where else "")))
        to = console()
        for text, cited in report_lines(around(report, lines, neighbours), lines):
            to.print(Text(text, style="bold" if cited else "dim"))
        click.echo()

    def told(self, lines: Sequence[str], record: Mapping[str, Any]) -> None:
        for line in lines:
            click.echo(clean(line))

    def failed(self, message: str) -> None:
        self.stopped()
        click.echo(clean(" ".join(message.split())), err=True)


class Records:
    """JSON Lines: for each question the object of ``qa ask --json``, and ``asked``, the question as it was typed."""

    def growing(self, text: str) -> None:
        pass  # an object is only whole at the end

    def answered(self, turn: Turn, language: str) -> None:
        self._write({"asked": turn.asked, **turn.answer.to_dict()})

    def opened(self, report: Report, lines: LineRange, neighbours: int) -> None:
        shown = [
            {"line": line.number, "page": line.page, "text": line.text, "cited": line.number in lines}
            for line in around(report, lines, neighbours)
        ]
        self._write({"report": report.id, "lines": shown})

    def told(self, lines: Sequence[str], record: Mapping[str, Any]) -> None:
        self._write(record)

    def failed(self, message: str) -> None:
        self._write({"error": message})

    def _write(self, record: Mapping[str, Any]) -> None:
        click.echo(clean_json(json.dumps(record, ensure_ascii=False)))
