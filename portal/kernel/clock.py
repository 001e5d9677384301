"""The only place that asks what time it is. Everything else is handed `now` (aware, UTC)."""

from datetime import UTC, date, datetime, tzinfo


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)


def local_date(moment: datetime, zone: tzinfo) -> date:
    """The calendar day of `moment` where the city is."""
    return moment.astimezone(zone).date()
