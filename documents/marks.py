"""What the start of a line says: the marks of headings, list entries, months and dates, in Chinese and English.

Kept apart from reflow and outline because both need it: the first to know where a paragraph begins, the second to know
what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from documents.numerals import read_number

_HAN = "零〇一二三四五六七八九十百"
_FORMAL = "壹贰叁肆伍陆柒捌玖拾貳參陸"
_ANY = r"[0-9０-９]{1,3}"

BOOKMARK = re.compile(r"\[bookmark:[^\]]*\]")
MONTH_HEADING = re.compile(
    rf"^\s*(?:(?P<year>[0-9]{{4}})\s*年\s*)?(?P<month>[0-9０-９]{{1,2}}|[{_HAN}]{{1,3}})\s*月\s*份?\s*(?:大\s*事\s*记)?\s*[:：]?\s*$"
)
_MONTHS_EN = "january february march april may june july august september october november december".split()
MONTH_HEADING_EN = re.compile(
    rf"^\s*(?P<name>{'|'.join(_MONTHS_EN)}|{'|'.join(m[:3] for m in _MONTHS_EN)})\.?,?\s*(?P<year>[0-9]{{4}})?\s*:?\s*$",
    re.IGNORECASE,
)
DATE_START = re.compile(r"^\s*(?:[0-9]{4}\s*年\s*)?[0-9０-９]{1,2}\s*月\s*[0-9０-９]{1,2}\s*(?:日|号|[-—－~～至])")


# A short line that names a part of the report: 2019 年工作计划, 大事记, Annual Report 2021.
_TITLE = re.compile(
    r"^(?!.*[，。；：！？,;!?]).{0,36}(?:计划|計劃|总结|總結|大事记|大事記|年报|年報|年鉴|年鑒|报告|報告|概况|概況|概述|规划|要点|公报|公報|统计|數據|数据|附录|前言)\s*$"
    r"|^(?!.*[，。；：！？,;!?])\D{0,14}(?:19|20)\d{2}.{0,16}(?:小结|小結|汇编|彙編|回顾|回顧|打算|安排|展望|简报|簡報|大事)\s*$"
    r"|^(?:附|附[录件表錄][一二三四五六\d]?)\s*[:：]\s*[^，。；！？]{2,24}$"
    r"|^(?!.*[.;!?]).{0,60}\b(?:report|review|plan|summary|chronicle|overview|statistics|appendix|introduction)\b.{0,12}$",
    re.IGNORECASE,
)


# What may follow a title: the number of a footnote, or a remark in brackets.
_NOTE = re.compile(r"\s*(?:[\[［〔]\d{1,2}[\]］〕]|[(（](?:摘要|节选|節選|草案|初稿|讨论稿|全文|\d{4}\s*年?度?)[)）])\s*$")


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
    Mark.FORMAL: 2,
    Mark.HAN: 2,
    Mark.HAN_BRACKET: 3,
    Mark.TORTOISE: 3,
    Mark.ARABIC: 4,
    Mark.DECIMAL: 4,
    Mark.ARABIC_BRACKET: 5,
    Mark.CIRCLED: 6,
    Mark.BULLET: 7,
}

_MARKS = (
    (Mark.MARKDOWN, re.compile(r"^ {0,3}(#{1,6})\s+(?=\S)")),
    (Mark.PART, re.compile(rf"^\s*(?:第\s*(?:[{_HAN}]+|{_ANY})\s*[章节編编篇]|第\s*(?:[{_HAN}]+)\s*部分|(?:chapter|part|section)\s+(?:[0-9]+|[ivx]+)\b[.:]?)\s*", re.I)),
    (Mark.FORMAL, re.compile(rf"^\s*[{_FORMAL}]{{1,3}}\s*、\s*")),
    (Mark.HAN, re.compile(rf"^\s*[{_HAN}]{{1,3}}\s*(?:[、，]|[.．](?!\d))\s*")),
    (Mark.HAN_BRACKET, re.compile(rf"^\s*[(（]\s*[{_HAN}]{{1,3}}\s*[)）]\s*")),
    (Mark.TORTOISE, re.compile(r"^\s*【(?=[^】]{1,40}】)")),
    (Mark.DECIMAL, re.compile(r"^\s*[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.?\s+(?=\D)")),
    (Mark.ARABIC, re.compile(rf"^\s*{_ANY}\s*(?:[、](?:\s*。)?|[.．](?=\s*[^\s0-9０-９]))\s*")),
    (Mark.ARABIC_BRACKET, re.compile(rf"^\s*(?:[(（]\s*{_ANY}\s*[)）]|{_ANY}\s*[)）])\s*")),
    (Mark.CIRCLED, re.compile(r"^\s*[\u2460-\u2473]\s*")),
    (Mark.BULLET, re.compile(r"^\s*[-*•●■◆▪·]\s+(?=\S)")),
)


@dataclass(frozen=True, slots=True)
class Start:
    """A mark found at the start of a text: its kind, the depth it stands for, and where the text after it begins."""

    mark: Mark
    level: int
    end: int


def start_of(text: str) -> Start | None:
    """The mark a line or paragraph begins with; bookmark debris before or after the mark is passed over.

    >>> start_of("（二）开展志愿服务").mark.value, start_of("1、 [bookmark: _Toc19896]总结").end, start_of("12 个乡镇")
    ('（一）', 24, None)
    """
    skip = _debris(text, 0)
    for mark, pattern in _MARKS:
        match = pattern.match(text[skip:])
        if match:
            end = _debris(text, skip + match.end())
            level = len(match[1]) if mark is Mark.MARKDOWN else LEVEL[mark]
            if mark is Mark.DECIMAL:
                level = min(6, 2 + match[0].strip().rstrip(".").count("."))
            return Start(mark, level, end)
    return None


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
    text = BOOKMARK.sub("", text).strip().strip("#*【】 ").strip()
    match = MONTH_HEADING.match(text)
    if match:
        month = read_number(match["month"])
        if month is not None and 1 <= month <= 12:
            return (int(match["year"]) if match["year"] else None, int(month))
    english = MONTH_HEADING_EN.match(text)
    if english:
        names = [m[:3] for m in _MONTHS_EN]
        return (int(english["year"]) if english["year"] else None, names.index(english["name"][:3].lower()) + 1)
    return None


def is_title(text: str) -> bool:
    """A short line without sentence punctuation that names a part of a report.

    >>> is_title("2019 年工作计划"), is_title("2019 Annual Report"), is_title("完成了工作总结。")
    (True, True, False)
    """
    return bool(_TITLE.match(_NOTE.sub("", BOOKMARK.sub("", text).strip())))
