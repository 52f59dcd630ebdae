"""The last gate: nothing is said that does not stand on a cited line.

Deterministic, and the same for every answerer. Figures are compared by value (70.15万 is 701,500, and 70.15 is not),
by unit and by hedge, dates by their day, month and year, names and quoted titles as text; the cited lines must lie in
the scope that was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from documents.dates import find_dates
from documents.folding import fold
from documents.report import Period
from index.scope import Scope
from qa.answer import Citation
from qa.checking.agreement import Figure, fault_of, plain_figures, read_figures
from qa.checking.grounds import Grounds, grounds_of, unwrapped

_TITLE = re.compile(r"《([^《》]+)》|“([^“”]+)”|「([^「」]+)」|\"([^\"]+)\"")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found wrong; nothing when ``passed``."""

    faults: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.faults


def check(
    stated: str,
    citations: Sequence[Citation],
    scope: Scope,
    *,
    derived: Sequence[Decimal] = (),
    names: Sequence[str] = (),
) -> Verdict:
    """Hold what an answer states (without its quotes) against its cited lines.

    ``derived`` are results of arithmetic whose operands are stated and checked themselves; ``names`` what is stated as
    a name, whose Chinese must stand on the cited lines as it is (the pinyin beside it is ours).
    """
    cited = grounds_of(citations)
    faults = [
        *outside(citations, scope),
        *value_faults(fold(stated), cited, derived),
        *(f"the title {title} is not on the cited lines" for title in titles(stated) if not cited.has(title)),
        *(f"the name {name} is not on the cited lines" for name in names if not _name_stands(name, cited)),
    ]
    return Verdict(tuple(faults))


def outside(citations: Sequence[Citation], scope: Scope) -> Iterator[str]:
    """The faults of citations that lie outside a scope."""
    return (f"{c.report_id} {c.lines} is outside the scope" for c in citations if not _within(c, scope))


def value_faults(folded: str, cited: Grounds, derived: Sequence[Decimal] = ()) -> Iterator[str]:
    """The faults of the dates and figures in a folded text."""
    dates = find_dates(folded)
    for mention in dates:
        if not (cited.knows(mention.first) and cited.knows(mention.last)):
            yield f"the date {folded[mention.start : mention.end]} is not on the cited lines"
    there = [figure for figure in cited.figures if is_stated(figure)]
    for figure in read_figures(folded, dates):
        if is_stated(figure) and figure.value not in derived and (fault := fault_of(figure, there, cited.context)):
            yield fault


def is_stated(figure: Figure) -> bool:
    """Numerals in words (三十对, thirty pairs) are figures where a unit follows; 三 in a name is none, nor is 一年."""
    if figure.shown == "一" and figure.measure and figure.measure.unit == "年":
        return False
    return figure.measure is not None or any(character.isdigit() for character in figure.shown)


def _within(citation: Citation, scope: Scope) -> bool:
    """Whether a citation lies in a scope: its report, and a year and month of its section or named on its lines."""
    if scope.reports is not None and citation.report_id not in scope.reports:
        return False
    if citation.period is None or not (scope.years or scope.months):
        return True
    dates = find_dates(fold(unwrapped(citation.quote)))
    periods = {citation.period, *citation.periods, *(p for date in dates for p in date.periods(citation.period.year))}
    return any(_in_period(period, scope) for period in periods)


def _in_period(period: Period, scope: Scope) -> bool:
    """A year as a whole may hold the month asked for."""
    return (not scope.years or period.year in scope.years) and (
        not scope.months or period.month is None or period.month in scope.months
    )


def titles(stated: str) -> Iterator[str]:
    """What stands in quotation marks of any kind."""
    for match in _TITLE.finditer(stated):
        yield next(group for group in match.groups() if group)


def _name_stands(name: str, cited: Grounds) -> bool:
    parts = _HAN.findall(name) or [name]
    return all(cited.has(part) for part in parts)


def figures(folded: str) -> set[Decimal]:
    """The value of every figure in a text."""
    return {value for _, value in plain_figures(folded)}
