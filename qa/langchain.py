"""For LangChain users: our search as a retriever. Needs the extra ``[langchain]``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index.scope import Scope
from index.store import Index
from qa.assistant import Assistant
from qa.passages import assistant_over, chunk_metadata, scope_within, sources

__all__ = ["ReportRetriever"]


class ReportRetriever(BaseRetriever):
    """Chunks of the reports, best first, each a `Document` that says its report, lines, section and month.

    ``source`` is an open `Index`, or an `Assistant` over one. ``reports`` (ids), ``years`` and ``months`` are a hard
    limit: outside of it nothing is found. Raises ``UnknownReport`` for an id that is not indexed.
    """

    assistant: Assistant
    scope: Scope
    top_k: int = 10

    def __init__(
        self,
        source: Assistant | Index,
        *,
        reports: Collection[str] | None = None,
        years: Iterable[int] = (),
        months: Iterable[int] = (),
        **options: Any,
    ):
        assistant = assistant_over(source)
        fields: dict[str, Any] = {"assistant": assistant, "scope": scope_within(assistant, reports, years, months)}
        super().__init__(**fields, **options)

    def _get_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
        hits = self.assistant.search(query, self.scope, top_k=self.top_k)
        known = sources(self.assistant, {hit.chunk.report_id for hit in hits})
        return [
            Document(
                id=hit.chunk.id,
                page_content=hit.chunk.text,
                metadata=chunk_metadata(hit.chunk, known[hit.chunk.report_id]) | {"score": hit.score},
            )
            for hit in hits
        ]
