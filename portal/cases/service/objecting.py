"""A unit's objection to an assignment, and its decision: by the office, after two bounces by the parent unit,
above the top by the head of the office; never by whoever objected."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case, Objection
from portal.cases.rules import Decider, bounce_decider, check_objection
from portal.cases.service.assigning import check_unit, give_to
from portal.cases.service.checks import another_person, text_given
from portal.cases.service.moves import check, load, move
from portal.cases.subjects import subject_of
from portal.cases.vocabulary import Act
from portal.cases.workflow import CaseState, Transition
from portal.identity.actors import Actor
from portal.identity.models import Unit
from portal.identity.policy import Subject
from portal.kernel.errors import Invalid, Refused
from portal.kernel.words import N_

PERMISSION_OF = {
    Decider.OFFICE: "case.decide_objection",
    Decider.PARENT: "case.decide_bounce",
    Decider.HEAD_OF_OFFICE: "case.decide_high_objection",
}


def object_to_assignment(
    db: Session, now: datetime, actor: Actor, case_id: int, reason: str, proposed_unit_id: int | None
) -> Objection:
    """The unit says that this is another's: with a reason and the unit it proposes."""
    case = load(db, case_id)
    step = check(db, actor, case, CaseState.OBJECTED, by_unit=case.lead_unit_id)
    check_objection(reason, case.lead_unit_id or 0, proposed_unit_id)
    subject = subject_of(db, case_id)
    check_unit(db, now, subject, proposed_unit_id, field="proposed_unit_id")
    decider = bounce_decider(case.bounces, parent_can_decide=_parent(db, case, subject) is not None)
    entry = move(
        db,
        now,
        actor,
        case,
        CaseState.OBJECTED,
        Act.OBJECTED,
        reason=reason,
        step=step,
        proposed_unit_id=proposed_unit_id,
        decider=decider.value,
    )
    objection = Objection(
        case_id=case_id,
        assignment_id=_lead_assignment(db, case_id).id,
        unit_id=case.lead_unit_id,
        proposed_unit_id=proposed_unit_id,
        note_id=entry.note_id,
        decider=decider,
        made_at=now,
        made_by_id=actor.person_id,
    )
    db.add(objection)
    db.flush()
    return objection


def _parent(db: Session, case: Case, subject: Subject) -> int | None:
    """The lead unit's parent, unless the appeal complains about it."""
    parent_id = db.scalar(select(Unit.parent_id).where(Unit.id == case.lead_unit_id))
    return None if parent_id in subject.concerned_unit_ids else parent_id


def _lead_assignment(db: Session, case_id: int) -> Assignment:
    return db.scalars(
        select(Assignment).where(
            Assignment.case_id == case_id, Assignment.part == "lead", Assignment.ended_at.is_(None)
        )
    ).one()


def open_objection(db: Session, case_id: int) -> Objection | None:
    """The objection that waits to be decided."""
    return db.scalar(select(Objection).where(Objection.case_id == case_id, Objection.decided_at.is_(None)))


def decide_objection(
    db: Session,
    now: datetime,
    actor: Actor,
    case_id: int,
    upheld: bool,
    explanation: str,
    unit_id: int | None = None,
    person_id: int | None = None,
) -> None:
    """Upheld: to the proposed unit, or to `unit_id`. Refused: the unit has the case, and has accepted it."""
    case = load(db, case_id)
    target = CaseState.ASSIGNED if upheld else CaseState.ACCEPTED
    objection = open_objection(db, case_id)
    decider = Decider(objection.decider) if objection else Decider.OFFICE
    by_unit = _parent(db, case, subject_of(db, case_id)) if decider is Decider.PARENT else None
    sources = (CaseState.OBJECTED,)
    step = check(db, actor, case, target, permission=PERMISSION_OF[decider], by_unit=by_unit, sources=sources)
    if objection is None:
        raise Refused("nothing_to_decide", N_("There is nothing to decide here."))
    text_given("explanation", explanation)
    another_person(actor, objection.made_by_id)
    objection.upheld, objection.decided_at, objection.decided_by_id = upheld, now, actor.person_id
    if upheld:
        _send_on(db, now, actor, case, objection, step, explanation, unit_id, person_id)
        return
    move(
        db,
        now,
        actor,
        case,
        target,
        Act.OBJECTION_REFUSED,
        reason=explanation,
        step=step,
    )


def _send_on(
    db: Session,
    now: datetime,
    actor: Actor,
    case: Case,
    objection: Objection,
    step: Transition,
    explanation: str,
    unit_id: int | None,
    person_id: int | None,
) -> None:
    new_unit = unit_id or objection.proposed_unit_id
    if new_unit == objection.unit_id:
        raise Invalid("same_unit", N_("Choose another unit than the present one."), field="unit_id")
    case.bounces += 1
    give_to(
        db,
        now,
        actor,
        case,
        new_unit,
        person_id,
        act=Act.OBJECTION_UPHELD,
        reason=explanation,
        step=step,
    )
