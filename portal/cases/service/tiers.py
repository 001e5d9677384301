"""Tiers: how a case is taken up, and the parts of a joint case's supporting units."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Assignment, Case
from portal.cases.service import clocks
from portal.cases.service.assigning import add_supporting, live, under_way
from portal.cases.service.checks import one_of
from portal.cases.service.moves import load, note_act
from portal.cases.service.screening import recount
from portal.cases.subjects import require_for_case
from portal.cases.vocabulary import Act, PartState, Tier
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor
from portal.kernel.errors import Invalid, NotFound, Refused
from portal.kernel.words import N_

_BEFORE_THE_ANSWER = frozenset(
    {
        CaseState.SCREENED,
        CaseState.ASSIGNED,
        CaseState.OBJECTED,
        CaseState.ACCEPTED,
        CaseState.HANDLING,
        CaseState.WAITING_ASKER,
        CaseState.WAITING_EXTERNAL,
    }
)


def settle_part(
    db: Session, now: datetime, actor: Actor, assignment_id: int, state: str, reason: str = ""
) -> None:
    """A supporting unit reports its part done; the office waives a part, or opens it again, saying why."""
    one_of("state", state, PartState)
    part = db.get(Assignment, assignment_id)
    if part is None or part.part != "supporting" or part.ended_at is not None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    case = load(db, part.case_id)
    if state == PartState.DONE:
        require_for_case(db, actor, "case.handle", case, by_unit=part.unit_id)
    else:
        require_for_case(db, actor, "case.assign", case)
        if not reason.strip():
            raise Refused("reason_required")
    under_way(case)
    if part.part_state == state:
        raise Refused("nothing_to_change", N_("It is so already."))
    part.part_state = state
    act = {"done": Act.PART_DONE, "waived": Act.PART_WAIVED, "open": Act.PART_REOPENED}[state]
    note_act(db, now, actor, case, act, reason=reason, unit_id=part.unit_id, assignment_id=part.id)


def set_tier(
    db: Session,
    now: datetime,
    actor: Actor,
    case_id: int,
    tier: str,
    reason: str,
    supporting_unit_ids: Sequence[int] = (),
    version: int | None = None,
) -> None:
    """Take a case up in another way. Raised, its limit counts from now; any other change keeps the date."""
    one_of("tier", tier, Tier)
    case = load(db, case_id, version)
    require_for_case(db, actor, "case.tier", case)
    if CaseState(case.state) not in _BEFORE_THE_ANSWER:
        raise Refused("too_late_for_tier", N_("How a case is taken up is decided before it is answered."))
    if not reason.strip():
        raise Refused("reason_required")
    if tier == case.tier:
        raise Refused("nothing_to_change", N_("It is so already."))
    before = case.tier
    if tier == Tier.JOINT and case.lead_unit_id is not None and not supporting_unit_ids:
        raise Invalid(
            "supporting_units",
            N_("A joint case needs at least one supporting unit; other cases have none."),
            field="supporting_unit_ids",
        )
    _leave(db, now, case)
    note_act(
        db,
        now,
        actor,
        case,
        Act.TIER_CHANGED,
        reason=reason,
        changes={"tier": tier},
        before=before,
        after=tier,
    )
    if tier == Tier.JOINT and case.lead_unit_id is not None:
        add_supporting(db, now, actor, case, supporting_unit_ids)
    if tier == Tier.ESCALATED:
        recount(db, now, actor, case, began=now)


def _leave(db: Session, now: datetime, case: Case) -> None:
    """What the present tier asked for ends: the plan, or the supporting parts once they are settled."""
    if case.tier == Tier.ESCALATED:
        clocks.stop_plan(db, now, case)
    for part in db.scalars(select(Assignment).where(live(case.id), Assignment.part == "supporting")):
        if part.part_state == PartState.OPEN:
            raise Refused("open_parts", N_("Settle each supporting unit's part first."))
        part.ended_at = now
    db.flush()
