"""Free prose held against the lines it cites: what a language model writes is believed no further than they go.

A sentence passes when everything in it that can be compared stands on exactly the lines it cites: figures with unit
and hedge, dates, quoted titles, names, libraries, and whether a thing was done, not done, or planned. One with nothing
to compare must share half of its telling words with the lines, by the word or by the lexicon; beyond that the wording
is left alone. A sentence without a citation never passes, connective or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from documents.dates import find_dates
from documents.folding import fold
from documents.numerals import read_number
from documents.outline import stance_of
from documents.report import Stance
from index.scope import Scope
from qa.answer import Citation
from qa.checking.agreement import fault_of, read_figures
from qa.checking.check import Verdict, is_stated, outside, titles, value_faults
from qa.checking.grounds import Grounds, grounds_of, without
from qa.checking.proper_names import chinese_names, is_spoken, latin_names, means, share_told
from qa.measures import find_measures
from qa.understanding.directory import Directory, Mention

_BESIDE_HAN = re.compile(r"(?<=[a-z])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[a-z])")  # 58 volumes藏书
_WORDY = re.compile(r"[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九两][百千万].*")
_NOT = re.compile(
    r"没有|没能|并未|未能|尚未|从未|并非|不再"
    r"|\b(?:not|never|no longer|without|failed to|cannot|did ?n['’]t|was ?n['’]t|were ?n['’]t|neither)\b"
)
_NEGATIVE = re.compile(r"[没未无不非否停免]|\b(?:not|no|never|none|without|fail\w*|cannot|nor|neither)\b|n['’]t\b")
_LEAST_TOLD = 0.5  # share of a sentence's telling words that its lines hold
# Before a year in English; a number after anything else, and before what it counts, is none: it counted 2021 visits.
_AS_YEAR = re.compile(
    r"(?:^|\b(?:in|of|for|during|since|until|by|to|from|and|or|than|year|the|its|their|this|our|early|mid|late)|['’]s|[-–—/(,;:.])"
    r"\s*$"
)
_PLAN = re.compile(
    r"计[划画]|打算|力争|预计|拟(?!定)|将(?=[于在会要]|举|开|新|建|推|继|完|达)|"
    r"\b(?:will|plans? to|planned|planning to|intends? to|aims? to|expects? to|is to|are to|going to|hopes? to)\b"
)
_PLAN_ON_LINES = re.compile(
    r"计[划画]|打算|力争|预计|拟|将|要|争取|确保|准备|目标|任务|达到|"
    r"\b(?:will|shall|plan\w*|intend\w*|aim\w*|expect\w*|target\w*|hope\w*|to be|propos\w*|next|is to|are to)\b"
)
_DONE_ON_LINES = re.compile(r"已|完成|了|实现|截至|\b(?:was|were|has|have|had|did|completed|opened|held)\b")
_ASKED_PLAN = re.compile(
    rf"{_PLAN.pattern}|目标|任务|要|争取|确保|准备|应|\b(?:plan\w*|target\w*|goals?|should|must|aim\w*|to be|next)\b"
)


def check_sentence(
    sentence: str,
    citations: Sequence[Citation],
    scope: Scope,
    *,
    known: Directory,
    derived: Sequence[Decimal] = (),
    asked: str = "",
    shown: Sequence[str] = (),
) -> Verdict:
    """Hold one sentence, its citation marks taken out, against exactly the lines it cites.

    A hedge may be dropped, and "about" added; over, nearly and their like must point where the lines point. A year or a
    month may come from the section of the cited line. A library must be the cited report's own or stand on the lines; a
    name in Latin letters must stand there too, or be the pinyin or a translation of what does. ``derived`` are results
    of arithmetic checked elsewhere, ``asked`` is the question, whose words a sentence may repeat, and ``shown`` the
    lines as they were laid out for the writer, who may quote them so. The first call that meets an English name reads
    the dictionary: half a second.
    """
    if not citations:
        return Verdict(("the sentence cites no line",))
    cited = grounds_of(citations)
    folded = fold(sentence)
    mentions = known.find(folded)
    others = _blanked(folded, [(m.start, m.end) for m in mentions if m.reports & cited.reports])
    own = [name for c in citations for name in (known.name_of(c.report_id), c.report_id)]
    laid = [*own, *shown]
    counting = _BESIDE_HAN.sub(" ", without([name for c in citations if (name := known.name_of(c.report_id))], folded))
    faults = (
        *outside(citations, scope),
        *value_faults(counting, cited, derived),
        *_numeral_faults(counting, cited, derived),
        *_year_faults(counting, cited),
        *(
            f"the title {title} is not on the cited lines"
            for title in titles(sentence)
            if not means(title, cited, laid)
        ),
        *_library_faults(folded, cited, mentions),
        *(f"the name {name} is not on the cited lines" for name in chinese_names(others, cited, own, asked)),
        *(f"the name {name} is not on the cited lines" for name in latin_names(sentence, cited, own)),
        *_turned(folded, cited, citations),
        *_unrelated(sentence, folded, cited, own, known),
    )
    return Verdict(tuple(dict.fromkeys(faults)))


def _blanked(folded: str, spans: Sequence[tuple[int, int]]) -> str:
    """A text with commas for some of its stretches: what a library is called for short is no name of another."""
    for start, end in spans:
        folded = f"{folded[:start]}{'，' * (end - start)}{folded[end:]}"
    return folded


def _numeral_faults(folded: str, cited: Grounds, derived: Sequence[Decimal]) -> Iterator[str]:
    """Numbers of two words or more (thirty-two, 三十二, two hundred) are figures in prose whatever they count."""
    for figure in read_figures(folded):
        scaled = figure.value != read_number(figure.shown)
        wordy = _WORDY.fullmatch(figure.shown) if not figure.shown.isascii() else ("-" in figure.shown or scaled)
        if is_stated(figure) or not wordy or figure.value in derived or figure.shown in cited.text:
            continue
        if fault := fault_of(figure, cited.figures, cited.context):
            yield fault


def _year_faults(folded: str, cited: Grounds) -> Iterator[str]:
    """What is written like a year and counts something stands as such a count on the lines."""
    there = set(_counted_years(cited.text))
    for value in _counted_years(folded):
        if value not in there and not any(figure.value == value for figure in cited.figures):
            yield f"the figure {value} is not on the cited lines"


def _counted_years(folded: str) -> Iterator[Decimal]:
    years = {d.start for d in find_dates(folded) if folded[d.start : d.end].isdigit()}
    for measure in find_measures(folded, ()) if years else ():
        if measure.start in years and measure.kind and not _AS_YEAR.search(folded[: measure.start]):
            yield measure.value


def _library_faults(folded: str, cited: Grounds, mentions: Sequence[Mention]) -> Iterator[str]:
    for mention in mentions:
        if not (mention.reports & cited.reports or cited.has(mention.name) or is_spoken(mention.name, cited.context)):
            yield f"{folded[mention.start : mention.end].strip()} is not whom the cited lines are about"


def _unrelated(sentence: str, folded: str, cited: Grounds, own: Sequence[str], known: Directory) -> Iterator[str]:
    """A sentence that shares neither a figure, a date nor a title with its lines must share their words.

    One that has no telling word says nothing that lines could bear out.
    """
    dates = find_dates(folded)
    values = {figure.value for figure in cited.figures}
    if any(d.first.month for d in dates) or any(f.value in values for f in read_figures(folded, dates)):
        return
    if any(means(title, cited, own) for title in titles(sentence)):
        return
    for mention in known.find(folded):
        folded = folded[: mention.start] + " " * (mention.end - mention.start) + folded[mention.end :]
    if (share_told(folded, cited) or 0.0) < _LEAST_TOLD:
        yield "the cited lines do not say what the sentence says"


def _turned(folded: str, cited: Grounds, citations: Sequence[Citation]) -> Iterator[str]:
    """Said and not said, done and planned, turned into one another."""
    if _NOT.search(folded) and not _NEGATIVE.search(cited.text):
        yield "the sentence denies what the cited lines do not"
    planned = any(stance_of(c.section) is Stance.PLANNED for c in citations)
    if _PLAN.search(folded) and not planned and not _PLAN_ON_LINES.search(cited.text):
        yield "the sentence calls planned what the cited lines do not"
    if planned and not _ASKED_PLAN.search(folded) and not _DONE_ON_LINES.search(cited.text):
        yield "the sentence calls done what the cited lines plan"
