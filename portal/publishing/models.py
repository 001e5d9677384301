"""Release drafts (the desk's side) and published cases (the public's side)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import search
from portal.kernel.db import Base

INDEX = "published"
search.declare(INDEX)


class Release(Base):
    """A release under review: the text as the public will read it, the hits decided, and two persons.

    Open (`decided_at` empty) are `draft`, `proposed` and `returned`; a returned one is mended and proposed
    again. `released` and `dropped` have ended.
    """

    __tablename__ = "release"
    __table_args__ = (
        Index(
            "uq_release_open",
            "case_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("ix_release_state", "state", "id"),
        CheckConstraint("released_by_id IS NULL OR released_by_id <> proposed_by_id", name="two_persons"),
        CheckConstraint(
            "state <> 'released' OR (released_by_id IS NOT NULL AND proposed_by_id IS NOT NULL)",
            name="released_by_two",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    """`draft`, `proposed`, `returned`, `released` or `dropped`."""
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    reply: Mapped[str] = mapped_column(Text)
    mechanism: Mapped[str] = mapped_column(Text, default="")
    """What stays so that it does not happen again, as the public will read it."""
    attachments: Mapped[list[Any]]
    """The attachments to be published: `{"id": …, "caption": what the public will read}`."""
    decisions: Mapped[dict[str, Any]]
    """Suspected personal data that stays because a person confirmed it: field → keyed hashes, never the text."""
    note: Mapped[str] = mapped_column(String(500), default="")
    """For a correction: what was changed and why, for everybody to read."""
    is_correction: Mapped[bool] = mapped_column(default=False)
    return_words: Mapped[str] = mapped_column(String(500), default="")
    """What the second person wants mended."""
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class PublishedCase(Base):
    """A case as it stands in public lists. Ids are given at first release: their order is that of publication.

    Narrow on purpose: what is long is in `PublishedDetail`, so that a list reads few pages of the file.
    """

    __tablename__ = "published_case"
    __table_args__ = (
        Index("ix_published_case_visible", "visible", "id"),
        Index("ix_published_case_unit", "visible", "unit_id", "id"),
        Index("ix_published_case_category", "visible", "category_id", "id"),
        Index("ix_published_case_tier", "visible", "tier", "id"),
        Index("ix_published_case_outcome", "visible", "outcome", "id"),
        Index("ix_published_case_closed", "visible", "closed_at", "id"),
        Index("ix_published_case_due", "visible", "due_day", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    visible: Mapped[bool] = mapped_column(default=True)
    lang: Mapped[str] = mapped_column(String(10), default="zh-Hans")
    """The language of title, text and reply, whatever that of the page around them."""
    title: Mapped[str] = mapped_column(String(200))
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
    rated: Mapped[int] = mapped_column(default=0)
    """How many askers rated the present answer."""
    satisfied: Mapped[int] = mapped_column(default=0)
    received_on: Mapped[date]
    answered_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    due_day: Mapped[date | None]
    """The day by which it is due, while its clock runs."""
    workdays_used: Mapped[int | None]
    workdays_limit: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    """Of the publication record: raised by release, correction and withdrawal."""
    first_published_at: Mapped[datetime]
    published_at: Mapped[datetime]


class PublishedDetail(Base):
    """The rest of a published case's page."""

    __tablename__ = "published_detail"

    published_case_id: Mapped[int] = mapped_column(ForeignKey("published_case.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    reply: Mapped[str] = mapped_column(Text)
    mechanism: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]]
    """Channel, units (first asked, supporting) and what else flows by itself beside the columns of the case."""
    clock: Mapped[dict[str, Any]]
    """What the clock band shows: started, pauses, extensions, due, stopped (dates only)."""
    timeline: Mapped[list[Any]]
    """What happened, as the public may know it: moment, public act, unit, public details."""
    gates: Mapped[dict[str, Any]]
    """The three gates (solved, satisfied, mechanism) as far as they are met."""
    ratings: Mapped[dict[str, Any]]
    """How many askers gave which level; nobody's words."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    correction_note: Mapped[str] = mapped_column(String(500), default="")
    withdrawn_code: Mapped[str] = mapped_column(String(20), default="")
    """`withdrawn` (by the office, with words) or `erased` (at the asker's wish)."""
    withdrawn_words: Mapped[str] = mapped_column(String(500), default="")


class PublishedFile(Base):
    """An attachment released to the public, under an address of its own."""

    __tablename__ = "published_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    published_case_id: Mapped[int] = mapped_column(ForeignKey("published_case.id"), index=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"))
    part: Mapped[str] = mapped_column(String(10))
    """`problem` (from the asker) or `reply` (the unit's evidence)."""
    caption: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    stored_as: Mapped[str] = mapped_column(String(80))


class CountedCase(Base):
    """What every case, published or not, is counted as; so a change moves exactly one count."""

    __tablename__ = "counted_case"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    bucket: Mapped[str] = mapped_column(String(20))
    weight: Mapped[int]
    """How many appeals it answers: a merged case none, so that every appeal counts once."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    tier: Mapped[str] = mapped_column(String(20))


class PublicCount(Base):
    """Counters of the public pages (received, solved, …), kept in the transactions that change them."""

    __tablename__ = "public_count"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
