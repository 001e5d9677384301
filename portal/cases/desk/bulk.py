"""Assigning several cases at once: each is judged on its own, and the result is told case by case."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.cases import service
from portal.cases.desk import blueprint
from portal.cases.desk.reading import indented_by_id, lists, seen, side
from portal.cases.forms.acting import number
from portal.cases.forms.office import BulkAssignmentForm
from portal.cases.queries.case_head import CaseHead, case_heads
from portal.cases.queries.proposed import proposed_people
from portal.cases.service.moves import load
from portal.cases.service.proposals import person_proposed
from portal.kernel import clock, once
from portal.kernel.errors import PortalError
from portal.kernel.words import N_
from portal.web.access import current_actor, requires
from portal.web.database import reader, transaction
from portal.web.filters import told, translated
from portal.web.rendering import page

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of the chosen cases."""

    case: CaseHead
    done: bool
    words: str


@blueprint.get("/cases/assignments", endpoint="assignments")
@requires("case.assign")
def choose() -> Response:
    """The chosen cases and the form."""
    return _page(_form(None), _chosen(request.args))


@blueprint.post("/cases/assignments", endpoint="assignments_made")
@requires("case.assign")
def assign() -> Response:
    """Assign each, or say why not."""
    form, chosen = _form(request.form), _chosen(request.form)
    if not form.validate() or not chosen:
        return _page(form, chosen, 422)
    outcomes = [_assign(head, form) for head in chosen]
    return page("cases/assignments_made.html", outcomes=outcomes, side=side())


def _form(data: MultiDict[str, str] | None) -> BulkAssignmentForm:
    form = BulkAssignmentForm(formdata=data)
    units = [row for row in indented_by_id(lists().units) if lists().unit_by_id[row[0]].handles]
    form.unit_id.offer(units)
    return form


def _chosen(args: MultiDict[str, str]) -> list[CaseHead]:
    """The cases named, as far as this person may know of them, in the order of the list."""
    refs = list(dict.fromkeys(ref[:20] for ref in args.getlist("case")))[:AT_ONCE]
    found = {head.ref: head for head in case_heads(reader(), current_actor(), refs)}
    return [found[ref] for ref in refs if ref in found]


def _page(form: BulkAssignmentForm, chosen: list[CaseHead], status: int = 200) -> Response:
    return page(
        "cases/assignments.html",
        form=form,
        chosen=chosen,
        people=proposed_people(
            reader(), ((head.proposed_unit_id, head.proposed_person_id) for head in chosen), seen().today
        ),
        status=status,
        side=side(),
        url=url_for("case_desk.assignments_made"),
    )


def _assign(head: CaseHead, form: Any) -> Outcome:
    unit_id = form.unit_id.data or head.proposed_unit_id
    if unit_id is None:
        return Outcome(head, False, translated(N_("No rule proposes a unit. Choose one.")))
    try:
        with transaction() as db:
            words = _once(db, head, unit_id, form)
    except PortalError as error:
        return Outcome(head, False, told(error))
    return Outcome(head, True, words)


def _once(db: Any, head: CaseHead, unit_id: int, form: Any) -> str:
    """The slip's number; for a form that is sent again, that it was done."""
    now, actor = clock.now(), current_actor()
    scope, mark = f"bulk:{actor.person_id}", f"{form.client_id.data}"[:40] + head.ref
    asked = once.digest(head.ref, str(unit_id))
    if once.done_before(db, scope, mark, asked) is not None:
        return translated(N_("Already assigned."))
    version = number(request.form.get(f"version-{head.ref}"))
    # Where the rules are followed, their person is too; a unit chosen here decides itself.
    person_id = None if form.unit_id.data else person_proposed(db, now, load(db, head.id))
    made = service.assign(
        db, now, actor, head.id, unit_id, person_id, reason=form.reason.data or "", version=version or 0
    )
    once.remember(db, now, scope, mark, asked, made.id)
    return f"{lists().unit_by_id[unit_id].name} · {made.document_number}"
