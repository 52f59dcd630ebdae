"""What scripted models make of follow-ups: one that always knows what was meant, and several that lie.

Each is a script for `ScriptedModel`; a prompt to answer from lines is met with a refusal, so that what comes of a turn
is what the reading of it gave.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from scripted_model import Messages

from eval.followups import Talk
from qa.llm.prompts import REFUSAL, on_one_line

Reader = Callable[[Sequence[str], str], str]  # from the earlier questions and the follow-up to one question
_PERIOD = re.compile(r"\d{4}年|\d{1,2}月|\b(?:in|for) \d{4}\b|\b(?:19|20)\d\d\b")
_OWNERS = {
    "zh": re.compile(r"(?:昆山|长治|许昌|源城区?)(?:市)?(?:图书馆)?"),
    "en": re.compile(r"\b(?:Kunshan|Changzhi|Xuchang|Yuancheng)\b"),
}


def voice(reader: Reader) -> Callable[[Messages], str]:
    """A model that reads follow-ups so, and answers nothing."""

    def say(messages: Messages) -> str:
        if not is_follow_up(messages):
            return REFUSAL
        talk, _, last = messages[-1]["content"].rpartition("\nLast question: ")
        return reader([line[3:] for line in talk.split("\n") if line.startswith("Q: ")], last)

    return say


def is_follow_up(messages: Messages) -> bool:
    return "\nLast question: " in messages[-1]["content"]


def knowing(talks: Sequence[Talk]) -> Reader:
    """Says what the file of conversations says was meant."""
    meant: dict[tuple[str, str], str] = {}
    for talk in talks:
        earlier = talk.first
        for turn in talk.turns:
            meant[on_one_line(earlier), on_one_line(turn.asked)] = turn.meant
            earlier = turn.meant
    return lambda earlier, last: meant[earlier[-1], last]


def _owner(text: str) -> str:
    found = [m[0] for pattern in _OWNERS.values() for m in pattern.finditer(text)]
    return found[-1] if found else ""


def echoing(earlier: Sequence[str], last: str) -> str:
    return last


def repeating(earlier: Sequence[str], last: str) -> str:
    """The question before, once more."""
    return earlier[-1]


def going_back(earlier: Sequence[str], last: str) -> str:
    """The first question, once more."""
    return earlier[0]


def widening(earlier: Sequence[str], last: str) -> str:
    """The question before without library and period."""
    bare = _PERIOD.sub("", earlier[-1])
    for owner in _OWNERS.values():
        bare = owner.sub("", bare)
    return f"{bare}{last}"


def inventing(earlier: Sequence[str], last: str) -> str:
    """Another year and a figure of its own."""
    return f"{_owner(earlier[-1])}2021年{last}98765"


def straying(earlier: Sequence[str], last: str) -> str:
    """A library that nobody spoke of."""
    other = next(name for name in ("长治", "许昌", "昆山") if name not in "".join(earlier) + last)
    return f"{other}2019年{last}"


def swapping(earlier: Sequence[str], last: str) -> str:
    """The follow-up asked of the library that was spoken of first."""
    year = re.search(r"20\d\d", earlier[0])
    return f"{_owner(earlier[0])}{f'{year[0]}年' if year else ''}{last}"


def mixing(earlier: Sequence[str], last: str) -> str:
    """The words of the first question and of the follow-up in one."""
    return f"{earlier[0].rstrip('?？')}{last}"


def talkative(earlier: Sequence[str], last: str) -> str:
    return f"Sure! Here is the question:\n{earlier[-1]}\nAnything else?"


def answering(earlier: Sequence[str], last: str) -> str:
    return "42"


LIARS: dict[str, Reader] = {
    reader.__name__: reader
    for reader in (
        echoing, repeating, going_back, widening, inventing, straying, swapping, mixing, talkative, answering,
    )
}  # fmt: skip
