"""When things are due: the one place that turns a limit and a start into a due date. Pure.

Source: domain, section 4. The start day is day 0; a limit in days ends with its last day, local time; a
limit in calendar days that ends on a rest day moves to the next working day; hours are hours by the clock.
`Due.at` is in UTC and exclusive: what is due on Friday is late from the local midnight that ends Friday.
The table, pauses and extensions, and the stages have files of their own and are offered here too.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from portal.deadlines.instants import end_of, last_day, local_day
from portal.deadlines.limits import DEFAULT_LIMITS, LimitEvent, LimitRow, limit_for, limit_row
from portal.deadlines.shifts import Pause, check_extension, extend, shift_for_pauses
from portal.deadlines.stages import Milestones, Stage, milestones, stage
from portal.deadlines.values import Due, Limit, Step, StepCode, Unit
from portal.kernel.workdays import (
    ONE_DAY,
    SATURDAY,
    Calendar,
    add_workdays,
    days_after,
    unknown_years,
)

__all__ = [
    "DEFAULT_LIMITS",
    "Due",
    "Limit",
    "LimitEvent",
    "LimitRow",
    "Milestones",
    "Pause",
    "Stage",
    "Step",
    "StepCode",
    "Unit",
    "check_extension",
    "due",
    "extend",
    "fixed",
    "limit_for",
    "limit_row",
    "milestones",
    "shift_for_pauses",
    "stage",
]


def due(limit: Limit, start: datetime, calendar: Calendar, tz: tzinfo) -> Due:
    """When what began at `start` (aware) is due, and how that was found.

    A start at local midnight belongs to the day it begins, which is then day 0.
    """
    first = local_day(start, tz)
    if limit.unit == "hours":
        at = start.astimezone(UTC) + timedelta(hours=limit.amount)
        return _explained(limit, start, first, at, last_day(at, tz))
    if limit.unit == "workdays":
        day = add_workdays(calendar, first, limit.amount)
        between = tuple(_rest_days(calendar, first, day))
        years = unknown_years(calendar, first + ONE_DAY, day)
    else:
        counted = first + timedelta(days=limit.amount)
        day = calendar.next_workday(counted)
        between = (Step(StepCode.ROLL, counted, day),) if day != counted else ()
        years = unknown_years(calendar, counted, day)
    return _explained(limit, start, first, end_of(day, tz), day, between, years)


def fixed(day: date, start: datetime, tz: tzinfo) -> Due:
    """What is due at the end of a day that somebody named, rest day or not: nothing is counted."""
    at = end_of(day, tz)
    steps = (Step(StepCode.START, local_day(start, tz)), Step(StepCode.GIVEN, day), Step(StepCode.END, day))
    return Due(at, day, steps, False, at - start)


def _explained(
    limit: Limit,
    start: datetime,
    first: date,
    at: datetime,
    day: date,
    between: tuple[Step, ...] = (),
    years: tuple[int, ...] = (),
) -> Due:
    steps = (
        Step(StepCode.START, first),
        Step(StepCode.COUNT, amount=limit.amount, unit=limit.unit),
        *between,
        *(Step(StepCode.UNKNOWN_YEAR, amount=year) for year in years),
        Step(StepCode.END, day),
    )
    return Due(at, day, steps, bool(years), at - start)


def _rest_days(calendar: Calendar, first: date, last: date) -> Iterator[Step]:
    """What is not plain between two days: runs of rest days, and weekend days that are worked."""
    resting: date | None = None
    for day in days_after(first, last):
        if not calendar.is_workday(day):
            resting = resting or day
            continue
        if resting:
            yield Step(StepCode.SKIP, resting, day - ONE_DAY)
            resting = None
        if day.weekday() >= SATURDAY:
            yield Step(StepCode.MAKE_UP, day)
