"""How the server ends: running requests end, nothing new is taken, and nobody keeps it for ever."""

import signal

import pytest

from tests.faults.child import Process, read_all, started, until

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_ends_what_runs_and_takes_nothing_new(tmp_path, number):
    gate = tmp_path / "gate"
    with started(tmp_path, TOY_GATE=str(gate)) as site:
        idle, running = site.connect(), site.connect()
        idle.sendall(GET + b"\r\n")
        assert idle.recv(4096).endswith(b"hello")
        running.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: site.get("/")[0] == 200)
        site.child.send_signal(number)
        assert read_all(idle) == b""
        until(lambda: is_refused(site))
        gate.touch()
        answer = read_all(running)
        assert answer.endswith(b"done")
        assert b"Connection: close" in answer
        assert site.child.wait(10) == 0


def is_refused(site: Process) -> bool:
    try:
        site.connect().close()
    except ConnectionRefusedError:
        return True
    return False


def test_while_it_leaves_it_says_so_to_the_balancer(tmp_path):
    with started(tmp_path, TOY_GRACE="3") as site:
        assert site.get("/readyz")[0] == 200
        site.child.send_signal(signal.SIGTERM)
        until(lambda: site.get("/readyz")[0] == 503)
        assert site.get("/")[0] == 200
        assert site.child.wait(10) == 0


@pytest.mark.slow
def test_a_request_that_never_ends_does_not_keep_it(tmp_path):
    with started(tmp_path, TOY_GATE=str(tmp_path / "never")) as site, site.connect() as running:
        running.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: site.get("/")[0] == 200)
        site.child.send_signal(signal.SIGTERM)
        assert site.child.wait(20) == 1
