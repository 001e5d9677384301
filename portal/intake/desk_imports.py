"""The desk's door to imports: send a table, look at its check, take it in, watch it."""

from pathlib import PurePath

from flask import Blueprint, redirect, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import BooleanField, FileField

from portal.intake.importing import maps
from portal.intake.queries import imports as queries
from portal.intake.service import imports
from portal.kernel import clock
from portal.kernel.aside import aside
from portal.kernel.errors import Invalid, NotFound, PortalError
from portal.kernel.words import N_
from portal.web.access import current_actor, requires
from portal.web.choices import SelectField
from portal.web.database import reader, transaction
from portal.web.filters import told, translated
from portal.web.forms import Form
from portal.web.locale import current
from portal.web.rendering import page

blueprint = Blueprint("imports", __name__, url_prefix="/desk/import")


MAP_WORDS = (
    N_("Columns named like the fields"),
    N_("For tables that somebody prepares for the portal: each header is the field's own name."),
    N_("Message board: messages with the replies they got"),
    N_(
        "One row per message. Replies make answered history; without one a message is history that nobody answered."
    ),
    N_("Message board: messages with likes and dislikes"),
    N_(
        "One row per message. The numbers of likes and dislikes are kept as they were when the table was made."
    ),
    N_("12345 hotline: exported work orders"),
    N_(
        "As hotline systems export them, mostly XLSX. Orders that are finished come in as closed, with their result."
    ),
)
"""What the shipped maps say about themselves, for the catalogues."""


class TableForm(Form):
    """A table to be taken in."""

    file = FileField(_l("Table"))
    channel = SelectField(_l("The appeals came through"))
    map = SelectField(_l("Columns"))
    as_new = BooleanField(_l("Appeals without a reply are new: their clocks run from now"))


class StepForm(Form):
    """A step forward, or none: the buttons say which."""


@blueprint.get("")
@requires("intake.import")
def start() -> Response:
    """The form, and what was imported before."""
    return _show(_form())


@blueprint.post("")
@requires("intake.import")
def send() -> Response:
    """Keep the table and let it be checked; or say what is wrong with it."""
    form = _form()
    if not form.validate():
        return _show(form, 422)
    try:
        run_id = _keep(form)
    except PortalError as error:
        form.take(error)
        return _show(form, error.status)
    return redirect(url_for(".run", import_id=run_id), 303)


def _keep(form: TableForm) -> int:
    name, content = _sent(form.file.data)
    header = aside(imports.look, content, form.map.data)
    with transaction() as db:
        run_id = imports.begin(
            db,
            clock.now(),
            current_actor(),
            file_name=name,
            size=len(content),
            header=header,
            channel_id=int(form.channel.data),
            as_new=form.as_new.data,
        ).id
    for number, part in imports.parts(content):
        with transaction() as db:
            imports.keep_part(db, run_id, number, part)
    with transaction() as db:
        imports.check(db, clock.now(), current_actor(), run_id)
    return run_id


def _sent(upload: object) -> tuple[str, bytes]:
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise Invalid("no_file_sent", N_("Choose a file."), field="file")
    most = imports.LARGEST_MB * 2**20
    content = upload.stream.read(most + 1)
    if len(content) > most:
        raise Invalid(
            "table_too_large",
            N_("This file is larger than %(most)d MB. Divide it, or have it imported on the server."),
            field="file",
            most=imports.LARGEST_MB,
        )
    return _shown(upload.filename), content


def _shown(name: str) -> str:
    """A file's name without folders and without signs that hide or turn text."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable()) or "?"


@blueprint.get("/<int:import_id>")
@requires("intake.import")
def run(import_id: int) -> Response:
    """How far it is, and what to do next."""
    return _show_run(import_id, StepForm())


@blueprint.post("/<int:import_id>/start")
@requires("intake.import")
def confirm(import_id: int) -> Response:
    """Take in what was checked."""
    return _step(import_id, imports.start)


@blueprint.post("/<int:import_id>/drop")
@requires("intake.import")
def drop(import_id: int) -> Response:
    """Throw it away, or stop."""
    return _step(import_id, imports.drop)


def _step(run_id: int, act) -> Response:  # type: ignore[no-untyped-def]
    form = StepForm()
    if not form.validate():
        return _show_run(run_id, form, 422)
    try:
        with transaction() as db:
            act(db, clock.now(), current_actor(), run_id)
    except PortalError as error:
        form.take(error)
        return _show_run(run_id, form, error.status)
    return redirect(url_for(".run", import_id=run_id), 303)


def _form() -> TableForm:
    form, english = TableForm(), current() == "en"
    form.channel.choices = [
        (str(number), name_en if english and name_en else name)
        for number, name, name_en in queries.channels(reader())
    ]
    form.map.choices = [("", _l("Find out by the header")), *((one.name, one.name) for one in maps.shipped())]
    return form


def _show(form: TableForm, status: int = 200) -> Response:
    return page(
        "intake/imports.html",
        status=status,
        form=form,
        rows=queries.newest(reader(), english=current() == "en"),
        most_mb=imports.LARGEST_MB,
        maps=[(one, translated(one.title), translated(one.note)) for one in maps.shipped()],
    )


def _show_run(run_id: int, form: StepForm, status: int = 200) -> Response:
    row = queries.import_row(reader(), run_id, english=current() == "en")
    if row is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    refused = [
        (found.line, told(PortalError(found.code, found.message, **found.params)))
        for found in queries.refusals(reader(), run_id)
    ]
    failure = row.failure
    return page(
        "intake/import.html",
        regions=("progress",),
        status=status,
        form=form,
        row=row,
        refused=refused,
        failure=told(PortalError(failure["code"], failure["message"], **failure["params"]))
        if failure
        else "",
    )
