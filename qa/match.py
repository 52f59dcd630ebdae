"""Question terms found in a text, and how strongly they speak for one place in it.

A term is one vote, however many of its alternatives occur. What a vote is worth at a place falls with the punctuation
and the other figures between the two: in ``期刊 38644 人次，报纸 57251 人次`` the newspapers belong to 57251.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from index.bilingual import Term
from index.tokens import is_chinese, words
from qa.measures import units
from qa.scan import Scan, Span

_OTHER_BETWEEN = 0.62  # another figure between the word and the place
_GOOD = 0.5  # an alternative this good makes loose matching needless
_SOUNDS = 0.9
_COUNTED = 0.9
_COUNT_WORD = re.compile(r"(?:总量|总数|人数|人次|册次|次数|数量|量|数|率|额)$")
_SURE = 0.9  # an alternative this good may stand in two halves
_SPREAD = 0.7
_HALF = 0.45
_VERB = 0.5
_COMPLEMENTS = frozenset("了过着给到出成来去完上下入在")
_IN_ZONE = 0.97
_HEADS_LIST = 0.5  # 阅览达到 143126 人次，其中期刊…，青少年 18606 人次: what heads a list counts for all of it
_HEADS_PART = 0.85  # and nearly in full for the part that is asked for by a word of its own (青少年)
# The same thing told again: in all, or for another year (新建书屋7处，累计33处; 到馆4万人次（上年2万人次）).
_SAME_THING = re.compile(
    r"[,、(\s]*(?:(?:截?[至到止])?(?:\d{4}年)?(?:年?[末底]|目前|现)?(?:全[市县区馆年])?"
    r"(?:累计|总[计数量]|合计|共计?)(?:已?达到?|已?有|为|是)?|(?:比|较)?(?:上年|去年|\d{4}年)(?:同期)?[的为是仅]*|"
    r"(?:bringing|taking|making) (?:the |its |their )?(?:total|number)[a-z ]{0,20})(?:约|近|超过?|逾)?\s*"
)
_ADJACENT = 2  # characters: what follows a figure at once is what it counts
_OWNED = 0.35  # a word after the place that has a figure of its own


@dataclass(frozen=True, slots=True)
class Match:
    """An occurrence of a term's alternative at ``[start, end)``, with how good a rendering it is (0 to 1)."""

    term: int
    start: int
    end: int
    quality: float


def find_terms(scan: Scan, terms: Sequence[Term]) -> list[Match]:
    """Every occurrence of every alternative of every term in a chunk."""
    found: list[Match] = []
    for number, term in enumerate(terms):
        exact = [
            Match(number, start, end, quality)
            for alternative, quality in term.alternatives
            if not _only_a_unit(alternative, term.surface)
            for start, end in occurrences(scan.folded, alternative)
        ]
        found += exact
        if not any(m.quality >= _GOOD for m in exact):
            found += [Match(number, s, e, q) for s, e, q in _halves(scan.folded, term)]
            found += [Match(number, start, end, quality) for start, end, quality in _loosely(scan.folded, term.surface)]
            for alternative, quality in term.alternatives:
                if (
                    quality >= _SURE
                    and len(alternative) == 4
                    and is_chinese(alternative)
                    and alternative != term.surface
                ):
                    apart = _apart(scan.folded, alternative[:2], alternative[2:])
                    found += [Match(number, start, end, quality * half) for start, end, half in apart]
            found += [
                Match(number, start, end, _COUNTED * quality)
                for a, quality in term.alternatives
                for start, end in _counted(scan.folded, a)
            ]
    return found


def _counted(folded: str, alternative: str) -> tuple[tuple[int, int], ...]:
    """What a word for a number counts: 外借 for 外借量."""
    counted = _COUNT_WORD.sub("", alternative)
    return occurrences(folded, counted) if counted != alternative and len(counted) > 1 else ()


def _only_a_unit(alternative: str, surface: str) -> bool:
    """A bare measure word (出车 as 次) stands behind half of all figures; the unit asked for is weighed by itself."""
    return len(alternative) == 1 and alternative != surface and alternative in units()


def _halves(folded: str, term: Term) -> list[tuple[int, int, float]]:
    """Half of a four-character rendering: 服务读者 stands as 服务 in 服务 2116726 人次."""
    found = []
    for alternative, quality in term.alternatives:
        if quality >= 0.9 and len(alternative) == 4 and is_chinese(alternative):
            for half in (alternative[:2], alternative[2:]):
                found += [(s, e, quality * _HALF) for s, e in occurrences(folded, half)]
    return found


@lru_cache(maxsize=65536)
def _loosely(folded: str, surface: str) -> tuple[tuple[int, int, float], ...]:
    """A Chinese word written more fully or more briefly: 特教 in 特殊教育, 新办 in 新增办证, 送给 as 送.

    >>> _loosely("在特殊教育学校", "特教")
    ((1, 4, 0.7),)
    """
    if surface.isascii() and surface.isalpha() and len(surface) >= 5:
        return tuple((start, end, _SOUNDS) for start, end in sounding_like(folded, surface))
    if not is_chinese(surface) or not 2 <= len(surface) <= 6:
        return ()
    if _counted(folded, surface):
        return ()
    window = len(surface)
    spread = "".join(f"{re.escape(c)}[^，。；：、\\n,;:]{{0,{window}}}?" for c in surface[:-1]) + re.escape(surface[-1])
    found = [
        (m.start(), m.end(), _SPREAD) for m in re.finditer(spread, folded) if m.end() - m.start() <= 2 * window + 1
    ]
    if not found and len(surface) == 4:
        found = _apart(folded, surface[:2], surface[2:])
    if not found and len(surface) > 2:  # 沈石溪来: the longest part of it that stands there
        parts = sorted({surface[i:j] for i in range(len(surface)) for j in range(i + 2, len(surface) + 1)}, key=len)
        part = next((p for p in reversed(parts) if p in folded), "")
        share = _COUNTED * len(part) / len(surface)
        found = [(m.start(), m.end(), share) for m in re.finditer(re.escape(part), folded)] if len(part) > 1 else []
    if not found and len(surface) == 2 and surface[1] in _COMPLEMENTS:
        found = [(m.start(), m.end(), _VERB) for m in re.finditer(re.escape(surface[0]), folded)]
    return tuple(found)


@lru_cache(maxsize=65536)
def _apart(folded: str, one: str, other: str) -> list[tuple[int, int, float]]:
    """The two halves of a word in one sentence, where the half stands that tells: the kind (少儿期刊 in 期刊方面,
    成人470种,少儿90种), or the thing when the other half says what was done with it (新增图书).
    """
    import rjieba

    telling, rest = (other, one) if next(iter(rjieba.tag(one)))[1].startswith("v") else (one, other)
    places = re.finditer(re.escape(telling) + ("(?!馆)" if telling == "图书" else ""), folded)
    return [(m.start(), m.end(), _SPREAD) for m in places if rest in _sentence_around(folded, m.start())]


def _sentence_around(folded: str, offset: int) -> str:
    start = max(folded.rfind(mark, 0, offset) for mark in "。；;\n")
    ends = [at for mark in "。；;\n" if (at := folded.find(mark, offset)) >= 0]
    return folded[start + 1 : min(ends, default=len(folded))]


@lru_cache(maxsize=65536)
def occurrences(folded: str, alternative: str) -> tuple[tuple[int, int], ...]:
    """Where an alternative occurs: Chinese as a string, Latin as stems, figures as whole numbers."""
    if any(is_chinese(character) for character in alternative):
        library = "(?!馆)" if alternative.endswith("图书") else ""  # 图书馆 says nothing of books
        return tuple((m.start(), m.end()) for m in re.finditer(re.escape(alternative) + library, folded))
    if alternative.isdigit():
        return tuple(
            (m.start(), m.end()) for m in re.finditer(rf"(?<!\d)(?<!\d[.,]){alternative}(?!\d|[.,]\d)", folded)
        )
    stems = alternative.split()
    tokens = latin_words(folded)
    hits = []
    for at in range(len(tokens) - len(stems) + 1):
        if all(tokens[at + k][0] == s for k, s in enumerate(stems)):
            hits.append((tokens[at][1], tokens[at + len(stems) - 1][2]))
    return tuple(hits)


def sounding_like(folded: str, word: str) -> list[tuple[int, int]]:
    """Where Chinese characters read, in pinyin, as a Latin word: a name the segmenter does not know.

    >>> sounding_like("到蝶湖湾小学", "diehuwan")
    [(1, 4)]
    """
    found = []
    for start, character in enumerate(folded):
        if "\u4e00" <= character <= "\u9fff" and any(word.startswith(s) for s in _syllables(character)):
            end = _spelled(folded, start, word)
            if end - start > 1:
                found.append((start, end))
    return found


def _spelled(folded: str, start: int, word: str) -> int:
    """The end of the characters that spell ``word`` exactly from ``start`` on; ``start`` when they do not."""
    if not word:
        return start
    if start < len(folded) and "\u4e00" <= folded[start] <= "\u9fff":
        for syllable in _syllables(folded[start]):
            if word.startswith(syllable):
                end = _spelled(folded, start + 1, word[len(syllable) :])
                if end > start + 1 or word == syllable:
                    return max(end, start + 1)
    return start


@cache
def _syllables(character: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin

    return tuple(s for s in pinyin(character, style=Style.NORMAL, heteronym=True)[0] if s.isascii())


@lru_cache(maxsize=4096)
def latin_words(folded: str) -> tuple[tuple[str, int, int], ...]:
    if not re.search(r"[a-z]", folded):
        return ()
    return tuple((w, s, e) for w, s, e in words(folded) if not is_chinese(w))


def support(
    scan: Scan,
    matches: Sequence[Match],
    target: Span,
    barriers: Sequence[Span],
    *,
    terms: int,
    zone: Span | None = None,
    after: float = 1.0,
) -> tuple[list[float], list[Match | None]]:
    """For each term its best vote for ``target`` (0 to 1), and the occurrence that gave it.

    ``barriers`` are the other candidates of the same kind: each one between an occurrence and the target weakens it.
    Inside ``zone`` the target holds for everything (the entry that a date leads). ``after`` is what a word beyond a
    comma after the target is worth: a figure's label stands before it.
    """
    votes = [0.0] * terms
    best: list[Match | None] = [None] * terms
    part_of = inherited(scan, matches, target)
    for match in matches:
        held = zone is not None and match.start in zone
        heads = _HEADS_PART if match.term in part_of else _HEADS_LIST
        vote = match.quality * (_IN_ZONE if held else nearness(scan, match, target, barriers, after, heads))
        if vote > votes[match.term]:
            votes[match.term], best[match.term] = vote, match
    return votes, best


def inherited(scan: Scan, matches: Sequence[Match], target: Span) -> frozenset[int]:
    """The terms that a part has from what heads its list, where a word of its own asks for it.

    Of 新增图书 104286 册，其中综合阅览区 70768 册，少儿 25289 册 the last, asked for the new books for children. A word
    that a part has for its own is that part's. What tells the same thing again has all of them.
    """
    start = _stretch_start(scan, target)
    listed = scan.listed_at(target.start)
    if target.start not in [m.start for m in listed[1:]]:
        return frozenset()
    good = [m for m in matches if m.quality >= _GOOD]
    head = {m.term for m in good if start <= m.start < listed[0].end}
    edges = {m.start: _edge(scan, previous.end, m.start) for previous, m in pairwise(listed)}
    own = {at: {m.term for m in good if edge <= m.start and m.end <= at} for at, edge in edges.items()}
    if _SAME_THING.fullmatch(scan.folded, edges[target.start], target.start):
        return frozenset(head)
    return frozenset(head.difference(*own.values())) if own[target.start] - head else frozenset()


def _edge(scan: Scan, previous: int, start: int) -> int:
    """Where the stretch right before a figure begins."""
    return max(previous, *(scan.folded.rfind(mark, 0, start) + 1 for mark in ",、"))


def _stretch_start(scan: Scan, target: Span) -> int:
    return max(scan.sentence_at(target.start).start, scan.folded.rfind(";", 0, target.start) + 1)


def _heads(scan: Scan, match: Match, target: Span) -> bool:
    """Whether a word stands before the first figure of the stretch between semicolons that the target is in."""
    start = _stretch_start(scan, target)
    return start <= match.start and not any(start <= m.start < match.start for m in scan.measures)


def nearness(
    scan: Scan,
    match: Match,
    target: Span,
    barriers: Sequence[Span],
    after: float = 1.0,
    heads: float = _HEADS_LIST,
) -> float:
    if match.start < target.end and target.start < match.end:
        return 1.0
    if match.end <= target.start:
        between = sum(1 for b in barriers if match.end <= b.start < target.start)
        if any(0 <= match.start - m.end <= 1 and scan.across(m.end, match.start) == 1.0 for m in scan.measures):
            return (
                scan.across(match.end, target.start) * _OWNED
            )  # 386 个行政村 430 多位: the villages are counted already
        tie = scan.across(match.end, target.start) * _OTHER_BETWEEN ** min(between, 2)
        return max(tie, heads) if between and _heads(scan, match, target) else tie
    between = sum(1 for b in barriers if target.end <= b.start < match.start)
    clause = re.search(r"[，。；,;!?！？\n]|$", scan.folded[match.end :])
    stop = match.end + (clause.start() if clause else 0)
    owned = any(match.end <= b.start < stop for b in barriers)
    weight = scan.across(target.end, match.start) * _OTHER_BETWEEN ** min(between, 2)
    if weight == 1.0 and (match.start - target.end <= _ADJACENT or not owned):
        return weight
    return weight * (_OWNED if owned else after)
