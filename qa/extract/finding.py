"""What an extractor hands on: a value, the stretches of text it rests on, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from documents.marks import BOOKMARK, Mark, start_of
from documents.report import LineRange
from qa.extract.evidence import Candidate
from qa.scan import Scan, Span

_LONGEST_CITATION = 3  # physical lines for a single fact


@dataclass(frozen=True, slots=True)
class Support:
    """Lines of one report that carry a fact; ``text`` is the running text shown around the value."""

    scan: Scan
    lines: LineRange
    text: str

    @property
    def report_id(self) -> str:
        return self.scan.chunk.report_id


@dataclass(frozen=True, slots=True)
class Value:
    """A value with the support it stands on; ``figures`` are those the check looks for there."""

    shown: str
    support: Support


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer before it is checked and rendered.

    ``values`` are what is stated, in order; ``others`` are restatements with another value; ``derived`` marks a result
    computed from the values (its formula is in ``sentence``). ``missing`` are reports that lack what a comparison or a
    sum needs from them: then nothing is stated. ``confidence`` is set by what works several candidates into one
    result; where one carries the answer, ``trust`` sets it.
    """

    short: str | None
    values: tuple[Value, ...]
    confidence: float = 0.75
    sentence: str = ""
    others: tuple[Value, ...] = ()
    derived: bool = False
    candidates: tuple[Candidate, ...] = ()
    missing: tuple[str, ...] = ()


def support_of(candidate: Candidate, *, whole: bool = False) -> Support:
    """The fewest lines that carry a candidate: from the nearest word that speaks for it to the value.

    ``whole`` cites the entry around it instead.
    """
    scanned, span = candidate.scan, candidate.span
    start, end = stretch(candidate)
    if whole:
        entry = scanned.entry_at(span.start)
        start, end = entry.start, entry.end
    lines = scanned.lines(start, end)
    if len(lines) > _LONGEST_CITATION and not whole:
        lines = scanned.lines(span.start, span.end)
    return Support(scanned, lines, scanned.chunk.text[start:end].strip())


def stretch(candidate: Candidate) -> tuple[int, int]:
    """The value's clause, widened to the strongest words that speak for it within the sentence."""
    scanned, span = candidate.scan, candidate.span
    text = scanned.folded
    start = max((text.rfind(mark, 0, span.start) + 1 for mark in "，,。；;、\n：:"), default=0)
    sentence = scanned.sentence_at(span.start)
    near = [
        m
        for m, vote in zip(candidate.best, candidate.votes, strict=True)
        if m and vote >= 0.5 and sentence.start <= m.start
    ]
    start = min([start, *(m.start for m in near if span.start - m.start < 40)])
    ends = [i for mark in "，,。；;\n、" if (i := text.find(mark, span.end)) >= 0]
    end = min([*ends, len(text)])
    end = max([min(end, span.end + 30), *(m.end for m in near if m.start >= span.end and m.end - span.end < 24)])
    return start, end


def unmarked(text: str) -> str:
    """Without the number of an entry or a heading's bookmark in front."""
    text = BOOKMARK.sub("", text).strip()
    mark = start_of(text)
    return text[mark.end :].lstrip("、.．。 ") if mark and mark.mark is not Mark.TORTOISE else text


def sentence_text(scanned: Scan, span: Span, *, at_most: int = 140) -> str:
    """The sentence around a span, shortened to clauses around it when it is long."""
    sentence = scanned.sentence_at(span.start)
    text = unmarked(scanned.chunk.text[sentence.start : sentence.end])
    if len(text) <= at_most:
        return text
    half = at_most // 2
    start, end = max(sentence.start, span.start - half), min(sentence.end, span.end + half)
    cuts = [i + 1 for i in range(sentence.start, span.start) if scanned.folded[i] in "，,；;" and i >= start]
    start = cuts[0] if cuts else start
    return (
        ("…" if start > sentence.start else "")
        + scanned.chunk.text[start:end].strip()
        + ("…" if end < sentence.end else "")
    )
