"""Whether a model's value may stand as the answer to this question.

The check proves that what is said stands on the cited lines; it cannot prove that those lines answer the question. A
model may quote a true figure of something else. So its value is believed where the built-in evidence points to it too:
where it is the built-in's own, or, where that is unsure, a rival nearly as well supported; and where the built-in
answerer found nothing, only on a line that speaks of everything the question names. A model that has earned belief
(`record`) is taken at its word: then it is enough that a sentence which passed the check says the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations

from documents.dates import DateMention, Day, find_dates
from documents.folding import fold
from qa.checking.check import figures
from qa.drawn import Drawn
from qa.extract.entities import named_things
from qa.extract.evidence import Candidate, missing_weight
from qa.extract.finding import Support
from qa.extract.fit import fit_of
from qa.extract.focus import focus_of
from qa.extract.numbers import unit_factor
from qa.llm.statements import Statement
from qa.scan import Scan
from qa.understanding.directory import Directory
from qa.understanding.kinds import Kind

_NEARLY = 0.9  # of the best candidate's score
_UNSURE = 0.68  # a best candidate that covers less of the question may be wrong about it
_SPOKEN_FOR = 0.75  # of the question, by a single line, where the built-in answerer found nothing
_AS_RELEVANT = 0.8  # of the best line's score, for prose without a value
_NAMED = 0.3  # a term with less than this of a vote is not spoken of
_SPECIFIC = 0.5  # terms that would weigh as much when missing: names and nouns
_FITS = 0.5
_NAMES = frozenset({Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.NAME})
VALUED = _NAMES | {Kind.NUMBER, Kind.DATE, Kind.CALC, Kind.COMPARE}
ARITHMETIC = frozenset({Kind.CALC, Kind.COMPARE})
_YES = re.compile(r"^(?:是|有|yes\b|对)")
_NO = re.compile(r"^(?:否|不|没|no\b)")
_BARE = re.compile(r"[\s“”‘’《》「」\"'·•,，、。.()（）:：-]")


class Standing:
    """The measure of one question: what may be its value, and which lines must be cited for it."""

    def __init__(self, drawn: Drawn, given: Sequence[Statement], directory: Directory, *, believed: bool = False):
        self.believed = believed
        self._drawn = drawn
        self._given = given
        self._directory = directory
        self._kind = drawn.question.kind
        self._best = max((s.score for s in given), default=0.0)

    @property
    def open(self) -> bool:
        """Whether a model may answer at all: arithmetic and periods that the built-in cannot prove, nobody can."""
        unproved = self._drawn.answer.abstained and self._kind in ARITHMETIC | {Kind.EVENTS}
        return self.believed or not unproved

    def admits(self, value: str) -> bool:
        """Whether a value, known before any sentence, can still become the answer. An empty one always can."""
        if not value or self.believed or self._drawn.answer.abstained:
            return self.open
        return self.is_builtin(value) or self._rival(value) is not None

    def is_builtin(self, value: str) -> bool:
        """Whether a value says what the built-in answer says; where either has none, nothing is said against it."""
        short = self._drawn.answer.short
        if not short or not value or self._kind is Kind.LIST:
            return True
        part = self._kind in _NAMES and _contained(fold(value), fold(short))
        return part or same_value(value, short, self._directory)

    def concerns(self, cited: Sequence[Statement]) -> bool:
        """Whether lines are of the reports that the built-in value comes from: one value, one report's."""
        reports = {support.report_id for support in supports_of(self._drawn)}
        return (
            self.believed
            or self._kind not in VALUED
            or not reports
            or all(s.support.report_id in reports for s in cited)
        )

    def grounds(self, value: str, text: str, cited: Sequence[Statement]) -> bool:
        """Whether a sentence that passed the check bears the value, and does it from lines that may bear it."""
        if self.believed and value:
            follows = self._kind in ARITHMETIC and self._follows(value, cited)
            return follows or (said(value, text) and not self._dates(value, cited))
        if self._drawn.answer.abstained:
            return self.believed or any(self._speaks_of_all(s) and self._carries(s, value) for s in cited)
        short = self._drawn.answer.short
        if short and self._kind in VALUED:
            if not self.is_builtin(value):
                rival = self._rival(value)
                return rival is not None and any(s.holds(rival.scan, rival.span) for s in cited)
            if not value:
                return said(short, text)  # it claims no value: then a sentence must
            return self._cites_finding(cited) or any(said(short, t) for t in (text, *(s.text for s in cited)))
        return any(s.score >= _AS_RELEVANT * self._best for s in cited)

    def _cites_finding(self, cited: Sequence[Statement]) -> bool:
        return any(s.within(own) for s in cited for own in supports_of(self._drawn))

    def _rival(self, value: str) -> Candidate | None:
        """The candidate with this value, where the best one is no sure thing and this one nearly as good."""
        found = self._drawn.candidates
        if self._kind in ARITHMETIC or not found or found[0].coverage >= _UNSURE:
            return None
        near = (c for c in found if c.score >= _NEARLY * found[0].score)
        return next((c for c in near if _says(c, value)), None)

    def _speaks_of_all(self, statement: Statement) -> bool:
        """Whether a line speaks for nearly the whole question, and for each of its names and nouns."""
        question = self._drawn.question
        told = zip(question.terms, statement.votes, strict=False)
        specific = (vote for term, vote in told if missing_weight(term, question.text) >= _SPECIFIC)
        return statement.score >= _SPOKEN_FOR and all(vote >= _NAMED for vote in specific)

    def _dates(self, value: str, cited: Sequence[Statement]) -> bool:
        """Whether what is given for a number stands on the lines as a date only: a year counts nothing."""
        numbers = figures(fold(value))
        stated = (m.value for s in cited for m in s.support.scan.measures if m.start in s.span)
        return self._kind is Kind.NUMBER and bool(numbers) and numbers.isdisjoint(stated)

    def _follows(self, value: str, cited: Sequence[Statement]) -> bool:
        """Whether a value can be worked out of the cited lines; as the name of a library, is that of one of them."""
        lines = " ".join(s.text for s in cited)
        numbers = figures(fold(value))
        named = {r for mention in self._directory.find(fold(value)) for r in mention.reports}
        return numbers <= results(lines, lines) if numbers else any(s.support.report_id in named for s in cited)

    def _carries(self, statement: Statement, value: str) -> bool:
        """Whether a line holds the value as a thing of the kind asked for."""
        question, scanned, span = self._drawn.question, statement.support.scan, statement.span
        if self._kind is Kind.NUMBER:
            numbers = figures(fold(value))
            inside = [m for m in scanned.measures if m.start in span]
            return any(m.value in numbers and unit_factor(m, question.wanted)[1] >= _FITS for m in inside)
        if self._kind is Kind.DATE:
            days = [_day(mention) for mention in find_dates(fold(value))]
            return any(_day(d) in days for d in scanned.dates if d.start in span)
        if self._kind in _NAMES:
            focus = focus_of(question)
            return any(
                fit_of(focus, scanned, t) >= _FITS
                for t in named_things(scanned)
                if _names(scanned, t.start, t.end, value)
            )
        return self.open


def supports_of(drawn: Drawn) -> list[Support]:
    """What the built-in finding stands on."""
    finding = drawn.finding
    return [value.support for value in (*finding.values, *finding.others)] if finding else []


def same_value(one: str, other: str, directory: Directory) -> bool:
    """Whether two short answers say the same: figures by value, dates by day, libraries by report, else as text.

    >>> same_value("104,286 volumes", "104286册", Directory(())), same_value("32座", "34座", Directory(()))
    (True, False)
    """
    first, second = fold(one), fold(other)
    if bool(_YES.match(first)) != bool(_YES.match(second)) or bool(_NO.match(first)) != bool(_NO.match(second)):
        return False
    days = [{end for mention in find_dates(text) for end in _day(mention)} for text in (first, second)]
    if any(days):
        return bool(days[0]) and all(any(_agree(a, b) for b in days[1]) for a in days[0])
    numbers = [figures(text) for text in (first, second)]
    if any(numbers):
        return len(numbers[0]) == len(numbers[1]) and all(any(_rounds(a, b) for b in numbers[1]) for a in numbers[0])
    reports = [{r for m in directory.find(text) for r in m.reports} for text in (first, second)]
    return bool(reports[0] and reports[0] == reports[1]) or _contained(first, second)


def _day(mention: DateMention) -> tuple[Day, Day]:
    return mention.first, mention.last


def _agree(one: Day, other: Day) -> bool:
    """Equal day and month, and equal year where both have one."""
    years = one.year is None or other.year is None or one.year == other.year
    return years and (one.month, one.day) == (other.month, other.day)


def _rounds(one: Decimal, other: Decimal) -> bool:
    """Equal, or one is the other rounded: 95.4 of 95.41, and 1,830,000 of 1,830,755."""
    coarse = min((one, other), key=lambda value: len(value.normalize().as_tuple().digits)).normalize()
    exponent = coarse.as_tuple().exponent
    if one == other or not isinstance(exponent, int) or (exponent > 0 and len(coarse.as_tuple().digits) < 3):
        return one == other
    return abs(one - other) <= Decimal(10) ** exponent / 2


def _contained(one: str, other: str) -> bool:
    """One text is a part of the other that says something by itself: 兔儿灯 of 中秋兔儿灯."""
    short, long = sorted((_BARE.sub("", one), _BARE.sub("", other)), key=len)
    return short in long and len(short) >= (4 if short.isascii() else 2)


def said(value: str, text: str) -> bool:
    """Whether a text says a value: its figures, else its words."""
    numbers = figures(fold(value))
    if numbers:
        return numbers <= figures(fold(text))
    return _BARE.sub("", fold(value)) in _BARE.sub("", fold(text)) or any(
        part in text for part in re.findall(r"[\u4e00-\u9fff]{2,}", value)
    )


def _says(candidate: Candidate, value: str) -> bool:
    """Whether a candidate is the value: the figure, date or name at its place."""
    scanned, span = candidate.scan, candidate.span
    written = scanned.chunk.text[span.start : span.end]
    measure = next((m for m in scanned.measures if m.start == span.start), None)
    if measure is not None:
        return measure.value in figures(fold(value))
    return same_value(value, written, Directory(()))


def _names(scanned: Scan, start: int, end: int, value: str) -> bool:
    there = _BARE.sub("", scanned.folded[start:end])
    return bool(there) and there in _BARE.sub("", fold(value))


def results(text: str, cited: str) -> set[Decimal]:
    """What follows by arithmetic from the figures that a sentence states and its cited lines hold.

    >>> sorted(results("32座减20座，多12座", "有32座；有20座"))[:2]
    [Decimal('0.62'), Decimal('0.625')]
    """
    operands = sorted(figures(fold(text)) & figures(fold(cited)))[:6]
    found = {sum(operands, Decimal(0))} if len(operands) > 1 else set()
    for one, other in permutations(operands, 2):
        found |= {one + other, abs(one - other)}
        if other:
            ratio = one / other
            found |= {r for q in (ratio, ratio * 100, (ratio - 1) * 100, abs(1 - ratio) * 100) for r in _rounded(q)}
    return found


def _rounded(value: Decimal) -> Iterator[Decimal]:
    yield value
    for places in ("1", "0.1", "0.01"):
        yield value.quantize(Decimal(places)).normalize() + 0
