"""How a follow-up is worded: the phrases of ``data/followups.txt`` as patterns, and the periods it speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from documents.numerals import read_number
from qa.saying.wording import month_text
from qa.understanding.cues import phrases
from qa.understanding.question import Question, language_of

Pattern = re.Pattern[str]


def _alternatives(section: str) -> str:
    return phrases("followups.txt", section)


def _pattern(section: str) -> re.Pattern[str]:
    return re.compile(_alternatives(section), re.IGNORECASE)


LEAD = re.compile(
    rf"^\s*(?:{_alternatives('lead')}(?=[\s,，、。!！]|[\u4e00-\u9fff\d]|$)[\s,，、。!！]*)+", re.IGNORECASE
)
TAIL = re.compile(rf"(?:[\s,，]*{_alternatives('tail')})*[\s?？。.!！]*$", re.IGNORECASE)
COMPARING = _pattern("comparing")
GLUE = _pattern("glue")
ASKS = _pattern("asks")
ACROSS = _pattern("across")
SAME_MONTH = _pattern("same month")
PART_OF_YEAR = _pattern("part of year")
OWNER = _pattern("owner")
POINTING = _pattern("pointing")
GOING_ON = _pattern("going on")
LIGHT = _pattern("light")
BEFORE_LAST = _pattern("the one before")
FIRST = _pattern("the first one")
LATEST = _pattern("the last one")
ASKED_LAST = re.compile(rf"(?:{_alternatives('asked last')})[\s?？。]*$")
OF_SOMETHING = _pattern("of something")
OWNER_AS_SUBJECT = _pattern("owner as subject")
POSSESSIVE = re.compile(r"(?:['’]s?|的)$")
MEASURE_ZH = re.compile(
    r"(?:一共|总共|共计?|合计)?(?:是|为|有|达到?)?(?:了)?(?P<asked>(?:多少|几)万?"
    r"(?:册次|人次|[册张场次人期件座个家台名位种项元天本篇]|小时)?)(?=[\s?？。]*$|的|[\u4e00-\u9fff])"
)
HOW_MANY = re.compile(
    r"^\s*how (?:many|much)\s+(?P<what>.+?)"
    r"(?:\s+(?:(?P<did>did|does|do)|was|were|has|have|had|is|are|at|in)\b(?P<rest>.*))?[\s?.]*$",
    re.IGNORECASE,
)
# A library no report is about, named before its own kind of house.
ELSEWHERE = r"(?:[\u4e00-\u9fff]{2,4}(?:市|县|区|省)|[\u4e00-\u9fff]{2})(?:公共)?图书馆"
_RELATIVE = tuple(
    (_pattern(f"{way} {unit}"), unit, step)
    for unit in ("month", "year")
    for way, step in (("next", 1), ("previous", -1))
)
_STEPS = _pattern("steps")
_STEP_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "两": 2}
_WISHES = {"zh": _pattern("in chinese"), "en": _pattern("in english")}


@dataclass(frozen=True, slots=True)
class Span:
    """A year, months of it, or a day, as far as they are stated."""

    year: int | None = None
    months: tuple[int, ...] = ()
    day: int | None = None

    def __bool__(self) -> bool:
        return self.year is not None or bool(self.months)

    def text(self, language: str) -> str:
        if language == "zh":
            return (f"{self.year}年" if self.year else "") + self._months_zh() + (f"{self.day}日" if self.day else "")
        months = [month_text(m, None, "en") for m in self.months]
        listed = " and ".join([", ".join(months[:-1]), months[-1]]) if len(months) > 1 else "".join(months)
        return " ".join(str(part) for part in (self.day, listed, self.year) if part)

    def _months_zh(self) -> str:
        if len(self.months) > 2 and self.months == tuple(range(self.months[0], self.months[-1] + 1)):
            return f"{self.months[0]}-{self.months[-1]}月"
        return "和".join(f"{m}月" for m in self.months)

    def over(self, old: Span) -> Span:
        """This period, with the year and months of an older one where it has none."""
        return Span(self.year or old.year, self.months or old.months, self.day)


def span_of(question: Question) -> Span:
    """The period a question states."""
    years = [y for d in question.dates for y in (d.first.year, d.last.year) if y]
    day = next((d.first.day for d in question.dates if d.first.day and not d.is_span), None)
    months = tuple(sorted(question.scope.months)) or tuple(
        sorted({d.first.month for d in question.dates if d.first.month})
    )
    return Span(years[0] if years else None, months, day)


def relative_span(text: str, old: Span) -> Span:
    """The period that "next month", "两个月后" or "去年" means after an older one; an empty one where none can be told.

    >>> relative_span("下个月呢", Span(2019, (12,))), relative_span("and the year before?", Span(2019))
    (Span(year=2020, months=(1,), day=None), Span(year=2018, months=(), day=None))
    >>> relative_span("two months earlier?", Span(2019, (3,)))
    Span(year=2019, months=(1,), day=None)
    """
    found = _steps(text) or next(((unit, step) for pattern, unit, step in _RELATIVE if pattern.search(text)), None)
    if found is None:
        return Span()
    unit, step = found
    if unit == "year":
        return Span(old.year + step) if old.year else Span()
    if not old.months:
        return Span()
    month = (old.months[-1] if step > 0 else old.months[0]) + step
    return Span(old.year + (month - 1) // 12 if old.year else None, ((month - 1) % 12 + 1,))


def _steps(text: str) -> tuple[str, int] | None:
    """So many months or years on, or back."""
    match = _STEPS.search(text)
    if match is None:
        return None
    named = {name: value.lower() for name, value in match.groupdict().items() if value}
    count = next(value for name, value in named.items() if name.startswith("n"))
    steps = _STEP_WORDS.get(count) or read_number(count)
    back = any(name.startswith("back") for name in named)
    unit = "year" if any(name.startswith("year") for name in named) else "month"
    return (unit, (-1 if back else 1) * int(steps)) if steps and steps < 12 * 10 else None


def relative_places(text: str) -> list[tuple[int, int]]:
    """Where a text says "next month" and the like."""
    steps = [match.span() for match in _STEPS.finditer(text)]
    others = [match.span() for pattern, _, _ in _RELATIVE for match in pattern.finditer(text)]
    return steps + [(s, e) for s, e in others if not any(s < end and start < e for start, end in steps)]


def without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without what stands at ``spans``."""
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split())


def bare(text: str) -> str:
    """A follow-up without the words that only lead in and out of it."""
    return TAIL.sub("", LEAD.sub("", text)).strip(" ,，、")


def only(section: str, text: str) -> bool:
    """Whether a follow-up says nothing but a turn of phrase of a section."""
    return bool(re.fullmatch(_alternatives(section), bare(text), re.IGNORECASE))


def wished_language(text: str) -> str | None:
    """The language of a text that asks for nothing but the same again in that language."""
    said = bare(text)
    return next((language for language, wish in _WISHES.items() if wish.fullmatch(said)), None)


def spoken_language(text: str) -> str | None:
    """The language a person wrote in; None for a text without a word, such as "2018?"."""
    return wished_language(text) or (language_of(text) if re.search(r"[A-Za-z\u3400-\u9fff]", text) else None)
