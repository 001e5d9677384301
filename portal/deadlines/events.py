"""Facts about clocks; ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BecameLate:
    """A running clock passed its due date (`overdue`), or did so by more than its length (`very_late`)."""

    clock_id: int
    subject_kind: str
    subject_id: int
    event: str
    stage: str


@dataclass(frozen=True)
class ReminderDue:
    """The first rung of the ladder (domain, section 5): some working days `before` a clock is due, or the day
    `after` it was."""

    clock_id: int
    subject_kind: str
    subject_id: int
    event: str
    when: str
