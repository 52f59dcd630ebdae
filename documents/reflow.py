"""Hard-wrapped physical lines to running paragraphs, keeping for every character the line it stands on.

Reports arrive wrapped at 20-25 characters with a blank line after each line and page breaks in mid-sentence, so in
them a blank line proves nothing. What does: a mark that starts an entry or a heading, a line that ends well short of
the usual width, a full stop at the end of a line in a file that does not wrap. In English prose a blank line is the
end of a paragraph, and the test of a line end is whether the next word would still have fitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from documents.layout import SENTENCE_END, Layout, columns, is_latin, layout_of, starts_small
from documents.marks import BOOKMARK, DATE_START, DAY_START, Mark, in_capitals, is_title, month_of, start_of, year_of
from documents.report import Line, Passage
from documents.rows import find_tables

_RUNS_ON = re.compile(r"[，、,：:（(《“‘「『—\-/]\s*$")
_COLON = re.compile(r"[：:]\s*$")
# A remark in brackets goes on, unless it stands alone on its line as the date under a title does.
_CUT_NUMBER = re.compile(r"[\u4e00-\u9fff]\s?\d{1,3}([.,])\s*$")
_MARKED = re.compile(r"\d{1,2}\s*[.．、)）]\s*(?!\d)")  # the number of an item
_CONTINUES = re.compile(
    r"^\s*(?:[，。、；：！？”’》）)」』】,.;:!?%％]|[（(](?!\s*(?:[一二三四五六七八九十]+|\d+)\s*[)）])[^()（）]{0,40}[，、；][^()（）]*[)）].)"
)
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$|\t.*\t| \| |^\s*\S.*\S\s{3,}\S.*\S\s{2,}\S")
_RULER = re.compile(r"^\s*([-=_*~—])\1{2,}\s*$")
_INNER = re.compile(r"[，。；：、]")
_OPEN, _CLOSE = "《（(【“「『", "》）)】”」』"
_SHORT = 0.73  # of the usual width: a line that ends before this ended on purpose
_SHORT_MARKED = 0.86  # the same for a line that starts with a heading's mark
# English: a next word that fits into this much of the width was put on a new line on purpose.
_FITS_ENDED, _FITS = 0.92, 0.7
# Columns, in a file that is not wrapped: an unfinished line so long may be prose, or is no title whatever it holds.
_LONG, _VERY_LONG = 40, 70
_LONGEST_HEADING = 88  # columns


def paragraphs(lines: Sequence[Line]) -> Iterator[Passage]:
    """Join physical lines into paragraphs, in order; blank lines belong to none.

    Every non-blank line is in exactly one paragraph. Chinese is joined without a blank, Latin words with one.
    """
    layout = layout_of(lines)
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
        if group and not _joins(group, line, layout, blanks):
            yield _join(group)
            group = []
        group.append(line)
        blanks = 0
    if group:
        yield _join(group)


def _joins(group: Sequence[Line], after: Line, layout: Layout, blanks: int) -> bool:
    before = group[-1]
    if before.level is not None or after.level is not None or _stands_alone(before.text) or _stands_alone(after.text):
        return False
    if _CONTINUES.match(after.text) or _number_parted(before.text, after.text):
        return True
    ended = SENTENCE_END.search(before.text) is not None
    if _begins(group, after, layout, blanks, ended=ended):
        return False
    if is_latin(before.text) and is_latin(after.text):
        return _latin_joins(group, after, layout, blanks, ended=ended)
    if _RUNS_ON.search(before.text) or _open_bracket(group):
        return not (_COLON.search(before.text) and DATE_START.match(after.text))
    if not layout.wrapped:
        return not ended and _unfinished(before)
    return _wrapped_joins(group, after, layout, blanks, ended=ended)


def _begins(group: Sequence[Line], after: Line, layout: Layout, blanks: int, *, ended: bool) -> bool:
    """The line starts an entry or a heading, or is indented as paragraphs are."""
    before = group[-1].text
    if DATE_START.match(after.text) and DATE_START.match(group[0].text) and not _RUNS_ON.search(before):
        return True  # a chronicle whose entries do not all end in a full stop
    if ended and after.text.startswith("\u3000\u3000") and not before.startswith("\u3000\u3000"):
        return True
    start = start_of(after.text)
    if start is None or _open_bracket(group):
        return False
    first = start_of(group[0].text)
    if ended or (first is not None and first.mark is start.mark):
        return True
    if start.mark is Mark.BULLET:
        return _COLON.search(before) is not None
    # A figure that wrapping put at the start of a line: "… 68 volumes,\n3. of them …"
    full = layout.wrapped and columns(before) >= 0.9 * layout.width
    return not (full and start.mark in (Mark.ARABIC, Mark.DECIMAL) and (blanks == 0 or start.mark is Mark.DECIMAL))


def _latin_joins(group: Sequence[Line], after: Line, layout: Layout, blanks: int, *, ended: bool) -> bool:
    before, small = group[-1].text, starts_small(after.text)
    if in_capitals(before) != in_capitals(after.text) or (_margin(after.text) > _margin(before) + 1 and ended):
        return False
    if blanks and (layout.blanks_part or not layout.wrapped):  # only a page break comes in mid-sentence
        return small and not ended and columns(before) >= _FITS * max(layout.width, _LONG)
    if not ended and small:
        return True
    if not layout.wrapped:
        return False
    if ended and _COLON.search(after.text):
        return False
    word = after.text.split(maxsplit=1)[0]
    return columns(before) + 1 + len(word) > (_FITS_ENDED if ended else _FITS) * layout.width


def _wrapped_joins(group: Sequence[Line], after: Line, layout: Layout, blanks: int, *, ended: bool) -> bool:
    before, short = group[-1].text, _SHORT
    if ended:
        if blanks > 2 or (blanks and layout.blanks_part) or DATE_START.match(after.text) or DAY_START.match(after.text):
            return False
        if is_title(after.text) and columns(after.text) < _SHORT * layout.width:
            return False
        short = _SHORT_MARKED if len(group) == 1 and start_of(before) else _SHORT
    return columns(before) >= short * layout.width


def _unfinished(before: Line) -> bool:
    """In a file that does not wrap, an unfinished line goes on only if it is prose: long, with a comma in it."""
    width = columns(BOOKMARK.sub("", before.text))
    if width < _LONG or is_title(before.text):
        return False
    if start_of(before.text):
        return width >= _LONGEST_HEADING
    return width >= _VERY_LONG or _INNER.search(before.text) is not None or before.text.rstrip()[-1:].isdigit()


def _margin(text: str) -> int:
    return len(text) - len(text.lstrip())


def _stands_alone(text: str) -> bool:
    if month_of(text) or _TABLE_ROW.search(text) or _RULER.match(text) or text.lstrip().startswith("#"):
        return True
    year = year_of(text)
    return year is not None and year[1]


def _open_bracket(group: Sequence[Line]) -> bool:
    """A bracket or quotation mark opened within the last three lines is still open.

    Only so far back: the marks in real reports do not always balance.
    """
    if len(group) >= 12 or SENTENCE_END.search(group[-1].text):
        return False
    depth = dict.fromkeys(_OPEN, 0)
    for character in "".join(line.text for line in group[-3:]):
        if character in depth:
            depth[character] += 1
        elif character in _CLOSE:
            opened = _OPEN[_CLOSE.index(character)]
            depth[opened] = max(0, depth[opened] - 1)
    return any(depth.values())


def _join(group: Sequence[Line]) -> Passage:
    text, anchors = "", []
    for line in group:
        piece = line.text.strip().replace("\t", " ")
        cut = text[-1:].isdigit() and piece[0].isdigit() and not is_latin(text)  # 2 and 6.8万元: one number
        cut = cut or _number_parted(text, piece)
        if text and not cut and _needs_blank(text[-1], piece[0]):
            text += " "
        anchors.append((len(text), line.number))
        text += piece
    return Passage(text, tuple(anchors))


def _number_parted(before: str, after: str) -> bool:
    """Whether a number of Chinese text was cut at its point or its comma: 共计1. and 71万册, 1, and 234人次."""
    head, rest = _CUT_NUMBER.search(before), after.lstrip()
    if head is None or _MARKED.match(rest):
        return False
    return rest[:1].isdigit() if head[1] == "." else re.match(r"\d{3}(?!\d)", rest) is not None


def _needs_blank(before: str, after: str) -> bool:
    """Latin words are parted by a blank; a hyphenated number or Chinese text is not."""
    if not (before.isascii() and after.isascii()):
        return False
    return (before.isalnum() or before in ",.;:)\"'") and after not in ",.;:)"
