"""Whom a fact about a case is told to, in the transaction of the fact. The words are in `alerts`."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.alerts import service
from portal.cases import alerts, audience, history
from portal.cases.events import CaseChanged, CaseMoved
from portal.cases.models import Case
from portal.cases.service import clocks
from portal.cases.vocabulary import Act
from portal.cases.workflow import CaseState
from portal.deadlines.events import ReminderDue
from portal.deadlines.limits import LimitEvent
from portal.deadlines.models import Clock
from portal.identity.actors import SYSTEM
from portal.kernel import events

_BACK = {CaseState.WAITING_ASKER, CaseState.WAITING_EXTERNAL, CaseState.REOPEN_REQUESTED}
_DECIDED_BY = {
    CaseState.OBJECTED: "case.decide_objection",
    CaseState.REOPEN_REQUESTED: "case.decide_reopening",
}
_CHASED = {
    LimitEvent.SCREENING: "case.screen",
    LimitEvent.OBJECTION: "case.decide_objection",
    LimitEvent.REOPENING: "case.decide_reopening",
}
"""Limits of the office: who is reminded when they have passed."""
_OF_THE_UNIT = {LimitEvent.RESULT, LimitEvent.REMEDY, LimitEvent.PLAN, LimitEvent.ACCEPTANCE}


def register() -> None:
    """Listen."""
    events.within(CaseMoved, moved)
    events.within(CaseChanged, changed)
    events.within(ReminderDue, remind)


def moved(db: Session, now: datetime, fact: CaseMoved) -> None:
    """It was given to somebody, came back to them, or waits for a decision."""
    if service.is_silent(db):
        return
    case = db.get_one(Case, fact.case_id)
    target = CaseState(fact.target)
    if target in _DECIDED_BY:
        _tell(db, now, case, alerts.DECIDE, audience.deciders(db, now, _DECIDED_BY[target]), fact)
    elif target is CaseState.ASSIGNED:
        _tell(db, now, case, alerts.ASSIGNED, audience.handlers(db, now, case), fact)
    elif target is CaseState.HANDLING and fact.source in _BACK:
        _tell(db, now, case, alerts.BACK, audience.handlers(db, now, case), fact)


def changed(db: Session, now: datetime, fact: CaseChanged) -> None:
    """More time is asked for, and somebody has to decide."""
    if fact.act != Act.EXTENSION_REQUESTED or service.is_silent(db):
        return
    case = db.get_one(Case, fact.case_id)
    people = audience.heads(db, now, case) | audience.deciders(db, now, "case.extend_approve")
    occasion = f"{fact.act}:{case.version}"
    recipients = audience.allowed(db, now, case, people)
    service.tell(db, now, alerts.DECIDE, case.id, recipients, occasion=occasion, data={"act": fact.act})


def _tell(db: Session, now: datetime, case: Case, kind: str, people: set[int], fact: CaseMoved) -> None:
    recipients = audience.allowed(db, now, case, people)
    data = {"act": fact.target}
    service.tell(db, now, kind, case.id, recipients, occasion=str(fact.history_id), data=data)


def remind(db: Session, now: datetime, fact: ReminderDue) -> None:
    """The first rung of the ladder: the handler before the date, the unit's head too on the day after."""
    if fact.subject_kind != clocks.KIND:
        return
    case, clock = db.get_one(Case, fact.subject_id), db.get_one(Clock, fact.clock_id)
    late = fact.when == "after"
    if fact.event in clocks.OWN and not late:
        history.record(db, now, SYSTEM, case.id, Act.DUE_SOON, unit_id=case.lead_unit_id, limit=fact.event)
    people = _reminded(db, now, case, LimitEvent(fact.event), late)
    service.tell(
        db,
        now,
        alerts.OVERDUE if late else alerts.DUE_SOON,
        case.id,
        audience.allowed(db, now, case, people),
        occasion=f"{clock.id}:{clock.due_day.isoformat()}",
        data={"clock": clock.id},
    )


def _reminded(db: Session, now: datetime, case: Case, event: LimitEvent, late: bool) -> set[int]:
    if event in _CHASED:
        return audience.deciders(db, now, _CHASED[event]) if late else set()
    if event not in _OF_THE_UNIT or case.lead_unit_id is None:
        return set()
    found = audience.handlers(db, now, case)
    return found | audience.heads(db, now, case) if late else found
