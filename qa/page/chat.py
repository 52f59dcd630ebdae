"""What happens in the chat room: from a session and what was pressed to what is shown next.

No Gradio here: every step gives a ``View``, which the wiring turns into updates of the page's components. A step that
takes long gives several, so that the question stands in the thread before its answer is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from documents.errors import ReportQAError, UnknownReport
from documents.report import LineRange
from index.scope import Scope
from qa.answer import Citation
from qa.assistant import Assistant
from qa.conversation import Conversation
from qa.keeping import Keeping, Vote
from qa.page import thread
from qa.page.marks import button, icon, text
from qa.page.session import Session, Turnstile
from qa.page.source import Place, missing, source
from qa.page.texts import say
from qa.suggestions import examples, following

MOST_CHARACTERS = 1000

Pressed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """What is shown after a step. A part that is None stays as it is."""

    session: Session
    thread: str | None = None
    source: str | None = None
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
        self._turnstile = Turnstile()
        self._examples: dict[tuple[int, str], list[str]] = {}
        self._acts: dict[str, Callable[[Session, Pressed], Steps]] = {
            "offer": lambda session, pressed: self.ask(session, str(pressed["text"])),
            "again": self._again,
            "edit": lambda session, pressed: self._edit(session, pressed, as_understood=False),
            "correct": lambda session, pressed: self._edit(session, pressed, as_understood=True),
            "cancel": lambda session, _: self._show(replace(session, editing=None), box=""),
            "cite": self._cite,
            "open": self._open,
            "close": lambda session, _: iter([View(replace(session, place=None), source="")]),
            "vote": self._vote,
            "new": lambda session, _: self._go_to(session, Conversation(scope=session.conversation.scope)),
            "conversation": self._conversation,
            "delete": self._delete,
        }

    def show(self, session: Session) -> View:
        """Everything, as it stands."""
        return View(
            session,
            thread=self._thread(session, offers=self._examples_in(session)),
            source=self._source(session),
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
        with self._turnstile.enter(session.owner) as admitted:
            if not admitted:
                yield self._noticed(session, say("busy", session.language))
                return
            yield from self._answer(session, question)

    def _answer(self, session: Session, question: str) -> Steps:
        conversation = session.conversation
        if session.editing is not None:
            conversation = conversation.back_to(session.editing)
        session = replace(session, conversation=conversation, editing=None)
        yield View(session, thread=self._thread(session, pending=question), hint="", offers="", box="", busy=True)
        try:
            conversation = conversation.ask(self._assistant, question)
        except ReportQAError as error:
            yield self._noticed(session, say("failed", session.language, what=error), box=question)
            return
        self._keeping.save(session.owner, conversation)
        session = replace(session, conversation=conversation)
        if session.place and session.place.turn is not None:
            session = replace(session, place=None)
        yield View(session, thread=self._thread(session), source=self._source(session), history=self._history(session))

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
            session = replace(session, place=Place(citation.report_id, citation.lines, turn, number))
        yield View(session, source=self._source(session))

    def _open(self, session: Session, pressed: Pressed) -> Steps:
        first = max(1, _number(pressed.get("line")) or 1)
        last = max(first, _number(pressed.get("last")) or first)
        session = replace(session, place=Place(str(pressed.get("report")), LineRange(first, last)))
        yield View(session, source=self._source(session))

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
        return self._show(replace(session, conversation=conversation, place=None, editing=None), box="")

    def _show(self, session: Session, *, box: str | None = None) -> Steps:
        yield replace(self.show(session), box=box)

    def stopped(self, session: Session) -> View:
        """After an answer was called off: the conversation as it was before the question."""
        return self._noticed(session, say("stopped", session.language))

    def within(self, session: Session, scope: Scope) -> Session:
        return replace(session, conversation=session.conversation.within(scope))

    def _noticed(self, session: Session, notice: str, box: str | None = None) -> View:
        return View(session, thread=self._thread(session, notice=notice), box=box)

    def offers(self, session: Session) -> str:
        """Questions that the last answer suggests; made after the answer is shown, for it takes time."""
        try:
            return thread.offered(following(self._assistant, session.conversation, session.language), session.language)
        except ReportQAError:
            return ""  # an index being rebuilt has nothing to offer; the next question will say what is wrong

    def _examples_in(self, session: Session) -> list[str]:
        """First questions, for a conversation without any; made once for what is indexed now."""
        if session.conversation.turns:
            return []
        key = (self._assistant.index.generation, session.language)
        if key not in self._examples:
            self._examples = {k: v for k, v in self._examples.items() if k[0] == key[0]}
            self._examples[key] = examples(self._assistant, session.language)
        return self._examples[key]

    def _thread(self, session: Session, *, offers: Sequence[str] = (), pending: str = "", notice: str = "") -> str:
        votes = self._keeping.votes(session.conversation.id) if session.conversation.turns else {}
        if not self._assistant.reports():
            notice = notice or say("no_reports", session.language)
        return thread.thread(
            session.conversation, session.language, votes=votes, offers=offers, pending=pending, notice=notice
        )

    def _source(self, session: Session) -> str:
        place = session.place
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


def _number(value: object) -> int | None:
    """A whole number that a page sent, None for anything else: what comes from a browser may be anything."""
    written = str(value)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else None


def _turn(session: Session, pressed: Pressed) -> int | None:
    turn = _number(pressed.get("turn"))
    return turn if turn is not None and turn < len(session.conversation.turns) else None
