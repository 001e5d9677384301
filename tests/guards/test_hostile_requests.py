"""What no browser sends: every route, as whoever may reach it, answers nonsense in words and never fails.

The same requests each time, so that what fails is found again. They change the city they are sent to.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.web.access import declared_access
from portal.web.limits import RULES, Limiter, MemoryStore
from portal.web.limits import Rule as Limit
from tests.client import Client, HtmlForm, Page
from tests.guards.world import Example, World, fill, loaded_city, roles_with

pytestmark = pytest.mark.slow

NONSENSE = (
    "a\x00b",
    "\ud800",
    "9" * 400,
    "9" * 5000,
    "999999999999999",
    "-1",
    "²",
    "0001-01-01",
    "9999-12-31",
    "\"'><script>alert(1)</script>%s{{7*7}}",
    '* NEAR( AND "',
    "a\r\nSet-Cookie: x=1",
    "//evil.example/\\",
    "字" * 3000,
)
ODD_VALUES = ("a\x00b", "\ud800", "999999999999999", "²", "0001-01-01", "9999-12-31")
QUERY = (
    *("q", "after", "before", "unit", "unit_id", "category", "area", "tier", "outcome", "from", "to", "sort"),
    *("lang", "next", "form", "receipt", "into", "done", "show", "handler", "received_from", "received_to"),
    *(
        "state",
        "stage",
        "kind",
        "channel",
        "mine",
        "role",
        "case",
        "source_id",
        "source_kind",
        "edit",
        "body",
    ),
)
ALWAYS = ("version", "seen", "client_id", "next", "remove", "add", "act", "file", "template", "appeal_id")
BODIES: tuple[tuple[bytes, str], ...] = (
    (b'{"a": [1]}', "application/json"),
    (b"\xff\xfe--", "multipart/form-data; boundary=x"),
    (b"x", "multipart/form-data"),
    (
        b"--x\r\nContent-Disposition: form-data; name=\xff\r\n\r\n\x00\r\n--x--",
        "multipart/form-data; boundary=x",
    ),
    (b"\xff=\xff&a=%ff%00", "application/x-www-form-urlencoded; charset=utf-7"),
)


@pytest.fixture(scope="module")
def city_app(
    engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    url = request.getfixturevalue("postgres_server").create("hostile") if engine == "postgres" else ""
    with loaded_city(tmp_path_factory.mktemp("hostile"), url) as app:
        boundless = {name: Limit(10**9, 1.0, rule.by) for name, rule in RULES.items()}
        app.extensions["portal_limiter"] = Limiter(MemoryStore(), rules=boundless)
        yield app


@pytest.fixture(scope="module")
def visits(city_app: Flask) -> "Visits":
    return Visits(World(city_app))


class Visits:
    """Sends, as whoever may reach the route, and remembers what failed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults: list[str] = []
        self.sent = 0
        self._clients: dict[Any, Client] = {}

    def routes(self, method: str) -> Iterator[tuple[Rule, Example]]:
        """Every route, with one address for each state that a visitor finds it in."""
        for rule in sorted(self.world.app.url_map.iter_rules(), key=str):
            if method in (rule.methods or ()):
                yield rule, self.world.examples(rule)[0]

    def client(self, rule: Rule, example: Example) -> Client:
        access = declared_access(self.world.app, rule.endpoint) or ""
        if rule.rule.startswith("/appeals/<receipt>") and not rule.rule.endswith("/leave"):
            return self._kept(("asker", example.state), lambda: self._asker(example.state))
        if access == "public":
            return self._kept(None, lambda: Client(self.world.app))
        role = next(roles_with(access))
        unit = self.world.units.get(str(example.values.get("ref"))) if role == "official" else None
        person = self.world.people.get((role, unit)) or self.world.people[(role, None)]
        return self._kept(person, lambda: Client(self.world.app).sign_in(person))

    def _kept(self, key: Any, make: Any) -> Client:
        if key not in self._clients:
            self._clients[key] = make()
        return self._clients[key]

    def _asker(self, state: str) -> Client:
        receipt, _ref, code = self.world.receipts[state]
        client = Client(self.world.app)
        client.submit(client.get("/appeals/track"), "/track", receipt=receipt, code=code)
        return client

    def send(self, client: Client, method: str, path: str, **kwargs: Any) -> None:
        self.sent += 1
        status = client.browser.open(path, method=method, **kwargs).status_code
        if status >= 500:
            self.faults.append(f"{method} {path[:120]} {str(kwargs)[:160]}: {status}")

    def judge(self, at_least: int) -> None:
        faults, self.faults = self.faults, []
        sent, self.sent = self.sent, 0
        assert not faults, "\n".join(faults[:30])
        assert sent > at_least


def encoded(pairs: list[tuple[str, str]]) -> str:
    return urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in pairs])


def test_addresses(visits: Visits) -> None:
    for rule, example in visits.routes("GET"):
        client, address = visits.client(rule, example), fill(rule, example.values)
        for value in NONSENSE:
            if len(value) < 500:
                visits.send(client, "GET", f"{address}?{encoded([(name, value) for name in QUERY])}")
                for name in rule.arguments:
                    odd = quote(value.encode("utf-8", "surrogatepass"), safe="")
                    shown = str(example.values[name])
                    visits.send(client, "GET", address.replace(f"/{shown}", f"/{odd}", 1))
    visits.judge(700)


def test_each_part_of_a_question(visits: Visits) -> None:
    """One at a time: a first refusal hides what the others would have done."""
    lists = ("/desk/cases", "/cases", "/desk/admin/people", "/desk/releases", "/desk/appeals/new")
    for rule, example in visits.routes("GET"):
        if rule.rule in lists:
            client = visits.client(rule, example)
            for name in QUERY:
                for value in ODD_VALUES:
                    visits.send(client, "GET", f"{rule.rule}?{encoded([(name, value)])}")
    visits.judge(900)


def test_methods_and_bodies(visits: Visits) -> None:
    for rule in sorted(visits.world.app.url_map.iter_rules(), key=str):
        example = visits.world.examples(rule)[0]
        client, address = visits.client(rule, example), fill(rule, example.values)
        for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"):
            visits.send(client, method, address)
        for body, kind in BODIES:
            visits.send(client, "POST", address, data=body, content_type=kind)
        visits.send(client, "POST", address, headers={"Origin": "http://["})
    visits.judge(1000)


def test_forms(visits: Visits) -> None:
    found = 0
    for rule, example in visits.routes("POST"):
        client, address = visits.client(rule, example), fill(rule, example.values)
        form, token = form_for(client, address)
        found += form is not None
        fields = (form.fields if form else {}) | ({"csrf_token": token} if token else {})
        names = sorted((form.names if form else set()) | set(ALWAYS) - {"csrf_token"})
        if "split" in address:
            names += ["parts-²-title", f"parts-{'9' * 30}-title", "parts-x-title"]
        for at, name in enumerate(names):
            some = {key: text for key, text in fields.items() if key != name and text is not None}
            send_form(visits, client, address, form, some | {name: NONSENSE[at % len(NONSENSE)]})
            send_form(visits, client, address, form, some)
        for value in NONSENSE[::3]:
            send_form(
                visits, client, address, form, dict.fromkeys(names, value) | {"csrf_token": token or ""}
            )
    assert found > 40
    visits.judge(1200)


def form_for(client: Client, address: str) -> tuple[HtmlForm | None, str | None]:
    """The form that is sent there, from its own page or the one above; and a token that is good."""
    above, two_above = address.rsplit("/", 1)[0], address.rsplit("/", 2)[0]
    token = None
    for path in (
        address,
        above,
        two_above,
        f"{address}/new",
        "/account/",
        "/account/sign-in",
        "/appeals/track",
    ):
        page = Page(client.browser.get(path or "/"), path)
        if page.status != 200 or page.tree is None:
            continue
        for form in page.forms():
            token = form.fields.get("csrf_token", token)
            if form.method == "post" and form.action.split("?")[0] == address:
                return form, token
    return None, token


def send_form(
    visits: Visits, client: Client, address: str, form: HtmlForm | None, fields: dict[str, str]
) -> None:
    if form is not None and form.multipart:
        plain = {key: text.encode("utf-8", "replace").decode() for key, text in fields.items()}
        visits.send(client, "POST", address, data=plain, content_type="multipart/form-data")
        return
    body = encoded(list(fields.items()))
    visits.send(client, "POST", address, data=body, content_type="application/x-www-form-urlencoded")
