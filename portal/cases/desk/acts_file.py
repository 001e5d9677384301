"""Acts on what belongs together and what may be kept: merging, splitting, whom it concerns, withdrawing, erasing."""

from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service
from portal.cases.desk.acting import act
from portal.cases.desk.room import Room
from portal.cases.forms.office import ConcernsForm, ErasureForm, MergeForm, ReasonForm, SplitForm
from portal.cases.queries.case_head import case_id_of
from portal.cases.queries.repeats import repeats_of
from portal.identity.actors import Actor
from portal.identity.models import Person
from portal.kernel.errors import Invalid
from portal.kernel.files import discard
from portal.kernel.words import N_
from portal.web.access import current_actor
from portal.web.database import reader, settings


def _repeats(room: Room) -> dict[str, Any]:
    appeals = [row.appeal_id for row in room.askers if row.is_live]
    found = repeats_of(reader(), current_actor(), room.head.id, appeals[0]) if appeals else []
    return {"repeats": found}


@act(
    "merge",
    "case.merge",
    MergeForm,
    title=N_("Merge"),
    template="cases/act_merge.html",
    initial=lambda room: {"into": request.args.get("into", "")[:40]},
    context=_repeats,
)
def merge(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Another case answers this one's askers."""
    into = case_id_of(db, actor, "".join(form.into.data.split()).upper())
    if into is None:
        raise Invalid("no_case", N_("There is no case with this number."), field="into")
    service.merge(db, now, actor, room.head.id, into, form.reason.data or "")
    return N_("Merged. Every asker keeps receipt and code; it can be undone below.")


@act("merge/undo", "case.merge", ReasonForm, title=N_("Undo the merge"))
def merge_undo(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """The askers come back."""
    service.undo_merge(db, now, actor, room.head.id, form.reason.data)
    return N_("Undone. The case is screened again, with its askers.")


@act("split", "case.split", SplitForm, title=N_("Split"), template="cases/act_split.html")
def split(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """A case of its own for each further matter."""
    service.split(db, now, actor, room.head.id, form.filled)
    return N_("Split. The new cases stand under “Related cases” and wait for screening.")


@act(
    "concerns", "case.screen", ConcernsForm, title=N_("Note whom it complains about"), button=N_("Note this")
)
def concerns(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """From now on they never see it."""
    service.name_concerned(
        db,
        now,
        actor,
        form.appeal_id.data,
        room.head.id,
        unit_id=form.unit_id.data,
        person_id=_person(db, form.person.data),
    )
    return N_("Noted. Whom it concerns cannot see this case.")


def _person(db: Session, staff_number: str | None) -> int | None:
    if not staff_number:
        return None
    found = db.scalar(select(Person.id).where(Person.staff_number == staff_number))
    if found is None:
        raise Invalid("no_person", N_("Nobody has this staff number."), field="person")
    return found


@act("withdrawal", "case.withdraw", ReasonForm, title=N_("Withdraw for the asker"))
def withdrawal(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """The asker said so to the office."""
    service.withdraw(db, now, actor, room.head.id, form.reason.data)
    return N_("Withdrawn.")


def _discard(form: Any) -> None:
    """The bytes go once the rows are gone for good."""
    discard(settings().upload_dir, form.gone)


@act(
    "erasure",
    "appeal.erase",
    ErasureForm,
    title=N_("Erase the asker's words"),
    button=N_("Erase for good"),
    after=_discard,
)
def erasure(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Words, contact and files go; the history stays."""
    form.gone = service.erase_appeal(db, now, actor, form.appeal_id.data, form.reason.data)
    return N_("Erased. The history stays.")
