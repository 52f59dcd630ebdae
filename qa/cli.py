"""The ``qa`` command: its group of commands, and where an error ends up: one line on stderr and status 2.

Exit status: 0 answered or done; 1 abstained, or below ``--fail-under``; 2 an error; 130 interrupted;
141 the reader of the output went away.
"""

from __future__ import annotations

import sys
import traceback
from io import TextIOWrapper
from pathlib import Path

import click

from documents.errors import ReportQAError
from qa.commands.asking import ask, search
from qa.commands.chatting import chat
from qa.commands.checking import doctor, evaluate, facts
from qa.commands.serving import serve
from qa.commands.shelf import index, list_reports, remove, show
from qa.commands.speaking import FAILED, INTERRUPTED, UNREAD, note

COMMANDS = (ask, search, chat, index, list_reports, show, remove, facts, evaluate, serve, doctor)


def main(arguments: list[str] | None = None) -> None:
    """Entry point: an error becomes one line on stderr and status 2; ``--debug`` adds the traceback."""
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a character the terminal has not got is no reason to fail
    try:
        status = qa.main(args=given, prog_name="qa", standalone_mode=False)
    except SystemExit:
        sys.exit(UNREAD)  # click ends so, and only so, where nobody reads the output any more
    except (click.exceptions.Abort, KeyboardInterrupt):
        note("Interrupted. Nothing is left half done; run the command again to go on.")
        sys.exit(INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
    except click.ClickException as error:
        note(f"qa: {_usage(error)}")
    except ReportQAError as error:
        _trace("--debug" in given)
        note(f"qa: {error}")
    except OSError as error:
        _trace("--debug" in given)
        note(f"qa: {error.filename or type(error).__name__}: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001  the outermost door: a defect, too, is told in one line, with status 2
        _trace("--debug" in given)
        note(f"qa: internal error: {error!r}. See where with: qa --debug …")
    else:
        sys.exit(status or 0)
    sys.exit(FAILED)


def _usage(error: click.ClickException) -> str:
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "qa"
    message = error.format_message()
    return f"{message}{'' if message.endswith('.') else '.'} See: {path} --help"


def _trace(wanted: bool) -> None:
    if wanted:
        traceback.print_exc()


def _home(context: click.Context, parameter: click.Parameter, value: str | None) -> Path | None:
    """Nothing between the quotes is no folder: an unset variable must not make an index of the current one."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty. Name a folder")
    return Path(value) if value else None


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: qa ask '许昌市图书馆2019年新增图书多少册？'",
)
@click.option(
    "--home", metavar="DIR", callback=_home, help="Where the index lives (QA_HOME; default: the user data folder)."
)
@click.option("--debug", is_flag=True, help="Show a traceback when something fails.")
@click.version_option(package_name="report-qa", prog_name="qa")
@click.pass_context
def qa(context: click.Context, home: Path | None, debug: bool) -> None:
    """Ask factual questions of dated reports; every answer shows the lines it rests on."""
    del debug  # read in main(), where errors end up
    context.obj = home


for command in COMMANDS:
    qa.add_command(command)


if __name__ == "__main__":
    main()
