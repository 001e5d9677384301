"""A notice, from its draft to what the public reads. It holds the office's own words only."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base


class Notice(Base):
    """One notice. Its reference is given when it is published and never changed; so are its words."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('published', 'withdrawn')) = (ref IS NOT NULL)", name="published_has_reference"
        ),
        CheckConstraint("(ref IS NULL) = (published_at IS NULL)", name="published_has_moment"),
        CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> author_id AND approved_by_id <> edited_by_id",
            name="two_persons",
        ),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_because <> ''", name="withdrawn_has_reason"),
        Index("ix_notice_public", "published_at", "id"),
        Index("ix_notice_kind", "kind", "published_at", "id"),
        Index("ix_notice_state", "state", "publish_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str | None] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Who gives notice; empty: the office itself."""
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    """Markdown without HTML."""
    lang: Mapped[str] = mapped_column(String(10), default="zh-Hans")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), index=True)
    made_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime]
    returned_because: Mapped[str] = mapped_column(String(500), default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
