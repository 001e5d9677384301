"""How late something is, and when it will be the next stage.

Source: domain, sections 4 and 5. Nothing here moves anybody up the ladder: listing is only proposed.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from portal.deadlines.instants import end_of, start_of
from portal.deadlines.values import Due
from portal.kernel.workdays import ONE_DAY, Calendar, add_workdays

LISTING_AFTER = 5
"""Working days after the after-due reminder; later than that, a listing is proposed."""


class Stage(StrEnum):
    """How a clock stands."""

    ON_TRACK = "on_track"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    VERY_LATE = "very_late"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Milestones:
    """The instants (UTC) at which something happens to a clock that runs on."""

    soon: datetime
    """The reminder before due; from here the stage is due soon."""
    at: datetime
    """Late from here."""
    after: datetime
    """The reminder of the day after: the local midnight after the due day."""
    listing: datetime
    """From here a listing is proposed."""
    very_late: datetime
    """Late by the original length once more, and from here on by more than that."""

    def stage(self, now: datetime) -> Stage:
        """How a running clock stands at `now`."""
        if now < self.soon:
            return Stage.ON_TRACK
        if now < self.at:
            return Stage.DUE_SOON
        return Stage.VERY_LATE if now >= self.very_late else Stage.OVERDUE

    def next_after(self, now: datetime) -> datetime | None:
        """When to look again; None once everything has happened."""
        later = [at for at in (self.soon, self.at, self.after, self.listing, self.very_late) if at > now]
        return min(later, default=None)


def milestones(due: Due, calendar: Calendar, tz: tzinfo, *, remind_before: int = 2) -> Milestones:
    """The milestones of a due date; `remind_before` in working days.

    The reminder never falls on the starting day itself, or a limit of two days would be amber at birth.
    """
    after = end_of(due.day, tz)
    started = due.steps[0].day or due.day
    remind_on = max(add_workdays(calendar, due.day, -remind_before), started + ONE_DAY)
    return Milestones(
        soon=min(start_of(remind_on, tz), due.at),
        at=due.at,
        after=after,
        listing=end_of(add_workdays(calendar, due.day + ONE_DAY, LISTING_AFTER), tz),
        very_late=due.at + due.length,
    )


def stage(
    due: Due,
    now: datetime,
    calendar: Calendar,
    tz: tzinfo,
    *,
    remind_before: int = 2,
    paused: bool = False,
    stopped: bool = False,
) -> Stage:
    """How a clock stands at `now`; a stopped one is stopped, however late it was."""
    if stopped:
        return Stage.STOPPED
    if paused:
        return Stage.PAUSED
    return milestones(due, calendar, tz, remind_before=remind_before).stage(now)
