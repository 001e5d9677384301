"""One published case with everything its page shows: the case, its files, its versions. Two statements a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from portal.publishing.models import PublishedCase, PublishedDetail, PublishedFile
from portal.publishing.values import Facts, Gate, PublicClock, PublicEntry, Ratings


@dataclass(frozen=True, slots=True)
class FileRow:
    """A released file."""

    id: int
    part: str
    caption: str
    name: str
    media_type: str
    size: int
    stored_as: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case as its public page shows it; a withdrawn one has no content but its words of farewell."""

    id: int
    ref: str
    visible: bool
    lang: str
    title: str
    state: str
    outcome: str
    tier: str
    kind: str
    party_kind: str
    unit_id: int | None
    unit_name: str
    category_id: int | None
    area_id: int | None
    askers: int
    received_on: date
    answered_on: date | None
    closed_at: datetime | None
    due_day: date | None
    version: int
    first_published_at: datetime
    published_at: datetime
    body: str
    reply: str
    mechanism: str
    facts: Facts
    clock: PublicClock
    timeline: list[PublicEntry]
    gates: dict[str, Gate]
    ratings: Ratings
    fingerprint: str
    correction_note: str
    withdrawn_code: str
    withdrawn_words: str
    files: Sequence[FileRow] = ()


_NAMES = tuple(CasePage.__dataclass_fields__)[:-1]


@lru_cache(maxsize=1)
def _case() -> Select[Any]:
    detail = PublishedDetail.__table__.c
    case = PublishedCase.__table__.c
    return (
        select(*(case[name] if name in case else detail[name] for name in _NAMES))
        .join_from(PublishedCase, PublishedDetail, PublishedDetail.published_case_id == PublishedCase.id)
        .where(PublishedCase.ref == bindparam("ref"))
    )


@lru_cache(maxsize=1)
def _files() -> Select[Any]:
    columns = (getattr(PublishedFile, name) for name in FileRow.__dataclass_fields__)
    return (
        select(*columns)
        .where(PublishedFile.published_case_id == bindparam("case"))
        .order_by(PublishedFile.id)
    )


def case_page(db: Session, ref: str) -> CasePage | None:
    """The case of this reference, withdrawn or not; None if it was never published."""
    row: Row[Any] | None = db.execute(_case(), {"ref": ref}).first()
    if row is None:
        return None
    files = [FileRow(*file) for file in db.execute(_files(), {"case": row.id})] if row.visible else []
    return CasePage(**row._mapping, files=files)


def file_of(db: Session, ref: str, file_id: int) -> FileRow | None:
    """A released file of a case that is public."""
    columns = (getattr(PublishedFile, name) for name in FileRow.__dataclass_fields__)
    row = db.execute(
        select(*columns)
        .join(PublishedCase, PublishedCase.id == PublishedFile.published_case_id)
        .where(PublishedCase.ref == ref, PublishedCase.visible, PublishedFile.id == file_id)
    ).first()
    return FileRow(*row) if row else None
