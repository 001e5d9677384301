"""The grown set-up's nginx with its real configuration, in front of real servers."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import brotli
import pytest

from tests.faults.child import ROOT, fetch, free_port, running, started, until

DEPLOY = ROOT / "deploy/nginx"
MAIN = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
daemon off;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
  proxy_cache_path {folder}/pages keys_zone=lounge_pages:1m;
  proxy_cache_path {folder}/static keys_zone=lounge_static:1m;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {deploy}/maps.conf;
  upstream lounge_pages {{ server 127.0.0.1:{upstream}; keepalive 8; }}
  upstream lounge_rooms {{ server 127.0.0.1:{upstream}; }}
  server {{ listen 127.0.0.1:{port}; include {deploy}/locations.conf; }}
}}
"""


@pytest.fixture(scope="module")
def binary() -> str:
    found = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("nginx is not installed")
    return found


@contextmanager
def nginx(binary, folder, upstream):
    """nginx on a port of its own, in front of that upstream port."""
    port = free_port()
    user = "user root;" if os.getuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(MAIN.format(user=user, folder=folder, deploy=DEPLOY, upstream=upstream, port=port))
    child = subprocess.Popen([binary, "-p", str(folder), "-c", str(main)], stderr=subprocess.DEVNULL)
    try:
        until(lambda: is_open(port))
        yield port
    finally:
        child.terminate()
        child.wait(10)


def is_open(port):
    try:
        fetch(port, "/livez")
    except ConnectionRefusedError:
        return False
    return True


@pytest.fixture
def site(tmp_path):
    with started(tmp_path, TOY_LOG="off") as process:
        yield process


@pytest.fixture
def port(binary, tmp_path, site):
    with nginx(binary, tmp_path, site.port) as found:
        yield found


def renders(answer):
    return int(answer[2].split()[0])


def test_a_public_page_is_rendered_about_once_a_second_however_many_ask(port):
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: fetch(port, "/page"), range(200)))
    seconds = time.monotonic() - began
    assert max(map(renders, answers)) <= 2 + seconds


def test_a_kept_page_is_at_most_two_seconds_old(port):
    first = renders(fetch(port, "/page"))
    shown_until = time.monotonic()
    began = time.monotonic()
    while renders(answer := fetch(port, "/page")) == first:
        shown_until = time.monotonic()
        assert shown_until - began < 5, answer
        time.sleep(0.05)
    assert shown_until - began < 2.5


def test_languages_and_regions_are_kept_apart(port):
    said = [
        {},
        {"Accept-Language": "en"},
        {"Cookie": "lang=en"},
        {"HX-Request": "true", "HX-Target": "list"},
        {"HX-Request": "true", "HX-Target": "pager"},
    ]
    assert len({renders(fetch(port, "/page", headers=headers)) for headers in said}) == len(said)


def test_staff_never_get_or_leave_a_kept_page(port):
    fetch(port, "/page")
    mine = [fetch(port, "/page", headers={"Cookie": "lang=en; signin=abc"}) for _ in range(3)]
    assert len({renders(answer) for answer in mine}) == 3
    for _ in range(3):
        assert b"signin" not in fetch(port, "/page", headers={"Cookie": "lang=en"})[2]


def test_private_answers_are_not_kept(port, site):
    seen = {json.loads(fetch(port, "/who")[2])["REMOTE_PORT"] for _ in range(2)}
    assert seen
    assert not list(Path(site.log.parent, "pages").rglob("*who*"))


def test_the_portal_is_told_the_callers_address_and_no_other(port):
    headers = {"X-Forwarded-For": "1.2.3.4", "X-Real-IP": "1.2.3.4"}
    seen = json.loads(fetch(port, "/who", headers=headers)[2])
    assert seen["HTTP_HOST"] == f"127.0.0.1:{port}"
    assert seen["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("accepts", "passed"),
    [
        ("gzip, deflate, br", "br"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("gzip, br;q=0", "gzip"),
        ("br;q=0.0,gzip;q=0", None),
        ("brotli-like, gzipped", None),
        ("", None),
    ],
)
def test_encodings_are_reduced_to_what_the_portal_makes(port, accepts, passed):
    seen = json.loads(fetch(port, "/who", headers={"Accept-Encoding": accepts})[2])
    assert seen.get("HTTP_ACCEPT_ENCODING") == passed


def test_metrics_do_not_go_out(port):
    assert fetch(port, "/metrics")[0] == 404


def test_a_socket_can_be_opened_through_it(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        head = "GET /socket.io/?x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")  # reached the site, which has no room


def test_the_whole_portal_works_behind_it(binary, tmp_path):
    environment = {
        "PORTAL_DEMO": "1",
        "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path}/portal.db",
        "PORTAL_KEY_DIR": str(tmp_path),
        "PORTAL_TRUSTED_PROXIES": "127.0.0.1",
        "PORTAL_PORT": "0",
    }
    command = [sys.executable, "-m", "portal.cli"]
    upgrade = [*command, "db", "upgrade"]
    env = os.environ | environment
    subprocess.run(upgrade, env=env, cwd=ROOT, check=True, timeout=60, capture_output=True)
    with (
        running(tmp_path, [*command, "serve"], environment) as portal,
        nginx(binary, tmp_path, portal.port) as port,
    ):
        status, headers, body = fetch(port, "/", headers={"Accept-Encoding": "br"})
        assert status == 200
        assert headers["content-encoding"] == "br"
        text = brotli.decompress(body).decode()
        sheet = text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
        status, headers, _ = fetch(port, sheet)
        assert (status, headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
        assert fetch(port, "/readyz")[0] == 200
        assert "no-store" in fetch(port, "/nothing")[1]["cache-control"]


def test_the_shipped_configuration_is_valid(binary, tmp_path):
    text = (DEPLOY / "nginx.conf").read_text()
    certificate = tmp_path / "tls"
    certificate.mkdir()
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=lounge.example"]
    files = ["-keyout", str(certificate / "privkey.pem"), "-out", str(certificate / "fullchain.pem")]
    subprocess.run([*make, *files], check=True, timeout=60, capture_output=True)
    for old, new in {
        "/etc/nginx/tls": str(certificate),
        "/var/cache/nginx": str(tmp_path),
        "/var/log/nginx": str(tmp_path),
        "/run/nginx.pid": f"{tmp_path}/nginx.pid",
        "include mime.types;": "",
        "include lounge/": f"include {DEPLOY}/",
        "server portal:": "server 127.0.0.1:",
        "listen 80 ": f"listen {free_port()} ",
        "listen [::]:80 default_server;": "",
        "listen 443 ": f"listen {free_port()} ",
        "listen [::]:443 ssl http2;": "",
    }.items():
        assert old in text, f"{old!r} is not in nginx.conf"
        text = text.replace(old, new)
    (tmp_path / "main.conf").write_text(text)
    check = [binary, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "main.conf")]
    done = subprocess.run(check, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
