"""The score of a run: as a table to read, as JSON to keep, and beside an earlier one.

A total hides what changed. So scores are also given by language and type, and two runs are compared question by
question: the same accuracy with other questions failing is a different program.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from documents.errors import InvalidQuestionFile
from eval.metrics import Abstention, ReliabilityBin, abstention, reliability, share
from eval.questions import LANGUAGES, QUESTION_TYPES
from eval.runner import Outcome

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


@dataclass(frozen=True, slots=True)
class Tally:
    """The measures of some outcomes. Shares are in 0..1 and None where there is nothing to divide by.

    ``citation_hits`` is the share of the answers, given to questions whose evidence is known, that cite a line of it;
    ``wrong_scope`` counts answers that cite a report they were not asked about; ``lines_cited`` is the mean of the
    answers that cite any; ``ms_p50`` and ``ms_p95`` are wall times in milliseconds.
    """

    questions: int
    right: int
    accuracy: float | None
    citation_hits: float | None
    wrong_scope: int
    lines_cited: float | None
    abstained: int
    errors: int
    ms_p50: float | None
    ms_p95: float | None

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Tally:
        some = list(outcomes)
        times = sorted(o.ms for o in some)
        cited = [o.lines_cited for o in some if o.lines_cited]
        judged = (o.citation_hit for o in some if o.citation_hit is not None and not o.abstained and o.error is None)
        return cls(
            questions=len(some),
            right=sum(o.right for o in some),
            accuracy=share(o.right for o in some),
            citation_hits=share(judged),
            wrong_scope=sum(o.wrong_scope for o in some),
            lines_cited=statistics.fmean(cited) if cited else None,
            abstained=sum(o.abstained for o in some),
            errors=sum(o.error is not None for o in some),
            ms_p50=_percentile(times, 50),
            ms_p95=_percentile(times, 95),
        )


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """Everything that is counted over the outcomes of one run."""

    outcomes: tuple[Outcome, ...]

    @property
    def totals(self) -> Tally:
        return Tally.of(self.outcomes)

    @property
    def by_lang(self) -> dict[str, Tally]:
        return self._split(lambda o: o.lang, LANGUAGES)

    @property
    def by_type(self) -> dict[str, Tally]:
        return self._split(lambda o: o.type, QUESTION_TYPES)

    def cell(self, type: str, lang: str) -> Tally:
        """The questions of one type in one language."""
        return Tally.of(o for o in self.outcomes if (o.type, o.lang) == (type, lang))

    @property
    def abstention(self) -> Abstention:
        return abstention((o.type != "unanswerable", o.abstained) for o in self.outcomes)

    @property
    def reliability(self) -> tuple[ReliabilityBin, ...]:
        """How confidence and accuracy agree, over the questions that were answered."""
        return reliability((o.confidence, o.right) for o in self.outcomes if not o.abstained and o.error is None)

    @property
    def evidence_missing(self) -> tuple[str, ...]:
        """Ids of the questions whose evidence stands on no line of the reports, so that no citation was judged."""
        return tuple(o.id for o in self.outcomes if not o.evidence_found)

    def _split(self, key: Callable[[Outcome], str], names: tuple[str, ...]) -> dict[str, Tally]:
        present = {key(o) for o in self.outcomes}
        return {name: Tally.of(o for o in self.outcomes if key(o) == name) for name in names if name in present}

    def to_json(self) -> str:
        """The scores, and the outcomes they come from; ``from_json`` reads the latter and counts anew."""
        return json.dumps(
            {
                "totals": asdict(self.totals),
                "by_lang": {name: asdict(tally) for name, tally in self.by_lang.items()},
                "by_type": {name: asdict(tally) for name, tally in self.by_type.items()},
                "abstention": asdict(self.abstention),
                "reliability": [asdict(b) for b in self.reliability],
                "evidence_missing": list(self.evidence_missing),
                "outcomes": [asdict(o) for o in self.outcomes],
            },
            ensure_ascii=False,
            indent=2,
        )

    @classmethod
    def from_json(cls, text: str, source: str = "the run") -> Scoreboard:
        """The other way. Raises InvalidQuestionFile (naming ``source``) for anything `to_json` does not write."""
        advice = "Give the output of: qa eval QUESTIONS.jsonl --json"
        try:
            record = json.loads(text)
        except json.JSONDecodeError as error:
            raise InvalidQuestionFile(f"{source}: not JSON ({error.msg}, line {error.lineno}). {advice}") from error
        if not isinstance(record, dict) or not isinstance(record.get("outcomes"), list):
            raise InvalidQuestionFile(f"{source}: holds no list of outcomes. {advice}")
        outcomes = (_outcome(entry, n, source, advice) for n, entry in enumerate(record["outcomes"], start=1))
        return cls(tuple(outcomes))

    def table(self) -> Table:
        """One row a question type, then the total."""
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, collapse_padding=True)  # 80 columns hold it, which is what a pipe gets
        table.add_column("type", no_wrap=True)
        for name in (*LANGUAGES, "all", "accuracy", "cites", "wrong scope", "lines"):
            table.add_column(name, justify="right", no_wrap=True)
        for type_, tally in self.by_type.items():
            table.add_row(type_, *(_score(self.cell(type_, lang)) for lang in LANGUAGES), *_row(tally))
        table.add_section()
        by_lang = self.by_lang
        table.add_row("total", *(_score(by_lang.get(lang)) for lang in LANGUAGES), *_row(self.totals))
        return table

    def print(self, console: Console | None = None) -> None:
        """The table and what it cannot show, on stdout by default; plain text where that is no terminal."""
        from rich.console import Console

        shown = console or Console()
        shown.print(self.table())
        for line in self._remarks():
            shown.print(line, highlight=False, markup=False, soft_wrap=True)

    def _remarks(self) -> Iterable[str]:
        totals, given_up = self.totals, self.abstention
        yield (
            f"abstained: {totals.abstained}, "
            f"precision {_percent(given_up.precision)}, recall {_percent(given_up.recall)}; "
            f"answerable questions refused {_percent(given_up.refused)}"
        )
        for part in self.reliability:
            yield (
                f"confidence {part.low:.2f}-{part.high:.2f}: {part.count:>4} answers, "
                f"mean {part.confidence:.2f}, right {_percent(part.accuracy)}"
            )
        if totals.ms_p50 is not None:
            yield f"time: median {totals.ms_p50:.0f} ms, 95th percentile {totals.ms_p95:.0f} ms"
        for outcome in self.outcomes:
            if outcome.error is not None:
                yield f"error: {outcome.id}: {outcome.error}"
        if self.evidence_missing:
            yield f"citations not judged, the evidence is in no indexed report: {', '.join(self.evidence_missing)}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ids of questions: right now and wrong before, wrong now and right before, and those only one run asked."""

    fixed: tuple[str, ...]
    broken: tuple[str, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]


def compare(run: Scoreboard, earlier: Scoreboard) -> Comparison:
    """This run beside an earlier one, question by question, in the order asked."""
    now = {o.id: o.right for o in run.outcomes}
    before = {o.id: o.right for o in earlier.outcomes}
    both = [name for name in now if name in before]
    return Comparison(
        fixed=tuple(name for name in both if now[name] and not before[name]),
        broken=tuple(name for name in both if before[name] and not now[name]),
        added=tuple(name for name in now if name not in before),
        dropped=tuple(name for name in before if name not in now),
    )


def _percentile(ordered: list[float], percent: int) -> float | None:
    """Nearest rank: the smallest value that at least ``percent`` of a hundred do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else None


def _score(tally: Tally | None) -> str:
    return f"{tally.right}/{tally.questions}" if tally and tally.questions else "–"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _row(tally: Tally) -> tuple[str, ...]:
    lines = "–" if tally.lines_cited is None else f"{tally.lines_cited:.1f}"
    return (_score(tally), _percent(tally.accuracy), _percent(tally.citation_hits), str(tally.wrong_scope), lines)


# What JSON calls each field of an outcome; the rest of the form is `to_json`'s.
_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
    "bool | None": (bool, type(None)),
    "str | None": (str, type(None)),
}


def _outcome(entry: object, number: int, source: str, advice: str) -> Outcome:
    where = f"{source}: outcome {number}"
    known = {f.name: _KINDS[str(f.type)] for f in fields(Outcome)}
    entry = {"answerer": None, **entry} if isinstance(entry, dict) else entry  # not in the runs of earlier versions
    if not isinstance(entry, dict) or entry.keys() != known.keys():
        raise InvalidQuestionFile(f"{where} has not the fields of one. {advice}")
    for name, kinds in known.items():
        # Exact types: for isinstance, True is an int as well.
        if type(entry[name]) not in kinds:
            raise InvalidQuestionFile(f"{where}: {name} is {entry[name]!r}. {advice}")
    return Outcome(**entry)
