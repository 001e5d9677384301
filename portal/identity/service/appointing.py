"""Appointments and leave: who may do what from when to when, who stands in, who is away."""

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.identity.actors import Actor, ActorKind
from portal.identity.models import Absence, Appointment, Person, Unit
from portal.identity.policy import require
from portal.identity.roles import ROLES, TWO_PERSON_ROLES
from portal.identity.service.managers import MANAGING_ROLES, keep_a_manager
from portal.identity.service.people import person_to_change
from portal.identity.service.record import note
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.errors import Invalid, NotFound, Refused
from portal.kernel.words import N_


def appoint(
    db: Session,
    now: datetime,
    actor: Actor,
    person_id: int,
    role: str,
    *,
    unit_id: int | None,
    starts_on: date,
    ends_on: date | None = None,
    deputy_for_id: int | None = None,
) -> Appointment:
    """Appoint a person; a role that reaches a unit needs one. A deputy stands in for somebody who holds the
    same role in the same unit, with all its rights."""
    require(actor, "person.manage")
    if role in TWO_PERSON_ROLES and actor.kind is not ActorKind.SYSTEM:
        raise Refused("second_person_required", N_("This role takes a second person: propose it."))
    return make_appointment(
        db,
        now,
        actor,
        person_id,
        role,
        unit_id=unit_id,
        starts_on=starts_on,
        ends_on=ends_on,
        deputy_for_id=deputy_for_id,
    )


def check_appointment(
    db: Session,
    person_id: int,
    role: str,
    unit_id: int | None,
    starts_on: date,
    ends_on: date | None,
    deputy_for_id: int | None,
) -> None:
    """Refuse an appointment that could not hold."""
    if role not in ROLES:
        raise Invalid("unknown_role", N_("There is no such role."), field="role")
    if ROLES[role].scope == "unit" and unit_id is None:
        raise Invalid("unit_needed", N_("This role needs a unit."), field="unit")
    _require_order(starts_on, ends_on)
    if person_to_change(db, person_id).disabled_at is not None:
        raise Refused("disabled_person", N_("This account is switched off. Switch it on first."))
    _require_unit(db, unit_id, starts_on)
    if deputy_for_id is not None:
        _require_somebody_to_stand_in_for(db, person_id, deputy_for_id, role, unit_id, starts_on, ends_on)
    if _overlapping(db, person_id, role, unit_id, starts_on, ends_on):
        raise Invalid(
            "appointed_already",
            N_("This person holds this role in this unit at that time already."),
            field="role",
        )


def make_appointment(
    db: Session,
    now: datetime,
    actor: Actor,
    person_id: int,
    role: str,
    *,
    unit_id: int | None,
    starts_on: date,
    ends_on: date | None,
    deputy_for_id: int | None,
) -> Appointment:
    """Write it, checked again: what was right when it was proposed may not be now. For this folder only."""
    check_appointment(db, person_id, role, unit_id, starts_on, ends_on, deputy_for_id)
    appointment = Appointment(
        person_id=person_id,
        role=role,
        unit_id=unit_id,
        starts_on=starts_on,
        ends_on=ends_on,
        deputy_for_id=deputy_for_id,
    )
    db.add(appointment)
    db.flush()
    note(db, now, actor, "appointment.made", "person", person_id, part_id=appointment.id)
    return appointment


def end_appointment(db: Session, now: datetime, actor: Actor, appointment_id: int) -> None:
    """End an appointment at once; the person's next request anywhere is judged without it."""
    require(actor, "person.manage")
    appointment = _running(db, appointment_id)
    if appointment.role in MANAGING_ROLES:
        keep_a_manager(db, now, actor, without_appointment=appointment_id)
    appointment.ended_at = now
    note(db, now, actor, "appointment.ended", "person", appointment.person_id, part_id=appointment_id)


def set_last_day(
    db: Session, now: datetime, actor: Actor, appointment_id: int, ends_on: date | None
) -> Appointment:
    """Plan the last day of an appointment, or take the plan back (None)."""
    require(actor, "person.manage")
    appointment = _running(db, appointment_id)
    _require_order(appointment.starts_on, ends_on)
    if ends_on is not None and ends_on < local_date(now, zone_of(db)):
        raise Invalid(
            "day_over", N_("This day is over. To end it now, choose to end it at once."), field="ends_on"
        )
    _require_no_prolonging(actor, appointment, ends_on)
    if ends_on is not None and appointment.role in MANAGING_ROLES:
        keep_a_manager(db, now, actor, without_appointment=appointment_id)
    if appointment.ends_on != ends_on:
        appointment.ends_on = ends_on
        note(db, now, actor, "appointment.changed", "person", appointment.person_id, part_id=appointment_id)
    return appointment


def give_leave(
    db: Session, now: datetime, actor: Actor, person_id: int, starts_on: date, ends_on: date
) -> Absence:
    """Note that a person is away between these days, both included; their deputies act."""
    require(actor, "person.manage")
    person_to_change(db, person_id)
    _require_order(starts_on, ends_on)
    overlapping = select(Absence.id).where(
        Absence.person_id == person_id, Absence.starts_on <= ends_on, Absence.ends_on >= starts_on
    )
    if db.scalar(overlapping.limit(1)) is not None:
        raise Invalid("away_already", N_("Some of these days are leave already."), field="starts_on")
    absence = Absence(person_id=person_id, starts_on=starts_on, ends_on=ends_on)
    db.add(absence)
    db.flush()
    note(db, now, actor, "leave.given", "person", person_id, part_id=absence.id)
    return absence


def cancel_leave(db: Session, now: datetime, actor: Actor, absence_id: int) -> None:
    """Take leave back, or its rest: days that are over stay as they were."""
    require(actor, "person.manage")
    absence = db.get(Absence, absence_id, with_for_update=True)
    today = local_date(now, zone_of(db))
    if absence is None or absence.ends_on < today:
        raise NotFound("no_leave", N_("There is no such leave."))
    if absence.starts_on < today:
        absence.ends_on = date.fromordinal(today.toordinal() - 1)
    else:
        db.delete(absence)
    note(db, now, actor, "leave.cancelled", "person", absence.person_id, part_id=absence_id)


def _require_no_prolonging(actor: Actor, appointment: Appointment, ends_on: date | None) -> None:
    """What takes two persons to give takes two to give for longer."""
    if appointment.role not in TWO_PERSON_ROLES or actor.kind is ActorKind.SYSTEM:
        return
    if appointment.ends_on is not None and (ends_on is None or ends_on > appointment.ends_on):
        raise Refused(
            "second_person_required",
            N_("Prolonging this takes a second person: propose a new appointment from the day after."),
        )


def _running(db: Session, appointment_id: int) -> Appointment:
    appointment = db.get(Appointment, appointment_id, with_for_update=True)
    if appointment is None or appointment.ended_at is not None:
        raise NotFound("no_appointment", N_("There is no such appointment."))
    return appointment


def _require_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("ends_before_start", N_("The last day is before the first."), field="ends_on")


def _require_unit(db: Session, unit_id: int | None, day: date) -> None:
    if unit_id is None:
        return
    unit = db.get(Unit, unit_id)
    if unit is None:
        raise Invalid("no_unit", N_("There is no such unit."), field="unit")
    if unit.valid_to is not None and unit.valid_to < day:
        raise Invalid("unit_ended", N_("This unit has ended by then."), field="unit")


def _require_somebody_to_stand_in_for(
    db: Session,
    person_id: int,
    deputy_for_id: int,
    role: str,
    unit_id: int | None,
    starts_on: date,
    ends_on: date | None,
) -> None:
    if person_id == deputy_for_id:
        raise Invalid("own_deputy", N_("A deputy stands in for somebody else."), field="deputy_for")
    if db.get(Person, deputy_for_id) is None:
        raise Invalid("no_person", N_("There is no such person."), field="deputy_for")
    if not _overlapping(db, deputy_for_id, role, unit_id, starts_on, ends_on):
        raise Invalid(
            "nothing_to_stand_in_for",
            N_("The person to stand in for does not hold this role in this unit at that time."),
            field="deputy_for",
        )


def _overlapping(
    db: Session, person_id: int, role: str, unit_id: int | None, starts_on: date, ends_on: date | None
) -> bool:
    """Whether the person holds the role in the unit on one of these days."""
    found = select(Appointment.id).where(
        Appointment.person_id == person_id,
        Appointment.role == role,
        Appointment.unit_id.is_(None) if unit_id is None else Appointment.unit_id == unit_id,
        Appointment.ended_at.is_(None),
        or_(Appointment.ends_on.is_(None), Appointment.ends_on >= starts_on),
    )
    if ends_on is not None:
        found = found.where(Appointment.starts_on <= ends_on)
    return db.scalar(found.limit(1)) is not None
