"""Who is told what of a case: the clock chases the handler and then the head, askers hear of each step."""

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.alerts import service as alerts
from portal.alerts.composing import draw, speaking
from portal.alerts.jobs import run
from portal.alerts.models import Alert
from portal.cases import jobs, service
from portal.cases.history import HistoryEntry
from portal.cases.models import Case
from portal.cases.service import Contact
from portal.cases.service.screening import name_concerned
from portal.identity import service as identity
from portal.identity.actors import SYSTEM, asker
from portal.identity.models import Absence, Person
from portal.identity.queries import covering
from portal.kernel.db import Database
from portal.settings import Settings
from tests.builders import Walk, a_case
from tests.cast import KEYS, NOW, City
from tests.mailbox import mailbox

DUE = date(2026, 7, 3)
"""When a request for help of the cast's Thursday is due: ten working days, with a holiday among them."""
SOON = datetime(2026, 6, 29, 16, 0, tzinfo=NOW.tzinfo)
"""Midnight that begins Tuesday the 30th: three working days before."""
AFTER = datetime(2026, 7, 3, 16, 0, tzinfo=NOW.tzinfo)
"""Midnight that ends the day on which it was due."""
MAILED = Contact(name="王小满", email="wang@example.org")


@pytest.fixture
def database(app: Flask) -> Iterator[Database]:
    with app.app_context():
        yield app.extensions["portal_database"]


def told(database: Database, *kinds: str) -> list[tuple[str, str]]:
    """Kind and person of the staff, oldest first."""
    with database.reading() as db:
        rows = db.scalars(select(Alert).where(Alert.recipient_kind == "person").order_by(Alert.id))
        return [(row.kind, KEYS[row.recipient_id - 1]) for row in rows if not kinds or row.kind in kinds]


def sweep(database: Database, now: datetime) -> None:
    jobs.note_stages(database, now)
    jobs.note_stages(database, now)


def away(database: Database, city: City, key: str, first: date, last: date) -> None:
    with database.transaction() as db:
        db.add(Absence(person_id=city.person(key), starts_on=first, ends_on=last))


def deputy(database: Database, city: City, key: str, absent: str, unit: str, role: str) -> None:
    with database.transaction() as db:
        identity.appoint(
            db,
            NOW,
            SYSTEM,
            city.person(key),
            role,
            unit_id=city.unit(unit),
            starts_on=date(2026, 6, 1),
            deputy_for_id=city.person(absent),
        )


def test_the_handler_is_reminded_before_and_the_head_too_on_the_day_after(database, city):
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        assert db.get_one(Case, filed.case_id).due_day == DUE
    sweep(database, SOON - timedelta(seconds=1))
    assert told(database, "case.due_soon") == []
    sweep(database, SOON)
    assert told(database, "case.due_soon") == [("case.due_soon", "lin")]
    sweep(database, AFTER - timedelta(seconds=1))
    assert told(database, "case.overdue") == []
    sweep(database, AFTER)
    assert sorted(told(database, "case.overdue")) == [("case.overdue", "hou"), ("case.overdue", "lin")]
    with database.reading() as db:
        acts = db.scalars(select(HistoryEntry.act).where(HistoryEntry.case_id == filed.case_id)).all()
    assert [act for act in acts if act in ("due_soon", "overdue")] == ["due_soon", "overdue"]


def test_whoever_is_on_leave_is_covered_by_their_deputy(database, city):
    deputy(database, city, "shui", "lin", "housing", "official")
    away(database, city, "lin", date(2026, 6, 29), date(2026, 7, 1))
    with database.transaction() as db:
        a_case(db, city, "handling")
    sweep(database, SOON)
    assert told(database, "case.due_soon") == [("case.due_soon", "shui")]
    sweep(database, AFTER)
    assert ("case.overdue", "lin") in told(database), "back at work"


def test_without_a_deputy_the_rest_of_the_unit_is_told(database, city):
    away(database, city, "lin", date(2026, 6, 29), date(2026, 7, 1))
    with database.transaction() as db:
        a_case(db, city, "handling")
    sweep(database, SOON)
    assert told(database, "case.due_soon") == [("case.due_soon", "hou")]


@pytest.mark.parametrize(
    ("absent", "deputies", "covers", "remark"),
    [
        ((), (), ("lin",), "at work: they themselves"),
        (("lin",), (), (), "away without a deputy: nobody"),
        (("lin",), ("shui",), ("shui",), "away: the deputy"),
        (("lin", "shui"), ("shui",), (), "the deputy is away too"),
        (("lin", "shui"), ("shui", "qiao"), ("qiao",), "the other deputy"),
    ],
)
def test_who_covers_for_whom(database, city, absent, deputies, covers, remark):
    for key in deputies:
        deputy(database, city, key, "lin", "housing", "official")
    for key in absent:
        away(database, city, key, NOW.date(), NOW.date())
    with database.reading() as db:
        found = covering(db, [city.person("lin")], NOW.date())
    assert found == {city.person("lin"): tuple(city.person(key) for key in covers)}, remark


def test_a_date_that_moves_is_reminded_of_anew(database, city):
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
    sweep(database, SOON)
    with database.transaction() as db:
        lin, nuo = city.actor(db, "lin"), city.actor(db, "nuo")
        asked = service.request_extension(db, SOON, lin, filed.case_id, date(2026, 7, 20), "管线要等厂家发货")
        db.flush()
        service.decide_extension(db, SOON, nuo, asked.id, True, "理由充分")
    sweep(database, AFTER)
    assert told(database, "case.overdue") == [], "it is not due any more"
    sweep(database, SOON + timedelta(days=16))
    assert told(database, "case.due_soon") == [("case.due_soon", "lin")] * 2


def test_a_case_that_was_answered_reminds_nobody(database, city, settings):
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
    sweep(database, SOON)
    with database.transaction() as db:
        Walk(db, city, SOON, filed).answer()
        alert = db.scalars(select(Alert).where(Alert.kind == "case.due_soon")).one()
        assert draw(db, SOON, alert) is None, "the reminder has nothing to say any more"
    sweep(database, AFTER + timedelta(days=5))
    assert told(database, "case.overdue") == []


def test_work_is_given_comes_back_and_waits_for_decisions(database, city):
    with database.transaction() as db:
        filed = a_case(db, city, "objected")
    assert told(database) == [
        ("case.assigned", "hou"),
        ("case.assigned", "lin"),
        ("case.decide", "mei"),
        ("case.decide", "nuo"),
    ]
    with database.transaction() as db:
        other = a_case(db, city, "handling")
        question, _token = Walk(db, city, NOW, other).ask()
        service.answer_question(db, NOW, asker(other.appeal_id), question, "三号楼门口那一盏")
        heard = db.scalars(select(Alert).where(Alert.kind == "case.back")).all()
        assert [(row.subject_id, row.recipient_id) for row in heard] == [(other.case_id, city.person("lin"))]
        assert filed.case_id != other.case_id


def test_who_is_complained_about_is_told_nothing(database, city):
    with database.transaction() as db:
        a_case(db, city, "assigned", unit="housing", concerns_person_id=city.person("hou"))
    assert [who for kind, who in told(database) if kind == "case.assigned"] == ["lin"]
    sweep(database, NOW + timedelta(days=30))
    assert "hou" not in {who for _kind, who in told(database)}


def test_an_alert_goes_silent_when_its_reader_may_not_know_any_more(database, city):
    with database.transaction() as db:
        filed = a_case(db, city, "assigned")
        alert = db.scalars(select(Alert).where(Alert.recipient_id == city.person("hou"))).one()
        with speaking("en"):
            assert draw(db, NOW, alert).title == f"{filed.ref} was given to you"
        mei, hou = city.actor(db, "mei"), city.person("hou")
        name_concerned(db, NOW, mei, filed.appeal_id, filed.case_id, unit_id=None, person_id=hou)
        assert draw(db, NOW, alert) is None


def test_a_played_past_disturbs_nobody(database, city):
    with database.transaction() as db:
        alerts.silence(db)
        a_case(db, city, "closed")
        alerts.silence(db, False)
        a_case(db, city, "assigned")
    with database.reading() as db:
        assert len(db.scalars(select(Alert)).all()) == 2, "Hou and Lin, of the second"


def test_the_asker_hears_of_each_step_in_their_language_without_a_word_of_the_matter(
    database: Database, city: City, settings: Settings
):
    with mailbox() as post:
        set_up = dataclasses.replace(settings, mail_url=post.url)
        with database.transaction() as db:
            filed = a_case(db, city, "answered", contact=MAILED, locale="en")
        run(database, NOW, set_up)
        with database.transaction() as db:
            Walk(db, city, NOW, filed).satisfy()
        run(database, NOW, set_up)
    ours = [message for message in post.messages if message["To"] == "wang@example.org"]
    assert [message["Subject"].partition(": ")[2] for message in ours] == [
        "市住房和城乡建设局 accepted it",
        "市住房和城乡建设局 answered",
        "Closed",
    ]
    for message in ours:
        text = message.as_string()
        assert f"/appeals/track?receipt={filed.receipt}" in message.get_content()
        assert filed.code not in text
        assert "路灯" not in message.get_content()


def test_an_erased_asker_is_not_written_to(database: Database, city: City, settings: Settings):
    with mailbox() as post:
        with database.transaction() as db:
            filed = a_case(db, city, "answered", contact=MAILED)
            service.erase_appeal(db, NOW, city.actor(db, "mei"), filed.appeal_id, "本人要求删除")
        run(database, NOW, dataclasses.replace(settings, mail_url=post.url))
        assert post.messages == []


def test_the_staff_find_the_matter_in_the_portal_and_not_in_the_mail(database, city, settings):
    with database.transaction() as db:
        db.get_one(Person, city.person("lin")).email = "lin@city.example"
        a_case(db, city, "assigned")
    with mailbox() as post:
        run(database, NOW, dataclasses.replace(settings, mail_url=post.url))
        (message,) = post.messages
    assert "路灯" not in message.as_string()
    with database.reading() as db:
        alert = db.scalars(select(Alert).where(Alert.recipient_id == city.person("lin"))).one()
        with speaking("zh_Hans"):
            assert "路灯" in draw(db, NOW, alert).about
