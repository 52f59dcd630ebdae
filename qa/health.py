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
    checks = [_home(settings.home), Check("embedding", True, settings.embedding)]
    try:
        index = open_index(settings)
    except ReportQAError as error:
        return [*checks, Check("index", False, str(error))]
    with index:
        reports = index.reports()
        checks.append(
            Check(
                "index",
                True,
                f"{len(reports)} reports, {sum(r.chunks for r in reports)} chunks, generation {index.generation}",
            )
        )
        findings = index.repair() if repair else index.verify()
        checks += [Check("stores", not findings.problems or repair, _described(findings.problems, repair=repair))]
        gone = [r.id for r in reports if not Path(r.source).exists()]
        checks.append(
            Check(
                "files",
                not gone,
                "all in place"
                if not gone
                else f"gone: {', '.join(gone)}. Take them out with: qa remove {' '.join(gone)}",
            )
        )
    return checks


def _home(home: Path) -> Check:
    if not home.exists():
        return Check("home", False, f"{home} does not exist. Make it with: qa index FOLDER")
    return Check(
        "home",
        os.access(home, os.W_OK),
        f"{home}{'' if os.access(home, os.W_OK) else ' is not writable. Change its permissions or choose another with --home'}",
    )


def _described(problems: tuple[str, ...], *, repair: bool) -> str:
    if not problems:
        return "catalog, keyword index and vectors agree"
    return "; ".join(problems) + (" (repaired)" if repair else ". Mend with: qa doctor --repair")
