"""Units: the tree, a new unit, changes, the end with a successor."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.administration.desk import blueprint, done, saved, stored_meanwhile, today
from portal.administration.desk.choosing import role_choices, unit_choices
from portal.administration.forms import EndUnitForm, NewUnitForm, UnitForm
from portal.administration.queries import units
from portal.administration.queries.record import record
from portal.identity import service
from portal.identity.models import Unit
from portal.identity.service.units import EDITED
from portal.kernel import clock, seen
from portal.web.access import current_actor, requires
from portal.web.database import reader
from portal.web.rendering import page

UNIT = "administration.show_unit"


@blueprint.get("/units")
@requires("unit.manage")
def unit_list() -> Response:
    """Every unit in its place; ended ones when asked for; or those that hold the words."""
    words, ended = request.args.get("q", "").strip()[:80], bool(request.args.get("ended"))
    tree = units.unit_tree(reader(), today(), ended=ended)
    found = units.matching(tree, words) if words else None
    return page(
        "administration/units.html", regions=("results",), tree=tree, found=found, q=words, ended=ended
    )


@blueprint.get("/units/new")
@requires("unit.manage")
def new_unit() -> Response:
    """A new unit."""
    form = NewUnitForm(
        data={
            "valid_from": today(),
            "handles_cases": True,
            "parent": request.args.get("parent", ""),
            "sort": 0,
        }
    )
    return _new_page(form)


@blueprint.post("/units")
@requires("unit.manage")
def add_unit() -> Response:
    """Add a unit."""
    form = NewUnitForm()
    form.parent.choices = _parents()
    failed = saved(
        form,
        lambda db: service.add_unit(
            db,
            clock.now(),
            current_actor(),
            code=form.code.data,
            valid_from=form.valid_from.data,
            name=form.name.data,
            short_name=form.short_name.data or "",
            name_en=form.name_en.data or "",
            slug=form.slug.data or "",
            parent_id=form.parent.data or None,
            duties=form.duties.data or "",
            phone=form.phone.data or "",
            handles_cases=form.handles_cases.data,
            sort=form.sort.data or 0,
        ),
    )
    if failed:
        return _new_page(form, failed)
    flash(_("The unit is added."), "success")
    return redirect(url_for("administration.unit_list"), 303)


def _new_page(form: NewUnitForm, status: int = 200) -> Response:
    form.parent.choices = _parents()
    return page("administration/unit_new.html", form=form, status=status)


def _parents(besides: int | None = None) -> list[tuple[str, str]]:
    return [("", _("Nothing: it stands at the top")), *unit_choices(besides=besides)]


@blueprint.get("/units/<int:unit_id>")
@requires("unit.manage")
def show_unit(unit_id: int) -> Response:
    """One unit: its details, who is appointed there, its end, the record."""
    return _unit_page(unit_id, _filled(units.unit(reader(), unit_id)))


def _filled(unit: Unit) -> UnitForm:
    stored = {name: getattr(unit, name) for name in EDITED if name != "parent_id"}
    return UnitForm(data=stored | {"parent": unit.parent_id or "", "seen": seen.mark(unit, EDITED)})


@blueprint.post("/units/<int:unit_id>")
@requires("unit.manage")
def change_unit(unit_id: int) -> Response:
    """Save the details; moving it moves everything below it."""
    form = UnitForm()
    form.parent.choices = _parents(unit_id)
    failed = saved(
        form,
        lambda db: service.change_unit(
            db,
            clock.now(),
            current_actor(),
            unit_id,
            name=form.name.data,
            short_name=form.short_name.data or "",
            name_en=form.name_en.data or "",
            slug=form.slug.data or "",
            parent_id=form.parent.data or None,
            duties=form.duties.data or "",
            phone=form.phone.data or "",
            handles_cases=form.handles_cases.data,
            sort=form.sort.data or 0,
            seen_mark=form.seen.data,
        ),
    )
    if failed:
        return _unit_page(unit_id, form, failed)
    flash(_("Saved."), "success")
    return redirect(url_for(UNIT, unit_id=unit_id), 303)


def _unit_page(unit_id: int, form: UnitForm, status: int = 200) -> Response:
    db = reader()
    unit = units.unit(db, unit_id)
    form.parent.choices = _parents(unit_id)
    return page(
        "administration/unit.html",
        form=form,
        unit=unit,
        is_over=unit.valid_to is not None and unit.valid_to < today(),
        successor=units.unit(db, unit.successor_id) if unit.successor_id else None,
        people=units.people_of(db, today(), unit_id),
        roles=dict(role_choices()),
        entries=record(db, "unit", unit_id),
        stored=stored_meanwhile(form, unit, EDITED) if status == 409 else [],
        status=status,
    )


@blueprint.get("/units/<int:unit_id>/end")
@requires("unit.manage")
def ask_end(unit_id: int) -> Response:
    """When it ends and who carries on."""
    return _end_page(unit_id, EndUnitForm(data={"last_day": today()}))


@blueprint.post("/units/<int:unit_id>/end")
@requires("unit.manage")
def end_unit(unit_id: int) -> Response:
    """End a unit after its last day."""
    form = EndUnitForm()
    form.successor.choices = _successors(unit_id)
    failed = saved(
        form,
        lambda db: service.end_unit(
            db, clock.now(), current_actor(), unit_id, form.last_day.data, form.successor.data or None
        ),
    )
    if failed:
        return _end_page(unit_id, form, failed)
    flash(_("The end is noted. Its cases, numbers and history stay under its name."), "success")
    return redirect(url_for(UNIT, unit_id=unit_id), 303)


@blueprint.post("/units/<int:unit_id>/keep")
@requires("unit.manage")
def keep_unit(unit_id: int) -> Response:
    """Take the end back."""
    return done(
        lambda db: service.keep_unit(db, clock.now(), current_actor(), unit_id),
        _("The unit goes on."),
        UNIT,
        unit_id=unit_id,
    )


def _end_page(unit_id: int, form: EndUnitForm, status: int = 200) -> Response:
    db = reader()
    form.successor.choices = _successors(unit_id)
    return page(
        "administration/unit_end.html",
        form=form,
        unit=units.unit(db, unit_id),
        people=units.people_of(db, today(), unit_id),
        open_cases=units.open_cases(db, unit_id),
        status=status,
    )


def _successors(unit_id: int) -> list[tuple[str, str]]:
    return [("", _("Nobody")), *unit_choices(besides=unit_id)]
