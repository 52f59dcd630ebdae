"""The page put together: components in their places, and which step answers which press.

The components are few, since each room draws itself as HTML; every handler here only passes on. What is served follows
from ``serve``: our own address, no sharing, no files but the page's, a queue with an end.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from documents.errors import InvalidSetting
from index.scope import Scope
from qa.assistant import Assistant
from qa.keeping import Keeping
from qa.page import export, login, programs, theme
from qa.page.chat import Chat, View
from qa.page.evaluation import Evaluations
from qa.page.marks import button, icon, text
from qa.page.session import Session
from qa.page.shelf import Shelf
from qa.page.texts import preferred, say
from qa.page.trial import Trial
from qa.page.uploads import KINDS, MOST_FILES, MOST_MB, Uploads
from qa.wording import month_text

QUEUE = 64  # questions waiting; further ones are told that the page is busy
ANSWERING = 4  # at the same time, over all visitors
LOOK_S = 4.0  # how often an open page looks for changes made elsewhere

_PRESS = "reportqa.wire(element, trigger, watch, {settle}); 'act'"


@dataclass(frozen=True, slots=True)
class Page:
    """What stands behind the page."""

    assistant: Assistant
    keeping: Keeping
    chat: Chat
    shelf: Shelf
    trial: Trial
    auth: bool = False

    @classmethod
    def over(cls, assistant: Assistant, home: Path, evaluations: Evaluations, *, auth: bool = False) -> Page:
        keeping = Keeping(home)
        return cls(
            assistant=assistant,
            keeping=keeping,
            chat=Chat(assistant, keeping),
            shelf=Shelf(assistant, Uploads(assistant.index, home)),
            trial=Trial(evaluations),
            auth=auth,
        )


class Layout:
    """The components of one page, by place; made inside its Blocks."""

    def __init__(self, page: Page):
        import gradio as gr

        self.page = page
        self.session = gr.State(Session())
        self.browser = gr.BrowserState(None, storage_key="report-qa", secret="report-qa")
        self.top = _html("top")
        with gr.Row(elem_id="house", equal_height=True):
            with gr.Column(elem_id="main", scale=1), gr.Tabs(elem_id="rooms") as self.tabs:
                self._chat()
                self._reports()
                self._evaluation()
            with gr.Column(elem_id="beside", scale=0):
                self.source = _html("source", settle="reportqa.toCited")
        self.carrier = gr.JSON(visible=False)
        self.clock = gr.Timer(LOOK_S)

    def _chat(self) -> None:
        import gradio as gr

        with gr.Tab(say("chat", "zh"), id="chat") as self.chat_tab, gr.Row(elem_id="room"):
            with gr.Column(elem_id="side", scale=0):
                self.history = _html("history")
                with gr.Accordion(say("export", "zh"), open=False, elem_id="take-away") as self.take_away:
                    self.markdown = gr.Button("Markdown", size="sm")
                    self.json = gr.Button("JSON", size="sm")
                    self.votes = gr.Button(say("export_votes", "zh"), size="sm")
            with gr.Column(elem_id="talk"):
                self.thread = _html("thread", settle="reportqa.toLatest")
                self.offers = _html("offers")
                with gr.Group(elem_id="composer"):
                    self.hint = _html("hint")
                    with gr.Row(elem_id="ask-row"):
                        self.box = gr.Textbox(
                            placeholder=say("ask_placeholder", "zh"), label=say("chat", "zh"), show_label=False,
                            lines=1, max_lines=5, container=False, autofocus=True, elem_id="box", scale=1,
                        )  # fmt: skip
                        self.send = gr.Button(say("send", "zh"), variant="primary", elem_id="send", scale=0, min_width=80)
                        self.stop = gr.Button(say("stop", "zh"), visible=False, elem_id="stop", scale=0, min_width=80)
                    self._scope()

    def _scope(self) -> None:
        import gradio as gr

        with gr.Accordion(say("scope", "zh"), open=False, elem_id="scope") as self.scope, gr.Row():
            self.scope_reports = gr.Dropdown([], multiselect=True, label=say("scope_reports", "zh"), scale=3)
            self.scope_year = gr.Dropdown([], label=say("scope_year", "zh"), scale=1, min_width=110)
            self.scope_month = gr.Dropdown([], label=say("scope_month", "zh"), scale=1, min_width=110)

    def _reports(self) -> None:
        import gradio as gr

        with gr.Tab(say("reports", "zh"), id="reports") as self.reports_tab, gr.Column(elem_id="shelf"):
            self.welcome_files = gr.HTML("", elem_id="shelf-about", apply_default_css=False)
            self.upload = gr.File(
                file_count="multiple", type="filepath", label=say("add_reports", "zh"), show_label=False,
                elem_id="upload", height=118,
            )  # fmt: skip
            self.news = _html("news")
            self.reports = _html("reports")

    def _evaluation(self) -> None:
        import gradio as gr

        with gr.Tab(say("evaluation", "zh"), id="evaluation") as self.trial_tab, gr.Column(elem_id="trial"):
            self.about = gr.HTML("", elem_id="about", apply_default_css=False)
            with gr.Row(elem_id="trial-row"):
                names = list(self.page.trial.names)
                self.set = gr.Dropdown(names, value=names[0] if names else None, label=say("question_set", "zh"), scale=2)
                self.own_set = gr.UploadButton(say("own_set", "zh"), file_types=[".jsonl"], size="md", scale=1, elem_id="own-set")
                self.run = gr.Button(say("run", "zh"), variant="primary", scale=0, min_width=120, elem_id="run")
            self.result = _html("result")

    @property
    def shown(self) -> list[Any]:
        """The components a ``View`` fills."""
        return [self.session, self.thread, self.source, self.history, self.hint, self.offers, self.box, self.send, self.stop]

    def labels(self, language: str) -> dict[Any, Any]:
        """Every label that Gradio draws, in a language."""
        import gradio as gr

        count = [(month_text(m, None, language), m) for m in range(1, 13)]
        return {
            self.top: _top(language, self.page.shelf.status(language), self.page.auth),
            self.chat_tab: gr.update(label=say("chat", language)),
            self.reports_tab: gr.update(label=say("reports", language)),
            self.trial_tab: gr.update(label=say("evaluation", language)),
            self.box: gr.update(placeholder=say("ask_placeholder", language), label=say("chat", language)),
            self.send: gr.update(value=say("send", language)),
            self.stop: gr.update(value=say("stop", language)),
            self.take_away: gr.update(label=say("export", language)),
            self.votes: gr.update(value=say("export_votes", language)),
            self.scope: gr.update(label=say("scope", language)),
            self.scope_year: gr.update(label=say("scope_year", language)),
            self.scope_month: gr.update(label=say("scope_month", language), choices=[(say("any", language), None), *count]),
            self.welcome_files: f"<p>{_about_files(language)}</p>",
            self.upload: gr.update(label=say("add_reports", language)),
            self.about: f"<p>{say('evaluation_text', language)}</p>",
            self.set: gr.update(label=say("question_set", language)),
            self.own_set: gr.update(label=say("own_set", language)),
            self.run: gr.update(value=say("run", language)),
        }

    def stock(self, language: str) -> dict[Any, Any]:
        """What depends on which reports are indexed."""
        import gradio as gr

        reports = self.page.assistant.reports()
        years = sorted({r.year for r in reports if r.year})
        names = [(f"{r.organisation or r.title} {r.year or ''}".strip(), r.id) for r in reports]
        return {
            self.reports: self.page.shelf.show(language),
            self.scope_reports: gr.update(choices=names, label=say("scope_reports", language)),
            self.scope_year: gr.update(choices=[(say("any", language), None), *((str(y), y) for y in years)]),
        }

    def view(self, view: View) -> dict[Any, Any]:
        """A ``View`` as updates; what it leaves out stays."""
        import gradio as gr

        parts = {
            self.session: view.session, self.thread: view.thread, self.source: view.source, self.history: view.history,
            self.hint: view.hint, self.offers: view.offers, self.box: view.box,
        }  # fmt: skip
        buttons = {self.send: gr.update(visible=not view.busy), self.stop: gr.update(visible=view.busy)}
        return {component: part for component, part in parts.items() if part is not None} | buttons


def _html(name: str, *, settle: str = "null") -> Any:
    """A place that draws itself, with the presses of its buttons as the event ``act``."""
    import gradio as gr

    return gr.HTML("", elem_id=name, js_on_load=_PRESS.format(settle=settle), apply_default_css=False)


def _about_files(language: str) -> str:
    return say("upload", language, kinds=" ".join(KINDS), most=MOST_FILES, mb=MOST_MB)


def _top(language: str, status: str, auth: bool) -> str:
    side = button("side", say("history", language), inside=icon("list"), kind="tool only-narrow")
    leave = f'<a class="link" href="logout">{say("log_out", language)}</a>' if auth else ""
    return (
        f'<header class="top"><div class="brand">{side}<h1>{say("name", language)}</h1><p>{say("tagline", language)}</p></div>'
        f'<div class="tools"><span class="status">{text(status)}</span>{leave}'
        + button("language", say("other_language", language), kind="link", lang="en" if language == "zh" else "zh")
        + button("theme", say("switch_theme", language), inside=icon("sun"), kind="tool")
        + "</div></header>"
    )


def build(page: Page) -> Any:
    """The page as Gradio Blocks, not yet served."""
    import gradio as gr

    with gr.Blocks(title="report-qa", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)) as blocks:
        layout = Layout(page)
        programs.publish(page.assistant)  # first, so that its names are not taken by our own handlers
        for wire in (_arriving, _asking, _pressing, _limiting, _shelving, _trying, _taking_away, _looking):
            wire(blocks, layout)
    blocks.queue(max_size=QUEUE, default_concurrency_limit=ANSWERING, api_open=False)
    return blocks


# Nothing but the endpoints in ``programs`` is offered to other programs, and no spinner covers what is being read.
_QUIET = {"api_visibility": "private", "show_progress": "hidden"}


def _arriving(blocks: Any, layout: Layout) -> None:
    import gradio as gr

    page = layout.page

    def arrive(browser: dict[str, str] | None, request: Any) -> dict[Any, Any]:
        kept = browser if isinstance(browser, dict) else {}
        key = kept.get("key") or secrets.token_urlsafe(18)
        language = kept.get("language") or preferred(request.headers.get("accept-language"))
        owner = f"{request.username or ''}\n{key}"
        latest = next(iter(page.keeping.list(owner)), None)
        session = Session(owner=owner, language=language, generation=page.assistant.index.generation)
        if latest is not None and kept.get("conversation") == latest.id:
            session = replace(session, conversation=page.keeping.load(owner, latest.id) or session.conversation)
        return _all(layout, session) | {layout.browser: {**kept, "key": key}}

    blocks.load(
        _given(arrive, request=gr.Request), layout.browser, [*_everything(layout), layout.browser], queue=False, **_QUIET
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
    for place in (layout.source, layout.history, layout.hint, layout.result):
        place.act(handler, layout.session, layout.shown, **_QUIET).then(
            _remember, [layout.session, layout.browser], layout.browser, queue=False, **_QUIET
        )

    def switch(session: Session, browser: dict[str, str] | None, event: Any) -> dict[Any, Any]:
        language = "en" if event._data.get("lang") == "en" else "zh"
        session = replace(session, language=language)
        return _all(layout, session) | {layout.browser: {**(browser or {}), "language": language}}

    layout.top.act(
        _given(switch, event=gr.EventData), [layout.session, layout.browser], [*_everything(layout), layout.browser], **_QUIET
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
            yield {layout.tabs: gr.update(selected="chat"), layout.scope: gr.update(open=True), layout.scope_reports: [report]}
        elif what in ("remove", "reindex"):
            done = page.shelf.remove if what == "remove" else page.shelf.reindex
            yield {layout.news: done(report, session.language), **layout.stock(session.language)}

    stock = list(layout.stock("zh"))
    layout.upload.upload(add, [layout.upload, layout.session], [layout.news, layout.upload, *stock], concurrency_limit=1, **_QUIET)
    layout.reports.act(
        _given(act, event=gr.EventData), layout.session,
        list(dict.fromkeys([*layout.shown, layout.news, layout.tabs, layout.scope, *stock])), **_QUIET,
    )  # fmt: skip


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
        return {"name": "conversation.md", "type": "text/markdown", "text": export.as_markdown(session.conversation, session.language)}

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
        top = _top(session.language, page.shelf.status(session.language), page.auth)
        return {layout.session: changed, layout.top: top, **layout.stock(session.language)}

    layout.clock.tick(
        look, layout.session, [layout.session, layout.top, *layout.stock("zh")], queue=False, **_QUIET
    )


def serve(
    page: Page,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    mcp: bool = False,
    auth: str | None = None,
    wait: bool = True,
) -> Any:
    """Serve the page; the Blocks that are served. Raises ``InvalidSetting`` for a port that is taken."""
    blocks = build(page)
    try:
        blocks.launch(
            server_name=host, server_port=port, auth=login.check_of(auth) if auth else None,
            auth_message="报告问答 · Report Q&A",
            share=False, mcp_server=mcp, prevent_thread_lock=not wait, quiet=True, inbrowser=False,
            show_error=False, footer_links=[], run_history=False, allowed_paths=[], enable_monitoring=False,
            ssr_mode=False, pwa=False, max_file_size=f"{MOST_MB}mb", strict_cors=True,
            theme=theme.theme(), head=theme.head(),
        )  # fmt: skip
    except OSError as error:
        raise InvalidSetting(f"Cannot serve at {host}:{port or '7860-7959'}: {error}. Name another with --port.") from error
    return blocks
