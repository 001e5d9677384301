"""What coming in does by the clock: removing drafts that are over, files of erased appeals, files without a row."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from portal.intake.queries.attached import known_files
from portal.intake.service.drafts import purge_drafts
from portal.intake.service.tidying import forget_files, is_tidy
from portal.kernel import files, jobs
from portal.kernel.clock import local_date
from portal.kernel.db import Database, zone_of

LOOKED_BACK = 7
"""Days whose folders are searched for files without a row."""


def register(folder: Path) -> None:
    """Put both on the timetable; `folder` is where uploads lie."""
    jobs.register("intake.tidy", timedelta(minutes=10), partial(tidy, folder))
    jobs.register("intake.orphans", timedelta(hours=12), partial(remove_orphans, folder))


def tidy(folder: Path, database: Database, now: datetime) -> str | None:
    """Remove drafts that are over and the bytes of erased appeals' files."""
    with database.reading() as db:
        if is_tidy(db, now):
            return None
    with database.transaction() as db:
        names = [*purge_drafts(db, now, most=200), *forget_files(db)]
    files.discard(folder, names)
    return f"{len(names)} files removed"


def remove_orphans(folder: Path, database: Database, now: datetime) -> str | None:
    """Remove files that were kept a day ago or longer and still belong to nothing."""
    with database.reading() as db:
        today = local_date(now, zone_of(db))
        days = (today - timedelta(days=back) for back in range(LOOKED_BACK))
        kept = [name for day in days for name in files.kept_on(folder, day, now - timedelta(days=1))]
        lost = set(kept) - known_files(db, kept)
    files.discard(folder, lost)
    return f"{len(lost)} files removed" if lost else None
