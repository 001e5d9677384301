"""The city's own limits, in the places of the defaults. Dates already given stay as they are."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.deadlines.limits import LimitEvent
from portal.deadlines.models import OwnLimit
from portal.deadlines.queries import forget_tables
from portal.deadlines.values import Limit
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.identity.service import note
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.errors import Invalid
from portal.kernel.words import N_

LONGEST = {"workdays": 250, "days": 366, "hours": 720}
LONGEST_REMINDER = 30


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
    reason: str,
    starts_on: date | None = None,
) -> OwnLimit:
    """How long something may take from a day on (today, if left out); None goes back to the default. Words that
    are left out mean any. What counted before is kept; a past day is refused, since its dates are given."""
    require(actor, "calendar.manage")
    today = local_date(now, zone_of(db))
    _check(event, limit, remind_before, reason, starts_on or today, today)
    row = OwnLimit(
        event=event,
        kind=kind or "",
        party=party or "",
        tier=tier or "",
        amount=limit.amount if limit else None,
        unit=limit.unit if limit else "workdays",
        remind_before=remind_before,
        starts_on=starts_on or today,
        reason=reason.strip(),
        made_at=now,
        made_by_id=actor.person_id,
    )
    db.add(row)
    db.flush()
    forget_tables(db)
    note(db, now, actor, "limit.set", "limit", row.id, what=event)
    return row


def _check(
    event: str, limit: Limit | None, remind_before: int, reason: str, starts_on: date, today: date
) -> None:
    if event not in list(LimitEvent):
        raise Invalid("not_on_list", N_("Choose from the list."), field="event")
    if limit is not None and limit.amount > LONGEST[limit.unit]:
        raise Invalid("limit_too_long", N_("At most %(max)d."), field="amount", max=LONGEST[limit.unit])
    if not 0 <= remind_before <= LONGEST_REMINDER:
        raise Invalid("limit_too_long", N_("At most %(max)d."), field="remind_before", max=LONGEST_REMINDER)
    if not reason.strip():
        raise Invalid(
            "no_reason", N_("Give the reason: everybody who asks will be shown it."), field="reason"
        )
    if starts_on < today:
        raise Invalid(
            "starts_in_past",
            N_("This day is over, and its dates are given. Choose today or a later day."),
            field="starts_on",
        )
