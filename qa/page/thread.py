"""The conversation as HTML: the value first, the sentence, citations as buttons, and what was understood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from documents.report import LineRange
from qa.answer import Answer, Citation
from qa.conversation import Conversation, Turn
from qa.page.marks import button, icon, squeezed, text
from qa.page.texts import say
from qa.saying.wording import month_text, organisation_text

SOURCES_OPEN = 3  # more of them than that are folded away: the marks in the text lead to each
# The report's own words: a long quotation, or one that a citation follows.
_QUOTED = re.compile(r"(“[^“”<>]{15,}”|“[^“”<>]+”(?=\s*<button))")
_MARK = re.compile(r"\[(\d{1,3})\]")


def thread(
    conversation: Conversation,
    language: str,
    *,
    votes: Mapping[int, str] | None = None,
    offers: Sequence[str] = (),
    pending: str = "",
    grown: Answer | None = None,
    notice: str = "",
) -> str:
    """All turns, then the question being answered and a notice; with no turn yet, a welcome with questions to offer.

    ``grown`` is what there is so far of the answer to ``pending``.
    """
    last = len(conversation.turns) - 1
    turns = [
        turn_html(t, n, language, (votes or {}).get(n, ""), latest=n == last) for n, t in enumerate(conversation.turns)
    ]
    parts = turns or ([] if pending else [_welcome(language, offers)])
    if pending:
        parts.append(_pending(pending, grown, language))
    if notice:
        parts.append(f'<p class="notice" role="status">{text(notice)}</p>')
    return f'<div class="thread" role="log" aria-live="off">{"".join(parts)}</div>'


def _welcome(language: str, offers: Sequence[str]) -> str:
    head = f"<h2>{say('welcome', language)}</h2><p>{say('welcome_text', language)}</p>"
    body = _offers(say("try", language), offers) if offers else ""
    return f'<section class="welcome">{head}{body}</section>'


def offered(offers: Sequence[str], language: str) -> str:
    """Questions to ask next."""
    return _offers(say("next", language), offers) if offers else ""


def _offers(title: str, offers: Sequence[str]) -> str:
    chips = "".join(button("offer", offer, kind="chip", text=offer) for offer in offers)
    return f'<div class="offers"><span class="label">{text(title)}</span>{chips}</div>'


def _pending(question: str, grown: Answer | None, language: str) -> str:
    """A question without its answer, or with as much of it as there is: its marks become buttons when all is there."""
    dots = '<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>'
    answer = f'<div class="answer growing">{_body(grown, 0, language)}</div>' if grown else ""
    working = "" if grown else say("working", language)
    return (
        f'<article class="turn"><p class="asked">{text(question)}</p>{answer}'
        f'<p class="working">{dots}{working}</p></article>'
    )


def turn_html(turn: Turn, number: int, language: str, vote: str, *, latest: bool) -> str:
    answer = turn.answer
    kind = "answer abstained" if answer.abstained else "answer"
    body = _abstention(answer) if answer.abstained else _body(answer, number, language)
    return (
        f'<article class="turn{" latest" if latest else ""}" data-turn="{number}"><p class="asked">'
        f"{text(turn.asked)}</p>"
        f"{_understood(turn, number, language)}"
        f'<div class="{kind}">{body}{_sources(answer, number, language)}</div>'
        f"{_tools(turn, number, language, vote)}</article>"
    )


def _understood(turn: Turn, number: int, language: str) -> str:
    """What the question was taken to mean, part by part, with a way to put it right."""
    meant = turn.understood
    names = [organisation_text(name, language) for name in meant.organisations] or [say("everything", language)]
    scope = [*names, *map(str, meant.years), *(month_text(m, None, language) for m in meant.months)]
    chips = "".join(f'<span class="part">{text(part)}</span>' for part in scope)
    subject = f'<span class="part subject">{text(meant.subject)}</span>' if meant.subject else ""
    carried = (
        f'<span class="carried" title="{text(turn.question)}">{say("carried", language)}</span>'
        if turn.carried_over
        else ""
    )
    mend = button("correct", say("correct", language), kind="link", title=turn.question, turn=number)
    return (
        f'<p class="understood"><span class="label">{say("understood", language)}</span>'
        f"{chips}{subject}{carried}{mend}</p>"
    )


def _abstention(answer: Answer) -> str:
    lead, _, rest = answer.text.partition("。" if "。" in answer.text[:12] else ". ")
    return f"<p class='lead'>{text(lead)}</p>" + (f"<p>{text(rest)}</p>" if rest.strip() else "")


def _body(answer: Answer, number: int, language: str) -> str:
    value, rest = _value(answer)
    parts = [f'<p class="value">{text(value)}</p>'] if value else []
    listed: list[str] = []
    for line in rest.split("\n"):
        if line.startswith("- "):
            listed.append(f"<li>{_cited(line[2:], answer, number, language)}</li>")
            continue
        parts += _list_of(listed)
        listed = []
        parts += [f"<p>{_cited(line, answer, number, language)}</p>"] if line.strip() else []
    return "".join(parts + _list_of(listed))


def _list_of(items: list[str]) -> list[str]:
    return [f'<ul class="{"long" if len(items) > 4 else "short"}">{"".join(items)}</ul>'] if items else []


def _value(answer: Answer) -> tuple[str, str]:
    """The bare value in front of an answer's text, and the rest."""
    if not answer.short or not answer.text.startswith(answer.short):
        return "", answer.text
    return answer.short, re.sub(r"^[。.]\s?", "", answer.text[len(answer.short) :])


def _cited(line: str, answer: Answer, number: int, language: str) -> str:
    """A line of the answer, its citation marks as buttons, verbatim sentences set apart."""
    known = {c.number: c for c in answer.citations}
    pieces: list[str] = []
    at = 0
    for match in _MARK.finditer(line):
        citation = known.get(int(match[1]))
        if citation is not None:
            pieces += [text(line[at : match.start()].rstrip()), _cite(citation, number, language)]
            at = match.end()
    pieces.append(text(line[at:]))
    return _QUOTED.sub(r"<q>\1</q>", "".join(pieces))


def _cite(citation: Citation, number: int, language: str) -> str:
    label = f"{say('source', language, n=citation.number)}: {citation.report_id} {lines_text(citation.lines, language)}"
    return button("cite", label, inside=str(citation.number), kind="cite", turn=number, n=citation.number)


def lines_text(lines: LineRange, language: str) -> str:
    if len(lines) == 1:
        return say("line_n", language, a=lines.start)
    return say("lines_n", language, a=lines.start, b=lines.end)


def _sources(answer: Answer, number: int, language: str) -> str:
    """The citations once more as a list: whose report, where in it."""
    if not answer.citations:
        return ""
    other = {conflict.citation: conflict.value for conflict in answer.conflicts}
    rows = "".join(_source_row(c, number, language, other.get(c.number, "")) for c in answer.citations)
    listed = f'<ol class="sources">{rows}</ol>'
    if len(answer.citations) <= SOURCES_OPEN:
        return listed
    head = f"{say('sources', language)} {len(answer.citations)}"
    return f'<details class="more-sources"><summary>{head}</summary>{listed}</details>'


def _source_row(citation: Citation, number: int, language: str, other: str) -> str:
    said = _where(citation, language)
    flag = f'<span class="flag" title="{say("other_values", language)}">≠ {text(other)}</span>' if other else ""
    inside = f"<b>{citation.number}</b><span>{text(said)}</span>{flag}"
    return f"<li>{button('cite', said, inside=inside, kind='source-row', turn=number, n=citation.number)}</li>"


def _where(citation: Citation, language: str) -> str:
    """A citation in words: report, lines, page, section."""
    page = say("page_n", language, n=citation.page) if citation.page else ""
    section = squeezed(citation.section[-1]) if citation.section else ""
    return " · ".join(
        part for part in (citation.report_id, lines_text(citation.lines, language), page, section) if part
    )


def _tools(turn: Turn, number: int, language: str, vote: str) -> str:
    places = (f"[{c.number}] {_where(c, language)}" for c in turn.answer.citations)
    copied = "\n".join([turn.asked, turn.answer.text, *places])
    kinds = {kind: "tool pressed" if vote == kind else "tool" for kind in ("up", "down")}
    send = button("vote", say("send_vote", language), kind="chip", turn=number, vote="down")
    note = (
        f'<form class="note" data-form="vote" hidden>'
        f'<input type="text" maxlength="300" aria-label="{say("note", language)}" '
        f'placeholder="{say("note", language)}">{send}</form>'
    )
    return (
        '<div class="tools">'
        + button(
            "copy", say("copy", language), inside=icon("copy"), kind="tool", text=copied, done=say("copied", language)
        )
        + button("again", say("again", language), inside=icon("again"), kind="tool", turn=number)
        + button("edit", say("edit", language), inside=icon("edit"), kind="tool", turn=number)
        + button("vote", say("up", language), inside=icon("up"), kind=kinds["up"], turn=number, vote="up")
        + button("note", say("down", language), inside=icon("down"), kind=kinds["down"])
        + note
        + "</div>"
    )
