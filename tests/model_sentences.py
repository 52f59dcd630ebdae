"""Right answers said as a language model says them, and each made wrong in one thing.

The sentences repeat the question's own words with the value put in, or lead up to it; they bold it, put separators into
it, set the mark before or after the stop, quote the line, add something else that the report says. ``eval.sentences``
has plainer ones, for the check alone; these go to the writer as a whole text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from documents.dates import find_dates
from documents.folding import fold
from eval.corruption import CHANGES, Draw
from eval.questions import Question
from qa.checking.check import titles
from qa.checking.grounds import bare, unwrapped
from qa.drawn import Drawn
from qa.llm.draft import ReportOf
from qa.llm.prompts import on_one_line
from qa.llm.statements import Statement
from qa.measures import units
from qa.saying.wording import organisation_text
from qa.understanding.directory import Directory
from qa.understanding.kinds import Kind

SAID = {Kind.NUMBER, Kind.DATE, Kind.PERSON, Kind.PLACE, Kind.NAME, Kind.ORGANISATION}
_WHEN_ZH = re.compile(r"什么时候|什么时间|何时|哪一?天|几月几[日号]|几号到几号|几号|哪个月")
_WHO_ZH = re.compile(r"是?(?:谁|哪位)")
_MANY_ZH = re.compile(r"(?:多少|几)万?")
_MANY_EN = re.compile(r"How many (.+?) (were|was|are|is|have|has|will) (.+)\?$")
_MANY_EN_VERB = re.compile(r"How many ((?!.*\b(?:did|do|does|were|was|are|is|have|has|had|will|can)\b).+)\?$")
_WHO_EN = re.compile(r"Who ((?!did\b|were\b).+)\?$")
_LED_ZH = ("根据报告，{}。", "报告显示为{}。", "答案是{}。", "{library}给出的是{}。", "具体为{}（{library}）。")
_LED_EN = (
    "According to the report, it was {}.", "The report gives {}.", "{library} reports {}.", "The answer is {}.",
    "As {library} puts it, {}.",
)  # fmt: skip
_LARGE = re.compile(r"(?<![\d.,])(?!(?:19|20)\d\d(?!\d))(\d{4,})(?![\d.,])")
_MONTH_EN = "January February March April May June July August September October November December".split()


@dataclass(frozen=True, slots=True)
class Case:
    """A question, what a model is given for it, and a right sentence about its value.

    ``lines`` are the report's own lines that each of the ``given`` statements would be cited with.
    """

    question: Question
    drawn: Drawn
    given: tuple[Statement, ...]
    lines: tuple[str, ...]
    value: str
    owner: str
    number: int  # of the line that carries the value
    sentence: str

    @property
    def zh(self) -> bool:
        return self.drawn.question.language == "zh"

    def text(self, sentence: str | None = None, more: Sequence[str] = ()) -> str:
        """The answer as the prompt asks for it: the bare value, then the sentences."""
        return "\n".join([self.value, *more, sentence or self.marked()])

    def marked(self, sentence: str | None = None, number: int | None = None) -> str:
        return _with_mark(sentence or self.sentence, f"[{number or self.number}]", before=len(self.sentence) % 2 == 0)


def _with_mark(sentence: str, mark: str, *, before: bool) -> str:
    stop = sentence[-1]
    return f"{sentence[:-1]}{mark}{stop}" if before and stop in "。." else f"{sentence}{mark}"


def case_of(
    question: Question, drawn: Drawn, given: Sequence[Statement], directory: Directory, report_of: ReportOf, seed: int
) -> Case | None:
    """The case of a question answered rightly with one value from one place; None for any other."""
    short, finding = drawn.answer.short, drawn.finding
    if not short or finding is None or drawn.question.kind not in SAID or finding.others or len(finding.values) != 1:
        return None
    own = finding.values[0].support
    lines = tuple(fold(unwrapped(report_of(s.support.report_id).text(s.support.lines))) for s in given)
    at = finding.candidates[0] if finding.candidates else None
    number = next((n for n, s in enumerate(given, 1) if at and s.within(own) and s.holds(at.scan, at.span)), 0)
    if not number or drawn.question.planned is True:
        return None
    language = drawn.question.language
    library = organisation_text(directory.name_of(own.report_id), language)
    draw = Draw(f"{seed} {question.id}")
    said = _restated(question.question, short, language) if draw.random() < 0.6 else None
    led = draw.choice(_LED_ZH if language == "zh" else _LED_EN).replace("{library}", library)
    sentence = (said or led.replace("{}", short)).strip()
    if sentence.count(short) == 1:
        sentence = sentence.replace(short, _as_models_write(short, draw))
    return Case(question, drawn, tuple(given), lines, short, library, number, sentence)


def _as_models_write(value: str, draw: Draw) -> str:
    written = _LARGE.sub(lambda m: f"{int(m[1]):,}", value) if draw.random() < 0.4 else value
    return f"**{written}**" if draw.random() < 0.2 else written


def _restated(question: str, value: str, language: str) -> str | None:
    """The question's own words, with the value where it asks."""
    return _restated_zh(fold(question).rstrip("?，。 "), value) if language == "zh" else _restated_en(question, value)


def _restated_zh(question: str, value: str) -> str | None:
    if find_dates(fold(value)):
        asked = _WHEN_ZH.search(question)
    elif any(character.isdigit() for character in value) and (many := _MANY_ZH.search(question)):
        names = sorted((u for u in units() if not u.isascii()), key=len, reverse=True)
        asked = re.compile(rf"(?:多少|几)万?(?:{'|'.join(map(re.escape, names))}|钱)?(?:\(\w+\))?").search(
            question, many.start()
        )
    else:
        asked = _WHO_ZH.search(question)
    if asked is None or "吗" in question or "哪" in question[: asked.start()]:
        return None
    is_it = "是" if asked[0].startswith("是") else ""
    return f"{question[: asked.start()]}{is_it}{value}{question[asked.end() :]}。"


def _restated_en(question: str, value: str) -> str | None:
    if who := _WHO_EN.match(question):
        return f"{value} {who[1]}."
    number = re.match(r"[\d,.]+", value)
    if number and (many := _MANY_EN.match(question)):
        return f"{number[0]} {many[1]} {many[2]} {many[3]}."
    if number and (verb := _MANY_EN_VERB.match(question)):
        return f"{number[0]} {verb[1]}."
    return None


def besides(case: Case) -> list[str]:
    """Other right sentences of the same answer: the line quoted, or something else that the report says."""
    own = case.given[case.number - 1]
    words = on_one_line(own.text)
    quoted = f"原文是“{words}”" if case.zh else f"In its words: “{words}”"
    found = [_with_mark(quoted + ("。" if case.zh else "."), f"[{case.number}]", before=True)]
    for number, other in enumerate(case.given, 1):
        same = other.support.report_id == own.support.report_id and not other.within(own.support)
        if same and case.zh and 12 <= len(other.text) <= 60 and other.text.endswith("。"):
            found.append(f"此外，{on_one_line(other.text)}[{number}]")
            break
    return found


def with_nothing_to_compare(case: Case) -> Iterator[tuple[str, Statement, Statement]]:
    """Sentences of words alone: each with the statement that says it, and with another one."""
    draw = Draw(case.sentence)
    for said in case.given:
        others = [s for s in case.given if not s.within(said.support) and len(s.text) > 8 and s.text != said.text]
        folded = fold(said.text)
        bare_words = not re.search(r"\d", folded) and not any(d.first.month for d in find_dates(folded))
        told = len(re.findall(r"[\u4e00-\u9fff]|[A-Za-z]+", said.text))
        if bare_words and others and not any(titles(said.text)) and 8 <= told <= 60:
            yield on_one_line(said.text), said, draw.choice(others)


@dataclass(frozen=True, slots=True)
class Wrong:
    kind: str
    sentence: str  # with its mark


def wrongs(case: Case, libraries: Sequence[str], seed: int) -> Iterator[Wrong]:
    """Every way the case's sentence can be wrong in one thing."""
    draw = Draw(f"{seed} {case.sentence}")
    for kind, change in {**CHANGES, "month": _month}.items():
        new = _changed(case, change, draw)
        if new:
            yield Wrong(kind, case.marked(new))
    if case.owner in case.sentence:
        others = [name for name in libraries if name not in (case.owner, "") and not _told(case, name)]
        yield Wrong("library", case.marked(case.sentence.replace(case.owner, draw.choice(others), 1)))
    quoted = f"“{on_one_line(case.given[case.number - 1].text)}”"
    if misquoted := CHANGES["title"](quoted, draw):
        led = "报告原文是{}。" if case.zh else "The report reads {}."
        yield Wrong("title", case.marked(led.replace("{}", misquoted)))
    yield Wrong("invented citation", case.marked(number=len(case.given) + draw.randrange(1, 60)))
    silent = [n for n, s in enumerate(case.given, 1) if not _carries(n, case) and len(s.text) > 8]
    if silent:
        yield Wrong("another line", case.marked(number=draw.choice(silent)))


def _changed(case: Case, change: Callable[[str, Draw], str | None], draw: Draw) -> str | None:
    written = next(
        (w for w in (case.value, _LARGE.sub(lambda m: f"{int(m[1]):,}", case.value)) if w in case.sentence), ""
    )
    new = change(written, draw) if written else None
    if not new or new == written or _told(case, new) or bare(fold(new)) in bare(fold(case.question.question)):
        return None
    return case.sentence.replace(written, new, 1)


def _month(value: str, draw: Draw) -> str | None:
    """Another month of the same date."""
    if named := re.search("|".join(_MONTH_EN), value):
        return value.replace(named[0], draw.choice([m for m in _MONTH_EN if m != named[0]]), 1)
    number = re.search(r"(\d{1,2})月", value)
    return value.replace(number[0], f"{int(number[1]) % 12 + 1}月", 1) if number else None


def _told(case: Case, text: str) -> bool:
    """Whether the lines cited say it too: then it would be no mistake."""
    return bare(fold(text)).replace(",", "") in bare(case.lines[case.number - 1]).replace(",", "")


def _carries(number: int, case: Case) -> bool:
    """Whether a line could be cited for the value: it holds some of its figures or words."""
    text = case.lines[number - 1].replace(",", "")
    figures = re.findall(r"\d+", case.value.replace(",", ""))
    words = re.findall(r"[\u4e00-\u9fff]{2,}|[A-Za-z]{4,}", case.value) or [case.value]
    if case.given[number - 1].within(case.given[case.number - 1].support):
        return True
    return any(figure in text for figure in figures) if figures else any(fold(word) in text for word in words)
