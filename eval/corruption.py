"""Right answers made wrong in one place each, to measure what the check lets through.

A check that was never shown wrong answers proves nothing. Each corruption is what a careless writer or a language model
does: a digit, a unit, a date, a hedge, a name, a title, a library or a citation is another one, and everything else
stays. All of it is drawn from a seed, so that a miss can be looked at again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from documents.dates import MONTHS_EN, find_dates
from documents.folding import fold
from documents.report import LineRange, Report
from qa.answer import Answer, Citation
from qa.checking.agreement import read_figures
from qa.checking.grounds import bare, grounds_of
from qa.measures import find_measures, units

Draw = random.Random
Change = Callable[[str, Draw], str | None]

_MONTH = re.compile("|".join(MONTHS_EN))
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NAME_ZH = re.compile(r"[\u4e00-\u9fff]{2,}")
_NAME_EN = re.compile(r"[A-Z][a-z]{2,}")
_OTHER_HAN = "梅松岚柏泉岭霞峰枫溪雷红明华东海金安"
_OTHER_LATIN = ("Brentwick", "Oswald", "Kaminski", "Delacroix", "Thornbury")
_TURNED = {
    "超过": "不足", "突破": "不足", "余": "", "多": "", "近": "超过", "约": "超过", "逾": "不足",
    "more than": "less than", "nearly": "more than", "about": "more than", "over": "under", "less than": "more than",
}  # fmt: skip
_INVENTED = "本馆全年新增图书九千册，接待读者八万人次。"


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer or a sentence with one thing wrong, and what that is."""

    kind: str
    answer: Answer


def corrupted(answer: Answer, reports: Sequence[Report], seed: int = 0) -> Iterator[Wrong]:
    """Every corruption that this answer has a place for, one of each kind; ``reports`` are all that could be cited."""
    draw = Draw(f"{seed} {answer.question}")
    for kind, change in CHANGES.items():
        wrong = _restated(answer, change, draw)
        if wrong is not None:
            yield Wrong(kind, wrong)
    for kind, cite in (("another line", _another_line), ("invented citation", _invented)):
        wrong = cite(answer, reports, draw)
        if wrong is not None:
            yield Wrong(kind, wrong)
    for kind, reword in (("library", _another_library), ("quotation", _misquoted), ("plan for fact", _plan_for_fact)):
        wrong = reword(answer, reports, draw)
        if wrong is not None:
            yield Wrong(kind, wrong)


def _restated(answer: Answer, change: Change, draw: Draw) -> Answer | None:
    """One value of an answer changed, where it is shown and in the short form alike."""
    places = list(_values(answer))
    draw.shuffle(places)
    for before, value, after in places:
        new = change(value, draw)
        if new is None or new == value or stands(new, answer.citations):
            continue
        text = answer.text.replace(f"{before}{value}{after}", f"{before}{new}{after}", 1)
        short = answer.short.replace(value, new, 1) if answer.short and not before.startswith("：") else answer.short
        return replace(answer, text=text, short=short)
    return None


def _values(answer: Answer) -> Iterator[tuple[str, str, str]]:
    """What an answer states, each with the text around it that tells where: the short form, entries, sides."""
    if answer.short and answer.text.startswith(answer.short):
        yield "", answer.short, ""
    for line in answer.text.split("\n"):
        entry = re.match(r"- ([^“”]{2,60}?)(：“|: “|\s\[)", line)
        if entry:
            yield "- ", entry[1], entry[2]
        for side in re.finditer(r"([:：] ?)([^:：“”\[\];；]{1,40})( \[)", line):
            if not line.startswith("- "):
                yield side[1], side[2], side[3]


def stands(text: str, citations: Sequence[Citation]) -> bool:
    """Whether a changed value is on the cited lines too: then it would be no corruption.

    Nor is a hedge turned where the lines have one of their own that the value left out.
    """
    cited = grounds_of(citations)
    same = {figure.value for figure in read_figures(fold(text)) if figure.direction}
    hedged = any(
        figure.direction and figure.value in same and figure.direction == _way(text) for figure in cited.figures
    )
    return hedged or bare(fold(text)) in bare(cited.text)


def _way(text: str) -> str:
    return next((figure.direction for figure in read_figures(fold(text)) if figure.direction), "")


def _digit(value: str, draw: Draw) -> str | None:
    dates = find_dates(fold(value))
    places = [
        i
        for figure in read_figures(fold(value))
        for i in range(figure.start, figure.end)
        if value[i].isdigit() and not any(d.start <= i < d.end for d in dates)
    ]
    if not places:
        return None
    at = draw.choice(places)
    new = draw.choice([d for d in "123456789" if d != value[at]])
    return value[:at] + new + value[at + 1 :]


def _unit(value: str, draw: Draw) -> str | None:
    for measure in find_measures(fold(value)):
        if measure.unit and measure.kind in units_kinds():
            chinese = bool(_HAN.search(measure.unit))
            others = {"volume": ("册", "volumes"), "visit": ("人次", "visits"), "hour": ("小时", "hours")}
            if measure.kind == "person":
                del others["visit"]
            name = draw.choice([pair[0 if chinese else 1] for kind, pair in others.items() if kind != measure.kind])
            return value[: measure.end - len(measure.unit)] + name + value[measure.end :]
    return None


def units_kinds() -> frozenset[str]:
    return frozenset(kind for kind, _ in units().values()) - {"money"}


def _date(value: str, draw: Draw) -> str | None:
    """The day, the month or the year of a date is another."""
    mentions = find_dates(fold(value))
    if not mentions:
        return None
    mention = draw.choice(mentions)
    written = value[mention.start : mention.end]
    if (name := _MONTH.search(written)) and draw.random() < 0.4:
        other = MONTHS_EN[(MONTHS_EN.index(name[0]) + draw.randrange(1, 11)) % 12]
        return value[: mention.start] + written.replace(name[0], other, 1) + value[mention.end :]
    numbers = list(re.finditer(r"\d+", written))
    if not numbers:
        return None
    number = draw.choice(numbers)
    old = int(number[0])
    new = old + draw.choice([-2, -1, 1, 2]) if old > 31 else old % (12 if old < 13 else 28) + 1
    return (
        value[: mention.start] + written[: number.start()] + str(new) + written[number.end() :] + value[mention.end :]
    )


def _hedge(value: str, draw: Draw) -> str | None:
    measures = find_measures(fold(value))
    if not measures:
        return None
    for hedge, other in _TURNED.items():
        if hedge in value:
            turned = value.replace(hedge, other, 1)
            return turned if other else f"不足{turned}"
    at = measures[0].start
    hedges = ("超过", "不足") if _HAN.search(value) else ("more than ", "less than ")
    return value[:at] + draw.choice(hedges) + value[at:]


def _name(value: str, draw: Draw) -> str | None:
    """One character of a Chinese name, one word of a Latin one."""
    if find_measures(fold(value)) or find_dates(fold(value)):
        return None
    found = list(_NAME_ZH.finditer(value))
    if found:
        match = draw.choice(found)
        at = draw.randrange(match.start(), match.end())
        return value[:at] + draw.choice([c for c in _OTHER_HAN if c != value[at]]) + value[at + 1 :]
    words = list(_NAME_EN.finditer(value))
    if not words:
        return None
    word = draw.choice(words)
    return value[: word.start()] + draw.choice(_OTHER_LATIN) + value[word.end() :]


def _title(value: str, draw: Draw) -> str | None:
    match = re.search(r"《([^》]{2,})》|“([^”]{2,})”", value)
    if match is None:
        return None
    at = draw.randrange(match.start() + 1, match.end() - 1)
    return value[:at] + draw.choice([c for c in _OTHER_HAN if c != value[at]]) + value[at + 1 :]


CHANGES: dict[str, Change] = {
    "digit": _digit, "unit": _unit, "date": _date, "hedge": _hedge, "name": _name, "title": _title,
}  # fmt: skip


def _another_line(answer: Answer, reports: Sequence[Report], draw: Draw) -> Answer | None:
    """One citation moved to a line of the same report that has nothing of what is stated."""
    at = draw.randrange(len(answer.citations))
    citation = answer.citations[at]
    report = next(r for r in reports if r.id == citation.report_id)
    stated = {value for _, value, _ in _values(answer)} or {answer.short or ""}
    for number in draw.sample(range(1, len(report.lines) + 1), min(40, len(report.lines))):
        text = report.lines[number - 1].text
        near = abs(number - citation.lines.start) < 40
        if len(text.strip()) > 8 and not near and not any(bare(fold(v)) in bare(fold(text)) for v in stated if v):
            moved = replace(citation, lines=LineRange(number, number), quote=text)
            return replace(answer, citations=(*answer.citations[:at], moved, *answer.citations[at + 1 :]))
    return None


def _invented(answer: Answer, reports: Sequence[Report], draw: Draw) -> Answer | None:
    """A citation of a report there is not, of lines beyond the end, or with words the report does not have."""
    at = draw.randrange(len(answer.citations))
    citation = answer.citations[at]
    report = next(r for r in reports if r.id == citation.report_id)
    beyond = len(report.lines) + draw.randrange(1, 90)
    false = draw.choice(
        [
            replace(citation, report_id="beihai-2017"),
            replace(citation, lines=LineRange(beyond, beyond)),
            replace(citation, quote=_INVENTED + (answer.short or "")),
        ]
    )
    return replace(answer, citations=(*answer.citations[:at], false, *answer.citations[at + 1 :]))


def _another_library(answer: Answer, reports: Sequence[Report], draw: Draw) -> Answer | None:
    """The library named is another one; the citation stays."""
    names = sorted({r.organisation for r in reports if r.organisation and _HAN.search(r.organisation)})
    own = [name for name in names if name in answer.text.split("“")[0]]
    others = [n for n in names if n not in answer.text and not stands(n, answer.citations)]
    if not own or not others:
        return None
    new = draw.choice([*others, "苏州市图书馆"])
    text = answer.text.replace(own[0], new, 1)
    return replace(answer, text=text, short=answer.short.replace(own[0], new, 1) if answer.short else None)


def _misquoted(answer: Answer, _: Sequence[Report], draw: Draw) -> Answer | None:
    """One character or digit inside the words quoted."""
    quoted = re.search(r"[:：]\s*“(.{8,})”\s*\[", answer.text)
    if quoted is None:
        return None
    places = [i for i in range(*quoted.span(1)) if answer.text[i].isdigit() or _HAN.match(answer.text[i])]
    if not places:
        return None
    at = draw.choice(places)
    old = answer.text[at]
    new = str(int(old) % 9 + 1) if old.isdigit() else draw.choice([c for c in _OTHER_HAN if c != old])
    return replace(answer, text=answer.text[:at] + new + answer.text[at + 1 :])


def _plan_for_fact(answer: Answer, _: Sequence[Report], draw: Draw) -> Answer | None:
    """What the quoted words say was done is said to be planned, or the other way about."""
    quoted = re.search(r"[:：]\s*“(.{8,})”\s*\[", answer.text)
    if quoted is None:
        return None
    for old, new in (
        ("计划", "已经"),
        ("拟", "已"),
        ("将", "已"),
        ("完成", "计划"),
        ("举办", "拟办"),
        ("开展", "计划"),
    ):
        if old in quoted[1]:
            at = answer.text.index(old, quoted.start(1))
            return replace(answer, text=answer.text[:at] + new + answer.text[at + len(old) :])
    return replace(answer, text=answer.text[: quoted.start(1)] + "计划" + answer.text[quoted.start(1) :])
