"""A clock day by day, for drawing: which days it ran, stood still, were won by an extension, are left. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from portal.kernel.workdays import Calendar, days_after

Kind = Literal["run", "paused", "extended", "left", "over"]
MOST = 80
"""Longer clocks are told in words only."""


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a clock."""

    date: date
    kind: Kind


@dataclass(frozen=True, slots=True)
class Run:
    """A clock in local days: when it began, what was first given, what it is now, where it stands."""

    first: date
    due: date
    end: date
    """Today, or the day it stopped."""
    extended_from: date | None = None
    """The due day before the extension."""
    pauses: Sequence[tuple[date, date]] = ()
    """From the day after the first to the second, as the rules count them."""
    every_day: bool = False
    """Counts calendar days, rest days too."""


def day_cells(run: Run, calendar: Calendar) -> list[DayCell]:
    """The days that count after the start, to the due day or beyond it while it is late."""
    after = days_after(run.first, max(run.due, run.end))
    days = [day for day in after if run.every_day or calendar.is_workday(day)]
    if len(days) > MOST:
        return []
    return [DayCell(day, _kind(run, day)) for day in days if day <= run.due or day <= run.end]


def _kind(run: Run, day: date) -> Kind:
    if day > run.end:
        return "left"
    if any(since < day <= until for since, until in run.pauses):
        return "paused"
    if day > run.due:
        return "over"
    return "extended" if run.extended_from is not None and day > run.extended_from else "run"


def used(cells: Sequence[DayCell]) -> int:
    """How many days it ran."""
    return sum(cell.kind in ("run", "extended", "over") for cell in cells)
