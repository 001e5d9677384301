"""The official calendar and the city's own days, as tables. Dates already given stay as they are."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.deadlines.models import CalendarDay, CalendarYear
from portal.deadlines.queries import forget_tables
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.identity.service import note
from portal.kernel.workdays import Calendar


def load_year(
    db: Session,
    now: datetime,
    actor: Actor,
    year: int,
    *,
    days_off: Iterable[date],
    make_up_days: Iterable[date],
    complete: bool,
    names: Mapping[date, str] = MappingProxyType({}),
) -> None:
    """Replace the official table of a year; `names` of its holidays. Dates already given stay as they are."""
    require(actor, "calendar.manage")
    off, worked = frozenset(days_off), frozenset(make_up_days)
    Calendar.of({year: (complete, off, worked)})
    for old in db.scalars(select(CalendarDay).where(CalendarDay.own.is_(False))):
        if old.day.year == year:
            db.delete(old)
    db.flush()
    kept = set(db.scalars(select(CalendarDay.day)))
    db.add_all(
        CalendarDay(day=day, worked=day in worked, name=names.get(day, "")[:80])
        for day in off | worked
        if day not in kept
    )
    note(db, now, actor, "calendar.loaded", "calendar", year)
    _raise_version(db, now, year).complete = complete


def set_own_day(db: Session, now: datetime, actor: Actor, day: date, worked: bool | None) -> None:
    """The city's own decision about a day; None takes it back."""
    require(actor, "calendar.manage")
    row = db.get(CalendarDay, day)
    if row is not None:
        db.delete(row)
        db.flush()
    if worked is not None:
        db.add(CalendarDay(day=day, worked=worked, own=True))
    note(db, now, actor, "calendar.own_day", "calendar", day.year, what=day.isoformat())
    _raise_version(db, now, day.year)


def _raise_version(db: Session, now: datetime, year: int) -> CalendarYear:
    row = db.get(CalendarYear, year)
    if row is None:
        row = CalendarYear(year=year, version=0, complete=False, loaded_at=now)
        db.add(row)
    row.version += 1
    row.loaded_at = now
    db.flush()
    forget_tables(db)
    return row
