"""Questions to offer: made from what is indexed, and offered only when the assistant can answer them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.catalog import ReportSummary
from index.scope import Scope
from qa.assistant import Assistant
from qa.conversation import Conversation, Turn
from qa.understanding.directory import forms

MOST_REPORTS = 12  # looked at for examples; with hundreds of reports the first ones do

_ZH = ("{o}{y}年新增图书多少册？", "{o}{y}年到馆读者多少人次？", "{o}{y}年举办读者活动多少场？", "{o}{y}年办证多少张？")
_EN = (
    "How many books did {o} add in {y}?",
    "How many visits did {o} have in {y}?",
    "How many reader activities did {o} hold in {y}?",
    "How many cards did {o} issue in {y}?",
)


def examples(assistant: Assistant, language: str, most: int = 4) -> list[str]:
    """First questions over the indexed reports, one a report where possible, each with an answer."""
    reports = [r for r in assistant.reports() if r.organisation and r.year][:MOST_REPORTS]
    found: list[str] = []
    for place, report in enumerate(reports):
        found += _first(assistant, _candidates(assistant, report, place, language))
        if len(found) >= most:
            break
    return found[:most]


def following(assistant: Assistant, conversation: Conversation, language: str, most: int = 3) -> list[str]:
    """Follow-ups that the last turn suggests: another library, another month, a comparison."""
    if not conversation.turns:
        return []
    found: list[str] = []
    for text in _follow_ups(assistant, conversation.turns[-1], language):
        answer = assistant.ask(conversation.stand_alone(assistant, text), conversation.scope, answerer="extractive")
        if not answer.abstained:
            found.append(text)
        if len(found) == most:
            break
    return found


def _candidates(assistant: Assistant, report: ReportSummary, place: int, language: str) -> Iterator[str]:
    """In turns a month's events and figures, so that the first examples are of different kinds."""
    forms = _ZH if language == "zh" else _EN
    name = _name(report, language)
    months = _months(assistant, report.id)
    if place % 2 and months:
        month = months[len(months) // 2]
        yield f"{name}{month}月做了什么？" if language == "zh" else f"What happened at {name} in {_month(month)}?"
    for form in (*forms[place % len(forms) :], *forms[: place % len(forms)]):
        yield form.format(o=name, y=report.year)


def _name(report: ReportSummary, language: str) -> str:
    """An organisation's name as a question of a language writes it: in English the place alone, in pinyin."""
    name = report.organisation or report.title
    if language == "zh" or name.isascii():
        return name
    from pypinyin import lazy_pinyin

    known = forms(name)
    place = next((form for form in sorted(known) if any(form + kind in known for kind in "省市区县州旗镇")), "")
    return "".join(lazy_pinyin(place)).capitalize() or name


def _first(assistant: Assistant, questions: Iterable[str]) -> list[str]:
    return next(([q] for q in questions if not assistant.ask(q, answerer="extractive").abstained), [])


def _months(assistant: Assistant, report_id: str) -> list[int]:
    chunks = assistant.index.chunks(Scope(reports=frozenset({report_id})))
    return sorted({c.period.month for c in chunks if c.period and c.period.month})


def _follow_ups(assistant: Assistant, turn: Turn, language: str) -> Iterator[str]:
    zh = language == "zh"
    here = set(turn.understood.organisations)
    others = [_name(r, language) for r in assistant.reports() if r.organisation and r.organisation not in here][:3]
    if turn.understood.months:
        for month in (turn.understood.months[-1] % 12 + 1, (turn.understood.months[0] - 2) % 12 + 1):
            yield f"那{month}月呢？" if zh else f"And in {_month(month)}?"
    for other in others if here else []:
        yield f"那{other}呢？" if zh else f"And {other}?"
    if len(here) == 1 and turn.answer.short:
        yield from (f"和{other}比呢？" if zh else f"Compared with {other}?" for other in others)


def _month(month: int) -> str:
    from qa.saying.wording import month_text

    return month_text(month, None, "en")
