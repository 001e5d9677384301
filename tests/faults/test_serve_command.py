"""`portal serve` as operators run it: one process, several, and what it says when it cannot."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.faults.child import ROOT, fetch, free_port, running, until

PORTAL = [sys.executable, "-m", "portal.cli"]


def environment(folder, database_url=None):
    return {
        "PORTAL_DEMO": "1",
        "PORTAL_DATABASE_URL": database_url or f"sqlite:///{folder}/portal.db",
        "PORTAL_KEY_DIR": str(folder),
        "PORTAL_UPLOAD_DIR": str(folder / "uploads"),
        "PORTAL_DRAIN_GRACE": "0",
    }


def portal(*arguments, **settings):
    return subprocess.run(
        [*PORTAL, *arguments],
        env=os.environ | settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_serves_the_portal_and_ends_in_order(tmp_path):
    settings = environment(tmp_path) | {"PORTAL_PORT": "0", "PORTAL_LONGEST_BLOCK": "0.3"}
    assert portal("db", "upgrade", **settings).returncode == 0
    with running(tmp_path, [*PORTAL, "serve"], settings) as server:
        assert server.get("/livez") == (200, b"alive\n")
        assert server.get("/readyz")[0] == 200
        assert server.get("/")[0] == 200
        second = portal("serve", **settings)
        assert second.returncode == 1
        assert re.fullmatch(
            r"portal serve: another portal process \(pid \d+\) already serves .*\n", second.stderr
        )
        server.child.send_signal(signal.SIGTERM)
        assert server.child.wait(20) == 0
        assert "to be blocked" not in server.log.read_text()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"PORTAL_DEMO": "0"}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_TRUSTED_PROXIES": "10.0.0.1/33"}, "PORTAL_TRUSTED_PROXIES: '10.0.0.1/33' is neither"),
        ({"PORTAL_DATABASE_URL": "sqlite://"}, "PORTAL_DATABASE_URL needs a file"),
        ({"PORTAL_DATABASE_URL": "mysql://x/y"}, "must begin with sqlite: or postgresql:"),
        ({"PORTAL_DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "the database cannot be reached"),
        ({}, "the database is empty; run `portal db upgrade` first"),
    ],
)
def test_what_is_set_wrong_is_said_in_one_line(tmp_path, settings, said):
    done = portal("serve", "--port", "0", **environment(tmp_path) | settings)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize(
    "arguments", [("--port", "99999"), ("--port", "x"), ("--workers", "0"), ("--only", "x"), ("--what",)]
)
def test_wrong_usage_is_exit_code_two(arguments):
    assert portal("serve", *arguments).returncode == 2


def test_several_processes_need_postgresql(tmp_path):
    done = portal("serve", "--workers", "2", **environment(tmp_path))
    assert done.returncode == 1
    assert "several workers need PostgreSQL" in done.stderr


@pytest.mark.parametrize(
    ("only", "said"),
    [
        ("pages", "--only pages needs PostgreSQL: see PORTAL_DATABASE_URL"),
        ("rooms", "there are no live rooms in this release: leave out --only rooms"),
    ],
)
def test_a_part_alone_is_refused_where_it_cannot_stand_alone(tmp_path, only, said):
    done = portal("serve", "--only", only, **environment(tmp_path))
    assert (done.returncode, done.stderr) == (1, f"portal: {said}\n")


@contextmanager
def workers(settings, count, port):
    command = [*PORTAL, "serve", "--only", "pages", "--workers", str(count), "--port", str(port)]
    child = subprocess.Popen(command, env=os.environ | settings, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(30)


def answers(port):
    try:
        return fetch(port, "/readyz")[0] == 200
    except ConnectionError:
        return False


@pytest.mark.slow
@pytest.mark.postgres
def test_several_processes_stand_on_ports_of_their_own_and_fall_together(tmp_path, postgres_server):
    settings = environment(tmp_path, postgres_server.create(postgres_server.fresh_name()))
    done = portal("db", "upgrade", **settings)
    assert done.returncode == 0, done.stderr
    port = free_port()
    with workers(settings, 2, port) as parent:
        until(lambda: answers(port) and answers(port + 1), patience=40)
        found = subprocess.run(["pgrep", "-P", str(parent.pid)], capture_output=True, text=True, check=True)
        os.kill(int(found.stdout.split()[0]), signal.SIGKILL)
        assert parent.wait(30) != 0
        assert not answers(port) and not answers(port + 1)
