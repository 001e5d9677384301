"""Areas: the tree, a new area, changes, places in the list."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.administration.desk import blueprint, done, saved, stored_meanwhile
from portal.administration.forms import AreaForm, NewAreaForm
from portal.administration.queries import lists, units
from portal.administration.queries.record import record
from portal.identity import service
from portal.identity.models import Area
from portal.identity.service.areas import EDITED
from portal.kernel import clock, seen
from portal.web.access import current_actor, requires
from portal.web.database import reader
from portal.web.rendering import page

LIST = "administration.area_list"


@blueprint.get("/areas")
@requires("area.manage")
def area_list() -> Response:
    """Every area in its place."""
    return page("administration/areas.html", tree=units.area_tree(reader()))


@blueprint.get("/areas/new")
@requires("area.manage")
def new_area() -> Response:
    """A new area."""
    return _new_page(NewAreaForm())


@blueprint.post("/areas")
@requires("area.manage")
def add_area() -> Response:
    """Add an area at the end of the list."""
    form = NewAreaForm()
    form.parent.choices = _parents()
    failed = saved(
        form,
        lambda db: service.add_area(
            db,
            clock.now(),
            current_actor(),
            code=form.code.data,
            name=form.name.data,
            name_en=form.name_en.data or "",
            parent_id=form.parent.data or None,
            active=form.active.data,
        ),
    )
    if failed:
        return _new_page(form, failed)
    flash(_("The area is added."), "success")
    return redirect(url_for(LIST), 303)


def _new_page(form: NewAreaForm, status: int = 200) -> Response:
    form.parent.choices = _parents()
    return page("administration/area.html", form=form, area=None, status=status)


def _parents(besides: int | None = None) -> list[tuple[str, str]]:
    return [("", _("Nothing: it stands at the top")), *units.area_choices(reader(), besides=besides)]


@blueprint.get("/areas/<int:area_id>")
@requires("area.manage")
def show_area(area_id: int) -> Response:
    """One area."""
    area = lists.entry(reader(), Area, area_id)
    form = AreaForm(obj=area, parent=area.parent_id or "", seen=seen.mark(area, EDITED))
    return _area_page(area_id, form)


@blueprint.post("/areas/<int:area_id>")
@requires("area.manage")
def change_area(area_id: int) -> Response:
    """Rename an area, move it, switch it off or on."""
    form = AreaForm()
    form.parent.choices = _parents(area_id)
    failed = saved(
        form,
        lambda db: service.change_area(
            db,
            clock.now(),
            current_actor(),
            area_id,
            name=form.name.data,
            name_en=form.name_en.data or "",
            parent_id=form.parent.data or None,
            active=form.active.data,
            seen_mark=form.seen.data,
        ),
    )
    if failed:
        return _area_page(area_id, form, failed)
    flash(_("Saved."), "success")
    return redirect(url_for(LIST), 303)


@blueprint.post("/areas/<int:area_id>/<any(up, down):way>")
@requires("area.manage")
def move_area(area_id: int, way: str) -> Response:
    """One place up or down."""
    return done(
        lambda db: service.move_area(db, clock.now(), current_actor(), area_id, up=way == "up"),
        _("Moved."),
        LIST,
        _anchor=f"entry-{area_id}",
    )


def _area_page(area_id: int, form: AreaForm, status: int = 200) -> Response:
    db = reader()
    area = lists.entry(db, Area, area_id)
    form.parent.choices = _parents(area_id)
    return page(
        "administration/area.html",
        form=form,
        area=area,
        entries=record(db, "area", area_id),
        stored=stored_meanwhile(form, area, EDITED) if status == 409 else [],
        status=status,
    )
