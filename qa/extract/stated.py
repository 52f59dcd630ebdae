"""A result that the report itself states: it goes before one that is worked out."""

from __future__ import annotations

import re
from decimal import Decimal

from documents.numerals import NUMBER, read_number
from qa.extract import forms
from qa.extract.aspects import asks_both_motions, own_words
from qa.extract.evidence import Candidate, Evidence
from qa.extract.finding import Finding
from qa.extract.numbers import measure_of, number_candidates
from qa.extract.operands import Choice
from qa.extract.results import figure_of, value_of
from qa.understanding.kinds import Operation
from qa.understanding.wanted import Wanted

_LEAST_STATED = 0.75  # coverage at which a stated percentage is the one asked for
_LEAST_TOLD = 0.55  # where it is said to be a share
_LEAST_SAID = 0.3  # vote of a part's word for a total that is stated
_ROUNDING = Decimal("0.3")  # percentage points
_PERCENT = Wanted("%", frozenset({"percent"}))
# Words beside a figure that make it the result of such an operation.
_STATES_IT = {
    Operation.SHARE: re.compile(
        r"占|比例|比重|份额|\b(?:share|made up|makes up|account\w*|represent\w*|of which|proportion)\b"
    ),
    Operation.AVERAGE: re.compile(r"平均|人均|均|\b(?:average|mean|per|each)\b"),
    Operation.RATIO: re.compile(r"倍|\btimes\b|\bfold\b"),
    Operation.SUM: re.compile(r"合计|总计|共|累计|总[数量]|\b(?:total|altogether|in all|combined)\b"),
    Operation.DIFFERENCE: re.compile(r"增加|减少|相差|差额|净增|[高多超]出|\b(?:more|fewer|less|increase|decrease)\b"),
}
_SAYS_SO = {
    Operation.AVERAGE: re.compile(r"平均|人均|均|\b(?:average|mean|per|each)\b"),
    Operation.RATIO: re.compile(r"倍|\btimes\b|\bfold\b"),
    Operation.DIFFERENCE: re.compile(
        r"增加|增长|增幅|[新净]增|减少|下降|上升|提高|[高多超]出|相差|差额|同比|比上|比去|剩|"
        r"\b(?:added|more|fewer|less|increase|decrease|rose|fell|up|down|than|exceed\w*)\b"
    ),
}
_PER = re.compile(
    r"每一?个?(人次|[\u4e00-\u9fff])|([人日月周年场户])均|\b(?:per|each|every) (\w+)|\b(dai|month|week|year)ly\b"
)


def states_result(evidence: Evidence, candidate: Candidate) -> bool:
    """Whether a stated figure is itself the result asked for: an average said to be one, a total of all parts."""
    operation = evidence.question.operation
    ways = forms.joined(evidence) if operation is Operation.SUM else []
    if operation is Operation.SHARE:
        ways = [way[:1] for way in forms.two_sided(evidence, forms.SHARE)]
    named = [any(candidate.votes[t] >= _LEAST_SAID for t in part.own) for part in (ways[0] if ways else ())]
    if sum(named) < len(named) / 2:
        return False
    sentence = candidate.scan.sentence_at(candidate.span.start)
    said = _SAYS_SO.get(operation) if operation else None
    return said is None or said.search(candidate.scan.folded, sentence.start, sentence.end) is not None


def states_the_mean(evidence: Evidence, candidate: Candidate) -> bool:
    """Whether a figure is itself the mean asked for: per the same thing (平均每人次, per event)."""
    asked = _per_what(evidence.question.folded)
    return bool(asked) and asked == _per_what(own_words(candidate.scan, measure_of(candidate)))


def _per_what(text: str) -> frozenset[str]:
    """What a text counts by.

    >>> _per_what("平均每人次借阅3.4册") == _per_what("每人次借多少"), _per_what("日均120册") == _per_what("每天")
    (True, True)
    """
    found = (next(group for group in m.groups() if group) for m in _PER.finditer(text))
    return frozenset(word.replace("天", "日").removesuffix("s") for word in found)


def as_stated(evidence: Evidence, found: Finding) -> Finding | None:
    """The figure that states the very result: in the same section as an operand, equal to it as far as it is told,
    and said to be such a figure (占58.9%, 平均3.4册); what a report states goes before what is worked out from it.
    """
    operation = evidence.question.operation
    said = _STATES_IT.get(operation) if operation else None
    if not found.derived or said is None or not found.candidates:
        return None
    number = NUMBER.search(found.short or "")
    result = read_number(number[0]) if number else None
    if result is None:
        return None
    wanted = _PERCENT if (found.short or "").endswith("%") else evidence.question.wanted
    sections = {c.scan.chunk.id for c in found.candidates}
    for candidate in number_candidates(evidence, wanted):
        measure = measure_of(candidate)
        told = candidate.scan.chunk.id in sections and said.search(own_words(candidate.scan, measure))
        alike = measure.kind in wanted.kinds or not wanted.kinds
        if told and alike and candidate.coverage >= _LEAST_SAID and _rounds(measure.value, result):
            value = value_of(candidate, evidence.question.language)
            return Finding(value.shown, (value,), found.confidence, candidates=(candidate,))
    return None


def _rounds(stated: Decimal, result: Decimal) -> bool:
    """Whether a result, cut or rounded to the digits of the stated figure, is that figure."""
    exponent = stated.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) and exponent < 0 else 0)
    return abs(stated - result) < step


def stated_share(evidence: Evidence) -> Finding | None:
    """A share the report itself states, when nearly all words of the question speak for it, those of the part too."""
    found = number_candidates(evidence, _PERCENT)
    best = found[0] if found else None
    if best is None or measure_of(best).kind != "percent":
        return None
    told = _STATES_IT[Operation.SHARE].search(own_words(best.scan, measure_of(best)))
    least = _LEAST_TOLD if told else _LEAST_STATED
    if best.coverage < least or best.score < 0.8 * least:
        return None
    if not states_result(evidence, best):
        return None
    value = value_of(best, evidence.question.language)
    return Finding(value.shown, (value,), 0.25 + 0.6 * min(best.score, 1.0), candidates=tuple(found[:3]))


def of_another(evidence: Evidence, stated: Finding, choice: Choice) -> bool:
    """Whether a stated percentage is of something else: it stands beside both figures and is not their quotient."""
    percent, (part, whole) = stated.candidates[0], choice.candidates
    sentence = percent.scan.sentence_at(percent.span.start)
    if asks_both_motions(evidence.question):
        return False  # the share of loans and returns together, each of which alone is beside it
    beside = all(c.scan.chunk.id == percent.scan.chunk.id and c.span.start in sentence for c in (part, whole))
    return beside and abs(figure_of(part) / figure_of(whole) * 100 - figure_of(percent)) > _ROUNDING
