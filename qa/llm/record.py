"""Whether a model has earned belief: how often it agreed with the built-in answers that are sure.

The check proves what a model says, not that it answers the question: a lie may be a true figure of something else.
Most questions have no other judge, but of some the built-in answerer is sure, and there a model shows how it reads. One
that agrees on most of them is believed where the two part; one that lies there, or stops agreeing, is not. The record
is kept in the home by model and address, the last few only, so that what a model was long ago does not count for it.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from documents.files import write_whole
from qa.drawn import Drawn
from qa.llm.model import LanguageModel
from qa.llm.standing import ARITHMETIC, VALUED

_FILE = "model-record.json"  # in the home
SURE = 0.95  # confidence from which the built-in answer is a judge
LAST = 24  # questions that count
_FEWEST = 10
_AGREED = 0.75  # of them; on reports unlike ours the judge itself errs on a quarter


class Record:
    """Of one model; in ``file`` where it is given. Safe to share between threads."""

    def __init__(self, model: str, file: Path | None = None):
        self._model = model
        self._file = file
        self._lock = threading.Lock()
        self._agreed: deque[bool] = deque(_kept(file).get(model, []), LAST)

    @property
    def believed(self) -> bool:
        with self._lock:
            return len(self._agreed) >= _FEWEST and sum(self._agreed) >= _AGREED * len(self._agreed)

    def note(self, agreed: bool) -> None:
        """One more question that the built-in answerer was sure of."""
        with self._lock:
            self._agreed.append(agreed)
            if self._file:
                self._keep(self._file)

    def _keep(self, file: Path) -> None:
        records = {**_kept(file), self._model: [*self._agreed]}
        try:
            write_whole(file, json.dumps(records, ensure_ascii=False, indent=1) + "\n")
        except OSError:  # a home that is only read: the record holds for this process
            self._file = None

    def __str__(self) -> str:
        with self._lock:
            return f"{sum(self._agreed)} of {len(self._agreed)}"


def record_of(model: LanguageModel, home: Path | None = None) -> Record:
    """The record of a model, kept in ``home`` where one is given."""
    return Record(f"{model.name} {model.endpoint.url}", home / _FILE if home else None)


def is_sure(drawn: Drawn) -> bool:
    """Whether the built-in answer may judge a model: one value, sure, and stated nowhere otherwise."""
    finding, kind = drawn.finding, drawn.question.kind
    single = finding is not None and len(finding.values) == 1 and not finding.others
    return single and kind in VALUED - ARITHMETIC and drawn.answer.confidence >= SURE


def _kept(file: Path | None) -> Mapping[str, list[bool]]:
    """What the file holds; nothing where there is none, or something else."""
    try:
        held = json.loads(file.read_text("utf-8")) if file else {}
    except (OSError, ValueError):
        return {}
    sound = isinstance(held, dict) and all(isinstance(v, list) and {*map(type, v)} <= {bool} for v in held.values())
    return held if sound else {}
