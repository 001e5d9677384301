"""A random walk over all services that tries to break what must always hold. The city at work is in `loop`."""

from collections import defaultdict
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select

from portal.cases import subscribers
from portal.cases.history import HistoryEntry
from portal.cases.models import Appeal, Case, CaseLink
from portal.cases.service.clocks import TURN_LIMITS
from portal.cases.subjects import subject_of, visible
from portal.cases.workflow import TRANSITIONS, CaseState
from portal.deadlines.models import Clock
from portal.identity.policy import can
from portal.settings import Settings
from tests.house import House
from tests.services.loop import CITY, Loop, Step

LEGAL = {(move.source, move.target) for move in TRANSITIONS} | {(None, CaseState.SUBMITTED)}


class CheckedLoop(Loop):
    """The city at work, looked at after every step."""

    def attempt(self, step: Step) -> None:
        """Looked at after every single step, not only after every rule."""
        super().attempt(step)
        self.everything_holds()

    def everything_holds(self) -> None:
        with self.database.reading() as db:
            cases = db.scalars(select(Case)).all()
            entries: dict[int, list[HistoryEntry]] = defaultdict(list)
            for entry in db.scalars(select(HistoryEntry).order_by(HistoryEntry.id)):
                entries[entry.case_id].append(entry)
            clocks: dict[int, list[Clock]] = defaultdict(list)
            for clock in db.scalars(select(Clock)):
                clocks[clock.subject_id].append(clock)
            for case in cases:
                _history_is_unbroken(case, entries[case.id])
                _clock_fits(case, clocks[case.id])
                _case_is_whole(case)
            _no_asker_is_lost(db, self.appeals)
            _nobody_sees_what_concerns_them(db, self.now, cases)


def _history_is_unbroken(case: Case, entries: list[HistoryEntry]) -> None:
    moves = [entry for entry in entries if entry.target is not None]
    sources: list[str | None] = [None, *(entry.target for entry in moves[:-1])]
    assert [entry.source for entry in moves] == sources
    assert {(entry.source, entry.target) for entry in moves} <= LEGAL
    assert moves[-1].target == case.state
    times = [entry.at for entry in entries]
    assert times == sorted(times)


def _clock_fits(case: Case, clocks: list[Clock]) -> None:
    own = [clock for clock in clocks if clock.event in ("result", "remedy") and clock.stopped_at is None]
    assert len(own) <= 1
    running = [clock for clock in own if clock.paused_at is None]
    assert (case.due_at is not None) == bool(running)
    if running:
        assert (case.due_at, case.due_day) == (running[0].due_at, running[0].due_day)
    state = CaseState(case.state)
    stopped = state.is_ended or state in (CaseState.ANSWERED, CaseState.REOPEN_REQUESTED)
    assert bool(own) == (not stopped)
    assert any(clock.paused_at for clock in own) == state.is_paused
    live_turns = {clock.event for clock in clocks if clock.stopped_at is None} - {"result", "remedy", "plan"}
    expected = TURN_LIMITS.get(state)
    assert live_turns == ({expected} if expected else set())


def _case_is_whole(case: Case) -> None:
    assert (case.state == "closed") == (case.closing_kind is not None) == (case.closed_at is not None)
    assert (case.state == "not_accepted") == (case.reason_code is not None)
    if CaseState(case.state) not in (
        CaseState.SUBMITTED,
        CaseState.SCREENED,
        CaseState.NOT_ACCEPTED,
        CaseState.MERGED,
        CaseState.WITHDRAWN,
    ):
        assert case.lead_unit_id is not None
        assert case.first_asked_unit_id is not None


def _no_asker_is_lost(db: Any, appeals: list[int]) -> None:
    """Each appeal is answered somewhere: by at least one case that is not merged away."""
    live: dict[int, set[int]] = defaultdict(set)
    for link in db.scalars(select(CaseLink).where(CaseLink.ended_at.is_(None))):
        assert link.case_id not in live[link.appeal_id], "twice in one case"
        live[link.appeal_id].add(link.case_id)
    merged = set(db.scalars(select(Case.id).where(Case.state == "merged")))
    assert set(appeals) == set(live)
    for appeal_id, case_ids in live.items():
        assert case_ids - merged, appeal_id
        assert not case_ids & merged, "a merged case answers nobody"


def _nobody_sees_what_concerns_them(db: Any, now: Any, cases: Any) -> None:
    for key in ("hou", "qiao"):
        actor = CITY.actor(db, key, now)
        seen = set(db.scalars(select(Case.id).where(visible(actor))))
        assert seen == {case.id for case in cases if can(actor, "case.read", subject_of(db, case.id))}
        about = set(
            db.scalars(
                select(CaseLink.case_id)
                .join(Appeal, Appeal.id == CaseLink.appeal_id)
                .where(CaseLink.ended_at.is_(None), Appeal.concerns_unit_id.in_(actor.unit_ids))
            )
        )
        assert not seen & about
    concerned = select(Case.id).join(CaseLink, CaseLink.case_id == Case.id)
    lying = db.scalars(
        concerned.join(Appeal, Appeal.id == CaseLink.appeal_id).where(
            CaseLink.ended_at.is_(None), Appeal.concerns_unit_id == Case.lead_unit_id
        )
    ).all()
    assert lying == []


@pytest.mark.parametrize(
    ("examples", "steps"),
    [pytest.param(3, 20, id="short"), pytest.param(40, 40, id="long", marks=pytest.mark.slow)],
)
def test_no_walk_breaks_what_must_hold(house: House, settings: Settings, examples: int, steps: int) -> None:
    subscribers.register()

    class Walked(CheckedLoop):
        def __init__(self) -> None:
            super().__init__()
            house.found()
            self.database = house.database

    run_state_machine_as_test(
        Walked,
        settings=hypothesis.settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
