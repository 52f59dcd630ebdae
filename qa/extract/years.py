"""Which year a figure belongs to, where its own words say so: this one's or the last, before a change or after it."""

from __future__ import annotations

import re
from functools import lru_cache

from documents.dates import LAST_YEAR_EN, LAST_YEAR_ZH, DateMention
from qa.measures import Measure
from qa.scan import Scan, Span

_FORMER_LEAD = re.compile(r"(?:由|从|自)[^，,。；;\n]{0,14}$|\bfrom\s*(?:about |some |around )?$")
_CHANGED_TO = re.compile(
    r"^[^，,。；;\n]{0,14}(?:到|至|达|为|成)了?\s*(?:约|近)?$|"
    r"^[，,]?(?:增|涨|升|扩|提|降|减|发展)[^，,。；;\n]{0,6}(?:到|至|为)了?$|"
    r"^[a-z \-]{0,30}\bto\s*(?:about |some |nearly )?$"
)
_UP_FROM = re.compile(
    r"^[^.;\n]{0,60}?(?:\b(?:up|down|ris\w+|rose|fell|falling|gr[eo]wn?|increased?|drop)\b[a-z ,]{0,16})?"
    r"(?:\bfrom|\bcompared (?:with|to)|\b(?:as )?against)\s*(?:only |about |some )?$"
)
_YEAR_BRACKET = re.compile(r"[(（]\s*(?:全年|年度)(?!目标|计划|任务|指标)[^()（）]*[)）]")
_YEAR_BEFORE = re.compile(LAST_YEAR_ZH + "$")
_YEAR_BEFORE_EN = re.compile(LAST_YEAR_EN)
_IN_YEAR = re.compile(r"^\s*(?:[a-z-]+\s+){0,4}?\bin\s+$|^\s*[(（]\s*$|^[^，,。；;\n\d]{0,6}[(（]\s*$")
_THIS_YEAR = re.compile(r"今年|本年(?!度)|当年|年内|目前|\b(?:this year|now|currently)\b")
_SINCE = re.compile(r"[^,;。]{0,8}(?:以来|至今|起[,累])")
_OPENS = 8  # characters before a year that a sentence opens with: 截至2021年底
_CLAUSE_BEFORE = re.compile(r"[,:](?:截?[至止到])?$")
_CLAUSE_AFTER = re.compile(r"(?:年?[末底]|全年)?,")
_COMPARED = re.compile(r"(?:比|较|\b(?:than|with|against|to) (?:in )?)$")


@lru_cache(maxsize=4096)
def changes(scanned: Scan) -> dict[Measure, Measure]:
    """Figure before a change → figure after it, where one phrase tells both: 由40个增至128个, 48, up from 32."""
    found: dict[Measure, Measure] = {}
    text = scanned.folded
    for one, other in zip(scanned.measures, scanned.measures[1:], strict=False):
        between = text[one.end : other.start]
        if one.kind != other.kind and one.unit and other.unit:
            continue
        lead = text[max(0, one.start - 24) : one.start]
        if _FORMER_LEAD.search(lead) and _CHANGED_TO.match(between):
            found[one] = other
        elif _UP_FROM.match(between):
            found[other] = one
    return found


@lru_cache(maxsize=4096)
def of_the_year(scanned: Scan) -> dict[Measure, Measure]:
    """Figure of the whole year, in brackets → that of its part, told before them: 外借25.1万册次(全年46.5万册次)."""
    found: dict[Measure, Measure] = {}
    for bracket in _YEAR_BRACKET.finditer(scanned.folded):
        sentence = scanned.sentence_at(bracket.start())
        before = [m for m in scanned.measures if sentence.start <= m.start and m.end <= bracket.start()]
        for whole in (m for m in scanned.measures if bracket.start() < m.start < bracket.end()):
            part = next((m for m in reversed(before) if m.kind == whole.kind), None)
            if part is not None:
                found[whole] = part
    return found


@lru_cache(maxsize=16384)
def year_of(scanned: Scan, measure: Measure) -> int | None:
    """The year that the words beside a figure give it; None where only its section has one.

    ``32 in 2020``, ``上年为1200``, ``2021, Visitors: 47,905``; else the last year named before it in its sentence.
    """
    text = scanned.folded
    sentence = scanned.sentence_at(measure.start)
    if (after := _year_after(scanned, measure)) is not None:
        return after
    dated = [d for d in scanned.dates if d.first.year and sentence.start <= d.start and d.end <= measure.start]
    before = [d for d in dated if _reaches(scanned, d, sentence, measure)]
    named = before[-1].first.year if before else None
    period = scanned.chunk.period
    usual = named or (period.year if period else None)
    former = next((a for a, b in changes(scanned).items() if b == measure), None)
    if named is None and usual and former is not None and _year_after(scanned, former) is not None:
        return usual
    if usual and (
        _YEAR_BEFORE.search(text, sentence.start, measure.start)
        or _YEAR_BEFORE_EN.match(text[measure.end : measure.end + 60])
    ):
        return usual - 1
    if usual and measure in changes(scanned):
        return usual - 1 if named is None else named
    if before and before[-1].first.year == before[-1].last.year:
        return named
    return None


def _reaches(scanned: Scan, date: DateMention, sentence: Span, measure: Measure) -> bool:
    """Whether a year named before a figure is the figure's: not one in brackets that are closed by then, nor what it is
    compared with or counted from, nor one that gave way to this year (2016年首建，今年新增5个).
    """
    text = scanned.folded
    between = text[date.end : measure.start]
    if between.count(")") > between.count("(") or _THIS_YEAR.search(between) or _SINCE.match(between):
        return False
    before = text[sentence.start : date.start].rpartition(";")[2]
    alone = _CLAUSE_BEFORE.search(before) and _CLAUSE_AFTER.match(text, date.end)
    opens = date.start - sentence.start <= _OPENS
    if not opens and (";" in between or ("," in between and len(before) > _OPENS and not alone)):
        return False  # 建于1998年，面积4600平方米
    compared = _COMPARED.search(text[sentence.start : date.start])
    return not (compared and any(date.end <= m.start < measure.start for m in scanned.measures))


def _year_after(scanned: Scan, measure: Measure) -> int | None:
    """The year right behind a figure: 151,300 in 2021, 32（2020年）."""
    near = (d for d in scanned.dates if d.first.year and measure.end <= d.start < measure.end + 40)
    after = next(near, None)
    between = scanned.folded[measure.end : after.start] if after else ""
    if after is None or not _IN_YEAR.match(between):
        return None
    if "(" in between and scanned.folded[after.end : after.end + 1] != ")":
        return None  # (2020年为1200人次): that is the year of what follows
    return after.first.year
