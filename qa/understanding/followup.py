"""A follow-up turned into a question that stands alone: "那昆山呢？", "and in March?", "和长治比呢？", "哪家多？".

No language model: a follow-up is the earlier question with a part exchanged (whose report, which period), or a new
subject under the earlier scope. The rewritten question is an ordinary one, so that everything after it (scope, search,
check) is what a first question gets, and it is shown, so that a wrong guess can be seen and mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from index.scope import Scope
from qa.saying.wording import place_of
from qa.understanding import followup_wording as said
from qa.understanding.directory import Mention
from qa.understanding.followup_topic import of_topic
from qa.understanding.followup_wording import Span, bare, relative_places, relative_span, span_of, without
from qa.understanding.kinds import Kind
from qa.understanding.question import Question

# The organisation's own name by report id, for a name typed in the other language.
NameOf = Callable[[str], str]

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
    AGAIN = "again"  # the same again, in another language
    WHICH = "which"  # what it was that was counted
    TOPIC = "topic"  # when, where, who or how many, of what was asked about before
    BOTH = "both"  # two libraries asked about one after the other, together or side by side


def standalone(text: str, now: Question, before: Question, name_of: NameOf, earlier: Sequence[Question] = ()) -> str:
    """``text`` as a question that needs no other; itself where it carries nothing over.

    ``now`` and ``before`` are this question and the last standalone one, each understood without options; ``earlier``
    are those before it, the latest first.
    """
    shape = shape_of(text, now, before)
    if shape is Shape.AGAIN:
        return before.text
    if shape is Shape.SCOPE:
        return _exchanged(text, before, now, name_of)
    if shape is Shape.COMPARE:
        return _compared(before, now, name_of)
    if shape is Shape.BOTH:
        return _both(text, before, earlier, name_of) or text
    if shape is Shape.WHICH:
        return _which(before)
    if shape is Shape.TOPIC:
        return of_topic(text, before)
    if shape is Shape.SUBJECT:
        return _new_subject(text, now, before, name_of)
    return _within_scope(text, now, before, name_of)


def shape_of(text: str, now: Question, before: Question) -> Shape:
    """Which kind of follow-up a text is, from its own words."""
    if said.wished_language(text):
        return Shape.AGAIN
    if not now.mentions and any(said.only(f"{what} of both", text) for what in ("more", "sum", "difference")):
        return Shape.BOTH
    if said.only("which ones", text) and before.kind is Kind.NUMBER:
        return Shape.WHICH
    if said.only("circumstance", text) and of_topic(text, before):
        return Shape.TOPIC
    if not re.search(r"\w", said.GLUE.sub("", _subject(text, now))):
        if said.COMPARING.search(text) and len(now.mentions) == 1:
            return Shape.COMPARE
        scoped = now.mentions or span_of(now) or relative_span(text, span_of(before))
        return Shape.SCOPE if scoped else Shape.WHOLE
    if said.ASKS.search(bare(text)):
        return Shape.WHOLE
    begun = said.LEAD.match(text) or re.search(r"呢[\s?？]*$", text)
    if begun and now.mentions and _counted_before(_subject(text, now), before):
        return Shape.SCOPE
    return Shape.SUBJECT if begun else Shape.WHOLE


def as_follow_up(scope: Scope, before: Question, name_of: NameOf) -> str:
    """A scope set by hand after a question, as the follow-up that would have said it; empty where they agree.

    What is set by hand holds from then on: what a later question carries over must not be what it has replaced.
    """
    language = before.language
    named = frozenset(r for m in before.mentions for r in m.reports)
    replaced = scope.reports if named and scope.reports and not named & scope.reports else ()
    names = dict.fromkeys(_called(name_of(report), language) for report in sorted(replaced))
    span = span_of(before)
    year = min(scope.years) if scope.years and span.year and span.year not in scope.years else None
    months = scope.months if span.months and not scope.months.intersection(span.months) else ()
    period = Span(year, tuple(sorted(months))).text(language)
    if not names and not period:
        return ""
    whose = _joined(list(names), language)
    return f"那{whose}{period}呢？" if language == "zh" else f"and {' in '.join(filter(None, (whose, period)))}?"


def _counted_before(subject: str, before: Question) -> bool:
    """Whether a follow-up's subject is what the earlier question counted: 长治的图书呢 after 新增图书多少册."""
    asked = said.MEASURE_ZH.search(before.text)
    bare_subject = subject.strip("的 ")
    return asked is not None and len(bare_subject) > 1 and before.text[: asked.start()].endswith(bare_subject)


def libraries(asked: Sequence[Question], language: str, name_of: NameOf) -> list[str]:
    """The libraries asked about, each once, the latest first, as a question of a language writes them."""
    return list(dict.fromkeys(n for q in asked for n in reversed(_names(q.mentions, q, language, name_of))))


def _subject(text: str, now: Question) -> str:
    """What a follow-up says beside its scope and the words that make it one."""
    spans = [(m.start, m.end) for m in now.mentions] + [(d.start, d.end) for d in now.dates]
    spans += [m.span() for m in said.PART_OF_YEAR.finditer(text)] + relative_places(text)
    left = without(text, spans)
    if now.mentions:
        left = said.COMPARING.sub(" ", left)
    return bare(left)


def _name(mention: Mention, question: Question, language: str, name_of: NameOf) -> str:
    """How a mention is written in a question of ``language``: a name in the other one is no help to its readers."""
    written = said.POSSESSIVE.sub("", question.text[mention.start : mention.end].strip())
    if written.isascii() == (language == "en"):
        return written
    return _called(name_of(min(mention.reports)), language)


def _called(name: str, language: str) -> str:
    return name if language == "zh" else place_of(name)


def _names(mentions: Sequence[Mention], question: Question, language: str, name_of: NameOf) -> list[str]:
    return list(dict.fromkeys(_name(m, question, language, name_of) for m in mentions))


def _joined(names: Sequence[str], language: str) -> str:
    return ("和" if language == "zh" else " and ").join(names)


def _exchanged(text: str, before: Question, now: Question, name_of: NameOf) -> str:
    """The earlier question with the report, the period, or both of the follow-up in place of its own."""
    edits: list[tuple[int, int, str]] = []
    if now.mentions:
        edits += _exchange_names(before, now, name_of)
    if span := span_of(now) or relative_span(text, span_of(before)):
        edits += _exchange_period(before, span.over(span_of(before)))
    changed = before.text
    for start, end, new in sorted(edits, key=lambda e: (e[0], e[1]), reverse=True):
        changed = changed[:start] + new + changed[end:]
    return _tidy(changed, before.language)


def _exchange_names(before: Question, now: Question, name_of: NameOf) -> list[tuple[int, int, str]]:
    joined = _joined(_names(now.mentions, now, before.language, name_of), before.language)
    held = _held(before)
    if not held:
        return [_added(before, joined, "at")]
    start, end = held[-1]
    tail = said.POSSESSIVE.search(before.text[start:end].rstrip())
    # Where one library stood twice ("昆山…昆山"), both go; of two that were compared, the last one does.
    same = [span for span in held if before.text[slice(*span)] == before.text[start:end]] or [(start, end)]
    space = " " if before.language != "zh" and before.text[end - 1 : end] == " " else ""
    return [(s, e, joined + (tail[0] if tail else "") + space) for s, e in same]


def _held(question: Question) -> list[tuple[int, int]]:
    """Where a question names reports, or a place no report is about."""
    if question.mentions:
        return [(m.start, m.end) for m in question.mentions]
    names = [rf"{re.escape(name)}(?:市|县|区)?(?:公共)?(?:图书馆)?(?:的)?" for name in question.unknown]
    patterns = names or [said.ELSEWHERE]
    return [m.span() for name in patterns if (m := re.search(name, question.text, re.IGNORECASE))]


def _exchange_period(before: Question, span: Span) -> list[tuple[int, int, str]]:
    spans = [(d.start, d.end) for d in before.dates] + [m.span() for m in said.PART_OF_YEAR.finditer(before.text)]
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
        return _exchanged("", before, now, name_of)
    language = before.language
    first = _name(before.mentions[0], before, language, name_of)
    return _side_by_side(before, [first, _name(now.mentions[-1], now, language, name_of)], "more")


def _both(text: str, before: Question, earlier: Sequence[Question], name_of: NameOf) -> str:
    """The measure last asked about, of the two libraries last asked about; nothing where there are not two."""
    asked = [before, *earlier]
    about = next((q for q in asked if q.kind not in (Kind.COMPARE, Kind.CALC)), before)
    names = list(dict.fromkeys(n for q in asked for n in reversed(_names(q.mentions, q, about.language, name_of))))
    if len(names) < 2:
        return ""
    what = next(w for w in ("more", "sum", "difference") if said.only(f"{w} of both", text))
    less = what == "more" and re.search(r"[少小低]|few|less|lower|smaller", text, re.IGNORECASE)
    return _side_by_side(about, [names[1], names[0]], "less" if less else what)


def _side_by_side(about: Question, names: Sequence[str], what: str) -> str:
    """The measure ``about`` asks for, of two libraries: ``more``, ``less``, ``sum`` or ``difference``."""
    bare_text = without(about.text, [(m.start, m.end) for m in about.mentions])
    if about.language == "zh":
        asked = said.MEASURE_ZH.search(bare_text)
        measure = said.MEASURE_ZH.sub("", bare_text).strip(" ?？。")
        counted = asked["asked"] if asked else "多少"
        tails = {"more": "哪家更多", "less": "哪家更少", "sum": f"一共{counted}", "difference": f"相差{counted}"}
        return f"{_joined(names, 'zh')}{measure}{tails[what]}？".replace(" ", "")
    return _side_by_side_en(about, names, what)


def _side_by_side_en(about: Question, names: Sequence[str], what: str) -> str:
    dates = [(d.start, d.end) for d in about.dates]
    when = f" in {span_of(about).text('en')}" if span_of(about) else ""
    asked = said.HOW_MANY.match(without(about.text, dates + [(m.start, m.end) for m in about.mentions]))
    both, either = _joined(names, "en"), " or ".join(names)
    if asked is None:
        return f"Compare {both}{when}: {said.TAIL.sub('', without(about.text, dates))}?"
    did = re.sub(
        r"\b(?:in|at|on|of|have|during)\s*$|[?.]|^\s*(?:have|in|at)\b", "", (asked["rest"] or "").strip(" ?.")
    ).strip()
    counted = asked["what"]
    if what == "sum":
        return f"How many {counted} did {both} {did or 'have'} in total{when}?"
    if what == "difference":
        return f"What is the difference in how many {counted} {both} did {did or 'have'}{when}?"
    more = "more" if what == "more" else "fewer"
    if did and asked["did"]:
        return f"Did {either} {did} {more} {counted}{when}?"
    return f"Which had {more} {counted}{' ' + did if did else ''}{when}, {either}?"


def _which(before: Question) -> str:
    """What it was that the earlier question counted."""
    if before.language == "zh":
        return f"{said.MEASURE_ZH.sub('', before.text).strip(' ?？。')}有哪些？"
    return re.sub(r"^\s*how (?:many|much)\b", "Which", before.text, flags=re.IGNORECASE)


def _new_subject(text: str, now: Question, before: Question, name_of: NameOf) -> str:
    """Another subject asked about in the way of the earlier question, within its scope."""
    subject = re.sub(r"^的", "", said.OWNER.sub("", _subject(text, now))).strip()
    asked = now if now.mentions else before
    names = _names(asked.mentions, asked, now.language, name_of)
    span = (span_of(now) or relative_span(text, span_of(before))).over(span_of(before))
    if now.language == "zh":
        return f"{_joined(names, 'zh')}{span.text('zh')}{subject}{_SUBJECT_TAILS.get(before.kind, '有哪些')}？"
    lead = "What was" if subject.lower().startswith("the ") else _SUBJECT_LEADS.get(before.kind, "What were the")
    where = f" at {_joined(names, 'en')}" if names else ""
    when = f" in {span.text('en')}" if span else ""
    return f"{lead} {subject}{where}{when}?"


def _within_scope(text: str, now: Question, before: Question, name_of: NameOf) -> str:
    """A question of its own that names no report gets the earlier one's report and year."""
    asks = said.ASKS.search(text) or re.search(r"[?？]\s*$", text)
    if not asks or now.mentions or now.unknown or not before.mentions or said.ACROSS.search(text):
        return text
    names = _joined(_names(before.mentions, before, now.language, name_of), now.language)
    old, new = span_of(before), span_of(now)
    relative = relative_span(text, old)
    months = old.months if said.SAME_MONTH.search(text) and not new.months else relative.months
    span = Span((relative.year or old.year) if new.year is None else None, months)
    asked = said.LEAD.sub("", without(text, relative_places(text)) if relative else text)
    if now.language == "zh":
        return f"{names}{span.text('zh')}{said.OWNER.sub('', asked)}"
    when = f" in {span.text('en')}" if span else ""
    named = said.OWNER_AS_SUBJECT.sub(names, said.OWNER.sub(f"{names}'s", asked), count=1)
    where = f" at {names}" if named == asked else ""
    return f"{(named[:1].upper() + named[1:]).rstrip(' ?？.')}{where}{when}?"


def _tidy(text: str, language: str) -> str:
    text = re.sub(r"\s{2,}", " ", text).strip()
    return text if language == "zh" or re.search(r"[?？.]$", text) else f"{text}?"
