"""How many entries, points or items there are, counted one by one where the report states no figure.

A count is only as good as what is counted: so nothing is counted but what the report itself sets apart (the dated
entries of a chronicle, the numbered points of a plan, the items of a list), every one of them is shown with its line,
and where the question asks for something that cannot be told from an entry's own words there is no count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from documents.report import Stance
from index.bilingual import Term
from index.tokens import is_chinese, stem
from qa.extract.events import entry_value
from qa.extract.evidence import Evidence
from qa.extract.finding import Finding, Value
from qa.extract.lists import answer_list, pointed
from qa.match import occurrences
from qa.scan import Scan, Span
from qa.understanding.cues import cue, data_lines
from qa.understanding.kinds import Kind
from qa.understanding.question import Question

_MOST_SHOWN = 60
_SAID = 0.5  # of a word of the question, anywhere in an entry
_SURE_OF_LIST = 0.6
_SURE_OF_POINTS = 0.45
_NO_ENTRY = frozenset(
    {
        "person",
        "visit",
        "volume",
        "title",
        "money",
        "percent",
        "area",
        "hour",
        "minute",
        "day",
        "length",
        "page",
        "card",
    }
)
_NOUN_ZH = re.compile(
    r"(?:多少|几)(?P<unit>条|项|场次|场|次|个|期|件|门|部|种|家|点|篇|起|堂|步|大|方面)?(?:的)?"
    r"(?P<noun>[\u4e00-\u9fff]{0,8}?)(?=[?？。,，的了]|被|有|是|得到|在|$)"
)
_NOUN_EN = re.compile(r"\bhow many (?:different |separate |of (?:the |its ))?(?P<noun>(?:[\w'’-]+ ){0,4}?[\w'’-]+?s)\b")


@dataclass(frozen=True, slots=True)
class Counted(Finding):
    """A finding whose short form is a number of entries or items, each value one of them with its own lines.

    ``more`` are those counted beside the values, where they are too many to be shown.
    """

    more: int = 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be counted: the noun as the question writes it, its unit, and the words that make an entry one."""

    noun: str
    unit: str
    entry: re.Pattern[str] | None


def asks_for_count(question: Question) -> bool:
    """Whether a question asks how many of the things it names are recorded, listed or planned."""
    if question.kind is not Kind.NUMBER or question.wanted.kinds & _NO_ENTRY or _asked(question) is None:
        return False
    return bool(question.scope.months) or of_records(question) or _of_points(question)


def of_records(question: Question) -> bool:
    return cue("recorded").search(question.folded) is not None


def _of_points(question: Question) -> bool:
    return cue("points").search(question.folded) is not None


def count(evidence: Evidence, *, least: float = 0.0) -> Finding | None:
    """The number of entries, points or items asked for; None where nothing is set apart to be counted.

    ``least`` is how well a stated figure already answers: points must say as much of the question.
    """
    question = evidence.question
    asked = _asked(question)
    if asked is None or not asks_for_count(question):
        return None
    if _of_points(question) and not question.scope.months:
        found = _points(evidence, asked, least)
        if found is not None:
            return found
    if len({s.chunk.report_id for s in evidence.scans}) > 1:
        return None  # entries of several chronicles are no one count
    entries = _entries(evidence, asked)
    if entries:
        values = tuple(entry_value(s, span) for s, span in entries[:_MOST_SHOWN])
        short = _short(question, asked, len(entries))
        return Counted(short, values, 0.75, derived=True, more=len(entries) - len(values))
    return _listed(evidence, asked) if of_records(question) and not question.scope.months else None


def _asked(question: Question) -> _Asked | None:
    chinese, english = _NOUN_ZH.search(question.folded), _NOUN_EN.search(question.folded)
    if question.language == "zh" and chinese:
        noun, unit = chinese["noun"], chinese["unit"] or ""
        if not noun and not unit:
            return None
        return _Asked(noun, unit or "条", _entry_words(question, noun))
    if english:
        return _Asked(english["noun"], "", _entry_words(question, english["noun"]))
    return None


@cache
def _sorts() -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    rows = (line.split("\t") for line in data_lines("entries.tsv"))
    return tuple((frozenset(nouns.split("|")), re.compile(shown)) for nouns, shown, *_ in rows)


def _entry_words(question: Question, noun: str) -> re.Pattern[str] | None:
    """The words that show an entry to be of the sort asked for, by the longest name of a sort in the noun.

    A Chinese noun may stand before the "how many" (绘本课有几次), so the question is looked at where the noun says
    nothing.
    """
    text = noun if noun and not noun.isascii() else " ".join(stem(w) for w in noun.split()) if noun else ""
    for where in (text, question.folded if not question.folded.isascii() else ""):
        named = [(n, shown) for names, shown in _sorts() for n in names if _names(where, n)]
        if named:
            return max(named, key=lambda pair: len(pair[0]))[1]
    return None


def _names(text: str, noun: str) -> bool:
    return noun in text if is_chinese(noun[0]) else re.search(rf"\b{noun}\b", text) is not None


def _entries(evidence: Evidence, asked: _Asked) -> list[tuple[Scan, Span]]:
    """The dated entries in scope that are of the sort asked for and say every other word of the question."""
    question = evidence.question
    entries = [(s, span) for s, span in evidence.entries() if _is_record(s, span)]
    under_month = [(s, span) for s, span in entries if s.chunk.period and s.chunk.period.month]
    entries = [(s, span) for s, span in under_month or entries if s.stance_at(span.start) is Stance.ACHIEVED]
    told = [t for t in evidence.terms if not _is_asking(t, asked)]
    if asked.entry is None and not _counts_records(asked, question):
        return []
    kept = [
        (s, span)
        for s, span in entries
        if (asked.entry is None or asked.entry.search(s.folded, span.start, span.end))
        and all(_says(s, span, term) for term in told)
    ]
    return sorted(kept, key=lambda e: (e[0].chunk.lines.start, e[1].start))


def _is_record(scanned: Scan, span: Span) -> bool:
    """An entry of a chronicle: under a month, or led by its own date."""
    period = scanned.chunk.period
    dated = any(span.start <= d.start < span.start + 12 and d.first.day for d in scanned.dates)
    return dated or (period is not None and period.month is not None)


def _counts_records(asked: _Asked, question: Question) -> bool:
    """Nothing but entries is asked for (几条记载, how many entries)."""
    return cue("entry").search(asked.noun or question.folded) is not None


def _is_asking(term: Term, asked: _Asked) -> bool:
    """Whether a term only names what is counted, where it is recorded, or that it took place."""
    surface = term.surface
    if asked.entry is not None and asked.entry.search(surface):
        return True
    if asked.entry is not None and any(
        surface in names or any(_names(surface, n) for n in names) for names, shown in _sorts() if shown == asked.entry
    ):
        return True
    told = cue("recorded").search(surface) or cue("entry").search(surface)
    return told is not None or surface in _GENERIC or set(surface) <= _RECORDING


_RECORDING = frozenset("里中上内记载列录了过有到")  # 里记: cut across two words
_GENERIC = frozenset(
    "一共 总共 共 有 举办 举行 开展 组织 进行 发生 办 馆 图书馆 我馆 全年 次 场 条 项 个 里 中 上 名 librari held hold "
    "took take place organis organiz happen whole year all run list record stage put month there number".split()
)


def _says(scanned: Scan, span: Span, term: Term) -> bool:
    return any(
        span.start <= start < span.end
        for alternative, quality in term.alternatives
        if quality >= _SAID and (len(alternative) > 1 or alternative == term.surface)
        for start, _ in occurrences(scanned.folded, alternative)
    )


def _points(evidence: Evidence, asked: _Asked, least: float) -> Finding | None:
    """The points of a series (一是…, 1. …) or the clauses after a colon that the question is about."""
    found = pointed(evidence, None)
    if found is None or found[0] < max(_SURE_OF_POINTS, least):
        return None
    values = _distinct(found[1].values)
    return Counted(_short(evidence.question, asked, len(values)), values, 0.7, derived=True)


def _listed(evidence: Evidence, asked: _Asked) -> Finding | None:
    """The items of the list that answers "which …", where the question says that they are listed."""
    found, candidates = answer_list(evidence)
    if found is None or len(found.values) < 2 or not candidates or candidates[0].coverage < _SURE_OF_LIST:
        return None
    told = [n for n, t in enumerate(evidence.terms) if not _is_asking(t, asked)]
    if any(candidates[0].votes[n] < _SAID for n in told if n < len(candidates[0].votes)):
        return None
    values = _distinct(found.values)
    return Counted(_short(evidence.question, asked, len(values)), values, 0.6, derived=True)


def _distinct(values: Sequence[Value]) -> tuple[Value, ...]:
    return tuple({value.shown: value for value in values}.values())


def _short(question: Question, asked: _Asked, number: int) -> str:
    if question.language == "zh":
        return f"{number}{asked.unit}"
    return f"{number} {asked.noun if number != 1 else asked.noun.removesuffix('s')}"
