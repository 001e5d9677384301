"""What machines that watch over the portal are told, and to whom."""

import dataclasses
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal.alerts.models import Alert, Delivery
from portal.app import create_app
from portal.kernel import disk
from portal.operations.check import findings
from portal.web.health import KEPT_SECONDS, Kept, Probe, register_probe
from tests.cast import NOW
from tests.services.wsgi_caller import call


@pytest.fixture
def app(settings):
    """An application of this test's own: a probe remembers its answer for some seconds."""
    made = create_app(settings, owner=True)
    yield made
    made.extensions["portal_database"].dispose()


def test_alive_says_nothing_about_what_it_needs(app, monkeypatch):
    register_probe(app, "broken", lambda: Probe(False, "broken"))
    assert call(app, "/livez").body == b"alive\n"


def test_ready_means_that_every_part_is(app):
    reply = call(app, "/readyz")
    assert reply.status == 200
    assert reply.body.decode().splitlines() == [
        "ok database: answers",
        "ok disk: space for attachments",
        "ok database version: this release's",
    ]
    register_probe(app, "tailer", lambda: Probe(False, "12 s behind"))
    reply = call(app, "/readyz")
    assert reply.status == 503
    assert b"NOT OK tailer: 12 s behind" in reply.body
    assert "public" not in reply.headers["Cache-Control"]


def test_without_its_database_it_is_not_ready(app, monkeypatch):
    def out_of_reach(self):
        raise OperationalError("SELECT 1", {}, Exception("secret address"))

    monkeypatch.setattr("portal.kernel.db.Database.reading", out_of_reach)
    reply = call(app, "/readyz")
    assert reply.status == 503
    assert b"NOT OK database: out of reach\n" in reply.body
    assert b"NOT OK database version: cannot be read\n" in reply.body
    assert b"secret" not in reply.body


def test_a_database_of_another_release_is_not_ready(app, database, settings):
    with database.transaction() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    reply = call(app, "/readyz")
    assert reply.status == 503
    assert b"NOT OK database version: not this release's: see `portal check`" in reply.body
    told = [finding.words for finding in findings(settings) if finding.level == "fault"]
    assert any("the database is at 0000, this release needs" in words for words in told), told


@pytest.mark.parametrize(
    ("free", "writable", "status", "words", "level"),
    [
        (disk.ENOUGH * 2, True, 200, "ok disk: space for attachments", "ok"),
        (disk.ENOUGH - 1, True, 200, "ok disk: little space for attachments", "fault"),
        (disk.LEAST - 1, True, 503, "NOT OK disk: no space for attachments", "fault"),
        (disk.ENOUGH * 2, False, 503, "NOT OK disk: attachments cannot be written", "fault"),
    ],
)
def test_little_space_is_said_and_no_space_turns_visitors_away(
    app, settings, monkeypatch, free, writable, status, words, level
):
    monkeypatch.setattr(disk, "room_at", lambda _: disk.Room(Path("/uploads"), free, writable))
    reply = call(app, "/readyz")
    assert reply.status == status
    assert words in reply.body.decode().splitlines()
    assert [finding.level for finding in findings(settings) if finding.about == "disk"] == [level]


def test_the_disk_is_looked_at_where_the_folder_will_be(tmp_path):
    room = disk.room_at(tmp_path / "not" / "yet")
    assert room.folder == tmp_path.resolve()
    assert room.free > 0
    assert room.writable


def test_what_is_dear_to_ask_is_asked_now_and_then():
    moment, asked = [100.0], []
    probe = Kept(lambda: asked.append(1) or Probe(True, str(len(asked))), now=lambda: moment[0])
    assert [probe().words, probe().words] == ["1", "1"]
    moment[0] += KEPT_SECONDS
    assert probe().words == "2"


@pytest.mark.parametrize(
    ("more", "level", "words"),
    [
        ({}, "note", "PORTAL_MAIL_URL is not set"),
        ({"mail_url": "smtp://a:secret@mail.city.example:587"}, "ok", "mails go out by mail.city.example"),
        ({"mail_url": "smtp://mail.city.example?tls=never"}, "fault", "travel readable"),
        ({"mail_url": "smtp://127.0.0.1:25?tls=never"}, "ok", "127.0.0.1"),
        ({"mail_url": "file:var/mail"}, "note", "written to files in var/mail"),
        ({"mail_url": "file:var/mail", "demo": True}, "ok", "written to files"),
        ({"mail_url": "mail.city.example"}, "fault", "must be smtp://"),
    ],
)
def test_check_says_whether_mail_is_set_up(settings, more, level, words):
    told = list(findings(dataclasses.replace(settings, **more)))
    (mail,) = [finding for finding in told if finding.about == "mail"]
    assert mail.level == level
    assert words in mail.words
    assert "secret" not in str(told)


@pytest.mark.parametrize(
    ("urls", "level"), [((), "note"), (("json://gateway",), "fault"), (("json://gateway/{phone}",), "ok")]
)
def test_check_says_whether_texts_are_set_up(settings, urls, level):
    told = findings(dataclasses.replace(settings, alert_urls=urls))
    assert [finding.level for finding in told if finding.about == "texts"] == [level]


def test_who_watches_sees_what_waits_and_what_was_given_up(app, settings, database, city):
    with database.transaction() as db:
        for state in ("waiting", "waiting", "dead", "sent"):
            alert = Alert(
                kind="x",
                subject_id=1,
                recipient_kind="person",
                recipient_id=1,
                data={},
                occasion=str(db.scalar(text("SELECT count(*) FROM alert"))),
                made_at=NOW,
            )
            db.add(alert)
            db.flush()
            db.add(
                Delivery(
                    alert_id=alert.id,
                    recipient_kind="person",
                    recipient_id=1,
                    way="mail",
                    mode="at_once",
                    state=state,
                    due_at=NOW,
                )
            )
    app.extensions["portal_settings"] = dataclasses.replace(settings, metrics_token="a-token")
    told = call(app, "/metrics", authorization="Bearer a-token").body.decode()
    assert 'portal_alert_deliveries{state="waiting"} 2' in told
    assert 'portal_alert_deliveries{state="dead"} 1' in told
    assert "portal_alert_oldest_due_seconds " in told
    assert any("1 mails or texts were given up" in finding.words for finding in findings(settings))


def test_metrics_are_for_who_knows_the_token(app, settings):
    assert call(app, "/metrics").status == 404
    app.extensions["portal_settings"] = dataclasses.replace(settings, metrics_token="a-token")
    assert call(app, "/metrics", authorization="Bearer other").status == 404
    assert call(app, "/metrics", authorization="Bearer é").status == 404
    text = call(app, "/metrics", authorization="Bearer a-token").body.decode()
    assert 'portal_page_cache_answers_total{result="hit"} 0' in text
