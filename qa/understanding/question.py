"""A question understood: language, scope, kind of answer, unit, and the terms to look for.

The scope is hard. What the question names (a library, a year, a month) limits the evidence; when nothing in the index
fits, that is said, with the nearest there is, and the scope is never widened.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from documents.dates import DateMention, Day, find_dates, find_quarters
from documents.folding import fold
from documents.numerals import CARDINALS_EN, ORDINALS_EN, in_chinese, read_number
from index.bilingual import Lookup, Term, question_terms
from index.scope import Scope
from index.tokens import STOPWORDS_EN, STOPWORDS_ZH, is_chinese, stem, words
from qa.measures import units
from qa.understanding.cues import word_list
from qa.understanding.directory import Directory, Mention
from qa.understanding.kinds import Kind, Operation, asks_for_plan, kind_of, operation_of
from qa.understanding.phrases import kind_of_phrase, without_frames
from qa.understanding.senses import in_sense
from qa.understanding.unknown import Known, unknown_places
from qa.understanding.wanted import Wanted, wanted_unit

_QUOTED = re.compile(r"《([^《》]{2,40})》|“([^“”]{2,40})”|\"([^\"]{3,60})\"|「([^「」]{2,40})」|『([^『』]{2,40})』")
_SPANS = re.compile(r"\bbetween \|\s+and\s+$|\|\s*(?:到|至|[-—–~]+|to|through|until)\s*$")
_TWO_MONTHS = re.compile(r"([一二三四五六七八九])([一二三四五六七八九])月份?")  # 七八月份
_END_OF = re.compile(r"\s*(?:年?[底末初]|月[底末初]|度|份)(?!层)")
_AS_OF = re.compile(r"\s*(?:底|末|年底|月底)")
_AS_OF_EN = re.compile(r"(?:by|until|as of|at) (?:the )?end of $")
# Words that say how to answer or hold nearly everywhere in reports; they name no fact.
_EMPTY = word_list("empty_words.txt")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what was understood of it.

    ``search_text`` is what vectors are searched by: the question, and once more what is left of it without names of
    organisations, periods and the words of asking, which the scope already holds.
    """

    text: str
    folded: str
    language: str
    kind: Kind
    operation: Operation | None
    wanted: Wanted
    planned: bool
    scope: Scope
    mentions: tuple[Mention, ...]
    dates: tuple[DateMention, ...]
    quoted: tuple[str, ...]
    terms: tuple[Term, ...]
    search_text: str = ""
    unknown: tuple[str, ...] = ()
    singles: tuple[tuple[str, tuple[Term, ...]], ...] = ()

    @property
    def written_in(self) -> str:
        """The language of its words; ``language`` is that of the answer, which a follow-up may want in another."""
        return language_of(self.text)

    def within(self, **changes: object) -> Question:
        return replace(self, **changes)  # type: ignore[arg-type]


def quoted_spans(folded: str) -> list[tuple[int, int]]:
    """Where titles and quotations stand, marks included."""
    return [match.span() for match in _QUOTED.finditer(folded)]


MOST_CHARACTERS = 1000  # of a question; what is longer was pasted by mistake


def language_of(text: str) -> str:
    """``zh`` when the question is mainly Chinese; Chinese names inside an English question do not make it so."""
    bare = re.sub(r"[(（][^()（）]*[)）]|《[^》]*》|“[^”]*”", " ", text)
    han = len(re.findall(r"[\u3400-\u9fff]", bare))
    latin = len(re.findall(r"[A-Za-z]+", bare))
    return "zh" if han and han >= latin else "en"


def understand(
    text: str,
    directory: Directory,
    lookup: Lookup,
    known: Known,
    *,
    given: Scope | None = None,
) -> Question:
    """Read a question against what is indexed.

    ``known`` tells whether a name occurs in any report; ``given`` is a scope set by options: it narrows, never widens.
    """
    folded = without_frames(fold(text.strip()))
    given = given or Scope()
    quotes = quoted_spans(folded)
    mentions = _outside(directory.find(folded), quotes)
    dates = [d for d in [*find_dates(folded), *_bare_years(folded)] if not any(s <= d.start < e for s, e in quotes)]
    months, period_spans = _months(folded, dates)
    scope = Scope(
        reports=_reports(mentions, given),
        years=given.years or frozenset(y for d in dates for y in {d.first.year, d.last.year} if y),
        months=(given.months & months or given.months) if given.months else months,
    )
    if given.months and months and not given.months & months:
        scope = replace(scope, reports=frozenset())  # a question about March, limited to May: there is no such place
    used = (
        [(m.start, m.end) for m in mentions]
        + [_with_end(folded, d) for d in dates if not _is_content(d)]
        + period_spans
    )
    content = _blank(folded, used)
    kind = kind_of(folded, organisations=_count(mentions), has_period=bool(months or scope.months), content=content)
    named = kind_of_phrase(folded, content) if kind is Kind.TEXT else None
    kind, wanted = named or (kind, wanted_unit(folded))
    apart = kind in (Kind.CALC, Kind.COMPARE)
    terms = in_sense(terms_of(_with_coming(content, lookup), lookup, apart=apart), wanted)
    return Question(
        text=text,
        folded=folded,
        language=language_of(text),
        kind=kind,
        operation=operation_of(folded),
        wanted=wanted,
        planned=asks_for_plan(folded),
        scope=scope,
        mentions=tuple(mentions),
        dates=tuple(dates),
        quoted=tuple(next(g for g in m.groups() if g) for m in _QUOTED.finditer(folded)),
        terms=terms,
        singles=_singles(terms, lookup),
        search_text=" ".join([*_ASKING.sub(" ", content).split(), text]),
        unknown=unknown_places(folded, text, mentions, known),
    )


# 来了多少人: who only asks how many came asks for visits; 讲座来了多少人 asks for those at the talk.
_COMING = re.compile(r"[来进到去](?:了|过|的|馆)|\b(?:came|come|walked|went|go|turned up|through the doors?)\b")
_ANYBODY = frozenset(
    "人 人次 读者 市民 总馆 本馆 全馆 馆里 多少人 peopl person reader visitor total came come walk went go".split()
)


def _with_coming(content: str, lookup: Lookup) -> str:
    """The question's words, and that for visits where nothing else but somebody's coming is asked for."""
    coming = _COMING.search(content)
    if not coming or any(term.surface not in _ANYBODY for term in terms_of(content, lookup)):
        return content
    return f"{content} {'到馆' if is_chinese(coming[0][0]) else 'visits'}"


# 许图2019办证多少: people leave 年 out, unless the figure is counted in something.
_BARE_YEAR = re.compile(r"(?<![\d.,第])(?:19|20)\d{2}(?=\s*[\u4e00-\u9fff])")


def _bare_years(folded: str) -> Iterator[DateMention]:
    """Years that stand before Chinese without 年, where no unit follows.

    >>> [m.first.year for m in _bare_years("许图2019办证多少，2019册")]
    [2019]
    """
    for match in _BARE_YEAR.finditer(folded):
        after = folded[match.end() :].lstrip()
        if after[0] not in "年余多万千百亿" and not any(after.startswith(unit) for unit in units() if unit):
            year = Day(int(match[0]))
            yield DateMention(match.start(), match.end(), year, year)


def _count(mentions: Sequence[Mention]) -> int:
    return len({m.reports for m in mentions})


def _outside(mentions: Sequence[Mention], quotes: Sequence[tuple[int, int]]) -> list[Mention]:
    """Mentions in quotation marks are part of a title; they count only when there is no other."""
    outside = [m for m in mentions if not any(s <= m.start < e for s, e in quotes)]
    return outside or list(mentions)


def _reports(mentions: Sequence[Mention], given: Scope) -> frozenset[str] | None:
    named = frozenset(r for m in mentions for r in m.reports)
    if given.reports is None:
        return named or None
    return given.reports & named if named else given.reports


def _months(folded: str, dates: Sequence[DateMention]) -> tuple[frozenset[int], list[tuple[int, int]]]:
    months: set[int] = set()
    spans: list[tuple[int, int]] = []
    for date in dates:
        as_of = _AS_OF.match(folded, date.end) or _AS_OF_EN.search(folded[: date.start])
        if date.first.month and date.last.month and not as_of:
            months |= set(range(date.first.month, date.last.month + 1)) or {date.first.month}
    for one, other in itertools.pairwise(dates):
        first, last = one.first.month, other.last.month
        if (
            first
            and last
            and _SPANS.search(folded[max(0, one.start - 8) : one.start] + "|" + folded[one.end : other.start])
        ):
            months |= set(range(first, last + 1))
    for match in _TWO_MONTHS.finditer(folded):
        months |= {"一二三四五六七八九".index(match[n]) + 1 for n in (1, 2)}
        spans.append(match.span())
    for start, end, quarter in find_quarters(folded):
        months |= quarter
        spans.append((start, end))
    return frozenset(months), spans


def _with_end(folded: str, date: DateMention) -> tuple[int, int]:
    """A period with the word for its end (2021年底), which would be cut into the next word."""
    end = _END_OF.match(folded, date.end)
    return date.start, end.end() if end else date.end


def _is_content(date: DateMention) -> bool:
    """A date with a day is something to find in the text, not only a limit."""
    return date.first.day is not None


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in spans:
        characters[start:end] = " " * (end - start)
    return "".join(characters)


# Question words joined to their neighbours (证多, 哪家) would be cut wrongly, so they go before the cutting.
_ASKING = re.compile(
    r"(?:哪|什么)(?:一)?(?:个|家|所)?[省市县区校]?馆(?![员长藏内外])|叫(?:做)?(?:什么|啥)(?:名字|名称)?|啥|(?:哪|几(?:[十百千万](?=[场次册人张个家台件期]))?|多少)(?:一)?(?:年|个?月份?|个?季度|天|日|号|些|家|个|座|所|边|里|儿|位|种|类|部|本|处|名|册次|册|人次|次|场|期|张|台|件|项|条|辆)?|多少|什么|为什么|怎么样|怎么|谁|何时|何地|是不是|有没有|"
    r"(?:更|最|较|得)?(?:多|少|高|低)(?=[?？。了呢吗]|$)|(?:多|少|高|低)(?:出|了)?多少|(?:多|少|高|低)?还是|分别(?:是|为)?|一共|总共|加起来|合计|相差|差(?=多少)|请问|告诉我|到底|究竟|大概|大约|具体(?:数字)?|准数|(?:那|这)(?:次|批|家|个|位|场|边|里|些|年|天)"
)


_LEFT_OUT = re.compile(r"(?<=[a-z]) {3,}(?=[a-z])")  # where a name or a period stood: head [of …'s] public

# Where one side of a comparison or a sum ends, no phrase goes on.
_SIDES_EN = re.compile(r"\b(?:and|or|than|versus|vs|plus|minus|was|were|is|are)\b|[,;:]")


def terms_of(content: str, lookup: Lookup, *, apart: bool = False) -> tuple[Term, ...]:
    """The terms of a question (or a part of one), without the words that name no fact.

    ``apart`` keeps a phrase from reaching across two things set side by side: newspapers and periodicals are two.
    """
    bare = _ASKING.sub(lambda m: " " * len(m[0]), _ORDINAL_EN.sub(r"\1 ", content))
    stretches = _SIDES_EN.split(_WHICH_EN.sub(" ", bare)) if apart else _LEFT_OUT.split(bare)
    tokens = ([token for token, _, _ in words(text)] for text in stretches)
    found = [
        term for stretch in tokens for term in question_terms(_turned(stretch, lookup) if apart else stretch, lookup)
    ]
    distinct = {term.surface: term for term in reversed(found)}
    kept = [_with_numeral(term) for term in reversed(distinct.values()) if not _is_empty(term.surface)]
    return tuple(kept) if apart else tuple(_with_parts(term, lookup) for term in kept)


def _with_parts(term: Term, lookup: Lookup) -> Term:
    """A word nobody translates may hold one that is known (借出去: 借出; 还书量: 还书)."""
    parts: list[tuple[str, float]] = []
    if is_chinese(term.surface) and len(term.alternatives) == 1 and 3 <= len(term.surface) <= 8:
        pieces = [term.surface[i:j] for i in range(len(term.surface)) for j in range(i + 2, len(term.surface) + 1)]
        rows = {row.source for row in lookup(pieces)}
        best = max((p for p in pieces if p in rows and p != term.surface), key=len, default="")
        parts = [(a, w * _PART) for t in question_terms([best], lookup) for a, w in t.alternatives] if best else []
    known = {alternative for alternative, _ in term.alternatives}
    return replace(term, alternatives=(*term.alternatives, *((a, w) for a, w in parts if a not in known)))


_PART = 0.85


_ACTS = frozenset("issu add lend lent borrow return buy bought purchas acquir publish".split())
_WHICH_EN = re.compile(
    r"\bwhich (?:of the )?(?:two |three |four )?(?:library|libraries|city|cities|county|counties|report|year|place)\b"
)


def _turned(tokens: Sequence[str], lookup: Lookup) -> list[str]:
    """A verb put behind its object where that makes a known phrase: issued the most cards, cards issued."""
    bare = [t for t in tokens if not t.isascii() or t not in STOPWORDS_EN | _EMPTY]
    for at in range(len(bare) - 1):
        one, other = bare[at : at + 2]
        if one in _ACTS and other.isascii() and len(question_terms([other, one], lookup)) == 1:
            bare[at : at + 2] = [other, one]
    return bare


def _singles(terms: Sequence[Term], lookup: Lookup) -> tuple[tuple[str, tuple[Term, ...]], ...]:
    """The single words of each English phrase, for a report that has the words but not the phrase."""
    phrases = [term.surface for term in terms if term.surface.isascii() and " " in term.surface]
    found = ((p, [t for word in p.split() for t in question_terms([word], lookup)]) for p in phrases)
    return tuple((p, tuple(_with_numeral(t) for t in single if not _is_empty(t.surface))) for p, single in found)


_COUNTED_ZH = re.compile(r"([一二三四五六七八九十]+)([周年届期岁][\u4e00-\u9fff]*)$")  # 七周年 is also written 7周年
_ORDINAL_EN = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
# An English number word may stand in the text as a digit or a Chinese numeral.
_NUMERALS = {stem(word): (str(value), in_chinese(value)) for word, value in CARDINALS_EN.items()} | {
    stem(word): (f"第{in_chinese(value)}", in_chinese(value), str(value)) for word, value in ORDINALS_EN.items()
}


_SINGLE = 0.7  # one character stands in too many words to tell much
_UNIT_NOUN = 0.7  # these say in what it is counted, which the unit already covers
_UNIT_NOUNS = frozenset(stem(w) for w in "people person persons item titles volumes copies times figure yuan".split())


def _with_numeral(term: Term) -> Term:
    """A term with the weight of its sort.

    An English number word may stand in the text as a digit or a Chinese numeral (third graders, 三年级).
    """
    if len(term.surface) == 1 and is_chinese(term.surface):
        return replace(term, weight=term.weight * _SINGLE)
    if term.surface in _UNIT_NOUNS:
        return replace(term, weight=term.weight * _UNIT_NOUN)
    numerals = _NUMERALS.get(term.surface, ())
    if term.surface.isdigit() and 0 < int(term.surface) < 100:  # the 13th session is 第十三期
        numerals = (*numerals, f"第{in_chinese(int(term.surface))}")
    counted = _COUNTED_ZH.match(term.surface)
    if counted:
        digits = f"{read_number(counted[1])}{counted[2]}"
        return replace(term, alternatives=(*term.alternatives, (digits, 0.9)))
    known = {alternative for alternative, _ in term.alternatives}
    return replace(
        term,
        alternatives=(*term.alternatives, *((n, 0.8) for n in numerals if n not in known)),
        weight=0.7 if term.surface in _NUMERALS else term.weight,
    )


def _is_empty(token: str) -> bool:
    if is_chinese(token):
        return token in STOPWORDS_ZH or token in _EMPTY
    return token in STOPWORDS_EN or token in _EMPTY or (len(token) == 1 and not token.isdigit())
