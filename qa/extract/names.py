"""Which named thing answers a question for a person, a place, an organisation, a title or an award.

Two things must hold: the words of the question stand around it (coverage), and it is the kind of thing asked for (fit).
A department is no answer to a question for a film, however near it stands; so what fits badly is not said at all.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from documents.dates import DateMention
from documents.report import Stance
from index.tokens import is_chinese, stem
from qa.directory import forms
from qa.extract.entities import QUOTED, Named, ends_a_noun, named_things, phrase_start
from qa.extract.evidence import Candidate, Evidence, inside, period_factor, stance_factor
from qa.extract.finding import Finding, Value, confidence, sentence_text, support_of
from qa.extract.focus import Focus, focus_of
from qa.match import Match
from qa.question import Question
from qa.scan import Scan, Span
from qa.wording import name_text

_LEAST_COVERAGE = 0.42
_LEAST_FIT = 0.5
_LEAST_SCORE = 0.33
_OWNED = 0.62
_IN_ENTRY = 0.6  # what a word anywhere in a short dated entry is worth to a name in it
_SHORT_ENTRY = 180
_MEETS = 0.8  # a fit from which the noun asked for needs no word of its own
_NEAR = 8  # characters beside a title in which a word says what it is
_FAR = 24  # before a title: 绘本课活动举办，课题是《…》
_MARKS = re.compile(r"[\s“”‘’《》「」\"'()（）]")
_OWN = re.compile(r"(?:(?:[市县区省本我全]|本市|我[市县区])?(?:公共)?(?:图书馆|博物馆|文化馆|美术馆|档案馆|馆)|总分馆|分馆|新馆|馆内|馆藏|馆里|市|县|区|省|市委|市政府|市委市政府)")
_AWARD_NEAR = re.compile(r"^.{0,6}?(?:荣誉|称号|奖|项目|课程|案例|单位)|^的?(?:荣誉|称号|奖项|奖)")
_COUNTED = re.compile(r"(?:\d|[一二两三四五六七八九十百]|[余多])\s*(?:家|个|座|所|处|间|台|辆|项|名|位|批)$")
_COUNT_AFTER = re.compile(r"(?:共|有|共有)?\s*(?:\d+|[一二两三四五六七八九十百]+)\s*(?:家|个|座|所|处|间|台|辆|项|名|位)")
_SEATED = re.compile(r"[\u4e00-\u9fff]{2,6}[市县区省州][\u4e00-\u9fff]{2,6}$")
_AT_PLACE = re.compile(r"(?:在|走进|来到|于|到|至|赴|地点[是为在:]?|前往|参观|迎来)$")

# How well a kind of thing does for a sort of question, before what stands beside it is looked at.
_BASE = {
    "person": {"person": 1.0, "latin": 0.8},
    "place": {"place": 1.0, "organisation": 0.85, "latin": 0.7, "title": 0.4},
    "organisation": {"organisation": 1.0, "place": 0.45, "latin": 0.7, "title": 0.45},
    "award": {"award": 1.1, "title": 0.5, "latin": 0.5},
    "beside": {"title": 0.8, "phrase": 0.75, "latin": 0.7, "award": 0.5, "organisation": 0.35, "place": 0.3},
    "stated": {"title": 0.85, "latin": 0.6, "award": 0.35},
    "thing": {"title": 0.95, "phrase": 0.85, "award": 0.8, "organisation": 0.55, "latin": 0.8, "place": 0.5, "person": 0.4},
}


@dataclass(slots=True)
class Choice:
    """The targets of one question in each chunk, with how far each is the kind of thing asked for."""

    evidence: Evidence
    focus: Focus
    shut_out: frozenset[str]
    fits: dict[Scan, dict[Span, tuple[float, Named]]] = field(default_factory=dict)

    def targets(self, scanned: Scan) -> list[Span]:
        return list(self._fits(scanned))

    def fit(self, scanned: Scan, span: Span) -> float:
        return self._fits(scanned)[span][0]

    def thing(self, candidate: Candidate) -> Named:
        return self._fits(candidate.scan)[candidate.span][1]

    def meets(self, candidate: Candidate) -> bool:
        """Whether the noun asked for needs no word of its own: the thing is one, or one says so beside it."""
        scanned, focus, thing = candidate.scan, self.focus, self.thing(candidate)
        if focus.sort == "person" or (focus.sort in ("thing", "beside", "stated") and focus.words):
            return _agrees(focus, scanned.folded, thing)
        return self.fit(scanned, candidate.span) >= _MEETS

    def barriers(self, scanned: Scan, span: Span) -> list[Span]:
        """Other things of the kind: a word beyond one of them belongs to that one."""
        own = self.fit(scanned, span)
        return [s for s, (fit, _) in self._fits(scanned).items() if fit >= 0.8 * own and (s.end <= span.start or s.start >= span.end)]

    def _fits(self, scanned: Scan) -> dict[Span, tuple[float, Named]]:
        if scanned not in self.fits:
            found: dict[Span, tuple[float, Named]] = {}
            for thing in (*named_things(scanned), *_phrases(scanned, self.focus)):
                span, fit = Span(thing.start, thing.end), fit_of(self.focus, scanned, thing)
                if fit >= 0.3 and not self._is_shut_out(scanned, thing) and fit > found.get(span, (0.0,))[0]:
                    found[span] = (fit, thing)
            self.fits[scanned] = found
        return self.fits[scanned]

    def _is_shut_out(self, scanned: Scan, thing: Named) -> bool:
        bare = _MARKS.sub("", scanned.folded[thing.start : thing.end])
        return not bare or bare in self.shut_out or (_OWN.fullmatch(bare) is not None)


def choice_for(evidence: Evidence, focus: Focus) -> Choice:
    """What may answer: nothing the question itself says, and not the organisation whose report is asked about."""
    question = evidence.question
    bare = _MARKS.sub("", question.folded)
    said = {bare[i:j] for i in range(len(bare)) for j in range(i + 2, min(i + 24, len(bare)) + 1)} if question.language == "zh" else set()
    said |= {a for t in evidence.terms for a, quality in t.alternatives if quality >= 0.6 and len(a) > 1}
    said |= {_MARKS.sub("", q) for q in question.quoted}
    if question.scope.reports is not None:
        for owner in owners(evidence):
            said |= forms(owner)
    return Choice(evidence, focus, frozenset(said - set(focus.words)))


def owners(evidence: Evidence) -> set[str]:
    """The organisation each report is written by: the one with a place in its name that the report names most."""
    counts: dict[str, Counter[str]] = {}
    for scanned in evidence.scans:
        for thing in named_things(scanned):
            name = scanned.folded[thing.start : thing.end]
            if thing.kind == "organisation" and _SEATED.match(name):
                counts.setdefault(scanned.chunk.report_id, Counter())[name] += 1
    return {found.most_common(1)[0][0] for found in counts.values()}


def _phrases(scanned: Scan, focus: Focus) -> list[Named]:
    """Noun phrases that end in the very noun asked for: 流动图书车进社区 before 服务."""
    found = []
    for word in focus.words if focus.sort in ("suffix", "thing", "beside") else ():
        if not is_chinese(word):
            continue
        for match in re.finditer(re.escape(word), scanned.folded):
            start = phrase_start(scanned.folded, match.start(), match.end())
            if match.start() - start >= (2 if len(word) == 1 else 1) and ends_a_noun(scanned.folded, match.end()):
                found.append(Named(start, match.end(), "phrase"))
    return found


def fit_of(focus: Focus, scanned: Scan, thing: Named) -> float:
    """How far a thing is what is asked for: 1 for the kind, more when a word beside it says so, little when none does."""
    text = scanned.folded
    if focus.sort == "suffix":
        return _suffix_fit(focus, text, thing)
    base = _BASE[focus.sort].get(thing.kind, 0.0) * (0.3 + 0.7 * thing.sure) * _uncounted(scanned.folded, thing)
    if not base:
        return 0.0
    before, after = text[max(0, thing.start - _NEAR) : thing.start], text[thing.end : thing.end + _NEAR]
    if focus.sort == "award":
        return base * (2.0 if thing.kind == "title" and _AWARD_NEAR.search(after) else 1.0)
    if focus.sort == "place":
        return base * (1.15 if _AT_PLACE.search(before) else 1.0)
    if not focus.words or thing.kind not in ("title", "latin", "person"):
        return base
    agrees = _agrees(focus, text, thing)
    if focus.sort == "person":
        return base * (1.25 if agrees else 0.5 if is_chinese(focus.noun) else 0.9)
    return base * (1.45 if agrees else 1.0)


def _agrees(focus: Focus, text: str, thing: Named) -> bool:
    """The asked noun ends the thing, or stands beside it in its sentence: 作家陈迅喆, “…”特种文献展."""
    before = re.split(r"[。;\n、”》]", text[max(0, thing.start - (_NEAR if thing.kind == "person" else _FAR)) : thing.start])[-1]
    after = re.split(r"[。;\n、“《]", text[thing.end : thing.end + _NEAR])[0]
    if focus.sort == "person" and not re.search(r"副|deputy|vice|assistant", focus.noun):
        before = re.sub(r"副[^,。、]{0,3}长|副主席|副书记|副主任", "", before)
    return any(w in before or w in after or _ends(text, thing, w) for w in focus.words)


def _suffix_fit(focus: Focus, text: str, thing: Named) -> float:
    """A name that ends in an accepted word; the very word asked for is surer than a narrower or wider one."""
    if thing.kind == "person":
        return 0.0
    ending = [w for w in focus.words if _ends(text, thing, w)]
    if ending:
        exact = any(focus.noun.endswith(w) or not is_chinese(focus.noun) for w in ending)
        return (1.0 if exact or len(max(ending, key=len)) > 1 else 0.9) * (0.6 + 0.4 * thing.sure) * _uncounted(text, thing)
    if thing.kind == "title" and any(text.startswith(w, thing.end) for w in focus.words):
        return 0.95
    if thing.kind == "place" and any(text.startswith(w, thing.end) for w in focus.words if len(w) == 1):
        return 0.9
    return 0.2


def _uncounted(text: str, thing: Named) -> float:
    """A phrase with a number before or behind it (18座新阅读空间, 新建分馆2家) counts things and names none."""
    if thing.kind in ("title", "person", "award"):
        return 1.0
    counted = _COUNTED.search(text[max(0, thing.start - 8) : thing.start]) or _COUNT_AFTER.match(text, thing.end)
    return 0.4 if counted else 1.0


def _ends(text: str, thing: Named, word: str) -> bool:
    bare = text[thing.start : thing.end].rstrip("”》」』\" ")
    return bare.endswith(word) and len(_MARKS.sub("", bare)) > len(word)


def name_candidates(evidence: Evidence, choice: Choice) -> list[Candidate]:
    """Every named thing in scope that fits what is asked for, scored by the terms near it."""
    question = evidence.question

    def factors(scanned: Scan, span: Span) -> Sequence[tuple[str, float]]:
        return (
            ("kind", choice.fit(scanned, span)),
            stance_factor(question, scanned, span.start),
            period_factor(question, scanned, span.start),
            date_factor(question, scanned, span.start),
            ("shut out", shut_out_factor(evidence, scanned, span)),
        )

    found = evidence.candidates(choice.targets, factors, barriers=choice.barriers)
    return sorted((_settled(c, evidence, choice) for c in found), key=lambda c: (-c.score, c.scan.chunk.id, c.span.start))


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


def _same_day(asked: DateMention, named: DateMention) -> bool:
    first, last = ((d.month or 0, d.day or 0) for d in (named.first, named.last))
    return first <= (asked.first.month, asked.first.day) <= last or first == (asked.first.month, asked.first.day)


def _settled(candidate: Candidate, evidence: Evidence, choice: Choice) -> Candidate:
    """The votes put right: a word in the clause of another such thing speaks for that one; the noun asked for is met.

    In ``A获优秀党员，B获先进工作者`` the first honour is A's, although it stands next to B.
    """
    scanned, votes = candidate.scan, list(candidate.votes)
    matches = evidence.matches[evidence.scans.index(scanned)]
    others = choice.barriers(scanned, candidate.span)
    own, entry = clause_at(scanned, candidate.span), scanned.entry_at(candidate.span.start)
    for number, match in enumerate(candidate.best):
        if match is not None and _is_owned(scanned, match, own, others):
            votes[number] *= _OWNED
    for match in matches if entry.end - entry.start < _SHORT_ENTRY else ():
        if match.start in entry and not _is_owned(scanned, match, own, others):
            votes[match.term] = max(votes[match.term], _IN_ENTRY * match.quality)
    if choice.meets(candidate):
        votes = [1.0 if _is_focus(t.surface, choice.focus) else v for t, v in zip(evidence.terms, votes, strict=True)]
    total = sum(evidence.weights) or 1.0
    coverage = sum(w * v for w, v in zip(evidence.weights, votes, strict=True)) / total
    score = coverage * math.prod(f for _, f in candidate.features)
    return replace(candidate, votes=tuple(votes), coverage=coverage, score=score)


def _is_owned(scanned: Scan, match: Match, own: Span, others: Sequence[Span]) -> bool:
    if own.start <= match.start < own.end:
        return False
    clause = clause_at(scanned, Span(match.start, match.end))
    return any(clause.start <= o.start < clause.end for o in others)


def _is_focus(surface: str, focus: Focus) -> bool:
    if not focus.noun:
        return False
    if is_chinese(surface):
        return focus.noun.endswith(surface)
    return surface == stem(focus.noun.split()[-1])


def clause_at(scanned: Scan, span: Span) -> Span:
    """The stretch between punctuation marks around a span; marks inside quotation marks do not count."""
    text = scanned.folded
    quotes = [m.span() for m in QUOTED.finditer(text)]
    marks = [m.start() for m in re.finditer(r"[,，。、;；:：!?\n]", text) if not any(s <= m.start() < e for s, e in quotes)]
    return Span(max((m + 1 for m in marks if m < span.start), default=0), min((m for m in marks if m >= span.end), default=len(text)))


_EXCLUDED = re.compile(
    r"除(?:了|去|开)?[^,。?]{1,14}?外|不(?:算|含|包括|计)[^,。?)的]{1,12}|\b(?:not|excluding|except(?: for)?|other than|apart from|besides|not counting) (?:the |its )?[\w-]+(?: [\w-]+){0,2}(?=[),?]|$| did| was| were)"
)
_PAST = re.compile(r"[了过已曾]|\b(?:did|was|were|had|has|have)\b|\b\w+ed\b")


def without_excluded(evidence: Evidence) -> Evidence:
    """Words that the question shuts out (除24小时馆外, not the 24-hour ones) do not speak for an answer."""
    shut = " ".join(m[0] for m in _EXCLUDED.finditer(evidence.question.folded))
    if not shut:
        return evidence
    said = {stem(word) for word in re.findall(r"[a-z0-9]+", shut)}
    gone = [t.surface in shut or set(t.surface.split()) <= said for t in evidence.terms]
    return replace(evidence, weights=[0.0 if g else w for g, w in zip(gone, evidence.weights, strict=True)])


def shut_out_factor(evidence: Evidence, scanned: Scan, span: Span) -> float:
    """What stands under the words that the question shuts out is what it does not want."""
    gone = {n for n, w in enumerate(evidence.weights) if w == 0.0}
    if not gone:
        return 1.0
    start = max(scanned.folded.rfind(mark, 0, span.start) + 1 for mark in "。;\n")
    there = {m.term for m in evidence.matches[evidence.scans.index(scanned)] if start <= m.start < span.end and m.quality >= 0.8}
    return 0.5 if gone <= there or len(gone & there) > 1 else 1.0


def as_planned(evidence: Evidence) -> Evidence:
    """A question for a year without a past tense may be answered by the plan for it."""
    question = evidence.question
    if question.planned or not question.scope.years or _PAST.search(question.folded):
        return evidence
    in_scope = [s for s in evidence.scans if inside(s, 0, question.scope) and s.chunk.period and s.chunk.period.year in question.scope.years]
    planned = in_scope and all(s.chunk.stance is Stance.PLANNED for s in in_scope)
    return replace(evidence, question=question.within(planned=True)) if planned else evidence


def answer_name(evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    """The named thing asked for, or None with the candidates that were not good enough."""
    evidence = as_planned(without_excluded(evidence))
    question = evidence.question
    focus = focus_of(question)
    choice = choice_for(evidence, focus)
    found = name_candidates(evidence, choice)
    if not found or not _enough(found[0], choice):
        return None, found[:5]
    best = _whole(found, choice)
    thing = choice.thing(best)
    value = Value(shown_as(best.scan, best.span, thing.kind, question.language), support_of(best))
    shown = value.shown
    return Finding(shown, (value,), confidence(found), sentence_text(best.scan, best.span), candidates=tuple(found[:5])), found[:5]


def shown_as(scanned: Scan, span: Span, kind: str, language: str) -> str:
    """The name in the answer's language: pinyin for persons and places proper, not for halls and rooms."""
    written = scanned.chunk.text[span.start : span.end]
    proper = kind != "place" or len(written) < 5 or written[-1] in "镇乡村县区市省州"
    return name_text(written, kind if proper else "item", language)


def _enough(candidate: Candidate, choice: Choice) -> bool:
    fit = choice.fit(candidate.scan, candidate.span)
    return candidate.coverage >= _LEAST_COVERAGE and candidate.score >= _LEAST_SCORE and fit >= _LEAST_FIT


def _whole(found: Sequence[Candidate], choice: Choice) -> Candidate:
    """Of candidates one within the other and equally good the longest: 锦溪祝甸古窑, not 锦溪."""
    best = found[0]
    around = [
        c for c in found[:12]
        if c.scan == best.scan and c.span.start <= best.span.start and best.span.end <= c.span.end
        and c.score >= 0.97 * best.score and choice.thing(c).kind != "title"
    ]  # fmt: skip
    return max(around, key=lambda c: c.span.end - c.span.start, default=best)
