"""Waiting while the clock stands still: for the asker's answer, or for somebody outside."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, CaseLink
from portal.cases.service import clocks
from portal.cases.service.checks import text_given
from portal.cases.service.moves import check, load, move
from portal.cases.texts import AskerQuestion
from portal.cases.vocabulary import Act
from portal.cases.workflow import CaseState
from portal.deadlines.limits import LimitEvent
from portal.deadlines.queries import live_clock
from portal.identity.actors import Actor
from portal.kernel.codes import hash_code
from portal.kernel.db import keys_of
from portal.kernel.errors import Invalid
from portal.kernel.words import N_


def ask_asker(
    db: Session, now: datetime, actor: Actor, case_id: int, body: str, appeal_id: int | None = None
) -> tuple[int, str]:
    """Ask the asker for more; the clock stands still. Returns the question's id and the secret of its link.

    `appeal_id`: whom to ask if the case answers several; otherwise the first.
    """
    text_given("body", body)
    case = load(db, case_id)
    step = check(db, actor, case, CaseState.WAITING_ASKER, by_unit=case.lead_unit_id)
    token = secrets.token_urlsafe(24)
    move(
        db,
        now,
        actor,
        case,
        CaseState.WAITING_ASKER,
        Act.ASKER_ASKED,
        step=step,
        reason_code="question",
    )
    turn = live_clock(db, clocks.KIND, case_id, LimitEvent.ASKER_REPLY)
    question = AskerQuestion(
        case_id=case_id,
        appeal_id=_asked(db, case_id, appeal_id),
        token_hash=hash_code(keys_of(db).codes, token),
        body=body.strip(),
        asked_by_id=actor.person_id,
        asked_at=now,
        due_at=turn.due_at if turn else now,
    )
    db.add(question)
    db.flush()
    return question.id, token


def _asked(db: Session, case_id: int, appeal_id: int | None) -> int:
    linked = db.scalars(
        select(CaseLink.appeal_id)
        .join(Appeal, Appeal.id == CaseLink.appeal_id)
        .where(CaseLink.case_id == case_id, CaseLink.ended_at.is_(None), Appeal.erased_at.is_(None))
        .order_by(CaseLink.id)
    ).all()
    if not linked or appeal_id not in (None, *linked):
        raise Invalid("nobody_to_ask", N_("Nobody can be asked here."), field="appeal_id")
    return appeal_id or linked[0]


def wait_external(db: Session, now: datetime, actor: Actor, case_id: int, reason: str) -> None:
    """Wait for somebody outside; the clock stands still for at most its limit."""
    case = load(db, case_id)
    move(
        db,
        now,
        actor,
        case,
        CaseState.WAITING_EXTERNAL,
        Act.WAITING_EXTERNAL,
        by_unit=case.lead_unit_id,
        reason=reason,
    )


def resume(db: Session, now: datetime, actor: Actor, case_id: int, reason: str = "") -> None:
    """Work goes on: what was waited for is there, or is not needed any more."""
    case = load(db, case_id)
    move(
        db,
        now,
        actor,
        case,
        CaseState.HANDLING,
        Act.RESUMED,
        by_unit=case.lead_unit_id,
        reason=reason,
        sources=(CaseState.WAITING_ASKER, CaseState.WAITING_EXTERNAL),
    )
