"""The work of imports by page: some seconds at each turn, so that nothing else waits for long.

A turn goes on where the last one stopped, in this process from the open file, after a kill from the row that
was noted in the same transaction as what was taken in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Channel
from portal.identity.queries import actor_of
from portal.intake.importing.checking import Checker
from portal.intake.importing.models import ImportRefusal, ImportRun
from portal.intake.importing.reading import open_table
from portal.intake.importing.records import InMemory
from portal.intake.importing.running import Order, Tally, Told, checker_for, steps
from portal.intake.service import imports
from portal.kernel import jobs
from portal.kernel.aside import aside
from portal.kernel.db import Database, keys_of, zone_of
from portal.kernel.errors import PortalError

TURN = 3.0
"""Seconds; then other jobs have theirs."""
BATCH, BATCH_CHECKED = 50, 400
"""Rows at once: a batch holds up the pages for some hundredths of a second."""
MOST_REFUSALS = 500
MOST_UNLISTED = 20


@dataclass
class Live:
    """An import that this process has under way."""

    run_id: int
    state: str
    checker: Checker
    work: Iterator[Tally] = field(init=False)
    refusals: list[tuple[int, PortalError]] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


_live: dict[str, Live] = {}
"""By database, so that tests do not find each other's."""


def register() -> None:
    """Put it on the timetable. Its lease is short: after a kill somebody else goes on within a minute."""
    jobs.register(imports.JOB, timedelta(minutes=1), turn, lease=timedelta(minutes=1))


def turn(database: Database, now: datetime) -> object:
    """Work on the oldest import for some seconds; asks for another turn while anything is left."""
    with database.reading() as db:
        run = db.scalars(
            select(ImportRun).where(ImportRun.state.in_(imports.RUNNING)).order_by(ImportRun.id).limit(1)
        ).first()
    if run is None:
        _live.pop(str(database.url), None)
        return _tidied(database, now)
    try:
        over = _work(database, now, run)
    except Stopped:
        _live.pop(str(database.url), None)
        return f"import {run.id} stopped"
    except PortalError as error:
        _live.pop(str(database.url), None)
        with database.transaction() as db:
            imports.end(db, now, imports.load(db, run.id), "failed", error)
        return f"import {run.id} failed"
    return jobs.AGAIN if not over else f"import {run.id}: {run.state}"


def _tidied(database: Database, now: datetime) -> str | None:
    with database.transaction() as db:
        dropped = imports.forget(db, now)
    return f"{dropped} forgotten" if dropped else None


def _work(database: Database, now: datetime, run: ImportRun) -> bool:
    """Whether this run is through."""
    live = _found(database, now, run)
    until = monotonic() + TURN
    for tally in live.work:
        if run.state == "checking":
            with database.transaction() as db:
                if not _noted(db, live, tally):
                    return True
        if monotonic() > until:
            return False
    _live.pop(str(database.url), None)
    with database.transaction() as db:
        if _noted(db, live, live.tally):
            _finish(db, now, imports.load(db, run.id), live)
    return True


def _found(database: Database, now: datetime, run: ImportRun) -> Live:
    """What is under way here, if it is this one and nobody else went on with it; else begun from what is noted."""
    live = _live.get(str(database.url))
    if live and (live.run_id, live.state, live.tally.rows) == (run.id, run.state, run.rows):
        return live
    live = _begun(database, now, run)
    _live[str(database.url)] = live
    return live


def _begun(database: Database, now: datetime, run: ImportRun) -> Live:
    with database.reading() as db:
        keys, zone = keys_of(db), zone_of(db)
        content = imports.content_of(db, run)
        channel = db.get_one(Channel, run.channel_id)
        actor = actor_of(db, run.made_by_id, now, zone)
    source, maps = InMemory(content), imports.maps_for(run.map_name)
    opened = aside(lambda: open_table(source, maps))
    checker = checker_for(database, opened, now, keys, zone)
    checking = run.state == "checking"
    live = Live(run.id, run.state, checker)
    if not checking:
        live.tally = Tally(rows=run.rows, added=run.added, known=run.known, refused=run.refused)
    elif run.rows:
        # A check that was cut short begins anew: it is quick, and knows what it would have added.
        with database.transaction() as db:
            _clear(db, run.id)
    order = Order(
        channel,
        actor,
        open=run.as_new,
        dry_run=checking,
        batch=BATCH_CHECKED if checking else BATCH,
        before=live.tally,
    )
    told = Told(
        lambda line, error: live.refusals.append((line, error)), lambda db, tally: _note(db, live, tally)
    )
    live.work = steps(database, keys, now, checker, order, told)
    return live


def _clear(db: Session, run_id: int) -> None:
    run = imports.load(db, run_id)
    run.rows = run.added = run.known = run.refused = 0
    for refusal in db.scalars(select(ImportRefusal).where(ImportRefusal.run_id == run_id)):
        db.delete(refusal)


def _note(db: Session, live: Live, tally: Tally) -> None:
    if not _noted(db, live, tally):
        raise Stopped("import_stopped")


class Stopped(PortalError):
    """Somebody threw the import away while it was at work."""


def _noted(db: Session, live: Live, tally: Tally) -> bool:
    """Write down how far it is, with what was refused since. False if it is wanted no more."""
    run = imports.load(db, live.run_id)
    if run.state != live.state:
        return False
    room = max(MOST_REFUSALS - run.refused, 0)
    db.add_all(
        ImportRefusal(run_id=run.id, line=line, **imports.as_refusal(error))
        for line, error in live.refusals[:room]
    )
    live.refusals.clear()
    run.rows, run.added, run.known, run.refused = tally.rows, tally.added, tally.known, tally.refused
    db.flush()
    return True


def _finish(db: Session, now: datetime, run: ImportRun, live: Live) -> None:
    run.not_listed = [
        [name, value, count] for (name, value), count in live.checker.not_listed.most_common(MOST_UNLISTED)
    ]
    if run.state == "checking":
        run.total = run.rows
        run.state = "checked"
    else:
        imports.end(db, now, run, "done")
