"""A file on the staff's side: where it lies, and through which cases somebody may come to it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import CaseLink
from portal.cases.texts import Attachment
from portal.intake.models import StagedFile
from portal.publishing.models import PublishedFile


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


def known_files(db: Session, names: list[str]) -> set[str]:
    """Those of the kept files that belong to something."""
    found: set[str] = set()
    for table in (Attachment, StagedFile, PublishedFile):
        for start in range(0, len(names), 500):
            some = names[start : start + 500]
            found.update(db.scalars(select(table.stored_as).where(table.stored_as.in_(some))))
    return found
