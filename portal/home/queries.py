"""Reads for the front page: the counters, what was just solved, what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.publishing.models import PublicCount, PublishedCase

_ROW = (
    PublishedCase.ref,
    PublishedCase.title,
    PublishedCase.lang,
    PublishedCase.unit_id,
    PublishedCase.unit_name,
    PublishedCase.tier,
    PublishedCase.state,
    PublishedCase.outcome,
    PublishedCase.workdays_used,
    PublishedCase.rated,
    PublishedCase.satisfied,
    PublishedCase.closed_at,
    PublishedCase.due_day,
)
# Written once: building a statement costs more than running it.
_COUNTS = select(PublicCount.name, PublicCount.value)
_SOLVED = (
    select(*_ROW)
    .where(PublishedCase.visible, PublishedCase.outcome == "solved")
    .order_by(PublishedCase.id.desc())
    .limit(bindparam("most"))
)
_LATE = (
    select(*_ROW)
    .where(PublishedCase.visible, PublishedCase.outcome == "open", PublishedCase.due_day < bindparam("today"))
    .order_by(PublishedCase.due_day)
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Share:
    """One part of all that was received: its count and where it begins on a bar of a thousand."""

    name: str
    count: int
    start: float
    width: float


def counts(db: Session) -> dict[str, int]:
    """Every public counter by name."""
    return {row.name: row.value for row in db.execute(_COUNTS)}


def just_solved(db: Session, most: int = 4) -> Sequence[Any]:
    """The newest published solutions."""
    return db.execute(_SOLVED, {"most": most}).all()


def late(db: Session, today: date, most: int = 4) -> Sequence[Any]:
    """Published cases past their date, the latest first."""
    return db.execute(_LATE, {"most": most, "today": today}).all()


def shares(found: dict[str, int], names: tuple[str, ...]) -> list[Share]:
    """The parts of a bar, in order, with a hair of space between them; what is zero takes none."""
    total = sum(found.get(name, 0) for name in names) or 1
    parts, start = [], 0.0
    for name in names:
        width = 1000 * found.get(name, 0) / total
        parts.append(Share(name, found.get(name, 0), round(start, 1), round(max(width - 2, 0.0), 1)))
        start += width
    return parts


def as_of(moment: datetime) -> datetime:
    """The hour to which figures are said to be counted: a page kept for a while must not claim a minute."""
    return moment.replace(minute=0, second=0, microsecond=0)
