"""The staff's own alerts: the list, opening one, marking them read; and what they want to be told, how and when.

Opening marks an alert read, so it is a POST: whatever fetches links ahead of the reader changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.alerts import composing, queries, senders, service
from portal.alerts.composing import Drawn
from portal.alerts.forms import ChoicesForm
from portal.alerts.queries import PAGE
from portal.alerts.rules import GROUP_WORDS, STAFF_GROUPS
from portal.identity.models import Person
from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.web.access import current_actor, requires
from portal.web.addresses import row_number
from portal.web.database import reader, settings, transaction
from portal.web.filters import translated
from portal.web.forms import Form
from portal.web.rendering import page

blueprint = Blueprint("alerts", __name__)
INBOX, CHOICES = "alerts.inbox", "alerts.choices"


@dataclass(frozen=True)
class Row:
    """An alert in the list; `drawn` is None when its reader may no longer see what it was about."""

    id: int
    made_at: datetime
    is_new: bool
    drawn: Drawn | None


def unread() -> int:
    """How many alerts the reader has not opened; for the staff's bar, which is on pages of staff only."""
    actor = current_actor()
    return queries.unread(reader(), actor.person_id) if actor.person_id and actor.has("desk.use") else 0


@blueprint.get("/desk/alerts")
@requires("desk.use")
def inbox() -> Response:
    """One's own alerts, newest first."""
    before = row_number(request.args.get("before", ""))
    db, now, person_id = reader(), clock.now(), current_actor().person_id
    assert person_id is not None
    found = queries.inbox(db, person_id, before or None)
    rows = [
        Row(alert.id, alert.made_at, alert.read_at is None, composing.draw(db, now, alert))
        for alert in found[:PAGE]
    ]
    return page(
        "alerts/inbox.html",
        rows=rows,
        first=not before,
        next_url=url_for(INBOX, before=rows[-1].id) if len(found) > PAGE else None,
        first_url=url_for(INBOX) if before else None,
    )


@blueprint.post("/desk/alerts/<int:alert_id>/open")
@requires("desk.use")
def open_one(alert_id: int) -> Response:
    """Mark it read and go where it leads."""
    if not Form().validate():
        flash(_("This page was open too long. Please try again."), "warning")
        return redirect(url_for(INBOX), 303)
    with transaction() as db:
        alert = service.mark_read(db, clock.now(), current_actor(), alert_id)
    found = composing.draw(reader(), clock.now(), alert)
    if found is None:
        flash(_("What this alert was about is no longer open to you."), "notice")
    return redirect(found.path if found else url_for(INBOX), 303)


@blueprint.post("/desk/alerts/read")
@requires("desk.use")
def read_all() -> Response:
    """Mark all read up to the newest one that stood on the page."""
    if Form().validate():
        with transaction() as db:
            service.mark_all_read(db, clock.now(), current_actor(), row_number(request.form.get("up_to", "")))
    return redirect(url_for(INBOX), 303)


@blueprint.get("/account/alerts")
@requires("account.use")
def choices() -> Response:
    """What comes by mail and text, and when."""
    person_id = current_actor().person_id
    assert person_id is not None
    chosen = queries.chosen(reader(), person_id)
    return _choices_page(ChoicesForm(formdata=None, data=ChoicesForm.values(chosen)))


@blueprint.post("/account/alerts")
@requires("account.use")
def choose() -> Response:
    """Keep what was chosen."""
    form = ChoicesForm()
    if not form.validate():
        return _choices_page(form, 422)
    actor, now = current_actor(), clock.now()
    try:
        with transaction() as db:
            for group, way, mode in form.modes():
                service.choose(db, now, actor, group, way, mode)
            service.set_hours(db, now, actor, form.quiet_from.data, form.quiet_to.data, form.digest_hour.data)
    except PortalError as error:
        form.take(error)
        return _choices_page(form, error.status)
    flash(_("Saved. It counts from the next alert on."), "success")
    return redirect(url_for(CHOICES), 303)


def _choices_page(form: ChoicesForm, status: int = 200) -> Response:
    ways = senders.ways(settings())
    groups = [(group, *map(translated, GROUP_WORDS[group])) for group in STAFF_GROUPS]
    return page(
        "alerts/choices.html",
        form=form,
        groups=groups,
        person=reader().get_one(Person, current_actor().person_id),
        has_mail=ways.mail is not None,
        has_sms=ways.sms is not None,
        status=status,
    )
