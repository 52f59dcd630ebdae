"""The lines an answer cites, read once: their text, figures, dates, and what their reports say of themselves.

Everything the check compares is read here, from the cited lines and nothing else. What a section says for its lines
(its year, its month, whether it tells plans) belongs to them; the words of neighbouring lines do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from documents.dates import DateMention, Day, find_dates
from documents.folding import fold
from qa.answer import Citation
from qa.checking.agreement import Figure, plain_figures, read_figures

_ENTRY = re.compile(r"^\s*[(（]?\d{1,2}(?:[)）、]|[.．](?!\d))(?=\s*[\u4e00-\u9fffA-Za-z“《])", re.MULTILINE)
_LOOSE = re.compile(r"[\s“”‘’《》〈〉「」『』\"'·•,，、:：.—–-]")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is on the cited lines. ``text`` is folded and unwrapped; ``heading`` the folded titles above the lines."""

    reports: frozenset[str]
    text: str
    heading: str
    figures: tuple[Figure, ...]
    days: tuple[Day, ...]
    years: frozenset[Decimal]

    @property
    def context(self) -> str:
        return f"{self.heading}\n{self.text}"

    def has(self, text: str) -> bool:
        """Whether a text stands on the lines, whatever blanks and marks stand between its characters."""
        return bare(fold(text)) in bare(self.text)

    def knows(self, day: Day) -> bool:
        """Whether a date, as far as it is stated, is one of the cited ones or of the section's own."""
        return any(_agrees(day, other) for other in self.days) or (
            day.month is None and Decimal(day.year or 0) in self.years
        )


def grounds_of(citations: Sequence[Citation]) -> Grounds:
    """The grounds of all citations together."""
    return _grounds(tuple(citations))


@lru_cache(maxsize=256)
def _grounds(citations: tuple[Citation, ...]) -> Grounds:
    quotes = [fold(unwrapped(_ENTRY.sub("", c.quote))) for c in citations]
    text = " ;\n".join(quotes)  # a mark between: no figure runs on from one citation into the next
    dates = find_dates(text)
    return Grounds(
        reports=frozenset(c.report_id for c in citations),
        text=text,
        heading=fold("\n".join(" ".join(c.section) for c in citations)),
        figures=tuple(read_figures(text, dates)),
        days=tuple(day for c, quote in zip(citations, quotes, strict=True) for day in _days(c, quote)),
        years=frozenset(value for _, value in plain_figures(text)),
    )


def _days(citation: Citation, quote: str) -> Iterator[Day]:
    """The dates on the cited lines and in the titles above them; the year of the section holds where one names none."""
    month = citation.period.month if citation.period else None
    mentions: list[DateMention] = [*find_dates(quote, month), *find_dates(fold("\n".join(citation.section)))]
    periods = [period for period in {citation.period, *citation.periods} if period]
    named = {day.year for mention in mentions for day in (mention.first, mention.last) if day.year}
    years: set[int | None] = {*named, *(period.year for period in periods)} or {None}
    for mention in mentions:
        for day in (mention.first, mention.last):
            yield from (Day(year, day.month, day.day) for year in ({day.year} if day.year else years))
    yield from (Day(period.year, period.month) for period in periods)


def _agrees(stated: Day, known: Day) -> bool:
    """Every part that is stated is equal; a year may stand alone or go unsaid, a day or a month never."""
    if any(mine is not None and mine != theirs for mine, theirs in zip(_in_year(stated), _in_year(known), strict=True)):
        return False
    return stated.year in (None, known.year) or (known.year is None and stated.month is not None)


def _in_year(day: Day) -> tuple[int | None, int | None]:
    return day.month, day.day


def unwrapped(quote: str) -> str:
    """Physical lines as running text: a figure or a name cut by a line end is whole again."""
    lines = [line.strip() for line in quote.splitlines() if line.strip()]
    return "".join(line + _glue(line, after) for line, after in zip(lines, [*lines[1:], ""], strict=False))


def _glue(line: str, after: str) -> str:
    """A blank between words in Latin letters, and between a number and such a word (24 November)."""
    latin = line[-1].isascii() and (
        line[-1].isalpha() or (line[-1].isdigit() and after[:1].isascii() and after[:1].isalpha())
    )
    return " " if latin else ""


def bare(text: str) -> str:
    """Text as it is compared: without blanks, quotation marks and the points that divide names."""
    return _LOOSE.sub("", text)


def without(names: Sequence[str], folded: str) -> str:
    """A folded text without the names themselves: the 101 of 北京市第101中学 counts nothing."""
    for name in sorted(map(fold, names), key=len, reverse=True):
        folded = folded.replace(name, " ") if len(name) > 2 else folded
    return folded
