"""The public follows something by mail: asked for, confirmed from the mailbox, left with one click.

Nothing tells whether an address already follows something: the answer to asking is always the same, and only
the mailbox learns more. Links carry a secret that is derived, not kept: the row alone opens nothing.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.alerts.kinds import Recipient
from portal.alerts.models import Subscription
from portal.alerts.rules import Mode
from portal.alerts.service.telling import tell
from portal.identity.rules import email
from portal.kernel.codes import derive, hash_code
from portal.kernel.db import keys_of
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.keys import seal
from portal.kernel.words import N_

CONFIRM = "follow.confirm"
ASKED_AGAIN_AFTER = timedelta(hours=1)
"""The same mailbox is not asked the same question more often."""
CONFIRMABLE = timedelta(days=7)


@dataclass(frozen=True)
class Follow:
    """What somebody wants to follow, and how they want to be told."""

    target_kind: str
    target_id: int
    address: str = field(repr=False)
    mode: str = Mode.AT_ONCE
    locale: str = "zh_Hans"


def follow(db: Session, now: datetime, wanted: Follow) -> None:
    """Ask the mailbox whether it wants to follow; the same answer whether it does already or not."""
    address = email(wanted.address)
    if not address:
        raise Invalid("no_mailbox", N_("Give an e-mail address."), field="address")
    if wanted.mode not in (Mode.AT_ONCE, Mode.DAILY):
        raise Invalid("not_on_list", N_("Choose from the list."), field="mode")
    hashed = hash_code(keys_of(db).codes, f"mailbox:{address}")
    row = _live(db, hashed, wanted)
    if row is not None and (row.confirmed_at or now - row.asked_again_at < ASKED_AGAIN_AFTER):
        return
    if row is None:
        row = Subscription(
            target_kind=wanted.target_kind,
            target_id=wanted.target_id,
            address=seal(keys_of(db).data[0], address.encode()),
            address_hash=hashed,
            asked_at=now,
        )
    row.mode, row.locale, row.asked_again_at = wanted.mode, wanted.locale, now
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        return  # the same form, sent twice at the same moment: the other one asks
    tell(db, now, CONFIRM, row.id, [Recipient("follower", row.id)], occasion=now.isoformat())


def _live(db: Session, hashed: str, wanted: Follow) -> Subscription | None:
    return db.scalar(
        select(Subscription)
        .where(
            Subscription.address_hash == hashed,
            Subscription.target_kind == wanted.target_kind,
            Subscription.target_id == wanted.target_id,
            Subscription.ended_at.is_(None),
        )
        .with_for_update()
    )


def confirmable(db: Session, now: datetime, subscription_id: int, token: str) -> Subscription:
    """What a mailbox is asked about, or follows already."""
    row = opened(db, subscription_id, token)
    if row.ended_at is not None or (row.confirmed_at is None and now - row.asked_again_at > CONFIRMABLE):
        raise _no_such_link()
    return row


def confirm(db: Session, now: datetime, subscription_id: int, token: str) -> Subscription:
    """The mailbox says yes. A second click is as good as the first."""
    row = confirmable(db, now, subscription_id, token)
    row.confirmed_at = row.confirmed_at or now
    return row


def leave(db: Session, now: datetime, subscription_id: int, token: str) -> Subscription:
    """Stop. The address and its hash are forgotten at once; leaving again changes nothing."""
    row = opened(db, subscription_id, token)
    if row.ended_at is None:
        row.ended_at, row.address, row.address_hash = now, None, ""
    return row


def forget_unconfirmed(db: Session, now: datetime) -> int:
    """Delete the addresses of those who were asked and never answered."""
    done = db.execute(
        update(Subscription)
        .where(
            Subscription.ended_at.is_(None),
            Subscription.confirmed_at.is_(None),
            Subscription.asked_again_at < now - CONFIRMABLE,
        )
        .values(ended_at=now, address=None, address_hash="")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def opened(db: Session, subscription_id: int, token: str) -> Subscription:
    """The subscription behind a link; the same refusal for a wrong number and a wrong secret."""
    row = db.get(Subscription, subscription_id)
    good = token_of(keys_of(db).codes, subscription_id)
    if not hmac.compare_digest(good.encode(), token.encode("utf-8", "replace")) or row is None:
        raise _no_such_link()
    return row


def token_of(key: bytes, subscription_id: int) -> str:
    """The secret in a follower's links."""
    return derive(key, "subscription", str(subscription_id))


def _no_such_link() -> NotFound:
    return NotFound("no_such_link", N_("This link is not valid any more. Ask for a new one."))
