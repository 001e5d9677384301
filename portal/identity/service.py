"""Use cases about people and the trees: take people on, appoint them, end appointments, add units and areas."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.actors import Actor
from portal.identity.models import AdminEntry, Appointment, Area, Company, Person, SignIn, Unit
from portal.identity.policy import require
from portal.identity.roles import ROLES
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.words import N_


def add_unit(db: Session, now: datetime, actor: Actor, **fields: object) -> Unit:
    """Add a unit to the tree; its code and slug are unique for ever."""
    require(actor, "unit.manage")
    unit = Unit(**fields)
    db.add(unit)
    db.flush()
    note(db, now, actor, "unit.added", "unit", unit.id)
    return unit


def add_area(db: Session, now: datetime, actor: Actor, **fields: object) -> Area:
    """Add an area."""
    require(actor, "area.manage")
    area = Area(**fields)
    db.add(area)
    db.flush()
    note(db, now, actor, "area.added", "area", area.id)
    return area


def add_person(
    db: Session,
    now: datetime,
    actor: Actor,
    name: str,
    *,
    staff_number: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    is_demo: bool = False,
) -> Person:
    """Take a person on. At least one of staff number, phone and mail is what they sign in with."""
    require(actor, "person.manage")
    if not (staff_number or phone or email):
        raise Invalid(
            "no_sign_in_name",
            N_("Give a staff number, a phone number or an e-mail address."),
            field="staff_number",
        )
    for field, value in (("staff_number", staff_number), ("phone", phone), ("email", email)):
        if value and db.scalar(select(Person.id).where(getattr(Person, field) == value)):
            raise Invalid("taken", N_("Somebody else already signs in with this."), field=field)
    person = Person(
        name=name,
        staff_number=staff_number or None,
        phone=phone or None,
        email=email or None,
        created_at=now,
        is_demo=is_demo,
    )
    db.add(person)
    db.flush()
    note(db, now, actor, "person.added", "person", person.id)
    return person


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
    """Appoint a person; a role that reaches a unit needs one."""
    require(actor, "person.manage")
    if role not in ROLES:
        raise Invalid("unknown_role", N_("There is no such role."), field="role")
    if ROLES[role].scope == "unit" and unit_id is None:
        raise Invalid("unit_needed", N_("This role needs a unit."), field="unit")
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("ends_before_start", N_("The last day is before the first."), field="ends_on")
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
    note(db, now, actor, "appointment.made", "person", person_id)
    return appointment


def end_appointment(db: Session, now: datetime, actor: Actor, appointment_id: int) -> None:
    """End an appointment at once; the person's next request anywhere is judged without it."""
    require(actor, "person.manage")
    appointment = db.get(Appointment, appointment_id)
    if appointment is None or appointment.ended_at is not None:
        raise NotFound("no_appointment", N_("There is no such appointment."))
    appointment.ended_at = now
    note(db, now, actor, "appointment.ended", "person", appointment.person_id)


def sign_out_everywhere(db: Session, now: datetime, person_id: int) -> int:
    """End every sign-in of a person; returns how many there were."""
    live = db.scalars(select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))).all()
    for sign_in in live:
        sign_in.ended_at = now
    return len(live)


def company_by_code(db: Session, credit_code: str, name: str) -> Company:
    """The company with this unified social credit code, noted at first sight."""
    company = db.scalar(select(Company).where(Company.credit_code == credit_code))
    if company is None:
        company = Company(credit_code=credit_code, name=name)
        db.add(company)
        db.flush()
    return company


def note(db: Session, now: datetime, actor: Actor, kind: str, subject_kind: str, subject_id: int) -> None:
    """Append what was changed to the administrative record."""
    db.add(
        AdminEntry(
            at=now, actor_id=actor.person_id, kind=kind, subject_kind=subject_kind, subject_id=subject_id
        )
    )
