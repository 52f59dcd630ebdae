"""Lists as they are written: items between 、, clauses after a colon, points counted 一是, 二是.

Where a list's first item begins is not written: ``有惠丰社区、清华社区`` begins after 有. So the first item is cut
where it is most like the others, and the last where a verb takes up the sentence again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import median

from documents.numerals import read_number
from qa.scan import Scan, Span

_QUOTE = r"“[^“”\n]{1,60}”|《[^《》\n]{1,60}》|[（(][^()（）\n]{0,120}[)）]"
_ITEM = rf"(?>{_QUOTE}|[^，。；：、“”《》\n,;:!?！？])+?"
_ENUMERATION = re.compile(
    rf"({_ITEM}(?:、(?=\S){_ITEM})+(?:[,，]?(?:和|以及|及|与|或|还有){_ITEM})?)(?=[，。；：\n,;:!?！？]|$)|"
    rf"({_ITEM}(?:和|以及|与){_ITEM})(?=[，。；：\n,;:!?！？]|$)|((?:“[^“”\n]{{1,60}}”|《[^《》\n]{{1,60}}》){{2,}})"
)
_WITHIN_QUOTES = re.compile(r"“([^“”\n、，,]{1,12}(?:、[^“”\n、，,]{1,12}){2,})”")
_IN_BRACKETS = re.compile(r"[（(]([^()（）\n:：、]{2,}(?:、[^()（）\n、]{2,})+)[)）]")
_LATIN_ITEM = r"[a-z0-9'’-]+(?: [a-z0-9'’-]+){0,5}"
_LATIN = re.compile(
    rf"(?:: |\b(?:were|are|was|is|include[ds]?|including|such as|like|among them|namely|with|of|lent|bought|received|"
    rf"made up by|for) )({_LATIN_ITEM}(?:, {_LATIN_ITEM})*,? and {_LATIN_ITEM})(?=[.,;:)]|$)"
)
_NAME_EN = r"(?:[Tt]he )?[A-Z][\w'’&-]*(?: (?:of |of the )?[A-Z][\w'’&-]*){0,5}"
_LATIN_NAMES = re.compile(rf"\b{_NAME_EN}(?:, {_NAME_EN})*,? and {_NAME_EN}")
_SPLIT = re.compile(r"、|[,，]?(?<=.)(?:以及|还有|和|及|与|或)(?=.)|, and |, | and |(?<=[”》])(?=[“《])")
_PROTECTED = re.compile(
    rf"{_QUOTE}|文化和旅游|建设与|经济和社会|住房和城乡|人力资源和社会|教育和体育|发展和改革|卫生和计划"
)
_COLON = re.compile(
    r"(?:(?P<count>\d+|[两三四五六七八九十]+)(?:个|项|种|大|方面|级|类|件|条|点|家|所|部分|步)[^,。:;\n]{0,14}|"
    r"(?:主要|具体|包括|如下|内容|问题|原因|措施|不足)?(?:有|是|为|包括|如下))[:]|内容有|主要有(?=[^、。]*,)"
)
_NUMBERING = re.compile(r"[\d一二三四五六七八九十()（）.]+")
# What leads into the first item. A single character counts only as a word of its own, or at the head of one.
_LEADS = re.compile(
    r"[—-]{2}|赴|前往|其中|另外|分别[是为]|(?:分别)?[设建位][在于]|主要[是有为]|包括|包含|有关|涉及|涵盖|设有|拥有|具有|请来了?|邀请了?|授予|荣获|获得了?|获评|获|"
    r"参观了?|走进了?|走访|开展了?|举办了?|组织了?|购置了?|安装了?|新增了?|增设|建成|新建了?|推出了?|来自|面向|按照|"
    r"根据|"
    r"深入|通过|提供|完成了?|加入|加强|围绕|结合|以及|还有|有|是|为|由|在|到|对|向|与|和|同|将|把|被|给|于|以|从|设|"
    r"即|如|讲|迎来|收到|服务于?|增加了?|了|适合|推荐|学习了?|的"
)  # fmt: skip
_SAID_TO_BE = re.compile(r"分别[是为]|(?:分别)?[设建位][在于]|[为是即]")
_TAIL = re.compile(
    r"(?<=..)(?:等(?!级|候|于|待|奖|额|次).*|参加.*|参与.*|获得.*|出席.*|举办.*|举行.*|开展.*|开馆.*|开放.*|正式.*|"
    r"两[地家个所位项].*|[两二三四五六七八九十\d]+(?:个|地)?[省市县区州国][的州市县区].*|双双.*|迎来.*|到馆.*|来到.*|共同.*|联合.*|均.*|也还.*|也.*|都.*|建成.*|得到.*|进行.*|考察.*|"
    r"参观.*|[一二三四五六七八九十\d]+[位名家所个项种人](?!等).*|轮番.*|几方面.*|方面$|工作$|活动项目.*|"
    r"的[^的]{0,6}$)"
)
_POINT = re.compile(
    r"(?:^|(?<=[。；;:：,，\n]))\s*(?:(?P<is>[一二三四五六七八九十])是|第(?P<nth>[一二三四五六七八九十])[,，、]|"
    r"[（(](?P<brackets>\d{1,2}|[一二三四五六七八九十])[)）])"
)
LINE_MARKS = frozenset({"bullet", "dotted"})
_LINE_POINT = re.compile(r"\s*(?:(?P<bullet>[-*•·])|(?P<dotted>\d{1,2})[.)]) ")


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list found at ``[start, end)`` and the spans of its items, in order.

    ``form``: ``items`` between 、; ``pair`` joined by 和 alone; ``clauses`` after a colon.
    """

    start: int
    end: int
    items: tuple[Span, ...]
    form: str = "items"


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a counted series: 一是, 第一, （1）."""

    number: int
    mark: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def enumerations(scanned: Scan) -> tuple[Enumeration, ...]:
    """Runs of items parted by 、 or joined by 和, and clauses after a colon; headings are left out."""
    text = scanned.folded
    found = [_trimmed(text, _split(text, m.start(), m.end())) for m in _ENUMERATION.finditer(text)]
    found += [_split(text, m.start(1), m.end(1)) for m in _IN_BRACKETS.finditer(text)]
    found += [_split(text, m.start(1), m.end(1)) for m in _LATIN.finditer(text)]
    found += [_split(text, m.start(), m.end()) for m in _LATIN_NAMES.finditer(scanned.chunk.text)]
    found += [e for m in _COLON.finditer(text) if (e := _clauses(text, m))]
    found += [e for m in re.finditer(r"[^。；;\n]+", text) if (e := _repeated(text, m.start(), m.end()))]
    found += [_split(text, m.start(1), m.end(1)) for m in _WITHIN_QUOTES.finditer(text)]
    entries = scanned.entries()
    return tuple(e for e in found if len(e.items) > 1 and any(s.start <= e.items[0].start < s.end for s in entries))


def _split(text: str, start: int, end: int) -> Enumeration:
    """Cut at the marks outside quotation marks. 和 parts only in the last stretch after the last 、 (or alone)."""
    protected = [(start + m.start(), start + m.end()) for m in _PROTECTED.finditer(text[start:end])]
    cuts = [(start + m.start(), start + m.end()) for m in _SPLIT.finditer(text[start:end])]
    cuts = [c for c in cuts if not any(s < c[0] < e or s <= c[0] < c[1] <= e for s, e in protected)]
    marks = [c for c in cuts if text[c[0] : c[1]] in ("、", "")]
    if marks:
        cuts = [c for c in cuts if text[c[0] : c[1]] in ("、", "") or c[0] > marks[-1][0]]
    edges = [start, *(edge for cut in cuts for edge in cut), end]
    items = [Span(s, e) for s, e in zip(edges[::2], edges[1::2], strict=True) if text[s:e].strip()]
    if items and _NUMBERING.fullmatch(text[items[0].start : items[0].end].strip()):
        items = items[1:]
    return Enumeration(start, end, tuple(items), "items" if marks or len(items) > 2 else "pair")


def _trimmed(text: str, found: Enumeration) -> Enumeration:
    items = list(found.items)
    if len(items) < 2:
        return found
    last = items[-1]
    tail = _TAIL.search(_masked(text[last.start : last.end]))
    if tail:
        items[-1] = Span(last.start, last.start + tail.start())
    items[-1] = _closed(text, items[-1])
    items[0] = Span(_first_start(text, items), items[0].end)
    return Enumeration(found.start, found.end, tuple(items), found.form)


def _closed(text: str, last: Span) -> Span:
    """The last item without a bracket that another item opened: 分馆3个（东湖、西山、南岭）."""
    shut = re.search(r"[)）]", text[last.start : last.end])
    opened = shut and re.search(r"[(（]", text[last.start : last.start + shut.start()])
    return Span(last.start, last.start + shut.start()) if shut and shut.start() and not opened else last


def _masked(text: str) -> str:
    """Quoted stretches made unreadable, so that no cut falls into one; lengths stay."""
    return re.sub(_QUOTE, lambda m: "“" + "■" * (len(m[0]) - 2) + "”", text)


def _first_start(text: str, items: Sequence[Span]) -> int:
    """Where the first item begins: after the lead-in that leaves it most like the others, in length and in ending."""
    first = items[0]
    masked = _masked(text[first.start : first.end])
    usual = median(i.end - i.start for i in items[1:])
    starts = [0, *(m.end() for m in _LEADS.finditer(masked) if _stands_alone(masked, m.start(), m.end()))]
    said = _SAID_TO_BE.match(masked)
    least = said.end() if said and _stands_alone(masked, said.start(), said.end()) else 0
    starts = [s for s in starts if len(masked) - s >= 2 and s >= least]
    if not starts:
        return first.start
    best = min(
        starts, key=lambda s: (abs(len(masked) - s - usual) + (0 if s or len(masked) <= 1.5 * usual + 2 else 3), -s)
    )
    return first.start + best


def _stands_alone(masked: str, start: int, end: int) -> bool:
    """A lead-in of one character must be a word, not a part of one: 为 in 行为 is none."""
    if end - start > 1:
        return True
    from qa.extract.entities import tokens_of

    token = next((t for t in tokens_of(masked) if t.start <= start < t.end), None)
    return token is not None and (token.end - token.start == 1 or not _known(token.word))


def _known(word: str) -> bool:
    import rjieba

    return bool(rjieba.has_word(word))


def _repeated(text: str, start: int, end: int) -> Enumeration | None:
    """有…，有…，还有…: clauses that all begin with 有; the last may hold several items."""
    masked = _masked(text[start:end])
    heads = list(re.finditer(r"(?:^|(?<=[,，:：]))(?:还有|也有|有)(?!了|所|着|一)", masked))
    if len(heads) < 3:
        return None
    stops = [*(m.start() - 1 for m in heads[1:]), len(masked)]
    items = [Span(start + m.end(), start + stop) for m, stop in zip(heads, stops, strict=True)]
    last = re.search(r"[,，]|等", masked[heads[-1].end() :])
    final = _split(text, items[-1].start, items[-1].start + last.start() if last else items[-1].end)
    return Enumeration(start + heads[0].end(), final.end, (*items[:-1], *final.items), "items")


def _clauses(text: str, lead: re.Match[str]) -> Enumeration | None:
    """The clauses after a colon: by semicolons where there are any, else by commas; as many as are announced."""
    stop = re.search(r"[。\n]|$", text[lead.end() :])
    start, end = lead.end(), lead.end() + (stop.start() if stop else 0)
    masked = _masked(text[start:end])
    for mark in (";", ","):
        edges = [start, *(start + m.end() for m in re.finditer(mark, masked)), end + 1]
        items = [Span(s, e - 1) for s, e in pairwise(edges) if e - 1 > s]
        announced = read_number(lead["count"]) if lead["count"] else None
        if len(items) == announced or (announced is None and len(items) > 2):
            last = items[-1]
            items[-1] = Span(last.start, last.end - 1 if text[last.start : last.end].endswith("等") else last.end)
            items = [
                Span(i.start + len(m[0]) if (m := re.match(r"以及|和|还有", text[i.start : i.end])) else i.start, i.end)
                for i in items
            ]
            return Enumeration(start, end, tuple(items), "clauses")
    return None


@lru_cache(maxsize=4096)
def points(scanned: Scan) -> tuple[Point, ...]:
    """The counted points of a chunk in order, each to the end of its first sentence; a bulleted line to its end."""
    text = scanned.folded
    lines = (m for at, _ in scanned.chunk.passage.anchors if (m := _LINE_POINT.match(text, at)))
    found = sorted([*_POINT.finditer(text), *lines], key=lambda m: m.end())
    stops = [*(m.start() for m in found[1:]), len(text)][: len(found)]
    return tuple(_point(text, match, stop) for match, stop in zip(found, stops, strict=True))


def _point(text: str, match: re.Match[str], stop: int) -> Point:
    mark = match.lastgroup or ""
    sentence = re.search(r"\n" if mark in LINE_MARKS else r"[。\n]", text[match.end() : stop])
    end = match.end() + (sentence.start() if sentence else stop - match.end())
    number = read_number(match[mark]) if mark != "bullet" else None
    return Point(int(number or 0), mark, match.end(), len(text[:end].rstrip("；;，, ")))


def series(chunks: Sequence[Scan]) -> Iterator[tuple[tuple[Scan, Point], ...]]:
    """Points counted on from 1 over the consecutive chunks of one report; bullets that stand together in one."""
    run: list[tuple[Scan, Point]] = []
    for scanned in chunks:
        for point in points(scanned):
            if run and not _follows(run[-1], (scanned, point)):
                yield tuple(run)
                run = []
            if run or point.number <= 1:
                run.append((scanned, point))
    if run:
        yield tuple(run)


def _follows(last: tuple[Scan, Point], this: tuple[Scan, Point]) -> bool:
    (before, one), (scanned, other) = last, this
    if one.mark != other.mark or before.chunk.report_id != scanned.chunk.report_id:
        return False
    if other.mark == "bullet":
        return before == scanned and scanned.folded[one.end : other.start].strip(" \n-*•·") == ""
    return other.number > 1 and one.number <= other.number <= one.number + 1
