"""What the projection of a case holds beside its columns: the shapes of the JSON that `service` writes and pages read.

Codes, ids, names of units, dates (ISO) and numbers only; nobody's words. Moments are in UTC.
"""

from typing import TypedDict


class PublicUnit(TypedDict):
    """A unit as it was called when this was written."""

    id: int
    name: str


class Facts(TypedDict, total=False):
    """`PublishedDetail.facts`."""

    channel: str
    channel_en: str
    first_asked: PublicUnit
    lead: PublicUnit
    supporting: list[PublicUnit]
    reply_by: PublicUnit
    replied_on: str
    is_history: bool
    """Imported: no clock ever ran."""


class PublicClock(TypedDict, total=False):
    """`PublishedDetail.clock`: the case's own limit; empty where none ever ran."""

    amount: int
    unit: str
    started: str
    first_due: str
    """The day first given."""
    due: str
    stopped: str
    """The day it stopped; absent while it runs."""
    paused: bool
    pauses: list[tuple[str, str]]
    extensions: list[tuple[str, str]]
    """Each from which day to which."""
    steps: list[dict[str, str | int]]
    """How the date came about (`portal.deadlines.values.Step.as_dict`)."""
    provisional: bool
    days: list[tuple[str, str]]
    """Working days from the day after the start to the later of due and stopped: (day, `run`, `paused`,
    `extended`, `left` or `over`). A running clock's future days are `run` or `extended`: the page draws them as left."""
    used: int
    limit: int
    """In working days, for limits in working days."""


class PublicEntry(TypedDict, total=False):
    """One line of `PublishedDetail.timeline`, oldest first. `act` is one of `PUBLIC_ACTS`."""

    at: str
    act: str
    unit: PublicUnit
    clock: str
    """`run`, `pause`, `extend` or `stop`, where the act did that."""
    number: str
    """A document number."""
    until: str
    """A day: to be answered by, extended to."""
    count: int
    """Pieces of evidence, askers who joined."""
    tier: str
    kind: str
    """How it was closed, or how it is meant to be."""


class Gate(TypedDict, total=False):
    """One of the three gates in `PublishedDetail.gates`: `solved`, `satisfied`, `mechanism`."""

    met: bool | None
    """None: not yet known."""
    how: str
    """`rating` or an exception of `SatisfactionException`; `outcome` or `not_needed`."""
    count: int
    """Pieces of evidence."""


class Ratings(TypedDict, total=False):
    """`PublishedDetail.ratings`: of the present answer."""

    levels: dict[str, int]
    """Level of the result → how many askers gave it."""
    rated: int
    asked: int
    unit_network: int
    """How many came from the unit's own network."""


PUBLIC_ACTS = (
    "filed",
    "not_accepted",
    "refusal_objection_upheld",
    "assigned",
    "supporting_assigned",
    "accepted",
    "rerouted",
    "part_done",
    "part_waived",
    "part_reopened",
    "tier_changed",
    "due_changed",
    "started",
    "asker_asked",
    "asker_answered",
    "waiting_external",
    "resumed",
    "evidence_added",
    "answered",
    "rated",
    "closed",
    "called_back",
    "reopening_requested",
    "reopened",
    "reopening_refused",
    "merge_received",
    "merge_lost",
    "split_from",
    "extension_approved",
    "overdue",
    "very_late",
    "released",
    "corrected",
    "unpublished",
)
"""Acts of the history that the public may know of; what is not listed stays inside."""
