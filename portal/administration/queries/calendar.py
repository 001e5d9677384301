"""The official calendar as the administrator sees it: which years count, which are missing, each year's days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.deadlines.models import CalendarDay, CalendarYear, Clock, Recount
from portal.deadlines.queries import load_calendar
from portal.identity.models import Person
from portal.kernel.workdays import COMPLETE_YEARS, ONE_DAY, Calendar, Year, default_names

AHEAD = 1
"""Years after this one whose table is wanted: it is published in November."""
RECOUNTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year: whether it counts, where its table is from, how many of its days are special."""

    year: int
    known: bool
    loaded_at: datetime | None
    """Empty: it came with the program, or is missing."""
    partial: bool
    """Some of its days are here and do not count."""
    off: int
    worked: int
    wanted: bool
    """Dates are given in it, or soon will be."""

    @property
    def is_missing(self) -> bool:
        return self.wanted and not self.known


def year_rows(db: Session, today: date) -> list[YearRow]:
    """Every year that is known or wanted, the newest first; four statements."""
    calendar = load_calendar(db)
    loaded = {row.year: row for row in db.scalars(select(CalendarYear))}
    here = _years_with_days(db)
    wanted = {*range(today.year, today.year + AHEAD + 1), *_provisional_years(db)}
    return [
        _year_row(calendar, year, loaded.get(year), year in here, year in wanted)
        for year in sorted({*COMPLETE_YEARS, *loaded, *here, *wanted}, reverse=True)
    ]


def _year_row(
    calendar: Calendar, year: int, loaded: CalendarYear | None, has_days: bool, wanted: bool
) -> YearRow:
    known = calendar.knows(year)
    table = calendar.years.get(year)
    own = loaded is not None and loaded.complete
    return YearRow(
        year,
        known,
        loaded.loaded_at if loaded and own else None,
        partial=has_days and not own,
        off=len(table.days_off) if table and known else 0,
        worked=len(table.make_up_days) if table and known else 0,
        wanted=wanted,
    )


def _years_with_days(db: Session) -> set[int]:
    return {day.year for day in db.scalars(select(CalendarDay.day).where(~CalendarDay.own))}


def _provisional_years(db: Session) -> set[int]:
    """Years in which running dates lie that were given without their table."""
    days = select(Clock.due_day).where(Clock.provisional, Clock.stopped_at.is_(None)).distinct()
    return {day.year for day in db.scalars(days)}


@dataclass(frozen=True, slots=True)
class Span:
    """A holiday with the rest days it touches, or one day that is worked."""

    first: date
    last: date
    names: tuple[str, ...]

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class YearDays:
    """A year's special days: holidays, make-up days, the city's own days (worked or off)."""

    off: tuple[Span, ...]
    worked: tuple[Span, ...]
    own: tuple[tuple[date, bool], ...]


def year_days(db: Session, year: int, *, english: bool = False) -> YearDays:
    """The special days of a year as they count, or would count; the city's tables name theirs themselves."""
    rows = db.scalars(
        select(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    ).all()
    calendar = load_calendar(db)
    table = calendar.years.get(year) or Year(
        False,
        frozenset(row.day for row in rows if not row.worked and not row.own),
        frozenset(row.day for row in rows if row.worked and not row.own),
    )
    names = {**default_names(english), **{row.day: row.name for row in rows if row.name}}
    counted = Calendar({**calendar.years, year: Year(True, table.days_off, table.make_up_days)})
    return YearDays(
        holidays(counted, table.days_off, names),
        tuple(Span(day, day, _named([day], names)) for day in sorted(table.make_up_days)),
        tuple(sorted((row.day, row.worked) for row in rows if row.own)),
    )


def holidays(calendar: Calendar, days: Iterable[date], names: Mapping[date, str]) -> tuple[Span, ...]:
    """Days off with the rest days before, between and after them, as notices announce them."""
    found: list[Span] = []
    for day in sorted(days):
        if found and day <= found[-1].last:
            continue
        run = [day]
        while not calendar.is_workday(run[0] - ONE_DAY):
            run.insert(0, run[0] - ONE_DAY)
        while not calendar.is_workday(run[-1] + ONE_DAY):
            run.append(run[-1] + ONE_DAY)
        found.append(Span(run[0], run[-1], _named(run, names)))
    return tuple(found)


def _named(days: Iterable[date], names: Mapping[date, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names[day] for day in days if names.get(day)))


@dataclass(frozen=True, slots=True)
class RecountRow:
    """Dates were counted anew."""

    at: datetime
    by: str
    reason: str


def recounts(db: Session) -> list[RecountRow]:
    """The newest."""
    rows = db.execute(
        select(Recount, Person.name)
        .outerjoin(Person, Person.id == Recount.made_by_id)
        .order_by(Recount.id.desc())
        .limit(RECOUNTS_SHOWN)
    )
    return [RecountRow(row.made_at, name or "", row.reason) for row, name in rows]
