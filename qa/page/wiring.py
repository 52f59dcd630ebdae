"""Which step answers which press. Every handler only passes on: to a room, and what it shows to the page.

An event says only what it changed: two that run at the same time (a citation opened while an answer grows) must not
write over each other, so a session that stayed as it was is not written back.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.scope import Scope
from qa.page import export, facts
from qa.page.chat import Steps
from qa.page.layout import Layout
from qa.page.session import Session
from qa.page.shelf import News
from qa.page.source import Place
from qa.page.texts import preferred

# Nothing but the endpoints in ``programs`` is offered to other programs, and no spinner covers what is being read.
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# The same for presses: while an answer grows, a citation can be opened and another question is told to wait.
_PRESSED: dict[str, Any] = {**_QUIET, "trigger_mode": "multiple"}


def _arriving(blocks: Any, layout: Layout) -> None:
    import gradio as gr

    page = layout.page

    def arrive(browser: dict[str, str] | None, request: Any) -> dict[Any, Any]:
        kept = browser if isinstance(browser, dict) else {}
        key = kept.get("key") or secrets.token_urlsafe(18)
        language = kept.get("language") or preferred(request.headers.get("accept-language"))
        owner = f"{request.username or ''}\n{key}"
        session = Session(owner=owner, language=language)
        if (latest := page.keeping.load(owner, kept.get("conversation", ""))) is not None:
            session = replace(session, conversation=latest)
        return _all(layout, session) | {layout.browser: {**kept, "key": key}, layout.seen: page.shelf.news()}

    outputs = [*_everything(layout), layout.browser, layout.seen]
    arrived = blocks.load(_given(arrive, request=gr.Request), layout.browser, outputs, queue=False, **_QUIET)
    arrived.then(None, layout.session, None, js="() => reportqa.paint()", **_QUIET)


def _all(layout: Layout, session: Session, place: Place | None = None) -> dict[Any, Any]:
    """Every part of the page, in the session's language."""
    parts = layout.view(layout.page.chat.show(session, place)) | layout.stock(session.language)
    return parts | layout.labels(session.language)


def _everything(layout: Layout) -> list[Any]:
    return list(dict.fromkeys([*layout.shown, *layout.labels("zh"), *layout.stock("zh")]))


def _given(handler: Callable[..., Any], **kinds: type) -> Callable[..., Any]:
    """Gradio finds its own kinds of argument by annotation; here they are known only once it is imported."""
    handler.__annotations__ = {**kinds}
    return handler


def _shown(layout: Layout, steps: Steps, session: Session) -> Iterator[dict[Any, Any]]:
    """The views of a step as updates."""
    for view in steps:
        yield layout.view(view, before=session)


def _asking(blocks: Any, layout: Layout) -> None:
    """Questions typed or pressed; all of them can be stopped."""
    import gradio as gr

    chat = layout.page.chat

    def ask(question: str, session: Session) -> Iterator[dict[Any, Any]]:
        yield from _shown(layout, chat.ask(session, question), session)

    def stopped(session: Session) -> dict[Any, Any]:
        return layout.view(chat.stopped(session))

    act = _act(layout)
    asked = [gr.on([layout.box.submit, layout.send.click], ask, [layout.box, layout.session], layout.shown, **_PRESSED)]
    asked += [place.act(act, layout.session, layout.shown, **_PRESSED) for place in (layout.thread, layout.offers)]
    for event in asked:
        event.then(chat.offers, layout.session, layout.offers, **_QUIET)
        _remembered(event, layout)
    # In this order, for a view that is still on its way must not come after the one that says it was stopped.
    called_off = layout.stop.click(None, None, None, cancels=asked, queue=False, **_QUIET)
    called_off.then(stopped, layout.session, layout.shown, queue=False, **_QUIET)


def _act(layout: Layout) -> Callable[..., Any]:
    import gradio as gr

    def act(session: Session, event: Any) -> Iterator[dict[Any, Any]]:
        yield from _shown(layout, layout.page.chat.act(session, event._data), session)

    return _given(act, event=gr.EventData)


def _remembered(event: Any, layout: Layout) -> None:
    """The browser keeps which conversation was open, so that a reload comes back to it."""

    def remember(session: Session, browser: dict[str, str] | None) -> dict[str, str]:
        return {**(browser or {}), "conversation": session.conversation.id}

    event.then(remember, [layout.session, layout.browser], layout.browser, queue=False, **_QUIET)


def _pressing(blocks: Any, layout: Layout) -> None:
    """Presses that ask nothing: citations, figures, misses, the list of conversations."""
    act = _act(layout)
    for place in (layout.facts, layout.source, layout.hint, layout.result):
        place.act(act, layout.session, layout.shown, **_PRESSED)
    _remembered(layout.history.act(act, layout.session, layout.shown, **_PRESSED), layout)


def _switching(blocks: Any, layout: Layout) -> None:
    import gradio as gr

    def switch(session: Session, place: Place | None, browser: dict[str, str] | None, event: Any) -> dict[Any, Any]:
        language = "en" if event._data.get("lang") == "en" else "zh"
        parts = _all(layout, replace(session, language=language), place)
        return parts | {layout.browser: {**(browser or {}), "language": language}}

    given = [layout.session, layout.place, layout.browser]
    layout.top.act(_given(switch, event=gr.EventData), given, [*_everything(layout), layout.browser], **_QUIET)


def _limiting(blocks: Any, layout: Layout) -> None:
    def limit(reports: list[str] | None, year: int | None, month: int | None, session: Session) -> Session:
        scope = Scope(
            reports=frozenset(reports) if reports else None,
            years=frozenset({year} if year else ()),
            months=frozenset({month} if month else ()),
        )
        return layout.page.chat.within(session, scope)

    controls = [layout.scope_reports, layout.scope_year, layout.scope_month]
    for control in controls:
        control.change(limit, [*controls, layout.session], layout.session, queue=False, **_QUIET)


def _adding(blocks: Any, layout: Layout) -> None:
    shelf = layout.page.shelf

    def add(files: list[str] | None, session: Session) -> Iterator[dict[Any, Any]]:
        for said in shelf.add([Path(file) for file in files or ()], session.language):
            yield {layout.news: said, layout.top: layout.head(session.language)}
        yield {layout.upload: None, layout.top: layout.head(session.language), **layout.stock(session.language)}

    outputs = [layout.news, layout.top, layout.upload, *layout.stock("zh")]
    layout.upload.upload(add, [layout.upload, layout.session], outputs, concurrency_limit=1, **_QUIET)


def _shelving(blocks: Any, layout: Layout) -> None:
    """What is done with one report: read it, ask about it, read its file anew, take it out."""
    import gradio as gr

    page = layout.page

    def act(session: Session, event: Any) -> Iterator[dict[Any, Any]]:
        what, report = event._data.get("do"), str(event._data.get("report"))
        if what == "read":
            yield from _shown(layout, page.chat.act(session, {"do": "open", "report": report, "line": 1}), session)
        elif what == "about":
            yield layout.about_report(report)
        elif what in ("remove", "reindex"):
            done = page.shelf.remove if what == "remove" else page.shelf.reindex
            yield {layout.news: done(report, session.language), **layout.stock(session.language)}

    outputs = [*layout.shown, layout.news, *layout.about_report(""), *layout.stock("zh")]
    given = _given(act, event=gr.EventData)
    layout.reports.act(given, layout.session, list(dict.fromkeys(outputs)), **_QUIET)


def _counting(blocks: Any, layout: Layout) -> None:
    def fill(session: Session) -> str:
        return facts.facts(layout.page.assistant.facts(), session.language)

    layout.facts_tab.select(fill, layout.session, layout.facts, **_QUIET)


def _trying(blocks: Any, layout: Layout) -> None:
    trial = layout.page.trial

    def run(name: str | None, session: Session) -> Iterator[str]:
        yield from trial.run(name, session.language)

    def bring(file: str, session: Session) -> dict[Any, Any]:
        import gradio as gr

        name = trial.bring(Path(file))
        return {layout.set: gr.update(choices=list(trial.names), value=name)}

    layout.run.click(run, [layout.set, layout.session], layout.result, concurrency_limit=1, **_QUIET)
    layout.own_set.upload(bring, [layout.own_set, layout.session], layout.set, **_QUIET)


def _taking_away(blocks: Any, layout: Layout) -> None:
    def markdown(session: Session) -> dict[str, str]:
        return {
            "name": "conversation.md",
            "type": "text/markdown",
            "text": export.as_markdown(session.conversation, session.language),
        }

    def as_json(session: Session) -> dict[str, str]:
        return {"name": "conversation.json", "type": "application/json", "text": export.as_json(session.conversation)}

    def votes(session: Session) -> dict[str, str]:
        return {"name": "votes.jsonl", "type": "application/jsonl", "text": export.as_questions(layout.page.keeping)}

    for pressed, made in ((layout.markdown, markdown), (layout.json, as_json), (layout.votes, votes)):
        pressed.click(made, layout.session, layout.carrier, **_QUIET).then(
            None, layout.carrier, None, js="(file) => reportqa.save(file)", **_QUIET
        )


def _looking(blocks: Any, layout: Layout) -> None:
    """What the command line or another visitor changes, and that it is being changed, shows up by itself."""
    import gradio as gr

    page = layout.page

    def look(session: Session, seen: News) -> Any:
        news = page.shelf.news(seen)
        if news == seen:
            return gr.skip()
        parts: dict[Any, Any] = {layout.seen: news, layout.top: layout.head(session.language, changing=news.changing)}
        if news.generation != seen.generation:
            parts |= layout.stock(session.language)
            if not session.conversation.turns and not session.pending:
                parts[layout.thread] = page.chat.show(session).thread
        return parts

    outputs = [layout.seen, layout.top, layout.thread, *layout.stock("zh")]
    layout.clock.tick(look, [layout.session, layout.seen], outputs, queue=False, **_QUIET)


def wire(blocks: Any, layout: Layout) -> None:
    """Connect everything; to be called inside the page's Blocks."""
    for connect in (
        _arriving, _asking, _pressing, _switching, _limiting, _adding, _shelving, _counting, _trying, _taking_away,
        _looking,
    ):  # fmt: skip
        connect(blocks, layout)
