"""What somebody of the staff has read of their alerts."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.alerts.models import Alert
from portal.identity.actors import Actor
from portal.kernel.errors import NotFound
from portal.kernel.words import N_


def mark_read(db: Session, now: datetime, actor: Actor, alert_id: int) -> Alert:
    """One of the actor's own alerts was opened."""
    alert = db.get(Alert, alert_id)
    if alert is None or (alert.recipient_kind, alert.recipient_id) != ("person", actor.person_id):
        raise NotFound("not_found", N_("There is nothing here under this address."))
    alert.read_at = alert.read_at or now
    return alert


def mark_all_read(db: Session, now: datetime, actor: Actor, up_to: int) -> int:
    """All of the actor's alerts up to the newest one they saw; what came meanwhile stays unread."""
    done = db.execute(
        update(Alert)
        .where(
            Alert.recipient_kind == "person",
            Alert.recipient_id == actor.person_id,
            Alert.read_at.is_(None),
            Alert.id <= up_to,
        )
        .values(read_at=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
