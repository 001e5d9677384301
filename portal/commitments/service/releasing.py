"""The public side of a commitment, written in the transaction of each step, together with its publication record."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.texts import Attachment
from portal.commitments.history import CommitmentEntry
from portal.commitments.models import (
    Commitment,
    CommitmentCase,
    CommitmentPicture,
    CommitmentProposal,
    CommitmentText,
)
from portal.commitments.released import PublishedCommitment, PublishedCommitmentDetail, PublishedPicture
from portal.commitments.service import clocks, story
from portal.commitments.values import PublicStep
from portal.commitments.workflow import Act, CommitmentState, Wish
from portal.identity.models import Person, Unit
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.ledger import service as ledger

KIND = "commitment"
_HAN = re.compile("[\u4e00-\u9fff]")


def publish(
    db: Session,
    now: datetime,
    commitment: Commitment,
    entry: CommitmentEntry,
    *,
    author_id: int | None,
    approver_id: int | None,
) -> PublishedCommitment:
    """Bring the public page up to date and put the act on record. Who is named neither as author nor as approver:
    a fact that flowed by itself."""
    columns, words = _columns(db, commitment), _words(db, commitment)
    public, detail = _rows(db, now, commitment, columns | words)
    for name, value in (columns | words).items():
        setattr(public, name, value)
    _show_pictures(db, public, entry)
    detail.how = _text(db, commitment).how
    detail.history = list[Any](story.steps(db, commitment))
    detail.case_refs = _case_refs(db, commitment)
    public.follow_ups = sum(step["act"] == Act.FOLLOW_UP_SHOWN for step in detail.history)
    public.changes = sum(step["act"] == Act.CHANGE_AGREED for step in detail.history)
    content = _content(public, detail, _step(entry, detail))
    record = ledger.record(db, now, KIND, public.ref, act_on_record(entry), content, author_id, approver_id)
    public.version, public.published_at, detail.fingerprint = record.version, now, record.hash
    db.flush()
    return public


def _step(entry: CommitmentEntry, detail: PublishedCommitmentDetail) -> PublicStep:
    """What this act adds to the history; an erasure adds nothing that could be read."""
    if entry.act == Act.FOLLOW_UP_ERASED:
        return {"act": entry.act}
    step: PublicStep = detail.history[-1]
    return step


def act_on_record(entry: CommitmentEntry) -> str:
    """Each follow-up is an act of its own on record, so that one can be taken off it without the others."""
    return f"follow_up_{entry.follow_up_id}" if entry.act == Act.FOLLOW_UP_SHOWN else entry.act


def forget(db: Session, commitment: Commitment, follow_up_id: int) -> None:
    """What a follow-up said leaves the record; its hash stays."""
    ledger.empty(db, KIND, commitment.ref, (f"follow_up_{follow_up_id}",))


def _rows(
    db: Session, now: datetime, commitment: Commitment, columns: dict[str, Any]
) -> tuple[PublishedCommitment, PublishedCommitmentDetail]:
    public = db.scalar(select(PublishedCommitment).where(PublishedCommitment.commitment_id == commitment.id))
    if public is not None:
        return public, db.get_one(PublishedCommitmentDetail, public.id)
    public = PublishedCommitment(
        ref=commitment.ref,
        commitment_id=commitment.id,
        made_on=commitment.made_on,
        first_due_day=commitment.first_due_day,
        published_at=now,
        first_published_at=now,
        version=0,
        **columns,
    )
    db.add(public)
    db.flush()
    detail = PublishedCommitmentDetail(
        published_commitment_id=public.id,
        how="",
        source_kind=commitment.source_kind,
        source_id=commitment.source_id,
        said_live=commitment.said_live,
        case_refs=[],
        history=[],
        fingerprint="",
    )
    db.add(detail)
    return public, detail


def _columns(db: Session, commitment: Commitment) -> dict[str, Any]:
    ended = commitment.ended_at
    claims = [wish.value for wish in Wish if wish.claims]
    claimed = db.scalar(
        select(CommitmentProposal.id).where(
            CommitmentProposal.commitment_id == commitment.id,
            CommitmentProposal.decided_at.is_(None),
            CommitmentProposal.wish.in_(claims),
        )
    )
    return {
        "state": commitment.state,
        "running": CommitmentState(commitment.state).is_open and clocks.running(db, commitment) is not None,
        "claimed": claimed is not None,
        "due_day": commitment.due_day,
        "ended_on": local_date(ended, zone_of(db)) if ended else None,
    }


def _words(db: Session, commitment: Commitment) -> dict[str, Any]:
    what = _text(db, commitment).what
    return {
        "lang": "zh-Hans" if _HAN.search(what) else "en",
        "what": what,
        "unit_id": commitment.unit_id,
        "unit_name": db.get_one(Unit, commitment.unit_id).name,
        "person_name": db.get_one(Person, commitment.person_id).name,
    }


def _text(db: Session, commitment: Commitment) -> CommitmentText:
    return db.scalars(
        select(CommitmentText).where(
            CommitmentText.commitment_id == commitment.id, CommitmentText.number == commitment.text_number
        )
    ).one()


def _case_refs(db: Session, commitment: Commitment) -> list[Any]:
    return list(
        db.scalars(
            select(Case.ref)
            .join(CommitmentCase, CommitmentCase.case_id == Case.id)
            .where(CommitmentCase.commitment_id == commitment.id)
            .order_by(Case.ref)
        )
    )


def _show_pictures(db: Session, public: PublishedCommitment, entry: CommitmentEntry) -> None:
    if entry.act != Act.FOLLOW_UP_SHOWN:
        return
    rows = db.execute(
        select(CommitmentPicture, Attachment)
        .join(Attachment, Attachment.id == CommitmentPicture.attachment_id)
        .where(CommitmentPicture.follow_up_id == entry.follow_up_id)
        .order_by(Attachment.id)
    )
    for picture, file in rows:
        db.add(
            PublishedPicture(
                published_commitment_id=public.id,
                attachment_id=file.id,
                follow_up_id=picture.follow_up_id,
                part=picture.part,
                caption=picture.caption,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                stored_as=file.stored_as,
            )
        )
    db.flush()


def _content(
    public: PublishedCommitment, detail: PublishedCommitmentDetail, step: PublicStep
) -> dict[str, Any]:
    """What everybody can read from this act on, as it goes on record."""
    return {
        "ref": public.ref,
        "state": public.state,
        "what": public.what,
        "how": detail.how,
        "unit": public.unit_name,
        "person": public.person_name,
        "due_day": public.due_day.isoformat(),
        "lang": public.lang,
        "step": dict(step),
    }
