"""Following a commitment up: the unit reports with pictures, a second person lets everybody read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.cases.texts import Attachment
from portal.commitments.models import Commitment, CommitmentFollowUp, CommitmentPicture
from portal.commitments.released import PublishedPicture
from portal.commitments.rules import LONGEST_TEXT
from portal.commitments.service import releasing
from portal.commitments.service.moves import (
    check_personal,
    check_second,
    check_words,
    load,
    move,
    note,
    tell,
)
from portal.commitments.subjects import nothing
from portal.commitments.workflow import Act, CommitmentState
from portal.identity.actors import Actor
from portal.kernel.errors import Invalid, Refused
from portal.kernel.words import N_

PARTS = ("before", "after", "paper")
MOST_PICTURES = 12
ATTACHMENT = "commitment"


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that was just kept: which, what part it plays, what it shows."""

    attachment_id: int
    part: str
    caption: str = ""


def follow_up(
    db: Session,
    now: datetime,
    actor: Actor,
    commitment_id: int,
    body: str,
    pictures: Sequence[Picture] = (),
    *,
    confirmed: bool = False,
    version: int | None = None,
) -> CommitmentFollowUp:
    """Report how it goes. Nobody outside reads it before a second person has."""
    commitment = load(db, actor, commitment_id, "commitment.follow_up", version)
    _check_open(commitment)
    check_words("body", body, LONGEST_TEXT)
    check_personal(confirmed, body, *(picture.caption for picture in pictures))
    report = CommitmentFollowUp(
        commitment_id=commitment.id, body=body.strip(), made_at=now, made_by_id=cast(int, actor.person_id)
    )
    db.add(report)
    db.flush()
    _attach(db, actor, report, pictures)
    note(db, now, actor, commitment, Act.FOLLOWED_UP, follow_up_id=report.id, pictures=len(pictures))
    db.flush()
    return report


def _check_open(commitment: Commitment) -> None:
    state = CommitmentState(commitment.state)
    if not state.is_public or state in (
        CommitmentState.KEPT,
        CommitmentState.KEPT_LATE,
        CommitmentState.RELEASED,
    ):
        raise Refused(
            "nothing_to_follow", N_("There is nothing to report on: it is not made yet, or has ended.")
        )


def _attach(db: Session, actor: Actor, report: CommitmentFollowUp, pictures: Sequence[Picture]) -> None:
    if len(pictures) > MOST_PICTURES:
        raise Invalid("too_many", N_("At most %(max)d files."), field="after", max=MOST_PICTURES)
    wanted = [picture.attachment_id for picture in pictures]
    taken = select(CommitmentPicture.attachment_id).where(CommitmentPicture.attachment_id.in_(wanted))
    free = set(
        db.scalars(
            select(Attachment.id).where(
                Attachment.id.in_(wanted),
                Attachment.kind == ATTACHMENT,
                Attachment.uploaded_by_id == actor.person_id,
                Attachment.id.not_in(taken),
            )
        )
    )
    if set(wanted) != free or any(picture.part not in PARTS for picture in pictures):
        raise Invalid("attachment_gone", N_("A file is no longer there. Attach it again."), field="after")
    db.add_all(
        CommitmentPicture(
            attachment_id=picture.attachment_id,
            follow_up_id=report.id,
            part=picture.part,
            caption=picture.caption.strip()[:200],
        )
        for picture in pictures
    )


def show(
    db: Session, now: datetime, actor: Actor, follow_up_id: int, *, confirmed: bool = False
) -> CommitmentFollowUp:
    """A second person has read it: everybody may."""
    report, commitment = _waiting(db, actor, follow_up_id)
    check_personal(confirmed, report.body, *captions(db, report.id))
    report.shown, report.decided_at, report.decided_by_id = True, now, actor.person_id
    step = {"follow_up_id": report.id}
    if commitment.state == CommitmentState.MADE:
        entry = move(db, now, actor, commitment, CommitmentState.IN_PROGRESS, Act.FOLLOW_UP_SHOWN, **step)
    else:
        entry = note(db, now, actor, commitment, Act.FOLLOW_UP_SHOWN, **step)
    tell(db, now, commitment, entry, author_id=report.made_by_id, approver_id=actor.person_id)
    return report


def decline(db: Session, now: datetime, actor: Actor, follow_up_id: int, words: str) -> None:
    """It cannot be shown as it is; its author is told why and writes another."""
    report, commitment = _waiting(db, actor, follow_up_id)
    check_words("words", words, 500)
    report.shown, report.decided_at, report.decided_by_id = False, now, actor.person_id
    report.decision_words = words.strip()
    note(db, now, actor, commitment, Act.FOLLOW_UP_DECLINED, follow_up_id=report.id)
    db.flush()


def _waiting(db: Session, actor: Actor, follow_up_id: int) -> tuple[CommitmentFollowUp, Commitment]:
    report = db.get(CommitmentFollowUp, follow_up_id, with_for_update=True)
    if report is None:
        raise nothing()
    commitment = load(db, actor, report.commitment_id, "commitment.publish")
    if report.decided_at is not None:
        raise Refused("decided", N_("This has been decided already."))
    check_second(actor, report.made_by_id)
    return report, commitment


def erase(db: Session, now: datetime, actor: Actor, follow_up_id: int) -> list[str]:
    """Personal words of a follow-up go for good, from the desk, the public page and the record, whose hashes stay.
    Returns the names of its files, to be removed from the disk."""
    report = db.get(CommitmentFollowUp, follow_up_id, with_for_update=True)
    if report is None:
        raise nothing()
    commitment = load(db, actor, report.commitment_id, "commitment.erase")
    if report.erased_at is not None:
        raise Refused("decided", N_("This has been decided already."))
    report.body, report.erased_at = "", now
    theirs = select(CommitmentPicture.attachment_id).where(CommitmentPicture.follow_up_id == report.id)
    kept = Attachment.id.in_(theirs)
    names = list(db.scalars(select(Attachment.stored_as).where(kept)))
    db.execute(update(Attachment).where(kept).values(stored_as="", size=0, sha256="", caption=""))
    db.execute(
        update(CommitmentPicture).where(CommitmentPicture.follow_up_id == report.id).values(caption="")
    )
    for picture in db.scalars(select(PublishedPicture).where(PublishedPicture.follow_up_id == report.id)):
        db.delete(picture)
    entry = note(db, now, actor, commitment, Act.FOLLOW_UP_ERASED, follow_up_id=report.id)
    if report.shown:
        releasing.forget(db, commitment, report.id)
        tell(db, now, commitment, entry, author_id=actor.person_id)
    return names


def captions(db: Session, follow_up_id: int) -> list[str]:
    """What its pictures are said to show."""
    return list(
        db.scalars(select(CommitmentPicture.caption).where(CommitmentPicture.follow_up_id == follow_up_id))
    )


def has_evidence(db: Session, commitment_id: int) -> bool:
    """Whether a file stands in a follow-up that a second person has read."""
    return bool(
        db.scalar(
            select(func.count())
            .select_from(CommitmentPicture)
            .join(CommitmentFollowUp, CommitmentFollowUp.id == CommitmentPicture.follow_up_id)
            .where(
                CommitmentFollowUp.commitment_id == commitment_id,
                CommitmentFollowUp.shown.is_(True),
                CommitmentFollowUp.erased_at.is_(None),
                CommitmentPicture.part != "before",
            )
        )
    )
