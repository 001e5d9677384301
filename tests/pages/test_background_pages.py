"""The administrator's pages of what goes on behind: mails that did not go out, and the timetable."""

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.administration.queries.timetable import JOBS
from portal.alerts import service
from portal.alerts.kinds import Kind, Recipient, register
from portal.alerts.models import Alert, Delivery
from portal.alerts.rules import Group
from portal.identity.models import AdminEntry, Person
from portal.kernel import clock, jobs
from portal.kernel.db import Database
from portal.kernel.jobs import TimetableRow
from tests.cast import NOW, City
from tests.client import Client
from tests.statements import counted

POST, TIMETABLE = "/desk/admin/post", "/desk/admin/timetable"


@pytest.fixture
def base(app: Flask) -> Database:
    found: Database = app.extensions["portal_database"]
    return found


@pytest.fixture
def an(client: Client, city: City) -> Client:
    """An, the administrator, at her desk."""
    client.lang = "en"
    return client.sign_in(city.person("an"))


@pytest.fixture
def dead(base: Database, city: City):
    """So many mails to Lin that were given up."""
    register(Kind("test.news", Group.CLOCK, "alerts/confirm.txt", lambda *_: None))

    def made(many: int = 1, trouble: str = "recipient_refused") -> None:
        with base.transaction() as db:
            db.get_one(Person, city.person("lin")).email = "lin@city.example"
            for number in range(many):
                one = Recipient("person", city.person("lin"))
                service.tell(db, NOW, "test.news", 7, [one], occasion=f"{trouble}{number}")
            for row in db.scalars(select(Delivery).where(Delivery.state == "waiting")).all():
                row.state, row.tries, row.trouble, row.done_at = "dead", 12, trouble, NOW

    return made


def states(base: Database) -> list[str]:
    with base.reading() as db:
        return list(db.scalars(select(Delivery.state).order_by(Delivery.id)))


@pytest.mark.parametrize("key", ["mei", "su", "hou", "lin", "ke", "ji"])
@pytest.mark.parametrize("path", [POST, TIMETABLE])
def test_nobody_but_an_administrator_sees_them(client: Client, city: City, key: str, path: str) -> None:
    assert client.sign_in(city.person(key)).get(path).status == 403


@pytest.mark.parametrize("path", [f"{POST}/1/again", f"{POST}/again", f"{TIMETABLE}/alerts.post/run"])
def test_nobody_but_an_administrator_acts(
    client: Client, city: City, base: Database, dead, path: str
) -> None:
    dead()
    mei = client.sign_in(city.person("mei"))
    token = mei.get("/desk/").forms()[0].fields["csrf_token"]
    assert mei.post(path, {"csrf_token": token}).status == 403
    assert states(base) == ["dead"]


@pytest.mark.parametrize("lang", ["zh_Hans", "zh_Hant", "en"])
def test_the_pages_are_there_in_every_language(an: Client, dead, lang: str) -> None:
    dead()
    an.lang = lang
    assert an.get(POST).status == an.get(TIMETABLE).status == 200


def test_a_dead_letter_says_why_and_shows_no_address_and_no_words(an: Client, dead) -> None:
    dead()
    page = an.get(POST)
    assert "does not know this address, or does not take it" in page.text
    assert "Deadlines" in page.text
    assert "tried 12 times" in page.text
    assert "lin@city.example" not in page.html
    assert "林工" not in page.html


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("smtp_550", "refused it (code 550)"),
        ("ConnectionRefusedError", "could not be reached (ConnectionRefusedError)"),
        ("no_encryption", "no encryption"),
        ("gateway_refused", "gateway"),
        ("", "could not be reached"),
    ],
)
def test_every_trouble_has_words(an: Client, dead, trouble: str, words: str) -> None:
    dead(trouble=trouble)
    assert words in an.get(POST).text


def test_one_is_tried_again_and_it_is_on_record(an: Client, base: Database, city: City, dead) -> None:
    dead(2)
    after = an.submit(an.get(POST), f"{POST}/1/again")
    assert "tried again in a moment" in after.text
    assert states(base) == ["waiting", "dead"]
    with base.reading() as db:
        entry = db.scalars(select(AdminEntry).where(AdminEntry.kind == "delivery.retried")).one()
        assert entry.actor_id == city.person("an")
    assert "Mail or text tried again" in after.text
    token = {"csrf_token": after.form("/again").fields["csrf_token"]}
    assert an.post(f"{POST}/1/again", token).status == 404, "it is not dead any more"


def test_all_are_tried_again_when_the_reason_is_mended(an: Client, base: Database, dead) -> None:
    dead(3)
    an.submit(an.get(POST), f"{POST}/again")
    assert states(base) == ["waiting"] * 3
    assert "Nothing was given up" in an.get(POST).text


def test_the_letters_turn_their_pages_with_the_same_statements(an: Client, app: Flask, dead) -> None:
    dead(1)
    with counted(app) as few:
        an.get(POST)
    dead(30, "smtp_451")
    with counted(app) as many:
        first = an.get(POST)
    assert len(few) == len(many) <= 8
    assert 'id="letter-31"' in first.html
    second = an.get(first.links()["Older"])
    assert 'id="letter-1"' in second.html
    assert "Try all" not in second.text


def test_it_says_what_is_not_set_up(an: Client, app: Flask) -> None:
    assert "PORTAL_MAIL_URL" in an.get(POST).text
    app.extensions["portal_settings"] = dataclasses.replace(
        app.extensions["portal_settings"], mail_url="smtp://localhost"
    )
    assert "PORTAL_MAIL_URL" not in an.get(POST).text


def test_every_job_has_words_for_the_administrator(app: Flask) -> None:
    missing = [job.name for job in jobs.known() if not job.name.startswith("test") and job.name not in JOBS]
    assert not missing, "say in portal/administration/queries/timetable.py what it does"


def test_the_timetable_tells_what_ran_and_what_fails(an: Client, base: Database) -> None:
    with base.transaction() as db:
        now = clock.now()
        db.add(
            TimetableRow(
                name="alerts.post", next_at=now + timedelta(hours=1), last_at=now, last_result="3 of 3"
            )
        )
        db.add(
            TimetableRow(
                name="intake.tidy",
                next_at=now - timedelta(minutes=1),
                last_at=now,
                last_result="OSError",
                failures=4,
            )
        )
    with counted(base) as statements:
        text = an.get(TIMETABLE).text
    assert "It said: 3 of 3" in text
    assert "Failed 4 times in a row: OSError" in text
    assert "Never yet" in text
    assert "Due now" in text
    assert len(statements) <= 7, statements


def test_a_job_is_hurried_and_it_is_on_record(an: Client, base: Database, city: City) -> None:
    with base.transaction() as db:
        db.add(TimetableRow(name="intake.tidy", next_at=clock.now() + timedelta(hours=9)))
    after = an.submit(an.get(TIMETABLE), "/intake.tidy/run")
    assert "runs in a moment" in after.text
    with base.reading() as db:
        assert db.get_one(TimetableRow, "intake.tidy").next_at <= clock.now()
        entry = db.scalars(select(AdminEntry).where(AdminEntry.kind == "job.hurried")).one()
        assert (entry.actor_id, entry.what) == (city.person("an"), "intake.tidy")
    assert "Clear away forms that were never sent" in after.text


@pytest.mark.parametrize("name", ["nobody.knows", "x" * 200, "é"])
def test_only_a_job_that_is_there_can_be_run(an: Client, base: Database, name: str) -> None:
    token = {"csrf_token": an.get(TIMETABLE).form("/run").fields["csrf_token"]}
    assert an.post(f"{TIMETABLE}/{name}/run", token).status == 404
    with base.reading() as db:
        assert db.scalars(select(AdminEntry).where(AdminEntry.kind == "job.hurried")).all() == []


def test_nothing_of_the_letters_holds_words(base: Database, dead) -> None:
    dead()
    with base.reading() as db:
        assert db.scalars(select(Alert)).one().data == {}
