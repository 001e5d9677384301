"""What cases do when something happens on lower floors."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases import history
from portal.cases.events import CaseChanged
from portal.cases.models import Case
from portal.cases.service import clocks
from portal.cases.vocabulary import Act
from portal.deadlines.events import BecameLate
from portal.identity.actors import SYSTEM
from portal.kernel import events


def register() -> None:
    """Listen."""
    events.within(BecameLate, note_lateness)


def note_lateness(db: Session, now: datetime, late: BecameLate) -> None:
    """A case whose own limit passed says so in its history. Its version stays: nobody's work is disturbed."""
    if late.subject_kind != clocks.KIND or late.event not in clocks.OWN:
        return
    case = db.get_one(Case, late.subject_id)
    history.record(db, now, SYSTEM, case.id, Act(late.stage), unit_id=case.lead_unit_id, limit=late.event)
    events.publish(db, now, CaseChanged(case.id, late.stage))
