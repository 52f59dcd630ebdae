"""What the start of a line says: the marks of headings, list entries, months and dates, in Chinese and English.

Kept apart from reflow and outline because both need it: the first to know where a paragraph begins, the second to know
what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from documents.dates import MONTH_EN, month_number
from documents.numerals import read_number

_HAN = "零〇一二三四五六七八九十百"
_FORMAL = "壹贰貳叁參肆伍陆陸柒捌玖拾"
_ANY = r"[0-9０-９]{1,3}"

BOOKMARK = re.compile(r"\[bookmark:[^\]]*\]")
MONTH_HEADING = re.compile(
    rf"^\s*(?:(?P<year>[0-9]{{4}}|[〇零一二三四五六七八九]{{4}})\s*年\s*)?(?P<month>[0-9０-９]{{1,2}}|[{_HAN}]{{1,3}})\s*月\s*份?"
    r"\s*(?:大\s*事\s*[记記纪紀])?\s*[:：]?\s*$"
)
MONTH_HEADING_EN = re.compile(rf"^\s*(?P<name>{MONTH_EN})\.?,?\s*(?P<year>[0-9]{{4}})?\s*:?\s*$", re.IGNORECASE)
YEAR_HEADING = re.compile(r"^\s*(?P<year>(?:19|20)[0-9]{2}|[〇零一二三四五六七八九]{4})(?P<sign>\s*年)?\s*[:：]?\s*$")
DATE_START = re.compile(
    r"^\s*[【〔\[（(]?\s*(?:[0-9]{4}\s*年\s*)?[0-9０-９]{1,2}\s*月\s*[0-9０-９]{1,2}\s*(?:日|号|[-—－~～至])"
    r"|^\s*(?:19|20)[0-9]{2}([-./])[0-9]{1,2}\1[0-9]{1,2}(?![0-9])"
    r"|^\s*[0-9]{1,3}\s+[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*日"  # a row of a list: its number, then its date
    rf"|^\s*(?:[0-9]{{1,2}}\s+(?:{MONTH_EN})|(?:{MONTH_EN})\.?\s+[0-9]{{1,2}})\b[^:：A-Za-z]{{0,16}}[:：–—]",
    re.IGNORECASE,
)
DAY_START = re.compile(
    r"^\s*[【〔\[（(]?\s*[0-9０-９]{1,2}\s*(?:(?:日|号)?\s*[-—－~～至]+\s*[0-9０-９]{1,2}\s*)?[日号]"
)

_PARTS_ZH = (
    "计划|計劃|計畫|总结|總結|大事记|大事記|大事纪|大事紀|年报|年報|年鉴|年鑒|年鑑|报告|報告|概况|概況|概述|规划|規劃|要点|要點|"
    "公报|公報|统计|統計|数据|數據|附录|附錄|前言"
)
_PARTS_OF_YEAR = "小结|小結|汇编|彙編|回顾|回顧|打算|安排|展望|简报|簡報|大事"  # beside a year only
_PARTS_EN = (
    "reports?|reviews?|plans?|summary|chronicle|overview|statistics|highlights|outlook|accounts|appendix|annex|"
    "introduction|foreword|preface"
)
# A short line that names a part of the report: 2019 年工作计划, 大事记, Annual Report 2021.
_TITLE_ZH = re.compile(
    rf"^(?!.*[，。；：！？,;!?])(?:.{{0,36}}(?:{_PARTS_ZH})|\D{{0,14}}(?:19|20)\d{{2}}.{{0,16}}(?:{_PARTS_OF_YEAR}))\s*(?:[(（][^)）]{{1,16}}[)）])?\s*$"
    r"|^(?:附|附[录件表錄][一二三四五六\d]?)\s*[:：]\s*[^，。；！？]{2,24}$"
)
_TITLE_EN = re.compile(
    rf"^(?!.*[.;!?])(?:.{{0,60}}\b(?:{_PARTS_EN})\b.{{0,12}}|(?:\w+ ){{0,3}}(?:{_PARTS_EN}) (?:of|on|for|to) .*)$",
    re.IGNORECASE,
)
# What may follow a title: the number of a footnote, or a remark in brackets.
_NOTE = re.compile(
    r"\s*(?:[\[［〔]\d{1,2}[\]］〕]|[(（](?:摘要|节选|節選|草案|初稿|讨论稿|全文|\d{4}\s*年?度?)[)）])\s*$"
)
_SMALL_WORDS = frozenset("a an and as at by for from in of on or the to with".split())


class Mark(StrEnum):
    """The kind of mark; ``LEVEL`` gives the depth each usually stands for."""

    MARKDOWN = "#"
    PART = "part"  # 第一章, Chapter 1
    FORMAL = "壹、"
    HAN = "一、"
    HAN_BRACKET = "（一）"
    TORTOISE = "【】"
    ARABIC = "1、"
    DECIMAL = "1.2"
    ARABIC_BRACKET = "（1）"
    CIRCLED = "①"
    BULLET = "-"


LEVEL = {
    Mark.PART: 1,
    Mark.FORMAL: 1,
    Mark.HAN: 2,
    Mark.HAN_BRACKET: 3,
    Mark.TORTOISE: 3,
    Mark.ARABIC: 4,
    Mark.DECIMAL: 4,  # and one more for each dot
    Mark.ARABIC_BRACKET: 5,
    Mark.CIRCLED: 6,
    Mark.BULLET: 7,
}

_MARKS = (
    (Mark.MARKDOWN, re.compile(r"^ {0,3}(#{1,6})\s+(?=\S)")),
    (
        Mark.PART,
        re.compile(
            rf"^\s*(?:第\s*(?:[{_HAN}]+|{_ANY})\s*[章节節编編篇]|第\s*[{_HAN}]+\s*部[分份]"
            r"|(?:chapter|part|section)\s+(?:[0-9]+(?:\.[0-9]+)*|[ivx]+)\b[.:]?)\s*",
            re.IGNORECASE,
        ),
    ),
    (Mark.FORMAL, re.compile(rf"^\s*[{_FORMAL}]{{1,3}}\s*[、.．]\s*")),
    (Mark.HAN, re.compile(rf"^\s*[{_HAN}]{{1,3}}\s*(?:[、，]|[.．](?!\d))\s*")),
    (Mark.HAN_BRACKET, re.compile(rf"^\s*[(（]\s*[{_HAN}]{{1,3}}\s*[)）]\s*")),
    # 【3月5日】 is the date of an entry, 【读者活动】 a heading
    (Mark.TORTOISE, re.compile(rf"^\s*【(?![^】]{{0,12}}[{_HAN}0-9０-９]\s*[日号][^】]{{0,16}}】)(?=[^】]{{1,40}}】)")),
    (
        Mark.DECIMAL,
        re.compile(
            r"^\s*[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.?\s+(?=[A-Z\"“《]|[\u4e00-\u9fff])(?![百千万萬亿億余多个個倍])"
        ),
    ),
    (Mark.ARABIC, re.compile(rf"^\s*{_ANY}\s*(?:[、](?:\s*。)?|[.．](?=\s*[^\s0-9０-９]))\s*")),
    (Mark.ARABIC_BRACKET, re.compile(rf"^\s*(?:[(（]\s*{_ANY}\s*[)）]|{_ANY}\s*[)）])\s*")),
    (Mark.CIRCLED, re.compile(r"^\s*[\u2460-\u2473]\s*")),
    (Mark.BULLET, re.compile(r"^\s*[-*•●■◆▪·]\s+(?=\S)")),
)
# What a mark can begin with: most lines of prose are told from it by one character.
_MAY_START = re.compile(rf"\s*[#第{_FORMAL}cpsCPS{_HAN}(（【0-9０-９\u2460-\u2473*•●■◆▪·-]")
_LONGEST_MARK = 80


@dataclass(frozen=True, slots=True)
class Start:
    """A mark found at the start of a text: its kind, the depth it stands for, and where the text after it begins."""

    mark: Mark
    level: int
    end: int


def start_of(text: str) -> Start | None:
    """The mark a line or paragraph begins with; bookmark debris before or after the mark is passed over.

    >>> start_of("（二）开展志愿服务").mark.value, start_of("1、 [bookmark: _Toc12345]总结").end, start_of("12 个乡镇")
    ('（一）', 24, None)
    """
    skip = _debris(text, 0)
    if not _MAY_START.match(text, skip):
        return None
    for mark, pattern in _MARKS:
        match = pattern.match(text[skip : skip + _LONGEST_MARK])
        if match:
            return Start(mark, _depth(mark, match), _debris(text, skip + match.end()))
    return None


def _depth(mark: Mark, match: re.Match[str]) -> int:
    if mark is Mark.MARKDOWN:
        return len(match[1])
    dots = match[0].strip().rstrip(".").count(".")
    if mark is Mark.DECIMAL:
        return min(6, LEVEL[mark] + dots)
    return LEVEL[mark] + (dots if mark is Mark.PART and match[0].isascii() else 0)


def _debris(text: str, at: int) -> int:
    """The offset after any blanks and bookmark marks that stand at ``at`` (``at`` itself when no bookmark does)."""
    rest = text[at:].lstrip()
    match = BOOKMARK.match(rest)
    return len(text) - len(rest) + match.end() if match else at


def month_of(text: str) -> tuple[int | None, int] | None:
    """(year or None, month) when a line is nothing but the heading of a month.

    >>> month_of("11 月份"), month_of("2019年3月大事记"), month_of("March 2021"), month_of("3月4日，撤销")
    ((None, 11), (2019, 3), (2021, 3), None)
    """
    if len(text) > _LONGEST_MARK:
        return None
    text = _bare(text)
    match = MONTH_HEADING.match(text)
    if match:
        month = read_number(match["month"])
        if month is not None and 1 <= month <= 12:
            return (_year(match["year"]), int(month))
    english = MONTH_HEADING_EN.match(text)
    if english:
        return (_year(english["year"]), month_number(english["name"]))
    return None


def year_of(text: str) -> tuple[int, bool] | None:
    """The year when a line is nothing else, and whether it says so (年): a bare number may be a cell of a table.

    >>> year_of("二〇二〇年"), year_of("## 2019"), year_of("2019 年共办证")
    ((2020, True), (2019, False), None)
    """
    match = YEAR_HEADING.match(_bare(text)) if len(text) <= _LONGEST_MARK else None
    year = _year(match["year"]) if match else None
    if match is None or year is None or not 1900 <= year < 2100:
        return None
    return year, match["sign"] is not None


def _bare(text: str) -> str:
    return BOOKMARK.sub("", text).strip().strip("#*【】 ").strip()


def _year(text: str | None) -> int | None:
    value = read_number(text) if text else None
    return None if value is None else int(value)


def is_title(text: str) -> bool:
    """A short line without sentence punctuation that names a part of a report.

    >>> is_title("2019 年工作计划"), is_title("2019 Annual Report"), is_title("完成了工作总结。")
    (True, True, False)
    """
    if len(text) > _LONGEST_MARK:
        return False
    text = _NOTE.sub("", BOOKMARK.sub("", text).strip())
    return _TITLE_ZH.match(text) is not None or (_TITLE_EN.match(text) is not None and capitalised(text))


def capitalised(text: str) -> bool:
    """Written as English titles are: every word but the small ones with a capital, or only a few words.

    >>> capitalised("Friends of the Library"), capitalised("Annual report 2021"), capitalised("who wrote it")
    (True, True, False)
    """
    words = re.findall(r"[A-Za-z][\w’'-]*", text)
    big = sum(word[0].isupper() for word in words)
    if not words or not words[0][0].isupper():
        return False
    return len(words) <= 4 or big == sum(word not in _SMALL_WORDS for word in words)


def in_capitals(text: str) -> bool:
    """A line all in capitals: a heading in plain English text.

    >>> in_capitals("PLANS FOR 2022"), in_capitals("GDP 1,204 1,311"), in_capitals("A.")
    (True, False, False)
    """
    text = text.strip()
    letters = sum(c.isalpha() for c in text)
    return text.isupper() and text.isascii() and 5 <= letters <= 80 and 2 * letters > len(text)
