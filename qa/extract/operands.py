"""For each of the things a question sets side by side the stated figure (or date) that is meant.

Every way of parting the question's words (``sides``) is tried, and the figures decide: the best set is one whose words
all speak for their own figures, of one kind, side by side. Where an operand's own words speak for no figure there is no
set at all.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.scope import Scope
from qa.extract.evidence import Candidate, Evidence
from qa.extract.numbers import measure_of, unit_factor
from qa.extract.sides import Part, is_noun
from qa.match import Match
from qa.understanding.wanted import alike

_LEAST_COVERAGE = 0.42
_LEAST_VOTE = 0.38
_LEAST_QUALITY = 0.3  # of a rendering
_UNIT_ALONE = 0.5  # coverage where nothing but the unit tells (per event)
_LEAST_UNIT = 0.5
_HEDGED = 0.98
_OF_A_MONTH = 0.85
_UNNAMED = 0.45  # a figure that a noun of the question does not name
_AGREES = 0.75  # of the best score
_FAR = 30  # characters
_CROSSED, _BEHIND, _UNIT_ONLY = 0.6, 0.5, 0.35
_ANOTHERS = 0.75  # a figure that another operand's own word stands right beside
_LEAST_OWN = 0.5  # share of an operand's own words that must speak for its figure
_OTHERS = 0.2  # what the other operands' words count: figures of one list stand near each other
_MOST_FIGURES = 8  # looked at for each operand
_EVERY_SET = 4  # parts up to which every set of figures is tried
_ONE_SENTENCE, _ONE_CHUNK = 1.25, 1.06
_ABOUT_ALIKE = 0.85  # of the best score
_ADDS_UP = frozenset("visit person volume item title times episode card thing place money".split())
_OF_THE_WHOLE = ("unit", "key word")  # features of a figure as the answer to the whole question
_Scored = list[tuple[Candidate, float]]
# Whether figures may go together: 0 or False when not, else how likely beside other sets.
Fits = Callable[[Sequence[Candidate]], float]
Rank = Callable[[Evidence], Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate for each part, and how well they go together (0 to about 1)."""

    candidates: tuple[Candidate, ...]
    parts: tuple[Part, ...]
    score: float


class Pool:
    """Every figure (or date) in scope with the votes of all the question's terms, scored anew for each part.

    ``rank`` gives the candidates of an evidence. A part with a scope of its own is ranked among its own chunks: what a
    word is worth differs from one report to the next.
    """

    def __init__(self, evidence: Evidence, rank: Rank, *, figures: bool = True, whole: Pool | None = None):
        self._evidence, self._rank, self._figures, self._side = evidence, rank, figures, whole is not None
        self._present = frozenset(m.term for found in evidence.matches for m in found if m.quality >= 0.3)
        self._nouns = frozenset(n for n, t in enumerate(evidence.terms) if is_noun(t))
        self._clearest: dict[int, float] = whole._clearest if whole else _clearest(evidence)
        self._bases = [(c, _base(c) * (_hedged(c) * self._whole(c) if figures else 1.0)) for c in rank(evidence)]
        self._narrower: dict[Scope, Pool] = {}

    def best(self, part: Part, others: frozenset[int] = frozenset(), *, most: int = _MOST_FIGURES) -> _Scored:
        """The candidates a part's words speak for, best first, with their scores."""
        if part.scope is not None and part.scope != self._evidence.question.scope:
            return self._within(part.scope).best(replace(part, scope=None), others, most=most)
        scored = ((c, self._score(c, base, part, others)) for c, base in self._bases)
        found = [(replace(c, score=score), score) for c, score in scored if score > 0]
        found.sort(key=lambda pair: (-pair[1], pair[0].scan.chunk.id, pair[0].span.start))
        if not self._figures:
            return found[:most]
        return _exact_first(_largest_first(found) if self._side else found)[:most]

    def _whole(self, candidate: Candidate) -> float:
        """Where a side is asked for no month, what stands under one month is only a part of it."""
        period = candidate.scan.chunk.period
        under_a_month = period is not None and period.month is not None
        return _OF_A_MONTH if self._side and under_a_month and not self._evidence.question.scope.months else 1.0

    def _within(self, scope: Scope) -> Pool:
        if scope not in self._narrower:
            question = self._evidence.question.within(scope=scope)
            chunks = [c for c in self._evidence.chunks if scope.reports is None or c.report_id in scope.reports]
            self._narrower[scope] = Pool(
                Evidence.gather(question, chunks, self._evidence.terms), self._rank, figures=self._figures, whole=self
            )
        return self._narrower[scope]

    def _score(self, candidate: Candidate, base: float, part: Part, others: frozenset[int]) -> float:
        """0.0 when the part's words do not speak for the candidate or its unit is another."""
        coverage = self._coverage(candidate, part, others)
        if coverage < _LEAST_COVERAGE or not self._spoken_for(candidate, part.own):
            return 0.0
        unit = unit_factor(measure_of(candidate), part.wanted)[1] if self._figures else 1.0
        named = (part.own | part.common if self._side else part.own) & self._present & self._nouns
        unnamed = any(self._labelling(candidate, t) < _LEAST_VOTE for t in named)
        anothers = any(candidate.votes[t] >= 0.9 for t in others - part.own - part.common)
        close = _close(candidate, part.own | part.common) if self._figures else 1.0
        return (
            coverage
            * base
            * close
            * (unit if unit >= _LEAST_UNIT else 0.0)
            * (_ANOTHERS if anothers else 1.0)
            * (_UNNAMED if unnamed else 1.0)
        )

    def _spoken_for(self, candidate: Candidate, own: frozenset[int]) -> bool:
        """Each of an operand's own words speaks for the figure; one that stands nowhere may be missing among others."""
        votes = {t: self._labelling(candidate, t) for t in own}
        weight = sum(self._evidence.weights[t] for t in own)
        spoken = sum(self._evidence.weights[t] * vote for t, vote in votes.items())
        each = all(vote >= _LEAST_VOTE for t, vote in votes.items() if t in self._present)
        return each and (not weight or spoken / weight >= _LEAST_OWN)

    def _coverage(self, candidate: Candidate, part: Part, others: frozenset[int]) -> float:
        weights = {t: self._evidence.weights[t] for t in part.own | part.common}
        weights |= {t: _OTHERS * self._evidence.weights[t] for t in others - part.own - part.common}
        total = sum(weights.values())
        own, vote = self._labelling, self._vote
        votes = ((w, own(candidate, t) if t in part.own else vote(candidate, t)) for t, w in weights.items())
        return sum(w * vote for w, vote in votes) / total if total else _UNIT_ALONE if part.wanted.kinds else 0.0

    def _vote(self, candidate: Candidate, term: int) -> float:
        """A term's vote beside its clearest rendering: 报刊 says magazines where 期刊 stands nowhere."""
        return min(1.0, candidate.votes[term] / self._clearest.get(term, 1.0))

    def _labelling(self, candidate: Candidate, term: int) -> float:
        """A term's vote as part of the figure's own label: less across any other figure, little beyond a comma behind
        it, and little as no more than its unit.
        """
        match, span, vote = candidate.best[term], candidate.span, self._vote(candidate, term)
        if match is None or not self._figures:
            return vote
        if match.start < span.end and span.start < match.end:
            return max([vote * _UNIT_ONLY, *(m.quality for m in self._before(candidate, term))])
        left, right = (match.end, span.start) if match.end <= span.start else (span.end, match.start)
        crossed = sum(1 for m in candidate.scan.measures if left <= m.start < right)
        behind = match.start >= span.end and re.search("[,，、;；。]", candidate.scan.folded[left:right])
        return vote * _CROSSED**crossed * (_BEHIND if behind else 1.0)

    def _before(self, candidate: Candidate, term: int) -> Iterator[Match]:
        """Occurrences of a term right before the figure, with neither punctuation nor a figure between."""
        scanned, at = candidate.scan, candidate.span.start
        for match in self._evidence.matches_of(scanned):
            if (
                match.term == term
                and match.end <= at
                and not re.search("[,，、;；。\n0-9]", scanned.folded[match.end : at])
            ):
                yield match

    def choose(self, parts: Sequence[Part], fits: Fits) -> Choice | None:
        """The best set of different figures, one for each part, among those that ``fits``."""
        everything = frozenset().union(*(p.own | p.common for p in parts))
        options = [self.best(p, everything) for p in parts]
        sets = itertools.product(*options) if len(parts) <= _EVERY_SET else _sets_by_kind(options)
        best: Choice | None = None
        for combination in sets:
            found = tuple(c for c, _ in combination)
            places = {(c.scan.chunk.id, c.span.start) for c in found}
            fit = fits(found) if len(places) == len(found) else 0.0
            if not fit:
                continue
            score = (
                math.prod(s * p.prior for (_, s), p in zip(combination, parts, strict=True)) ** (1 / len(parts))
                * _nearby(found)
                * fit
            )
            if best is None or score > best.score:
                best = Choice(found, tuple(parts), score)
        return best

    def choose_among(self, ways: Sequence[Sequence[Part]], fits: Fits) -> Choice | None:
        """The best choice over several ways of parting; without the shared words where they speak for no figure."""
        found = [choice for parts in ways if (choice := self.choose(parts, fits))]
        if not found:
            bare = dict.fromkeys(tuple(replace(p, common=frozenset()) for p in parts) for parts in ways)
            found = [choice for parts in bare if (choice := self.choose(parts, fits))]
        return max(found, key=lambda c: c.score, default=None)


def _clearest(evidence: Evidence) -> dict[int, float]:
    """Term → quality of its best rendering in the chunks at hand, where it stands there at all."""
    found: dict[int, float] = {}
    for match in (m for matches in evidence.matches for m in matches):
        found[match.term] = max(found.get(match.term, _LEAST_QUALITY), match.quality)
    return found


def _largest_first(found: _Scored) -> _Scored:
    """Of figures spoken for about alike a whole report's is the largest: a reading room's visits are part of all."""
    best = found[0] if found else None
    if best is None or measure_of(best[0]).kind not in _ADDS_UP:
        return found
    kind = measure_of(best[0]).kind
    near = [pair for pair in found if pair[1] >= _ABOUT_ALIKE * best[1] and alike(kind, measure_of(pair[0]).kind)]
    largest = max(near, key=lambda pair: measure_of(pair[0]).value)
    rest = [pair for pair in found if pair[0] is not largest[0]]
    return [(replace(largest[0], score=best[1]), best[1] * 1.01), *rest] if largest is not best else found


def _exact_first(found: _Scored) -> _Scored:
    """Where the best figure is hedged (more than 400) and an exact one agrees with it (411), the exact one leads."""
    best = measure_of(found[0][0]) if found else None
    if best is None or not best.modifier:
        return found
    for candidate, score in found[1:]:
        exact = measure_of(candidate)
        agrees = exact.kind == best.kind and abs(exact.value - best.value) <= best.value / 10
        if (
            agrees
            and not exact.modifier
            and candidate.report_id == found[0][0].report_id
            and score >= _AGREES * found[0][1]
        ):
            rest = [pair for pair in found if pair[0] is not candidate]
            return [(replace(candidate, score=found[0][1]), found[0][1] * 1.02), *rest]
    return found


def _sets_by_kind(options: Sequence[_Scored]) -> Iterator[tuple[tuple[Candidate, float], ...]]:
    """For many parts, where all sets would be too many: the best figures of each class of unit."""
    for kind in {measure_of(c).kind for c, _ in options[0]} if options else ():
        taken: set[tuple[str, int]] = set()
        found = []
        for option in options:
            fresh = (
                o
                for o in option
                if alike(kind, measure_of(o[0]).kind) and (o[0].scan.chunk.id, o[0].span.start) not in taken
            )
            if (first := next(fresh, None)) is None:
                break
            taken.add((first[0].scan.chunk.id, first[0].span.start))
            found.append(first)
        if len(found) == len(options):
            yield tuple(found)


def _close(candidate: Candidate, terms: frozenset[int]) -> float:
    """Of figures spoken for alike, the one the words stand next to."""
    gaps = [
        max(m.start - candidate.span.end, candidate.span.start - m.end, 0) for t in terms if (m := candidate.best[t])
    ]
    return 1.0 - 0.15 * min(1.0, sum(gaps) / len(gaps) / _FAR) if gaps else 0.85


def _base(candidate: Candidate) -> float:
    return math.prod(factor for name, factor in candidate.features if name not in _OF_THE_WHOLE)


def _hedged(candidate: Candidate) -> float:
    """Of two figures for one thing the exact one is meant: 411, not more than 400."""
    return _HEDGED if measure_of(candidate).modifier else 1.0


def _nearby(found: Sequence[Candidate]) -> float:
    first = found[0]
    if any(c.scan.chunk.id != first.scan.chunk.id for c in found):
        return 1.0
    return _ONE_SENTENCE if all(c.span.start in first.scan.sentence_at(first.span.start) for c in found) else _ONE_CHUNK


def same_kind(found: Sequence[Candidate]) -> bool:
    """Whether figures may be added, subtracted or compared: units of one class, or of classes counted alike."""
    first, *rest = [measure_of(c) for c in found]
    if first.kind == "thing" and any(m.unit != first.unit for m in rest if m.kind == "thing"):
        return False  # a bookmobile and a town are both things
    return all(alike(first.kind, m.kind) for m in rest)


def one_report(found: Sequence[Candidate]) -> bool:
    return len({c.report_id for c in found}) == 1


def fit_one_report(found: Sequence[Candidate]) -> bool:
    return same_kind(found) and one_report(found)
