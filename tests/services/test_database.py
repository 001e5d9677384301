"""The two ways into the database, on both engines."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, OperationalError

from portal.identity.models import Person
from portal.kernel import events
from portal.kernel.db import Database
from portal.kernel.numbers import take, take_document_number
from tests.cast import NOW, City


def test_what_a_failed_transaction_did_is_gone_and_its_facts_are_not_told(database: Database) -> None:
    told: list[object] = []
    events.after(str, told.append)
    with pytest.raises(ZeroDivisionError), database.transaction() as db:
        take(db, "case", 2026)
        events.publish(db, NOW, "something")
        raise ZeroDivisionError
    with database.transaction() as db:
        assert take(db, "case", 2026) == 1
        events.publish(db, NOW, "another thing")
    assert told == ["another thing"]


def test_a_snapshot_cannot_write(database: Database) -> None:
    with database.reading() as db, pytest.raises((OperationalError, DatabaseError)):
        db.execute(text("DELETE FROM admin_entry"))


def test_a_snapshot_does_not_change_under_its_reader(database: Database) -> None:
    with database.reading() as db:
        before = db.scalars(select(Person.name)).all()
        with database.transaction() as writing:
            writing.add(Person(name="新来的", staff_number="9", created_at=NOW))
        assert db.scalars(select(Person.name)).all() == before


def test_document_numbers_count_by_year_in_the_wording_of_the_series(database: Database) -> None:
    with database.transaction() as db:
        numbers = [
            take_document_number(db, "slip", year, "平会厅交〔{year}〕{n}号") for year in (2026, 2026, 2027)
        ]
    assert numbers == ["平会厅交〔2026〕1号", "平会厅交〔2026〕2号", "平会厅交〔2027〕1号"]


def test_the_version_changes_with_every_commit(database: Database) -> None:
    before = database.version()
    with database.transaction() as db:
        take(db, "case", 2026)
    assert database.version() != before


def test_the_cast_holds_its_appointments(database: Database, city: City) -> None:
    with database.reading() as db:
        assert city.actor(db, "mei").has("case.assign")
        assert city.actor(db, "hou").reach("case.answer") == {
            city.unit("housing"),
            city.unit("water"),
        }
        assert not city.actor(db, "wu").has("desk.use")


def test_a_commit_waits_for_the_disk_where_it_holds_up_nobody(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.dialect != "sqlite":
        pytest.skip("PostgreSQL is waited for on a socket, which is cooperative anyway")
    aside = []

    def noticed(work: Callable[[], object]) -> object:
        aside.append(work)
        return work()

    monkeypatch.setattr("portal.kernel.db.beside", noticed)
    with database.reading() as db:
        db.execute(text("SELECT 1"))
    assert not aside
    with database.transaction() as db:
        take(db, "case", 2026)
    assert len(aside) == 1
    with database.transaction() as db:
        assert take(db, "case", 2026) == 2
