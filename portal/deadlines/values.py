"""Limits, due dates and the steps that explain them: plain values. How they are found is in `rules`.

Source: domain, section 4.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, get_args

from portal.kernel.errors import Invalid

Unit = Literal["workdays", "days", "hours"]


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take: working days, calendar days, or hours by the clock."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1 or self.unit not in get_args(Unit):
            raise Invalid("limit", amount=self.amount, unit=self.unit)


class StepCode(StrEnum):
    """The kinds of steps that explain a due date, with the fields each fills."""

    START = "start"
    """Begins on `day`, which is day 0."""
    COUNT = "count"
    """`amount` of `unit` are counted."""
    SKIP = "skip"
    """The rest days from `day` to `until` do not count."""
    MAKE_UP = "make_up"
    """`day` is a Saturday or Sunday that is worked: it counts."""
    ROLL = "roll"
    """The limit ended on the rest day `day` and moves to the working day `until`."""
    PAUSE = "pause"
    """The clock stood still from `day` to `until`; `amount` are given back (in seconds without `unit`)."""
    GIVEN = "given"
    """No limit was counted: somebody named the day `day`."""
    EXTEND = "extend"
    """Extended from `day` to `until`."""
    UNKNOWN_YEAR = "unknown_year"
    """The calendar of the year `amount` is not complete: Monday to Friday was assumed."""
    END = "end"
    """Due on `day`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of how a due date was found. The words for it are the web floor's."""

    code: StepCode
    day: date | None = None
    until: date | None = None
    amount: int | None = None
    unit: Unit | None = None

    def as_dict(self) -> dict[str, str | int]:
        """For keeping as JSON; empty fields are left out."""
        values = {
            "code": self.code.value,
            "day": self.day.isoformat() if self.day else None,
            "until": self.until.isoformat() if self.until else None,
            "amount": self.amount,
            "unit": self.unit,
        }
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def from_dict(cls, kept: dict[str, str | int]) -> "Step":
        """The reverse of `as_dict`."""
        day, until = (date.fromisoformat(str(kept[x])) if x in kept else None for x in ("day", "until"))
        amount, unit = kept.get("amount"), kept.get("unit")
        return cls(StepCode(kept["code"]), day, until, amount, unit)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, and how that was found."""

    at: datetime
    """In UTC and exclusive: late from this very instant. For limits in days, the local midnight that
    ends `day`; for hours, the instant itself."""
    day: date
    """The last local day on which it is still in time."""
    steps: tuple[Step, ...]
    provisional: bool
    """A year without a complete calendar was used; to be said wherever the date is shown."""
    length: timedelta
    """From the start to the date first given; pauses and extensions do not change it."""
