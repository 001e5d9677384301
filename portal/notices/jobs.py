"""Notices that were approved for a minute become public when it comes."""

from datetime import datetime, timedelta

from portal.kernel import jobs
from portal.kernel.db import Database
from portal.notices.service.publishing import is_anything_due, publish_due


def register() -> None:
    """Put the job on the timetable; looked at often, because a minute was promised."""
    jobs.register("notices.publish", timedelta(seconds=10), work)


def work(database: Database, now: datetime) -> str | None:
    """Reads first, so that an idle portal writes nothing."""
    with database.reading() as db:
        if not is_anything_due(db, now):
            return None
    with database.transaction() as db:
        return f"{publish_due(db, now)} published"
