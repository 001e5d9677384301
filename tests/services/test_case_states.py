"""Every state can be reached through the services, and what a state promises holds there."""

import pytest
from sqlalchemy import select

from portal.cases.history import HistoryEntry
from portal.cases.models import Case
from portal.cases.workflow import CaseState
from portal.deadlines.models import Clock
from portal.kernel.db import Database
from tests.builders import PATHS, a_case
from tests.cast import City


@pytest.mark.parametrize("state", PATHS)
def test_every_state_is_reached_by_its_steps(database: Database, city: City, state: str) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, state)
    with database.reading() as db:
        case = db.get_one(Case, filed.case_id)
        assert case.state == state
        entries = db.scalars(
            select(HistoryEntry)
            .where(HistoryEntry.case_id == case.id, HistoryEntry.target.is_not(None))
            .order_by(HistoryEntry.id)
        ).all()
        assert [entry.source for entry in entries] == [None, *(entry.target for entry in entries[:-1])]
        assert entries[-1].target == state
        own = db.scalars(
            select(Clock).where(Clock.subject_id == case.id, Clock.event.in_(("result", "remedy")))
        ).one()
        running = own.stopped_at is None and own.paused_at is None
        assert (case.due_at is not None) == running
        ended = CaseState(state).is_ended or state in ("answered", "reopen_requested")
        assert running == (not ended and not state.startswith("waiting"))


def test_there_is_a_way_to_every_state() -> None:
    assert set(PATHS) == set(CaseState)


@pytest.mark.parametrize("closing", ["solved", "explained", "not_ours"])
def test_a_satisfied_asker_closes_the_case_as_the_unit_answered_it(
    database: Database, city: City, closing: str
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "closed", closing=closing)
    with database.reading() as db:
        assert db.get_one(Case, filed.case_id).closing_kind == closing
