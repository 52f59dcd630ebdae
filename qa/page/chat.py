"""What happens in the chat room: from a session and what was pressed to what is shown next.

No Gradio here: every step gives a ``View``, which the wiring turns into updates of the page's components. A step that
takes long gives several: the question stands in the thread before its answer is known, and the answer grows in it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from documents.errors import ReportQAError, UnknownReport
from documents.report import LineRange
from index.scope import Scope
from qa.answer import Answer, Citation
from qa.assistant import Assistant
from qa.conversation import Conversation
from qa.keeping import Keeping, Vote
from qa.page import thread
from qa.page.marks import button, icon, text
from qa.page.offers import Offers
from qa.page.session import AT_ONCE, Session, Turnstile
from qa.page.source import Place, missing, source
from qa.page.texts import say

MOST_CHARACTERS = 1000
STEP_S = 0.04  # between two views of a growing answer: a page that is told more often only gets slower

Pressed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """What is shown after a step. A part that is None stays as it is; ``place`` goes with ``source``."""

    session: Session
    thread: str | None = None
    source: str | None = None
    place: Place | None = None
    history: str | None = None
    hint: str | None = None
    offers: str | None = None
    box: str | None = None
    busy: bool = False  # an answer is under way and can be stopped


Steps = Iterator[View]


class Chat:
    """The chat of one page over one assistant; holds nothing of any visitor."""

    def __init__(self, assistant: Assistant, keeping: Keeping):
        self._assistant = assistant
        self._keeping = keeping
        self._visitors = Turnstile(AT_ONCE)
        self._conversations = Turnstile(1)
        self._offers = Offers(assistant)
        self._acts: dict[str, Callable[[Session, Pressed], Steps]] = {
            "offer": lambda session, pressed: self.ask(session, str(pressed["text"])),
            "again": self._again,
            "edit": lambda session, pressed: self._edit(session, pressed, as_understood=False),
            "correct": lambda session, pressed: self._edit(session, pressed, as_understood=True),
            "cancel": lambda session, _: self._show(replace(session, editing=None), box=""),
            "cite": self._cite,
            "open": self._open,
            "close": lambda session, _: iter([View(session, source="")]),
            "vote": self._vote,
            "new": lambda session, _: self._go_to(session, Conversation(scope=session.conversation.scope)),
            "conversation": self._conversation,
            "delete": self._delete,
        }

    def show(self, session: Session, place: Place | None = None) -> View:
        """Everything, as it stands."""
        return View(
            session,
            thread=self._thread(session, offers=self._offers.first(session.conversation, session.language)),
            source=self._source(session, place),
            place=place,
            history=self._history(session),
            hint=_hint(session),
            offers=self.offers(session),
        )

    def act(self, session: Session, pressed: Pressed) -> Steps:
        """What a button inside the thread, the source or the list does."""
        step = self._acts.get(str(pressed.get("do")))
        if step is not None:
            yield from step(session, pressed)

    def ask(self, session: Session, question: str) -> Steps:
        """Answer a question; when one is being edited, in its place."""
        question = " ".join(question.split())
        if not question:
            yield View(session)
            return
        if len(question) > MOST_CHARACTERS:
            yield self._noticed(session, say("too_long", session.language, n=len(question), most=MOST_CHARACTERS))
            return
        with ExitStack() as inside:
            if not inside.enter_context(self._conversations.enter(session.conversation.id)):
                yield View(session, hint=_told("answering", session), box=question, busy=True)
            elif not inside.enter_context(self._visitors.enter(session.owner)):
                yield View(session, hint=_told("busy", session), box=question)
            else:
                yield from self._answer(session, question)

    def _answer(self, session: Session, question: str) -> Steps:
        conversation = session.conversation
        if session.editing is not None:
            conversation = conversation.back_to(session.editing)
        session = replace(session, conversation=conversation, editing=None, pending=question)
        yield View(session, thread=self._thread(session), source="", hint="", offers="", box="", busy=True)
        try:
            for grown in _paced(conversation.stream(self._assistant, question)):
                if isinstance(grown, Conversation):
                    conversation = grown
                else:
                    yield View(session, thread=self._thread(session, grown=grown), busy=True)
        except ReportQAError as error:
            session = replace(session, pending="")
            yield self._noticed(session, say("failed", session.language, what=error), box=question)
            return
        self._keeping.save(session.owner, conversation)
        session = replace(session, conversation=conversation, pending="")
        yield View(session, thread=self._thread(session), history=self._history(session))

    def _again(self, session: Session, pressed: Pressed) -> Steps:
        turn = _turn(session, pressed)
        if turn is None:
            return iter([View(session)])
        return self.ask(replace(session, editing=turn), session.conversation.turns[turn].asked)

    def _edit(self, session: Session, pressed: Pressed, *, as_understood: bool) -> Steps:
        turn = _turn(session, pressed)
        if turn is None:
            return iter([View(session)])
        held = session.conversation.turns[turn]
        session = replace(session, editing=turn)
        return iter([View(session, hint=_hint(session), box=held.question if as_understood else held.asked)])

    def _cite(self, session: Session, pressed: Pressed) -> Steps:
        turn = _turn(session, pressed)
        number = _number(pressed.get("n"))
        citations = session.conversation.turns[turn].answer.citations if turn is not None else ()
        citation = next((c for c in citations if c.number == number), None)
        if citation is not None:
            place = Place(citation.report_id, citation.lines, turn, number)
            yield View(session, source=self._source(session, place), place=place)

    def _open(self, session: Session, pressed: Pressed) -> Steps:
        first = max(1, _number(pressed.get("line")) or 1)
        last = max(first, _number(pressed.get("last")) or first)
        place = Place(str(pressed.get("report")), LineRange(first, last))
        yield View(session, source=self._source(session, place), place=place)

    def _vote(self, session: Session, pressed: Pressed) -> Steps:
        turn = _turn(session, pressed)
        vote = str(pressed.get("vote"))
        if turn is not None and vote in ("up", "down"):
            note = str(pressed.get("note", ""))[:300]
            self._keeping.vote(Vote(session.conversation.id, turn, vote, note), session.conversation.turns[turn])
        yield View(session, thread=self._thread(session, notice=say("thanks", session.language)))

    def _conversation(self, session: Session, pressed: Pressed) -> Steps:
        found = self._keeping.load(session.owner, str(pressed.get("id")))
        return self._go_to(session, found or session.conversation)

    def _delete(self, session: Session, pressed: Pressed) -> Steps:
        gone = str(pressed.get("id"))
        self._keeping.forget(session.owner, gone)
        same = session.conversation.id == gone
        return self._go_to(session, Conversation() if same else session.conversation)

    def _go_to(self, session: Session, conversation: Conversation) -> Steps:
        return self._show(replace(session, conversation=conversation, editing=None, pending=""), box="")

    def _show(self, session: Session, *, box: str | None = None) -> Steps:
        yield replace(self.show(session), box=box)

    def stopped(self, session: Session) -> View:
        """After an answer was called off: the conversation as it was before, the question in the box to be mended."""
        if not session.pending:
            return self.show(session)
        again = replace(session, pending="")
        return self._noticed(again, say("stopped", session.language), box=session.pending)

    def within(self, session: Session, scope: Scope) -> Session:
        return replace(session, conversation=session.conversation.within(scope))

    def _noticed(self, session: Session, notice: str, box: str | None = None) -> View:
        return View(session, thread=self._thread(session, notice=notice), box=box)

    def offers(self, session: Session) -> str:
        """Questions that the last answer suggests; made after the answer is shown, for it takes time."""
        if session.pending:
            return ""
        return thread.offered(self._offers.next(session.conversation, session.language), session.language)

    def _thread(
        self, session: Session, *, offers: Sequence[str] = (), grown: Answer | None = None, notice: str = ""
    ) -> str:
        votes = self._keeping.votes(session.conversation.id) if session.conversation.turns else {}
        if not self._assistant.reports():
            notice = notice or say("no_reports", session.language)
        return thread.thread(
            session.conversation, session.language,
            votes=votes, offers=offers, pending=session.pending, grown=grown, notice=notice,
        )  # fmt: skip

    def _source(self, session: Session, place: Place | None) -> str:
        if place is None:
            return ""
        citations: tuple[Citation, ...] = ()
        if place.turn is not None and place.turn < len(session.conversation.turns):
            citations = session.conversation.turns[place.turn].answer.citations
        try:
            report = self._assistant.report(place.report_id)
        except UnknownReport:
            kept = next((c for c in citations if c.number == place.number), None)
            return missing(kept, place, citations, session.language) if kept else ""
        last = len(report.lines)
        inside = LineRange(min(place.lines.start, last), min(place.lines.end, last))
        return source(report, replace(place, lines=inside), citations, session.language)

    def _history(self, session: Session) -> str:
        language = session.language
        kept = self._keeping.conversations(session.owner) if session.owner else []
        head = button(
            "new", say("new", language), inside=f"{icon('plus')}<span>{say('new', language)}</span>", kind="new"
        )
        if not kept:
            return f'<nav class="history">{head}<p class="hush">{say("no_history", language)}</p></nav>'
        rows = "".join(
            f'<li class="{"current" if k.id == session.conversation.id else ""}">'
            + button("conversation", k.title, kind="row", id=k.id)
            + button("delete", say("delete", language), inside=icon("bin"), kind="tool", id=k.id)
            + f"<time>{text(k.at[:10])}</time></li>"
            for k in kept
        )
        return f'<nav class="history" aria-label="{say("history", language)}">{head}<ul>{rows}</ul></nav>'


def _hint(session: Session) -> str:
    if session.editing is None:
        return ""
    stop = button("cancel", say("cancel", session.language), kind="link")
    return f'<p class="editing">{say("editing", session.language, n=session.editing + 1)} {stop}</p>'


def _told(key: str, session: Session) -> str:
    return f'<p class="editing" role="status">{say(key, session.language)}</p>'


def _paced(stream: Iterator[str | Conversation]) -> Iterator[Answer | Conversation]:
    """A stream as answers that grow, without those that come too soon after another; its end always comes.

    What comes first is the value, when no full stop says that it is a sentence already.
    """
    value, last = None, float("-inf")
    for grown in stream:
        if isinstance(grown, Conversation):
            yield grown
            continue
        if last < 0 and not re.search(r"[。?？!！\n]|[.:：](?:\s|$)", grown):
            value = grown
        now = time.monotonic()
        if now - last >= STEP_S:
            yield Answer("", grown, short=value)
            last = now


def _number(value: object) -> int | None:
    """A whole number that a page sent, None for anything else: what comes from a browser may be anything."""
    written = str(value)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else None


def _turn(session: Session, pressed: Pressed) -> int | None:
    turn = _number(pressed.get("turn"))
    return turn if turn is not None and turn < len(session.conversation.turns) else None
