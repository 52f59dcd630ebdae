"""A report to chunks: by section, in a chronicle by month, never across a heading, at most so many tokens.

A chunk is the unit that is searched, so it is small: the default 256 tokens are about 200 Chinese characters, two to
five entries of a chronicle. Paragraphs are kept whole where they fit; a long one is cut at the ends of sentences, then
at semicolons and commas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from documents.dates import periods_in, quarter_periods
from documents.folding import fold
from documents.reflow import paragraphs
from documents.report import Chunk, Passage, Period, Report, Section, Stance

if TYPE_CHECKING:
    import tiktoken

MAX_TOKENS = 256
_BARE = 60  # characters: a heading with text in its own paragraph is longer
_SLICE = 4096
_ENCODING = "cl100k_base"
_CUTS = (re.compile(r"[。！？!?]+[”’」』）)]*|(?<=[a-z])[.]\s|\n"), re.compile(r"[；;]"), re.compile(r"[，,、]"))


@cache
def encoding() -> tiktoken.Encoding:
    """tiktoken's cl100k_base, from the copy that llama-index-core carries: tiktoken itself would ask the network."""
    import os

    import tiktoken

    spec = find_spec("llama_index")
    for root in (spec.submodule_search_locations or []) if spec else []:
        carried = Path(root) / "core" / "_static" / "tiktoken_cache"
        if carried.is_dir():
            os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(carried))
    return tiktoken.get_encoding(_ENCODING)


def count_tokens(text: str) -> int:
    """Tokens of a text; counted slice by slice, because the time for one long run of letters grows with its square."""
    slices = (text[at : at + _SLICE] for at in range(0, len(text), _SLICE))
    return sum(len(encoding().encode_ordinary(piece)) for piece in slices)


def chunk_report(report: Report, *, max_tokens: int = MAX_TOKENS) -> tuple[Chunk, ...]:
    """Every paragraph of the report in exactly one chunk (a long one in several), in reading order."""
    blocks = list(paragraphs(report.lines))
    chunks: list[Chunk] = []
    for path, group in _groups(report, blocks):
        for passage in _pack(group, max_tokens):
            chunks.append(_chunk(report, path, passage, len(chunks)))
    return tuple(chunks)


def _groups(report: Report, blocks: Sequence[Passage]) -> Iterator[tuple[tuple[Section, ...], list[Passage]]]:
    """Runs of paragraphs under the same innermost section.

    A heading with nothing of its own under it goes in front of the first text below it, so that no line is lost and no
    chunk is a bare title.
    """
    group: list[Passage] = []
    path: tuple[Section, ...] = ()
    bare = True
    for block, here in zip(blocks, _paths(report.sections, blocks), strict=True):
        heading = bool(here) and here[-1].lines.start == block.lines.start
        if heading and group and not (bare and here[: len(path)] == path):
            yield path, group
            group = []
        path, bare = here, (bare or not group) and heading and len(block.text) < _BARE
        group.append(block)
    if group:
        yield path, group


def _paths(sections: Sequence[Section], blocks: Sequence[Passage]) -> Iterator[tuple[Section, ...]]:
    """The sections around each paragraph, outermost first; one walk through both, for reports of thousands of pages."""
    coming = iter([*sections, None])
    section = next(coming)
    path: tuple[Section, ...] = ()
    for block in blocks:
        line = block.lines.start
        while section is not None and section.lines.start <= line:
            path = (*(s for s in path if section.lines.start in s.lines), section)
            section = next(coming)
        if path and path[-1].lines.end < line:
            path = tuple(s for s in path if line in s.lines)
        yield path


def _pack(group: Sequence[Passage], max_tokens: int) -> Iterator[Passage]:
    """Whole paragraphs as long as they fit together."""
    held: list[Passage] = []
    size = 0
    for piece in (p for block in group for p in _fit(block, max_tokens)):
        tokens = count_tokens(piece.text)
        if held and size + tokens > max_tokens:
            yield join(held)
            held, size = [], 0
        held.append(piece)
        size += tokens
    if held:
        yield join(held)


def _fit(block: Passage, max_tokens: int, cuts: Sequence[re.Pattern[str]] = _CUTS) -> Iterator[Passage]:
    """The paragraph, or its pieces of about equal size cut at the strongest punctuation that makes them fit."""
    total = count_tokens(block.text)
    if total <= max_tokens:
        yield block
        return
    if not cuts:
        step = max(1, len(block.text) * max_tokens // total)
        yield from (block.cut(at, min(at + step, len(block.text))) for at in range(0, len(block.text), step))
        return
    target = total / -(-total // max_tokens)
    start = end = 0
    for stop in [*(m.end() for m in cuts[0].finditer(block.text)), len(block.text)]:
        if end > start and count_tokens(block.text[start:stop]) > max(target, 0.75 * max_tokens):
            yield from _fit(block.cut(start, end), max_tokens, cuts[1:])
            start = end
        end = stop
    if end > start:
        yield from _fit(block.cut(start, end), max_tokens, cuts[1:])


def join(passages: Sequence[Passage]) -> Passage:
    """Several paragraphs as one passage, one to a line of its text."""
    anchors: list[tuple[int, int]] = []
    at = 0
    for passage in passages:
        anchors.extend((at + offset, number) for offset, number in passage.anchors)
        at += len(passage.text) + 1
    return Passage("\n".join(passage.text for passage in passages), tuple(anchors))


def _chunk(report: Report, path: Sequence[Section], passage: Passage, ordinal: int) -> Chunk:
    period = path[-1].period if path else (Period(report.year) if report.year else None)
    year = period.year if period else report.year
    named = periods_in(fold(passage.text), year).union(*(quarter_periods(fold(s.title), year) for s in path))
    own = {period, Period(period.year)} if period else set()
    return Chunk(
        id=f"{report.id}#{ordinal:04d}",
        report_id=report.id,
        heading=tuple(section.title for section in path),
        period=period,
        stance=path[-1].stance if path else Stance.ACHIEVED,
        passage=passage,
        periods=frozenset(named | own),
    )
