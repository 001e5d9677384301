"""What is public of a case, its correction and its withdrawal."""

from flask import flash, url_for
from werkzeug.wrappers import Response

from portal.cases.subjects import subject_of
from portal.identity.policy import can
from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.publishing import service
from portal.publishing.desk import blueprint
from portal.publishing.desk.reading import nothing, private, to
from portal.publishing.forms import CorrectionForm, WithdrawalForm
from portal.publishing.queries import reviews
from portal.publishing.rules import is_reference
from portal.web.access import current_actor, requires
from portal.web.database import reader, transaction
from portal.web.words import _


@blueprint.get("/releases/published/<ref>")
@requires("publication.release")
def published(ref: str) -> Response:
    """What is public of a case, and the two ways to change that."""
    return _published(ref, CorrectionForm(formdata=None), WithdrawalForm(formdata=None))


@blueprint.post("/releases/published/<ref>/correction")
@requires("publication.correct")
def correct(ref: str) -> Response:
    """Begin a correction with a note that everybody will read."""
    form, line = CorrectionForm(), _line(ref)
    if not form.validate_on_submit():
        return _published(ref, form, WithdrawalForm(formdata=None), 422)
    try:
        with transaction() as db:
            draft = service.start_correction(
                db, clock.now(), current_actor(), line.case_id, form.note.data or ""
            )
    except PortalError as error:
        form.take(error)
        return _published(ref, form, WithdrawalForm(formdata=None), error.status)
    return to(url_for("releases.review", release_id=draft.id))


@blueprint.post("/releases/published/<ref>/withdrawal")
@requires("publication.withdraw")
def withdraw(ref: str) -> Response:
    """Take it down at once."""
    form = WithdrawalForm()
    if not form.validate_on_submit():
        return _published(ref, CorrectionForm(formdata=None), form, 422)
    try:
        with transaction() as db:
            service.withdraw(db, clock.now(), current_actor(), _line(ref).ref, form.words.data or "")
    except PortalError as error:
        form.take(error)
        return _published(ref, CorrectionForm(formdata=None), form, error.status)
    flash(_("Taken down. Its page says so, with your words."), "success")
    return to(url_for("releases.published", ref=ref))


def _line(ref: str) -> reviews.PublishedLine:
    db, actor = reader(), current_actor()
    case_id = reviews.case_of(db, actor, ref) if is_reference(ref) else None
    line = reviews.published(db, case_id) if case_id is not None else None
    if line is None:
        raise nothing()
    return line


def _published(
    ref: str, correction: CorrectionForm, withdrawal: WithdrawalForm, status: int = 200
) -> Response:
    line = _line(ref)
    db, actor = reader(), current_actor()
    subject = subject_of(db, line.case_id)
    return private(
        "publishing/published.html",
        status=status,
        line=line,
        correction=correction,
        withdrawal=withdrawal,
        form=withdrawal if withdrawal.errors else correction,
        open=reviews.open_release(db, line.case_id),
        may_correct=can(actor, "publication.correct", subject),
        may_withdraw=can(actor, "publication.withdraw", subject),
        may_propose=can(actor, "publication.propose", subject),
    )
