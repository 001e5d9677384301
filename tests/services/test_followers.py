"""What followers are told of a case: only what became public, in the words of the moment, each thing once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.alerts import composing, service
from portal.alerts.models import Alert
from portal.alerts.service import Follow, token_of
from portal.cases.service import Filed
from portal.kernel.db import Database, keys_of
from portal.publishing import service as publishing
from portal.publishing.models import PublishedCase
from portal.publishing.service import withdraw
from tests.builders import Walk, a_case
from tests.cast import NOW, City
from tests.services.test_publishing import released
from tests.statements import counted


@pytest.fixture
def database(app: Flask) -> Iterator[Database]:
    found: Database = app.extensions["portal_database"]
    with app.app_context():
        yield found


@pytest.fixture
def case(database: Database, city: City) -> Filed:
    with database.transaction() as db:
        return a_case(db, city, "answered", title="锦帆里路灯不亮", consent_to_publish=True)


def follow(database: Database, kind: str, number: int, address: str = "wang@example.org") -> None:
    with database.transaction() as db:
        service.follow(db, NOW, Follow(kind, number, address, locale="en"))
        db.flush()
        newest = db.scalars(select(Alert).order_by(Alert.id.desc())).first()
        service.confirm(db, NOW, newest.subject_id, token_of(keys_of(db).codes, newest.subject_id))


def release(database: Database, city: City, case: Filed) -> int:
    with database.transaction() as db:
        return released(db, city, case, title="路灯已修复").id


def step(database: Database, city: City, case: Filed, *names: str) -> None:
    with database.transaction() as db:
        walk = Walk(db, city, NOW + timedelta(hours=1), case)
        for name in names:
            getattr(walk, name)()


def told(database: Database) -> list[str]:
    """The titles of what followers were told, as they would be sent now."""
    with database.reading() as db, composing.speaking("en"):
        rows = db.scalars(select(Alert).where(Alert.kind.like("case.%")).order_by(Alert.id))
        followers = [row for row in rows if row.recipient_kind == "follower"]
        return [found.title if (found := composing.draw(db, NOW, row)) else "-" for row in followers]


def test_who_follows_a_unit_or_a_subject_hears_of_a_release(
    database: Database, city: City, case: Filed
) -> None:
    follow(database, "unit", city.unit("housing"))
    follow(database, "category", 1, "li@example.org")
    follow(database, "unit", city.unit("roads"), "zhao@example.org")
    assert told(database) == [], "what is not public yet is told to nobody"
    release(database, city, case)
    assert told(database) == ["Published: “路灯已修复”"] * 2


def test_a_case_that_is_not_public_tells_nobody_anything(database: Database, city: City, case: Filed) -> None:
    follow(database, "unit", city.unit("housing"))
    step(database, city, case, "satisfy")
    assert told(database) == []


def test_who_follows_a_case_hears_of_its_states(database: Database, city: City, case: Filed) -> None:
    number = release(database, city, case)
    follow(database, "case", number)
    step(database, city, case, "satisfy")
    assert told(database) == ["Solved: “路灯已修复”"]


def test_what_changes_without_another_state_is_no_news(database: Database, city: City, case: Filed) -> None:
    number = release(database, city, case)
    follow(database, "case", number)
    with database.transaction() as db:
        publishing.flow(db, NOW, case.case_id)
    assert told(database) == []


def test_who_follows_case_and_unit_hears_once(database: Database, city: City, case: Filed) -> None:
    number = release(database, city, case)
    follow(database, "case", number)
    follow(database, "unit", city.unit("housing"))
    step(database, city, case, "satisfy")
    assert len(told(database)) == 1


def test_what_is_withdrawn_is_not_told_any_more(database: Database, city: City, case: Filed) -> None:
    number = release(database, city, case)
    follow(database, "case", number)
    step(database, city, case, "satisfy")
    with database.transaction() as db:
        ref = db.get_one(PublishedCase, number).ref
        withdraw(db, NOW, city.actor(db, "mei"), ref, "原文提到了他人。")
    assert told(database) == ["-"]


def test_a_case_that_nobody_follows_costs_one_statement(database: Database, city: City, case: Filed) -> None:
    release(database, city, case)
    with counted(database) as statements:
        step(database, city, case, "satisfy")
    assert len([text for text in statements if "FROM subscription" in text]) == 1
