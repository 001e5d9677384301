"""The right to receive referrals, given by two administrators through their pages."""

from datetime import date, timedelta

from flask import Flask

from portal.identity import service
from portal.identity.actors import SYSTEM
from portal.kernel import clock
from tests.cast import City
from tests.client import Client
from tests.pages.desk_visits import signed_in

KE = "/desk/admin/people/6"
PROPOSED = "it holds once another administrator grants it"


def second(app: Flask, city: City) -> Client:
    """Nuo, an administrator too, appointed by the operator long ago."""
    with app.extensions["portal_database"].transaction() as db:
        long_ago = clock.now() - timedelta(days=90)
        day = date(2026, 1, 5)
        service.appoint(
            db, long_ago, SYSTEM, city.person("nuo"), "administrator", unit_id=None, starts_on=day
        )
    return signed_in(app, city, "nuo", "en")


def propose(an: Client) -> str:
    page = an.submit(an.get(f"{KE}/appointments/new"), "/appointments", role="discipline")
    return page.text


def role_of(app: Flask, city: City) -> bool:
    with app.extensions["portal_database"].reading() as db:
        return any(grant.role == "discipline" for grant in city.actor(db, "ke", clock.now()).grants)


def test_one_proposes_and_another_grants(app: Flask, city: City) -> None:
    an, nuo = signed_in(app, city, "an", "en"), second(app, city)
    assert PROPOSED in propose(an)
    page = an.get(KE)
    assert "Waiting for a second person" in page.text
    assert not any("/grant" in form.action for form in page.forms()), "its author is not offered it"
    assert "柯评" in nuo.get("/desk/admin/").text
    assert not role_of(app, city)
    done = nuo.submit(nuo.get(KE), "/grant")
    assert "Granted." in done.text
    assert "Waiting for a second person" not in done.text
    assert role_of(app, city)
    assert "Appointment proposed: it takes a second person" in done.text


def test_its_author_cannot_grant_it_by_a_forged_form_and_may_take_it_back(app: Flask, city: City) -> None:
    an = signed_in(app, city, "an", "en")
    propose(an)
    page = an.get(KE)
    form = page.form("/refuse")
    refused = an.post(form.action.replace("/refuse", "/grant"), form.fields)
    assert "This takes two persons" in refused.text
    assert not role_of(app, city)
    assert "The proposal is ended." in an.submit(page, "/refuse").text
    assert an.post(form.action, form.fields).status == 404
    assert signed_in(app, city, "mei").post(form.action, form.fields).status == 403


def test_a_new_person_gets_no_link_before_it_is_granted(app: Flask, city: City) -> None:
    an = signed_in(app, city, "an", "en")
    page = an.submit(
        an.get("/desk/admin/people/new"), "/people", name="廉正", staff_number="1900", role="discipline"
    )
    assert PROPOSED in page.text
    assert "/account/welcome/" not in page.text
    refused = an.submit(page, "/link")
    assert "portal user link" in refused.text
    assert "/account/welcome/" not in refused.text
