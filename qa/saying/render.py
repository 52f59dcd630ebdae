"""A finding to an answer: citations numbered, the value first, one sentence around it; then the check.

The sentence shown is the report's own, verbatim and in quotation marks; only the value in front of it is put into the
question's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from documents.numerals import read_number
from documents.report import LineRange, Period, Report
from qa.answer import SHORT_AT_MOST, Answer, Citation, Conflict
from qa.checking.check import Verdict, check
from qa.checking.readback import check_shown
from qa.extract.compare import Comparison
from qa.extract.counting import Counted
from qa.extract.evidence import Candidate
from qa.extract.finding import Finding, Support, Value
from qa.saying.wording import clipped, compact, organisation_text
from qa.understanding.kinds import Kind
from qa.understanding.question import Question

ReportOf = Callable[[str], Report]
_NAMED = {Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.NAME, Kind.LIST}


def compose(question: Question, finding: Finding, report_of: ReportOf) -> Answer | Verdict:
    """The answer, or what the check found wrong with it; what is told beside it never takes the answer down."""
    found = _composed(question, finding, report_of)
    if isinstance(found, Verdict) and finding.others:
        return _composed(question, replace(finding, others=()), report_of)
    return found


def _composed(question: Question, finding: Finding, report_of: ReportOf) -> Answer | Verdict:
    citations, numbers = _cite([*finding.values, *finding.others], report_of)
    if question.kind is Kind.EVENTS:
        text, short = _events(question, finding, numbers), None
    elif isinstance(finding, Counted):
        text, short = _counted(question, finding, numbers), finding.short
    elif isinstance(finding, Comparison):
        text, short = _comparison(question, finding, numbers, report_of)
    elif question.kind is Kind.LIST and len(finding.values) > 1:
        text, short = _listing(finding, numbers), finding.short
    elif finding.derived:
        text, short = _calculation(question, finding, numbers), finding.short
    else:
        text, short = _single(question, finding, numbers, report_of), finding.short
    conflicts = tuple(Conflict(v.shown, numbers[v.support]) for v in finding.others)
    if conflicts:
        text += "\n" + _conflict_line(question, finding, numbers)
    told = question.kind is Kind.EVENTS or isinstance(finding, Counted)  # the entries are the report's own words
    stated = "" if told else " ; ".join(v.shown for v in (*finding.values, *finding.others))
    derived = derived_of(finding)
    names = [v.shown for v in finding.values] if question.kind in _NAMED else []
    said = "" if isinstance(finding, Comparison) else short or ""  # a side's name is the question's own word
    verdict = check(f"{stated} ; {said}", citations, question.scope, derived=derived, names=names)
    if not verdict.passed:
        return verdict
    answer = Answer(
        question=question.text,
        text=text,
        short=short if short and len(short) <= SHORT_AT_MOST else None,
        confidence=finding.confidence,
        citations=tuple(citations),
        conflicts=conflicts,
        scope=question.scope,
        explanation=(*explain(question, finding.candidates), f"check: {len(citations)} citations, no fault"),
    )
    verdict = check_shown(answer, report_of)
    return answer if verdict.passed else verdict


def derived_of(finding: Finding) -> Sequence[Decimal]:
    """The result of arithmetic, which stands on no line itself."""
    if not finding.derived or not finding.short:
        return ()
    value = read_number("".join(c for c in finding.short if c in "0123456789.,"))
    return (value,) if value is not None else ()


def _cite(values: Sequence[Value], report_of: ReportOf) -> tuple[list[Citation], dict[Support, int]]:
    """One citation per distinct stretch of lines, numbered in order of appearance."""
    citations: list[Citation] = []
    numbers: dict[Support, int] = {}
    seen: dict[tuple[str, LineRange], int] = {}
    for value in values:
        support = value.support
        key = (support.report_id, support.lines)
        if key not in seen:
            seen[key] = len(citations) + 1
            citations.append(citation_of(len(citations) + 1, support, report_of(support.report_id)))
        numbers[support] = seen[key]
    return citations, numbers


def citation_of(number: int, support: Support, report: Report) -> Citation:
    """The citation of the lines that a support stands on."""
    chunk = support.scan.chunk
    return Citation(
        number=number,
        report_id=report.id,
        path=report.source,
        digest=report.digest,
        lines=support.lines,
        page=report.lines[support.lines.start - 1].page,
        section=chunk.heading,
        period=chunk.period,
        quote=report.text(support.lines),
        periods=_periods(support),
    )


def _periods(support: Support) -> frozenset[Period]:
    """What holds on the cited lines inside the chunk; a row of a table is read as a line for each of its columns."""
    passage = support.scan.chunk.passage
    breaks = [offset + 1 for offset, character in enumerate(passage.text) if character == "\n"]
    starts = [o for o in {0, *breaks, *(a for a, _ in passage.anchors)} if passage.line_at(o) in support.lines]
    scanned, year = support.scan, support.scan.chunk.period.year if support.scan.chunk.period else None
    ends = (scanned.sentence_at(offset).end for offset in starts)
    halves = {month for end in ends for month in scanned.part_of_year_at(end - 1)} if year else set()
    held = {period for offset in starts for period in scanned.periods_at(offset)}
    return frozenset(held | {Period(year, month) for month in halves if year})


def _single(question: Question, finding: Finding, numbers: dict[Support, int], report_of: ReportOf) -> str:
    support = finding.values[0].support
    report = report_of(support.report_id)
    name = organisation_text(report.organisation or report.title, question.language)
    sentence = compact(finding.sentence or support.text)
    if question.kind in (Kind.NUMBER, Kind.DATE):
        sentence = clipped(sentence, compact(support.text))
    number = numbers[support]
    if question.language == "zh":
        lead = f"{finding.short}。" if finding.short else ""
        return f"{lead}{name}：“{sentence}”[{number}]"
    lead = f"{finding.short}. " if finding.short else ""
    return f"{lead}{name}: “{sentence}” [{number}]"


def _listing(finding: Finding, numbers: dict[Support, int]) -> str:
    return "\n".join(f"- {v.shown} [{numbers[v.support]}]" for v in finding.values)


def _events(question: Question, finding: Finding, numbers: dict[Support, int]) -> str:
    count = len(finding.values)
    head = f"共{count}条记载：" if question.language == "zh" else f"{count} {'entry' if count == 1 else 'entries'}:"
    return "\n".join([head, *(f"- {v.shown} [{numbers[v.support]}]" for v in finding.values)])


def _counted(question: Question, finding: Counted, numbers: dict[Support, int]) -> str:
    some = len(finding.values) if finding.more else 0
    if question.language == "zh":
        head = f"{finding.short}，逐条数得{f'（列出前{some}条）' if some else ''}："
    else:
        head = f"{finding.short}, counted one by one{f' (the first {some} shown)' if some else ''}:"
    return "\n".join([head, *(f"- {v.shown} [{numbers[v.support]}]" for v in finding.values)])


def _comparison(
    question: Question, finding: Comparison, numbers: dict[Support, int], report_of: ReportOf
) -> tuple[str, str | None]:
    zh = question.language == "zh"
    names = [
        label or _named(v, finding, question, report_of)
        for v, label in zip(finding.values, finding.labels, strict=True)
    ]
    stated = ("；" if zh else "; ").join(
        f"{name}{'：' if zh else ': '}{v.shown} [{numbers[v.support]}]"
        for name, v in zip(names, finding.values, strict=True)
    )
    short = ("一样" if zh else "Equal") if finding.tie else names[0]
    if finding.holds is not None:
        verdict = ("是" if finding.holds else "否") if zh else ("Yes" if finding.holds else "No")
        short = f"{verdict}{'，' if zh else ', '}{short if not finding.tie else short.lower()}"
    if finding.relation:
        told = {"more": ("更多", "More"), "fewer": ("更少", "Fewer")}[finding.relation][0 if zh else 1]
        short = f"{told}{'，' if zh else ', '}{short}"
    lead = "" if short == names[0] and finding.labels[0] else f"{short}{'。' if zh else '. '}"
    return f"{lead}{stated}", short


def _named(value: Value, finding: Comparison, question: Question, report_of: ReportOf) -> str:
    """A side's organisation, with the year where two sides are of one organisation."""
    report = report_of(value.support.report_id)
    name = organisation_text(report.organisation or report.id, question.language)
    same = [v for v in finding.values if report_of(v.support.report_id).organisation == report.organisation]
    return f"{name}{' ' if report.year else ''}{report.year or ''}" if len(same) > 1 else name


def _calculation(question: Question, finding: Finding, numbers: dict[Support, int]) -> str:
    zh = question.language == "zh"
    operands = "\n".join(
        f"- {v.shown}{'：' if zh else ': '}“{_words_of(v.support)}” [{numbers[v.support]}]" for v in finding.values
    )
    head = (
        f"{finding.short}。{'计算'}：{finding.sentence}" if zh else f"{finding.short}. Calculated: {finding.sentence}"
    )
    return f"{head}\n{operands}"


def _conflict_line(question: Question, finding: Finding, numbers: dict[Support, int]) -> str:
    zh = question.language == "zh"
    shown = ("；" if zh else "; ").join(
        f"{v.shown}{'：' if zh else ': '}“{_words_of(v.support)}” [{numbers[v.support]}]" for v in finding.others
    )
    return f"报告另有不同说法：{shown}" if zh else f"The reports also state: {shown}"


def _words_of(support: Support) -> str:
    """The stretch that carries a value, in whole words, from the sentence the value is in."""
    whole = support.scan.chunk.text
    at = whole.find(support.text)
    end = at + len(support.text)
    while at >= 0 and 0 < end < len(whole) and re.match(r"[A-Za-z]{2}", whole[end - 1 : end + 1]):
        end += 1
    text = compact(re.sub(r"^[-*•]\s+", "", whole[at:end] if at >= 0 else support.text))
    first, _, rest = text.partition(". ")
    return rest if re.search(r"\d", rest) and not re.search(r"\d", first) else text


def explain(question: Question, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """What was understood and why the first candidate won, line by line."""
    lines = [
        f"kind {question.kind} · operation {question.operation or '-'} · plan {question.planned} · "
        f"unit {question.wanted.unit or '-'} {sorted(question.wanted.kinds)}",
        f"scope reports {sorted(question.scope.reports or []) or 'all'} · "
        f"years {sorted(question.scope.years) or '-'} · months {sorted(question.scope.months) or '-'}",
        *(f"term {t.surface}: " + ", ".join(f"{a} {w:.2f}" for a, w in t.alternatives[:8]) for t in question.terms),
    ]
    for place, candidate in enumerate(candidates, 1):
        text = compact(candidate.scan.folded[max(0, candidate.span.start - 12) : candidate.span.end])
        features = ", ".join(f"{name} {value:.2f}" for name, value in candidate.features)
        votes = " ".join(f"{t.surface}={v:.2f}" for t, v in zip(question.terms, candidate.votes, strict=False))
        lines.append(
            f"candidate {place}: {text} · score {candidate.score:.2f} = "
            f"coverage {candidate.coverage:.2f} × ({features}) · votes {votes}"
        )
    return tuple(lines)
