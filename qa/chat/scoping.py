"""What ``/scope`` was given, as a scope: which reports, years and months the next questions are answered from."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable
from dataclasses import replace

from documents.errors import InvalidSetting, UnknownReport
from index.scope import Scope
from qa.chat.texts import say
from qa.saying.wording import month_text

_CLEAR = ("clear", "清除", "取消")
_WORDS = {
    "report": "report", "reports": "report", "报告": "report", "year": "year", "年": "year", "month": "month",
    "月": "month",
}  # fmt: skip


def narrowed(scope: Scope, text: str, known: Collection[str], language: str) -> Scope:
    """A scope after ``report … year … month …``: what is named is set (to nothing: open), the rest stays as it was.

    ``known`` are the ids of the reports there are. Raises ``UnknownReport`` and ``InvalidSetting``.
    """
    if text.strip().lower() in _CLEAR:
        return Scope()
    given = _by_kind(text)
    if "report" in given:
        scope = replace(scope, reports=frozenset(_report(w, known, language) for w in given["report"]) or None)
    if "year" in given:
        scope = replace(scope, years=_numbers(given["year"], "no_year", range(1000, 10000), language))
    if "month" in given:
        scope = replace(scope, months=_numbers(given["month"], "no_month", range(1, 13), language))
    return scope


def scope_text(scope: Scope, language: str) -> str:
    """A scope in a few words; empty when it is open."""
    months = (month_text(month, None, language) for month in sorted(scope.months))
    return " · ".join([*sorted(scope.reports or ()), *map(str, sorted(scope.years)), *months])


def _by_kind(text: str) -> dict[str, list[str]]:
    """
    >>> _by_kind("kunshan-2019 year 2019 2020 month")
    {'report': ['kunshan-2019'], 'year': ['2019', '2020'], 'month': []}
    """
    given: dict[str, list[str]] = {}
    kind = "report"
    for word in _split(text):
        named = _WORDS.get(word.lower())
        kind = named or kind
        given.setdefault(kind, []).extend([] if named else [word])
    return given


def _split(text: str) -> list[str]:
    """Words apart by blanks; quotation marks hold one with blanks inside together."""
    try:
        return shlex.split(text)
    except ValueError:  # a quotation mark that is part of a name
        return text.split()


def _report(word: str, known: Collection[str], language: str) -> str:
    """A report's id, or the only one that begins so."""
    begun = [word] if word in known else [report for report in known if report.startswith(word)]
    if len(begun) != 1:
        raise UnknownReport(say("no_report", language, report=word))
    return begun[0]


def _numbers(words: Iterable[str], refusal: str, allowed: range, language: str) -> frozenset[int]:
    numbers = set()
    for word in words:
        if not word.isdecimal() or int(word) not in allowed:
            raise InvalidSetting(say(refusal, language, value=word))
        numbers.add(int(word))
    return frozenset(numbers)
