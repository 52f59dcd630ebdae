"""Whose report it is and for which year, inferred from its text.

Names in running Chinese text have no edges, so candidates are counted: the place in front of a kind of organisation
(``许昌市`` + ``图书馆``) that is found most, with a bonus for standing in a title. English names have capitals.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from documents.folding import fold
from documents.marks import is_title
from documents.report import Passage, Section, Stance

_KINDS = (
    "图书馆|博物馆|博物院|文化馆|美术馆|档案馆|科技馆|纪念馆|群众艺术馆|少年宫|文化宫|体育馆|方志馆|大学|学院|中学|小学|医院|统计局|教育局|"
    "卫生局|文化局|财政局|公安局|水利局|水务局|环保局|环境局|资源局|旅游局|气象局|民政局|审计局|税务局|交通局|运输局|农村局|管理局|"
    "健康局|卫生院|卫生健康委员会|委员会|人民政府|人民法院|检察院|基金会|研究院|研究所"
)
_PLACE_END = "省|市|区|县|州|旗|镇|乡"
_BETWEEN = "立|第[一二三四五六七八九十]+|实验|妇幼保健|人民|中心|公共|少年儿童|少儿|中医|自然|生态|文化和|农业"
_KIND = re.compile(rf"(?:{_KINDS})(?!学会|协会|联盟|少儿部|服务)")
_PLACE = re.compile(rf"[\u4e00-\u9fff]{{2,10}}(?:{_PLACE_END})(?:{_BETWEEN}){{0,2}}$")
_PLACE_TITLE = re.compile(
    rf"^\W*(?:[0-9]{{4}}年)?(?P<place>[\u4e00-\u9fff]{{2,6}}?(?:{_PLACE_END}))(?=[0-9]{{4}}|[国年政工社卫教文])"
)
# A government speaks of itself in the first person, so its place is in the title of its report.
_GOVERNMENT_TITLE = re.compile(
    rf"^\W*(?:[0-9]{{4}}年)?(?P<place>[\u4e00-\u9fff]{{2,6}}?(?:{_PLACE_END}))(?:人民政府)?(?:[0-9]{{4}}年)?政府工作报告"
)
_NAMED_TITLE = re.compile(rf"^\W*(?:[0-9]{{4}}\s*年(?:度)?\s*)?(?P<name>[\u4e00-\u9fff]{{2,14}}?(?:{_KINDS})+)")
_COMMON = re.compile(r"^(?:全|各|本|我|公共|数字|农家|基层|乡镇|社区|学校|流动|县级|市级|省级|县|市|区)")
_KINDS_EN = (
    "Library|(?<!and )Libraries|Museum|Gallery|University|College|School|Hospital|Council|Bureau|Office|Department|"
    "Ministry|Centre|Center|Archives?|Foundation|Commission|Committee|Agency|Authority|Institute|Institution|Society|"
    "Trust|Board|Association|Company|Corporation|Service|District|System"
)
_WORD_EN = r"[A-Z][\w’'&-]*"
_EN = re.compile(rf"\b((?:{_WORD_EN} (?:(?:of|the|and|for) )*){{1,6}}(?:{_KINDS_EN}))\b")
_EN_OF = re.compile(  # Library of Congress, Department of Health
    rf"\b((?:{_KINDS_EN}) (?:of|for) (?:the )?{_WORD_EN}"
    rf"(?: (?:and )?(?!Annual|Quarterly|Report|Review|Plan){_WORD_EN}){{0,3}})"
)
_LEAD_EN = re.compile(
    r"^(?:(?:The|This|Our|Annual|Quarterly|Monthly|Report|Review|Plan|Chronicle|Summary|In|At|By|And) "
    r"(?:(?:of|for|from|the) )*)+"
)
_SMALL_EN = frozenset({"Of", "The", "And", "For", "In"})
_PREFIXES = "由在是于与和向为到对从据经让被将把给及年月日今全届之的使随着联合"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*(?:年|(?!\d))")
_TITLE_BONUS = 6
_LONGEST_HEAD = 60  # characters of a line at the top that may be a title
_ENOUGH = 3000  # paragraphs: a name that matters has been said by then


def infer_organisation(paragraphs: Sequence[Passage], titles: Sequence[str]) -> str | None:
    """The organisation a report is about, by its fullest name, or None when the text names none."""
    texts = [p.text for p in islice(paragraphs, _ENOUGH)]
    first = [*titles, *texts[:3]]
    for title in first:
        government = _GOVERNMENT_TITLE.match(fold(title).replace(" ", ""))
        if government:
            return government["place"]
    folded = [fold(text) for text in texts]
    heads = [text for text in texts[:2] if len(text) <= _LONGEST_HEAD and not text.endswith(("。", "."))]
    counts = _counts(folded, [fold(text) for text in [*titles, *heads]])
    if counts:
        return _as_written(_fullest(counts), first + texts)
    for title in first:
        place = _PLACE_TITLE.match(fold(title))
        if place:
            return title[place.start("place") : place.end("place")]
    return _english(texts, first)


def _counts(texts: Sequence[str], titles: Sequence[str]) -> Counter[str]:
    """How often each possible name occurs: every way to begin the place before a kind of organisation."""
    counts: Counter[str] = Counter()
    for weight, group in ((1, texts), (_TITLE_BONUS, titles)):
        for text in group:
            for name, at_edge in _names(text):
                counts[name] += weight if at_edge else 1
    for title in titles:  # 杭州图书馆 has no 市 to tell where the place ends: only a title's own start does
        named = _NAMED_TITLE.match(title)
        if named and not _COMMON.match(named["name"]) and named["name"] not in counts:
            counts[named["name"]] = _TITLE_BONUS + sum(text.count(named["name"]) for text in texts)
    return counts


def _names(text: str) -> Iterator[tuple[str, bool]]:
    """Names that may begin at any character of the place, and whether that is where the Chinese text begins."""
    for kind in _KIND.finditer(text):
        place = _PLACE.search(text, max(0, kind.start() - 14), kind.start())
        if place is None:
            continue
        for start in range(place.start(), kind.start() - 2):
            if text[start] not in _PREFIXES:
                at_edge = start > place.start() or start == 0 or not _han(text[start - 1])
                yield text[start : kind.end()], at_edge


def _han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _fullest(counts: Counter[str]) -> str:
    """From the most frequent short name outwards, as long as the longer one is nearly as frequent.

    ``山市图书馆`` 15 times and ``昆山市图书馆`` 15 times give the latter; ``联合昆山市图书馆`` once does not.
    """
    name = max(counts, key=lambda n: (counts[n], len(n)))
    while True:
        longer = [n for n in counts if len(n) > len(name) and n.endswith(name) and counts[n] >= 0.75 * counts[name]]
        if not longer:
            return name
        name = max(longer, key=lambda n: (counts[n], len(n)))


def _as_written(name: str, texts: Sequence[str]) -> str:
    """The name in the characters of the report: traditional stays traditional."""
    for text in texts:
        at = fold(text).find(name)
        if at >= 0:
            return text[at : at + len(name)]
    return name


def _english(texts: Sequence[str], titles: Sequence[str]) -> str | None:
    counts = Counter(name for text in texts for name in _names_en(text))
    for title in titles:
        counts.update(dict.fromkeys(_names_en(_cased(title)), _TITLE_BONUS))
    return max(counts, key=lambda name: (counts[name], len(name))) if counts else None


def _names_en(text: str) -> Iterator[str]:
    for match in (*_EN.finditer(text), *_EN_OF.finditer(text)):
        name = _LEAD_EN.sub("", match[1])
        if " " in name:
            yield name


def _cased(title: str) -> str:
    """A title in capitals with capitals only where a name has them."""
    if not title.isupper():
        return title
    return " ".join(w.lower() if w in _SMALL_EN else w for w in (word.capitalize() for word in title.split()))


def infer_year(sections: Sequence[Section], paragraphs: Sequence[Passage], stem: str) -> int | None:
    """The year reported on: of the titles that tell what was done, else the most frequent, else the file's name."""
    titled = [s for s in sections if _YEAR.search(fold(s.title)) and (s.level <= 2 or is_title(s.title))]
    for wanted in (Stance.ACHIEVED, Stance.PLANNED):
        years = [int(y) for s in titled if s.stance is wanted for y in _YEAR.findall(fold(s.title))[:1]]
        if years:
            return Counter(years).most_common(1)[0][0]
    counted = Counter(int(y) for p in islice(paragraphs, _ENOUGH) for y in _YEAR.findall(fold(p.text)))
    if counted:
        return counted.most_common(1)[0][0]
    named = _YEAR.search(stem)
    return int(named[1]) if named else None
