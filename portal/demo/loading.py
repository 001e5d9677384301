"""Loads the demonstration city: founds it, fills it with invented cases where it is to be large, then plays the
cases written by hand in the order of time. Each step is done once: a load that was cut short goes on."""

import contextlib
import gc
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.cases.service import Filed
from portal.demo import content, founding, pictures, promises, scale
from portal.demo.announcing import announce
from portal.demo.company import Company
from portal.demo.harvest import harvest
from portal.demo.publication import publish
from portal.demo.story import Stage, tell
from portal.identity.models import Installation, Person
from portal.kernel import files
from portal.kernel.clock import local_date
from portal.kernel.db import Database, zone_of
from portal.kernel.errors import Refused
from portal.kernel.words import N_

TOLD = "demo_told"
"""Set when the cases written by hand have been played."""


@dataclass(frozen=True)
class Loaded:
    """What the demonstration city holds; `example` is an appeal to follow with its code."""

    people: int
    cases: int
    example: Filed | None


def is_loaded(db: Session) -> bool:
    """Whether this database is a whole demonstration already. Refuses one with people of its own."""
    made_by = _noted(db, founding.MADE_BY)
    if made_by is None and db.scalar(select(Person.id).limit(1)) is not None:
        raise Refused(
            "not_empty", N_("This database has people of its own; a demonstration needs an empty one.")
        )
    return made_by == founding.DEMO and _noted(db, TOLD) is not None


def _noted(db: Session, name: str) -> str | None:
    return db.scalar(select(Installation.value).where(Installation.name == name))


def load(
    database: Database,
    now: datetime,
    upload_dir: Path,
    invented: int = 0,
    progress: scale.Progress = lambda *_: None,
) -> Loaded:
    """Found the city, fill it with so many invented cases, and play those written by hand."""
    city = content.load()
    with database.transaction() as db:
        if _noted(db, founding.MADE_BY) is None:
            founding.found(db, now, city)
    if invented:
        scale.fill(database, now, upload_dir, invented, progress)
    with database.transaction() as db:
        ids = founding.ids_of(db, city)
        company = Company(db, now, city, ids)

        def keep(caption: str, at: datetime) -> dict[str, Any]:
            kept = files.keep(
                upload_dir, f"{caption}.jpg", pictures.scene(caption), local_date(at, zone_of(db))
            )
            return vars_of(kept)

        stage = Stage(db, now, city, ids, company, keep, publish)
        with _without_collector(), _keeping(db):
            promised = [promises.tell(stage, demo) for demo in city.commitments.values()]
            _run([tell(stage, demo) for demo in city.cases.values()] + promised)
            announce(stage)
            harvest(stage)
        example = next(
            (stage.filed[case.key] for case in city.cases.values() if case.state == "handling"), None
        )
        db.add(Installation(name=TOLD, value=str(len(stage.filed))))
        return Loaded(len(ids.people), len(stage.filed) + invented, example)


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Thousands of rows stay alive until the commit: looking for garbage among them finds none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextlib.contextmanager
def _keeping(db: Session) -> Iterator[None]:
    """A session forgets rows that nobody holds and reads them again; a whole city fits in memory."""
    held: list[object] = []

    def hold(_db: Session, row: object) -> None:
        held.append(row)

    moments = ("loaded_as_persistent", "pending_to_persistent")
    for moment in moments:
        event.listen(db, moment, hold)
    try:
        yield
    finally:
        for moment in moments:
            event.remove(db, moment, hold)


def vars_of(kept: files.KeptFile) -> dict[str, Any]:
    """A kept file as the columns of its row."""
    return {name: getattr(kept, name) for name in ("name", "media_type", "size", "sha256", "stored_as")}


def _run(stories: list[Iterator[datetime]]) -> None:
    """Take the steps of all stories in the order of their moments."""
    waiting = [(moment, number) for number, story in enumerate(stories) if (moment := next(story, None))]
    heapq.heapify(waiting)
    while waiting:
        _, number = heapq.heappop(waiting)
        moment = next(stories[number], None)
        if moment is not None:
            heapq.heappush(waiting, (moment, number))
