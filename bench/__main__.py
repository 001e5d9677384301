"""`python -m bench [7 …] [--runs 3]`: run the figures and print the table; exit code 1 when a goal is missed."""

import argparse
import platform
import sqlite3
import sys
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version

from bench.harness import Figure, table

FIGURES = {"6": "bench.figure06", "7": "bench.figure07", "8": "bench.figure08", "10": "bench.figure10"}
LIBRARIES = ("Flask", "SQLAlchemy", "gevent", "Jinja2", "brotli")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Figures as ratios.")
    parser.add_argument("figure", nargs="*", choices=[[], *FIGURES], help="which ones; all by default")
    parser.add_argument("--runs", type=int, default=5, help="rounds of both sides (at least 3)")
    arguments = parser.parse_args()
    found: list[Figure] = []
    print(surroundings(), flush=True)
    for number in arguments.figure or FIGURES:
        for figure in import_module(FIGURES[number]).figures(max(arguments.runs, 3)):
            found.append(figure)
            print("  ".join(figure.row()), file=sys.stderr, flush=True)
    print(table(found))
    for figure in found:
        if figure.remark:
            print(f"\n{figure.number}: {figure.remark}")
    return 0 if all(figure.met for figure in found) else 1


def surroundings() -> str:
    """Date and versions, for the record."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{libraries}, {platform.system()} {platform.machine()}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
