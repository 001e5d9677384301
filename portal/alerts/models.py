"""Alerts, their deliveries, what people chose, and who of the public follows what. Ids only, addresses sealed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base


class Alert(Base):
    """A message (提醒) to one person, written in the transaction of what it tells."""

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_recipient", "recipient_kind", "recipient_id", "id"),
        Index(
            "ix_alert_unread",
            "recipient_id",
            postgresql_where=text("read_at IS NULL AND recipient_kind = 'person'"),
            sqlite_where=text("read_at IS NULL AND recipient_kind = 'person'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int]
    recipient_kind: Mapped[str] = mapped_column(String(12))
    recipient_id: Mapped[int]
    data: Mapped[dict[str, Any]]
    occasion: Mapped[str] = mapped_column(String(200), unique=True)
    """What makes it one: telling the same occasion to the same recipient again adds nothing."""
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Delivery(Base):
    """One alert on its way out of the portal. Several of the same moment and recipient go as one digest."""

    __tablename__ = "alert_delivery"
    __table_args__ = (
        Index(
            "ix_alert_delivery_due",
            "due_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index("ix_alert_delivery_state", "state", "id"),
        CheckConstraint("state IN ('waiting', 'sent', 'dead', 'dropped')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"), index=True)
    recipient_kind: Mapped[str] = mapped_column(String(12))
    recipient_id: Mapped[int]
    way: Mapped[str] = mapped_column(String(10))
    mode: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(60), default="")
    """Why it is not sent: a code, never an address or the server's words."""
    done_at: Mapped[datetime | None]


class AlertChoice(Base):
    """What a person of the staff chose for a group of alerts and a way; without a row the default holds."""

    __tablename__ = "alert_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    group: Mapped[str] = mapped_column(String(12), primary_key=True)
    way: Mapped[str] = mapped_column(String(10), primary_key=True)
    mode: Mapped[str] = mapped_column(String(10))


class AlertHours(Base):
    """When a person of the staff is not to be disturbed, and when the digest comes; local hours."""

    __tablename__ = "alert_hours"
    __table_args__ = (
        CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23 AND digest_hour BETWEEN 0 AND 23",
            name="hours_of_a_day",
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    quiet_from: Mapped[int]
    quiet_to: Mapped[int]
    digest_hour: Mapped[int]


class Subscription(Base):
    """Somebody of the public follows something by mail. Nothing is sent but the question before it is confirmed."""

    __tablename__ = "subscription"
    __table_args__ = (
        Index("ix_subscription_target", "target_kind", "target_id"),
        Index(
            "uq_subscription_live",
            "address_hash",
            "target_kind",
            "target_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    target_kind: Mapped[str] = mapped_column(String(12))
    target_id: Mapped[int]
    """0 for what there is only one of, such as all notices."""
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The mail address, sealed; gone when the subscription ends."""
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    mode: Mapped[str] = mapped_column(String(10))
    locale: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime]
    asked_again_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
