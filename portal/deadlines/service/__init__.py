"""Use cases of the clock: what a clock does, and the tables it counts by."""

from portal.deadlines.queries import load_calendar
from portal.deadlines.service.calendar import load_year, set_own_day
from portal.deadlines.service.clocks import (
    count_again,
    due_of,
    extend_to,
    is_anything_due,
    pause,
    recount,
    resume,
    revive,
    start,
    start_until,
    stop,
    sweep,
    would_be,
)
from portal.deadlines.service.limits import set_limit

__all__ = [
    "count_again",
    "due_of",
    "extend_to",
    "is_anything_due",
    "load_calendar",
    "load_year",
    "pause",
    "recount",
    "resume",
    "revive",
    "set_limit",
    "set_own_day",
    "start",
    "start_until",
    "stop",
    "sweep",
    "would_be",
]
