"""A language model's answer beside the built-in one, which it must not fall behind.

The built-in answer stands, and says so, where the model is not to be reached, has nothing that passes the check, gives
a value that the evidence does not bear out, or leaves the question open. On questions that the built-in answerer is
sure of, the model is judged by it: one that agrees earns belief where it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from documents.errors import ModelUnavailable
from qa.answer import Answer, ModelUse
from qa.drawn import Drawn
from qa.llm.draft import Draft, Refused, ReportOf, SetAside
from qa.llm.model import LanguageModel, Reply
from qa.llm.parts import MOST_PARTS, Ask, are_parts, asks_several, split, together
from qa.llm.prompts import messages
from qa.llm.record import Record, is_sure, record_of
from qa.llm.statements import statements
from qa.saying.reasons import unsaid
from qa.understanding.directory import Directory


class Writer:
    """Words answers with a language model. Safe to share between threads."""

    def __init__(self, model: LanguageModel, record: Record | None = None):
        self.model = model
        self.record = record or record_of(model)

    def write(
        self, drawn: Drawn, directory: Directory, report_of: ReportOf, ask: Ask | None = None
    ) -> Iterator[str | Answer]:
        """The text that has passed so far, each time it grows, and last the answer.

        ``ask`` puts a part of the question to the built-in answerer, where it holds several.
        """
        several = ask if not drawn.closed and asks_several(drawn.question) else None
        apart, spent = self._in_parts(drawn, directory, several) if several else (None, None)
        if drawn.closed or apart is not None:
            yield apart or drawn.answer
            return
        language = drawn.question.language
        told, given = messages(drawn.question.text, language, statements(drawn), directory.name_of, self.model.context)
        draft = Draft(drawn, given, directory, report_of, believed=self.record.believed)
        if not told or not draft.standing.open:
            yield replace(drawn.answer, model=spent)
            return
        reply = self.model.stream(told)
        try:
            for piece in reply:
                if draft.feed(piece):
                    yield draft.text
            draft.close()
            answer = draft.answer()
        except ModelUnavailable as reason:
            reply.close()
            yield replace(drawn.answer, model=self._use(reply, draft, str(reason), spent))
            return
        except SetAside as reason:
            reply.close()
            self._judge(drawn, draft)
            silent = isinstance(reason, Refused) and draft.standing.believed and not is_sure(drawn)
            answer = _without_answer(drawn) if silent else drawn.answer
            yield replace(answer, model=self._use(reply, draft, str(reason), spent))
            return
        self._judge(drawn, draft)
        yield replace(answer, model=self._use(reply, draft, draft.remark, spent))

    def _judge(self, drawn: Drawn, draft: Draft) -> None:
        if is_sure(drawn):
            self.record.note(draft.agrees)

    def _in_parts(self, drawn: Drawn, directory: Directory, ask: Ask) -> tuple[Answer | None, ModelUse]:
        """The answers to the parts of a question, None where the model finds none that are its own; what it took."""
        parts, used = split(self.model, drawn.question.text)
        found = [ask(part) for part in parts[: MOST_PARTS + 1]]
        names = map(directory.name_of, drawn.question.scope.reports or ())
        spent = ModelUse(self.model.name, used.prompt_tokens, used.completion_tokens, used.cost)
        if not are_parts([question for question, _ in found], drawn.question, [*names]):
            return None, replace(spent, rejected=int(len(found) > 1))
        answer = together(drawn.question, [(question.text, part) for question, part in found], drawn.question.scope)
        note = f"拆成{len(found)}个问题" if drawn.question.language == "zh" else f"asked as {len(found)} questions"
        return answer and replace(answer, model=replace(spent, note=note)), spent

    def _use(self, reply: Reply, draft: Draft, note: str | None, spent: ModelUse | None) -> ModelUse:
        used = reply.usage
        use = ModelUse(self.model.name, used.prompt_tokens, used.completion_tokens, used.cost, len(draft.struck), note)
        return spent + use if spent else use


def _without_answer(drawn: Drawn) -> Answer:
    """An abstention on a believed model's word: what the built-in answerer had was unsure."""
    language = drawn.question.language
    told = (
        "模型读了最接近的各行，其中没有答案。"
        if language == "zh"
        else "A model read the nearest lines and finds no answer in them."
    )
    return replace(
        drawn.answer, text=unsaid(told, language), short=None, abstained=True, reason=told, answerer="llm",
        confidence=0.0, citations=(), conflicts=(),
    )  # fmt: skip
