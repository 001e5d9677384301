"""`portal check`: configuration, database, SQLite, calendar, disk — what is wrong and how to mend it."""

import sqlite3
import sys
from collections.abc import Iterator

import click
from sqlalchemy.exc import DBAPIError

from portal.kernel import clock, disk
from portal.kernel.db import Database
from portal.operations import mails, soundness
from portal.operations.findings import Finding
from portal.settings import Settings, UnsafeSettings, load

WAL_RESET_BUG = ((3, 7, 0), (3, 51, 2))


@click.command()
def check() -> None:
    """Look at the whole installation and say what is wrong and how to mend it; exit code 1 for faults."""
    try:
        settings = load()
    except UnsafeSettings as error:
        _tell(Finding("fault", "settings", str(error)))
        sys.exit(1)
    found = list(findings(settings))
    for finding in found:
        _tell(finding)
    sys.exit(1 if any(finding.level == "fault" for finding in found) else 0)


def findings(settings: Settings) -> Iterator[Finding]:
    """Everything that was looked at."""
    yield from _of_settings(settings)
    yield from mails.findings(settings)
    yield from _of_sqlite(settings)
    yield from _of_database(settings)
    yield from _of_disk(settings)


def _tell(finding: Finding) -> None:
    click.echo(f"{finding.level:5} {finding.about}: {finding.words}")


def _of_settings(settings: Settings) -> Iterator[Finding]:
    yield Finding("ok", "settings", f"readable; {settings.base_url}, {settings.timezone}")
    if settings.demo:
        yield Finding(
            "note", "settings", "PORTAL_DEMO=1: a demonstration; set it to 0 and give keys of your own"
        )
    elif not settings.base_url.startswith("https://"):
        yield Finding("fault", "settings", "PORTAL_BASE_URL is not https: cookies and codes travel readable")
    if settings.trusted_proxies == () and not settings.demo:
        yield Finding(
            "note",
            "network",
            "PORTAL_TRUSTED_PROXIES is empty: behind a proxy every visitor would share one address",
        )


def _of_sqlite(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url.startswith("sqlite"):
        return
    version = sqlite3.sqlite_version_info
    low, high = WAL_RESET_BUG
    if low <= version <= high:
        yield Finding(
            "note",
            "sqlite",
            f"{sqlite3.sqlite_version} has the WAL-reset bug (a checkpoint racing a commit); the portal avoids it "
            "by checkpointing only inside its write lane. Do not let other programs write to the file",
        )
    else:
        yield Finding("ok", "sqlite", sqlite3.sqlite_version)


def _of_database(settings: Settings) -> Iterator[Finding]:
    try:
        database = Database(settings.database_url, keys=settings.keys, zone=settings.timezone, pool_size=1)
        found = soundness.faults(database)
        years = _unmarked_years(database) if not found else []
        given_up = mails.given_up(database) if not found else 0
        database.dispose()
    except (DBAPIError, OSError, ValueError) as error:
        yield Finding(
            "fault", "database", f"cannot be reached: {type(error).__name__}; see PORTAL_DATABASE_URL"
        )
        return
    if found:
        yield from (Finding("fault", "database", words) for words in found)
        return
    yield Finding("ok", "database", "sound and at this release's version")
    if given_up:
        yield Finding(
            "note",
            "mail",
            f"{given_up} mails or texts were given up: see Administration → Mails and texts",
        )
    for year in years:
        yield Finding(
            "note",
            "calendar",
            f"{year} is not marked complete: Monday to Friday is used and said beside each date. "
            "Load it with `portal calendar import FILE.csv` once the official notice is out",
        )


def _unmarked_years(database: Database) -> list[int]:
    from portal.deadlines.service import load_calendar

    with database.reading() as db:
        calendar = load_calendar(db)
    this_year = clock.now().year
    return [year for year in (this_year, this_year + 1) if not calendar.knows(year)]


def _of_disk(settings: Settings) -> Iterator[Finding]:
    room = disk.room_at(settings.upload_dir)
    if not room.writable:
        yield Finding(
            "fault", "disk", f"{room.folder} cannot be written to by this user; see PORTAL_UPLOAD_DIR"
        )
        return
    level = "ok" if room.is_enough else "fault"
    yield Finding(level, "disk", f"{room.free // 2**20} MB free at {room.folder}")
