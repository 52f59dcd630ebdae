"""What a figure is beside its value, and what the question wants it to be.

Two figures can be spoken for by the same words and still be different things: the mean and the total, the state before
a change and after it, the main building and the whole network, loans and returns, last year's and this year's. The
words that tell them apart stand right beside the figure; so each aspect is read there, and once in the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from documents.dates import find_quarters
from documents.folding import fold
from documents.tables import is_period
from qa.extract.evidence import Evidence
from qa.extract.years import changes, year_of
from qa.measures import Measure
from qa.scan import Scan, Span
from qa.understanding.cues import cue
from qa.understanding.kinds import Operation
from qa.understanding.question import Question

_OTHER_ASPECT = 0.55  # the mean where the total is asked, the network where the building is
_OTHER_YEAR = 0.4
_NO_YEAR = 0.3  # a figure without a year of its own, in a report on another year
_SAME_ASPECT = 1.08
_SAME_MOTION = 1.15  # 还 alone is no word to search by
_SAME_SPAN = 1.15
_SAME_HOUSE = 1.25
_DEEDS = ("lent", "returned", "acquired", "visited")
_PART_OF_IT = 0.75  # what was new, or came once, where all there is is asked for
_UNDER_A_MONTH = 0.9
_NARROWED = 0.86  # a row of a table whose label the question does not name
_CALLED_TOTAL = re.compile(r"总[数量额藏计]|合计|共计|\btotal\b")
_EDGE = re.compile(r"[，,。；;、\n:：】(（]")
_AFTER_EDGE = re.compile(r"[，,。；;、\n:：)）]|\.\s|\band\b|$")
# A growth or a share stands behind the figure it is of; what that figure counts is told before it.
_ABOUT_THE_FIGURE_BEFORE = re.compile(
    r"^\s*(?:比上年|同比|较上年|比去年|按可比价格计算|约?占|占比|增长|下降|增加|减少|上升|提高|"
    r"(?:up|down|an? (?:rise|increase|fall|drop) of|representing|or)\b)"
)


def aspect_factors(question: Question, scanned: Scan, measure: Measure) -> tuple[tuple[str, float], ...]:
    """Factors for the aspects in which a figure agrees or disagrees with the question; those that say nothing are left
    out."""
    own = own_words(scanned, measure)
    found = (
        ("mean", _mean(question, scanned, measure, own)),
        ("change", _change(question, scanned, measure)),
        ("year", _year(question, scanned, measure)),
        ("house", _house(question, scanned, measure)),
        ("motion", _motion(question, scanned, measure, own)),
        ("row", _row(question, scanned, measure)),
        ("stock", _stock(question, own)),
        ("once", _once(question, scanned, measure, own)),
        ("part of year", _part_of_year(question, scanned, measure)),
        ("total", _total(question, own)),
        ("so far", _so_far(question, scanned, measure, own)),
    )
    return tuple((name, factor) for name, factor in found if factor != 1.0)


@lru_cache(maxsize=16384)
def own_words(scanned: Scan, measure: Measure) -> str:
    """The words that belong to a figure: back to the last punctuation or figure, and on to the next.

    What only tells how a figure grew, or its share, takes the words of the figure before it; the figure after a change
    (由40个增至128个) those of the one before.
    """
    text = scanned.folded
    before = _stretch_before(scanned, measure)
    previous = next((m for m in reversed(scanned.measures) if m.end <= measure.start), None)
    if previous is not None and measure in changes(scanned).values():
        before = _stretch_before(scanned, next(a for a, b in changes(scanned).items() if b == measure)) + before
    elif previous is not None and _ABOUT_THE_FIGURE_BEFORE.match(before):
        apart = re.search(r"[。；;\n]", text[previous.end : measure.start])
        before = before if apart else _stretch_before(scanned, previous) + before
    stop = _AFTER_EDGE.search(text, measure.end)
    following = min([m.start for m in scanned.measures if m.start >= measure.end], default=len(text))
    return (
        before
        + text[measure.start : measure.end]
        + text[measure.end : min(stop.start() if stop else len(text), following)]
    )


def _stretch_before(scanned: Scan, measure: Measure) -> str:
    row = told(scanned, measure)
    if row is not None:
        return scanned.folded[row.start : measure.start]
    ends = [m.end for m in scanned.measures if m.end <= measure.start]
    start = max([*ends, *(m.end() for m in _EDGE.finditer(scanned.folded[: measure.start]))], default=0)
    return scanned.folded[start : measure.start]


def told(scanned: Scan, measure: Measure) -> Span | None:
    """The line of a table's cell told in words (总馆，到馆人次：47000), without the figure; None for running text."""
    text = scanned.folded
    start = text.rfind("\n", 0, measure.start) + 1
    stop = text.find("\n", measure.end)
    rest = text[measure.end : stop if stop >= 0 else len(text)]
    line = text[start : measure.start]
    is_row = re.search(r"[:：]\s*[£$€¥]?$", line) and not rest.strip("%)）。 ") and not re.search(r"[。；;]|\. ", line)
    return (
        Span(start, measure.start)
        if is_row and not any(start <= m.start < measure.start and m.unit for m in scanned.measures)
        else None
    )


def labels(scanned: Scan, measure: Measure) -> list[str]:
    """The names of the row and the column of a table's cell, without its period."""
    row = told(scanned, measure)
    if row is None:
        return []
    names = re.split(r"[，,:：/]\s*", scanned.folded[row.start : row.end])
    return [n.strip() for n in names if n.strip(" £$€¥") and not is_period(n.strip())]


def _mean(question: Question, scanned: Scan, measure: Measure, own: str) -> float:
    """The mean is no answer where a plain figure is asked for; a total no answer where the mean is."""
    asked = bool(cue("mean").search(question.folded)) or question.operation is Operation.AVERAGE
    is_mean = bool(cue("mean").search(own))
    if is_mean and not asked:
        return _OTHER_ASPECT
    return _SAME_ASPECT if is_mean and asked else 1.0


def _change(question: Question, scanned: Scan, measure: Measure) -> float:
    """Asked how many there are, the figure after the change; asked how many there were before, the other."""
    pairs = changes(scanned)
    former = bool(cue("former asked").search(question.folded))
    if measure in pairs and not former:
        return 1.0 if year_of(scanned, measure) in question.scope.years else _OTHER_ASPECT
    return _OTHER_ASPECT if former and measure in pairs.values() else 1.0


def _year(question: Question, scanned: Scan, measure: Measure) -> float:
    years = question.scope.years
    own = year_of(scanned, measure) if years else None
    if own is None:
        period = scanned.chunk.period  # a section of another year is read for the figures that are said to be of this
        return 1.0 if not years or period is None or period.year in years else _NO_YEAR
    return _SAME_ASPECT if own in years else _OTHER_YEAR


def asks_for_own_house(question: Question) -> bool:
    """Whether the main building alone is asked for, without its branches."""
    return bool(cue("own house").search(question.folded)) and not cue("whole network").search(question.folded)


def _house(question: Question, scanned: Scan, measure: Measure) -> float:
    """The main building's own figures against those of the whole network."""
    own, whole = cue("own house").search(question.folded), cue("whole network").search(question.folded)
    if bool(own) == bool(whole):
        return 1.0
    sentence = scanned.sentence_at(measure.start)
    before = re.split("[；;]", scanned.folded[sentence.start : measure.start])[-1]
    latest = {
        name: max((m.start() for m in cue(name).finditer(before)), default=-1)
        for name in ("own house stated", "whole network")
    }
    other = max((m.start() for m in cue("other house stated").finditer(before)), default=-1)
    if own and other > latest["own house stated"]:
        return _OTHER_ASPECT
    if max(latest.values()) < 0:
        return 1.0
    is_own = latest["own house stated"] > latest["whole network"]
    return _SAME_HOUSE if is_own == bool(own) else _OTHER_ASPECT


def _motion(question: Question, scanned: Scan, measure: Measure, own: str) -> float:
    """Loans, returns, both together, books that came or readers who did; a part may have it from the total before."""
    asked = _motions(question.folded)
    head = scanned.listed_at(measure.start)[0]
    stated = _motions(own) or (_motions(own_words(scanned, head)) if head.kind == measure.kind else frozenset())
    if not asked or not stated:
        return 1.0
    return _SAME_MOTION if asked & stated else _OTHER_ASPECT


def _motions(text: str) -> frozenset[str]:
    found = {name for name in _DEEDS if cue(name).search(text)}
    if cue("lent and returned").search(text) or found >= {"lent", "returned"}:
        return frozenset({"both"})
    return frozenset(found)


def _stock(question: Question, own: str) -> float:
    """Asked how many there are, what was added this year is only a part of them."""
    asked = cue("stock asked").search(question.folded) and not cue("flow").search(question.folded)
    return _PART_OF_IT if asked and cue("flow").search(own) else 1.0


def _once(question: Question, scanned: Scan, measure: Measure, own: str) -> float:
    """One delivery, or what stands under one month, where the whole year is asked for."""
    clause = re.split(r"[。；;\n]", scanned.folded[scanned.sentence_at(measure.start).start : measure.start])[-1]
    if cue("once").search(clause[-30:]) and not cue("once").search(question.folded):
        return _PART_OF_IT
    period = scanned.chunk.period
    in_month = period is not None and period.month is not None and not question.scope.months
    return _UNDER_A_MONTH if in_month and cue("whole year").search(question.folded) else 1.0


def _total(question: Question, own: str) -> float:
    """Asked for the total, the figure that is called one."""
    return _SAME_ASPECT if cue("total asked").search(question.folded) and _CALLED_TOTAL.search(own) else 1.0


def _part_of_year(question: Question, scanned: Scan, measure: Measure) -> float:
    """What the first half-year saw, where the year is asked for."""
    asked = question.scope.months or find_quarters(question.folded)
    return _PART_OF_IT if not asked and scanned.part_of_year_at(measure.start) else 1.0


def _so_far(question: Question, scanned: Scan, measure: Measure, own: str) -> float:
    """What there was in all since the beginning, against this year's share of it, where a sentence tells both."""
    in_all, this_year = (cue(name).search(question.folded) for name in ("so far", "this year alone"))
    if bool(in_all) == bool(this_year):
        return 1.0
    sentence = scanned.sentence_at(measure.start)
    alike = [m for m in scanned.measures if m.start in sentence and m.kind == measure.kind]
    told = {m: cue("so far").search(own_words(scanned, m)) is not None for m in alike}
    if len(set(told.values())) < 2:
        return 1.0
    return _SAME_SPAN if told[measure] == bool(in_all) else _OTHER_ASPECT


def asks_both_motions(question: Question) -> bool:
    return "both" in _motions(question.folded)


def is_total(text: str) -> bool:
    return cue("total").search(text) is not None


def _row(question: Question, scanned: Scan, measure: Measure) -> float:
    """A table's row that the question does not name is a part; the row of totals is the whole."""
    names = labels(scanned, measure)
    if len(names) < 2:
        return 1.0
    said = [name for name in names if not is_total(name)]
    if len(said) < len(names):
        return _SAME_ASPECT
    unnamed = [name for name in said if not _named(question, name)]
    return _NARROWED if unnamed else 1.0


def _named(question: Question, name: str) -> bool:
    from qa.match import occurrences

    folded = fold(name)
    return (
        any(
            occurrences(folded, alternative)
            for term in question.terms
            for alternative, quality in term.alternatives
            if quality >= 0.5 and len(alternative) > 1
        )
        or folded in question.folded
    )


def without_aspect_words(evidence: Evidence) -> Evidence:
    """Words that only ask for an aspect (全市, per cent) need not stand in the text: the aspect itself is weighed."""
    question = evidence.question
    spans = [
        m.span()
        for name in ("whole network", "own house", "total asked", "former asked")
        for m in cue(name).finditer(question.folded)
    ]
    gone = [
        _only_within(question.folded, term.surface, spans) or term.surface in _UNIT_WORDS for term in evidence.terms
    ]
    if not any(gone) or all(gone):
        return evidence
    return replace(evidence, weights=[0.0 if g else w for g, w in zip(gone, evidence.weights, strict=True)])


_UNIT_WORDS = frozenset({"百分之", "per cent", "percent", "percentag"})


def _only_within(folded: str, surface: str, spans: Sequence[tuple[int, int]]) -> bool:
    places = list(_places(folded, surface))
    return bool(places) and all(any(s <= p and end <= e for s, e in spans) for p, end in places)


def _places(folded: str, surface: str) -> Iterator[tuple[int, int]]:
    """Where a term stands in the question: a Chinese one as it is, an English one from its first word's stem on."""
    pattern = (
        re.escape(surface) if not surface.isascii() else rf"\b{r'[a-z-]* '.join(map(re.escape, surface.split()))}[a-z]*"
    )
    return (m.span() for m in re.finditer(pattern, folded))
