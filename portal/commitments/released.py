"""What everybody may read of commitments. Public pages read these tables and no others."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base


class PublishedCommitment(Base):
    """A commitment as it stands in public lists. Ids are given at first publication: their order is that order."""

    __tablename__ = "published_commitment"
    __table_args__ = (
        Index("ix_published_commitment_unit", "unit_id", "id"),
        Index("ix_published_commitment_state", "state", "id"),
        Index("ix_published_commitment_due", "running", "due_day", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    running: Mapped[bool]
    """Its clock runs: once the day is over, it is overdue."""
    claimed: Mapped[bool] = mapped_column(default=False)
    """The unit says it is done, and a second person has yet to look."""
    lang: Mapped[str] = mapped_column(String(10), default="zh-Hans")
    what: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_name: Mapped[str] = mapped_column(String(120))
    person_name: Mapped[str] = mapped_column(String(80))
    made_on: Mapped[date]
    due_day: Mapped[date]
    first_due_day: Mapped[date]
    ended_on: Mapped[date | None]
    follow_ups: Mapped[int] = mapped_column(default=0)
    changes: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime]
    first_published_at: Mapped[datetime]
    version: Mapped[int]


class PublishedCommitmentDetail(Base):
    """What only the page of one commitment shows."""

    __tablename__ = "published_commitment_detail"

    published_commitment_id: Mapped[int] = mapped_column(
        ForeignKey("published_commitment.id"), primary_key=True
    )
    how: Mapped[str] = mapped_column(Text)
    source_kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[int]
    said_live: Mapped[bool] = mapped_column(default=False)
    case_refs: Mapped[list[Any]]
    """References of the cases it is about, published or not: shown only where the case itself is published."""
    history: Mapped[list[Any]]
    """What happened, oldest first: `PublicStep`s."""
    fingerprint: Mapped[str] = mapped_column(String(64))


class PublishedPicture(Base):
    """A file of a follow-up that everybody may see."""

    __tablename__ = "published_commitment_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    published_commitment_id: Mapped[int] = mapped_column(ForeignKey("published_commitment.id"), index=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), unique=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("commitment_follow_up.id"))
    part: Mapped[str] = mapped_column(String(8))
    caption: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    stored_as: Mapped[str] = mapped_column(String(80))
