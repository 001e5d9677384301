"""The clock of a commitment: it ends with the day that was promised, stands still while somebody checks whether it
is done, and writes to the history when it becomes late."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.commitments.models import Commitment
from portal.commitments.subjects import KIND
from portal.deadlines import service as deadlines
from portal.deadlines.models import Clock
from portal.deadlines.queries import last_clock, live_clock

EVENT = "promise"
REMIND_BEFORE = 5
"""Working days before the day from which it is due soon."""


def start(db: Session, now: datetime, commitment: Commitment) -> None:
    """It was made: the clock runs to its day."""
    deadlines.start_until(db, now, KIND, commitment.id, EVENT, commitment.due_day, REMIND_BEFORE)


def stop(db: Session, now: datetime, commitment: Commitment) -> None:
    """It is said to be done, or its end is decided."""
    clock = running(db, commitment)
    if clock is not None:
        deadlines.stop(db, now, clock)
        db.flush()


def run_on(db: Session, now: datetime, commitment: Commitment) -> None:
    """It was not done after all: the clock has the date it had."""
    deadlines.revive(db, now, KIND, commitment.id, EVENT)
    db.flush()


def move_to(db: Session, now: datetime, commitment: Commitment, day: date) -> None:
    """The date was changed; also while somebody checks whether it is done."""
    clock = last_clock(db, KIND, commitment.id, EVENT)
    if clock is not None:
        deadlines.extend_to(db, now, clock, day)


def running(db: Session, commitment: Commitment) -> Clock | None:
    """The clock, while it runs."""
    return live_clock(db, KIND, commitment.id, EVENT)


def was_late(db: Session, commitment: Commitment) -> bool:
    """Whether the clock was stopped only after the day was over."""
    clock = last_clock(db, KIND, commitment.id, EVENT)
    return clock is not None and clock.stopped_at is not None and clock.stopped_at >= clock.due_at
