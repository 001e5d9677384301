"""Whose turn a case is, as conditions: what waits for one person among all who could act."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, false, or_, select

from portal.cases.models import Assignment, Case, Extension, Objection, RefusalObjection
from portal.cases.rules import Decider
from portal.cases.workflow import CaseState
from portal.identity.actors import Actor
from portal.identity.models import Unit

OPEN_STATES = tuple(state for state in CaseState if state.is_open)
_AT_UNIT = (CaseState.ASSIGNED, CaseState.ACCEPTED, CaseState.HANDLING)


# Small sets of ids rather than a look at every case: each branch of `my_turn` can then use an index.
def refusal_objected() -> ColumnElement[bool]:
    """Not accepted, and the asker's objection waits for a decision."""
    waiting = select(RefusalObjection.case_id).where(RefusalObjection.decided_at.is_(None))
    return and_(Case.state == CaseState.NOT_ACCEPTED, Case.id.in_(waiting))


def extension_asked(not_by: int | None = None) -> ColumnElement[bool]:
    """A request for more time waits, for another person than who asked."""
    waiting = select(Extension.case_id).where(Extension.decided_at.is_(None))
    if not_by is not None:
        waiting = waiting.where(Extension.asked_by_id != not_by)
    return Case.id.in_(waiting)


EXTENSION_ASKED_BY = (
    select(Extension.asked_by_id)
    .where(Extension.case_id == Case.id, Extension.decided_at.is_(None))
    .limit(1)
    .correlate(Case)
    .scalar_subquery()
)
"""Who asked for more time, while that waits."""


def objected(decider: Decider, parents: frozenset[int] | None = None) -> ColumnElement[bool]:
    """A unit objects and this decider decides; for a parent's decision, one of `parents` is the unit's."""
    waiting = select(Objection.case_id).where(Objection.decided_at.is_(None), Objection.decider == decider)
    if parents is not None:
        waiting = waiting.join(Unit, Unit.id == Objection.unit_id).where(Unit.parent_id.in_(sorted(parents)))
    return and_(Case.state == CaseState.OBJECTED, Case.id.in_(waiting))


def my_turn(actor: Actor) -> ColumnElement[bool]:
    """A case that waits for an act this person may take: as the office, as the unit, or as a second person."""
    turns = [*_office_turns(actor), *_unit_turns(actor), *_second_persons_turns(actor)]
    return or_(*turns) if turns else false()


_OFFICE_TURNS = (
    ("case.screen", Case.state == CaseState.SUBMITTED),
    ("case.assign", Case.state == CaseState.SCREENED),
    ("case.decide_reopening", Case.state == CaseState.REOPEN_REQUESTED),
    ("case.uphold_objection", refusal_objected()),
    ("case.decide_objection", objected(Decider.OFFICE)),
    ("case.decide_high_objection", objected(Decider.HEAD_OF_OFFICE)),
)


def _office_turns(actor: Actor) -> Iterator[ColumnElement[bool]]:
    return (waits for permission, waits in _OFFICE_TURNS if actor.has(permission))


def _second_persons_turns(actor: Actor) -> Iterator[ColumnElement[bool]]:
    bounces = actor.reach("case.decide_bounce")
    if bounces:
        yield objected(Decider.PARENT, bounces)
    approves = actor.reach("case.extend_approve")
    if approves is None:
        yield extension_asked(not_by=actor.person_id)
    elif approves:
        yield and_(Case.lead_unit_id.in_(sorted(approves)), extension_asked(not_by=actor.person_id))


def _unit_turns(actor: Actor) -> Iterator[ColumnElement[bool]]:
    if not actor.reach("case.accept"):
        return
    own = sorted(actor.unit_ids)
    yield and_(Case.handler_id == actor.person_id, Case.state.in_(_AT_UNIT))
    yield and_(Case.lead_unit_id.in_(own), Case.state.in_(_AT_UNIT), Case.handler_id.is_(None))
    part = select(Assignment.case_id).where(
        Assignment.unit_id.in_(own),
        Assignment.ended_at.is_(None),
        Assignment.part == "supporting",
        Assignment.part_state == "open",
        or_(Assignment.person_id.is_(None), Assignment.person_id == actor.person_id),
    )
    yield and_(Case.id.in_(part), Case.state.in_(OPEN_STATES))
