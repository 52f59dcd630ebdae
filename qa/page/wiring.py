"""Which step answers which press. Every handler only passes on: to a room, and what it shows to the page."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.scope import Scope
from qa.page import export, facts
from qa.page.layout import Layout, top_of
from qa.page.session import Session
from qa.page.texts import preferred

# Nothing but the endpoints in ``programs`` is offered to other programs, and no spinner covers what is being read.
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def _arriving(blocks: Any, layout: Layout) -> None:
    import gradio as gr

    page = layout.page

    def arrive(browser: dict[str, str] | None, request: Any) -> dict[Any, Any]:
        kept = browser if isinstance(browser, dict) else {}
        key = kept.get("key") or secrets.token_urlsafe(18)
        language = kept.get("language") or preferred(request.headers.get("accept-language"))
        owner = f"{request.username or ''}\n{key}"
        latest = next(iter(page.keeping.conversations(owner)), None)
        session = Session(owner=owner, language=language, generation=page.assistant.index.generation)
        if latest is not None and kept.get("conversation") == latest.id:
            session = replace(session, conversation=page.keeping.load(owner, latest.id) or session.conversation)
        return _all(layout, session) | {layout.browser: {**kept, "key": key}}

    blocks.load(
        _given(arrive, request=gr.Request),
        layout.browser,
        [*_everything(layout), layout.browser],
        queue=False,
        **_QUIET,
    ).then(None, layout.session, None, js="() => reportqa.paint()", **_QUIET)


def _all(layout: Layout, session: Session) -> dict[Any, Any]:
    """Every part of the page, in the session's language."""
    parts = layout.view(layout.page.chat.show(session)) | layout.stock(session.language)
    return parts | layout.labels(session.language)


def _everything(layout: Layout) -> list[Any]:
    return list(dict.fromkeys([*layout.shown, *layout.labels("zh"), *layout.stock("zh")]))


def _given(handler: Callable[..., Any], **kinds: type) -> Callable[..., Any]:
    """Gradio finds its own kinds of argument by annotation; here they are known only once it is imported."""
    handler.__annotations__ = {**kinds}
    return handler


def _asking(blocks: Any, layout: Layout) -> None:
    import gradio as gr

    page = layout.page

    def ask(question: str, session: Session) -> Iterator[dict[Any, Any]]:
        for view in page.chat.ask(session, question):
            yield layout.view(view)

    asked = gr.on([layout.box.submit, layout.send.click], ask, [layout.box, layout.session], layout.shown, **_QUIET)
    _after(asked, layout)

    def stopped(session: Session) -> dict[Any, Any]:
        return layout.view(page.chat.stopped(session))

    layout.stop.click(stopped, layout.session, layout.shown, cancels=[asked], queue=False, **_QUIET)


def _after(answered: Any, layout: Layout) -> None:
    """What can wait until an answer is shown: questions to ask next, and where the browser is to come back to."""
    answered.then(layout.page.chat.offers, layout.session, layout.offers, **_QUIET).then(
        _remember, [layout.session, layout.browser], layout.browser, queue=False, **_QUIET
    )


def _remember(session: Session, browser: dict[str, str] | None) -> dict[str, str]:
    """The browser keeps which conversation was open, so that a reload comes back to it."""
    return {**(browser or {}), "conversation": session.conversation.id}


def _pressing(blocks: Any, layout: Layout) -> None:
    import gradio as gr

    page = layout.page

    def act(session: Session, event: Any) -> Iterator[dict[Any, Any]]:
        for view in page.chat.act(session, event._data):
            yield layout.view(view)

    handler = _given(act, event=gr.EventData)
    for place in (layout.thread, layout.offers):
        _after(place.act(handler, layout.session, layout.shown, **_QUIET), layout)
    for place in (layout.facts, layout.source, layout.history, layout.hint, layout.result):
        place.act(handler, layout.session, layout.shown, **_QUIET).then(
            _remember, [layout.session, layout.browser], layout.browser, queue=False, **_QUIET
        )

    def switch(session: Session, browser: dict[str, str] | None, event: Any) -> dict[Any, Any]:
        language = "en" if event._data.get("lang") == "en" else "zh"
        session = replace(session, language=language)
        return _all(layout, session) | {layout.browser: {**(browser or {}), "language": language}}

    layout.top.act(
        _given(switch, event=gr.EventData),
        [layout.session, layout.browser],
        [*_everything(layout), layout.browser],
        **_QUIET,
    )


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


def _shelving(blocks: Any, layout: Layout) -> None:
    import gradio as gr

    page = layout.page

    def add(files: list[str] | None, session: Session) -> Iterator[dict[Any, Any]]:
        for said in page.shelf.add([Path(file) for file in files or ()], session.language):
            yield {layout.news: said}
        yield {layout.upload: None, **layout.stock(session.language)}

    def act(session: Session, event: Any) -> Iterator[dict[Any, Any]]:
        what, report = event._data.get("do"), str(event._data.get("report"))
        if what == "read":
            for view in page.chat.act(session, {"do": "open", "report": report, "line": 1}):
                yield layout.view(view)
        elif what == "about":
            yield {
                layout.tabs: gr.update(selected="chat"),
                layout.scope: gr.update(open=True),
                layout.scope_reports: [report],
            }
        elif what in ("remove", "reindex"):
            done = page.shelf.remove if what == "remove" else page.shelf.reindex
            yield {layout.news: done(report, session.language), **layout.stock(session.language)}

    stock = list(layout.stock("zh"))
    layout.upload.upload(
        add, [layout.upload, layout.session], [layout.news, layout.upload, *stock], concurrency_limit=1, **_QUIET
    )
    layout.reports.act(
        _given(act, event=gr.EventData), layout.session,
        list(dict.fromkeys([*layout.shown, layout.news, layout.tabs, layout.scope, *stock])), **_QUIET,
    )  # fmt: skip


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
    """What the command line or another visitor changed shows up by itself."""
    import gradio as gr

    page = layout.page

    def look(session: Session) -> Any:
        generation = page.assistant.index.generation
        if generation == session.generation:
            return gr.skip()
        changed = replace(session, generation=generation)
        top = top_of(session.language, page.shelf.status(session.language), page.auth)
        return {layout.session: changed, layout.top: top, **layout.stock(session.language)}

    layout.clock.tick(look, layout.session, [layout.session, layout.top, *layout.stock("zh")], queue=False, **_QUIET)


def wire(blocks: Any, layout: Layout) -> None:
    """Connect everything; to be called inside the page's Blocks."""
    for connect in (_arriving, _asking, _pressing, _limiting, _shelving, _counting, _trying, _taking_away, _looking):
        connect(blocks, layout)
