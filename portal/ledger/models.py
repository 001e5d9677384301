"""The publication record (domain, section 10): append-only, from which a tamper-evident log can be built."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.appendonly import guard
from portal.kernel.db import Base


class PublicationRecord(Base):
    """One act of publication: a release, a correction, a withdrawal, or a fact that flowed by itself."""

    __tablename__ = "publication_record"
    __table_args__ = (UniqueConstraint("kind", "reference", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    reference: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    act: Mapped[str] = mapped_column(String(20))
    content: Mapped[dict[str, Any] | None]
    """What the public could read; null once it had to be withdrawn — the hash stays."""
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 over salt and canonical content, so that a withdrawn text cannot be guessed from it."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


# Not updates: a withdrawn text is emptied, its hash stays.
guard(PublicationRecord.__table__, updates=False)
