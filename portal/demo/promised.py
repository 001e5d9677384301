"""What stands in `commitments.toml`: who promised what in which case, and what came of it.

Days count from the day of loading: `made` and `days_ago` before it, `due` after it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoReport:
    """A follow-up; a caption makes a drawn picture."""

    days_ago: int
    text: str
    before: str = ""
    after: str = ""
    paper: str = ""
    shown: bool = True
    """False: it waits for a second person."""


@dataclass(frozen=True, slots=True)
class DemoChange:
    """Another day, with the reason that everybody reads."""

    days_ago: int
    due: int
    reason: str
    agreed: bool = True


@dataclass(frozen=True, slots=True)
class DemoEnd:
    """How it ended, or what waits to be decided. `by`: `unit` or `office`."""

    days_ago: int
    wish: str
    reason: str
    by: str = "unit"
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class DemoCommitment:
    """A promise for a case; one per case here."""

    case: str
    made: int
    due: int
    what: str
    how: str
    unit: str = ""
    """Empty: the one that leads the case."""
    agreed: bool = True
    dropped: str = ""
    follow_ups: tuple[DemoReport, ...] = ()
    change: DemoChange | None = None
    end: DemoEnd | None = None
