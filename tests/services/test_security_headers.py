"""Security headers, and whose word about addresses is believed."""

import pytest
from flask import Flask, Response

from portal.web import headers
from portal.web.proxies import TrustedProxies, parse_networks
from tests.services.wsgi_caller import call


def make_app(base_url: str = "http://127.0.0.1:8000") -> Flask:
    app = Flask("site")
    headers.init_app(app, base_url=base_url, stream_hosts=("https://stream.example",))

    @app.get("/")
    def home() -> str:
        return "home"

    @app.get("/live")
    def live() -> Response:
        return headers.allow_streams(app, Response("live"))

    @app.get("/public")
    def public() -> tuple[str, dict[str, str]]:
        return "public", {"Cache-Control": "public"}

    return app


@pytest.mark.parametrize("path", ["/", "/missing"])
def test_every_answer_carries_them(path):
    reply = call(make_app(), path)
    policy = reply.headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert rule in policy.split("; ")
    assert "unsafe" not in policy
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "same-origin"
    assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert reply.headers["Cache-Control"] == "private, no-store"
    assert "camera=()" in reply.headers["Permissions-Policy"]


def test_https_is_insisted_on_only_where_it_is_used():
    assert "Strict-Transport-Security" not in call(make_app(), "/").headers
    assert "Strict-Transport-Security" in call(make_app("https://lounge.example"), "/").headers


def test_streams_may_be_shown_only_where_a_view_says_so():
    assert "stream.example" not in call(make_app(), "/").headers["Content-Security-Policy"]
    policy = call(make_app(), "/live").headers["Content-Security-Policy"]
    assert "frame-src 'self' https://stream.example" in policy


def test_a_view_that_says_how_it_may_be_kept_is_heard():
    assert call(make_app(), "/public").headers["Cache-Control"] == "public"


def test_the_route_is_told_to_the_log_and_not_the_address():
    assert call(make_app(), "/live").environ["portal.route"] == "/live"
    assert "portal.route" not in call(make_app(), "/missing").environ


def echo(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']}".encode()]


@pytest.mark.parametrize(
    ("peer", "chain", "scheme", "seen"),
    [
        ("198.51.100.7", None, None, "198.51.100.7 http"),
        ("198.51.100.7", "1.1.1.1", "https", "198.51.100.7 http"),  # a stranger's word
        ("10.0.0.2", "203.0.113.9", "https", "203.0.113.9 https"),  # our proxy's
        ("10.0.0.2", "1.1.1.1, 203.0.113.9", "https", "203.0.113.9 https"),  # made up before it reached us
        ("10.0.0.2", "203.0.113.9, 10.0.0.3", None, "203.0.113.9 http"),  # two of our proxies
        ("10.0.0.2", "10.0.0.9, 10.0.0.3", None, "10.0.0.9 http"),  # from within
        ("10.0.0.2", "rubbish", None, "10.0.0.2 http"),
        ("10.0.0.2", "203.0.113.9:5123", "ftp", "203.0.113.9 http"),
        ("10.0.0.2", "[2001:db8::1]:443", None, "2001:db8::1 http"),
        ("::ffff:10.0.0.2", "203.0.113.9", None, "203.0.113.9 http"),
    ],
)
def test_only_trusted_proxies_say_who_is_calling(peer, chain, scheme, seen):
    app = TrustedProxies(echo, parse_networks(["10.0.0.0/24"]))
    given = {"x_forwarded_for": chain, "x_forwarded_proto": scheme}
    sent = {name: value for name, value in given.items() if value}
    assert call(app, REMOTE_ADDR=peer, **sent).body.decode() == seen


def test_without_trusted_proxies_nobody_is_believed():
    app = TrustedProxies(echo, ())
    assert call(app, REMOTE_ADDR="127.0.0.1", x_forwarded_for="1.1.1.1").body == b"127.0.0.1 http"


def test_a_wrong_network_is_refused_at_start():
    with pytest.raises(ValueError, match="nonsense"):
        parse_networks(["nonsense"])
