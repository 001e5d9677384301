"""The clock band of a published case: its own limit day by day, as far as the public may see it (all of it)."""

from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case, Extension
from portal.cases.service.clocks import KIND, OWN
from portal.deadlines.models import Clock
from portal.deadlines.queries import last_clock, load_calendar
from portal.deadlines.values import StepCode
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.workdays import Calendar
from portal.publishing.values import PublicClock

LONGEST = 120
"""Working days drawn at most; a longer story is told by the timeline."""


def clock(db: Session, now: datetime, case: Case) -> PublicClock:
    """The newest of the case's own clocks; empty where none ever ran (imported history)."""
    found = last_clock(db, KIND, case.id, *OWN)
    if found is None:
        return {}
    zone = zone_of(db)
    return drawn(found, _extensions(db, case, found, zone), load_calendar(db), zone, local_date(now, zone))


def drawn(
    found: Clock, extensions: list[tuple[str, str]], calendar: Calendar, zone: tzinfo, today: date
) -> PublicClock:
    """The band of a clock, with the extensions (from which day to which) that it was given."""
    shown: PublicClock = {
        "amount": found.amount,
        "unit": found.unit,
        "started": local_date(found.started_at, zone).isoformat(),
        "first_due": extensions[0][0] if extensions else found.due_day.isoformat(),
        "due": found.due_day.isoformat(),
        "paused": found.paused_at is not None and found.stopped_at is None,
        "pauses": _pauses(found, zone, today),
        "extensions": extensions,
        "steps": found.steps,
        "provisional": found.provisional,
    }
    if found.stopped_at is not None:
        shown["stopped"] = local_date(found.stopped_at, zone).isoformat()
    shown["days"] = _days(shown, calendar, today)
    shown["used"] = sum(kind in ("run", "extended", "over") for _, kind in _until_end(shown, today))
    if found.unit == "workdays":
        # With what an extension added; time it stood still counts for neither.
        shown["limit"] = sum(day <= shown["due"] and kind != "paused" for day, kind in shown["days"])
    return shown


def _until_end(shown: PublicClock, today: date) -> list[tuple[str, str]]:
    end = shown.get("stopped") or today.isoformat()
    return [(day, kind) for day, kind in shown["days"] if day <= end]


def _extensions(db: Session, case: Case, found: Clock, zone: tzinfo) -> list[tuple[str, str]]:
    rows = db.execute(
        select(Extension.due_day, Extension.proposed_day)
        .where(
            Extension.case_id == case.id, Extension.granted.is_(True), Extension.asked_at >= found.started_at
        )
        .order_by(Extension.id)
    )
    return [(row.due_day.isoformat(), row.proposed_day.isoformat()) for row in rows]


def _pauses(found: Clock, zone: tzinfo, today: date) -> list[tuple[str, str]]:
    """From the steps of the date, which keep them through an extension; and the one that lasts."""
    kept = [(str(step["day"]), str(step["until"])) for step in found.steps if step["code"] == StepCode.PAUSE]
    if found.paused_at is not None:
        kept.append((local_date(found.paused_at, zone).isoformat(), today.isoformat()))
    return kept


def _days(shown: PublicClock, calendar: Calendar, today: date) -> list[tuple[str, str]]:
    """Working days from the day after the start to the later of due and end, each with what the clock did."""
    day = date.fromisoformat(shown["started"])
    stopped = shown.get("stopped")
    due = date.fromisoformat(shown["due"])
    last = max(due, date.fromisoformat(stopped) if stopped else min(today, due + timedelta(days=LONGEST)))
    drawn: list[tuple[str, str]] = []
    while day < last and len(drawn) < LONGEST:
        day += timedelta(days=1)
        if calendar.is_workday(day):
            drawn.append((day.isoformat(), _kind(day.isoformat(), shown)))
    return drawn


def _kind(day: str, shown: PublicClock) -> str:
    stopped = shown.get("stopped")
    if stopped is not None and day > stopped:
        return "left"
    if any(began < day <= ended for began, ended in shown["pauses"]):
        return "paused"
    if day > shown["due"]:
        return "over"
    return "extended" if day > shown["first_due"] else "run"
