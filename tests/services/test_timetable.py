"""What runs by the clock runs once: with two workers, after a kill, and after a failure."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from portal.kernel import jobs
from portal.kernel.db import Database
from tests.cast import NOW

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def only_these_jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(jobs, "_jobs", {})
    yield


def row(database: Database) -> jobs.TimetableRow:
    with database.reading() as db:
        return db.get_one(jobs.TimetableRow, "count")


def test_a_job_runs_when_it_is_due_and_not_before(database: Database) -> None:
    ran: list[datetime] = []
    jobs.register("count", HOUR, lambda _, now: ran.append(now))
    for minutes in (0, 1, 59, 60, 61, 121):
        jobs.tick(database, NOW + timedelta(minutes=minutes))
    assert [(at - NOW) // timedelta(minutes=1) for at in ran] == [0, 60, 121]


def test_an_idle_timetable_writes_nothing(database: Database) -> None:
    jobs.register("count", HOUR, lambda *_: None)
    jobs.tick(database, NOW)
    before = database.version()[0]
    jobs.tick(database, NOW + timedelta(minutes=5))
    assert database.version()[0] == before


def test_two_workers_never_run_the_same_row(database: Database, database_url: str) -> None:
    started, release = threading.Event(), threading.Event()
    ran: list[int] = []

    def slow(_: Database, now: datetime) -> None:
        ran.append(1)
        started.set()
        assert release.wait(10)

    jobs.register("count", HOUR, slow)
    first = threading.Thread(target=jobs.tick, args=(database, NOW))
    first.start()
    assert started.wait(10)
    other = Database(database_url, pool_size=2)
    assert jobs.tick(other, NOW) == []
    release.set()
    first.join()
    assert jobs.tick(other, NOW + timedelta(minutes=1)) == []
    assert len(ran) == 1
    other.dispose()


def test_what_a_killed_worker_had_claimed_runs_when_its_lease_is_over(database: Database) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    ran: list[int] = []
    jobs.register("count", HOUR, killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.tick(database, NOW)
    jobs.register("count", HOUR, lambda *_: ran.append(1))
    jobs.tick(database, NOW + timedelta(minutes=1))
    assert ran == [], "it may still be running"
    jobs.tick(database, NOW + jobs.LEASE)
    assert ran == [1]


def test_a_job_that_fails_is_noted_without_anybodys_words_and_tried_later(database: Database) -> None:
    def fails(*_: object) -> None:
        raise ValueError("what 王女士 wrote")

    jobs.register("count", timedelta(minutes=1), fails)
    for minutes in range(10):
        jobs.tick(database, NOW + timedelta(minutes=minutes))
    found = row(database)
    assert found.last_result == "ValueError"
    assert found.failures == 3, "at 0, 2 and 6 minutes: each pause twice the last"


def test_the_outcome_stands_in_the_timetable(database: Database) -> None:
    jobs.register("count", HOUR, lambda *_: "7 closed")
    jobs.tick(database, NOW)
    assert row(database).last_result == "7 closed"
