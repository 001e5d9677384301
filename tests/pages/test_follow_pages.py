"""The public follows a case or a unit by mail: the form, the one answer, confirming, leaving."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.alerts import service
from portal.alerts.jobs import forget, run
from portal.alerts.models import Subscription
from portal.alerts.service import token_of
from portal.kernel import clock
from portal.kernel.db import Database
from portal.publishing.models import PublishedCase
from portal.web import proof
from tests.cast import NOW, City
from tests.client import Client, Page
from tests.mailbox import Mailbox, mailbox
from tests.published import TITLE, publish, withdraw

MAILBOX = "Wang@Example.org"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The cast's Thursday; `noon(seconds=10)` lets time pass."""
    moments = [NOW]
    monkeypatch.setattr(clock, "now", lambda: moments[0])

    def passes(**time: float) -> None:
        moments[0] += timedelta(**time)

    return passes


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture
def base(app: Flask, post: Mailbox, city: City) -> Database:
    """A portal with a mail server and one published case."""
    app.extensions["portal_settings"] = dataclasses.replace(
        app.extensions["portal_settings"], mail_url=post.url
    )
    found: Database = app.extensions["portal_database"]
    with found.transaction() as db:
        publish(db, city)
    return found


@pytest.fixture
def reader(client: Client, base: Database) -> Client:
    client.lang = "en"
    return client


def ask(client: Client, path: str = "/follow?kind=case&id=1", **values: Any) -> Page:
    page = client.get(path)
    challenge = page.form("/follow").fields["proof"]
    answer = proof.solve(challenge, proof.DIFFICULTY)
    return client.submit(page, "/follow", **({"address": MAILBOX, "proof_answer": answer} | values))


def deliver(app: Flask, base: Database) -> None:
    with app.app_context():
        run(base, clock.now(), app.extensions["portal_settings"])


def link(message: Any, what: str) -> str:
    word = next(word for word in message.get_content().split() if f"/{what}?" in word)
    return word.removeprefix("http://localhost")


def subscriptions(base: Database) -> list[Subscription]:
    with base.reading() as db:
        return list(db.scalars(select(Subscription).order_by(Subscription.id)))


def test_a_case_and_a_unit_lead_to_the_form_and_stay_cacheable(reader: Client) -> None:
    for path, what in (("/cases/B26-00001", "kind=case&id=1"), ("/units/housing", "kind=unit&id=2")):
        page = reader.get(path)
        assert page.links()["Follow by e-mail"] == f"/follow?{what}"
        assert "public" in page.headers["Cache-Control"]
        assert [form for form in page.forms() if form.method == "post"] == []


def test_where_no_mail_goes_out_nothing_is_offered(client: Client, app: Flask, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        publish(db, city)
    assert "/follow" not in client.get("/cases/B26-00001").html
    assert client.get("/follow?kind=case&id=1").status == 404


def test_somebody_follows_confirms_and_leaves(reader: Client, app: Flask, base: Database, post) -> None:
    page = ask(reader)
    assert page.heading == "Look into your mailbox"
    assert TITLE in page.text
    deliver(app, base)
    assert post.recipients == [MAILBOX.lower()]
    assert "You follow this" not in post.messages[0].get_content(), "not yet"
    confirm = link(post.messages[0], "confirm")
    asked = reader.get(confirm)
    assert TITLE in asked.text
    assert subscriptions(base)[0].confirmed_at is None, "a scanner that fetches the link confirms nothing"
    done = reader.submit(asked, "/confirm")
    assert done.heading == "You follow this by e-mail"
    assert subscriptions(base)[0].confirmed_at == NOW
    before = reader.get(done.links()["Stop following"])
    assert subscriptions(base)[0].ended_at is None
    after = reader.submit(before, "/leave")
    assert after.heading == "You no longer follow this"
    (row,) = subscriptions(base)
    assert (row.ended_at, row.address, row.address_hash) == (NOW, None, "")
    assert reader.get(confirm).status == 404


def test_the_answer_is_the_same_whoever_follows_already(
    reader: Client, app: Flask, base: Database, post, noon
) -> None:
    first = ask(reader)
    deliver(app, base)
    reader.submit(reader.get(link(post.messages[0], "confirm")), "/confirm")
    noon(hours=2)
    second = ask(reader)
    assert (first.text, first.path) == (second.text, second.path)
    deliver(app, base)
    assert len(post.messages) == 1


def test_a_mailbox_is_not_flooded_and_nobody_is_told(reader: Client, base: Database, city: City) -> None:
    with base.transaction() as db:
        for number in range(2, 12):
            publish(db, city, f"B26-0000{number}" if number < 10 else f"B26-000{number}")
    pages = [ask(reader, f"/follow?kind=case&id={number}") for number in range(1, 10)]
    assert {page.heading for page in pages} == {"Look into your mailbox"}
    assert len(subscriptions(base)) == 6


def test_a_machine_that_fills_in_everything_asks_nobody(reader: Client, base: Database) -> None:
    assert ask(reader, website="https://example.org").heading == "Look into your mailbox"
    assert subscriptions(base) == []


def test_without_a_sum_a_short_wait_is_enough(reader: Client, base: Database, noon) -> None:
    page = reader.get("/follow?kind=case&id=1")
    soon = reader.submit(page, "/follow", address=MAILBOX)
    assert "wait a few seconds" in soon.text
    noon(seconds=6)
    assert reader.submit(soon, "/follow").heading == "Look into your mailbox"
    assert len(subscriptions(base)) == 1


def test_a_sum_is_good_for_one_mailbox(reader: Client, app: Flask, base: Database) -> None:
    app.extensions["portal_spent"] = proof.MemorySpent(lambda: clock.now().timestamp())
    page = reader.get("/follow?kind=case&id=1")
    answer = proof.solve(page.form("/follow").fields["proof"], proof.DIFFICULTY)
    reader.submit(page, "/follow", address="a@example.org", proof_answer=answer)
    again = reader.submit(page, "/follow", address="b@example.org", proof_answer=answer)
    assert "already sent" in again.text
    assert len(subscriptions(base)) == 1


@pytest.mark.parametrize(
    "wrong", [{"address": ""}, {"address": "nobody"}, {"mode": "hourly"}, {"mode": "off"}]
)
def test_what_is_wrong_is_said_at_the_form(reader: Client, base: Database, wrong: dict[str, str]) -> None:
    page = ask(reader, **wrong)
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert subscriptions(base) == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?kind=case",
        "?kind=case&id=99",
        "?kind=case&id=x",
        "?kind=case&id=99999999999999999999",
        "?kind=person&id=1",
        "?kind=unit&id=99",
        "?kind=%00&id=1",
    ],
)
def test_only_what_is_public_can_be_followed(reader: Client, query: str) -> None:
    assert reader.get(f"/follow{query}").status == 404
    assert reader.get(f"/follow/asked{query}").status == 404


def test_what_was_withdrawn_can_be_left_but_not_confirmed(
    reader: Client, app: Flask, base: Database, post
) -> None:
    ask(reader)
    deliver(app, base)
    confirm = link(post.messages[0], "confirm")
    with base.transaction() as db:
        withdraw(db, db.get_one(PublishedCase, 1))
    page = reader.get(confirm)
    assert page.status == 404
    assert TITLE not in page.text
    assert reader.get("/follow?kind=case&id=1").status == 404
    left = reader.submit(reader.get(confirm.replace("/confirm", "/leave")), "/leave")
    assert left.heading == "You no longer follow this"
    assert "not public any more" in left.text


@pytest.mark.parametrize("token", ["", "x", "%C3%A9", "a" * 500])
@pytest.mark.parametrize("what", ["confirm", "leave"])
def test_a_guessed_link_opens_nothing(reader: Client, base: Database, what: str, token: str) -> None:
    ask(reader)
    for number in (1, 99):
        path = f"/follow/{number}/{what}?token={token}"
        assert reader.get(path).status == 404
        assert reader.post(path, {"List-Unsubscribe": "One-Click"}).status in (404, 422)
    assert subscriptions(base)[0].ended_at is None


def test_a_mail_programs_own_button_ends_it_without_a_page(
    reader: Client, app: Flask, base: Database, post, city: City
) -> None:
    ask(reader)
    deliver(app, base)
    reader.submit(reader.get(link(post.messages[0], "confirm")), "/confirm")
    address = str(post.messages[0]["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")
    program = Client(app)
    answer = program.post(address, {"List-Unsubscribe": "One-Click"}, follow=False)
    assert (answer.status, answer.html) == (200, "")
    assert subscriptions(base)[0].ended_at == NOW
    again = program.post(address, {"List-Unsubscribe": "One-Click"}, follow=False)
    assert again.status == 200, "pressed twice"


def test_no_other_button_works_without_the_page_before_it(
    reader: Client, app: Flask, base: Database, post
) -> None:
    ask(reader)
    deliver(app, base)
    confirm = link(post.messages[0], "confirm")
    stranger = Client(app)
    assert stranger.post(confirm, {"List-Unsubscribe": "One-Click"}).status == 422
    assert stranger.post(confirm.replace("/confirm", "/leave")).status == 422
    (row,) = subscriptions(base)
    assert (row.confirmed_at, row.ended_at) == (None, None)


def test_who_never_answers_is_forgotten(reader: Client, app: Flask, base: Database, noon) -> None:
    ask(reader)
    assert forget(base, clock.now()) == "0"
    noon(days=8)
    assert forget(base, clock.now()) == "1"
    (row,) = subscriptions(base)
    assert (row.address, row.address_hash) == (None, "")


def test_the_form_speaks_every_language_and_the_mail_the_one_it_was_asked_in(
    reader: Client, app: Flask, base: Database, post
) -> None:
    for number, lang in enumerate(("zh_Hans", "zh_Hant", "en")):
        reader.lang = lang
        ask(reader, "/follow?kind=unit&id=2", address=f"{number}@example.org")
    deliver(app, base)
    subjects = [str(message["Subject"]) for message in post.messages]
    assert ["请确认" in subjects[0], "請確認" in subjects[1], "Please confirm" in subjects[2]] == [True] * 3


def test_the_demonstration_says_where_its_mails_are(reader: Client, app: Flask, base: Database) -> None:
    app.extensions["portal_settings"] = dataclasses.replace(
        app.extensions["portal_settings"], mail_url="file:var/mail", demo=True
    )
    assert "folder var/mail" in ask(reader).text


def test_the_secret_is_not_in_the_page_cache(reader: Client, app: Flask, base: Database, post) -> None:
    ask(reader)
    with base.reading() as db:
        token = token_of(app.extensions["portal_settings"].keys.codes, 1)
        assert service.opened(db, 1, token).id == 1
    page = reader.get(f"/follow/1/confirm?token={token}")
    assert "no-store" in page.headers["Cache-Control"]
