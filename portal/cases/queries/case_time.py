"""The time of one case: its clocks with how they were computed, and its history."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from portal.cases.history import HistoryEntry
from portal.cases.queries.rows import name, rows
from portal.cases.texts import Note
from portal.cases.workflow import CaseState, ClockEffect, check
from portal.deadlines.models import Clock
from portal.deadlines.values import Step
from portal.identity.models import Person, Unit
from portal.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock of the case with the steps that explain its date."""

    event: str
    amount: int
    unit: str
    started_at: datetime
    due_at: datetime
    due_day: date
    steps: tuple[Step, ...]
    provisional: bool
    paused_at: datetime | None
    stopped_at: datetime | None
    stage: str
    pauses: tuple[tuple[datetime, datetime], ...]
    extended: bool

    @property
    def in_time(self) -> bool:
        """For a stopped clock: whether it stopped before it was due."""
        return self.stopped_at is not None and self.stopped_at < self.due_at


def clocks(db: Session, case_id: int) -> list[ClockLine]:
    """Every clock of a case, newest first."""
    found = db.scalars(
        select(Clock)
        .where(Clock.subject_kind == "case", Clock.subject_id == case_id)
        .order_by(Clock.id.desc())
    )
    return [
        ClockLine(
            row.event,
            row.amount,
            row.unit,
            row.started_at,
            row.due_at,
            row.due_day,
            tuple(Step.from_dict(step) for step in row.steps),
            row.provisional,
            row.paused_at,
            row.stopped_at,
            row.stage,
            tuple((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in row.pauses),
            row.extended > 0,
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act of the history with its reason, as the staff may read it."""

    id: int
    at: datetime
    act: str
    source: str | None
    target: str | None
    actor_kind: str
    who: str
    unit_id: int | None
    unit: str
    reason_code: str | None
    note: str
    for_asker: bool
    details: dict[str, Any]

    @property
    def clock(self) -> str | None:
        """What it did to the case's clock: `run`, `pause`, `extend` or `stop`."""
        if self.act == "filed":
            return "run"
        if self.act == "extension_approved":
            return "extend"
        if self.source is None or self.target is None:
            return None
        try:
            move = check(CaseState(self.source), CaseState(self.target))
        except Refused:
            return None
        return _BAND.get(move.clock)

    @property
    def mark(self) -> str | None:
        """How the time line marks it."""
        if self.act in ("overdue", "very_late"):
            return "late"
        return "key" if self.source != self.target and self.target else None


_BAND = {
    ClockEffect.PAUSE: "pause",
    ClockEffect.RESUME: "run",
    ClockEffect.STOP: "stop",
    ClockEffect.REVIVE: "run",
    ClockEffect.REMEDY: "run",
}


def history(db: Session, case_id: int, *, after: int = 0) -> list[HistoryLine]:
    """What was done to a case, oldest first; `after`: only what came later than this entry."""
    statement = (
        select(
            HistoryEntry.id,
            HistoryEntry.at,
            HistoryEntry.act,
            HistoryEntry.source,
            HistoryEntry.target,
            HistoryEntry.actor_kind,
            name(Person.name).label("who"),
            HistoryEntry.unit_id,
            name(Unit.short_name).label("unit"),
            HistoryEntry.reason_code,
            name(Note.body).label("note"),
            func.coalesce(Note.for_asker, false()).label("for_asker"),
            HistoryEntry.details,
        )
        .outerjoin(Person, Person.id == HistoryEntry.actor_id)
        .outerjoin(Unit, Unit.id == HistoryEntry.unit_id)
        .outerjoin(Note, Note.id == HistoryEntry.note_id)
        .where(HistoryEntry.case_id == case_id, HistoryEntry.id > after)
        .order_by(HistoryEntry.id)
    )
    return rows(db, statement, HistoryLine)


def last_entry(db: Session, case_id: int) -> int:
    """The number of the newest entry of a case's history."""
    return db.scalar(select(func.max(HistoryEntry.id)).where(HistoryEntry.case_id == case_id)) or 0
