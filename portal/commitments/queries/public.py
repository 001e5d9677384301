"""What everybody reads of commitments: the list, one of them, the record of a unit, what the front page shows.

None of it reads a table of cases or of the desk.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, tuple_
from sqlalchemy.orm import Session

from portal.commitments.asked import OPEN, OVERDUE, PAGE, SOON_DAYS, CommitmentFilter
from portal.commitments.released import PublishedCommitment as Public
from portal.commitments.released import PublishedCommitmentDetail, PublishedPicture
from portal.commitments.values import PublicStep
from portal.publishing.models import PublishedCase

OPEN_STATES = ("made", "in_progress")
MOST_COUNTED = 1000
_ROW = (
    Public.id,
    Public.ref,
    Public.state,
    Public.running,
    Public.claimed,
    Public.lang,
    Public.what,
    Public.unit_id,
    Public.unit_name,
    Public.person_name,
    Public.due_day,
    Public.first_due_day,
    Public.ended_on,
    Public.follow_ups,
)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list."""

    rows: Sequence[Any]
    total: int
    """Up to `MOST_COUNTED` + 1."""
    next: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class PublicPage:
    """One commitment with everything its page shows."""

    row: Public
    how: str
    source_kind: str
    source_id: int
    said_live: bool
    case_refs: tuple[str, ...]
    history: tuple[PublicStep, ...]
    fingerprint: str
    pictures: dict[int, list[PublishedPicture]]


def find(db: Session, asked: CommitmentFilter, unit_id: int | None, today: date) -> Listing:
    """The page of the list that was asked for: by day if a day was asked for, else the newest first."""
    conditions = list(_conditions(asked, unit_id, today))
    statement = select(*_ROW).where(*conditions)
    if asked.due:
        statement = statement.order_by(Public.due_day, Public.id)
        if asked.after:
            at = (date.fromordinal(asked.after[0]), asked.after[1])
            statement = statement.where(tuple_(Public.due_day, Public.id) > at)
    else:
        statement = statement.order_by(Public.id.desc())
        if asked.after:
            statement = statement.where(Public.id < asked.after[1])
    found = db.execute(statement.limit(PAGE + 1)).all()
    rows = found[:PAGE]
    more = len(found) > PAGE
    last = (rows[-1].due_day.toordinal() if asked.due else 0, rows[-1].id) if more else None
    capped = select(Public.id).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    total = db.scalar(select(func.count()).select_from(capped)) or 0
    return Listing(rows, total, last)


def _conditions(asked: CommitmentFilter, unit_id: int | None, today: date) -> Any:
    if unit_id is not None:
        yield Public.unit_id == unit_id
    if asked.state == OPEN:
        yield Public.state.in_(OPEN_STATES)
    elif asked.state:
        yield Public.state == asked.state
    if asked.due:
        yield _late(today) if asked.due == OVERDUE else _soon(today)


def _late(today: date) -> ColumnElement[bool]:
    return and_(Public.running.is_(True), Public.due_day < today)


def _soon(today: date) -> ColumnElement[bool]:
    until = today + timedelta(days=SOON_DAYS)
    return and_(Public.running.is_(True), Public.due_day >= today, Public.due_day <= until)


def page(db: Session, ref: str) -> PublicPage | None:
    """The commitment with this reference, if it is public."""
    found = db.execute(
        select(Public, PublishedCommitmentDetail)
        .join(PublishedCommitmentDetail, PublishedCommitmentDetail.published_commitment_id == Public.id)
        .where(Public.ref == ref)
    ).first()
    if found is None:
        return None
    row, detail = found
    pictures: dict[int, list[PublishedPicture]] = defaultdict(list)
    statement = select(PublishedPicture).where(PublishedPicture.published_commitment_id == row.id)
    for picture in db.scalars(statement.order_by(PublishedPicture.id)):
        pictures[picture.follow_up_id].append(picture)
    return PublicPage(
        row,
        detail.how,
        detail.source_kind,
        detail.source_id,
        detail.said_live,
        tuple(detail.case_refs),
        tuple(detail.history),
        detail.fingerprint,
        pictures,
    )


def cases(db: Session, refs: Sequence[str]) -> Sequence[Any]:
    """Those of the cases that are published."""
    if not refs:
        return ()
    return db.execute(
        select(PublishedCase.ref, PublishedCase.title, PublishedCase.lang)
        .where(PublishedCase.ref.in_(refs), PublishedCase.visible)
        .order_by(PublishedCase.ref)
    ).all()


def file_of(db: Session, ref: str, number: int) -> PublishedPicture | None:
    """A published file of this commitment."""
    return db.scalar(
        select(PublishedPicture)
        .join(Public, Public.id == PublishedPicture.published_commitment_id)
        .where(Public.ref == ref, PublishedPicture.id == number)
    )


def record(db: Session, today: date, unit_id: int | None = None) -> dict[str, int]:
    """How many run, are overdue, due soon, kept …; of everybody or of one unit."""
    counted: dict[str, ColumnElement[bool]] = {
        "open": Public.state.in_(OPEN_STATES),
        "overdue": _late(today),
        "soon": _soon(today),
        **{
            state: Public.state == state
            for state in ("kept", "kept_late", "partly_kept", "broken", "released")
        },
    }
    sums = [
        func.coalesce(func.sum(case((test, 1), else_=0)), 0).label(name) for name, test in counted.items()
    ]
    statement = select(func.count().label("all"), *sums).select_from(Public)
    if unit_id is not None:
        statement = statement.where(Public.unit_id == unit_id)
    return {name: int(value) for name, value in db.execute(statement).one()._mapping.items()}


def due(db: Session, today: date, most: int = 4) -> Sequence[Any]:
    """The latest first, then what is due soon."""
    wanted = and_(Public.running.is_(True), Public.due_day <= today + timedelta(days=SOON_DAYS))
    return db.execute(select(*_ROW).where(wanted).order_by(Public.due_day, Public.id).limit(most)).all()
