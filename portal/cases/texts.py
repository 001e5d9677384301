"""What people wrote, and how to reach them: erasable, in tables of their own under a per-appeal key.

The history, events, queues and logs hold only the ids of these rows, so erasing a person's words leaves an
unbroken history. Contacts and raw imports are sealed with the appeal's own key; destroying that key
erases them. Words that must be searchable stand in plain rows, which erasure empties.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import search
from portal.kernel.db import Base

INDEX = "case"
"""The desk's search index; what it holds is written by `service.indexing`."""
search.declare(INDEX)


class AppealKey(Base):
    """The appeal's own data key, wrapped by the installation's. No row: erased."""

    __tablename__ = "appeal_key"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class AppealText(Base):
    """The appeal in the asker's own words."""

    __tablename__ = "appeal_text"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(200), default="")
    concerns: Mapped[str] = mapped_column(String(200), default="")
    """Whom it complains about, as the asker put it."""


class AppealContact(Base):
    """Name, phone and mail of the asker as sealed JSON."""

    __tablename__ = "appeal_contact"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class AppealRaw(Base):
    """The row of an import exactly as it came, sealed."""

    __tablename__ = "appeal_raw"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CaseText(Base):
    """The office's working title of a case, and for a part of a split appeal what it is about."""

    __tablename__ = "case_text"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    brief: Mapped[str] = mapped_column(Text, default="")


class CaseMechanism(Base):
    """The third gate: what stays so that it does not happen again, or why nothing has to change."""

    __tablename__ = "case_mechanism"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(Text, default="")
    not_needed_because: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Note(Base):
    """A text that belongs to a case: a note between staff, a reason, a question's wording. Erasable."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    for_asker: Mapped[bool] = mapped_column(default=False)
    """Whether the asker may read it on their own page."""
    made_at: Mapped[datetime]


class Reply(Base):
    """A unit's answer to the asker (答复). The newest stands; earlier ones stay readable."""

    __tablename__ = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    unit_name: Mapped[str] = mapped_column(String(120), default="")
    """For imported replies whose unit is not in the tree."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    body: Mapped[str] = mapped_column(Text)
    closing_kind: Mapped[str] = mapped_column(String(20))
    """How the unit means to close: solved, explained or not_ours."""
    legal_ground: Mapped[str] = mapped_column(String(500), default="")
    handed_to: Mapped[str] = mapped_column(String(200), default="")
    """For `not_ours`: who took it over, with their receipt."""
    way_forward: Mapped[str] = mapped_column(String(500), default="")
    """For escalated cases: what can be done instead of a bare "cannot"."""
    made_at: Mapped[datetime]


class AskerQuestion(Base):
    """A question to the asker, answered on their page or by a timed link; the clock pauses meanwhile."""

    __tablename__ = "asker_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    body: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class Attachment(Base):
    """A file of an appeal, an asker's answer or a case's evidence; its bytes lie outside the web root."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"))
    kind: Mapped[str] = mapped_column(String(12))
    """`appeal` (from the asker) or `evidence` (from the unit)."""
    name: Mapped[str] = mapped_column(String(160))
    """As shown; never used as a path."""
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(80))
    caption: Mapped[str] = mapped_column(String(200), default="")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class RatingRow(Base):
    """One asker's judgement of a case; at most one per appeal and answer round."""

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("appeal_id", "case_id", "reply_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"))
    result: Mapped[str] = mapped_column(String(20))
    speed: Mapped[str] = mapped_column(String(20))
    attitude: Mapped[str] = mapped_column(String(20))
    overall: Mapped[str | None] = mapped_column(String(20))
    """Of the office rather than the unit."""
    comment: Mapped[str] = mapped_column(Text, default="")
    unit_network: Mapped[bool] = mapped_column(default=False)
    """Came from the unit's own network."""
    made_at: Mapped[datetime]
