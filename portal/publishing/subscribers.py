"""What publishing does when a case changes, in the transaction of the change."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.cases.events import AppealErased, AppealFiled, CaseChanged, CaseMoved
from portal.cases.vocabulary import Act
from portal.cases.workflow import CaseState
from portal.kernel import events
from portal.publishing.service import counting, projecting, releasing

JOINING = frozenset({Act.MERGE_RECEIVED, Act.MERGE_LOST})


def register() -> None:
    """Listen to the facts of the loop."""
    events.within(AppealFiled, filed)
    events.within(CaseMoved, moved)
    events.within(CaseChanged, changed)
    events.within(AppealErased, erased)


def filed(db: Session, now: datetime, fact: AppealFiled) -> None:
    """One more appeal was received."""
    counting.count_received(db)
    counting.recount(db, now, fact.case_id, askers_changed=True)


def moved(db: Session, now: datetime, fact: CaseMoved) -> None:
    """State and dates flow to the public by themselves."""
    joined = CaseState.MERGED in (fact.source, fact.target)
    counting.recount(db, now, fact.case_id, askers_changed=joined)
    projecting.flow(db, now, fact.case_id)


def changed(db: Session, now: datetime, fact: CaseChanged) -> None:
    """So do the number of askers, the tier, the due date."""
    counting.recount(db, now, fact.case_id, askers_changed=fact.act in JOINING)
    projecting.flow(db, now, fact.case_id)


def erased(db: Session, now: datetime, fact: AppealErased) -> None:
    """What was published of the erased words goes with them."""
    releasing.withdraw_erased(db, now, fact.appeal_id)
