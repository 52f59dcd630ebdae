"""Which reports a question names: full names, short names, abbreviations, pinyin and English forms.

Nothing here knows any one library: forms are derived from the organisation's name as the report gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from documents.folding import fold
from documents.pinyin import syllables
from index.catalog import ReportSummary

_KIND = re.compile(
    r"(少年儿童图书馆|少儿图书馆|公共图书馆|图书馆|博物馆|文化馆|美术馆|档案馆|科技馆|纪念馆|少年宫|大学|学院|中学|小学|(?:人民|中心|中医)?医院|"
    r"统计局|教育局|文化局|财政局|管理局|委员会|人民政府|基金会|研究院|研究所)$"
)
_SORT = re.compile(r"^(?:人民|中心|中医|公共)(?=医院|图书馆)")
_PLACE = re.compile(r"([\u4e00-\u9fff]{2,}?)(省|自治区|市|区|县|州|旗|镇|乡)立?")
# The peoples in the name of an autonomous county or prefecture are left out when people speak of it.
_PEOPLES = re.compile(
    r"(?:(?:蒙古|维吾尔|布依|朝鲜|土家|哈尼|哈萨克|傈僳|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|"
    r"普米|塔吉克|鄂温克|德昂|保安|裕固|独龙|鄂伦春|赫哲|门巴|珞巴|基诺)族?|[回藏苗彝壮满侗瑶白傣黎佤畲水土羌怒京各]族)+自治(?=[区县州旗])"
)
_CHILDREN = "少年儿童图书馆"
_KIND_EN = re.compile(
    r"\b(public|city|county|district|municipal|national|central|libraries|library|museum|university|college|school|hospital|council|bureau|"
    r"office|department|ministry|centre|center|archives?|foundation|commission|agency|authority|institute|society|trust|the|of|and|for)\b"
)
# How an organisation is named next to a place without being part of its distinctive name.
_TAIL_ZH = re.compile(
    r"(?:省|市|区|县)?(?:公共)?(?:图书馆|博物馆|文化馆|美术馆|档案馆|(?:人民|中心)?医院|馆(?![长员藏内际外舍务刊徽]))?(?:的|里|那边|这边)?"
)
# After a Latin name in a Chinese question: Tidewater海事博物馆, Harwick镇图书馆的.
_TAIL_MIXED = re.compile(
    r"\s?(?:[\u4e00-\u9fff]{0,4}?(?:图书馆|博物馆|文化馆|美术馆|档案馆|科技馆|医院|大学|学院|学校|公司|管理局|委员会|议会|公交|"
    r"理事会|中心|馆(?![长员藏内际外舍务刊徽]))|[省市区县镇](?![\u4e00-\u9fff]))(?:的|里|那边|这边)?"
)
# Words that many names begin with: none of them stands for the whole.
_COMMON_FIRST = frozenset(
    "free new old great saint st north south east west northern southern eastern western upper lower royal state "
    "international general "
    "mount port fort lake united first joint regional maritime natural history science art children youth women people "
    "community health transit".split()
)
_TAIL_EN = re.compile(
    r"(?:\s+(?:autonomous|city|town|county|district|public|municipal|people['’]s|children['’]s(?= librar)))*"
    r"(?:\s+(?:library|museum|libraries|archives?|hospital|council|government|university|college|transit))?(?:['’]s?)?",
    re.IGNORECASE,
)


_ALSO_WORDS = frozenset("yuan china japan long sang dan wan man pan tan ping he she".split())
_SUFFIX_EN = {
    "省": ("province",), "市": ("city",), "区": ("district",), "县": ("county",), "镇": ("town",), "乡": ("township",)
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """An organisation named at ``text[start:end]`` of the folded question, and the reports it stands for."""

    start: int
    end: int
    name: str
    reports: frozenset[str]


class Directory:
    """All names of all reports in an index."""

    def __init__(self, reports: Iterable[ReportSummary]):
        self.reports = tuple(reports)
        self._forms: dict[str, set[str]] = {}
        for report in self.reports:
            for form in {*forms(report.organisation or ""), fold(report.id), fold(report.id).rsplit("-", 1)[0]}:
                if len(form) > 1:
                    self._forms.setdefault(form, set()).add(report.id)

    def find(self, folded: str) -> list[Mention]:
        """Every mention in a folded question, longest form first, never overlapping, in reading order."""
        found: list[Mention] = []
        for form in sorted(self._forms, key=len, reverse=True):
            pattern = rf"(?<![a-z0-9]){re.escape(form)}(?![a-z0-9])" if form.isascii() else re.escape(form)
            for match in re.finditer(pattern, folded):
                end = _extended(folded, match.end(), latin=form.isascii())
                if not any(m.start < end and match.start() < m.end for m in found):
                    found.append(Mention(match.start(), end, form, frozenset(self._forms[form])))
        return sorted(found, key=lambda m: m.start)

    def names(self) -> list[str]:
        return sorted({r.organisation or r.id for r in self.reports})

    def name_of(self, report_id: str) -> str:
        return next((r.organisation or r.id for r in self.reports if r.id == report_id), report_id)

    def years_of(self, reports: Sequence[str]) -> list[int]:
        return sorted({r.year for r in self.reports if r.id in reports and r.year})


def _extended(text: str, end: int, *, latin: bool) -> int:
    match = (_TAIL_EN if latin else _TAIL_ZH).match(text, end)
    mixed = _TAIL_MIXED.match(text, end) if latin else None
    return max(end, *(m.end() for m in (match, mixed) if m))


@cache
def forms(organisation: str) -> frozenset[str]:
    """Every form a person may use for an organisation, folded.

    >>> sorted(forms("许昌市图书馆"))
    ['xuchang', '许图', '许昌', '许昌图书馆', '许昌市', '许昌市图书馆']
    >>> "恭城" in forms("恭城瑶族自治县图书馆"), "大连少儿馆" in forms("大连市少年儿童图书馆")
    (True, True)
    """
    name = fold(organisation).strip()
    if not name:
        return frozenset()
    if name.isascii():
        distinctive = " ".join(_KIND_EN.sub(" ", name).split())
        first = distinctive.split()[:1]
        short = first if first and first[0] not in _COMMON_FIRST and len(first[0]) > 3 else []
        rest = distinctive.split(" ", 1)[1:]  # the maritime museum, for the Tidewater Maritime Museum
        sort = name[name.find(rest[0]) :] if rest and short else ""
        return frozenset(f for f in (name, distinctive, *short, sort) if f)
    name = _PEOPLES.sub("", name)
    kind = _KIND.search(name)
    places = _PLACE.findall(name[: kind.start()] if kind else name)
    found = {name, fold(organisation).strip()}
    for place, suffix in places:
        found |= {place, place + suffix, *_latin(place, suffix)}
    if kind and places:  # of the last place alone: the library of a district is not that of its city
        place, suffix = places[-1]
        children = ("少儿图书馆", "少儿馆", "少图") if kind[1] == _CHILDREN else ()
        for said in (kind[1], _SORT.sub("", kind[1]), *children):
            found |= {place + said, place + suffix + said}
        found.add(place[0] + kind[1][0])
    if not places and kind:
        found.add(name[: kind.start()])
    return frozenset(f for f in found if len(f) > 1)


def _latin(place: str, suffix: str) -> Iterator[str]:
    """A place in pinyin, with the apostrophe where one belongs (yu'an); a form that is an English word is left out."""
    for read in (syllables(place + suffix)[: -len(syllables(suffix))], syllables(place)):
        joined = "".join(read)
        parted = "".join(f"'{s}" if at and s[0] in "aeo" else s for at, s in enumerate(read))
        yield parted
        yield from (f"{joined} {word}" for word in _SUFFIX_EN.get(suffix, ())) if joined in _ALSO_WORDS else (joined,)
