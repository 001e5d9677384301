"""What a case's moves do to its clocks: its own limit, and the limit of whoever's turn it is.

`Case.due_at` shows the own limit while it runs; it is empty while it stands still or has stopped.
Imported history has no clocks.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.vocabulary import Tier
from portal.cases.workflow import CaseState, ClockEffect, Transition
from portal.deadlines import service as deadlines
from portal.deadlines.limits import LimitEvent
from portal.deadlines.models import Clock
from portal.deadlines.queries import last_clock, limit_table, live_clock, load_calendar
from portal.deadlines.rules import due, limit_for
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of

KIND = "case"
OWN = (LimitEvent.RESULT, LimitEvent.REMEDY)
"""The case's own limit: to be answered, or to be made good."""

TURN_LIMITS: Mapping[CaseState, LimitEvent] = MappingProxyType(
    {
        CaseState.SUBMITTED: LimitEvent.SCREENING,
        CaseState.ASSIGNED: LimitEvent.ACCEPTANCE,
        CaseState.OBJECTED: LimitEvent.OBJECTION,
        CaseState.WAITING_ASKER: LimitEvent.ASKER_REPLY,
        CaseState.WAITING_EXTERNAL: LimitEvent.EXTERNAL_REPLY,
        CaseState.ANSWERED: LimitEvent.RATING,
        CaseState.REOPEN_REQUESTED: LimitEvent.REOPENING,
    }
)
"""How long a case may stand in a state, beside its own limit."""


def open_case(db: Session, now: datetime, case: Case) -> None:
    """Start the clocks of a fresh case: its own limit runs from submission."""
    if case.is_history:
        return
    _start(db, now, case, LimitEvent.RESULT, began=case.opened_at)
    _start(db, now, case, TURN_LIMITS[CaseState.SUBMITTED], began=case.opened_at)
    show_due(db, case)


def follow(db: Session, now: datetime, case: Case, step: Transition) -> None:
    """Carry out a move's effect on the clocks."""
    if case.is_history:
        return
    _hand_over(db, now, case, step)
    clock = own_clock(db, case) if step.clock is not ClockEffect.KEEP else None
    match step.clock:
        case ClockEffect.KEEP:
            return
        case ClockEffect.REMEDY:
            if clock:
                deadlines.stop(db, now, clock)
            clock = _start(db, now, case, LimitEvent.REMEDY)
        case ClockEffect.REVIVE:
            clock = deadlines.revive(db, now, KIND, case.id, *OWN)
        case ClockEffect.PAUSE if clock:
            deadlines.pause(db, now, clock, str(step.target.pause_kind))
        case ClockEffect.RESUME if clock:
            deadlines.resume(db, now, clock)
        case ClockEffect.STOP:
            if clock:
                deadlines.stop(db, now, clock)
            stop_plan(db, now, case)
    db.flush()
    _show(case, clock)


def recount(db: Session, now: datetime, case: Case, *, began: datetime) -> bool:
    """Give the case's own clock the limit of its kind and tier; whether its date changed. An escalated case
    owes a plan too."""
    clock = own_clock(db, case)
    if clock is None or clock.event != LimitEvent.RESULT:
        return False
    if case.tier == Tier.ESCALATED and last_clock(db, KIND, case.id, LimitEvent.PLAN) is None:
        _start(db, now, case, LimitEvent.PLAN)
    changed = deadlines.recount(
        db, now, clock, began=began, kind=case.kind, party=case.party_kind, tier=case.tier
    )
    show_due(db, case)
    return changed


def count_again(db: Session, now: datetime, case: Case) -> bool:
    """Count the case's own date by the calendar as it is now; whether it changed."""
    clock = own_clock(db, case)
    changed = clock is not None and deadlines.count_again(db, now, clock)
    show_due(db, case)
    return changed


def stop_plan(db: Session, now: datetime, case: Case) -> None:
    """The plan is there, or is not needed any more."""
    clock = live_clock(db, KIND, case.id, LimitEvent.PLAN)
    if clock is not None:
        deadlines.stop(db, now, clock)


def own_clock(db: Session, case: Case) -> Clock | None:
    """The case's own limit, running or paused."""
    return live_clock(db, KIND, case.id, *OWN)


def turn_clock(db: Session, case: Case, event: LimitEvent) -> Clock | None:
    """The limit of whoever's turn it is."""
    return live_clock(db, KIND, case.id, event)


def rating_end(db: Session, now: datetime) -> datetime:
    """Until when a rating that opens now stays open."""
    zone = zone_of(db)
    limit = limit_for(LimitEvent.RATING, table=limit_table(db, local_date(now, zone)))
    return due(limit, now, load_calendar(db), zone).at


def show_due(db: Session, case: Case) -> None:
    """Bring the case's own row in line with its clock."""
    _show(case, own_clock(db, case))


def _show(case: Case, clock: Clock | None) -> None:
    running = clock is not None and clock.stopped_at is None and clock.paused_at is None
    case.due_at = clock.due_at if clock and running else None
    case.due_day = clock.due_day if clock and running else None


def _hand_over(db: Session, now: datetime, case: Case, step: Transition) -> None:
    """The turn passes on: the old turn's clock stops, the next one's starts."""
    ending = TURN_LIMITS.get(step.source)
    if ending and (clock := live_clock(db, KIND, case.id, ending)):
        deadlines.stop(db, now, clock)
        db.flush()
    if step.target in TURN_LIMITS:
        _start(db, now, case, TURN_LIMITS[step.target])


def _start(db: Session, now: datetime, case: Case, event: LimitEvent, began: datetime | None = None) -> Clock:
    return deadlines.start(
        db,
        now,
        KIND,
        case.id,
        event,
        began=began,
        kind=case.kind,
        party=case.party_kind,
        tier=case.tier,
    )
