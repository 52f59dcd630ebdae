"""Whose report it is and for which year, inferred from its text.

Names in running Chinese text have no edges, so candidates are counted: the place in front of a kind of organisation
(``许昌市`` + ``图书馆``) that is found most, with a bonus for standing in a title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from documents.folding import fold
from documents.marks import is_title
from documents.report import Passage, Section, Stance

_KINDS = (
    "图书馆|博物馆|文化馆|美术馆|档案馆|科技馆|纪念馆|群众艺术馆|少年宫|文化宫|体育馆|大学|学院|中学|小学|医院|统计局|教育局|卫生局|文化局|财政局|"
    "公安局|水利局|环保局|气象局|管理局|健康局|卫生院|委员会|人民政府|人民法院|检察院|基金会|研究院|研究所"
)
_PLACE_END = "省|市|区|县|州|旗|镇|乡"
_ZH = re.compile(rf"(?<![\u4e00-\u9fff])?(?=([\u4e00-\u9fff]{{1,12}}?(?:{_KINDS})))")
# What may stand between the place and the kind: 许昌市立图书馆, 某县人民医院, 某区第一中学.
_SORT = "(?:立|公共|人民|中心|中医|妇幼保健|少年儿童|少儿|实验|第[一二三四五六七八九十]+)?"
_NAME = re.compile(rf"(?P<place>[\u4e00-\u9fff]{{2,10}}(?:{_PLACE_END}))(?P<kind>{_SORT}(?:{_KINDS}))(?!学会|协会|联盟|少儿部|服务)")
_PLACE_TITLE = re.compile(rf"^\W*(?:[0-9]{{4}}年)?(?P<place>[\u4e00-\u9fff]{{2,6}}?(?:{_PLACE_END}))(?=[0-9]{{4}}|[国年政工社卫教文])")
# A government speaks of itself in the first person, so its place is in the title of its report.
_GOVERNMENT_TITLE = re.compile(rf"^\W*(?:[0-9]{{4}}年)?(?P<place>[\u4e00-\u9fff]{{2,6}}?(?:{_PLACE_END}))(?:人民政府)?(?:[0-9]{{4}}年)?(?:[0-9]{{4}}年)?政府工作报告")
_EN = re.compile(
    r"\b((?:[A-Z][\w'’-]+ (?:of |the |and |for )*){1,5}(?:Library|(?<!and )Libraries|Museum|University|College|School|Hospital|Council|Bureau|Office|"
    r"Department|Ministry|Centre|Center|Archive|Archives|Foundation|Commission|Agency|Authority|Institute|Society|Trust))\b"
)
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?: [A-Z]{2,})+\b")
_PREFIXES = "由在是于与和向为到对从据经让被将把给及年月日今全届之的使随着联合"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*(?:年|(?!\d))")
_TITLE_BONUS = 6


def infer_organisation(paragraphs: Sequence[Passage], titles: Sequence[str]) -> str | None:
    """The organisation a report is about, by its fullest name, or None when the text names none."""
    texts = [fold(p.text) for p in paragraphs]
    opening = [*titles, *(p.text for p in paragraphs[:3])]
    for title in opening:
        government = _GOVERNMENT_TITLE.match(fold(title))
        if government:
            return government["place"]
    counts = _counts(texts, [fold(t) for t in titles] + texts[:2])
    if counts:
        return _fullest(counts)
    for title in opening:
        place = _PLACE_TITLE.match(fold(title))
        if place:
            return place["place"]
    return _english(paragraphs, opening)


def _english(paragraphs: Sequence[Passage], opening: Sequence[str]) -> str | None:
    """The English name found most, with a bonus for standing in the title, where capitals may be all there are."""
    found = Counter(m[1] for p in paragraphs for m in _EN.finditer(p.text))
    for title in opening:
        written = _CAPITALS.sub(lambda m: m[0].title(), title)
        found.update({m[1]: _TITLE_BONUS for m in _EN.finditer(written)})
    return max(found, key=lambda name: (found[name], len(name))) if found else None


def _counts(texts: Sequence[str], titles: Sequence[str]) -> Counter[str]:
    """How often each possible name occurs: every way to begin the place before a kind of organisation."""
    counts: Counter[str] = Counter()
    for weight, group in ((1, texts), (_TITLE_BONUS, titles)):
        for text in group:
            for match in _NAME.finditer(text):
                place = match["place"]
                for start in range(max(0, len(place) - 10), len(place) - 2):
                    name = place[start:] + match["kind"]
                    if place[start] not in _PREFIXES:
                        counts[name] += weight if start or match.start() == 0 or not _han(text[match.start() - 1]) else 1
    return counts


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


def infer_year(sections: Sequence[Section], paragraphs: Sequence[Passage], stem: str) -> int | None:
    """The year reported on: of the titles that tell what was done, else the most frequent, else the file's name."""
    titled = [s for s in sections if _YEAR.search(fold(s.title)) and (s.level <= 2 or is_title(s.title))]
    for wanted in (Stance.ACHIEVED, Stance.PLANNED):
        years = [int(y) for s in titled if s.stance is wanted for y in _YEAR.findall(fold(s.title))[:1]]
        if years:
            return Counter(years).most_common(1)[0][0]
    counted = Counter(int(y) for p in paragraphs for y in _YEAR.findall(fold(p.text)))
    if counted:
        return counted.most_common(1)[0][0]
    named = _YEAR.search(stem)
    return int(named[1]) if named else None
