"""The wording of document numbers."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.administration import service
from portal.administration.desk import blueprint, saved
from portal.administration.forms import SeriesForm
from portal.administration.queries import lists
from portal.kernel import clock
from portal.web.access import current_actor, requires
from portal.web.database import reader, settings
from portal.web.rendering import page

LIST = "administration.series_list"


@blueprint.get("/numbers")
@requires("number.manage")
def series_list() -> Response:
    """Every series with its wording and what its next number will be."""
    return page("administration/numbers.html", rows=lists.series(reader(), _year()))


@blueprint.get("/numbers/<name>")
@requires("number.manage")
def show_series(name: str) -> Response:
    """One series."""
    row = lists.one_series(reader(), _year(), name)
    return page("administration/number.html", form=SeriesForm(data={"pattern": row.pattern}), row=row)


@blueprint.post("/numbers/<name>")
@requires("number.manage")
def word_series(name: str) -> Response:
    """Other words, from the next number on."""
    row = lists.one_series(reader(), _year(), name)
    form = SeriesForm()
    failed = saved(
        form,
        lambda db: service.word_series(db, clock.now(), current_actor(), name, form.pattern.data),
    )
    if failed:
        return page("administration/number.html", form=form, row=row, status=failed)
    flash(_("Saved. It counts from the next number on."), "success")
    return redirect(url_for(LIST), 303)


def _year() -> int:
    return clock.local_date(clock.now(), settings().timezone).year
