"""The publication record: a version for every act, a hash that can be checked, no way to edit."""

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from portal.kernel.db import Database
from portal.kernel.errors import Conflict
from portal.ledger import queries, service
from portal.ledger.models import PublicationRecord
from tests.cast import NOW, City

TEXT = {"title": "电梯停运", "ask": 1, "reply": "已经修好"}


def test_every_act_takes_the_next_version_of_its_reference(database: Database, city: City) -> None:
    with database.transaction() as db:
        first = service.record(db, NOW, "case", "B26-00001", "released", TEXT, city.person("mei"))
        other = service.record(db, NOW, "case", "B26-00002", "released", TEXT)
        second = service.record(db, NOW, "case", "B26-00001", "corrected", {**TEXT, "ask": 2})
        assert [first.version, other.version, second.version] == [1, 1, 2]
    with database.reading() as db:
        found = queries.versions(db, "case", "B26-00001")
        assert [(v.version, v.act) for v in found] == [(2, "corrected"), (1, "released")]
        assert found[1].content == TEXT


def test_the_hash_proves_the_content_and_the_salt_hides_it(database: Database) -> None:
    with database.transaction() as db:
        one = service.record(db, NOW, "case", "B26-00001", "released", TEXT)
        two = service.record(db, NOW, "case", "B26-00002", "released", TEXT)
        assert one.hash != two.hash, "the same text under another salt has another hash"
        assert service.fingerprint(one.salt, {"reply": "已经修好", "ask": 1, "title": "电梯停运"}) == one.hash
        assert service.holds(one)
        one.content = {**TEXT, "ask": 7}
        assert not service.holds(one)
        db.rollback()


def test_a_withdrawn_text_is_emptied_and_its_hash_stays(database: Database) -> None:
    with database.transaction() as db:
        row = service.record(db, NOW, "case", "B26-00001", "released", TEXT)
        kept = row.hash
        service.record(db, NOW, "case", "B26-00001", "withdrawn", {"why": "不应公开"})
        assert service.empty(db, "case", "B26-00001", ("released", "corrected")) == 1
        assert service.empty(db, "case", "B26-00001", ("released", "corrected")) == 0, "once is enough"
    with database.reading() as db:
        withdrawn, released = queries.versions(db, "case", "B26-00001")
        assert released.content is None
        assert released.hash == kept
        assert withdrawn.content == {"why": "不应公开"}


def test_nobody_approves_what_they_wrote(database: Database, city: City) -> None:
    mei = city.person("mei")
    with pytest.raises(Conflict), database.transaction() as db:
        service.record(db, NOW, "case", "B26-00001", "released", TEXT, mei, mei)


def test_the_database_itself_refuses_to_forget_an_act(database: Database) -> None:
    with database.transaction() as db:
        service.record(db, NOW, "case", "B26-00001", "released", TEXT)
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as db:
        db.execute(delete(PublicationRecord))
