"""From a file to a `Report` with lines, sections and periods, and to the chunks that are searched."""

from documents.errors import ReportQAError, UnreadableReport
from documents.report import Chunk, Line, LineRange, Report, Section

__all__ = ["Chunk", "Line", "LineRange", "Report", "ReportQAError", "Section", "UnreadableReport"]
