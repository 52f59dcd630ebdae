"""A follow-up turned into a question that stands alone: "那昆山呢？", "and in March?", "和长治比呢？".

No language model: a follow-up is the earlier question with a part exchanged (whose report, which period), or a new
subject under the earlier scope. The rewritten question is an ordinary one, so that everything after it (scope, search,
check) is what a first question gets, and it is shown, so that a wrong guess can be seen and mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.directory import Mention
from qa.kinds import Kind
from qa.question import Question
from qa.wording import month_text

# The organisation's own name by report id, for a name typed in the other language.
NameOf = Callable[[str], str]

_LEAD = re.compile(
    r"^\s*(?:那么|那|还有|另外|再看看?|哦|嗯|好的?|then|and|what about|how about|but|so|also|ok(?:ay)?|now)"
    r"(?=[\s,，、]|[\u4e00-\u9fff\d])[\s,，、]*",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:呢|的话|怎么样|如何|又如何|的情况|too|then|as well)*[\s?？。.!！]*$", re.IGNORECASE)
_COMPARING = re.compile(
    r"(?:相比|对比|比较|比)(?:之下|一下|起来)?(?=呢|怎么样|如何|又|[?？。\s]*$)"
    r"|\bcompared?\b(?:\s+(?:it|that|this))?|\bversus\b|\bvs\b\.?",
    re.IGNORECASE,
)
_GLUE = re.compile(
    r"(?:和|跟|与|同|把|在|的|里|中|年|月|份|馆|只看|换成|改成|同期|这边|那边)"
    r"|\b(?:in|at|for|of|on|during|the|to|with|against|by|from|only|just|library|libraries|month|year|it|that)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"多少|几(?!乎)|什么|啥|哪|谁|何|吗|是不是|有没有|怎么|为什么|列出"
    r"|\b(?:how|what|when|where|who|whose|whom|which|why|did|does|do|was|were|is|are|has|have|had|list|name|compare|give|tell|show)\b",
    re.IGNORECASE,
)
_ACROSS = re.compile(
    r"哪一?家|哪一?个馆|哪一?座图书馆|哪些(?:图书)?馆|各(?:个|家)?(?:图书)?馆|所有|全部|[两三四五几]家"
    r"|\b(?:which|all|any|every|each|both)\s+(?:of\s+the\s+)?(?:librar|report|museum|cit|count|district)",
    re.IGNORECASE,
)
_SAME_MONTH = re.compile(r"(?:那|这|同|当|该)个?月|\b(?:that|the same|this) month\b", re.IGNORECASE)
_PART_OF_YEAR = re.compile(
    r"第?[一二三四1-4]季度|[上下前后]半年|\bq[1-4]\b"
    r"|\b(?:the\s+)?(?:first|second|third|fourth|last|latter) (?:quarter|half)(?: of)?\b",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"(?:['’]s?|的)$")
_MEASURE_ZH = re.compile(
    r"(?:一共|总共|共计?|合计)?(?:是|为|有|达到?)?(?:了)?(?:多少|几)万?"
    r"(?:册次|人次|[册张场次人期件座个家台名位种项元天本篇]|小时)?(?=[\s?？。]*$|的|[\u4e00-\u9fff])"
)
_HOW_MANY = re.compile(
    r"^\s*how (?:many|much)\s+(?P<what>.+?)"
    r"(?:\s+(?:did|does|do|was|were|has|have|had|is|are|at|in)\b(?P<rest>.*))?[\s?.]*$",
    re.IGNORECASE,
)
# A library no report is about, named before its own kind of house.
_ELSEWHERE = r"(?:[\u4e00-\u9fff]{2,4}(?:市|县|区|省)|[\u4e00-\u9fff]{2})(?:公共)?图书馆"
_SUBJECT_TAILS = {
    Kind.NUMBER: "有多少",
    Kind.CALC: "有多少",
    Kind.DATE: "是什么时候",
    Kind.PERSON: "是谁",
    Kind.PLACE: "在哪里",
    Kind.COMPARE: "哪家更多",
}
_SUBJECT_LEADS = {
    Kind.NUMBER: "How many",
    Kind.CALC: "How many",
    Kind.DATE: "When was",
    Kind.PERSON: "Who was",
    Kind.PLACE: "Where was",
}


class Shape(StrEnum):
    """What a follow-up consists of."""

    WHOLE = "whole"  # a question of its own, perhaps without its scope
    SCOPE = "scope"  # nothing but another report or period
    SUBJECT = "subject"  # another subject, without a question word
    COMPARE = "compare"  # the same again, set beside another report


@dataclass(frozen=True, slots=True)
class Span:
    """A year, months of it, or a day, as far as they are stated."""

    year: int | None = None
    months: tuple[int, ...] = ()
    day: int | None = None

    def __bool__(self) -> bool:
        return self.year is not None or bool(self.months)

    def text(self, language: str) -> str:
        if language == "zh":
            return (f"{self.year}年" if self.year else "") + self._months_zh() + (f"{self.day}日" if self.day else "")
        months = [month_text(m, None, "en") for m in self.months]
        listed = " and ".join([", ".join(months[:-1]), months[-1]]) if len(months) > 1 else "".join(months)
        return " ".join(str(part) for part in (self.day, listed, self.year) if part)

    def _months_zh(self) -> str:
        if len(self.months) > 2 and self.months == tuple(range(self.months[0], self.months[-1] + 1)):
            return f"{self.months[0]}-{self.months[-1]}月"
        return "和".join(f"{m}月" for m in self.months)


def standalone(text: str, now: Question, before: Question, name_of: NameOf) -> str:
    """``text`` as a question that needs no other; itself where it carries nothing over.

    ``now`` and ``before`` are this question and the earlier standalone one, each understood without options.
    """
    shape = shape_of(text, now)
    if shape is Shape.SCOPE:
        return _exchanged(before, now, name_of)
    if shape is Shape.COMPARE:
        return _compared(before, now, name_of)
    if shape is Shape.SUBJECT:
        return _new_subject(text, now, before, name_of)
    return _within_scope(text, now, before, name_of)


def shape_of(text: str, now: Question) -> Shape:
    """Which kind of follow-up a text is, from its own words."""
    comparing = bool(_COMPARING.search(text)) and len(now.mentions) == 1
    rest = _subject(text, now)
    if not re.search(r"\w", _GLUE.sub("", rest)):
        if comparing:
            return Shape.COMPARE
        return Shape.SCOPE if now.mentions or now.dates or now.scope.months else Shape.WHOLE
    if _ASKS.search(_TAIL.sub("", _LEAD.sub("", text))):
        return Shape.WHOLE
    begun = _LEAD.match(text) or re.search(r"呢[\s?？]*$", text)
    return Shape.SUBJECT if begun else Shape.WHOLE


def _subject(text: str, now: Question) -> str:
    """What a follow-up says beside its scope and the words that make it one."""
    spans = [(m.start, m.end) for m in now.mentions] + [(d.start, d.end) for d in now.dates]
    spans += [m.span() for m in _PART_OF_YEAR.finditer(text)]
    bare = _without(text, spans)
    if now.mentions:
        bare = _COMPARING.sub(" ", bare)
    return _TAIL.sub("", _LEAD.sub("", bare)).strip(" ,，、")


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split())


def _span_of(question: Question) -> Span:
    years = [y for d in question.dates for y in (d.first.year, d.last.year) if y]
    day = next((d.first.day for d in question.dates if d.first.day and not d.is_span), None)
    months = tuple(sorted(question.scope.months)) or tuple(
        sorted({d.first.month for d in question.dates if d.first.month})
    )
    return Span(years[0] if years else None, months, day)


def _name(mention: Mention, question: Question, language: str, name_of: NameOf) -> str:
    """How a mention is written in a question of ``language``; Chinese text has no room for a name in pinyin."""
    written = _POSSESSIVE.sub("", question.text[mention.start : mention.end].strip())
    if language == "zh" and written.isascii():
        return name_of(min(mention.reports))
    return written


def _exchanged(before: Question, now: Question, name_of: NameOf) -> str:
    """The earlier question with the report, the period, or both of the follow-up in place of its own."""
    edits: list[tuple[int, int, str]] = []
    if now.mentions:
        edits += _exchange_names(before, now, name_of)
    if span := _span_of(now):
        edits += _exchange_period(before, _merged(span, _span_of(before)))
    text = before.text
    for start, end, new in sorted(edits, key=lambda e: (e[0], e[1]), reverse=True):
        text = text[:start] + new + text[end:]
    return _tidy(text, before.language)


def _merged(new: Span, old: Span) -> Span:
    return Span(new.year or old.year, new.months or old.months, new.day)


def _exchange_names(before: Question, now: Question, name_of: NameOf) -> list[tuple[int, int, str]]:
    names = [_name(m, now, before.language, name_of) for m in now.mentions]
    joined = ("和" if before.language == "zh" else " and ").join(dict.fromkeys(names))
    held = _held(before)
    if not held:
        return [_added(before, joined, "at")]
    start, end = held[-1]
    tail = _POSSESSIVE.search(before.text[start:end].rstrip())
    # Where one library stood twice ("昆山…昆山"), both go; of two that were compared, the last one does.
    same = [span for span in held if before.text[slice(*span)] == before.text[start:end]] or [(start, end)]
    space = " " if before.language != "zh" and before.text[end - 1 : end] == " " else ""
    return [(s, e, joined + (tail[0] if tail else "") + space) for s, e in same]


def _held(question: Question) -> list[tuple[int, int]]:
    """Where a question names reports, or a place no report is about."""
    if question.mentions:
        return [(m.start, m.end) for m in question.mentions]
    names = [rf"{re.escape(name)}(?:市|县|区)?(?:公共)?(?:图书馆)?(?:的)?" for name in question.unknown]
    return [match.span() for name in names or [_ELSEWHERE] if (match := re.search(name, question.text, re.IGNORECASE))]


def _exchange_period(before: Question, span: Span) -> list[tuple[int, int, str]]:
    spans = [(d.start, d.end) for d in before.dates] + [m.span() for m in _PART_OF_YEAR.finditer(before.text)]
    if not spans:
        return [_added(before, span.text(before.language), "in")]
    first, *others = sorted(spans)
    return [(*first, span.text(before.language)), *((*other, "") for other in others)]


def _added(before: Question, what: str, preposition: str) -> tuple[int, int, str]:
    """A report or period put into a question that has none: in front in Chinese, at the end in English."""
    if before.language == "zh":
        at = min((m.start for m in before.mentions), default=0)
        return at, at, what
    end = len(before.text.rstrip(" ?？."))
    return end, end, f" {preposition} {what}"


def _compared(before: Question, now: Question, name_of: NameOf) -> str:
    """The earlier question's report beside the one now named, asking which has more."""
    if before.kind is Kind.COMPARE or not before.mentions:
        return _exchanged(before, now, name_of)
    zh = before.language == "zh"
    first = _name(before.mentions[0], before, before.language, name_of)
    second = _name(now.mentions[-1], now, before.language, name_of)
    bare = _without(before.text, [(m.start, m.end) for m in before.mentions])
    if zh:
        return f"{first}和{second}{_MEASURE_ZH.sub('', bare).strip(' ?？。')}哪家更多？".replace(" ", "")
    period = _span_of(before)
    dates = [(d.start, d.end) for d in before.dates]
    asked = _HOW_MANY.match(_without(before.text, dates + [(m.start, m.end) for m in before.mentions]))
    when = f" in {period.text('en')}" if period else ""
    if asked is None:
        return f"Compare {first} and {second}{when}: {_TAIL.sub('', _without(before.text, dates))}?"
    rest = re.sub(
        r"\b(?:in|at|on|of|have|during)\s*$|[?.]|^\s*(?:have|in|at)\b", "", (asked["rest"] or "").strip(" ?.")
    ).strip()
    return f"Which had more {asked['what']}{' ' + rest if rest else ''}{when}, {first} or {second}?"


def _new_subject(text: str, now: Question, before: Question, name_of: NameOf) -> str:
    """Another subject asked about in the way of the earlier question, within its scope."""
    subject = re.sub(r"^的|的$", "", _subject(text, now)).strip()
    asked = now if now.mentions else before
    names = list(dict.fromkeys(_name(m, asked, now.language, name_of) for m in asked.mentions))
    span = _merged(_span_of(now), _span_of(before))
    if now.language == "zh":
        return f"{'和'.join(names)}{span.text('zh')}{subject}{_SUBJECT_TAILS.get(before.kind, '有哪些')}？"
    lead = "What was" if subject.lower().startswith("the ") else _SUBJECT_LEADS.get(before.kind, "What were the")
    where = f" at {' and '.join(names)}" if names else ""
    when = f" in {span.text('en')}" if span else ""
    return f"{lead} {subject}{where}{when}?"


def _within_scope(text: str, now: Question, before: Question, name_of: NameOf) -> str:
    """A question of its own that names no report gets the earlier one's report and year."""
    asks = _ASKS.search(text) or re.search(r"[?？]\s*$", text)
    if not asks or now.mentions or now.unknown or not before.mentions or _ACROSS.search(text):
        return text
    bare = _LEAD.sub("", text)
    names = list(dict.fromkeys(_name(m, before, now.language, name_of) for m in before.mentions))
    old, new = _span_of(before), _span_of(now)
    year = old.year if new.year is None else None
    months = old.months if _SAME_MONTH.search(text) and not new.months else ()
    span = Span(year, months)
    if now.language == "zh":
        return f"{'和'.join(names)}{span.text('zh')}{bare}"
    when = f" in {span.text('en')}" if span else ""
    bare = bare[:1].upper() + bare[1:]
    return f"{bare.rstrip(' ?？.')} at {' and '.join(names)}{when}?"


def _tidy(text: str, language: str) -> str:
    text = re.sub(r"\s{2,}", " ", text).strip()
    return text if language == "zh" or re.search(r"[?？.]$", text) else f"{text}?"
