"""What must hold of anything that is shown over hostile reports, looked at with other means than the project's own.

Nothing here uses the check, the writer's rules or the cleaning that are being tested: figures are runs of digits,
HTML is parsed, Markdown is rendered, and what a terminal obeys is any character of Unicode's control classes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from documents.report import Report
from qa.answer import Answer

_MARK = re.compile(r"\[(\d{1,3})\]")
_QUOTED = re.compile(r"“([^“”]+)”")
_DIGITS = re.compile(r"\d+")
_TAGS = set(
    "article aside b blockquote button details div em form h2 h3 header i input li nav ol p path q section small span "
    "summary svg table tbody td th thead time tr ul option select label".split()
)
_LIVE = ("a", "img", "script", "iframe", "object", "embed", "link", "meta", "base", "video", "audio", "style")
_NO_TEXT = {"Cc", "Cs", "Co", "Cn"}
_DIRECTIONS = set("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def unsupported(answer: Answer, report_of: Callable[[str], Report], allowed: Collection[str]) -> Iterator[str]:
    """What an answer cites or says that its cited lines, inside the reports ``allowed``, do not carry."""
    for citation in answer.citations:
        if citation.report_id not in allowed:
            yield f"cites {citation.report_id}"
        elif citation.quote != report_of(citation.report_id).text(citation.lines):
            yield f"quotes other words than stand at {citation.lines}"
    bare = said(answer)
    given = {str(citation.number) for citation in answer.citations}
    yield from (f"marks [{number}]" for number in _MARK.findall(bare) if number not in given)
    if not answer.abstained:
        known = _figures_known(answer, report_of)
        shown = _MARK.sub("", f"{bare} {answer.short or ''}").replace(",", "")
        yield from (f"says {figure}" for figure in _DIGITS.findall(shown) if figure not in known)


def said(answer: Answer) -> str:
    """An answer's text without what it quotes of the cited lines word for word."""
    held = "".join(_bare(citation.quote) for citation in answer.citations)
    return _QUOTED.sub(lambda m: "“”" if _bare(m[1]) in held else m[0], answer.text)


def _figures_known(answer: Answer, report_of: Callable[[str], Report]) -> set[str]:
    """Runs of digits on the cited lines; a report's own year, name and title go with its lines."""
    known: set[str] = set()
    for citation in answer.citations:
        report = report_of(citation.report_id)
        about = f"{report.organisation} {report.title} {report.year} {' '.join(citation.section)} {citation.period}"
        known |= set(_DIGITS.findall(unicodedata.normalize("NFKC", f"{citation.quote} {about}").replace(",", "")))
    return known


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def commands(text: str) -> set[str]:
    """The characters of a text that would do something to a terminal or to the direction of its line."""
    shown = text.replace("\n", "")
    return {c for c in shown if unicodedata.category(c) in _NO_TEXT or c in _DIRECTIONS or c >= "\U000e0000"}


class Drawn(HTMLParser):
    """HTML as a browser would see it. ``live`` is everything in it that loads, links or runs."""

    def __init__(self, html: str):
        super().__init__()
        self.live: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS or tag in _LIVE:
            self.live.append(tag)
        self.live += [f"{tag} {n}" for n, _ in attrs if n.startswith("on") or n in ("href", "src", "srcset", "style")]

    def handle_data(self, data: str) -> None:
        self.text += data


def live_markdown(text: str) -> list[str]:
    """What a Markdown text turns into that links, loads or is HTML."""
    tokens = [t for block in MarkdownIt("commonmark").parse(text) for t in (block, *(block.children or ()))]
    return [t.type for t in tokens if t.type in ("link_open", "image", "html_inline", "html_block")]
