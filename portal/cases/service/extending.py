"""More time for a case: once, before the due date, with ground and date, decided by another person."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case, Extension
from portal.cases.service import clocks
from portal.cases.service.checks import text_given
from portal.cases.service.moves import load, note_act, write_note
from portal.cases.subjects import require_for_case
from portal.cases.vocabulary import Act
from portal.deadlines import service as deadlines
from portal.deadlines.models import Clock
from portal.deadlines.rules import check_extension
from portal.identity.actors import Actor
from portal.kernel.errors import NotFound, Refused
from portal.kernel.words import N_

_SOMEBODY_ELSE = 0


def request_extension(
    db: Session, now: datetime, actor: Actor, case_id: int, proposed_day: date, ground: str
) -> Extension:
    """The lead unit asks for more time."""
    case = load(db, case_id)
    require_for_case(db, actor, "case.extend_request", case, by_unit=case.lead_unit_id)
    clock = _running(db, case)
    person = actor.person_id or _SOMEBODY_ELSE - 1
    check_extension(
        deadlines.due_of(clock),
        now,
        proposed_day,
        ground,
        asked_by=person,
        approved_by=_SOMEBODY_ELSE,
        times=clock.extended,
    )
    if db.scalar(select(Extension.id).where(Extension.case_id == case_id, Extension.decided_at.is_(None))):
        raise Refused("asked_before", N_("More time was asked for already; it waits for a decision."))
    note = write_note(db, now, actor, case_id, ground)
    request = Extension(
        case_id=case_id,
        note_id=note.id,
        due_day=clock.due_day,
        proposed_day=proposed_day,
        asked_at=now,
        asked_by_id=actor.person_id,
    )
    db.add(request)
    note_act(
        db, now, actor, case, Act.EXTENSION_REQUESTED, note_id=note.id, proposed=proposed_day.isoformat()
    )
    return request


def _running(db: Session, case: Case) -> Clock:
    clock = clocks.own_clock(db, case)
    if clock is None:
        raise Refused("no_clock", N_("No limit is running for this case."))
    return clock


def decide_extension(
    db: Session, now: datetime, actor: Actor, extension_id: int, granted: bool, explanation: str
) -> None:
    """Another person decides; the asker is told the new date and why."""
    request = db.get(Extension, extension_id)
    if request is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    case = load(db, request.case_id)
    require_for_case(db, actor, "case.extend_approve", case, by_unit=case.lead_unit_id)
    if request.decided_at is not None:
        raise Refused("nothing_to_decide", N_("There is nothing to decide here."))
    if actor.person_id == request.asked_by_id:
        raise Refused("second_person_required")
    text_given("explanation", explanation)
    request.granted, request.decided_at, request.decided_by_id = granted, now, actor.person_id
    if not granted:
        note_act(db, now, actor, case, Act.EXTENSION_REFUSED, reason=explanation)
        return
    clock = _running(db, case)
    deadlines.extend_to(db, now, clock, request.proposed_day)
    clocks.show_due(db, case)
    note_act(
        db,
        now,
        actor,
        case,
        Act.EXTENSION_APPROVED,
        reason=explanation,
        for_asker=True,
        before=request.due_day.isoformat(),
        after=request.proposed_day.isoformat(),
    )
