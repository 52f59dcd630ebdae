"""The shims for llama-index and LangChain: what they hand on, how hard the scope is; nothing asks the network."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_index.core import Document, SimpleDirectoryReader
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import MetadataMode
from llama_index.core.tools import QueryEngineTool, RetrieverTool
from support import ROOT, write_report

from documents.errors import UnknownReport, UnreadableReport
from index import Index
from index.embedding import load_embedder
from index.lexicon import Lexicon
from qa.assistant import Assistant
from qa.health import examine
from qa.langchain import ReportRetriever as LangChainRetriever
from qa.llamaindex import ReportNodeParser, ReportQueryEngine, ReportRetriever, add_documents
from qa.settings import Settings

ASKED = "昆图年底总藏书量有多少册？"
GUIDE = (ROOT / "docs" / "llama-index.md").read_text(encoding="utf-8")
REFUSING = """
import sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"):
        print("tried", event, arguments, file=sys.stderr)
        raise ConnectionRefusedError(f"no network in this test: {event}")

sys.addaudithook(refuse)
"""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "home", load_embedder("builtin"), create=True, lexicon=Lexicon.load(None)) as index:
        yield index


def qingshan(text: str = "", **metadata: object) -> Document:
    lines = ["青山市图书馆2019年工作总结", "", "一、文献资源", "2019年新增图书1234册。", text]
    return Document(text="\n".join(lines), metadata={"file_name": "qingshan-2019.txt", **metadata})


def test_the_examples_of_the_guide_run_and_try_no_connection(tmp_path: Path) -> None:
    examples = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    printed = []
    for example in examples:
        command = [sys.executable, "-c", REFUSING + example]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True, encoding="utf-8")
        assert "tried" not in done.stderr
        printed.append(done.stdout)
    assert printed[0] == shown
    assert "2019年新增图书1234册。" in printed[1]


# The retriever


def test_a_retrieved_node_says_where_it_stands(assistant: Assistant) -> None:
    (found, *_) = ReportRetriever(assistant, months=[3], top_k=1).retrieve("昆山讲座")
    told = found.node.metadata
    assert (told["report"], told["month"], told["file_name"]) == ("kunshan-2019", 3, "kunshan-2019.txt")
    lines = assistant.report("kunshan-2019").lines[told["start_line"] - 1 : told["end_line"]]
    assert "".join(found.node.text.split()) in "".join("".join(line.text.split()) for line in lines)
    assert found.node.ref_doc_id == "kunshan-2019"
    assert found.score > 0


def test_retrieving_twice_gives_the_same_ids(assistant: Assistant) -> None:
    ids = [[n.node.node_id for n in ReportRetriever(assistant).retrieve(ASKED)] for _ in range(2)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 10


def test_the_retriever_s_scope_is_hard(assistant: Assistant) -> None:
    found = ReportRetriever(assistant, reports=["xuchang-2019"], top_k=50).retrieve("昆山新增图书")
    assert {node.node.metadata["report"] for node in found} <= {"xuchang-2019"}
    assert ReportRetriever(assistant, years=[1987]).retrieve("新增图书") == []
    assert ReportRetriever(assistant, reports=[]).retrieve("新增图书") == []
    with pytest.raises(UnknownReport, match="kunshan-2019"):
        ReportRetriever(assistant, reports=["nowhere-1999"])


def test_what_only_machines_want_stays_out_of_prompts(assistant: Assistant) -> None:
    node = ReportQueryEngine(assistant).query(ASKED).source_nodes[0].node
    shown = node.get_content(metadata_mode=MetadataMode.LLM)
    assert "report: kunshan-2019" in shown
    assert not {"digest", "file_path"} & set(re.findall(r"^(\w+): ", shown, re.MULTILINE))


def test_the_retriever_can_be_an_agent_s_tool(assistant: Assistant) -> None:
    tool = RetrieverTool.from_defaults(ReportRetriever(assistant), name="reports", description="library reports")
    assert "report: kunshan-2019" in str(tool.call(ASKED))


# The query engine


def test_an_answer_s_citations_are_its_source_nodes(assistant: Assistant) -> None:
    response = ReportQueryEngine(assistant).query(ASKED)
    answer = assistant.ask(ASKED)
    (source,) = response.source_nodes
    told = source.node.metadata
    assert (str(response), response.metadata["short"]) == (answer.text, "3008005册")
    assert (told["report"], told["start_line"], told["end_line"], told["citation"]) == ("kunshan-2019", 149, 149, 1)
    assert source.node.text == answer.citations[0].quote
    assert source.node.node_id == "kunshan-2019:L149"


def test_an_abstention_is_told_and_has_no_sources(assistant: Assistant) -> None:
    response = ReportQueryEngine(assistant).query("洛阳市图书馆2019年接待读者多少人次？")
    assert response.metadata["abstained"]
    assert response.metadata["reason"]
    assert response.source_nodes == []


def test_the_engine_s_scope_is_hard(assistant: Assistant) -> None:
    engine = ReportQueryEngine(assistant, reports=["xuchang-2019"])
    assert engine.query("昆图年底总藏书量有多少册？").metadata["abstained"]
    assert engine.query("新增图书多少册？").source_nodes[0].node.metadata["report"] == "xuchang-2019"


def test_asking_asynchronously_gives_the_same(assistant: Assistant) -> None:
    engine, retriever = ReportQueryEngine(assistant), ReportRetriever(assistant)
    assert str(asyncio.run(engine.aquery(ASKED))) == str(engine.query(ASKED))
    found = asyncio.run(retriever.aretrieve(ASKED))
    assert [n.node.node_id for n in found] == [n.node.node_id for n in retriever.retrieve(ASKED)]


def test_the_engine_can_be_an_agent_s_tool(assistant: Assistant) -> None:
    tool = QueryEngineTool.from_defaults(ReportQueryEngine(assistant), name="reports", description="library reports")
    assert "3008005" in str(tool.call(ASKED))


# Nodes


def test_parsed_nodes_are_chunks_with_their_lines_and_the_document_as_their_source(folder: Path) -> None:
    write_report(folder / "qingshan-2019.txt", "青山", 1234, "3月，读者节开幕。")
    documents = SimpleDirectoryReader(folder).load_data()
    nodes = ReportNodeParser().get_nodes_from_documents(documents)
    (books,) = [node for node in nodes if "1234" in node.text]
    assert (books.metadata["section"], books.metadata["year"]) == ("青山市图书馆2019年工作总结 › 文献资源", 2019)
    assert books.metadata["start_line"] <= 4 <= books.metadata["end_line"]
    assert {node.ref_doc_id for node in nodes} == {documents[0].doc_id}
    assert "file_size" in books.excluded_embed_metadata_keys  # as the reader wants it
    assert books.next_node.node_id == nodes[nodes.index(books) + 1].node_id


def test_a_file_parsed_again_has_the_same_ids_and_another_of_its_name_has_others() -> None:
    def ids(path: str) -> list[str]:
        document = qingshan(file_path=path)
        return [node.node_id for node in ReportNodeParser().get_nodes_from_documents([document])]

    assert ids("2019/report.txt") == ids("2019/report.txt")
    assert not set(ids("2019/report.txt")) & set(ids("2020/report.txt"))


def test_a_smaller_limit_makes_more_nodes() -> None:
    document = qingshan("".join(f"{n}月举办讲座{n}场，到场读者{n}00人次。" for n in range(1, 13)))
    few, many = (ReportNodeParser(max_tokens=most).get_nodes_from_documents([document]) for most in (256, 40))
    assert len(few) < len(many)


def test_parsed_nodes_go_through_other_parsers_and_back() -> None:
    split = SentenceSplitter(chunk_size=64, chunk_overlap=0).get_nodes_from_documents([qingshan("开放。" * 100)])
    assert "1234" in "".join(node.text for node in ReportNodeParser()(split))


# Documents as reports


def test_documents_of_one_file_become_one_report_with_pages(empty: Index) -> None:
    second = {"file_name": "qingshan-2019.txt", "page_label": "2"}
    pages = [qingshan(page_label="1"), Document(text="二、服务\n接待读者56789人次。", metadata=second)]
    assert add_documents(empty, pages) == ["qingshan-2019"]
    answer = Assistant(empty).ask("青山市图书馆2019年接待读者多少人次？")
    assert (answer.short, answer.citations[0].page) == ("56789人次", 2)
    assert answer.citations[0].path == "qingshan-2019.txt"


def test_a_document_added_again_replaces_its_report(empty: Index) -> None:
    add_documents(empty, [qingshan()])
    add_documents(empty, [qingshan("2019年举办讲座56场。")])
    assert [report.id for report in empty.reports()] == ["qingshan-2019"]
    assert Assistant(empty).ask("青山市图书馆2019年举办讲座多少场？").short == "56场"


def test_files_of_one_name_in_two_folders_are_two_reports(empty: Index) -> None:
    added = add_documents(empty, [qingshan(file_path="a/report.txt"), qingshan(file_path="b/report.txt")])
    assert added[0] == "report"
    assert added[1].startswith("report-")
    assert add_documents(empty, [qingshan(file_path="b/report.txt")]) == [added[1]]


def test_what_is_given_goes_before_what_would_be_inferred(empty: Index) -> None:
    add_documents(empty, [qingshan()], organisation="白水市图书馆", year=2031)
    assert [(r.organisation, r.year) for r in empty.reports()] == [("白水市图书馆", 2031)]


def test_a_document_without_text_is_refused_and_nothing_is_added(empty: Index) -> None:
    with pytest.raises(UnreadableReport, match="holds no text"):
        add_documents(empty, [qingshan(), Document(text=" \n", metadata={"file_name": "blank.txt"})])
    assert empty.reports() == []


def test_a_report_that_is_no_file_is_none_that_the_doctor_misses(empty: Index, tmp_path: Path) -> None:
    add_documents(empty, [qingshan()])
    assert all(check.ok for check in examine(Settings(tmp_path / "home"), lambda settings: empty))


# LangChain


def test_langchain_gets_the_same_hits_in_the_same_scope(assistant: Assistant) -> None:
    retriever = LangChainRetriever(assistant, reports=["kunshan-2019"], months=[3], top_k=3)
    found = retriever.invoke("讲座")
    assert [d.id for d in found] == [hit.chunk.id for hit in assistant.search("讲座", retriever.scope, top_k=3)]
    assert {(d.metadata["report"], d.metadata["month"]) for d in found} == {("kunshan-2019", 3)}
    assert [d.id for d in asyncio.run(retriever.ainvoke("讲座"))] == [d.id for d in found]
    with pytest.raises(UnknownReport):
        LangChainRetriever(assistant, reports=["nowhere-1999"])
