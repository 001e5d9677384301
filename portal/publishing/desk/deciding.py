"""The second person: publish, hand back; and giving a draft up."""

from flask import flash, url_for
from werkzeug.wrappers import Response

from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.publishing import service
from portal.publishing.desk import blueprint
from portal.publishing.desk.reading import Review, private, read, to
from portal.publishing.forms import ReturnForm
from portal.web.access import current_actor, requires
from portal.web.database import transaction
from portal.web.filters import told
from portal.web.forms import Form
from portal.web.words import _


@blueprint.post("/releases/<int:release_id>/publication")
@requires("publication.release")
def release(release_id: int) -> Response:
    """The second person publishes it."""
    form = Form()
    if not form.validate_on_submit():
        return judge(read(release_id), ReturnForm(formdata=None), 422)
    try:
        with transaction() as db:
            ref = service.release(db, clock.now(), current_actor(), release_id)
    except PortalError as error:
        flash(told(error), "error")
        return to(url_for("releases.review", release_id=release_id))
    flash(_("Published. Everybody can read it now."), "success")
    return to(url_for("releases.published", ref=ref))


@blueprint.post("/releases/<int:release_id>/return")
@requires("publication.release")
def hand_back(release_id: int) -> Response:
    """The second person hands it back with words."""
    form = ReturnForm()
    if not form.validate_on_submit():
        return judge(read(release_id), form, 422)
    try:
        with transaction() as db:
            service.return_release(db, clock.now(), current_actor(), release_id, form.words.data or "")
    except PortalError as error:
        form.take(error)
        return judge(read(release_id), form, error.status)
    flash(_("Handed back. It stands with what is to be mended."), "success")
    return to(url_for("releases.queue"))


@blueprint.post("/releases/<int:release_id>/drop")
@requires("publication.propose")
def drop(release_id: int) -> Response:
    """Give the draft up."""
    form = Form()
    if form.validate_on_submit():
        with transaction() as db:
            service.drop(db, clock.now(), current_actor(), release_id)
        flash(_("Dropped. Nothing of it was published; it can be begun again from the case."), "success")
    return to(url_for("releases.queue"))


def judge(found: Review, form: ReturnForm, status: int = 200) -> Response:
    """The draft as the second person reads it."""
    actor, draft = current_actor(), found.draft
    return private(
        "publishing/decision.html",
        status=status,
        review=found,
        draft=draft,
        form=form,
        mine=draft.proposed_by_id == actor.person_id,
        may_edit=actor.has("publication.propose"),
    )
