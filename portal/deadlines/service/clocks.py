"""What a clock does: starts, pauses, runs on, stops, comes back to life, is extended, becomes late.

Every date is found by `portal.deadlines.rules` and keeps the steps that explain it. A date once given stays
as it is, unless one of the acts here moves it.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.deadlines.events import BecameLate, ReminderDue
from portal.deadlines.models import Clock
from portal.deadlines.queries import last_clock, limit_table, load_calendar
from portal.deadlines.rules import (
    Due,
    Limit,
    LimitRow,
    Milestones,
    Pause,
    Stage,
    Step,
    due,
    extend,
    fixed,
    limit_row,
    milestones,
    shift_for_pauses,
)
from portal.kernel import events
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of

SWEPT_AT_ONCE = 200
FIXED = "fixed"
"""The unit of a clock that counts nothing: its day was named."""
_LATE = (Stage.OVERDUE, Stage.VERY_LATE)


def start(
    db: Session,
    now: datetime,
    subject_kind: str,
    subject_id: int,
    event: str,
    *,
    began: datetime | None = None,
    kind: str | None = None,
    party: str | None = None,
    tier: str | None = None,
) -> Clock:
    """Start a clock by the table of limits; `began` if it counts from an earlier moment than now."""
    row = limit_row(event, kind=kind, party=party, tier=tier, table=_limits(db, now))
    clock = Clock(
        subject_kind=subject_kind,
        subject_id=subject_id,
        event=event,
        amount=row.limit.amount,
        unit=row.limit.unit,
        started_at=began or now,
        remind_before=row.remind_before,
        pauses=[],
        extended=0,
        noted="",
        reminded="",
    )
    _give(clock, due(row.limit, clock.started_at, load_calendar(db), zone_of(db)))
    db.add(clock)
    _set_stage(db, now, clock)
    db.flush()
    return clock


def start_until(
    db: Session, now: datetime, subject_kind: str, subject_id: int, event: str, day: date, remind_before: int
) -> Clock:
    """Start a clock that ends with a day somebody named, instead of a limit that is counted."""
    clock = Clock(
        subject_kind=subject_kind,
        subject_id=subject_id,
        event=event,
        amount=0,
        unit=FIXED,
        started_at=now,
        remind_before=remind_before,
        pauses=[],
        extended=0,
        noted="",
    )
    _give(clock, fixed(day, now, zone_of(db)))
    db.add(clock)
    _set_stage(db, now, clock)
    db.flush()
    return clock


def recount(
    db: Session,
    now: datetime,
    clock: Clock,
    *,
    began: datetime,
    kind: str | None = None,
    party: str | None = None,
    tier: str | None = None,
) -> bool:
    """Give a running clock the limit of another kind or tier; whether its date changed. A visible act:
    the caller writes it to the history."""
    row = limit_row(clock.event, kind=kind, party=party, tier=tier, table=_limits(db, now))
    if (row.limit.amount, row.limit.unit, began) == (clock.amount, clock.unit, clock.started_at):
        return False
    before = clock.due_at
    clock.amount, clock.unit, clock.started_at = row.limit.amount, row.limit.unit, began
    clock.remind_before, clock.pauses = row.remind_before, []
    _give(clock, due(row.limit, began, load_calendar(db), zone_of(db)))
    _set_stage(db, now, clock)
    return clock.due_at != before


def count_again(db: Session, now: datetime, clock: Clock) -> bool:
    """Count a running clock's date by the calendar as it is now (a year was loaded since); whether it changed.
    A visible act: the caller writes it to the history. An extended date was given by a person and stays."""
    if clock.extended or clock.unit == FIXED:
        return False
    before, (given, shown) = clock.due_at, _counted(db, clock)
    _give(clock, given)
    _show(clock, shown)
    _set_stage(db, now, clock)
    return clock.due_at != before


def would_be(db: Session, clock: Clock) -> Due:
    """What `count_again` would make of a clock's date; nothing is changed."""
    return _shown(clock) if clock.extended or clock.unit == FIXED else _counted(db, clock)[1]


def _counted(db: Session, clock: Clock) -> tuple[Due, Due]:
    """The date by the calendar as it is now: as it is given, and as the pauses since move it."""
    calendar, zone = load_calendar(db), zone_of(db)
    given = due(_limit(clock), clock.started_at, calendar, zone)
    return given, shift_for_pauses(given, _limit(clock), _pauses(clock), calendar, zone)


def _limits(db: Session, now: datetime) -> tuple[LimitRow, ...]:
    return limit_table(db, local_date(now, zone_of(db)))


def pause(db: Session, now: datetime, clock: Clock, kind: str) -> None:
    """Let the clock stand still; `kind` says whom it waits for."""
    clock.paused_at, clock.pause_kind = now, kind
    _set_stage(db, now, clock)


def resume(db: Session, now: datetime, clock: Clock) -> None:
    """Let it run on; the date moves by the time it stood still."""
    if clock.paused_at is None:
        return
    clock.pauses = [*clock.pauses, [clock.paused_at.isoformat(), now.isoformat()]]
    clock.paused_seconds += int((now - clock.paused_at).total_seconds())
    clock.paused_at = clock.pause_kind = None
    moved = shift_for_pauses(_given(clock), _limit(clock), _pauses(clock), load_calendar(db), zone_of(db))
    _show(clock, moved)
    _set_stage(db, now, clock)


def _pauses(clock: Clock) -> list[Pause]:
    return [Pause(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in clock.pauses]


def stop(db: Session, now: datetime, clock: Clock) -> None:
    """It has done its duty: from here on it is settled whether it was in time."""
    resume(db, now, clock)
    clock.stopped_at = now
    _set_stage(db, now, clock)


def revive(db: Session, now: datetime, subject_kind: str, subject_id: int, *names: str) -> Clock | None:
    """Let the newest stopped clock run again with the date it had."""
    clock = last_clock(db, subject_kind, subject_id, *names)
    if clock is None or clock.stopped_at is None:
        return None
    clock.stopped_at = None
    _set_stage(db, now, clock)
    if clock.stage in _LATE and clock.noted != clock.stage:
        # It became late while it stood still: that is told at the next look, not at the next stage.
        clock.next_at = now
    return clock


def extend_to(db: Session, now: datetime, clock: Clock, proposed: date) -> None:
    """Move the date to the end of a proposed day. Pauses so far are in it already."""
    moved = extend(_shown(clock), proposed, zone_of(db))
    _give(clock, moved)
    clock.pauses, clock.noted = [], ""
    clock.extended += 1
    _set_stage(db, now, clock)


def due_of(clock: Clock) -> Due:
    """A clock's date as the rules know it."""
    return _shown(clock)


def is_anything_due(db: Session, now: datetime) -> bool:
    """Whether a clock has reached its next stage."""
    return db.scalar(select(Clock.id).where(Clock.next_at <= now).limit(1)) is not None


def sweep(db: Session, now: datetime, at_most: int = SWEPT_AT_ONCE) -> int:
    """Note the stages that clocks have reached by now, and tell what became late. How many were looked at."""
    clocks = db.scalars(
        select(Clock).where(Clock.next_at <= now).order_by(Clock.next_at, Clock.id).limit(at_most)
    ).all()
    for clock in clocks:
        stones = _set_stage(db, now, clock)
        _tell_lateness(db, now, clock)
        if stones is not None:
            _remind(db, now, clock, stones)
    db.flush()
    return len(clocks)


def _tell_lateness(db: Session, now: datetime, clock: Clock) -> None:
    """Each lateness once, the smaller one first even if the greater is reached meanwhile."""
    reached = [late for late in _LATE if clock.stage in _LATE[_LATE.index(late) :]]
    told = [clock.noted] if clock.noted != Stage.VERY_LATE else list(_LATE)
    for late in reached:
        if late not in told:
            clock.noted = late.value
            fact = BecameLate(clock.id, clock.subject_kind, clock.subject_id, clock.event, late.value)
            events.publish(db, now, fact)


def _remind(db: Session, now: datetime, clock: Clock, stones: Milestones) -> None:
    """Each reminder of a date once; one that was missed is not made up for by night, only the later one counts."""
    when = "after" if now >= stones.after else "before" if stones.soon <= now < stones.at else ""
    if when and when != clock.reminded:
        clock.reminded = when
        events.publish(
            db, now, ReminderDue(clock.id, clock.subject_kind, clock.subject_id, clock.event, when)
        )


def _give(clock: Clock, given: Due) -> None:
    clock.given = {
        "at": given.at.isoformat(),
        "day": given.day.isoformat(),
        "steps": [step.as_dict() for step in given.steps],
        "provisional": given.provisional,
        "length": given.length.total_seconds(),
    }
    _show(clock, given)


def _show(clock: Clock, found: Due) -> None:
    clock.due_at, clock.due_day = found.at, found.day
    clock.steps, clock.provisional = [step.as_dict() for step in found.steps], found.provisional


def _given(clock: Clock) -> Due:
    kept: dict[str, Any] = clock.given
    return Due(
        datetime.fromisoformat(kept["at"]),
        date.fromisoformat(kept["day"]),
        tuple(Step.from_dict(step) for step in kept["steps"]),
        kept["provisional"],
        timedelta(seconds=kept["length"]),
    )


def _shown(clock: Clock) -> Due:
    steps = tuple(Step.from_dict(step) for step in clock.steps)
    return Due(clock.due_at, clock.due_day, steps, clock.provisional, _given(clock).length)


def _limit(clock: Clock) -> Limit:
    return Limit(clock.amount, clock.unit)  # type: ignore[arg-type]


def _set_stage(db: Session, now: datetime, clock: Clock) -> Milestones | None:
    """The stage now, and when to look again; the milestones ahead while it runs."""
    if clock.stopped_at is not None or clock.paused_at is not None:
        clock.stage = Stage.STOPPED if clock.stopped_at is not None else Stage.PAUSED
        clock.next_at = None
        return None
    stones = milestones(_shown(clock), load_calendar(db), zone_of(db), remind_before=clock.remind_before)
    clock.stage, clock.next_at = stones.stage(now), stones.next_after(now)
    if now < stones.soon:
        clock.reminded = ""
    elif now < stones.at and clock.reminded == "after":
        clock.reminded = "before"
    return stones
