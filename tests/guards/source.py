"""The house as text, for the guards: which files are ours, and how they are measured."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def functions(source: str) -> Iterator[tuple[str, int, int]]:
    """Name, first line and length in lines (without its docstring) of every function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                length -= (first.end_lineno or first.lineno) - first.lineno + 1
            yield node.name, node.lineno, length
