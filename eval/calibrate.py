"""Fits the weights by which an answer is trusted (``qa/data/trust.tsv``): python -m eval.calibrate

Every question of the project's own sets is answered with nothing kept back, and each answer becomes a row: the signs of
``qa.extract.trust`` and whether it is right. A ridge logistic regression (Newton's method) over these rows gives the
weights. Answers that several figures are worked into are left out; they carry a confidence of their own.

Most rows are of questions that have no answer, written for this purpose (``silent-*.jsonl``); they count for less, so
that the rows taken together hold about as many of them as people ask. Questions kept to measure by are never read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.metrics import is_right
from eval.questions import Question, load_questions

if TYPE_CHECKING:
    from qa.assistant import Assistant

ROOT = Path(__file__).resolve().parent
SETS = {
    ROOT.parent / "documents" / "samples": ("samples.jsonl", "silent-samples.jsonl"),
    ROOT.parent / "tests" / "fixtures" / "reports": ("fixtures.jsonl", "silent-fixtures.jsonl"),
}
TARGET = ROOT.parent / "qa" / "data" / "trust.tsv"
SILENT_WEIGHT = 0.35
RIDGE = 3.0
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: its signs, whether it is right, and how much it counts."""

    signs: dict[str, float]
    right: bool
    weight: float


def rows(assistant: Assistant, questions: Sequence[Question], *, weight: float = 1.0) -> Iterator[Row]:
    """A row for each question that is answered by one candidate; ``assistant`` must keep nothing back."""
    from qa.extract.builtin import propose, rests_on_one
    from qa.extract.evidence import Evidence
    from qa.extract.trust import signs

    for question in questions:
        answer = assistant.ask(question.question)
        if answer.abstained:
            continue
        understood = assistant.understand(question.question)
        evidence = Evidence.gather(understood, [hit.chunk for hit in answer.hits])
        finding, _ = propose(evidence.question, evidence)
        if finding is not None and rests_on_one(evidence.question, finding):
            result = {"abstained": False, "short": answer.short, "answer": answer.text}
            yield Row(signs(evidence, finding.candidates), is_right(question, result), weight)


def fit(data: Sequence[Row], ridge: float = RIDGE) -> dict[str, float]:
    """Sign → weight of a logistic over standardised signs, ``bias`` included; the ridge spares the bias.

    >>> found = fit([Row({"a": float(n > 2)}, n > 2, 1.0) for n in range(6)])
    >>> found["a"] > 0 > found["bias"]
    True
    """
    import numpy

    names = list(data[0].signs)
    signs = numpy.array([[row.signs[name] for name in names] for row in data])
    right, weight = numpy.array([float(row.right) for row in data]), numpy.array([row.weight for row in data])
    mean, spread = signs.mean(0), signs.std(0) + 1e-6
    x = numpy.column_stack([(signs - mean) / spread, numpy.ones(len(data))])
    penalty = numpy.array([ridge] * len(names) + [1e-6])
    w = numpy.zeros(len(names) + 1)
    for _ in range(_STEPS):
        p = 1 / (1 + numpy.exp(-x @ w))
        slope = x.T @ (weight * (p - right)) + penalty * w
        w -= numpy.linalg.solve((x * (weight * p * (1 - p))[:, None]).T @ x + numpy.diag(penalty), slope)
    plain = w[:-1] / spread
    return {"bias": float(w[-1] - (plain * mean).sum()), **dict(zip(names, map(float, plain), strict=True))}


def gathered() -> list[Row]:
    """The rows of all sets, each set asked over its own reports in a fresh home."""
    from qa.assistant import Assistant
    from qa.ingest import find_files, ingest
    from qa.opening import open_index
    from qa.settings import load_settings

    found: list[Row] = []
    for reports, sets in SETS.items():
        with tempfile.TemporaryDirectory() as home:
            index = open_index(load_settings(Path(home), {}), create=True)
            ingest(index, find_files([reports]))
            assistant = Assistant(index, least=0.0)
            for name in sets:
                weight = SILENT_WEIGHT if name.startswith("silent") else 1.0
                found += rows(assistant, load_questions(ROOT / "sets" / name), weight=weight)
            index.close()
    return found


def main() -> None:
    """Fit anew and write the table."""
    head = "# Sign → weight of the logistic in qa/extract/trust.py. Written by: python -m eval.calibrate\n"
    table = "".join(f"{name}\t{value:.2f}\n" for name, value in fit(gathered()).items())
    TARGET.write_text(head + table, encoding="utf-8")


if __name__ == "__main__":
    main()
