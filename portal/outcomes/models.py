"""An outcome, from its draft to what the public reads, and the cases it came out of. The office's own words only."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base


class Outcome(Base):
    """One outcome. Its reference is given when it is published and never changed; so are its words."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('published', 'withdrawn')) = (ref IS NOT NULL)", name="published_has_reference"
        ),
        CheckConstraint("(ref IS NULL) = (published_at IS NULL)", name="published_has_moment"),
        CheckConstraint(
            "(ref IS NULL) = (approved_by_id IS NULL)",
            name="published_is_approved",
        ),
        CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> author_id AND approved_by_id <> edited_by_id",
            name="two_persons",
        ),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_because <> ''", name="withdrawn_has_reason"),
        CheckConstraint("document_no = '' OR kind = 'rule_issued'", name="only_a_rule_has_a_document"),
        Index("ix_outcome_public", "published_at", "id"),
        Index("ix_outcome_kind", "kind", "published_at", "id"),
        Index("ix_outcome_unit", "unit_id", "published_at", "id"),
        Index("ix_outcome_state", "state", "kind"),
        Index(
            "uq_outcome_correction",
            "corrects_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str | None] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    """Whose work it is."""
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    """Markdown without HTML."""
    lang: Mapped[str] = mapped_column(String(10), default="zh-Hans")
    effective_on: Mapped[date]
    """The day it took effect, where the city is."""
    document_no: Mapped[str] = mapped_column(String(80), default="")
    """Of a rule that was issued, as its issuer writes it."""
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("outcome.id"))
    made_at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime]
    returned_because: Mapped[str] = mapped_column(String(500), default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class OutcomeCase(Base):
    """A case that an outcome came out of."""

    __tablename__ = "outcome_case"

    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True, index=True)
