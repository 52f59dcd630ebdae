"""An evaluation as HTML: the table, a plot of accuracy by type and language, the misses, the change since the last run.

The page knows no evaluation code, which stands above it: whoever builds the page hands in the sets and a way to run
one. These values are what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.page.marks import button, squeezed, text
from qa.page.texts import KEYS, say

PALETTE = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Score:
    """Right answers of questions asked, in one group."""

    right: int
    asked: int

    @property
    def share(self) -> float:
        return self.right / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a report that an answer cited."""

    report_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Miss:
    """A question answered wrongly: what was asked, wanted and said, and the lines it was said on."""

    id: str
    type: str
    question: str
    wanted: str
    said: str
    evidence: tuple[str, ...]
    cited: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A finished run. ``scores`` are by (type, language); shares are in 0..1 and None where nothing was judged."""

    total: Score
    scores: dict[tuple[str, str], Score]
    citations: float | None
    wrong_scope: int
    abstained: int
    median_ms: float | None
    misses: tuple[Miss, ...]
    fixed: tuple[str, ...] | None = None  # None: the first run of this set
    broken: tuple[str, ...] = ()
    not_indexed: tuple[str, ...] = ()  # file names of reports that were asked about


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run has come; the last step carries the result."""

    done: int
    all: int
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class Evaluations:
    """What the page needs of the evaluation: question sets by name, and a way to run one, step by step.

    ``run`` raises ``InvalidQuestionFile`` before its first step.
    """

    sets: dict[str, Path]
    run: Callable[[Path], Iterator[Step]]


def progress(step: Step, language: str) -> str:
    share = step.done / step.all if step.all else 0
    return (
        f'<div class="run"><p>{say("running", language, n=step.done, all=step.all)}</p>'
        f'<div class="bar" role="progressbar" aria-valuenow="{share:.0%}"><i style="width:{share:.1%}"></i></div></div>'
    )


def result(found: Result, language: str) -> str:
    lacking = say("not_indexed", language, names=", ".join(found.not_indexed[:8]))
    notice = f'<p class="notice">{text(lacking)}</p>' if found.not_indexed else ""
    return (
        f'<div class="result">{notice}{_figures(found, language)}{_change(found, language)}'
        f"<h3>{say('by_type', language)}</h3>{_plot(found, language)}"
        f"<h3>{say('misses', language)} <small>{len(found.misses)}</small></h3>{_misses(found.misses, language)}</div>"
    )


def _figures(found: Result, language: str) -> str:
    figures = [
        (say("accuracy", language), f"{found.total.share:.1%}", f"{found.total.right}/{found.total.asked}"),
        (say("citations", language), "–" if found.citations is None else f"{found.citations:.1%}", ""),
        (say("wrong_scope", language), str(found.wrong_scope), ""),
        (say("abstained", language), str(found.abstained), ""),
        (say("median", language), "–" if found.median_ms is None else f"{found.median_ms:.0f} ms", ""),
    ]
    cells = "".join(
        f"<div><dt>{text(name)}</dt><dd>{text(value)} <small>{text(of)}</small></dd></div>"
        for name, value, of in figures
    )
    return f'<dl class="figures">{cells}</dl>'


def _change(found: Result, language: str) -> str:
    if found.fixed is None:
        return f'<p class="change">{say("first_run", language)}</p>'
    fixed = (
        f'<span class="fixed" title="{text(", ".join(found.fixed))}">'
        f"{say('fixed', language, n=len(found.fixed))}</span>"
    )
    broken = (
        f'<span class="broken" title="{text(", ".join(found.broken))}">'
        f"{say('broken', language, n=len(found.broken))}</span>"
    )
    return f'<p class="change"><span class="label">{say("against_last", language)}</span>{fixed}{broken}</p>'


def _plot(found: Result, language: str) -> str:
    """Bars of accuracy, one a language, for each type of question; the figures stand beside them."""
    types = list(dict.fromkeys(type_ for type_, _ in found.scores))
    rows = "".join(_plot_row(type_, found.scores, language) for type_ in types)
    key = "".join(f'<span class="key {lang}">{name}</span>' for lang, name in (("zh", "中文"), ("en", "English")))
    return f'<div class="plot"><p class="keys">{key}</p>{rows}</div>'


def _plot_row(type_: str, scores: dict[tuple[str, str], Score], language: str) -> str:
    bars = ""
    for lang in PALETTE:
        if score := scores.get((type_, lang)):
            bars += (
                f'<span class="bar {lang}"><i style="width:{score.share:.1%}"></i><em>'
                f"{score.right}/{score.asked}</em></span>"
            )
    return f'<div class="plot-row"><span class="name">{text(_type(type_, language))}</span><div>{bars}</div></div>'


def _type(name: str, language: str) -> str:
    """A type of question in words; a file may bring types of its own."""
    return say(f"type_{name}", language) if f"type_{name}" in KEYS else name


def _misses(misses: Sequence[Miss], language: str) -> str:
    if not misses:
        return f'<p class="notice">{say("no_misses", language)}</p>'
    return f'<div class="misses">{"".join(_miss(miss, language) for miss in misses)}</div>'


def _miss(miss: Miss, language: str) -> str:
    lines = "".join(
        button("open", f"{p.report_id} {p.start}–{p.end}", kind="chip", report=p.report_id, line=p.start, last=p.end)
        for p in miss.cited
    )
    evidence = "".join(f"<q>{text(squeezed(snippet))}</q>" for snippet in miss.evidence)
    return (
        f'<article class="miss"><p class="question">{text(miss.question)} <small>'
        f"{text(_type(miss.type, language))} · {text(miss.id)}</small></p><dl>"
        f"<dt>{say('wanted', language)}</dt><dd class='good'>{text(miss.wanted or say('abstain', language))}</dd>"
        f"<dt>{say('said', language)}</dt><dd>{text(miss.said[:300])} {lines}</dd>"
        + (f"<dt>{say('evidence', language)}</dt><dd>{evidence}</dd>" if evidence else "")
        + "</dl></article>"
    )
