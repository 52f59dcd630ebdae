"""Questions: ``qa ask`` answers one, ``qa search`` shows the chunks it finds."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import click

from qa.answer import Answerer
from qa.commands.options import (
    answerer_option,
    as_json_option,
    assistant_of,
    question_of,
    scope_of,
    scope_options,
    settings_of,
)
from qa.commands.speaking import ABSTAINED, note, print_json, print_lines


@click.command(epilog="Example: qa ask 'how many smart reading spaces did Xuchang operate?'")
@click.argument("question")
@scope_options
@click.option("--top-k", type=click.IntRange(1, 500), help="How many chunks to read for the answer.")
@answerer_option
@as_json_option
@click.option("--explain", is_flag=True, help="Show what was understood and why this answer won.")
@click.pass_context
def ask(
    context: click.Context,
    question: str,
    reports: tuple[str, ...],
    year: int | None,
    month: int | None,
    top_k: int | None,
    answerer: Answerer,
    as_json: bool,
    explain: bool,
) -> int:
    """Answer a question, with the lines the answer rests on."""
    from qa.commands.terminal import answer_lines

    question = question_of(question)
    started = perf_counter()
    assistant = assistant_of(settings_of(context))
    scope = scope_of(assistant, reports, year, month)
    opened_ms = (perf_counter() - started) * 1000
    answer = assistant.ask(question, scope, top_k=top_k, answerer=answerer)
    answer = replace(answer, timing=replace(answer.timing, open=opened_ms))
    if as_json:
        print_json(answer.to_dict() | ({"explanation": list(answer.explanation)} if explain else {}))
    else:
        print_lines(answer_lines(answer))
        print_lines(["", *answer.explanation] if explain else [])
    if answer.model and answer.model.note:
        note(f"{answer.model.name}: {answer.model.note}")
    return ABSTAINED if answer.abstained else 0


@click.command(epilog="Example: qa search '到馆读者' --report kunshan-2019")
@click.argument("question")
@scope_options
@click.option("--top-k", type=click.IntRange(1, 500), default=10, show_default=True, help="How many hits.")
@as_json_option
@click.pass_context
def search(
    context: click.Context,
    question: str,
    reports: tuple[str, ...],
    year: int | None,
    month: int | None,
    top_k: int,
    as_json: bool,
) -> int:
    """Show the chunks a question finds, best first, without answering it."""
    from qa.commands.terminal import hit_lines

    assistant = assistant_of(settings_of(context))
    hits = assistant.search(question_of(question), scope_of(assistant, reports, year, month), top_k=top_k)
    if as_json:
        print_json([hit.to_dict() for hit in hits])
    else:
        print_lines(hit_lines(hits))
    if not hits:
        note("Nothing found in this scope. See what is indexed with: qa reports")
    return 0 if hits else ABSTAINED
