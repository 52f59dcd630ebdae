"""A conversation: turns of question and answer, each with what was understood of it.

A value: asking gives a new conversation and leaves the old one as it was, so that editing an earlier question, stopping
or asking again is only a matter of which value one goes on from. Saved as JSON, it can be read back and looks the same.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from documents.report import LineRange, Period
from index.scope import Scope
from index.tokens import stem
from qa.answer import Answer, Answerer, Citation, Conflict, ModelUse, Timing
from qa.assistant import Assistant
from qa.saying.wording import month_text
from qa.understanding.followup import NameOf, as_follow_up, libraries, shape_of, standalone
from qa.understanding.followup_pointing import pointed
from qa.understanding.followup_wording import spoken_language
from qa.understanding.question import Question, language_of

if TYPE_CHECKING:
    from qa.llm.followups import Read

FORMAT = 1  # of the saved form
LOOK_BACK = 4  # turns in which two libraries that a follow-up sets side by side are looked for


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question was taken to mean: whose reports, which years and months, and the words looked for."""

    organisations: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    subject: str = ""

    def line(self, language: str) -> str:
        """In one line: ``昆山市图书馆 · 2019 · 3月 · 讲座``."""
        months = (month_text(m, None, language) for m in self.months)
        return " · ".join(part for part in (*self.organisations, *map(str, self.years), *months, self.subject) if part)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question as typed, the question that stands alone, and its answer. ``at`` is UTC in ISO 8601."""

    asked: str
    question: str
    understood: Understood
    answer: Answer
    at: str

    @property
    def carried_over(self) -> bool:
        """Whether something of the turns before went into the question."""
        return self.asked.strip() != self.question.strip()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in order, within a scope set by hand (open: only what the questions say)."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    scope: Scope = field(default_factory=Scope)
    turns: tuple[Turn, ...] = ()

    @property
    def title(self) -> str:
        """The first question."""
        return self.turns[0].asked.strip() if self.turns else ""

    def ask(self, assistant: Assistant, text: str, *, answerer: Answerer = "auto") -> Conversation:
        """This conversation and one more turn."""
        *_, conversation = self.stream(assistant, text, answerer=answerer)
        assert isinstance(conversation, Conversation)
        return conversation

    def stream(self, assistant: Assistant, text: str, *, answerer: Answerer = "auto") -> Iterator[str | Conversation]:
        """The answer's text as it grows, each time all of it so far, then the conversation with the new turn."""
        read = self._read(assistant, text, answerer)
        language = self._reply_language(text, read.question)
        who = "extractive" if read.failed else answerer
        for grown in assistant.stream(read.question, self.scope, language=language, answerer=who):
            if not isinstance(grown, Answer):
                yield grown
                continue
            used = read.used + grown.model if read.used and grown.model else read.used or grown.model
            yield self._with(assistant, text, read.question, replace(grown, model=used))

    def _with(self, assistant: Assistant, text: str, question: str, answer: Answer) -> Conversation:
        understood = understood_of(assistant.understand(question, self.scope), assistant)
        turn = Turn(text, question, understood, answer, datetime.now(UTC).isoformat(timespec="seconds"))
        return replace(self, turns=(*self.turns, turn))

    def stand_alone(self, assistant: Assistant, text: str) -> str:
        """The question ``text`` amounts to after the turns so far, read without a model."""
        if not self.turns:
            return text
        name_of = _naming(assistant)
        before, *earlier = self._history(assistant, name_of)
        now = self._with_names(assistant, text, (before, *earlier), name_of)
        return standalone(now.text, now, before, name_of, earlier)

    def _read(self, assistant: Assistant, text: str, answerer: Answerer) -> Read:
        """The same, read by the model that is to answer where that leaves the question open."""
        from qa.llm.followups import Leaning, Read, put_in_full

        model = assistant.model_for(answerer)
        reading = self.stand_alone(assistant, text)
        if model is None or not self.turns:
            return Read(reading)
        name_of = _naming(assistant)
        history = self._history(assistant, name_of)
        now = self._with_names(assistant, text, history, name_of)
        shape = shape_of(now.text, now, history[0])
        values = tuple(turn.answer.short or "" for turn in self.turns[: -1 - LOOK_BACK : -1])
        leaning = Leaning(text, now, shape, assistant.understand(reading), history, values)
        return put_in_full(assistant, model, leaning, self.scope)

    @staticmethod
    def _with_names(assistant: Assistant, text: str, history: Sequence[Question], name_of: NameOf) -> Question:
        """A follow-up with the libraries it points at by name."""
        return assistant.understand(pointed(text, libraries(history, language_of(text), name_of)))

    def _history(self, assistant: Assistant, name_of: NameOf) -> tuple[Question, ...]:
        """The questions a follow-up may lean on, the latest first."""
        return tuple(self._as_of_now(assistant, turn, name_of) for turn in self.turns[: -1 - LOOK_BACK : -1])

    def _as_of_now(self, assistant: Assistant, turn: Turn, name_of: NameOf) -> Question:
        """An earlier question as it would be asked within the scope that was set by hand since."""
        question = assistant.understand(turn.question)
        said = as_follow_up(self.scope, question, name_of)
        if not said:
            return question
        return assistant.understand(standalone(said, assistant.understand(said), question, name_of))

    def _reply_language(self, text: str, question: str) -> str | None:
        """The language a follow-up was written in, or the last one that had a word; None for a question of its own."""
        if text == question:
            return None
        written = (text, *(turn.asked for turn in reversed(self.turns)))
        return next((language for said in written if (language := spoken_language(said))), None)

    def back_to(self, turn: int) -> Conversation:
        """The conversation as it was before turn ``turn`` (from 0), to edit or repeat that question."""
        return replace(self, turns=self.turns[:turn])

    def within(self, scope: Scope) -> Conversation:
        return replace(self, scope=scope)

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "id": self.id,
            "scope": _scope_record(self.scope),
            "turns": [_turn_record(turn) for turn in self.turns],
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Conversation:
        """The other way. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what `to_dict` does not write."""
        if record["format"] != FORMAT:
            raise ValueError(f"a conversation in format {record['format']!r}, not {FORMAT}")
        turns = tuple(_turn_from(turn) for turn in record["turns"])
        return cls(id=str(record["id"]), scope=_scope_from(record["scope"]), turns=turns)


def _naming(assistant: Assistant) -> NameOf:
    names = {r.id: r.organisation or r.title for r in assistant.reports()}
    return lambda report: names.get(report, report)


def understood_of(question: Question, assistant: Assistant) -> Understood:
    """What a question was taken to mean, in words a person can check."""
    names = {r.id: r.organisation or r.title for r in assistant.reports()}
    reports = question.scope.reports or ()
    return Understood(
        organisations=tuple(dict.fromkeys(names.get(r, r) for r in sorted(reports))),
        years=tuple(sorted(question.scope.years)),
        months=tuple(sorted(question.scope.months)),
        subject=_subject(question),
    )


def _subject(question: Question) -> str:
    """The words looked for, as they were typed: English terms are stems, which nobody wants to read."""
    typed = {stem(word): word for word in re.findall(r"[a-z]+", question.folded)}
    surfaces = dict.fromkeys(word for term in question.terms for word in term.surface.split())
    return " ".join(typed.get(surface, surface) for surface in surfaces)


def _scope_record(scope: Scope) -> dict[str, Any]:
    reports = sorted(scope.reports) if scope.reports is not None else None
    return {"reports": reports, "years": sorted(scope.years), "months": sorted(scope.months)}


def _scope_from(record: Mapping[str, Any]) -> Scope:
    reports = record["reports"]
    return Scope(
        reports=None if reports is None else frozenset(map(str, reports)),
        years=frozenset(map(int, record["years"])),
        months=frozenset(map(int, record["months"])),
    )


def _turn_record(turn: Turn) -> dict[str, Any]:
    answer = turn.answer.to_dict()
    for record, citation in zip(answer["citations"], turn.answer.citations, strict=True):
        record["period"] = str(citation.period) if citation.period else None
        record["periods"] = sorted(map(str, citation.periods))
    answer["scope"] = _scope_record(turn.answer.scope)
    understood = turn.understood
    return {
        "asked": turn.asked,
        "question": turn.question,
        "understood": {
            "organisations": list(understood.organisations),
            "years": list(understood.years),
            "months": list(understood.months),
            "subject": understood.subject,
        },
        "answer": answer,
        "at": turn.at,
    }


def _turn_from(record: Mapping[str, Any]) -> Turn:
    understood = record["understood"]
    return Turn(
        asked=str(record["asked"]),
        question=str(record["question"]),
        understood=Understood(
            tuple(map(str, understood["organisations"])),
            tuple(map(int, understood["years"])),
            tuple(map(int, understood["months"])),
            str(understood["subject"]),
        ),
        answer=_answer_from(record["answer"]),
        at=str(record["at"]),
    )


def _answer_from(record: Mapping[str, Any]) -> Answer:
    return Answer(
        question=str(record["question"]),
        text=str(record["answer"]),
        short=record["short"],
        abstained=bool(record["abstained"]),
        reason=record["reason"],
        answerer=str(record["answerer"]),
        confidence=float(record["confidence"]),
        citations=tuple(_citation_from(citation) for citation in record["citations"]),
        conflicts=tuple(Conflict(str(c["value"]), int(c["citation"])) for c in record["conflicts"]),
        scope=_scope_from(record["scope"]),
        timing=Timing(**{name: float(ms) for name, ms in record["timing_ms"].items()}),
        model=ModelUse(**record["model"]) if "model" in record else None,
    )


def _citation_from(record: Mapping[str, Any]) -> Citation:
    first, last = record["lines"]
    return Citation(
        number=int(record["n"]),
        report_id=str(record["report"]),
        path=str(record["path"]),
        digest=str(record["digest"]),
        lines=LineRange(first, last),
        page=record["page"],
        section=tuple(map(str, record["section"])),
        period=_period_from(record["period"]) if record["period"] else None,
        quote=str(record["quote"]),
        periods=frozenset(map(_period_from, record["periods"])),
    )


def _period_from(text: str) -> Period:
    year, _, month = text.partition("-")
    return Period(int(year), int(month) if month else None)
