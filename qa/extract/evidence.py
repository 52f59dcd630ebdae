"""The chunks a question is answered from, its terms found in them, and what each term is worth.

Only places inside the scope count: a chunk may speak of several months, a statement belongs to one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from documents.dates import find_quarters
from documents.report import Chunk, Stance
from index.bilingual import ELECTRONIC, Term
from index.scope import Scope
from index.tokens import is_chinese
from qa.checking.orders import is_order
from qa.extract.words import sort_of
from qa.match import Match, find_terms, support
from qa.scan import Scan, Span, scan
from qa.understanding.cues import data_lines
from qa.understanding.kinds import Kind
from qa.understanding.question import Question

_INNER, _OUTER = 0.7, 0.45  # a word of the heading right above, of one further up
_NEARLY_BEST = 0.6  # where the word itself stands somewhere, loose matches elsewhere do not make it common
_HALF_OF_IT = 0.8  # what the first half-year saw, where the year is asked for
_RENDERS = 0.3  # a poorer alternative does not count as the term being there
_HEARD = 8  # candidates looked at: what stands below has no say in an answer
_TURN_OF_PHRASE = 0.4  # what such a word weighs beside one that names something
_BARE = re.compile("[\u4e00-\u9fff][了过着掉完]|[一两几半][天周月年]")  # 发了, 一周
_RARE = 6  # times in all chunks at hand
_BY_CHARACTER = 0.45
_MISSING = {"name": 0.7, "noun": 0.5, "number": 0.3, "verb": 0.25, "other": 0.15}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in a chunk that could be the answer, with the votes for it.

    ``coverage`` is the weighted share of the question's terms that speak for it; ``score`` is that times the factors
    named in ``features``.
    """

    scan: Scan
    span: Span
    votes: tuple[float, ...]
    best: tuple[Match | None, ...]
    coverage: float
    score: float
    features: tuple[tuple[str, float], ...] = ()
    value: object = None

    @property
    def report_id(self) -> str:
        return self.scan.chunk.report_id

    @property
    def sentence(self) -> str:
        around = self.scan.sentence_at(self.span.start)
        return self.scan.chunk.text[around.start : around.end]


@dataclass(slots=True)
class Evidence:
    """Everything an extractor works from; built once per question."""

    question: Question
    chunks: Sequence[Chunk]
    terms: tuple[Term, ...]
    scans: list[Scan] = field(default_factory=list)
    matches: list[list[Match]] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    apart: int = 0  # phrases of the question that are heard by their words only
    _place: dict[str, int] = field(default_factory=dict)

    @classmethod
    def gather(cls, question: Question, chunks: Sequence[Chunk], terms: tuple[Term, ...] | None = None) -> Evidence:
        evidence = cls(question, chunks, question.terms if terms is None else terms)
        evidence.scans = [scan(chunk) for chunk in chunks]
        evidence.matches = [[*find_terms(s, evidence.terms)] for s in evidence.scans]
        if terms is None and question.kind not in (Kind.CALC, Kind.COMPARE):
            evidence._take_apart()
        evidence._hear_by_character()
        evidence._place = {chunk.id: n for n, chunk in enumerate(chunks)}
        evidence.weights = _weights(evidence)
        return evidence

    def _take_apart(self) -> None:
        """A phrase that nothing in scope says is asked for by its words: reading-room attendance by 阅览."""
        heard = {match.term for matches in self.matches for match in matches if match.quality >= _RENDERS}
        singles = {
            term.surface: parts
            for number, term in enumerate(self.terms)
            if number not in heard
            for phrase, parts in self.question.singles
            if phrase == term.surface and not phrase.startswith(ELECTRONIC)
        }
        if singles:
            whole = [single for term in self.terms for single in singles.get(term.surface, (term,))]
            self.terms = tuple({term.surface: term for term in whole}.values())
            self.question = self.question.within(terms=self.terms)
            self.matches = [[*find_terms(s, self.terms)] for s in self.scans]
            self.apart = len(singles)

    def _hear_by_character(self) -> None:
        """A short Chinese word that stands nowhere is heard weakly where a rare character of it does: 销掉 in 注销."""
        heard = {match.term for matches in self.matches for match in matches if match.quality >= _RENDERS}
        for number, term in enumerate(self.terms):
            if number in heard or not 2 <= len(term.surface) <= 3 or not is_chinese(term.surface):
                continue
            for character in set(term.surface) - _common():
                places = [[m.start() for m in re.finditer(character, s.folded)] for s in self.scans]
                if 0 < sum(map(len, places)) <= _RARE:
                    for matches, starts in zip(self.matches, places, strict=True):
                        matches += [Match(number, at, at + 1, _BY_CHARACTER) for at in starts]

    def candidates(
        self,
        targets: Callable[[Scan], Sequence[Span]],
        factors: Callable[[Scan, Span], Sequence[tuple[str, float]]],
        *,
        barriers: Callable[[Scan, Span], Sequence[Span]] | None = None,
        zones: Callable[[Scan, Span], Span | None] | None = None,
        scope: Scope | None = None,
        after: float = 1.0,
    ) -> list[Candidate]:
        """Score every target inside the scope, best first. ``factors`` multiply the coverage."""
        found: list[Candidate] = []
        total = sum(self.weights) or 1.0
        scope = scope or self.question.scope
        for scanned, matches in zip(self.scans, self.matches, strict=True):
            if scope.reports is not None and scanned.chunk.report_id not in scope.reports:
                continue
            spans = targets(scanned)
            headed = self._heading_votes(scanned) if spans else []
            for span in spans:
                if not inside(scanned, span.start, scope):
                    continue
                others = barriers(scanned, span) if barriers else [b for b in spans if b != span]
                zone = zones(scanned, span) if zones else None
                votes, best = support(scanned, matches, span, others, terms=len(self.terms), zone=zone, after=after)
                votes = [max(v, h) for v, h in zip(votes, headed, strict=True)]
                coverage = sum(w * v for w, v in zip(self.weights, votes, strict=True)) / total if self.weights else 0.0
                features = tuple(factors(scanned, span))
                found.append(
                    Candidate(
                        scanned,
                        span,
                        tuple(votes),
                        tuple(best),
                        coverage,
                        coverage * math.prod(f for _, f in features),
                        features,
                    )
                )
        found.sort(key=lambda c: (-c.score, c.scan.chunk.id, c.span.start))
        return [c for place, c in enumerate(found) if place >= _HEARD or not is_order(c.sentence)]

    def matches_of(self, scanned: Scan) -> list[Match]:
        return self.matches[self._place[scanned.chunk.id]]

    def entries(self) -> list[tuple[Scan, Span]]:
        """Every paragraph (in a chronicle: every dated entry) inside the scope, in reading order; headings left out."""
        found: list[tuple[Scan, Span]] = []
        for scanned in self.scans:
            if self.question.scope.reports is not None and scanned.chunk.report_id not in self.question.scope.reports:
                continue
            found.extend(
                (scanned, span) for span in scanned.entries() if inside(scanned, span.start, self.question.scope)
            )
        return found

    def _heading_votes(self, scanned: Scan) -> list[float]:
        """A word of the headings above a chunk counts for everything under them, less than a word beside it."""
        from documents.folding import fold
        from qa.match import occurrences

        outer, inner = fold(" ".join(scanned.chunk.heading[:-1])), fold("".join(scanned.chunk.heading[-1:]))
        return [
            max(
                (
                    q * (_INNER if occurrences(inner, a) else _OUTER if occurrences(outer, a) else 0.0)
                    for a, q in t.alternatives
                ),
                default=0.0,
            )
            for t in self.terms
        ]


def inside(scanned: Scan, offset: int, scope: Scope) -> bool:
    """Whether the statement at an offset belongs to the years and months asked for."""
    if not scope.years and not scope.months:
        return True
    periods = scanned.periods_at(offset)
    years_fit = not scope.years or any(p.year in scope.years for p in periods)
    months_fit = not scope.months or any(
        p.month in scope.months and (not scope.years or p.year in scope.years) for p in periods if p.month
    )
    part = scanned.part_of_year_at(offset)
    return years_fit and (months_fit or bool(part and part <= scope.months))


def stance_factor(question: Question, scanned: Scan, offset: int) -> tuple[str, float]:
    """A plan is no fact: a planned statement answers only a question for the plan, and is preferred there."""
    planned = scanned.stance_at(offset) is Stance.PLANNED
    if question.planned:
        return ("plan", 1.15 if planned else 0.9)
    return ("plan", 0.0 if planned else 1.0)


def period_factor(question: Question, scanned: Scan, offset: int) -> tuple[str, float]:
    """With a year asked for, a statement that names only another year, or a part of the year, counts less."""
    if not question.scope.months and scanned.part_of_year_at(offset) and not find_quarters(question.folded):
        return ("period", _HALF_OF_IT)
    years = question.scope.years
    if not years or not scanned.chunk.period:
        return ("period", 1.0)
    sentence = scanned.sentence_at(offset)
    named = {y for d in scanned.dates if sentence.start <= d.start < sentence.end for y in (d.first.year,) if y}
    return ("period", 0.85 if named and not named & years else 1.0)


def _weights(evidence: Evidence) -> list[float]:
    """Inverse document frequency over the chunks at hand: what occurs everywhere tells little apart.

    A term found nowhere still weighs: a missing name much, a missing verb or turn of phrase little.
    """
    count = len(evidence.scans) or 1
    weights: list[float | None] = []
    for number, term in enumerate(evidence.terms):
        present = [
            max(m.quality for m in own) for found in evidence.matches if (own := [m for m in found if m.term == number])
        ]
        least = max(_RENDERS, _NEARLY_BEST * max(present, default=0.0))
        containing = sum(1 for quality in present if quality >= least)
        idf = math.log(1 + count / (containing + 0.5)) / math.log(1 + count / 1.5)
        said = _TURN_OF_PHRASE if _BARE.fullmatch(term.surface) and sort_of(term, evidence.question) == "light" else 1.0
        weights.append(idf * term.weight * said * max(present) if containing else None)
    heaviest = max((w for w in weights if w is not None), default=1.0)
    return [
        missing_weight(t, evidence.question.text) * heaviest * t.weight if w is None else w
        for w, t in zip(weights, evidence.terms, strict=True)
    ]


def missing_weight(term: Term, question: str) -> float:
    """What a term that occurs nowhere weighs, as a share of the heaviest: names and nouns more than the rest."""
    surface = term.surface
    if surface.isdigit():
        return _MISSING["number"]
    if is_chinese(surface):
        import rjieba

        tags = {tag[:1] for _, tag in rjieba.tag(surface)}
        return (
            _MISSING["noun"]
            if tags & {"n"} and len(surface) > 1
            else _MISSING["verb"]
            if "v" in tags
            else _MISSING["other"]
        )
    if re.search(rf"(?<!^)(?<![.?!] )\b[A-Z]{re.escape(surface[1:4])}", question):
        return _MISSING["name"]
    return _MISSING["other"] if len(term.alternatives) > 1 else _MISSING["verb"]


@cache
def _common() -> frozenset[str]:
    """Characters that stand in words of all kinds: sharing one says nothing."""
    return frozenset("".join(data_lines("common_characters.txt")))
