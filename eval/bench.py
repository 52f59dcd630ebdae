"""`python -m eval.bench`: how well the search finds, and how fast everything is.

Without a subcommand both are run on what the repository holds: the project's own questions over the bundled reports.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from documents.errors import ReportQAError

if TYPE_CHECKING:
    from eval.corpora import Corpus, Traditional
    from eval.retrieval import Found, Ranker, Row

OWN_QUESTIONS = Path(__file__).parent / "sets" / "samples.jsonl"


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def bench(context: click.Context) -> None:
    """Measure the search (retrieval) and the time it takes (speed); without a subcommand, both."""
    if context.invoked_subcommand is None:
        context.invoke(retrieval)
        context.invoke(speed)


@bench.command(epilog="Example: python -m eval.bench retrieval --questions mine.jsonl --reports reports/")
@click.option("--questions", type=click.Path(path_type=Path), help="A question file (default: the project's own).")
@click.option("--reports", type=click.Path(path_type=Path), help="The folder of its reports (default: the samples).")
@click.option("--squad", type=click.Path(path_type=Path), help="A SQuAD-format file, as open retrieval, instead.")
@click.option(
    "--traditional",
    type=click.Choice(["questions", "reports"]),
    help="Write the questions, or the reports, in traditional characters first.",
)
@click.option("--embedding", default="builtin", show_default=True, help="The embedder, as in QA_EMBEDDING.")
@click.option("--reranker", help="Also rank by a sentence-transformers cross-encoder on this machine.")
@click.option("--no-baselines", is_flag=True, help="Only our own rankers.")
@click.option("--misses", type=click.IntRange(1, 20), help="List the questions whose evidence is not in the first N.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a Markdown table.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def retrieval(
    questions: Path | None = None,
    reports: Path | None = None,
    squad: Path | None = None,
    traditional: Traditional | None = None,
    embedding: str = "builtin",
    reranker: str | None = None,
    no_baselines: bool = False,
    misses: int | None = None,
    as_markdown: bool = False,
    as_json: bool = False,
) -> None:
    """recall@1/5/10/20 and MRR by language: keyword, vector, fused, and stock baselines.

    What is found is a chunk that holds a line of the evidence; a question with several snippets counts by their share.
    """
    from eval.retrieval import markdown, measure, table

    with _corpus(questions, reports, squad, traditional, embedding) as corpus:
        rankers, sizes = _rankers(corpus, baselines=not no_baselines)
        if reranker:
            rankers["fused, reranked"] = _reranked(corpus, reranker)
        found, rows = measure(corpus.queries, rankers)
    title = _title(questions, reports, squad, traditional)
    if corpus.unjudged:
        click.echo(f"evidence found on no line, not counted: {', '.join(corpus.unjudged)}", err=True)
    if as_json:
        click.echo(json.dumps(_record(title, sizes, rows), ensure_ascii=False, indent=2))
        return
    if as_markdown:
        click.echo(f"{title}\n\n{markdown(rows)}\n\n{sizes}")
    else:
        _console().print(table(rows, title))
        click.echo(sizes)
    for line in _missed(found["fused"], misses) if misses else []:
        click.echo(line)


def _record(title: str, sizes: str, rows: list[Row]) -> dict[str, Any]:
    return {"title": title, "chunks": sizes, "rows": [row.to_dict() for row in rows]}


@contextmanager
def _corpus(
    questions: Path | None, reports: Path | None, squad: Path | None, traditional: Traditional | None, embedding: str
) -> Iterator[Corpus]:
    from eval.corpora import of_reports, of_squad
    from eval.questions import load_questions
    from index.embedding import load_embedder
    from qa.ingest import sample_files

    if squad and (questions or reports):
        raise click.UsageError("--squad brings its own questions and texts: leave out --questions and --reports.")
    if bool(questions) != bool(reports):
        raise click.UsageError("--questions and --reports belong together: give both, or neither for the samples.")
    embedder = load_embedder(embedding)
    if squad:
        with of_squad(squad, embedder, traditional) as corpus:
            yield corpus
    else:
        folder = reports or sample_files()[0].parent
        with of_reports(load_questions(questions or OWN_QUESTIONS), folder, embedder, traditional) as corpus:
            yield corpus


def _rankers(corpus: Corpus, *, baselines: bool) -> tuple[dict[str, Ranker], str]:
    """Rankers by name, and a sentence that states the sizes of what they search."""
    from eval.baselines import Baseline, stock_pieces
    from eval.corpora import DEPTH

    rankers: dict[str, Ranker] = {
        "keyword": corpus.ranker("keyword"),
        "vector": corpus.ranker("vector"),
        "fused": corpus.ranker("fused"),
    }
    if corpus.is_scoped:
        rankers["fused, no scope"] = corpus.ranker("fused", scoped=False)
    ours = Baseline.over(corpus.pieces)
    sizes = f"Our chunks: {len(ours.pieces)}, on average {ours.mean_tokens:.0f} tokens"
    if baselines:
        split = stock_pieces(corpus.files, lambda text: click.echo(text, err=True))
        stock = Baseline.over(split.pieces)
        rankers["BM25, words, our chunks"] = lambda query: ours.search(query.text, DEPTH)
        rankers["BM25, words, stock chunks"] = lambda query: stock.search(query.text, DEPTH)
        sizes += (
            f". Stock chunks (SentenceSplitter, {split.size} tokens, overlap {split.overlap}): "
            f"{len(stock.pieces)}, on average {stock.mean_tokens:.0f} tokens"
        )
    return rankers, sizes + "."


def _reranked(corpus: Corpus, reranker: str) -> Ranker:
    from index.rerank import load_reranker, rerank

    scorer = load_reranker(reranker)
    return lambda query: corpus.places(rerank(query.text, corpus.hits(query, "fused"), scorer))


def _title(questions: Path | None, reports: Path | None, squad: Path | None, traditional: str | None) -> str:
    shown = squad.name if squad else f"{questions.name if questions else OWN_QUESTIONS.name} over "
    if not squad:
        shown += reports.name if reports else "the bundled reports"
    return shown + (f", {traditional} in traditional characters" if traditional else "")


def _missed(results: list[Found], depth: int) -> Iterator[str]:
    from eval.retrieval import DEPTHS

    column = next(i for i, k in enumerate(DEPTHS) if k >= depth)
    for result in results:
        if result.recall[column] < 1.0:
            terms = " / ".join("=".join(text for text, _ in term.alternatives[:6]) for term in result.query.terms)
            yield f"{result.query.id} [{result.query.lang}] rank {_rank(result)}: {result.query.text}\n    {terms}"


def _rank(result: Found) -> str:
    return f"{1 / result.reciprocal:.0f}" if result.reciprocal else "none"


def _console() -> Any:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 100)


@bench.command(epilog="Example: python -m eval.bench speed --json")
@click.option("--reports", type=click.Path(path_type=Path), help="A folder of reports (default: the samples).")
@click.option("--questions", type=click.Path(path_type=Path), help="A question file (default: the project's own).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def speed(reports: Path | None = None, questions: Path | None = None, as_json: bool = False) -> None:
    """Time of a query, of a cold start and of indexing; size and memory of the embedder."""
    from eval.speed import measure_all

    measured = measure_all(reports, questions or OWN_QUESTIONS)
    if as_json:
        click.echo(json.dumps(measured.to_dict(), indent=2))
    else:
        _console().print(measured.table())


def main() -> None:
    """Errors a user can act on become one line on stderr and status 2."""
    try:
        bench(standalone_mode=False)
    except ReportQAError as error:
        click.echo(f"eval.bench: {error}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as exit_:
        sys.exit(exit_.exit_code)


if __name__ == "__main__":
    main()
