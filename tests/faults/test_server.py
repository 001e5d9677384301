"""The server as a real process: what it refuses, what it logs, and how it ends."""

import json
import os
import subprocess
import sys
import time
from http.client import HTTPConnection

import pytest

from tests.faults.child import ROOT, SITE, read_all, started, until


@pytest.fixture
def site(tmp_path):
    with started(tmp_path) as process:
        yield process


def test_it_answers_and_keeps_the_connection(site):
    connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
    for _ in range(3):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"hello"


def test_a_body_is_read_to_its_end_and_no_further(site):
    first = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nfirst"
    last = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nConnection: close\r\n\r\nunread"
    answer = site.send(first + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert b"\r\n\r\nfirstHTTP/1.1" in answer


GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),  # no host
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400),
        (GET + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n", 400),
        (GET + b"Content-Length: +3\r\n\r\n", 400),
        (GET + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (GET + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc", 411),
        (GET + b"X-Folded: a\r\n b\r\n\r\n", 400),
        (GET + b"X Name: a\r\n\r\n", 400),
        (GET + b"X-Nul: a\x00b\r\n\r\n", 400),
        (GET + b"Name : a\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET rubbish HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505),
        (b"\x16\x03\x01\x00\r\n\r\n", 400),  # TLS to a plain port
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (GET + b"X-Long: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (GET + b"".join(b"X-%d: a\r\n" % number for number in range(80)) + b"\r\n", 431),
        (GET + b"".join(b"X-%d: %s\r\n" % (number, b"a" * 8000) for number in range(6)) + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 413),
        (b"GET http://[/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ],
)
def test_what_could_be_understood_in_two_ways_or_is_too_much_is_refused(site, raw, status):
    assert site.send(raw).startswith(b"HTTP/1.1 %d " % status)
    assert site.get("/")[0] == 200
    assert "Traceback" not in site.log.read_text()


def test_an_absolute_address_and_odd_names_are_understood(site):
    raw = b"GET http://x/who?a=1 HTTP/1.1\r\nHost: x\r\nX_Forwarded_For: 1\r\nConnection: close\r\n\r\n"
    seen = json.loads(site.send(raw).partition(b"\r\n\r\n")[2])
    assert (seen["PATH_INFO"], seen["QUERY_STRING"]) == ("/who", "a=1")
    assert "HTTP_X_FORWARDED_FOR" not in seen


def test_small_answers_are_not_held_back(site):
    """Nagle's algorithm left on costs 40 ms on a kept connection."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.connect()
    began = time.monotonic()
    for _ in range(50):
        connection.request("GET", "/")
        connection.getresponse().read()
    assert time.monotonic() - began < 50 * 0.04


def test_who_says_nothing_is_not_waited_for(tmp_path):
    with started(tmp_path, TOY_LIMITS='{"idle": 0.3, "head": 0.3}') as site:
        with site.connect() as silent:
            assert read_all(silent) == b""
        with site.connect() as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            assert b"200" not in read_all(slow)
        with site.connect() as slow:
            slow.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
            assert site.get("/")[0] == 200


def test_an_upload_that_never_ends_is_cut(tmp_path):
    limits = '{"idle": 0.3, "head": 0.3, "upload": 0.3, "stalled": 5}'
    with started(tmp_path, TOY_LIMITS=limits) as site, site.connect() as slow:
        slow.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
        assert b"200" not in read_all(slow)


def test_a_failure_is_a_500_and_names_nobody(site):
    assert site.get("/fail?code=1234")[0] == 500
    assert site.get("/")[0] == 200
    log = site.log.read_text()
    assert "LookupError" in log
    assert "toy_site.py" in log
    assert not any(words in log for words in ("1234", "127.0.0.1", "secret-words"))


def test_the_log_shows_routes_and_never_addresses_queries_or_codes(site):
    site.get("/who/ABCD2345?code=SECRET&q=%E6%B0%B4")
    site.get("/who?code=SECRET")
    lines = until(lambda: len(site.lines()) == 2 and site.lines())
    assert [line["route"] for line in lines] == ["/who…", "/<who>"]
    assert lines[0] | {"at": "", "ms": 0} == {
        "at": "",
        "event": "request",
        "method": "GET",
        "route": "/who…",
        "status": 200,
        "ms": 0,
        "bytes": lines[0]["bytes"],
        "cache": "",
    }
    assert "SECRET" not in site.log.read_text()


def test_the_quiet_log_leaves_out_health_checks(tmp_path):
    with started(tmp_path, TOY_LOG="quiet") as site:
        site.get("/livez")
        site.get("/cases")
        assert [line["route"] for line in until(site.lines)] == ["/cases…"]


def test_what_keeps_everybody_waiting_is_reported(tmp_path):
    with started(tmp_path, TOY_BLOCK="0.1") as site:
        site.get("/")
        assert "blocked" not in site.log.read_text()
        site.get("/block")
        until(lambda: "to be blocked" in site.log.read_text())


def test_background_work_goes_on_after_a_job_failed(tmp_path):
    ticks = tmp_path / "ticks"
    with started(tmp_path, TOY_TICKS=str(ticks)) as site:
        until(lambda: ticks.exists() and int(ticks.read_text() or 0) >= 3)
        log = site.log.read_text()
        assert "LookupError" in log and "in tick" in log
        assert "a-broken-job" not in log  # a message may hold what a person typed
        assert site.get("/")[0] == 200


def test_a_port_in_use_is_said_in_one_line(site, tmp_path):
    done = start_in_vain(TOY_PORT=str(site.port))
    assert (done.returncode, done.stdout) == (1, "")
    said = f"cannot listen on 127.0.0.1:{site.port}: address already in use; choose another"
    assert done.stderr.startswith(said)


def test_a_second_server_of_the_same_database_is_refused(tmp_path):
    database = str(tmp_path / "var" / "portal.db")
    with started(tmp_path, database) as site:
        done = start_in_vain(database)
        assert done.returncode == 1
        assert f"another portal process (pid {site.child.pid}) already serves {database}" in done.stderr
        site.child.kill()
        site.child.wait(10)
    with started(tmp_path, database):
        pass  # a killed owner leaves nothing behind


def start_in_vain(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(SITE), *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
