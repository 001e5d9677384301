"""A commitment as policy sees it, and which ones an actor may see: the same rule for one and for lists and counts.

The conflict of interest is that of the cases it is about: who is complained about never sees it at the desk.
"""

from sqlalchemy import ColumnElement, and_, false, select, true
from sqlalchemy.orm import Session

from portal.cases import subjects as case_subjects
from portal.commitments.models import Commitment, CommitmentCase
from portal.identity.actors import Actor, ActorKind
from portal.identity.policy import Subject
from portal.kernel.errors import NotFound
from portal.kernel.words import N_

KIND = "commitment"


def subject_for(db: Session, number: int, unit_id: int, case_ids: list[int]) -> Subject:
    """A commitment of a unit about these cases, made or about to be."""
    cases = [case_subjects.subject_of(db, case_id) for case_id in case_ids]
    return Subject(
        KIND,
        number,
        unit_ids=frozenset({unit_id}),
        concerned_unit_ids=frozenset().union(*(case.concerned_unit_ids for case in cases)),
        concerned_person_ids=frozenset().union(*(case.concerned_person_ids for case in cases)),
        appeal_ids=frozenset().union(*(case.appeal_ids for case in cases)),
    )


def subject_of(db: Session, commitment: Commitment) -> Subject:
    """The commitment as a policy subject."""
    return subject_for(db, commitment.id, commitment.unit_id, cases_of(db, commitment.id))


def cases_of(db: Session, commitment_id: int) -> list[int]:
    """The cases that it is about."""
    return list(
        db.scalars(
            select(CommitmentCase.case_id)
            .where(CommitmentCase.commitment_id == commitment_id)
            .order_by(CommitmentCase.case_id)
        )
    )


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Commitment` under which this actor may know of it; for every list and every count."""
    if actor.kind is ActorKind.SYSTEM:
        return true()
    reach = actor.reach("commitment.read")
    if reach is not None and not reach:
        return false()
    return (
        unconcerned(actor)
        if reach is None
        else and_(Commitment.unit_id.in_(sorted(reach)), unconcerned(actor))
    )


def unconcerned(actor: Actor) -> ColumnElement[bool]:
    """The condition that none of its cases complains about this actor."""
    about = select(CommitmentCase.commitment_id).where(CommitmentCase.case_id.in_(case_subjects.about(actor)))
    return Commitment.id.not_in(about)


def nothing() -> NotFound:
    """The answer to whoever may not know that there is something."""
    return NotFound("not_found", N_("There is nothing here under this address."))
