"""The city's own limits, which go before the defaults. Dates already given stay as they are."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.deadlines.limits import LimitEvent
from portal.deadlines.models import OwnLimit
from portal.deadlines.queries import forget_tables
from portal.deadlines.values import Limit
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.identity.service import note
from portal.kernel.errors import Invalid
from portal.kernel.words import N_


def set_limit(
    db: Session,
    now: datetime,
    actor: Actor,
    event: str,
    limit: Limit | None,
    *,
    kind: str | None = None,
    party: str | None = None,
    tier: str | None = None,
    remind_before: int = 2,
) -> None:
    """How long something may take from now on; None goes back to the default. What is left out means any."""
    require(actor, "calendar.manage")
    if event not in list(LimitEvent):
        raise Invalid("not_on_list", N_("Choose from the list."), field="event")
    words = {"kind": kind or "", "party": party or "", "tier": tier or ""}
    row = db.scalar(select(OwnLimit).filter_by(event=event, **words))
    if limit is None:
        if row is not None:
            db.delete(row)
    else:
        row = row or OwnLimit(event=event, **words)
        row.amount, row.unit, row.remind_before = limit.amount, limit.unit, remind_before
        db.add(row)
    db.flush()
    forget_tables(db)
    note(db, now, actor, "limit.set", "limit", None, what=event)
