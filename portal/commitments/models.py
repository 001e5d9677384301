"""Commitments (承诺): who does what by when, its versions, follow-ups with pictures, and what waits for a second
person. What was done is in `history`; what everybody reads is in `released`."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base


class Commitment(Base):
    """A promise with a unit, a person and a day. Its words are in its versions."""

    __tablename__ = "commitment"
    __table_args__ = (
        Index("ix_commitment_unit_state", "unit_id", "state", "due_day"),
        Index("ix_commitment_state_due", "state", "due_day"),
        Index("ix_commitment_person", "person_id", "state"),
        Index("ix_commitment_source", "source_kind", "source_id"),
        CheckConstraint(
            "state IN ('proposed', 'dropped', 'made', 'in_progress', 'kept', 'kept_late', 'partly_kept', "
            "'broken', 'released')",
            name="state_known",
        ),
        CheckConstraint("agreed_by_id IS NULL OR agreed_by_id <> made_by_id", name="two_persons"),
        CheckConstraint(
            "state IN ('proposed', 'dropped') OR said_live OR agreed_by_id IS NOT NULL",
            name="agreed_by_a_second",
        ),
        CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('kept', 'kept_late', 'partly_kept', 'broken', 'released'))",
            name="ended_has_moment",
        ),
        CheckConstraint("first_due_day > made_on", name="day_lies_ahead"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="proposed")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who answers for it by name; held an appointment in the unit when it was made."""
    due_day: Mapped[date]
    first_due_day: Mapped[date]
    """As it was first promised; no change of the date touches it."""
    text_number: Mapped[int] = mapped_column(default=1)
    """Which of its versions holds."""
    source_kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[int]
    """Said where: a case at the desk, later a live session."""
    said_live: Mapped[bool] = mapped_column(default=False)
    """Said in public before everybody: made at once, without a second person (domain, section 5)."""
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class CommitmentText(Base):
    """The words and the day of a commitment as they held from one change to the next; each is kept."""

    __tablename__ = "commitment_text"
    __table_args__ = (UniqueConstraint("commitment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    number: Mapped[int]
    what: Mapped[str] = mapped_column(String(120))
    how: Mapped[str] = mapped_column(Text)
    due_day: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class CommitmentCase(Base):
    """A case that a commitment is about."""

    __tablename__ = "commitment_case"

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True, index=True)


class CommitmentFollowUp(Base):
    """A report on how it goes (跟进). Public once a second person has read it."""

    __tablename__ = "commitment_follow_up"
    __table_args__ = (
        Index("ix_commitment_follow_up_commitment", "commitment_id", "id"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> made_by_id", name="two_persons"),
        CheckConstraint(
            "(shown IS NULL) = (decided_at IS NULL) AND (decided_at IS NULL OR decided_by_id IS NOT NULL)",
            name="decided_is_whole",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    shown: Mapped[bool | None]
    """Empty: nobody has decided yet."""
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision_words: Mapped[str] = mapped_column(String(500), default="")
    """Why it is not shown; for its author."""
    erased_at: Mapped[datetime | None]


class CommitmentPicture(Base):
    """A file of a follow-up: what it was like before, or after, or a paper. Its bytes are those of the attachment."""

    __tablename__ = "commitment_picture"

    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("commitment_follow_up.id"), index=True)
    part: Mapped[str] = mapped_column(String(8))
    """`before`, `after` or `paper`."""
    caption: Mapped[str] = mapped_column(String(200), default="")


class CommitmentProposal(Base):
    """A change or an end that one person proposes and a second one decides."""

    __tablename__ = "commitment_proposal"
    __table_args__ = (
        Index(
            "uq_commitment_proposal_open",
            "commitment_id",
            "topic",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="two_persons"),
        CheckConstraint(
            "(agreed IS NULL) = (decided_at IS NULL) AND (decided_at IS NULL OR decided_by_id IS NOT NULL)",
            name="decided_is_whole",
        ),
        CheckConstraint("(topic = 'change') = (due_day IS NOT NULL)", name="change_has_day"),
        CheckConstraint("length(reason) > 0", name="has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"), index=True)
    topic: Mapped[str] = mapped_column(String(8))
    wish: Mapped[str] = mapped_column(String(12))
    what: Mapped[str] = mapped_column(String(120), default="")
    how: Mapped[str] = mapped_column(Text, default="")
    due_day: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(2000))
    """Published with the decision, if it is agreed to."""
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agreed: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision_words: Mapped[str] = mapped_column(String(500), default="")
    """For whoever proposed it; not published, because nobody has read it over."""
