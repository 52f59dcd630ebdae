"""What a question says around what it asks, and questions that are no sentences.

People write as they talk: "Could you tell me …", "I am writing a piece on … and would like to know how many …",
麻烦问下…谢谢. Such frames name no fact, so they go before anything is read. Others only name the thing: "visitor
numbers for 2023", 办证 2019. The noun then says what kind of answer is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.tokens import stem
from qa.measures import units
from qa.understanding.cues import cue, nouns
from qa.understanding.kinds import Kind
from qa.understanding.wanted import Wanted, wanted_for

_LEAD = cue("lead")
_TAIL = cue("tail")
_HEDGE = cue("hedge")
_SENTENCE_START = re.compile(r"^|(?<=[.!?。!?])\s+")
_SENTENCE = cue("a sentence")
_KINDS = tuple((kind, cue(f"phrase {kind.value}")) for kind in (Kind.DATE, Kind.PERSON, Kind.PLACE, Kind.NAME))
_NUMBER = cue("phrase number")
_ASKS_FIGURE = cue("asks a figure")
_CUT_EN = re.compile(r"[,:;?()|/-](?=\s|$)|\b(?:of|in|at|for|by|on|to|from|with|during|per|the|a|an|its)\b")
_DONE_EN = re.compile(r"(?:\s+(?:\w{2,}ed|held|lent|bought|given|made|sent|taken|total|overall|altogether))+$")
_MEASURES = frozenset("length area money percent weight data energy hour minute".split())
_LONGEST_PHRASE = 12  # words; what is longer says something


def without_frames(folded: str) -> str:
    """A folded question without the words of courtesy and occasion; itself when nothing else would be left.

    >>> without_frames("could you tell me how many cards were issued, please?")
    'how many cards were issued?'
    >>> without_frames("麻烦问一下,昆山办了多少证?谢谢")
    '昆山办了多少证?'
    >>> without_frames("借还量差不多多少?")
    '借还量多少?'
    """
    bare = _HEDGE.sub("", _TAIL.sub(lambda m: "?" if "?" in m[0] else "", folded))
    for start in reversed([m.end() for m in _SENTENCE_START.finditer(bare)]):
        while (lead := _LEAD.match(bare, start)) and lead.end() > start:
            bare = bare[:start] + bare[lead.end() :].lstrip(" ,:，：")
    return bare.strip() if re.search(r"\w{2}", bare) else folded


def kind_of_phrase(folded: str, content: str) -> tuple[Kind, Wanted] | None:
    """Kind and unit for a question that only names a thing; None when it is a sentence or names nothing countable.

    ``content`` is the question without names of organisations and periods.
    """
    if _SENTENCE.search(folded) or len(folded.split()) > _LONGEST_PHRASE:
        return None
    if _ASKS_FIGURE.search(content) or _unit_at_end(content):
        counted = [kinds for noun in _nouns(content) if (kinds := _counted(noun))]
        return Kind.NUMBER, wanted_for(_unit_at_end(content) or next(iter(counted), []))
    for noun in _nouns(content):
        for kind, pattern in _KINDS:
            if pattern.search(noun):
                return kind, Wanted()
        kinds = _counted(noun)
        if kinds is not None:
            return Kind.NUMBER, wanted_for(kinds)
    return None


def _unit_at_end(content: str) -> list[str]:
    """The class of the measure that ends a phrase: distance travelled km, 馆舍面积 平方米."""
    last = content.rstrip(" ?.").split()[-1:]
    kinds = [units()[word][0] for word in last if word in units()]
    return [kind for kind in kinds if kind in _MEASURES]


def _nouns(content: str) -> Iterator[str]:
    """The nouns a phrase names, the words of when and where left out: "cards issued in" gives "cards"."""
    for part in _CUT_EN.split(content) if content.isascii() else re.split(r"[\s,:;、?的]+", content):
        bare = _DONE_EN.sub("", part.strip().replace("'s", ""))
        if bare:
            yield bare


def _counted(noun: str) -> list[str] | None:
    """Classes of unit for a noun that can only be counted; None for any other."""
    if not noun.isascii():
        found = next((noun[at:] for at in range(len(noun)) if noun[at:] in nouns("zh")), "")
        return nouns("zh").get(found, []) if found or _NUMBER.search(noun) else None
    *before, head = noun.split()
    if head in ("numbers", "number", "count", "total", "totals", "figure", "figures") and before:
        return nouns("en").get(stem(before[-1]), [])
    plural = head.endswith("s") and not head.endswith("ss")
    if _NUMBER.search(noun) or (plural and stem(head) in nouns("en")):
        return nouns("en").get(stem(head), [])
    return None
