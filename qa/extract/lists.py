"""Enumerations: the items of a list, complete, from one sentence or from the entries of a chronicle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from documents.numerals import read_number
from index.bilingual import Term
from qa.extract.evidence import Candidate, Evidence, period_factor, stance_factor
from qa.extract.finding import Finding, Support, Value, confidence, sentence_text
from qa.extract.names import answer_name
from qa.scan import Scan, Span
from qa.wording import name_text

_ITEM = r"(?:“[^“”\n]{1,60}”|《[^《》\n]{1,60}》|[（(][^()（）\n]{0,30}[)）]|[^，。；：、“”《》\n,;:!?！？])+?"
_ENUMERATION = re.compile(rf"({_ITEM}(?:、(?=\S){_ITEM})+(?:(?:和|以及|及|与|或){_ITEM})?)(?=[，。；：\n,;:!?！？]|$)|({_ITEM}(?:和|以及|与){_ITEM})(?=[，。；：\n,;:!?！？]|$)")
_LATIN = re.compile(r"([\w'’ -]+(?:, [\w'’ -]+)+,? and [\w'’ -]+|[\w'’-]+(?: [\w'’-]+){0,3} and [\w'’-]+(?: [\w'’-]+){0,3})")
_SPLIT = re.compile(r"、|(?<=.)(?:以及|和|及|与|或)(?=.)|, and |, | and ")
_POINTS = re.compile(r"(?:^|(?<=[。；;\n]))\s*(?:[一二三四五六七八九十]是|第[一二三四五六七八九],|[（(]\d[)）])")
_ASKED_COUNT = re.compile(r"哪(?P<zh>两|三|四|五|六|七|八|九|十|\d+)|\b(?P<en>two|three|four|five|six|seven|eight|nine|ten|\d+)\b")
_HEAD_CUT = re.compile(r"^.*(?:于|为|是|有|到|了|获|给|向|请|邀请|包括|主要|分别|走进|服务|由|在|对|将|被|建|设|家|开展|举办|组织|参观|安装|书法家)(?=[^于为是有到了]{2,12}$)")
_TAIL_CUT = re.compile(r"(?<=..)(?:等.*|参加.*|获得.*|出席.*|举办.*|开馆.*|正式.*|的.*|工作$|活动$)$")


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list found at ``[start, end)`` and the spans of its items, in order."""

    start: int
    end: int
    items: tuple[Span, ...]


@lru_cache(maxsize=4096)
def enumerations(scanned: Scan) -> tuple[Enumeration, ...]:
    """Runs of items parted by 、 or joined by 和, and points counted 一是, 二是."""
    text = scanned.folded
    found = [_enumeration(text, m.start(), m.end()) for m in _ENUMERATION.finditer(text)]
    found += [_enumeration(text, m.start(), m.end()) for m in _LATIN.finditer(text) if re.search(r"[a-z]", m[0])]
    points = [m.start() for m in _POINTS.finditer(text)]
    if len(points) > 1:
        ends = [*points[1:], len(text)]
        found.append(Enumeration(points[0], len(text), tuple(Span(s, e) for s, e in zip(points, ends, strict=True))))
    return tuple(e for e in found if len(e.items) > 1)


def _enumeration(text: str, start: int, end: int) -> Enumeration:
    items: list[Span] = []
    at = start
    for match in [*_splits(text, start, end), None]:
        stop = match[0] if match else end
        if stop > at:
            items.append(Span(at, stop))
        at = match[1] if match else end
    return Enumeration(start, end, tuple(items))


def _splits(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where items part, outside quotation marks. 和 parts only in the last stretch after the last 、 (or alone)."""
    quoted = [m.span() for m in re.finditer(r"“[^”]*”|《[^》]*》|[（(][^()（）]*[)）]", text[start:end])]
    cuts = [
        (start + m.start(), start + m.end())
        for m in _SPLIT.finditer(text[start:end])
        if not any(s <= m.start() < e for s, e in quoted)
    ]
    commas = [c for c in cuts if text[c[0]] == "、"]
    if commas:
        cuts = [c for c in cuts if text[c[0]] == "、" or c[0] > commas[-1][0]]
    return cuts


def list_candidates(evidence: Evidence) -> list[Candidate]:
    """Every enumeration in scope, scored by the terms around and inside it and by the number of items asked for."""
    question = evidence.question
    asked = _ASKED_COUNT.search(question.folded)
    count = read_number(asked["zh"] or asked["en"]) if asked else None

    def factors(scanned: Scan, span: Span) -> Sequence[tuple[str, float]]:
        items = _at(scanned, span).items
        fits = 1.0 if count is None else 1.12 if len(items) == count else 0.9 if len(items) > count else 0.7
        plain = len(items) == 2 and "、" not in scanned.folded[span.start : span.end]
        return (
            ("count", fits),
            ("pair", 0.88 if plain and count != 2 else 1.0),
            ("figures", 0.8 if _mostly_figures(scanned, items) else 1.0),
            stance_factor(question, scanned, span.start),
            period_factor(question, scanned, span.start),
        )

    return evidence.candidates(lambda s: [Span(e.start, e.end) for e in enumerations(s)], factors)


def _mostly_figures(scanned: Scan, items: Sequence[Span]) -> bool:
    return sum(1 for i in items if any(i.start <= m.start < i.end for m in scanned.measures)) > len(items) / 2


def _at(scanned: Scan, span: Span) -> Enumeration:
    return next(e for e in enumerations(scanned) if (e.start, e.end) == (span.start, span.end))


def items_of(candidate: Candidate, terms: Sequence[Term]) -> list[Span]:
    """The items, trimmed of what leads into the first and follows the last, and kept to the sort asked for.

    Asked for communities, ``惠丰社区、清华社区、消防支队`` gives the first two.
    """
    scanned, items = candidate.scan, list(_at(candidate.scan, candidate.span).items)
    text = scanned.folded
    first = _HEAD_CUT.match(text[items[0].start : items[0].end])
    if first and first.end() > 0 and len(items) > 1:
        items[0] = Span(items[0].start + first.end(), items[0].end)
    last = _TAIL_CUT.search(text[items[-1].start : items[-1].end])
    if last:
        items[-1] = Span(items[-1].start, items[-1].start + last.start())
    for term in terms:
        for alternative, _ in term.alternatives:
            same = [i for i in items if text[i.start : i.end].rstrip("”》").endswith(alternative) and len(alternative) > 1]
            if len(same) > 1 and len(same) < len(items) and _together(items, same):
                return same
    return [i for i in items if text[i.start : i.end].strip()]


def _together(items: Sequence[Span], same: Sequence[Span]) -> bool:
    """The sort asked for stands together at the front or the back of the list."""
    at = [items.index(s) for s in same]
    return at[-1] - at[0] == len(at) - 1


def answer_list(evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    question = evidence.question
    found = list_candidates(evidence)
    if not found or found[0].coverage < 0.42 or found[0].score < 0.32:
        named = answer_name(evidence)
        return named if named[0] else (None, found[:5])
    best = found[0]
    items = items_of(best, evidence.terms)
    values = []
    for item in items:
        shown = name_text(best.scan.chunk.text[item.start : item.end], "item", question.language)
        values.append(Value(shown, Support(best.scan, best.scan.lines(item.start, item.end), shown)))
    short = ("、" if question.language == "zh" else ", ").join(v.shown for v in values)
    return Finding(short, tuple(values), confidence(found), sentence_text(best.scan, best.span), candidates=tuple(found[:5])), found[:5]
