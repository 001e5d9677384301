"""Erasing a person's words and contacts; the history stays whole, because it never held them."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.cases import repeats
from portal.cases.events import AppealErased
from portal.cases.models import Appeal, CaseLink
from portal.cases.service.indexing import index_case
from portal.cases.service.moves import load, note_act
from portal.cases.subjects import require_for_case
from portal.cases.texts import (
    AppealContact,
    AppealKey,
    AppealRaw,
    AppealText,
    AskerQuestion,
    Attachment,
    CaseMechanism,
    CaseText,
    Note,
    RatingRow,
    Reply,
)
from portal.cases.vocabulary import Act
from portal.identity.actors import Actor
from portal.kernel import events
from portal.kernel.errors import NotFound, Refused
from portal.kernel.words import N_

GONE = "—"


def erase_appeal(db: Session, now: datetime, actor: Actor, appeal_id: int, reason: str) -> list[str]:
    """Erase an appeal's words, contacts, raw import and files.

    What staff wrote about it (notes, replies) goes too where no other asker's appeal stands behind the case.
    Returns the stored names of its files, for the door to remove once this is committed.
    """
    appeal = db.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    case_ids = list(db.scalars(select(CaseLink.case_id).where(CaseLink.appeal_id == appeal_id).distinct()))
    cases = [load(db, case_id) for case_id in case_ids]
    for case in cases:
        require_for_case(db, actor, "appeal.erase", case)
    if appeal.erased_at is not None:
        raise Refused("erased", N_("This appeal has been erased already."))
    files = _erase_own(db, now, appeal)
    for case in cases:
        if not _others(db, case.id, appeal_id):
            files += _erase_case(db, case.id)
        note_act(db, now, actor, case, Act.ERASED, reason=reason, appeal_id=appeal_id)
        index_case(db, case.id)
    events.publish(db, now, AppealErased(appeal_id))
    return files


def _erase_own(db: Session, now: datetime, appeal: Appeal) -> list[str]:
    for table in (AppealKey, AppealContact, AppealRaw):
        db.execute(delete(table).where(table.appeal_id == appeal.id))
    db.execute(
        update(AppealText)
        .where(AppealText.appeal_id == appeal.id)
        .values(title=GONE, body="", place="", concerns="")
    )
    db.execute(update(AskerQuestion).where(AskerQuestion.appeal_id == appeal.id).values(body="", answer=""))
    db.execute(update(RatingRow).where(RatingRow.appeal_id == appeal.id).values(comment=""))
    appeal.erased_at = now
    appeal.code_hash = None
    repeats.forget(db, appeal)
    return _drop_files(db, Attachment.appeal_id == appeal.id)


def _others(db: Session, case_id: int, appeal_id: int) -> bool:
    """Whether another asker's words, not yet erased, stand behind the case."""
    other = (
        select(Appeal.id)
        .join(CaseLink, CaseLink.appeal_id == Appeal.id)
        .where(CaseLink.case_id == case_id, Appeal.id != appeal_id, Appeal.erased_at.is_(None))
        .limit(1)
    )
    return db.scalar(other) is not None


def _erase_case(db: Session, case_id: int) -> list[str]:
    db.execute(update(CaseText).where(CaseText.case_id == case_id).values(title=GONE, brief=""))
    db.execute(
        update(CaseMechanism)
        .where(CaseMechanism.case_id == case_id)
        .values(outcome="", not_needed_because="")
    )
    db.execute(update(Note).where(Note.case_id == case_id).values(body=""))
    db.execute(
        update(Reply)
        .where(Reply.case_id == case_id)
        .values(body="", legal_ground="", handed_to="", way_forward="")
    )
    return _drop_files(db, Attachment.case_id == case_id)


def _drop_files(db: Session, condition) -> list[str]:  # type: ignore[no-untyped-def]
    found = db.scalars(select(Attachment).where(condition)).all()
    for attachment in found:
        attachment.name = GONE
        attachment.caption = ""
        attachment.size = 0
    return [attachment.stored_as for attachment in found]
