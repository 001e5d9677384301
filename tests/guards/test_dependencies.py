"""What the code imports stands in pyproject.toml: a bare machine has nothing else."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.guards.source import ROOT, python_files

OURS = {"portal", "sessions", "tests", "bench", "docs"}
# Of the standard library's type stubs only.
NOT_INSTALLED = {"_typeshed"}


def imported(paths: Iterable[Path]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - OURS - NOT_INSTALLED - set(sys.stdlib_module_names)


def declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [
        *project["dependencies"],
        *(line for extra in extras for line in project["optional-dependencies"][extra]),
    ]
    return {_plain(re.split(r"[\[<>=~! ]", line)[0]) for line in lines}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def undeclared(modules: set[str], *extras: str) -> set[str]:
    # What comes only through another package may go with it: each import is declared by its own name.
    through = {"markupsafe", "jinja2", "itsdangerous", "click"}  # Flask's own face
    known = packages_distributions()
    return {
        module
        for module in modules - through
        if not {_plain(name) for name in known.get(module, [module])} & declared(*extras)
    }


def test_what_the_portal_imports_is_a_dependency() -> None:
    assert not undeclared(imported(python_files("portal", "sessions")), "grown")


def test_the_guard_sees_an_import_nobody_declared() -> None:
    assert undeclared({"pluggy"}) == {"pluggy"}
