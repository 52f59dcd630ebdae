"""Which list answers: an enumeration, the points of a series, or the like things that several entries name.

All three are scored as shares of the question's words, so that they can be held against each other; an enumeration
whose items are the sort asked for goes before one that merely stands near.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from documents.dates import MONTH_EN
from documents.folding import fold
from documents.numerals import read_number
from index.tokens import is_chinese
from qa.extract.entities import named_things
from qa.extract.enumerations import LINE_MARKS, Enumeration, Point, enumerations, series
from qa.extract.evidence import Candidate, Evidence, inside, period_factor, stance_factor
from qa.extract.finding import Finding, Support, Value, sentence_text, support_of
from qa.extract.fit import fit_of
from qa.extract.focus import Focus, focus_of
from qa.extract.limits import as_planned, date_factor, shut_out_factor, without_excluded
from qa.extract.names import Choice, answer_name, choice_for, name_candidates, shown_as
from qa.match import occurrences
from qa.saying.wording import compact, name_text
from qa.scan import Scan, Span
from qa.understanding.question import Question

_LEAST_COVERAGE = 0.42
_LEAST_SCORE = 0.32
_ASKED_COUNT = re.compile(
    r"(?:哪|这|什么|的)(?P<zh>两|二|三|四|五|六|七|八|九|十|\d+)(?=[^\d年月日星])(?!小时)|(?<!第)(?P<zh2>\d+|[两三四五六七八九])(?:个|"
    r"家|所|项|位|种|件|名|部|本|类|级)(?=[^\d]*(?:分别|哪|什么|谁))"
    r"|\b(?P<en>two|three|four|five|six|seven|eight|nine|ten|\d{1,2})(?= [a-z])"
    rf"(?!-| (?:{MONTH_EN})\b)"
)
_LISTS_POINTS = re.compile(
    r"问题|不足|短板|毛病|缺点|弱点|困难|挑战|方面|措施|举措|做法|任务|工作|事|重点|步|原因|经验|要求|打算|亮点|problem|shortcoming|"
    r"challenge|measure|task|step|aspect|priorit|weakness|difficult|thing|area|focus|reason|point"
)
_COUNT_BEHIND = re.compile(
    r"\s*(?:[（(].*|[\d.,]+\s*[万余多]?[\u4e00-\u9fff]{0,2})$"
)  # 东区9座、西区8座: the districts
_WHOLE_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}")
_AND_OTHERS = re.compile(r"[”》)]?等\s*(?:全[市省县]|这)?(\d+|[二三四五六七八九十]+)\s*[个家所座处项位名种]")
_LEAD = 24
_SUMMED_UP = r"[”》)]?等?\s*(?:\d+|[两二三四五六七八九十]+)\s*[个家所座处]?[\u4e00-\u9fff]{0,2}?"
_LEADS_IN = r"(?:\d+[家个座所处])?[,:—-]*(?:分别|主要|包括)?[是为有]?[:(（]?"
_MOST_GATHERED = 30
_NEARLY_ALL = 0.75  # of the items of the sort asked for: then the rest belongs to the list too
_TITLED = 0.85  # gathered from several entries: less sure than a list that is written as one


def asked_count(question: Question) -> int | None:
    """How many items the question asks for, when it says.

    >>> _ASKED_COUNT.search("去了哪两家图书馆")["zh"]
    '两'
    """
    match = _ASKED_COUNT.search(question.folded)
    value = read_number((match["zh"] or match["zh2"] or match["en"]).replace("两", "二")) if match else None
    return int(value) if value is not None and 1 < value <= 40 else None


def answer_list(evidence: Evidence) -> tuple[Finding | None, Sequence[Candidate]]:
    """The best list, or the single thing asked for, or None with the candidates that were not good enough."""
    focus, count = focus_of(evidence.question), asked_count(evidence.question)
    if focus.sort == "person":  # 书法家 stands once beside a whole series of names
        focus = replace(focus, words=())
    evidence = as_planned(without_excluded(evidence))
    choice = choice_for(evidence, focus)
    written = list_candidates(evidence, choice, count)
    findings = [
        _written(evidence, choice, written, count),
        pointed(evidence, count),
        _gathered(evidence, choice, count),
    ]
    best = max((f for f in findings if f), key=lambda f: f[0], default=None)
    if best is not None:
        return best[1], best[1].candidates
    named = answer_name(evidence) if count is None else (None, ())
    return named if named[0] else (None, written[:5])


def list_candidates(evidence: Evidence, choice: Choice, count: int | None) -> list[Candidate]:
    """Every enumeration in scope, scored by the terms around and inside it, its sort and its number of items."""
    question = evidence.question

    def factors(scanned: Scan, span: Span) -> Sequence[tuple[str, float]]:
        found = _at(scanned, span)
        return (
            ("count", _count_fit(len(items_of(scanned, found, choice.focus, count)), count)),
            (
                "form",
                0.75
                if found.form == "pair" and count != 2
                else 0.85
                if found.form == "clauses" and count != len(found.items)
                else 1.0,
            ),
            ("sort", _sort_fit(scanned, found, choice.focus)),
            ("partial", 0.65 if _is_partial(scanned, found) else 1.0),
            ("figures", 0.7 if _mostly_figures(scanned, items_of(scanned, found, choice.focus, count)) else 1.0),
            ("shut out", shut_out_factor(evidence, scanned, span)),
            ("said", 0.3 if _said(question, scanned, found.items) else 1.0),
            stance_factor(question, scanned, span.start),
            period_factor(question, scanned, span.start),
            date_factor(question, scanned, span.start),
        )

    return evidence.candidates(_spans, factors, barriers=_apart)


def _spans(scanned: Scan) -> list[Span]:
    return list(dict.fromkeys(Span(e.start, e.end) for e in enumerations(scanned)))


def _apart(scanned: Scan, span: Span) -> list[Span]:
    return [s for s in _spans(scanned) if s.end <= span.start or s.start >= span.end]


def _at(scanned: Scan, span: Span) -> Enumeration:
    return next(e for e in enumerations(scanned) if (e.start, e.end) == (span.start, span.end))


def _count_fit(items: int, count: int | None) -> float:
    if count is None:
        return 1.0
    return 1.15 if items == count else 0.85 if items > count else 0.6


def _sort_fit(scanned: Scan, found: Enumeration, focus: Focus) -> float:
    """The share of items that are what is asked for; a list of another sort is no answer where the sort shows."""
    if found.form == "clauses":
        return 1.0
    if focus.sort in ("beside", "stated", "thing"):
        titled = sum(1 for i in found.items if scanned.folded[i.start] in "“《") / len(found.items)
        return 0.88 + 0.2 * titled if focus.sort == "beside" else 1.0
    if all(scanned.chunk.text[i.start].isupper() for i in found.items):  # English names seldom say what they are
        return 0.95
    share = 1.0 if _announced(scanned, found, focus) else len(fitting(scanned, found.items, focus)) / len(found.items)
    return 0.45 + 0.65 * share if share else 0.4


def _is_partial(scanned: Scan, found: Enumeration) -> bool:
    """东湖、西山等7个区镇 names two of seven."""
    told = _AND_OTHERS.match(scanned.folded, found.items[-1].end)
    return told is not None and (read_number(told[1]) or 0) > len(found.items)


def _announced(scanned: Scan, found: Enumeration, focus: Focus) -> bool:
    """What leads into a list or sums it up may say what its items are: 7家自助图书馆有:东湖、西山; 东湖、西山两区."""
    first = found.items[0].start
    lead = scanned.folded[max(scanned.sentence_at(first).start, first - _LEAD) : first]
    words = [re.escape(w) for w in focus.words if is_chinese(w)]
    if any(re.search(rf"{w}{_LEADS_IN}$", lead) for w in words):
        return True
    return any(re.compile(rf"{_SUMMED_UP}{w}").match(scanned.folded, found.items[-1].end) for w in words)


def fitting(scanned: Scan, items: Sequence[Span], focus: Focus) -> list[Span]:
    """The items that hold a thing of the sort asked for, each cut to that thing when it begins or ends with it."""
    found = []
    for item in items:
        bare = _COUNT_BEHIND.sub("", scanned.folded[item.start : item.end]) or scanned.folded[item.start : item.end]
        end = item.start + len(bare)
        things = [
            n
            for n in named_things(scanned)
            if item.start <= n.start and n.end <= end and fit_of(focus, scanned, n) >= 0.6
        ]
        if (focus.sort == "person" and things and _WHOLE_NAME.fullmatch(bare)) or (
            focus.sort == "suffix" and bare.rstrip("”》").endswith(focus.words)
        ):
            found.append(Span(item.start, end))
        elif things:
            best = max(things, key=lambda n: (n.end == item.end, fit_of(focus, scanned, n) * (n.end - n.start)))
            found.append(Span(best.start if focus.sort == "person" else item.start, best.end))
    return found


def items_of(scanned: Scan, found: Enumeration, focus: Focus, count: int | None) -> list[Span]:
    """The items, kept to the sort asked for. Asked for communities: ``惠丰社区、消防支队`` gives the first."""
    items = [i for i in found.items if scanned.folded[i.start : i.end].strip()]
    if focus.sort in ("beside", "stated", "thing") or found.form == "clauses":
        return items
    if focus.sort != "person" and len(items) == count:
        return items
    if _announced(scanned, found, focus):
        return items
    same = fitting(scanned, items, focus)
    if len(same) == len(items) or (
        len(same) > 1 and focus.sort in ("suffix", "person") and len(same) < _NEARLY_ALL * len(items)
    ):
        return same
    return items


def _mostly_figures(scanned: Scan, items: Sequence[Span]) -> bool:
    """Items that state figures, brackets aside: 讲座11场、展览9期 answers how many, not which."""
    ends = [(i.start, i.start + len(re.split("[（(]", scanned.folded[i.start : i.end])[0])) for i in items]
    return sum(1 for s, e in ends if any(s <= m.start < e for m in scanned.measures)) > len(items) / 2


def _said(question: Question, scanned: Scan, items: Sequence[Span]) -> bool:
    """A list of nothing but the question's own words."""
    return (
        sum(1 for i in items if compact(scanned.folded[i.start : i.end]).strip("“”《》") in question.folded)
        >= len(items) / 2
    )


def _written(
    evidence: Evidence, choice: Choice, found: Sequence[Candidate], count: int | None
) -> tuple[float, Finding] | None:
    if not found or found[0].coverage < _LEAST_COVERAGE or found[0].score < _LEAST_SCORE:
        return None
    best = _whole(found)
    items = items_of(best.scan, _at(best.scan, best.span), choice.focus, count)
    values = [_value(best.scan, item, evidence.question.language) for item in items]
    return best.score, _finding(evidence, values, found, sentence_text(best.scan, best.span))


def _whole(found: Sequence[Candidate]) -> Candidate:
    """The clauses that a list is only the first of, when they speak for the question nearly as well."""
    best = found[0]
    around = (
        c for c in found[1:]
        if c.scan == best.scan and c.score >= 0.75 * best.score and _at(c.scan, c.span).form == "clauses"
        and c.span.start <= best.span.start + 4 and best.span.end < c.span.end
    )  # fmt: skip
    return next(around, best)


def _value(scanned: Scan, item: Span, language: str) -> Value:
    shown = name_text(scanned.chunk.text[item.start : item.end], "item", language)
    return Value(shown, Support(scanned, scanned.lines(item.start, item.end), shown))


def _finding(evidence: Evidence, values: Sequence[Value], found: Sequence[Candidate], sentence: str) -> Finding:
    short = ("、" if evidence.question.language == "zh" else ", ").join(v.shown for v in values)
    return Finding(short, tuple(values), sentence=sentence, candidates=tuple(found[:5]))


def pointed(evidence: Evidence, count: int | None) -> tuple[float, Finding] | None:
    """The series of points whose heading and lead-in say most of what is asked."""
    question = evidence.question
    counted = _LISTS_POINTS.search(question.folded) is not None
    best: tuple[float, Sequence[tuple[Scan, Point]]] | None = None
    for run in series(_in_reading_order(evidence)):
        scanned, first = run[0]
        if (
            len(run) < 2
            or not (counted or first.mark in LINE_MARKS)
            or not inside(scanned, first.start, question.scope)
        ):
            continue
        score = (
            _series_coverage(evidence, run)
            * stance_factor(question, scanned, first.start)[1]
            * _count_fit(len(run), count)
        )
        if best is None or score > best[0]:
            best = (score, run)
    if best is None or best[0] < _LEAST_COVERAGE:
        return None
    values = [_value(s, Span(p.start, p.end), question.language) for s, p in best[1]]
    spans = [Candidate(s, Span(p.start, p.end), (), (), best[0], best[0]) for s, p in best[1]]
    return best[0], _finding(evidence, values, spans[:1], "")


def _in_reading_order(evidence: Evidence) -> list[Scan]:
    allowed = evidence.question.scope.reports
    held = [s for s in evidence.scans if allowed is None or s.chunk.report_id in allowed]
    return sorted(held, key=lambda s: (s.chunk.report_id, s.chunk.lines.start))


def _series_coverage(evidence: Evidence, run: Sequence[tuple[Scan, Point]]) -> float:
    """Words of the headings and of what leads into the first point count in full, those within the points for less."""
    scanned, first = run[0]
    chunks = [
        s
        for s in _in_reading_order(evidence)
        if s.chunk.heading == scanned.chunk.heading and s.chunk.report_id == scanned.chunk.report_id
    ]
    before = next((s for s in reversed(chunks) if s.chunk.lines.end < scanned.chunk.lines.start), None)
    lead = (
        fold(" ".join(scanned.chunk.heading))
        + "\n"
        + (before.folded[-120:] if before else "")
        + scanned.folded[: first.start]
    )
    within = "\n".join(s.folded[p.start : p.end] for s, p in run)
    votes = [max(_best_in(lead, t.alternatives), 0.7 * _best_in(within, t.alternatives)) for t in evidence.terms]
    return sum(w * v for w, v in zip(evidence.weights, votes, strict=True)) / (sum(evidence.weights) or 1.0)


def _best_in(text: str, alternatives: Sequence[tuple[str, float]]) -> float:
    return max((quality for alternative, quality in alternatives if occurrences(text, alternative)), default=0.0)


def _gathered(evidence: Evidence, choice: Choice, count: int | None) -> tuple[float, Finding] | None:
    """The like things of several entries or of one sentence, each with its own line, in reading order."""
    found = name_candidates(evidence, choice)
    if not found or found[0].coverage < 0.5 or choice.fit(found[0].scan, found[0].span) < 0.6:
        return None
    alike = _likeness(found[0], choice)
    kept: dict[str, Candidate] = {}
    for candidate in found:
        text = compact(candidate.scan.folded[candidate.span.start : candidate.span.end]).strip("“”《》")
        if (
            candidate.score >= 0.72 * found[0].score
            and alike(candidate)
            and not any(text in k or k in text for k in kept)
        ):
            kept[text] = candidate
    chosen = sorted(
        list(kept.values())[: count or _MOST_GATHERED],
        key=lambda c: (c.report_id, c.scan.chunk.lines.start, c.span.start),
    )
    if len(chosen) < (count or 2):
        return None
    values = [
        Value(shown_as(c.scan, c.span, choice.thing(c).kind, evidence.question.language), support_of(c)) for c in chosen
    ]
    score = _TITLED * sum(c.coverage * min(1.0, choice.fit(c.scan, c.span)) for c in chosen) / len(chosen)
    return score, _finding(evidence, values, found, sentence_text(found[0].scan, found[0].span))


def _likeness(best: Candidate, choice: Choice) -> Callable[[Candidate], bool]:
    """Of the kind of the best, and shown to be what is asked for when the best is."""
    kind, sure = choice.thing(best).kind, choice.fit(best.scan, best.span)

    def alike(candidate: Candidate) -> bool:
        return choice.thing(candidate).kind == kind and choice.fit(candidate.scan, candidate.span) >= 0.85 * sure

    return alike
