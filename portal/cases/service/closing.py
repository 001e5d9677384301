"""Closing: by the office, and after the last rating; and the call-back. What the clock closes is in `timing`."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import Case, CaseLink
from portal.cases.rules import closing_gate
from portal.cases.service import clocks
from portal.cases.service.checks import another_person, text_given
from portal.cases.service.gates import closing_facts, last_reply, ratings_of, shut
from portal.cases.service.moves import check, load, note_act
from portal.cases.service.reopening import ask_for_reopening
from portal.cases.subjects import require_for_case
from portal.cases.texts import Reply
from portal.cases.vocabulary import Act, ClosingKind
from portal.cases.workflow import CaseState, closing_kinds
from portal.deadlines.limits import LimitEvent
from portal.identity.actors import SYSTEM, Actor
from portal.kernel.errors import Invalid, Refused
from portal.kernel.words import N_


def close(
    db: Session, now: datetime, actor: Actor, case_id: int, kind: str | None = None, reason: str = ""
) -> None:
    """The office closes a case as `kind` (default: as its reply means to), if the gates of that kind are met.
    Who wrote the reply does not close it."""
    case = load(db, case_id)
    check(db, actor, case, CaseState.CLOSED, sources=(CaseState.ANSWERED, CaseState.WAITING_ASKER))
    source = CaseState(case.state)
    if kind is not None and kind not in closing_kinds(source):
        raise Invalid("not_on_list", N_("Choose from the list."), field="kind")
    if source is CaseState.WAITING_ASKER:
        turn = clocks.turn_clock(db, case, LimitEvent.ASKER_REPLY)
        if turn is not None and now < turn.due_at:
            raise Refused("asker_has_time", N_("The asker still has time to answer."))
    reply = last_reply(db, case_id)
    another_person(actor, reply.author_id if reply else None)
    shut(db, now, actor, case, _kind(case, kind, reply), reason=reason)


def _kind(case: Case, kind: str | None, reply: Reply | None) -> ClosingKind:
    if CaseState(case.state) is CaseState.WAITING_ASKER:
        return ClosingKind.UNREACHABLE
    if kind is None and reply is not None:
        kind = reply.closing_kind
    return ClosingKind(kind or ClosingKind.EXPLAINED)


def close_if_settled(db: Session, now: datetime, case: Case) -> bool:
    """Close an answered case if every asker has rated, or the time for it is over, and nothing stands in the
    way. Done by the portal, not by whoever rated last."""
    reply = last_reply(db, case.id)
    if CaseState(case.state) is not CaseState.ANSWERED or reply is None:
        return False
    askers = select(func.count()).where(CaseLink.case_id == case.id, CaseLink.ended_at.is_(None))
    kind = ClosingKind(reply.closing_kind)
    facts = closing_facts(db, now, case, kind)
    all_rated = len(ratings_of(db, case.id, reply)) >= (db.scalar(askers) or 0)
    if not (all_rated or facts.rating_window_over) or closing_gate(facts):
        return False
    shut(db, now, SYSTEM, case, kind)
    return True


def call_back(db: Session, now: datetime, actor: Actor, case_id: int, satisfied: bool, body: str) -> None:
    """A third person called the asker back. Satisfied stands in for a good rating; else reopening is asked for."""
    text_given("body", body)
    case = load(db, case_id)
    require_for_case(db, actor, "case.call_back", case)
    if CaseState(case.state) not in (CaseState.ANSWERED, CaseState.CLOSED):
        raise Refused("not_answered", N_("Only an answered or closed case is called back."))
    entry = note_act(db, now, actor, case, Act.CALLED_BACK, reason=body, satisfied=satisfied)
    if satisfied:
        close_if_settled(db, now, case)
    else:
        ask_for_reopening(db, now, actor, case, reason_code="call_back", note_id=entry.note_id)
