"""The official calendar from a table: date, name, is_off_day, as the State Council's notices are published.

A year is covered by a table that lists its New Year and its National Day, since every notice names both.
Days of other years in it (New Year's Eve of the year before, say) are added to what is stored of their year.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.administration.importing import NO, YES
from portal.deadlines import service
from portal.deadlines.models import CalendarDay, CalendarYear
from portal.identity.actors import Actor
from portal.kernel.csvfiles import Column, Row
from portal.kernel.errors import Invalid, PortalError
from portal.kernel.words import N_
from portal.kernel.workdays import Calendar, Year, days_after

COLUMNS = (
    Column("date", ("日期", "day"), required=True),
    Column("name", ("名称", "节日", "holiday")),
    Column("is_off_day", ("isOffDay", "是否放假", "放假", "off"), required=True),
    Column("source", ("来源", "url")),
)
SATURDAY = 5
YEARS = range(2000, 2100)
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")


@dataclass
class Loaded:
    """What became of one year."""

    year: int
    covered: bool
    complete: bool
    off: int
    worked: int
    added: int
    taken_away: int
    was_complete: bool
    days: dict[date, bool]
    """Day → worked, as it will be stored."""
    names: dict[date, str]

    @property
    def changed(self) -> bool:
        return bool(self.added or self.taken_away)

    @property
    def table(self) -> Year:
        """The year as the calendar will have it."""
        off = frozenset(day for day, worked in self.days.items() if not worked)
        return Year(self.complete, off, frozenset(self.days.keys() - off))


@dataclass(frozen=True)
class DayChange:
    """A day that would be worked otherwise than it counts now."""

    day: date
    name: str
    worked: bool


@dataclass
class Result:
    """The years, and the lines that were refused. With any refused, nothing is loaded: half a year is worse
    than none."""

    years: list[Loaded] = field(default_factory=list)
    refused: list[tuple[int, PortalError]] = field(default_factory=list)


def import_days(db: Session, now: datetime, actor: Actor, rows: tuple[Row, ...], *, complete: bool) -> Result:
    """Load the years of a table; `complete` marks those it covers as complete. The same table twice changes
    nothing. Dates given before stay as they are."""
    result = plan(db, rows, complete=complete)
    for loaded in result.years:
        if loaded.changed or loaded.complete != loaded.was_complete:
            table = loaded.table
            service.load_year(
                db,
                now,
                actor,
                loaded.year,
                days_off=table.days_off,
                make_up_days=table.make_up_days,
                complete=table.complete,
                names=loaded.names,
            )
    return result


def plan(db: Session, rows: tuple[Row, ...], *, complete: bool) -> Result:
    """What the import would do. Nothing is written, not even in passing: the calendar is kept in memory."""
    result = Result()
    table, names = _read(rows, result)
    if not result.refused:
        result.years = [
            _planned(db, year, table[year], _stored_names(db, year) | names, complete)
            for year in sorted(table)
        ]
    return result


def changes(calendar: Calendar, result: Result) -> list[DayChange]:
    """The days that would count otherwise than they count now, in order."""
    after = replace(calendar, years={**calendar.years, **{one.year: one.table for one in _counting(result)}})
    return [
        DayChange(day, one.names.get(day, ""), after.is_workday(day))
        for one in result.years
        for day in days_after(date(one.year - 1, 12, 31), date(one.year, 12, 31))
        if after.is_workday(day) is not calendar.is_workday(day)
    ]


def _counting(result: Result) -> list[Loaded]:
    """Half a table does not count, and what counted before goes on."""
    return [one for one in result.years if one.complete]


def _read(rows: tuple[Row, ...], result: Result) -> tuple[dict[int, dict[date, bool]], dict[date, str]]:
    """Year → day → worked, and the names of the days."""
    table: dict[int, dict[date, bool]] = defaultdict(dict)
    names: dict[date, str] = {}
    for row in rows:
        try:
            day, worked = _day(row.cells["date"]), not _is_off(row.cells["is_off_day"])
            if worked and day.weekday() < SATURDAY:
                raise Invalid(
                    "make_up_day_on_weekday",
                    N_("%(day)s is a weekday: it is worked anyway and needs no line."),
                    day=day,
                )
            if table[day.year].setdefault(day, worked) is not worked:
                raise Invalid(
                    "calendar_day_twice", N_("%(day)s is both off and worked in this file."), day=day
                )
            names.setdefault(day, row.cells.get("name", ""))
        except Invalid as error:
            result.refused.append((row.line, error))
    return table, names


def _day(cell: str) -> date:
    found = _DATE.fullmatch(cell)
    try:
        day = date(*(int(part) for part in found.groups())) if found else date.fromisoformat(cell)
        if day.year not in YEARS:
            raise ValueError("a year nobody plans for")
        return day
    except ValueError as error:
        raise Invalid(
            "no_date", N_("“%(cell)s” is not a date. Write it as 2026-10-01."), cell=cell[:40]
        ) from error


def _is_off(cell: str) -> bool:
    if cell.lower() not in YES | NO:
        raise Invalid("off_or_not", N_("is_off_day must be 1 (off) or 0 (worked)."))
    return cell.lower() in YES


def _planned(
    db: Session, year: int, days: dict[date, bool], names: dict[date, str], complete: bool
) -> Loaded:
    stored = _stored(db, year)
    row = db.get(CalendarYear, year)
    was_complete = row is not None and row.complete
    covered = {date(year, 1, 1), date(year, 10, 1)} <= days.keys()
    wanted = days if covered else stored | days
    return Loaded(
        year,
        covered,
        complete=(complete or was_complete) if covered else was_complete,
        off=sum(not worked for worked in wanted.values()),
        worked=sum(wanted.values()),
        added=len(wanted.items() - stored.items()),
        taken_away=len(stored.keys() - wanted.keys()),
        was_complete=was_complete,
        days=wanted,
        names={day: name for day, name in names.items() if day in wanted},
    )


def _stored(db: Session, year: int) -> dict[date, bool]:
    """The official days stored of a year. The city's own days lie over them and are not touched."""
    rows = select(CalendarDay.day, CalendarDay.worked).where(
        CalendarDay.own.is_(False), CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    )
    return {row.day: row.worked for row in db.execute(rows)}


def _stored_names(db: Session, year: int) -> dict[date, str]:
    rows = select(CalendarDay.day, CalendarDay.name).where(
        CalendarDay.name != "", CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    )
    return {row.day: row.name for row in db.execute(rows)}
