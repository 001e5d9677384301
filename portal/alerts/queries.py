"""Reads about alerts: somebody's own, what waits, what did not go out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.alerts.models import Alert, AlertChoice, AlertHours, Delivery
from portal.alerts.rules import DEFAULTS, DIGEST_HOUR, QUIET_FROM, QUIET_TO, Group, Mode, State, Way

PAGE = 25
MOST_COUNTED = 99


def is_anything_due(db: Session, now: datetime) -> bool:
    """Whether a delivery waits that nobody is sending."""
    due = (
        select(Delivery.id)
        .where(
            Delivery.state == State.WAITING,
            Delivery.due_at <= now,
            or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
        )
        .limit(1)
    )
    return db.scalar(due) is not None


def unread(db: Session, person_id: int) -> int:
    """How many a person has not read; `MOST_COUNTED` + 1 means more."""
    few = (
        select(Alert.id)
        .where(Alert.recipient_kind == "person", Alert.recipient_id == person_id, Alert.read_at.is_(None))
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    return db.scalar(select(func.count()).select_from(few)) or 0


def inbox(db: Session, person_id: int, before: int | None = None, most: int = PAGE) -> Sequence[Alert]:
    """A person's own alerts, newest first; one more than `most` if there are further ones."""
    wanted = select(Alert).where(Alert.recipient_kind == "person", Alert.recipient_id == person_id)
    if before is not None:
        wanted = wanted.where(Alert.id < before)
    return db.scalars(wanted.order_by(Alert.id.desc()).limit(most + 1)).all()


@dataclass(frozen=True)
class DeadLetter:
    """A delivery that was given up: no address and no words."""

    id: int
    kind: str
    recipient_kind: str
    way: str
    tries: int
    trouble: str
    done_at: datetime | None


def dead_letters(db: Session, before: int | None = None, most: int = PAGE) -> list[DeadLetter]:
    """Deliveries that somebody should look into, newest first; one more than `most` if there are further ones."""
    wanted = (
        select(
            Delivery.id,
            Alert.kind,
            Delivery.recipient_kind,
            Delivery.way,
            Delivery.tries,
            Delivery.trouble,
            Delivery.done_at,
        )
        .join(Alert, Alert.id == Delivery.alert_id)
        .where(Delivery.state == State.DEAD)
    )
    if before is not None:
        wanted = wanted.where(Delivery.id < before)
    rows = db.execute(wanted.order_by(Delivery.id.desc()).limit(most + 1))
    return [DeadLetter(*row) for row in rows]


def waiting(db: Session) -> int:
    """How many deliveries are still to go out."""
    return db.scalar(select(func.count()).where(Delivery.state == State.WAITING)) or 0


def outbox(db: Session, now: datetime) -> tuple[int, int, float]:
    """For who watches: how many wait, how many were given up, for how many seconds the oldest has been due."""
    rows = db.execute(
        select(Delivery.state, func.count(), func.min(Delivery.due_at))
        .where(Delivery.state.in_((State.WAITING, State.DEAD)))
        .group_by(Delivery.state)
    )
    found = {state: (many, due_at) for state, many, due_at in rows}
    many, due_at = found.get(State.WAITING, (0, None))
    late = max((now - due_at).total_seconds(), 0.0) if due_at else 0.0
    return many, found.get(State.DEAD, (0, None))[0], late


@dataclass(frozen=True)
class Chosen:
    """A person's choices with the defaults filled in."""

    modes: dict[tuple[Group, Way], Mode]
    quiet_from: int
    quiet_to: int
    digest_hour: int


def chosen(db: Session, person_id: int) -> Chosen:
    """What a person wants to be told, how and when."""
    rows = db.scalars(select(AlertChoice).where(AlertChoice.person_id == person_id))
    own = {(row.group, row.way): Mode(row.mode) for row in rows}
    modes = {
        (group, way): own.get((group, way), DEFAULTS.get((group, way), Mode.OFF))
        for group in Group
        for way in Way
    }
    hours = db.get(AlertHours, person_id)
    if hours is None:
        return Chosen(modes, QUIET_FROM, QUIET_TO, DIGEST_HOUR)
    return Chosen(modes, hours.quiet_from, hours.quiet_to, hours.digest_hour)
