"""What one person writes: follow-ups, changes, ends."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.cases import attachments
from portal.commitments import service
from portal.commitments.desk.doing import deed
from portal.commitments.desk.room import Room
from portal.commitments.forms import ChangeForm, EndForm, FollowUpForm
from portal.commitments.service.following import ATTACHMENT, PARTS
from portal.identity.actors import Actor
from portal.kernel.files import KeptFile
from portal.kernel.words import N_
from portal.web.uploads import sent


def _kept(form: Any) -> list[tuple[str, KeptFile]]:
    """The files of the form with their parts, checked and written before the transaction."""
    return [(part, attachments.keep(upload)) for part in PARTS for upload in sent(form[part].data or ())]


@deed(
    "follow-up",
    "commitment.follow_up",
    FollowUpForm,
    title=N_("Report how it goes"),
    button=N_("Report"),
    before=_kept,
)
def follow_up(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """A report with pictures."""
    caption = form.caption.data or ""
    pictures = [
        service.Picture(
            attachments.store(db, now, actor, file, ATTACHMENT, caption=caption).id, part, caption
        )
        for part, file in form.kept
    ]
    service.follow_up(
        db, now, actor, room.head.id, form.body.data, pictures, confirmed=form.is_confirmed(room)
    )
    return N_("Reported. Everybody reads it as soon as a second person has.")


def _as_it_is(room: Room) -> dict[str, Any]:
    head = room.head
    return {"what": head.what, "how": head.how, "due_day": head.due_day}


@deed(
    "change",
    "commitment.propose_change",
    ChangeForm,
    title=N_("Propose a change"),
    button=N_("Propose it"),
    initial=_as_it_is,
    note=N_("Another person decides. What it said before stays visible for ever."),
)
def change(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Another day or other words."""
    service.propose_change(
        db,
        now,
        actor,
        room.head.id,
        service.Change(form.what.data, form.how.data, form.due_day.data),
        form.reason.data,
        confirmed=form.is_confirmed(room),
        version=form.made_from or 0,
    )
    return N_("Proposed. A second person decides; until then everything stays as it is.")


@deed(
    "end",
    "commitment.read",
    EndForm,
    title=N_("Propose how it ends"),
    button=N_("Propose it"),
    note=N_("A second person decides. While somebody checks whether it is done, its clock stands still."),
)
def end(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Kept, partly kept, broken or released; the service knows who may say which."""
    service.propose_end(
        db,
        now,
        actor,
        room.head.id,
        form.chosen,
        form.reason.data,
        confirmed=form.is_confirmed(room),
        version=form.made_from or 0,
    )
    return N_("Proposed. A second person decides; until then everything stays as it is.")
