"""When things happen in a demonstration case: believable office hours, in order, never in the future. Pure."""

from datetime import date, datetime, time, timedelta, tzinfo
from hashlib import blake2b

OFFICE_OPENS, OFFICE_CLOSES = 9, 17


def seed(text: str) -> int:
    """The same number for the same text on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest())


class Times:
    """The course of one case: each moment asked for is later than the one before, and before `now`."""

    def __init__(self, key: str, days_ago: int, now: datetime, zone: tzinfo, *, office_hours: bool) -> None:
        self._key, self._now, self._zone = key, now, zone
        self.submitted: date = now.astimezone(zone).date() - timedelta(days=days_ago)
        self._steps = 0
        opens = (OFFICE_OPENS, OFFICE_CLOSES) if office_hours else (7, 22)
        self._last = self._on(self.submitted, *opens)
        if self._last > now:
            self._last = now - timedelta(hours=2)
        self.first = self._last

    def day(self, offset: int) -> datetime:
        """In office hours of a day after the submission."""
        return self._later(self._on(self.submitted + timedelta(days=offset), OFFICE_OPENS, OFFICE_CLOSES))

    def soon(self, hours: float) -> datetime:
        """Some hours after the last moment; nights and rest days of offices are waited out."""
        wanted = (self._last + timedelta(hours=hours)).astimezone(self._zone)
        if wanted.hour >= OFFICE_CLOSES:
            wanted = datetime.combine(wanted.date() + timedelta(days=1), time(OFFICE_OPENS, 20), self._zone)
        elif wanted.hour < OFFICE_OPENS:
            wanted = datetime.combine(wanted.date(), time(OFFICE_OPENS, 20), self._zone)
        while wanted.weekday() >= 5:
            wanted += timedelta(days=1)
        return self._later(wanted)

    def _on(self, day: date, opens: int, closes: int) -> datetime:
        self._steps += 1
        minutes = seed(f"{self._key}/{self._steps}") % ((closes - opens) * 60)
        return datetime.combine(day, time(opens), self._zone) + timedelta(minutes=minutes)

    def _later(self, wanted: datetime) -> datetime:
        latest = self._now - timedelta(minutes=max(30 - self._steps, 1))
        self._last = max(self._last + timedelta(minutes=1), min(wanted, latest))
        return self._last
