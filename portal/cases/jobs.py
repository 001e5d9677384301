"""What happens to cases by the clock: closing what is due, noting what becomes late."""

from datetime import datetime, timedelta

import structlog

from portal.cases.service import timing
from portal.deadlines import service as deadlines
from portal.kernel import jobs
from portal.kernel.db import Database
from portal.kernel.errors import PortalError

log = structlog.get_logger(__name__)


def register() -> None:
    """Put the jobs on the timetable."""
    jobs.register("cases.close_due", timedelta(minutes=1), close_due)
    jobs.register("cases.note_stages", timedelta(minutes=1), note_stages)


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
