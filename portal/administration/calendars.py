"""The official calendar from a table: date, name, is_off_day, as the State Council's notices are published.

A year is covered by a table that lists its New Year and its National Day, since every notice names both.
Days of other years in it (New Year's Eve of the year before, say) are added to what is stored of their year.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
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

COLUMNS = (
    Column("date", ("日期", "day"), required=True),
    Column("name", ("名称", "节日", "holiday")),
    Column("is_off_day", ("isOffDay", "是否放假", "放假", "off"), required=True),
    Column("source", ("来源", "url")),
)
SATURDAY = 5
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

    @property
    def changed(self) -> bool:
        return bool(self.added or self.taken_away)


@dataclass
class Result:
    """The years, and the lines that were refused. With any refused, nothing is loaded: half a year is worse
    than none."""

    years: list[Loaded] = field(default_factory=list)
    refused: list[tuple[int, PortalError]] = field(default_factory=list)


def import_days(db: Session, now: datetime, actor: Actor, rows: tuple[Row, ...], *, complete: bool) -> Result:
    """Load the years of a table; `complete` marks those it covers as complete. The same table twice changes
    nothing. Dates given before stay as they are."""
    result = Result()
    table = _read(rows, result)
    if not result.refused:
        result.years = [_load(db, now, actor, year, table[year], complete) for year in sorted(table)]
    return result


def _read(rows: tuple[Row, ...], result: Result) -> dict[int, dict[date, bool]]:
    """Year → day → worked."""
    table: dict[int, dict[date, bool]] = defaultdict(dict)
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
        except Invalid as error:
            result.refused.append((row.line, error))
    return table


def _day(cell: str) -> date:
    found = _DATE.fullmatch(cell)
    try:
        return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(cell)
    except ValueError as error:
        raise Invalid(
            "no_date", N_("“%(cell)s” is not a date. Write it as 2026-10-01."), cell=cell[:40]
        ) from error


def _is_off(cell: str) -> bool:
    if cell.lower() not in YES | NO:
        raise Invalid("off_or_not", N_("is_off_day must be 1 (off) or 0 (worked)."))
    return cell.lower() in YES


def _load(
    db: Session, now: datetime, actor: Actor, year: int, days: dict[date, bool], complete: bool
) -> Loaded:
    stored = _stored(db, year)
    row = db.get(CalendarYear, year)
    was_complete = row is not None and row.complete
    covered = {date(year, 1, 1), date(year, 10, 1)} <= days.keys()
    wanted = days if covered else stored | days
    is_complete = (complete or was_complete) if covered else was_complete
    loaded = Loaded(
        year,
        covered,
        is_complete,
        off=sum(not worked for worked in wanted.values()),
        worked=sum(wanted.values()),
        added=len(wanted.items() - stored.items()),
        taken_away=len(stored.keys() - wanted.keys()),
    )
    if loaded.changed or is_complete != was_complete:
        service.load_year(
            db,
            now,
            actor,
            year,
            days_off=[day for day, worked in wanted.items() if not worked],
            make_up_days=[day for day, worked in wanted.items() if worked],
            complete=is_complete,
        )
    return loaded


def _stored(db: Session, year: int) -> dict[date, bool]:
    """The official days stored of a year. The city's own days lie over them and are not touched."""
    rows = select(CalendarDay.day, CalendarDay.worked).where(
        CalendarDay.own.is_(False), CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    )
    return {row.day: row.worked for row in db.execute(rows)}
