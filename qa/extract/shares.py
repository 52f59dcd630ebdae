"""One figure as a share of another, and how much a figure grew from one year to the next."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from qa.extract import forms
from qa.extract.compare import without
from qa.extract.evidence import Candidate, Evidence
from qa.extract.finding import Finding
from qa.extract.former import both_told
from qa.extract.numbers import measure_of
from qa.extract.operands import Pool, fit_one_report, same_kind
from qa.extract.periods import across
from qa.extract.results import figure_of, finding_of, taken_away
from qa.extract.sides import Part
from qa.extract.stated import of_another, stated_share
from qa.saying.wording import plain_number

LISTED_PARTS = re.compile(r"其中|包括|包含|分别|of which|including")
_LISTED = 1.3  # how much likelier a figure is a part when it is listed behind the whole
_GROWTH = re.compile(
    r"增长|增加|增幅|上升|提高|下降|减少|降幅|"
    r"\b(?:gr[eo]w\w*|increase\w*|r[io]se|fell|fall|drop\w*|decrease\w*|decline\w*|change\w*)\b"
)
_AS_PERCENT = re.compile(r"%|百分|率|幅|几成|\bper ?cent|\bpercentage|\brate\b")


def share(evidence: Evidence, pool: Pool) -> Finding | None:
    """The part over the whole, unless the report states that very percentage; between two years the growth."""
    if len(sides := across(evidence, pool)) > 1 and _GROWTH.search(evidence.question.folded):
        return _growth(evidence, pool, sides)
    ways = forms.two_sided(evidence, forms.SHARE)
    stated = stated_share(evidence)
    choice = pool.choose_among(ways, lambda found: part_of(found[1], found[0]))
    if choice is None or (stated is not None and not of_another(evidence, stated, choice)):
        return stated
    part, whole = choice.candidates
    result = figure_of(part) / figure_of(whole) * 100
    formula = f"{plain_number(figure_of(part))} ÷ {plain_number(figure_of(whole))} = {plain_number(result)}%"
    return finding_of(evidence, choice, f"{plain_number(result)}%", formula, pool)


def _growth(evidence: Evidence, pool: Pool, sides: Sequence[Part]) -> Finding | None:
    """From the earlier year to the later, as a percentage of the earlier where one is asked for."""
    choice = both_told(pool, sides) or pool.choose(sides, same_kind)
    if choice is None:
        return without(evidence, pool, sides)
    before, after = figure_of(choice.candidates[0]), figure_of(choice.candidates[-1])
    if not before:
        return None
    if _AS_PERCENT.search(evidence.question.folded):
        shown = f"{plain_number((after - before) / before * 100)}%"
        return finding_of(
            evidence,
            choice,
            shown,
            f"({plain_number(after)} − {plain_number(before)}) ÷ {plain_number(before)} = {shown}",
            pool,
        )
    return taken_away(evidence, choice, pool)


def parts_of(found: Sequence[Candidate]) -> float:
    """Whether the first of some figures may be the whole of which the others are parts."""
    whole, *parts = found
    return math.prod(part_of(whole, part) for part in parts) * (sum(map(figure_of, parts)) <= figure_of(whole))


def part_of(whole: Candidate, part: Candidate) -> float:
    """Whether one figure may be a part of another; likelier when listed behind it in the same sentence."""
    if not fit_one_report((whole, part)) or figure_of(part) >= figure_of(whole):
        return 0.0
    text, start, end = whole.scan.folded, whole.span.end, part.span.start
    together = whole.scan.chunk.id == part.scan.chunk.id and start < end and not re.search("[。\n]", text[start:end])
    if together and LISTED_PARTS.search(text, start, end):
        return _LISTED
    return 1.0 if bool(measure_of(whole).unit) == bool(measure_of(part).unit) else 0.0
