"""What outcomes put on the case's page at the desk."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.identity.actors import Actor
from portal.outcomes import queries

READY = ("handling", "answered", "closed")


def load_case(db: Session, now: datetime, actor: Actor, case_id: int) -> dict[str, Any] | None:
    """What came out of the case, and the way to write it down; nothing for who does not write outcomes."""
    if not actor.has("outcome.draft"):
        return None
    ref, state = db.execute(select(Case.ref, Case.state).where(Case.id == case_id)).one()
    outcomes = queries.of_case(db, case_id)
    if state not in READY and not outcomes:
        return None
    return {"ref": ref, "outcomes": outcomes}
