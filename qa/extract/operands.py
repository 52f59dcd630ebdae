"""The things a question sets side by side, and for each the stated figure (or date) that is meant.

Where one thing's words end and the words shared by all begin cannot be told from the question alone: in ``期刊和报纸阅览``
reading is shared, in ``图书和电子文献`` documents are not. So every way of parting them is tried, and the figures decide: the
best set is one whose words all speak for their own figures, of one kind, side by side.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from index.bilingual import Term, key_of
from index.scope import Scope
from index.tokens import is_chinese, words
from qa.extract.evidence import Candidate, Evidence
from qa.extract.numbers import measure_of, unit_factor
from qa.kinds import Wanted, alike
from qa.match import Match
from qa.question import Question
from qa.scan import Span

_LEAST_COVERAGE = 0.42
_LEAST_VOTE = 0.38
_RENDERED = 0.75  # an alternative this good says what the phrase says
_LEAST_UNIT = 0.5
_HEDGED = 0.98
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
_JOINED = re.compile(r"和|与|跟|及|以及|、|加上?|连同|还有|同|\band\b|\bplus\b|,|，|&")
_JOINED_ZH = re.compile(r"和|与|跟|及|以及|、|加上?|连同|还有|同")
# How the question asks for arithmetic or a comparison: these words name nothing that is counted.
_OPERATOR = re.compile(
    r"合计|合起来|加起来|加在一起|加一块儿?|一块儿?|一共|总共|之和|总和|总数|总量|合在一起|加总|相加|相差|差距|相比|比起来|对比|比较|占比|占了?|比例|比重|百分之|百分比|几成|平均|人均|每(?:个|一)?(?:[月年天日周场次人家张册位名台辆季]|季度|星期)?|倍|之间|各部分|各分项|部分|次数|总|"
    r"本身|自己|自身|跟|同|与|和|比|还是|大|小|多|少|高|低|早|晚|全部|所有|多少|谁多谁少|增长率?|增幅|降幅|减去|扣除|除去|除了|以外|之外|剩下?|其余|"
    r"\b(?:total|combined|average|mean) (?:number|amount|figure|count)\b|\bwhich (?:of the )?(?:two |three |four )?(?:library|libraries|city|cities|county|report|year|one|place)\b|\b(?:averag\w*|mean|share|percentage|per ?cent|percent|proportion|fraction|ratio|times|difference|differ|gap|exceed\w*|combin\w*|together|altogether|sum|total|adding|added up|add up|taken|"
    r"compar\w*|more|fewer|less|most|fewest|least|higher|highest|larger|largest|bigger|greater|lower|smaller|than|versus|vs|figures?|each|every|per|overall|how many|how much|came|come|comes|"
    r"account\w*|make up|makes up|made up|represent\w*|constitut\w*|minus|excluding|except|apart|besides|without|yield\w*|produce[ds]?|joint\w*|both|all|every|entire|whole|joined|put|record|recorded|itself|themselves|own)\b"
)

# The word that parts the two sides of a comparison, each with words of its own.
_VERSUS = re.compile(r"\bthan\b|\bor\b|\bversus\b|\bvs\b|还是|比(?!例|重|较)")

_THE_LIBRARY = frozenset({"library", "图书馆", "馆", "report"})  # beside its name it tells nothing

_Scored = list[tuple[Candidate, float]]
# Whether figures may go together: 0 or False when not, else how likely beside other sets.
Fits = Callable[[Sequence[Candidate]], float]
Rank = Callable[[Evidence], Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked of one side: its scope, the numbers of its own terms and of those it shares, the unit it has.

    ``prior`` is how likely this reading is beside others of the same question.
    """

    own: frozenset[int]
    common: frozenset[int] = frozenset()
    scope: Scope | None = None
    wanted: Wanted = Wanted()
    label: str = ""
    prior: float = 1.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A term (by number) at ``[start, end)`` of the folded question."""

    start: int
    end: int
    term: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate for each part, and how well they go together (0 to about 1)."""

    candidates: tuple[Candidate, ...]
    parts: tuple[Part, ...]
    score: float


def gathered(evidence: Evidence) -> Evidence:
    """The evidence with every phrase that stands nowhere in it told in single words."""
    present = {m.term for found in evidence.matches for m in found if m.quality >= _RENDERED}
    singles = dict(evidence.question.singles)
    terms = {s.surface: s for n, t in enumerate(evidence.terms) for s in ([t] if n in present else singles.get(t.surface, [t]))}
    if tuple(terms.values()) == evidence.terms:
        return evidence
    return Evidence.gather(evidence.question, evidence.chunks, tuple(terms.values()))


def placed(evidence: Evidence) -> list[Placed]:
    """Where the question's terms stand in it, in order, without those that only say what to do with the figures."""
    folded = _blanked(evidence.question)
    tokens = [t for t in words(folded) if t[0].strip()]
    found = [Placed(s, e, n) for n, t in enumerate(evidence.terms) for s, e in _occurrences(folded, tokens, t.surface)]
    operators = [m.span() for m in _OPERATOR.finditer(folded)]
    free = [p for p in found if not any(s <= p.start and p.end <= e for s, e in operators)]
    whole = [p for p in free if not any(o.start <= p.start and p.end <= o.end and (o.end - o.start) > (p.end - p.start) for o in free)]
    named = bool(evidence.question.mentions)
    return sorted((p for p in whole if not (named and folded[p.start : p.end] in _THE_LIBRARY)), key=lambda p: (p.start, p.end))


def _blanked(question: Question) -> str:
    """The question without names of organisations and years, which stand between the words of a phrase."""
    characters = list(question.folded)
    spans = [(m.start, m.end) for m in question.mentions]
    for start, end in [*spans, *((d.start, d.end) for d in question.dates if d.first.day is None)]:
        characters[start:end] = " " * (end - start)
    return "".join(characters)


def _occurrences(folded: str, tokens: Sequence[tuple[str, int, int]], surface: str) -> Iterator[tuple[int, int]]:
    if is_chinese(surface):
        yield from (m.span() for m in re.finditer(re.escape(surface), folded))
        return
    for i, j in itertools.combinations(range(len(tokens) + 1), 2):
        if j - i <= 6 and key_of(t for t, _, _ in tokens[i:j]) == surface and key_of([tokens[i][0]]) and key_of([tokens[j - 1][0]]):
            yield tokens[i][1], tokens[j - 1][2]


def between(places: Sequence[Placed], start: int, end: int) -> list[int]:
    """The terms in a stretch of the question, each once, in order."""
    return list(dict.fromkeys(p.term for p in places if start <= p.start and p.end <= end))


def runs(folded: str, places: Sequence[Placed]) -> list[Span]:
    """The stretches of a joined list: 成人期刊、少儿期刊、报纸 gives three. Empty when nothing is joined."""
    found: list[Span] = []
    for place in places:
        gap = folded[found[-1].end : place.start] if found else ""
        if found and not (_JOINED if folded.isascii() else _JOINED_ZH).search(gap):
            found[-1] = Span(found[-1].start, place.end)
        else:
            found.append(Span(place.start, place.end))
    return found if len(found) > 1 else []


def partings(groups: Sequence[Sequence[int]]) -> list[tuple[Part, ...]]:
    """Every way of telling each group's own terms from those shared: the front of the first, the back of the last.

    >>> [[sorted(p.own) for p in parts] for parts in partings([[0], [1, 2]])]
    [[[0], [1]], [[0], [1, 2]]]
    """
    first, last = groups[0], groups[-1]
    everywhere = frozenset(first).intersection(*groups[1:])
    repeated = frozenset(t for g in groups for t in g if sum(t in other for other in groups) > 1)
    found = []
    for one, other in itertools.product(range(1, len(first) + 1), range(1, len(last) + 1)):
        common = frozenset([*first[: len(first) - one], *last[other:], *everywhere])
        owns = [frozenset(g) for g in (first[len(first) - one :], *groups[1:-1], last[:other])]
        apart = [own - everywhere - repeated or own - everywhere for own in owns]
        if all(apart) and len(set(apart)) == len(apart):
            found.append(tuple(Part(a, common | (own - a) - a) for a, own in zip(apart, owns, strict=True)))
    return found[:16]


def sides(evidence: Evidence) -> list[Part]:
    """One part per organisation named, else one per year named; empty when neither are two.

    A year that follows a name belongs to it (许昌2019年和源城2020年). When words stand on both sides of the "than", each
    side has its own (more spaces in A than self-service libraries in B); else all are shared.
    """
    question = evidence.question
    places = placed(evidence)
    shared = frozenset(p.term for p in places)
    groups: dict[frozenset[str], int] = {}
    for mention in question.mentions:
        groups.setdefault(mention.reports, mention.start)
    if len(groups) < 2:
        years = sorted({d.first.year for d in question.dates if d.first.year})
        scopes = [replace(question.scope, years=frozenset({y})) for y in years]
        return [Part(frozenset(), shared, scope, label=str(y)) for scope, y in zip(scopes, years, strict=True)] if len(years) > 1 else []
    starts = sorted(groups.values())
    owns = _owns(question.folded, places, starts)
    found = []
    for (reports, start), own in zip(sorted(groups.items(), key=lambda g: g[1]), owns or [frozenset[int]()] * len(starts), strict=True):
        years_of = _years(question, start, [s for s in starts if s > start])
        scope = replace(question.scope, reports=reports, years=years_of or question.scope.years)
        found.append(Part(own, frozenset() if owns else shared, scope))
    return found


def _owns(folded: str, places: Sequence[Placed], starts: Sequence[int]) -> list[frozenset[int]]:
    """The two sides' own terms; empty when only one side has any."""
    if len(starts) != 2:
        return []
    for match in _VERSUS.finditer(folded, starts[0], starts[1]):
        left, right = (frozenset(between(places, *s)) for s in ((0, match.start()), (match.end(), len(folded))))
        if left and right:
            return [left, right]
    return []


def _years(question: Question, start: int, later: Sequence[int]) -> frozenset[int]:
    stop = min(later, default=len(question.folded))
    years = {d.first.year for d in question.dates if start < d.start < stop and d.first.year}
    every = {d.first.year for d in question.dates if d.first.year}
    return frozenset(years) if len(every) > 1 and len(years) == 1 else frozenset()


def label_of(evidence: Evidence, places: Sequence[Placed], part: Part, stretch: Span) -> str:
    """A side's own words as the question writes them in a stretch of it."""
    own = [p for p in places if p.term in part.own and stretch.start <= p.start and p.end <= stretch.end]
    if not own:
        return ""
    text = evidence.question.text.strip()
    folded = evidence.question.folded
    source = text if len(text) == len(folded) else folded
    return source[own[0].start : own[-1].end].strip()


class Pool:
    """Every figure (or date) in scope with the votes of all the question's terms, scored anew for each part.

    ``rank`` gives the candidates of an evidence. A part with a scope of its own is ranked among its own chunks: what a
    word is worth differs from one report to the next.
    """

    def __init__(self, evidence: Evidence, rank: Rank, *, figures: bool = True, side: bool = False):
        self._evidence, self._rank, self._figures, self._side = evidence, rank, figures, side
        self._present = frozenset(m.term for found in evidence.matches for m in found if m.quality >= 0.3)
        self._nouns = frozenset(n for n, t in enumerate(evidence.terms) if _is_noun(t))
        self._bases = [(c, _base(c) * (_hedged(c) if figures else 1.0)) for c in rank(evidence)]
        self._narrower: dict[Scope, Pool] = {}

    def best(self, part: Part, others: frozenset[int] = frozenset(), *, most: int = _MOST_FIGURES) -> _Scored:
        """The candidates a part's words speak for, best first, with their scores."""
        if part.scope is not None and part.scope != self._evidence.question.scope:
            return self._within(part.scope).best(replace(part, scope=None), others, most=most)
        scored = ((c, self._score(c, base, part, others)) for c, base in self._bases)
        found = [(replace(c, score=score), score) for c, score in scored if score > 0]
        found.sort(key=lambda pair: (-pair[1], pair[0].scan.chunk.id, pair[0].span.start))
        return (_exact_first(found) if self._figures else found)[:most]

    def _within(self, scope: Scope) -> Pool:
        if scope not in self._narrower:
            question = self._evidence.question.within(scope=scope)
            chunks = [c for c in self._evidence.chunks if scope.reports is None or c.report_id in scope.reports]
            self._narrower[scope] = Pool(Evidence.gather(question, chunks, self._evidence.terms), self._rank, figures=self._figures, side=True)
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
        return coverage * base * close * (unit if unit >= _LEAST_UNIT else 0.0) * (_ANOTHERS if anothers else 1.0) * (_UNNAMED if unnamed else 1.0)

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
        votes = ((w, self._labelling(candidate, t) if t in part.own else candidate.votes[t]) for t, w in weights.items())
        return sum(w * vote for w, vote in votes) / total if total else 0.5

    def _labelling(self, candidate: Candidate, term: int) -> float:
        """A term's vote as part of the figure's own label: less across any other figure, little beyond a comma behind it,
        and little as no more than its unit.
        """
        match, span, vote = candidate.best[term], candidate.span, candidate.votes[term]
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
        for match in self._evidence.matches[self._evidence.scans.index(scanned)]:
            if match.term == term and match.end <= at and not re.search("[,，、;；。\n0-9]", scanned.folded[match.end : at]):
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
            score = math.prod(s * p.prior for (_, s), p in zip(combination, parts, strict=True)) ** (1 / len(parts)) * _nearby(found) * fit
            if best is None or score > best.score:
                best = Choice(found, tuple(parts), score)
        return best

    def choose_among(self, ways: Sequence[Sequence[Part]], fits: Fits) -> Choice | None:
        """The best choice over several ways of parting the question; without the shared words if they speak for none."""
        found = [choice for parts in ways if (choice := self.choose(parts, fits))]
        if not found:
            bare = dict.fromkeys(tuple(replace(p, common=frozenset()) for p in parts) for parts in ways)
            found = [choice for parts in bare if (choice := self.choose(parts, fits))]
        return max(found, key=lambda c: c.score, default=None)


def _exact_first(found: _Scored) -> _Scored:
    """Where the best figure is hedged (more than 400) and an exact one agrees with it (411), the exact one leads."""
    best = measure_of(found[0][0]) if found else None
    if best is None or not best.modifier:
        return found
    for candidate, score in found[1:]:
        exact = measure_of(candidate)
        agrees = exact.kind == best.kind and abs(exact.value - best.value) <= best.value / 10
        if agrees and not exact.modifier and candidate.report_id == found[0][0].report_id and score >= _AGREES * found[0][1]:
            rest = [pair for pair in found if pair[0] is not candidate]
            return [(replace(candidate, score=found[0][1]), found[0][1] * 1.02), *rest]
    return found


def _sets_by_kind(options: Sequence[_Scored]) -> Iterator[tuple[tuple[Candidate, float], ...]]:
    """For many parts, where all sets would be too many: the best figures of each class of unit."""
    for kind in {measure_of(c).kind for c, _ in options[0]} if options else ():
        taken: set[tuple[str, int]] = set()
        found = []
        for option in options:
            fresh = (o for o in option if alike(kind, measure_of(o[0]).kind) and (o[0].scan.chunk.id, o[0].span.start) not in taken)
            if (first := next(fresh, None)) is None:
                break
            taken.add((first[0].scan.chunk.id, first[0].span.start))
            found.append(first)
        if len(found) == len(options):
            yield tuple(found)


def _close(candidate: Candidate, terms: frozenset[int]) -> float:
    """Of figures spoken for alike, the one the words stand next to."""
    gaps = [max(m.start - candidate.span.end, candidate.span.start - m.end, 0) for t in terms if (m := candidate.best[t])]
    return 1.0 - 0.15 * min(1.0, sum(gaps) / len(gaps) / _FAR) if gaps else 0.85


@cache
def _is_noun(term: Term) -> bool:
    """Whether a term names a thing, by the tag of its Chinese form."""
    import rjieba

    chinese = next((a for a, _ in term.alternatives if is_chinese(a)), "")
    return bool(chinese) and list(rjieba.tag(chinese))[-1][1].startswith("n")


def _base(candidate: Candidate) -> float:
    return math.prod(factor for name, factor in candidate.features if name != "unit")


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
