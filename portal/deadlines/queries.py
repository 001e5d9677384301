"""Reads about clocks, the calendar and the limits. The calendar is kept in memory until its version changes."""

from collections import defaultdict
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, func, select
from sqlalchemy.orm import Session

from portal.deadlines.limits import LimitEvent, LimitRow, Words, in_force
from portal.deadlines.models import CalendarDay, CalendarYear, Clock, OwnLimit
from portal.deadlines.values import Limit
from portal.kernel.workdays import Calendar, Year, default_calendar

_kept: WeakKeyDictionary[Engine, tuple[tuple[int, int], Calendar]] = WeakKeyDictionary()

# Asked at every step of every case: building a statement costs more than running it.
_CALENDAR_VERSION = select(func.count(), func.coalesce(func.sum(CalendarYear.version), 0)).select_from(
    CalendarYear
)
_OF_SUBJECT = select(Clock).where(
    Clock.subject_kind == bindparam("kind"),
    Clock.subject_id == bindparam("subject"),
    Clock.event.in_(bindparam("names", expanding=True)),
)
_LIVE = _OF_SUBJECT.where(Clock.stopped_at.is_(None))
_LAST = _OF_SUBJECT.order_by(Clock.id.desc()).limit(1)


def load_calendar(db: Session) -> Calendar:
    """The official calendar with the city's years and days laid over it; asked once per session."""
    if "calendar" not in db.info:
        db.info["calendar"] = _present_calendar(db)
    found: Calendar = db.info["calendar"]
    return found


def forget_tables(db: Session) -> None:
    """This session has changed the calendar or the limits: read them anew."""
    for name in ("calendar", "limits"):
        db.info.pop(name, None)
    db.info["calendar_changed"] = True


def forget_calendars() -> None:
    """Another database stands behind the same engine: its versions begin anew."""
    _kept.clear()


def _present_calendar(db: Session) -> Calendar:
    seen = db.execute(_CALENDAR_VERSION).one()
    version = (int(seen[0]), int(seen[1]))
    if not version[0]:
        return default_calendar()
    if "calendar_changed" in db.info:
        # Not kept for others: what is not committed may never be, and another may come under the same version.
        return _build(db)
    engine = db.get_bind().engine
    kept = _kept.get(engine)
    if kept is None or kept[0] != version:
        kept = _kept[engine] = (version, _build(db))
    return kept[1]


def _build(db: Session) -> Calendar:
    """Years the city loaded replace the known ones if complete: half a table is worse than none."""
    off: dict[int, set[date]] = defaultdict(set)
    worked: dict[int, set[date]] = defaultdict(set)
    own: dict[date, bool] = {}
    for day in db.scalars(select(CalendarDay)):
        if day.own:
            own[day.day] = day.worked
        else:
            (worked if day.worked else off)[day.day.year].add(day.day)
    complete = db.scalars(select(CalendarYear.year).where(CalendarYear.complete)).all()
    years = {year: Year(True, frozenset(off[year]), frozenset(worked[year])) for year in complete}
    return Calendar({**default_calendar().years, **years}).with_overrides(own)


def limit_table(db: Session, day: date) -> tuple[LimitRow, ...]:
    """The limits in force on a day: the defaults, and in their places the city's own. Read once per session."""
    if "limits" not in db.info:
        db.info["limits"] = own_limits(db)
    rows: list[OwnLimit] = db.info["limits"]
    own = {_words(row): row for row in rows if row.starts_on <= day}
    return in_force({words: _as_row(row) for words, row in own.items()})


def own_limits(db: Session) -> list[OwnLimit]:
    """Every limit the city ever set, each after those it replaces."""
    return list(db.scalars(select(OwnLimit).order_by(OwnLimit.starts_on, OwnLimit.id)))


def _words(row: OwnLimit) -> Words:
    return LimitEvent(row.event), row.kind or None, row.party or None, row.tier or None


def _as_row(row: OwnLimit) -> LimitRow | None:
    if row.amount is None:
        return None
    limit = Limit(row.amount, row.unit)  # type: ignore[arg-type]
    return LimitRow(LimitEvent(row.event), limit, *_words(row)[1:], remind_before=row.remind_before)


def live_clock(db: Session, subject_kind: str, subject_id: int, *events: str) -> Clock | None:
    """The clock that runs or is paused, for any of these limits."""
    return db.scalar(_LIVE, {"kind": subject_kind, "subject": subject_id, "names": events})


def last_clock(db: Session, subject_kind: str, subject_id: int, *events: str) -> Clock | None:
    """The newest clock, running or stopped."""
    return db.scalar(_LAST, {"kind": subject_kind, "subject": subject_id, "names": events})
