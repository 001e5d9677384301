"""Answering, rating, the three gates, closing by people and by the clock, reopening."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import jobs, service
from portal.cases.history import HistoryEntry
from portal.cases.models import Case
from portal.cases.texts import CaseMechanism, Note, Reply
from portal.deadlines.models import Clock
from portal.identity.actors import asker
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden, Invalid, NotFound, PortalError, Refused
from tests.builders import Walk, a_case, an_appeal
from tests.cast import NOW, City

LATER = NOW + timedelta(days=20)


def _last(db: Session, case_id: int) -> HistoryEntry:
    return db.scalars(
        select(HistoryEntry).where(HistoryEntry.case_id == case_id).order_by(HistoryEntry.id.desc())
    ).first()  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("tier", "given", "field"),
    [
        ("first_ask", {"body": " ", "closing_kind": "explained", "legal_ground": "条例"}, "body"),
        ("first_ask", {"body": "已办", "closing_kind": "solved", "not_needed_because": "个例"}, "evidence"),
        ("first_ask", {"body": "不行", "closing_kind": "explained"}, "legal_ground"),
        ("first_ask", {"body": "已转", "closing_kind": "not_ours"}, "handed_to"),
        ("first_ask", {"body": "找不到人", "closing_kind": "unreachable"}, "closing_kind"),
        ("first_ask", {"body": "办了", "closing_kind": "done"}, "closing_kind"),
        ("escalated", {"body": "办不了", "closing_kind": "not_ours", "handed_to": "法院"}, "way_forward"),
    ],
)
def test_an_answer_brings_what_its_way_of_closing_needs(
    database: Database, city: City, tier: str, given: dict[str, str], field: str
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling", tier=tier)
    with pytest.raises(Invalid) as refused, database.transaction() as db:
        service.answer(db, NOW, city.actor(db, "lin"), filed.case_id, **given)  # type: ignore[arg-type]
    assert refused.value.field == field
    with database.reading() as db:
        assert db.scalars(select(Reply)).all() == []


def test_solved_needs_the_mechanism_looked_at(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "answered")
        assert db.get_one(CaseMechanism, filed.case_id).not_needed_because == "个别灯具老化"
        again = a_case(db, city, "handling")
        from tests.builders import evidence

        lin = city.actor(db, "lin")
        service.add_evidence(db, NOW, lin, again.case_id, [evidence(db, city)], ["图"])
        with pytest.raises(Invalid) as refused:
            service.answer(db, NOW, lin, again.case_id, "修好了", "solved")
        assert refused.value.field == "not_needed_because"


def test_an_answer_stops_the_clock_and_opens_the_rating(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "answered")
        case = db.get_one(Case, filed.case_id)
        own = db.scalars(select(Clock).where(Clock.event == "result")).one()
        assert (own.stopped_at, case.due_at) == (NOW, None)
        # Fourteen calendar days from the 18th end on the 2nd of July, at midnight.
        assert case.rating_until == datetime.fromisoformat("2026-07-02T16:00:00+00:00")


def test_while_the_rating_is_open_nobody_closes_a_solved_case(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "answered")
    with pytest.raises(Refused) as refused, database.transaction() as db:
        service.close(db, NOW, city.actor(db, "mei"), filed.case_id)
    assert refused.value.params["gates"] == ("satisfied",)
    with database.transaction() as db:
        assert service.close_due(db, NOW + timedelta(days=13)) == 0


def test_not_rated_stays_not_rated_and_closes_when_the_time_is_over(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "answered")
    assert jobs.close_due(database, LATER) == "1 of 1"
    with database.reading() as db:
        case = db.get_one(Case, filed.case_id)
        assert (case.state, case.closing_kind) == ("closed", "solved")
        entry = _last(db, case.id)
        assert entry.actor_kind == "system"
        assert entry.details == {"kind": "solved", "exception": "not_rated"}
    assert jobs.close_due(database, LATER) is None


def test_dissatisfied_without_words_waits_for_a_call_back(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "answered")
        Walk(db, city, NOW, filed).rate("very_dissatisfied")
        assert db.get_one(Case, filed.case_id).state == "answered"
    assert jobs.close_due(database, LATER) is None
    with pytest.raises(Forbidden), database.transaction() as db:
        service.call_back(db, LATER, city.actor(db, "lin"), filed.case_id, True, "说满意了")
    with database.transaction() as db:
        service.call_back(db, LATER, city.actor(db, "ke"), filed.case_id, True, "电话回访：灯亮了")
        assert db.get_one(Case, filed.case_id).state == "closed"
        assert _last(db, filed.case_id).details["exception"] == "call_back_satisfied"


def test_dissatisfied_with_words_asks_for_reopening_and_a_new_limit_begins(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "reopen_requested")
        reopening = db.scalars(select(Clock).where(Clock.event == "reopening")).one()
        assert str(reopening.due_day) == "2026-06-22"
        service.decide_reopening(db, NOW, city.actor(db, "mei"), filed.case_id, True, "现场看仍不亮")
        case = db.get_one(Case, filed.case_id)
        assert (case.state, case.answered_at, case.rating_until) == ("handling", None, None)
        remedy = db.scalars(select(Clock).where(Clock.event == "remedy")).one()
        assert (remedy.amount, remedy.unit) == (15, "workdays")
        assert case.due_day == remedy.due_day
        assert db.scalars(select(Note).where(Note.for_asker, Note.body.contains("现场"))).one()
        # Made good needs proof of its own: that of the first reply is used up.
        with pytest.raises(Invalid) as refused:
            service.answer(
                db, NOW, city.actor(db, "lin"), filed.case_id, "又修了", "solved", not_needed_because="个例"
            )
        assert refused.value.field == "evidence"
        walk = Walk(db, city, NOW, filed)
        walk.answer()
        walk.rate("satisfied")
        assert db.get_one(Case, filed.case_id).state == "closed"


def test_a_refused_reopening_closes_with_the_refusal_on_record(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "reopen_requested")
        service.decide_reopening(db, NOW, city.actor(db, "mei"), filed.case_id, False, "已按规定修复")
        case = db.get_one(Case, filed.case_id)
        assert (case.state, case.closing_kind) == ("closed", "solved")
        entry = _last(db, filed.case_id)
        assert entry.details == {"kind": "solved", "exception": "reopening_refused"}


def test_a_closed_case_keeps_how_it_was_closed_when_reopening_is_refused(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "closed", closing="not_ours")
        service.request_reopening(db, NOW, asker(filed.appeal_id), filed.case_id, "没有人接手")
        assert db.get_one(Case, filed.case_id).closing_kind is None
        service.decide_reopening(db, NOW, city.actor(db, "mei"), filed.case_id, False, "已接手")
        assert db.get_one(Case, filed.case_id).closing_kind == "not_ours"


def test_two_persons_ask_for_and_decide_a_reopening(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "closed")
        service.request_reopening(db, LATER, city.actor(db, "su"), filed.case_id, "回头看未解决")
    with pytest.raises(Refused) as refused, database.transaction() as db:
        service.decide_reopening(db, LATER, city.actor(db, "su"), filed.case_id, True, "重办")
    assert refused.value.code == "second_person_required"


def test_after_the_rating_window_an_asker_cannot_reopen_but_the_office_can(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "closed")
    with pytest.raises(Refused) as refused, database.transaction() as db:
        service.request_reopening(db, LATER, asker(filed.appeal_id), filed.case_id, "又坏了")
    assert refused.value.code == "rating_over"
    with database.transaction() as db:
        service.request_reopening(db, LATER, city.actor(db, "ke"), filed.case_id, "回头看未解决")


def test_whoever_wrote_the_reply_does_not_close_the_case(database: Database, city: City) -> None:
    from portal.identity import service as people
    from portal.identity.actors import SYSTEM

    with database.transaction() as db:
        filed = a_case(db, city, "answered", closing="explained")
        people.appoint(
            db,
            NOW,
            SYSTEM,
            city.person("lin"),
            "moderator",
            unit_id=city.unit("office"),
            starts_on=NOW.date(),
        )
    with pytest.raises(Refused) as refused, database.transaction() as db:
        service.close(db, LATER, city.actor(db, "lin"), filed.case_id)
    assert refused.value.code == "second_person_required"


def test_an_asker_who_does_not_answer_is_unreachable_only_when_the_time_is_over(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "waiting_asker")
    with pytest.raises(Refused), database.transaction() as db:
        service.close(db, NOW, city.actor(db, "mei"), filed.case_id)
    assert jobs.close_due(database, NOW + timedelta(days=4)) is None
    assert jobs.close_due(database, NOW + timedelta(days=6)) == "1 of 1"
    with database.transaction() as db:
        case = db.get_one(Case, filed.case_id)
        assert (case.state, case.closing_kind) == ("closed", "unreachable")
        # Whoever comes back in time is heard.
        service.request_reopening(db, NOW + timedelta(days=7), asker(filed.appeal_id), case.id, "我刚看到")
        service.decide_reopening(
            db, NOW + timedelta(days=7), city.actor(db, "mei"), case.id, False, "仍无法核实"
        )
        assert db.get_one(Case, filed.case_id).closing_kind == "unreachable"


def test_work_goes_on_when_somebody_outside_takes_too_long(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "waiting_external")
    assert jobs.close_due(database, NOW + timedelta(days=13)) is None
    assert jobs.close_due(database, NOW + timedelta(days=16)) == "1 of 1"
    with database.reading() as db:
        case = db.get_one(Case, filed.case_id)
        assert case.state == "handling"
        assert case.due_at is not None


def test_a_joint_case_closes_only_when_every_part_is_settled(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "answered", tier="joint", supporting=("roads",), closing="explained")
        walk = Walk(db, city, NOW, filed, tier="joint")
        walk.rate("satisfied")
        assert db.get_one(Case, filed.case_id).state == "answered"
    assert jobs.close_due(database, LATER) is None
    with pytest.raises(Refused) as refused, database.transaction() as db:
        service.close(db, LATER, city.actor(db, "mei"), filed.case_id)
    assert refused.value.params["gates"] == ("parts",)
    with database.transaction() as db:
        walk = Walk(db, city, NOW, filed, tier="joint")
        walk.settle(walk.open_parts()[0])
    assert jobs.close_due(database, LATER) == "1 of 1"


def test_one_rating_per_appeal_and_reply(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "answered")
        walk = Walk(db, city, NOW, filed)
        walk.rate("dissatisfied")
        with pytest.raises(Refused) as refused:
            walk.rate("very_satisfied")
        assert refused.value.code == "rated_before"


def test_merged_askers_each_rate_and_the_last_one_closes(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed, also = a_case(db, city, "handling"), a_case(db, city, "screened")
        service.merge(db, NOW, city.actor(db, "mei"), also.case_id, filed.case_id, "同一盏灯")
        walk = Walk(db, city, NOW, filed)
        walk.answer()
        walk.rate("satisfied")
        assert db.get_one(Case, filed.case_id).state == "answered"
        service.rate(
            db, NOW, asker(also.appeal_id), filed.case_id, "neutral", "neutral", "neutral", overall="neutral"
        )
        assert db.get_one(Case, filed.case_id).state == "closed"


@pytest.mark.parametrize("state", ["handling", "submitted", "withdrawn"])
def test_nothing_to_rate_before_there_is_an_answer(database: Database, city: City, state: str) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, state)
    with pytest.raises(PortalError), database.transaction() as db:
        Walk(db, city, NOW, filed).rate("satisfied")


def test_a_stranger_rates_nothing(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed, other = a_case(db, city, "answered"), an_appeal(db)
    with pytest.raises(NotFound), database.transaction() as db:
        service.rate(db, NOW, asker(other.appeal_id), filed.case_id, "satisfied", "satisfied", "satisfied")
