"""The life of a case as data: its states and the moves between them.

Every change of state goes through `check`. Pure: who may do it is asked of the policy with the move's
permission, and what it does to the clock is carried out by the deadlines from the move's effect.
The rules that stand at its turns (who decides an objection, what may close) are in `rules`, and are
offered here too. Source: domain, section 3. "Overdue" is no state: it is derived from the clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from portal.cases.rules import bounce_decider, closing_gate
from portal.cases.vocabulary import ClosingKind, PauseKind
from portal.kernel.errors import Refused

__all__ = [
    "TRANSITIONS",
    "CaseState",
    "ClockEffect",
    "Transition",
    "Turn",
    "bounce_decider",
    "check",
    "closing_gate",
    "closing_kinds",
    "moves_from",
]


class CaseState(StrEnum):
    """Where a case stands."""

    SUBMITTED = "submitted"
    SCREENED = "screened"
    NOT_ACCEPTED = "not_accepted"
    MERGED = "merged"
    ASSIGNED = "assigned"
    OBJECTED = "objected"
    ACCEPTED = "accepted"
    HANDLING = "handling"
    WAITING_ASKER = "waiting_asker"
    WAITING_EXTERNAL = "waiting_external"
    ANSWERED = "answered"
    REOPEN_REQUESTED = "reopen_requested"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def is_ended(self) -> bool:
        """Nobody has anything to do, unless it is opened again."""
        return self in _ENDED

    @property
    def is_open(self) -> bool:
        """Somebody still has something to do."""
        return self not in _ENDED

    @property
    def is_final(self) -> bool:
        """No move leads out."""
        return not moves_from(self)

    @property
    def is_paused(self) -> bool:
        """The clock stands still."""
        return self in _PAUSES

    @property
    def pause_kind(self) -> PauseKind | None:
        """Whom a paused case waits for."""
        return _PAUSES.get(self)

    @property
    def waits_for(self) -> "Turn":
        """Whose turn it is."""
        return _TURNS[self]


class Turn(StrEnum):
    """Whose move a case waits for."""

    OFFICE = "office"
    UNIT = "unit"
    ASKER = "asker"
    OUTSIDE = "outside"
    NOBODY = "nobody"


_S = CaseState
_ENDED = frozenset({_S.NOT_ACCEPTED, _S.MERGED, _S.CLOSED, _S.WITHDRAWN})
_PAUSES: Mapping[CaseState, PauseKind] = MappingProxyType(
    {_S.WAITING_ASKER: PauseKind.ASKER, _S.WAITING_EXTERNAL: PauseKind.EXTERNAL}
)
_TURNS: Mapping[CaseState, Turn] = MappingProxyType(
    {
        _S.SUBMITTED: Turn.OFFICE,
        _S.SCREENED: Turn.OFFICE,
        _S.NOT_ACCEPTED: Turn.NOBODY,
        _S.MERGED: Turn.NOBODY,
        _S.ASSIGNED: Turn.UNIT,
        _S.OBJECTED: Turn.OFFICE,
        _S.ACCEPTED: Turn.UNIT,
        _S.HANDLING: Turn.UNIT,
        _S.WAITING_ASKER: Turn.ASKER,
        _S.WAITING_EXTERNAL: Turn.OUTSIDE,
        _S.ANSWERED: Turn.ASKER,
        _S.REOPEN_REQUESTED: Turn.OFFICE,
        _S.CLOSED: Turn.NOBODY,
        _S.WITHDRAWN: Turn.NOBODY,
    }
)


class ClockEffect(StrEnum):
    """What a move does to the case's own limit, which runs from submission."""

    KEEP = "keep"
    """Nothing: screening, assigning and accepting run inside the limit."""
    PAUSE = "pause"
    """The clock stands still until a `RESUME`."""
    RESUME = "resume"
    """It runs on, and the due date moves by the time it stood still."""
    STOP = "stop"
    """It has done its duty: answered in time or not is settled here."""
    REVIVE = "revive"
    """It runs again with the due date it had: the office's mistake must not cost the asker time."""
    REMEDY = "remedy"
    """A new limit of its own begins: a bad result to be made good."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One permitted move."""

    source: CaseState
    target: CaseState
    permission: str
    """What a member of staff needs; askers are let through by `asker_may`."""
    reason_required: bool = False
    clock: ClockEffect = ClockEffect.KEEP
    asker_may: bool = False
    """The asker may make this move with the query code."""
    at_most: int | None = None
    """How often in the life of one case; None: any number."""

    def check_reason(self, reason: str | None) -> None:
        """Refuse a move that needs a reason and has none."""
        if self.reason_required and not (reason or "").strip():
            raise Refused("reason_required", source=self.source, target=self.target)


_C = ClockEffect
TRANSITIONS: tuple[Transition, ...] = (
    Transition(_S.SUBMITTED, _S.SCREENED, "case.screen"),
    Transition(_S.SUBMITTED, _S.WITHDRAWN, "case.withdraw", clock=_C.STOP, asker_may=True),
    Transition(_S.SCREENED, _S.NOT_ACCEPTED, "case.decline", reason_required=True, clock=_C.STOP),
    Transition(_S.SCREENED, _S.MERGED, "case.merge", clock=_C.STOP),
    Transition(_S.SCREENED, _S.ASSIGNED, "case.assign"),
    Transition(_S.SCREENED, _S.WITHDRAWN, "case.withdraw", clock=_C.STOP, asker_may=True),
    Transition(
        _S.NOT_ACCEPTED,
        _S.SCREENED,
        "case.uphold_objection",
        reason_required=True,
        clock=_C.REVIVE,
        at_most=1,
    ),
    Transition(_S.MERGED, _S.SCREENED, "case.merge", reason_required=True, clock=_C.REVIVE),
    Transition(_S.ASSIGNED, _S.OBJECTED, "case.object", reason_required=True),
    Transition(_S.ASSIGNED, _S.ACCEPTED, "case.accept"),
    Transition(_S.OBJECTED, _S.ASSIGNED, "case.decide_objection", reason_required=True),
    Transition(_S.OBJECTED, _S.ACCEPTED, "case.decide_objection", reason_required=True),
    Transition(_S.ACCEPTED, _S.HANDLING, "case.handle"),
    Transition(_S.ACCEPTED, _S.WITHDRAWN, "case.withdraw", clock=_C.STOP, asker_may=True),
    Transition(_S.HANDLING, _S.WAITING_ASKER, "case.handle", reason_required=True, clock=_C.PAUSE),
    Transition(_S.HANDLING, _S.WAITING_EXTERNAL, "case.handle", reason_required=True, clock=_C.PAUSE),
    Transition(_S.HANDLING, _S.ANSWERED, "case.answer", clock=_C.STOP),
    Transition(_S.HANDLING, _S.ASSIGNED, "case.assign", reason_required=True),
    Transition(_S.HANDLING, _S.WITHDRAWN, "case.withdraw", clock=_C.STOP, asker_may=True),
    Transition(_S.WAITING_ASKER, _S.HANDLING, "case.handle", clock=_C.RESUME, asker_may=True),
    Transition(_S.WAITING_ASKER, _S.CLOSED, "case.close", reason_required=True, clock=_C.STOP),
    Transition(_S.WAITING_EXTERNAL, _S.HANDLING, "case.handle", clock=_C.RESUME),
    Transition(_S.ANSWERED, _S.CLOSED, "case.close"),
    Transition(
        _S.ANSWERED, _S.REOPEN_REQUESTED, "case.request_reopening", reason_required=True, asker_may=True
    ),
    Transition(
        _S.REOPEN_REQUESTED, _S.HANDLING, "case.decide_reopening", reason_required=True, clock=_C.REMEDY
    ),
    Transition(_S.REOPEN_REQUESTED, _S.CLOSED, "case.decide_reopening", reason_required=True),
    Transition(
        _S.CLOSED, _S.REOPEN_REQUESTED, "case.request_reopening", reason_required=True, asker_may=True
    ),
)

_BY_ENDS: Mapping[tuple[CaseState, CaseState], Transition] = MappingProxyType(
    {(move.source, move.target): move for move in TRANSITIONS}
)


def check(source: CaseState, target: CaseState, *, times: int = 0) -> Transition:
    """Return the move from `source` to `target`, or refuse with from, to and why.

    `times`: how often this case has already made this very move (counted from its history).
    """
    move = _BY_ENDS.get((source, target))
    if move is None:
        raise Refused("no_such_move", source=source, target=target)
    if move.at_most is not None and times >= move.at_most:
        raise Refused("move_used_up", source=source, target=target)
    return move


def moves_from(source: CaseState) -> tuple[Transition, ...]:
    """The moves that are open to a case in this state, in the order of the table."""
    return tuple(move for move in TRANSITIONS if move.source is source)


def closing_kinds(source: CaseState) -> frozenset[ClosingKind]:
    """The kinds a case in this state may be closed as: "unreachable" only while the asker is waited for."""
    if _S.CLOSED not in {move.target for move in moves_from(source)}:
        return frozenset()
    unreachable = frozenset({ClosingKind.UNREACHABLE})
    return unreachable if source is _S.WAITING_ASKER else frozenset(ClosingKind) - unreachable
