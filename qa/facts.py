"""Every figure the reports state, as a table: whose, when, what, how much, planned or done, and on which line.

One command turns a pile of reports into a table that can be checked line by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from documents.marks import BOOKMARK
from documents.report import Chunk
from documents.tables import is_period
from qa.measures import Measure, same_value
from qa.saying.wording import compact
from qa.scan import Scan, scan

FIELDS = ("organisation", "year", "month", "what", "value", "unit", "modifier", "stance", "report", "line", "written")
_EDGE = re.compile(r"[，,。；;！？!?、\n:：】(（]|(?<=[a-z])\. ")
_AFTER_EDGE = re.compile(r"[，,。；;！？!?、\n:：(（)）]|(?<=[a-z])\. ")
_FILLER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[)）、]|(?:19|20)\d{2}\s*年(?:度)?|我馆|其中|共有|共计|共|全年|累计|总计|分别|约|近|达到|达|为|有|了|的|是|并|及|和|与|以及|至年末|截至年末|\s)+|(?:共|共计|约|近|达到|达|为|有|了|的|是|超过|突破|逾|至|\s)+$"
)
_LONGEST_WHAT = 40
_NO_COUNT = frozenset({"award", "year"})


# A cell of a table in words: 西城分馆,藏书(册): is what 78400 is.
_CELL = re.compile(r"(?:^|\n)([^\n。;:!?]{2,80}?)\s*(?:\([^()\n]{1,6}\))?\s*:\s*$")


@dataclass(frozen=True, slots=True)
class Fact:
    """One stated figure. ``what`` are the words around it; ``written`` is the figure as it stands in the text."""

    organisation: str
    year: int | None
    month: int | None
    what: str
    value: Decimal
    unit: str
    modifier: str
    stance: str
    report: str
    line: int
    written: str

    def to_dict(self) -> dict[str, Any]:
        whole = self.value == self.value.to_integral_value()
        return asdict(self) | {"value": int(self.value) if whole else float(self.value)}


def facts(chunks: Iterable[Chunk], organisation_of: Callable[[str], str]) -> Iterator[Fact]:
    """The facts of chunks, in reading order. Figures without any words around them say nothing and are left out."""
    for chunk in chunks:
        scanned = scan(chunk)
        for measure in scanned.measures:
            fact = _fact(scanned, measure, organisation_of(chunk.report_id))
            if fact is not None:
                yield fact


def _fact(scanned: Scan, measure: Measure, organisation: str) -> Fact | None:
    what = described(scanned, measure)
    if (
        not what
        or measure.kind in _NO_COUNT
        or (not measure.unit and measure.value != measure.value.to_integral_value() and measure.value < 13)
    ):
        return None
    text = scanned.chunk.text
    dated = sorted(scanned.periods_at(measure.start), key=lambda p: (p.month is None, p))
    month = next((p.month for p in dated if p.month), None)
    period = scanned.chunk.period
    return Fact(
        organisation=organisation,
        year=next((p.year for p in dated if p.month), period.year if period else None),
        month=month if len({p.month for p in dated if p.month}) == 1 else None,
        what=what,
        value=measure.value,
        unit=measure.unit,
        modifier=measure.modifier,
        stance=scanned.stance_at(measure.start).value,
        report=scanned.chunk.report_id,
        line=scanned.lines(measure.start, measure.end).start,
        written=compact(text[measure.start : measure.end]),
    )


def described(scanned: Scan, measure: Measure) -> str:
    """What a figure counts: the words back to the last punctuation or figure, or those right after it."""
    text = scanned.folded
    cell = _CELL.search(text[: measure.start])
    if cell and not any(cell.start(1) <= m.start < measure.start for m in scanned.measures):
        names = scanned.chunk.text[cell.start(1) : cell.end(1)]
        return compact("，".join(n for n in re.split("[，,]", names) if not is_period(n.strip())))[:_LONGEST_WHAT]
    ends = [m.end for m in scanned.measures if m.end <= measure.start]
    start = max([*ends, *(m.end() for m in _EDGE.finditer(text[: measure.start]))], default=0)
    stop = _AFTER_EDGE.search(text, measure.end)
    later = [m.start for m in scanned.measures if m.start >= measure.end]
    end = min([stop.start() if stop else len(text), *later])
    original = scanned.chunk.text
    before = _trimmed(original[start : measure.start])
    after = _trimmed(original[measure.end : end])
    subject = after if not before or (len(after) > 1 and len(before) < 2) else before + ("…" + after if after else "")
    return compact(BOOKMARK.sub("", subject))[:_LONGEST_WHAT]


def _trimmed(text: str) -> str:
    return _FILLER.sub("", text.strip()).strip("“”\"' ")


def conflicts(found: Sequence[Fact]) -> list[tuple[Fact, ...]]:
    """Facts of one report that count the same thing in the same period and give different values.

    Values that only round each other are the same. Each group is in reading order.
    """
    groups: dict[tuple[object, ...], list[Fact]] = {}
    for fact in found:
        if fact.unit:
            groups.setdefault(
                (fact.report, fact.year, fact.month, fact.stance, _key(fact.what), fact.unit[0]), []
            ).append(fact)
    return [tuple(group) for group in groups.values() if _differ(group)]


def _key(what: str) -> str:
    return re.sub(r"全年|全市|共|累计|举办|开展|新增|其中|了|的|…|\s", "", what)


def _differ(group: Sequence[Fact]) -> bool:
    values = sorted({f.value for f in group})
    apart = any(not same_value(a, b) for a, b in pairwise(values))
    return apart and len({f.line for f in group}) > 1
