"""What commitments put on the case's page and on the start page of the desk."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.commitments.queries import desk, page
from portal.commitments.service.making import NOT_HANDLED
from portal.identity.actors import Actor
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of


def load_case(db: Session, now: datetime, actor: Actor, case_id: int) -> dict[str, Any] | None:
    """What was promised for the case; and whether more can be."""
    if not actor.has("commitment.read"):
        return None
    reach = actor.reach("commitment.read")
    found = page.of_case(db, actor, case_id)
    case, rows = found[0], [row for row in found if row.ref is not None]
    may_make = actor.has("commitment.make") and not case.is_history and case.case_state not in NOT_HANDLED
    if not rows and not may_make:
        return None
    return {
        "ref": case.case_ref,
        "rows": rows,
        "opens": {row.ref for row in rows if reach is None or row.unit_id in reach},
        "may_make": may_make,
        "today": local_date(now, zone_of(db)),
    }


def load_today(db: Session, now: datetime, actor: Actor) -> dict[str, Any] | None:
    """What waits for this person, and what of theirs is late; nothing if nothing is."""
    if not actor.has("commitment.read"):
        return None
    counts = desk.counts(db, now, actor)
    shown = ("decide", "mine", "overdue", "due_soon")
    waiting = {name: counts[name] for name in shown if counts[name]}
    return {"waiting": waiting} if waiting else None
