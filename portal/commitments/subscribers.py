"""What commitments do when something happens on lower floors."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.commitments import history
from portal.commitments.events import CommitmentStepped
from portal.commitments.models import Commitment
from portal.commitments.service import telling
from portal.commitments.service.clocks import EVENT
from portal.commitments.service.moves import tell
from portal.commitments.subjects import KIND
from portal.commitments.workflow import Act
from portal.deadlines.events import BecameLate
from portal.identity.actors import SYSTEM
from portal.kernel import events


def register() -> None:
    """Listen."""
    events.within(BecameLate, note_lateness)
    events.within(CommitmentStepped, telling.tell)


def note_lateness(db: Session, now: datetime, late: BecameLate) -> None:
    """A commitment whose day is over says so in its history and in public. Its version stays: nobody's work is
    disturbed."""
    if late.subject_kind != KIND or late.event != EVENT:
        return
    commitment = db.get_one(Commitment, late.subject_id)
    entry = history.record(db, now, SYSTEM, commitment.id, Act(late.stage))
    tell(db, now, commitment, entry)
