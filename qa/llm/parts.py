"""Several questions in one: a model takes them apart, and the built-in answerer answers each.

What it makes of them is only used when it asks for nothing else: every word is one that was typed, every word that was
typed is in some part, and every scope lies inside that of the question. A question that asks for one thing, by a cheap
test, is never sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from documents.errors import ModelUnavailable
from documents.folding import fold
from index.scope import Scope
from index.tokens import STOPWORDS_EN, STOPWORDS_ZH, is_chinese, words
from qa.answer import SHORT_AT_MOST, Answer, Citation
from qa.llm.model import LanguageModel, Message, Usage
from qa.llm.prompts import on_one_line
from qa.understanding.cues import cue
from qa.understanding.kinds import Kind
from qa.understanding.question import Question

Ask = Callable[[str], tuple[Question, Answer]]
MOST_PARTS = 4
_LONGEST = 300  # characters of a part
_SINGLE = frozenset({Kind.COMPARE, Kind.CALC, Kind.EVENTS, Kind.YES_NO})
_SPLIT = (
    "The user's text asks several things at once. Write each as a question of its own, one a line and nothing else. "
    "Each names the same organisation, year and month as the text. Use only words of the text, in its language."
)
_EMPTY = frozenset("".join(STOPWORDS_ZH)) | STOPWORDS_EN


def asks_several(question: Question) -> bool:
    """A cheap test for several questions in one: two words of asking with a pause or an "and" between."""
    asked = [*cue("one thing asked for").finditer(question.folded)]
    if len(asked) < 2 or question.kind in _SINGLE:
        return False
    return bool(cue("between questions").search(question.folded, asked[0].end(), asked[-1].start()))


def split(model: LanguageModel, question: str) -> tuple[list[str], Usage]:
    """The questions a text consists of, as the model reads it; none where it fails: the next call will, and tells."""
    reply = model.stream([Message("system", _SPLIT), Message("user", on_one_line(question))], model.brief())
    try:
        said = "".join(reply)
    except ModelUnavailable:
        said = ""
    lines = (re.sub(r"^\s*(?:\d+[.、)）]|[-*•])\s*", "", line).strip() for line in said.splitlines())
    return [line for line in lines if line], reply.usage


def are_parts(parts: Sequence[Question], whole: Question, names: Iterable[str]) -> bool:
    """Whether questions ask together for what the whole asks for, and for nothing else.

    ``names`` are those of the organisations in scope, which a part may write out.
    """
    typed = _tokens(whole.folded) | {token for name in names for token in _tokens(fold(name))}
    said = {token for part in parts for token in _tokens(part.folded)}
    inside = all(0 < len(p.text) <= _LONGEST and not p.unknown and _is_inside(p.scope, whole.scope) for p in parts)
    return 1 < len(parts) <= MOST_PARTS and inside and _tokens(whole.folded) <= said <= typed


def _is_inside(scope: Scope, asked: Scope) -> bool:
    """No report, year or month but those asked for, and one wherever any was."""
    reports = asked.reports is None or (scope.reports is not None and scope.reports <= asked.reports)
    return reports and all(
        mine <= theirs and bool(mine) == bool(theirs)
        for mine, theirs in ((scope.years, asked.years), (scope.months, asked.months))
    )


def _tokens(folded: str) -> set[str]:
    """Chinese characters, English stems and numbers, without the words of grammar and asking."""
    tokens = {token for token, _, _ in words(folded)}
    return {part for token in tokens for part in (token if is_chinese(token) else [token])} - _EMPTY


def together(whole: Question, found: Sequence[tuple[str, Answer]], scope: Scope) -> Answer | None:
    """One answer from those of the parts; None where a part has no value of its own."""
    if any(answer.short is None and not answer.abstained for _, answer in found):
        return None
    citations: list[Citation] = []
    lines = []
    for asked, answer in found:
        marks = ""
        for citation in answer.citations:
            citations.append(replace(citation, number=len(citations) + 1))
            marks += f"[{len(citations)}]"
        head = asked.rstrip("?？ ") + ("？" if whole.language == "zh" else "? ")
        lines.append(f"{head}{answer.short or answer.text}{marks}")
    short = ("；" if whole.language == "zh" else "; ").join(answer.short or "—" for _, answer in found)
    return Answer(
        question=whole.text,
        text="\n".join(lines),
        short=short if len(short) <= SHORT_AT_MOST else None,
        abstained=all(answer.abstained for _, answer in found),
        reason=found[0][1].reason if all(answer.abstained for _, answer in found) else None,
        confidence=min(answer.confidence for _, answer in found),
        citations=tuple(citations),
        hits=tuple(hit for _, answer in found for hit in answer.hits),
        scope=scope,
    )
