"""The case page: everything about one case, and what can be done with it next."""

from typing import Any

from flask import current_app, url_for
from werkzeug.wrappers import Response

from portal.cases.desk import blueprint
from portal.cases.desk.reading import calendar, seen
from portal.cases.desk.timeline import clock_view, entries
from portal.cases.offers import Facts, Offer, next_step, offers
from portal.cases.queries import case_orders, case_time, case_words
from portal.cases.queries.case_head import AskerRow, CaseHead, askers, case_head, related_cases
from portal.cases.service.clocks import OWN
from portal.cases.subjects import subject_of
from portal.cases.vocabulary import Tier
from portal.cases.workflow import CaseState
from portal.identity.policy import Subject, can
from portal.kernel.errors import NotFound
from portal.kernel.words import N_
from portal.web import menus
from portal.web.access import current_actor, requires
from portal.web.database import reader
from portal.web.rendering import page


def find(ref: str) -> CaseHead:
    """The case of an address; for whoever may not know of it there is none."""
    head = case_head(reader(), current_actor(), ref)
    if head is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return head


@blueprint.get("/cases/<ref>", endpoint="case")
@requires("case.read")
def case_page(ref: str) -> Response:
    """Everything about one case."""
    return draw(find(ref))


def draw(head: CaseHead, status: int = 200, **more: Any) -> Response:
    """The page of a case; `more` is what an act adds to it."""
    response = page("cases/case.html", status=status, **_context(head), **more)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _context(head: CaseHead) -> dict[str, Any]:
    db, here = reader(), seen()
    history = case_time.history(db, head.id)
    clocks = case_time.clocks(db, head.id)
    own = next((clock for clock in clocks if clock.event in OWN), None)
    appeals = askers(db, head.id)
    subject = subject_of(db, head.id)
    extensions = case_orders.extensions(db, head.id)
    refusal = case_orders.refusal_objection(db, head.id)
    assignments = case_orders.assignments(db, head.id)
    files = case_words.files(db, head.id)
    facts = Facts(
        tier=Tier(head.tier),
        refusal_objected=refusal is not None and refusal.decided_at is None,
        extension_asked_by=next((row.asked_by_id for row in extensions if row.decided_at is None), None),
        extended=any(row.granted for row in extensions),
        clock_runs=head.due_at is not None,
        live_appeals=sum(row.is_live for row in appeals),
        is_history=head.is_history,
    )
    offered = offers(here.actor, subject, CaseState(head.state), facts)
    return {
        "case": head,
        "appeals": appeals,
        "files": files,
        "files_of": _by_appeal(files),
        "next": next_step(offered),
        "offers": offered,
        "assignments": assignments,
        "objections": case_orders.objections(db, head.id),
        "refusal": refusal,
        "extensions": extensions,
        "questions": case_words.questions(db, head.id),
        "replies": case_words.replies(db, head.id),
        "ratings": case_words.ratings(db, head.id),
        "mechanism": case_words.mechanism(db, head.id),
        "clock": clock_view(own, here, calendar()) if own else None,
        "turn_clocks": [clock for clock in clocks if clock.event not in OWN and not clock.stopped_at],
        "timeline": entries(history),
        "related": related_cases(db, here.actor, head.id),
        "panels": list(_panels(head.id)),
        "may_contact": _may_contact(subject, appeals),
        "now": here.now,
    }


def _by_appeal(files: list[case_words.FileLine]) -> dict[int | None, list[case_words.FileLine]]:
    found: dict[int | None, list[case_words.FileLine]] = {}
    for file in files:
        found.setdefault(file.appeal_id, []).append(file)
    return found


def _may_contact(subject: Subject, appeals: list[AskerRow]) -> bool:
    return can(current_actor(), "appeal.contact", subject) and any(row.has_contact for row in appeals)


def act_url(offer: Offer, ref: str) -> str:
    """Where an act is done; the case page itself for one that has no page of its own."""
    if offer.endpoint in current_app.view_functions:
        return url_for(offer.endpoint, ref=ref)
    return url_for("case_desk.case", ref=ref)


def _panels(case_id: int) -> Any:
    """What other features say about the case: panels of the place `case`, loaded with its number too."""
    here = seen()
    for panel in menus.panels("case"):
        context = panel.load(reader(), here.now, here.actor, case_id)
        if context is not None:
            yield panel.template, context
