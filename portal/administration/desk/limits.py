"""The limits in force with their grounds; changing one from a day on, with a reason."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.administration.desk import blueprint, saved, today
from portal.administration.forms import LimitForm
from portal.administration.queries import limits as queries
from portal.deadlines import service
from portal.deadlines.values import Limit
from portal.kernel import clock
from portal.kernel.words import N_
from portal.web.access import current_actor, requires
from portal.web.database import reader
from portal.web.filters import translated
from portal.web.rendering import page

LIST = "administration.limit_list"
UNITS = {"workdays": N_("Working days"), "days": N_("Calendar days"), "hours": N_("Hours by the clock")}


@blueprint.get("/limits")
@requires("calendar.manage")
def limit_list() -> Response:
    """Every limit that counts today, and on what ground."""
    return page("administration/limits.html", rows=queries.limit_lines(reader(), today()))


@blueprint.get("/limits/<name>")
@requires("calendar.manage")
def show_limit(name: str) -> Response:
    """One limit: what counts, what did before, what will."""
    line = queries.limit_line(reader(), today(), name)
    present = line.present
    kept = {"remind_before": present.remind_before, "starts_on": today()}
    if present.limit:
        kept |= {"amount": present.limit.amount, "unit": present.limit.unit}
    return _page(line, LimitForm(formdata=None, data=kept))


@blueprint.post("/limits/<name>")
@requires("calendar.manage")
def set_limit(name: str) -> Response:
    """Another limit from a day on. Dates that were given stay."""
    line = queries.limit_line(reader(), today(), name)
    form = _offered(LimitForm(), line)
    if not form.default.data and form.amount.data is None:
        form.validate()
        form.refuse("no_length", N_("Say how long it may take."), "amount")
        return _page(line, form, 422)
    failed = saved(
        form,
        lambda db: service.set_limit(
            db,
            clock.now(),
            current_actor(),
            line.event,
            None if form.default.data else Limit(form.amount.data, form.unit.data),
            **queries.words_of(line.key),
            remind_before=form.remind_before.data,
            reason=form.reason.data or "",
            starts_on=form.starts_on.data,
        ),
    )
    if failed:
        return _page(line, form, failed)
    flash(_("Saved. Dates given before stay as they are."), "success")
    return redirect(url_for("administration.show_limit", name=name), 303)


def _offered(form: LimitForm, line: queries.LimitLine) -> LimitForm:
    form.unit.choices = [(code, translated(label)) for code, label in UNITS.items()]
    if line.default is None:
        del form.default
    return form


def _page(line: queries.LimitLine, form: LimitForm, status: int = 200) -> Response:
    if form.unit.choices is None:
        _offered(form, line)
    return page("administration/limit.html", form=form, line=line, status=status)
