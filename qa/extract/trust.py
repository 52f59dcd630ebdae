"""How far an answer may be trusted: signs a reader can follow, weighed by a small fixed logistic.

Score and lead say which candidate is best, not whether any is good: where the reports are silent on ambulances, the
number of beds is still the best. What tells is which of the question's words stay silent, and how much such a word
would have to say: a name, a title or what is counted must speak for the answer, a turn of phrase need not. A word that
no lexicon knows may still be a synonym, so it is weighed and never decides alone.

The weights stand in ``data/trust.tsv``. ``python -m eval.calibrate`` fits them on the project's own questions, never on
questions kept to measure by; what comes out is the share of such answers that are right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache

from documents.folding import fold
from index.bilingual import Term
from index.tokens import is_chinese, stem
from qa.extract.entities import Named
from qa.extract.evidence import Candidate, Evidence
from qa.extract.fit import MARKS, agrees
from qa.extract.focus import focus_of
from qa.extract.limits import prizes
from qa.extract.words import TELLS, labels, sort_of
from qa.understanding.cues import data_lines
from qa.understanding.kinds import Kind
from qa.understanding.question import Question

LEAST = 0.3  # below this an answer is more likely wrong than worth reading
_SPEAKS = 0.6  # a vote from which a word is heard in full
_WELL_AHEAD = 0.6
_STANDS = 0.5  # a rendering this good counts as the word standing there
_RENDERS = 0.65  # and from this on it says all that the word says
_SURE = 0.8  # an alternative this good says the same
_NAMING = frozenset({"phrase", "noun", "unknown"})


def trust(evidence: Evidence, found: Sequence[Candidate]) -> float:
    """The chance (0 to 0.99) that the best candidate answers the question."""
    return logistic(sum(weights()[name] * value for name, value in signs(evidence, found).items()) + weights()["bias"])


def logistic(value: float) -> float:
    return min(0.99, 1 / (1 + math.exp(-value)))


@cache
def weights() -> dict[str, float]:
    """Sign → weight, from ``trust.tsv``."""
    rows = (line.split("\t") for line in data_lines("trust.tsv"))
    return {name: float(value) for name, value in rows}


def signs(evidence: Evidence, found: Sequence[Candidate]) -> dict[str, float]:
    """What speaks for and against the best candidate."""
    best, question = found[0], evidence.question
    return {
        "score": min(best.score, 1.1),
        "lead": lead(found),
        **_silences(evidence, best),
        "apart": float(min(evidence.apart, 1)),
        "clash": float(clashes(question, best)),
        "echoed": float(any(_says_the_same(best, other) for other in found[1:5])),
        "unscoped": float(question.scope.reports is None),
        "list": float(question.kind is Kind.LIST),
    }


def _silences(evidence: Evidence, best: Candidate) -> dict[str, float]:
    """Which of the question's words are heard beside the candidate, stand elsewhere, or stand nowhere in scope."""
    question, terms = evidence.question, evidence.terms
    sorts = [sort_of(term, question) for term in terms]
    office = _office_unsaid(question, best)
    votes = [0.0 if t.surface in office else _heard(best, number) for number, t in enumerate(terms)]
    silent = [TELLS[sort] * (1 - vote) for sort, vote in zip(sorts, votes, strict=True)]
    stands = _standing(evidence)
    gone = [0.0 if number in stands else s for number, s in enumerate(silent)]
    heard = sum(TELLS[sort] * vote for sort, vote in zip(sorts, votes, strict=True))

    def most(values: Sequence[float], *of: str) -> float:
        return max((value for value, sort in zip(values, sorts, strict=True) if sort in of), default=0.0)

    crossing = (question.language == "zh") != _has_chinese(best.scan.folded)
    eventful = question.kind in (Kind.DATE, Kind.PERSON)
    return {
        "heard": min(heard, 2.0),
        "share": heard / (heard + sum(silent)) if heard else 0.0,
        "name gone": 0.0 if crossing else most(gone, "name"),
        "title gone": float(not crossing and title_gone(evidence)),
        "noun gone": most(gone, *_NAMING),
        "known gone": max((g for g, t in zip(gone, terms, strict=True) if _well_known(t)), default=0.0),
        "noun elsewhere": most(silent, *_NAMING) - most(gone, *_NAMING),
        "event silent": most(silent, "act", "unknown") if eventful else 0.0,
        "number silent": most(silent, "number"),
        "crossing": float(crossing),
    }


def _well_known(term: Term) -> bool:
    """The lexicon has other words for it, so where it means something here it would have been found."""
    return sum(quality >= _SURE for _, quality in term.alternatives) > 1


def _heard(candidate: Candidate, number: int) -> float:
    """How far a word speaks for a candidate (0 to 1): how near it stands, and how well it is rendered there."""
    vote, match = candidate.votes[number], candidate.best[number]
    return min(1.0, vote / _SPEAKS) * (min(1.0, match.quality / _RENDERS) if match else 1.0)


def _standing(evidence: Evidence) -> frozenset[int]:
    """The terms that stand somewhere in the scope, near the answer or not."""
    reports = evidence.question.scope.reports
    return frozenset(
        match.term
        for scanned, matches in zip(evidence.scans, evidence.matches, strict=True)
        if reports is None or scanned.chunk.report_id in reports
        for match in matches
        if match.quality >= _STANDS
    )


def lead(found: Sequence[Candidate]) -> float:
    """How far the best is ahead of the next that says something else, as a share of its score.

    Being the only one, or far ahead of poor ones, says no more than being well ahead.
    """
    best = found[0]
    rival = next((c for c in found[1:] if _said(c) != _said(best)), None)
    return _WELL_AHEAD if rival is None or best.score <= 0 else min(_WELL_AHEAD, max(0.0, 1 - rival.score / best.score))


def _said(candidate: Candidate) -> str:
    return candidate.scan.folded[candidate.span.start : candidate.span.end]


def _says_the_same(best: Candidate, other: Candidate) -> bool:
    return _said(other) == _said(best) and (other.scan is not best.scan or other.span != best.span)


def _office_unsaid(question: Question, best: Candidate) -> frozenset[str]:
    """The terms that name the office asked for, where nothing beside the person says that he or she holds it.

    A 局长 who stands near does not make ``director`` heard when the director of a library is asked for.
    """
    focus = focus_of(question)
    person = Named(best.span.start, best.span.end, "person")
    if focus.sort != "person" or not focus.words or agrees(focus, best.scan.folded, person):
        return frozenset()
    parts = {stem(word) for word in focus.noun.split()}
    return frozenset(t.surface for t in question.terms if t.surface in focus.noun or set(t.surface.split()) <= parts)


_OFFICE = re.compile(r"副?(?:局长|部长|处长|科长|主任|院长|校长|会长|主席|书记|理事长|镇长|市长|县长|区长)|副馆长")
_LAST_OFFICE = re.compile(rf"(?:{_OFFICE.pattern})$")
_TITLE_REACH = 5
_DEPUTY = re.compile(r"副|\b(?:deputy|vice|assistant)\b")
_NAME_IN_HOURS = re.compile(r"\d+\s*小时(?=自助|图书馆|书房|阅读|分馆|馆|项目|服务)")


def clashes(question: Question, best: Candidate) -> bool:
    """The candidate is another's than the one's asked for: 第76期 for 第85期, Line 4 for Line 3, 馆长 for 副馆长."""
    scanned, span = best.scan, best.span
    sentence = scanned.sentence_at(span.start)
    there = labels(scanned.folded[sentence.start : sentence.end])
    if any(noun in there and not values & there[noun] for noun, values in labels(question.folded).items()):
        return True
    if _NAME_IN_HOURS.match(scanned.folded[span.start : span.end + 4]):
        return True
    if _other_office(question, best) or _other_prize(question, best):
        return True
    beside = scanned.folded[max(0, span.start - 12) : span.end + 12]
    deputy = question.kind is Kind.PERSON and _DEPUTY.search(question.folded)
    return bool(deputy) and not _DEPUTY.search(beside)


def _other_office(question: Question, best: Candidate) -> bool:
    """The person holds another office than the one asked for: 技术部主任 or 副馆长 for the library's director."""
    focus = focus_of(question)
    office = [word for word in focus.words if is_chinese(word)] if focus.sort == "person" else []
    if _DEPUTY.search(question.folded):
        office += ["副" + word for word in office]
    text, span = best.scan.folded, best.span
    if "领导" in office or not any(_OFFICE.fullmatch(word) or word == "馆长" for word in office):
        return False
    beside = (text[max(0, span.start - _TITLE_REACH) : span.start], text[span.end : span.end + _TITLE_REACH])
    held = [m[0] for m in (_LAST_OFFICE.search(beside[0]), _OFFICE.match(beside[1])) if m]
    return bool(held) and not any(title in office for title in held)


def _other_prize(question: Question, best: Candidate) -> bool:
    """The sentence tells of another place on the rostrum than the one asked for: 金奖 for 银奖."""
    sentence = best.scan.sentence_at(best.span.start)
    asked, told = prizes(question.folded), prizes(best.scan.folded[sentence.start : sentence.end])
    return bool(asked and told) and not asked & told


def title_gone(evidence: Evidence) -> bool:
    """A title the question quotes stands nowhere in the scope, not even half of it."""
    reports = evidence.question.scope.reports
    text = "".join(s.folded for s in evidence.scans if reports is None or s.chunk.report_id in reports)
    return any(_overlap(MARKS.sub("", fold(t)), MARKS.sub("", text)) < 0.5 for t in evidence.question.quoted)


def _overlap(title: str, text: str) -> float:
    pairs = {title[i : i + 2] for i in range(len(title) - 1)}
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 1.0


def _has_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None
