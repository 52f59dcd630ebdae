"""Which figure answers a question for a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from documents.numerals import NUMBER, read_number
from qa.extract.aspects import aspect_factors, labels, own_words, without_aspect_words
from qa.extract.evidence import Candidate, Evidence, stance_factor
from qa.extract.limits import clause_factor, shut_out, without_excluded
from qa.extract.years import changes, of_the_year
from qa.match import inherited
from qa.measures import Measure
from qa.scan import Scan, Span
from qa.understanding.cues import cue
from qa.understanding.question import Question
from qa.understanding.wanted import Wanted

_UNIT_MISMATCH = 0.35
_AFTER = 0.5  # a word beyond a comma after the figure seldom names it
_EXACTING = frozenset(
    {"month", "year", "week", "money", "length", "area", "weight", "percent", "hour", "minute", "day", "data", "age"}
)
_NEVER_PLAIN = frozenset({"age", "hour", "minute", "year", "award", "month", "day", "week"})
_COUNTS_TOO = frozenset({("篇", "次"), ("条", "次")})  # 上了9次报纸: 报道9篇
_AT_LEAST = re.compile(r"超|满|突破|逾|不少于|至少|不足|以[上下]|over|more than|at least")
_WHICH_HAVE = re.compile(r"(以[上下])?的(?!年度|目标|计划)[\u4e00-\u9fff]")
_CONDITION = 0.6
_TARGET = re.compile(r"的?(?:年度|全年|年初|既定)?(?:计划|目标|任务|指标)|\b target\b")
_AS_ASKED, _NOT_ASKED = 1.25, 0.4
_COMPARED, _NEARLY, _TIMES = 4, 0.85, 2  # candidates looked at, share of the best score, times its value
_ADDED_UP = frozenset({"visit", "person", "volume", "times", "card"})
_PART = re.compile(r"其中|包括|包含|分别|of which|including")


def number_candidates(evidence: Evidence, wanted: Wanted | None = None) -> list[Candidate]:
    """Every figure in scope, scored: terms near it, unit, stance, and how much else stands in its own stretch."""
    question = evidence.question
    evidence = without_excluded(without_aspect_words(evidence))
    shut = shut_out(evidence)
    wanted = wanted or question.wanted
    asked = {value for m in NUMBER.finditer(question.folded) if (value := read_number(m[0])) is not None}

    def factors(scanned: Scan, span: Span) -> Sequence[tuple[str, float]]:
        measure = _measure(scanned, span)
        aspects = aspect_factors(question, scanned, measure)
        is_own = dict(aspects).get("house", 1.0) > 1.0  # the city's library is not shut out with the city's network
        return (
            unit_factor(measure, wanted),
            stance_factor(question, scanned, span.start),
            *aspects,
            (
                "asked",
                0.3
                if measure.value in asked and measure.value >= 2 and _in_question(scanned, span, question.folded)
                else 1.0,
            ),
            ("shut out", clause_factor(evidence, scanned, span, shut) if shut and not is_own else 1.0),
            ("threshold", _CONDITION if _is_threshold(scanned, measure) else 1.0),
            ("target", _target(question, scanned, measure)),
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

    return _whole_first(
        evidence.candidates(
            lambda s: [Span(m.start, m.end) for m in s.measures], factors, barriers=_rivals, after=_AFTER
        )
    )


def _whole_first(found: list[Candidate]) -> list[Candidate]:
    """Of figures that all the same words speak for, the whole goes before what one of its services had of it."""
    best = found[0] if found else None
    if best is None or labels(best.scan, measure_of(best)):
        return found
    for place, other in enumerate(found[1:_COMPARED], start=1):
        if cue("so far").search(own_words(other.scan, measure_of(other))):
            continue
        if _is_whole(measure_of(other), measure_of(best)) and _spoken_for_alike(other, best):
            return [replace(other, score=best.score), *found[:place], *found[place + 1 :]]
    return found


def _is_whole(one: Measure, other: Measure) -> bool:
    return one.unit == other.unit != "" and one.kind in _ADDED_UP and one.value >= _TIMES * other.value


def _spoken_for_alike(one: Candidate, other: Candidate) -> bool:
    apart = one.report_id != other.report_id or one.scan.sentence_at(one.span.start) == other.scan.sentence_at(
        other.span.start
    )
    features = [{n: f for n, f in c.features if n != "own words"} for c in (one, other)]
    return not apart and one.score >= _NEARLY * other.score and features[0] == features[1] and one.votes == other.votes


def _target(question: Question, scanned: Scan, measure: Measure) -> float:
    """What was planned, told beside what was done: 超额完成25000册的年度计划."""
    sentence = scanned.sentence_at(measure.start)
    planned = [m for m in scanned.measures if m.start in sentence and _TARGET.match(scanned.folded, m.end)]
    if not any(m.kind == measure.kind for m in planned):
        return 1.0
    return _AS_ASKED if (measure in planned) == question.planned else _NOT_ASKED


def _rivals(scanned: Scan, span: Span) -> list[Span]:
    """Figures that could be meant instead, of the same class of unit or bare: 11个 does not part 采购 from 29万册."""
    mine = _measure(scanned, span)
    pair = {m for change in changes(scanned).items() if mine in change for m in change} | {
        of_the_year(scanned).get(mine)
    }
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
    if measure.kind in wanted.near or (measure.unit, wanted.unit) in _COUNTS_TOO or _is_of_books(measure, wanted):
        return ("unit", 0.85)
    if not measure.unit:
        return ("unit", 0.9)
    return ("unit", _UNIT_MISMATCH)


def _is_of_books(measure: Measure, wanted: Wanted) -> bool:
    """古籍11部 and 图书3套 are books, where films too are counted in 部."""
    return measure.unit in ("部", "套") and bool(wanted.kinds & {"title", "volume"})


def _is_threshold(scanned: Scan, measure: Measure) -> bool:
    """A figure that only says which are meant: 服务时长超过200小时的志愿者有17人."""
    behind = _WHICH_HAVE.match(scanned.folded, measure.end)
    return behind is not None and bool(behind[1] or _AT_LEAST.search(measure.modifier))


def _own_words(evidence: Evidence, scanned: Scan, span: Span) -> float:
    """The stretch from the last punctuation or figure to this one says what is counted.

    Words in it that the question does not have narrow the count to a part (其中信用办证 against 办证).
    """
    if (part := of_the_year(scanned).get(_measure(scanned, span))) is not None:
        span = Span(part.start, part.end)
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
    named = inherited(scanned, evidence.matches_of(scanned), span)
    narrowed = 0.93 if _PART.search(own) and share < 0.8 and not named else 1.0
    return narrowed * (0.86 + 0.14 * share)


def _share(scanned: Scan, start: int, end: int, matched: set[int]) -> float | None:
    """Of the letters of a stretch those the question's words match; None without letters."""
    letters = [o for o in range(start, end) if "\u4e00" <= scanned.folded[o] <= "\u9fff" or scanned.folded[o].isalpha()]
    return sum(1 for o in letters if o in matched) / len(letters) if letters else None


_BEHIND = re.compile(r"\s+(?:on|in|at|for|from|by|to|of) (?:the )?([a-z' -]+?)(?=[.,;:()]|\band\b|$|\n)")
_BEHIND_SHARE = 0.9
