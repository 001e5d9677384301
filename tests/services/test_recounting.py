"""Dates are counted anew as one visible act: shown before, told in each history, and only where they move."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service
from portal.cases.history import HistoryEntry
from portal.cases.models import Appeal, Case
from portal.cases.service import recounting
from portal.cases.texts import Note
from portal.deadlines.models import Clock, Recount
from portal.deadlines.service import load_year, set_own_day
from portal.identity.actors import SYSTEM
from portal.kernel.db import Database
from portal.kernel.errors import Conflict, Forbidden, Invalid, Refused
from tests.builders import a_case, an_appeal
from tests.cast import NOW, City

REST = date(2026, 6, 22)
"""A Monday that the city takes off after all."""
BEFORE, AFTER = date(2026, 7, 3), date(2026, 7, 6)


def count(db: Session, city: City, reason: str = "放假通知有调整") -> set[int]:
    an = city.actor(db, "an")
    recount_id, case_ids = recounting.begin_recount(db, NOW, an, reason, recounting.forecast(db, an).mark)
    return recounting.count_anew(db, NOW, an, recount_id, case_ids)


def test_what_would_move_is_shown_and_nothing_has_moved(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        a_case(db, city, "closed")
        assert recounting.forecast(db, city.actor(db, "an")).moves == ()
        set_own_day(db, NOW, SYSTEM, REST, worked=False)
        found = recounting.forecast(db, city.actor(db, "an"))
        assert [(move.ref, move.before, move.after) for move in found.moves] == [(filed.ref, BEFORE, AFTER)]
        assert db.get_one(Case, filed.case_id).due_day == BEFORE


def test_counting_anew_is_told_in_each_history_with_its_reason(database: Database, city: City) -> None:
    with database.transaction() as db:
        moved = a_case(db, city, "handling")
        paused = a_case(db, city, "waiting_asker")
        set_own_day(db, NOW, SYSTEM, REST, worked=False)
        assert count(db, city) == {moved.case_id, paused.case_id}
        assert db.get_one(Case, moved.case_id).due_day == AFTER
        assert db.get_one(Case, paused.case_id).due_day is None, "it stands still and is counted on"
        entries = db.scalars(select(HistoryEntry).where(HistoryEntry.act == "due_changed")).all()
        assert {entry.case_id for entry in entries} == {moved.case_id, paused.case_id}
        assert all(entry.details == {"before": str(BEFORE), "after": str(AFTER)} for entry in entries)
        assert all(entry.actor_id == city.person("an") for entry in entries)
        assert {db.get_one(Note, entry.note_id).body for entry in entries} == {"放假通知有调整"}
        assert [row.reason for row in db.scalars(select(Recount))] == ["放假通知有调整"]
        assert recounting.forecast(db, city.actor(db, "an")).case_ids == ()


def test_what_a_person_extended_stays(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        lin, hou = city.actor(db, "lin"), city.actor(db, "hou")
        asked = service.request_extension(db, NOW, lin, filed.case_id, date(2026, 7, 10), "等配件")
        service.decide_extension(db, NOW, hou, asked.id, True, "同意")
        set_own_day(db, NOW, SYSTEM, REST, worked=False)
        assert recounting.forecast(db, city.actor(db, "an")).case_ids == ()


def test_a_date_that_only_stops_being_provisional_is_settled_in_silence(
    database: Database, city: City
) -> None:
    december = NOW.replace(month=12, day=28)
    with database.transaction() as db:
        filed = an_appeal(db, now=december)
        clock = db.scalars(
            select(Clock).where(Clock.subject_id == filed.case_id, Clock.event == "result")
        ).one()
        assert clock.provisional
        load_year(db, NOW, SYSTEM, 2027, days_off=[], make_up_days=[], complete=True)
        found = recounting.forecast(db, city.actor(db, "an"))
        assert (found.moves, found.settled) == ((), 1)
        assert count(db, city) == set()
        assert not clock.provisional
        assert db.scalars(select(HistoryEntry).where(HistoryEntry.act == "due_changed")).all() == []


def test_only_what_was_shown_can_be_confirmed_and_only_with_a_reason(database: Database, city: City) -> None:
    with database.transaction() as db:
        a_case(db, city, "handling")
        an = city.actor(db, "an")
        mark = recounting.forecast(db, an).mark
        with pytest.raises(Refused, match="nothing to count"):
            recounting.begin_recount(db, NOW, an, "没有变化", mark)
        set_own_day(db, NOW, SYSTEM, REST, worked=False)
        with pytest.raises(Conflict):
            recounting.begin_recount(db, NOW, an, "放假", mark)
        fresh = recounting.forecast(db, an).mark
        for reason in ("  ", "长" * 501):
            with pytest.raises(Invalid):
                recounting.begin_recount(db, NOW, an, reason, fresh)
        assert db.scalars(select(Recount)).all() == []


@pytest.mark.parametrize("who", ["mei", "su", "hou", "lin", "ji", "wu"])
def test_nobody_but_an_administrator_counts_all_anew(database: Database, city: City, who: str) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        set_own_day(db, NOW, SYSTEM, REST, worked=False)
        actor = city.actor(db, who)
        for act in (
            lambda: recounting.forecast(db, actor),
            lambda: recounting.begin_recount(db, NOW, actor, "想多几天", "x"),
            lambda: recounting.count_anew(db, NOW, actor, 1, [filed.case_id]),
        ):
            with pytest.raises(Forbidden):
                act()
        assert db.get_one(Case, filed.case_id).due_day == BEFORE


def test_a_case_about_the_administrator_moves_with_the_others_and_is_not_told(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        other = a_case(db, city, "handling")
        about = a_case(db, city, "handling")
        db.get_one(Appeal, about.appeal_id).concerns_person_id = city.person("an")
        set_own_day(db, NOW, SYSTEM, REST, worked=False)
        found = recounting.forecast(db, city.actor(db, "an"))
        assert [move.case_id for move in found.moves] == [other.case_id]
        count(db, city)
        assert db.get_one(Case, about.case_id).due_day == AFTER
