"""Which figure answers a question for a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from documents.numerals import NUMBER, read_number
from qa.extract.aspects import aspect_factors, changes, labels, told, without_aspect_words, year_of
from qa.extract.evidence import Candidate, Evidence, stance_factor
from qa.measures import Measure, same_value
from qa.scan import Scan, Span
from qa.understanding.kinds import Wanted

_UNIT_MISMATCH = 0.35
_AFTER = 0.5  # a word beyond a comma after the figure seldom names it
_EXACTING = frozenset(
    {"month", "year", "week", "money", "length", "area", "weight", "percent", "hour", "minute", "day", "data"}
)
_NEVER_PLAIN = frozenset({"hour", "minute", "year", "award", "month", "day", "week"})
_PART = re.compile(r"其中|包括|包含|分别|of which|including")


def number_candidates(evidence: Evidence, wanted: Wanted | None = None) -> list[Candidate]:
    """Every figure in scope, scored: terms near it, unit, stance, and how much else stands in its own stretch."""
    question = evidence.question
    evidence = without_aspect_words(evidence)
    wanted = wanted or question.wanted
    asked = {value for m in NUMBER.finditer(question.folded) if (value := read_number(m[0])) is not None}

    def factors(scanned: Scan, span: Span) -> Sequence[tuple[str, float]]:
        measure = _measure(scanned, span)
        return (
            unit_factor(measure, wanted),
            stance_factor(question, scanned, span.start),
            *aspect_factors(question, scanned, measure),
            (
                "asked",
                0.3
                if measure.value in asked and measure.value >= 2 and _in_question(scanned, span, question.folded)
                else 1.0,
            ),
            ("own words", _own_words(evidence, scanned, span)),
            (
                "one of",
                0.6
                if scanned.folded[span.start : span.end].strip()[:1] == "一"
                and measure.value == 1
                and measure.unit != wanted.unit
                else 1.0,
            ),
        )

    return evidence.candidates(
        lambda s: [Span(m.start, m.end) for m in s.measures], factors, barriers=_rivals, after=_AFTER
    )


def _rivals(scanned: Scan, span: Span) -> list[Span]:
    """Figures that could be meant instead, of the same class of unit or bare: 11个 does not part 采购 from 29万册."""
    mine = _measure(scanned, span)
    pair = {m for change in changes(scanned).items() if mine in change for m in change}
    rivals = (m for m in scanned.measures if m.start != span.start and m not in pair)
    return [Span(m.start, m.end) for m in rivals if _rival(mine, m)]


def _rival(mine: Measure, other: Measure) -> bool:
    """册 and 册次 rival each other, 册 and 卷 do not: 19 卷 565 册 states one thing in two units."""
    return not other.unit or not mine.unit or (mine.kind == other.kind and mine.unit[0] == other.unit[0])


def _measure(scanned: Scan, span: Span) -> Measure:
    return next(m for m in scanned.measures if m.start == span.start)


def measure_of(candidate: Candidate) -> Measure:
    return _measure(candidate.scan, candidate.span)


def _in_question(scanned: Scan, span: Span, folded: str) -> bool:
    text = re.sub(r"\s", "", scanned.folded[span.start : span.end])
    return text in re.sub(r"\s", "", folded)


def unit_factor(measure: Measure, wanted: Wanted) -> tuple[str, float]:
    """How well a figure's unit fits the one asked for."""
    if wanted.unit and measure.unit == wanted.unit:
        return ("unit", 1.08)
    if measure.kind == "year" and "year" not in wanted.kinds:
        return ("unit", 0.3)  # an anniversary is a name, not a count
    if not wanted.kinds and wanted.near:
        return ("unit", 1.0 if measure.kind in wanted.near else 0.9 if not measure.unit else 0.6)
    if not wanted.kinds:
        return ("unit", 0.45 if measure.kind in _NEVER_PLAIN else 0.9 if measure.kind == "percent" else 1.0)
    if measure.kind in wanted.kinds:
        return ("unit", 0.95 if wanted.unit and measure.unit else 1.0)
    if wanted.kinds <= _EXACTING:
        return ("unit", 0.1)  # nothing else is yuan or kilometres
    if measure.kind in wanted.near:
        return ("unit", 0.85)
    if not measure.unit:
        return ("unit", 0.9)
    return ("unit", _UNIT_MISMATCH)


def _own_words(evidence: Evidence, scanned: Scan, span: Span) -> float:
    """The stretch from the last punctuation or figure to this one says what is counted.

    Words in it that the question does not have narrow the count to a part (其中信用办证 against 办证).
    """
    ends = [m.end for m in scanned.measures if m.end <= span.start]
    start = max([*ends, *(m.end() for m in re.finditer(r"[，,。；;、\n:：]", scanned.folded[: span.start]))], default=0)
    own = scanned.folded[start : span.start]
    matched = {o for m in evidence.matches_of(scanned) if m.quality >= 0.3 for o in range(m.start, m.end)}
    share = _share(scanned, start, span.start, matched)
    if share is None:
        return 1.0
    behind = _BEHIND.match(scanned.folded, span.end)
    if behind:  # 86.2 per cent on buses: English may name the thing behind its figure
        share = max(share, _BEHIND_SHARE * (_share(scanned, behind.start(1), behind.end(1), matched) or 0.0))
    part = 0.93 if _PART.search(own) and share < 0.8 else 1.0
    return part * (0.86 + 0.14 * share)


def _share(scanned: Scan, start: int, end: int, matched: set[int]) -> float | None:
    """Of the letters of a stretch those the question's words match; None without letters."""
    letters = [o for o in range(start, end) if "\u4e00" <= scanned.folded[o] <= "\u9fff" or scanned.folded[o].isalpha()]
    return sum(1 for o in letters if o in matched) / len(letters) if letters else None


_BEHIND = re.compile(r"\s+(?:on|in|at|for|from|by|to|of) (?:the )?([a-z' -]+?)(?=[.,;:()]|\band\b|$|\n)")
_BEHIND_SHARE = 0.9
_NEAR_ENOUGH = 0.6  # of the best score
_CLOSE, _CLOSE_ENOUGH = Decimal("1.1"), 0.5  # values this close restate each other from a poorer sentence too
_WIDE, _STILL_SAID, _MOSTLY = Decimal("1.25"), 0.2, 0.75  # values this far apart: where most terms speak for both
_CORRECTS = re.compile(r"应为|实为|更正|复核|勘误|修正为|\bcorrect(?:ed|ion)\b|\brevised\b")
_ALIKE = 0.5  # share of bigrams of the words around two figures


def restatements(candidates: Sequence[Candidate]) -> list[Candidate]:
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
