"""``qa doctor``: whether the home can be used, the stores agree, and the settings hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from documents.errors import ReportQAError
from index.store import Index
from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: its name, whether it is well, and what was seen (with the next step when it is not)."""

    name: str
    ok: bool
    detail: str


def examine(settings: Settings, open_index: Callable[[Settings], Index], *, repair: bool = False) -> list[Check]:
    """All checks in order; later ones are left out when an earlier one makes them impossible."""
    checks = [_home(settings.home), Check("embedding", True, settings.embedding), *_model(settings)]
    try:
        index = open_index(settings)
    except ReportQAError as error:
        return [*checks, Check("index", False, str(error))]
    with index:
        reports = index.reports()
        chunks = sum(report.chunks for report in reports)
        checks.append(
            Check("index", True, f"{len(reports)} reports, {chunks} chunks, generation {index.generation}"),
        )
        checks.append(_stores(index, repair=repair))
        checks.append(_files([report.id for report in reports if _is_gone(Path(report.source))]))
    return checks


def _home(home: Path) -> Check:
    if not home.exists():
        return Check("home", False, f"{home} does not exist. Make it with: qa index FOLDER")
    if not os.access(home, os.W_OK):
        return Check("home", False, f"{home} is not writable. Change its permissions or choose another with --home DIR")
    return Check("home", True, str(home))


def _model(settings: Settings) -> list[Check]:
    """The language model, where one is configured: whether its server is there. The key is not shown."""
    if not settings.llm:
        return []
    from qa.llm.model import load_model
    from qa.llm.record import record_of

    try:
        model = load_model(settings)
        seen = model.probe()
    except ReportQAError as error:
        return [Check("language model", False, str(error))]
    record = record_of(model, settings.home)
    believed = "its own values are believed" if record.believed else "its own values are not believed yet"
    return [Check("language model", True, f"{seen}; it agreed with {record} sure answers: {believed}")]


def _stores(index: Index, *, repair: bool) -> Check:
    problems = (index.repair() if repair else index.verify()).problems
    left = index.verify().problems if repair and problems else ()
    return Check(
        "stores", not problems or (repair and not left), _described(left or problems, repaired=repair and not left)
    )


def _is_gone(source: Path) -> bool:
    """Files are indexed under their full paths; what came in by another door under a bare name is no file to miss."""
    return source.is_absolute() and not source.exists()


def _files(gone: list[str]) -> Check:
    if not gone:
        return Check("files", True, "all in place")
    return Check("files", False, f"gone: {', '.join(gone)}. Take them out with: qa remove {' '.join(gone)}")


def _described(problems: tuple[str, ...], *, repaired: bool) -> str:
    if not problems:
        return "catalog, keyword index and vectors agree"
    return "; ".join(problems) + (" (repaired)" if repaired else ". Mend with: qa doctor --repair")
