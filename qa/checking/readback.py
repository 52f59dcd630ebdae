"""An answer as it is shown, read back: every statement against the lines its own mark cites.

``check`` holds what an extractor meant to say; this holds what stands there in the end, so that nothing between the two
(rendering, storing, a later edit) can put a figure beside the wrong line or a name before another library's figure.
Quotations must be the report's own words at the cited place, citations the report's own lines, results of arithmetic
the result of the formula shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from documents.dates import MONTHS_EN, find_dates
from documents.errors import ReportQAError
from documents.folding import fold
from documents.numerals import read_number
from documents.report import Report
from qa.answer import Answer, Citation
from qa.checking.agreement import read_figures
from qa.checking.check import Verdict, outside, value_faults
from qa.checking.grounds import Grounds, bare, grounds_of, without
from qa.checking.proper_names import is_spoken, latin_words
from qa.measures import units
from qa.saying.wording import OUR_HAN, OUR_LATIN, PHRASES
from qa.understanding.cues import data_lines

ReportOf = Callable[[str], Report]

_MARK = re.compile(r"\s*((?:\[\d+\])+)")
_QUOTE = re.compile(r"[:：]\s*“(.+)”\s*$")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_LATIN = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_AROUND = 12  # lines: a sentence may begin before and end after the lines that carry its value
_COUNT = re.compile(r"共(\d+)条记载|(\d+) entr(?:y|ies):|(\d+)\D{0,30}?(?:，逐条数得：|, counted one by one:)")
_HEADER = 240  # lines: as far up as a table's titles are looked for
_FORMULA = re.compile(r"[\d,.()（）+−÷×\s]+=\s*-?[\d,.]+%?")


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of an answer up to its marks: what is stated, the report's words in quotation marks, the citations."""

    line: int
    lead: str
    quote: str
    citations: tuple[Citation, ...]


def check_shown(answer: Answer, report_of: ReportOf) -> Verdict:
    """The faults of a whole answer; an abstention has none. ``report_of`` gives a report by its id."""
    if answer.abstained:
        return Verdict()
    reports: dict[str, Report] = {}
    false = [fault for c in answer.citations for fault in _citation_faults(c, reports, report_of)]
    if false:
        return Verdict(tuple(false))
    found = list(_statements(answer))
    faults = [
        *outside(answer.citations, answer.scope),
        *_mark_faults(answer),
        *_head_faults(answer, found),
        *(fault for statement in found for fault in _statement_faults(statement, answer, reports)),
    ]
    return Verdict(tuple(dict.fromkeys(faults)))


def _citation_faults(citation: Citation, reports: dict[str, Report], report_of: ReportOf) -> Iterator[str]:
    """Reads each report once, into ``reports``."""
    if citation.report_id not in reports:
        try:
            reports[citation.report_id] = report_of(citation.report_id)
        except ReportQAError:
            yield f"no report {citation.report_id} is known"
            return
    report, lines = reports[citation.report_id], citation.lines
    if lines.end > len(report.lines) or report.text(lines) != citation.quote or report.digest != citation.digest:
        yield f"{citation.report_id} {lines} does not read as quoted"


def _mark_faults(answer: Answer) -> Iterator[str]:
    known = {c.number for c in answer.citations}
    used = {int(number) for number in re.findall(r"\[(\d+)\]", _unquoted(answer.text))}
    yield from (f"the mark [{number}] cites nothing" for number in sorted(used - known))
    yield from (f"citation {number} carries nothing" for number in sorted(known - used))


def _unquoted(text: str) -> str:
    return "\n".join(re.sub(r"“.*”", "", line) if line.count("“") == 1 else line for line in text.split("\n"))


def _statements(answer: Answer) -> Iterator[Statement]:
    by_number = {c.number: c for c in answer.citations}
    for row, line in enumerate(answer.text.split("\n")):
        at = 0
        for mark in _MARK.finditer(line):
            if (line[mark.end() : mark.end() + 1] or "；;").strip() not in ("；", ";", "；;"):
                continue  # a mark inside quoted words
            numbers = [int(n) for n in re.findall(r"\d+", mark[1])]
            text = line[at : mark.start()].strip("；; ")
            quoted = _QUOTE.search(text)
            yield Statement(
                row,
                text[: quoted.start()] if quoted else text,
                quoted[1] if quoted else "",
                tuple(by_number[n] for n in numbers if n in by_number),
            )
            at = mark.end()


def _statement_faults(statement: Statement, answer: Answer, reports: dict[str, Report]) -> Iterator[str]:
    lead = re.sub(r"^- ", "", statement.lead)
    for phrase in PHRASES:
        lead = lead.replace(phrase, " ; ")
    if not statement.citations:
        yield f"“{lead}” cites nothing"
        return
    cited = grounds_of(statement.citations)
    own = [name for c in statement.citations for name in _names(reports[c.report_id])]
    yield from value_faults(without(own, fold(lead)), cited)
    yield from _word_faults(fold(lead), cited, own, answer)
    others = {name for report in reports.values() if report.id not in cited.reports for name in _names(report)}
    for name in others - set(own):
        if len(name) > 2 and bare(fold(name)) in bare(fold(lead)) and not cited.has(name):
            yield f"{name} is not whom the cited lines are about"
    if statement.quote and not any(_reads(statement.quote, c, reports[c.report_id]) for c in statement.citations):
        yield "the words quoted do not stand at the cited place"


def _names(report: Report) -> tuple[str, ...]:
    return tuple(name for name in (report.organisation, report.title, report.id) if name)


def _word_faults(lead: str, cited: Grounds, own: Sequence[str], answer: Answer) -> Iterator[str]:
    """Words of a statement that are neither on the lines nor the report's name, nor ours for a unit or a hedge."""
    named = fold(" ".join(own))
    asked = fold(answer.question)
    there = bare(" ".join((cited.context, named, asked, OUR_HAN)))
    for mention in find_dates(lead):  # judged as dates
        lead = lead[: mention.start] + " " * (mention.end - mention.start) + lead[mention.end :]
    for run in _HAN_RUN.findall(lead):
        if run not in there:
            yield f"the name {run} is not on the cited lines"
    known = latin_words(" ".join((cited.context, named, asked))) | _our_words()
    for word in _LATIN.findall(lead):
        parts = {word, *re.split(r"['-]", word)}
        if not (parts & known or is_spoken(word, f"{cited.context} {named}")):
            yield f"the name {word} is not on the cited lines"


@cache
def _our_words() -> frozenset[str]:
    """English words the wording itself brings: units, hedges, months."""
    kinds = " ".join(line.split("\t")[2] for line in data_lines("english_names.tsv"))
    english = f"{' '.join(word for _, word in units().values())} {kinds}".lower()
    return latin_words(
        f"{english} more than nearly about less over {' '.join(MONTHS_EN).lower()} "
        "yes no equal calculated entries the reports also state times rmb yuan kwh "
        f"at least most almost downloads views participants person branch {OUR_LATIN}"
    )


def _reads(quote: str, citation: Citation, report: Report) -> bool:
    """Whether a quotation is the report's own wording, on the cited lines and what surrounds them."""
    lines = citation.lines
    before = _letters(_text(report, lines.start - _AROUND, lines.start - 1))
    inside = _letters(citation.quote)
    around = before + inside + _letters(_text(report, lines.end + 1, lines.end + _AROUND))
    wanted = _letters(quote)
    at = around.find(wanted)
    while at >= 0:
        if at < len(before) + len(inside) and len(before) < at + len(wanted):
            return True
        at = around.find(wanted, at + 1)
    return _is_row(quote, citation, report)


def _is_row(quote: str, citation: Citation, report: Report) -> bool:
    """A row of a table is shown with the titles of its columns: the last cell is cited, the others stand above it."""
    *titles, value = (cell for part in re.split(r"[,，:：/]\s|[，：；]", quote) if (cell := _letters(part)))
    above = _letters(_text(report, citation.lines.start - _HEADER, citation.lines.end))
    return bool(titles) and value in _letters(citation.quote) and all(title in above for title in titles)


def _text(report: Report, start: int, end: int) -> str:
    """The lines from ``start`` to ``end`` as far as there are such lines."""
    return "\n".join(line.text for line in report.lines[max(0, start - 1) : max(0, end)])


def _letters(text: str) -> str:
    return re.sub(r"[\s…|“”\"()（）]", "", text)


def _head_faults(answer: Answer, found: Sequence[Statement]) -> Iterator[str]:
    """The short form, the number of entries, the result of a formula: what no single line carries."""
    lines = answer.text.split("\n")
    items = [re.sub(r"\s*(?:\[\d+\])+$", "", line[2:]) for line in lines if line.startswith("- ")]
    if (
        answer.short
        and not lines[0].startswith(answer.short)
        and answer.short not in ("、".join(items), ", ".join(items))
    ):
        yield f"the short form {answer.short} is not what the answer says"
    count = _COUNT.match(lines[0])
    number = int(next(n for n in count.groups() if n)) if count else len(items)
    if count and number != len(items):
        yield f"{count[0]} are not the {len(items)} listed"
    if len(found) > 1 and lines[0].count("[") > 1:
        yield from _order_faults(answer, lines[0], [s for s in found if s.line == 0])
    formula = _FORMULA.search(lines[0])
    if formula:
        yield from _formula_faults(lines[0], formula[0], found)


def _order_faults(answer: Answer, line: str, found: Sequence[Statement]) -> Iterator[str]:
    """A comparison names the first of its sides, which is the most or the least of them."""
    short = answer.short or ""
    name = bare(fold(re.split(r"[，,]\s*", short, maxsplit=1)[-1]))
    rest = line.removeprefix(short).lstrip("。. ") if line.startswith((f"{short}。", f"{short}. ")) else line
    leads = [rest, *(statement.lead for statement in found[1:])]
    first, *others = (bare(fold(re.split("[:：]", lead, maxsplit=1)[0])) for lead in leads)
    if name in others and name != first:
        yield f"{short} is not the side that comes first"
    values = [figures[-1].value for s in found if (figures := read_figures(fold(s.lead)))]
    if len(values) == len(found) and values[0] not in (min(values), max(values)):
        yield f"{short} is neither the most nor the least"


def _formula_faults(line: str, formula: str, found: Sequence[Statement]) -> Iterator[str]:
    """The operands are those listed, the result is that of the formula, and the answer is the result."""
    left, _, right = formula.partition("=")
    result = _value(right)
    worked = _worked(left)
    share = right.strip().endswith("%")
    if result is None or worked is None or abs((worked * 100 if share else worked) - result) > Decimal("0.005"):
        yield f"{formula} does not come out"
        return
    listed = {figure.value for s in found for figure in read_figures(fold(s.lead))}
    operands = {v for number in re.findall(r"[\d,]+(?:\.\d+)?", left) if (v := _value(number)) is not None}
    if not operands <= listed | {Decimal(n) for n in (*range(2, 13), 52, 365, 366)}:
        yield f"{formula} has an operand that is not listed"
    stated = read_figures(fold(line[: line.find(formula)]))
    if not stated or abs(stated[0].value) != abs(result) or stated[0].direction in ("up", "down"):
        yield f"the answer is not the result of {formula}"
    unit = stated[0].measure.unit if stated and stated[0].measure else ""
    theirs = {f.measure.unit for s in found for f in read_figures(fold(s.lead)) if f.measure}
    kinds = {units()[u][0] for u in theirs if u in units()} | {"percent", "multiple", "times"}
    if unit in units() and any(theirs) and unit not in theirs and units()[unit][0] not in kinds:
        yield f"the result is given in another unit ({unit})"


def _value(text: str) -> Decimal | None:
    text = text.strip().rstrip("%").strip()
    value = read_number(text.lstrip("-−"))
    return -value if value is not None and text[:1] in ("-", "−") else value


def _worked(left: str) -> Decimal | None:
    """The value of a formula of ours: one kind of operator, or a difference over a number."""
    difference = re.fullmatch(r"\(([\d,.]+) − ([\d,.]+)\) ÷ ([\d,.]+)", left.strip())
    try:
        if difference:
            after, before, base = (Decimal(part.replace(",", "")) for part in difference.groups())
            return (after - before) / base
        added = re.fullmatch(r"\(([\d,.+ ]+)\) ÷ ([\d,.]+)", left.strip())
        if added:
            parts = added[1].replace(",", "").split("+")
            return sum((Decimal(part.strip()) for part in parts), Decimal(0)) / Decimal(added[2].replace(",", ""))
        first, *rest = re.split(r"\s*([+−÷])\s*", left.strip())
        total = Decimal(first.replace(",", ""))
        for sign, number in zip(rest[::2], rest[1::2], strict=True):
            operand = Decimal(number.replace(",", ""))
            total = total + operand if sign == "+" else total - operand if sign == "−" else total / operand
        return total
    except (InvalidOperation, ValueError, ZeroDivisionError):
        return None
