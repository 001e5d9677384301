"""How the tests of the desk come to a case and act on it through its pages."""

from typing import Any

from flask import Flask

from portal.cases.models import Case
from portal.cases.service import Filed
from portal.kernel import clock
from tests.builders import a_case
from tests.cast import City
from tests.client import Client, Page


def standing(app: Flask, city: City, state: str, **changes: Any) -> Filed:
    """A case in this state, brought there now."""
    with app.extensions["portal_database"].transaction() as db:
        return a_case(db, city, state, now=clock.now(), **changes)


def signed_in(app: Flask, city: City, key: str, lang: str = "zh_Hans") -> Client:
    """One of the cast at a browser."""
    return Client(app, lang).sign_in(city.person(key))


def act(client: Client, filed: Filed, name: str, **values: Any) -> Page:
    """Open the page of an act, fill it in and send it."""
    address = f"/desk/cases/{filed.ref}/{name}"
    page = client.get(address)
    assert page.status == 200, f"{name}: {page.status} {page.text[:200]}"
    return client.submit(page, address, **values)


def press(client: Client, filed: Filed, name: str) -> Page:
    """Press a button of the case page."""
    address = f"/desk/cases/{filed.ref}"
    return client.submit(client.get(address), f"{address}/{name}")


def state_of(app: Flask, filed: Filed) -> str:
    """Where the case stands."""
    with app.extensions["portal_database"].reading() as db:
        return db.get_one(Case, filed.case_id).state
