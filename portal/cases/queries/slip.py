"""An assignment slip (交办单) for printing."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import CaseLink
from portal.cases.queries.case_orders import AssignmentLine, assignments
from portal.deadlines.limits import LimitEvent
from portal.deadlines.models import Clock


@dataclass(frozen=True, slots=True)
class Slip:
    """One order with what stands around it."""

    order: AssignmentLine
    others: tuple[str, ...]
    """The other units that had an order in force at the same time."""
    askers: int
    due_day: date | None
    limit: tuple[int, str] | None
    """Amount and unit of the case's own limit."""
    accept_by: datetime | None


def slip(db: Session, case_id: int, number: int) -> Slip | None:
    """The slip of a case's order, by its number in the case. Four statements."""
    orders = assignments(db, case_id)
    order = next((row for row in orders if row.number == number), None)
    if order is None:
        return None
    others = tuple(row.unit for row in orders if row.id != order.id and _beside(row, order))
    askers = db.scalar(select(func.count()).where(CaseLink.case_id == case_id, CaseLink.ended_at.is_(None)))
    clocks = {
        row.event: row
        for row in db.scalars(
            select(Clock).where(Clock.subject_kind == "case", Clock.subject_id == case_id).order_by(Clock.id)
        )
    }
    own = clocks.get(LimitEvent.REMEDY) or clocks.get(LimitEvent.RESULT)
    accept = clocks.get(LimitEvent.ACCEPTANCE)
    return Slip(
        order,
        others,
        askers or 0,
        order.due_day,
        (own.amount, own.unit) if own else None,
        accept.due_at if accept and order.part == "lead" and not order.ended_at else None,
    )


def _beside(row: AssignmentLine, order: AssignmentLine) -> bool:
    """Both orders were in force together."""
    ended_before = row.ended_at is not None and row.ended_at <= order.made_at
    begun_after = order.ended_at is not None and row.made_at >= order.ended_at
    return not ended_before and not begun_after
