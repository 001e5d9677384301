"""Reads about people and units: who acts, whom an appointment reaches, the trees for choices."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, tzinfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.identity.actors import Actor, ActorKind, Grant
from portal.identity.models import Absence, Appointment, Person, SignIn, Unit
from portal.identity.roles import ROLES
from portal.kernel.clock import local_date


def holds_on(day: date):  # type: ignore[no-untyped-def]
    """The condition that an appointment holds on `day` and was not ended by hand."""
    return and_(
        Appointment.starts_on <= day,
        or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day),
        Appointment.ended_at.is_(None),
    )


def unit_children(db: Session) -> dict[int, list[int]]:
    """Direct children of every unit, by id."""
    children: dict[int, list[int]] = defaultdict(list)
    for unit_id, parent_id in db.execute(select(Unit.id, Unit.parent_id)):
        if parent_id is not None:
            children[parent_id].append(unit_id)
    return children


def below(children: dict[int, list[int]], unit_id: int) -> frozenset[int]:
    """The unit and every unit below it."""
    found, todo = {unit_id}, [unit_id]
    while todo:
        fresh = [child for child in children.get(todo.pop(), ()) if child not in found]
        found.update(fresh)
        todo.extend(fresh)
    return frozenset(found)


def actor_of(
    db: Session, person_id: int, now: datetime, zone: tzinfo, sign_in_id: int | None = None
) -> Actor:
    """The person as an actor, with the appointments that hold today. Two or three statements."""
    rows = db.execute(
        select(
            Person.name,
            Person.locale,
            Person.disabled_at,
            Appointment.role,
            Appointment.unit_id,
            Unit.short_name,
        )
        .select_from(Person)
        .outerjoin(Appointment, and_(Appointment.person_id == Person.id, holds_on(local_date(now, zone))))
        .outerjoin(Unit, Unit.id == Appointment.unit_id)
        .where(Person.id == person_id)
        .order_by(Appointment.id)
    ).all()
    if not rows or rows[0].disabled_at is not None:
        return Actor(ActorKind.PUBLIC)
    appointments = [(row.role, row.unit_id) for row in rows if row.role in ROLES]
    needs_tree = any(ROLES[role].scope == "unit" for role, _ in appointments)
    children = unit_children(db) if needs_tree else {}
    home = next((row for row in rows if row.unit_id is not None), None)
    return Actor(
        ActorKind.PERSON,
        person_id=person_id,
        name=rows[0].name,
        locale=rows[0].locale,
        unit_id=home.unit_id if home else None,
        unit_name=home.short_name if home else "",
        grants=tuple(_grant(role, unit_id, children) for role, unit_id in appointments),
        sign_in_id=sign_in_id,
        unit_ids=frozenset(unit_id for _, unit_id in appointments if unit_id is not None),
    )


def _grant(role: str, unit_id: int | None, children: dict[int, list[int]]) -> Grant:
    reach: frozenset[int] | None = None
    if ROLES[role].scope == "unit":
        reach = below(children, unit_id) if unit_id is not None else frozenset()
    return Grant(role, ROLES[role].permissions, unit_id, reach)


def signed_in_actor(db: Session, token_hash: str, now: datetime, zone: tzinfo) -> Actor | None:
    """The actor behind a sign-in cookie, or None when it is unknown, ended or over."""
    row = db.execute(
        select(SignIn.id, SignIn.person_id).where(
            SignIn.token_hash == token_hash, SignIn.ended_at.is_(None), SignIn.expires_at > now
        )
    ).first()
    if row is None:
        return None
    actor = actor_of(db, row.person_id, now, zone, sign_in_id=row.id)
    return actor if actor.signed_in else None


def people_with(
    db: Session, permission: str, unit_ids: Iterable[int], day: date
) -> list[tuple[int, str, int]]:
    """People (id, name, unit id) appointed in these very units with a role that holds the permission."""
    roles = [code for code, role in ROLES.items() if permission in role.permissions]
    rows = db.execute(
        select(Person.id, Person.name, Appointment.unit_id)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Appointment.role.in_(roles),
            Appointment.unit_id.in_(list(unit_ids)),
            Person.disabled_at.is_(None),
            holds_on(day),
        )
        .order_by(Appointment.unit_id, Person.id)
    )
    return [(row.id, row.name, row.unit_id) for row in rows]


def office_with(db: Session, permission: str, day: date) -> list[int]:
    """People appointed to a role of the whole office that holds the permission."""
    roles = [
        code for code, role in ROLES.items() if permission in role.permissions and role.scope == "office"
    ]
    held = select(Appointment.person_id).where(Appointment.role.in_(roles), holds_on(day)).distinct()
    return list(db.scalars(held.order_by(Appointment.person_id)))


def covering(db: Session, person_ids: Iterable[int], day: date) -> dict[int, tuple[int, ...]]:
    """Who does these people's work on `day`: they themselves, or their deputies while they are on leave.

    Nobody for whoever is on leave without a deputy at work, has left or is switched off.
    """
    wanted = set(person_ids)
    if not wanted:
        return {}
    deputies: dict[int, set[int]] = defaultdict(set)
    stands_in = select(Appointment.deputy_for_id, Appointment.person_id).where(
        Appointment.deputy_for_id.in_(wanted), holds_on(day)
    )
    for absent, deputy in db.execute(stands_in):
        if absent is not None:
            deputies[absent].add(deputy)
    everybody = wanted.union(*deputies.values())
    away = set(
        db.scalars(
            select(Absence.person_id).where(
                Absence.person_id.in_(everybody), Absence.starts_on <= day, Absence.ends_on >= day
            )
        )
    )
    there = set(db.scalars(select(Person.id).where(Person.id.in_(everybody), Person.disabled_at.is_(None))))
    return {
        person: (person,) if person in there - away else tuple(sorted((deputies[person] & there) - away))
        for person in sorted(wanted)
    }


def away_until(db: Session, person_ids: Iterable[int], day: date) -> dict[int, date]:
    """The last day of leave of those who are away on `day`."""
    rows = db.execute(
        select(Absence.person_id, Absence.ends_on).where(
            Absence.person_id.in_(list(person_ids)), Absence.starts_on <= day, Absence.ends_on >= day
        )
    )
    return {row.person_id: row.ends_on for row in rows}


def valid_units(db: Session, day: date) -> list[Unit]:
    """Units that exist on `day`, parents before children, in the office's order."""
    units = db.scalars(
        select(Unit)
        .where(Unit.valid_from <= day, or_(Unit.valid_to.is_(None), Unit.valid_to >= day))
        .order_by(Unit.sort, Unit.code)
    )
    return list(units)
