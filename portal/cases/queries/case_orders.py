"""Orders to units, their objections, and requests for more time: the formal part of one case's file."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.cases.models import Assignment, Extension, Objection, RefusalObjection
from portal.cases.queries.rows import first, name, rows
from portal.cases.texts import Note
from portal.identity.models import Person, Unit


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """An order to a unit. `number` counts the case's orders and stands in the slip's address."""

    id: int
    unit_id: int
    unit: str
    person_id: int | None
    person: str
    part: str
    document_number: str
    due_day: date | None
    made_at: datetime
    made_by: str
    ended_at: datetime | None
    part_state: str
    number: int


def assignments(db: Session, case_id: int) -> list[AssignmentLine]:
    """Every order of a case, oldest first."""
    maker, holder = aliased(Person), aliased(Person)
    statement = (
        select(
            Assignment.id,
            Assignment.unit_id,
            Unit.name.label("unit"),
            Assignment.person_id,
            name(holder.name).label("person"),
            Assignment.part,
            Assignment.document_number,
            Assignment.due_day,
            Assignment.made_at,
            name(maker.name).label("made_by"),
            Assignment.ended_at,
            Assignment.part_state,
            func.row_number().over(order_by=Assignment.id).label("number"),
        )
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(maker, maker.id == Assignment.made_by_id)
        .outerjoin(holder, holder.id == Assignment.person_id)
        .where(Assignment.case_id == case_id)
        .order_by(Assignment.id)
    )
    return rows(db, statement, AssignmentLine)


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """A unit's objection and what became of it."""

    id: int
    unit_id: int
    unit: str
    proposed_unit_id: int
    proposed: str
    reason: str
    decider: str
    made_at: datetime
    made_by: str
    decided_at: datetime | None
    decided_by: str
    upheld: bool | None


def objections(db: Session, case_id: int) -> list[ObjectionLine]:
    """The units' objections, oldest first."""
    maker, decided, proposed = aliased(Person), aliased(Person), aliased(Unit)
    statement = (
        select(
            Objection.id,
            Objection.unit_id,
            Unit.name.label("unit"),
            Objection.proposed_unit_id,
            proposed.name.label("proposed"),
            Note.body.label("reason"),
            Objection.decider,
            Objection.made_at,
            name(maker.name).label("made_by"),
            Objection.decided_at,
            name(decided.name).label("decided_by"),
            Objection.upheld,
        )
        .join(Unit, Unit.id == Objection.unit_id)
        .join(proposed, proposed.id == Objection.proposed_unit_id)
        .join(Note, Note.id == Objection.note_id)
        .outerjoin(maker, maker.id == Objection.made_by_id)
        .outerjoin(decided, decided.id == Objection.decided_by_id)
        .where(Objection.case_id == case_id)
        .order_by(Objection.id)
    )
    return rows(db, statement, ObjectionLine)


@dataclass(frozen=True, slots=True)
class RefusalObjectionLine:
    """The asker's objection to not being accepted."""

    text: str
    made_at: datetime
    decided_at: datetime | None
    decided_by: str
    upheld: bool | None


def refusal_objection(db: Session, case_id: int) -> RefusalObjectionLine | None:
    """There is at most one."""
    statement = (
        select(
            Note.body.label("text"),
            RefusalObjection.made_at,
            RefusalObjection.decided_at,
            name(Person.name).label("decided_by"),
            RefusalObjection.upheld,
        )
        .join(Note, Note.id == RefusalObjection.note_id)
        .outerjoin(Person, Person.id == RefusalObjection.decided_by_id)
        .where(RefusalObjection.case_id == case_id)
    )
    return first(db, statement, RefusalObjectionLine)


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """A request for more time."""

    id: int
    reason: str
    due_day: date
    proposed_day: date
    asked_at: datetime
    asked_by_id: int
    asked_by: str
    decided_at: datetime | None
    decided_by: str
    granted: bool | None


def extensions(db: Session, case_id: int) -> list[ExtensionLine]:
    """Requests for more time, oldest first."""
    asked, decided = aliased(Person), aliased(Person)
    statement = (
        select(
            Extension.id,
            Note.body.label("reason"),
            Extension.due_day,
            Extension.proposed_day,
            Extension.asked_at,
            Extension.asked_by_id,
            asked.name.label("asked_by"),
            Extension.decided_at,
            name(decided.name).label("decided_by"),
            Extension.granted,
        )
        .join(Note, Note.id == Extension.note_id)
        .join(asked, asked.id == Extension.asked_by_id)
        .outerjoin(decided, decided.id == Extension.decided_by_id)
        .where(Extension.case_id == case_id)
        .order_by(Extension.id)
    )
    return rows(db, statement, ExtensionLine)
