"""Two or more things held against each other: a figure (or a date) for each from its own lines, then the order.

The things are organisations, years, or two things in one report. Both sides must speak of the same sort of thing: a
count of people is never held against a count of books. A side without a figure is named, and nothing is compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from qa.extract.aspects import labels
from qa.extract.dates import date_candidates, date_of
from qa.extract.evidence import Candidate, Evidence
from qa.extract.finding import Finding, Value, support_of
from qa.extract.former import both_told
from qa.extract.forms import wanting
from qa.extract.numbers import measure_of, number_candidates, unit_factor
from qa.extract.operands import Choice, Fits, Pool, one_report, same_kind
from qa.extract.periods import every_period, named_periods
from qa.extract.restated import other_figures
from qa.extract.sides import Part, between, counted, label_of, partings, placed, readings, runs, sides
from qa.measures import units
from qa.saying.wording import date_text, figure
from qa.scan import Span
from qa.understanding.question import Question
from qa.understanding.wanted import Wanted, wanted_for

_QUITE_ANOTHER = 0.2  # how a unit fits: books are never hours
_COUNTED = frozenset("thing item title volume episode group place times".split())
_AS_SURE = 0.6  # a report whose best figure is less sure than this share of the surest does not state what is asked
_PLAINLY = 0.55  # share of the question's words that must speak for the figure of each month or quarter
_LESS = re.compile(
    r"(?:更|较|最|比较|得|谁|哪.{0,3})(?:少|低|小|短)(?!儿|年|先)|(?:少|低|短)(?=[?？。吗么呢了些]|$)|"
    r"\b(?:fewer|fewest|less|least|lower|lowest|smaller|smallest|shorter|shortest)\b"
)
_MORE_OF = re.compile(r"([\u4e00-\u9fff]{1,4}?)数?(?:更|最|较)?(?:多|少)(?=[?？吗呢]|$)")
_TIME = re.compile(
    r"更早|较早|最早|早于|比.{1,30}(?:早|晚)|谁先|哪.{0,6}先|先后|更晚|较晚|最晚|晚于|(?:早|晚)(?=[?？吗么呢]|$|还是)|"
    r"\b(?:earlier|earliest|sooner|later|latest)\b|"
    r"\b(?:came|come|opened|happened|held|took place|started|launched) (?:first|before|after|last)\b"
)
_LATE = re.compile(r"更晚|较晚|最晚|晚于|比.{1,30}晚|晚(?=[?？吗么呢]|$|还是)|\b(?:later|latest|after|last)\b")
_EITHER = re.compile(r"还是|或者?|比(?!例|重|较)|\bor\b|\bthan\b|\bversus\b|\bvs\b|与|和|跟|同|、|\band\b")
_MORE_OR_LESS = re.compile(
    r"多还是少|高还是低|大还是小|(?:增|升).{0,3}还是(?:减|降)|"
    r"\b(?:more|higher|larger|greater|bigger)\b.{0,80}\bor (?:fewer|less|lower|smaller)\b|"
    r"\b(?:rise|increase|grow|go up)\b.{0,30}\bor (?:fall|decrease|drop|shrink|go down|down)\b"
)
_AS_MANY = re.compile(r"\bas (?:many|much)\b|一样多|不少于|不低于")
_ASKS_YES = re.compile(r"(?:吗|么)\s*[?？]?$|是否|是不是|^(?:did|does|do|is|are|was|were|has|have|had)\b(?!.*\bor\b)")


@dataclass(frozen=True, slots=True)
class Comparison(Finding):
    """A finding whose values are in the order asked for; ``labels`` name the sides, "" for a report's organisation.

    ``holds`` answers a yes/no question; None for "which". ``relation`` answers "more or fewer" for the side that is
    named first, with ``more`` or ``fewer``.
    """

    labels: tuple[str, ...] = ()
    tie: bool = False
    holds: bool | None = None
    relation: str = ""


def compare(evidence: Evidence) -> Finding | None:
    """A value per side, the one asked for first; a finding with ``missing`` when a side has none; else None."""
    lacking: Finding | None = None
    for reading in readings(evidence):
        found = _compared(reading)
        if found is not None and not found.missing:
            return found
        lacking = lacking or found
    return lacking


def _compared(evidence: Evidence) -> Finding | None:
    pool = _pool(evidence)
    parts = sides(evidence) or named_periods(evidence) or _reports(evidence, pool) or _fullest(evidence, pool)
    if len(parts) > 1:
        choice = (None if by_time(evidence.question) else both_told(pool, parts)) or _chosen(evidence, pool, parts)
        if choice is not None or any(part.scope != evidence.question.scope and part.label for part in parts):
            return _ordered(evidence, pool, choice) if choice else None
        return without(evidence, pool, parts)
    fits = _comparable(evidence)
    # two things without an owner named are two things of one report
    things = _things(evidence)
    choice = pool.choose_among(things, lambda found: one_report(found) and fits(found))
    if choice is None and not by_time(evidence.question):
        choice = pool.choose_among(things, _side_by_side)
    return _ordered(evidence, pool, choice) if choice else None


def _chosen(evidence: Evidence, pool: Pool, parts: Sequence[Part]) -> Choice | None:
    """Figures in the unit asked for (who gave more hours); of another unit only where the question may mean it."""
    fits, wanted = _comparable(evidence), _unit_of(evidence.question)
    if by_time(evidence.question) or not wanted.kinds:
        return pool.choose(parts, fits)
    choice = pool.choose(wanting(parts, wanted), fits)
    return choice or pool.choose(parts, lambda found: fits(found) * all(_may_be(c, wanted) for c in found))


def _unit_of(question: Question) -> Wanted:
    """The unit asked for; in Chinese the word before the "more" may be one: 谁开放的天数更多, 哪边人多."""
    said = None if question.wanted.kinds else _MORE_OF.search(question.folded)
    word = next((said[1][n:] for n in range(len(said[1])) if said[1][n:] in units()), "") if said else ""
    return wanted_for([units()[word][0]]) if word else question.wanted


def _may_be(candidate: Candidate, wanted: Wanted) -> bool:
    return unit_factor(measure_of(candidate), wanted)[1] > _QUITE_ANOTHER


def _side_by_side(found: Sequence[Candidate]) -> bool:
    """Things counted each in its own way in one sentence: 电子书3800种、音频460集."""
    first = found[0]
    sentence = first.scan.sentence_at(first.span.start)
    beside = all(c.scan is first.scan and c.span.start in sentence for c in found)
    return beside and all(measure_of(c).kind in _COUNTED for c in found)


def _pool(evidence: Evidence) -> Pool:
    if by_time(evidence.question):
        return Pool(evidence, date_candidates, figures=False)
    return Pool(evidence, lambda e: number_candidates(e, Wanted()))


def by_time(question: Question) -> bool:
    return _TIME.search(question.folded) is not None


def _comparable(evidence: Evidence) -> Fits:
    if by_time(evidence.question):
        return lambda found: all(_when(c) is not None for c in found)
    return same_kind


def _when(candidate: Candidate) -> tuple[int, int, int] | None:
    """Year, month and day, as far as they are known; the year from the section where the date names none."""
    first, period = date_of(candidate).first, candidate.scan.chunk.period
    year = first.year or (period.year if period else None)
    return (year, first.month or 0, first.day or 0) if year else None


def _reports(evidence: Evidence, pool: Pool) -> list[Part]:
    """Every report in scope, when a question names no organisation and asks which has the most."""
    question = evidence.question
    reports = sorted({c.report_id for c in evidence.chunks})
    if (
        question.mentions
        or len(reports) < 2
        or not re.search(
            r"馆|哪(?:一)?(?:家|座|市|县|区|个城市|份)|\b(?:library|libraries|city|report|district|county|organi[sz]ation|place)\b",
            question.folded,
        )
    ):
        return []
    own = counted(evidence)
    parts = [Part(frozenset(), own, replace(question.scope, reports=frozenset({r}))) for r in reports]
    best = {n: found[0] for n, part in enumerate(parts) if (found := pool.best(part, most=1))}
    surest = max((score for _, score in best.values()), default=0.0)
    return [part for n, part in enumerate(parts) if n in best and best[n][1] >= _AS_SURE * surest]


def _fullest(evidence: Evidence, pool: Pool) -> list[Part]:
    """Of all months, quarters or years those with a figure for what is asked, about as sure as the surest."""
    parts = every_period(evidence)
    best = [(part, found[0]) for part in parts if (found := pool.best(part, most=1))]
    surest = max((score for _, (_, score) in best), default=0.0)
    sure = [(part, c) for part, (c, score) in best if score >= _AS_SURE * surest and c.coverage >= _PLAINLY]
    if len(sure) < max(2, len(parts) // 4) or any(_of_a_shorter_period(part, c) for part, c in sure):
        return []
    cells = [tuple(labels(c.scan, measure_of(c))) for _, c in sure]
    return [part for part, _ in sure] if len(set(cells)) == 1 else []  # one column of a table, or running text


def _of_a_shorter_period(part: Part, candidate: Candidate) -> bool:
    """One month's figure is not that of the quarter."""
    months = {p.month for p in candidate.scan.periods_at(candidate.span.start) if p.month}
    asked = part.scope.months if part.scope else frozenset[int]()
    return len(asked) > 1 and bool(months) and len(months & asked) < len(asked)


def _things(evidence: Evidence) -> list[tuple[Part, ...]]:
    """The ways of parting two or more things of one report: 看报纸的人多还是看期刊的人多."""
    folded, places = evidence.question.folded, placed(evidence)
    listed = runs(folded, places)
    ways = _labelled(evidence, listed) if len(listed) > 2 else []
    for match in _EITHER.finditer(folded):
        ways += _labelled(evidence, [Span(0, match.start()), Span(match.end(), len(folded))])
    return ways[:48]


def _labelled(evidence: Evidence, stretches: Sequence[Span]) -> list[tuple[Part, ...]]:
    places = placed(evidence)
    groups = [between(places, s.start, s.end) for s in stretches]
    if not all(groups):
        return []
    return [
        tuple(
            replace(p, label=label_of(evidence, places, p, s), wanted=evidence.question.wanted)
            for p, s in zip(way, stretches, strict=True)
        )
        for way in partings(groups)
    ]


def _ordered(evidence: Evidence, pool: Pool, choice: Choice) -> Comparison:
    question = evidence.question
    keys = [_key(question, c) for c in choice.candidates]
    most_first = not (_LATE.search(question.folded) is None if by_time(question) else _LESS.search(question.folded))
    open_ended = len(keys) == 2 and _MORE_OR_LESS.search(question.folded) is not None
    order = [0, 1] if open_ended else sorted(range(len(keys)), key=lambda n: keys[n], reverse=most_first)
    candidates = [choice.candidates[n] for n in order]
    tie = keys[order[0]] == keys[order[1]]
    yes = (
        None
        if not _ASKS_YES.search(question.folded)
        else order[0] == 0 and (not tie or _AS_MANY.search(question.folded) is not None)
    )
    return Comparison(
        short=None,
        values=tuple(_value(question, c) for c in candidates),
        confidence=max(0.0, min(0.95, 0.2 + 0.65 * min(c.score for c in candidates))),
        others=tuple(
            o for c, n in zip(candidates, order, strict=True) for o in _others(question, pool, c, choice.parts[n])
        ),
        derived=True,
        candidates=tuple(candidates),
        labels=tuple(choice.parts[n].label for n in order),
        tie=tie,
        holds=None if open_ended else yes,
        relation=("more" if keys[0] > keys[1] else "fewer") if open_ended and not tie else "",
    )


def _key(question: Question, candidate: Candidate) -> tuple[Decimal, ...]:
    if by_time(question):
        return tuple(Decimal(n) for n in _when(candidate) or (0, 0, 0))
    return (measure_of(candidate).value,)


def _value(question: Question, candidate: Candidate) -> Value:
    text = candidate.scan.chunk.text
    if by_time(question):
        mention = date_of(candidate)
        return Value(date_text(mention, text[mention.start : mention.end], question.language), support_of(candidate))
    measure = measure_of(candidate)
    return Value(figure(measure, text[measure.start : measure.end], question.language), support_of(candidate))


def _others(question: Question, pool: Pool, candidate: Candidate, part: Part) -> list[Value]:
    """Another value the same report gives for the same thing."""
    if by_time(question):
        return []
    ranked = [c for c, _ in pool.best(part) if c.report_id == candidate.report_id]
    rest = [c for c in ranked if (c.scan.chunk.id, c.span) != (candidate.scan.chunk.id, candidate.span)]
    return [_value(question, c) for c in other_figures(question, [candidate, *rest], of_an_operand=True)]


def without(evidence: Evidence, pool: Pool, parts: Sequence[Part]) -> Finding | None:
    """Which sides have no figure; None when each has one (but of different kinds) or none has any."""
    found = [pool.best(part, most=1) for part in parts]
    missing = tuple(
        r
        for part, own in zip(parts, found, strict=True)
        if not own and part.scope
        for r in sorted(part.scope.reports or ())
    )
    if not missing or not any(found):
        return None
    candidates = tuple(own[0][0] for own in found if own)
    return Finding(
        None, tuple(_value(evidence.question, c) for c in candidates), 0.0, candidates=candidates, missing=missing
    )
