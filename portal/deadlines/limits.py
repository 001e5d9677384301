"""The table of default limits: how long each thing may take. A city may lay its own rows over it.

Source: domain, section 4. Kinds, parties and tiers are plain words here, because what is about to be late
may be anything; the cases' own lists are in `portal.cases.vocabulary`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.deadlines.values import Limit


class LimitEvent(StrEnum):
    """What has to happen within a limit."""

    SCREENING = "screening"
    """The office screens what was submitted."""
    ACCEPTANCE = "acceptance"
    """The unit accepts or objects."""
    OBJECTION = "objection"
    """The office decides the unit's objection."""
    RESULT = "result"
    """The case is answered; runs from submission."""
    PLAN = "plan"
    """The plan of an escalated case."""
    ASKER_REPLY = "asker_reply"
    """The asker gives more; the case's own clock is paused."""
    EXTERNAL_REPLY = "external_reply"
    """The outside party answers; the case's own clock is paused."""
    RATING = "rating"
    """The rating stays open."""
    REOPENING = "reopening"
    """A person decides whether a case is opened again."""
    REMEDY = "remedy"
    """A bad result is made good."""
    SLIP = "slip"
    """After a live session: the slip goes to the unit."""
    SESSION_PLAN = "session_plan"
    """After a live session: the unit's plan comes back."""
    RIGHT_OF_REPLY = "right_of_reply"
    """A unit answers the draft of a circular about it."""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One row of the table; an empty field means any. `remind_before` is in working days."""

    event: LimitEvent
    limit: Limit
    kind: str | None = None
    party: str | None = None
    tier: str | None = None
    remind_before: int = 2

    @property
    def words(self) -> "Words":
        """What it speaks about; a row of the same words takes its place."""
        return self.event, self.kind, self.party, self.tier

    def fits(self, event: str, kind: str | None, party: str | None, tier: str | None) -> bool:
        """Whether this row speaks about such a thing."""
        return (
            self.event == event
            and self.kind in (None, kind)
            and self.party in (None, party)
            and self.tier in (None, tier)
        )


Words = tuple[LimitEvent, str | None, str | None, str | None]
"""Event, kind, party, tier; None is any."""

_E = LimitEvent
DEFAULT_LIMITS: tuple[LimitRow, ...] = (
    LimitRow(_E.SCREENING, Limit(1, "workdays")),
    LimitRow(_E.ACCEPTANCE, Limit(1, "workdays")),
    LimitRow(_E.OBJECTION, Limit(1, "workdays")),
    LimitRow(_E.RESULT, Limit(15, "days"), tier="escalated", remind_before=5),
    LimitRow(_E.RESULT, Limit(2, "workdays"), kind="enquiry", party="company"),
    LimitRow(_E.RESULT, Limit(4, "workdays"), party="company"),
    LimitRow(_E.RESULT, Limit(3, "workdays"), kind="enquiry"),
    LimitRow(_E.RESULT, Limit(10, "workdays"), kind="suggestion", remind_before=3),
    LimitRow(_E.RESULT, Limit(10, "workdays"), kind="help", remind_before=3),
    LimitRow(_E.RESULT, Limit(15, "workdays"), kind="complaint", remind_before=5),
    LimitRow(_E.RESULT, Limit(15, "workdays"), kind="report", remind_before=5),
    LimitRow(_E.PLAN, Limit(48, "hours")),
    LimitRow(_E.ASKER_REPLY, Limit(5, "days")),
    LimitRow(_E.EXTERNAL_REPLY, Limit(14, "days")),
    LimitRow(_E.RATING, Limit(14, "days")),
    LimitRow(_E.REOPENING, Limit(1, "workdays")),
    LimitRow(_E.REMEDY, Limit(15, "workdays"), remind_before=5),
    LimitRow(_E.SLIP, Limit(3, "workdays")),
    LimitRow(_E.SESSION_PLAN, Limit(5, "workdays")),
    LimitRow(_E.RIGHT_OF_REPLY, Limit(3, "workdays")),
)
"""The first row that fits counts: the escalated tier goes before the party, the party before the kind."""


def in_force(own: Mapping[Words, LimitRow | None]) -> tuple[LimitRow, ...]:
    """The defaults with a city's own rows in their places (None: the default stands), and those without a
    default among them by the same order: what says more goes first."""
    defaults = {row.words: row for row in DEFAULT_LIMITS}
    rows = defaults | {words: row for words, row in own.items() if row is not None}
    return tuple(
        sorted(rows.values(), key=lambda row: (row.tier is None, row.party is None, row.kind is None))
    )


def limit_row(
    event: str,
    *,
    kind: str | None = None,
    party: str | None = None,
    tier: str | None = None,
    table: Iterable[LimitRow] = DEFAULT_LIMITS,
) -> LimitRow:
    """The row that counts; `in_force` puts a city's own rows into the table.

    Raises LookupError when no row fits: a mistake of the caller, not of a user.
    """
    for row in table:
        if row.fits(event, kind, party, tier):
            return row
    raise LookupError(f"no limit for {event} of kind {kind}")


def limit_for(
    event: str,
    *,
    kind: str | None = None,
    party: str | None = None,
    tier: str | None = None,
    table: Iterable[LimitRow] = DEFAULT_LIMITS,
) -> Limit:
    """The limit of the row that counts."""
    return limit_row(event, kind=kind, party=party, tier=tier, table=table).limit
