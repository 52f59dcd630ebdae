"""`python -m eval.followups`: conversations whose later questions lean on the earlier ones, with known answers.

Each follow-up is asked after the turns before it as they were meant, so that one that is misread costs one question and
not the rest of its conversation. Beside the answer it gets, the question written out in full is asked: what that
misses, no reading of the follow-up can win.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from documents.errors import InvalidQuestionFile, ReportQAError
from eval.metrics import is_right, wrong_scope
from eval.questions import Question

if TYPE_CHECKING:
    from qa.answer import Answerer
    from qa.assistant import Assistant
    from qa.conversation import Conversation

OWN_TALKS = Path(__file__).parent / "talks" / "followups.jsonl"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question as typed, what it means written out in full, and what a right answer holds."""

    asked: str
    meant: str
    gold: Question


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: a first question, and follow-ups. ``part`` is ``a`` for those the built-in reading was mended by,
    ``b`` for those written afterwards and only measured."""

    id: str
    lang: str
    part: str
    first: str
    turns: tuple[FollowUp, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one follow-up went. ``question`` is what it was taken to mean; ``calls`` what a model was asked for it."""

    talk: Talk
    turn: FollowUp
    question: str
    right: bool
    abstained: bool
    wrong_scope: bool
    right_in_full: bool
    said: str
    calls: int = 0
    rejected: int = 0
    note: str = ""


def load_talks(path: Path = OWN_TALKS) -> tuple[Talk, ...]:
    """All conversations of a JSON Lines file. Raises InvalidQuestionFile."""
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
        return tuple(map(_talk, rows))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidQuestionFile(f"{path}: is no file of conversations ({error!r}). See {OWN_TALKS.name}.") from error


def _talk(row: dict[str, Any]) -> Talk:
    first, *turns = row["turns"]
    found = tuple(_follow_up(f"{row['id']}.{at}", row["lang"], turn) for at, turn in enumerate(turns, 1))
    return Talk(row["id"], row["lang"], row["part"], first["asked"], found)


def _follow_up(name: str, lang: str, row: dict[str, Any]) -> FollowUp:
    answers = tuple(map(tuple, row["answers"]))
    gold = Question(name, lang, row["asked"], row["type"], answers, tuple(row["report"]))
    return FollowUp(row["asked"], row["meant"], gold)


def run(assistant: Assistant, talks: Sequence[Talk], answerer: Answerer = "extractive") -> Iterator[Outcome]:
    """Ask every follow-up after the turns before it as they were meant."""
    from qa.conversation import Conversation

    for talk in talks:
        before = Conversation().ask(assistant, talk.first, answerer="extractive")
        for turn in talk.turns:
            meant = _as_meant(assistant, before, turn)
            yield _outcome(assistant, talk, turn, before, meant, answerer)
            before = meant


def _as_meant(assistant: Assistant, before: Conversation, turn: FollowUp) -> Conversation:
    """The conversation with a follow-up read as it was meant."""
    from qa.conversation import Turn, understood_of

    answer = assistant.ask(turn.meant, answerer="extractive")
    understood = understood_of(assistant.understand(turn.meant), assistant)
    return replace(before, turns=(*before.turns, Turn(turn.asked, turn.meant, understood, answer, "")))


def _outcome(
    assistant: Assistant, talk: Talk, turn: FollowUp, before: Conversation, meant: Conversation, answerer: Answerer
) -> Outcome:
    done = before.ask(assistant, turn.asked, answerer=answerer).turns[-1]
    result = done.answer.to_dict()
    used = done.answer.model
    return Outcome(
        talk,
        turn,
        done.question,
        right=is_right(turn.gold, result),
        abstained=done.answer.abstained,
        wrong_scope=wrong_scope(turn.gold, result),
        right_in_full=is_right(turn.gold, meant.turns[-1].answer.to_dict()),
        said=done.answer.short or done.answer.text,
        calls=used.calls if used else 0,
        rejected=used.rejected if used else 0,
        note=(used.note or "") if used else "",
    )


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each language and part, and one for all: right as typed, right in full, answered from elsewhere."""
    groups = {
        "zh": [o for o in outcomes if o.talk.lang == "zh"],
        "en": [o for o in outcomes if o.talk.lang == "en"],
        "mended by": [o for o in outcomes if o.talk.part == "a"],
        "measured only": [o for o in outcomes if o.talk.part == "b"],
        "all": list(outcomes),
    }
    return [
        f"{name:<14} {sum(o.right for o in found):>3}/{len(found):<3} in full {sum(o.right_in_full for o in found):>3}"
        f"   wrong scope {sum(o.wrong_scope for o in found)}   calls {sum(o.calls for o in found)}"
        f"   rejected {sum(o.rejected for o in found)}"
        for name, found in groups.items()
    ]


@click.command(epilog="Example: python -m eval.followups --misses")
@click.option("--talks", type=click.Path(path_type=Path), default=OWN_TALKS, help="A file of conversations.")
@click.option("--home", type=click.Path(path_type=Path), help="The home with their reports (default: the usual one).")
@click.option("--answerer", type=click.Choice(["auto", "extractive", "llm"]), default="extractive", show_default=True)
@click.option("--misses", is_flag=True, help="List the follow-ups that went wrong.")
def followups(talks: Path, home: Path | None, answerer: Answerer, misses: bool) -> None:
    """Ask follow-ups after the questions they lean on, and count the right answers."""
    from qa.assistant import Assistant
    from qa.opening import open_index, open_writer
    from qa.settings import load_settings

    settings = load_settings(home=home)
    with open_index(settings) as index:
        assistant = Assistant(index, writer=open_writer(settings) if answerer != "extractive" else None)
        outcomes = list(run(assistant, load_talks(talks), answerer))
    for o in outcomes if misses else ():
        if not o.right:
            full = "right" if o.right_in_full else "wrong"
            click.echo(f"{o.turn.gold.id} {o.turn.asked}\n  read as {o.question}\n  meant   {o.turn.meant} ({full})")
            click.echo(f"  said    {o.said[:100]}")
    click.echo("\n".join(table(outcomes)))


if __name__ == "__main__":
    try:
        followups()
    except ReportQAError as error:
        sys.exit(str(error))
