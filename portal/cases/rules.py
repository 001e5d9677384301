"""The rules at the turns of a case: objections, the first-asked unit, replies, closing. Pure.

The table of moves is in `workflow`. Source: domain, section 3.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from portal.cases.vocabulary import ClosingKind, PartState, Rating, SatisfactionException, Tier
from portal.kernel.errors import Refused


class Decider(StrEnum):
    """Who decides a unit's objection."""

    OFFICE = "office"
    PARENT = "parent"
    HEAD_OF_OFFICE = "head_of_office"


BOUNCES_BEFORE_PARENT = 2


def bounce_decider(bounces: int, *, parent_can_decide: bool) -> Decider:
    """Who decides the next objection, so that no case is passed to and fro (domain: first-asked rule).

    `bounces`: objections upheld so far, each of which sent the case on to another unit.
    `parent_can_decide`: the objecting unit has a parent, and the appeal does not complain about it.
    """
    if bounces < BOUNCES_BEFORE_PARENT:
        return Decider.OFFICE
    return Decider.PARENT if parent_can_decide else Decider.HEAD_OF_OFFICE


def check_objection(reason: str | None, unit: int, proposed_unit: int | None) -> None:
    """An objection needs a reason and proposes a unit, other than the objecting one."""
    if not (reason or "").strip():
        raise Refused("reason_required")
    if proposed_unit is None or proposed_unit == unit:
        raise Refused("proposed_unit_required")


def first_asked(lead_units: Iterable[int], *, concerned: Collection[int] = ()) -> int | None:
    """The unit that stays answerable until closure, whatever is re-routed.

    `lead_units`: units that were ever asked to lead, oldest first. A unit the appeal complains about
    is passed over: it may not see the case (domain: conflict of interest).
    """
    return next((unit for unit in lead_units if unit not in concerned), None)


def joint_lead(first_asked_unit: int | None, decided: int | None = None) -> int | None:
    """Who leads a joint case: the first-asked unit, unless the office decided otherwise."""
    return first_asked_unit if decided is None else decided


class ReplyLack(StrEnum):
    """What a reply must have before it goes out, and has not."""

    TEXT = "text"
    WAY_OR_GROUND = "way_or_ground"


def reply_lacks(tier: Tier, text: str, *, way_forward: bool, legal_ground: bool) -> tuple[ReplyLack, ...]:
    """An escalated case gets no bare "cannot": a way forward, or the legal ground."""
    lacks = []
    if not text.strip():
        lacks.append(ReplyLack.TEXT)
    if tier is Tier.ESCALATED and not (way_forward or legal_ground):
        lacks.append(ReplyLack.WAY_OR_GROUND)
    return tuple(lacks)


class Gate(StrEnum):
    """What stands between a case and its closure."""

    SOLVED = "solved"
    """Evidence that it is solved."""
    SATISFIED = "satisfied"
    """A rating that is not dissatisfied, or an exception on record."""
    MECHANISM = "mechanism"
    """An outcome is linked, or it is said why none is needed."""
    PARTS = "parts"
    """Each part of a joint case is done, or waived with a reason."""
    RATING_WINDOW = "rating_window"
    """The asker has rated, or the window is over."""
    LEGAL_GROUND = "legal_ground"
    """An explanation names its ground."""
    HANDOVER_RECEIPT = "handover_receipt"
    """The unit or court it was handed to has confirmed."""


@dataclass(frozen=True, slots=True)
class Part:
    """A supporting unit's part, as the closing rule sees it."""

    state: PartState
    reason: str = ""

    @property
    def is_settled(self) -> bool:
        """Done, or waived and said why."""
        return self.state is PartState.DONE or (self.state is PartState.WAIVED and bool(self.reason.strip()))


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """What is known about a case when somebody wants to close it."""

    kind: ClosingKind
    evidence: int = 0
    """Pieces of evidence with the reply."""
    rating: Rating | None = None
    """The newest rating of the newest reply."""
    exception: SatisfactionException | None = None
    rating_window_over: bool = False
    outcomes: int = 0
    """Outcomes linked."""
    not_needed_because: str = ""
    """Why no mechanism has to change."""
    legal_ground: str = ""
    handover_receipt: str = ""
    parts: tuple[Part, ...] = ()


def closing_gate(facts: ClosingFacts) -> tuple[Gate, ...]:
    """The gates that are not met, in the order of the enum; empty: the case may close.

    The three gates (三个不放过) hold for the kind solved; parts of a joint case for every kind;
    nobody is waited for who cannot be reached.
    """
    met = {
        Gate.SOLVED: facts.evidence > 0,
        Gate.SATISFIED: _is_satisfied(facts),
        Gate.MECHANISM: facts.outcomes > 0 or bool(facts.not_needed_because.strip()),
        Gate.PARTS: all(part.is_settled for part in facts.parts),
        Gate.RATING_WINDOW: _is_rating_settled(facts),
        Gate.LEGAL_GROUND: bool(facts.legal_ground.strip()),
        Gate.HANDOVER_RECEIPT: bool(facts.handover_receipt.strip()),
    }
    return tuple(gate for gate in Gate if gate in GATES_OF[facts.kind] and not met[gate])


GATES_OF: Mapping[ClosingKind, frozenset[Gate]] = MappingProxyType(
    {
        ClosingKind.SOLVED: frozenset({Gate.SOLVED, Gate.SATISFIED, Gate.MECHANISM, Gate.PARTS}),
        ClosingKind.EXPLAINED: frozenset({Gate.LEGAL_GROUND, Gate.PARTS, Gate.RATING_WINDOW}),
        ClosingKind.NOT_OURS: frozenset({Gate.HANDOVER_RECEIPT, Gate.PARTS, Gate.RATING_WINDOW}),
        ClosingKind.UNREACHABLE: frozenset({Gate.PARTS}),
    }
)


def _is_satisfied(facts: ClosingFacts) -> bool:
    if facts.rating is not None and not facts.rating.is_dissatisfied:
        return True
    if facts.exception is SatisfactionException.NOT_RATED:
        return facts.rating is None and facts.rating_window_over
    return facts.exception is not None


def _is_rating_settled(facts: ClosingFacts) -> bool:
    return facts.rating is not None or facts.rating_window_over or facts.exception is not None
