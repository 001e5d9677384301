"""A clock day by day: what each day was, as it is drawn."""

from datetime import date

import pytest

from portal.deadlines.days import MOST, Run, day_cells, used
from portal.kernel.workdays import default_calendar

CALENDAR = default_calendar()


def june(day: int) -> date:
    return date(2026, 6, day)


@pytest.mark.parametrize(
    ("run", "kinds", "ran"),
    [
        # Monday to Friday; Friday the 19th is a holiday and is no cell.
        (Run(june(15), june(22), june(17)), "run run left left", 2),
        (Run(june(15), june(17), june(22)), "run run over over", 4),
        (Run(june(15), june(22), june(22), pauses=((june(16), june(18)),)), "run paused paused run", 2),
        (Run(june(15), june(22), june(22), extended_from=june(17)), "run run extended extended", 4),
        (Run(june(18), june(21), june(20), every_day=True), "run run left", 2),
        (Run(june(15), june(15), june(15)), "", 0),
    ],
)
def test_each_day_is_told_by_what_the_clock_did(run: Run, kinds: str, ran: int) -> None:
    cells = day_cells(run, CALENDAR)
    assert " ".join(cell.kind for cell in cells) == kinds
    assert used(cells) == ran


def test_a_clock_of_many_days_is_not_drawn() -> None:
    assert day_cells(Run(date(2025, 1, 1), date(2026, 1, 1), date(2026, 1, 1)), CALENDAR) == []
    assert MOST < 100
