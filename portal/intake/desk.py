"""The desk's door: filing for somebody who calls or comes in, and the files of appeals and cases."""

from hashlib import sha256

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.cases.subjects import subject_of
from portal.identity.policy import can
from portal.intake.forms import CallerForm
from portal.intake.queries.attached import attached
from portal.intake.queries.drafts import Draft, draft_of, find_draft
from portal.intake.queries.following import appeal_row, cases_of
from portal.intake.queries.lists import answer_times, options, staff_channels
from portal.intake.reading_out import groups, spoken
from portal.intake.service import keep_draft, stage, submit, unstage
from portal.intake.service.submitting import given_before
from portal.intake.views.browsers import fresh_id, is_id
from portal.intake.views.receiving import blame, drop, receive
from portal.kernel import clock, files
from portal.kernel.errors import Invalid, NotFound, PortalError, Refused
from portal.kernel.words import N_
from portal.web import uploads
from portal.web.access import current_actor, requires
from portal.web.database import reader, settings, transaction
from portal.web.locale import current
from portal.web.rendering import page

blueprint = Blueprint("intake_desk", __name__, url_prefix="/desk")
CODE_SHOWN_FOR = 3600
"""Seconds after filing in which whoever filed can read the code out."""


def _desk() -> str:
    """The scope of drafts: each member of the staff has their own."""
    return sha256(f"desk:{current_actor().person_id}".encode()).hexdigest()


@blueprint.get("/appeals/new")
@requires("appeal.file")
def new() -> Response:
    """The form; what it came out of may stand in the address."""
    client_id = request.args.get("form", "")
    draft = draft_of(reader(), _desk(), client_id) if is_id(client_id) else None
    if draft and draft.appeal_id:
        return redirect(url_for(".filed", client_id=client_id), 303)
    values = dict(draft.values) if draft else {}
    source = {name: request.args.get(name, "") for name in ("source_kind", "source_id")}
    form = _form(data={"client_id": client_id if is_id(client_id) else fresh_id(), **source, **values})
    return _show(form, draft)


@blueprint.post("/appeals/new")
@requires("appeal.file")
def take() -> Response:
    """File it, once; or the same form again with what to put right."""
    form = _form()
    if not is_id(form.client_id.data):
        form.client_id.data = fresh_id()
    client_id = str(form.client_id.data)
    draft = draft_of(reader(), _desk(), client_id)
    if draft and draft.appeal_id:
        return redirect(url_for(".filed", client_id=client_id), 303)
    valid = form.validate()
    if form.form_errors:
        return _show(form, draft, 422)
    go = "add" not in request.form and "remove" not in request.form
    try:
        draft = _keep(form, valid)
        if go and valid and not form.files.errors:
            _file(form)
            return redirect(url_for(".filed", client_id=client_id), 303)
    except PortalError as error:
        form.take(error)
        return _show(form, draft, error.status)
    if form.files.errors or (go and not valid):
        return _show(form, draft, 422)
    return redirect(url_for(".new", form=client_id), 303)


def _keep(form: CallerForm, valid: bool) -> Draft | None:
    kept = receive(form)
    unwanted: list[files.KeptFile] = []
    removed: list[str] = []
    with transaction() as db:
        now, client_id = clock.now(), str(form.client_id.data)
        typed = form.values() | {"channel": form.channel.data or ""}
        draft = keep_draft(db, now, _desk(), client_id, typed, checked=valid and not form.files.errors)
        for file in kept:
            try:
                stage(db, draft, file, most=settings().max_attachments)
            except (Invalid, Refused) as error:
                unwanted.append(file)
                if isinstance(error, Invalid):
                    blame(form, file.name, error)
        if request.form.get("remove", "").isdecimal():
            removed.append(unstage(db, draft, int(request.form["remove"][:18])))
    drop(unwanted)
    files.discard(settings().upload_dir, removed)
    return draft_of(reader(), _desk(), client_id)


def _file(form: CallerForm) -> None:
    with transaction() as db:
        submit(
            db,
            clock.now(),
            _desk(),
            str(form.client_id.data),
            current(),
            actor=current_actor(),
            channel=form.channel.data,
            source=form.source,
        )


@blueprint.get("/appeals/filed/<client_id>")
@requires("appeal.file")
def filed(client_id: str) -> Response:
    """Number and code in big type, to be read out; only for whoever filed it, and for a while."""
    draft = find_draft(reader(), _desk(), client_id) if is_id(client_id) else None
    if draft is None or draft.appeal_id is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    given = given_before(reader(), draft)
    appeal = appeal_row(reader(), given.appeal_id, english=current() == "en")
    assert appeal is not None
    fresh = (clock.now() - appeal.received_at).total_seconds() < CODE_SHOWN_FOR
    case = next(iter(cases_of(reader(), given.appeal_id)), None)
    return page(
        "intake/desk_filed.html",
        appeal=appeal,
        address=settings().base_url + url_for("appeals.track"),
        case=case,
        may_read=case is not None and can(current_actor(), "case.read", subject_of(reader(), case.id)),
        code=[(group, spoken(group, current())) for group in groups(given.code)] if fresh else [],
        plain_code="-".join(groups(given.code)) if fresh else "",
    )


@blueprint.get("/attachments/<int:attachment_id>")
@requires("case.read")
def attachment(attachment_id: int) -> Response:
    """A file of a case that this person may read, or of an appeal it answers."""
    found = attached(reader(), attachment_id)
    actor, db = current_actor(), reader()
    if found is None or not any(can(actor, "case.read", subject_of(db, case)) for case in found.case_ids):
        raise NotFound("no_file", N_("This file is not here any more."))
    return uploads.send(settings(), found.stored_as, found.media_type, found.name)


def _form(**kwargs: object) -> CallerForm:
    day = clock.local_date(clock.now(), settings().timezone)
    english = current() == "en"
    channels = [(code, en if english and en else name) for code, name, en in staff_channels(reader())]
    return CallerForm(options=options(reader(), day), channels=channels, **kwargs)


def _show(form: CallerForm, draft: Draft | None, status: int = 200) -> Response:
    here = settings()
    return page(
        "intake/desk_new.html",
        status=status,
        form=form,
        files=draft.files if draft else (),
        times=answer_times(reader(), clock.local_date(clock.now(), settings().timezone)),
        most_files=here.max_attachments,
        most_mb=here.max_attachment_mb,
    )
