"""Hard-wrapped physical lines to running paragraphs, keeping for every character the line it stands on.

Reports arrive wrapped at 20-25 characters with a blank line after each line and page breaks in mid-sentence, so a
blank line proves nothing. What does: a mark that starts an entry or a heading, a line that ends well short of the
usual width, a full stop at the end of a line in a file that does not wrap.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from documents.marks import BOOKMARK, DATE_START, Mark, is_title, month_of, start_of
from documents.report import Line, Passage
from documents.rows import find_tables

_SENTENCE_END = re.compile(r"[。！？!?；;][”’\"』」）)]*\s*$|[.][\"')]*\s*$")
_RUNS_ON = re.compile(r"[，、,：:（(《“‘「『—\-/]\s*$")
_CONTINUES = re.compile(r"^\s*[，。、；：！？”’》）)」』】,.;:!?%％]")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$|\t.*\t| \| ")
_OPEN, _CLOSE = "《（(【“「『", "》）)】”」』"
_SHORT = 0.76  # of the usual width: a line that ends before this ended on purpose
_SHORT_MARKED = 0.9  # the same for a line that starts with a heading's mark
_WRAPPED_AT_MOST = 60  # columns (a Chinese character takes two); wider files wrap by the window, not by hand


def columns(text: str) -> int:
    """Width on a screen: East Asian characters, and the quotation marks and dashes among them, count two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text.strip())


def usual_width(lines: Sequence[Line]) -> int:
    """The width that lines fill before they wrap: the 80th percentile of the non-blank ones."""
    widths = sorted(columns(BOOKMARK.sub("", line.text)) for line in lines if line.text.strip())
    return widths[int(0.8 * (len(widths) - 1))] if widths else 0


def paragraphs(lines: Sequence[Line]) -> Iterator[Passage]:
    """Join physical lines into paragraphs, in order; blank lines belong to none.

    Every non-blank line is in exactly one paragraph. Chinese is joined without a blank, Latin words with one.
    """
    width = usual_width(lines)
    wrapped = 0 < width <= _WRAPPED_AT_MOST
    tables = find_tables(lines)
    table_end = 0
    group: list[Line] = []
    blanks = 0
    for at, line in enumerate(lines):
        if at in tables:
            if group:
                yield _join(group)
            yield from tables[at].passages
            group, table_end = [], tables[at].end
        if at < table_end:
            continue
        if not line.text.strip():
            blanks += 1
            continue
        if group and not _joins(group, line, width, wrapped=wrapped, blanks=blanks):
            yield _join(group)
            group = []
        group.append(line)
        blanks = 0
    if group:
        yield _join(group)


def _joins(group: Sequence[Line], after: Line, width: int, *, wrapped: bool, blanks: int) -> bool:
    before = group[-1]
    if before.level is not None or after.level is not None or _stands_alone(before.text) or _stands_alone(after.text):
        return False
    if _CONTINUES.match(after.text):
        return True
    if DATE_START.match(after.text) and DATE_START.match(group[0].text) and not _RUNS_ON.search(before.text):
        return False  # a chronicle whose entries do not all end in a full stop
    ended = bool(_SENTENCE_END.search(before.text))
    start = start_of(after.text)
    if start is not None and (ended or start.mark is not Mark.BULLET) and not _open_bracket(group):
        return not ended and start.mark is Mark.ARABIC and _runs_on(before, width) and wrapped and blanks == 0
    if _RUNS_ON.search(before.text) or _open_bracket(group):
        return not (before.text.rstrip().endswith(("：", ":")) and DATE_START.match(after.text))
    if not wrapped:
        return not ended and _long_enough(before, width, blanks)
    if ended and (blanks > 2 or DATE_START.match(after.text) or (is_title(after.text) and columns(after.text) < _SHORT * width)):
        return False
    short = _SHORT_MARKED if ended and start_of(before.text) and len(group) == 1 else _SHORT
    return columns(before.text) >= short * width


def _runs_on(line: Line, width: int) -> bool:
    return columns(line.text) >= 0.9 * width


def _long_enough(line: Line, width: int, blanks: int) -> bool:
    """In a file that does not wrap by hand, an unfinished line goes on only if it is no title: long, or Latin prose."""
    prose = "，" in line.text and start_of(line.text) is None
    if re.search(r"[0-9]\s*$", line.text) or (prose and columns(line.text) >= 40):
        return columns(line.text) >= 40
    if blanks == 0 and re.search(r"[A-Za-z,]\s*$", line.text) and columns(line.text) >= 50:
        return True
    return columns(line.text) >= min(width * 0.5, 60) and not re.search(r"[A-Za-z]\s*$", line.text)


def _stands_alone(text: str) -> bool:
    return bool(month_of(text) or _TABLE_ROW.search(text) or text.lstrip().startswith("#"))


def _open_bracket(group: Sequence[Line]) -> bool:
    """A bracket or quotation mark opened within the last three lines is still open.

    Only so far back: the marks in real reports do not always balance.
    """
    depth = [0] * len(_OPEN)
    for character in "".join(line.text for line in group[-3:]):
        if character in _OPEN:
            depth[_OPEN.index(character)] += 1
        elif character in _CLOSE:
            at = _CLOSE.index(character)
            depth[at] = max(0, depth[at] - 1)
    return any(depth) and len(group) < 12 and not _SENTENCE_END.search(group[-1].text)


def _join(group: Sequence[Line]) -> Passage:
    text, anchors = "", []
    for line in group:
        piece = line.text.strip().replace("\t", " ")
        if text and _needs_blank(text, piece):
            text += " "
        anchors.append((len(text), line.number))
        text += piece
    return Passage(text, tuple(anchors))


def _needs_blank(before: str, after: str) -> bool:
    """Latin words are parted by a blank; a hyphenated number or Chinese text is not."""
    return before[-1].isascii() and after[0].isascii() and (before[-1].isalnum() or before[-1] in ",.;:)\"'") and after[0] not in ",.;:)"
