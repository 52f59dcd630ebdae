"""Figures and checks: ``qa eval`` scores answers, ``facts`` lists figures, ``doctor`` looks after the stores."""

from __future__ import annotations

from pathlib import Path

import click

from documents.errors import InvalidSetting
from qa.answer import Answerer
from qa.commands.options import answerer_option, as_json_option, assistant_of, scope_of, scope_options, settings_of
from qa.commands.speaking import ABSTAINED, FAILED, echo_json, note, print_json, print_lines
from qa.opening import open_index


@click.command(name="eval", epilog="Example: qa eval questions.jsonl --answers answers.jsonl --fail-under 0.9")
@click.argument("questions", type=click.Path(path_type=Path))
@answerer_option
@click.option("--answers", type=click.Path(path_type=Path), help="Write each answer as a line of JSON.")
@as_json_option
@click.option("--against", type=click.Path(path_type=Path), help="Compare with an earlier run (its --json output).")
@click.option("--fail-under", type=click.FloatRange(0, 1), help="Exit with 1 when the accuracy is below this.")
@click.option("--misses", is_flag=True, help="List every question that went wrong.")
@click.pass_context
def evaluate(
    context: click.Context,
    questions: Path,
    answerer: Answerer,
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
    from qa.commands.terminal import console
    from qa.scoring import compared, lines_reader, missed, run_text, surest_first

    asked = load_questions(questions)
    if answers and not answers.parent.is_dir():
        raise InvalidSetting(f"No folder {answers.parent} to write --answers to. Make it, or name another file.")
    before = Scoreboard.from_json(run_text(against), str(against)) if against else None
    assistant = assistant_of(settings_of(context))
    ordered = surest_first(assistant, asked) if assistant.has_model and answerer != "extractive" else asked
    done = run(ordered, lambda q: assistant.ask(q, answerer=answerer).to_dict(), lines_reader(assistant)).like(asked)
    board = Scoreboard(done.outcomes)
    if answers:
        done.write_answers(answers)
    if as_json:
        echo_json(board.to_json())
    else:
        board.print(console())
        print_lines(missed(asked, done) if misses else [])
    if before:
        print_lines(compared(compare(board, before)), err=as_json)
    return ABSTAINED if fail_under is not None and (board.totals.accuracy or 0.0) < fail_under else 0


@click.command(epilog="Example: qa facts --report kunshan-2019 --csv > kunshan.csv")
@scope_options
@click.option("--conflicts", is_flag=True, help="Only things that are given more than one value.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@as_json_option
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
    from qa.commands.terminal import console, csv_lines, fact_table

    assistant = assistant_of(settings_of(context))
    found = assistant.facts(scope_of(assistant, reports, year, month))
    if conflicts:
        found = [fact for group in rooms.conflicts(found) for fact in group]
    if as_json:
        print_json([fact.to_dict() for fact in found])
    elif as_csv:
        print_lines(csv_lines(rooms.FIELDS, (fact.to_dict() for fact in found)))
    else:
        fact_table(found, console())
    if not found:
        note("No figure in this scope. See what is indexed with: qa reports")
    return 0 if found else ABSTAINED


@click.command(epilog="Example: qa doctor --repair")
@click.option("--repair", is_flag=True, help="Bring the derived indexes back in line with the catalog.")
@as_json_option
@click.pass_context
def doctor(context: click.Context, repair: bool, as_json: bool) -> int:
    """Check the home, the index, the stores and the settings."""
    from qa.health import examine

    checks = examine(settings_of(context), open_index, repair=repair)
    if as_json:
        print_json([{"check": c.name, "ok": c.ok, "detail": c.detail} for c in checks])
    else:
        print_lines(f"{'ok ' if c.ok else 'BAD'}  {c.name}: {c.detail}" for c in checks)
    return 0 if all(c.ok for c in checks) else FAILED
