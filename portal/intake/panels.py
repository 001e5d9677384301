"""What coming in adds to the pages of the desk: signs of spam on the page of a case."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, Case, CaseLink
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor
from portal.intake.rules import SUSPICIONS


def load_suspicions(db: Session, _now: datetime, _actor: Actor, case_id: int) -> dict[str, Any] | None:
    """Why one of the case's appeals looked like spam: for the office, until a unit has the case."""
    marked = db.scalars(
        select(Appeal.suspected)
        .join(CaseLink, CaseLink.appeal_id == Appeal.id)
        .join(Case, Case.id == CaseLink.case_id)
        .where(
            CaseLink.case_id == case_id,
            CaseLink.ended_at.is_(None),
            Appeal.suspected != "",
            Case.state.in_((CaseState.SUBMITTED, CaseState.SCREENED)),
        )
    )
    codes = dict.fromkeys(code for row in marked for code in row.split(","))
    reasons = [SUSPICIONS[code] for code in codes if code in SUSPICIONS]
    return {"reasons": reasons} if reasons else None
