"""For llama-index users: our search as a retriever, our answers as a query engine, our chunks as nodes.

Its documents come in as reports too. The import of llama_index.core takes more than a second: only who imports this
module pays for it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.bridge.pydantic import Field
from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import (
    BaseNode,
    MetadataMode,
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from documents.assemble import report_from
from documents.chunking import MAX_TOKENS, chunk_report
from documents.decoding import split_lines
from documents.errors import UnreadableReport
from documents.readers import Content
from documents.report import Chunk, Line, Report
from index.scope import Hit, Scope
from index.store import Index
from qa.answer import Answer, Answerer, Citation
from qa.assistant import Assistant
from qa.ingest import new_id
from qa.passages import Metadata, Source, assistant_over, chunk_metadata, citation_metadata, scope_within, sources

__all__ = ["ReportNodeParser", "ReportQueryEngine", "ReportRetriever", "add_documents"]

_SAID = ("short", "abstained", "reason", "conflicts", "scope", "answerer", "confidence", "model")
_NOT_FOR_MODELS = ["file_path", "file_name", "digest", "stance", "citation"]


class ReportRetriever(BaseRetriever):
    """Chunks of the reports, best first, each a `TextNode` that says its report, lines, section and month.

    ``source`` is an open `Index`, or an `Assistant` over one. ``reports`` (ids), ``years`` and ``months`` are a hard
    limit: outside of it nothing is found. Raises ``UnknownReport`` for an id that is not indexed.
    """

    def __init__(
        self,
        source: Assistant | Index,
        *,
        reports: Collection[str] | None = None,
        years: Iterable[int] = (),
        months: Iterable[int] = (),
        top_k: int = 10,
        **options: Any,
    ):
        self._assistant = assistant_over(source)
        self._scope = scope_within(self._assistant, reports, years, months)
        self._top_k = top_k
        super().__init__(**options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return _hit_nodes(self._assistant, query_bundle.query_str, self._scope, self._top_k)

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class ReportQueryEngine(BaseQueryEngine):
    """Checked answers. ``source_nodes`` are the answer's citations, one node each: the verbatim lines it rests on.

    An abstention has ``metadata["abstained"]`` and no source nodes. ``answerer`` is ``auto`` (the assistant's language
    model, if it has one), ``extractive`` or ``llm``; the other arguments are those of `ReportRetriever`.
    """

    def __init__(
        self,
        source: Assistant | Index,
        *,
        reports: Collection[str] | None = None,
        years: Iterable[int] = (),
        months: Iterable[int] = (),
        top_k: int = 10,
        answerer: Answerer = "auto",
        callback_manager: Any = None,
    ):
        self._assistant = assistant_over(source)
        self._scope = scope_within(self._assistant, reports, years, months)
        self._top_k = top_k
        self._answerer = answerer
        super().__init__(callback_manager)

    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """The chunks a question finds, as a `ReportRetriever` with the same limits gives them."""
        return _hit_nodes(self._assistant, query_bundle.query_str, self._scope, self._top_k)

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._assistant.ask(query_bundle.query_str, self._scope, answerer=self._answerer)
        known = sources(self._assistant, {citation.report_id for citation in answer.citations})
        nodes = [_citation_node(c, known[c.report_id], answer.confidence) for c in answer.citations]
        return Response(answer.text, source_nodes=nodes, metadata=_said(answer))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}  # no prompt of an answer can be exchanged: what it may say is what the check lets through


class ReportNodeParser(NodeParser):
    """Documents to nodes by section and, in a chronicle, by month; never across a heading.

    Documents of one file (a reader may give one a page) are read as one report. A node's id is the same whenever the
    same file is parsed again. ``max_tokens`` is the largest chunk, as tiktoken counts.
    """

    max_tokens: int = Field(default=MAX_TOKENS, gt=0, description="The most tokens a chunk may have.")

    def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **options: Any) -> list[BaseNode]:
        return [node for group in _by_file(nodes) for node in self._nodes(group)]

    def _nodes(self, documents: Sequence[BaseNode]) -> Iterator[TextNode]:
        report, at = _report(documents, _file(documents[0]))
        for chunk in chunk_report(report, max_tokens=self.max_tokens):
            document = at[chunk.lines.start]
            node = _chunk_node(chunk, Source.of(report))
            node.id_ = str(uuid5(NAMESPACE_URL, f"report-qa:{report.source}#{chunk.id}"))  # some stores take no other
            node.relationships[NodeRelationship.SOURCE] = document.as_related_node_info()
            node.excluded_llm_metadata_keys = [*document.excluded_llm_metadata_keys, *_NOT_FOR_MODELS]
            node.excluded_embed_metadata_keys = [*document.excluded_embed_metadata_keys, *_NOT_FOR_MODELS]
            yield node


def add_documents(
    index: Index, documents: Sequence[BaseNode], *, organisation: str | None = None, year: int | None = None
) -> list[str]:
    """Put documents of llama-index readers into an index, one report a file; their ids.

    The report's name is the document's ``file_path`` or ``file_name``, or else its own id; ``page_label`` numbers the
    pages. A report of the same name is replaced. Raises ``UnreadableReport`` for a file without text, ``IndexLocked``.
    """
    held = {report.source: report.id for report in index.reports()}
    reports = []
    for group in _by_file(documents):
        path = _file(group[0])
        held.setdefault(str(path), new_id(path, held.values()))
        reports.append(_report(group, path, held[str(path)], organisation, year)[0])
    index.add_many((report, chunk_report(report)) for report in reports)
    return [report.id for report in reports]


def _by_file(documents: Iterable[BaseNode]) -> Iterable[list[BaseNode]]:
    groups: dict[Path, list[BaseNode]] = {}
    for document in documents:
        groups.setdefault(_file(document), []).append(document)
    return groups.values()


def _file(document: BaseNode) -> Path:
    told = document.metadata.get("file_path") or document.metadata.get("file_name")
    return Path(str(told or document.ref_doc_id or document.node_id))


def _report(
    documents: Sequence[BaseNode],
    path: Path,
    report_id: str | None = None,
    organisation: str | None = None,
    year: int | None = None,
) -> tuple[Report, dict[int, BaseNode]]:
    """The report that documents of one file make, and the document of each line. Raises ``UnreadableReport``."""
    lines: list[Line] = []
    at: dict[int, BaseNode] = {}
    digest = hashlib.sha256()
    for document in documents:
        text = document.get_content(metadata_mode=MetadataMode.NONE)
        digest.update(text.encode("utf-8", "replace"))
        label = str(document.metadata.get("page_label", ""))
        for line in split_lines(text):
            lines.append(Line(len(lines) + 1, line, int(label) if label.isdecimal() else None))
            at[len(lines)] = document
    if not any(line.text.strip() for line in lines):
        raise UnreadableReport(f"The document {path} holds no text. Check how it was read.")
    content = Content(tuple(lines), digest.hexdigest())
    return report_from(content, path, report_id=report_id, organisation=organisation, year=year), at


def _hit_nodes(assistant: Assistant, question: str, scope: Scope, top_k: int) -> list[NodeWithScore]:
    hits: list[Hit] = assistant.search(question, scope, top_k=top_k)
    known = sources(assistant, {hit.chunk.report_id for hit in hits})
    return [NodeWithScore(node=_chunk_node(hit.chunk, known[hit.chunk.report_id]), score=hit.score) for hit in hits]


def _chunk_node(chunk: Chunk, source: Source) -> TextNode:
    return _node(chunk.id, chunk.text, chunk_metadata(chunk, source))


def _citation_node(citation: Citation, source: Source, score: float) -> NodeWithScore:
    node = _node(f"{citation.report_id}:{citation.lines}", citation.quote, citation_metadata(citation, source))
    return NodeWithScore(node=node, score=score)


def _node(node_id: str, text: str, metadata: Metadata) -> TextNode:
    report = RelatedNodeInfo(node_id=str(metadata["report"]))
    return TextNode(
        id_=node_id,
        text=text,
        metadata=dict(metadata),
        excluded_llm_metadata_keys=_NOT_FOR_MODELS,
        excluded_embed_metadata_keys=_NOT_FOR_MODELS,
        relationships={NodeRelationship.SOURCE: report},
    )


def _said(answer: Answer) -> dict[str, Any]:
    """What an answer says beside its text and citations, in the words of ``qa ask --json``."""
    record = answer.to_dict()
    return {key: record[key] for key in _SAID if key in record}
