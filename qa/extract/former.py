"""What a report tells of the year before right beside its own figure: 进馆112.6万人次，上年同期为68.4万人次.

Annual reports hold this year against the last in passing, with the former figure or with the change alone (展览32场，
同比减少3场). Either is the report's own word on the year before, so neither needs a report of that year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.extract.evidence import Candidate
from qa.extract.finding import Finding, Value, sentence_text, support_of
from qa.extract.numbers import measure_of, unit_factor
from qa.extract.operands import Choice, Pool
from qa.extract.sides import Part
from qa.extract.years import year_of
from qa.measures import Measure
from qa.saying.wording import figure
from qa.scan import Scan, Span
from qa.understanding.wanted import Wanted

_SINCE = re.compile(
    r"[)）]?\s*[,，(（]?\s*(?:同比|[比较](?:上一?年|去年|前一年|(?:19|20)\d{2}\s*年)(?:同期|[年同]?[末底])?)(?:净|有所)?"
    r"(?:(?P<more>增加|增长|增多|上升|提高|扩大|多|高|增)|(?P<fewer>减少|下降|降低|缩减|缩小|少|低|减))了?\s*"
)
_SINCE_EN = re.compile(
    r"[a-z ]{0,24}[,(]?\s*(?:(?:an? )?(?:(?P<more>up|rise|increase|gain)|(?P<fewer>down|fall|decrease|drop))"
    r"(?: of| by)?)\s*"
)
_THAN_BEFORE = re.compile(
    r"[^.,;]{0,30}\b(?:on|from|over|than)(?: in)? (?:the (?:previous|year)|last year|(?:19|20)\d{2})"
)

_FITS = 0.8  # how a unit fits


@dataclass(frozen=True, slots=True)
class Change:
    """How much a figure grew (``more``) or fell since the year before."""

    measure: Measure
    more: bool


def change_since(scanned: Scan, measure: Measure) -> Change | None:
    """The change that is told right behind a figure, since the year before."""
    after = next((m for m in scanned.measures if m.start >= measure.end), None)
    if after is None:
        return None
    if told := _SINCE.fullmatch(scanned.folded, measure.end, after.start):
        return Change(after, told["more"] is not None)
    told = _SINCE_EN.fullmatch(scanned.folded, measure.end, after.start)
    return Change(after, told["more"] is not None) if told and _THAN_BEFORE.match(scanned.folded, after.end) else None


def figure_in(scanned: Scan, measure: Measure, year: int) -> Measure | None:
    """The figure for another year that the same sentence gives beside one, for the same thing."""
    end = scanned.sentence_at(measure.start).end
    later = (m for m in scanned.measures if measure.end <= m.start < end)
    for other in later:
        if other.kind == measure.kind:
            return other if year_of(scanned, other) == year else None
    return None


def both_told(pool: Pool, parts: Sequence[Part]) -> Choice | None:
    """Two years' figures from one sentence of the later year's report; None where it does not tell both."""
    years = _years(parts)
    if not years:
        return None
    place = years.index(max(years))
    for candidate, score in pool.best(parts[place], most=1):
        other = figure_in(candidate.scan, measure_of(candidate), min(years))
        if other is not None:
            former = replace(candidate, span=Span(other.start, other.end), score=score)
            return Choice((former, candidate) if place else (candidate, former), tuple(parts), score)
    return None


def change_told(pool: Pool, parts: Sequence[Part], wanted: Wanted, language: str) -> Finding | None:
    """The change since the year before as the later year's report states it, in the unit asked for."""
    years = _years(parts)
    if not years or max(years) - min(years) != 1:
        return None
    for candidate, _ in pool.best(parts[years.index(max(years))], most=1):
        change = change_since(candidate.scan, measure_of(candidate))
        if change is not None and unit_factor(change.measure, wanted)[1] >= _FITS:
            return _stated(candidate, change, language)
    return None


def _years(parts: Sequence[Part]) -> list[int]:
    """The two years held against each other; empty where it is not two years of the same reports."""
    scopes = [part.scope for part in parts if part.scope and not part.scope.months and len(part.scope.years) == 1]
    years = [year for scope in scopes for year in scope.years]
    return years if len(parts) == len(set(years)) == 2 and len({scope.reports for scope in scopes}) == 1 else []


def _stated(candidate: Candidate, change: Change, language: str) -> Finding:
    """``减少3场``, ``3 fewer``."""
    told = replace(candidate, span=Span(change.measure.start, change.measure.end))
    text = candidate.scan.chunk.text[change.measure.start : change.measure.end]
    amount = figure(change.measure, text, language)
    words = ("增加", "more") if change.more else ("减少", "fewer")
    short = f"{words[0]}{amount}" if language == "zh" else f"{amount} {words[1]}"
    sentence = sentence_text(told.scan, told.span)
    return Finding(short, (Value(short, support_of(told)),), 0.8, sentence=sentence, candidates=(candidate,))
