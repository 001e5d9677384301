"""The second person's part: back with a reason, or published at once or at a given minute."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.kernel.errors import Invalid, Refused
from portal.kernel.words import N_
from portal.notices.models import Notice
from portal.notices.service.publishing import publish
from portal.notices.service.writing import load
from portal.notices.workflow import NoticeState, check
from portal.publishing.personal_data import find

FURTHEST = timedelta(days=366)


def approve(
    db: Session,
    now: datetime,
    actor: Actor,
    notice_id: int,
    *,
    publish_at: datetime | None = None,
    version: int,
    checked: bool = False,
) -> Notice:
    """Approve what was proposed; without `publish_at` it is public with this transaction.

    `checked`: the reader looked at the places that may be personal data and lets them stand.
    """
    require(actor, "notice.approve")
    notice = load(db, notice_id)
    check(NoticeState(notice.state), NoticeState.SCHEDULED)
    if actor.person_id in (notice.author_id, notice.edited_by_id):
        raise Refused("second_person_required")
    if notice.version != version:
        raise Refused("changed_meanwhile", N_("Somebody changed this notice meanwhile. Look at it again."))
    if not checked and (find(notice.title) or find(notice.body)):
        raise Invalid(
            "look_first", N_("Look at the marked places first and say that they may stand."), field="checked"
        )
    if publish_at is not None and not now < publish_at <= now + FURTHEST:
        raise Invalid(
            "not_ahead", N_("Give a moment that is still to come, at most a year ahead."), field="publish_at"
        )
    notice.approved_by_id, notice.state, notice.publish_at = (
        actor.person_id,
        NoticeState.SCHEDULED,
        publish_at,
    )
    if publish_at is None:
        publish(db, now, notice)
    db.flush()
    return notice


def send_back(db: Session, now: datetime, actor: Actor, notice_id: int, reason: str) -> Notice:
    """Back to whoever wrote it, with what has to be mended."""
    require(actor, "notice.approve")
    notice = load(db, notice_id)
    if notice.state != NoticeState.PROPOSED:
        raise Refused("no_such_move", N_("This notice is not where you left it. Look at it again."))
    if not reason.strip():
        raise Invalid("needed", N_("Say what has to be mended."), field="reason")
    notice.state, notice.returned_because = NoticeState.DRAFT, reason.strip()[:500]
    db.flush()
    return notice


def take_back(db: Session, now: datetime, actor: Actor, notice_id: int) -> Notice:
    """Stop a notice that waits to be decided or for its minute; it is a draft again, without an approval."""
    require(actor, "notice.draft")
    notice = load(db, notice_id)
    check(NoticeState(notice.state), NoticeState.DRAFT)
    notice.state, notice.approved_by_id, notice.publish_at = NoticeState.DRAFT, None, None
    db.flush()
    return notice
