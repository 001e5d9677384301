"""The administrative record: what was changed in people, appointments, units and settings, and by whom."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.identity.actors import Actor
from portal.identity.models import AdminEntry


def note(
    db: Session,
    now: datetime,
    actor: Actor,
    kind: str,
    subject_kind: str,
    subject_id: int | None,
    *,
    part_id: int | None = None,
    what: str = "",
) -> None:
    """Append to the record. `part_id` is the appointment or leave it was about, `what` names fields or codes:
    never anybody's words."""
    db.add(
        AdminEntry(
            at=now,
            actor_id=actor.person_id,
            kind=kind,
            subject_kind=subject_kind,
            subject_id=subject_id,
            part_id=part_id,
            what=what,
        )
    )
