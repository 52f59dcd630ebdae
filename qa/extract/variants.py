"""A name that one report writes in two ways: 罗显敏 and 罗先敏, 竹海书香 and 书香竹海, two wordings of one title.

Which of them is right cannot be told from the report, so both are shown. A slip leaves the sound, the characters or
most of the words; whatever differs more is another name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from documents.pinyin import syllables
from qa.extract.entities import QUOTED
from qa.extract.evidence import Evidence
from qa.extract.finding import Finding, Value, support_of
from qa.saying.wording import name_text
from qa.scan import Scan, Span
from qa.understanding.kinds import Kind

_NEARLY = 0.72  # of a title's characters
_LONG = 6  # characters from which words may differ
_SERIES = re.compile(r"[\d一二三四五六七八九十上中下甲乙丙]")
_PERSON = re.compile("[\u4e00-\u9fff]{3,4}")
_NOT_SAID = re.compile(r"[^\w]")


def with_variants(evidence: Evidence, finding: Finding) -> Finding:
    """The finding with the other way of writing its name, where its report has one."""
    if len(finding.values) != 1 or not finding.candidates or finding.others:
        return finding
    best, person = finding.candidates[0], evidence.question.kind is Kind.PERSON
    name = _bare(best.scan.folded[best.span.start : best.span.end])
    variants = _persons if person else _titles
    for scanned in evidence.scans:
        for span in variants(scanned, name) if scanned.chunk.report_id == best.report_id else ():
            other = replace(best, scan=scanned, span=span, best=(None,) * len(best.best))
            written = scanned.chunk.text[span.start : span.end]
            shown = name_text(written, "person" if person else "item", evidence.question.language)
            return replace(finding, others=(Value(shown, support_of(other)),))
    return finding


def _bare(text: str) -> str:
    return _NOT_SAID.sub("", text)


def _persons(scanned: Scan, name: str) -> Iterator[Span]:
    """A person's name with one character written as another of the same sound."""
    if not _PERSON.fullmatch(name):
        return
    one_changed = "|".join(f"{name[:i]}[\u4e00-\u9fff]{name[i + 1 :]}" for i in range(len(name)))
    for match in re.finditer(f"(?=({one_changed}))", scanned.folded):
        if match[1] != name and syllables(match[1]) == syllables(name):
            yield Span(match.start(1), match.end(1))


def _titles(scanned: Scan, name: str) -> Iterator[Span]:
    for match in QUOTED.finditer(scanned.folded):
        if is_variant(name, _bare(match[0])):
            yield Span(*match.span())


def is_variant(one: str, other: str) -> bool:
    """Whether two titles are one: the same sound, its halves exchanged, or nearly the same characters if they are long.

    Numbers tell parts of a series apart, and a title within a longer one is only shortened.

    >>> is_variant("自助图书馆建设调研报告", "图书馆建设调查报告"), is_variant("古城漫谈之一", "古城漫谈之二")
    (True, False)
    >>> is_variant("竹海书香", "书香竹海"), is_variant("海之韵", "海之运"), is_variant("海之韵", "海之韵合唱团")
    (True, True, False)
    """
    if one in other or other in one or min(len(one), len(other)) < 3:
        return False
    if len(one) == len(other) and (other in one + one or syllables(one) == syllables(other)):
        return True
    alike = SequenceMatcher(None, one, other, autojunk=False).ratio() >= _NEARLY
    return alike and min(len(one), len(other)) >= _LONG and _SERIES.findall(one) == _SERIES.findall(other)
