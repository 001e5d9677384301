"""Making a commitment for a case."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.cases.desk.case import find as find_case
from portal.cases.queries.case_head import CaseHead
from portal.cases.subjects import subject_of
from portal.commitments import service
from portal.commitments.desk import blueprint
from portal.commitments.desk.doing import look, once_only
from portal.commitments.desk.room import CaseRoom
from portal.commitments.forms import PromiseForm
from portal.commitments.service import Promise
from portal.kernel import clock
from portal.kernel.errors import Invalid, Refused
from portal.web.access import current_actor, requires
from portal.web.database import reader, transaction
from portal.web.rendering import page
from portal.web.words import _


@blueprint.route("/cases/<ref>/commitment", methods=["GET", "POST"])
@requires("commitment.make")
def make(ref: str) -> Response:
    """Who does what, how, by when: written down by one, to be agreed to by another."""
    head = find_case(ref)
    room = CaseRoom(head.id, subject_of(reader(), head.id))
    if request.method == "GET":
        return _fresh(head, room)
    form = PromiseForm()
    form.offer(room)
    if request.form.get("fill") == "people":
        return _draw(head, room, form)
    if not form.validate():
        return _draw(head, room, form, 422)
    try:
        made = _make(head, room, form)
    except (Invalid, Refused) as error:
        form.take(error)
        return _draw(head, room, form, error.status)
    if made:
        flash(_("Written down as %(ref)s. It counts once a second person has agreed.", ref=made), "success")
    return redirect(url_for("case_desk.case", ref=ref, _anchor="commitments"), 303)


def _fresh(head: CaseHead, room: CaseRoom) -> Response:
    asked = request.args.get("unit_id", "")
    chosen = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 16 else head.lead_unit_id
    form = PromiseForm(formdata=None, unit_id=chosen)
    form.offer(room)
    return _draw(head, room, form)


def _make(head: CaseHead, room: CaseRoom, form: PromiseForm) -> str | None:
    promise = Promise(
        form.unit_id.data, form.person_id.data, form.what.data, form.how.data, form.due_day.data
    )
    with transaction() as db:
        return once_only(
            db,
            head.ref,
            "commitment",
            form,
            lambda: (
                service.make(
                    db,
                    clock.now(),
                    current_actor(),
                    promise,
                    source_kind="case",
                    source_id=head.id,
                    confirmed=form.is_confirmed(room),
                ).ref
            ),
        )


def _draw(head: CaseHead, room: CaseRoom, form: PromiseForm, status: int = 200) -> Response:
    response = page(
        "commitments/make.html",
        regions=("people",),
        status=status,
        case=head,
        form=form,
        marked=look(form, room),
        url=request.path,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
