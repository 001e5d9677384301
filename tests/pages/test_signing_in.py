"""Signing in: who gets in, who does not, and nobody locks another out."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask

from portal.identity import service, signing_in
from portal.identity.actors import SYSTEM
from portal.identity.models import Appointment, Installation, Person
from portal.kernel import clock
from tests.cast import City
from tests.client import Client

PASSWORD = "一句好记的话 long enough"


@pytest.fixture
def lin(app: Flask, city: City) -> str:
    """Lin has chosen a password by a one-time link; returns her staff number."""
    with app.extensions["portal_database"].transaction() as db:
        token = signing_in.make_link(db, clock.now(), SYSTEM, city.person("lin"))
        signing_in.use_link(db, clock.now(), token, PASSWORD)
    return city.staff_number("lin")


def sign_in(client: Client, name: str, password: str = PASSWORD, **values: str):  # type: ignore[no-untyped-def]
    return client.submit(client.get("/account/sign-in"), "/sign-in", name=name, password=password, **values)


def test_an_official_signs_in_with_her_staff_number_and_out_again(client: Client, lin: str) -> None:
    desk = sign_in(client, lin)
    assert desk.path == "/desk/"
    assert client.get("/account/").status == 200
    client.submit(client.get("/account/"), "/password", current=PASSWORD, password="x", again="y")
    page = client.get("/account/")
    out = next(form for form in page.forms() if "sign-out" in form.action)
    client.post(out.action, out.fields)
    assert "/account/sign-in" in client.get("/account/", follow=False).location


@pytest.mark.parametrize(
    ("name", "password", "remark"),
    [
        ("2002", "wrong wrong wrong", "a wrong password"),
        ("9999", PASSWORD, "nobody"),
        ("2003", PASSWORD, "somebody who never chose a password"),
        ("' OR 1=1 --", PASSWORD, "a trick"),
    ],
)
def test_whoever_is_not_let_in_is_told_the_same(
    client: Client, lin: str, name: str, password: str, remark: str
) -> None:
    page = sign_in(client, name, password)
    assert page.status == 422, remark
    assert "登录名或密码不正确" in page.text, remark
    assert name in page.html or "OR 1=1" in page.html, "what was typed is kept"
    assert PASSWORD not in page.html, "a password is never sent back"


def test_after_signing_in_one_is_where_one_wanted_to_be(client: Client, lin: str) -> None:
    asked = client.get("/account/", follow=False)
    page = client.get(asked.location)
    assert client.submit(page, "/sign-in", name=lin, password=PASSWORD).path == "/account/"


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "javascript:x"]
)
def test_signing_in_never_leads_to_another_site(client: Client, lin: str, target: str) -> None:
    page = client.submit(
        client.get("/account/sign-in"), "/sign-in", follow=False, name=lin, password=PASSWORD, next=target
    )
    assert page.status == 303
    assert page.location == "/desk/"


def test_strangers_cannot_lock_lin_out(app: Flask, client: Client, lin: str) -> None:
    sign_in(client, lin)
    client.browser.delete_cookie("signin")
    stranger = Client(app)
    statuses = [sign_in(stranger, lin, f"guess number {n}").status for n in range(12)]
    assert statuses[-1] == 429, "guessing is slowed down"
    assert sign_in(client, lin).path == "/desk/", "a browser that was here before has tries of its own"


def test_a_guesser_with_the_right_password_still_has_to_wait(app: Flask, lin: str) -> None:
    stranger = Client(app)
    for n in range(12):
        sign_in(stranger, lin, f"guess number {n}")
    page = sign_in(stranger, lin)
    assert page.status == 429
    assert page.headers["Retry-After"]


def test_the_second_factor_is_asked_for_and_a_code_works_once(
    app: Flask, client: Client, lin: str, city: City
) -> None:
    sign_in(client, lin)
    page = client.get("/account/second-factor")
    secret = page.form("/second-factor").fields["secret"]
    wrong = client.submit(page, "/second-factor", code="000000")
    assert wrong.status == 422
    assert wrong.form("/second-factor").fields["secret"] == secret, "the picture that was scanned stays good"
    code = pyotp.TOTP(secret).now()
    shown = client.submit(wrong, "/second-factor", code=code)
    recovery = [c for c in shown.text.split() if c.count("-") == 2 and len(c) == 14]
    assert len(recovery) == 10

    elsewhere = Client(app)
    step = sign_in(elsewhere, lin)
    assert step.path == "/account/second-step"
    assert elsewhere.get("/desk/", follow=False).status == 303, "half a sign-in opens nothing"
    assert elsewhere.submit(step, "/second-step", code=code).status == 422, (
        "a code seen over a shoulder is spent"
    )
    later = pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30))
    assert elsewhere.submit(step, "/second-step", code=later).path == "/desk/"

    third = Client(app)
    assert third.submit(sign_in(third, lin), "/second-step", code=recovery[0].upper()).path == "/desk/"
    fourth = Client(app)
    assert fourth.submit(sign_in(fourth, lin), "/second-step", code=recovery[0]).status == 422


def test_a_second_factor_is_neither_replaced_nor_got_round_without_the_password(
    app: Flask, client: Client, lin: str
) -> None:
    sign_in(client, lin)
    page = client.get("/account/second-factor")
    secret = page.form("/second-factor").fields["secret"]
    client.submit(page, "/second-factor", code=pyotp.TOTP(secret).now())
    mine = pyotp.random_base32()
    turned = client.submit(page, "/second-factor", secret=mine, code=pyotp.TOTP(mine).now())
    assert turned.status in (409, 422)
    assert client.get("/account/second-factor").path == "/account/"
    account = client.get("/account/")
    assert client.submit(account, "/recovery-codes", current="not the password").status == 422
    shown = client.submit(account, "/recovery-codes", current=PASSWORD)
    assert sum(len(c) == 14 and c.count("-") == 2 for c in shown.text.split()) == 10


@pytest.mark.parametrize("secret", ["A" * 17, "!" * 20, "A" * 16, "中" * 16, "\x00" * 16, "A" * 100, ""])
def test_a_secret_that_the_page_did_not_give_is_refused(client: Client, lin: str, secret: str) -> None:
    sign_in(client, lin)
    page = client.submit(client.get("/account/second-factor"), "/second-factor", secret=secret, code="123456")
    assert page.status == 422
    assert len(page.form("/second-factor").fields["secret"]) == 32


@pytest.mark.parametrize("form", ["/password", "/second-factor/off"])
def test_the_present_password_cannot_be_guessed_at_an_unlocked_desk(
    app: Flask, client: Client, lin: str, form: str
) -> None:
    sign_in(client, lin)
    page = client.get("/account/")
    if form == "/second-factor/off":
        token = page.form("/password").fields["csrf_token"]
        fields = {"csrf_token": token, "current": "a guess"}
    else:
        fields = page.form("/password").fields | {"current": "a guess", "password": "x" * 9, "again": "x" * 9}
    answers = [client.post(f"/account{form}", fields).status for _ in range(12)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert sign_in(Client(app), lin).path == "/desk/", "signing in is another matter"


def test_what_is_too_long_or_missing_is_told_and_never_a_failure(client: Client, lin: str) -> None:
    page = sign_in(client, lin, "长" * 201)
    assert page.status == 422
    assert "最多 200 个字" in page.text
    assert sign_in(client, lin, next="/" * 501).status == 422
    fields = client.get("/account/sign-in").form("/sign-in").fields | {"name": lin, "password": PASSWORD}
    del fields["next"]
    assert client.post("/account/sign-in", fields).path == "/desk/"


def test_a_one_time_link_works_once_and_looking_does_not_use_it_up(
    app: Flask, client: Client, city: City
) -> None:
    with app.extensions["portal_database"].transaction() as db:
        token = signing_in.make_link(db, clock.now(), SYSTEM, city.person("qiao"))
    address = f"/account/welcome/{token}"
    client.get(address)
    page = client.get(address)
    assert "乔工" in page.text
    assert client.submit(page, password="short", again="short").status == 422
    assert client.submit(page, password=PASSWORD, again="another").status == 422
    assert client.submit(page, password="3002300230023002", again="3002300230023002").status == 422
    assert client.submit(page, password=PASSWORD, again=PASSWORD).path == "/desk/"
    assert client.get(address).status == 410
    assert Client(app).get("/account/welcome/no-such-token").status == 410


def test_a_newer_link_voids_the_older(app: Flask, client: Client, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        old = signing_in.make_link(db, clock.now(), SYSTEM, city.person("qiao"))
        new = signing_in.make_link(db, clock.now(), SYSTEM, city.person("qiao"))
    assert client.get(f"/account/welcome/{old}").status == 410
    assert client.get(f"/account/welcome/{new}").status == 200


def test_changing_the_password_signs_out_every_other_browser(app: Flask, client: Client, lin: str) -> None:
    elsewhere = Client(app)
    sign_in(client, lin)
    sign_in(elsewhere, lin)
    changed = client.submit(
        client.get("/account/"),
        "/password",
        current=PASSWORD,
        password=PASSWORD + " new",
        again=PASSWORD + " new",
    )
    assert changed.path == "/account/"
    assert elsewhere.get("/account/", follow=False).status == 303


def test_an_ended_appointment_counts_at_the_next_request(
    app: Flask, client: Client, lin: str, city: City
) -> None:
    sign_in(client, lin)
    assert client.get("/desk/").status in (200, 503)
    with app.extensions["portal_database"].transaction() as db:
        made = db.query(Appointment).filter_by(person_id=city.person("lin")).one()
        service.end_appointment(db, clock.now(), SYSTEM, made.id)
    assert client.get("/desk/").status == 403


def test_a_disabled_person_is_nobody_at_once(app: Flask, client: Client, lin: str, city: City) -> None:
    sign_in(client, lin)
    with app.extensions["portal_database"].transaction() as db:
        db.get_one(Person, city.person("lin")).disabled_at = clock.now()
    assert client.get("/desk/", follow=False).status == 303
    assert sign_in(client, lin).status == 422


def test_a_form_of_another_site_changes_nothing(client: Client, lin: str) -> None:
    page = client.get("/account/sign-in")
    fields = page.form("/sign-in").fields | {"name": lin, "password": PASSWORD}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://["},
        {"Origin": "localhost"},
    ):
        assert client.post("/account/sign-in", fields, headers=headers).status == 403


def test_a_stale_token_loses_nothing_that_was_typed(client: Client, lin: str) -> None:
    page = client.submit(
        client.get("/account/sign-in"), "/sign-in", name=lin, password=PASSWORD, csrf_token="stale"
    )
    assert page.status == 422
    assert "请再提交一次" in page.text
    assert page.form("/sign-in").fields["name"] == lin
    assert client.submit(page, "/sign-in", password=PASSWORD).path == "/desk/"


class TestTheDemonstration:
    """One click per role, behind three guards."""

    @pytest.fixture
    def demo_app(self, app: Flask, city: City) -> Flask:
        import dataclasses

        app.extensions["portal_settings"] = dataclasses.replace(app.extensions["portal_settings"], demo=True)
        with app.extensions["portal_database"].transaction() as db:
            db.add(Installation(name="made_by", value="demo"))
            db.get_one(Person, city.person("mei")).is_demo = True
        return app

    def test_a_visitor_plays_the_moderator_by_one_click(self, demo_app: Flask) -> None:
        visitor = Client(demo_app)
        page = visitor.get("/account/sign-in")
        assert "梅若兰" in page.text
        assert visitor.submit(page, "/demo").path == "/desk/"

    def test_nobody_plays_a_person_who_is_not_offered(self, demo_app: Flask, city: City) -> None:
        visitor = Client(demo_app)
        page = visitor.get("/account/sign-in")
        fields = page.form("/demo").fields | {"person": str(city.person("an"))}
        assert visitor.post("/account/demo", fields).status == 403

    def test_it_is_refused_from_another_machine(self, demo_app: Flask) -> None:
        visitor = Client(demo_app)
        fields = visitor.get("/account/sign-in").form("/demo").fields
        far = {"environ_overrides": {"REMOTE_ADDR": "10.1.2.3"}}
        assert "梅若兰" not in visitor.get("/account/sign-in", **far).text
        assert visitor.post("/account/demo", fields, **far).status == 403
        assert visitor.post("/account/demo", fields, headers={"Host": "city.example"}).status == 403

    def test_it_is_refused_on_a_database_the_demonstration_did_not_make(self, demo_app: Flask) -> None:
        visitor = Client(demo_app)
        fields = visitor.get("/account/sign-in").form("/demo").fields
        with demo_app.extensions["portal_database"].transaction() as db:
            db.query(Installation).delete()
        assert visitor.post("/account/demo", fields).status == 403

    def test_it_is_not_there_without_the_setting(self, client: Client) -> None:
        assert [form.action for form in client.get("/account/sign-in").forms() if "demo" in form.action] == []
