"""The pages that describe the project are held to it: the rooms of the architecture, the commands and links of all."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import click
import pytest

from qa.cli import qa

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
SHELL = re.compile(r"```(?:console|sh|)\n(.*?)```", re.DOTALL)


def _rooms() -> Counter[str]:
    """The modules named in the first cells of the tables under each package's heading: ``qa/llm/model``."""
    package, named = "", Counter[str]()
    for line in ARCHITECTURE.read_text(encoding="utf-8").partition("## The rooms")[2].splitlines():
        if line.startswith("#"):
            package = line.removeprefix("### ") if line.startswith("### ") else ""
        elif package and line.startswith("| `"):
            named.update(package + name for name in re.findall(r"`([^`]+)`", line.split("|")[1]))
    return named


def _typed(page: Path) -> list[str]:
    """What a page's shell blocks tell a reader to type."""
    blocks = SHELL.findall(page.read_text(encoding="utf-8"))
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


def test_the_architecture_names_every_module_once() -> None:
    files = [f for package in ("documents", "index", "qa", "eval") for f in (ROOT / package).rglob("*.py")]
    modules = [str(f.relative_to(ROOT).with_suffix("").as_posix()) for f in files if f.stem != "__init__"]
    assert _rooms() == Counter(modules)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_a_page_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in _typed(page):
        if command := re.match(r"(?:\.venv/bin/)?qa ([a-z]+)(.*)", line):
            assert command[1] in qa.commands, line
            known = {o for p in qa.commands[command[1]].params if isinstance(p, click.Option) for o in p.opts}
            assert set(re.findall(r"(?<= )--[a-z-]+", command[2].partition("#")[0])) <= known, line
        elif target := re.match(r"make ([a-z]+)", line):
            assert target[1] in targets, line
        elif module := re.match(r"\S*python -m ((?:eval|qa)\.[\w.]+)", line):
            assert (ROOT / (module[1].replace(".", "/") + ".py")).is_file(), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link
