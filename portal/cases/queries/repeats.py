"""Likely repeats of a case, as far as the actor may see them. A person decides whether to merge."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case, CaseLink
from portal.cases.queries.worklist import TITLE
from portal.cases.repeats import likely_repeats
from portal.cases.subjects import visible
from portal.cases.texts import CaseText
from portal.identity.actors import Actor

MOST = 5


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """A case whose appeal says much the same; `share` in per cent."""

    ref: str
    title: str
    state: str
    opened_at: datetime
    share: int

    @property
    def same(self) -> bool:
        """The same words."""
        return self.share >= 100


def repeats_of(db: Session, actor: Actor, case_id: int, appeal_id: int) -> list[RepeatRow]:
    """Other cases that answer an appeal like this one, the most alike first."""
    alike = dict(likely_repeats(db, appeal_id, MOST * 2))
    if not alike:
        return []
    found = db.execute(
        select(CaseLink.appeal_id, Case.ref, TITLE.label("title"), Case.state, Case.opened_at)
        .select_from(Case)
        .join(CaseLink, CaseLink.case_id == Case.id)
        .outerjoin(CaseText, CaseText.case_id == Case.id)
        .where(
            CaseLink.appeal_id.in_(alike),
            CaseLink.ended_at.is_(None),
            Case.id != case_id,
            visible(actor),
        )
    )
    rows = {
        row.ref: RepeatRow(row.ref, row.title, row.state, row.opened_at, round(100 * alike[row.appeal_id]))
        for row in found
    }
    return sorted(rows.values(), key=lambda row: (-row.share, row.ref))[:MOST]
