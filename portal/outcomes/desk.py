"""The staff's pages of outcomes: what waits where, writing, the second person's decision."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.cases.desk.reading import indented_by_id, lists, side
from portal.identity.models import Unit
from portal.kernel import clock
from portal.kernel.errors import NotFound, PortalError
from portal.kernel.words import N_
from portal.outcomes import queries, service
from portal.outcomes.forms import ApproveForm, OutcomeForm, ReasonForm
from portal.outcomes.models import Outcome
from portal.outcomes.service import Words
from portal.outcomes.service.writing import LANGUAGES
from portal.outcomes.workflow import OutcomeKind, OutcomeState
from portal.publishing.personal_data import find
from portal.web.access import current_actor, requires
from portal.web.database import reader, transaction
from portal.web.filters import term
from portal.web.forms import Form
from portal.web.markdown import drawn
from portal.web.rendering import page
from portal.web.words import _

blueprint = Blueprint("outcome_desk", __name__, url_prefix="/desk/outcomes")
_LANGUAGE_LABELS = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}


@blueprint.get("")
@requires("outcome.draft")
def index() -> Response:
    """Drafts, what is to be decided, what is public."""
    groups = [(state, queries.at_desk(reader(), state)) for state in OutcomeState]
    return page("outcomes/desk.html", groups=groups, side=side())


@blueprint.get("/new")
@requires("outcome.draft")
def new() -> Response:
    """An empty form; from a case, with its number and its unit."""
    form = OutcomeForm(formdata=None, kind=OutcomeKind.PROCEDURE_IMPROVED, lang="zh-Hans")
    found = queries.case_to_begin_with(reader(), current_actor(), request.args.get("case", "")[:20])
    if found is not None:
        form.cases.data, form.unit_id.data = found.ref, str(found.lead_unit_id or "")
    return _editing(_fill(form))


@blueprint.post("/new")
@requires("outcome.draft")
def begin() -> Response:
    """Keep a first draft."""
    form = _fill(OutcomeForm())
    if form.validate():
        try:
            with transaction() as db:
                made = service.draft(db, clock.now(), current_actor(), _words(form))
                outcome_id = made.id
        except PortalError as error:
            form.take(error)
            return _editing(form, status=error.status)
        flash(_("The draft is kept."), "success")
        return _to(outcome_id)
    return _editing(form, status=422)


@blueprint.get("/<int:outcome_id>")
@requires("outcome.draft")
def outcome(outcome_id: int) -> Response:
    """A draft to write on; anything else to look at and decide."""
    found = _found(outcome_id)
    if found.state == OutcomeState.DRAFT:
        form = OutcomeForm(obj=found)
        form.unit_id.data = str(found.unit_id)
        form.cases.data = " ".join(row.ref for row in _linked(found))
        return _editing(_fill(form), found)
    return _deciding(found, ApproveForm(version=str(found.version)))


@blueprint.post("/<int:outcome_id>")
@requires("outcome.draft")
def save(outcome_id: int) -> Response:
    """Keep what was written; propose it, if that was the button."""
    form = _fill(OutcomeForm())
    if not form.validate():
        return _editing(form, _found(outcome_id), 422)
    try:
        with transaction() as db:
            now, actor = clock.now(), current_actor()
            service.edit(db, now, actor, outcome_id, _words(form), _version(form))
            if request.form.get("act") == "propose":
                service.propose(db, now, actor, outcome_id)
    except PortalError as error:
        form.take(error)
        return _editing(form, _found(outcome_id), error.status)
    if request.form.get("act") == "propose":
        flash(_("Proposed. A second person decides now."), "success")
        return redirect(url_for(".index"), 303)
    flash(_("The draft is kept."), "success")
    return _to(outcome_id)


@blueprint.post("/<int:outcome_id>/approve")
@requires("outcome.approve")
def approve(outcome_id: int) -> Response:
    """The second person publishes it."""
    form = ApproveForm()
    if form.validate():
        try:
            with transaction() as db:
                service.approve(
                    db,
                    clock.now(),
                    current_actor(),
                    outcome_id,
                    version=_version(form),
                    checked=form.checked.data,
                )
        except PortalError as error:
            form.take(error)
            return _deciding(_found(outcome_id), form, error.status)
        flash(_("It is published."), "success")
        return redirect(url_for(".index"), 303)
    return _deciding(_found(outcome_id), form, 422)


@blueprint.post("/<int:outcome_id>/back")
@requires("outcome.approve")
def back(outcome_id: int) -> Response:
    """The second person hands it back."""
    return _with_reason(outcome_id, service.send_back, _("Handed back."))


@blueprint.post("/<int:outcome_id>/withdraw")
@requires("outcome.approve")
def withdraw(outcome_id: int) -> Response:
    """A published outcome is taken away."""
    return _with_reason(
        outcome_id, service.withdraw, _("It is withdrawn. Its number and your reason stay public.")
    )


@blueprint.post("/<int:outcome_id>/stop")
@requires("outcome.draft")
def stop(outcome_id: int) -> Response:
    """Take it back before it is public."""
    return _plainly(outcome_id, service.take_back, _("It is a draft again."))


@blueprint.post("/<int:outcome_id>/correct")
@requires("outcome.draft")
def correct(outcome_id: int) -> Response:
    """Begin the outcome that corrects this one."""
    if not Form().validate():
        return _deciding(_found(outcome_id), ApproveForm(formdata=None), 422)
    with transaction() as db:
        made = service.correct(db, clock.now(), current_actor(), outcome_id)
        number = made.id
    return _to(number)


@blueprint.post("/<int:outcome_id>/discard")
@requires("outcome.draft")
def discard(outcome_id: int) -> Response:
    """Throw a draft away."""
    if not Form().validate():
        return _to(outcome_id)
    with transaction() as db:
        service.discard(db, clock.now(), current_actor(), outcome_id)
    flash(_("The draft is thrown away."), "success")
    return redirect(url_for(".index"), 303)


def _with_reason(outcome_id: int, act: Any, said: str) -> Response:
    form = ReasonForm()
    if not form.validate():
        return _deciding(_found(outcome_id), ApproveForm(formdata=None), 422, reason=form)
    try:
        with transaction() as db:
            act(db, clock.now(), current_actor(), outcome_id, form.reason.data)
    except PortalError as error:
        form.take(error)
        return _deciding(_found(outcome_id), ApproveForm(formdata=None), error.status, reason=form)
    flash(said, "success")
    return redirect(url_for(".index"), 303)


def _plainly(outcome_id: int, act: Any, said: str) -> Response:
    if Form().validate():
        with transaction() as db:
            act(db, clock.now(), current_actor(), outcome_id)
        flash(said, "success")
    return _to(outcome_id)


def _found(outcome_id: int) -> Outcome:
    found = reader().get(Outcome, outcome_id) if outcome_id < 2**53 else None
    if found is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return found


def _linked(found: Outcome) -> Sequence[queries.LinkedCase]:
    return queries.linked(reader(), current_actor(), found.id)


def _fill(form: OutcomeForm) -> OutcomeForm:
    form.kind.choices = [(kind.value, term(kind.value, "outcome_kind")) for kind in OutcomeKind]
    form.lang.choices = [(code, _LANGUAGE_LABELS[code]) for code in LANGUAGES]
    units = [(str(number), name) for number, name in indented_by_id(lists().units)]
    form.unit_id.choices = [("", _("Choose a unit")), *units]
    return form


def _words(form: OutcomeForm) -> Words:
    unit = form.unit_id.data
    return Words(
        form.kind.data,
        form.title.data or "",
        form.body.data or "",
        int(unit) if unit else 0,
        form.effective_on.data,
        form.document_no.data or "",
        form.cases.data or "",
        form.lang.data,
    )


def _version(form: Any) -> int:
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdecimal() else 0


def _editing(form: OutcomeForm, found: Outcome | None = None, status: int = 200) -> Response:
    if found is not None and not form.version.data:
        form.version.data = str(found.version)
    return page("outcomes/edit.html", form=form, outcome=found, plain_form=Form(formdata=None), status=status)


def _deciding(
    found: Outcome, form: ApproveForm, status: int = 200, reason: ReasonForm | None = None
) -> Response:
    actor = current_actor()
    marked = [hit.text for hit in (*find(found.title), *find(found.body))]
    return page(
        "outcomes/decide.html",
        outcome=found,
        body=drawn(found.body),
        unit=reader().get_one(Unit, found.unit_id).name,
        cases=_linked(found),
        form=form,
        reason_form=reason or ReasonForm(formdata=None),
        marked=list(dict.fromkeys(marked)),
        own=actor.person_id in (found.author_id, found.edited_by_id),
        may_approve=actor.has("outcome.approve"),
        status=status,
    )


def _to(outcome_id: int) -> Response:
    return redirect(url_for(".outcome", outcome_id=outcome_id), 303)
