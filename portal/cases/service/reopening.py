"""Reopening: asked for by an asker or after a look back, decided by another person, visible for good."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from portal.cases.history import HistoryEntry
from portal.cases.models import Case
from portal.cases.service.checks import another_person, text_given
from portal.cases.service.gates import closed_as, last_reply, shut
from portal.cases.service.moves import check, last_entry, load, move
from portal.cases.vocabulary import Act, ClosingKind, SatisfactionException
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor, ActorKind
from portal.kernel.errors import Refused
from portal.kernel.words import N_

_OPEN_AGAIN: Mapping[str, None] = MappingProxyType(
    {"answered_at": None, "closed_at": None, "closing_kind": None, "rating_until": None}
)


def request_reopening(db: Session, now: datetime, actor: Actor, case_id: int, reason: str) -> None:
    """Say that it is not solved: the asker while the rating is open, the office at any time."""
    text_given("reason", reason)
    case = load(db, case_id)
    check(db, actor, case, CaseState.REOPEN_REQUESTED)
    if actor.kind is ActorKind.ASKER and not rating_is_open(case, now):
        raise Refused("rating_over", N_("The time to rate this is over. You can submit a new appeal."))
    ask_for_reopening(db, now, actor, case, reason=reason)


def rating_is_open(case: Case, now: datetime) -> bool:
    """Whether askers may still rate, or ask for reopening."""
    return case.rating_until is not None and now < case.rating_until


def ask_for_reopening(
    db: Session,
    now: datetime,
    actor: Actor,
    case: Case,
    *,
    reason: str = "",
    reason_code: str | None = None,
    note_id: int | None = None,
) -> HistoryEntry:
    """Move the case to where a person decides; how it was closed is kept, for a refusal."""
    return move(
        db,
        now,
        actor,
        case,
        CaseState.REOPEN_REQUESTED,
        Act.REOPENING_REQUESTED,
        reason=reason,
        reason_code=reason_code,
        note_id=note_id,
        for_asker=actor.kind is ActorKind.ASKER,
        changes={"closing_kind": None, "closed_at": None},
        kind=case.closing_kind,
    )


def decide_reopening(
    db: Session, now: datetime, actor: Actor, case_id: int, reopen: bool, reason: str
) -> None:
    """Open it again with a limit of its own, or refuse. Decided by another than who asked; told to the asker."""
    case = load(db, case_id)
    target = CaseState.HANDLING if reopen else CaseState.CLOSED
    check(db, actor, case, target, sources=(CaseState.REOPEN_REQUESTED,))
    text_given("reason", reason)
    asked = last_entry(db, case_id, Act.REOPENING_REQUESTED)
    another_person(actor, asked)
    if reopen:
        move(db, now, actor, case, target, Act.REOPENED, reason=reason, for_asker=True, changes=_OPEN_AGAIN)
        return
    _refuse(db, now, actor, case, asked.details.get("kind") if asked else None, reason)


def _refuse(db: Session, now: datetime, actor: Actor, case: Case, before: str | None, reason: str) -> None:
    """Back to how it was closed; or closed now, with the refusal on record in place of a rating."""
    if before is None:
        reply = last_reply(db, case.id)
        kind = ClosingKind(reply.closing_kind) if reply else ClosingKind.EXPLAINED
        exception = SatisfactionException.REOPENING_REFUSED
        shut(
            db,
            now,
            actor,
            case,
            kind,
            act=Act.REOPENING_REFUSED,
            reason=reason,
            exception=exception,
            for_asker=True,
        )
        return
    move(
        db,
        now,
        actor,
        case,
        CaseState.CLOSED,
        Act.REOPENING_REFUSED,
        reason=reason,
        reason_code=before,
        for_asker=True,
        changes=closed_as(db, now, case, ClosingKind(before)),
        kind=before,
    )
