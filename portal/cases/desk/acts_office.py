"""The office's acts: screening, refusing, assigning, deciding, tiers."""

from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from portal.cases import service
from portal.cases.desk.acting import act
from portal.cases.desk.room import Room
from portal.cases.forms.acting import number
from portal.cases.forms.office import (
    AssignmentForm,
    ObjectionDecisionForm,
    RefusalDecisionForm,
    RefusalForm,
    RerouteForm,
    ScreeningForm,
    TierForm,
)
from portal.cases.queries.case_orders import objections
from portal.identity.actors import Actor
from portal.kernel.words import N_
from portal.web.database import reader


def _screening(room: Room) -> dict[str, Any]:
    head = room.head
    return {
        "title": head.title,
        "kind": head.kind,
        "tier": head.tier,
        "category_id": head.category_id,
        "area_id": head.area_id,
    }


@act(
    "screening",
    "case.screen",
    ScreeningForm,
    title=N_("Screen"),
    note=N_("First say what it is. Then you assign it, join it to another case, or do not accept it."),
    initial=_screening,
)
def screening(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """What it is, where, and how it is taken up."""
    service.screen(
        db,
        now,
        actor,
        room.head.id,
        kind=form.kind.data,
        category_id=form.category_id.data,
        area_id=form.area_id.data,
        tier=form.tier.data,
        title=form.title.data,
    )
    return N_("Screened. Now assign it to a unit, or do not accept it.")


@act("refusal", "case.decline", RefusalForm, title=N_("Do not accept"))
def refusal(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Not taken up."""
    service.not_accept(db, now, actor, room.head.id, form.reason_code.data, form.explanation.data)
    return N_("Not accepted. The asker is told why and may object once.")


@act(
    "refusal/decision",
    "case.uphold_objection",
    RefusalDecisionForm,
    title=N_("Decide on the asker's objection"),
    button=N_("Decide"),
)
def refusal_decision(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """The asker objected to not being accepted."""
    service.decide_refusal_objection(db, now, actor, room.head.id, form.says_yes, form.explanation.data)
    return N_("Taken up after all.") if form.says_yes else N_("The refusal stands. The asker is told why.")


def _assignment(room: Room) -> dict[str, Any]:
    """What the rules propose, or the unit just chosen (the list of people depends on it)."""
    chosen = number(request.args.get("unit_id"))
    if chosen and chosen != room.head.proposed_unit_id:
        return {"unit_id": chosen}
    person = room.proposed_person
    return {
        "unit_id": room.head.proposed_unit_id,
        "person_id": person.id if person and person.is_here else None,
    }


@act(
    "assignment",
    "case.assign",
    AssignmentForm,
    title=N_("Assign"),
    template="cases/act_assignment.html",
    initial=_assignment,
    regions=("people",),
)
def assignment(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """The order to a unit."""
    supporting = form.supporting_unit_ids.data if room.is_joint else ()
    service.assign(
        db,
        now,
        actor,
        room.head.id,
        form.unit_id.data,
        form.person_id.data,
        supporting or (),
        form.reason.data or "",
    )
    return N_("Assigned. The slip can be printed below; the unit accepts or objects within one working day.")


@act(
    "rerouting",
    "case.assign",
    RerouteForm,
    title=N_("Re-route"),
    template="cases/act_assignment.html",
    initial=lambda room: {"unit_id": number(request.args.get("unit_id"))},
    regions=("people",),
)
def rerouting(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Another unit leads."""
    service.reroute(db, now, actor, room.head.id, form.unit_id.data, form.person_id.data, form.reason.data)
    return N_("Re-routed. The first-asked unit stays answerable.")


@act(
    "objection/decision",
    "case.read",
    ObjectionDecisionForm,
    title=N_("Decide on the objection"),
    button=N_("Decide"),
    template="cases/act_objection.html",
    context=lambda room: {"objections": objections(reader(), room.head.id)},
)
def objection_decision(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """A unit said it is another's; the service knows who decides."""
    service.decide_objection(
        db, now, actor, room.head.id, form.says_yes, form.explanation.data, form.unit_id.data
    )
    return (
        N_("Upheld: the other unit has the order now.") if form.says_yes else N_("Refused: the unit has it.")
    )


@act("tier", "case.tier", TierForm, title=N_("Change the tier"), button=N_("Change"))
def tier(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Take it up in another way."""
    supporting = form.supporting_unit_ids.data if form.tier.data == "joint" else ()
    service.set_tier(db, now, actor, room.head.id, form.tier.data, form.reason.data, supporting or ())
    return N_("Changed.")
