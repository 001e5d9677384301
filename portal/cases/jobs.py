"""What happens to cases by the clock: closing what is due, noting what becomes late,
clearing away what was erased."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Appeal
from portal.cases.service import timing
from portal.deadlines import service as deadlines
from portal.kernel import jobs, search
from portal.kernel.db import Database
from portal.kernel.errors import PortalError

log = structlog.get_logger(__name__)


PURGE = "cases.purge_search"
MOST_STEPS = 10_000


def register() -> None:
    """Put the jobs on the timetable."""
    jobs.register("cases.close_due", timedelta(minutes=1), close_due)
    jobs.register("cases.note_stages", timedelta(minutes=1), note_stages)
    jobs.register(PURGE, timedelta(minutes=10), purge_search)


def close_due(database: Database, now: datetime) -> str | None:
    """Each case in a transaction of its own; one that is refused is tried again next time."""
    with database.reading() as db:
        found = timing.due_cases(db, now)
    done = sum(_settle(database, now, case_id) for case_id in found)
    return f"{done} of {len(found)}" if found else None


def _settle(database: Database, now: datetime, case_id: int) -> bool:
    try:
        with database.transaction() as db:
            return timing.settle(db, now, case_id)
    except PortalError as error:
        log.warning("case not settled", case_id=case_id, code=error.code)
        return False


def note_stages(database: Database, now: datetime) -> str | None:
    """The stages that clocks have reached; what became late goes to the histories in the same transaction."""
    done = 0
    while True:
        with database.reading() as db:
            if not deadlines.is_anything_due(db, now):
                return f"{done}" if done else None
        with database.transaction() as db:
            done += deadlines.sweep(db, now)


def purge_search(database: Database, now: datetime) -> str | None:
    """After an erasure, rewrite the search indexes in short steps, until the erased words have left the file."""
    with database.reading() as db:
        if not _was_erased_since(db):
            return None
    steps = sum(_purge(database, name) for name in search.names)
    return f"{steps} steps"


def _was_erased_since(db: Session) -> bool:
    """Whether anything was erased since this last ran well."""
    row = db.get(jobs.TimetableRow, PURGE)
    statement = select(Appeal.id).where(Appeal.erased_at.is_not(None)).limit(1)
    if row is not None and row.last_at is not None and not row.failures:
        statement = statement.where(Appeal.erased_at >= row.last_at)
    return db.scalar(statement) is not None


def _purge(database: Database, name: str) -> int:
    for step in range(MOST_STEPS):
        with database.transaction() as db:
            if not search.purge(db, name, first=step == 0):
                return step + 1
    return MOST_STEPS
