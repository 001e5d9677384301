"""All outcomes can be followed by mail; whoever follows a unit hears of its outcomes, too."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.alerts import kinds
from portal.alerts.confirming import register_target
from portal.alerts.kinds import Kind, Told
from portal.alerts.rules import Group
from portal.alerts.service import tell_followers
from portal.kernel import events
from portal.outcomes.events import OutcomePublished
from portal.outcomes.models import Outcome
from portal.outcomes.workflow import OutcomeState
from portal.web.words import _

TARGET: Final = "outcomes"
ALL: Final = 1
"""There is only one of it."""
PUBLISHED: Final = "outcome.published"


def register() -> None:
    """Make target and kind known, and listen."""
    register_target(TARGET, _name, lambda _db, number: "/outcomes" if number == ALL else None)
    kinds.register(Kind(PUBLISHED, Group.FOLLOWED, "outcomes/told_published.txt", _load))
    events.within(OutcomePublished, tell)


def tell(db: Session, now: datetime, fact: OutcomePublished) -> None:
    """Each mailbox once, however it came to follow."""
    outcome = db.get_one(Outcome, fact.outcome_id)
    targets = [(TARGET, ALL), ("unit", outcome.unit_id)]
    tell_followers(db, now, PUBLISHED, outcome.id, targets, occasion="published")


def _name(db: Session, number: int) -> str | None:
    return _("All outcomes") if number == ALL else None


def _load(db: Session, now: datetime, told: Told) -> dict[str, Any] | None:
    outcome = db.get(Outcome, told.subject_id)
    if outcome is None or outcome.state != OutcomeState.PUBLISHED:
        return None
    return {"outcome": outcome, "path": f"/outcomes/{outcome.ref}"}
