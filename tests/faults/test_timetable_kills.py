"""Whoever kills the background work loses nothing and doubles nothing (short form; `python -m tests.faults --full`)."""

import pytest
from flask import Flask

from tests.faults.kills import Outcome, month, populate
from tests.house import House
from tests.mailbox import mailbox


def without_kills(house: House) -> Outcome:
    house.found()
    populate(house.database)
    with mailbox() as post:
        return month(house.database, house.settings.database_url, post, kills=0, seed=0)


@pytest.mark.slow
def test_a_month_with_kills_leaves_what_a_month_without_leaves(house: House, app: Flask, engine: str):
    expected = without_kills(house)
    assert {act for _case, act in expected.history} >= {"due_soon", "overdue", "very_late", "closed"}
    assert set(expected.deliveries) <= {"sent", "dropped"}
    house.found()
    populate(house.database)
    workers = 2 if engine == "postgres" else 1
    with mailbox() as post:
        found = month(house.database, house.settings.database_url, post, 4, seed=7, workers=workers)
    assert found.history == expected.history
    assert max(found.history.values()) == 1
    assert found.alerts == expected.alerts
    assert found.deliveries == expected.deliveries
    assert len(found.mails) == len(expected.mails)
    assert sum(found.mails.values()) - len(found.mails) <= 4 * workers, "a letter twice only where a kill was"
