"""Imports by page: the newest, and one with what was refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.cases.models import Channel
from portal.identity.models import Person
from portal.intake.importing.models import ImportRefusal, ImportRun
from portal.intake.queries.following import in_language

NEWEST = 20
SHOWN = 200


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import as a line of the list, and at the head of its page."""

    id: int
    state: str
    file_name: str
    channel: str
    channel_code: str
    map_name: str
    as_new: bool
    made_by: str
    made_at: datetime
    ended_at: datetime | None
    rows: int
    added: int
    known: int
    refused: int
    total: int
    unknown: list[Any]
    not_listed: list[Any]
    failure: dict[str, Any]

    @property
    def is_under_way(self) -> bool:
        return self.state in ("checking", "running")


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """A row that was refused."""

    line: int
    code: str
    message: str
    params: dict[str, Any]


def newest(db: Session, *, english: bool = False) -> list[ImportRow]:
    """The newest imports, newest first."""
    return [ImportRow(*row) for row in db.execute(_rows(english).order_by(ImportRun.id.desc()).limit(NEWEST))]


def import_row(db: Session, run_id: int, *, english: bool = False) -> ImportRow | None:
    """One import."""
    row = db.execute(_rows(english).where(ImportRun.id == run_id)).first()
    return ImportRow(*row) if row else None


def refusals(db: Session, run_id: int) -> list[RefusalRow]:
    """What was refused, by line; the first ones of many."""
    rows = db.execute(
        select(ImportRefusal.line, ImportRefusal.code, ImportRefusal.message, ImportRefusal.params)
        .where(ImportRefusal.run_id == run_id)
        .order_by(ImportRefusal.line, ImportRefusal.id)
        .limit(SHOWN)
    )
    return [RefusalRow(*row) for row in rows]


def channels(db: Session) -> list[tuple[int, str, str]]:
    """Channels in use: id, name, name in English."""
    rows = db.execute(
        select(Channel.id, Channel.name, Channel.name_en)
        .where(Channel.active)
        .order_by(Channel.sort, Channel.id)
    )
    return [(row.id, row.name, row.name_en) for row in rows]


def _rows(english: bool) -> Select[*tuple[Any, ...]]:
    run = ImportRun
    return (
        select(
            run.id,
            run.state,
            run.file_name,
            in_language(Channel, english),
            Channel.code,
            run.map_name,
            run.as_new,
            func.coalesce(Person.name, ""),
            run.made_at,
            run.ended_at,
            run.rows,
            run.added,
            run.known,
            run.refused,
            run.total,
            run.unknown,
            run.not_listed,
            run.failure,
        )
        .join(Channel, Channel.id == run.channel_id)
        .outerjoin(Person, Person.id == run.made_by_id)
    )
