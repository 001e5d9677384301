"""The gates before closing: what is known about a case, and the one way through them."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import glossary
from portal.cases.models import Assignment, Case
from portal.cases.rules import ClosingFacts, Gate, Part, closing_gate
from portal.cases.service import clocks
from portal.cases.service.moves import last_entry, move
from portal.cases.texts import Attachment, CaseMechanism, RatingRow, Reply
from portal.cases.vocabulary import Act, ClosingKind, PartState, Rating, SatisfactionException
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor
from portal.kernel.errors import Refused


def shut(
    db: Session,
    now: datetime,
    actor: Actor,
    case: Case,
    kind: ClosingKind,
    *,
    act: Act = Act.CLOSED,
    reason: str = "",
    exception: SatisfactionException | None = None,
    for_asker: bool = False,
) -> None:
    """Let a case through its gates and close it; the exception that stood in for a rating goes on record."""
    facts = closing_facts(db, now, case, kind, exception)
    lacking = closing_gate(facts)
    if lacking:
        message = glossary.meaning("gate", lacking[0])
        raise Refused("gates", message, gates=tuple(gate.value for gate in lacking))
    move(
        db,
        now,
        actor,
        case,
        CaseState.CLOSED,
        act,
        reason=reason,
        reason_code=kind.value,
        for_asker=for_asker,
        changes=closed_as(db, now, case, kind),
        kind=kind.value,
        exception=facts.exception.value if facts.exception else None,
    )


def gates_of(db: Session, now: datetime, case_id: int) -> tuple[ClosingKind, tuple[Gate, ...]]:
    """How the standing reply means to close the case, and the gates that are still shut."""
    case, reply = db.get_one(Case, case_id), last_reply(db, case_id)
    kind = ClosingKind(reply.closing_kind) if reply else ClosingKind.EXPLAINED
    return kind, closing_gate(closing_facts(db, now, case, kind))


def closed_as(db: Session, now: datetime, case: Case, kind: ClosingKind) -> dict[str, Any]:
    """The columns of a closed case. Whoever could not be reached has the time to rate to come back."""
    until = case.rating_until
    if until is None and not case.is_history:
        until = clocks.rating_end(db, now)
    return {"closing_kind": kind.value, "closed_at": now, "rating_until": until}


def closing_facts(
    db: Session,
    now: datetime,
    case: Case,
    kind: ClosingKind,
    exception: SatisfactionException | None = None,
) -> ClosingFacts:
    """What the gates look at. Of several askers' ratings the worst counts."""
    reply = last_reply(db, case.id)
    ratings = ratings_of(db, case.id, reply)
    mechanism = db.get(CaseMechanism, case.id)
    over = case.rating_until is not None and case.rating_until <= now
    return ClosingFacts(
        kind,
        evidence=_evidence_of(db, reply),
        rating=min(ratings, key=lambda rating: rating.score, default=None),
        exception=exception or _exception(db, case, reply, bool(ratings), over),
        rating_window_over=over,
        outcomes=int(bool(mechanism and mechanism.outcome)),
        not_needed_because=mechanism.not_needed_because if mechanism else "",
        legal_ground=reply.legal_ground if reply else "",
        handover_receipt=reply.handed_to if reply else "",
        parts=_parts(db, case.id),
    )


def _exception(
    db: Session, case: Case, reply: Reply | None, rated: bool, over: bool
) -> SatisfactionException | None:
    """What stands in for a good rating: only what happened since the newest reply."""
    entry = last_entry(db, case.id, Act.CALLED_BACK, Act.REOPENING_REFUSED)
    if entry is not None and reply is not None and entry.at >= reply.made_at:
        if entry.act == Act.REOPENING_REFUSED:
            return SatisfactionException.REOPENING_REFUSED
        if entry.details.get("satisfied"):
            return SatisfactionException.CALL_BACK_SATISFIED
    return SatisfactionException.NOT_RATED if over and not rated else None


def _parts(db: Session, case_id: int) -> tuple[Part, ...]:
    states = db.scalars(
        select(Assignment.part_state).where(
            Assignment.case_id == case_id, Assignment.part == "supporting", Assignment.ended_at.is_(None)
        )
    )
    # A part is only ever waived with a reason; that is in the history.
    return tuple(Part(PartState(state), reason="on record") for state in states)


def _evidence_of(db: Session, reply: Reply | None) -> int:
    if reply is None:
        return 0
    statement = (
        select(func.count())
        .select_from(Attachment)
        .where(Attachment.reply_id == reply.id, Attachment.kind == "evidence")
    )
    return db.scalar(statement) or 0


def last_reply(db: Session, case_id: int) -> Reply | None:
    """The reply that stands."""
    return db.scalar(select(Reply).where(Reply.case_id == case_id).order_by(Reply.id.desc()).limit(1))


def ratings_of(db: Session, case_id: int, reply: Reply | None) -> list[Rating]:
    """The askers' judgements of a case's reply."""
    if reply is None:
        return []
    statement = select(RatingRow.result).where(RatingRow.case_id == case_id, RatingRow.reply_id == reply.id)
    return [Rating(result) for result in db.scalars(statement)]
