"""Assigning: the order to a unit with its slip, accepting, delegating, re-routing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case
from portal.cases.rules import first_asked
from portal.cases.service.moves import check, load, move, note_act
from portal.cases.service.numbering import slip_number
from portal.cases.subjects import require_for_case, subject_of
from portal.cases.vocabulary import Act, PartState, Tier
from portal.cases.workflow import CaseState, Transition
from portal.identity.actors import Actor
from portal.identity.models import Unit
from portal.identity.policy import Subject
from portal.identity.queries import people_with
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.errors import Invalid, Refused
from portal.kernel.words import N_

_UNDER_WAY = frozenset(
    {
        CaseState.ASSIGNED,
        CaseState.OBJECTED,
        CaseState.ACCEPTED,
        CaseState.HANDLING,
        CaseState.WAITING_ASKER,
        CaseState.WAITING_EXTERNAL,
        CaseState.ANSWERED,
        CaseState.REOPEN_REQUESTED,
    }
)


def assign(
    db: Session,
    now: datetime,
    actor: Actor,
    case_id: int,
    unit_id: int,
    person_id: int | None = None,
    supporting_unit_ids: Sequence[int] = (),
    reason: str = "",
    version: int | None = None,
) -> Assignment:
    """Order a unit to lead, and on a joint case others to support it."""
    case = load(db, case_id, version)
    step = check(db, actor, case, CaseState.ASSIGNED, sources=(CaseState.SCREENED,))
    if (case.tier == Tier.JOINT) != bool(supporting_unit_ids):
        raise Invalid(
            "supporting_units",
            N_("A joint case needs at least one supporting unit; other cases have none."),
            field="supporting_unit_ids",
        )
    lead = give_to(db, now, actor, case, unit_id, person_id, act=Act.ASSIGNED, reason=reason, step=step)
    add_supporting(db, now, actor, case, supporting_unit_ids)
    return lead


def give_to(
    db: Session,
    now: datetime,
    actor: Actor,
    case: Case,
    unit_id: int,
    person_id: int | None,
    *,
    act: Act,
    reason: str,
    step: Transition,
) -> Assignment:
    """Move a case to a lead unit, with a new slip; whoever led before does so no more. `step`: from `check`."""
    subject = subject_of(db, case.id)
    check_can_lead(db, now, subject, unit_id, person_id)
    end_assignments(db, now, case.id, part="lead")
    end_assignments(db, now, case.id, unit_id=unit_id)
    number = slip_number(db, now)
    first = case.first_asked_unit_id
    concerned = subject.concerned_unit_ids
    changes = {
        "lead_unit_id": unit_id,
        "handler_id": person_id,
        "first_asked_unit_id": first_asked([first, unit_id] if first else [unit_id], concerned=concerned),
    }
    move(
        db,
        now,
        actor,
        case,
        CaseState.ASSIGNED,
        act,
        reason=reason,
        step=step,
        unit_id=unit_id,
        changes=changes,
        document_number=number,
    )
    return _order(db, now, actor, case, unit_id, person_id, "lead", number)


def _order(
    db: Session,
    now: datetime,
    actor: Actor,
    case: Case,
    unit_id: int,
    person_id: int | None,
    part: str,
    number: str,
) -> Assignment:
    made = Assignment(
        case_id=case.id,
        unit_id=unit_id,
        person_id=person_id,
        part=part,
        document_number=number,
        due_day=case.due_day,
        made_at=now,
        made_by_id=actor.person_id,
        part_state=PartState.OPEN,
    )
    db.add(made)
    db.flush()
    return made


def add_supporting(
    db: Session, now: datetime, actor: Actor, case: Case, unit_ids: Sequence[int]
) -> list[Assignment]:
    """Give each unit its own part of a joint case, on a slip of its own."""
    made = []
    there = set(db.scalars(select(Assignment.unit_id).where(live(case.id))))
    for unit_id in dict.fromkeys(unit_ids):
        if unit_id in there:
            raise Invalid(
                "unit_twice", N_("This unit already has a part in the case."), field="supporting_unit_ids"
            )
        check_unit(db, now, subject_of(db, case.id), unit_id, field="supporting_unit_ids")
        number = slip_number(db, now)
        made.append(_order(db, now, actor, case, unit_id, None, "supporting", number))
        note_act(db, now, actor, case, Act.SUPPORTING_ASSIGNED, unit_id=unit_id, document_number=number)
    return made


def live(case_id: int):  # type: ignore[no-untyped-def]
    return (Assignment.case_id == case_id) & Assignment.ended_at.is_(None)


def end_assignments(
    db: Session, now: datetime, case_id: int, *, part: str | None = None, unit_id: int | None = None
) -> None:
    """End the live assignments of a part, or of a unit."""
    for row in db.scalars(select(Assignment).where(live(case_id))):
        if part in (None, row.part) and unit_id in (None, row.unit_id):
            row.ended_at = now
    db.flush()


def check_can_lead(db: Session, now: datetime, subject: Subject, unit_id: int, person_id: int | None) -> None:
    """Refuse a unit or handler that may not have the case: gone, complained about, or not appointed there."""
    check_unit(db, now, subject, unit_id)
    if person_id is None:
        return
    if person_id in subject.concerned_person_ids:
        raise Refused("concerned", N_("The appeal complains about this person or unit."))
    day = local_date(now, zone_of(db))
    if person_id not in [found for found, _, _ in people_with(db, "case.handle", [unit_id], day)]:
        raise Invalid("not_appointed", N_("This person has no appointment in the unit."), field="person_id")


def check_unit(
    db: Session, now: datetime, subject: Subject, unit_id: int | None, *, field: str = "unit_id"
) -> Unit:
    """The unit, if it exists today, takes cases, and is not complained about."""
    unit = db.get(Unit, unit_id) if unit_id is not None else None
    day = local_date(now, zone_of(db))
    if (
        unit is None
        or not unit.handles_cases
        or unit.valid_from > day
        or (unit.valid_to is not None and unit.valid_to < day)
    ):
        raise Invalid("unit_not_valid", N_("Choose a unit that takes cases today."), field=field)
    if unit.id in subject.concerned_unit_ids:
        raise Refused("concerned", N_("The appeal complains about this person or unit."))
    return unit


def accept(db: Session, now: datetime, actor: Actor, case_id: int, *, version: int | None = None) -> None:
    """The unit takes the case on; whoever accepts handles it, unless somebody was named."""
    case = load(db, case_id, version)
    move(
        db,
        now,
        actor,
        case,
        CaseState.ACCEPTED,
        Act.ACCEPTED,
        sources=(CaseState.ASSIGNED,),
        by_unit=case.lead_unit_id,
        changes=handler_if_none(case, actor),
    )


def handler_if_none(case: Case, actor: Actor) -> dict[str, int | None]:
    """The actor becomes the handler, if there is none and they belong to the lead unit."""
    if case.handler_id is None and case.lead_unit_id in actor.unit_ids:
        return {"handler_id": actor.person_id}
    return {}


def delegate(db: Session, now: datetime, actor: Actor, case_id: int, person_id: int) -> None:
    """The head of the lead unit gives the case to one of its people."""
    case = load(db, case_id)
    subject = require_for_case(db, actor, "case.delegate", case, by_unit=case.lead_unit_id)
    under_way(case)
    check_can_lead(db, now, subject, case.lead_unit_id or 0, person_id)
    for row in db.scalars(select(Assignment).where(live(case_id), Assignment.part == "lead")):
        row.person_id = person_id
    note_act(db, now, actor, case, Act.DELEGATED, changes={"handler_id": person_id}, person_id=person_id)


def under_way(case: Case) -> None:
    """Refuse what only makes sense while a unit has the case."""
    if CaseState(case.state) not in _UNDER_WAY:
        raise Refused("not_under_way", N_("This case is not with a unit now."))


def reroute(
    db: Session,
    now: datetime,
    actor: Actor,
    case_id: int,
    unit_id: int,
    person_id: int | None = None,
    reason: str = "",
    version: int | None = None,
) -> Assignment:
    """The office gives a case that is being handled to another unit; the first-asked unit stays answerable."""
    case = load(db, case_id, version)
    step = check(db, actor, case, CaseState.ASSIGNED, sources=(CaseState.HANDLING,))
    if unit_id == case.lead_unit_id:
        raise Invalid("same_unit", N_("Choose another unit than the present one."), field="unit_id")
    return give_to(db, now, actor, case, unit_id, person_id, act=Act.REROUTED, reason=reason, step=step)
