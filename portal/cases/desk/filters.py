"""Kept filters: save, rename, delete."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.cases.desk import blueprint
from portal.cases.desk.reading import check_token, side, worklist_url
from portal.cases.forms.desk import FilterNameForm, SaveFilterForm
from portal.cases.queries.filters import parse_query
from portal.cases.queries.start import saved_filters as own_filters
from portal.cases.service import saved_filters as service
from portal.kernel import clock
from portal.kernel.errors import Invalid, Refused
from portal.web.access import current_actor, requires
from portal.web.database import reader, transaction
from portal.web.rendering import page
from portal.web.words import _


@blueprint.get("/filters")
@requires("case.read")
def saved_filters() -> Response:
    """One's own filters."""
    return _page()


def _page(form: FilterNameForm | None = None, wrong: int = 0, status: int = 200) -> Response:
    rows = own_filters(reader(), current_actor().person_id or 0)
    return page(
        "cases/filters.html",
        status=status,
        rows=[(row, worklist_url(parse_query(row.query))) for row in rows],
        form=form or FilterNameForm(formdata=None),
        wrong=wrong,
        side=side(),
    )


@blueprint.post("/filters")
@requires("case.read")
def save_filter() -> Response:
    """Keep the filter of a worklist under a name."""
    form = SaveFilterForm()
    wanted = parse_query(form.query.data or "")
    try:
        if not form.validate():
            raise Invalid("name", "")
        with transaction() as db:
            service.save_filter(db, clock.now(), current_actor(), form.name.data, wanted.saved_query())
    except (Invalid, Refused) as error:
        if error.message:
            form.take(error)
        return page("cases/filter_new.html", status=422, form=form, side=side())
    flash(_("Kept. It stands at the side of the worklist."), "success")
    return redirect(worklist_url(wanted), 303)


@blueprint.post("/filters/<int:filter_id>/name")
@requires("case.read")
def rename_filter(filter_id: int) -> Response:
    """Give a filter another name."""
    form = FilterNameForm()
    try:
        if not form.validate():
            return _page(form, filter_id, 422)
        with transaction() as db:
            service.rename_filter(db, clock.now(), current_actor(), filter_id, form.name.data)
    except Invalid as error:
        form.take(error)
        return _page(form, filter_id, 422)
    flash(_("Renamed."), "success")
    return redirect(url_for("case_desk.saved_filters"), 303)


@blueprint.post("/filters/<int:filter_id>/deletion")
@requires("case.read")
def delete_filter(filter_id: int) -> Response:
    """Forget a filter."""
    check_token()
    with transaction() as db:
        service.delete_filter(db, clock.now(), current_actor(), filter_id)
    flash(_("Deleted. The cases are untouched."), "success")
    return redirect(url_for("case_desk.saved_filters"), 303)
