"""From a file to a `Report` with lines, sections and periods, and to the chunks that are searched."""

from documents.assemble import read_report
from documents.chunking import chunk_report
from documents.errors import ReportQAError, UnreadableReport
from documents.report import Chunk, LineRange, Report

__all__ = ["Chunk", "LineRange", "Report", "ReportQAError", "UnreadableReport", "chunk_report", "read_report"]
