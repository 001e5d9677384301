"""The desk's page of one commitment: what it says, what waits, what was done, what can be done; its files."""

from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from portal.commitments import sources
from portal.commitments.desk import blueprint
from portal.commitments.desk.room import Room, find
from portal.commitments.queries import page as queries
from portal.commitments.workflow import RIGHTS, CommitmentState, Wish, wishes
from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.kernel.words import N_
from portal.web import uploads
from portal.web.access import current_actor, requires
from portal.web.database import reader, settings
from portal.web.rendering import page
from portal.web.words import _


@blueprint.get("/commitments/<ref>")
@requires("commitment.read")
def commitment(ref: str) -> Response:
    """Everything about one commitment."""
    head = find(ref)
    db, room = reader(), Room(head)
    response = page(
        "commitments/desk_page.html",
        c=head,
        reports=room.reports,
        proposals=room.proposals,
        entries=queries.entries(db, head.id),
        cases=queries.cases(db, current_actor(), head.id),
        place=sources.place_of(db, head.source_kind, head.source_id),
        offers=list(_offers(room)),
        may_decide=room.may("commitment.publish"),
        may_erase=room.may("commitment.erase"),
        me=current_actor().person_id,
        rights={wish.value: right.decide for wish, right in RIGHTS.items()},
        today=clock.local_date(clock.now(), settings().timezone),
        is_public=CommitmentState(head.state).is_public,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _offers(room: Room) -> Any:
    """What this person can do now: label and address."""
    head, state, me = room.head, CommitmentState(room.head.state), current_actor().person_id
    waiting = {
        ("change" if row.wish == Wish.CHANGE else "end") for row in room.proposals if row.agreed is None
    }

    def to(name: str) -> str:
        return url_for(f"commitment_desk.{name}", ref=head.ref)

    if state is CommitmentState.PROPOSED:
        if head.made_by_id != me and room.may("commitment.publish"):
            yield _("Agree to the commitment"), to("agreement")
        if head.made_by_id == me:
            yield _("Take the promise back"), to("withdrawal")
        return
    followed = state.is_open or Wish.KEPT in wishes(state)
    if followed and room.may("commitment.follow_up"):
        yield _("Report how it goes"), to("follow_up")
    if state.is_open and "change" not in waiting and room.may("commitment.propose_change"):
        yield _("Propose a change"), to("change")
    if "end" not in waiting and room.ends():
        yield _("Propose how it ends"), to("end")


@blueprint.get("/commitments/<ref>/files/<int:number>")
@requires("commitment.read")
def file(ref: str, number: int) -> Response:
    """A file of a follow-up."""
    found = queries.file_of(reader(), find(ref).id, number) if number < 2**53 else None
    if found is None:
        raise NotFound("no_file", N_("This file is not here any more."))
    return uploads.send(settings(), found.stored_as, found.media_type, found.name)
