"""Between instants and local days: the conventions of midnight in one place."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from portal.kernel.errors import Invalid

INSTANT = timedelta(microseconds=1)


def local_day(at: datetime, tz: tzinfo) -> date:
    """The local day an instant falls on; a midnight belongs to the day it begins."""
    if at.tzinfo is None:
        raise Invalid("naive_datetime")
    return at.astimezone(tz).date()


def last_day(end: datetime, tz: tzinfo) -> date:
    """The last local day before an exclusive end; for a midnight, the day it ends."""
    return local_day(end - INSTANT, tz)


def start_of(day: date, tz: tzinfo) -> datetime:
    """The local midnight with which `day` begins, in UTC."""
    return datetime.combine(day, time.min, tz).astimezone(UTC)


def end_of(day: date, tz: tzinfo) -> datetime:
    """The local midnight that ends `day` (exclusive), in UTC."""
    return start_of(day + timedelta(days=1), tz)
