"""The options that commands share, and the values they become: settings, a question, a scope, an assistant."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from documents.errors import UnknownReport
from qa.commands.speaking import note, progress
from qa.opening import open_index, open_writer

if TYPE_CHECKING:
    from index.scope import Scope
    from qa.assistant import Assistant
    from qa.settings import Settings

_SCOPE = (
    click.option(
        "--report", "reports", multiple=True, metavar="ID", help="Only this report; may be given several times."
    ),
    click.option("--year", type=click.IntRange(1000, 9999), help="Only statements of this year."),
    click.option("--month", type=click.IntRange(1, 12), help="Only statements of this month."),
)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
answerer_option = click.option(
    "--answerer",
    type=click.Choice(["auto", "extractive", "llm"]),
    default="auto",
    help="Who words the answer.",
)


def scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_SCOPE):
        command = option(command)
    return command


def settings_of(context: click.Context) -> Settings:
    from qa.settings import load_settings

    return load_settings(context.obj)


def question_of(text: str) -> str:
    """What was typed, as text: bytes of another encoding become U+FFFD. Raises ``UsageError`` for none, or too much."""
    from qa.understanding.question import MOST_CHARACTERS

    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    if not text.strip():
        raise click.UsageError("The question is empty. Type one, e.g.: qa ask '昆山2019年办证多少张？'")
    if len(text) > MOST_CHARACTERS:
        raise click.UsageError(
            f"The question has {len(text)} characters, more than {MOST_CHARACTERS}. Make it shorter."
        )
    return text


def scope_of(assistant: Assistant, reports: tuple[str, ...], year: int | None, month: int | None) -> Scope:
    """The scope the options name. Raises ``UnknownReport``."""
    from index.scope import Scope

    known = {report.id for report in assistant.reports()}
    for report in reports:
        if report not in known:
            raise UnknownReport(f"No report {report!r} in the index. See what there is with: qa reports")
    return Scope(
        reports=frozenset(reports) if reports else None,
        years=frozenset({year} if year else ()),
        months=frozenset({month} if month else ()),
    )


def assistant_of(settings: Settings) -> Assistant:
    """An assistant over the home's index; an empty home gets the bundled samples first, and is told so."""
    from index.rerank import load_reranker
    from qa.assistant import Assistant
    from qa.ingest import ingest, sample_files

    reranker = load_reranker(settings.reranker) if settings.reranker else None
    writer = open_writer(settings)
    index = open_index(settings, create=True)
    if not index.reports():
        note(f"The home {settings.home} is empty: indexing the bundled samples. Index your own with: qa index FOLDER")
        with progress("Indexing") as tracked:
            ingest(index, sample_files(), progress=tracked)
    return Assistant(index, top_k=settings.top_k, reranker=reranker, writer=writer)
