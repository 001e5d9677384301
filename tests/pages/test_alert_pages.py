"""The staff's alerts: the list, what opening does, and what they choose to be told by mail and text."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.alerts import queries, service
from portal.alerts.kinds import Kind, Recipient, register
from portal.alerts.models import Alert, AlertChoice, AlertHours
from portal.alerts.rules import Group, Mode, Way
from portal.identity.models import Person
from tests.builders import a_case
from tests.cast import NOW, City
from tests.client import Client
from tests.statements import counted

INBOX, CHOICES = "/desk/alerts", "/account/alerts"
HIDDEN: set[int] = set()
Told = Callable[..., None]


@pytest.fixture
def tell(app: Flask, city: City) -> Told:
    """Somebody is told of things, by their numbers."""
    HIDDEN.clear()
    register(Kind("test.news", Group.WORK, "alerts/confirm.txt", load))

    def told(who: str, *numbers: int) -> None:
        with app.extensions["portal_database"].transaction() as db:
            for number in numbers:
                one = Recipient("person", city.person(who))
                service.tell(
                    db, NOW + timedelta(minutes=number), "test.news", number, [one], occasion=str(number)
                )

    return told


def load(db, now, told):
    if told.subject_id in HIDDEN:
        return None
    return {"name": f"路灯 <{told.subject_id}>", "path": f"/desk/cases?q={told.subject_id}"}


@pytest.fixture
def lin(client: Client, city: City) -> Client:
    client.lang = "en"
    return client.sign_in(city.person("lin"))


def alert_of(app: Flask, number: int) -> Alert:
    with app.extensions["portal_database"].reading() as db:
        return db.scalars(select(Alert).where(Alert.subject_id == number)).one()


def unread(app: Flask, city: City, who: str) -> int:
    with app.extensions["portal_database"].reading() as db:
        return queries.unread(db, city.person(who))


def test_alerts_stand_newest_first_in_the_readers_language(lin: Client, tell: Told) -> None:
    tell("lin", 1, 2)
    tell("hou", 3)
    page = lin.get(INBOX)
    assert [title for title in ("路灯 <2>", "路灯 <1>") if title in page.text] == ["路灯 <2>", "路灯 <1>"]
    assert page.text.index("路灯 <2>") < page.text.index("路灯 <1>")
    assert "do you want to follow" in page.text
    assert "路灯 <3>" not in page.text, "somebody else's"
    lin.lang = "zh_Hans"
    assert "请确认" in lin.get(INBOX).text


def test_looking_at_the_list_marks_nothing(lin: Client, app: Flask, city: City, tell: Told) -> None:
    tell("lin", 1)
    for _ in range(2):
        assert "New" in lin.get(INBOX).text
    assert unread(app, city, "lin") == 1


def test_opening_one_marks_it_and_leads_there(lin: Client, app: Flask, city: City, tell: Told) -> None:
    tell("lin", 1, 2)
    number = alert_of(app, 2).id
    answer = lin.submit(lin.get(INBOX), f"/{number}/open", follow=False)
    assert (answer.status, answer.location) == (303, "/desk/cases?q=2")
    assert unread(app, city, "lin") == 1
    page = lin.get(INBOX)
    assert any(address == "/desk/cases?q=2" for address in page.links().values()), "a plain link from now on"


def test_a_link_that_is_fetched_opens_nothing(lin: Client, app: Flask, city: City, tell: Told) -> None:
    tell("lin", 1)
    assert lin.get(f"{INBOX}/{alert_of(app, 1).id}/open").status == 405
    assert lin.post(f"{INBOX}/{alert_of(app, 1).id}/open").status == 200, "back at the list, with a word"
    assert unread(app, city, "lin") == 1


def test_nobody_opens_somebody_elses(lin: Client, app: Flask, city: City, tell: Told) -> None:
    tell("lin", 1)
    tell("hou", 2)
    form = lin.get(INBOX).form("/open")
    answer = lin.post(f"{INBOX}/{alert_of(app, 2).id}/open", form.fields)
    assert answer.status == 404
    assert unread(app, city, "hou") == 1


def test_all_are_marked_up_to_the_newest_that_was_seen(
    lin: Client, app: Flask, city: City, tell: Told
) -> None:
    tell("lin", 1, 2)
    tell("hou", 3)
    page = lin.get(INBOX)
    tell("lin", 4)
    after = lin.submit(page, "/desk/alerts/read")
    assert unread(app, city, "lin") == 1, "what came meanwhile stays new"
    assert unread(app, city, "hou") == 1
    assert after.text.count("New ") == 1


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 40, "²"])
def test_a_made_up_newest_marks_nothing_and_breaks_nothing(
    lin: Client, app: Flask, city: City, tell: Told, typed: str
) -> None:
    tell("lin", 1)
    page = lin.get(INBOX)
    assert lin.submit(page, "/desk/alerts/read", up_to=typed).status == 200
    assert unread(app, city, "lin") == 1
    assert lin.get(INBOX, query_string={"before": typed}).status == 200


def test_what_may_not_be_seen_any_more_says_nothing_of_it(
    lin: Client, app: Flask, city: City, tell: Told
) -> None:
    tell("lin", 1)
    page = lin.get(INBOX)
    HIDDEN.add(1)
    after = lin.submit(page, "/open")
    assert "no longer open to you" in after.text
    assert "路灯" not in after.text
    assert unread(app, city, "lin") == 0


def test_the_list_turns_its_pages(lin: Client, app: Flask, tell: Told) -> None:
    tell("lin", *range(1, 31))
    with counted(app) as statements:
        first = lin.get(INBOX)
    assert len(statements) <= 5, statements
    second = lin.get(first.links()["Older"])
    assert "路灯 <6>" in first.text
    assert "路灯 <5>" not in first.text
    assert "路灯 <5>" in second.text
    assert "Mark all" not in second.text
    assert "路灯 <30>" in lin.get(second.links()["Newest"]).text


def test_who_reads_is_looked_up_once_for_the_whole_list(lin: Client, app: Flask, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        for _ in range(8):
            a_case(db, city, "assigned")
    with counted(app) as statements:
        assert lin.get(INBOX).html.count('id="alert-') >= 8
    assert len([text for text in statements if "FROM unit" in text]) <= 2


def test_an_empty_list_says_why(lin: Client) -> None:
    assert "No alerts yet" in lin.get(INBOX).text


def test_the_bar_counts_what_is_new_with_one_statement(lin: Client, app: Flask, tell: Told) -> None:
    assert "not opened" not in lin.get("/desk/").html
    tell("lin", 1, 2, 3)
    with counted(app) as statements:
        page = lin.get("/desk/")
    assert 'aria-label="Alerts: 3 not opened"' in page.html
    about = [text for text in statements if "FROM alert" in text]
    assert len(about) == 1
    assert not [text for text in statements if text.startswith(("UPDATE", "INSERT", "DELETE"))]
    tell("lin", *range(4, 120))
    assert "more than 99" in lin.get("/desk/").html


def test_the_public_has_no_alerts(client: Client) -> None:
    for path in (INBOX, CHOICES):
        assert client.get(path, follow=False).status == 303
        assert client.post(path, follow=False).status in (303, 405)


@pytest.mark.parametrize("lang", ["zh_Hans", "zh_Hant", "en"])
def test_the_pages_are_there_in_every_language(lin: Client, tell: Told, lang: str) -> None:
    tell("lin", 1)
    lin.lang = lang
    assert lin.get(INBOX).status == lin.get(CHOICES).status == 200


def test_everybody_chooses_by_group_and_way(lin: Client, app: Flask, city: City) -> None:
    page = lin.get(lin.get("/account/").links()["Choose"])
    saved = lin.submit(
        page, CHOICES, work_mail="daily", clock_sms="off", quiet_from="22", quiet_to="6", digest_hour="9"
    )
    assert "Saved" in saved.text
    with app.extensions["portal_database"].reading() as db:
        chosen = queries.chosen(db, city.person("lin"))
        assert chosen.modes[Group.WORK, Way.MAIL] is Mode.DAILY
        assert chosen.modes[Group.CLOCK, Way.SMS] is Mode.OFF
        assert (chosen.quiet_from, chosen.quiet_to, chosen.digest_hour) == (22, 6, 9)
        assert db.get(AlertHours, city.person("hou")) is None, "nobody else's"
        assert len(db.scalars(select(AlertChoice)).all()) == 2, "what is as by default is not kept"
    fields = lin.get(CHOICES).form(CHOICES).fields
    assert (fields["work_mail"], fields["clock_sms"], fields["quiet_from"]) == ("daily", "off", "22")


@pytest.mark.parametrize("wrong", [{"work_mail": "hourly"}, {"quiet_from": "24"}, {"digest_hour": "x"}])
def test_only_what_is_offered_can_be_chosen(lin: Client, app: Flask, wrong: dict[str, str]) -> None:
    assert lin.submit(lin.get(CHOICES), CHOICES, **wrong).status == 422
    with app.extensions["portal_database"].reading() as db:
        assert db.scalars(select(AlertChoice)).all() == []


def test_it_says_what_is_missing_for_mail_and_text(lin: Client, app: Flask, city: City) -> None:
    text = lin.get(CHOICES).text
    assert "no mail server" in text
    assert "not connected to a gateway" in text
    app.extensions["portal_settings"] = dataclasses.replace(
        app.extensions["portal_settings"], mail_url="smtp://localhost", alert_urls=("json://x/{phone}",)
    )
    text = lin.get(CHOICES).text
    assert "You have no e-mail address here" in text
    assert "You have no phone number here" in text
    with app.extensions["portal_database"].transaction() as db:
        person = db.get_one(Person, city.person("lin"))
        person.email, person.phone = "lin@city.example", "13900001111"
    text = lin.get(CHOICES).text
    assert "You have no" not in text
    assert "No e-mail" not in text
