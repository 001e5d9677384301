"""Taking people on, changing what they sign in with, switching their accounts off and on."""

from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from portal.identity import rules
from portal.identity.actors import Actor
from portal.identity.models import Person, SignIn, SignInLink
from portal.identity.policy import require
from portal.identity.service.managers import keep_a_manager
from portal.identity.service.record import note
from portal.kernel import seen
from portal.kernel.errors import Invalid, NotFound, Refused
from portal.kernel.words import N_

EDITED = ("name", "staff_number", "phone", "email")


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
    named = _sign_in_names(db, staff_number, phone, email)
    person = Person(name=rules.person_name(name), created_at=now, is_demo=is_demo, **named)
    db.add(person)
    db.flush()
    note(db, now, actor, "person.added", "person", person.id)
    return person


def change_person(
    db: Session,
    now: datetime,
    actor: Actor,
    person_id: int,
    *,
    name: str,
    staff_number: str | None,
    phone: str | None,
    email: str | None,
    seen_mark: str | None = None,
) -> Person:
    """Change a person's name and what they sign in with; their sign-ins and appointments stay."""
    require(actor, "person.manage")
    person = person_to_change(db, person_id)
    seen.require_unchanged(person, EDITED, seen_mark)
    named = _sign_in_names(db, staff_number, phone, email, besides=person_id)
    changed = seen.put(person, name=rules.person_name(name), **named)
    if changed:
        db.flush()
        note(db, now, actor, "person.changed", "person", person_id, what=changed)
    return person


def disable_person(db: Session, now: datetime, actor: Actor, person_id: int) -> None:
    """Switch an account off at once, with every sign-in and every open link. What the person did stays."""
    require(actor, "person.manage")
    person = person_to_change(db, person_id)
    if person_id == actor.person_id:
        raise Refused(
            "own_account", N_("You cannot switch off your own account. Ask another administrator to do it.")
        )
    if person.disabled_at is not None:
        return
    keep_a_manager(db, now, actor, without_person=person_id)
    person.disabled_at = now
    sign_out_everywhere(db, now, person_id)
    db.execute(
        update(SignInLink)
        .where(SignInLink.person_id == person_id, SignInLink.used_at.is_(None))
        .values(used_at=now)
    )
    note(db, now, actor, "person.disabled", "person", person_id)


def enable_person(db: Session, now: datetime, actor: Actor, person_id: int) -> None:
    """Switch an account on again; the person signs in as before."""
    require(actor, "person.manage")
    person = person_to_change(db, person_id)
    if person.disabled_at is None:
        return
    person.disabled_at = None
    note(db, now, actor, "person.enabled", "person", person_id)


def sign_out_person(db: Session, now: datetime, actor: Actor, person_id: int) -> int:
    """An administrator ends every sign-in of a person; returns how many there were."""
    require(actor, "person.manage")
    person_to_change(db, person_id)
    ended = sign_out_everywhere(db, now, person_id)
    note(db, now, actor, "person.signed_out", "person", person_id)
    return ended


def sign_out_everywhere(db: Session, now: datetime, person_id: int) -> int:
    """End every sign-in of a person; returns how many there were."""
    live = db.scalars(select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))).all()
    for sign_in in live:
        sign_in.ended_at = now
    return len(live)


def person_to_change(db: Session, person_id: int) -> Person:
    """The person, locked for a change; `NotFound` for nobody."""
    person = db.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound("no_person", N_("There is no such person."))
    return person


def _sign_in_names(
    db: Session, staff_number: str | None, phone: str | None, email: str | None, besides: int | None = None
) -> dict[str, str | None]:
    """The names in the shape in which they are kept, each nobody else's in any of the three columns."""
    named = {
        "staff_number": rules.staff_number(staff_number),
        "phone": rules.phone(phone),
        "email": rules.email(email),
    }
    if not any(named.values()):
        raise Invalid(
            "no_sign_in_name",
            N_("Give a staff number, a phone number or an e-mail address."),
            field="staff_number",
        )
    for field, value in named.items():
        if value and _is_taken(db, value, besides):
            raise Invalid("taken", N_("Somebody else already signs in with this."), field=field)
    return named


def _is_taken(db: Session, value: str, besides: int | None) -> bool:
    somebody = select(Person.id).where(
        or_(Person.staff_number == value, Person.phone == value, func.lower(Person.email) == value.lower())
    )
    if besides is not None:
        somebody = somebody.where(Person.id != besides)
    return db.scalar(somebody.limit(1)) is not None
