"""A conversation to take away, as Markdown or JSON, with its citations."""

from __future__ import annotations

import json
import re

from qa.commands.terminal import clean
from qa.conversation import Conversation, Turn
from qa.keeping import Keeping
from qa.page.texts import say
from qa.page.thread import lines_text

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$!])")


def as_json(conversation: Conversation) -> str:
    return json.dumps(conversation.to_dict(), ensure_ascii=False, indent=2)


def as_markdown(conversation: Conversation, language: str) -> str:
    """Markdown in which what a report says is text: its special characters are escaped, its lines are code."""
    parts = [f"# {_plain(conversation.title)}"]
    for turn in conversation.turns:
        parts += _turn(turn, language)
    return "\n\n".join(parts) + "\n"


def _turn(turn: Turn, language: str) -> list[str]:
    parts = [f"## {_plain(turn.asked)}"]
    if turn.carried_over:
        parts.append(f"*{say('understood', language)}: {_plain(turn.question)}*")
    parts.append("\n".join(_answer_line(line) for line in turn.answer.text.split("\n")))
    for citation in turn.answer.citations:
        page = f", {say('page_n', language, n=citation.page)}" if citation.page else ""
        section = f" · {_plain(' › '.join(citation.section[-2:]))}" if citation.section else ""
        where = f"{_plain(citation.report_id)}, {lines_text(citation.lines, language)}{page}{section}"
        parts.append(f"\\[{citation.number}\\] {where}")
        parts.append("\n".join(f"    {clean(line)}" for line in citation.quote.split("\n") if line.strip()))
    return parts


def _answer_line(line: str) -> str:
    return f"- {_plain(line[2:])}" if line.startswith("- ") else f"{_plain(line)}  "


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", clean(text).replace("\n", " "))


def as_questions(keeping: Keeping) -> str:
    """The votes as a question file for ``qa eval``."""
    return "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in keeping.as_questions())
