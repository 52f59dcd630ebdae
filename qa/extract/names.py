"""Which named thing answers a question for a person, a place, an organisation, a title or an award.

Two things must hold: the words of the question stand around it (coverage), and it is the kind of thing asked for (fit).
A department is no answer to a question for a film, however near it stands; so what fits badly is not said at all.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.tokens import is_chinese, stem
from qa.extract.entities import QUOTED, Named, ends_a_noun, named_things, phrase_start
from qa.extract.evidence import Candidate, Evidence, period_factor, stance_factor
from qa.extract.finding import Finding, Value, sentence_text, support_of
from qa.extract.fit import MARKS, agrees, fit_of
from qa.extract.focus import Focus, focus_of, is_anybody
from qa.extract.limits import (
    as_planned,
    asks_for_first,
    date_factor,
    first_factor,
    former_factor,
    house_factor,
    last_factor,
    ordinal_factor,
    place_factor,
    shut_out_factor,
    successor_factor,
    without_excluded,
)
from qa.match import Match
from qa.saying.wording import name_text
from qa.scan import Scan, Span
from qa.understanding.directory import forms

_LEAST_FIT = 0.5
_LEAST_SCORE = 0.2
_OWNED = 0.62
_AS_GOOD = 0.97
_WIDER_PLACE = 0.8  # 吴中区文化馆 says more of where than 吴中区
_IN_ENTRY = 0.6  # what a word anywhere in a short dated entry is worth to a name in it
_SHORT_ENTRY = 180
_SAYS_SO = 0.75  # an occurrence this good is the question's own word
_MEETS = 0.8  # a fit from which the noun asked for needs no word of its own
_OWN = re.compile(
    r"(?:(?:[市县区省本我全]|本市|我[市县区])?(?:公共)?(?:图书馆|博物馆|文化馆|美术馆|档案馆|馆)|总分馆|分馆|新馆|"
    r"馆内|馆藏|馆里|市|县|区|省|市委|市政府|市委市政府)"
)
_SEATED = re.compile(r"[\u4e00-\u9fff]{2,6}[市县区省州][\u4e00-\u9fff]{2,6}$")


@dataclass(slots=True)
class Choice:
    """The targets of one question in each chunk, with how far each is the kind of thing asked for."""

    evidence: Evidence
    focus: Focus
    shut_out: frozenset[str]
    asked_words: frozenset[str]
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
        if focus.sort == "person" and not focus.words and is_anybody(focus.noun):
            return thing.kind == "person"
        if focus.sort == "person" or (focus.sort in ("thing", "beside", "stated") and focus.words):
            return agrees(focus, scanned.folded, thing)
        return self.fit(scanned, candidate.span) >= _MEETS

    def restates(self, scanned: Scan, span: Span) -> float:
        """What a body or place is worth that is named in the question's own words: it is what the question is about.

        Asked where the reading spaces are, none that ends in 阅读空间 says where.
        """
        if self._fits(scanned)[span][1].kind not in ("organisation", "place", "phrase"):
            return 1.0
        inside = [
            m
            for m in self.evidence.matches_of(scanned)
            if m.quality >= _SAYS_SO and span.start < m.end and m.start < span.end
            if not _is_focus(self.evidence.terms[m.term].surface, self.focus)
        ]
        ends = self.focus.sort == "place" and any(m.end == span.end and m.start > span.start for m in inside)
        return 0.5 if inside and self._covers(scanned, span) else 0.8 if ends else 1.0

    def _covers(self, scanned: Scan, span: Span) -> bool:
        said = (range(m.start, m.end) for m in self.evidence.matches_of(scanned) if m.quality >= _SAYS_SO)
        return set(range(span.start, span.end)) <= set(itertools.chain.from_iterable(said))

    def barriers(self, scanned: Scan, span: Span) -> list[Span]:
        """Other things of the kind: a word beyond one of them belongs to that one."""
        own = self.fit(scanned, span)
        return [
            s
            for s, (fit, _) in self._fits(scanned).items()
            if fit >= 0.8 * own and (s.end <= span.start or s.start >= span.end)
        ]

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
        bare = MARKS.sub("", scanned.folded[thing.start : thing.end])
        words = {stem(w) for w in re.findall(r"[a-z]+", scanned.folded[thing.start : thing.end])}
        if thing.kind in ("latin", "person", "organisation", "place", "award") and words and words <= self.asked_words:
            return True
        return not bare or bare in self.shut_out or (_OWN.fullmatch(bare) is not None)


def choice_for(evidence: Evidence, focus: Focus) -> Choice:
    """What may answer: nothing the question itself says, and not the organisation whose report is asked about."""
    question = evidence.question
    bare = MARKS.sub("", question.folded)
    said = (
        {bare[i:j] for i in range(len(bare)) for j in range(i + 2, min(i + 24, len(bare)) + 1)}
        if question.written_in == "zh"
        else set()
    )
    said |= {a for t in evidence.terms for a, quality in t.alternatives if quality >= 0.6 and len(a) > 1}
    said |= {MARKS.sub("", q) for q in question.quoted}
    if question.scope.reports is not None:
        for owner in owners(evidence):
            said |= forms(owner)
    asked = frozenset(stem(word) for word in re.findall(r"[a-z]+", question.folded))
    return Choice(evidence, focus, frozenset(said - set(focus.words)), asked)


def owners(evidence: Evidence) -> set[str]:
    """The organisation each report is written by: the one with a place in its name that the report names most.

    Where the question names one, no other: a report that says 我馆 may name its guests more often than itself.
    """
    asked = {m.name for m in evidence.question.mentions}
    counts: dict[str, Counter[str]] = {}
    for scanned in evidence.scans:
        for thing in named_things(scanned):
            name = scanned.folded[thing.start : thing.end]
            if thing.kind == "organisation" and _SEATED.match(name) and (not asked or asked & forms(name)):
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


def name_candidates(evidence: Evidence, choice: Choice) -> list[Candidate]:
    """Every named thing in scope that fits what is asked for, scored by the terms near it."""
    question = evidence.question

    def factors(scanned: Scan, span: Span) -> Sequence[tuple[str, float]]:
        return (
            ("kind", choice.fit(scanned, span)),
            stance_factor(question, scanned, span.start),
            period_factor(question, scanned, span.start),
            date_factor(question, scanned, span.start),
            ordinal_factor(question, _clause_text(scanned, span)),
            first_factor(question, scanned, span, _clause_text(scanned, span)),
            ("shut out", shut_out_factor(evidence, scanned, span)),
            ("successor", successor_factor(question, scanned, span)),
            former_factor(question, scanned, span),
            house_factor(question, scanned, span),
            place_factor(question, scanned, span),
            last_factor(question, scanned, span),
            ("restates", choice.restates(scanned, span)),
        )

    found = evidence.candidates(choice.targets, factors, barriers=choice.barriers)
    settled = [_settled(c, evidence, choice) for c in found]
    return sorted(_as_one(settled, evidence), key=lambda c: (-c.score, c.scan.chunk.id, c.span.start))


def _as_one(found: Sequence[Candidate], evidence: Evidence) -> list[Candidate]:
    """A name said twice in a sentence is one thing: 副馆长甲、乙，其中乙由外县调任 tells two things of 乙."""
    groups: dict[tuple[str, int, str], list[Candidate]] = {}
    for c in found:
        name = c.scan.folded[c.span.start : c.span.end]
        groups.setdefault((c.scan.chunk.id, c.scan.sentence_at(c.span.start).start, name), []).append(c)
    return [_together(group, evidence) if len(group) > 1 else group[0] for group in groups.values()]


def _together(group: Sequence[Candidate], evidence: Evidence) -> Candidate:
    best = max(group, key=lambda c: c.score)
    votes = tuple(max(vote) for vote in zip(*(c.votes for c in group), strict=True))
    coverage = sum(w * v for w, v in zip(evidence.weights, votes, strict=True)) / (sum(evidence.weights) or 1.0)
    features = max((c.features for c in group), key=lambda own: math.prod(f for _, f in own))
    return replace(
        best, votes=votes, coverage=coverage, features=features, score=coverage * math.prod(f for _, f in features)
    )


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


def _clause_text(scanned: Scan, span: Span) -> str:
    clause = clause_at(scanned, span)
    return scanned.folded[clause.start : span.start] + scanned.folded[span.end : clause.end]


def clause_at(scanned: Scan, span: Span) -> Span:
    """The stretch between punctuation marks around a span; marks inside quotation marks do not count."""
    text = scanned.folded
    quotes = [m.span() for m in QUOTED.finditer(text)]
    marks = [
        m.start() for m in re.finditer(r"[,，。、;；:：!?\n]", text) if not any(s <= m.start() < e for s, e in quotes)
    ]
    return Span(
        max((m + 1 for m in marks if m < span.start), default=0),
        min((m for m in marks if m >= span.end), default=len(text)),
    )


def answer_name(evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    """The named thing asked for, or None with the candidates that were not good enough."""
    evidence = as_planned(without_excluded(evidence))
    question = evidence.question
    focus = focus_of(question)
    if focus.sort == "person" and asks_for_first(question):  # 时长最长的是教师甲: the volunteers stand further off
        focus = replace(focus, words=())
    choice = choice_for(evidence, focus)
    found = name_candidates(evidence, choice)
    if not found or not _enough(found[0], choice):
        return None, found[:5]
    best = _whole(found, choice)
    thing = choice.thing(best)
    value = Value(shown_as(best.scan, best.span, thing.kind, question.language), support_of(best))
    shown = value.shown
    rivals = [
        best,
        *(c for c in found if c.scan != best.scan or c.span.end <= best.span.start or c.span.start >= best.span.end),
    ]
    sentence = sentence_text(best.scan, best.span)
    return Finding(shown, (value,), sentence=sentence, candidates=tuple(rivals[:5])), found[:5]


def shown_as(scanned: Scan, span: Span, kind: str, language: str) -> str:
    """The name in the answer's language: pinyin for persons and places proper, not for halls and rooms."""
    written = scanned.chunk.text[span.start : span.end]
    proper = kind != "place" or len(written) < 5 or written[-1] in "镇乡村县区市省州"
    return name_text(written, kind if proper else "item", language)


def _enough(candidate: Candidate, choice: Choice) -> bool:
    return candidate.score >= _LEAST_SCORE and choice.fit(candidate.scan, candidate.span) >= _LEAST_FIT


def _whole(found: Sequence[Candidate], choice: Choice) -> Candidate:
    """Of candidates one within the other and equally good the longest: 锦溪祝甸古窑, not 锦溪."""
    best = found[0]
    least = best.score * (_WIDER_PLACE if choice.focus.sort == "place" else _AS_GOOD)
    around = [
        c
        for c in found[:12]
        if c.scan == best.scan and c.span.start <= best.span.start and best.span.end <= c.span.end
        if c.score >= least and choice.thing(c).kind != "title"
    ]
    return max(around, key=lambda c: c.span.end - c.span.start, default=best)
