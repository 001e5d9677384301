"""What runs by the clock: when it ran, how it went, when it is due again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.kernel import jobs
from portal.kernel.jobs import TimetableRow
from portal.kernel.words import N_

JOBS: Mapping[str, str] = {
    "alerts.post": N_("Send mails and texts"),
    "alerts.forget": N_("Forget addresses that nobody confirmed"),
    "cases.close_due": N_("Close what has been answered long enough"),
    "cases.note_stages": N_("Note what falls due or is overdue"),
    "cases.purge_search": N_("Clear erased words out of the search"),
    "intake.imports": N_("Take in imported files"),
    "intake.orphans": N_("Remove files that belong to nothing"),
    "intake.tidy": N_("Clear away forms that were never sent"),
    "notices.publish": N_("Publish notices whose time has come"),
}
"""What each job does, as message ids; a job that is not here goes by its name."""


@dataclass(frozen=True)
class JobLine:
    """A job on the timetable. `result` is what it said last, or the name of an error: never anybody's words."""

    name: str
    label: str
    every: timedelta
    last_at: datetime | None
    result: str
    failures: int
    next_at: datetime | None
    is_running: bool
    is_due: bool


def timetable(db: Session, now: datetime) -> list[JobLine]:
    """Every job of this release; one statement."""
    rows = {row.name: row for row in db.scalars(select(TimetableRow))}
    return [_line(job, rows.get(job.name), now) for job in jobs.known()]


def _line(job: jobs.Job, row: TimetableRow | None, now: datetime) -> JobLine:
    label = JOBS.get(job.name, job.name)
    if row is None:
        return JobLine(job.name, label, job.every, None, "", 0, None, is_running=False, is_due=True)
    return JobLine(
        job.name,
        label,
        job.every,
        row.last_at,
        row.last_result,
        row.failures,
        row.next_at,
        is_running=row.leased_until is not None and row.leased_until > now,
        is_due=row.next_at <= now,
    )
