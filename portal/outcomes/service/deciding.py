"""The second person's part: published, or back with a reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.kernel.errors import Conflict, Invalid, Refused
from portal.kernel.words import N_
from portal.outcomes.models import Outcome
from portal.outcomes.service.publishing import publish
from portal.outcomes.service.writing import load
from portal.outcomes.workflow import OutcomeState, check
from portal.publishing.personal_data import find


def approve(
    db: Session, now: datetime, actor: Actor, outcome_id: int, *, version: int, checked: bool = False
) -> Outcome:
    """Publish what was proposed, with this transaction.

    `checked`: the reader looked at the places that may be personal data and lets them stand.
    """
    require(actor, "outcome.approve")
    outcome = load(db, outcome_id)
    check(OutcomeState(outcome.state), OutcomeState.PUBLISHED)
    if actor.person_id in (outcome.author_id, outcome.edited_by_id):
        raise Refused("second_person_required")
    if outcome.version != version:
        raise Conflict("changed_meanwhile", N_("Somebody changed this outcome meanwhile. Look at it again."))
    if not checked and (find(outcome.title) or find(outcome.body)):
        raise Invalid(
            "look_first", N_("Look at the marked places first and say that they may stand."), field="checked"
        )
    publish(db, now, actor, outcome)
    return outcome


def send_back(db: Session, now: datetime, actor: Actor, outcome_id: int, reason: str) -> Outcome:
    """Back to whoever wrote it, with what has to be mended."""
    require(actor, "outcome.approve")
    outcome = load(db, outcome_id)
    check(OutcomeState(outcome.state), OutcomeState.DRAFT)
    if not reason.strip():
        raise Invalid("needed", N_("Say what has to be mended."), field="reason")
    outcome.state, outcome.returned_because = OutcomeState.DRAFT, reason.strip()[:500]
    db.flush()
    return outcome


def take_back(db: Session, now: datetime, actor: Actor, outcome_id: int) -> Outcome:
    """Make an outcome that waits to be decided a draft again."""
    require(actor, "outcome.draft")
    outcome = load(db, outcome_id)
    check(OutcomeState(outcome.state), OutcomeState.DRAFT)
    outcome.state = OutcomeState.DRAFT
    db.flush()
    return outcome
