"""What a reader may ask of the published commitments, as plain values. Pure.

A value that cannot be right becomes the default: an address that somebody changed by hand shows a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

OPEN: Final = "open"
STATES: Final = (OPEN, "kept", "kept_late", "partly_kept", "broken", "released")
OVERDUE: Final = "overdue"
SOON: Final = "soon"
DUES: Final = (OVERDUE, SOON)
SOON_DAYS: Final = 7
PAGE: Final = 20
_LONGEST_SLUG: Final = 80


@dataclass(frozen=True, slots=True)
class CommitmentFilter:
    """What was asked for; empty: all of them. Asked by day, they come in the order of their days."""

    unit: str = ""
    state: str = ""
    due: str = ""
    after: tuple[int, int] | None = None
    """Where the page before ended: (day as a number or 0, number of the row)."""

    def address(self) -> dict[str, str]:
        """The parameters of this list's address, without defaults."""
        found = {name: getattr(self, name) for name in ("unit", "state", "due")}
        if self.after:
            found["after"] = f"{self.after[0]}-{self.after[1]}"
        return {name: value for name, value in found.items() if value}

    def chosen(self) -> tuple[str, ...]:
        """What narrows the list."""
        return tuple(name for name in ("unit", "state", "due") if getattr(self, name))

    def without(self, name: str) -> "CommitmentFilter":
        """The same list without one of its conditions, from its beginning."""
        return replace(self, after=None, **{name: ""})


def parse(asked: Mapping[str, str]) -> CommitmentFilter:
    """The filter an address asks for. What is due runs, so a state beside it says nothing."""
    due = _one_of(DUES, asked.get("due"))
    return CommitmentFilter(
        unit=_slug(asked.get("unit")),
        state="" if due else _one_of(STATES, asked.get("state")),
        due=due,
        after=_after(asked.get("after"), bool(due)),
    )


def _one_of(known: tuple[str, ...], value: str | None) -> str:
    return value if value in known else ""


def _slug(value: str | None) -> str:
    plain = (value or "").strip().lower()
    fits = (
        len(plain) <= _LONGEST_SLUG and plain.isascii() and plain.replace("-", "").replace("_", "").isalnum()
    )
    return plain if fits else ""


def _after(value: str | None, by_day: bool) -> tuple[int, int] | None:
    day, _dash, number = (value or "")[:40].partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 16 for part in (day, number)):
        return None
    fits = date.min.toordinal() <= int(day) <= date.max.toordinal() if by_day else int(day) == 0
    return (int(day), int(number)) if fits else None
