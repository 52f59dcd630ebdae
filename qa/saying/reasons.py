"""Why there is no answer: what is missing, and the nearest thing there is, in the language of the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from documents.dates import find_quarters
from documents.folding import fold
from documents.report import Stance
from index.scope import Scope
from index.store import Index
from index.tokens import is_chinese, stem
from qa.extract.evidence import Candidate
from qa.extract.words import TELLS, sort_of
from qa.saying.wording import compact, month_text, organisation_text
from qa.understanding.directory import Directory
from qa.understanding.kinds import Kind
from qa.understanding.question import Question

_UNHEARD = 0.2  # a vote below this says nothing


def out_of_scope(question: Question, directory: Directory, index: Index) -> str | None:
    """The reason a scope holds nothing, or None when it holds something."""
    zh = question.language == "zh"
    if question.unknown:
        names, known = "、".join(question.unknown), _known(directory, question.language)
        return (
            f"没有关于{names}的报告。已收录：{known}。"
            if zh
            else f"No report on {', '.join(question.unknown)}. Indexed: {known}."
        )
    scope = question.scope
    if scope.reports is not None and not scope.reports:
        return _beyond(question, directory, zh=zh)
    if scope.years and not index.chunks(Scope(scope.reports, scope.years)):
        return _no_year(question, directory, zh=zh)
    if scope.months and not index.chunks(scope) and not _told_in_parts(scope, index):
        return _no_month(question, index, zh=zh)
    return None


def _told_in_parts(scope: Scope, index: Index) -> bool:
    """Whether a report speaks of the quarter or half-year as such, without a month."""
    whole = index.chunks(Scope(scope.reports, scope.years))
    return any(months <= scope.months for chunk in whole for _, _, months in find_quarters(fold(chunk.text)))


def _beyond(question: Question, directory: Directory, *, zh: bool) -> str:
    """What was asked about lies beyond the scope that was set by hand."""
    asked = {date.first.month for date in question.dates if date.first.month}
    if asked and question.scope.months and not asked & question.scope.months:
        about = month_text(min(asked), None, question.language)
    else:
        names = (directory.name_of(min(mention.reports)) for mention in question.mentions)
        about = ("、" if zh else ", ").join(dict.fromkeys(organisation_text(n, question.language) for n in names))
    if not about:
        return "限定的范围内没有报告。" if zh else "No report lies within the scope that was set."
    return (
        f"所问的{about}不在限定的范围内。要问它，请放宽范围。"
        if zh
        else f"{about} lies outside the scope that was set. Widen the scope to ask about it."
    )


def _known(directory: Directory, language: str) -> str:
    return ("、" if language == "zh" else ", ").join(
        organisation_text(name, language) for name in directory.names()[:8]
    )


def _no_year(question: Question, directory: Directory, *, zh: bool) -> str:
    asked = "、".join(map(str, sorted(question.scope.years)))
    reports = sorted(question.scope.reports or [r.id for r in directory.reports])
    years = "、".join(map(str, directory.years_of(reports)))
    names = "、".join(sorted({directory.name_of(r) for r in reports})[:4])
    return (
        f"{names}没有{asked}年的报告；最接近的是{years}年。"
        if zh
        else f"{names}: nothing for {asked}; the nearest is {years}."
    )


def _no_month(question: Question, index: Index, *, zh: bool) -> str:
    asked = "、".join(map(str, sorted(question.scope.months)))
    wider = index.chunks(Scope(question.scope.reports, question.scope.years))
    months = sorted({p.month for c in wider for p in c.periods if p.month})
    shown = "、".join(map(str, months)) or "—"
    return (
        f"报告没有{asked}月的记载；有记载的月份：{shown}。"
        if zh
        else f"The reports hold nothing for month {asked}; months covered: {shown}."
    )


def no_evidence(question: Question, directory: Directory) -> str:
    names = _known(directory, question.language)
    return (
        f"没有找到相关内容。已收录：{names}。"
        if question.language == "zh"
        else f"Nothing on this was found. Indexed: {names}."
    )


def weak_evidence(question: Question, candidates: Sequence[Candidate]) -> str:
    """Name what is not spoken of, and show the nearest statement there is with its lines."""
    zh = question.language == "zh"
    if not candidates:
        return "没有找到合适的内容。" if zh else "Nothing that fits was found."
    best = candidates[0]
    planned = [c for c in candidates if c.scan.stance_at(c.span.start) is Stance.PLANNED and c.coverage >= 0.6]
    if planned and not question.planned:
        text = _placed(planned[0])
        return (
            f"只有计划提到：{text}，未说明已完成。" if zh else f"Only a plan speaks of it: {text}, not stated as done."
        )
    what = ("、" if zh else ", ").join(_silent(question, best)[:3])
    near = _placed(best)
    if question.kind is Kind.EVENTS or not what:
        return f"最接近的是：{near}。" if zh else f"The nearest is: {near}."
    return f"没有提到“{what}”；最接近的是：{near}。" if zh else f"Nothing is said of “{what}”; the nearest is: {near}."


def _silent(question: Question, best: Candidate) -> list[str]:
    """The question's own words that do not speak for the nearest statement, those that would tell most first."""
    silent = [
        (TELLS[sort_of(term, question)], term.surface)
        for term, vote in zip(question.terms, best.votes, strict=False)
        if vote < _UNHEARD
    ]
    telling = [(tells, word) for tells, word in silent if tells > TELLS["light"]] or silent
    return [_as_asked(word, question.text) for _, word in sorted(telling, key=lambda pair: -pair[0])]


def _as_asked(surface: str, text: str) -> str:
    """A term as the question writes it: the words from the first to the last of its stems."""
    if is_chinese(surface):
        return surface
    tokens = [(m[0], stem(m[0].lower())) for m in re.finditer(r"[A-Za-z]+|\d+", text)]
    parts = surface.split()
    places = [at for at, (_, stemmed) in enumerate(tokens) if stemmed in parts]
    near = [at for at in places if at - places[0] < len(parts) + 2]
    return " ".join(word for word, _ in tokens[near[0] : near[-1] + 1]) if near else surface


def lacking(question: Question, missing: Sequence[str], candidates: Sequence[Candidate], directory: Directory) -> str:
    """A comparison or a sum lacks a side: name it, and show what the other says."""
    zh = question.language == "zh"
    names = ("、" if zh else ", ").join(dict.fromkeys(directory.name_of(r) for r in missing))
    near = _placed(candidates[0])
    return (
        f"{names}没有可比的数字；另一方：{near}。" if zh else f"{names} states no such figure; the other side: {near}."
    )


def _placed(candidate: Candidate) -> str:
    """The sentence around a candidate, in quotation marks, with its report and lines."""
    scanned = candidate.scan
    sentence = scanned.sentence_at(candidate.span.start)
    text = compact(scanned.chunk.text[sentence.start : sentence.end])[:80].rstrip("。.")
    return f"“{text}” ({candidate.report_id} {scanned.lines(candidate.span.start, candidate.span.end)})"


def unsaid(reason: str, language: str) -> str:
    """The text of an abstention."""
    return (("报告中没有说明。" if language == "zh" else "The reports do not say. ") + reason).strip()
