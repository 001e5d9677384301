"""The acts at the end: answering, closing, calling back, opening again."""

from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from portal.cases import service
from portal.cases.desk.acting import act
from portal.cases.desk.acts_unit import add_files, kept_files
from portal.cases.desk.papers import as_file
from portal.cases.desk.room import Room
from portal.cases.forms.acting import number
from portal.cases.forms.ending import CallBackForm, ClosureForm, ReopeningDecisionForm, ReopeningForm
from portal.cases.forms.unit import ReplyForm
from portal.cases.queries.case_words import files
from portal.cases.queries.templates import template_body, templates_for
from portal.identity.actors import Actor
from portal.kernel.words import N_
from portal.web.access import current_actor
from portal.web.database import reader


def start_from_template(form: Any) -> bool:
    """Put a template's text behind what is typed already."""
    chosen = number(request.form.get("template"))
    if chosen is None:
        return False
    body = template_body(reader(), current_actor(), chosen)
    form.body.data = "\n\n".join(part for part in (form.body.data, body) if part)
    return True


def reply_context(room: Room) -> dict[str, Any]:
    """Templates to start from, and the evidence that goes out with the answer."""
    waiting = [
        line for line in files(reader(), room.head.id) if line.kind == "evidence" and not line.reply_id
    ]
    return {
        "templates": templates_for(reader(), current_actor(), room.head.category_id),
        "evidence": [as_file(line, room.head.ref) for line in waiting],
    }


@act(
    "reply",
    "case.answer",
    ReplyForm,
    title=N_("Answer"),
    button=N_("Send the answer"),
    template="cases/act_reply.html",
    files=True,
    before=kept_files,
    fill_in=start_from_template,
    context=reply_context,
)
def reply(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """The unit's answer, with its evidence."""
    add_files(db, now, actor, room, form)
    service.answer(
        db,
        now,
        actor,
        room.head.id,
        form.body.data,
        form.closing_kind.data,
        legal_ground=form.asked("legal_ground"),
        handed_to=form.asked("handed_to"),
        way_forward=form.asked("way_forward"),
        not_needed_because=form.asked("not_needed_because"),
        outcome=form.asked("outcome"),
    )
    return N_("Answered. The clock has stopped, and the asker can rate it for 14 days.")


@act("closure", "case.close", ClosureForm, title=N_("Close"), initial=lambda room: {"kind": None})
def closure(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Through the gates of its kind."""
    service.close(db, now, actor, room.head.id, form.kind.data, form.reason.data or "")
    return N_("Closed.")


@act("reopening", "case.request_reopening", ReopeningForm, title=N_("Request reopening"))
def reopening(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """It is not solved."""
    service.request_reopening(db, now, actor, room.head.id, form.reason.data)
    return N_("Requested. Another person decides within one working day.")


@act(
    "reopening/decision",
    "case.decide_reopening",
    ReopeningDecisionForm,
    title=N_("Decide on reopening"),
    button=N_("Decide"),
)
def reopening_decision(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """Another person than who asked decides."""
    service.decide_reopening(db, now, actor, room.head.id, form.says_yes, form.explanation.data)
    return N_("Opened again, with a limit of its own.") if form.says_yes else N_("It stays closed.")


@act("call-back", "case.call_back", CallBackForm, title=N_("Call the asker back"), button=N_("Save"))
def call_back(db: Session, now: datetime, actor: Actor, room: Room, form: Any) -> str:
    """What the asker said to a third person."""
    service.call_back(db, now, actor, room.head.id, form.satisfied.data == "yes", form.body.data)
    return N_("Noted.")
