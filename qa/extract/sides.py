"""The things a question sets side by side: which of its words belong to each, and which to all.

Where one thing's words end and the words shared by all begin cannot be told from the question alone: in 期刊和报纸阅览
reading is shared, in 图书和电子文献 documents are not. So every way of parting them is given; the figures found for
each (``operands``) decide between them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from index.bilingual import Term, key_of
from index.scope import Scope
from index.tokens import is_chinese, words
from qa.extract.evidence import Evidence
from qa.scan import Span
from qa.understanding.kinds import Kind
from qa.understanding.question import Question
from qa.understanding.wanted import Wanted

_JOINED_ZH = re.compile(r"和|与|跟|及|以及|、|加(?!起来|在一|一块|总)上?|连同|还有|同")
_JOINED_EN = re.compile(r"\band\b|\bplus\b|,|&|、|和|与")
# How the question asks for arithmetic or a comparison: these words name nothing that is counted.
_OPERATOR_ZH = (
    "合计 合起来 加起来 加在一起 加一块儿? 一块儿? 一共 总共 之和 总和 总数 总量 合在一起 加总 相加 相差 差距 "
    "相比 比起来 对比 比较 占比 占了? 比例 比重 百分之 百分比 几成 平均 人均 倍 之间 各部分 各分项 部分 次数 总 "
    "每(?:个|一)?(?:[月年天日周场次人家张册位名台辆季]|季度|星期)? 本身 自己 自身 跟 同 与 和 比 还是 "
    "最多 最少 最高 最低 最大 大 小 多 少 高 低 早 晚 全部 所有 多少 谁多谁少 增长率? 增幅 降幅 "
    "减去 扣除 除去 除了 以外 之外 剩下? 其余"
)
_OPERATOR_EN = (
    r"averag\w* mean share percentage per.?cent proportion fraction ratio times difference differ gap exceed\w* "
    r"combin\w* together altogether sum total adding added.up add.up taken compar\w* more fewer less most fewest "
    r"least higher highest larger largest bigger greater lower smaller than versus vs figures? each every per overall "
    r"how.many how.much came comes? account\w* makes?.up made.up represent\w* constitut\w* minus excluding except "
    r"apart besides without yield\w* produce[ds]? joint\w* both all entire whole joined put record(?:ed)? itself "
    r"themselves own (?:total|combined|average|mean).(?:number|amount|figure|count) "
    r"which.(?:of.the.)?(?:two.|three.|four.)?(?:library|libraries|city|cities|county|report|years?|one|place)"
)
_OPERATOR = re.compile("|".join([*_OPERATOR_ZH.split(), rf"\b(?:{'|'.join(reversed(_OPERATOR_EN.split()))})\b"]))
# The word that parts the two sides of a comparison, each with words of its own.
_VERSUS = re.compile(r"\bthan\b|\bor\b|\bversus\b|\bvs\b|还是|比(?!例|重|较)")

_REST_OF_NAME = re.compile(r"(?: (?:city|county|district|municipal|provincial|public|children's|youth))+ library\b")
_ONLY_OR = re.compile(r"(?:'s)?\s*(?:library|市?图书馆|馆)?\s*,?\s*(?:or|还是)\s*(?:the )?")

# How a figure moved from one time to the next.
GROWTH = re.compile(
    r"净增|增加|增长|增多|减少|下降|上升|提高|扩大|涨|"
    r"\b(?:gr[eo]w\w*|increase\w*|r[io]se|gain\w*|expan\w+|fell|fall|drop\w*|decrease\w*|decline\w*|change\w*)\b"
)
_THE_LIBRARY = frozenset({"library", "图书馆", "馆", "report"})  # beside its name it tells nothing
_MOST_WAYS = 16


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked of one side: its scope, the numbers of its own terms and of those it shares, the unit it has.

    ``prior`` is how likely this reading is beside others of the same question.
    """

    own: frozenset[int]
    common: frozenset[int] = frozenset()
    scope: Scope | None = None
    wanted: Wanted = field(default_factory=Wanted)
    label: str = ""
    prior: float = 1.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A term (by number) at ``[start, end)`` of the folded question."""

    start: int
    end: int
    term: int


def readings(evidence: Evidence) -> Iterator[Evidence]:
    """The evidence as it is, then with every English phrase told in single words: the report may part them."""
    yield evidence
    singles = dict(evidence.question.singles)
    terms = {single.surface: single for term in evidence.terms for single in singles.get(term.surface, (term,))}
    if singles:
        yield Evidence.gather(evidence.question, evidence.chunks, tuple(terms.values()))


def placed(evidence: Evidence) -> list[Placed]:
    """Where the question's terms stand in it, in order, without those that only say what to do with the figures."""
    folded = _blanked(evidence.question)
    tokens = [t for t in words(folded) if t[0].strip()]
    found = [
        Placed(s + _joins(evidence, n), e, n)
        for n, t in enumerate(evidence.terms)
        for s, e in _occurrences(folded, tokens, t.surface)
    ]
    operators = [m.span() for m in _OPERATOR.finditer(folded)]
    named = bool(evidence.question.mentions)
    free = [
        p
        for p in found
        if not any(s <= p.start and p.end <= e for s, e in operators)
        and not (named and folded[p.start : p.end] in _THE_LIBRARY)
        and not any(o.start <= p.start and p.end <= o.end and o.end - o.start > p.end - p.start for o in found)
    ]
    return sorted(free, key=lambda p: (p.start, p.end))


def _joins(evidence: Evidence, number: int) -> int:
    """1 where a term that stands nowhere begins with an "and" cut to the wrong word: 专项和县财政 gives 和县."""
    surface = evidence.terms[number].surface
    if len(surface) < 2 or surface[0] not in "和与跟及同":
        return 0
    return int(not any(match.term == number for matches in evidence.matches for match in matches))


def counted(evidence: Evidence) -> frozenset[int]:
    """The terms that name what is counted: all but those that only say what to do with the figures."""
    folded = evidence.question.folded
    free = {p.term for p in placed(evidence)}
    return frozenset(n for n, t in enumerate(evidence.terms) if n in free or not _is_operator(folded, t))


def _is_operator(folded: str, term: Term) -> bool:
    return any(_occurrences(folded, list(words(folded)), term.surface))


def _blanked(question: Question) -> str:
    """The question without names of organisations and years, which stand between the words of a phrase."""
    characters = list(question.folded)
    names = ((m.start, m.end, _REST_OF_NAME.match(question.folded, m.end)) for m in question.mentions)
    spans = [(start, rest.end() if rest else end) for start, end, rest in names]
    for start, end in [*spans, *((d.start, d.end) for d in question.dates if d.first.day is None)]:
        characters[start:end] = " " * (end - start)
    return "".join(characters)


def _occurrences(folded: str, tokens: Sequence[tuple[str, int, int]], surface: str) -> Iterator[tuple[int, int]]:
    if is_chinese(surface):
        yield from (m.span() for m in re.finditer(re.escape(surface), folded))
        return
    for i, j in itertools.combinations(range(len(tokens) + 1), 2):
        if (
            j - i <= 6
            and key_of(t for t, _, _ in tokens[i:j]) == surface
            and key_of([tokens[i][0]])
            and key_of([tokens[j - 1][0]])
        ):
            yield tokens[i][1], tokens[j - 1][2]


def between(places: Sequence[Placed], start: int, end: int) -> list[int]:
    """The terms in a stretch of the question, each once, in order."""
    return list(dict.fromkeys(p.term for p in places if start <= p.start and p.end <= end))


def runs(folded: str, places: Sequence[Placed]) -> list[Span]:
    """The stretches of a joined list: 成人期刊、少儿期刊、报纸 gives three. Empty when nothing is joined."""
    found: list[Span] = []
    for place in places:
        gap = folded[found[-1].end : place.start] if found else ""
        if found and not (_JOINED_EN if folded.isascii() else _JOINED_ZH).search(gap):
            found[-1] = Span(found[-1].start, place.end)
        else:
            found.append(Span(place.start, place.end))
    return found if len(found) > 1 else []


def partings(groups: Sequence[Sequence[int]]) -> list[tuple[Part, ...]]:
    """Every way of telling each group's own terms from those shared: the front of the first, the back of the last.

    >>> [[sorted(p.own) for p in parts] for parts in partings([[0], [1, 2]])]
    [[[0], [1]], [[0], [1, 2]]]
    """
    first, last = groups[0], groups[-1]
    everywhere = frozenset(first).intersection(*groups[1:])
    repeated = frozenset(t for g in groups for t in g if sum(t in other for other in groups) > 1)
    found = []
    for one, other in itertools.product(range(1, len(first) + 1), range(1, len(last) + 1)):
        common = frozenset([*first[: len(first) - one], *last[other:], *everywhere])
        owns = [frozenset(g) for g in (first[len(first) - one :], *groups[1:-1], last[:other])]
        apart = [own - everywhere - repeated or own - everywhere for own in owns]
        if all(apart) and len(set(apart)) == len(apart):
            found.append(tuple(Part(a, common | (own - a) - a) for a, own in zip(apart, owns, strict=True)))
    return found[:_MOST_WAYS]


def sides(evidence: Evidence) -> list[Part]:
    """One part per organisation named, else one per year named; empty when neither are two.

    A year that follows a name belongs to it (许昌2019年和源城2020年). When words stand on both sides of the "than",
    each side has its own (more spaces in A than self-service libraries in B); else all are shared.
    """
    question = evidence.question
    places = placed(evidence)
    shared = counted(evidence)
    groups: dict[frozenset[str], int] = {}
    for mention in question.mentions:
        groups.setdefault(mention.reports, mention.start)
    if len(groups) < 2:
        named = sorted(question.dates, key=lambda date: date.start)
        years = list(dict.fromkeys(date.first.year for date in named if date.first.year))
        years = years if question.kind is Kind.COMPARE else sorted(years)  # growth is from the earlier on
        sign = "年" if question.language == "zh" else ""
        scopes = [replace(question.scope, years=frozenset({y})) for y in years]
        shared = frozenset(t for t in shared if not GROWTH.search(evidence.terms[t].surface))
        return (
            [Part(frozenset(), shared, scope, label=f"{y}{sign}") for scope, y in zip(scopes, years, strict=True)]
            if len(years) > 1
            else []
        )
    starts = sorted(groups.values())
    owns = _owns(question, places, starts)
    found = []
    for (reports, start), own in zip(
        sorted(groups.items(), key=lambda g: g[1]), owns or [frozenset[int]()] * len(starts), strict=True
    ):
        years_of = _years(question, start, [s for s in starts if s > start])
        scope = replace(question.scope, reports=reports, years=years_of or question.scope.years)
        telling = frozenset(t for t in own if is_noun(evidence.terms[t]) and sum(t in other for other in owns) == 1)
        found.append(Part(telling, (own if owns else shared) - telling, scope))
    return found


def _owns(question: Question, places: Sequence[Placed], starts: Sequence[int]) -> list[frozenset[int]]:
    """The two sides' own terms; empty when only one side has any, or nothing but "or" stands between the names."""
    if len(starts) != 2:
        return []
    end = next(m.end for m in question.mentions if m.start == starts[0])
    if _ONLY_OR.fullmatch(question.folded, end, starts[1]):
        return []
    for match in _VERSUS.finditer(question.folded, *starts):
        stretches = (0, match.start()), (match.end(), len(question.folded))
        left, right = (frozenset(between(places, *stretch)) for stretch in stretches)
        if left and right:
            return [left, right]
    return []


def _years(question: Question, start: int, later: Sequence[int]) -> frozenset[int]:
    stop = min(later, default=len(question.folded))
    years = {d.first.year for d in question.dates if start < d.start < stop and d.first.year}
    every = {d.first.year for d in question.dates if d.first.year}
    return frozenset(years) if len(every) > 1 and len(years) == 1 else frozenset()


def label_of(evidence: Evidence, places: Sequence[Placed], part: Part, stretch: Span) -> str:
    """A side's own words as the question writes them in a stretch of it."""
    own = [p for p in places if p.term in part.own and stretch.start <= p.start and p.end <= stretch.end]
    if not own:
        return ""
    text = evidence.question.text.strip()
    folded = evidence.question.folded
    source = text if len(text) == len(folded) else folded
    clauses = re.split("[,，]", source[own[0].start : own[-1].end])
    return clauses[0 if stretch.start else -1].strip().removeprefix("the ")


@cache
def is_noun(term: Term) -> bool:
    """Whether a term names a thing, by the tag of its Chinese form."""
    import rjieba

    chinese = next((a for a, _ in term.alternatives if is_chinese(a)), "")
    return bool(chinese) and list(rjieba.tag(chinese))[-1][1].startswith("n")
