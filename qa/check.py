"""The last gate: nothing is said that does not stand on a cited line.

Deterministic, and the same for every answerer. Figures are compared by value (70.15万 is 701,500, and 70.15 is not),
dates by their day, month and year, names and quoted titles as text; the cited lines must lie in the scope that was
asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from documents.dates import DateMention, Day, find_dates
from documents.folding import fold
from documents.numerals import NUMBER, english_scale, read_number
from documents.report import Period
from index.scope import Scope
from qa.answer import Citation
from qa.measures import find_measures

_TITLE = re.compile(r"《([^《》]+)》|“([^“”]+)”|「([^「」]+)」")
_SCALED = re.compile(r"\s*(?:余|多|来)?\s*([万亿])")
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
    cited = fold(" ".join(unwrapped(c.quote) for c in citations))
    text = fold(stated)
    numbers = {value for _, value in _outside_dates(cited)} | set(derived)
    faults = [
        *(f"{c.report_id} {c.lines} is outside the scope" for c in citations if not _within(c, scope)),
        *(f"the date {shown} is not on the cited lines" for shown in _missing_dates(text, citations)),
        *(
            f"the figure {shown} is not on the cited lines"
            for shown, value in _stated_figures(text)
            if value not in numbers
        ),
        *(f"the title {title} is not on the cited lines" for title in _titles(stated) if not _stands(title, cited)),
        *(f"the name {name} is not on the cited lines" for name in names if not _name_stands(name, cited)),
    ]
    return Verdict(tuple(faults))


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


def _titles(stated: str) -> Iterator[str]:
    for match in _TITLE.finditer(stated):
        yield next(group for group in match.groups() if group)


def _stands(text: str, cited: str) -> bool:
    return _bare(fold(text)) in _bare(cited)


def _name_stands(name: str, cited: str) -> bool:
    parts = _HAN.findall(name) or [name]
    return all(_stands(part, cited) for part in parts)


def unwrapped(quote: str) -> str:
    """Physical lines as running text: a figure or a name cut by a line end is whole again."""
    return "".join(_glue(line.strip()) for line in quote.splitlines() if line.strip())


def _glue(line: str) -> str:
    return line + (" " if line[-1].isascii() and line[-1].isalpha() else "")


def _bare(text: str) -> str:
    return re.sub(r"[\s“”‘’《》「」\"'·•,，、]", "", text)


def figures(folded: str) -> set[Decimal]:
    """The value of every figure in a text; one with 余万 or million after it counts with that, not without."""
    return {value for _, value in _figures(folded)}


def _figures(folded: str) -> Iterator[tuple[re.Match[str], Decimal]]:
    for match in NUMBER.finditer(folded):
        value = read_number(match[0])
        if value is not None:
            scaled = _SCALED.match(folded, match.end())
            factor = {"万": 10**4, "亿": 10**8}[scaled[1]] if scaled else english_scale(folded, match.end())[0]
            yield match, value * factor


def _stated_figures(text: str) -> list[tuple[str, Decimal]]:
    """Figures an answer states, as shown and by value; those inside dates are judged as dates.

    Numerals in words (三十对, thirty pairs) are figures where a unit follows; 三 in a name is none.
    """
    counted = {measure.start for measure in find_measures(text)}
    return [
        (match[0], value)
        for match, value in _outside_dates(text)
        if match.start() in counted or any(character.isdigit() for character in match[0])
    ]


def _outside_dates(text: str) -> Iterator[tuple[re.Match[str], Decimal]]:
    """Figures that are no part of a date: the 5 of 5月3日 is not five of anything."""
    dates = find_dates(text)
    for match, value in _figures(text):
        if not any(date.start <= match.start() < date.end for date in dates):
            yield match, value


def _missing_dates(text: str, citations: Sequence[Citation]) -> list[str]:
    """Stated dates whose day, month or year no cited date (or the month a citation stands under) has."""
    known = [day for citation in citations for day in _known_days(citation)]
    years = {value for c in citations for value in figures(fold(unwrapped(c.quote)))}
    return [
        text[mention.start : mention.end]
        for mention in find_dates(text)
        if not all(_is_known(day, known, years) for day in (mention.first, mention.last))
    ]


def _known_days(citation: Citation) -> Iterator[Day]:
    """The dates on the cited lines; where they name no year, that of the section they stand in holds."""
    mentions: list[DateMention] = find_dates(fold(unwrapped(citation.quote)))
    stated = {day.year for mention in mentions for day in (mention.first, mention.last) if day.year}
    year = citation.period.year if citation.period and not stated else None
    for mention in mentions:
        for day in (mention.first, mention.last):
            yield Day(day.year or year, day.month, day.day)
    if citation.period:
        yield Day(citation.period.year, citation.period.month)


def _is_known(day: Day, known: Sequence[Day], years: set[Decimal]) -> bool:
    return any(_agrees(day, other) for other in known) or (day.month is None and Decimal(day.year or 0) in years)


def _agrees(stated: Day, known: Day) -> bool:
    """Every part that is stated and known is equal, and a stated day or month is known."""
    for mine, theirs in ((stated.day, known.day), (stated.month, known.month)):
        if mine is not None and mine != theirs:
            return False
    return stated.year is None or known.year is None or stated.year == known.year
