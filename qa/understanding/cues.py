"""The wording of questions and reports, kept as data: ``data/cues.txt`` holds the turns of phrase, one a line.

Patterns that name what a question asks for are read by people who know the languages, not only by programmers; so they
stand in a file of their own, each under the name the code knows it by.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from index.tokens import stem


def data_lines(name: str) -> list[str]:
    """The lines of a file in ``qa/data`` that are neither blank nor comments."""
    text = (files("qa") / "data" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def _sections(name: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in data_lines(name):
        heading = re.fullmatch(r"\[([a-z ]+)\]", line)
        if heading:
            current = sections.setdefault(heading[1], [])
        else:
            current.append(line)
    return sections


@cache
def cue(name: str) -> re.Pattern[str]:
    """The pattern of a section: any of its lines. Raises ``KeyError`` for a section that is not there."""
    lines = [line for file in ("cues.txt", "figures.txt") for line in _sections(file).get(name, ())]
    if not lines:
        raise KeyError(name)
    return re.compile("|".join(lines))


def phrases(file: str, section: str) -> str:
    """The turns of phrase of a section of another file as alternatives of a pattern. Raises ``KeyError``."""
    return f"(?:{'|'.join(_sections(file)[section])})"


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of a file, parted by blanks."""
    return frozenset(word for line in data_lines(name) for word in line.split())


@cache
def nouns(language: str) -> dict[str, list[str]]:
    """Noun (English by its stem) → classes of unit it is counted in, the usual one first, from ``nouns.tsv``."""
    key = stem if language == "en" else str
    rows = [row for row in _noun_rows() if row[0].startswith(language)]
    return {key(noun): kinds.split("|") for _, names, kinds in rows for noun in names.split("|")}


@cache
def common_nouns(language: str) -> frozenset[str]:
    """The nouns (English by their stems) on which a report's silence tells little."""
    key = stem if language == "en" else str
    return frozenset(
        key(noun) for of, names, _ in _noun_rows() if of == f"{language} common" for noun in names.split("|")
    )


def _noun_rows() -> list[list[str]]:
    return [line.split("\t") for line in data_lines("nouns.tsv")]
