"""Imports run downwards only; the contracts stand in pyproject.toml (docs: house, section 4)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards.source import ROOT

PLANTED = (
    ("portal/kernel/clock.py", "import portal.cases.models", "Floors"),
    ("portal/cases/models.py", "import sessions", "Floors"),
    ("portal/identity/queries.py", "import flask", "know no web"),
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ]
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(
        [*command, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120, env=environment
    )


def test_the_floors_hold() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-500:]


@pytest.mark.slow
def test_the_guard_sees_planted_imports(tmp_path: Path) -> None:
    for name in ("portal", "sessions"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line, contract in PLANTED:
        target = tmp_path / file
        whole = target.read_text()
        target.write_text(f"{whole}\n{line}\n")
        answer = lint(tmp_path)
        target.write_text(whole)
        assert answer.returncode == 1, f"{line} in {file} went unseen"
        assert any(contract in row and "BROKEN" in row for row in answer.stdout.splitlines()), answer.stdout
