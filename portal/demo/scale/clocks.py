"""The clocks of invented cases: due dates by the city's own rules, each computed once per day and limit."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from portal.deadlines.limits import LimitEvent, LimitRow, limit_row
from portal.deadlines.models import Clock
from portal.deadlines.rules import Due, due, milestones
from portal.deadlines.stages import Stage
from portal.demo.scale.course import Course
from portal.kernel.clock import local_date
from portal.kernel.workdays import Calendar
from portal.publishing.service import band
from portal.publishing.values import PublicClock

REMINDED = {Stage.DUE_SOON: "before", Stage.OVERDUE: "after", Stage.VERY_LATE: "after"}
"""Invented people were reminded long ago."""


@dataclass(frozen=True, slots=True)
class Given:
    """A due date as it was given: what its clock keeps of it."""

    found: Due
    row: LimitRow
    steps: list[dict[str, str | int]]
    started: datetime

    @property
    def length(self) -> timedelta:
        return self.found.at - self.started


class Clocks:
    """Makes the rows of clocks, and the bands that the public sees of them."""

    def __init__(self, calendar: Calendar, zone: tzinfo, now: datetime) -> None:
        self.calendar, self.zone, self.now = calendar, zone, now
        self._of_day = lru_cache(maxsize=20_000)(self._count)
        self._drawn = lru_cache(maxsize=20_000)(self._draw)

    def give(
        self,
        event: LimitEvent,
        started: datetime,
        kind: str | None = None,
        party: str | None = None,
        tier: str | None = None,
    ) -> Given:
        """When what began then is due. Limits in days are the same for all that began on one day."""
        row = limit_row(event, kind=kind, party=party, tier=tier)
        found, steps = (
            self._count(row, started)
            if row.limit.unit == "hours"
            else self._of_day(
                row, datetime.combine(local_date(started, self.zone), datetime.min.time(), self.zone)
            )
        )
        return Given(found, row, steps, started)

    def _count(self, row: LimitRow, started: datetime) -> tuple[Due, list[dict[str, str | int]]]:
        found = due(row.limit, started, self.calendar, self.zone)
        return found, [step.as_dict() for step in found.steps]

    def result(self, course: Course, kind: str, party: str) -> Given:
        """The case's own limit."""
        return self.give(LimitEvent.RESULT, course.opened, kind=kind, party=party, tier=course.tier)

    def rows(self, case_id: int, course: Course, result: Given) -> list[dict[str, Any]]:
        """The case's own clock, and that of whoever's turn it is."""
        over = course.answered or course.declined or course.withdrawn
        made = [self._row(case_id, result, over)]
        for event, began, ended in (
            (LimitEvent.SCREENING, course.opened, course.screened),
            (LimitEvent.ACCEPTANCE, course.assigned, course.accepted),
            (LimitEvent.RATING, course.answered, course.closed),
        ):
            if began is not None and (ended is None or event is LimitEvent.RATING):
                made.append(self._row(case_id, self.give(event, began), ended))
        return made

    def _row(self, case_id: int, given: Given, stopped: datetime | None) -> dict[str, Any]:
        found = given.found
        stage, next_at = Stage.STOPPED, None
        if stopped is None:
            stones = milestones(
                replace(found, length=given.length),
                self.calendar,
                self.zone,
                remind_before=given.row.remind_before,
            )
            stage, next_at = stones.stage(self.now), stones.next_after(self.now)
        return {
            "subject_kind": "case",
            "subject_id": case_id,
            "event": given.row.event.value,
            "amount": given.row.limit.amount,
            "unit": given.row.limit.unit,
            "started_at": given.started,
            "due_at": found.at,
            "due_day": found.day,
            "steps": given.steps,
            "provisional": found.provisional,
            "paused_seconds": 0,
            "stopped_at": stopped,
            "stage": stage.value,
            "given": {
                "at": found.at.isoformat(),
                "day": found.day.isoformat(),
                "steps": given.steps,
                "provisional": found.provisional,
                "length": given.length.total_seconds(),
            },
            "pauses": [],
            "extended": 0,
            "remind_before": given.row.remind_before,
            "noted": stage.value if stage in (Stage.OVERDUE, Stage.VERY_LATE) else "",
            "reminded": REMINDED.get(stage, ""),
            "next_at": next_at,
        }

    def shown(self, given: Given, stopped: datetime | None) -> PublicClock:
        """The band of the case's own clock, as the public sees it."""
        started = local_date(given.started, self.zone)
        return self._drawn(given.row, started, stopped and local_date(stopped, self.zone))

    def _draw(self, row: LimitRow, started: date, stopped: date | None) -> PublicClock:
        midnight = datetime.combine(started, datetime.min.time(), self.zone)
        found, steps = self._of_day(row, midnight)
        clock = Clock(
            amount=row.limit.amount,
            unit=row.limit.unit,
            started_at=midnight,
            due_at=found.at,
            due_day=found.day,
            steps=steps,
            provisional=found.provisional,
            pauses=[],
            stopped_at=stopped and datetime.combine(stopped, datetime.min.time(), self.zone),
        )
        return band.drawn(clock, [], self.calendar, self.zone, local_date(self.now, self.zone))
