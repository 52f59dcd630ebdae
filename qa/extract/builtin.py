"""The built-in answerer: one question, its evidence, one finding or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from documents.report import Chunk
from qa.extract import calc, compare, dates, events, numbers, restated
from qa.extract.aspects import asks_for_own_house
from qa.extract.counting import asks_for_count, count, of_records
from qa.extract.evidence import Candidate, Evidence, stance_factor
from qa.extract.finding import Finding, Support, Value, sentence_text, stretch, support_of
from qa.extract.limits import asks_for_first, told_first
from qa.extract.lists import answer_list, asked_count
from qa.extract.names import answer_name
from qa.extract.stated import states_result, states_the_mean
from qa.extract.trust import LEAST, trust
from qa.extract.variants import with_variants
from qa.saying.wording import date_text, figure, month_text
from qa.understanding.kinds import Kind
from qa.understanding.question import Question

_LEAST_SCORE = 0.12  # below this nothing is proposed at all; whether a proposal stands is a matter of trust
_COUNTED_LIST = 0.8
_DIRECT = 0.4
_STATES, _ITS_UNIT, _EXACT_UNIT = 0.75, 0.85, 0.95  # at which a stated figure goes before counting
_WHO = re.compile(r"谁|哪一?位|\bwho\b")
_OF_LIBRARIES = re.compile(
    r"哪[一个家座]{0,2}(?:图书)?馆|哪[一]?[家座市县]|\bwhich (?:library|libraries|city|county|report)\b"
)


def find(
    question: Question, chunks: Sequence[Chunk], *, least: float = LEAST
) -> tuple[Finding | None, Sequence[Candidate]]:
    """The finding, or None with the best candidates that were not good enough.

    ``least`` is the trust below which a finding is kept back.
    """
    evidence = Evidence.gather(question, chunks)
    question = evidence.question
    finding, candidates = propose(question, evidence)
    if finding is None and question.kind is Kind.COMPARE and picks_one(question):
        kind = Kind.PERSON if _WHO.search(question.folded) else Kind.NAME
        named = find(replace(question, kind=kind), chunks, least=least)
        return named if named[0] and told_first(named[0].candidates[0]) else (None, named[1])
    if finding is None or not rests_on_one(question, finding):
        return finding, candidates
    trusted = replace(finding, confidence=trust(evidence, finding.candidates))
    return (trusted if trusted.confidence >= least else None), candidates


def picks_one(question: Question) -> bool:
    """Whether a report may name the first of many itself: which reader borrowed most, with no figures to compare."""
    return len(question.mentions) < 2 and asks_for_first(question) and not _OF_LIBRARIES.search(question.folded)


def rests_on_one(question: Question, finding: Finding) -> bool:
    """Whether one candidate carries the answer; what is worked out from several is as sure as its operands."""
    alone = bool(finding.candidates) and not finding.derived and question.kind not in (Kind.EVENTS, Kind.COMPARE)
    return alone and len(finding.candidates[0].votes) == len(question.terms)


def propose(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    """What would be answered were everything trusted."""
    if question.kind is Kind.EVENTS:
        return events.what_happened(evidence), ()
    if question.kind is Kind.COMPARE:
        found = compare.compare(evidence)
        return found, found.candidates if found else ()
    if question.kind is Kind.CALC:
        return _calculated(question, evidence)
    if asks_for_count(question):
        return _stated_or_counted(question, evidence)
    return _BY_KIND.get(question.kind, _named)(question, evidence)


def _calculated(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    """The result worked out, or the figure that states it; without its branches, a library's own figure is stated."""
    stated, candidates = _number(question, evidence)
    if stated is not None and asks_for_own_house(question) and dict(stated.candidates[0].features).get("house", 0) > 1:
        return stated, candidates
    if stated is not None and states_the_mean(evidence, stated.candidates[0]):
        return stated, candidates
    found = calc.calculate(evidence)
    if found is not None:
        return found, found.candidates
    return (stated if stated and states_result(evidence, stated.candidates[0]) else None), candidates


def _stated_or_counted(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    """A figure that the report states for nearly all that is asked, else the entries counted."""
    stated, candidates = _number(question, evidence)
    best = stated.candidates[0] if stated is not None else None
    fits = _EXACT_UNIT if of_records(question) else _ITS_UNIT
    several = best is not None and numbers.measure_of(best).value > 1  # 举办了一场 is one entry, not their number
    if best is not None and several and best.coverage >= _STATES and _unit_of(best) >= fits:
        return stated, candidates
    counted = count(evidence, least=best.coverage if best is not None and several else 0.0)
    return (counted, ()) if counted is not None else (stated, candidates)


def _number(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    found = numbers.number_candidates(evidence)
    if not found or not _enough(found[0]) or _unit_of(found[0]) < 0.5:
        return None, found[:5]
    best = found[0]
    value = _number_value(best, question.language)
    others = tuple(_number_value(c, question.language) for c in restated.other_figures(question, found))
    sentence = sentence_text(best.scan, best.span)
    return Finding(value.shown, (value,), sentence=sentence, others=others, candidates=tuple(found[:5])), found[:5]


def _unit_of(candidate: Candidate) -> float:
    return dict(candidate.features).get("unit", 1.0)


def _number_value(candidate: Candidate, language: str) -> Value:
    measure = numbers.measure_of(candidate)
    written = candidate.scan.chunk.text[measure.start : measure.end]
    start, end = stretch(candidate)
    around = candidate.scan.folded[max(start, measure.start - 24) : min(end, measure.end + 6)]
    return Value(figure(measure, written, language, around), support_of(candidate))


def _date(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    dated, undated = dates.date_candidates(evidence), dates.month_entries(evidence)
    if undated and (not dated or undated[0].score > dated[0].score):
        return _month_of_entry(question, undated), undated[:5]
    if not dated or not _enough(dated[0]):
        return None, dated[:5]
    best = dated[0]
    value = _date_value(best, question)
    edge = dates.other_edge(evidence, dated)
    if edge is not None:
        return _both_edges(best, edge, dated, question), dated[:5]
    others = tuple(_date_value(c, question) for c in restated.other_days(question, dated))
    return Finding(
        value.shown,
        (value,),
        sentence=sentence_text(best.scan, best.span),
        others=others,
        candidates=tuple(dated[:5]),
    ), dated[:5]


def _both_edges(best: Candidate, edge: Candidate, dated: Sequence[Candidate], question: Question) -> Finding:
    """The day something began and the day it ended, each with its line."""
    ordered = sorted((best, edge), key=lambda c: (dates.date_of(c).first.month or 0, dates.date_of(c).first.day or 0))
    values = tuple(_date_value(c, question) for c in ordered)
    short = {"zh": "、", "en": ", "}[question.language].join(v.shown for v in values)
    return Finding(short, values, sentence=sentence_text(best.scan, best.span), candidates=tuple(dated[:5]))


def _date_value(candidate: Candidate, question: Question) -> Value:
    mention = dates.date_of(candidate)
    told = dates.edge_asked(question.folded, mention)
    written = candidate.scan.chunk.text[mention.start : mention.end] if told == mention else ""
    return Value(date_text(told, written, question.language), support_of(candidate))


def _month_of_entry(question: Question, found: Sequence[Candidate]) -> Finding | None:
    best = found[0]
    period = best.scan.chunk.period
    if not _enough(best) or period is None or period.month is None:
        return None
    own = support_of(best)
    lines = best.scan.lines(best.span.start, best.span.end)
    support = own if len(lines) > 5 else Support(best.scan, lines, own.text)
    shown = month_text(period.month, None, question.language)
    return Finding(
        shown,
        (Value(shown, support),),
        sentence=sentence_text(best.scan, best.span),
        candidates=tuple(found[:5]),
    )


def _named(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    """One thing, or as many as the question counts (三家…叫什么)."""
    listed = answer_list(evidence)[0] if question.kind is Kind.NAME and asked_count(question) else None
    if listed is not None and listed.candidates[0].coverage >= _COUNTED_LIST:
        return listed, listed.candidates
    found, candidates = answer_name(evidence)
    return (with_variants(evidence, found) if found else None), candidates


def _listed(_: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    return answer_list(evidence)


def _text(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    """The sentence that speaks of most of what is asked."""
    found = evidence.candidates(
        lambda s: list(s.sentences),
        lambda s, span: (stance_factor(question, s, span.start),),
        zones=lambda _, span: span,
    )
    if not found or not _enough(found[0]):
        return None, found[:5]
    best = found[0]
    lines = best.scan.lines(best.span.start, best.span.end)
    text = sentence_text(best.scan, best.span, at_most=200)
    short = {"zh": "是", "en": "Yes"}[question.language] if question.kind is Kind.YES_NO else None
    value = Value(short or "", Support(best.scan, lines, text))
    return Finding(short, (value,), sentence=text, candidates=tuple(found[:5])), found[:5]


def _enough(candidate: Candidate) -> bool:
    """Something beside the candidate speaks for it, not only headings."""
    direct = any(match and vote >= _DIRECT for match, vote in zip(candidate.best, candidate.votes, strict=True))
    return direct and candidate.score >= _LEAST_SCORE


_Extractor = Callable[[Question, Evidence], tuple[Finding | None, Sequence[Candidate]]]
_BY_KIND: dict[Kind, _Extractor] = {
    Kind.NUMBER: _number,
    Kind.CALC: _number,
    Kind.DATE: _date,
    Kind.LIST: _listed,
    Kind.TEXT: _text,
    Kind.YES_NO: _text,
}
