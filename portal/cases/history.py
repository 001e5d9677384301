"""What was done to a case: append-only, ids only. The database itself refuses to edit it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.identity.actors import Actor
from portal.kernel.appendonly import guard
from portal.kernel.db import Base


class HistoryEntry(Base):
    """One act or event: what, from which state to which, by whom, when, why (a code and a note's id)."""

    __tablename__ = "case_history"
    __table_args__ = (Index("ix_case_history_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(20))
    target: Mapped[str | None] = mapped_column(String(20))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    reason_code: Mapped[str | None] = mapped_column(String(40))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Codes, ids, dates and numbers only; never anybody's words."""


def record(
    db: Session,
    now: datetime,
    actor: Actor,
    case_id: int,
    act: str,
    *,
    source: str | None = None,
    target: str | None = None,
    unit_id: int | None = None,
    reason_code: str | None = None,
    note_id: int | None = None,
    **details: Any,
) -> HistoryEntry:
    """Append an entry."""
    entry = HistoryEntry(
        case_id=case_id,
        at=now,
        act=act,
        source=source,
        target=target,
        actor_kind=actor.kind.value,
        actor_id=actor.person_id,
        unit_id=unit_id,
        reason_code=reason_code,
        note_id=note_id,
        details=details,
    )
    db.add(entry)
    return entry


guard(HistoryEntry.__table__)
