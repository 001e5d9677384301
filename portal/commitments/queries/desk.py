"""The desk's list of commitments: views that stand ready, their counts, one page of rows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from portal.commitments.models import (
    Commitment,
    CommitmentFollowUp,
    CommitmentProposal,
    CommitmentText,
)
from portal.commitments.service.clocks import EVENT
from portal.commitments.subjects import KIND, visible
from portal.commitments.workflow import CommitmentState
from portal.deadlines.models import Clock
from portal.identity.actors import Actor
from portal.identity.models import Person, Unit

PAGE = 25
VIEWS = ("decide", "mine", "unit", "overdue", "due_soon", "open", "proposed", "ended")
_OPEN = [state.value for state in CommitmentState if state.is_open]
_ENDED = [state.value for state in CommitmentState if state.is_ended]


@dataclass(frozen=True, slots=True)
class CommitmentHead:
    """A commitment as the desk shows it, in a line or on top of its page."""

    id: int
    ref: str
    version: int
    state: str
    unit_id: int
    unit: str
    person_id: int
    person: str
    what: str
    how: str
    due_day: date
    first_due_day: date
    made_on: date
    made_at: datetime
    made_by_id: int | None
    made_by: str
    agreed_by: str
    said_live: bool
    source_kind: str
    source_id: int
    stage: str | None
    """How its clock stands; none where none runs."""


_writer, _second = aliased(Person), aliased(Person)
_HEAD = (
    select(
        Commitment.id,
        Commitment.ref,
        Commitment.version,
        Commitment.state,
        Commitment.unit_id,
        Unit.name.label("unit"),
        Commitment.person_id,
        Person.name.label("person"),
        CommitmentText.what,
        CommitmentText.how,
        Commitment.due_day,
        Commitment.first_due_day,
        Commitment.made_on,
        Commitment.made_at,
        Commitment.made_by_id,
        func.coalesce(_writer.name, "").label("made_by"),
        func.coalesce(_second.name, "").label("agreed_by"),
        Commitment.said_live,
        Commitment.source_kind,
        Commitment.source_id,
        Clock.stage,
    )
    .join(Unit, Unit.id == Commitment.unit_id)
    .join(Person, Person.id == Commitment.person_id)
    .join(
        CommitmentText,
        and_(CommitmentText.commitment_id == Commitment.id, CommitmentText.number == Commitment.text_number),
    )
    .outerjoin(_writer, _writer.id == Commitment.made_by_id)
    .outerjoin(_second, _second.id == Commitment.agreed_by_id)
    .outerjoin(
        Clock,
        and_(
            Clock.subject_kind == KIND,
            Clock.subject_id == Commitment.id,
            Clock.event == EVENT,
            Clock.stopped_at.is_(None),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Lines:
    """One page of a view; `after` leads to the next."""

    rows: tuple[CommitmentHead, ...]
    after: str | None


def head(db: Session, actor: Actor, ref: str) -> CommitmentHead | None:
    """The commitment with this reference, if the actor may know of it."""
    row = db.execute(_HEAD.where(Commitment.ref == ref, visible(actor))).first()
    return CommitmentHead(**row._mapping) if row else None


def lines(db: Session, now: datetime, actor: Actor, view: str, after: tuple[date, int] | None) -> Lines:
    """A page of a view, by day."""
    statement: Select[*tuple[Any, ...]] = _HEAD.where(visible(actor), _view(view, now, actor))
    if after is not None:
        statement = statement.where(tuple_(Commitment.due_day, Commitment.id) > after)
    found = db.execute(statement.order_by(Commitment.due_day, Commitment.id).limit(PAGE + 1)).all()
    rows = tuple(CommitmentHead(**row._mapping) for row in found[:PAGE])
    more = f"{rows[-1].due_day.isoformat()}.{rows[-1].id}" if len(found) > PAGE else None
    return Lines(rows, more)


def counts(db: Session, now: datetime, actor: Actor) -> dict[str, int]:
    """How many each view holds, in one statement."""
    each = [
        select(func.count())
        .select_from(Commitment)
        .where(visible(actor), _view(view, now, actor))
        .scalar_subquery()
        .label(view)
        for view in VIEWS
    ]
    return {name: int(value) for name, value in db.execute(select(*each)).one()._mapping.items()}


def _view(view: str, now: datetime, actor: Actor) -> ColumnElement[bool]:
    match view:
        case "decide":
            return _to_decide(actor)
        case "mine":
            return and_(Commitment.person_id == actor.person_id, Commitment.state.in_(_OPEN))
        case "unit":
            mine = Commitment.unit_id.in_(sorted(actor.unit_ids)) if actor.unit_ids else false()
            return and_(mine, Commitment.state.in_(_OPEN))
        case "overdue":
            return _clock(Clock.due_at <= now)
        case "due_soon":
            return _clock(Clock.stage == "due_soon", Clock.due_at > now)
        case "proposed":
            return Commitment.state == CommitmentState.PROPOSED
        case "ended":
            return Commitment.state.in_(_ENDED)
    return Commitment.state.in_(_OPEN)


def _clock(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    running = (Clock.subject_kind == KIND, Clock.event == EVENT, Clock.stopped_at.is_(None))
    return Commitment.id.in_(select(Clock.subject_id).where(*running, *conditions))


def _to_decide(actor: Actor) -> ColumnElement[bool]:
    """What waits for a second person who is not the first."""
    if not actor.has("commitment.publish"):
        return false()
    me = actor.person_id
    report = exists().where(
        CommitmentFollowUp.commitment_id == Commitment.id,
        CommitmentFollowUp.decided_at.is_(None),
        CommitmentFollowUp.made_by_id != me,
    )
    proposal = exists().where(
        CommitmentProposal.commitment_id == Commitment.id,
        CommitmentProposal.decided_at.is_(None),
        CommitmentProposal.proposed_by_id != me,
    )
    fresh = and_(
        Commitment.state == CommitmentState.PROPOSED,
        or_(Commitment.made_by_id.is_(None), Commitment.made_by_id != me),
    )
    return or_(fresh, report, proposal)
