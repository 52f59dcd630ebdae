"""Places and libraries a question is about that no report is about and no text mentions.

They end in an abstention at once: a question for the loans of another county finds loans in every report, and each of
them is wrong. Nothing here knows a list of places; the segmenter's tags, the suffix of a place, the word for the kind
of body beside a name and, in English, the spelling in pinyin tell that a name is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from qa.understanding.directory import Mention


class Known(Protocol):
    """Whether a place's name occurs in any report; with ``library``, as the owner of a library or the like."""

    def __call__(self, name: str, *, library: bool = False) -> bool: ...


_BODY_ZH = r"(?:公共|少儿|人民|中心)?(?:图书馆|博物馆|文化馆|档案馆|美术馆|医院)"
_OWNER_ZH = re.compile(rf"(?:^|[^\u4e00-\u9fff]|请问|关于|介绍|比|和|与|跟|在)([\u4e00-\u9fff]{{2,8}}?)(?={_BODY_ZH})")
_COMMON = re.compile(
    r"自助|数字|移动|公共|流动|社区|学校|大学|高校|全市|全县|全区|全省|少儿|儿童|总|分|本|该|哪|什么|几|多少|去年|今年|卫生|"
    r"人民|中心"
)
_SEAT = re.compile(r"[\u4e00-\u9fff]{2,4}?[省市县区州镇乡]$")
_LEAD = re.compile(r"^(?:请问|那么?|关于|在|问一下|查一下|想知道)?")
_FIRST_SEAT = re.compile(
    r"([\u4e00-\u9fff]{2,3}?(?:省|市|县|区|州|镇|乡))(?=\d|的|去年|今年|全年|一共|有|共|人|常|总|生)"
)
# A place that opens the question and is followed by the year, by what it has, or by 馆 is what the question is about.
_AFTER_PLACE = re.compile(r"馆(?![员长藏内际外舍务刊徽])|\d{4}\s*年|的|去年|今年|全年|一共|有")
_NO_PLACE = re.compile(r"[馆内外里中上下前后本全各新建国]")
_OWNER_EN = re.compile(
    r"\b([A-Z][a-z]+(?: [A-Z][a-z]+)?)(?=(?: (?:City|County|District|Municipal|Provincial|Public|Central))*"
    r" (?:Library|Libraries|Museum|Archives|Hospital)\b)"
)
_SEAT_EN = re.compile(
    r"\b(?:of|in|at|for|from|did|does|has|had|is|was|and|or|than) ([A-Z][a-z]+)"
    r"(?= (?:City|County|District|Province)\b)|"
    r"\b([A-Z][a-z]+)(?=['’]s (?:[a-z]+ ){0,2}(?:library|libraries|museum|archives|hospital)\b)"
)
_SUBJECT_EN = re.compile(r"\b(?:did|does|has|had|have) ([A-Z][a-z]+)(?=(?: City| County| District)? [a-z]+\b)")
_CAPITALS = frozenset(
    "The City Public Children Q1 Q2 Q3 Q4 State National County District Town Which What Who How".split()
)
_SYLLABLE = (
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:i?ang|i?ong|u?ang|[ie]?ng|uang|iao|ian|uan|uai|[ui]e|üe|ue|ai|ei|ao|ou|"
    "an|en|in|un|ia|ua|uo|ui|iu|er|[aeiou])"
)
_PINYIN = re.compile(rf"(?:{_SYLLABLE}){{2,4}}")


def unknown_places(folded: str, text: str, mentions: Sequence[Mention], known: Known) -> tuple[str, ...]:
    """The places a question is about, as it names them, when it names no report's organisation and no report them."""
    if mentions:
        return ()
    return tuple(dict.fromkeys([*_owners_zh(folded, known), *_places_zh(folded, known), *_places_en(text, known)]))


def _owners_zh(folded: str, known: Known) -> Iterator[str]:
    """A seat needs its own library in the text: 苏州市 stands in many reports, its library in few."""
    for match in _OWNER_ZH.finditer(folded):
        name = match[1]
        if not _COMMON.search(name) and not known(name, library=True) and (_is_place(name) or not known(name)):
            yield name


def _places_zh(folded: str, known: Known) -> Iterator[str]:
    bare = folded[_LEAD.match(folded).end() :]  # type: ignore[union-attr]  # matches the empty string
    seat = _FIRST_SEAT.match(bare)
    name = seat[1] if seat else _first_place(bare)
    if name and not _COMMON.search(name) and not known(name):
        yield name


def _first_place(text: str) -> str:
    import rjieba

    word, tag = next(iter(rjieba.tag(text)), ("", ""))
    placed = tag == "ns" and len(word) > 1 and not _NO_PLACE.search(word)
    return word if placed and _AFTER_PLACE.match(text, len(word)) else ""


def _is_place(name: str) -> bool:
    import rjieba

    return bool(_SEAT.match(name)) or [tag for _, tag in rjieba.tag(name)] == ["ns"]


def _places_en(text: str, known: Known) -> Iterator[str]:
    for match in _OWNER_EN.finditer(text):
        name = re.sub(r"^(?:The|Did|Does|Was|Were|Has|Had|Is|Are|In|At|Of|For) ", "", match[1])
        if name not in _CAPITALS and not known(name, library=True) and (_is_pinyin(name) or not known(name)):
            yield name
    for pattern in (_SEAT_EN, _SUBJECT_EN):
        for match in pattern.finditer(text):
            name = next(group for group in match.groups() if group)
            if _is_pinyin(name) and name not in _CAPITALS and not known(name):
                yield name


def _is_pinyin(name: str) -> bool:
    return _PINYIN.fullmatch(name.lower()) is not None
