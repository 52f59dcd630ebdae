"""Right answers put into sentences as a language model would write them, and those sentences made wrong.

The templates are plain on purpose: what is measured is the check, and a right sentence that it strikes is as much a
failure as a wrong one that it lets through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from documents.dates import find_dates
from documents.folding import fold
from documents.numerals import CARDINALS_EN
from documents.outline import stance_of
from documents.report import LineRange, Report, Stance
from eval.corruption import CHANGES, Draw, stands
from index.scope import Scope
from qa.answer import Answer, Citation
from qa.checking.grounds import bare
from qa.measures import find_measures
from qa.saying.wording import organisation_text

_HAN = re.compile(r"[\u4e00-\u9fff]")
_Templates = dict[str, tuple[str, ...]]
_FIGURES: _Templates = {
    "zh": (
        "根据报告，{library}的这一数字是{value}。",
        "{library}{year}年的记录为{value}。",
        "报告显示，{library}共有{value}。",
        "{value}，这是{library}报告中给出的数字。",
    ),
    "en": (
        "According to the report, {library} recorded {value}.",
        "{library} had {value} in {year}.",
        "The report of {library} gives the figure as {value}.",
        "In {year}, the total at {library} came to {value}.",
    ),
}
_DATES: _Templates = {
    "zh": (
        "{library}的这项活动时间为{value}。",
        "时间是{value}，由{library}组织。",
        "据{library}报告，日期为{value}。",
    ),
    "en": (
        "At {library} it took place on {value}.",
        "The date given by {library} is {value}.",
        "It happened on {value}, according to {library}.",
    ),
}
_NAMES: _Templates = {
    "zh": ("{library}报告中提到的是{value}。", "报告写明是{value}（{library}）。", "{library}的记录里是{value}。"),
    "en": (
        "The report of {library} names {value}.",
        "It was {value}, as {library} reports.",
        "According to {library}, this was {value}.",
    ),
}
_PLANS: _Templates = {
    "zh": ("{library}计划：{value}。", "按照计划，{library}的目标是{value}。"),
    "en": ("{library} plans {value}.", "The target that {library} set itself is {value}."),
}
_WORDS = {value: word for word, value in CARDINALS_EN.items()}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its marks taken out, the citations they stood for, and what is wrong with it (or ``right``)."""

    text: str
    value: str
    citations: tuple[Citation, ...]
    scope: Scope
    kind: str = "right"


def sentences(answer: Answer, report: Report, language: str, seed: int = 0) -> Iterator[Sentence]:
    """A sentence for each value an answer gives from one report; ``report`` is the one its first citation names."""
    if not answer.short or "Calculated" in answer.text or "计算" in answer.text:
        return
    draw = Draw(f"{seed} {answer.question}")
    name = report.organisation or report.title
    library = organisation_text(name, language)
    if language == "en" and (place := re.match(r"([A-Z][a-z']+)[^(]* \(", library)):
        library = draw.choice([place[1], library, library.partition(" (")[0]])
    for value, numbers in _parts(answer):
        cited = tuple(c for c in answer.citations if c.number in numbers)
        if value in library or name in value:
            continue  # it says no more than whose report it is
        if len({c.report_id for c in cited}) != 1 or cited[0].report_id != report.id:
            continue
        year = next((c.period.year for c in cited if c.period), report.year)
        planned = any(stance_of(c.section) is Stance.PLANNED for c in cited)
        templates = _PLANS if planned else _templates(value)
        text = draw.choice(templates[language]).format(library=library, year=year, value=_written(value, draw))
        if str(year) not in text or any(c.period and c.period.year == year for c in cited):
            yield Sentence(text, value, cited, answer.scope)


def _templates(value: str) -> _Templates:
    if find_dates(fold(value)):
        return _DATES
    return _FIGURES if find_measures(fold(value)) else _NAMES


def _parts(answer: Answer) -> Iterator[tuple[str, set[int]]]:
    """What is stated, with the numbers of its citations: the short form, or the entries of a list."""
    lines = [line for line in answer.text.split("\n") if line.startswith("- ")]
    short = answer.short or ""
    single = not lines and answer.text.startswith(short) and answer.text.count("[1]") == 1 and "；" not in answer.text
    if single and not re.match(r"(?:是|否|Yes|No)\b", short):
        yield short, {1}
    for line in lines:
        entry = re.fullmatch(r"- ([^“”]{2,40}) \[(\d+)\]", line)
        if entry:
            yield entry[1], {int(entry[2])}


def _written(value: str, draw: Draw) -> str:
    """A small count in words now and then, as prose has it."""
    match = re.match(r"(\d{1,2})(?= [a-z])", value)
    if match is None or draw.random() < 0.5:
        return value
    return _in_words(int(match[1])) + value[match.end() :]


def _in_words(number: int) -> str:
    if number < 20:
        return _WORDS[number]
    tens, ones = divmod(number, 10)
    return _WORDS[10 * tens] + (f"-{_WORDS[ones]}" if ones else "")


def mutated(sentence: Sentence, reports: Sequence[Report], seed: int = 0) -> Iterator[Sentence]:
    """Every way this sentence can be wrong in one thing."""
    draw = Draw(f"{seed} {sentence.text}")
    for kind, change in CHANGES.items():
        new = change(sentence.value, draw)
        if new and new != sentence.value and sentence.value in sentence.text and not stands(new, sentence.citations):
            yield replace(sentence, text=sentence.text.replace(sentence.value, new, 1), kind=kind)
    for kind, wrong in (
        ("number in words", _other_words(sentence, draw)),
        ("library", _other_library(sentence, reports, draw)),
        ("another line", _other_line(sentence, reports, draw)),
        ("plan for fact", _planned(sentence)),
        ("denied", _denied(sentence)),
        ("no citation", replace(sentence, citations=())),
    ):
        if wrong is not None:
            yield replace(wrong, kind=kind)


def _other_words(sentence: Sentence, draw: Draw) -> Sentence | None:
    spelt = {_in_words(n): n for n in range(2, 100)}
    for word in sorted(spelt, key=len, reverse=True):
        if re.search(rf"\b{word}\b(?! of)", sentence.text):
            other = _in_words(spelt[word] % 97 + 2)
            return replace(sentence, text=re.sub(rf"\b{word}\b", other, sentence.text, count=1))
    return None


def _other_library(sentence: Sentence, reports: Sequence[Report], draw: Draw) -> Sentence | None:
    own = next(r for r in reports if r.id == sentence.citations[0].report_id)
    language = "zh" if _HAN.match(sentence.text) else "en"
    names = sorted({r.organisation for r in reports if r.organisation and r.organisation != own.organisation})
    mine = [f for f in (own.organisation or own.title, organisation_text(own.organisation or own.title, "en")) if f]
    mine += [place[1] for f in mine if (place := re.match(r"([A-Z][a-z']+) [A-Z(]", f))]
    others = [n for n in names if bare(fold(n)) not in bare(fold(" ".join(c.quote for c in sentence.citations)))]
    found = next((f for f in sorted(mine, key=len, reverse=True) if f in sentence.text), None)
    if found is None or not others:
        return None
    new = organisation_text(draw.choice(others), language)
    return replace(sentence, text=sentence.text.replace(found, new, 1))


def _other_line(sentence: Sentence, reports: Sequence[Report], draw: Draw) -> Sentence | None:
    report = next(r for r in reports if r.id == sentence.citations[0].report_id)
    citation = sentence.citations[0]
    for number in draw.sample(range(1, len(report.lines) + 1), min(40, len(report.lines))):
        text = report.lines[number - 1].text
        apart = abs(number - citation.lines.start) > 20
        if apart and len(text.strip()) > 8 and bare(fold(sentence.value)) not in bare(fold(text)):
            moved = replace(citation, lines=LineRange(number, number), quote=text, periods=frozenset())
            return replace(sentence, citations=(moved,))
    return None


def _planned(sentence: Sentence) -> Sentence | None:
    """Said to be planned, where neither the lines nor their section speak of plans."""
    told = " ".join(
        (sentence.text, *(c.quote for c in sentence.citations), *(t for c in sentence.citations for t in c.section))
    )
    if re.search(
        r"计划|拟|将|要|预|目标|达到|力争|争取|准备|展望|打算|任务|plan|will|next|aim|target|expect|hope|to be|propos",
        told,
        re.I,
    ):
        return None
    if _HAN.match(sentence.text):
        return replace(sentence, text=f"按计划打算，{sentence.text}")
    return replace(sentence, text=sentence.text.rstrip(".") + ", which the library plans to reach.")


def _denied(sentence: Sentence) -> Sentence | None:
    told = " ".join(c.quote for c in sentence.citations)
    if re.search(r"[没未无不非否停免]|\bno|never|without|fail|n't", told):
        return None
    if _HAN.match(sentence.text):
        return replace(sentence, text=f"图书馆没有做到：{sentence.text}")
    return replace(sentence, text=sentence.text.rstrip(".") + ", but this was not done.")
