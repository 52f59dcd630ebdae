"""``qa chat``: a conversation in the terminal, or questions down a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from qa.answer import Answerer
from qa.commands.options import answerer_option, as_json_option, assistant_of, scope_of, scope_options, settings_of
from qa.commands.speaking import FAILED

if TYPE_CHECKING:
    from qa.chat import Prompt, Session, Terminal

HISTORY = "chat-history"  # in the home


@click.command(epilog="Example: qa chat --report kunshan-2019")
@scope_options
@answerer_option
@as_json_option
@click.pass_context
def chat(
    context: click.Context,
    reports: tuple[str, ...],
    year: int | None,
    month: int | None,
    answerer: Answerer,
    as_json: bool,
) -> int:
    """Hold a conversation: questions, follow-ups, and commands such as /show 1 (see /help).

    Down a pipe, each line is a question, and with --json each answer a line. What is typed at a terminal is kept for ↑
    in the home, in the file chat-history.
    """
    from qa.chat import Prompt, Records, Session, Terminal, piped_lines
    from qa.chat.texts import preferred, say

    settings = settings_of(context)
    assistant = assistant_of(settings)
    voice = Records() if as_json else Terminal()
    session = Session(assistant, voice, preferred(), scope_of(assistant, reports, year, month), answerer)
    if sys.stdin is None or sys.stdout is None:
        raise click.UsageError("There is no terminal, and no pipe to read questions from")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _answer_each(session, piped_lines(sys.stdin.buffer))
    prompt = Prompt(session, settings.home / HISTORY, lambda: [report.id for report in assistant.reports()])
    click.echo(say("welcome", session.language, n=len(assistant.reports())), err=as_json)
    _converse(session, prompt, voice if isinstance(voice, Terminal) else None)
    return 0


def _answer_each(session: Session, lines: Iterable[str]) -> int:
    """Every line to the end, or to /quit; a line that fails does not keep the next from its answer."""
    status = 0
    for line in lines:
        if not session.take(line):
            status = FAILED
        if session.ended:
            break
    return status


def _converse(session: Session, prompt: Prompt, terminal: Terminal | None) -> None:
    """Until the end of the input, or /quit. Ctrl-C gives up the line or the question, not the conversation."""
    from qa.chat.texts import say

    while not session.ended:
        try:
            line = prompt.read()
        except EOFError:
            click.echo(err=True)
            return
        except KeyboardInterrupt:
            click.echo("\n" + say("how_to_leave", session.language), err=True)
            continue
        try:
            session.take(line)
        except KeyboardInterrupt:
            if terminal:
                terminal.stopped()
            click.echo(say("stopped", session.language), err=True)
