"""The desk's list: views that stand ready, by day."""

from datetime import date
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.commitments.desk import blueprint
from portal.commitments.queries import desk
from portal.kernel import clock
from portal.kernel.words import N_
from portal.web.access import current_actor, requires
from portal.web.database import reader, settings
from portal.web.rendering import page
from portal.web.words import _

LABELS = {
    "decide": N_("To be decided by you"),
    "mine": N_("In your name"),
    "unit": N_("Of your unit"),
    "overdue": N_("Overdue"),
    "due_soon": N_("Due soon"),
    "open": N_("All that run"),
    "proposed": N_("Not agreed to yet"),
    "ended": N_("Their end is decided"),
}
_TONES = {"overdue": "red", "due_soon": "amber"}


@blueprint.get("/commitments")
@requires("commitment.read")
def commitments() -> Response:
    """One view of the commitments that this person may see."""
    db, actor, now = reader(), current_actor(), clock.now()
    counts = desk.counts(db, now, actor)
    offered = [view for view in desk.VIEWS if view != "decide" or actor.has("commitment.publish")]
    first = next((view for view in offered if counts[view]), "open")
    asked = request.args.get("show", "")
    show = asked if asked in offered else first
    found = desk.lines(db, now, actor, show, _after(request.args.get("after", "")))
    return page(
        "commitments/desk.html",
        show=show,
        label=_(LABELS[show]),
        side=[("", [_side(view, show, counts[view]) for view in offered])],
        lines=found,
        total=counts[show],
        next_url=url_for("commitment_desk.commitments", show=show, after=found.after)
        if found.after
        else None,
        today=clock.local_date(now, settings().timezone),
    )


def _side(view: str, show: str, count: int) -> dict[str, Any]:
    return {
        "label": _(LABELS[view]),
        "url": url_for("commitment_desk.commitments", show=view),
        "count": count,
        "current": view == show,
        "tone": _TONES.get(view),
    }


def _after(asked: str) -> tuple[date, int] | None:
    """Where the page before ended; what cannot be right is the beginning."""
    day, _dot, number = asked[:40].partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) < 16):
        return None
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
