"""What waits for whom, and how a draft begins."""

from typing import Any

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.kernel.words import N_
from portal.publishing import service
from portal.publishing.desk import blueprint
from portal.publishing.desk.reading import private, to
from portal.publishing.forms import StartForm
from portal.publishing.queries import reviews
from portal.web.access import current_actor, requires
from portal.web.database import reader, transaction
from portal.web.filters import told
from portal.web.words import _

LABELS = {
    "decide": N_("To be decided by you"),
    "returned": N_("Returned to be mended"),
    "drafts": N_("Drafts"),
    "waiting": N_("Proposed by you"),
    "ready": N_("Could be published"),
    "published": N_("Published last"),
}


@blueprint.get("/releases")
@requires("publication.release")
def queue() -> Response:
    """What waits for whom: decisions first."""
    db, actor, now = reader(), current_actor(), clock.now()
    counts = reviews.counts(db, now, actor)
    first = next((name for name in reviews.LISTS if counts[name]), "decide")
    wanted = request.args.get("show", "")
    show = wanted if wanted in LABELS else first
    published = show == "published"
    return private(
        "publishing/releases.html",
        show=show,
        label=_(LABELS[show]),
        side=[("", [_side(name, show, counts.get(name)) for name in LABELS])],
        rows=[] if published else reviews.rows(db, now, actor, show),
        published=reviews.last_published(db, actor) if published else [],
        total=counts.get(show, 0),
        most=reviews.MOST,
        form=StartForm(formdata=None),
        may_propose=actor.has("publication.propose"),
    )


def _side(name: str, show: str, count: int | None) -> dict[str, Any]:
    return {
        "label": _(LABELS[name]),
        "url": url_for("releases.queue", show=name),
        "count": f"{reviews.MOST}+" if count is not None and count > reviews.MOST else count,
        "current": name == show,
    }


@blueprint.post("/releases")
@requires("publication.propose")
def start() -> Response:
    """Begin a draft for a case, or open the one there is."""
    form = StartForm()
    if not form.validate_on_submit():
        flash(_("Give the number of a case."), "error")
        return to(url_for("releases.queue"))
    case_id = reviews.case_of(reader(), current_actor(), (form.ref.data or "").upper())
    if case_id is None:
        flash(_("There is no case with this number."), "error")
        return to(url_for("releases.queue"))
    try:
        with transaction() as db:
            draft = service.start_release(db, clock.now(), current_actor(), case_id)
    except PortalError as error:
        flash(told(error), "error")
        return to(url_for("case_desk.case", ref=(form.ref.data or "").upper()))
    return to(url_for("releases.review", release_id=draft.id))
