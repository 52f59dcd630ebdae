"""`python -m eval.robustness QUESTIONS OUT`: the same questions as other people would put them, and what that costs.

A question set has one wording for each question, and a program can be built around it without anybody meaning to. So
each question is said again by rules: other words, another order, fewer words, a slip of the keyboard, traditional
characters, without the year or the library where the fact can be only one. The answers stay what they were. Everything
follows from the seed, so two runs make the same file.

A rule that cannot be sure leaves the question alone: quoted titles and names of organisations are never changed, a
year is dropped only where it is the one year that the reports tell of, a library only where another word of the
question occurs in its report and in no other.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import click

from documents import pinyin
from documents.dates import MONTHS_EN, find_dates
from documents.errors import ReportQAError
from documents.folding import fold
from documents.report import Report, Stance
from eval.questions import Question, load_questions
from eval.runner import Outcome, run
from index.lexicon import DATA
from index.tokens import is_chinese, words
from qa.assistant import Assistant
from qa.match import sounding_like
from qa.measures import units

SEED = 7
_QUOTED = re.compile(r"《[^》]*》|“[^”]*”|\"[^\"]*\"|「[^」]*」|'[^']{3,}'|[(（][^()（）]*[)）]")
_ASKING = re.compile(r"多少|几|什么|哪|谁|何|啥|吗|是|年|月|日|号|\d")
_DROPPED_ZH = ("请问", "一共", "总共", "全年", "大概", "的", "了", "？", "?")
_DROPPED_EN = re.compile(r"\b(?:the|a|an|its|did|does|were|was)\s+", re.IGNORECASE)
_KEPT_EN = frozenset("which where when whose there their about these those many much what while".split())
_YEAR_ZH = re.compile(r"在?(?:19|20)\d{2}\s*年(?:度|全年|里|中)?(?!\s*\d)")
_YEAR_EN = re.compile(r",? ?\b(?:in|during|for|of|over)? ?(?:19|20)\d{2}(?:['’]s)?\b")
_WHEN_EN = rf"(?:(?:{'|'.join(MONTHS_EN)})(?: (?:19|20)\d{{2}})?|(?:19|20)\d{{2}})"
_LEADING_EN = re.compile(rf"^In ({_WHEN_EN}),? (.+?)\?*$")
_TRAILING_EN = re.compile(rf"^([A-Z].+?) in ({_WHEN_EN})\?*$")
_AFTER_DATE_ZH = re.compile(r"\s*(?:年?度|份|里)*")
_OWNER_EN = re.compile(r"\b(?:at|in|of|for|by|from) (?:the )?$", re.IGNORECASE)
# English words for one another in questions; Chinese ones come from the project's own table.
_SAME_EN = tuple(
    group.split("|")
    for group in (
        "how many|what number of", "held|organised|put on", "lent|loaned", "bought|purchased", "received|got",
        "opened|launched", "took part|participated", "staff|employees", "talk|lecture", "contest|competition",
        "prize|award", "children|kids", "books|volumes", "visitors|visits", "roughly|approximately|about",
        "newly added|new", "started|began", "called|named", "library card|reader card", "who gave|who delivered",
        "set up|established", "took place|happened", "came to|attended", "in total|altogether", "donated|gave",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what a rule must know: where organisations are named, and the texts of all reports, folded.

    ``year`` is the one year that the question's reports tell of, or None.
    """

    question: Question
    mentions: tuple[tuple[int, int], ...]
    texts: Mapping[str, str]
    year: int | None

    @property
    def text(self) -> str:
        return self.question.question

    @property
    def chinese(self) -> bool:
        return self.question.lang == "zh"

    def fixed(self) -> list[tuple[int, int]]:
        """Spans that no rule may touch: quotations and names of organisations."""
        return [*self.mentions, *(m.span() for m in _QUOTED.finditer(self.text))]

    def free(self, start: int, end: int) -> bool:
        return not any(s < end and start < e for s, e in self.fixed())


Rule = Callable[[Asked, random.Random], str | None]


def synonyms(asked: Asked, chance: random.Random) -> str | None:
    """One word for another: from the table of synonyms, or of English question words."""
    found = list(_exchanges(asked))
    if not found:
        return None
    start, end, others = chance.choice(found)
    other = chance.choice(others)
    return asked.text[:start] + (other.capitalize() if asked.text[start].isupper() else other) + asked.text[end:]


def _exchanges(asked: Asked) -> Iterator[tuple[int, int, list[str]]]:
    folded = fold(asked.text)
    if asked.chinese:
        for token, start, end in words(folded):
            others = [w for w in _groups().get(token, ()) if w not in folded and token not in w]
            if others and len(token) > 1 and asked.free(start, end):
                yield start, end, others
        return
    for group in _SAME_EN:
        for word in group:
            for match in re.finditer(rf"\b{word}\b", folded):
                if asked.free(*match.span()):
                    yield *match.span(), [w for w in group if w != word]


@cache
def _groups() -> Mapping[str, tuple[str, ...]]:
    """For each Chinese word the words of its group, units left out: 册 and 册次 are not the same to a librarian."""
    groups: dict[str, tuple[str, ...]] = {}
    for line in (DATA / "synonyms.tsv").read_text("utf-8").splitlines():
        members = [] if line.startswith("#") else [m for m in line.split("\t") if is_chinese(m) and m not in units()]
        for member in members:
            groups[member] = (*groups.get(member, ()), *(m for m in members if m != member and len(m) > 1))
    return groups


def order(asked: Asked, chance: random.Random) -> str | None:
    """The year or month moved: to the front, or from there behind the organisation (Chinese) or to the end."""
    if asked.chinese:
        return _order_zh(asked)
    if match := _LEADING_EN.match(asked.text):
        return f"{match[2][:1].upper()}{match[2][1:]} in {match[1]}?"
    match = _TRAILING_EN.match(asked.text)
    return f"In {match[2]}, {match[1][:1].lower()}{match[1][1:]}?" if match else None


def _order_zh(asked: Asked) -> str | None:
    text = asked.text
    dates = [d for d in find_dates(fold(text)) if d.first.day is None and asked.free(d.start, d.end)]
    if not dates or not asked.mentions:
        return None
    first, (start, end) = dates[0].start, asked.mentions[0]
    after = _AFTER_DATE_ZH.match(text, dates[0].end)
    last = after.end() if after else dates[0].end
    if first == 0 and start == last:
        return text[start:end] + text[:last] + text[end:]
    return text[first:last] + text[:first] + text[last:] if first == end else None


def dropped(asked: Asked, chance: random.Random) -> str | None:
    """Without the small words: as one types into a search field."""
    if asked.chinese:
        shorter = asked.text
        for word in _DROPPED_ZH:
            shorter = shorter.replace(word, "") if not _within_fixed(asked, word) else shorter
    else:
        shorter = _DROPPED_EN.sub("", asked.text).rstrip("?")
    return shorter if shorter != asked.text else None


def _within_fixed(asked: Asked, word: str) -> bool:
    return any(word in asked.text[start:end] for start, end in asked.fixed())


def typo(asked: Asked, chance: random.Random) -> str | None:
    """One slip: a character that sounds the same, or two neighbouring letters swapped."""
    text = asked.text
    if not asked.chinese:
        longer = [m for m in re.finditer(r"\b[a-z]{5,}\b", text) if m[0] not in _KEPT_EN and asked.free(*m.span())]
        places = [m.start() + n for m in longer for n in range(1, len(m[0]) - 2) if m[0][n] != m[0][n + 1]]
        at = chance.choice(places) if places else None
        return None if at is None else text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    tokens = [(s, e) for token, s, e in words(fold(text)) if e - s > 1 and is_chinese(token) and asked.free(s, e)]
    places = [at for s, e in tokens if not _ASKING.search(text[s:e]) for at in range(s, e) if _homophones(text[at])]
    if not places:
        return None
    at = chance.choice(places)
    return text[:at] + chance.choice(_homophones(text[at])) + text[at + 1 :]


@cache
def _homophones(character: str) -> tuple[str, ...]:
    """Common characters (those of the project's own tables) with the same reading, the tone left aside."""
    return tuple(c for c in _common().get(_reading(character), ()) if c != character)


@cache
def _common() -> Mapping[str, tuple[str, ...]]:
    table = "".join((DATA / name).read_text("utf-8") for name in ("synonyms.tsv", "glossary.tsv"))
    by_reading: dict[str, list[str]] = defaultdict(list)
    for character in sorted({c for c in table if is_chinese(c)}):
        by_reading[_reading(character)].append(character)
    return {reading: tuple(found) for reading, found in by_reading.items()}


def _reading(character: str) -> str:
    return "".join(pinyin.syllables(character))


def traditional(asked: Asked, chance: random.Random) -> str | None:
    """In traditional characters."""
    if not asked.chinese:
        return None
    from opencc import OpenCC

    return str(OpenCC("s2t").convert(asked.text))


def no_year(asked: Asked, chance: random.Random) -> str | None:
    """Without the year, where it is the one that the reports tell of."""
    named = set(re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", asked.text))
    if asked.question.type == "unanswerable" or named != {str(asked.year)}:
        return None
    shorter = (_YEAR_ZH if asked.chinese else _YEAR_EN).sub("", asked.text, count=1).strip(" ，,的")
    return shorter[:1].upper() + shorter[1:] if shorter != asked.text else None


def no_library(asked: Asked, chance: random.Random) -> str | None:
    """Without the library, where another word of the question is found in its report and in no other."""
    if len(asked.mentions) != 1 or len(asked.question.reports) != 1 or asked.question.type == "unanswerable":
        return None
    start, end = asked.mentions[0]
    before, after = asked.text[:start], asked.text[end:]
    if not any(_only_in(word, asked) for word in _telling(before + " " + after)):
        return None
    if asked.chinese:
        return (before + after).strip("，, 在的") or None
    before = _OWNER_EN.sub("", before)
    named = "" if before != asked.text[:start] else "the library's" if asked.text[:end].endswith("s") else "the library"
    return re.sub(r"\s+([?,])", r"\1", re.sub(r"\s{2,}", " ", f"{before}{named}{after}")).strip()


def _telling(text: str) -> Iterator[str]:
    yield from (m[0].strip("《》“”\"「」'()（）") for m in _QUOTED.finditer(text))
    yield from (token for token, _, _ in words(fold(_QUOTED.sub(" ", text))) if len(token) > 2 and is_chinese(token))
    yield from re.findall(r"(?<!^)\b[A-Z][a-z]{4,}\b", text)


def _only_in(word: str, asked: Asked) -> bool:
    folded = fold(word)
    holding = {
        name
        for name, text in asked.texts.items()
        if folded in text or (folded.isascii() and folded.isalpha() and sounding_like(text, folded))
    }
    return holding == set(asked.question.reports)


RULES: Mapping[str, Rule] = {
    rule.__name__.replace("_", "-"): rule for rule in (synonyms, order, dropped, typo, traditional, no_year, no_library)
}


def variants(asked: Asked, seed: int = SEED) -> Iterator[tuple[str, Question]]:
    """(rule, question) for every rule that has something to change; the ids are ``id~rule``."""
    for name, rule in RULES.items():
        said = rule(asked, random.Random(f"{seed}:{asked.question.id}:{name}"))
        if said and said != asked.text:
            id_, note = f"{asked.question.id}~{name}", f"{name}; was: {asked.text}"
            yield name, replace(asked.question, id=id_, question=said, note=note)


def understood(questions: Sequence[Question], assistant: Assistant) -> list[Asked]:
    """The questions with what an index knows of the organisations they name."""
    reports = {Path(r.source).name: assistant.report(r.id) for r in assistant.reports()}
    texts = {name: fold("".join(line.text for line in report.lines)) for name, report in reports.items()}
    years = {name: _told_of(report) for name, report in reports.items()}

    def one(question: Question) -> Asked:
        mentions = tuple((m.start, m.end) for m in assistant.understand(question.question).mentions)
        told = frozenset[int]().union(*(years.get(name, ()) for name in question.reports))
        return Asked(question, mentions, texts, next(iter(told)) if len(told) == 1 else None)

    return [one(question) for question in questions]


def _told_of(report: Report) -> frozenset[int]:
    """The years a report tells of as done; plans do not count."""
    told = {s.period.year for s in report.sections if s.period and s.stance is Stance.ACHIEVED}
    return frozenset(told or ({report.year} if report.year else ()))


@dataclass(frozen=True, slots=True)
class Loss:
    """How one rule went: of ``questions`` said again, how many were right as they stood (``before``) and after."""

    rule: str
    questions: int
    before: int
    after: int

    @property
    def points(self) -> float:
        """Percentage points lost; negative where the new wording did better."""
        return 100 * (self.before - self.after) / self.questions if self.questions else 0.0


def losses(before: Iterable[Outcome], after: Iterable[Outcome]) -> tuple[Loss, ...]:
    """By rule, and under ``all`` for all together; outcomes are matched by the id before the ``~``."""
    right = {outcome.id: outcome.right for outcome in before}
    by_rule: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for outcome in after:
        id_, _, rule = outcome.id.partition("~")
        for name in (rule, "all"):
            by_rule[name].append((right[id_], outcome.right))
    named = [name for name in (*RULES, "all") if name in by_rule]
    return tuple(Loss(n, len(by_rule[n]), *(sum(column) for column in zip(*by_rule[n], strict=True))) for n in named)


def write(questions: Iterable[Question], path: Path) -> None:
    """A question file of the usual form. Raises OSError."""
    lines = []
    for question in questions:
        record = asdict(question)
        record["report"] = record.pop("reports")
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    path.write_text("".join(lines), encoding="utf-8")


@contextmanager
def _assistant(folder: Path) -> Iterator[Assistant]:
    """An assistant over a folder of reports, indexed in a home that goes when it is done."""
    from tempfile import TemporaryDirectory

    from index.embedding import load_embedder
    from index.lexicon import Lexicon
    from index.store import Index
    from qa.ingest import find_files, ingest

    with (
        TemporaryDirectory(prefix="qa-robustness-") as home,
        Index.open(Path(home), load_embedder("builtin"), create=True, lexicon=Lexicon.load()) as index,
    ):
        ingest(index, find_files([folder]))
        yield Assistant(index)


@click.command(epilog="Example: python -m eval.robustness eval/sets/samples.jsonl robust.jsonl")
@click.argument("questions", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--reports", type=click.Path(path_type=Path, exists=True), help="Their folder (default: the samples).")
@click.option("--seed", default=SEED, show_default=True, help="Another number gives other variants.")
@click.option("--write-only", is_flag=True, help="Write the variants and measure nothing.")
def main(questions: Path, out: Path, reports: Path | None, seed: int, write_only: bool) -> None:
    """Say every question again by rules, write that to OUT, and measure what the other wording costs."""
    from qa.ingest import sample_files
    from qa.scoring import lines_reader

    try:
        asked = load_questions(questions)
        with _assistant(reports or sample_files()[0].parent) as assistant:
            said = [variant for one in understood(asked, assistant) for _, variant in variants(one, seed)]
            write(said, out)
            click.echo(f"{len(said)} variants of {len(asked)} questions: {out}", err=True)
            if write_only:
                return
            runs = [run(part, lambda q: assistant.ask(q).to_dict(), lines_reader(assistant)) for part in (asked, said)]
    except ReportQAError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{'rule':12} {'asked':>6} {'before':>7} {'after':>7} {'lost':>6}")
    for loss in losses(runs[0].outcomes, runs[1].outcomes):
        share = [f"{100 * n / loss.questions:.1f}%" for n in (loss.before, loss.after)]
        click.echo(f"{loss.rule:12} {loss.questions:6} {share[0]:>7} {share[1]:>7} {loss.points:6.1f}")


if __name__ == "__main__":
    main()
