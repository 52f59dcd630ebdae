"""Months, quarters, half-years and years of one report set side by side: those a question names, or all there are.

"Was there more in March or April" names its sides; "which quarter had the most" means every quarter that the report
has a figure for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from documents.dates import MONTHS_EN, find_quarters
from qa.extract.evidence import Evidence
from qa.extract.operands import Pool
from qa.extract.sides import Part, counted, sides
from qa.understanding.question import Question

_RANGE = re.compile(r"^\s*(?:月份?|季度)?\s*(?:到|至|[-—–~～]+|to|through|until|till)\s*(?:第|the )?\s*$")
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?:the )?$|(?:从|自)第?$")
_EVERY = re.compile(
    r"(?:哪|那)(?:一)?个?(?P<zh>月|季度?|年|半年)(?!级)|\b(?:which|what) (?:\w+ ){0,2}?(?P<en>month|quarter|year)\b"
)
_PERIOD_WORDS = frozenset("月 月份 季度 季 年 年份 半年 month quarter year".split())
_QUARTERS_ZH = "一二三四"


@dataclass(frozen=True, slots=True)
class _Named:
    """A period named at ``[start, end)`` of the question."""

    start: int
    end: int
    label: str
    months: frozenset[int]
    years: frozenset[int]


def named_periods(evidence: Evidence) -> list[Part]:
    """One part per month, quarter or half-year that the question sets beside others; empty for fewer than two."""
    question = evidence.question
    found = sorted(_named(question), key=lambda n: n.start)
    gaps = [question.folded[one.end : other.start] for one, other in pairwise(found)]
    distinct = {(n.months, n.years) for n in found}
    if len(distinct) < 2 or any(_RANGE.match(gap) for gap in gaps):
        return []
    if _BETWEEN.search(question.folded[: found[0].start]) and "between" in question.folded and len(found) == 2:
        return [] if not re.search(r"differen|gap|compar", question.folded) else _parts(evidence, found)
    return _parts(evidence, found)


def across(evidence: Evidence, pool: Pool) -> list[Part]:
    """The organisations, years, months or quarters asked about, where there are several with a figure each."""
    found = sides(evidence)
    if found:
        return found
    periods = named_periods(evidence)
    return periods if periods and all(pool.best(part, most=1) for part in periods) else []


def _parts(evidence: Evidence, found: list[_Named]) -> list[Part]:
    scope, shared = evidence.question.scope, counted(evidence)
    unique = {(n.months, n.years): n for n in reversed(found)}
    return [
        Part(frozenset(), shared, replace(scope, months=n.months, years=n.years or scope.years), label=n.label)
        for n in sorted(unique.values(), key=lambda n: n.start)
    ]


def _named(question: Question) -> Iterator[_Named]:
    text = question.text if len(question.text) == len(question.folded) else question.folded
    for date in question.dates:
        if date.first.month and date.first == date.last and date.first.day is None:
            years = frozenset({date.first.year} if date.first.year else ())
            yield _Named(
                date.start, date.end, text[date.start : date.end].strip(), frozenset({date.first.month}), years
            )
    for start, end, months in find_quarters(question.folded):
        yield _Named(start, end, text[start:end].strip(), months, frozenset())


def every_period(evidence: Evidence) -> list[Part]:
    """A part for each month, quarter or year there is, where a question asks which of them has the most."""
    question = evidence.question
    asked = _EVERY.search(question.folded)
    if asked is None:
        return []
    shared = frozenset(t for t in counted(evidence) if evidence.terms[t].surface not in _PERIOD_WORDS)
    scope = question.scope
    of = {"月": "month", "季": "quarter", "季度": "quarter", "年": "year", "半年": "half"}.get(asked["zh"], asked["en"])
    if of == "year":
        period_years = {p.year for s in evidence.scans for p in (*s.chunk.periods, s.chunk.period) if p}
        years = sorted(period_years & scope.years if scope.years else period_years)
        zh = question.language == "zh"
        return [
            Part(frozenset(), shared, replace(scope, years=frozenset({y})), label=f"{y}年" if zh else str(y))
            for y in years
        ]
    size = {"month": 1, "quarter": 3, "half": 6}[of]
    spans = [frozenset(range(m, m + size)) for m in range(1, 13, size)]
    return [
        Part(frozenset(), shared, replace(scope, months=months), label=_label(of, n, question.language))
        for n, months in enumerate(spans, 1)
        if not scope.months or months & scope.months
    ]


def month_parts(evidence: Evidence) -> list[Part]:
    """A part for each of the months in the question's scope."""
    question = evidence.question
    shared = frozenset(t for t in counted(evidence) if evidence.terms[t].surface not in _PERIOD_WORDS)
    return [
        Part(frozenset(), shared, replace(question.scope, months=frozenset({month})))
        for month in sorted(question.scope.months)
    ]


def _label(of: str, number: int, language: str) -> str:
    if of == "month":
        return f"{number}月" if language == "zh" else MONTHS_EN[number - 1]
    if of == "quarter":
        return f"第{_QUARTERS_ZH[number - 1]}季度" if language == "zh" else f"Q{number}"
    if language == "zh":
        return "上半年" if number == 1 else "下半年"
    return "first half" if number == 1 else "second half"
