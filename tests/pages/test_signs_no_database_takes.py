"""NUL: a sign that nobody types, that SQLite keeps and PostgreSQL refuses. It reaches neither."""

import io

import pytest
from flask import Flask, request

from tests.cast import City
from tests.client import Client
from tests.pages.desk_visits import signed_in, standing


@pytest.mark.parametrize("address", ["/units/a%00b", "/cases/%00", "/appeals/%00", "/account/welcome/%00"])
def test_an_address_with_it_is_nowhere(client: Client, address: str) -> None:
    assert client.get(address).status == 404


@pytest.mark.parametrize("name", ["q", "role", "state", "unit", "after"])
def test_a_list_is_asked_without_it(app: Flask, city: City, name: str) -> None:
    an = signed_in(app, city, "an")
    assert an.get(f"/desk/admin/people?{name}=a%00b&%00=%00").status == 200


def test_forms_lose_it_and_are_taken(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    mei = signed_in(app, city, "mei")
    page = mei.get(f"/desk/cases/{filed.ref}/notes")
    done = mei.submit(page, "/notes", client_id="one\x00form", body="第一行\x00，还有\x00下文")
    assert "第一行，还有下文" in done.text
    an = signed_in(app, city, "an")
    page = an.get("/desk/admin/categories/new")
    assert an.submit(page, "/categories", code="new\x00one", name="新类别\x00").status == 200
    sent = mei.get("/desk/import")
    table = (io.BytesIO("title,body,created_at\n题目,正文正文,2026-01-01\n".encode()), "a\x00b.csv")
    assert mei.submit(sent, "/desk/import", file=table, channel="4").status == 200


def test_whatever_is_sent_in_whatever_way(app: Flask) -> None:
    with app.test_request_context("/?q=a%00b&%00c=1&d=2&d=3"):
        assert dict(request.args.lists()) == {"q": ["ab"], "c": ["1"], "d": ["2", "3"]}
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        with (
            app.test_request_context(
                "/", method="POST", data={"q": "a\x00b", "file": (io.BytesIO(b"\x00"), "x")}
            )
            if kind.startswith("multi")
            else app.test_request_context("/", method="POST", data={"q": "a\x00b"})
        ):
            assert request.form["q"] == request.values["q"] == "ab"
