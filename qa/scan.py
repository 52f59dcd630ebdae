"""A chunk read closely: its sentences, clauses, measures and dates, and what governs each place in it.

This is where a bare figure gets its context: the date an entry begins with holds for the whole entry, a plan stays a
plan, a heading's words count for the text under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from documents.dates import DateMention, find_dates, find_quarters, quarter_periods, tells_of_last_year
from documents.folding import fold
from documents.marks import BOOKMARK, month_of, start_of
from documents.report import Chunk, LineRange, Period, Stance
from qa.measures import Measure, find_measures
from qa.understanding.cues import cue

# Latin full stops end a sentence before a capital, but not after a title or an initial.
_SENTENCE_END = re.compile(
    r"[。！？!?]+[”’」』）)\"]*|\n|(?<![A-Z])(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\bNo)(?<!\bvs)\.[\"”)]?(?=\s+[A-Z\"“(\d])"
)
_PLAN_CUE = cue("plan stated")
_OPENING = re.compile(r"\s*(?:(?:19|20)\d{2}\s*年,?|明年,?|下一步,?)?\s*(?:我馆|全年|全馆)?")
_DONE_CUE = re.compile(r"完成了?(?:年初)?.{0,6}(?:计划|目标)|按计划|计划外|实际(?!需)")
_NUMBERING = re.compile(r"\s*\d{1,3}\s*[、.．]?\s*|【[^】]*】\s*")
_WHOLE_YEAR = re.compile(r"全年(?!\s*(?:度?(?:的|既定)?)?(?:目标|计划|任务|指标))")
_OPENS = 8  # characters: 2020年上半年
_MONTH_END = re.compile(r"\s*(?:底|末|初)")

_FULL_STOP = re.compile(r"(?<=[a-z\d)])\.\s")

# How much a word still tells about a figure across what stands between them (multiplied).
_ACROSS = {
    "，": 0.88,
    ",": 0.88,
    "、": 0.93,
    "：": 0.97,
    ":": 0.97,
    "；": 0.72,
    ";": 0.72,
    "。": 0.55,
    "！": 0.55,
    "？": 0.55,
    "!": 0.55,
    "?": 0.55,
    "\n": 0.4,
    "(": 0.9,
    ")": 0.9,
}


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end


@dataclass(frozen=True, slots=True)
class Scan:
    """A chunk with everything found in it. Offsets are into ``chunk.text`` and ``folded`` alike."""

    chunk: Chunk
    folded: str
    sentences: tuple[Span, ...]
    measures: tuple[Measure, ...]
    dates: tuple[DateMention, ...]

    def sentence_at(self, offset: int) -> Span:
        return next((s for s in self.sentences if offset in s), Span(0, len(self.folded)))

    def listed_at(self, offset: int) -> tuple[Measure, ...]:
        """The figures that stand with an offset between two semicolons of its sentence: a total, then its parts."""
        sentence = self.sentence_at(offset)
        start = max(sentence.start, self.folded.rfind(";", 0, offset) + 1)
        stop = self.folded.find(";", offset, sentence.end)
        return tuple(m for m in self.measures if start <= m.start < (stop if stop >= 0 else sentence.end))

    def entry_at(self, offset: int) -> Span:
        """The paragraph around an offset, from the last date that begins a sentence in it to the next such date."""
        start = self.folded.rfind("\n", 0, offset) + 1
        stop = self.folded.find("\n", offset)
        stop = len(self.folded) if stop < 0 else stop
        heads = [self._head(d) for d in self.dates if start <= d.start < stop and self.leads(d)]
        return Span(
            max([h for h in heads if h <= offset], default=start), min([h for h in heads if h > offset], default=stop)
        )

    def leads(self, date: DateMention) -> bool:
        """A date that begins a sentence or an entry governs what follows it."""
        before = self.folded[: self._head(date)].rstrip()
        return (
            not before
            or before[-1] in "。！？；\n】★☆●◆■▲"
            or bool(re.search(r"(?:^|\n)\s*\d{1,3}(?:\s*[、.．]\s*|\s+)$", self.folded[: date.start]))
        )

    def _head(self, date: DateMention) -> int:
        """Where a date that leads an entry begins, with the bracket it may stand in (【1月8日】)."""
        return date.start - (self.folded[date.start - 1 : date.start] == "【")

    def entries(self) -> list[Span]:
        """The chunk cut at line ends and at leading dates; lines that are headings or bare numbers are left out."""
        found: list[Span] = []
        at = 0
        while at < len(self.folded):
            stop = self.folded.find("\n", at)
            stop = len(self.folded) if stop < 0 else stop
            heads = sorted(
                {at, *(self._head(d) for d in self.dates if at < d.start < stop and self.leads(d) and d.first.day)}
            )
            if heads[1:] and _NUMBERING.fullmatch(self.folded[at : heads[1]]):
                heads.pop(1)
            found += [Span(s, e) for s, e in zip(heads, [*heads[1:], stop], strict=True) if self._is_entry(s, e)]
            at = stop + 1
        return found

    def _is_entry(self, start: int, end: int) -> bool:
        text = BOOKMARK.sub("", self.folded[start:end]).strip()
        mark = start_of(text)
        bare = text[mark.end :] if mark else text
        titles = {fold(t) for t in self.chunk.heading}
        return len(bare.strip("。. ")) > 1 and bare.rstrip("。") not in titles and month_of(text) is None

    def governing(self, offset: int) -> DateMention | None:
        """The date that holds at an offset: the last one that leads the entry around it."""
        entry = self.entry_at(offset)
        leading = [d for d in self.dates if entry.start <= d.start <= offset and self.leads(d)]
        return leading[-1] if leading else None

    def periods_at(self, offset: int) -> frozenset[Period]:
        """Years and months a statement at an offset belongs to: of its sentence, else its entry, else its section."""
        sentence = self.sentence_at(offset)
        period = self.chunk.period
        year = period.year if period else None
        named = [
            d
            for d in self.dates
            if sentence.start <= d.start < sentence.end and not _MONTH_END.match(self.folded, d.end)
        ]
        ruling = self.governing(offset)
        mentions = [*named, *([ruling] if ruling and ruling not in named else [])]
        found = {p for m in mentions for p in m.periods(year)}
        if year and tells_of_last_year(self.folded[sentence.start : sentence.end]):
            found.add(Period(year - 1))
        if not any(p.month for p in found):
            found.update(*(quarter_periods(fold(title), year) for title in self.chunk.heading))
        if period:
            found.add(Period(period.year))
            if not any(p.month for p in found) or period.month:
                found.add(period)
        return frozenset(found)

    def part_of_year_at(self, offset: int) -> frozenset[int]:
        """The months of the quarter or half-year that the sentence names last before an offset, or else its headings;
        none without one, nor for what is told of the whole year (下半年外借6.6万册次,全年11.9万册次).
        """
        sentence = self.sentence_at(offset)
        text = self.folded[sentence.start : offset]
        if _WHOLE_YEAR.search(re.split(r"[)）]|半年|季度", text)[-1]):
            return frozenset()
        # What a sentence opens with holds for all of it; what stands further on, as far as the next semicolon.
        named = [months for start, end, months in find_quarters(text) if start < _OPENS or ";" not in text[end:]]
        return named[-1] if named else self._part_in_headings()

    def _part_in_headings(self) -> frozenset[int]:
        named = [months for title in self.chunk.heading for _, _, months in find_quarters(fold(title))]
        return named[-1] if named else frozenset()

    def stance_at(self, offset: int) -> Stance:
        """Planned when the section is a plan, or when the sentence says so before the offset."""
        sentence = self.sentence_at(offset)
        clauses = re.split(r"[；;]", self.folded[sentence.start : offset])
        # What a sentence opens with holds for all of it: 2021年,计划新增座位180个;新建书屋10处
        opening = _OPENING.match(clauses[0]) if len(clauses) > 1 else None
        told = opening and _PLAN_CUE.match(clauses[0], opening.end())
        if self.chunk.stance is Stance.PLANNED or told:
            return Stance.PLANNED
        before = clauses[-1]
        return Stance.PLANNED if _PLAN_CUE.search(before) and not _DONE_CUE.search(before) else Stance.ACHIEVED

    def lines(self, start: int, end: int) -> LineRange:
        return self.chunk.passage.lines_of(start, end)

    def across(self, one: int, other: int) -> float:
        """How much of the tie is left between two offsets: the product over the punctuation between them."""
        left, right = sorted((one, other))
        weight = 1.0
        for character in self.folded[left:right]:
            weight *= _ACROSS.get(character, 1.0)
        weight *= _ACROSS["。"] ** len(_FULL_STOP.findall(self.folded, left, right))
        return max(weight, 0.08)


@lru_cache(maxsize=4096)
def scan(chunk: Chunk) -> Scan:
    folded = fold(chunk.text)
    dates = find_dates(folded, chunk.period.month if chunk.period else None)
    return Scan(chunk, folded, tuple(_sentences(chunk.text)), tuple(find_measures(folded, dates)), tuple(dates))


def _sentences(text: str) -> Iterator[Span]:
    start = 0
    for end in [*(m.end() for m in _SENTENCE_END.finditer(text)), len(text)]:
        if text[start:end].strip():
            yield Span(start, end)
        start = end
