"""What machines that watch over the portal are told, and to whom."""

from sqlalchemy.exc import OperationalError

from portal.web.health import Probe, register_probe
from tests.services.wsgi_caller import call


def test_alive_says_nothing_about_what_it_needs(app, monkeypatch):
    register_probe(app, "broken", lambda: Probe(False, "broken"))
    assert call(app, "/livez").body == b"alive\n"


def test_ready_means_that_every_part_is(app):
    reply = call(app, "/readyz")
    assert (reply.status, reply.body) == (200, b"ok database: answers\n")
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
    assert (reply.status, reply.body) == (503, b"NOT OK database: out of reach\n")


def test_metrics_are_for_who_knows_the_token(app, settings):
    assert call(app, "/metrics").status == 404
    object.__setattr__(settings, "metrics_token", "a-token")
    assert call(app, "/metrics", authorization="Bearer other").status == 404
    assert call(app, "/metrics", authorization="Bearer é").status == 404
    text = call(app, "/metrics", authorization="Bearer a-token").body.decode()
    assert 'portal_page_cache_answers_total{result="hit"} 0' in text
