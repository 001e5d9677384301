"""What was done to a commitment: append-only, ids only. The database itself refuses to edit it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.commitments.workflow import Act
from portal.identity.actors import Actor
from portal.kernel.appendonly import guard
from portal.kernel.db import Base


class CommitmentEntry(Base):
    """One act or event: what, from which state to which, by whom, when."""

    __tablename__ = "commitment_history"
    __table_args__ = (Index("ix_commitment_history_commitment", "commitment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(20))
    target: Mapped[str | None] = mapped_column(String(20))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("commitment_follow_up.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("commitment_proposal.id"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Codes, ids, dates and numbers only; never anybody's words."""


def record(
    db: Session,
    now: datetime,
    actor: Actor,
    commitment_id: int,
    act: Act,
    *,
    source: str | None = None,
    target: str | None = None,
    follow_up_id: int | None = None,
    proposal_id: int | None = None,
    **details: Any,
) -> CommitmentEntry:
    """Append an entry."""
    entry = CommitmentEntry(
        commitment_id=commitment_id,
        at=now,
        act=act,
        source=source,
        target=target,
        actor_kind=actor.kind.value,
        actor_id=actor.person_id,
        follow_up_id=follow_up_id,
        proposal_id=proposal_id,
        details=details,
    )
    db.add(entry)
    db.flush()
    return entry


guard(CommitmentEntry.__table__)
