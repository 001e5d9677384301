"""The unit's acts: accepting, objecting, asking, waiting, proving, answering, parts, more time; and notes."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.cases import attachments, service
from portal.cases.desk.acting import act, at_once
from portal.cases.desk.room import Room
from portal.cases.forms.unit import (
    EvidenceForm,
    ExtensionDecisionForm,
    ExtensionForm,
    HandlerForm,
    NoteForm,
    ObjectionForm,
    PartForm,
    PlanForm,
    QuestionForm,
    WaitingForm,
)
from portal.cases.queries.case_orders import extensions
from portal.identity.actors import Actor
from portal.kernel.errors import Refused
from portal.kernel.files import KeptFile
from portal.kernel.words import N_
from portal.web.database import reader
from portal.web.uploads import sent


@at_once("acceptance", "case.accept")
def acceptance(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """The unit takes the case on."""
    service.accept(db, now, actor, room.head.id)
    return N_("Accepted. Start work when you begin.")


@at_once("start", "case.handle")
def start(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Work begins."""
    service.start(db, now, actor, room.head.id)
    return N_("Work has begun.")


@at_once("resumption", "case.handle")
def resumption(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Nothing is waited for any more."""
    service.resume(db, now, actor, room.head.id)
    return N_("Work goes on; the clock runs again.")


@act("objection", "case.object", ObjectionForm, title=N_("Object"))
def objection(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """It is another unit's."""
    service.object_to_assignment(db, now, actor, room.head.id, form.reason.data, form.proposed_unit_id.data)
    return N_("Objected. Somebody else decides within one working day.")


@act("handler", "case.delegate", HandlerForm, title=N_("Choose the handler"), button=N_("Choose"))
def handler(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Who of the unit handles it."""
    service.delegate(db, now, actor, room.head.id, form.person_id.data)
    return N_("The handler is chosen.")


@act("notes", "case.note", NoteForm, title=N_("Write a note"), button=N_("Save the note"), versioned=False)
def notes(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """A note in the file."""
    service.add_note(db, now, actor, room.head.id, form.body.data, form.for_asker.data)
    return N_("The note is in the history.")


@act("plan", "case.handle", PlanForm, title=N_("Give the plan"))
def plan(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """The plan of an escalated case."""
    service.give_plan(db, now, actor, room.head.id, form.body.data)
    return N_("The plan is in the history.")


@act("questions", "case.ask", QuestionForm, title=N_("Ask the asker"), button=N_("Send the question"))
def questions(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Ask for more; the clock stands still."""
    appeal_id = form.appeal_id.data if "appeal_id" in form else None
    service.ask_asker(db, now, actor, room.head.id, form.body.data, appeal_id)
    return N_("Asked. The clock stands still until the asker answers.")


@act("waiting", "case.handle", WaitingForm, title=N_("Wait for others"), button=N_("Wait"))
def waiting(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Somebody outside has to do something first."""
    service.wait_external(db, now, actor, room.head.id, form.reason.data)
    return N_("The clock stands still until work goes on.")


def kept_files(form: Any) -> list[KeptFile]:
    """The files of a form, checked and written before the transaction."""
    return [attachments.keep(upload) for upload in sent(form.files.data or ())]


def add_files(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> None:
    """The files of a form become evidence of the case."""
    if not form.kept:
        return
    ids = [attachments.store(db, now, actor, file, "evidence").id for file in form.kept]
    service.add_evidence(db, now, actor, room.head.id, ids, [form.caption.data or ""] * len(ids))


@act("evidence", "case.evidence", EvidenceForm, title=N_("Add evidence"), files=True, before=kept_files)
def evidence(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Files that prove what was done."""
    add_files(db, now, actor, room, form)
    return N_("The evidence is with the case and goes out with the next answer.")


@act(
    "parts",
    "case.read",
    PartForm,
    rule="parts/<int:part_id>",
    title=N_("Settle a part"),
    button=N_("Settle"),
)
def parts(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """A supporting unit's part; the service knows who may."""
    service.settle_part(db, now, actor, room.part_id or 0, form.state.data, form.reason.data or "")
    return N_("The part is settled.")


@act("extension", "case.extend_request", ExtensionForm, title=N_("Ask for more time"), button=N_("Ask"))
def extension(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """More time: once."""
    service.request_extension(db, now, actor, room.head.id, form.proposed_day.data, form.ground.data)
    return N_("Asked. Another person decides; until then the date stays.")


@act(
    "extension/decision",
    "case.extend_approve",
    ExtensionDecisionForm,
    title=N_("Decide on more time"),
    button=N_("Decide"),
    template="cases/act_extension.html",
    context=lambda room: {"extensions": extensions(reader(), room.head.id)},
)
def extension_decision(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Another person decides."""
    open_request = next((row for row in extensions(db, room.head.id) if row.decided_at is None), None)
    if open_request is None:
        raise Refused("nothing_to_decide", N_("There is nothing to decide here."))
    service.decide_extension(db, now, actor, open_request.id, form.says_yes, form.explanation.data)
    return N_("Granted: the date has moved.") if form.says_yes else N_("Refused: the date stays.")
