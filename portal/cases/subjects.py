"""A case as policy sees it, and which cases an actor may see: the same rule for one and for lists and counts.

Conflict of interest (domain, section 3): who is complained about never sees the case, at any door. That is
an appointment in the very unit, or the very person; it counts for every appeal that a case answers.
"""

from dataclasses import replace

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, Assignment, Case, CaseLink
from portal.identity.actors import Actor, ActorKind
from portal.identity.policy import Subject, can, require
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.words import N_

# A link that a merge made counts only while it lives: undone, the case is no longer about that appeal.
ABOUT = or_(CaseLink.ended_at.is_(None), CaseLink.kind != "merged")


# Asked before every act on a case: building a statement costs more than running it.
_LINKS = (
    select(CaseLink.appeal_id, CaseLink.ended_at, Appeal.concerns_unit_id, Appeal.concerns_person_id)
    .join(Appeal, Appeal.id == CaseLink.appeal_id)
    .where(CaseLink.case_id == bindparam("case"), ABOUT)
)
_ASSIGNED = select(Assignment.unit_id).where(
    Assignment.case_id == bindparam("case"), Assignment.ended_at.is_(None)
)


def subject_of(db: Session, case_id: int) -> Subject:
    """The case as a policy subject: units that handle it, whom it complains about, its askers."""
    case = db.get(Case, case_id)
    if case is None:
        raise nothing()
    units = {case.lead_unit_id, case.first_asked_unit_id, *_assigned_units(db, case_id)}
    links = db.execute(_LINKS, {"case": case_id}).all()
    return Subject(
        "case",
        case_id,
        unit_ids=frozenset(unit for unit in units if unit is not None),
        concerned_unit_ids=frozenset(row.concerns_unit_id for row in links if row.concerns_unit_id),
        concerned_person_ids=frozenset(row.concerns_person_id for row in links if row.concerns_person_id),
        appeal_ids=frozenset(row.appeal_id for row in links if row.ended_at is None),
    )


def _assigned_units(db: Session, case_id: int) -> list[int]:
    return list(db.scalars(_ASSIGNED, {"case": case_id}))


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Case` under which this actor may know of it; for every list and every count."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if actor.kind is ActorKind.ASKER:
        mine = (CaseLink.appeal_id == actor.appeal_id, CaseLink.ended_at.is_(None))
        return exists(select(CaseLink.id).where(CaseLink.case_id == Case.id, *mine).correlate(Case))
    reach = actor.reach("case.read")
    if reach is not None and not reach:
        return false()
    unconcerned = Case.id.not_in(about(actor))
    return unconcerned if reach is None else and_(_reached(reach), unconcerned)


def about(actor: Actor) -> Select[int]:
    """The cases that complain about this actor. They are few and found by index, once; to look at the links of
    each case instead would read them all."""
    return (
        select(CaseLink.case_id)
        .join(Appeal, Appeal.id == CaseLink.appeal_id)
        .where(ABOUT, _concerns(actor))
        .correlate(None)
    )


def _concerns(actor: Actor) -> ColumnElement[bool]:
    return or_(
        Appeal.concerns_person_id == actor.person_id,
        Appeal.concerns_unit_id.in_(sorted(actor.unit_ids)) if actor.unit_ids else false(),
    )


def _reached(units: frozenset[int]) -> ColumnElement[bool]:
    """Led by one of these units, first asked of one, or one has a part in it."""
    named = sorted(units)
    part = select(Assignment.case_id).where(Assignment.unit_id.in_(named), Assignment.ended_at.is_(None))
    return or_(Case.lead_unit_id.in_(named), Case.first_asked_unit_id.in_(named), Case.id.in_(part))


def require_for_case(
    db: Session,
    actor: Actor,
    permission: str,
    case: Case,
    *,
    by_unit: int | None = None,
    subject: Subject | None = None,
) -> Subject:
    """Let through who may do this to the case; `by_unit` narrows a unit's right to that unit's people.

    Who may not see the case is told that there is nothing. `subject`: if it is known already.
    """
    subject = subject or subject_of(db, case.id)
    require(actor, permission, subject)
    if by_unit is not None and not can(actor, permission, replace(subject, unit_ids=frozenset({by_unit}))):
        raise Forbidden("not_your_part", N_("This is for another unit to do."))
    return subject


def require_asker(db: Session, actor: Actor, case: Case) -> Subject:
    """Let through the asker of an appeal that the case answers."""
    subject = subject_of(db, case.id)
    if actor.kind is not ActorKind.ASKER or not may_know(actor, subject):
        raise nothing()
    return subject


def may_know(actor: Actor, subject: Subject) -> bool:
    """Whether this actor may know of the case."""
    if actor.kind is ActorKind.ASKER:
        return actor.appeal_id in subject.appeal_ids
    return can(actor, "case.read", subject)


def nothing() -> NotFound:
    """The answer to whoever may not know that there is something."""
    return NotFound("not_found", N_("There is nothing here under this address."))
