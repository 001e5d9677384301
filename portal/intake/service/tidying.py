"""Letting go of what is over: files of erased appeals."""

from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from portal.cases.models import Appeal
from portal.cases.texts import Attachment
from portal.intake.models import AppealDraft


def is_tidy(db: Session, now: datetime) -> bool:
    """Whether there is nothing to remove; a read, so that an idle portal takes no write lane."""
    over = select(AppealDraft.id).where(AppealDraft.expires_at <= now).limit(1)
    return db.scalar(over) is None and db.scalar(_erased().limit(1)) is None


def forget_files(db: Session) -> list[str]:
    """Note that the files of erased appeals are gone; returns the names under which their bytes lie."""
    rows = db.execute(_erased()).all()
    gone = [row.id for row in rows]
    db.execute(update(Attachment).where(Attachment.id.in_(gone)).values(stored_as="", size=0, sha256=""))
    return [row.stored_as for row in rows]


def _erased() -> Select[int, str]:
    return (
        select(Attachment.id, Attachment.stored_as)
        .join(Appeal, Appeal.id == Attachment.appeal_id)
        .where(Appeal.erased_at.is_not(None), Attachment.stored_as != "")
    )
