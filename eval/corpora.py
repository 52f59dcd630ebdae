"""What the retrieval benchmark searches: a folder of reports with a question file, or a SQuAD-format file.

Questions over reports go through the very path of `qa ask` (scope and terms as the assistant understands them). A SQuAD
file becomes open retrieval over its paragraphs: each paragraph is one chunk of one report, a question's own paragraph
is what it should find.

``traditional`` writes the questions, or the reports, in traditional characters (OpenCC s2t), to measure what that
costs; line numbers stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from documents.assemble import read_report
from documents.errors import InvalidQuestionFile, UnknownReport, UnreadableReport
from documents.folding import fold
from documents.report import Chunk, Line, LineRange, Passage, Report, Stance
from eval.baselines import Piece
from eval.metrics import evidence_lines
from eval.questions import Question
from eval.retrieval import Query, Ranker
from index.embedding import Embedder
from index.lexicon import Lexicon
from index.scope import Hit, Scope
from index.store import Index, Mode, searchable_text
from qa.assistant import Assistant
from qa.ingest import find_files, ingest
from qa.understanding.question import language_of, terms_of

Traditional = Literal["questions", "reports"]
DEPTH = 20


@dataclass(frozen=True, slots=True)
class Corpus:
    """An index that is filled, the queries to put to it, and the same texts for baselines.

    ``names`` gives the file name of a report's id, ``files`` are (file name, whole text), ``pieces`` our own chunks.
    ``unjudged`` are ids of answerable questions whose evidence stands on no line.
    """

    index: Index
    queries: tuple[Query, ...]
    names: Mapping[str, str]
    files: tuple[tuple[str, str], ...]
    pieces: tuple[Piece, ...]
    unjudged: tuple[str, ...] = ()

    def hits(self, query: Query, mode: Mode, *, scoped: bool = True) -> list[Hit]:
        """Our own search in one of its modes; without ``scoped`` over everything, as the baselines must."""
        scope = query.scope if scoped else Scope()
        return self.index.search(query.terms, query.search_text or query.text, scope, DEPTH, mode=mode)

    def places(self, hits: Sequence[Hit]) -> list[tuple[str, LineRange]]:
        return [(self.names[hit.chunk.report_id], hit.chunk.lines) for hit in hits]

    def ranker(self, mode: Mode, *, scoped: bool = True) -> Ranker:
        return lambda query: self.places(self.hits(query, mode, scoped=scoped))

    @property
    def is_scoped(self) -> bool:
        return any(not query.scope.is_open for query in self.queries)


@contextmanager
def of_reports(
    questions: Sequence[Question], folder: Path, embedder: Embedder, traditional: Traditional | None = None
) -> Iterator[Corpus]:
    """Index a folder in a temporary home and understand the questions that have evidence.

    Raises ``UnreadableReport`` for a folder without reports.
    """
    with TemporaryDirectory(prefix="qa-bench-") as scratch:
        paths = find_files([folder])
        lines = {path.name: [line.text for line in read_report(path).lines] for path in paths}
        if traditional == "reports":
            paths = _write_traditional(lines, Path(scratch) / "reports")
        with Index.open(Path(scratch) / "home", embedder, create=True, lexicon=Lexicon.load()) as index:
            ingest(index, paths)
            convert = _converter() if traditional == "questions" else str
            queries, unjudged = _queries(questions, Assistant(index), lines, convert)
            names = {report.id: Path(report.source).name for report in index.reports()}
            texts = tuple((name, _text(index.report(report))) for report, name in names.items())
            yield Corpus(index, queries, names, texts, _pieces(index, names), unjudged)


def _queries(
    questions: Sequence[Question],
    assistant: Assistant,
    lines: dict[str, list[str]],
    convert: Callable[[str], str],
) -> tuple[tuple[Query, ...], tuple[str, ...]]:
    def lines_of(name: str) -> list[str]:
        if name not in lines:
            raise UnknownReport(
                f"The questions name {name}, which is not in the folder. Give the folder that holds it."
            )
        return lines[name]

    queries: list[Query] = []
    unjudged: list[str] = []
    for question in questions:
        if not question.answerable or not question.evidence:
            continue
        evidence = evidence_lines(question, lines_of)
        if not all(evidence):
            unjudged.append(question.id)
            continue
        text = convert(question.question)
        understood = assistant.understand(text)
        queries.append(
            Query(
                question.id, question.lang, text, understood.terms, understood.scope, evidence, understood.search_text
            )
        )
    return tuple(queries), tuple(unjudged)


def _text(report: Report) -> str:
    return "\n".join(line.text for line in report.lines)


def _pieces(index: Index, names: Mapping[str, str]) -> tuple[Piece, ...]:
    return tuple(Piece(names[c.report_id], c.lines, searchable_text(c)) for c in index.chunks())


def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    converter = OpenCC("s2t")
    return lambda text: str(converter.convert(text))


def _write_traditional(lines: dict[str, list[str]], folder: Path) -> list[Path]:
    convert = _converter()
    folder.mkdir(parents=True)
    paths = [folder / name for name in lines]
    for path, texts in zip(paths, lines.values(), strict=True):
        if path.suffix not in (".txt", ".md"):
            raise UnreadableReport(f"{path.name} cannot be written in traditional characters: only .txt and .md can.")
        path.write_text("".join(convert(text) + "\n" for text in texts), encoding="utf-8")
    return paths


@contextmanager
def of_squad(path: Path, embedder: Embedder, traditional: Traditional | None = None) -> Iterator[Corpus]:
    """Paragraphs and questions of a SQuAD-format file; the same paragraph twice counts once.

    Raises ``InvalidQuestionFile`` for a file of another form.
    """
    texts, asked = _read_squad(path)
    convert = _converter() if traditional else str
    if traditional == "reports":
        texts = [convert(text) for text in texts]
    with (
        TemporaryDirectory(prefix="qa-bench-") as scratch,
        Index.open(Path(scratch), embedder, create=True, lexicon=Lexicon.load()) as index,
    ):
        index.add_many(_paragraph(number, text) for number, text in enumerate(texts))
        queries = []
        for number, (question, gold) in enumerate(asked):
            text = convert(question) if traditional == "questions" else question
            evidence = (frozenset({(_name(gold), 1)}),)
            terms = terms_of(fold(text), index.translations)
            queries.append(Query(str(number), language_of(question), text, terms, Scope(), evidence))
        files = tuple((_name(number), text) for number, text in enumerate(texts))
        pieces = tuple(Piece(name, LineRange(1, 1), text) for name, text in files)
        yield Corpus(index, tuple(queries), {name: name for name, _ in files}, files, pieces)


def _name(number: int) -> str:
    return f"paragraph-{number:05d}"


def _paragraph(number: int, text: str) -> tuple[Report, tuple[Chunk, ...]]:
    """A paragraph as a report of one line that is one chunk: the benchmark measures the search, not the chunking."""
    name = _name(number)
    line = Line(1, " ".join(text.split("\n")))
    chunk = Chunk(f"{name}#0000", name, (), None, Stance.ACHIEVED, Passage(line.text, ((0, 1),)))
    return Report(name, "", None, None, name, f"{number:064x}", (line,), ()), (chunk,)


def _read_squad(path: Path) -> tuple[list[str], list[tuple[str, int]]]:
    try:
        articles: Any = json.loads(path.read_text("utf-8-sig"))["data"]
        paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
        places: dict[str, int] = {}
        asked = [
            (str(qa["question"]), places.setdefault(str(paragraph["context"]), len(places)))
            for paragraph in paragraphs
            for qa in paragraph["qas"]
            if not qa.get("is_impossible")
        ]
    except OSError as error:
        raise InvalidQuestionFile(f"{path}: cannot be read ({error.strerror}). Name a SQuAD-format file.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidQuestionFile(
            f"{path}: not in SQuAD format ({type(error).__name__}: {error}). It wants data, paragraphs, context, qas."
        ) from error
    if not asked:
        raise InvalidQuestionFile(f"{path}: holds no questions. Name a SQuAD-format file that does.")
    return list(places), asked
