"""Telling somebody something: the alert and its deliveries, in the transaction of what is told."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session

from portal.alerts.kinds import Recipient, kind_of
from portal.alerts.models import Alert, AlertChoice, AlertHours, Delivery, Subscription
from portal.alerts.rules import (
    DEFAULTS,
    DIGEST_HOUR,
    QUIET_FROM,
    QUIET_TO,
    Group,
    Mode,
    Way,
    after_quiet,
    next_digest,
)
from portal.identity.models import Person
from portal.kernel.db import zone_of

_SILENT = "alerts_silent"
NOTHING: Mapping[str, Any] = MappingProxyType({})
_DEFAULT_HOURS = (QUIET_FROM, QUIET_TO, DIGEST_HOUR)


def silence(db: Session, silent: bool = True) -> None:
    """Until it is lifted, what this session tells disturbs nobody: a past is played or brought in."""
    db.info[_SILENT] = silent


def is_silent(db: Session) -> bool:
    """Whether nobody is told anything now, so that finding out whom can be spared."""
    return bool(db.info.get(_SILENT, False))


def tell(
    db: Session,
    now: datetime,
    kind: str,
    subject_id: int,
    recipients: Iterable[Recipient],
    *,
    occasion: str,
    data: Mapping[str, Any] = NOTHING,
) -> int:
    """Tell each recipient once; returns how many had not been told yet.

    `occasion` names what happened within the kind and subject, e.g. the id of a history entry; `data` holds
    ids and codes for the loader, never anybody's words.
    """
    known = kind_of(kind)
    if known is None:
        raise LookupError(f"no feature registered alerts of kind {kind!r}")
    if is_silent(db):
        return 0
    named = {f"{kind}:{subject_id}:{occasion}:{one.kind}:{one.id}": one for one in recipients}
    told = set(db.scalars(select(Alert.occasion).where(Alert.occasion.in_(named))))
    alerts = {
        one: Alert(
            kind=kind,
            subject_id=subject_id,
            recipient_kind=one.kind,
            recipient_id=one.id,
            data=dict(data),
            occasion=name,
            made_at=now,
        )
        for name, one in named.items()
        if name not in told
    }
    if alerts:
        db.add_all(alerts.values())
        db.flush()
        _post(db, now, known.group, alerts)
    return len(alerts)


def _post(db: Session, now: datetime, group: Group, alerts: Mapping[Recipient, Alert]) -> None:
    wishes = _Wishes(db, now, group, list(alerts))
    db.add_all(
        Delivery(
            alert_id=alert.id,
            recipient_kind=one.kind,
            recipient_id=one.id,
            way=way,
            mode=mode,
            due_at=due_at,
        )
        for one, alert in alerts.items()
        for way, mode, due_at in wishes.of(one)
    )


def tell_followers(
    db: Session,
    now: datetime,
    kind: str,
    subject_id: int,
    targets: Iterable[tuple[str, int]],
    *,
    occasion: str,
    data: Mapping[str, Any] = NOTHING,
) -> int:
    """Tell everybody who follows one of the targets; whoever follows several of them is told once."""
    by_address: dict[str, int] = {}
    any_of = [
        and_(Subscription.target_kind == target_kind, Subscription.target_id == target_id)
        for target_kind, target_id in targets
    ]
    rows = db.execute(
        select(Subscription.id, Subscription.address_hash)
        .where(or_(false(), *any_of), Subscription.confirmed_at.is_not(None), Subscription.ended_at.is_(None))
        .order_by(Subscription.id)
    )
    for row in rows:
        by_address.setdefault(row.address_hash, row.id)
    followers = [Recipient("follower", number) for number in by_address.values()]
    return tell(db, now, kind, subject_id, followers, occasion=occasion, data=data) if followers else 0


class _Wishes:
    """When and how each of these recipients wants to be told; a few statements for all of them."""

    def __init__(self, db: Session, now: datetime, group: Group, recipients: list[Recipient]) -> None:
        self._now, self._zone, self._group = now, zone_of(db), group
        people = [one.id for one in recipients if one.kind == "person"]
        followers = [one.id for one in recipients if one.kind == "follower"]
        self._reached = {row.id: row for row in db.execute(_reached(people))} if people else {}
        self._chosen = {
            (row.person_id, Way(row.way)): Mode(row.mode)
            for row in (db.scalars(_choices(people, group)) if people else ())
        }
        self._hours = {
            row.person_id: (row.quiet_from, row.quiet_to, row.digest_hour)
            for row in (
                db.scalars(select(AlertHours).where(AlertHours.person_id.in_(people))) if people else ()
            )
        }
        modes = select(Subscription.id, Subscription.mode).where(Subscription.id.in_(followers))
        self._modes = {row.id: Mode(row.mode) for row in (db.execute(modes) if followers else ())}

    def of(self, recipient: Recipient) -> list[tuple[Way, Mode, datetime]]:
        if recipient.kind == "person":
            hours = self._hours.get(recipient.id, _DEFAULT_HOURS)
            modes = {way: self._mode(recipient.id, way) for way in self._ways(recipient.id)}
        else:
            # Nobody from the public is woken by a mail, and who waits for a confirmation waits now.
            hours = (0, 0, DIGEST_HOUR)
            modes = {Way.MAIL: self._modes.get(recipient.id, Mode.AT_ONCE)}
        return [(way, mode, self._due(mode, hours)) for way, mode in modes.items() if mode is not Mode.OFF]

    def _ways(self, person_id: int) -> list[Way]:
        row = self._reached.get(person_id)
        if row is None:
            return []
        return [way for way, given in ((Way.MAIL, row.email), (Way.SMS, row.phone)) if given]

    def _mode(self, person_id: int, way: Way) -> Mode:
        default = DEFAULTS.get((self._group, way), Mode.OFF)
        return self._chosen.get((person_id, way), default)

    def _due(self, mode: Mode, hours: tuple[int, int, int]) -> datetime:
        quiet_from, quiet_to, digest_hour = hours
        if mode is Mode.DAILY:
            return next_digest(self._now, digest_hour, self._zone)
        return after_quiet(self._now, quiet_from, quiet_to, self._zone)


def _reached(people: list[int]) -> Any:
    return select(Person.id, Person.email, Person.phone).where(
        Person.id.in_(people), Person.disabled_at.is_(None)
    )


def _choices(people: list[int], group: str) -> Any:
    return select(AlertChoice).where(AlertChoice.person_id.in_(people), AlertChoice.group == group)
