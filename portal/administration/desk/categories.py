"""Categories: the list, a new one, changes, places in the list."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.administration import service
from portal.administration.desk import blueprint, done, saved, stored_meanwhile
from portal.administration.forms import CategoryForm, NewCategoryForm
from portal.administration.queries import lists
from portal.administration.queries.record import record
from portal.cases.models import Category
from portal.kernel import clock, seen
from portal.web.access import current_actor, requires
from portal.web.database import reader
from portal.web.rendering import page

LIST = "administration.category_list"


@blueprint.get("/categories")
@requires("category.manage")
def category_list() -> Response:
    """Every category, in the order in which people choose."""
    return page("administration/categories.html", rows=lists.entries(reader(), Category))


@blueprint.get("/categories/new")
@requires("category.manage")
def new_category() -> Response:
    """A new category."""
    return page("administration/category.html", form=NewCategoryForm(), category=None)


@blueprint.post("/categories")
@requires("category.manage")
def add_category() -> Response:
    """Add a category at the end of the list."""
    form = NewCategoryForm()
    failed = saved(
        form,
        lambda db: service.add_category(
            db,
            clock.now(),
            current_actor(),
            code=form.code.data,
            name=form.name.data,
            name_en=form.name_en.data or "",
            description=form.description.data or "",
            active=form.active.data,
        ),
    )
    if failed:
        return page("administration/category.html", form=form, category=None, status=failed)
    flash(_("The category is added."), "success")
    return redirect(url_for(LIST), 303)


@blueprint.get("/categories/<int:category_id>")
@requires("category.manage")
def show_category(category_id: int) -> Response:
    """One category."""
    category = lists.entry(reader(), Category, category_id)
    return _page(category_id, CategoryForm(obj=category, seen=seen.mark(category, service.CATEGORY_EDITED)))


@blueprint.post("/categories/<int:category_id>")
@requires("category.manage")
def change_category(category_id: int) -> Response:
    """Rename a category, switch it off or on."""
    form = CategoryForm()
    failed = saved(
        form,
        lambda db: service.change_category(
            db,
            clock.now(),
            current_actor(),
            category_id,
            name=form.name.data,
            name_en=form.name_en.data or "",
            description=form.description.data or "",
            active=form.active.data,
            seen_mark=form.seen.data,
        ),
    )
    if failed:
        return _page(category_id, form, failed)
    flash(_("Saved."), "success")
    return redirect(url_for(LIST), 303)


@blueprint.post("/categories/<int:category_id>/<any(up, down):way>")
@requires("category.manage")
def move_category(category_id: int, way: str) -> Response:
    """One place up or down."""
    return done(
        lambda db: service.move_category(db, clock.now(), current_actor(), category_id, up=way == "up"),
        _("Moved."),
        LIST,
        _anchor=f"entry-{category_id}",
    )


def _page(category_id: int, form: CategoryForm, status: int = 200) -> Response:
    db = reader()
    category = lists.entry(db, Category, category_id)
    return page(
        "administration/category.html",
        form=form,
        category=category,
        entries=record(db, "category", category_id),
        stored=stored_meanwhile(form, category, service.CATEGORY_EDITED) if status == 409 else [],
        status=status,
    )
