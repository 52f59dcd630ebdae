"""What each package offers: few names, all of them real, each told about in a docstring, cheap to import."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

PACKAGES = ("documents", "index", "qa", "eval")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_offers_a_handful_of_sorted_names(package: str) -> None:
    names = importlib.import_module(package).__all__
    assert 3 <= len(names) <= 8
    assert sorted(names) == list(names)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_is_there_and_says_what_it_is(package: str) -> None:
    module = importlib.import_module(package)
    assert [name for name in module.__all__ if not inspect.getdoc(getattr(module, name))] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_whatever_a_package_imports_for_others_it_lists(package: str) -> None:
    tree = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))
    aliases = [alias for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    offered = {alias.asname or alias.name for alias in aliases} - {"TYPE_CHECKING", "annotations"}
    assert offered == set(importlib.import_module(package).__all__)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_that_is_not_there_is_an_attribute_error(package: str) -> None:
    assert not hasattr(importlib.import_module(package), "nonsense")


@pytest.mark.parametrize("module", ["documents", "index", "qa", "qa.cli"])
def test_importing_a_package_does_without_numpy(module: str) -> None:
    code = f"import sys, {module}; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_every_module_says_why_it_is_there() -> None:
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    silent = [str(file.relative_to(ROOT)) for file in files if not told(file)]
    assert silent == []


def told(file: Path) -> bool:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return not tree.body or bool(ast.get_docstring(tree))
