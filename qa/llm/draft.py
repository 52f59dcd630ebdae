"""A model's answer as it grows, sentence by sentence under the check.

What passes is shown as it comes, with its citations numbered anew in order of use. What does not is struck and counted.
What the built-in answerer found and the model left out (another value for the same thing, an item of a list, an
operand) is added below its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from documents.folding import fold
from documents.report import LineRange, Report
from qa.answer import SHORT_AT_MOST, Answer, Citation, Conflict
from qa.checking.check import figures
from qa.checking.prose import check_sentence
from qa.commands.terminal import clean
from qa.drawn import Drawn
from qa.extract.counting import Counted
from qa.extract.finding import Support, Value
from qa.llm.prompts import NO_VALUE, REFUSAL, on_one_line
from qa.llm.sentences import Sentence, Sentences, rendered_elsewhere
from qa.llm.standing import Standing, results, said, supports_of
from qa.llm.statements import Statement, beside_order
from qa.saying.render import citation_of, derived_of
from qa.saying.wording import compact
from qa.understanding.directory import Directory
from qa.understanding.kinds import Kind

ReportOf = Callable[[str], Report]
_LISTED = frozenset({Kind.LIST, Kind.EVENTS})
_FEW = 3  # lines for a single fact
_STOPS = "。.；;,，:： "


class SetAside(Exception):
    """The model's answer will not be shown; the message is why, for people."""


class Refused(SetAside):
    """The model finds that the lines do not say."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A sentence that may be shown, the statements it cites, and the lines of them that it needs."""

    text: str
    cited: tuple[Statement, ...]
    supports: tuple[Support, ...]


class Draft:
    """A model's answer as far as it has come."""

    def __init__(
        self, drawn: Drawn, given: Sequence[Statement], directory: Directory, report_of: ReportOf, *, believed: bool
    ):
        self.standing = Standing(drawn, given, directory, believed=believed)
        self.struck: list[str] = []
        self.numbers = Numbers(report_of)
        self._drawn = drawn
        self._given = given
        self._directory = directory
        self._sentences = Sentences()
        self._value: str | None = None  # None: not even the first line is there
        self._passed: list[Passed] = []
        self._grounded = False
        self._zh = drawn.question.language == "zh"

    def feed(self, piece: str) -> bool:
        """One more piece of text. True when there is more to show. Raises ``SetAside``."""
        before = len(self._passed)
        for sentence in self._sentences.feed(piece):
            self._take(sentence)
        return self._grounded and len(self._passed) > before

    def close(self) -> None:
        """The text is over. Raises ``SetAside``."""
        for sentence in self._sentences.close():
            self._take(sentence)
        if not self._passed:
            raise SetAside(self._say("没有一句话通过核对", "no sentence of it passed the check"))
        if not self._grounded:
            raise SetAside(self._say("所引的行不能支持它的答案", "the lines it cites do not bear its answer out"))

    @property
    def remark(self) -> str | None:
        if not self.struck:
            return None
        count = len(self.struck)
        return self._say(
            f"模型的{count}句话未通过核对，已略去", f"{count} of its sentences did not pass the check and were left out"
        )

    @property
    def text(self) -> str:
        """What may be shown: the value, then the sentences."""
        shown = [f"{p.text}{'' if self._zh else ' '}{self._marks(p.supports)}" for p in self._passed]
        if self._drawn.question.kind in _LISTED:
            return "\n".join([*self._lead(), *(f"- {sentence}" for sentence in shown)])
        return ("" if self._zh else " ").join([*self._lead(), *shown])

    @property
    def short(self) -> str | None:
        """The bare value: the built-in's own form of it where the model says the same."""
        own = self._drawn.answer.short
        return own if not self._value or (own and self.standing.is_builtin(self._value)) else self._value

    @property
    def agrees(self) -> bool:
        """Whether the model's value, as far as it came, is the built-in one."""
        return bool(self._value) and self.standing.is_builtin(self._value or "")

    def answer(self) -> Answer:
        """The whole answer, with what the built-in found and the model left out."""
        built_in, own = self._drawn.answer, self.standing.is_builtin(self._value or "")
        text, conflicts = self.text, self._conflicts()
        lines = self._left_out() if own else []
        if lines and self._drawn.question.kind not in _LISTED:
            lines.insert(0, self._say("报告原文：", "The reports state:"))
        return replace(
            built_in,
            text="\n".join([text, *lines]),
            short=self.short,
            abstained=False,
            reason=None,
            answerer="llm",
            confidence=built_in.confidence if own and not built_in.abstained else 0.5,
            citations=tuple(self.numbers.citations),
            conflicts=conflicts if own else (),
        )

    def _take(self, sentence: Sentence) -> None:
        if self._value is None:
            self._value = self._first_line(sentence)
            if not self.standing.admits(self._value):
                raise SetAside(
                    self._say(
                        "它的答案不是最切题的行所说的", "its answer is not what the lines nearest to the question say"
                    )
                )
            if self._value or not sentence.cited:
                return
        if REFUSAL in sentence.text:
            return
        cited = tuple(self._given[n - 1] for n in sentence.cited if 0 < n <= len(self._given))
        if fault := self._fault(sentence, cited):
            self.struck.append(fault)
            return
        self._passed.append(Passed(sentence.text, cited, self._fewest(sentence.text, cited)))
        self._grounded = self._grounded or self.standing.grounds(self._value, sentence.text, cited)

    def _first_line(self, sentence: Sentence) -> str:
        """The bare value, or nothing where the model has none or began with a sentence. Raises ``SetAside``."""
        if REFUSAL in sentence.text:
            raise Refused(self._say("它认为所给的行没有说明", "it finds that the lines do not say"))
        value = clean(sentence.text).strip(_STOPS)
        if value == NO_VALUE or len(value) > SHORT_AT_MOST or (sentence.cited and sentence.text[-1:] in "。.!！"):
            return ""
        return value

    def _fault(self, sentence: Sentence, cited: Sequence[Statement]) -> str:
        """Why a sentence is struck; nothing when it passes."""
        if not cited or len(cited) < len(sentence.cited):
            return "it cites no line" if not sentence.cited else "it cites a line it was not given"
        text = clean(sentence.text)
        if not self.standing.concerns(cited):
            return "it turns to another report"
        if markup := rendered_elsewhere(text, " ".join(s.text for s in cited)):
            return f"{markup[:20]} is more than text"
        return "; ".join(self._faults(text, [s.support for s in cited]))

    def _faults(self, text: str, supports: Sequence[Support]) -> Sequence[str]:
        """What the check finds wrong with a sentence on these lines."""
        question = self._drawn.question
        citations = [self._heard(support) for support in supports]
        derived = self._derived(text, " ".join(citation.quote for citation in citations))
        shown = [on_one_line(support.text) for support in supports]
        return check_sentence(
            text, citations, question.scope, known=self._directory, derived=derived, asked=question.text, shown=shown
        ).faults

    def _heard(self, support: Support) -> Citation:
        """A citation as it is checked against: without the orders that may stand on the same lines."""
        citation = self.numbers.citation(support)
        return replace(citation, quote=support.text) if beside_order(support) else citation

    def _fewest(self, text: str, cited: Sequence[Statement]) -> tuple[Support, ...]:
        """The lines a sentence needs: of a long statement those of the built-in finding, or a few that pass alone."""
        supports = [statement.support for statement in cited]
        for place, statement in enumerate(cited):
            for fewer in self._parts(text, statement) if len(statement.support.lines) > _FEW else ():
                if not self._faults(text, [*supports[:place], fewer, *supports[place + 1 :]]):
                    supports[place] = fewer
                    break
        return tuple(supports)

    def _parts(self, text: str, statement: Statement) -> Iterator[Support]:
        """Parts of a statement's lines: what the finding cites of them, then, for a sentence with figures, windows."""
        own = statement.support
        yield from (s for s in supports_of(self._drawn) if s.report_id == own.report_id and own.lines.covers(s.lines))
        for size in range(1, _FEW + 1) if figures(fold(text)) else ():
            for start in range(own.lines.start, own.lines.end - size + 2):
                yield Support(own.scan, LineRange(start, start + size - 1), own.text)

    def _derived(self, text: str, cited: str) -> Sequence[Decimal]:
        """What a sentence may state although no line does: a count or a result already proved, arithmetic shown."""
        finding = self._drawn.finding
        if isinstance(finding, Counted):
            return [*figures(fold(finding.short or ""))]
        if self._drawn.question.kind not in (Kind.CALC, Kind.COMPARE):
            return ()
        return (*(derived_of(finding) if finding else ()), *results(text, cited))

    def _lead(self) -> list[str]:
        if not self.short:
            return []
        digits = self._passed[0].text[:1].isdigit()  # 560. 2019 might be read as one figure
        return [f"{self.short}。" if self._zh else f"{self.short}{':' if digits else '.'}"]

    def _marks(self, supports: Sequence[Support]) -> str:
        return "".join(f"[{n}]" for n in dict.fromkeys(map(self.numbers.of, supports)))

    def _left_out(self) -> list[str]:
        """A line for each value of the built-in finding that the text does not say, verbatim with its citation."""
        finding = self._drawn.finding
        values = (*finding.values, *finding.others) if finding and not self._drawn.answer.abstained else ()
        if finding and self._drawn.question.kind in (Kind.TEXT, Kind.YES_NO):
            values = finding.others
        return [self._line(value) for value in values if not self._says(value)]

    def _says(self, value: Value) -> bool:
        """Whether a passed sentence says a value from its own lines."""
        return any(
            said(value.shown, passed.text) and any(s.within(value.support) for s in passed.cited)
            for passed in self._passed
        )

    def _line(self, value: Value) -> str:
        number = self.numbers.of(value.support)
        if self._drawn.question.kind in _LISTED:
            return f"- {value.shown} [{number}]"
        return f"- {value.shown}{'：' if self._zh else ': '}“{compact(value.support.text)}” [{number}]"

    def _conflicts(self) -> tuple[Conflict, ...]:
        finding = self._drawn.finding
        return tuple(Conflict(v.shown, self.numbers.of(v.support)) for v in (finding.others if finding else ()))

    def _say(self, zh: str, en: str) -> str:
        return zh if self._zh else en


class Numbers:
    """Citations numbered in order of use; the same lines have one number."""

    def __init__(self, report_of: ReportOf):
        self.citations: list[Citation] = []
        self._report_of = report_of
        self._numbers: dict[tuple[str, LineRange], int] = {}

    def citation(self, support: Support, number: int = 0) -> Citation:
        return citation_of(number, support, self._report_of(support.report_id))

    def of(self, support: Support) -> int:
        """The number of a support's lines; a new one when they have none."""
        key = (support.report_id, support.lines)
        if key not in self._numbers:
            self._numbers[key] = len(self.citations) + 1
            self.citations.append(self.citation(support, self._numbers[key]))
        return self._numbers[key]
