"""The same thing given another value elsewhere in its report: both are shown, each with its lines.

A false conflict is worse than none, so two statements count as one told twice only where their own words agree, not
merely where the question's words speak for both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from qa.extract.aspects import labels, told
from qa.extract.dates import date_of
from qa.extract.evidence import Candidate
from qa.extract.numbers import measure_of
from qa.extract.words import TELLS, sort_of
from qa.extract.years import year_of
from qa.measures import Measure, same_value
from qa.understanding.question import Question

_CLOSE, _CLOSE_ENOUGH = Decimal("1.12"), 0.5  # values this close restate each other from a poorer sentence too
_SLIP_ENOUGH = 0.35  # of the best score, where the digits are the same
_WIDE, _NEAR_ENOUGH = Decimal("1.25"), 0.6
_FARTHEST = Decimal("2.5")
_AS_STRONGLY, _STILL_SAID = 0.6, 0.2  # of a word's vote
_HALF, _SAID, _MOSTLY = 0.5, 0.6, 0.75  # share of what the words tell
_CORRECTS = re.compile(r"应为|实为|更正|复核|勘误|修正为|\bcorrect(?:ed|ion)\b|\brevised\b")
_ALIKE, _THE_SAME = 0.5, 0.75  # share of bigrams of the words around two figures
_SPEAKS = 0.5  # vote
_ASPECTS = frozenset({"mean", "change", "house", "motion", "stock", "once", "part of year", "so far"})
_RESTATED = 0.62  # of the best date's score
_DAYS_APART = 10


def other_figures(
    question: Question, candidates: Sequence[Candidate], *, of_an_operand: bool = False
) -> list[Candidate]:
    """The same thing given another value elsewhere in its report: one candidate for each value.

    Values within an eighth of each other are seldom two things, so there the other sentence may repeat less of the
    question (注册志愿者298名, elsewhere 在册志愿者312名); the farther apart, the more alike the statements must be.
    Figures that only round each other are the same value; a correction goes first. The words of an operand are few, so
    there only a value that close counts.
    """
    if not candidates or candidates[0].coverage < 0.6:
        return []
    best = candidates[0]
    found: list[Candidate] = []
    for other in candidates[1:]:
        slipped = _transposed(measure_of(best).value, measure_of(other).value)
        if other.score < (_SLIP_ENOUGH if slipped else _CLOSE_ENOUGH) * best.score:
            continue
        known = any(_same(measure_of(other), measure_of(c)) for c in [best, *found])
        farthest = _CLOSE if of_an_operand else _FARTHEST
        if not known and _of_the_same(question, best, other) and _as_likely(question, best, other, farthest):
            found.append(other)
    return sorted(found, key=lambda c: not _CORRECTS.search(_sentence(c)))[:2]


def _sentence(candidate: Candidate) -> str:
    around = candidate.scan.sentence_at(candidate.span.start)
    return candidate.scan.folded[around.start : around.end]


def _of_the_same(question: Question, best: Candidate, other: Candidate) -> bool:
    """Nothing tells the two figures apart: report, unit, cell, year, part of the year, aspect, or a name asked for."""
    if other.report_id != best.report_id or not _one_kind(best, other) or _other_cell(best, other):
        return False
    if _year(best) != _year(other) or _part_of_year(best) != _part_of_year(other):
        return False
    if other.scan is best.scan and other.span.start in best.scan.sentence_at(best.span.start):
        return False
    if _narrowed(best, other) and not _transposed(measure_of(best).value, measure_of(other).value):
        return False
    return not _another_aspect(best, other) and _names_speak(question, best, other)


def _as_likely(question: Question, best: Candidate, other: Candidate, farthest: Decimal) -> bool:
    """The statements are as alike as values so far apart must be."""
    one, two = measure_of(best), measure_of(other)
    if not one.value or not two.value:
        return False
    ratio = max(one.value, two.value) / min(one.value, two.value)
    if _transposed(one.value, two.value):
        return _said_too(question, best, other, least=_STILL_SAID) >= _HALF
    if one.kind == "percent" or ratio > farthest:
        return False  # rates of growth are all worded alike
    if ratio <= _CLOSE:
        said = _said_too(question, best, other)
        return said >= _SAID or (said > 0 and (_is_total(best) or _is_total(other)))
    alike, said = _alike(_around(best), _around(other)), _said_too(question, best, other, least=_STILL_SAID)
    if other.score < _NEAR_ENOUGH * best.score or said < _MOSTLY:
        return False
    if ratio <= _WIDE:
        return alike >= _ALIKE or _spoken_alike(best, other)
    return alike >= _THE_SAME or (alike >= _ALIKE and _spoken_alike(best, other))


def _transposed(one: Decimal, two: Decimal) -> bool:
    """The same digits in another order: 1286 and 1268 are one figure with a slip."""
    digits = [str(value.normalize()).replace(".", "").rstrip("0") for value in (one, two)]
    return one != two and len(digits[0]) > 1 and sorted(digits[0]) == sorted(digits[1])


def _is_total(candidate: Candidate) -> bool:
    """A table's row of totals leaves unsaid what it is the total of."""
    return dict(candidate.features).get("row", 0.0) > 1.0


def _part_of_year(candidate: Candidate) -> frozenset[int]:
    return candidate.scan.part_of_year_at(candidate.span.start)


def _another_aspect(best: Candidate, other: Candidate) -> bool:
    """The other is of an aspect not asked for (the mean, loans for returns), which the best is not."""
    one, two = dict(best.features), dict(other.features)
    return any(two.get(name, 1.0) < min(1.0, one.get(name, 1.0)) for name in _ASPECTS)


def _names_speak(question: Question, best: Candidate, other: Candidate) -> bool:
    """A name that speaks for the best speaks for the other too: two book bars hold books, each its own."""
    return all(
        b >= _AS_STRONGLY * a
        for term, a, b in zip(question.terms, best.votes, other.votes, strict=False)
        if a >= _SPEAKS and sort_of(term, question) == "name"
    )


def _said_too(question: Question, best: Candidate, other: Candidate, *, least: float = _AS_STRONGLY) -> float:
    """Of what the terms that speak for the best have to tell, the share that is told of the other too."""
    strong = [
        (TELLS[sort_of(term, question)], b >= least * a)
        for term, a, b in zip(question.terms, best.votes, other.votes, strict=False)
        if a >= _SPEAKS
    ]
    return sum(tells for tells, too in strong if too) / sum(tells for tells, _ in strong) if strong else 1.0


def _year(candidate: Candidate) -> int | None:
    period = candidate.scan.chunk.period
    return year_of(candidate.scan, measure_of(candidate)) or (period.year if period else None)


def _one_kind(best: Candidate, other: Candidate) -> bool:
    """Of one class of unit; a table's bare figure has the unit of its column."""
    one, two = measure_of(best), measure_of(other)
    bare = not one.unit or not two.unit
    return one.kind == two.kind or (bare and bool(told(best.scan, one)) != bool(told(other.scan, two)))


def _other_cell(best: Candidate, other: Candidate) -> bool:
    """Two cells of a table are two things; a cell restates running text when all its labels are asked for."""
    one, two = (frozenset(labels(c.scan, measure_of(c))) for c in (best, other))
    if one and two:
        return one != two
    return any(dict(c.features).get("row", 1.0) < 1.0 for c in (best, other))


_QUALIFIER = re.compile(
    r"第.{1,3}(?:批|期|季)|首批|新[建增开](?!.{0,2}图书)|新的|其中(?!的)|部分|剩余|另外?|new|first|second|of which"
)


def _narrowed(best: Candidate, other: Candidate) -> bool:
    """A qualifier beside one of the figures that the other lacks (第二批18座, 新建13家): they count other things."""
    return set(_QUALIFIER.findall(_near(best))) != set(_QUALIFIER.findall(_near(other)))


def _near(candidate: Candidate) -> str:
    start = max(candidate.scan.sentence_at(candidate.span.start).start, candidate.span.start - 14)
    return (
        re.split(r"[，,；;、。]", candidate.scan.folded[start : candidate.span.start])[-1]
        + candidate.scan.folded[candidate.span.end : candidate.span.end + 2]
    )


def _spoken_alike(best: Candidate, other: Candidate) -> bool:
    """Every term that speaks for the one speaks for the other too, nearly as strongly."""
    close = all(b >= 0.6 * a for a, b in zip(best.votes, other.votes, strict=True) if a >= 0.4)
    return close and best.coverage >= 0.65 and other.score >= 0.72 * best.score


def _same(one: Measure, other: Measure) -> bool:
    if same_value(one.value, other.value):
        return True
    small, large = sorted((one, other), key=lambda m: m.value)
    return bool(
        re.match(r"余|多|超|逾|突破|近|约|more|over|about|nearly", small.modifier or large.modifier)
    ) and large.value <= small.value * Decimal("1.1")


def _around(candidate: Candidate) -> str:
    """The words of a figure's stretch: back to the last punctuation or figure, on to the next punctuation."""
    scanned, span = candidate.scan, candidate.span
    ends = [m.end for m in scanned.measures if m.end <= span.start]
    start = max(
        [*ends, *(m.end() for m in re.finditer(r"[，,。；;、\n:：】]", scanned.folded[: span.start]))], default=0
    )
    stop = re.compile(r"[，,。；;、\n:：(]|$").search(scanned.folded, span.end)
    words = scanned.folded[start : span.start] + scanned.folded[span.end : stop.start() if stop else None]
    return re.sub(r"共|全年|其中|了|的|累计|总计|\s", "", words)


def _alike(one: str, other: str) -> float:
    """Shared bigrams over those of the shorter text."""
    first, second = ({t[i : i + 2] for i in range(len(t) - 1)} for t in (one, other))
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def other_days(question: Question, found: Sequence[Candidate]) -> list[Candidate]:
    """Another day that another section gives for the same thing, days or one month off."""
    best = found[0]
    for other in found[1:]:
        elsewhere = other.report_id == best.report_id and other.scan.chunk.heading != best.scan.chunk.heading
        if best.coverage < _HALF or other.score < _RESTATED * best.score or not elsewhere:
            continue
        if _slipped(best, other) and _said_too(question, best, other) >= _SAID and _names_speak(question, best, other):
            return [other]
    return []


def _slipped(best: Candidate, other: Candidate) -> bool:
    """Two different days at most ten apart, or the same day of the month before or after."""
    (month, day), (month_2, day_2) = _day(best), _day(other)
    if not (month and day and month_2 and day_2) or (month, day) == (month_2, day_2):
        return False
    apart = abs((month - month_2) * 30 + day - day_2)
    return apart <= _DAYS_APART or (day == day_2 and abs(month - month_2) == 1)


def _day(candidate: Candidate) -> tuple[int | None, int | None]:
    """Month and day; a chronicle's bare day is of the month it stands under."""
    first, period = date_of(candidate).first, candidate.scan.chunk.period
    return first.month or (period.month if period else None), first.day
