"""What somebody of the staff wants to be told, how and when."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.alerts.models import AlertChoice, AlertHours
from portal.alerts.rules import DEFAULTS, Group, Mode, Way
from portal.identity.actors import Actor
from portal.identity.models import Person
from portal.identity.policy import require
from portal.kernel.errors import Invalid
from portal.kernel.words import N_

_ON_LIST = N_("Choose from the list.")


def choose(db: Session, now: datetime, actor: Actor, group: str, way: str, mode: str) -> None:
    """How the actor's own alerts of a group come by one way. The portal itself shows them in any case."""
    require(actor, "account.use")
    for field, value, known in (("group", group, Group), ("way", way, Way), ("mode", mode, Mode)):
        if value not in list(known):
            raise Invalid("not_on_list", _ON_LIST, field=field)
    _alone(db, actor)
    row = db.get(AlertChoice, (actor.person_id, group, way))
    if row is None:
        if DEFAULTS.get((Group(group), Way(way)), Mode.OFF) == mode:
            return
        row = AlertChoice(person_id=actor.person_id, group=group, way=way)
        db.add(row)
    row.mode = mode


def set_hours(
    db: Session, now: datetime, actor: Actor, quiet_from: int, quiet_to: int, digest_hour: int
) -> None:
    """When the actor is left in peace and when the digest comes: local hours, 0 to 23; equal ones mean never."""
    require(actor, "account.use")
    wanted = {"quiet_from": quiet_from, "quiet_to": quiet_to, "digest_hour": digest_hour}
    for field, hour in wanted.items():
        if not 0 <= hour <= 23:
            raise Invalid("no_hour", N_("Give a whole hour from 0 to 23."), field=field)
    _alone(db, actor)
    row = db.get(AlertHours, actor.person_id)
    if row is None:
        db.add(AlertHours(person_id=actor.person_id, **wanted))
        return
    row.quiet_from, row.quiet_to, row.digest_hour = quiet_from, quiet_to, digest_hour


def _alone(db: Session, actor: Actor) -> None:
    """A form sent twice is two writers of the same rows: one after the other."""
    db.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update())
