"""What becomes of deliveries: claimed with a lease, sent by a job, noted. Each state is recorded exactly once;
a mail handed over and not yet noted when the process dies may go out twice under the same Message-ID."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal.alerts.kinds import Recipient
from portal.alerts.models import Delivery
from portal.alerts.rules import Mode, State, Way, next_try
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.identity.service import note
from portal.kernel.errors import NotFound
from portal.kernel.words import N_

RETRIED, RETRIED_ALL = "delivery.retried", "delivery.all_retried"
LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class Post:
    """Deliveries that go out together: one, or a recipient's digest."""

    delivery_ids: tuple[int, ...]
    alert_ids: tuple[int, ...]
    recipient: Recipient
    way: Way

    @property
    def number(self) -> int:
        """Names it in the Message-ID, the same at every try."""
        return self.delivery_ids[0]


def claim(db: Session, now: datetime, most: int) -> list[Post]:
    """Take what is due and nobody else is sending."""
    rows = db.scalars(
        select(Delivery)
        .where(
            Delivery.state == State.WAITING,
            Delivery.due_at <= now,
            or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    parcels: dict[tuple[object, ...], list[Delivery]] = {}
    for row in rows:
        row.leased_until = now + LEASE
        alone = row.id if row.mode != Mode.DAILY else None
        parcels.setdefault((row.recipient_kind, row.recipient_id, row.way, alone), []).append(row)
    return [_post(parcel) for parcel in parcels.values()]


def _post(rows: list[Delivery]) -> Post:
    first = rows[0]
    return Post(
        tuple(row.id for row in rows),
        tuple(row.alert_id for row in rows),
        Recipient(first.recipient_kind, first.recipient_id),
        Way(first.way),
    )


def note_sent(db: Session, now: datetime, post: Post) -> None:
    """It was handed over."""
    for row in _rows(db, post):
        row.state, row.done_at, row.leased_until, row.trouble = State.SENT, now, None, ""
        row.tries += 1


def note_failed(db: Session, now: datetime, post: Post, trouble: str, *, for_good: bool) -> None:
    """It could not be handed over. `for_good`: trying again would not help (nobody there, nothing to say)."""
    for row in _rows(db, post):
        row.tries += 1
        row.leased_until, row.trouble = None, trouble[:60]
        again = None if for_good else next_try(now, row.tries)
        if again is not None:
            row.due_at = again
            continue
        row.state = State.DROPPED if for_good and trouble in NOTHING_TO_SEND else State.DEAD
        row.done_at = now


NOTHING_TO_SEND = frozenset({"gone", "no_address", "out_of_sight", "no_way"})
"""Reasons not to send that nobody has to look into."""


def retry(db: Session, now: datetime, actor: Actor, delivery_id: int) -> None:
    """Send a dead letter once more: the reason is mended."""
    require(actor, "jobs.see")
    row = db.get(Delivery, delivery_id)
    if row is None or row.state != State.DEAD:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    row.state, row.tries, row.due_at, row.done_at, row.trouble = State.WAITING, 0, now, None, ""
    note(db, now, actor, RETRIED, "delivery", 0)


def retry_all(db: Session, now: datetime, actor: Actor) -> int:
    """Send every dead letter once more."""
    require(actor, "jobs.see")
    done = db.execute(
        update(Delivery)
        .where(Delivery.state == State.DEAD)
        .values(state=State.WAITING, tries=0, due_at=now, done_at=None, trouble="")
    )
    note(db, now, actor, RETRIED_ALL, "delivery", 0)
    return int(done.rowcount)  # type: ignore[attr-defined]


def _rows(db: Session, post: Post) -> list[Delivery]:
    return list(
        db.scalars(
            select(Delivery).where(Delivery.id.in_(post.delivery_ids), Delivery.state == State.WAITING)
        )
    )
