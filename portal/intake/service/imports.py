"""Imports by page: a table is sent and checked; a person looks at what the check found, and only then it is
taken in. The work itself is a job (`importing.job`), so a page is never kept waiting.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.cases.models import Channel
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.intake.importing.maps import ColumnMap, shipped
from portal.intake.importing.models import ImportPart, ImportRefusal, ImportRun
from portal.intake.importing.reading import open_table
from portal.intake.importing.records import InMemory
from portal.kernel import jobs, keys
from portal.kernel.db import keys_of
from portal.kernel.errors import Invalid, NotFound, PortalError, Refused
from portal.kernel.words import N_

JOB = "intake.imports"
LARGEST_MB = 20
"""What comes by page; larger tables come by command."""
PART = 2**20
KEPT = timedelta(days=30)
FORGOTTEN = timedelta(days=3)
"""A table that was checked and then left alone is thrown away."""
RUNNING = ("checking", "running")
OVER = ("done", "failed", "dropped")


def maps_for(name: str) -> tuple[ColumnMap, ...]:
    """The shipped map of this name, or all of them, of which the one that fits is taken."""
    found = tuple(one for one in shipped() if one.name == name)
    return found or shipped()


@dataclass(frozen=True, slots=True)
class Header:
    """What a table's header says: the map that fits, and the columns that mean nothing in it."""

    map_name: str
    unknown: tuple[str, ...]


def look(content: bytes, map_name: str) -> Header:
    """Find the header (`Invalid` says what is missing). Slow for large spreadsheets, and no transaction's business."""
    opened = open_table(InMemory(content), maps_for(map_name))
    return Header(opened.map.name, opened.unknown)


def begin(
    db: Session,
    now: datetime,
    actor: Actor,
    *,
    file_name: str,
    size: int,
    header: Header,
    channel_id: int,
    as_new: bool,
) -> ImportRun:
    """Note a table whose parts are about to be kept."""
    require(actor, "intake.import")
    if actor.person_id is None:
        raise Refused("second_person_required")
    if db.get(Channel, channel_id) is None:
        raise Invalid("not_on_list", N_("Choose from the list."), field="channel")
    _, wrapped = keys_of(db).new_data_key()
    run = ImportRun(
        file_name=file_name[:160],
        size=size,
        wrapped=wrapped,
        channel_id=channel_id,
        map_name=header.map_name,
        as_new=as_new,
        made_by_id=actor.person_id,
        made_at=now,
        unknown=list(header.unknown[:50]),
    )
    db.add(run)
    db.flush()
    return run


def parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The pieces of a file; each is kept in a transaction of its own, lest one holds up everybody."""
    for number, start in enumerate(range(0, len(content), PART)):
        yield number, content[start : start + PART]


def keep_part(db: Session, run_id: int, number: int, part: bytes) -> None:
    """Keep a piece, sealed."""
    run = db.get_one(ImportRun, run_id)
    key = keys_of(db).unwrap(run.wrapped or b"")
    db.add(ImportPart(run_id=run_id, number=number, sealed=keys.seal(key, part)))


def content_of(db: Session, run: ImportRun) -> bytes:
    """The file that was sent."""
    key = keys_of(db).unwrap(run.wrapped or b"")
    found = db.scalars(
        select(ImportPart.sealed).where(ImportPart.run_id == run.id).order_by(ImportPart.number)
    )
    return b"".join(keys.unseal(key, sealed) for sealed in found)


def check(db: Session, now: datetime, actor: Actor, run_id: int) -> None:
    """All parts are here: let the table be checked."""
    _move(db, now, actor, run_id, ("sending",), "checking")


def start(db: Session, now: datetime, actor: Actor, run_id: int) -> None:
    """Somebody has looked at the check: take the table in. The counts begin anew."""
    run = _move(db, now, actor, run_id, ("checked",), "running")
    run.rows = run.added = run.known = run.refused = 0
    db.execute(delete(ImportRefusal).where(ImportRefusal.run_id == run_id))


def drop(db: Session, now: datetime, actor: Actor, run_id: int) -> None:
    """Throw a table away, or stop taking it in: what is in stays."""
    run = _move(db, now, actor, run_id, ("sending", "checked", *RUNNING), "dropped")
    end(db, now, run, "dropped")


def _move(
    db: Session, now: datetime, actor: Actor, run_id: int, sources: tuple[str, ...], target: str
) -> ImportRun:
    require(actor, "intake.import")
    run = load(db, run_id)
    if run.state == target:
        return run  # a second click
    if run.state not in sources:
        raise Refused("import_moved_on", N_("This import has moved on meanwhile. Look at where it stands."))
    run.state = target
    jobs.hurry(db, JOB, now)
    db.flush()
    return run


def load(db: Session, run_id: int) -> ImportRun:
    """The import, locked until the transaction ends."""
    run = db.scalar(select(ImportRun).where(ImportRun.id == run_id).with_for_update())
    if run is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return run


def end(db: Session, now: datetime, run: ImportRun, state: str, failure: PortalError | None = None) -> None:
    """It is over: the file and its key go."""
    run.state, run.ended_at, run.wrapped = state, now, None
    if failure is not None:
        run.failure = as_refusal(failure)
    db.execute(delete(ImportPart).where(ImportPart.run_id == run.id))
    db.flush()


def as_refusal(error: PortalError) -> dict[str, object]:
    """A refusal as it is kept, to be told in the reader's language."""
    params = {
        name: value if isinstance(value, int) else str(value)[:400] for name, value in error.params.items()
    }
    return {"code": error.code[:40], "message": error.message[:300], "params": params}


def forget(db: Session, now: datetime) -> int:
    """Throw away tables that nobody came back to, and what is left of imports long over."""
    left = db.scalars(
        select(ImportRun).where(
            ImportRun.state.in_(("sending", "checked")), ImportRun.made_at < now - FORGOTTEN
        )
    ).all()
    for run in left:
        end(db, now, run, "dropped")
    old = select(ImportRun.id).where(ImportRun.state.in_(OVER), ImportRun.ended_at < now - KEPT)
    db.execute(delete(ImportRefusal).where(ImportRefusal.run_id.in_(old)))
    return len(left)
