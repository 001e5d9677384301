"""Who is told of a step of a commitment: the askers of its cases, whoever follows it or its unit, and the person who
answers for it. In the transaction of the step."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.alerts import service as alerts
from portal.alerts.kinds import Recipient
from portal.commitments.events import CommitmentStepped
from portal.commitments.models import Commitment
from portal.commitments.released import PublishedCommitment
from portal.commitments.subjects import subject_of
from portal.commitments.workflow import Act

STEP = "commitment.step"
"""To the public: what everybody can read now."""
LATE = "commitment.late"
DECIDED = "commitment.decided"
TARGET = "commitment"

_LATE = frozenset({Act.OVERDUE, Act.VERY_LATE})
_NOT_NEWS = frozenset({Act.FOLLOW_UP_ERASED})


def tell(db: Session, now: datetime, fact: CommitmentStepped) -> None:
    """Each recipient once per step; ids and codes only."""
    act = Act(fact.act)
    public_id = db.scalar(
        select(PublishedCommitment.id).where(PublishedCommitment.commitment_id == fact.commitment_id)
    )
    if act in _NOT_NEWS or public_id is None:
        return
    commitment = db.get_one(Commitment, fact.commitment_id)
    occasion, data = str(fact.entry_id), {"act": act.value}
    askers = [Recipient("appeal", number) for number in sorted(subject_of(db, commitment).appeal_ids)]
    if askers:
        alerts.tell(db, now, STEP, public_id, askers, occasion=occasion, data=data)
    targets = ((TARGET, public_id), ("unit", commitment.unit_id))
    alerts.tell_followers(db, now, STEP, public_id, targets, occasion=occasion, data=data)
    kind = LATE if act in _LATE else DECIDED
    person = [Recipient("person", commitment.person_id)]
    alerts.tell(db, now, kind, commitment.id, person, occasion=occasion, data=data)
