"""What the clock does to cases, by nobody's hand: one at a time, so that one that cannot holds up no other."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from portal.cases.models import Assignment, Case
from portal.cases.service import clocks
from portal.cases.service.closing import close_if_settled
from portal.cases.service.gates import shut
from portal.cases.service.moves import load, move
from portal.cases.texts import RatingRow, Reply
from portal.cases.vocabulary import Act, ClosingKind, PartState, Rating
from portal.cases.workflow import CaseState
from portal.deadlines.limits import LimitEvent
from portal.deadlines.models import Clock
from portal.identity.actors import SYSTEM


def close_due(db: Session, now: datetime) -> int:
    """Close what was answered when the time to rate is over, close what waits for an asker who did not answer,
    and let work go on when somebody outside took too long. Returns how many."""
    return sum(settle(db, now, case_id) for case_id in due_cases(db, now))


def due_cases(db: Session, now: datetime) -> list[int]:
    """The cases that the clock has something to do with."""
    found: set[int] = set()
    for condition in (
        _rating_over(now),
        _wait_over(now, CaseState.WAITING_ASKER, LimitEvent.ASKER_REPLY) & _no_open_part(),
        _wait_over(now, CaseState.WAITING_EXTERNAL, LimitEvent.EXTERNAL_REPLY),
    ):
        found.update(db.scalars(select(Case.id).where(Case.is_history.is_(False), condition)))
    return sorted(found)


def settle(db: Session, now: datetime, case_id: int) -> bool:
    """Do to one case what is due; whether anything was."""
    case = load(db, case_id)
    return _ACTS.get(CaseState(case.state), _nothing)(db, now, case)


def _nothing(db: Session, now: datetime, case: Case) -> bool:
    return False


def _unreachable(db: Session, now: datetime, case: Case) -> bool:
    if not _is_over(db, now, case, LimitEvent.ASKER_REPLY):
        return False
    shut(db, now, SYSTEM, case, ClosingKind.UNREACHABLE)
    return True


def _go_on(db: Session, now: datetime, case: Case) -> bool:
    if not _is_over(db, now, case, LimitEvent.EXTERNAL_REPLY):
        return False
    move(db, now, SYSTEM, case, CaseState.HANDLING, Act.RESUMED, reason_code="wait_over")
    return True


def _is_over(db: Session, now: datetime, case: Case, event: LimitEvent) -> bool:
    turn = clocks.turn_clock(db, case, event)
    return turn is not None and turn.due_at <= now


_ACTS: dict[CaseState, Callable[[Session, datetime, Case], bool]] = {
    CaseState.ANSWERED: close_if_settled,
    CaseState.WAITING_ASKER: _unreachable,
    CaseState.WAITING_EXTERNAL: _go_on,
}


def _rating_over(now: datetime) -> ColumnElement[bool]:
    """Leaves out what a person has to look at first: open parts, and ratings that say it is not solved."""
    later = aliased(Reply)
    newest = ~exists().where(later.case_id == RatingRow.case_id, later.id > RatingRow.reply_id)
    bad = [rating.value for rating in Rating if rating.is_dissatisfied]
    return and_(
        Case.state == CaseState.ANSWERED,
        Case.rating_until <= now,
        _no_open_part(),
        ~exists().where(RatingRow.case_id == Case.id, RatingRow.result.in_(bad), newest),
    )


def _no_open_part() -> ColumnElement[bool]:
    return ~exists().where(
        Assignment.case_id == Case.id,
        Assignment.part == "supporting",
        Assignment.ended_at.is_(None),
        Assignment.part_state == PartState.OPEN,
    )


def _wait_over(now: datetime, state: CaseState, event: LimitEvent) -> ColumnElement[bool]:
    late = exists().where(
        Clock.subject_kind == clocks.KIND,
        Clock.subject_id == Case.id,
        Clock.event == event,
        Clock.stopped_at.is_(None),
        Clock.due_at <= now,
    )
    return and_(Case.state == state, late)
