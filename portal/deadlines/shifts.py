"""How a due date moves after it was given: by pauses, which give time back, and by one extension.

Source: domain, section 4. A date that is given stays frozen otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from portal.deadlines.instants import end_of, last_day, local_day
from portal.deadlines.values import Due, Limit, Step, StepCode
from portal.kernel.errors import Invalid, Refused
from portal.kernel.workdays import Calendar, add_workdays, unknown_years, workdays_between


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock stood still; `until` is exclusive and aware like `since`."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise Invalid("pause_ends_before_it_begins")


def shift_for_pauses(
    given: Due, limit: Limit, pauses: Iterable[Pause], calendar: Calendar, tz: tzinfo
) -> Due:
    """The due date `given`, moved by the time the clock stood still.

    Time is given back in the limit's own unit: for working days, the working days after the pause began up
    to the day it ended (day 0 again, so asking and answering on one day gives nothing back); for calendar
    days, the calendar days; for hours, the exact time. Overlapping pauses count once; a pause that begins
    when it is already late gives nothing back.
    """
    moved, back, steps = given, timedelta(0), []
    for pause in _joined(pauses):
        if pause.since >= moved.at:
            break
        amount = _given_back(limit, pause, calendar, tz)
        if not amount:
            continue
        back += amount
        steps.append(_pause_step(limit, pause, amount, tz))
        moved = _later(given, limit, back, steps, calendar, tz)
    return moved


def _joined(pauses: Iterable[Pause]) -> list[Pause]:
    """In order of time, those that overlap or touch made one."""
    joined: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.since):
        if joined and pause.since <= joined[-1].until:
            joined[-1] = Pause(joined[-1].since, max(joined[-1].until, pause.until))
        else:
            joined.append(pause)
    return joined


def _given_back(limit: Limit, pause: Pause, calendar: Calendar, tz: tzinfo) -> timedelta:
    """The time to give back; whole days, of the limit's kind, unless the limit is in hours."""
    if limit.unit == "hours":
        return pause.until - pause.since
    since, until = local_day(pause.since, tz), local_day(pause.until, tz)
    if limit.unit == "workdays":
        return timedelta(days=workdays_between(calendar, since, until))
    return until - since


def _pause_step(limit: Limit, pause: Pause, amount: timedelta, tz: tzinfo) -> Step:
    since, until = local_day(pause.since, tz), local_day(pause.until, tz)
    if limit.unit == "hours":
        return Step(StepCode.PAUSE, since, until, round(amount.total_seconds()))
    return Step(StepCode.PAUSE, since, until, amount.days, limit.unit)


def _later(
    given: Due, limit: Limit, back: timedelta, steps: list[Step], calendar: Calendar, tz: tzinfo
) -> Due:
    """`given` moved by `back` in all; rolled once, so that many small pauses win no rest days."""
    if limit.unit == "hours":
        at = given.at + back
        return _moved(given, at, last_day(at, tz), *steps)
    if limit.unit == "workdays":
        day = add_workdays(calendar, given.day, back.days)
    else:
        day = calendar.next_workday(given.day + back)
    unknown = unknown_years(calendar, given.day, day)
    return _moved(given, end_of(day, tz), day, *steps, years=unknown)


def _moved(given: Due, at: datetime, day: date, *added: Step, years: tuple[int, ...] = ()) -> Due:
    said = {known.amount for known in given.steps if known.code is StepCode.UNKNOWN_YEAR}
    unknown = (Step(StepCode.UNKNOWN_YEAR, amount=year) for year in years if year not in said)
    steps = (*given.steps[:-1], *added, *unknown, Step(StepCode.END, day))
    return replace(given, at=at, day=day, steps=steps, provisional=given.provisional or bool(years))


def check_extension(
    given: Due, now: datetime, proposed: date, ground: str, *, asked_by: int, approved_by: int, times: int
) -> None:
    """Refuse an extension that may not be: once, before the due date, with a ground, by two persons.

    `now`: when it was asked for; the approval may take longer. `times`: extensions granted so far.
    """
    if times:
        raise Refused("extension_used_up")
    if now >= given.at:
        raise Refused("extension_too_late", due=given.day)
    if not ground.strip():
        raise Refused("reason_required")
    if proposed <= given.day:
        raise Refused("extension_not_later", due=given.day, proposed=proposed)
    if asked_by == approved_by:
        raise Refused("second_person_required")


def extend(given: Due, proposed: date, tz: tzinfo) -> Due:
    """The due date moved to the end of a proposed local day, as proposed: a rest day is not moved."""
    step = Step(StepCode.EXTEND, given.day, proposed)
    return _moved(given, end_of(proposed, tz), proposed, step)
