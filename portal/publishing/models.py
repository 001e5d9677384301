"""Release drafts (the desk's side) and published cases (the public's side)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base


class Release(Base):
    """A release under review: the text as the public will read it, the hits decided, and two persons."""

    __tablename__ = "release"
    __table_args__ = (
        Index(
            "uq_release_open",
            "case_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        CheckConstraint("released_by_id IS NULL OR released_by_id <> proposed_by_id", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    """`draft`, `proposed`, `released`, `returned` or `dropped`."""
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    reply: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[Any]]
    """Ids of the attachments to be published, each with the caption the public will read."""
    decisions: Mapped[dict[str, Any]]
    """Suspected personal data: field → list of what was found (a hash, never the text), masked or confirmed."""
    note: Mapped[str] = mapped_column(String(500), default="")
    """For a correction, the visible note; for a return, what to mend."""
    is_correction: Mapped[bool] = mapped_column(default=False)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class PublishedCase(Base):
    """A case as the public reads it. Ids are given at first release: their order is that of publication."""

    __tablename__ = "published_case"
    __table_args__ = (
        Index("ix_published_case_unit", "visible", "unit_id", "id"),
        Index("ix_published_case_category", "visible", "category_id", "id"),
        Index("ix_published_case_area", "visible", "area_id", "id"),
        Index("ix_published_case_tier", "visible", "tier", "id"),
        Index("ix_published_case_outcome", "visible", "outcome", "id"),
        Index("ix_published_case_closed", "visible", "closed_at", "id"),
        Index("ix_published_case_visible", "visible", "id"),
        Index("ix_published_case_received", "visible", "received_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    visible: Mapped[bool] = mapped_column(default=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    reply: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    """The closing kind once closed, else `open`; "closed" alone is never shown as solved."""
    tier: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    party_kind: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    unit_name: Mapped[str] = mapped_column(String(120))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    askers: Mapped[int] = mapped_column(default=1)
    received_on: Mapped[date]
    answered_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    due_day: Mapped[date | None]
    workdays_used: Mapped[int | None]
    workdays_limit: Mapped[int | None]
    clock: Mapped[dict[str, Any]]
    """What the clock band shows: started, pauses, extensions, due, stopped (dates only)."""
    timeline: Mapped[list[Any]]
    """What happened, as the public may know it: date and time, act code, unit name, public details."""
    gates: Mapped[dict[str, Any]]
    """The three gates (solved, satisfied, mechanism) as far as they are met."""
    ratings: Mapped[dict[str, Any]]
    """How many askers gave which level; nobody's words."""
    correction_note: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)
    first_published_at: Mapped[datetime]
    published_at: Mapped[datetime]


class PublishedFile(Base):
    """An attachment released to the public, under an address of its own."""

    __tablename__ = "published_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    published_case_id: Mapped[int] = mapped_column(ForeignKey("published_case.id"), index=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"))
    part: Mapped[str] = mapped_column(String(10))
    caption: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    stored_as: Mapped[str] = mapped_column(String(80))


class PublicCount(Base):
    """Counters of the public pages (received, solved, …), kept in the transactions that change them."""

    __tablename__ = "public_count"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
