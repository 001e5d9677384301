"""The table of moves against the table of the domain, row by row."""

import pytest

from portal.cases.vocabulary import ClosingKind, PauseKind
from portal.cases.workflow import (
    TRANSITIONS,
    CaseState,
    ClockEffect,
    Turn,
    check,
    closing_kinds,
    moves_from,
)
from portal.kernel.errors import Refused

DOMAIN = {
    "submitted": "screened withdrawn",
    "screened": "not_accepted merged assigned withdrawn",
    "not_accepted": "screened",
    "merged": "screened",
    "assigned": "objected accepted",
    "objected": "assigned accepted",
    "accepted": "handling withdrawn",
    "handling": "waiting_asker waiting_external answered assigned withdrawn",
    "waiting_asker": "handling closed",
    "waiting_external": "handling",
    "answered": "closed reopen_requested",
    "reopen_requested": "handling closed",
    "closed": "reopen_requested",
    "withdrawn": "",
}


@pytest.mark.parametrize("source", list(CaseState))
@pytest.mark.parametrize("target", list(CaseState))
def test_exactly_the_moves_of_the_domain_are_permitted(source: CaseState, target: CaseState) -> None:
    if target in DOMAIN[source].split():
        assert check(source, target).target is target
    else:
        with pytest.raises(Refused) as refused:
            check(source, target)
        assert refused.value.code == "no_such_move"
        assert refused.value.params == {"source": source, "target": target}


def test_no_move_stands_twice_in_the_table() -> None:
    assert len({(move.source, move.target) for move in TRANSITIONS}) == len(TRANSITIONS)


def test_every_state_is_reached_from_submission() -> None:
    reached, edge = {CaseState.SUBMITTED}, [CaseState.SUBMITTED]
    while edge:
        targets = {move.target for move in moves_from(edge.pop())} - reached
        reached |= targets
        edge.extend(targets)
    assert reached == set(CaseState)


@pytest.mark.parametrize("state", list(CaseState))
def test_who_has_the_turn_agrees_with_open_and_ended(state: CaseState) -> None:
    assert state.is_open is not state.is_ended
    assert (state.waits_for is Turn.NOBODY) == state.is_ended
    assert state.is_final == (state is CaseState.WITHDRAWN)


@pytest.mark.parametrize(
    ("state", "pause", "remark"),
    [
        (CaseState.WAITING_ASKER, PauseKind.ASKER, "the asker was asked for more"),
        (CaseState.WAITING_EXTERNAL, PauseKind.EXTERNAL, "an outside party was asked"),
        (CaseState.ANSWERED, None, "waiting for a rating pauses nothing: the clock has stopped"),
        (CaseState.HANDLING, None, "the clock runs"),
    ],
)
def test_paused_states(state: CaseState, pause: PauseKind | None, remark: str) -> None:
    assert state.pause_kind is pause, remark
    assert state.is_paused is (pause is not None), remark


@pytest.mark.parametrize(
    ("source", "target", "effect", "remark"),
    [
        ("submitted", "screened", ClockEffect.KEEP, "the limit runs from submission"),
        ("assigned", "accepted", ClockEffect.KEEP, "acceptance runs inside the limit"),
        ("handling", "waiting_asker", ClockEffect.PAUSE, "the asker's time is not the unit's"),
        ("waiting_asker", "handling", ClockEffect.RESUME, "and is given back"),
        ("handling", "waiting_external", ClockEffect.PAUSE, "an outside party's neither"),
        ("waiting_external", "handling", ClockEffect.RESUME, "and is given back"),
        ("handling", "assigned", ClockEffect.KEEP, "re-routing wins no time"),
        ("handling", "answered", ClockEffect.STOP, "the answer meets the limit, or has missed it"),
        ("not_accepted", "screened", ClockEffect.REVIVE, "the office's mistake costs the asker no time"),
        ("merged", "screened", ClockEffect.REVIVE, "a merge undone was never there"),
        ("reopen_requested", "handling", ClockEffect.REMEDY, "15 working days to make it good"),
        ("answered", "closed", ClockEffect.KEEP, "it had stopped already"),
    ],
)
def test_what_a_move_does_to_the_clock(source: str, target: str, effect: ClockEffect, remark: str) -> None:
    assert check(CaseState(source), CaseState(target)).clock is effect, remark


@pytest.mark.parametrize("move", TRANSITIONS, ids=lambda move: f"{move.source}-{move.target}")
def test_the_clock_pauses_exactly_in_paused_states_and_stops_in_ended_ones(move) -> None:  # type: ignore[no-untyped-def]
    assert (move.clock is ClockEffect.PAUSE) == move.target.is_paused
    if move.source.is_paused and move.target.is_open:
        assert move.clock is ClockEffect.RESUME
    if move.target.is_ended and move.source not in (CaseState.ANSWERED, CaseState.REOPEN_REQUESTED):
        assert move.clock is ClockEffect.STOP


@pytest.mark.parametrize(
    ("source", "target", "needed", "remark"),
    [
        ("screened", "not_accepted", True, "a reason code, told to the asker"),
        ("assigned", "objected", True, "no objection without a reason"),
        ("objected", "accepted", True, "nor its refusal"),
        ("handling", "assigned", True, "re-routing is explained to all"),
        ("handling", "waiting_asker", True, "what is missing"),
        ("waiting_asker", "closed", True, "how the asker was looked for"),
        ("assigned", "accepted", False, "the ordinary way needs no words"),
        ("handling", "answered", False, "the reply speaks for itself"),
    ],
)
def test_which_moves_need_a_reason(source: str, target: str, needed: bool, remark: str) -> None:
    move = check(CaseState(source), CaseState(target))
    assert move.reason_required is needed, remark
    move.check_reason("because")
    if needed:
        with pytest.raises(Refused, match="reason_required"):
            move.check_reason("  \u3000 ")
    else:
        move.check_reason(None)


def test_an_objection_to_not_being_accepted_is_upheld_only_once() -> None:
    check(CaseState.NOT_ACCEPTED, CaseState.SCREENED, times=0)
    with pytest.raises(Refused) as refused:
        check(CaseState.NOT_ACCEPTED, CaseState.SCREENED, times=1)
    assert refused.value.code == "move_used_up"


def test_a_merge_can_be_undone_any_number_of_times() -> None:
    assert check(CaseState.MERGED, CaseState.SCREENED, times=9)


def test_the_asker_may_withdraw_give_more_and_ask_for_reopening_and_nothing_else() -> None:
    may = {(str(move.source), str(move.target)) for move in TRANSITIONS if move.asker_may}
    assert may == {
        ("submitted", "withdrawn"),
        ("screened", "withdrawn"),
        ("accepted", "withdrawn"),
        ("handling", "withdrawn"),
        ("waiting_asker", "handling"),
        ("answered", "reopen_requested"),
        ("closed", "reopen_requested"),
    }


@pytest.mark.parametrize(
    ("source", "kinds", "remark"),
    [
        ("waiting_asker", {ClosingKind.UNREACHABLE}, "only who was looked for can be unreachable"),
        ("answered", set(ClosingKind) - {ClosingKind.UNREACHABLE}, "an answer was given"),
        ("reopen_requested", set(ClosingKind) - {ClosingKind.UNREACHABLE}, "reopening refused"),
        ("handling", set(), "nothing closes without an answer"),
        ("closed", set(), "closed already"),
    ],
)
def test_the_kinds_of_closing_by_state(source: str, kinds: set[ClosingKind], remark: str) -> None:
    assert closing_kinds(CaseState(source)) == kinds, remark
