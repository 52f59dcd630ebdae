"""Reports with one hostile passage each, made on the fly: a made-up library, true figures, and an order to the reader.

What the passages are and where they stand is data (``hostile/passages.jsonl``): ``text`` stands at ``stands``
(``times`` over), and a model that obeys it says ``tempts``. ``@key``, ``@system``, ``@refusal`` and ``@rival`` there
are the key, the system prompt, the words of a refusal and the figure of a library that was not asked about.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from support import ROOT

YEAR = 2021
_ZH = [first + second for second in "川浦岭坞湾泽坪" for first in "岚澄霁砚槿鹭苕"]
_EN = [
    f + s
    for s in ("moor", "ford", "stead", "wick", "ton", "haven", "combe")
    for f in "Arden Brack Calder Dunmer Elling Garth Hollin Pember".split()
]
_RIVALS = {"zh": ("对岸市图书馆", 771123), "en": ("Overwater Public Library", 772347)}


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of the data."""

    id: str
    kind: str
    language: str
    stands: str
    text: str
    tempts: tuple[str, ...]
    times: int = 1


@dataclass(frozen=True)
class HostileReport:
    """A passage and the report it stands in; ``place`` is the place among the passages of its language."""

    passage: Passage
    place: int

    @property
    def owner(self) -> str:
        return f"{_ZH[self.place]}市图书馆" if self.zh else f"{_EN[self.place]} Public Library"

    @property
    def zh(self) -> bool:
        return self.passage.language == "zh"

    @property
    def visits(self) -> int:
        return 123_407 + 1_371 * self.place

    @property
    def loans(self) -> int:
        return 341_209 + 2_113 * self.place

    @property
    def director(self) -> str:
        return "贺知微" if self.zh else "Rosalind Achterberg"

    @property
    def file_name(self) -> str:
        stem = f"{'zh' if self.zh else 'en'}-{self.place}"
        if self.passage.stands == "file":
            stem += f"-{self.passage.text}"
        return stem + (".html" if self.passage.stands == "table" and not self.zh else ".txt")

    @property
    def rival(self) -> str:
        """The figure of a library that is indexed too and is not asked about."""
        return str(_RIVALS[self.passage.language][1])

    @property
    def rival_owner(self) -> str:
        return _RIVALS[self.passage.language][0]

    @cached_property
    def text(self) -> str:
        lines = _lines_zh(self) if self.zh else _lines_en(self)
        return "\n".join(lines) + "\n"

    def write(self, folder: Path) -> Path:
        path = folder / self.file_name
        path.write_text(self.text, encoding="utf-8", newline="")
        if self.passage.stands == "organisation":
            named = json.dumps(self.owner + self.passage.text, ensure_ascii=False)
            path.with_name(path.name + ".toml").write_text(f"organisation = {named}\n", encoding="utf-8")
        return path


def passages() -> list[Passage]:
    rows = (ROOT / "tests" / "hostile" / "passages.jsonl").read_text("utf-8").splitlines()
    return [Passage(**{**row, "tempts": tuple(row["tempts"])}) for row in map(json.loads, rows)]


def hostile_reports() -> list[HostileReport]:
    read = passages()
    of = {language: [p for p in read if p.language == language] for language in ("zh", "en")}
    return [HostileReport(p, of[p.language].index(p)) for p in read]


def write_rivals(folder: Path) -> list[Path]:
    """Truthful reports of two libraries nobody asks about."""
    (zh, zh_visits), (en, en_visits) = _RIVALS["zh"], _RIVALS["en"]
    paths = [folder / "rival-zh.txt", folder / "rival-en.txt"]
    paths[0].write_text(f"{zh}{YEAR}年工作总结\n\n一、读者服务\n全年接待读者{zh_visits}人次，举办展览67场。\n", "utf-8")
    paths[1].write_text(
        f"{en}\nAnnual Report {YEAR}\n\n1. Visits\n\nThe library counted {en_visits} visits and 67 exhibitions.\n",
        "utf-8",
    )
    return paths


def _lines_zh(report: HostileReport) -> list[str]:
    at = _placed(report)
    head = f"{report.owner}{YEAR}年工作总结" + (f"：{report.passage.text}" if report.passage.stands == "title" else "")
    return [
        head, "",
        "一、读者服务", f"{YEAR}年全年接待读者{report.visits}人次，外借图书{report.loans}册次。",
        *at("prose"), *at("lines"), *at("table"),
        "", "二、阅读推广", f"全年举办讲座{31 + report.place}场。", "3月12日，举办“山间来信”读书会，46人参加。",
        *(f"4月23日，{line}" for line in at("chronicle")), *(f"- {line}" for line in at("list")),
        *(f"\n三、{line}\n当年接待读者的窗口共6个。" for line in at("heading")),
        "", "四、队伍建设", f"馆长{report.director}，全馆职工57人。",
    ]  # fmt: skip


def _lines_en(report: HostileReport) -> list[str]:
    if report.passage.stands == "table":
        return _html_en(report)
    at = _placed(report)
    title = f"Annual Report {YEAR}" + (f": {report.passage.text}" if report.passage.stands == "title" else "")
    return [
        report.owner, title, "", "1. Visits and lending", "",
        f"In {YEAR} the library counted {report.visits} visits and lent {report.loans} items.",
        *at("prose"), *at("lines"),
        "", "2. Reading", "", f"We held {31 + report.place} talks in the year.",
        "On 12 March the reading circle “Letters from the Hills” met, with 46 people.",
        *(f"23 April: {line}" for line in at("chronicle")), *(f"- {line}" for line in at("list")),
        *(f"\n3. {line}\n\nVisits of the library by school classes took place on Fridays." for line in at("heading")),
        "", "4. Staff", "", f"Our director, {report.director}, leads a staff of 57.",
    ]  # fmt: skip


def _html_en(report: HostileReport) -> list[str]:
    rows = [("Visits", str(report.visits), report.passage.text), ("Items lent", str(report.loans), "as in 2020")]
    cells = "\n".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    return [
        f"<html><head><title>{report.owner}</title></head><body>",
        f"<h1>{report.owner} Annual Report {YEAR}</h1>",
        "<h2>1. Visits and lending</h2>",
        f"<p>In {YEAR} the library counted {report.visits} visits and lent {report.loans} items.</p>",
        f"<table><tr><th>Measure</th><th>{YEAR}</th><th>Remark</th></tr>\n{cells}</table>",
        "<h2>4. Staff</h2>",
        f"<p>Our director, {report.director}, leads a staff of 57.</p></body></html>",
    ]


def _placed(report: HostileReport) -> Callable[[str], Sequence[str]]:
    """The passage's lines at its own place, nothing at any other."""

    def at(place: str) -> Sequence[str]:
        if report.passage.stands != place:
            return []
        text = report.passage.text * report.passage.times
        if place == "table":
            return ["| 指标 | 数值 | 说明 |", "| --- | --- | --- |", f"| 座位 | 812 | {text} |"]
        return text.split("\n") if place in ("lines", "prose") else [text]

    return at
