"""Reads for the public pages of units: the tree, a unit's record, its newest cases."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from portal.identity.models import Unit
from portal.publishing.models import PublishedCase


@dataclass(frozen=True)
class Record:
    """What a unit's published cases come to. Nothing is ranked."""

    published: int = 0
    open: int = 0
    overdue: int = 0
    solved: int = 0
    rated: int = 0
    satisfied: int = 0
    workdays: float | None = None
    """The mean of the working days that solved cases took."""


@dataclass(frozen=True)
class UnitRow:
    """A unit as its pages show it."""

    id: int
    slug: str
    name: str
    name_en: str
    duties: str
    phone: str
    parent_id: int | None
    valid_to: date | None
    successor_id: int | None
    record: Record = field(default_factory=Record)
    children: tuple["UnitRow", ...] = ()


_UNITS = select(
    Unit.id,
    Unit.slug,
    Unit.name,
    Unit.name_en,
    Unit.duties,
    Unit.phone,
    Unit.parent_id,
    Unit.valid_to,
    Unit.successor_id,
).order_by(Unit.sort, Unit.code)
_RECORDS = (
    select(
        PublishedCase.unit_id,
        func.count().label("published"),
        func.sum(case((PublishedCase.outcome == "open", 1), else_=0)).label("open"),
        func.sum(
            case(
                ((PublishedCase.outcome == "open") & (PublishedCase.due_day < bindparam("today")), 1), else_=0
            )
        ).label("overdue"),
        func.sum(case((PublishedCase.outcome == "solved", 1), else_=0)).label("solved"),
        func.sum(PublishedCase.rated).label("rated"),
        func.sum(PublishedCase.satisfied).label("satisfied"),
        func.avg(case((PublishedCase.outcome == "solved", PublishedCase.workdays_used))).label("workdays"),
    )
    .where(PublishedCase.visible, PublishedCase.unit_id.is_not(None))
    .group_by(PublishedCase.unit_id)
)
_CASES = (
    select(
        PublishedCase.ref,
        PublishedCase.title,
        PublishedCase.lang,
        PublishedCase.state,
        PublishedCase.outcome,
        PublishedCase.tier,
        PublishedCase.workdays_used,
        PublishedCase.closed_at,
        PublishedCase.received_on,
    )
    .where(PublishedCase.visible, PublishedCase.unit_id == bindparam("unit"))
    .order_by(PublishedCase.id.desc())
    .limit(bindparam("most"))
)


def every_unit(db: Session, today: date) -> dict[int, UnitRow]:
    """All units with their records, by id, parents before children; ended units are there, too."""
    records = {row.unit_id: _record(row) for row in db.execute(_RECORDS, {"today": today})}
    return {
        row.id: UnitRow(*row, record=records.get(row.id, Record()))  # the columns stand in the row's order
        for row in db.execute(_UNITS)
    }


def tree(units: dict[int, UnitRow], today: date) -> list[UnitRow]:
    """Units that exist today as a tree, roots first."""
    below: dict[int | None, list[UnitRow]] = defaultdict(list)
    for unit in units.values():
        if unit.valid_to is None or unit.valid_to >= today:
            below[unit.parent_id if unit.parent_id in units else None].append(unit)

    def grown(unit: UnitRow) -> UnitRow:
        return UnitRow(**{**vars(unit), "children": tuple(grown(child) for child in below[unit.id])})

    return [grown(unit) for unit in below[None]]


def find(db: Session, slug: str) -> int | None:
    """The unit with this address."""
    return db.scalar(select(Unit.id).where(or_(Unit.slug == slug, Unit.code == slug)).limit(1))


def newest_cases(db: Session, unit_id: int, most: int = 10) -> Sequence[Any]:
    """The unit's newest published cases."""
    return db.execute(_CASES, {"unit": unit_id, "most": most}).all()


def _record(row: Row[Any]) -> Record:
    return Record(
        published=row.published,
        open=int(row.open),
        overdue=int(row.overdue),
        solved=int(row.solved),
        rated=int(row.rated),
        satisfied=int(row.satisfied),
        workdays=float(row.workdays) if row.workdays is not None else None,
    )
