"""Who of the staff has to know of something on a case: who handles it, who leads the unit, who decides.

Leave and deputies are respected: who is away is not told, whoever stands in for them is.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.alerts.kinds import Recipient
from portal.cases.models import Case
from portal.cases.subjects import may_know, subject_of
from portal.identity.models import Unit
from portal.identity.queries import actor_of, covering, office_with, people_with
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of


def handlers(db: Session, now: datetime, case: Case) -> set[int]:
    """Whoever the case was given to, or who covers for them; without such a person, the unit's people."""
    if case.handler_id is not None and (covers := _covered(db, now, {case.handler_id})):
        return covers
    return _of_unit(db, now, case.lead_unit_id, "case.accept")


def heads(db: Session, now: datetime, case: Case) -> set[int]:
    """Who leads the unit, or the nearest unit above that has a head at work."""
    unit_id = case.lead_unit_id
    while unit_id is not None:
        if found := _of_unit(db, now, unit_id, "case.delegate"):
            return found
        unit = db.get(Unit, unit_id)
        unit_id = unit.parent_id if unit else None
    return set()


def deciders(db: Session, now: datetime, permission: str) -> set[int]:
    """Who in the office decides on such things."""
    day = local_date(now, zone_of(db))
    return _covered(db, now, set(office_with(db, permission, day)))


def allowed(db: Session, now: datetime, case: Case, people: set[int]) -> list[Recipient]:
    """Those of them who may know of the case at all: whoever it complains about is never told."""
    subject = subject_of(db, case.id)
    return [
        Recipient("person", number)
        for number in sorted(people)
        if may_know(actor_of(db, number, now, zone_of(db)), subject)
    ]


def _of_unit(db: Session, now: datetime, unit_id: int | None, permission: str) -> set[int]:
    if unit_id is None:
        return set()
    found = people_with(db, permission, [unit_id], local_date(now, zone_of(db)))
    return _covered(db, now, {number for number, _name, _unit in found})


def _covered(db: Session, now: datetime, people: set[int]) -> set[int]:
    found = covering(db, people, local_date(now, zone_of(db)))
    return {cover for covers in found.values() for cover in covers}
