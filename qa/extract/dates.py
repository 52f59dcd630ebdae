"""Which date answers a question for a date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from documents.dates import DateMention
from index.tokens import stem
from qa.extract.evidence import Candidate, Evidence, period_factor, stance_factor
from qa.scan import Scan, Span

_WANTS_YEAR = re.compile(r"哪(?:一)?年|\b(?:what|which) year\b")
_WANTS_MONTH = re.compile(r"哪(?:个|一)?月|几月|\b(?:what|which) month\b")
_WANTS_DAY = re.compile(r"哪(?:一)?(?:天|日)|几号|几日|日期|\b(?:what|which|exact) (?:day|date)s?\b")
_AT_WHAT_TIME = r"(?:哪(?:一)?[天日]|几[号日]|何时|(?:什么|啥)时候|(?:哪一?年|几)?(?:哪个?|几)月|哪一?年)"
_WANTS_START = re.compile(
    rf"从{_AT_WHAT_TIME}|{_AT_WHAT_TIME}(?:起|开始|启动|开幕)|第一天|首日|起始|\b(?:from|since) when\b|"
    r"\b(?:first|opening) (?:day|date)\b|\b(?:start|begin|began|kick(?:ed)? off|commence)\w*\b|"
    r"\b(?:what|which) (?:day|date)\b.*\b(?:open|launch)(?:ed)?\b"
)
_WANTS_END = re.compile(
    rf"到{_AT_WHAT_TIME}|{_AT_WHAT_TIME}(?:结束|闭幕|落幕|截止|为止|收官)|最后一天|截止(?:日期|时间)|"
    r"\b(?:until|till) (?:when|what|which)\b|\b(?:last|final|closing) (?:day|date)\b|"
    r"\b(?:when|day|date) (?:did|does|will) .*\b(?:end|finish|conclude|wind up)\b"
)
_UNTIL = re.compile(
    r"(?:(?<!推迟)(?<!延期)(?<!延后)(?<!提前)(?<!调整)[至到止]|截至|截止|\b(?:until|till|to|through))[^,。;\n\d]{0,3}$"
)
_BOTH_EDGES = re.compile(
    rf"从{_AT_WHAT_TIME}.{{0,6}}[到至]{_AT_WHAT_TIME}|"
    r"(?:开[幕始展营]|启动).{0,4}(?:闭幕|结束|收官)|\b(?:open|start|begin)(?:ed|s)? and (?:clos|end|finish)\w*"
)
_CLOSES = re.compile(r"\s*(?:止|结束|截止|闭幕)")
# What had happened before is told to say which time is meant: 闭馆后哪天恢复开放, reopen after the outbreak
_BACKGROUND = re.compile(rf"^.*?(?<![最前今先])(?:之|以)?后(?=[,来的]|.{{0,4}}{_AT_WHAT_TIME})|\bafter [^,?]+")
_BACKGROUND_WEIGHS = 0.25
_ENDS = re.compile(r"闭幕|落幕|结束|收官|截止|落下帷幕|\b(?:clos|end|conclud|finish)\w*\b")
_EDGE_TOO = 0.5  # of the score of the other edge
_WANTS_SPAN = re.compile(
    r"从.{0,6}到|起止|(?:几[号日月]|哪[天日])[到至]|哪几天|"
    r"\bfirst and last\b|\bfrom .{0,20}\b(?:to|until)\b|start and end|\bdates\b|how long"
)


def date_candidates(evidence: Evidence) -> list[Candidate]:
    """Every date in scope, scored: terms of the entry it leads or of the clause it stands in, and how exact it is."""
    question = evidence.question
    evidence = _without_background(evidence)
    asked = {(d.first, d.last) for d in question.dates if d.first.day}

    def factors(scanned: Scan, span: Span) -> Sequence[tuple[str, float]]:
        mention = _mention(scanned, span)
        return (
            ("exactness", exactness(question.folded, mention, both=_both_told(scanned, mention))),
            ("edge", _edge_factor(question.folded, scanned.folded, mention)),
            stance_factor(question, scanned, span.start),
            period_factor(question, scanned, span.start),
            ("asked", 0.3 if (mention.first, mention.last) in asked else 1.0),
        )

    return evidence.candidates(lambda s: [Span(d.start, d.end) for d in s.dates], factors, zones=_zone)


def _mention(scanned: Scan, span: Span) -> DateMention:
    return next(d for d in scanned.dates if d.start == span.start)


def date_of(candidate: Candidate) -> DateMention:
    return _mention(candidate.scan, candidate.span)


def other_edge(evidence: Evidence, found: Sequence[Candidate]) -> Candidate | None:
    """Asked when something opened and closed, and told in two dates of a sentence: the one that the best leaves out."""
    question, best = evidence.question, found[0]
    if not _BOTH_EDGES.search(question.folded) or date_of(best).is_span:
        return None
    closes = _closes(best)
    beside = [c for c in found[1:] if c.scan is best.scan and c.span.start in best.scan.sentence_at(best.span.start)]
    return next((c for c in beside if _closes(c) != closes and c.score >= _EDGE_TOO * best.score), None)


def _closes(candidate: Candidate) -> bool:
    """Whether a day is told as the end of something, in its clause or in the entry it leads."""
    return _told_to_end(candidate.scan.folded, candidate.span.end)


def _told_to_end(text: str, end: int) -> bool:
    clause = re.compile(r"[,，。;；\n]|$").search(text, end)
    return _ENDS.search(text, end, clause.start() if clause else len(text)) is not None


def _edge_factor(folded: str, text: str, mention: DateMention) -> float:
    """A day until which something lasts (展期至6月18日) answers when it ended, and hardly anything else."""
    if _WANTS_SPAN.search(folded):
        return 1.0
    until = not mention.is_span and bool(_UNTIL.search(text, 0, mention.start) or _CLOSES.match(text, mention.end))
    if _WANTS_END.search(folded):
        return 1.0 if until or mention.is_span or _told_to_end(text, mention.end) else 0.6
    return 0.7 if until else 1.0


def edge_asked(folded: str, mention: DateMention) -> DateMention:
    """Of a span the day it began or ended, where the question asks for that."""
    if mention.is_span and _WANTS_SPAN.search(folded) is None:
        first, last = mention.first, mention.last
        if _WANTS_END.search(folded):
            return replace(mention, first=last if last.year else replace(last, year=first.year))
        if _WANTS_START.search(folded):
            return replace(mention, last=first)
    return mention


def _without_background(evidence: Evidence) -> Evidence:
    """Words that tell what had happened before count for little beside the event whose date is asked for."""
    match = _BACKGROUND.search(evidence.question.folded)
    if match is None:
        return evidence
    said = {stem(word) for word in re.findall(r"[a-z0-9]+", match[0])}
    there = [t.surface in match[0] or set(t.surface.split()) <= said for t in evidence.terms]
    weights = [w * _BACKGROUND_WEIGHS if t else w for t, w in zip(there, evidence.weights, strict=True)]
    return evidence if all(there) else replace(evidence, weights=weights)


def _zone(scanned: Scan, span: Span) -> Span | None:
    """The entry a leading date governs."""
    mention = _mention(scanned, span)
    if not scanned.leads(mention) or not (mention.first.day or mention.first.month):
        return None
    entry = scanned.entry_at(span.start)
    return Span(span.end, entry.end)


def _both_told(scanned: Scan, mention: DateMention) -> bool:
    """A span told in two dates of a sentence: 9月27日开幕,10月27日闭幕."""
    sentence = scanned.sentence_at(mention.start)
    beside = [d for d in scanned.dates if d.start in sentence]
    return len(beside) == 2 and len({_told_to_end(scanned.folded, d.end) for d in beside}) == 2


def exactness(folded: str, mention: DateMention, *, both: bool = False) -> float:
    """A day where a day is asked for, a year where a year is; a bare year hardly answers "when".

    ``both`` is for a day whose sentence also tells the other edge of what it begins or ends.
    """
    factor = 1.0
    if _WANTS_YEAR.search(folded):
        factor *= 1.0 if mention.first.year else 0.3
    elif mention.first.month is None:
        factor *= 0.4
    if _WANTS_DAY.search(folded) and mention.first.day is None:
        factor *= 0.7 if mention.first.month else 0.3
    if _WANTS_MONTH.search(folded) and mention.first.month is None:
        factor *= 0.3
    if _WANTS_SPAN.search(folded):
        factor *= 1.0 if mention.is_span or both else 0.75
    return factor


def month_entries(evidence: Evidence) -> list[Candidate]:
    """Entries of a chronicle that carry no date of their own: the month they stand under is the answer."""
    question = evidence.question
    if _WANTS_YEAR.search(question.folded):
        return []

    def undated(scanned: Scan) -> list[Span]:
        period = scanned.chunk.period
        if period is None or period.month is None:
            return []
        entries = scanned.entries()
        return [
            Span(e.start, e.end)
            for e in entries
            if not any(e.start <= d.start < e.end and d.first.day for d in scanned.dates)
        ]

    def factors(scanned: Scan, span: Span) -> Sequence[tuple[str, float]]:
        day = _WANTS_DAY.search(question.folded) is not None
        return (("exactness", 0.7 if day else 0.92), stance_factor(question, scanned, span.start))

    return evidence.candidates(undated, factors, zones=lambda _, span: span)
