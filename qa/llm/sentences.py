"""A model's text cut into sentences as it arrives, with the line numbers each one cites.

A sentence is only given out when what follows shows that it is over: a stop may be a decimal point, and the numbers of
the lines may stand behind the stop as well as before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = r"[\[［【]\s*\d{1,3}(?:\s*[,，、–-]\s*\d{1,3})*\s*[\]］】]"
_MARKS = re.compile(_MARK)
_LINKED = re.compile(rf"({_MARK})\([^()\s]*\)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|No|vs|approx|etc|e\.g|i\.e|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|[A-Z])|^\s*\d+)$"
)
_ASCII_STOP = rf"(?:[!?]+(?=[\s\u4e00-\u9fff”’\"')）*_]|{_MARK}|$)|(?<!\d)\.|\.(?=\s|{_MARK}|$))"
_END = re.compile(rf"(?:[。！？]+|{_ASCII_STOP})[”’」』）)\"'*_]*(?:\s*{_MARK})*[。.]?|\n")
_UNDECIDED = re.compile(r"[\s.。]*(?:[\[［【][\d\s,，、–-]*)?")
_EMPHASIS = re.compile(r"\*\*|__|^\s{0,3}#{1,6}\s+|^\s*(?:[-*•+]|\d{1,2}[.、)）])\s+", re.MULTILINE)
_MARKUP = re.compile(r"!\[|\]\(|\]\[(?!\s*\d)|^\s*\[[^\]]+\]:|<[^<>]*>|</?[a-zA-Z!]|&(?:#\w+|[a-z]+);|`")
_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]*://\S+|\b(?:javascript|data|mailto|vbscript|file):\S+|\bwww\.\S+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|cn|io|gov|edu|info|xyz|top|example|test|dev|app|ru|co|me)\b(?:/\S*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its marks; ``cited`` are the numbers in them, in order. ``broken``: it begins a new line."""

    text: str
    cited: tuple[int, ...]
    broken: bool = False


class Sentences:
    """Collects pieces of text and gives out whole sentences."""

    def __init__(self) -> None:
        self._held = ""
        self._broken = False

    def feed(self, piece: str) -> Iterator[Sentence]:
        self._held += piece
        yield from self._whole(last=False)

    def close(self) -> Iterator[Sentence]:
        """What is left: the rest is a sentence too."""
        yield from self._whole(last=True)
        rest, self._held = self._held, ""
        yield from self._given(rest)

    def _whole(self, *, last: bool) -> Iterator[Sentence]:
        at = 0
        while match := _END.search(self._held, at):
            if match[0] != "\n" and not last and _UNDECIDED.fullmatch(self._held, match.end()):
                return  # what follows may still belong to it
            if match[0].startswith(".") and self._runs_on(match):
                at = match.end()
                continue
            done, self._held, at = self._held[: match.end()], self._held[match.end() :], 0
            yield from self._given(done)

    def _runs_on(self, stop: re.Match[str]) -> bool:
        """Whether a Latin full stop ends nothing: after an abbreviation or a list's number, or inside a name (a.b)."""
        inside = stop.end() < len(self._held) and not self._held[stop.end()].isspace() and not _MARKS.search(stop[0])
        return inside or bool(_ABBREVIATED.search(self._held[: stop.start()]))

    def _given(self, written: str) -> Iterator[Sentence]:
        sentence = read_sentence(written, broken=self._broken)
        self._broken = self._broken or written.endswith("\n")
        if sentence.text:
            self._broken = written.endswith("\n")
            yield sentence


def read_sentence(written: str, *, broken: bool = False) -> Sentence:
    """A sentence as the model wrote it, its marks read and taken out.

    >>> read_sentence("共**32座**[1][3-4]。\\n")
    Sentence(text='共32座。', cited=(1, 3, 4), broken=False)
    """
    text = _LINKED.sub(r"\1", written)
    cited = dict.fromkeys(number for mark in _MARKS.findall(text) for number in _numbers(mark))
    bare = _EMPHASIS.sub("", re.sub(rf"\s*{_MARKS.pattern}", "", text)).strip()
    return Sentence(re.sub(r"([。.])[。.]$", r"\1", bare), tuple(cited), broken)


def _numbers(mark: str) -> Iterator[int]:
    for part in re.split(r"[,，、]", mark.strip("[]［］【】 ")):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        if len(ends) == 2 and ends[0] < ends[1] <= ends[0] + 20:
            yield from range(ends[0], ends[1] + 1)
        else:
            yield from ends


def rendered_elsewhere(text: str, cited: str) -> str:
    """What of a sentence would be more than text where it is shown: markup, or an address not on the cited lines.

    >>> rendered_elsewhere("See www.a.cn", "www.a.cn"), rendered_elsewhere("![x](http://a.cn)", "")
    ('', '![')
    """
    if markup := _MARKUP.search(text):
        return markup[0]
    return next((m[0] for m in _ADDRESS.finditer(text) if m[0].rstrip("。.,;)") not in cited), "")
