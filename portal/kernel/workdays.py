"""Working days of the official calendar: public holidays off, make-up days worked (domain: section 4).

Dates are local dates; instants, limits and due dates are the business of `portal.deadlines.rules`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from portal.kernel.errors import Invalid

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Year:
    """The table of one year. It counts only when complete: half a table is worse than none."""

    complete: bool
    days_off: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. Overrides are read first and count in every year, complete or not."""

    years: Mapping[int, Year] = field(default_factory=dict)
    overrides: Mapping[date, bool] = field(default_factory=dict)
    """Day → worked (True) or off (False), as decided by the city itself."""

    @classmethod
    def of(cls, tables: Mapping[int, tuple[bool, Collection[date], Collection[date]]]) -> "Calendar":
        """Build from year → (complete, days off, make-up days); refuses days that cannot be right."""
        for year, (_, days_off, make_up_days) in tables.items():
            _check_year(year, days_off, make_up_days)
        years = {
            year: Year(complete, frozenset(days_off), frozenset(make_up_days))
            for year, (complete, days_off, make_up_days) in tables.items()
        }
        return cls(MappingProxyType(years))

    def with_overrides(self, overrides: Mapping[date, bool]) -> "Calendar":
        """This calendar with the city's own days laid over it; a later layer wins."""
        return Calendar(self.years, MappingProxyType({**self.overrides, **overrides}))

    def knows(self, year: int) -> bool:
        """Whether the year's official table is loaded and complete."""
        table = self.years.get(year)
        return table is not None and table.complete

    def is_workday(self, day: date) -> bool:
        """Worked or not; Monday to Friday in a year that is not known."""
        override = self.overrides.get(day)
        if override is not None:
            return override
        table = self.years.get(day.year)
        if table is not None and table.complete:
            if day in table.days_off:
                return False
            if day in table.make_up_days:
                return True
        return day.weekday() < SATURDAY

    def next_workday(self, day: date) -> date:
        """The day itself if it is worked, else the first worked day after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day


def _check_year(year: int, days_off: Collection[date], make_up_days: Collection[date]) -> None:
    for day in (*days_off, *make_up_days):
        if day.year != year:
            raise Invalid("calendar_day_outside_year", day=day, year=year)
    for day in make_up_days:
        if day in days_off:
            raise Invalid("calendar_day_twice", day=day)
        if day.weekday() < SATURDAY:
            raise Invalid("make_up_day_on_weekday", day=day)


def add_workdays(calendar: Calendar, start: date, amount: int) -> date:
    """The working day `amount` after `start`, which is day 0 whether it is worked or not.

    A negative amount goes back; 0 is `start` itself.
    """
    step = ONE_DAY if amount > 0 else -ONE_DAY
    day, left = start, abs(amount)
    while left:
        day += step
        left -= calendar.is_workday(day)
    return day


def add_calendar_days(calendar: Calendar, start: date, amount: int, roll: bool = True) -> date:
    """The day `amount` days after `start`; with `roll`, a rest day moves to the next working day."""
    day = start + timedelta(days=amount)
    return calendar.next_workday(day) if roll else day


def days_after(start: date, end: date) -> Iterator[date]:
    """The days after `start` up to and with `end`."""
    return (start + timedelta(days=n) for n in range(1, (end - start).days + 1))


def workdays_between(calendar: Calendar, start: date, end: date) -> int:
    """How many working days lie after `start` up to and with `end`; negative when `end` is earlier.

    The reverse of `add_workdays`: from a start, back or forth, it gives the amount again.
    """
    if end < start:
        return -sum(calendar.is_workday(day - ONE_DAY) for day in days_after(end, start))
    return sum(calendar.is_workday(day) for day in days_after(start, end))


def unknown_years(calendar: Calendar, start: date, end: date) -> tuple[int, ...]:
    """The years from `start` to `end` whose calendar is not complete: to be said beside every date."""
    return tuple(year for year in range(start.year, end.year + 1) if not calendar.knows(year))


COMPLETE_YEARS = range(2023, 2027)
"""Years whose table in the `holidays` library was compared, day by day, with the State Council's notices.

The library cannot tell this itself: for a year without a notice it still gives the holidays by law,
without the make-up days. Other years are loaded by `portal calendar import`.
"""


@lru_cache(maxsize=1)
def default_calendar() -> Calendar:
    """Mainland China as the `holidays` library has it, limited to the years known to be complete."""
    import holidays  # slow to import; needed once

    official = holidays.country_holidays("CN", years=COMPLETE_YEARS)
    make_up_days = {day for day in official.weekend_workdays if day.year in COMPLETE_YEARS}
    return Calendar.of(
        {
            year: (
                True,
                {day for day in official if day.year == year and day not in make_up_days},
                {day for day in make_up_days if day.year == year},
            )
            for year in COMPLETE_YEARS
        }
    )


@lru_cache(maxsize=2)
def default_names(english: bool = False) -> Mapping[date, str]:
    """What the library calls the holidays of those years; a day off in exchange for another has no name."""
    import holidays

    official = holidays.country_holidays("CN", years=COMPLETE_YEARS, language="zh_CN")
    named = [day for day, name in official.items() if "（" not in name]
    if english:
        official = holidays.country_holidays("CN", years=COMPLETE_YEARS, language="en_US")
    return {day: official[day] for day in named}
