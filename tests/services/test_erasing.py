"""Erasing takes a person's words and contacts, and leaves a whole history."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select, text

from portal.cases import jobs, service
from portal.cases.history import HistoryEntry
from portal.cases.models import Appeal, AppealPiece
from portal.cases.texts import AppealContact, AppealKey
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden, PortalError
from portal.tables import metadata
from tests.builders import Walk, a_case
from tests.cast import NOW, City
from tests.searching import cases_with

SAID = ("路灯", "王小满", "13900001234", "锦帆里", "老人", "还是不亮")


def _everything(database: Database) -> str:
    """All rows of all tables, as text; also of the search index, in the words' own pairs."""
    with database.reading() as db:
        rows = [repr(db.execute(table.select()).all()) for table in metadata.sorted_tables]
        if database.dialect == "sqlite":
            rows.append(repr(db.execute(text("SELECT pairs FROM case_search")).all()))
    return "\n".join(rows)


def test_an_erased_appeal_is_nowhere_and_its_history_is_whole(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "reopen_requested", concerns="某物业")
        service.decide_reopening(db, NOW, city.actor(db, "mei"), filed.case_id, False, "锦帆里路灯已修")
        before = [
            (entry.id, entry.act, entry.source, entry.target)
            for entry in db.scalars(select(HistoryEntry).order_by(HistoryEntry.id))
        ]
    assert "路灯" in _everything(database)
    with database.transaction() as db:
        service.erase_appeal(db, NOW, city.actor(db, "mei"), filed.appeal_id, "本人要求")
    left = _everything(database)
    # The rating of the office's own kind of words; the reason of the erasure stays.
    assert [word for word in SAID if word in left.replace("住房", "")] == []
    with database.reading() as db:
        entries = [
            (entry.id, entry.act, entry.source, entry.target)
            for entry in db.scalars(select(HistoryEntry).order_by(HistoryEntry.id))
        ]
        assert entries[:-1] == before
        assert entries[-1][1] == "erased"
        assert db.get(AppealKey, filed.appeal_id) is None
        assert db.get(AppealContact, filed.appeal_id) is None
        assert db.scalars(select(AppealPiece)).all() == []
        assert db.get_one(Appeal, filed.appeal_id).erased_at == NOW
        assert service.appeal_by_code(db, filed.receipt, filed.code) is None
        found = cases_with("路灯", database)
        assert db.scalars(found).all() == []
        found = cases_with(filed.ref, database)
        assert db.scalars(found).all() == [filed.case_id]


def test_what_is_said_to_others_in_a_merged_case_stays(database: Database, city: City) -> None:
    with database.transaction() as db:
        into, also = a_case(db, city, "handling"), a_case(db, city, "screened", body="我家门口也不亮")
        service.merge(db, NOW, city.actor(db, "mei"), also.case_id, into.case_id, "同")
        walk = Walk(db, city, NOW, into)
        walk.answer()
        service.erase_appeal(db, NOW, walk.by("mei"), also.appeal_id, "本人要求")
    left = _everything(database)
    assert "我家门口" not in left
    assert "路灯已更换" in left


def test_only_the_office_erases(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "closed")
    for key in ("lin", "su"):
        with pytest.raises(Forbidden), database.transaction() as db:
            service.erase_appeal(db, NOW, city.actor(db, key), filed.appeal_id, "清理")
    with database.transaction() as db:
        service.erase_appeal(db, NOW, city.actor(db, "mei"), filed.appeal_id, "本人要求")
    with pytest.raises(PortalError), database.transaction() as db:
        service.erase_appeal(db, NOW, city.actor(db, "mei"), filed.appeal_id, "再来一次")


def test_erased_words_leave_the_file_too_not_only_the_rows(database: Database, city: City) -> None:
    """FTS5 keeps the words of removed rows in its segments until they are merged."""
    if database.dialect != "sqlite":
        pytest.skip("PostgreSQL vacuums by itself")
    with database.transaction() as db:
        a_case(db, city, "closed")
        filed = a_case(db, city, "closed", body="车牌 zqxjkvw 停在楼下")
    assert jobs.purge_search(database, NOW) is None
    with database.transaction() as db:
        service.erase_appeal(db, NOW, city.actor(db, "mei"), filed.appeal_id, "本人要求")
    assert b"zqxjkvw" in _file(database)
    assert jobs.purge_search(database, NOW) is not None
    assert b"zqxjkvw" not in _file(database)
    with database.reading() as db:
        found = cases_with("路灯", database)
        assert len(db.scalars(found).all()) == 1


def _file(database: Database) -> bytes:
    """The database file after a checkpoint."""
    path = str(database.url.database)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(path).read_bytes()
