"""The unit's answer: what it must bring, and the time to rate that begins with it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.rules import ClosingFacts, Gate, ReplyLack, closing_gate, reply_lacks
from portal.cases.service import clocks
from portal.cases.service.checks import one_of, text_fits
from portal.cases.service.indexing import index_case
from portal.cases.service.moves import check, load, move
from portal.cases.texts import Attachment, CaseMechanism, Reply
from portal.cases.vocabulary import Act, ClosingKind, Tier
from portal.cases.workflow import CaseState
from portal.deadlines.limits import LimitEvent
from portal.deadlines.queries import live_clock
from portal.identity.actors import Actor
from portal.kernel.errors import Invalid
from portal.kernel.words import N_

_LACKS = {
    ReplyLack.TEXT: ("body", N_("Please fill this in.")),
    ReplyLack.WAY_OR_GROUND: (
        "way_forward",
        N_("An escalated case needs a way forward, or the legal ground why there is none."),
    ),
    Gate.SOLVED: ("evidence", N_("Add evidence that it is solved.")),
    Gate.MECHANISM: ("not_needed_because", N_("Link an outcome, or say why none is needed.")),
    Gate.LEGAL_GROUND: ("legal_ground", N_("Name the legal ground.")),
    Gate.HANDOVER_RECEIPT: ("handed_to", N_("Say who took it over, with their receipt.")),
}


def answer(
    db: Session,
    now: datetime,
    actor: Actor,
    case_id: int,
    body: str,
    closing_kind: str,
    legal_ground: str = "",
    handed_to: str = "",
    way_forward: str = "",
    not_needed_because: str = "",
    outcome: str = "",
) -> Reply:
    """The unit answers the asker, and brings what this way of closing needs of it. The clock stops, and the
    time to rate begins."""
    one_of("closing_kind", closing_kind, ClosingKind)
    case = load(db, case_id)
    step = check(db, actor, case, CaseState.ANSWERED, by_unit=case.lead_unit_id)
    reply = Reply(
        case_id=case_id,
        unit_id=case.lead_unit_id,
        author_id=actor.person_id,
        body=body.strip(),
        closing_kind=closing_kind,
        legal_ground=legal_ground.strip(),
        handed_to=handed_to.strip(),
        way_forward=way_forward.strip(),
        made_at=now,
    )
    _keep_reply(db, case, reply, bool(outcome.strip()), not_needed_because)
    _keep_mechanism(db, now, actor, case_id, outcome, not_needed_because)
    move(
        db,
        now,
        actor,
        case,
        CaseState.ANSWERED,
        Act.ANSWERED,
        step=step,
        changes={"answered_at": now},
        reply_id=reply.id,
        kind=closing_kind,
    )
    _open_rating(db, case)
    index_case(db, case_id)
    return reply


def _keep_reply(db: Session, case: Case, reply: Reply, outcome: bool, not_needed_because: str) -> None:
    """The reply, with the evidence that was added since the last one."""
    evidence = _free_evidence(db, case.id)
    _check_reply(case, reply, len(evidence), outcome, not_needed_because)
    db.add(reply)
    db.flush()
    for file in evidence:
        file.reply_id = reply.id


def _check_reply(case: Case, reply: Reply, evidence: int, outcome: bool, not_needed_because: str) -> None:
    for field, text, longest in (
        ("body", reply.body, 20000),
        ("legal_ground", reply.legal_ground, 500),
        ("handed_to", reply.handed_to, 200),
        ("way_forward", reply.way_forward, 500),
        ("not_needed_because", not_needed_because, 2000),
    ):
        text_fits(field, text, longest)
    if reply.closing_kind == ClosingKind.UNREACHABLE:
        raise Invalid("not_on_list", N_("Choose from the list."), field="closing_kind")
    facts = ClosingFacts(
        ClosingKind(reply.closing_kind),
        evidence=evidence,
        outcomes=int(outcome),
        not_needed_because=not_needed_because,
        legal_ground=reply.legal_ground,
        handover_receipt=reply.handed_to,
    )
    ways = {"way_forward": bool(reply.way_forward), "legal_ground": bool(reply.legal_ground)}
    lacking = [*reply_lacks(Tier(case.tier), reply.body, **ways), *closing_gate(facts)]
    for lack in lacking:
        if lack in _LACKS:
            field, message = _LACKS[lack]
            raise Invalid(lack.value, message, field=field, lacks=tuple(found.value for found in lacking))


def _free_evidence(db: Session, case_id: int) -> list[Attachment]:
    """Evidence that goes out with this reply: what was added since the last one."""
    return list(
        db.scalars(
            select(Attachment).where(
                Attachment.case_id == case_id,
                Attachment.kind == "evidence",
                Attachment.reply_id.is_(None),
            )
        )
    )


def _keep_mechanism(
    db: Session, now: datetime, actor: Actor, case_id: int, outcome: str, not_needed_because: str
) -> None:
    row = db.get(CaseMechanism, case_id) or CaseMechanism(case_id=case_id)
    row.outcome, row.not_needed_because = outcome.strip(), not_needed_because.strip()
    row.made_at, row.made_by_id = now, actor.person_id
    db.add(row)


def _open_rating(db: Session, case: Case) -> None:
    clock = live_clock(db, clocks.KIND, case.id, LimitEvent.RATING)
    case.rating_until = clock.due_at if clock else None
    db.flush()
