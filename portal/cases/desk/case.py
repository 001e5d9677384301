"""The case page: everything about one case, and what can be done with it next."""

from typing import Any

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from portal.cases.desk import blueprint
from portal.cases.desk.reading import calendar, seen
from portal.cases.desk.timeline import clock_view, entries
from portal.cases.offers import OFFERS, Facts, Offer, next_step, offers
from portal.cases.queries import case_orders, case_time, case_words
from portal.cases.queries.case_head import AskerRow, CaseHead, askers, case_head, related_cases
from portal.cases.queries.proposed import ProposedPerson, proposed_person
from portal.cases.queries.repeats import RepeatRow, repeats_of
from portal.cases.rules import GATES_OF, Gate
from portal.cases.service.clocks import OWN
from portal.cases.service.gates import gates_of
from portal.cases.subjects import subject_of
from portal.cases.vocabulary import ClosingKind, Tier
from portal.cases.workflow import CaseState
from portal.identity.policy import Subject, can
from portal.kernel.errors import NotFound
from portal.kernel.words import N_
from portal.web import menus
from portal.web.access import current_actor, requires
from portal.web.database import reader
from portal.web.filters import meaning, term
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
    """Everything the page shows: what was written, what was done, what can be done."""
    db = reader()
    appeals, subject = askers(db, head.id), subject_of(db, head.id)
    orders = _orders(head.id)
    return {
        "case": head,
        "appeals": appeals,
        "may_contact": _may_contact(subject, appeals),
        "forget": _forget(head.ref),
        "related": related_cases(db, current_actor(), head.id),
        "repeats": _repeats(head, appeals),
        "gates": _gates(head),
        "proposed_person": _proposed_person(head, subject),
        "panels": list(_panels(head.id)),
        **orders,
        **_words(head.id),
        **_time(head),
        **_acts(head, subject, _facts(head, appeals, orders)),
    }


def _proposed_person(head: CaseHead, subject: Subject) -> ProposedPerson | None:
    """Whom a rule names, until somebody is asked; nobody whom the case complains about."""
    if head.first_asked_unit_id or head.proposed_person_id in subject.concerned_person_ids:
        return None
    return proposed_person(reader(), head.proposed_unit_id, head.proposed_person_id, seen().today)


def _orders(case_id: int) -> dict[str, Any]:
    db = reader()
    return {
        "assignments": case_orders.assignments(db, case_id),
        "objections": case_orders.objections(db, case_id),
        "refusal": case_orders.refusal_objection(db, case_id),
        "extensions": case_orders.extensions(db, case_id),
    }


def _words(case_id: int) -> dict[str, Any]:
    db = reader()
    files = case_words.files(db, case_id)
    return {
        "files": files,
        "files_of": _by_appeal(files),
        "questions": case_words.questions(db, case_id),
        "replies": case_words.replies(db, case_id),
        "ratings": case_words.ratings(db, case_id),
        "mechanism": case_words.mechanism(db, case_id),
    }


def _unanswered(head: CaseHead) -> str:
    """How a case ended that nobody answered; empty for all others."""
    if head.closing_kind == ClosingKind.UNREACHABLE:
        return term(head.closing_kind, "closing_kind")
    ended = (CaseState.NOT_ACCEPTED, CaseState.MERGED, CaseState.WITHDRAWN)
    return term(head.state, "case_state") if head.state in ended else ""


def _time(head: CaseHead) -> dict[str, Any]:
    db, here = reader(), seen()
    clocks = case_time.clocks(db, head.id)
    own = next((clock for clock in clocks if clock.event in OWN), None)
    return {
        "clock": clock_view(own, here, calendar(), _unanswered(head)) if own else None,
        "turn_clocks": [clock for clock in clocks if clock.event not in OWN and not clock.stopped_at],
        "timeline": entries(case_time.history(db, head.id)),
        "now": here.now,
    }


def _acts(head: CaseHead, subject: Subject, facts: Facts) -> dict[str, Any]:
    actor = current_actor()
    offered = offers(actor, subject, CaseState(head.state), facts)
    return {
        "offers": offered,
        "next": next_step(offered),
        "may_settle": any(can(actor, right, subject) for right in ("case.handle", "case.assign")),
    }


def _facts(head: CaseHead, appeals: list[AskerRow], orders: dict[str, Any]) -> Facts:
    refusal, extensions = orders["refusal"], orders["extensions"]
    return Facts(
        tier=Tier(head.tier),
        refusal_objected=refusal is not None and refusal.decided_at is None,
        extension_asked_by=next((row.asked_by_id for row in extensions if row.decided_at is None), None),
        extended=any(row.granted for row in extensions),
        clock_runs=head.due_at is not None,
        live_appeals=sum(row.is_live for row in appeals),
        is_history=head.is_history,
    )


def _forget(ref: str) -> str | None:
    """The act that was just done: what the browser kept of its form is not needed any more."""
    done = request.args.get("done", "")
    return (
        f"{url_for('case_desk.case', ref=ref)}/{done}"
        if any(done == offer.name for offer in OFFERS)
        else None
    )


def _by_appeal(files: list[case_words.FileLine]) -> dict[int | None, list[case_words.FileLine]]:
    found: dict[int | None, list[case_words.FileLine]] = {}
    for file in files:
        found.setdefault(file.appeal_id, []).append(file)
    return found


def _repeats(head: CaseHead, appeals: list[AskerRow]) -> list[RepeatRow]:
    """Only while it can still be merged: afterwards it is nobody's question."""
    live = [row.appeal_id for row in appeals if row.is_live and not row.erased_at]
    wanted = head.state in (CaseState.SUBMITTED, CaseState.SCREENED) and not head.is_history and live
    return repeats_of(reader(), current_actor(), head.id, live[0]) if wanted else []


def _gates(head: CaseHead) -> list[tuple[bool | None, str, str]]:
    """What stands between an answered case and its closing as the reply means it; none for other states."""
    if head.state not in (CaseState.ANSWERED, CaseState.REOPEN_REQUESTED) or head.is_history:
        return []
    kind, lacking = gates_of(reader(), seen().now, head.id)
    return [
        (
            gate not in lacking,
            term(gate, "gate"),
            meaning(gate, "gate") if gate in lacking else "",
        )
        for gate in Gate
        if gate in GATES_OF[kind] and (gate is not Gate.PARTS or head.tier == Tier.JOINT)
    ]


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
