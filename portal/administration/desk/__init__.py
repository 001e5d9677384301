"""The administrator's pages under /desk/admin: what they share."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.kernel import clock, seen
from portal.kernel.errors import Forbidden, NotFound, PortalError
from portal.web import menus
from portal.web.access import current_actor, requires
from portal.web.database import reader, settings, transaction
from portal.web.filters import told, translated
from portal.web.forms import Form
from portal.web.rendering import page

blueprint = Blueprint("administration", __name__, url_prefix="/desk/admin")


def menu() -> list[dict[str, Any]]:
    """The admin menu as the reader sees it, for the side column."""
    rows = menus.entries("admin", current_actor())
    return [row | {"label": translated(row["label"])} for row in rows]


@blueprint.get("/")
@requires("person.manage")
def start() -> Response:
    """What can be administered."""
    from portal.administration.desk.choosing import role_choices
    from portal.administration.queries.proposals import waiting

    return page("administration/start.html", proposals=waiting(reader()), roles=dict(role_choices()))


def today() -> date:
    """The day where the city is."""
    return clock.local_date(clock.now(), settings().timezone)


def saved(form: Form, act: Callable[[Session], object]) -> int | None:
    """Do what a form asks for. None when it is done, else the status to show the form with again."""
    if not form.validate():
        return 422
    try:
        with transaction() as db:
            act(db)
    except (Forbidden, NotFound):
        raise
    except PortalError as error:
        form.take(error)
        return error.status
    return None


def stored_meanwhile(form: Form, row: Any, fields: tuple[str, ...]) -> list[tuple[str, str]]:
    """What another saved while this form was filled in, as (label, value) where it differs; from now on the
    form counts as made from that, so that saving again replaces it knowingly."""
    rows = []
    for name in fields:
        field = form._fields.get(name.removesuffix("_id"))
        if field is None:
            continue
        stored = getattr(row, name)
        if (stored or "") != (field.data or ""):
            rows.append((str(field.label.text), _shown(field, stored)))
    form["seen"].data = seen.mark(row, fields)
    return rows


def _shown(field: Any, stored: Any) -> str:
    """A stored value in words: a choice by its label, a tick by yes or no."""
    if isinstance(stored, bool):
        return str(_("Yes") if stored else _("No"))
    labels: dict[str, str] = field.labels() if hasattr(field, "labels") else {}
    return labels.get(str(stored), str(stored or "")).strip()


def done(act: Callable[[Session], object], words: str, endpoint: str, **where: Any) -> Response:
    """Do what a single button asks for, say so, and go back; a refusal is told there too."""
    form = Form()
    if not form.validate():
        flash(_("This page was open too long. Nothing was changed: please try again."), "error")
        return redirect(url_for(endpoint, **where), 303)
    try:
        with transaction() as db:
            act(db)
    except (Forbidden, NotFound):
        raise
    except PortalError as error:
        flash(told(error), "error")
    else:
        flash(words, "success")
    return redirect(url_for(endpoint, **where), 303)
