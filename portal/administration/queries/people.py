"""People as a list: search, filters, pages by key."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.identity import rules, signing_in
from portal.identity.models import Absence, Appointment, Person, Unit
from portal.identity.queries import below, holds_on, unit_children
from portal.kernel.errors import Invalid
from portal.kernel.words import N_

PAGE = 30
COUNTED_AT_MOST = 1000
STATES = {
    "on": N_("Account in use"),
    "away": N_("On leave today"),
    "idle": N_("Without an appointment"),
    "off": N_("Switched off"),
}


@dataclass(frozen=True)
class PeopleFilter:
    """What is looked for, and where the page begins: `after` and `before` are ids."""

    q: str = ""
    role: str = ""
    unit_id: int | None = None
    state: str = ""
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class Held:
    """A role held in a unit; office-wide without one."""

    role: str
    unit_name: str
    is_deputy: bool


@dataclass(frozen=True)
class PersonRow:
    """One line of the list."""

    id: int
    name: str
    staff_number: str
    phone: str
    email: str
    state: str
    held: tuple[Held, ...]


@dataclass(frozen=True)
class PeoplePage:
    """A page of the list, the ids its neighbours begin at, and how many there are in all (capped)."""

    rows: tuple[PersonRow, ...]
    newer: int | None
    older: int | None
    count: int


def people(db: Session, today: date, wanted: PeopleFilter) -> PeoplePage:
    """The page of the newest people who match; at most five statements."""
    matching = _matching(db, today, wanted)
    count = db.scalar(
        select(func.count()).select_from(
            matching.with_only_columns(Person.id).limit(COUNTED_AT_MOST + 1).subquery()
        )
    )
    backwards = wanted.before is not None
    if wanted.before is not None:
        turned = matching.where(Person.id > wanted.before).order_by(Person.id)
    else:
        turned = matching.order_by(Person.id.desc())
        if wanted.after is not None:
            turned = turned.where(Person.id < wanted.after)
    found = list(db.scalars(turned.limit(PAGE + 1)))
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    has_newer = more if backwards else wanted.after is not None
    has_older = backwards or more
    return PeoplePage(
        rows=_rows(db, today, found),
        newer=found[0].id if found and has_newer else None,
        older=found[-1].id if found and has_older else None,
        count=count or 0,
    )


def _matching(db: Session, today: date, wanted: PeopleFilter) -> Select[Person]:
    statement = select(Person)
    if wanted.q:
        statement = statement.where(_called(wanted.q))
    if wanted.role or wanted.unit_id is not None:
        statement = statement.where(exists(_appointed(db, today, wanted)))
    if wanted.state in STATES:
        statement = statement.where(_in_state(wanted.state, today))
    return statement


def _called(words: str) -> ColumnElement[bool]:
    digits = rules.phone_digits(words)
    ways = [
        Person.name.contains(words, autoescape=True),
        Person.staff_number.istartswith(words, autoescape=True),
        Person.email.istartswith(words, autoescape=True),
    ]
    if len(digits) >= 4:
        ways.append(Person.phone.contains(digits, autoescape=True))
    return or_(*ways)


def _appointed(db: Session, today: date, wanted: PeopleFilter) -> Select[int]:
    held = select(Appointment.id).where(Appointment.person_id == Person.id, holds_on(today))
    if wanted.role:
        held = held.where(Appointment.role == wanted.role)
    if wanted.unit_id is not None:
        held = held.where(Appointment.unit_id.in_(below(unit_children(db), wanted.unit_id)))
    return held


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    if state == "off":
        return Person.disabled_at.is_not(None)
    on = Person.disabled_at.is_(None)
    if state == "away":
        return and_(on, exists(select(Absence.id).where(Absence.person_id == Person.id, _covers(today))))
    if state == "idle":
        held = select(Appointment.id).where(Appointment.person_id == Person.id, holds_on(today))
        return and_(on, ~exists(held))
    return on


def _covers(today: date) -> ColumnElement[bool]:
    return and_(Absence.starts_on <= today, Absence.ends_on >= today)


def _rows(db: Session, today: date, found: Iterable[Person]) -> tuple[PersonRow, ...]:
    people_found = list(found)
    ids = [person.id for person in people_found]
    held: dict[int, list[Held]] = defaultdict(list)
    rows = db.execute(
        select(Appointment.person_id, Appointment.role, Appointment.deputy_for_id, Unit.short_name)
        .outerjoin(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.person_id.in_(ids), holds_on(today))
        .order_by(Appointment.id)
    )
    for row in rows:
        held[row.person_id].append(Held(row.role, row.short_name or "", row.deputy_for_id is not None))
    away = set(db.scalars(select(Absence.person_id).where(Absence.person_id.in_(ids), _covers(today))))
    return tuple(
        PersonRow(
            person.id,
            person.name,
            person.staff_number or "",
            person.phone or "",
            person.email or "",
            _state(person, bool(held[person.id]), person.id in away),
            tuple(held[person.id]),
        )
        for person in people_found
    )


def _state(person: Person, appointed: bool, away: bool) -> str:
    if person.disabled_at is not None:
        return "off"
    if away:
        return "away"
    return "on" if appointed else "idle"


def person_called(db: Session, typed: str, field: str | None = None) -> Person:
    """The one person in use with this staff number, phone, mail or full name; refused if there are none or several."""
    known = signing_in.find(db, typed)
    if known is not None:
        return db.get_one(Person, known.person_id)
    named = select(Person).where(Person.name == " ".join(typed.split()), Person.disabled_at.is_(None))
    found = db.scalars(named.order_by(Person.id).limit(6)).all()
    if not found:
        raise Invalid(
            "nobody",
            N_("Nobody with an account in use is called “%(typed)s” or signs in with it."),
            field=field,
            typed=typed,
        )
    if len(found) > 1:
        numbers = ", ".join(person.staff_number or person.phone or person.email or "" for person in found)
        raise Invalid(
            "several",
            N_("Several people are called “%(typed)s”. Give one of these instead: %(numbers)s."),
            field=field,
            typed=typed,
            numbers=numbers,
        )
    return found[0]
