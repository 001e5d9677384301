"""Appointments that were proposed and wait for a second person."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.identity.models import GrantProposal, Person, Unit


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One that waits."""

    id: int
    person_id: int
    person: str
    role: str
    unit: str
    starts_on: date
    ends_on: date | None
    proposed_by_id: int | None
    proposed_by: str
    proposed_at: datetime

    def may_be_granted_by(self, person_id: int | None) -> bool:
        """Neither who proposed it nor who would hold it; the rest is for the service to say."""
        return person_id not in (self.proposed_by_id, self.person_id)


def waiting(db: Session, person_id: int | None = None) -> list[ProposalRow]:
    """All that wait, the oldest first; or those about one person."""
    author = aliased(Person)
    statement = (
        select(GrantProposal, Person.name, Unit.short_name, author.name)
        .join(Person, Person.id == GrantProposal.person_id)
        .outerjoin(Unit, Unit.id == GrantProposal.unit_id)
        .outerjoin(author, author.id == GrantProposal.proposed_by_id)
        .where(GrantProposal.decided_at.is_(None))
        .order_by(GrantProposal.id)
    )
    if person_id is not None:
        statement = statement.where(GrantProposal.person_id == person_id)
    return [
        ProposalRow(
            row.id,
            row.person_id,
            name,
            row.role,
            unit or "",
            row.starts_on,
            row.ends_on,
            row.proposed_by_id,
            by or "",
            row.proposed_at,
        )
        for row, name, unit, by in db.execute(statement)
    ]
