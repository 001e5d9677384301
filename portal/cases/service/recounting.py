"""Counting the dates of all cases anew, when the calendar says otherwise than it did: looked at first, then one
visible act with its reason. Only the cases' own limits; those of single turns are a day or two and stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.service import clocks
from portal.cases.service.moves import load, note_act
from portal.cases.subjects import about
from portal.cases.vocabulary import Act
from portal.deadlines import service as deadlines
from portal.deadlines.models import Clock, Recount
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.identity.service import note
from portal.kernel.errors import Conflict, Invalid, Refused
from portal.kernel.words import N_

AT_ONCE = 50
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Move:
    """A date that would be another."""

    case_id: int
    ref: str
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """What counting anew would do."""

    moves: tuple[Move, ...]
    settled: int
    """Dates that stay and are provisional no more."""
    case_ids: tuple[int, ...]
    """Everything that has to be counted, also what the actor may not know of."""

    @property
    def mark(self) -> str:
        """Tells this forecast from another: what is confirmed must be what was shown."""
        shown = ";".join(f"{move.case_id}:{move.after}" for move in self.moves)
        return sha256(f"{self.settled};{shown}".encode()).hexdigest()[:32]


def forecast(db: Session, actor: Actor) -> Forecast:
    """Every running date of a case that the calendar gives otherwise now. Cases that complain about the actor are
    counted with the others and not told."""
    require(actor, "calendar.manage")
    hidden = set(db.scalars(about(actor)))
    running = select(Clock, Case.ref).join(Case, Case.id == Clock.subject_id).where(*_counted())
    moves, case_ids, settled = [], [], 0
    for clock, ref in db.execute(running.order_by(Clock.due_at, Clock.id)):
        found = deadlines.would_be(db, clock)
        if (found.at, found.provisional) == (clock.due_at, clock.provisional):
            continue
        case_ids.append(clock.subject_id)
        if clock.subject_id in hidden:
            continue
        if found.at == clock.due_at:
            settled += 1
        else:
            moves.append(Move(clock.subject_id, ref, clock.due_day, found.day))
    return Forecast(tuple(moves), settled, tuple(case_ids))


def _counted() -> tuple[ColumnElement[bool], ...]:
    return (
        Clock.subject_kind == clocks.KIND,
        Clock.event.in_(clocks.OWN),
        Clock.stopped_at.is_(None),
        Clock.extended == 0,
    )


def begin_recount(db: Session, now: datetime, actor: Actor, reason: str, mark: str) -> tuple[int, list[int]]:
    """Note that and why dates are counted anew; the cases to be handed to `count_anew`, some at a time. Refused
    when it would not do what was shown."""
    found = forecast(db, actor)
    if not reason.strip():
        raise Invalid(
            "no_reason", N_("Give the reason: it is written to the history of each case."), field="reason"
        )
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid(
            "too_long", N_("Please use at most %(max)d characters."), field="reason", max=LONGEST_REASON
        )
    if found.mark != mark:
        raise Conflict(
            "forecast_changed", N_("What would move has changed meanwhile. Please look at it again.")
        )
    if not found.moves and not found.settled:
        raise Refused(
            "nothing_to_count", N_("Every date is what the calendar gives: there is nothing to count.")
        )
    row = Recount(made_at=now, made_by_id=actor.person_id, reason=reason.strip())
    db.add(row)
    db.flush()
    note(db, now, actor, "dates.counted", "calendar", None, part_id=row.id)
    return row.id, list(found.case_ids)


def count_anew(
    db: Session, now: datetime, actor: Actor, recount_id: int, case_ids: Sequence[int]
) -> set[int]:
    """Count the dates of some cases; each that moves is told in its history. Returns those that moved."""
    require(actor, "calendar.manage")
    reason = db.get_one(Recount, recount_id).reason
    return {case_id for case_id in case_ids if _count(db, now, actor, case_id, reason)}


def _count(db: Session, now: datetime, actor: Actor, case_id: int, reason: str) -> bool:
    case = load(db, case_id)
    clock = clocks.own_clock(db, case)
    before = clock.due_day if clock else None
    if clock is None or not clocks.count_again(db, now, case):
        return False
    days: dict[str, Any] = {"before": str(before), "after": str(clock.due_day)}
    note_act(db, now, actor, case, Act.DUE_CHANGED, reason=reason, **days)
    return True
