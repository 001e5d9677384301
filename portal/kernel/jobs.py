"""The timetable: what runs by the clock, as rows claimed with a lease (docs: stack).

A job is a function `(database, now) -> words | None`; it opens transactions of its own and can be run again
without harm. Two workers never run the same row at once; a worker that dies leaves its lease to run out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import String, or_, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.kernel import clock
from portal.kernel.db import Base, Database
from portal.kernel.errors import PortalError

log = structlog.get_logger(__name__)
LEASE = timedelta(minutes=10)
Work = Callable[[Database, datetime], object]
AGAIN = "more to do"
"""What a job returns that wants another turn at once: it shares the time with the others."""


@dataclass(frozen=True)
class Job:
    """Something done every so often."""

    name: str
    every: timedelta
    work: Work
    lease: timedelta = LEASE
    """How long nobody else takes it over from a worker that may have died."""


class TimetableRow(Base):
    """When a job is due next, who runs it until when, and how it went last."""

    __tablename__ = "timetable"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    next_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    last_result: Mapped[str] = mapped_column(String(300), default="")
    failures: Mapped[int] = mapped_column(default=0)


_jobs: dict[str, Job] = {}


def register(name: str, every: timedelta, work: Work, lease: timedelta = LEASE) -> None:
    """Put a job on the timetable; the same name again replaces it."""
    _jobs[name] = Job(name, every, work, lease)


def known() -> list[Job]:
    """Every job, by name."""
    return [_jobs[name] for name in sorted(_jobs)]


def hurry(db: Session, name: str, now: datetime) -> None:
    """Let a job that has something to do run at the next tick."""
    db.execute(update(TimetableRow).where(TimetableRow.name == name).values(next_at=now))


def tick(database: Database, now: datetime) -> list[str]:
    """Run what is due, each job once; returns the names of what ran."""
    ran = []
    for name in _due(database, now):
        if _claim(database, now, name):
            _run(database, now, _jobs[name])
            ran.append(name)
    return ran


def _due(database: Database, now: datetime) -> list[str]:
    """A read, so that an idle portal never takes the write lane."""
    with database.reading() as db:
        rows = {row.name: row for row in db.scalars(select(TimetableRow))}
    return [
        name
        for name in sorted(_jobs)
        if name not in rows or (rows[name].next_at <= now and not _is_leased(rows[name], now))
    ]


def _is_leased(row: TimetableRow, now: datetime) -> bool:
    return row.leased_until is not None and row.leased_until > now


def _claim(database: Database, now: datetime, name: str) -> bool:
    try:
        return _take(database, now, name)
    except IntegrityError:
        return False  # another worker put the very first row there


def _take(database: Database, now: datetime, name: str) -> bool:
    with database.transaction() as db:
        row = db.scalar(
            select(TimetableRow)
            .where(
                TimetableRow.name == name,
                TimetableRow.next_at <= now,
                or_(TimetableRow.leased_until.is_(None), TimetableRow.leased_until <= now),
            )
            .with_for_update(skip_locked=True)
        )
        if row is None:
            if db.get(TimetableRow, name) is not None:
                return False
            row = TimetableRow(name=name, next_at=now, failures=0, last_result="")
            db.add(row)
        row.leased_until = now + _jobs[name].lease
        return True


def _run(database: Database, now: datetime, job: Job) -> None:
    outcome: object = None
    try:
        outcome = job.work(database, now)
        result, failed = str(outcome if outcome is not None else ""), False
    except (PortalError, DBAPIError, OSError, ValueError) as error:
        # Never the error's words: they may hold a person's.
        result, failed = type(error).__name__, True
        log.error("job failed", job=job.name, error=result)
    with database.transaction() as db:
        row = db.get_one(TimetableRow, job.name)
        row.last_at, row.last_result = now, result[:300]
        row.failures = row.failures + 1 if failed else 0
        wait = job.every * (min(2**row.failures, 32) if failed else 1)
        row.next_at = now if outcome == AGAIN and not failed else now + wait
        row.leased_until = None


class Timetable:
    """The server's background work: `tick()` about once a second."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tick(self) -> None:
        """Run what is due now."""
        tick(self._database, clock.now())
