"""What is told about commitments, in which words, and that the public can follow them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.alerts import kinds
from portal.alerts.confirming import register_target
from portal.alerts.kinds import Kind, Told
from portal.alerts.rules import Group
from portal.commitments.models import Commitment
from portal.commitments.released import PublishedCommitment
from portal.commitments.service import telling
from portal.commitments.service.moves import words_of
from portal.commitments.subjects import subject_of
from portal.identity.policy import can
from portal.identity.queries import actor_of
from portal.kernel.db import zone_of


def register() -> None:
    """Make kinds and target known to the alerts."""
    register_target(telling.TARGET, _name, _path)
    kinds.register(Kind(telling.STEP, Group.FOLLOWED, "commitments/told_step.txt", _load_public))
    kinds.register(Kind(telling.LATE, Group.CLOCK, "commitments/told_staff.txt", _load_staff))
    kinds.register(Kind(telling.DECIDED, Group.DECISIONS, "commitments/told_staff.txt", _load_staff))


def _load_public(db: Session, now: datetime, told: Told) -> dict[str, Any] | None:
    """As everybody reads it now."""
    row = db.get(PublishedCommitment, told.subject_id)
    if row is None:
        return None
    return {"c": row, "act": told.data["act"], "path": f"/commitments/{row.ref}"}


def _load_staff(db: Session, now: datetime, told: Told) -> dict[str, Any] | None:
    """For who may still see it at the desk."""
    row = db.get(Commitment, told.subject_id)
    reader = actor_of(db, told.recipient.id, now, zone_of(db))
    if row is None or not can(reader, "commitment.read", subject_of(db, row)):
        return None
    return {
        "c": row,
        "what": words_of(db, row).what,
        "act": told.data["act"],
        "path": f"/desk/commitments/{row.ref}",
    }


def _name(db: Session, number: int) -> str | None:
    row = db.get(PublishedCommitment, number)
    return row.what if row else None


def _path(db: Session, number: int) -> str | None:
    row = db.get(PublishedCommitment, number)
    return f"/commitments/{row.ref}" if row else None
