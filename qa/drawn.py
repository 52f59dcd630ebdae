"""What the built-in path makes of a question: its answer, and what it had to go by.

A language model writes from the same evidence and is measured against the same finding, so both are handed on together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.scope import Hit
from qa.answer import Answer
from qa.extract.evidence import Candidate
from qa.extract.finding import Finding
from qa.understanding.question import Question


@dataclass(frozen=True, slots=True)
class Drawn:
    """``finding`` is None where the built-in answerer abstains. ``closed``: the scope holds nothing, and nobody may
    say anything."""

    question: Question
    answer: Answer
    hits: Sequence[Hit] = ()
    finding: Finding | None = None
    candidates: Sequence[Candidate] = ()
    closed: bool = False
