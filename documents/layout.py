"""How a text is laid out: wrapped by hand or not, how wide, and whether its blank lines mean anything.

Known before lines are joined, because the same line end reads differently in each: a break in mid-sentence where text
is wrapped, the end of a paragraph where it is not. Wrapping shows in joints: a line that fills the width and does not
end a sentence, with another line after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from documents.marks import BOOKMARK, start_of
from documents.report import Line

SENTENCE_END = re.compile(r"[。！？!?；;][”’\"』」）)]*\s*$|[.][\"')”’]*\s*$")
# East Asian characters, and the quotation marks and dashes among them.
_WIDE = re.compile(
    "[\u1100-\u115f\u2010-\u2027\u2030-\u205e\u2460-\u27bf\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003fffd§×·°]+"
)
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_LOWER = re.compile(r"\s*[\"'“‘(]?[a-z\u00df-\u00ff]")
_FULL = 0.8  # of the width: what a line fills that was wrapped
_WIDEST = 120  # columns; what is wider wraps by the window, not by hand
_JOINTS_LATIN, _JOINTS_HAN = 0.05, 0.15  # share of lines; a small letter after the joint makes the Latin ones sure


@dataclass(frozen=True, slots=True)
class Layout:
    """``width``, in columns, is what lines fill before they wrap; ``blanks_part``: a blank line ends a paragraph."""

    width: int
    wrapped: bool
    blanks_part: bool


def columns(text: str) -> int:
    """Width on a screen: East Asian characters, and the quotation marks and dashes among them, count two.

    >>> columns("馆藏 12 册"), columns("“books”")
    (10, 9)
    """
    text = text.strip()
    return len(text) if text.isascii() else 2 * len(text) - len(_WIDE.sub("", text))


def is_latin(text: str) -> bool:
    """Written in Latin letters, no Chinese among them."""
    return _LATIN.search(text) is not None and _HAN.search(text) is None


def starts_small(text: str) -> bool:
    """Begins with a small letter, as only the middle of a sentence does."""
    return _LOWER.match(text) is not None


def layout_of(lines: Sequence[Line]) -> Layout:
    """Measure a file: the width is the 95th percentile of its non-blank lines."""
    filled = [(line, columns(BOOKMARK.sub("", line.text))) for line in lines if line.text.strip()]
    widths = sorted(width for _, width in filled)
    width = widths[int(0.95 * (len(widths) - 1))] if widths else 0
    overlong = sum(w > 1.3 * width for w in widths)
    if not 0 < width <= _WIDEST or overlong > 0.02 * len(widths):
        return Layout(width, wrapped=False, blanks_part=False)
    latin, han = _joints(filled, width)
    wrapped = len(latin) >= max(2, _JOINTS_LATIN * len(filled)) or len(han) >= max(2, _JOINTS_HAN * len(filled))
    spaced = sum(gap > 1 for gap in latin + han) > 0.5 * len(latin + han)
    return Layout(width, wrapped, blanks_part=wrapped and not spaced)


def _joints(filled: Sequence[tuple[Line, int]], width: int) -> tuple[list[int], list[int]]:
    """Where a full line runs into the next, in Latin and in Chinese text: how many lines further down that one is."""
    latin: list[int] = []
    han: list[int] = []
    for (before, columns_before), (after, _) in pairwise(filled):
        if columns_before < _FULL * width or SENTENCE_END.search(before.text) or start_of(after.text):
            continue
        if before.level is not None or after.level is not None:
            continue
        if not is_latin(before.text):
            han.append(after.number - before.number)
        elif starts_small(after.text):
            latin.append(after.number - before.number)
    return latin, han
