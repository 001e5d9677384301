"""A person's account: a new one-time link, signing out everywhere, switching off and on."""

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.administration.desk import blueprint, done
from portal.administration.desk.people import link_page
from portal.identity import service, signing_in
from portal.identity.models import Person
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.web.access import current_actor, requires
from portal.web.database import reader, transaction
from portal.web.filters import told
from portal.web.forms import Form

PERSON = "administration.show_person"


@blueprint.post("/people/<int:person_id>/link")
@requires("person.manage")
def make_link(person_id: int) -> Response:
    """A new one-time link; those given before are void."""
    person = reader().get(Person, person_id)
    name = person.name if person else ""
    if not Form().validate() or (person is not None and person.disabled_at is not None):
        flash(_("No link was made. Look at the page and try again."), "error")
        return redirect(url_for(PERSON, person_id=person_id), 303)
    try:
        with transaction() as db:
            token = signing_in.make_link(db, clock.now(), current_actor(), person_id)
    except Refused as error:
        flash(told(error), "error")
        return redirect(url_for(PERSON, person_id=person_id), 303)
    return link_page(person_id, name, token)


@blueprint.post("/people/<int:person_id>/sign-ins/end")
@requires("person.manage")
def sign_out(person_id: int) -> Response:
    """End every sign-in of the person."""
    return _act(service.sign_out_person, person_id, _("The person is signed out everywhere."))


@blueprint.post("/people/<int:person_id>/disable")
@requires("person.manage")
def disable(person_id: int) -> Response:
    """Switch the account off at once."""
    return _act(
        service.disable_person, person_id, _("The account is switched off and signed out everywhere.")
    )


@blueprint.post("/people/<int:person_id>/enable")
@requires("person.manage")
def enable(person_id: int) -> Response:
    """Switch the account on again."""
    return _act(service.enable_person, person_id, _("The account is in use again."))


def _act(act: Any, person_id: int, words: str) -> Response:
    return done(
        lambda db: act(db, clock.now(), current_actor(), person_id), words, PERSON, person_id=person_id
    )
