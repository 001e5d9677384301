"""Appeals, cases and what links them; categories, channels and routing rules.

Text and contacts of people are not here but in `texts`; what was done to a case is in `history`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base


class Channel(Base):
    """Where appeals come from (渠道). A table, because a city opens new ones."""

    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[str] = mapped_column(String(20), default="online")
    staff_only: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    sort: Mapped[int] = mapped_column(default=0)


class Category(Base):
    """What a matter is about. `code` is stable, names may change."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    description: Mapped[str] = mapped_column(String(500), default="")
    active: Mapped[bool] = mapped_column(default=True)
    sort: Mapped[int] = mapped_column(default=0)


class Appeal(Base):
    """What one person or company submitted (诉求). Its words are in `AppealText`, the contact in `AppealContact`."""

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_appeal_source", "source_kind", "source_id"),
        # Few appeals complain about somebody, and every list and count must leave those out for them.
        *(
            Index(
                f"ix_appeal_{name}",
                name,
                sqlite_where=text(f"{name} IS NOT NULL"),
                postgresql_where=text(f"{name} IS NOT NULL"),
            )
            for name in ("concerns_unit_id", "concerns_person_id")
        ),
        CheckConstraint("(party_kind = 'company') = (company_id IS NOT NULL)", name="company_has_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(String(20), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    """Of the query code; null for imported history, whose askers were never given one."""
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    external_id: Mapped[str | None] = mapped_column(String(120))
    source_kind: Mapped[str | None] = mapped_column(String(40))
    source_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(20))
    party_kind: Mapped[str] = mapped_column(String(10))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    concerns_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    concerns_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    consent_to_publish: Mapped[bool]
    occurred_at: Mapped[datetime]
    """When the person spoke up; for imports the original moment."""
    received_at: Mapped[datetime] = mapped_column(index=True)
    """When this portal took it in."""
    is_history: Mapped[bool] = mapped_column(default=False)
    """Imported as history: no clock, no alert, no proposal."""
    likes: Mapped[int | None]
    dislikes: Mapped[int | None]
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    locale: Mapped[str] = mapped_column(String(10), default="zh_Hans")
    same_body: Mapped[str] = mapped_column(String(64), index=True, default="")
    """Fingerprint of the words without spaces and punctuation: exact re-posts share it."""
    likeness: Mapped[str] = mapped_column(String(700), default="")
    """A print for finding near repeats, packed (see `repeats`); says nothing about the words themselves."""
    suspected: Mapped[str] = mapped_column(String(60), default="")
    """Signs of spam, as codes with commas between: a reason to look twice, never to drop it unseen."""
    erased_at: Mapped[datetime | None] = mapped_column(index=True)


class AppealPiece(Base):
    """Keys by which likely repeats are looked up."""

    __tablename__ = "appeal_piece"
    __table_args__ = {"sqlite_with_rowid": False}

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True, index=True)


class Case(Base):
    """The problem being handled (办件). One is opened per appeal; links merge and split."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_state_due", "state", "due_at"),
        Index("ix_case_unit_state", "lead_unit_id", "state", "due_at"),
        Index("ix_case_handler_state", "handler_id", "state", "due_at"),
        Index("ix_case_state_id", "state", "id"),
        CheckConstraint("(state = 'closed') = (closing_kind IS NOT NULL)", name="closed_has_kind"),
        CheckConstraint("state <> 'not_accepted' OR reason_code IS NOT NULL", name="not_accepted_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="submitted")
    tier: Mapped[str] = mapped_column(String(20), default="first_ask")
    kind: Mapped[str] = mapped_column(String(20))
    party_kind: Mapped[str] = mapped_column(String(10))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    first_asked_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Stays answerable until closure, whatever is re-routed (domain, section 3)."""
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """What the category rules propose; a person assigns."""
    proposed_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Whom the rule names in that unit; whether they can have it is looked up when it is asked."""
    proposed_by_rule_id: Mapped[int | None] = mapped_column(ForeignKey("routing_rule.id"))
    reason_code: Mapped[str | None] = mapped_column(String(40))
    closing_kind: Mapped[str | None] = mapped_column(String(20))
    due_at: Mapped[datetime | None]
    """The case's own limit as it stands now (its clock holds how it came about); null while none runs."""
    due_day: Mapped[date | None]
    opened_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    rating_until: Mapped[datetime | None]
    is_history: Mapped[bool] = mapped_column(default=False)
    bounces: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every change; a form made from an older version gets a readable conflict."""
    updated_at: Mapped[datetime] = mapped_column(index=True)

    __mapper_args__ = {"version_id_col": version}


class CaseLink(Base):
    """Which appeals a case answers. Merging ends a link and adds one; undoing loses neither asker nor history."""

    __tablename__ = "case_link"
    __table_args__ = (
        Index(
            "uq_case_link_live",
            "appeal_id",
            "case_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    """`opened` (its own case), `merged` (joined another), `split` (one part of a mixed appeal)."""
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Assignment(Base):
    """The order to a unit (交办): what, who, by when, with a document number on its slip."""

    __tablename__ = "assignment"
    __table_args__ = (Index("ix_assignment_unit_live", "unit_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    part: Mapped[str] = mapped_column(String(12))
    """`lead` or `supporting`."""
    document_number: Mapped[str] = mapped_column(String(80), unique=True)
    due_day: Mapped[date | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    part_state: Mapped[str] = mapped_column(String(10), default="open")
    """A supporting unit's part: `open`, `done` or `waived` (the reason is in the history)."""


class Objection(Base):
    """A unit's objection to an assignment: with a reason and a proposed unit, decided by another."""

    __tablename__ = "objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    proposed_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"))
    decider: Mapped[str] = mapped_column(String(20))
    """Who decides: `office`, `parent` (after two bounces) or `head_of_office`."""
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    upheld: Mapped[bool | None]


class RefusalObjection(Base):
    """The asker's objection to not being accepted: once, decided by another than who declined."""

    __tablename__ = "refusal_objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"))
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    upheld: Mapped[bool | None]


class Extension(Base):
    """A request for more time (延期): once, before the due date, decided by another person."""

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"))
    due_day: Mapped[date]
    proposed_day: Mapped[date]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted: Mapped[bool | None]


class RoutingRule(Base):
    """A category rule: words and circumstances that propose a unit (and a person); first match wins."""

    __tablename__ = "routing_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    sort: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    conditions: Mapped[dict[str, Any]]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    active: Mapped[bool] = mapped_column(default=True)


class ReplyTemplate(Base):
    """A reply to start from, for everybody or one unit."""

    __tablename__ = "reply_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    name: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(String(4000))
    active: Mapped[bool] = mapped_column(default=True)


class SavedFilter(Base):
    """A worklist filter that somebody named, for themselves."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(500))
