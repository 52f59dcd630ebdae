"""How a command speaks: results on stdout, notes and progress on stderr, and what its exit status means."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

ABSTAINED = 1  # or below ``--fail-under``
FAILED = 2
INTERRUPTED = 130
UNREAD = 141  # whoever read the output went away, as in ``qa facts | head``


def note(text: str) -> None:
    """One line on stderr, whatever a file's name or a message may hold."""
    from qa.commands.terminal import clean

    click.echo(clean(" ".join(text.split())), err=True)


def print_lines(lines: Iterable[str], *, err: bool = False) -> None:
    from qa.commands.terminal import clean

    for line in lines:
        click.echo(clean(line), err=err)


def print_json(value: object) -> None:
    echo_json(json.dumps(value, ensure_ascii=False, indent=2))


def echo_json(text: str) -> None:
    from qa.commands.terminal import clean_json

    click.echo(clean_json(text))


@contextmanager
def progress(label: str) -> Iterator[Callable[[Iterable[Path]], Iterable[Path]]]:
    """A progress bar on stderr, where that is a terminal; gone again when the work ends, or is interrupted."""
    from rich.progress import MofNCompleteColumn, Progress

    from qa.commands.terminal import console

    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        yield lambda files: bar.track(list(files), description=label)
