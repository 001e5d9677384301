"""Screening: what it is and how it is taken up; not accepting, and the asker's objection to that."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, Assignment, Case, Category, RefusalObjection
from portal.cases.service import clocks
from portal.cases.service.checks import another_person, on_list, one_of, text_given
from portal.cases.service.indexing import index_case
from portal.cases.service.moves import last_entry, load, move, note_act
from portal.cases.subjects import require_for_case
from portal.cases.texts import CaseText
from portal.cases.vocabulary import Act, AppealKind, NotAcceptedReason, Tier
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor
from portal.identity.models import Area, Person, Unit
from portal.kernel.errors import NotFound, Refused
from portal.kernel.words import N_


def screen(
    db: Session,
    now: datetime,
    actor: Actor,
    case_id: int,
    *,
    kind: str,
    category_id: int | None,
    area_id: int | None,
    tier: str = "first_ask",
    title: str | None = None,
    version: int | None = None,
) -> None:
    """The office looked at a case: what it is, where, and how it is taken up. Its limit is counted anew from
    submission if that changes it."""
    one_of("kind", kind, AppealKind)
    one_of("tier", tier, Tier)
    on_list(db, "category_id", Category, category_id)
    on_list(db, "area_id", Area, area_id)
    case = load(db, case_id, version)
    changes = {"kind": kind, "category_id": category_id, "area_id": area_id, "tier": tier}
    move(
        db,
        now,
        actor,
        case,
        CaseState.SCREENED,
        Act.SCREENED,
        sources=(CaseState.SUBMITTED,),
        changes=changes,
        tier=tier,
        kind=kind,
    )
    if title is not None and title.strip():
        set_title(db, case_id, title)
        index_case(db, case_id)
    recount(db, now, actor, case, began=case.opened_at)


def set_title(db: Session, case_id: int, title: str, brief: str | None = None) -> None:
    """The office's working title, and what the case is about if it is a part."""
    row = db.get(CaseText, case_id) or CaseText(case_id=case_id, brief="")
    row.title = title.strip()
    row.brief = row.brief if brief is None else brief.strip()
    db.add(row)
    db.flush()


def recount(db: Session, now: datetime, actor: Actor, case: Case, *, began: datetime) -> None:
    """Bring the due date in line with kind and tier; a changed date is a visible act."""
    before = case.due_day
    if clocks.recount(db, now, case, began=began):
        _note_due(db, now, actor, case, before)


def count_due_again(db: Session, now: datetime, actor: Actor, case_id: int, reason: str) -> bool:
    """Count a case's due date by the calendar as it is now, in the open; whether it changed."""
    text_given("reason", reason)
    case = load(db, case_id)
    require_for_case(db, actor, "case.tier", case)
    before = case.due_day
    changed = clocks.count_again(db, now, case)
    if changed:
        _note_due(db, now, actor, case, before, reason)
    return changed


def _note_due(
    db: Session, now: datetime, actor: Actor, case: Case, before: date | None, reason: str = ""
) -> None:
    days = {"before": before, "after": case.due_day}
    kept: dict[str, Any] = {name: day.isoformat() if day else None for name, day in days.items()}
    note_act(db, now, actor, case, Act.DUE_CHANGED, reason=reason, **kept)


def name_concerned(
    db: Session,
    now: datetime,
    actor: Actor,
    appeal_id: int,
    case_id: int,
    *,
    unit_id: int | None,
    person_id: int | None,
) -> None:
    """Note whom an appeal complains about. From now on they never see the case, so it must not lie with them."""
    case = load(db, case_id)
    subject = require_for_case(db, actor, "case.screen", case)
    if appeal_id not in subject.appeal_ids:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    on_list(db, "concerns_unit_id", Unit, unit_id)
    on_list(db, "concerns_person_id", Person, person_id)
    asked = select(Assignment.unit_id).where(Assignment.case_id == case_id, Assignment.ended_at.is_(None))
    if (unit_id and unit_id in db.scalars(asked).all()) or (person_id and person_id == case.handler_id):
        raise Refused("lies_with_concerned", N_("Give the case to another unit or person first."))
    appeal = db.get_one(Appeal, appeal_id)
    appeal.concerns_unit_id, appeal.concerns_person_id = unit_id, person_id
    if unit_id is not None and case.proposed_unit_id == unit_id:
        case.proposed_unit_id = case.proposed_person_id = case.proposed_by_rule_id = None
    if person_id is not None and case.proposed_person_id == person_id:
        case.proposed_person_id = None
    note_act(db, now, actor, case, Act.CONCERNS_SET, appeal_id=appeal_id)


def not_accept(
    db: Session, now: datetime, actor: Actor, case_id: int, reason_code: str, explanation: str
) -> None:
    """The office does not take a case up: with a reason from the list, and an explanation to the asker."""
    one_of("reason_code", reason_code, NotAcceptedReason)
    text_given("explanation", explanation)
    move(
        db,
        now,
        actor,
        load(db, case_id),
        CaseState.NOT_ACCEPTED,
        Act.NOT_ACCEPTED,
        reason=explanation,
        reason_code=reason_code,
        for_asker=True,
        changes={"reason_code": reason_code},
    )


def decide_refusal_objection(
    db: Session, now: datetime, actor: Actor, case_id: int, upheld: bool, explanation: str
) -> None:
    """Somebody other than who declined decides the asker's objection; the explanation is told to the asker."""
    text_given("explanation", explanation)
    case = load(db, case_id)
    require_for_case(db, actor, "case.uphold_objection", case)
    objection = db.scalar(
        select(RefusalObjection).where(
            RefusalObjection.case_id == case_id, RefusalObjection.decided_at.is_(None)
        )
    )
    if objection is None:
        raise Refused("nothing_to_decide", N_("There is nothing to decide here."))
    another_person(actor, last_entry(db, case_id, Act.NOT_ACCEPTED))
    objection.upheld, objection.decided_at, objection.decided_by_id = upheld, now, actor.person_id
    if upheld:
        move(
            db,
            now,
            actor,
            case,
            CaseState.SCREENED,
            Act.REFUSAL_OBJECTION_UPHELD,
            sources=(CaseState.NOT_ACCEPTED,),
            reason=explanation,
            for_asker=True,
            changes={"reason_code": None},
        )
        return
    note_act(db, now, actor, case, Act.REFUSAL_OBJECTION_REFUSED, reason=explanation, for_asker=True)
