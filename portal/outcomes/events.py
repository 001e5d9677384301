"""Facts about outcomes; ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OutcomePublished:
    """Everybody can read it from now on."""

    outcome_id: int


@dataclass(frozen=True)
class OutcomeWithdrawn:
    """It was taken away; what stays is that it was, when and why."""

    outcome_id: int
