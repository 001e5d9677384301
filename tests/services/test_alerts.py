"""Telling one person something: once, in their language, when and how they want it; nothing is lost on the way."""

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.alerts import queries, service
from portal.alerts.confirming import register_target
from portal.alerts.jobs import run
from portal.alerts.kinds import Kind, Recipient, Told, register
from portal.alerts.models import Alert, Delivery, Subscription
from portal.alerts.rules import MOST_TRIES, Group
from portal.alerts.service import Follow
from portal.identity.models import Person
from portal.kernel.db import Database, keys_of
from portal.kernel.errors import Forbidden, Invalid, NotFound
from portal.settings import Settings
from tests.cast import NOW, City
from tests.mailbox import Mailbox, mailbox

HIDDEN: set[int] = set()


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture
def database(app: Flask, city: City, settings: Settings, post: Mailbox) -> Iterator[Database]:
    """The shared portal's database; Lin and Hou have mailboxes, Hou reads English, Qiao only has a phone."""
    found: Database = app.extensions["portal_database"]
    HIDDEN.clear()
    register(Kind("test.news", Group.WORK, "alerts/confirm.txt", load))
    register(Kind("test.followed", Group.FOLLOWED, "alerts/confirm.txt", load))
    register_target("thing", lambda db, number: f"第 {number} 件" if number < 100 else None)
    with found.transaction() as db:
        db.get_one(Person, city.person("lin")).email = "lin@city.example"
        db.get_one(Person, city.person("hou")).email = "hou@city.example"
        db.get_one(Person, city.person("hou")).locale = "en"
        db.get_one(Person, city.person("qiao")).phone = "13900001111"
    with app.app_context():
        yield found


def load(db, now: datetime, told: Told):
    return (
        None
        if told.subject_id in HIDDEN
        else {"name": f"路灯 {told.subject_id}", "path": f"/x/{told.subject_id}"}
    )


def tell(database: Database, city: City, *who: str, number: int = 7, occasion: str = "1", now=NOW) -> int:
    with database.transaction() as db:
        people = [Recipient("person", city.person(key)) for key in who]
        return service.tell(db, now, "test.news", number, people, occasion=occasion)


@pytest.fixture
def go(database: Database, settings: Settings, post: Mailbox):
    set_up = dataclasses.replace(settings, mail_url=post.url)

    def run_at(now: datetime = NOW) -> str | None:
        return run(database, now, set_up)

    return run_at


def states(database: Database) -> list[tuple[str, int, str]]:
    with database.reading() as db:
        rows = db.execute(select(Delivery.state, Delivery.tries, Delivery.trouble).order_by(Delivery.id))
        return [tuple(row) for row in rows]


def test_each_is_told_once_in_their_own_language(database, city, go, post):
    assert tell(database, city, "lin", "hou") == 2
    assert tell(database, city, "lin", "hou") == 0, "the same occasion again"
    assert go() == "2 of 2"
    assert post.recipients == ["lin@city.example", "hou@city.example"]
    subjects = [message["Subject"] for message in post.messages]
    assert "路灯 7" in subjects[0]
    assert subjects[1] == "Please confirm: do you want to follow “路灯 7”?"
    text = post.messages[1].get_content()
    assert "http://localhost/x/7" in text
    assert "Choose what you get: http://localhost/account/alerts" in " ".join(text.split())
    assert go() is None, "nothing is left to send"


def test_what_happens_is_told_only_if_it_happened(database, city):
    with pytest.raises(RuntimeError), database.transaction() as db:
        service.tell(db, NOW, "test.news", 7, [Recipient("person", city.person("lin"))], occasion="1")
        raise RuntimeError("the act failed after the alert was written")
    with database.reading() as db:
        assert db.scalars(select(Alert)).all() == []


def test_who_has_no_mailbox_reads_it_in_the_portal(database, city, go, post):
    assert tell(database, city, "shui") == 1
    assert go() is None
    with database.reading() as db:
        assert [alert.subject_id for alert in queries.inbox(db, city.person("shui"))] == [7]
        assert queries.unread(db, city.person("shui")) == 1
        assert queries.unread(db, city.person("lin")) == 0


def test_what_may_not_be_seen_any_more_is_not_sent(database, city, go, post):
    tell(database, city, "lin")
    HIDDEN.add(7)
    go()
    assert post.messages == []
    assert states(database) == [("dropped", 1, "out_of_sight")]


def test_a_server_that_is_away_is_tried_again_and_again_and_then_it_is_a_dead_letter(
    database, city, settings
):
    away = dataclasses.replace(settings, mail_url="smtp://127.0.0.1:1")
    tell(database, city, "lin")
    now, tries = NOW, 0
    while run(database, now, away) is not None:
        tries += 1
        with database.reading() as db:
            delivery = db.scalars(select(Delivery)).one()
            assert delivery.tries == tries
            now = max(delivery.due_at, now)
    assert tries == MOST_TRIES
    assert states(database) == [("dead", MOST_TRIES, "ConnectionRefusedError")]
    with database.reading() as db:
        assert [letter.kind for letter in queries.dead_letters(db)] == ["test.news"]


def test_a_dead_letter_is_sent_once_more_by_the_administrator(database, city, go, post):
    post.answers = ["550 no such user"]
    tell(database, city, "lin")
    go()
    assert states(database) == [("dead", 1, "recipient_refused")]
    with database.reading() as db:
        number = queries.dead_letters(db)[0].id
        an, lin = city.actor(db, "an"), city.actor(db, "lin")
    with pytest.raises(Forbidden), database.transaction() as db:
        service.retry(db, NOW, lin, number)
    with database.transaction() as db:
        service.retry(db, NOW, an, number)
    assert go() == "1 of 1"
    assert post.recipients == ["lin@city.example"]
    with pytest.raises(NotFound), database.transaction() as db:
        service.retry(db, NOW, an, number)


def test_a_mailbox_that_is_full_is_tried_later(database, city, go, post):
    post.answers = ["452 mailbox full"]
    tell(database, city, "lin")
    go()
    assert states(database) == [("waiting", 1, "recipient_refused")]
    assert go(NOW + timedelta(seconds=59)) is None
    assert go(NOW + timedelta(seconds=60)) == "1 of 1"
    assert len(post.messages) == 1


def test_who_dies_between_sending_and_noting_sends_the_same_letter_again(database, city, go, post):
    tell(database, city, "lin")
    with database.transaction() as db:
        (taken,) = service.claim(db, NOW, 10)
    assert go() is None, "somebody else has it"
    assert go(NOW + service.posting.LEASE) == "1 of 1"
    with database.transaction() as db:
        service.note_sent(db, NOW, taken)
    assert states(database) == [("sent", 1, "")], "a late note changes nothing"


def test_the_same_letter_has_the_same_id_at_every_try(database, city, go, post):
    tell(database, city, "lin")
    go()
    with database.transaction() as db:
        row = db.scalars(select(Delivery)).one()
        row.state, row.leased_until = "waiting", None
    go()
    first, second = (message["Message-ID"] for message in post.messages)
    assert first == second


def test_a_digest_gathers_a_day_in_one_mail(database, city, go, post):
    with database.transaction() as db:
        lin = city.actor(db, "lin")
        service.choose(db, NOW, lin, "work", "mail", "daily")
    for number in (1, 2, 3):
        tell(database, city, "lin", number=number)
    assert go(NOW + timedelta(hours=21)) is None, "not before eight in the morning"
    assert go(NOW + timedelta(hours=22)) == "1 of 1"
    (message,) = post.messages
    assert message["Subject"] == "3 条新消息"
    assert [f"/x/{number}" in message.get_content() for number in (1, 2, 3)] == [True] * 3


def test_everybody_chooses_what_disturbs_them(database, city, go, post):
    with database.transaction() as db:
        lin, hou = city.actor(db, "lin"), city.actor(db, "hou")
        service.choose(db, NOW, lin, "work", "mail", "off")
        service.set_hours(db, NOW, hou, 9, 11, 8)
    tell(database, city, "lin", "hou")
    assert go() is None, "Lin wants none, and Hou is left in peace from nine to eleven"
    assert go(NOW + timedelta(hours=1)) == "1 of 1"
    assert post.recipients == ["hou@city.example"]
    with database.reading() as db:
        assert queries.unread(db, city.person("lin")) == 1, "the portal shows it all the same"


@pytest.mark.parametrize(
    "wrong", [("all", "mail", "off"), ("work", "pigeon", "off"), ("work", "mail", "hourly")]
)
def test_only_what_is_on_the_list_can_be_chosen(database, city, wrong):
    with pytest.raises(Invalid), database.transaction() as db:
        service.choose(db, NOW, city.actor(db, "lin"), *wrong)


def test_only_ones_own_alerts_can_be_read(database, city):
    tell(database, city, "lin")
    with pytest.raises(NotFound), database.transaction() as db:
        service.mark_read(db, NOW, city.actor(db, "hou"), 1)
    with database.transaction() as db:
        assert service.mark_all_read(db, NOW, city.actor(db, "hou"), 10) == 0
        service.mark_read(db, NOW, city.actor(db, "lin"), 1)
        assert queries.unread(db, city.person("lin")) == 0


def test_whoever_has_left_is_not_written_to(database, city, go, post):
    tell(database, city, "lin")
    with database.transaction() as db:
        db.get_one(Person, city.person("lin")).disabled_at = NOW
    go()
    assert (post.messages, states(database)) == ([], [("dropped", 1, "gone")])


def test_without_a_mail_server_nothing_piles_up(database, city, settings):
    tell(database, city, "lin")
    run(database, NOW, dataclasses.replace(settings, mail_url=None))
    assert states(database) == [("dropped", 1, "no_way")]


def follow(database: Database, address: str = "Wang@Example.org", number: int = 5, now=NOW, **more) -> None:
    with database.transaction() as db:
        service.follow(db, now, Follow("thing", number, address, **more))


def link(message) -> tuple[int, str]:
    """Number and secret from a mail's confirmation link."""
    address = next(word for word in message.get_content().split() if "/confirm?" in word)
    path, _sep, token = address.partition("?token=")
    return int(path.split("/")[-2]), token


def news(database: Database, *targets: tuple[str, int], now=NOW) -> int:
    with database.transaction() as db:
        return service.tell_followers(db, now, "test.followed", 5, targets, occasion=now.isoformat())


def test_somebody_follows_is_asked_confirms_is_told_and_leaves(database, go, post):
    follow(database, locale="en")
    go()
    assert post.recipients == ["wang@example.org"]
    assert "do you want to follow “第 5 件”" in post.messages[0]["Subject"]
    assert news(database, ("thing", 5)) == 0, "nothing before the mailbox said yes"
    number, token = link(post.messages[0])
    with database.transaction() as db:
        service.confirm(db, NOW, number, token)
    assert news(database, ("thing", 5)) == 1
    assert news(database, ("thing", 6), now=NOW + timedelta(hours=1)) == 0, "something else"
    go(NOW + timedelta(hours=1))
    told = post.messages[1]
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"/follow/{number}/leave?token={token}" in told["List-Unsubscribe"]
    with database.transaction() as db:
        service.leave(db, NOW, number, token)
        row = db.get_one(Subscription, number)
        assert row.address is None, "the address is forgotten"
    assert news(database, ("thing", 5), now=NOW + timedelta(hours=2)) == 0


def test_a_mail_program_can_read_where_to_leave_however_long_the_address_is(database, settings, post):
    base = "https://lounge.of-a-city-with-a-long-name.province.gov.example"
    set_up = dataclasses.replace(settings, mail_url=post.url, base_url=base)
    follow(database)
    run(database, NOW, set_up)
    (raw,) = post.raw
    assert f"List-Unsubscribe: <{base}/follow/1/leave?token=".encode() in raw
    assert post.messages[0]["List-Unsubscribe"].startswith("<https://")


def test_asking_again_neither_tells_nor_floods(database, go, post):
    for _ in range(5):
        follow(database)
    go()
    assert len(post.messages) == 1
    follow(database, now=NOW + timedelta(hours=1))
    go(NOW + timedelta(hours=1))
    assert len(post.messages) == 2, "an hour later the question may be repeated"
    with database.transaction() as db:
        service.confirm(db, NOW, *link(post.messages[0]))
    follow(database, now=NOW + timedelta(hours=3))
    assert go(NOW + timedelta(hours=3)) is None, "whoever follows already is not asked"


def test_whoever_follows_two_of_the_targets_is_told_once(database, go, post):
    for number in (5, 6):
        follow(database, number=number)
    go()
    with database.transaction() as db:
        for message in post.messages:
            service.confirm(db, NOW, *link(message))
    assert news(database, ("thing", 5), ("thing", 6)) == 1


@pytest.mark.parametrize("token", ["", "x", "0" * 16, "é" * 16])
def test_a_guessed_link_opens_nothing(database, go, post, token):
    follow(database)
    with pytest.raises(NotFound), database.transaction() as db:
        service.confirm(db, NOW, 1, token)
    with pytest.raises(NotFound), database.transaction() as db:
        service.leave(db, NOW, 999, token)


def test_an_old_question_cannot_be_answered(database, go, post):
    follow(database)
    go()
    with pytest.raises(NotFound), database.transaction() as db:
        service.confirm(db, NOW + timedelta(days=8), *link(post.messages[0]))


@pytest.mark.parametrize(
    "address", ["", "nobody", "a b@example.org", "a@b\nBcc: c@d.org", "x" * 300 + "@b.cn"]
)
def test_what_is_no_mailbox_is_refused(database, address):
    with pytest.raises(Invalid):
        follow(database, address)


def test_the_address_stands_nowhere_in_the_clear(database):
    follow(database)
    with database.reading() as db:
        row = db.scalars(select(Subscription)).one()
        assert b"wang" not in row.address.lower()
        assert "wang" not in row.address_hash
        assert keys_of(db).data
