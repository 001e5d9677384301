"""Making a notice public, correcting it by a new one, taking it away. Each is an act on the publication record."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.kernel import events
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.errors import Invalid, Refused
from portal.kernel.numbers import take
from portal.kernel.series import NOTICE
from portal.kernel.words import N_
from portal.ledger import service as ledger
from portal.notices.events import NoticePublished, NoticeWithdrawn
from portal.notices.models import Notice
from portal.notices.service.writing import Words, draft, load
from portal.notices.workflow import NoticeState, check

KIND = "notice"


def publish(db: Session, now: datetime, notice: Notice) -> None:
    """Give it its number and put it on record."""
    check(NoticeState(notice.state), NoticeState.PUBLISHED)
    year = local_date(now, zone_of(db)).year
    notice.ref = NOTICE.write(year, take(db, KIND, year))
    notice.state, notice.published_at = NoticeState.PUBLISHED, now
    db.flush()
    ledger.record(
        db, now, KIND, notice.ref, "released", _content(db, notice), notice.author_id, notice.approved_by_id
    )
    events.publish(db, now, NoticePublished(notice.id))


def publish_due(db: Session, now: datetime) -> int:
    """Publish what was approved for a minute that has come; how many."""
    due = db.scalars(
        select(Notice)
        .where(Notice.state == NoticeState.SCHEDULED, Notice.publish_at <= now)
        .order_by(Notice.publish_at, Notice.id)
        .with_for_update(skip_locked=True)
    ).all()
    for notice in due:
        publish(db, now, notice)
    return len(due)


def is_anything_due(db: Session, now: datetime) -> bool:
    """Whether a minute has come."""
    due = select(Notice.id).where(Notice.state == NoticeState.SCHEDULED, Notice.publish_at <= now).limit(1)
    return db.scalar(due) is not None


def correct(db: Session, now: datetime, actor: Actor, notice_id: int) -> Notice:
    """Begin the notice that corrects a published one; both point to each other once it is public."""
    notice = load(db, notice_id)
    if notice.state != NoticeState.PUBLISHED:
        raise Refused("not_public", N_("Only a published notice can be corrected."))
    words = Words(notice.kind, notice.title, notice.body, notice.unit_id, notice.lang)
    return draft(db, now, actor, words, corrects_id=notice.id)


def withdraw(db: Session, now: datetime, actor: Actor, notice_id: int, reason: str) -> Notice:
    """Take a published notice away at once. Its number, title and the reason stay; its words go off the record."""
    require(actor, "notice.approve")
    notice = load(db, notice_id)
    check(NoticeState(notice.state), NoticeState.WITHDRAWN)
    if not reason.strip():
        raise Invalid("needed", N_("Give a reason: it is published."), field="reason")
    notice.state, notice.withdrawn_at = NoticeState.WITHDRAWN, now
    notice.withdrawn_because = reason.strip()[:500]
    ref = str(notice.ref)
    ledger.record(
        db, now, KIND, ref, "withdrawn", {"ref": ref, "words": notice.withdrawn_because}, actor.person_id
    )
    ledger.empty(db, KIND, ref, ("released",))
    db.flush()
    events.publish(db, now, NoticeWithdrawn(notice.id))
    return notice


def _content(db: Session, notice: Notice) -> dict[str, Any]:
    corrected = db.get(Notice, notice.corrects_id) if notice.corrects_id else None
    return {
        "ref": notice.ref,
        "kind": notice.kind,
        "title": notice.title,
        "body": notice.body,
        "lang": notice.lang,
        "unit_id": notice.unit_id,
        "corrects": corrected.ref if corrected else None,
    }
