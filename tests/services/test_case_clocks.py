"""What the case's clock does: pauses, extensions, lateness in the history, and what is never counted."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import jobs, service, subscribers
from portal.cases.history import HistoryEntry
from portal.cases.models import Case, Extension
from portal.cases.texts import Note
from portal.deadlines import service as deadlines
from portal.deadlines.limits import limit_for
from portal.deadlines.models import Clock
from portal.deadlines.queries import limit_table, load_calendar, own_limits
from portal.deadlines.service import load_year, set_limit, set_own_day
from portal.deadlines.values import Limit
from portal.identity.actors import SYSTEM, asker
from portal.kernel import jobs as timetable
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden, Invalid, PortalError, Refused
from tests.builders import Walk, a_case, an_appeal
from tests.cast import NOW, City


def _own(db: Session, case_id: int) -> Clock:
    return db.scalars(
        select(Clock).where(Clock.subject_id == case_id, Clock.event.in_(("result", "remedy")))
    ).one()


def test_waiting_gives_its_working_days_back(database: Database, city: City) -> None:
    monday = datetime(2026, 6, 22, 3, 0, tzinfo=NOW.tzinfo)
    with database.transaction() as db:
        filed = a_case(db, city, "waiting_asker")
        case = db.get_one(Case, filed.case_id)
        before = _own(db, case.id).due_day
        assert (case.due_at, _own(db, case.id).stage) == (None, "paused")
        question = db.scalars(select(Clock).where(Clock.event == "asker_reply")).one()
        assert str(question.due_day) == "2026-06-23"
        service.resume(db, monday, city.actor(db, "lin"), case.id)
        # Thursday to Monday with a holiday on Friday: one working day was lost, and comes back.
        assert before == date(2026, 7, 3)
        assert case.due_day == _own(db, case.id).due_day == date(2026, 7, 6)
        steps = [step["code"] for step in _own(db, case.id).steps]
        assert "pause" in steps


def test_an_answer_by_the_asker_lets_the_clock_run_on(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        walk = Walk(db, city, NOW, filed)
        question_id, token = walk.ask()
        assert service.question_by_token(db, NOW, token) == (question_id, filed.appeal_id)
        assert service.question_by_token(db, NOW + timedelta(days=6), token) is None
        assert service.question_by_token(db, NOW, token + "x") is None
        service.answer_question(db, NOW, asker(filed.appeal_id), question_id, "三号楼门口那一盏")
        case = db.get_one(Case, filed.case_id)
        assert case.state == "handling"
        assert case.due_day == date(2026, 7, 3)
        with pytest.raises(Refused):
            service.answer_question(db, NOW, asker(filed.appeal_id), question_id, "再说一遍")
        assert service.question_by_token(db, NOW, token) is None


def test_becoming_overdue_and_very_late_is_noted_once_by_the_clock(database: Database, city: City) -> None:
    subscribers.register()
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        version = db.get_one(Case, filed.case_id).version
    # Due at the end of Friday 3 July; the length is about fifteen days.
    for day, noted in ((10, []), (16, ["overdue"]), (17, ["overdue"]), (40, ["overdue", "very_late"])):
        jobs.note_stages(database, NOW + timedelta(days=day))
        jobs.note_stages(database, NOW + timedelta(days=day))
        with database.reading() as db:
            acts = db.scalars(select(HistoryEntry.act).where(HistoryEntry.case_id == filed.case_id)).all()
            assert [act for act in acts if act in ("overdue", "very_late")] == noted, day
            assert db.get_one(Case, filed.case_id).version == version


def test_a_portal_that_slept_notes_both_in_their_order(database: Database, city: City) -> None:
    subscribers.register()
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
    jobs.note_stages(database, NOW + timedelta(days=60))
    with database.reading() as db:
        acts = db.scalars(
            select(HistoryEntry.act).where(HistoryEntry.case_id == filed.case_id).order_by(HistoryEntry.id)
        ).all()
        assert acts[-2:] == ["overdue", "very_late"]
        last = db.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
        assert last is not None
        assert (last.actor_kind, last.source, last.target) == ("system", None, None)


@pytest.mark.parametrize("state", ["answered", "waiting_asker", "closed", "withdrawn", "merged"])
def test_a_clock_that_does_not_run_becomes_late_nowhere(database: Database, city: City, state: str) -> None:
    subscribers.register()
    with database.transaction() as db:
        filed = a_case(db, city, state)
    jobs.note_stages(database, NOW + timedelta(days=60))
    with database.reading() as db:
        acts = db.scalars(select(HistoryEntry.act).where(HistoryEntry.case_id == filed.case_id)).all()
        assert "overdue" not in acts


@pytest.mark.parametrize(
    ("kind", "party", "tier", "day"),
    [
        ("enquiry", "person", "first_ask", "2026-06-24"),
        ("suggestion", "person", "first_ask", "2026-07-03"),
        ("complaint", "person", "first_ask", "2026-07-10"),
        ("help", "person", "escalated", "2026-07-03"),
    ],
)
def test_screening_counts_anew_from_submission(
    database: Database, city: City, kind: str, party: str, tier: str, day: str
) -> None:
    with database.transaction() as db:
        filed = an_appeal(db)
        service.screen(
            db,
            NOW + timedelta(hours=3),
            city.actor(db, "mei"),
            filed.case_id,
            kind=kind,
            category_id=1,
            area_id=1,
            tier=tier,
        )
        case = db.get_one(Case, filed.case_id)
        assert str(case.due_day) == day
        changed = db.scalars(select(HistoryEntry).where(HistoryEntry.act == "due_changed")).all()
        assert [entry.details["after"] for entry in changed] == ([day] if day != "2026-07-03" else [])


def _ask_for_more(db: Session, city: City, case_id: int, day: date = date(2026, 7, 10)) -> Extension:
    return service.request_extension(db, NOW, city.actor(db, "lin"), case_id, day, "灯具到货晚")


def test_more_time_is_granted_once_by_another_and_told_to_the_asker(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        request = _ask_for_more(db, city, filed.case_id)
        with pytest.raises(Refused) as refused:
            _ask_for_more(db, city, filed.case_id)
        assert refused.value.code == "asked_before"
        with pytest.raises(Forbidden):
            service.decide_extension(db, NOW, city.actor(db, "lin"), request.id, True, "同意")
        service.decide_extension(db, NOW, city.actor(db, "hou"), request.id, True, "灯具 7 月 8 日到货")
        case = db.get_one(Case, filed.case_id)
        assert case.due_day == date(2026, 7, 10)
        note = db.scalars(select(Note).where(Note.for_asker)).one()
        assert "到货" in note.body
        with pytest.raises(Refused) as refused:
            _ask_for_more(db, city, filed.case_id, date(2026, 7, 20))
        assert refused.value.code == "extension_used_up"


def test_a_head_who_asks_for_more_time_does_not_grant_it(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        request = service.request_extension(
            db, NOW, city.actor(db, "hou"), filed.case_id, date(2026, 7, 10), "到货晚"
        )
    with pytest.raises(Refused) as refused, database.transaction() as db:
        service.decide_extension(db, NOW, city.actor(db, "hou"), request.id, True, "同意")
    assert refused.value.code == "second_person_required"
    with database.transaction() as db:
        service.decide_extension(db, NOW, city.actor(db, "mei"), request.id, False, "理由不足")
        assert db.get_one(Case, filed.case_id).due_day == date(2026, 7, 3)


@pytest.mark.parametrize(
    ("later", "day", "ground", "code"),
    [
        (0, date(2026, 7, 3), "到货晚", "extension_not_later"),
        (0, date(2026, 7, 10), " ", "reason_required"),
        (16, date(2026, 7, 10), "到货晚", "extension_too_late"),
    ],
)
def test_more_time_has_its_conditions(
    database: Database, city: City, later: int, day: date, ground: str, code: str
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
    with pytest.raises(PortalError) as refused, database.transaction() as db:
        service.request_extension(
            db, NOW + timedelta(days=later), city.actor(db, "lin"), filed.case_id, day, ground
        )
    assert refused.value.code == code


def test_a_pause_after_an_extension_is_counted_from_the_extended_date(database: Database, city: City) -> None:
    monday = datetime(2026, 6, 22, 3, 0, tzinfo=NOW.tzinfo)
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        request = _ask_for_more(db, city, filed.case_id)
        service.decide_extension(db, NOW, city.actor(db, "hou"), request.id, True, "同意")
        Walk(db, city, NOW, filed).wait()
        service.resume(db, monday, city.actor(db, "lin"), filed.case_id)
        assert db.get_one(Case, filed.case_id).due_day == date(2026, 7, 13)


def test_the_citys_own_days_count_at_once_and_given_dates_stay(database: Database, city: City) -> None:
    with database.transaction() as db:
        first = an_appeal(db)
        set_own_day(db, NOW, SYSTEM, date(2026, 6, 22), worked=False)
        second = an_appeal(db)
        assert str(db.get_one(Case, first.case_id).due_day) == "2026-07-03"
        assert str(db.get_one(Case, second.case_id).due_day) == "2026-07-06"
        set_own_day(db, NOW, SYSTEM, date(2026, 6, 22), worked=None)
        assert str(db.get_one(Case, an_appeal(db).case_id).due_day) == "2026-07-03"


def test_a_year_counts_only_when_it_is_complete(database: Database) -> None:
    day = date(2027, 2, 8)
    for complete in (False, True):
        with database.transaction() as db:
            load_year(db, NOW, SYSTEM, 2027, days_off=[day], make_up_days=[], complete=complete)
        with database.reading() as db:
            calendar = load_calendar(db)
            assert calendar.knows(2027) is complete
            assert calendar.is_workday(day) is not complete


def test_a_year_that_was_not_kept_counts_for_nobody(database: Database) -> None:
    """The calendar is remembered by its version, and another may come under the version of one undone."""
    days = [date(2027, 2, 8), date(2027, 2, 9)]
    with pytest.raises(PortalError), database.transaction() as db:
        load_year(db, NOW, SYSTEM, 2027, days_off=days[:1], make_up_days=[], complete=True)
        assert not load_calendar(db).is_workday(days[0])
        raise PortalError("undone")
    with database.transaction() as db:
        load_year(db, NOW, SYSTEM, 2027, days_off=days[1:], make_up_days=[], complete=True)
    with database.reading() as db:
        assert [load_calendar(db).is_workday(day) for day in days] == [True, False]


def test_a_clock_can_say_how_its_date_came_about(database: Database, city: City) -> None:
    with database.transaction() as db:
        clock = _own(db, an_appeal(db).case_id)
        due = deadlines.due_of(clock)
        assert due.steps[0].code == "start"
        assert due.steps[-1].day == clock.due_day
        assert not clock.provisional


def test_a_date_is_counted_again_only_in_the_open(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        set_own_day(db, NOW, SYSTEM, date(2026, 6, 22), worked=False)
        assert db.get_one(Case, filed.case_id).due_day == date(2026, 7, 3)
        assert service.count_due_again(db, NOW, city.actor(db, "mei"), filed.case_id, "放假通知有调整")
        assert db.get_one(Case, filed.case_id).due_day == date(2026, 7, 6)
        entry = db.scalars(select(HistoryEntry).where(HistoryEntry.act == "due_changed")).one()
        assert entry.details == {"before": "2026-07-03", "after": "2026-07-06"}
        assert not service.count_due_again(db, NOW, city.actor(db, "mei"), filed.case_id, "再算一次")
    with pytest.raises(Forbidden), database.transaction() as db:
        service.count_due_again(db, NOW, city.actor(db, "lin"), filed.case_id, "想多几天")


def test_the_citys_own_limits_take_the_places_of_the_defaults(database: Database, city: City) -> None:
    with database.transaction() as db:
        _limit(db, Limit(5, "workdays"), kind="help", remind_before=1)
        own = _own(db, an_appeal(db).case_id)
        assert (own.amount, own.remind_before, str(own.due_day)) == (5, 1, "2026-06-26")
        _limit(db, Limit(6, "workdays"), party="company")
        _limit(db, Limit(1, "workdays"))
        table = limit_table(db, NOW.date())
        for words, days, remark in (
            ({"kind": "help", "tier": "escalated"}, 15, "the escalated tier goes before the kind"),
            ({"kind": "enquiry", "party": "company"}, 2, "what says more is not changed by what says less"),
            ({"kind": "help", "party": "company"}, 6, "the city's own, in the place of the default"),
            ({"kind": "complaint"}, 15, "what says less goes last, also if it is the city's own"),
        ):
            assert limit_for("result", table=table, **words).amount == days, remark
        _limit(db, None, kind="help")
        assert _own(db, an_appeal(db).case_id).amount == 10
        assert [row.amount for row in own_limits(db) if row.kind == "help"] == [5, None], "nothing is lost"
    with pytest.raises(Forbidden), database.transaction() as db:
        set_limit(db, NOW, city.actor(db, "mei"), "result", Limit(99, "days"), reason="想宽一点")


def test_a_limit_counts_from_its_day_on_and_dates_given_stay(database: Database, city: City) -> None:
    with database.transaction() as db:
        first = an_appeal(db).case_id
        monday = date(2026, 6, 22)
        set_limit(
            db,
            NOW,
            city.actor(db, "an"),
            "result",
            Limit(5, "workdays"),
            kind="help",
            reason="新规",
            starts_on=monday,
        )
        assert _own(db, an_appeal(db).case_id).amount == 10
        assert limit_for("result", kind="help", table=limit_table(db, monday)).amount == 5
        assert _own(db, first).amount == 10
        later = deadlines.start(db, NOW + timedelta(days=4), "case", 9999, "result", kind="help")
        assert later.amount == 5


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("reason", {"reason": "  "}),
        ("starts_on", {"starts_on": date(2026, 6, 17)}),
        ("amount", {"limit": Limit(251, "workdays")}),
        ("amount", {"limit": Limit(721, "hours")}),
        ("remind_before", {"remind_before": 31}),
        ("remind_before", {"remind_before": -1}),
        ("event", {"event": "lunch"}),
    ],
)
def test_a_limit_nobody_could_mean_is_refused(database: Database, field: str, wrong: dict[str, Any]) -> None:
    values = {"event": "result", "limit": Limit(5, "workdays"), "reason": "新规"} | wrong
    with pytest.raises(Invalid) as refused, database.transaction() as db:
        set_limit(db, NOW, SYSTEM, values.pop("event"), values.pop("limit"), **values)
    assert refused.value.field == field


def _limit(db: Session, limit: Limit | None, **words: Any) -> None:
    set_limit(db, NOW, SYSTEM, "result", limit, reason="市里的规定", **words)


def test_the_portals_background_work_closes_what_is_due(app: Flask, city: City) -> None:
    database: Database = app.extensions["portal_database"]
    with database.transaction() as db:
        filed = a_case(db, city, "answered")
    ran = timetable.tick(database, NOW + timedelta(days=20))
    assert {"cases.close_due", "cases.note_stages"} <= set(ran)
    with database.reading() as db:
        assert db.get_one(Case, filed.case_id).state == "closed"
