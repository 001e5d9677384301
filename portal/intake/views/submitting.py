"""Submitting: form → check page → sent. Every step survives reload, double click and a kill in between."""

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.intake import askers
from portal.intake.forms import FIELDS, PublicAppealForm, SendForm
from portal.intake.queries.drafts import Draft, draft_of, find_draft
from portal.intake.queries.lists import Options, answer_times, options
from portal.intake.queries.repeats import likely_repeats
from portal.intake.rules import emergencies, suspicions
from portal.intake.service import Given, discard_draft, keep_draft, purge_drafts, stage, submit, unstage
from portal.intake.service.submitting import given_before
from portal.intake.views import blueprint
from portal.intake.views.asker_page import to_tracking
from portal.intake.views.browsers import browser, fresh_id, is_id, opened_now, seconds_open
from portal.intake.views.receiving import blame, receive
from portal.kernel import clock, files
from portal.kernel.errors import Invalid, PortalError, Refused, TooMany
from portal.web.access import public
from portal.web.database import reader, settings, transaction
from portal.web.guarding import check_proof, fresh_challenge, throttle
from portal.web.locale import current
from portal.web.rendering import page
from portal.web.words import _

PROOF = "appeal"


@blueprint.get("/appeals/new")
@public
def new() -> Response:
    """The form; its address carries its id, so that going back finds everything that was typed."""
    client_id = request.args.get("form", "")
    if not is_id(client_id):
        return redirect(url_for(".new", form=fresh_id()), 303)
    draft = draft_of(reader(), browser(), client_id)
    if draft and draft.appeal_id:
        return _filed(client_id)
    form = _form(data=(draft.values if draft else {}) | {"client_id": client_id})
    form.opened.data = opened_now(client_id)
    return _show(form, draft)


@blueprint.post("/appeals/new")
@public
def take() -> Response:
    """Take what was typed and sent: on to the check page, or the same form again with what to put right."""
    form = _form()
    if not is_id(form.client_id.data):
        form.client_id.data = fresh_id()
    client_id = str(form.client_id.data)
    draft = draft_of(reader(), browser(), client_id)
    if draft and draft.appeal_id:
        return _filed(client_id)
    valid = form.validate()
    if form.form_errors:  # a stale token: nothing is written for a form that may not be the reader's own
        return _show(form, draft, 422)
    try:
        throttle("appeal.form")
        draft = _keep(form, valid)
    except TooMany as error:
        form.take(error)
        return _show(form, draft, 429)
    except PortalError as error:
        form.take(error)
    if form.files.errors or form.form_errors or (not valid and _pressed() == "go"):
        return _show(form, draft, 422)
    if _pressed() == "go":
        return redirect(url_for(".check", form=client_id), 303)
    return redirect(url_for(".new", form=client_id, _anchor="files"), 303)


def _pressed() -> str:
    """Which button: `go` on, `add` the chosen files, or `remove` one that was sent."""
    return next((name for name in ("add", "remove") if name in request.form), "go")


def _keep(form: PublicAppealForm, valid: bool) -> Draft | None:
    """Keep what was typed and the files that are good; say of each other one what is wrong."""
    here, client_id = browser(), str(form.client_id.data)
    kept = receive(form)
    unwanted: list[str] = []
    with transaction() as db:
        now = clock.now()
        draft = keep_draft(
            db, now, here, client_id, form.values(), checked=valid, suspicions=_signs_of_spam(form)
        )
        for file in kept:
            try:
                stage(db, draft, file, most=settings().max_attachments)
            except (Invalid, Refused) as error:
                unwanted.append(file.stored_as)
                if isinstance(error, Invalid):
                    blame(form, file.name, error)
        if form.files.errors:
            draft.checked = False
        if request.form.get("remove", "").isdecimal():
            unwanted.append(unstage(db, draft, int(request.form["remove"][:18])))
        unwanted += purge_drafts(db, now)
    files.discard(settings().upload_dir, unwanted)
    return draft_of(reader(), here, client_id)


def _signs_of_spam(form: PublicAppealForm) -> tuple[str, ...]:
    return suspicions(
        text=f"{form.title.data} {form.body.data}",
        trapped=bool(form.website.data),
        seconds=seconds_open(str(form.client_id.data), form.opened.data or ""),
    )


@blueprint.get("/appeals/new/check")
@public
def check() -> Response:
    """What will be sent, what may be the same matter already, and what cannot wait."""
    client_id = request.args.get("form", "")
    draft = draft_of(reader(), browser(), client_id) if is_id(client_id) else None
    if draft is None:
        flash(_("This form is not here any more. Please fill it in again."), "warning")
        return redirect(url_for(".new"), 303)
    if draft.appeal_id:
        return _filed(client_id)
    if not draft.checked:
        return redirect(url_for(".new", form=client_id), 303)
    form = SendForm(data={"client_id": client_id})
    return _show_check(form, draft)


@blueprint.post("/appeals/new/check")
@public
def send() -> Response:
    """Send it: one appeal, however often this is sent."""
    form = SendForm()
    client_id = str(form.client_id.data or "")
    draft = draft_of(reader(), browser(), client_id) if is_id(client_id) else None
    if draft is None:
        flash(_("This form is not here any more. Please fill it in again."), "warning")
        return redirect(url_for(".new"), 303)
    if draft.appeal_id:
        return _filed(client_id)
    if not form.validate():
        return _show_check(form, draft, 422)
    try:
        check_proof(PROOF, request.form, f"{browser()}:{client_id}", "appeal.unproved")
        throttle("appeal.network")
        with transaction() as db:
            given = submit(db, clock.now(), browser(), client_id, current())
    except PortalError as error:
        form.take(error)
        return _show_check(form, draft, error.status)
    return _hand_over(given)


@blueprint.post("/appeals/new/discard")
@public
def discard() -> Response:
    """Throw away what was typed."""
    form = SendForm()
    client_id = str(form.client_id.data or "")
    if form.validate() and is_id(client_id):
        with transaction() as db:
            names = discard_draft(db, browser(), client_id)
        files.discard(settings().upload_dir, names)
        flash(_("What you typed was thrown away."), "success")
    return redirect(url_for(".new"), 303)


def _filed(client_id: str) -> Response:
    """It was filed before: on to the page with the code, for as long as the code is shown at all."""
    draft = find_draft(reader(), browser(), client_id)
    assert draft is not None
    given = given_before(reader(), draft)
    if clock.now() - given.received_at >= askers.CODE_SHOWN_FOR:
        return to_tracking(given.receipt)
    return _hand_over(given)


def _hand_over(given: Given) -> Response:
    """On to the asker's own page, with the code for this browser only."""
    there = redirect(url_for(".mine", receipt=given.receipt), 303)
    return askers.admit(there, given.receipt, given.appeal_id, given.code)


def _options() -> Options:
    return options(reader(), clock.local_date(clock.now(), settings().timezone))


def _form(**kwargs: Any) -> PublicAppealForm:
    return PublicAppealForm(options=_options(), **kwargs)


def _show(form: PublicAppealForm, draft: Draft | None, status: int = 200) -> Response:
    here = settings()
    return page(
        "intake/new.html",
        status=status,
        form=form,
        files=draft.files if draft else (),
        times=answer_times(reader(), clock.local_date(clock.now(), settings().timezone)),
        most_files=here.max_attachments,
        most_mb=here.max_attachment_mb,
    )


def _show_check(form: SendForm, draft: Draft, status: int = 200) -> Response:
    form.proof.data, form.proof_answer.data = fresh_challenge(PROOF), ""
    shown = _form(formdata=None, data={name: draft.values.get(name, "") for name in FIELDS})
    category = draft.values.get("category", "")
    repeats = likely_repeats(
        reader(),
        title=draft.values["title"],
        place=draft.values["place"],
        category_id=int(category) if category else None,
    )
    return page(
        "intake/check.html",
        status=status,
        form=form,
        shown=shown,
        files=draft.files,
        repeats=repeats,
        emergencies=emergencies(f"{draft.values['title']} {draft.values['body']}"),
        edit_url=url_for(".new", form=form.client_id.data),
    )
