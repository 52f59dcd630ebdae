"""The ``qa`` command. It only translates: options to values, answers to text or JSON, errors to one line and status 2.

Exit status: 0 answered or done; 1 abstained, or below ``--fail-under``; 2 an error; 130 interrupted.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from documents.errors import InvalidSetting, ReportQAError, UnknownReport
from qa.opening import open_index, rebuild_index

if TYPE_CHECKING:
    from index.scope import Scope
    from qa.assistant import Assistant
    from qa.settings import Settings

ABSTAINED = 1
FAILED = 2
INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> None:
    """Entry point: an error becomes one line on stderr and status 2; ``--debug`` adds the traceback."""
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a character the terminal has not got is no reason to fail
    try:
        sys.exit(qa.main(args=given, prog_name="qa", standalone_mode=False) or 0)
    except (click.exceptions.Abort, KeyboardInterrupt):
        _note("Interrupted. Nothing is left half done; run the command again to go on.")
        sys.exit(INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
    except click.ClickException as error:
        _note(f"qa: {_usage(error)}")
    except ReportQAError as error:
        _trace("--debug" in given)
        _note(f"qa: {error}")
    except OSError as error:
        _trace("--debug" in given)
        _note(f"qa: {error.filename or type(error).__name__}: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001  the outermost door: a defect, too, is told in one line, with status 2
        _trace("--debug" in given)
        _note(f"qa: internal error: {error!r}. See where with: qa --debug …")
    sys.exit(FAILED)


def _usage(error: click.ClickException) -> str:
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "qa"
    message = error.format_message()
    return f"{message}{'' if message.endswith('.') else '.'} See: {path} --help"


def _trace(wanted: bool) -> None:
    if wanted:
        traceback.print_exc()


def _note(text: str) -> None:
    """One line on stderr, whatever a file's name or a message may hold."""
    from qa.terminal import clean

    click.echo(clean(" ".join(text.split())), err=True)


def _print(lines: Iterable[str]) -> None:
    from qa.terminal import clean

    for line in lines:
        click.echo(clean(line))


def _json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: qa ask '许昌市图书馆2019年新增图书多少册？'",
)
@click.option(
    "--home", type=click.Path(path_type=Path), help="Where the index lives (QA_HOME; default: the user data folder)."
)
@click.option("--debug", is_flag=True, help="Show a traceback when something fails.")
@click.version_option(package_name="report-qa", prog_name="qa")
@click.pass_context
def qa(context: click.Context, home: Path | None, debug: bool) -> None:
    """Ask factual questions of dated reports; every answer shows the lines it rests on."""
    del debug  # read in main(), where errors end up
    context.obj = home


def _settings(context: click.Context) -> Settings:
    from qa.settings import load_settings

    return load_settings(context.obj)


def _question(text: str) -> str:
    """What was typed, as text: bytes of another encoding become U+FFFD. Raises ``UsageError`` if there is nothing."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    if not text.strip():
        raise click.UsageError("The question is empty. Type one, e.g.: qa ask '昆山2019年办证多少张？'")
    return text


def _assistant(settings: Settings) -> Assistant:
    """An assistant over the home's index; an empty home gets the bundled samples first, and is told so."""
    from index.rerank import load_reranker
    from qa.assistant import Assistant
    from qa.ingest import ingest, sample_files

    reranker = load_reranker(settings.reranker) if settings.reranker else None
    index = open_index(settings, create=True)
    if not index.reports():
        _note(f"The home {settings.home} is empty: indexing the bundled samples. Index your own with: qa index FOLDER")
        with _progress("Indexing") as progress:
            ingest(index, sample_files(), progress=progress)
    return Assistant(index, top_k=settings.top_k, reranker=reranker)


@contextmanager
def _progress(label: str) -> Iterator[Callable[[Iterable[Path]], Iterable[Path]]]:
    """A progress bar on stderr, where that is a terminal; gone again when the work ends, or is interrupted."""
    from rich.progress import MofNCompleteColumn, Progress

    from qa.terminal import console

    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        yield lambda files: bar.track(list(files), description=label)


_SCOPE = (
    click.option(
        "--report", "reports", multiple=True, metavar="ID", help="Only this report; may be given several times."
    ),
    click.option("--year", type=click.IntRange(1000, 9999), help="Only statements of this year."),
    click.option("--month", type=click.IntRange(1, 12), help="Only statements of this month."),
)
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _scoped(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_SCOPE):
        command = option(command)
    return command


def _scope(assistant: Assistant, reports: tuple[str, ...], year: int | None, month: int | None) -> Scope:
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


@qa.command(epilog="Example: qa ask 'how many smart reading spaces did Xuchang operate?'")
@click.argument("question")
@_scoped
@click.option("--top-k", type=click.IntRange(1, 500), help="How many chunks to read for the answer.")
@click.option(
    "--answerer", type=click.Choice(["auto", "extractive", "llm"]), default="auto", help="Who words the answer."
)
@_AS_JSON
@click.option("--explain", is_flag=True, help="Show what was understood and why this answer won.")
@click.pass_context
def ask(
    context: click.Context,
    question: str,
    reports: tuple[str, ...],
    year: int | None,
    month: int | None,
    top_k: int | None,
    answerer: str,
    as_json: bool,
    explain: bool,
) -> int:
    """Answer a question, with the lines the answer rests on."""
    from qa.terminal import answer_lines

    question = _question(question)
    if answerer == "llm":
        raise InvalidSetting("No language model is configured in this version. Use --answerer extractive.")
    started = perf_counter()
    assistant = _assistant(_settings(context))
    scope = _scope(assistant, reports, year, month)
    opened_ms = (perf_counter() - started) * 1000
    answer = assistant.ask(question, scope, top_k=top_k)
    answer = replace(answer, timing=replace(answer.timing, open=opened_ms))
    if as_json:
        _json(answer.to_dict() | ({"explanation": list(answer.explanation)} if explain else {}))
    else:
        _print(answer_lines(answer))
        _print(["", *answer.explanation] if explain else [])
    return ABSTAINED if answer.abstained else 0


@qa.command(epilog="Example: qa index reports/ --organisation 许昌市图书馆 --year 2019")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--organisation", help="Whose report it is, where the text does not say.")
@click.option("--year", type=click.IntRange(1000, 9999), help="The year it reports on, where the text does not say.")
@click.option("--rebuild", is_flag=True, help="Build the vectors anew with the embedder now configured.")
@_AS_JSON
@click.pass_context
def index(
    context: click.Context,
    paths: tuple[Path, ...],
    organisation: str | None,
    year: int | None,
    rebuild: bool,
    as_json: bool,
) -> int:
    """Index files or folders; without any, the bundled samples. Unchanged files are skipped, changed ones replaced."""
    from qa.ingest import find_files, ingest, sample_files

    settings = _settings(context)
    if rebuild:
        _note(f"Vectors rebuilt with {rebuild_index(settings)}.")
        if not paths:
            return 0
    files = find_files(paths) if paths else sample_files()
    folders = [path for path in paths if path.is_dir()]
    with open_index(settings, create=True) as opened, _progress("Indexing") as progress:
        summary = ingest(opened, files, folders=folders, organisation=organisation, year=year, progress=progress)
    _json(summary.to_dict()) if as_json else _print(summary.lines())
    for remark in summary.remarks():
        _note(remark)
    return FAILED if summary.failed else 0


@qa.command(epilog="Example: qa search '到馆读者' --report kunshan-2019")
@click.argument("question")
@_scoped
@click.option("--top-k", type=click.IntRange(1, 500), default=10, show_default=True, help="How many hits.")
@_AS_JSON
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
    from qa.terminal import hit_lines

    assistant = _assistant(_settings(context))
    hits = assistant.search(_question(question), _scope(assistant, reports, year, month), top_k=top_k)
    if as_json:
        _json([hit.to_dict() for hit in hits])
    else:
        _print(hit_lines(hits))
    if not hits:
        _note("Nothing found in this scope. See what is indexed with: qa reports")
    return 0 if hits else ABSTAINED


@qa.command(name="reports", epilog="Example: qa reports --json")
@_AS_JSON
@click.pass_context
def list_reports(context: click.Context, as_json: bool) -> int:
    """List what is indexed."""
    from qa.terminal import console, report_table

    with open_index(_settings(context)) as opened:
        found = opened.reports()
        if as_json:
            _json(
                [
                    {"id": r.id, "title": r.title, "organisation": r.organisation, "year": r.year, "path": r.source,
                     "digest": r.digest, "indexed_at": r.added_at, "lines": r.lines, "chunks": r.chunks}
                    for r in found
                ]
            )  # fmt: skip
        else:
            report_table(found, console())
    if not found:
        _note("No report is indexed. Index some with: qa index FOLDER")
    return 0


@qa.command(epilog="Example: qa remove kunshan-2019")
@click.argument("reports", nargs=-1, required=True)
@_AS_JSON
@click.pass_context
def remove(context: click.Context, reports: tuple[str, ...], as_json: bool) -> int:
    """Take reports out of the index; their files stay where they are."""
    with open_index(_settings(context)) as opened:
        reports = tuple(dict.fromkeys(reports))
        for report in reports:
            opened.report(report)  # all must be known before any is removed
        for report in reports:
            opened.remove(report)
    _json({"removed": list(reports)}) if as_json else click.echo(f"Removed {', '.join(reports)}.")
    return 0


@qa.command(epilog="Example: qa show xuchang-2019 --lines 90-100")
@click.argument("report")
@click.option("--lines", metavar="A-B", help="Only these physical lines.")
@click.option("--month", type=click.IntRange(1, 12), help="Only what stands under this month.")
@click.option("--outline", is_flag=True, help="Sections, months and their lines.")
@_AS_JSON
@click.pass_context
def show(
    context: click.Context, report: str, lines: str | None, month: int | None, outline: bool, as_json: bool
) -> int:
    """Show a report's lines, or its outline."""
    from qa.showing import outline_of, selected
    from qa.terminal import outline_lines

    with open_index(_settings(context)) as opened:
        found = opened.report(report)
    if outline:
        _json(outline_of(found)) if as_json else _print(outline_lines(found))
        return 0
    chosen = selected(found, lines, month)
    if as_json:
        _json([{"line": line.number, "page": line.page, "text": line.text} for line in chosen])
    else:
        _print(f"{line.number:>5} │ {line.text}" for line in chosen)
    if not chosen:
        _note(f"{report} has no lines under month {month}. See its months with: qa show {report} --outline")
    return 0 if chosen else ABSTAINED


@qa.command(name="eval", epilog="Example: qa eval questions.jsonl --answers answers.jsonl --fail-under 0.9")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--answers", type=click.Path(path_type=Path), help="Write each answer as a line of JSON.")
@_AS_JSON
@click.option("--against", type=click.Path(path_type=Path), help="Compare with an earlier run (its --json output).")
@click.option("--fail-under", type=click.FloatRange(0, 1), help="Exit with 1 when the accuracy is below this.")
@click.option("--misses", is_flag=True, help="List every question that went wrong.")
@click.pass_context
def evaluate(
    context: click.Context,
    questions: Path,
    answers: Path | None,
    as_json: bool,
    against: Path | None,
    fail_under: float | None,
    misses: bool,
) -> int:
    """Ask a file of questions and score the answers: accuracy, citations, abstention, by type and language."""
    from eval.questions import load_questions
    from eval.runner import run
    from eval.scoreboard import Scoreboard, compare
    from qa.scoring import compared, lines_reader, missed, run_text
    from qa.terminal import console

    asked = load_questions(questions)
    if answers and not answers.parent.is_dir():
        raise InvalidSetting(f"No folder {answers.parent} to write --answers to. Make it, or name another file.")
    before = Scoreboard.from_json(run_text(against), str(against)) if against else None
    assistant = _assistant(_settings(context))
    done = run(asked, lambda q: assistant.ask(q).to_dict(), lines_reader(assistant))
    board = Scoreboard(done.outcomes)
    if answers:
        done.write_answers(answers)
    if as_json:
        click.echo(board.to_json())
    else:
        board.print(console())
        _print(missed(asked, done) if misses else [])
    if before:
        for line in compared(compare(board, before)):
            click.echo(line, err=as_json)
    return ABSTAINED if fail_under is not None and (board.totals.accuracy or 0.0) < fail_under else 0


@qa.command(epilog="Example: qa facts --report kunshan-2019 --csv > kunshan.csv")
@_scoped
@click.option("--conflicts", is_flag=True, help="Only things that are given more than one value.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@_AS_JSON
@click.pass_context
def facts(
    context: click.Context,
    reports: tuple[str, ...],
    year: int | None,
    month: int | None,
    conflicts: bool,
    as_csv: bool,
    as_json: bool,
) -> int:
    """Every figure the reports state, with what it counts, for which period, and on which line."""
    from qa import facts as rooms
    from qa.terminal import console, csv_lines, fact_table

    assistant = _assistant(_settings(context))
    found = assistant.facts(_scope(assistant, reports, year, month))
    if conflicts:
        found = [fact for group in rooms.conflicts(found) for fact in group]
    if as_json:
        _json([fact.to_dict() for fact in found])
    elif as_csv:
        _print(csv_lines(rooms.FIELDS, (fact.to_dict() for fact in found)))
    else:
        fact_table(found, console())
    return 0 if found else ABSTAINED


@qa.command(epilog="Example: qa serve --port 7860")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port (default: the first free one from 7860).")
@click.option("--mcp", is_flag=True, help="Offer the same to language models as an MCP server (needs the extra [mcp]).")
@click.option("--auth", envvar="QA_AUTH", metavar="USER:HASH", help="Ask for a password (QA_AUTH; see --make-auth).")
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

    settings = _settings(context)
    assistant = _assistant(settings)
    if host not in ("127.0.0.1", "localhost", "::1") and not auth:
        _note(f"Listening at {host} without a password: who reaches it can read and change the reports. Set QA_AUTH.")
    page = serve_page(assistant, settings, host=host, port=port, mcp=mcp, auth=auth, wait=False)
    _note(f"The chat page is at {page.local_url} · stop with Ctrl-C")
    page.block_thread()
    return 0


@qa.command(epilog="Example: qa doctor --repair")
@click.option("--repair", is_flag=True, help="Bring the derived indexes back in line with the catalog.")
@_AS_JSON
@click.pass_context
def doctor(context: click.Context, repair: bool, as_json: bool) -> int:
    """Check the home, the index, the stores and the settings."""
    from qa.health import examine

    checks = examine(_settings(context), open_index, repair=repair)
    if as_json:
        _json([{"check": c.name, "ok": c.ok, "detail": c.detail} for c in checks])
    else:
        _print(f"{'ok ' if c.ok else 'BAD'}  {c.name}: {c.detail}" for c in checks)
    return 0 if all(c.ok for c in checks) else FAILED


if __name__ == "__main__":
    main()
