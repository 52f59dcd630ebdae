"""The last gate: nothing is said that does not stand on a cited line.

Deterministic, and the same for every answerer. Figures are compared by value (70.15万 is 701,500), dates by their day,
month and year, names and quoted titles as text; the cited lines must lie in the scope that was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from documents.dates import Day, find_dates
from documents.folding import fold
from documents.numerals import NUMBER, english_scale, read_number
from index.scope import Scope
from qa.answer import Citation

_TITLE = re.compile(r"《([^《》]+)》|“([^“”]+)”|「([^「」]+)」")
_SCALED = re.compile(r"\s*(?:余|多|来)?\s*([万亿])")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found wrong; nothing when ``passed``."""

    faults: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.faults


def check(stated: str, citations: Sequence[Citation], scope: Scope, *, derived: Sequence[Decimal] = ()) -> Verdict:
    """Hold what an answer states (without its quotes) against its cited lines.

    ``derived`` are results of arithmetic whose operands are stated and checked themselves.
    """
    cited = fold(" ".join(unwrapped(c.quote) for c in citations))
    text = fold(stated)
    faults = [
        f"{c.report_id} is outside the scope"
        for c in citations
        if scope.reports is not None and c.report_id not in scope.reports
    ]
    faults += [f"the date {shown} is not on the cited lines" for shown in _missing_dates(text, cited, citations)]
    numbers = figures(cited) | set(derived)
    faults += [
        f"the figure {shown} is not on the cited lines"
        for shown, value in _stated_figures(text)
        if value not in numbers
    ]
    plain = _bare(cited)
    for match in _TITLE.finditer(stated):
        title = next(g for g in match.groups() if g)
        if _bare(fold(title)) not in plain:
            faults.append(f"the title {title} is not on the cited lines")
    return Verdict(tuple(faults))


def names_stand(names: Sequence[str], citations: Sequence[Citation]) -> bool:
    """Whether each name occurs on the cited lines, blanks and quotation marks aside."""
    plain = _bare(fold(" ".join(unwrapped(c.quote) for c in citations)))
    return all(_bare(fold(name)) in plain for name in names)


def unwrapped(quote: str) -> str:
    """Physical lines as running text: a figure or a name cut by a line end is whole again."""
    return "".join(_glue(line.strip()) for line in quote.splitlines() if line.strip())


def _glue(line: str) -> str:
    return line + (" " if line[-1].isascii() and line[-1].isalpha() else "")


def _bare(text: str) -> str:
    return re.sub(r"[\s“”‘’《》「」\"'·•,，、]", "", text)


def figures(folded: str) -> set[Decimal]:
    """Every value a text states, each with and without a following 万 or million."""
    found: set[Decimal] = set()
    for match in NUMBER.finditer(folded):
        value = read_number(match[0])
        if value is None:
            continue
        found.add(value)
        scaled = _SCALED.match(folded, match.end())
        if scaled:
            found.add(value * {"万": 10**4, "亿": 10**8}[scaled[1]])
        found.add(value * english_scale(folded, match.end())[0])
    return found


def _stated_figures(text: str) -> list[tuple[str, Decimal]]:
    """Figures an answer states, as shown and by value; those inside dates are judged as dates."""
    dates = [(d.start, d.end) for d in find_dates(text)]
    stated = []
    for match in NUMBER.finditer(text):
        value = read_number(match[0])
        if value is None or any(s <= match.start() < e for s, e in dates) or not any(c.isdigit() for c in match[0]):
            continue
        scaled = _SCALED.match(text, match.end())
        factor = {"万": 10**4, "亿": 10**8}[scaled[1]] if scaled else english_scale(text, match.end())[0]
        stated.append((match[0], value * factor))
    return stated


def _missing_dates(text: str, cited: str, citations: Sequence[Citation]) -> list[str]:
    """Stated dates whose day, month or year no cited date (or the month a citation stands under) has."""
    known = [day for mention in find_dates(cited) for day in (mention.first, mention.last)]
    known += [Day(c.period.year, c.period.month) for c in citations if c.period]
    numbers = figures(cited)
    missing = []
    for mention in find_dates(text):
        for day in {mention.first, mention.last}:
            if not any(_agrees(day, other) for other in known) and not (
                day.month is None and Decimal(day.year or 0) in numbers
            ):
                missing.append(text[mention.start : mention.end])
                break
    return missing


def _agrees(stated: Day, known: Day) -> bool:
    """Every part that is stated and known is equal, and a stated day or month is known."""
    for mine, theirs in ((stated.day, known.day), (stated.month, known.month)):
        if mine is not None and mine != theirs:
            return False
    return stated.year is None or known.year is None or stated.year == known.year
