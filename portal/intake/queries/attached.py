"""A file on the staff's side: where it lies, and through which cases somebody may come to it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import CaseLink
from portal.cases.texts import Attachment


@dataclass(frozen=True, slots=True)
class Attached:
    """A kept file, and the cases it belongs to."""

    name: str
    media_type: str
    stored_as: str
    case_ids: tuple[int, ...]


def attached(db: Session, attachment_id: int) -> Attached | None:
    """The file with its case, or with the cases that answer its appeal."""
    row = db.get(Attachment, attachment_id)
    if row is None:
        return None
    linked = select(CaseLink.case_id).where(CaseLink.appeal_id == row.appeal_id, CaseLink.ended_at.is_(None))
    cases = [] if row.appeal_id is None else list(db.scalars(linked))
    if row.case_id is not None:
        cases.append(row.case_id)
    return Attached(row.name, row.media_type, row.stored_as, tuple(dict.fromkeys(cases)))
