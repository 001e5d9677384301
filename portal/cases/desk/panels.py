"""What cases put on the start page."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.cases.desk.reading import calendar, seen, worklist_url
from portal.cases.offers import next_in_row
from portal.cases.queries.filters import Filter
from portal.cases.queries.start import today
from portal.identity.actors import Actor
from portal.web.words import _, ngettext


def load_today(db: Session, now: datetime, actor: Actor) -> dict[str, Any] | None:
    """What is mine to do; nothing for people who do not work on cases."""
    if not actor.has("case.read"):
        return None
    found = today(db, seen(), calendar())
    count = len(found.overdue) + len(found.due_today) + len(found.next)
    return {
        "heading": _heading(count, found.more),
        "count": count,
        "groups": [
            (_("Overdue"), found.overdue),
            (_("Due today"), found.due_today),
            (_("Next"), found.next),
        ],
        "more": found.more,
        "all_url": worklist_url(Filter(mine=True)),
        "next_in_row": next_in_row,
    }


def _heading(count: int, more: bool) -> str:
    if more:
        return _("More than %(n)s things to do", n=count)
    return ngettext("%(num)s thing to do", "%(num)s things to do", count) if count else _("Nothing to do")
