"""What a worklist filter means in the database. Reach and conflicts come on top; whose turn it is, in `turns`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.cases.models import (
    Appeal,
    Assignment,
    Case,
    CaseLink,
    Category,
    Channel,
)
from portal.cases.queries.choices import Choices
from portal.cases.queries.filters import ANY, ENDED, EXTENSION_ASKED, OPEN, REFUSAL_OBJECTED, Filter
from portal.cases.queries.turns import OPEN_STATES, extension_asked, my_turn, refusal_objected
from portal.cases.workflow import CaseState
from portal.deadlines.limits import LimitEvent
from portal.deadlines.models import Clock
from portal.identity.actors import Actor
from portal.kernel import search
from portal.kernel.series import CASE, RECEIPT

SEARCH_INDEX = "case"

ENDED_STATES = tuple(state for state in CaseState if state.is_ended)
_OWN_EVENTS = (LimitEvent.RESULT, LimitEvent.REMEDY)
STAFF_EVENTS = (
    LimitEvent.SCREENING,
    LimitEvent.ACCEPTANCE,
    LimitEvent.OBJECTION,
    LimitEvent.REOPENING,
)
"""Limits for an act of the staff while the case's own limit runs beside."""

own_clock = aliased(Clock, name="own_clock")
turn_clock = aliased(Clock, name="turn_clock")


def _runs(clock: Any) -> ColumnElement[bool]:
    return and_(clock.subject_kind == "case", clock.subject_id == Case.id, clock.stopped_at.is_(None))


ON_OWN = and_(_runs(own_clock), own_clock.event.in_(_OWN_EVENTS))
ON_TURN = and_(_runs(turn_clock), turn_clock.event.notin_((*_OWN_EVENTS, LimitEvent.PLAN)))

_turn_due = case((turn_clock.event.in_(STAFF_EVENTS), turn_clock.due_at))
TURN_COUNTS = and_(
    turn_clock.event.in_(STAFF_EVENTS),
    or_(Case.due_at.is_(None), turn_clock.due_at < Case.due_at),
)
"""The limit for the next act ends before the case's own."""
DUE_AT = case((TURN_COUNTS, turn_clock.due_at), else_=Case.due_at)
DUE_DAY = case((TURN_COUNTS, turn_clock.due_day), else_=Case.due_day)
STAGE = case((TURN_COUNTS, turn_clock.stage), else_=own_clock.stage)


@dataclass(frozen=True)
class Seen:
    """Who looks, when, and where the city is."""

    actor: Actor
    now: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The moment a local day begins."""
        return datetime.combine(day, time.min, self.zone)


def conditions(db: Session, seen: Seen, wanted: Filter, lists: Choices) -> Iterator[ColumnElement[bool]]:
    """The conditions of a filter, on `Case` alone."""
    yield from _by_state(wanted)
    yield from _by_codes(wanted, lists)
    yield from _by_handler(seen, wanted)
    yield from _by_time(seen, wanted)
    if wanted.q:
        yield found_by_words(db, wanted.q)
    elif not wanted.channel:
        # History waits for nobody: it is found by search, and by the channel it came through.
        yield Case.is_history.is_(False)


def _by_state(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    state = wanted.state_in_force
    if state == OPEN:
        yield Case.state.in_(OPEN_STATES)
    elif state == ENDED:
        yield Case.state.in_(ENDED_STATES)
    elif state == REFUSAL_OBJECTED:
        yield refusal_objected()
    elif state == EXTENSION_ASKED:
        yield extension_asked()
    elif state != ANY:
        yield Case.state == state


def _by_codes(wanted: Filter, lists: Choices) -> Iterator[ColumnElement[bool]]:
    if wanted.unit:
        units = lists.units_below(wanted.unit)
        part = select(Assignment.case_id).where(Assignment.unit_id.in_(units), Assignment.ended_at.is_(None))
        yield or_(Case.lead_unit_id.in_(units), Case.id.in_(part)) if units else false()
    if wanted.area:
        yield Case.area_id.in_(lists.areas_below(wanted.area))
    if wanted.category:
        yield Case.category_id.in_(select(Category.id).where(Category.code == wanted.category))
    if wanted.channel:
        yield Case.channel_id.in_(select(Channel.id).where(Channel.code == wanted.channel))
    if wanted.tier:
        yield Case.tier == wanted.tier
    if wanted.kind:
        yield Case.kind == wanted.kind


def _by_handler(seen: Seen, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.handler == "me":
        yield Case.handler_id == seen.actor.person_id
    elif wanted.handler == "nobody":
        yield Case.handler_id.is_(None)
    elif wanted.handler:
        yield Case.handler_id == int(wanted.handler)
    if wanted.mine:
        yield my_turn(seen.actor)


def _by_time(seen: Seen, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.stage == "overdue":
        yield overdue(seen.now)
    elif wanted.stage == "due_soon":
        yield and_(
            Case.id.in_(_with_clock(Clock.stage == "due_soon", Clock.due_at > seen.now)), ~overdue(seen.now)
        )
    if wanted.received_from:
        yield Case.opened_at >= seen.midnight(wanted.received_from)
    if wanted.received_to:
        yield Case.opened_at < seen.midnight(wanted.received_to + timedelta(days=1))


def overdue(now: datetime) -> ColumnElement[bool]:
    """The case's own limit is over, or that for the next act of the staff. Needs no clock joined."""
    late = _with_clock(Clock.event.in_(STAFF_EVENTS), Clock.due_at <= now)
    return or_(func.coalesce(Case.due_at <= now, false()), Case.id.in_(late))


def _with_clock(*conditions: ColumnElement[bool]) -> Select[int]:
    """Cases with a running clock of the staff's, or of their own."""
    return select(Clock.subject_id).where(
        Clock.subject_kind == "case",
        Clock.stopped_at.is_(None),
        Clock.paused_at.is_(None),
        Clock.event.in_((*_OWN_EVENTS, *STAFF_EVENTS)),
        *conditions,
    )


def found_by_words(db: Session, words: str) -> ColumnElement[bool]:
    """Cases with these words, this reference or this receipt number."""
    number = CASE.same(words) or RECEIPT.same(words) or "".join(words.split()).upper()
    receipt = (
        select(CaseLink.case_id)
        .join(Appeal, Appeal.id == CaseLink.appeal_id)
        .where(Appeal.receipt == number, CaseLink.ended_at.is_(None))
    )
    exact = or_(Case.ref == number, Case.id.in_(receipt))
    matching = search.matching(SEARCH_INDEX, words, db.get_bind().dialect.name)
    return exact if matching is None else or_(exact, Case.id.in_(matching))


def with_clocks(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The statement with the clocks joined that due dates and stages are taken from."""
    return statement.outerjoin(own_clock, ON_OWN).outerjoin(turn_clock, ON_TURN)


def capped(conditions: Sequence[ColumnElement[bool]], most: int) -> Any:
    """A scalar subquery that counts cases up to `most` + 1."""
    rows = select(Case.id).where(*conditions).limit(most + 1).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()
