"""What the second person decides: whether it is made, what is shown, what is changed, how it ends."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.commitments import service
from portal.commitments.desk.doing import deed
from portal.commitments.desk.room import ProposalRoom, ReportRoom, Room
from portal.commitments.forms import AgreementForm, PlainForm, YesNoForm
from portal.commitments.workflow import DropReason
from portal.identity.actors import Actor
from portal.kernel import files
from portal.kernel.words import N_
from portal.web.database import settings


@deed(
    "agreement",
    "commitment.publish",
    AgreementForm,
    title=N_("Agree to the commitment"),
    button=N_("Decide"),
    note=N_("Once you agree it counts, its clock runs, and everybody reads it."),
)
def agreement(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """It is made, or it is not."""
    version = form.made_from or 0
    if form.says_yes:
        service.agree(db, now, actor, room.head.id, confirmed=form.is_confirmed(room), version=version)
        return N_("Agreed: the commitment is made, and everybody reads it.")
    service.drop(db, now, actor, room.head.id, form.reason.data or "", version)
    return N_("Not agreed to: it was never made.")


@deed(
    "withdrawal",
    "commitment.make",
    PlainForm,
    title=N_("Take the promise back"),
    note=N_("Nobody has agreed to it yet, so nothing of it was public. Its number is not given again."),
)
def withdrawal(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Whoever wrote it takes it back before anybody agreed."""
    service.drop(db, now, actor, room.head.id, DropReason.TAKEN_BACK, form.made_from or 0)
    return N_("Taken back: it was never made.")


@deed(
    "follow-ups/<int:number>",
    "commitment.publish",
    YesNoForm,
    title=N_("Read a follow-up over"),
    button=N_("Decide"),
    room=ReportRoom,
)
def follow_ups(db: Session, now: datetime, actor: Actor, room: ReportRoom, form: Any) -> str:
    """Everybody may read it, or its author mends it."""
    if form.says_yes:
        service.show(db, now, actor, room.report.id, confirmed=form.is_confirmed(room))
        return N_("Everybody reads the follow-up now.")
    service.decline(db, now, actor, room.report.id, form.words.data or "")
    return N_("Handed back: its author is told why.")


@deed(
    "proposals/<int:number>",
    "commitment.publish",
    YesNoForm,
    title=N_("Decide a proposal"),
    button=N_("Decide"),
    room=ProposalRoom,
)
def proposals(db: Session, now: datetime, actor: Actor, room: ProposalRoom, form: Any) -> str:
    """A change or an end; the service knows who may decide which."""
    service.decide(
        db,
        now,
        actor,
        room.proposal.id,
        form.says_yes,
        form.words.data or "",
        confirmed=form.is_confirmed(room),
    )
    return (
        N_("Agreed: everybody reads it now.")
        if form.says_yes
        else N_("Not agreed: everything stays as it was.")
    )


@deed(
    "erasure/<int:number>",
    "commitment.erase",
    PlainForm,
    title=N_("Erase a follow-up"),
    button=N_("Erase for good"),
    note=N_("Its words and files go for good, also from the public page. That there was one stays."),
    room=ReportRoom,
)
def erasure(db: Session, now: datetime, actor: Actor, room: ReportRoom, form: Any) -> str:
    """Personal words go; the bytes of the files go, too."""
    names = service.erase(db, now, actor, room.report.id)
    files.discard(settings().upload_dir, names)
    return N_("Erased.")
