"""Reply templates: list, write, change, offer or not."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.cases.desk import blueprint
from portal.cases.desk.reading import check_token, indented_by_id, lists, side
from portal.cases.forms.desk import ReplyTemplateForm
from portal.cases.queries.templates import TemplateRow, all_templates
from portal.cases.service import reply_templates as service
from portal.kernel import clock
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.words import N_
from portal.web.access import current_actor, requires
from portal.web.database import reader, transaction
from portal.web.rendering import page
from portal.web.words import _


@blueprint.get("/templates", endpoint="templates")
@requires("template.use")
def template_list() -> Response:
    """Replies to start from."""
    return page("cases/templates.html", rows=all_templates(reader(), current_actor()), side=side())


@blueprint.route("/templates/new", methods=["GET", "POST"])
@requires("template.edit")
def template_new() -> Response:
    """Write one."""
    return _edit(None)


@blueprint.route("/templates/<int:template_id>", methods=["GET", "POST"])
@requires("template.edit")
def template_edit(template_id: int) -> Response:
    """Change one."""
    found = next((row for row in all_templates(reader(), current_actor()) if row.id == template_id), None)
    if found is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return _edit(found)


def _edit(row: TemplateRow | None) -> Response:
    posted = request.method == "POST"
    form = ReplyTemplateForm() if posted else ReplyTemplateForm(formdata=None, obj=row)
    form.category_id.offer(indented_by_id(lists().categories))
    form.unit_id.offer(indented_by_id(lists().units))
    status = 200
    if posted:
        if form.validate():
            try:
                return _save(row.id if row else None, form)
            except Invalid as error:
                form.take(error)
        status = 422
    return page("cases/template_edit.html", form=form, row=row, status=status, side=side())


def _save(template_id: int | None, form: ReplyTemplateForm) -> Response:
    with transaction() as db:
        service.save_template(
            db,
            clock.now(),
            current_actor(),
            template_id,
            name=form.name.data or "",
            body=form.body.data or "",
            category_id=form.category_id.data,
            unit_id=form.unit_id.data,
        )
    flash(_("Saved."), "success")
    return redirect(url_for("case_desk.templates"), 303)


@blueprint.post("/templates/<int:template_id>/state")
@requires("template.edit")
def template_state(template_id: int) -> Response:
    """Offer it, or no longer."""
    check_token()
    active = request.form.get("active") == "1"
    with transaction() as db:
        service.switch_template(db, clock.now(), current_actor(), template_id, active)
    flash(_("It is offered again.") if active else _("It is no longer offered."), "success")
    return redirect(url_for("case_desk.templates"), 303)
