"""Handling: work begins, notes, the plan, evidence."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.service import clocks
from portal.cases.service.assigning import handler_if_none
from portal.cases.service.checks import text_fits, text_given
from portal.cases.service.moves import load, move, note_act, write_note
from portal.cases.subjects import require_for_case
from portal.cases.texts import Attachment, Note
from portal.cases.vocabulary import Act, Tier
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor
from portal.kernel.errors import Invalid, Refused
from portal.kernel.words import N_


def start(db: Session, now: datetime, actor: Actor, case_id: int) -> None:
    """Work begins; whoever begins handles it, unless somebody was named."""
    case = load(db, case_id)
    move(
        db,
        now,
        actor,
        case,
        CaseState.HANDLING,
        Act.STARTED,
        sources=(CaseState.ACCEPTED,),
        by_unit=case.lead_unit_id,
        changes=handler_if_none(case, actor),
    )


def add_note(
    db: Session, now: datetime, actor: Actor, case_id: int, body: str, for_asker: bool = False
) -> Note:
    """Write a note in the file. Only the lead unit and the office write to the asker."""
    text_given("body", body)
    case = load(db, case_id)
    by_unit = case.lead_unit_id if for_asker else None
    require_for_case(db, actor, "case.note", case, by_unit=by_unit)
    note = write_note(db, now, actor, case_id, body, for_asker=for_asker)
    note_act(db, now, actor, case, Act.NOTED, note_id=note.id, for_asker=for_asker)
    return note


def give_plan(db: Session, now: datetime, actor: Actor, case_id: int, body: str) -> Note:
    """The plan of an escalated case: who does what until when."""
    text_given("body", body)
    case = load(db, case_id)
    require_for_case(db, actor, "case.handle", case, by_unit=case.lead_unit_id)
    if case.tier != Tier.ESCALATED or not CaseState(case.state).is_open:
        raise Refused("no_plan_owed", N_("Only an escalated case that is open needs a plan."))
    note = write_note(db, now, actor, case_id, body)
    clocks.stop_plan(db, now, case)
    note_act(db, now, actor, case, Act.PLANNED, note_id=note.id)
    return note


def add_evidence(
    db: Session,
    now: datetime,
    actor: Actor,
    case_id: int,
    attachment_ids: Sequence[int],
    captions: Sequence[str] = (),
) -> None:
    """Files that prove what was done, each with what it shows."""
    case = load(db, case_id)
    require_for_case(db, actor, "case.evidence", case)
    if not CaseState(case.state).is_open:
        raise Refused("ended", N_("This case has ended."))
    files = db.scalars(select(Attachment).where(Attachment.id.in_(attachment_ids))).all()
    free = {
        file.id: file
        for file in files
        if file.case_id is None and file.appeal_id is None and file.uploaded_by_id == actor.person_id
    }
    if not attachment_ids or set(attachment_ids) != set(free):
        raise Invalid("attachment_gone", N_("A file is no longer there. Attach it again."), field="files")
    for number, file_id in enumerate(attachment_ids):
        caption = captions[number] if number < len(captions) else ""
        text_fits("captions", caption, 200)
        file = free[file_id]
        file.case_id, file.kind, file.caption = case_id, "evidence", caption.strip()
    note_act(db, now, actor, case, Act.EVIDENCE_ADDED, attachment_ids=list(attachment_ids))
