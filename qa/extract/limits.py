"""Limits a question sets beside its scope: a day, what it shuts out, and whether the plan may speak."""

from __future__ import annotations

import re
from dataclasses import replace

from documents.dates import DateMention
from documents.numerals import ORDINALS_EN, read_number
from documents.report import Stance
from index.tokens import stem
from qa.extract.evidence import Candidate, Evidence, inside
from qa.scan import Scan, Span
from qa.understanding.kinds import Kind
from qa.understanding.question import Question

_EXCLUDED = re.compile(
    r"除(?:了|去|开)?[^,。?]{1,14}?外|不(?:算|含|包括|计)[^,。?)的]{1,12}|"
    r"\b(?:not|excluding|except(?: for)?|other than|apart from|besides|not counting|not including|"
    r"leaving (?:out|aside)|setting aside|without) (?:the |its )?(?:rest of the )?[\w-]+(?: "
    r"[\w-]+){0,2}(?=[),?]|$| did| was| were)"
)
_SAID = 0.8
_SHUT_OUT = 0.5
_ORDINAL = re.compile(r"第\s*(\d+|[一二三四五六七八九十百]+)|\b(\d+)(?:st|nd|rd|th)\b")
_SUCCEEDS = re.compile(
    r"接任|继任|接替|新任|上任|就任|接班|接手|换成|换为|改由|"
    r"\b(?:took\s+over|take\s+over|succe\w+|successor|newly appointed|replac\w+|"
    r"new (?:\w+ )?(?:chair|director|head|president|mayor|manager))\b"
)
_LEAVES = re.compile(r"退休|卸任|离任|调离|辞去|\b(?:stepped\s+down|retired|resigned|left|departed)\b")
_OFFICES = "馆长|书记|主任|局长|主席|会长|理事长|秘书长|院长|校长|部长|队长"
_FORMER = re.compile(rf"(?:原|前任?)[\u4e00-\u9fff]{{0,4}}(?:{_OFFICES})$")
_WAS_BEFORE = re.compile(
    rf"原[\u4e00-\u9fff]{{0,4}}(?:{_OFFICES})|前任|{_LEAVES.pattern}|\b(?:former|previous|outgoing|predecessor)\b"
)
_PRIZES = tuple(
    re.compile(rf"{zh}|\b(?:{en})[ -](?:prize|award|medal|place)|\b(?:came|was|finished|ranked|placed) (?:{en})\b")
    for zh, en in (
        ("金[奖牌]|[一特]等奖|冠军|第一名", "gold|first|1st|top"),
        ("银[奖牌]|二等奖|亚军|第二名", "silver|second|2nd|runner-up"),
        ("铜[奖牌]|三等奖|季军|第三名", "bronze|third|3rd"),
    )
)
_LAST = re.compile(
    r"最后一|末[讲场期次]|收官|压轴|\b(?:final|last|closing) (?:lecture|talk|session|event|issue|episode|show|one)\b"
)
_PAST = re.compile(r"[了过已曾]|\b(?:did|was|were|had|has|have)\b|\b\w+ed\b")


def date_factor(question: Question, scanned: Scan, offset: int) -> tuple[str, float]:
    """With a day asked for, what stands under another day is something else."""
    asked = [d for d in question.dates if d.first.day and d.first.month]
    if not asked:
        return ("day", 1.0)
    sentence, ruling = scanned.sentence_at(offset), scanned.governing(offset)
    named = [d for d in scanned.dates if d.first.day and (sentence.start <= d.start < sentence.end or d == ruling)]
    if any(_same_day(a, d) for a in asked for d in named):
        return ("day", 1.1)
    return ("day", 0.3 if named else 0.8)


def ordinal_factor(question: Question, clause: str) -> tuple[str, float]:
    """Asked for the third, a clause that counts another (第一季度) speaks of that one."""
    asked = _ordinals(question.folded)
    stated = _ordinals(clause)
    if not asked or not stated:
        return ("ordinal", 1.0)
    return ("ordinal", 1.05 if asked & stated else 0.7)


def place_factor(question: Question, scanned: Scan, span: Span) -> tuple[str, float]:
    """Asked who came second, the winner is not meant, nor gold where silver is asked: 冠军为甲,亚军为乙."""
    asked = prizes(question.folded)
    if not asked:
        return ("place", 1.0)
    cuts = [m.end() for m in re.finditer(r"[,，。;；、\n]", scanned.folded[: span.start])]
    stop = re.compile(r"[,，。;；、\n]|$").search(scanned.folded, span.end)
    told = prizes(scanned.folded[max(cuts, default=0) : stop.start() if stop else span.end])
    return ("place", 1.0 if not told else 1.15 if asked & told else 0.4)


def prizes(folded: str) -> frozenset[int]:
    """The places on the rostrum that a text names.

    >>> sorted(prizes("获金奖1个,三等奖2个")), sorted(prizes("the second prize")), sorted(prizes("who came second"))
    ([1, 3], [2], [2])
    """
    return frozenset(place for place, prize in enumerate(_PRIZES, 1) if prize.search(folded))


def last_factor(question: Question, scanned: Scan, span: Span) -> tuple[str, float]:
    """Asked for the last of a series, what no word calls so is another of it."""
    if not _LAST.search(question.folded):
        return ("last", 1.0)
    sentence = scanned.sentence_at(span.start)
    return ("last", 1.0 if _LAST.search(scanned.folded, sentence.start, sentence.end) else 0.7)


def _ordinals(folded: str) -> frozenset[int]:
    """The ordinal numbers a text names.

    >>> sorted(_ordinals("第三季度与第12期")), sorted(_ordinals("the third quarter, the 12th session"))
    ([3, 12], [3, 12])
    """
    values = {read_number(m[1] or m[2]) for m in _ORDINAL.finditer(folded)}
    words = {ORDINALS_EN[w] for w in re.findall(r"[a-z]+", folded) if w in ORDINALS_EN}
    return frozenset({int(v) for v in values if v is not None} | words)


def former_factor(question: Question, scanned: Scan, span: Span) -> tuple[str, float]:
    """Asked who holds an office, the one who held it before is not meant (原馆长甲退休,乙任馆长)."""
    if question.kind is not Kind.PERSON or _WAS_BEFORE.search(question.folded):
        return ("former", 1.0)
    if _SUCCEEDS.search(question.folded) and _SUCCEEDS.match(scanned.folded, span.end):
        return ("former", 1.0)  # 由原主任甲接任: the office he comes from
    return ("former", 0.5 if _FORMER.search(scanned.folded, max(0, span.start - 10), span.start) else 1.0)


_HEADS = re.compile(r"(?:(?:^|[、,。;:和及请\n])([\u4e00-\u9fff]{2,4}?))?([省市县区州旗])?图书馆(?:副)?馆长$")
_OTHER_HOUSE = 0.2


def house_factor(question: Question, scanned: Scan, span: Span) -> tuple[str, float]:
    """Asked for nothing but who heads a library, the head of another is not meant (省图书馆馆长 came to a jubilee)."""
    if question.kind is not Kind.PERSON or not question.mentions or len(question.terms) > 1:
        return ("house", 1.0)
    held = _HEADS.search(scanned.folded, max(0, span.start - 14), span.start)
    asked = "".join(mention.name for mention in question.mentions) + question.folded
    other = held is not None and any(part and part not in asked for part in held.groups())
    return ("house", _OTHER_HOUSE if other else 1.0)


def _same_day(asked: DateMention, named: DateMention) -> bool:
    first, last = ((d.month or 0, d.day or 0) for d in (named.first, named.last))
    return first <= (asked.first.month, asked.first.day) <= last or first == (asked.first.month, asked.first.day)


def shut_out(evidence: Evidence) -> frozenset[int]:
    """The terms that the question shuts out: 除24小时馆外, not the 24-hour ones."""
    shut = " ".join(m[0] for m in _EXCLUDED.finditer(evidence.question.folded))
    said = {stem(word) for word in re.findall(r"[a-z0-9]+", shut)}
    terms = enumerate(evidence.terms) if shut else ()
    return frozenset(n for n, t in terms if t.surface in shut or set(t.surface.split()) <= said)


def without_excluded(evidence: Evidence) -> Evidence:
    """Words that the question shuts out do not speak for an answer."""
    gone = shut_out(evidence)
    return replace(evidence, weights=[0.0 if n in gone else w for n, w in enumerate(evidence.weights)])


def clause_factor(evidence: Evidence, scanned: Scan, span: Span, gone: frozenset[int]) -> float:
    """A figure whose clause names what the question shuts out is what it does not want."""
    start = max(scanned.folded.rfind(mark, 0, span.start) + 1 for mark in ",;。\n")
    there = (m for m in evidence.matches_of(scanned) if start <= m.start < span.end and m.quality >= _SAID)
    return _SHUT_OUT if any(m.term in gone and len(evidence.terms[m.term].surface) > 1 for m in there) else 1.0


def shut_out_factor(evidence: Evidence, scanned: Scan, span: Span) -> float:
    """What stands under the words that the question shuts out is what it does not want."""
    gone = {n for n, w in enumerate(evidence.weights) if w == 0.0}
    if not gone:
        return 1.0
    start = max(scanned.folded.rfind(mark, 0, span.start) + 1 for mark in "。;\n")
    there = {
        m.term
        for m in evidence.matches[evidence.scans.index(scanned)]
        if start <= m.start < span.end and m.quality >= _SAID
    }
    return _SHUT_OUT if gone <= there or len(gone & there) > 1 else 1.0


def successor_factor(question: Question, scanned: Scan, span: Span) -> float:
    """Asked who took over, the one who left is not meant, though both stand in one sentence; and the reverse."""
    came, left = _SUCCEEDS.search(question.folded), _LEAVES.search(question.folded)
    if bool(came) == bool(left) or question.kind is not Kind.PERSON:
        return 1.0
    cuts = [m.end() for m in re.finditer(r"[,，。;；\n]", scanned.folded[: span.start])]
    stop = re.compile(r"[,，。;；\n]|\bas\b|$").search(scanned.folded, span.end)
    clause = scanned.folded[max(cuts, default=0) : stop.start() if stop else span.end + 30]
    if not _SUCCEEDS.search(clause) and not _LEAVES.search(clause):
        clause += scanned.folded[span.end : span.end + 16]
    comes, leaves = bool(_SUCCEEDS.search(clause)), bool(_LEAVES.search(clause))
    if comes == leaves:
        return 1.0
    return 1.15 if comes == bool(came) else 0.6


def as_planned(evidence: Evidence) -> Evidence:
    """A question for a year without a past tense may be answered by the plan for it."""
    question = evidence.question
    if question.planned or not question.scope.years or _PAST.search(question.folded):
        return evidence
    in_scope = [
        s
        for s in evidence.scans
        if inside(s, 0, question.scope) and s.chunk.period and s.chunk.period.year in question.scope.years
    ]
    planned = in_scope and all(s.chunk.stance is Stance.PLANNED for s in in_scope)
    return replace(evidence, question=question.within(planned=True)) if planned else evidence


_FIRST_OF_MANY = re.compile(
    r"最(?!近|后|终|新|佳|美)|\b(?:most|fewest|least|(?:larg|high|low|old|young|long|short|bigg|busi)est)\b"
)

_TOLD_FIRST = re.compile(r"最[^,，。;；]{1,10}(?:[是为]|的[\u4e00-\u9fff]{2,4})[^,，。;；、]{0,12}$")


def asks_for_first(question: Question) -> bool:
    """Asked for the one that has the most of something, among many."""
    return _FIRST_OF_MANY.search(question.folded) is not None


def first_factor(question: Question, scanned: Scan, span: Span, clause: str) -> tuple[str, float]:
    """Asked which of many comes first, the one told to (借阅最多的是甲) is meant, not another near it."""
    if not asks_for_first(question):
        return ("first", 1.0)
    if _TOLD_FIRST.search(scanned.folded, scanned.sentence_at(span.start).start, span.start):
        return ("first", 1.4)
    return ("first", 1.1 if _FIRST_OF_MANY.search(clause) else 0.8)


def told_first(candidate: Candidate) -> bool:
    """Whether the report itself says so; the one that merely fits best need not have the most."""
    return dict(candidate.features).get("first", 1.0) > 1.0
