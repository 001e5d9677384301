"""What every figure shares: two sides measured in turns, the ratio and its spread, child servers, CPU clocks."""

import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TICK = os.sysconf("SC_CLK_TCK")
AT_LEAST, AT_MOST = "≥", "≤"


@dataclass(frozen=True)
class Figure:
    """One row of the table. `goal` is compared with the median ratio ours / other."""

    number: str
    name: str
    unit: str
    goal: float
    sense: str
    ours: Sequence[float]
    other: Sequence[float]
    remark: str = ""

    @property
    def ratios(self) -> list[float]:
        return [mine / theirs for mine, theirs in zip(self.ours, self.other, strict=True)]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def met(self) -> bool:
        return self.ratio >= self.goal if self.sense == AT_LEAST else self.ratio <= self.goal

    def row(self) -> list[str]:
        spread = f"{min(self.ratios):.2f} to {max(self.ratios):.2f} ({len(self.ratios)})"
        values = [f"{shown(statistics.median(side))} {self.unit}" for side in (self.ours, self.other)]
        goal = f"{self.sense} {self.goal:g} {'met' if self.met else 'MISSED'}"
        return [self.number, self.name, *values, f"{self.ratio:.2f}", goal, spread]


HEAD = ["#", "Figure", "Ours", "Other", "Ratio", "Goal", "Spread (runs)"]


def shown(value: float) -> str:
    """A number with three digits that matter."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def in_turns(
    ours: Callable[[], float], other: Callable[[], float], runs: int
) -> tuple[list[float], list[float]]:
    """Measure both sides in turns (ours, other, other, ours, …), after one round that does not count."""
    mine, theirs = [], []
    for run in range(runs + 1):
        first_is_ours = run % 2 == 0
        a = ours() if first_is_ours else None
        b = other()
        if a is None:
            a = ours()
        if run:
            mine.append(a)
            theirs.append(b)
    return mine, theirs


def cores() -> tuple[set[int], set[int]]:
    """Where the measured side runs, and where the one that asks does."""
    available = sorted(os.sched_getaffinity(0))
    return {available[0]}, set(available[1:]) or {available[0]}


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@dataclass(frozen=True)
class Server:
    """A started child that serves on a port."""

    pid: int
    port: int


@contextmanager
def served(*command: str, **environment: str) -> Iterator[Server]:
    """Run `python …` until it says that it is ready; pinned to the measured core."""
    measured, _ = cores()
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | environment
    with tempfile.TemporaryFile() as log:
        child = subprocess.Popen(
            [sys.executable, *command],
            env=env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, measured),
        )
        try:
            assert child.stdout is not None
            line = child.stdout.readline()
            found = re.search(r"ready on http://[^ ]*:(\d+)", line)
            if not found:
                log.seek(0)
                raise RuntimeError(f"{command} did not start: {line} {log.read().decode()[-2000:]}")
            yield Server(child.pid, int(found[1]))
        finally:
            child.kill()
            child.wait()


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [HEAD, ["---"] * len(HEAD), *(figure.row() for figure in figures)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
