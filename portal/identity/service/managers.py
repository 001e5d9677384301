"""Somebody must always be able to manage people: the one who acts, and the house, keep a way back in."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.actors import Actor
from portal.identity.models import Appointment, Person
from portal.identity.queries import holds_on
from portal.identity.roles import ROLES
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.errors import Refused
from portal.kernel.words import N_

MANAGING_ROLES = frozenset(code for code, role in ROLES.items() if "person.manage" in role.permissions)


def keep_a_manager(
    db: Session,
    now: datetime,
    actor: Actor,
    *,
    without_appointment: int | None = None,
    without_person: int | None = None,
) -> None:
    """Refuse what would leave nobody who may manage people, or the one who acts without that right.

    The rows stay locked, so that two administrators cannot end each other at the same moment.
    """
    rows = db.execute(
        select(Appointment.id, Appointment.person_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.role.in_(MANAGING_ROLES),
            Person.disabled_at.is_(None),
            holds_on(local_date(now, zone_of(db))),
        )
        .order_by(Appointment.id)
        .with_for_update(of=Appointment)
    ).all()
    left = [row for row in rows if row.id != without_appointment and row.person_id != without_person]
    if len(left) == len(rows):
        return
    lost = {row.person_id for row in rows} - {row.person_id for row in left}
    if actor.person_id in lost:
        raise Refused(
            "own_last_administrator",
            N_("This is your own last appointment as administrator. Ask another administrator to end it."),
        )
    if not left:
        raise Refused(
            "last_administrator",
            N_("Nobody would be left to manage people. Appoint another administrator first."),
        )
