"""Every route in every named state: reachable for whom it is meant, refused for the others, never a broken page.

Computed from the application's own routes and the registry in `world`: an unregistered page fails here.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Map, Rule

from portal.identity.roles import ROLES
from portal.web.access import declared_access
from tests.client import Client
from tests.guards.world import World, fill, loaded_city, roles_with

LIST = Path(__file__).with_name("routes.txt")
# What an act's page may answer in a state in which the act is not possible: in words, never by breaking.
IN_WORDS = {200, 303, 400, 403, 404, 409, 410, 422}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def city_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with loaded_city(tmp_path_factory.mktemp("world")) as app:
        yield app


@pytest.fixture(scope="module")
def world(city_app: Flask) -> World:
    return World(city_app)


def rules(app: Flask, method: str) -> list[Rule]:
    return sorted((rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())), key=str)


def line(app: Flask, rule: Rule) -> str:
    methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    return f"{methods} {rule.rule} {declared_access(app, rule.endpoint)}"


def test_the_routes_are_those_on_the_list(city_app: Flask) -> None:
    now = sorted(line(city_app, rule) for rule in city_app.url_map.iter_rules())
    listed = LIST.read_text().splitlines()
    assert now == listed, (
        "addresses are promises: look at the difference, then write the list anew with "
        "`python -m tests.guards.routes`"
    )


def test_every_route_is_registered_in_a_named_state(city_app: Flask, world: World) -> None:
    missing = [rule.rule for rule in city_app.url_map.iter_rules() if not world.examples(rule)]
    assert not missing, f"tell tests/guards/world.py how to fill: {missing}"


def visitor(world: World, role: str | None, unit: int | None = None) -> Client:
    client = Client(world.app)
    if role is not None:
        person = world.people.get((role, unit)) or world.people[(role, None)]
        client.sign_in(person)
    return client


def test_every_page_in_every_state_is_whole(city_app: Flask, world: World) -> None:
    """The client inspects each page; here only the status is judged."""
    faults, visited = [], 0
    clients: dict[tuple[str | None, int | None], Client] = {}
    for rule in rules(city_app, "GET"):
        access = declared_access(city_app, rule.endpoint) or ""
        for example in world.examples(rule):
            unit = world.units.get(str(example.values.get("ref")))
            role = None if access == "public" else next(roles_with(access))
            key = (role, unit if role in ("official", "unit_head") else None)
            client = clients.setdefault(key, visitor(world, *key))
            if rule.rule.startswith("/appeals/<receipt>"):
                client = _asker(world, example.state)
            try:
                page = client.get(fill(rule, example.values))
            except AssertionError as error:
                faults.append(f"{rule.rule} ({example.state}): {str(error)[:300]}")
                continue
            visited += 1
            if page.status not in IN_WORDS:
                faults.append(f"{rule.rule} ({example.state}): {page.status}")
    assert not faults, "\n".join(faults)
    assert visited > 200


def _asker(world: World, state: str) -> Client:
    receipt, _ref, code = world.receipts[state]
    client = Client(world.app)
    client.submit(client.get("/appeals/track"), "/track", receipt=receipt, code=code)
    return client


def test_who_lacks_the_permission_is_refused_everywhere(city_app: Flask, world: World) -> None:
    faults = []
    clients = {role: visitor(world, role) for role in ROLES}
    stranger = Client(city_app)
    for method in ("GET", "POST"):
        for rule in rules(city_app, method):
            access = declared_access(city_app, rule.endpoint)
            if access in ("public", None):
                continue
            address = fill(rule, world.examples(rule)[0].values)
            send = getattr(stranger, method.lower())
            if (status := send(address, follow=False).status) != 303:
                faults.append(f"{method} {rule.rule}: a stranger got {status}")
            for role, client in clients.items():
                if role in roles_with(access or ""):
                    continue
                status = getattr(client, method.lower())(address, follow=False).status
                if status != 403:
                    faults.append(f"{method} {rule.rule}: {role} got {status}")
    assert not faults, "\n".join(faults)


def test_the_guard_sees_an_unregistered_page(city_app: Flask, world: World) -> None:
    planted = Rule("/somewhere/<thing>", endpoint="x")
    Map([planted])
    assert world.examples(planted) == []
