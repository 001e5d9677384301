"""A draft: its texts, its files, and a decision about every suspected place."""

from typing import Any

from flask import flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.publishing import service
from portal.publishing.desk import blueprint
from portal.publishing.desk.deciding import judge
from portal.publishing.desk.reading import Review, private, read, to
from portal.publishing.forms import DraftForm, ReturnForm
from portal.web.access import current_actor, requires
from portal.web.database import transaction
from portal.web.words import _, ngettext


@blueprint.get("/releases/<int:release_id>")
@requires("publication.release")
def review(release_id: int) -> Response:
    """A draft: to be edited by who prepares it, to be judged by the second person."""
    found = read(release_id)
    if found.draft.decided_at is not None:
        return to(url_for("releases.published", ref=found.ref))
    if found.draft.state == "proposed" and "edit" not in request.args:
        return judge(found, ReturnForm(formdata=None))
    if not current_actor().has("publication.propose"):
        return judge(found, ReturnForm(formdata=None))
    return _edit(found, DraftForm(formdata=None, obj=found.draft))


@blueprint.post("/releases/<int:release_id>")
@requires("publication.propose")
def save(release_id: int) -> Response:
    """Keep what was edited and decided; propose it, if that was the button."""
    form = DraftForm()
    if not form.validate_on_submit():
        return _edit(read(release_id), form, 422)
    try:
        with transaction() as db:
            _save(db, release_id, form)
        if request.form.get("act") == "propose":
            with transaction() as db:
                service.propose(db, clock.now(), current_actor(), release_id)
            flash(_("Proposed. A second person decides now."), "success")
            return to(url_for("releases.queue"))
    except PortalError as error:
        form.take(error)
        return _edit(read(release_id), form, error.status)
    left = read(release_id).undecided
    flash(
        ngettext(
            "Saved. %(num)s suspected place is undecided.",
            "Saved. %(num)s suspected places are undecided.",
            left,
        )
        if left
        else _("Saved. It can be proposed now."),
        "success",
    )
    return to(url_for("releases.review", release_id=release_id))


def _save(db: Session, release_id: int, form: DraftForm) -> None:
    keep, hide = _decisions()
    version = form.version.data or ""
    draft = service.save_draft(
        db,
        clock.now(),
        current_actor(),
        release_id,
        title=form.title.data or "",
        body=form.body.data or "",
        reply=form.reply.data or "",
        mechanism=form.mechanism.data or "",
        attachments=_files(),
        confirmed=keep,
        note=form.note.data if "note" in request.form else None,
        version=int(version) if version.isdecimal() and version.isascii() else None,
    )
    if hide:
        service.mask(db, clock.now(), current_actor(), draft.id, hide)


def _decisions() -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """What was decided place by place: (field → keys that stay, places to be masked)."""
    keep: dict[str, list[str]] = {}
    hide: list[tuple[str, str]] = []
    for name, value in request.form.items():
        head, _dash, key = name.rpartition("-")
        if not head.startswith("decision-"):
            continue
        field = head.removeprefix("decision-")
        if value == "keep":
            keep.setdefault(field, []).append(key)
        elif value == "mask":
            hide.append((field, key))
    return keep, hide


def _files() -> list[dict[str, Any]]:
    numbers = [value for value in request.form.getlist("file") if value.isascii() and value.isdecimal()]
    return [
        {"id": int(number), "caption": request.form.get(f"caption-{number}", "")}
        for number in numbers
        if len(number) < 16
    ]


def _edit(found: Review, form: DraftForm, status: int = 200) -> Response:
    if not form.is_submitted():
        form.version.data = str(found.draft.version)
    return private("publishing/draft.html", status=status, review=found, draft=found.draft, form=form)
