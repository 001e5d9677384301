"""What commitments put on the front page and on the pages of units."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.commitments.queries import public
from portal.identity.actors import Actor
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of


def load_front(db: Session, now: datetime, actor: Actor) -> dict[str, Any] | None:
    """What is late or due soon, and how many were kept and broken; nothing while nothing was promised."""
    today = local_date(now, zone_of(db))
    record = public.record(db, today)
    return {"record": record, "rows": public.due(db, today), "today": today} if record["all"] else None


def load_unit(db: Session, now: datetime, actor: Actor, unit_id: int) -> dict[str, Any] | None:
    """What a unit promised and what became of it."""
    record = public.record(db, local_date(now, zone_of(db)), unit_id)
    return {"record": record} if record["all"] else None
