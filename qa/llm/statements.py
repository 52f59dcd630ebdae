"""What a model is given to write from: the sentences in scope that speak for the question, the best first.

They are chosen by the built-in evidence, so that a model reads what the built-in answerer reads, inside the same scope
and with plans left out where none is asked for. Each is a whole sentence; what does not fit is dropped, never cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.checking.orders import is_order
from qa.drawn import Drawn
from qa.extract.evidence import Candidate, Evidence, stance_factor
from qa.extract.finding import Support, unmarked
from qa.saying.wording import compact
from qa.scan import Scan, Span
from qa.understanding.kinds import Kind

_MOST = 80


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a report. ``votes`` are what each term of the question has in it, ``score`` their weighted sum."""

    support: Support
    span: Span
    votes: tuple[float, ...] = ()
    score: float = 0.0

    @property
    def text(self) -> str:
        return compact(self.support.text)

    @property
    def place(self) -> tuple[str, str]:
        return self.support.scan.chunk.id, self.support.text

    def within(self, support: Support) -> bool:
        """Whether it shares a line with a support."""
        own = self.support
        return own.report_id == support.report_id and own.lines.overlaps(support.lines)

    def holds(self, scanned: Scan, span: Span) -> bool:
        return self.support.scan.chunk.id == scanned.chunk.id and span.start in self.span


def statements(drawn: Drawn) -> list[Statement]:
    """The statements for a question: those the built-in finding and its rivals stand on, then the rest by score.

    What speaks to whoever answers is none of them, nor what shares its lines, except for what the finding stands on.
    """
    values = drawn.finding.values if drawn.finding else ()
    own = {(value.support.scan.chunk.id, value.support.text) for value in values}
    return [
        s for s in _ranked(drawn) if not is_order(s.support.text) and (s.place in own or not beside_order(s.support))
    ]


def beside_order(support: Support) -> bool:
    """Whether something on the same lines tells its reader what to say."""
    scanned = support.scan
    sharing = (s for s in scanned.sentences if scanned.lines(s.start, s.end).overlaps(support.lines))
    return any(is_order(scanned.chunk.text[s.start : s.end]) for s in sharing)


def _ranked(drawn: Drawn) -> list[Statement]:
    evidence = Evidence.gather(drawn.question, [hit.chunk for hit in drawn.hits])
    if drawn.question.kind is Kind.EVENTS:
        return [_statement(scanned, span) for scanned, span in evidence.entries()][: 2 * _MOST]
    found = evidence.candidates(
        lambda scanned: list(scanned.sentences),
        lambda scanned, span: (stance_factor(drawn.question, scanned, span.start),),
        zones=lambda _, span: span,
    )
    ranked = [
        _statement(c.scan, c.span, c)
        for c in found
        if c.score > 0 and compact(c.scan.chunk.text[c.span.start : c.span.end])
    ]
    first = [s for place in _places(drawn) for s in ranked if s.holds(*place)]
    return list(dict.fromkeys([*first, *ranked]))[:_MOST]


def _places(drawn: Drawn) -> Iterator[tuple[Scan, Span]]:
    """Where the built-in values stand, then where its candidates do."""
    finding = drawn.finding
    for value in (*finding.values, *finding.others) if finding else ():
        scanned, lines = value.support.scan, value.support.lines
        start = scanned.chunk.text.find(value.support.text)
        inside = next((offset for offset, line in scanned.chunk.passage.anchors if line in lines), 0)
        yield scanned, Span(start if start >= 0 else inside, len(scanned.folded))
    for candidate in drawn.candidates:
        yield candidate.scan, candidate.span


def _statement(scanned: Scan, span: Span, candidate: Candidate | None = None) -> Statement:
    text = scanned.chunk.text[span.start : span.end]
    start = span.start + len(text) - len(text.lstrip())
    lines = scanned.lines(start, max(start + 1, span.start + len(text.rstrip())))
    support = Support(scanned, lines, unmarked(text))
    return Statement(support, span, candidate.votes if candidate else (), candidate.score if candidate else 0.0)
