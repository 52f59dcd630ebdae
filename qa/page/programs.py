"""The same for programs: ``ask``, ``search`` and ``reports``, as Gradio endpoints and as tools over MCP.

Their results are those of ``qa ask --json``, ``qa search --json`` and ``qa reports --json``, but for ``path``: where
files lie on this machine is nobody else's business (and Gradio's client would try to fetch them), so ``file`` has the
name alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from documents.errors import ReportQAError, UnknownReport
from index.scope import Scope
from qa.answer import Answer
from qa.assistant import Assistant
from qa.page.chat import MOST_CHARACTERS

MOST_HITS = 100


def functions(assistant: Assistant) -> tuple[Callable[..., Any], ...]:
    """What programs may call. Each raises a ``ReportQAError`` that says what to do instead."""

    def ask(
        question: str, reports: list[str] | None = None, year: int | None = None, month: int | None = None
    ) -> dict[str, Any]:
        """Answer a factual question from the indexed reports, with the exact lines the answer rests on.

        Args:
            question: The question, in Chinese or English.
            reports: Ids of the reports to answer from; none means all.
            year: Only statements of this year.
            month: Only statements of this month, 1 to 12.
        """
        return _served(assistant.ask(_fit(question), _scope(assistant, reports, year, month)))

    def search(
        question: str,
        reports: list[str] | None = None,
        year: int | None = None,
        month: int | None = None,
        top_k: int = 10,
    ) -> list[dict[str, Any]]:
        """Find the passages of the indexed reports that a question is about, best first, without answering it.

        Args:
            question: The question, in Chinese or English.
            reports: Ids of the reports to search; none means all.
            year: Only passages of this year.
            month: Only passages of this month, 1 to 12.
            top_k: How many passages, at most 100.
        """
        found = assistant.search(
            _fit(question), _scope(assistant, reports, year, month), top_k=max(1, min(MOST_HITS, int(top_k)))
        )
        return [hit.to_dict() for hit in found]

    def reports() -> list[dict[str, Any]]:
        """List the indexed reports: id, title, organisation, year, number of lines and passages."""
        return [
            {"id": r.id, "title": r.title, "organisation": r.organisation, "year": r.year, "digest": r.digest,
             "indexed_at": r.added_at, "lines": r.lines, "chunks": r.chunks}
            for r in assistant.reports()
        ]  # fmt: skip

    return ask, search, reports


def publish(assistant: Assistant) -> None:
    """Declare the endpoints; to be called inside the page's Blocks."""
    import gradio as gr

    for function in functions(assistant):
        gr.events.api(_told(function), api_name=function.__name__, concurrency_limit=4, concurrency_id="programs")


def _told(function: Callable[..., Any]) -> Callable[..., Any]:
    """An error that a user can act on reaches the caller as its message."""
    from functools import wraps

    import gradio as gr

    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        try:
            return function(*given, **named)
        except ReportQAError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return call


def _fit(question: str) -> str:
    from documents.errors import InvalidSetting

    question = str(question or "").strip()
    if not 0 < len(question) <= MOST_CHARACTERS:
        raise InvalidSetting(f"The question has {len(question)} characters. Give one of 1 to {MOST_CHARACTERS}.")
    return question


def _scope(assistant: Assistant, reports: list[str] | None, year: int | None, month: int | None) -> Scope:
    known = {report.id for report in assistant.reports()}
    for report in reports or ():
        if report not in known:
            raise UnknownReport(f"No report {report!r} in the index. See what there is at the endpoint /reports")
    return Scope(
        reports=frozenset(reports) if reports else None,
        years=frozenset({int(year)} if year else ()),
        months=frozenset({int(month)} if month else ()),
    )


def _served(answer: Answer) -> dict[str, Any]:
    record = answer.to_dict()
    for citation in record["citations"]:
        citation["file"] = Path(citation.pop("path")).name
    return record
