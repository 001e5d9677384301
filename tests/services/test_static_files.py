"""Static files: hashed addresses, packing, style sheets' references, and no way out of the folder."""

import gzip
import os
import re

import brotli
import pytest

from portal.web.static import StaticFiles, StaticLayer
from tests.services.wsgi_caller import call

BASE = (
    b'@import "tokens.css";\n.m { background: url(../img/mark.svg#a) }\n.d { background: url("data:,x") }\n'
)


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "static"
    for name, body in {
        "css/base.css": BASE + b".pad { color: red }\n" * 40,
        "css/tokens.css": b":root { --ink: #123 }",
        "img/mark.svg": b"<svg/>",
        "js/live.js": b"import './other.js';",
        ".hidden/key": b"secret",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    (tmp_path / "secret.txt").write_bytes(b"secret")
    os.symlink(tmp_path / "secret.txt", root / "css/out.css")
    return root


@pytest.fixture
def files(folder):
    return StaticFiles(folder)


@pytest.fixture
def layer(files):
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"the app"]

    return StaticLayer(app, files)


def test_a_hashed_address_may_be_kept_for_ever(layer, files):
    reply = call(layer, files.url("css/tokens.css"))
    assert (reply.status, reply.body) == (200, b":root { --ink: #123 }")
    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reply.headers["Content-Type"] == "text/css; charset=utf-8"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["/static/css/tokens.css", "/static/0123456789abcdef/css/tokens.css"])
def test_without_its_hash_a_file_is_answered_and_asked_for_anew(layer, address):
    reply = call(layer, address)
    assert (reply.status, reply.headers["Cache-Control"]) == (200, "public, no-cache")
    assert call(layer, address, if_none_match=reply.headers["ETag"]).status == 304


def test_style_sheets_refer_to_hashed_addresses(layer, files):
    sheet = call(layer, files.url("css/base.css")).body.decode()
    assert f'@import "{files.url("css/tokens.css")}";' in sheet
    assert f'url("{files.url("img/mark.svg")}#a")' in sheet
    assert 'url("data:,x")' in sheet
    for address in re.findall(r"/static/[^\"#]+", sheet):
        assert "immutable" in call(layer, address).headers["Cache-Control"]


def test_a_sheets_address_changes_with_what_it_refers_to(folder, files):
    before = files.url("css/base.css")
    (folder / "img/mark.svg").write_bytes(b"<svg id='new'/>")
    assert StaticFiles(folder).url("css/base.css") != before


def test_sheets_that_import_each_other_are_served_all_the_same(folder):
    (folder / "css/tokens.css").write_bytes(b'@import "base.css";')
    files = StaticFiles(folder)
    assert files.url("css/base.css") and files.url("css/tokens.css")


def test_text_is_packed_and_pictures_are_not(layer, files):
    address = files.url("css/base.css")
    plain, br = call(layer, address), call(layer, address, accept_encoding="gzip, br")
    gz = call(layer, address, accept_encoding="gzip")
    assert brotli.decompress(br.body) == gzip.decompress(gz.body) == plain.body
    assert len(br.body) < len(plain.body)
    assert br.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in call(layer, files.url("img/mark.svg"), accept_encoding="br").headers


@pytest.mark.parametrize(
    "address",
    [
        "/static/",
        "/static/css",
        "/static/nothing.css",
        "/static/../secret.txt",
        "/static/css/../../secret.txt",
        "/static/0123456789abcdef/../../secret.txt",
        "/static//etc/passwd",
        "/static/css/out.css",
        "/static/.hidden/key",
        "/static/css/base.css\x00.js",
    ],
)
def test_only_files_of_the_folder_are_answered(layer, address):
    assert call(layer, address).status == 404


def test_the_rest_is_the_apps(layer):
    assert call(layer, "/staticx").body == b"the app"
    assert call(layer, "/").body == b"the app"


def test_nothing_can_be_sent_there(layer, files):
    assert call(layer, files.url("css/tokens.css"), method="POST").status == 405
    head = call(layer, files.url("css/tokens.css"), method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_a_name_that_does_not_exist_is_a_mistake_of_ours(files):
    with pytest.raises(KeyError, match=r"css/missing\.css"):
        files.url("css/missing.css")


def test_while_developing_a_change_is_seen_at_once(folder):
    files = StaticFiles(folder, reload=True)
    before = files.url("css/base.css")
    (folder / "css/new.css").write_bytes(b"a{}")
    (folder / "css/tokens.css").write_bytes(b":root { --ink: #456 }")
    os.utime(folder / "css/tokens.css", ns=(1, 1))
    assert files.url("css/base.css") != before
    assert files.url("css/new.css")
