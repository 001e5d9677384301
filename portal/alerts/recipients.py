"""Where a recipient is reached. A higher floor that knows a kind of recipient registers how to find the address."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from portal.alerts.kinds import Recipient
from portal.alerts.models import Subscription
from portal.identity.models import Person
from portal.kernel.db import keys_of
from portal.kernel.keys import Unreadable, unseal


@dataclass(frozen=True)
class Address:
    """How somebody is reached, and in which language. Never logged: `repr` shows none of it."""

    mail: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    locale: str | None = None


Finder = Callable[[Session, int], Address | None]


def person(db: Session, person_id: int) -> Address | None:
    """Somebody of the staff, while they may sign in."""
    found = db.get(Person, person_id)
    if found is None or found.disabled_at is not None:
        return None
    return Address(found.email or "", found.phone or "", found.locale)


def follower(db: Session, subscription_id: int) -> Address | None:
    """Somebody who follows something, until they leave."""
    found = db.get(Subscription, subscription_id)
    if found is None or found.ended_at is not None or found.address is None:
        return None
    for key in keys_of(db).data:
        try:
            return Address(unseal(key, found.address).decode(), "", found.locale)
        except Unreadable:
            continue
    return None


_finders: dict[str, Finder] = {"person": person, "follower": follower}


def register(kind: str, finder: Finder) -> None:
    """Make a kind of recipient known."""
    _finders[kind] = finder


def address_of(db: Session, recipient: Recipient) -> Address | None:
    """Where to reach somebody; None when they are gone."""
    finder = _finders.get(recipient.kind)
    return finder(db, recipient.id) if finder else None
