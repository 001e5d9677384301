"""What publication puts on the case's page and on the start page of the desk."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.identity.actors import Actor
from portal.publishing.queries import reviews

ANSWERED = ("answered", "closed")


def load_case(db: Session, now: datetime, actor: Actor, case_id: int) -> dict[str, Any] | None:
    """What is public of the case; nothing for who has no say in it."""
    if not actor.has("publication.release"):
        return None
    ref, state = db.execute(select(Case.ref, Case.state).where(Case.id == case_id)).one()
    return {
        "ref": ref,
        "line": reviews.published(db, case_id),
        "open": reviews.open_release(db, case_id),
        "ready": state in ANSWERED,
        "refused": not reviews.agreed(db, case_id),
        "may_propose": actor.has("publication.propose"),
    }


def load_today(db: Session, now: datetime, actor: Actor) -> dict[str, Any] | None:
    """What waits for a decision or for mending; nothing if nothing does."""
    if not actor.has("publication.release"):
        return None
    counts = reviews.counts(db, now, actor)
    waiting = {name: counts[name] for name in ("decide", "returned", "ready") if counts[name]}
    return {"waiting": waiting, "most": reviews.MOST} if waiting else None
