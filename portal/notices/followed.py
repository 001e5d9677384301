"""All notices can be followed by mail; whoever follows a unit hears of its notices, too."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.alerts import kinds
from portal.alerts.confirming import register_target
from portal.alerts.kinds import Kind, Told
from portal.alerts.rules import Group
from portal.alerts.service import tell_followers
from portal.kernel import events
from portal.notices.events import NoticePublished
from portal.notices.models import Notice
from portal.notices.workflow import NoticeState
from portal.web.words import _

TARGET: Final = "notices"
ALL: Final = 1
"""There is only one of it."""
PUBLISHED: Final = "notice.published"


def register() -> None:
    """Make target and kind known, and listen."""
    register_target(TARGET, _name, lambda _db, number: "/notices" if number == ALL else None)
    kinds.register(Kind(PUBLISHED, Group.FOLLOWED, "notices/told_published.txt", _load))
    events.within(NoticePublished, tell)


def tell(db: Session, now: datetime, fact: NoticePublished) -> None:
    """Each mailbox once, however it came to follow."""
    notice = db.get_one(Notice, fact.notice_id)
    targets = [(TARGET, ALL), *([("unit", notice.unit_id)] if notice.unit_id else [])]
    tell_followers(db, now, PUBLISHED, notice.id, targets, occasion="published")


def _name(db: Session, number: int) -> str | None:
    return _("All notices") if number == ALL else None


def _load(db: Session, now: datetime, told: Told) -> dict[str, Any] | None:
    notice = db.get(Notice, told.subject_id)
    if notice is None or notice.state != NoticeState.PUBLISHED:
        return None
    return {"notice": notice, "path": f"/notices/{notice.ref}"}
