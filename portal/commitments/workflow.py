"""The life of a commitment as data: its states and the moves between them, and who may propose and decide its end.

Pure. Every change of state goes through `check`. "Overdue" is no state: it is derived from the clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from portal.kernel.errors import Refused
from portal.kernel.words import N_


class CommitmentState(StrEnum):
    """Where a commitment stands."""

    PROPOSED = "proposed"
    """Written by one person; nobody outside reads it before a second one agrees."""
    DROPPED = "dropped"
    """Not agreed to: it was never made."""
    MADE = "made"
    IN_PROGRESS = "in_progress"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"
    RELEASED = "released"
    """The promise was taken back, with a published reason."""

    @property
    def is_open(self) -> bool:
        """It is promised, and its end is not decided."""
        return self in (CommitmentState.MADE, CommitmentState.IN_PROGRESS)

    @property
    def is_public(self) -> bool:
        """Everybody reads it."""
        return self not in (CommitmentState.PROPOSED, CommitmentState.DROPPED)

    @property
    def is_ended(self) -> bool:
        """Its end was decided."""
        return self.is_public and not self.is_open


class Act(StrEnum):
    """What stands in the history of a commitment."""

    PROPOSED = "proposed"
    DROPPED = "dropped"
    MADE = "made"
    FOLLOWED_UP = "followed_up"
    FOLLOW_UP_SHOWN = "follow_up_shown"
    FOLLOW_UP_DECLINED = "follow_up_declined"
    FOLLOW_UP_ERASED = "follow_up_erased"
    CHANGE_PROPOSED = "change_proposed"
    CHANGE_AGREED = "change_agreed"
    CHANGE_REFUSED = "change_refused"
    END_PROPOSED = "end_proposed"
    END_REFUSED = "end_refused"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"
    RELEASED = "released"
    OVERDUE = "overdue"
    VERY_LATE = "very_late"


class DropReason(StrEnum):
    """Why what was proposed is not made. A list, so that nobody's words stand in the history."""

    NOT_CLEAR = "not_clear"
    WRONG_UNIT = "wrong_unit"
    PERSONAL_DATA = "personal_data"
    TWICE = "twice"
    TAKEN_BACK = "taken_back"


class Wish(StrEnum):
    """What somebody proposes and a second person decides."""

    CHANGE = "change"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"
    RELEASED = "released"

    @property
    def topic(self) -> str:
        """Of each topic one proposal at a time may wait."""
        return "change" if self is Wish.CHANGE else "end"

    @property
    def claims(self) -> bool:
        """It says that something was done: the clock stands still until somebody has looked, and evidence is due."""
        return self in (Wish.KEPT, Wish.PARTLY_KEPT)


@dataclass(frozen=True, slots=True)
class Right:
    """The permission to propose, and that of the second person."""

    propose: str
    decide: str


RIGHTS: Mapping[Wish, Right] = MappingProxyType(
    {
        Wish.CHANGE: Right("commitment.propose_change", "commitment.decide_change"),
        Wish.KEPT: Right("commitment.follow_up", "commitment.confirm"),
        Wish.PARTLY_KEPT: Right("commitment.follow_up", "commitment.confirm"),
        Wish.BROKEN: Right("commitment.break", "commitment.break"),
        Wish.RELEASED: Right("commitment.propose_release", "commitment.release"),
    }
)

_S = CommitmentState
_ENDS = (_S.KEPT, _S.KEPT_LATE, _S.PARTLY_KEPT, _S.BROKEN, _S.RELEASED)
TRANSITIONS: Mapping[CommitmentState, frozenset[CommitmentState]] = MappingProxyType(
    {
        _S.PROPOSED: frozenset({_S.MADE, _S.DROPPED}),
        _S.DROPPED: frozenset(),
        _S.MADE: frozenset({_S.IN_PROGRESS, *_ENDS}),
        _S.IN_PROGRESS: frozenset(_ENDS),
        _S.KEPT: frozenset(),
        _S.KEPT_LATE: frozenset(),
        # What was not done in time may still be done; what it was called before stays in its history.
        _S.PARTLY_KEPT: frozenset({_S.KEPT_LATE}),
        _S.BROKEN: frozenset({_S.KEPT_LATE}),
        _S.RELEASED: frozenset(),
    }
)


def check(source: CommitmentState, target: CommitmentState) -> None:
    """Refuse a move that the table does not hold, with from and to."""
    if target not in TRANSITIONS[source]:
        raise Refused(
            "no_such_commitment_move",
            N_("A commitment that is “%(before)s” cannot become “%(after)s”."),
            before=source.value,
            after=target.value,
        )


def wishes(source: CommitmentState) -> tuple[Wish, ...]:
    """What may be proposed for a commitment in this state."""
    if source.is_open:
        return tuple(Wish)
    return (Wish.KEPT,) if _S.KEPT_LATE in TRANSITIONS[source] else ()


def ending(wish: Wish, *, late: bool, ended_before: bool) -> CommitmentState:
    """The state that an agreed proposal leads to. `late`: it was said to be done only after its date."""
    if wish is Wish.KEPT:
        return _S.KEPT_LATE if late or ended_before else _S.KEPT
    return CommitmentState(wish.value)
