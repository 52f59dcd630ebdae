"""How well rankings find the evidence: recall@k and mean reciprocal rank, by language, for any number of rankers.

Everything here is values and pure functions: a ranker is any callable from a query to ranked line ranges, so our own
search, its parts and the stock baselines are measured by the same code on the same questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from documents.report import LineRange
from eval.metrics import Place, recall_at, reciprocal_rank
from index.bilingual import Term
from index.scope import Scope

if TYPE_CHECKING:
    from rich.table import Table

DEPTHS = (1, 5, 10, 20)
LANGUAGE_NAMES = ("zh", "en", "all")


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the search gets it, and the lines that answer it: one set of places for each snippet."""

    id: str
    lang: str
    text: str
    terms: tuple[Term, ...]
    scope: Scope
    evidence: tuple[frozenset[Place], ...]
    search_text: str = ""


Ranker = Callable[[Query], Sequence[tuple[str, LineRange]]]


@dataclass(frozen=True, slots=True)
class Row:
    """Means over the queries of one language ("all": over all). ``recall`` holds a value for each depth of `DEPTHS`."""

    ranker: str
    lang: str
    queries: int
    recall: tuple[float, ...]
    mrr: float

    def to_dict(self) -> dict[str, object]:
        recalls = {f"recall@{k}": round(value, 4) for k, value in zip(DEPTHS, self.recall, strict=True)}
        return {"ranker": self.ranker, "lang": self.lang, "queries": self.queries, **recalls, "mrr": round(self.mrr, 4)}


@dataclass(frozen=True, slots=True)
class Found:
    """How one query went under one ranker."""

    query: Query
    recall: tuple[float, ...]
    reciprocal: float


def measure(queries: Sequence[Query], rankers: Mapping[str, Ranker]) -> tuple[dict[str, list[Found]], list[Row]]:
    """Run every query through every ranker. Queries need evidence; the rows come ranker by ranker, by language."""
    found = {name: [_found(query, ranker(query)) for query in queries] for name, ranker in rankers.items()}
    return found, [row for name, results in found.items() for row in rows_of(name, results)]


def _found(query: Query, ranked: Sequence[tuple[str, LineRange]]) -> Found:
    recalls = tuple(recall_at(k, ranked, query.evidence) or 0.0 for k in DEPTHS)
    return Found(query, recalls, reciprocal_rank(ranked, query.evidence))


def rows_of(name: str, results: Iterable[Found]) -> list[Row]:
    """A row for each language asked in, and one for all where there are two."""
    by_lang: dict[str, list[Found]] = {}
    for result in results:
        for lang in (result.query.lang, "all"):
            by_lang.setdefault(lang, []).append(result)
    langs = [lang for lang in LANGUAGE_NAMES if lang in by_lang]
    return [_row(name, lang, by_lang[lang]) for lang in langs if lang != "all" or len(langs) > 2]


def _row(name: str, lang: str, results: Sequence[Found]) -> Row:
    recalls = tuple(sum(column) / len(results) for column in zip(*(r.recall for r in results), strict=True))
    return Row(name, lang, len(results), recalls, sum(r.reciprocal for r in results) / len(results))


def table(rows: Sequence[Row], title: str) -> Table:
    """One line a ranker and language, in percent."""
    from rich import box
    from rich.table import Table

    shown = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, collapse_padding=True)
    shown.add_column("ranker", no_wrap=True)
    for name in ("lang", "queries", *(f"@{k}" for k in DEPTHS), "MRR"):
        shown.add_column(name, justify="right", no_wrap=True)
    before = None
    for row in rows:
        if before not in (None, row.ranker):
            shown.add_section()
        values = (f"{100 * value:.1f}" for value in (*row.recall, row.mrr))
        shown.add_row("" if before == row.ranker else row.ranker, row.lang, str(row.queries), *values)
        before = row.ranker
    return shown


def markdown(rows: Sequence[Row]) -> str:
    """The same as a Markdown table, for the documentation."""
    head = ["ranker", "lang", "queries", *(f"@{k}" for k in DEPTHS), "MRR"]
    lines = [head, ["---", "---", *["---:"] * (len(head) - 2)]]
    for row in rows:
        values = (f"{100 * value:.1f}" for value in (*row.recall, row.mrr))
        lines.append([row.ranker, row.lang, str(row.queries), *values])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
