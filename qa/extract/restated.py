"""The same thing given another value elsewhere in its report: both are shown, each with its lines.

A false conflict is worse than none, so two statements count as one told twice only where their own words agree, not
merely where the question's words speak for both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from qa.extract.aspects import labels, told, year_of
from qa.extract.dates import date_of
from qa.extract.evidence import Candidate
from qa.extract.numbers import measure_of
from qa.measures import Measure, same_value

_SURE = 0.6  # share of the terms
_RESTATED = 0.62  # of the best score
_SAID_TOO = 0.7  # share of the terms that speak for the first date too
_NEAR_ENOUGH = 0.6  # of the best score
_CLOSE, _CLOSE_ENOUGH = Decimal("1.1"), 0.5  # values this close restate each other from a poorer sentence too
_WIDE, _STILL_SAID, _MOSTLY = Decimal("1.25"), 0.2, 0.75  # values this far apart: where most terms speak for both
_CORRECTS = re.compile(r"应为|实为|更正|复核|勘误|修正为|\bcorrect(?:ed|ion)\b|\brevised\b")
_ALIKE = 0.5  # share of bigrams of the words around two figures


def other_figures(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same thing given another value elsewhere: one candidate for each value.

    Same report and class of unit, another sentence, much the same words right around the figure, and a value within a
    factor of two and a half; figures that only round each other are the same value. The nearer the values, the less the
    other sentence has to repeat of the question (注册志愿者298名, elsewhere 在册志愿者312名); a correction goes first.
    """
    if not candidates or candidates[0].coverage < 0.6:
        return []
    best = candidates[0]
    found: list[Candidate] = []
    for other in candidates[1:]:
        if other.score < _CLOSE_ENOUGH * best.score:
            break
        if _restates(best, other) and not any(_same(measure_of(other), measure_of(c)) for c in [best, *found]):
            found.append(other)
    return sorted(found, key=lambda c: not _CORRECTS.search(_sentence(c)))[:2]


def _sentence(candidate: Candidate) -> str:
    around = candidate.scan.sentence_at(candidate.span.start)
    return candidate.scan.folded[around.start : around.end]


def _restates(best: Candidate, other: Candidate) -> bool:
    one, two = measure_of(best), measure_of(other)
    if other.report_id != best.report_id or not _one_kind(best, other) or not one.value or not two.value:
        return False
    if _other_cell(best, other) or _year(best) != _year(other):
        return False
    if other.scan is best.scan and other.span.start in best.scan.sentence_at(best.span.start):
        return False
    ratio = max(one.value, two.value) / min(one.value, two.value)
    if _narrowed(best, other):
        return False
    if other.score < _NEAR_ENOUGH * best.score and (ratio > _CLOSE or one.kind == "percent"):
        return False
    if ratio > _WIDE and _said_too(best, other) < _MOSTLY:
        return False
    alike = _alike(_around(best), _around(other)) >= _ALIKE or _spoken_alike(best, other)
    return ratio <= Decimal("2.5") and alike


def _said_too(best: Candidate, other: Candidate) -> float:
    """Of the terms that speak for the best, the share that still speak for the other."""
    strong = [(a, b) for a, b in zip(best.votes, other.votes, strict=True) if a >= 0.5]
    return sum(1 for a, b in strong if b >= _STILL_SAID * a) / len(strong) if strong else 1.0


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


def other_days(found: Sequence[Candidate]) -> list[Candidate]:
    """Other days that another section gives for the same thing."""
    best = found[0]
    first = date_of(best).first
    others: list[Candidate] = []
    for other in found[1:]:
        day = date_of(other).first
        if first.day is None or day.day is None or best.coverage < _SURE or other.score < _RESTATED * best.score:
            continue
        said = {(d.first.month, d.first.day) for d in (date_of(c) for c in [best, *others])}
        elsewhere = other.report_id == best.report_id and other.scan.chunk.heading != best.scan.chunk.heading
        if elsewhere and (day.month, day.day) not in said and _shared(best, other) >= _SAID_TOO:
            others.append(other)
    return others[:1]


def _shared(best: Candidate, other: Candidate) -> float:
    """Of the terms that speak for the best, the share that speak for the other nearly as strongly."""
    strong = [(a, b) for a, b in zip(best.votes, other.votes, strict=True) if a >= 0.5]
    return sum(1 for a, b in strong if b >= 0.6 * a) / len(strong) if strong else 0.0
