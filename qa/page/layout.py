"""The page's components in their places, and what each is filled with.

They are few, since each room draws itself as HTML; ``wiring`` says what answers which press.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.assistant import Assistant
from qa.keeping import Keeping
from qa.page.chat import Chat, View
from qa.page.evaluation import Evaluations
from qa.page.marks import button, icon, text
from qa.page.session import Session
from qa.page.shelf import News, Shelf
from qa.page.texts import say
from qa.page.trial import Trial
from qa.page.uploads import KINDS, MOST_FILES, MOST_MB, Uploads
from qa.saying.wording import month_text

LOOK_S = 3.0  # how often an open page looks for changes made elsewhere

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
        self.place = gr.State(None)
        self.seen = gr.State(News())
        self.browser = gr.BrowserState(None, storage_key="report-qa", secret="report-qa")
        self.top = _html("top")
        with gr.Row(elem_id="house", equal_height=True):
            with gr.Column(elem_id="main", scale=1), gr.Tabs(elem_id="rooms") as self.tabs:
                self._chat()
                self._reports()
                self._facts()
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
                        self.send = gr.Button(
                            say("send", "zh"), variant="primary", elem_id="send", scale=0, min_width=80
                        )
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

    def _facts(self) -> None:
        import gradio as gr

        with gr.Tab(say("facts", "zh"), id="facts") as self.facts_tab, gr.Column(elem_id="figures"):
            self.about_facts = gr.HTML("", elem_id="facts-about", apply_default_css=False)
            self.facts = _html("facts", settle="reportqa.toFacts")

    def _evaluation(self) -> None:
        import gradio as gr

        with gr.Tab(say("evaluation", "zh"), id="evaluation") as self.trial_tab, gr.Column(elem_id="trial"):
            self.about = gr.HTML("", elem_id="about", apply_default_css=False)
            with gr.Row(elem_id="trial-row"):
                names = list(self.page.trial.names)
                self.set = gr.Dropdown(
                    names, value=names[0] if names else None, label=say("question_set", "zh"), scale=2
                )
                self.own_set = gr.UploadButton(
                    say("own_set", "zh"), file_types=[".jsonl"], size="md", scale=1, elem_id="own-set"
                )
                self.run = gr.Button(say("run", "zh"), variant="primary", scale=0, min_width=120, elem_id="run")
            self.result = _html("result")

    @property
    def shown(self) -> list[Any]:
        """The components a ``View`` fills."""
        return [
            self.session,
            self.thread,
            self.place,
            self.source,
            self.history,
            self.hint,
            self.offers,
            self.box,
            self.send,
            self.stop,
        ]

    def labels(self, language: str) -> dict[Any, Any]:
        """Every label that Gradio draws, in a language."""
        import gradio as gr

        count = [(month_text(m, None, language), m) for m in range(1, 13)]
        return {
            self.top: self.head(language),
            self.chat_tab: gr.update(label=say("chat", language)),
            self.reports_tab: gr.update(label=say("reports", language)),
            self.facts_tab: gr.update(label=say("facts", language)),
            self.about_facts: f"<p>{say('facts_text', language)}</p>",
            self.trial_tab: gr.update(label=say("evaluation", language)),
            self.box: gr.update(placeholder=say("ask_placeholder", language), label=say("chat", language)),
            self.send: gr.update(value=say("send", language)),
            self.stop: gr.update(value=say("stop", language)),
            self.take_away: gr.update(label=say("export", language)),
            self.votes: gr.update(value=say("export_votes", language)),
            self.scope: gr.update(label=say("scope", language)),
            self.scope_year: gr.update(label=say("scope_year", language)),
            self.scope_month: gr.update(
                label=say("scope_month", language), choices=[(say("any", language), None), *count]
            ),
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

    def head(self, language: str, *, changing: bool = False) -> str:
        """The top of the page, which tells everybody what is being indexed."""
        shelf = self.page.shelf
        doing = shelf.doing(language) or (say("changing", language) if changing else "")
        return top_of(language, shelf.status(language), doing, self.page.auth)

    def about_report(self, report: str) -> dict[Any, Any]:
        """The chat, limited to a report."""
        import gradio as gr

        return {
            self.tabs: gr.update(selected="chat"),
            self.scope: gr.update(open=True),
            self.scope_reports: [report],
        }

    def view(self, view: View, before: Session | None = None) -> dict[Any, Any]:
        """A ``View`` as updates; what it leaves out stays, as does a session that is the one ``before``."""
        import gradio as gr

        parts = {
            self.session: view.session, self.thread: view.thread, self.source: view.source, self.history: view.history,
            self.hint: view.hint, self.offers: view.offers, self.box: view.box,
        }  # fmt: skip
        shown: dict[Any, Any] = {component: part for component, part in parts.items() if part is not None}
        if view.session is before:
            del shown[self.session]
        if view.source is not None:
            shown[self.place] = view.place
        if view.thread is not None or view.busy:
            shown |= {self.send: gr.update(visible=not view.busy), self.stop: gr.update(visible=view.busy)}
        return shown


def _html(name: str, *, settle: str = "null") -> Any:
    """A place that draws itself, with the presses of its buttons as the event ``act``."""
    import gradio as gr

    return gr.HTML("", elem_id=name, js_on_load=_PRESS.format(settle=settle), apply_default_css=False)


def _about_files(language: str) -> str:
    return say("upload", language, kinds=" ".join(KINDS), most=MOST_FILES, mb=MOST_MB)


def top_of(language: str, status: str, doing: str, auth: bool) -> str:
    """The head of the page. ``doing`` is what goes on with the reports; the texts Gradio has no translation for lie
    in its attributes, for the script to put in their place."""
    side = button("side", say("history", language), inside=icon("list"), kind="tool only-narrow")
    leave = f'<a class="link" href="logout">{say("log_out", language)}</a>' if auth else ""
    dots = '<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>'
    now = (
        f'<span class="status doing" role="status" title="{text(doing)}">{dots}<span>{text(doing)}</span></span>'
        if doing
        else f'<span class="status">{text(status)}</span>'
    )
    return (
        f'<header class="top" data-lang="{language}" data-full="{say("queue_full", language)}" '
        f'data-lost="{say("lost", language)}"><div class="brand">{side}<h1>{say("name", language)}</h1><p>'
        f"{say('tagline', language)}</p></div>"
        f'<div class="tools">{now}{leave}'
        + button("language", say("other_language", language), kind="link", lang="en" if language == "zh" else "zh")
        + button("theme", say("switch_theme", language), inside=icon("sun"), kind="tool")
        + "</div></header>"
    )
