"""Appointments that take two persons (domain, section 5): one proposes, another decides, and only then it holds.

Administrators hold no such right themselves, and none of them can give it to anybody alone: the two must not be
one person behind two accounts, and nobody who may make links can let themselves into the account that gets it.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.identity.actors import Actor, ActorKind
from portal.identity.models import AdminEntry, Appointment, GrantProposal
from portal.identity.policy import require
from portal.identity.roles import TWO_PERSON_ROLES
from portal.identity.service.appointing import check_appointment, make_appointment
from portal.identity.service.record import note
from portal.kernel.errors import Invalid, NotFound, Refused
from portal.kernel.words import N_

APART = timedelta(days=30)
"""So long somebody whom the other let in does not count as a second person."""
LETS_IN = ("person.added", "appointment.made", "link.made", "person.enabled")


def propose_appointment(
    db: Session,
    now: datetime,
    actor: Actor,
    person_id: int,
    role: str,
    *,
    unit_id: int | None,
    starts_on: date,
    ends_on: date | None = None,
    deputy_for_id: int | None = None,
) -> GrantProposal:
    """Propose an appointment that takes a second person. Nothing holds until somebody else has decided."""
    require(actor, "person.manage")
    if role not in TWO_PERSON_ROLES:
        raise Invalid("one_person_enough", N_("This role takes no second person."), field="role")
    check_appointment(db, person_id, role, unit_id, starts_on, ends_on, deputy_for_id)
    waiting = select(GrantProposal.id).where(
        GrantProposal.person_id == person_id, GrantProposal.role == role, GrantProposal.decided_at.is_(None)
    )
    if db.scalar(waiting.limit(1)) is not None:
        raise Invalid(
            "proposed_already", N_("This is proposed already and waits for a second person."), field="role"
        )
    proposal = GrantProposal(
        person_id=person_id,
        role=role,
        unit_id=unit_id,
        starts_on=starts_on,
        ends_on=ends_on,
        deputy_for_id=deputy_for_id,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    db.add(proposal)
    db.flush()
    note(db, now, actor, "grant.proposed", "person", person_id, part_id=proposal.id)
    return proposal


def decide_proposal(
    db: Session, now: datetime, actor: Actor, proposal_id: int, *, grant: bool
) -> Appointment | None:
    """Grant what another proposed, or end the proposal (which its author may, too)."""
    require(actor, "person.manage")
    proposal = db.get(GrantProposal, proposal_id, with_for_update=True)
    if proposal is None:
        raise NotFound("no_proposal", N_("There is no such proposal."))
    if proposal.decided_at is not None:
        raise Refused("decided_already", N_("This is decided already."))
    made = _granted(db, now, actor, proposal) if grant else None
    proposal.decided_at, proposal.decided_by_id, proposal.granted = now, actor.person_id, grant
    if not grant:
        note(db, now, actor, "grant.refused", "person", proposal.person_id, part_id=proposal.id)
    db.flush()
    return made


def _granted(db: Session, now: datetime, actor: Actor, proposal: GrantProposal) -> Appointment:
    if actor.kind is not ActorKind.PERSON or actor.person_id in (proposal.proposed_by_id, proposal.person_id):
        raise Refused(
            "second_person_required",
            N_("This takes two persons: neither who proposed it nor who would hold it can grant it."),
        )
    if proposal.proposed_by_id is not None and _let_in(
        db, now, proposal.proposed_by_id, actor.person_id or 0
    ):
        raise Refused(
            "not_apart",
            N_("One of you two let the other in within the last 30 days. Somebody else has to decide."),
        )
    return make_appointment(
        db,
        now,
        actor,
        proposal.person_id,
        proposal.role,
        unit_id=proposal.unit_id,
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
        deputy_for_id=proposal.deputy_for_id,
    )


def _let_in(db: Session, now: datetime, one: int, other: int) -> bool:
    """Whether one of the two took the other on, appointed them or made a link to their account of late."""
    pairs = [
        and_(AdminEntry.actor_id == actor_id, AdminEntry.subject_id == subject_id)
        for actor_id, subject_id in ((one, other), (other, one))
    ]
    found = select(AdminEntry.id).where(
        or_(*pairs),
        AdminEntry.subject_kind == "person",
        AdminEntry.kind.in_(LETS_IN),
        AdminEntry.at > now - APART,
    )
    return db.scalar(found.limit(1)) is not None
