"""What counts as right, as pure functions over a question and a result.

A result is the JSON object of `qa ask --json`, so any program that writes that form can be measured, not only ours.
No judge model: the same answer gets the same mark on every machine.

Retrieval measures follow their usual definitions: recall@k is the share of what should be found that stands in the
first k; the reciprocal rank is 1 over the rank of the first that does (Voorhees, TREC-8, 1999). Reliability bins follow
Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from documents.report import LineRange
from eval.questions import Question

Result = Mapping[str, Any]
# A report's physical lines by its file name; it may raise UnknownReport.
LinesOf = Callable[[str], Sequence[str]]
# A physical line: (file name of the report, line number from 1).
Place = tuple[str, int]

JUDGED_ON_SHORT = frozenset({"number", "date", "name"})

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SPACE = re.compile(r"\s+")


def normalise(text: str) -> str:
    """The form in which answers are compared: NFKC, case folded, without thousands separators and spaces.

    Separators go before spaces, so that ``12, 345`` stays two numbers and ``9, 2013`` a day and a year.

    >>> normalise("１，２６４ 册"), normalise("January 9, 2013")
    ('1264册', 'january9,2013')
    """
    text = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _SPACE.sub("", text)


def occurs(alias: str, text: str) -> bool:
    """Whether an alias stands in a text, both normalised, and as a whole number where its edge is a digit.

    >>> occurs("32", "共 32 座"), occurs("32", "1,132座"), occurs("32", "32.5万"), occurs("32", "0.32")
    (True, False, False, False)
    """
    wanted = normalise(alias)
    before = r"(?<!\d)(?<!\d\.)" if wanted[:1].isdecimal() else ""
    after = r"(?!\d)(?!\.\d)" if wanted[-1:].isdecimal() else ""
    return bool(wanted) and re.search(before + re.escape(wanted) + after, normalise(text)) is not None


def is_right(question: Question, result: Result) -> bool:
    """Every required item occurs; a number, a date or a name must occur in ``short``. Unanswerable: it abstained."""
    if not question.answerable or result["abstained"]:
        return not question.answerable and bool(result["abstained"])
    judged = result["short"] if question.type in JUDGED_ON_SHORT else result["answer"]
    return all(any(occurs(alias, judged or "") for alias in item) for item in question.answers)


def evidence_lines(question: Question, lines_of: LinesOf) -> tuple[frozenset[Place], ...]:
    """For each snippet of evidence, the lines it stands on; an empty set when it stands on none.

    A snippet that a report repeats has several lines, and any of them will do. ``lines_of`` may raise UnknownReport.
    """
    reports = [(name, lines_of(name)) for name in question.reports] if question.evidence else []
    return tuple(
        frozenset((name, n) for name, lines in reports for n, line in enumerate(lines, start=1) if snippet in line)
        for snippet in question.evidence
    )


def file_name(path: str) -> str:
    """The last part of a path, whichever way its slashes lean.

    >>> file_name(r"C:\\reports\\a.txt"), file_name("reports/a.txt")
    ('a.txt', 'a.txt')
    """
    return re.split(r"[/\\]", path)[-1]


def cited_ranges(result: Result) -> list[tuple[str, LineRange]]:
    """(file name, lines) of each citation, in order."""
    return [(file_name(c["path"]), LineRange(*c["lines"])) for c in result["citations"]]


def citation_hit(question: Question, result: Result, lines_of: LinesOf) -> bool:
    """Whether some cited range covers a line of evidence. ``lines_of`` may raise UnknownReport."""
    return covers(cited_ranges(result), evidence_lines(question, lines_of))


def covers(ranges: Iterable[tuple[str, LineRange]], evidence: Iterable[frozenset[Place]]) -> bool:
    """Whether some range covers some line of some snippet."""
    places = frozenset[Place]().union(*evidence)
    return any(_holds(name, lines, places) for name, lines in ranges)


def wrong_scope(question: Question, result: Result) -> bool:
    """Whether a citation is to a report the question is not about (never, when it names none)."""
    return bool(question.reports) and any(name not in question.reports for name, _ in cited_ranges(result))


def lines_cited(result: Result) -> int:
    """How many different physical lines a reader must look at to check the answer."""
    return len({(name, number) for name, lines in cited_ranges(result) for number in lines})


@dataclass(frozen=True, slots=True)
class Abstention:
    """Shares in 0..1, None where there is nothing to divide by.

    ``precision``: of the abstentions, those on unanswerable questions. ``recall``: of the unanswerable questions, those
    abstained on. ``refused``: of the answerable questions, those abstained on.
    """

    precision: float | None
    recall: float | None
    refused: float | None


def abstention(pairs: Iterable[tuple[bool, bool]]) -> Abstention:
    """From (answerable, abstained) pairs.

    >>> abstention([(True, False), (True, True), (False, True), (False, False)])
    Abstention(precision=0.5, recall=0.5, refused=0.5)
    """
    seen = list(pairs)
    abstained = [answerable for answerable, gave_up in seen if gave_up]
    return Abstention(
        precision=share(not answerable for answerable in abstained),
        recall=share(gave_up for answerable, gave_up in seen if not answerable),
        refused=share(gave_up for answerable, gave_up in seen if answerable),
    )


def recall_at(k: int, ranked: Sequence[tuple[str, LineRange]], evidence: Sequence[frozenset[Place]]) -> float | None:
    """Share of the snippets with a line inside the first ``k`` ranges; None without evidence."""
    return share(any(_holds(name, lines, places) for name, lines in ranked[:k]) for places in evidence)


def reciprocal_rank(ranked: Sequence[tuple[str, LineRange]], evidence: Iterable[frozenset[Place]]) -> float:
    """1 / rank of the first range that holds a line of evidence; 0.0 when none does. Its mean is the MRR."""
    places = frozenset[Place]().union(*evidence)
    ranks = (rank for rank, (name, lines) in enumerate(ranked, start=1) if _holds(name, lines, places))
    return 1 / next(ranks, float("inf"))


def _holds(name: str, lines: LineRange, places: Iterable[Place]) -> bool:
    return any(name == report and number in lines for report, number in places)


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Answers with a confidence in [low, high): how sure they were on average, and how many were right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


# Most answers are fairly sure, so the bins grow narrower towards 1.
RELIABILITY_EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)


def reliability(
    pairs: Iterable[tuple[float, bool]], edges: Sequence[float] = RELIABILITY_EDGES
) -> tuple[ReliabilityBin, ...]:
    """From (confidence in 0..1, right) pairs, the bins that hold any; the last one includes its upper edge.

    >>> reliability([(0.99, True), (0.97, False)])
    (ReliabilityBin(low=0.95, high=1.0, count=2, confidence=0.98, accuracy=0.5),)
    """
    held: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in pairs:
        place = sum(confidence >= edge for edge in edges[1:-1])
        held.setdefault(place, []).append((confidence, right))
    return tuple(
        ReliabilityBin(
            low=edges[number],
            high=edges[number + 1],
            count=len(inside),
            confidence=round(sum(c for c, _ in inside) / len(inside), 4),
            accuracy=round(sum(r for _, r in inside) / len(inside), 4),
        )
        for number, inside in sorted(held.items())
    )


def share(flags: Iterable[bool]) -> float | None:
    """The part of the flags that are true; None for no flags at all."""
    values = list(flags)
    return sum(values) / len(values) if values else None
