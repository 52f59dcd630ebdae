"""The built-in answerer: one question, its evidence, one finding or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from documents.report import Chunk
from qa.extract import calc, compare, dates, events, lists, names, numbers
from qa.extract.evidence import Candidate, Evidence
from qa.extract.finding import Finding, Support, Value, sentence_text, stretch, support_of
from qa.kinds import Kind
from qa.question import Question
from qa.wording import date_text, figure, month_text, name_text

# Below these shares of its terms a candidate says too little about the question to be an answer.
LEAST_COVERAGE = {
    Kind.NUMBER: 0.4, Kind.DATE: 0.4, Kind.PERSON: 0.42, Kind.PLACE: 0.42, Kind.ORGANISATION: 0.42, Kind.NAME: 0.42,
    Kind.LIST: 0.42, Kind.YES_NO: 0.6, Kind.TEXT: 0.45,
}  # fmt: skip
_ALMOST_AS_GOOD = 0.86


def find(question: Question, chunks: Sequence[Chunk]) -> tuple[Finding | None, Sequence[Candidate]]:
    """The finding, or None with the best candidates that were not good enough."""
    evidence = Evidence.gather(question, chunks)
    if question.kind is Kind.EVENTS:
        return events.what_happened(evidence), ()
    if question.kind is Kind.COMPARE:
        found = compare.compare(evidence, lambda q, e: _number(q, e)[0])
        return found, found.candidates if found else ()
    if question.kind is Kind.CALC:
        found = calc.calculate(evidence)
        if found is not None:
            return found, found.candidates
    return _BY_KIND.get(question.kind, _name)(question, evidence)


def _number(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    found = numbers.number_candidates(evidence)
    if not found or not _enough(found[0], Kind.NUMBER) or _unit_of(found[0]) < 0.5:
        return None, found[:5]
    best = found[0]
    value = _number_value(best, question.language)
    others = tuple(_number_value(c, question.language) for c in numbers.restatements(found))
    sentence = sentence_text(best.scan, best.span)
    return Finding(value.shown, (value,), confidence(found), sentence, others, candidates=tuple(found[:5])), found[:5]


def _unit_of(candidate: Candidate) -> float:
    return dict(candidate.features).get("unit", 1.0)


def _number_value(candidate: Candidate, language: str) -> Value:
    measure = numbers.measure_of(candidate)
    written = candidate.scan.chunk.text[measure.start : measure.end]
    return Value(figure(measure, written, language), support_of(candidate))


def _date(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    dated, undated = dates.date_candidates(evidence), dates.month_entries(evidence)
    if undated and (not dated or undated[0].score > dated[0].score):
        return _month_of_entry(question, undated), undated[:5]
    if not dated or not _enough(dated[0], Kind.DATE):
        return None, dated[:5]
    best = dated[0]
    value = _date_value(best, question.language)
    others = tuple(_date_value(c, question.language) for c in _other_dates(dated))
    return Finding(value.shown, (value,), confidence(dated), sentence_text(best.scan, best.span), others, candidates=tuple(dated[:5])), dated[:5]


def _date_value(candidate: Candidate, language: str) -> Value:
    mention = dates.date_of(candidate)
    written = candidate.scan.chunk.text[mention.start : mention.end]
    return Value(date_text(mention, written, language), support_of(candidate))


def _other_dates(found: Sequence[Candidate]) -> list[Candidate]:
    best = found[0]
    first = dates.date_of(best)
    others: list[Candidate] = []
    for other in found[1:]:
        mention = dates.date_of(other)
        if mention.first.day is None or first.first.day is None:
            continue
        close = other.score >= 0.9 * best.score and other.report_id == best.report_id
        same = (mention.first.month, mention.first.day) in {(dates.date_of(c).first.month, dates.date_of(c).first.day) for c in [best, *others]}
        if close and not same and best.coverage >= 0.75:
            others.append(other)
    return others[:2]


def _month_of_entry(question: Question, found: Sequence[Candidate]) -> Finding | None:
    best = found[0]
    period = best.scan.chunk.period
    if not _enough(best, Kind.DATE) or period is None or period.month is None:
        return None
    own = support_of(best)
    lines = best.scan.lines(best.span.start, best.span.end)
    support = own if len(lines) > 5 else Support(best.scan, lines, own.text)
    shown = month_text(period.month, None, question.language)
    return Finding(shown, (Value(shown, support),), confidence(found) * 0.9, sentence_text(best.scan, best.span), candidates=tuple(found[:5]))


def _name(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    found = names.name_candidates(evidence, question.kind)
    if not found or not _enough(found[0], question.kind):
        return None, found[:5]
    best = found[0]
    kinds = [n.kind for n in names.named_things(best.scan) if (n.start, n.end) == (best.span.start, best.span.end)]
    shown = name_text(best.scan.chunk.text[best.span.start : best.span.end], kinds[0], question.language)
    value = Value(shown, support_of(best))
    return Finding(shown, (value,), confidence(found), sentence_text(best.scan, best.span), candidates=tuple(found[:5])), found[:5]


def _list(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    found = lists.list_candidates(evidence)
    if not found or not _enough(found[0], Kind.LIST):
        named = _name(question, evidence)
        return named if named[0] else (None, found[:5])
    best = found[0]
    items = lists.items_of(best, evidence.terms)
    values = []
    for item in items:
        shown = name_text(best.scan.chunk.text[item.start : item.end], "item", question.language)
        lines = best.scan.lines(item.start, item.end)
        values.append(Value(shown, Support(best.scan, lines, shown)))
    short = ("、" if question.language == "zh" else ", ").join(v.shown for v in values)
    return Finding(short, tuple(values), confidence(found), sentence_text(best.scan, best.span), candidates=tuple(found[:5])), found[:5]


def _text(question: Question, evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    """The sentence that speaks of most of what is asked."""
    found = evidence.candidates(lambda s: list(s.sentences), lambda s, span: (numbers.stance_factor(question, s, span.start),), zones=lambda _, span: span)
    if not found or not _enough(found[0], Kind.TEXT if question.kind is Kind.TEXT else Kind.YES_NO):
        return None, found[:5]
    best = found[0]
    lines = best.scan.lines(best.span.start, best.span.end)
    text = sentence_text(best.scan, best.span, at_most=200)
    short = {"zh": "是", "en": "Yes"}[question.language] if question.kind is Kind.YES_NO else None
    value = Value(short or "", Support(best.scan, lines, text))
    return Finding(short, (value,), confidence(found) * 0.9, text, candidates=tuple(found[:5])), found[:5]


def _enough(candidate: Candidate, kind: Kind) -> bool:
    return candidate.coverage >= LEAST_COVERAGE[kind] and candidate.score >= 0.8 * LEAST_COVERAGE[kind]


def confidence(found: Sequence[Candidate]) -> float:
    """From how much of the question the best candidate covers and how far it is ahead of the next."""
    best = found[0]
    rival = next((c for c in found[1:] if c.scan.folded[c.span.start : c.span.end] != best.scan.folded[best.span.start : best.span.end]), None)
    lead = 1.0 if rival is None or best.score == 0 else min(1.0, 1 - rival.score / best.score)
    return max(0.0, min(0.99, 0.25 + 0.6 * min(best.score, 1.0) + 0.25 * lead))


_Extractor = Callable[[Question, Evidence], tuple[Finding | None, Sequence[Candidate]]]
_BY_KIND: dict[Kind, _Extractor] = {
    Kind.NUMBER: _number,
    Kind.CALC: _number,
    Kind.DATE: _date,
    Kind.LIST: _list,
    Kind.TEXT: _text,
    Kind.YES_NO: _text,
}
__all__ = ["find", "replace", "stretch"]
