"""The shape of the house as tests: who may import whom, what stays light, who reads the environment."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("documents", "index", "qa", "eval")
MAY_IMPORT = {
    "documents": {"documents"},
    "index": {"documents", "index"},
    "qa": {"documents", "index", "qa"},
    "eval": {"documents", "index", "qa", "eval"},
    "app": {"documents", "index", "qa", "eval"},
}
# The commands may open any door, and then only inside a function.
COMPOSITION_ROOT = "qa.commands."
HEAVY = {
    "chromadb",
    "gradio",
    "langchain_core",
    "llama_index",
    "model2vec",
    "sentence_transformers",
    "tantivy",
    "torch",
    "transformers",
}
# Scripts run by hand, whose classes extend torch's own; nothing else may import them.
SCRIPTS = "index.training"
# For users of those libraries, whose classes they extend; nothing else may import them.
SHIMS = {"qa.llamaindex", "qa.langchain"}
ONLY_IN = {"tantivy": "index.keyword", "chromadb": "index.vectors"}


class Import(NamedTuple):
    """``target`` is the dotted module; ``at_import`` whether it runs when the file is imported; ``plain`` for
    ``import x`` as against ``from x import y``."""

    target: str
    line: int
    at_import: bool
    plain: bool

    @property
    def top(self) -> str:
        return self.target.partition(".")[0]


@cache
def sources() -> dict[str, Path]:
    """Our modules by dotted name; a package goes by its own name."""
    files = [f for p in PACKAGES for f in (ROOT / p).rglob("*.py")] + [f for f in [ROOT / "app.py"] if f.exists()]
    return {".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): f for f in files}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(sources()[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> tuple[Import, ...]:
    return tuple(_imports(tree(module), module, at_import=True))


def _imports(node: ast.AST, module: str, at_import: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, at_import, True) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield from (Import(target, child.lineno, at_import, False) for target in _targets(child, module))
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            yield from _imports(ast.Module(child.orelse, []), module, at_import)
        elif isinstance(child, ast.If) and "'__main__'" in ast.unparse(child.test):
            continue  # what a script does when it is run, it does for nobody who imports it
        else:
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, module, at_import and not function)


def _targets(node: ast.ImportFrom, module: str) -> Iterator[str]:
    """``from index import tokens`` is an import of ``index.tokens``, ``from index import Index`` one of ``index``."""
    base = node.module or ""
    if node.level:
        inside = module.split(".") if sources()[module].name == "__init__.py" else module.split(".")[:-1]
        base = ".".join(inside[: len(inside) - node.level + 1] + ([base] if base else []))
    yield from {full if (full := f"{base}.{alias.name}") in sources() else base for alias in node.names}


def told(module: str, found: Import) -> str:
    return f"{sources()[module].relative_to(ROOT)}:{found.line} imports {found.target}"


def test_imports_run_one_way() -> None:
    ours = {*PACKAGES, "app"}
    wrong = [
        told(module, found)
        for module in sources()
        for found in imports(module)
        if found.top in ours - MAY_IMPORT[module.partition(".")[0]]
        and not (module.startswith(COMPOSITION_ROOT) and not found.at_import)
    ]
    assert wrong == []


def test_no_module_is_imported_in_a_circle() -> None:
    # Imports inside functions count too: a circle that only closes at run time is still a circle.
    graph = {m: {f.target for f in imports(m) if f.target in sources()} for m in sources()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))


@pytest.mark.parametrize(("library", "room"), ONLY_IN.items())
def test_each_engine_is_known_to_one_file(library: str, room: str) -> None:
    wrong = [told(m, f) for m in sources() for f in imports(m) if f.top == library and m != room]
    assert wrong == []


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    wrong = [
        told(module, found)
        for module in sources()
        for found in imports(module)
        if found.at_import and found.top in HEAVY and ONLY_IN.get(found.top) != module
        if module != "app" and module not in SHIMS and not module.startswith(SCRIPTS)
    ]
    assert wrong == []


def test_nothing_depends_on_the_training_scripts_or_the_shims() -> None:
    wrong = [
        told(module, found)
        for module in sources()
        for found in imports(module)
        if found.target in SHIMS or (found.target.startswith(SCRIPTS) and not module.startswith(SCRIPTS))
    ]
    assert wrong == []


@pytest.mark.parametrize("package", [*PACKAGES, "qa.cli"])
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    code = f"import importlib, sys; importlib.import_module({package!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stdout.split()) == set()


def test_the_builtin_eval_is_never_shadowed() -> None:
    files = [*sources().values(), *(ROOT / "tests").glob("*.py")]
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import)
        and any(alias.name.partition(".")[0] == "eval" and alias.asname is None for alias in node.names)
    ]
    assert wrong == []


def test_only_the_settings_read_the_environment() -> None:
    wrong = [f"{module}:{line}" for module in sources() if module != "qa.settings" for line in _reads(tree(module))]
    assert wrong == []


def _reads(module: ast.Module) -> Iterator[int]:
    """Lines that look into the environment; setting a variable for a library (``os.environ[…] = …``) is no reading."""
    written = {id(part) for node in ast.walk(module) for part in _written(node)}
    names = {"environ", "environb", "getenv", "getenvb"}
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            if node.attr in names and ast.unparse(node.value) == "os" and id(node) not in written:
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "os" and names & {a.name for a in node.names}:
            yield node.lineno


def _written(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        yield node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setdefault":
        yield node.func.value


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_are_listed_and_exist(package: str) -> None:
    module = importlib.import_module(package)
    names = module.__all__
    assert names
    assert len(set(names)) == len(names)
    assert [name for name in names if not hasattr(module, name)] == []
