"""What is on the shelf: ``qa index`` puts reports there, ``reports``, ``show`` and ``remove`` see to them."""

from __future__ import annotations

from pathlib import Path

import click

from qa.commands.options import as_json_option, settings_of
from qa.commands.speaking import ABSTAINED, FAILED, note, print_json, print_lines, progress
from qa.opening import open_index, rebuild_index


@click.command(epilog="Example: qa index reports/ --organisation 许昌市图书馆 --year 2019")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--organisation", help="Whose report it is, where the text does not say.")
@click.option("--year", type=click.IntRange(1000, 9999), help="The year it reports on, where the text does not say.")
@click.option("--rebuild", is_flag=True, help="Build the vectors anew with the embedder now configured.")
@as_json_option
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

    settings = settings_of(context)
    if rebuild:
        note(f"Vectors rebuilt with {rebuild_index(settings)}.")
        if not paths:
            return 0
    files = find_files(paths) if paths else sample_files()
    folders = [path for path in paths if path.is_dir()]
    with open_index(settings, create=True) as opened, progress("Indexing") as tracked:
        summary = ingest(opened, files, folders=folders, organisation=organisation, year=year, progress=tracked)
    print_json(summary.to_dict()) if as_json else print_lines(summary.lines())
    for remark in summary.remarks():
        note(remark)
    return FAILED if summary.failed else 0


@click.command(name="reports", epilog="Example: qa reports --json")
@as_json_option
@click.pass_context
def list_reports(context: click.Context, as_json: bool) -> int:
    """List what is indexed."""
    from qa.commands.terminal import console, report_table

    with open_index(settings_of(context)) as opened:
        found = opened.reports()
        if as_json:
            print_json(
                [
                    {"id": r.id, "title": r.title, "organisation": r.organisation, "year": r.year, "path": r.source,
                     "digest": r.digest, "indexed_at": r.added_at, "lines": r.lines, "chunks": r.chunks}
                    for r in found
                ]
            )  # fmt: skip
        else:
            report_table(found, console())
    if not found:
        note("No report is indexed. Index some with: qa index FOLDER")
    return 0


@click.command(epilog="Example: qa remove kunshan-2019")
@click.argument("reports", nargs=-1, required=True)
@as_json_option
@click.pass_context
def remove(context: click.Context, reports: tuple[str, ...], as_json: bool) -> int:
    """Take reports out of the index; their files stay where they are."""
    with open_index(settings_of(context)) as opened:
        reports = tuple(dict.fromkeys(reports))
        for report in reports:
            opened.report(report)  # all must be known before any is removed
        for report in reports:
            opened.remove(report)
    print_json({"removed": list(reports)}) if as_json else print_lines([f"Removed {', '.join(reports)}."])
    return 0


@click.command(epilog="Example: qa show xuchang-2019 --lines 90-100")
@click.argument("report")
@click.option("--lines", metavar="A-B", help="Only these physical lines.")
@click.option("--month", type=click.IntRange(1, 12), help="Only what stands under this month.")
@click.option("--outline", is_flag=True, help="Sections, months and their lines.")
@as_json_option
@click.pass_context
def show(
    context: click.Context, report: str, lines: str | None, month: int | None, outline: bool, as_json: bool
) -> int:
    """Show a report's lines, or its outline."""
    from qa.commands.terminal import outline_lines
    from qa.showing import outline_of, selected

    with open_index(settings_of(context)) as opened:
        found = opened.report(report)
    if outline:
        print_json(outline_of(found)) if as_json else print_lines(outline_lines(found))
        return 0
    chosen = selected(found, lines, month)
    if as_json:
        print_json([{"line": line.number, "page": line.page, "text": line.text} for line in chosen])
    else:
        print_lines(f"{line.number:>5} │ {line.text}" for line in chosen)
    if not chosen:
        note(f"{report} has no lines under month {month}. See its months with: qa show {report} --outline")
    return 0 if chosen else ABSTAINED
