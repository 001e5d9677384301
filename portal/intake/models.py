"""Appeals on their way in: what somebody is still writing, sealed and for some hours only."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base


class AppealDraft(Base):
    """A form between its first sending and its end. It belongs to one browser; nobody else finds it."""

    __tablename__ = "appeal_draft"
    __table_args__ = (UniqueConstraint("browser", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    browser: Mapped[str] = mapped_column(String(64))
    """A hash of what the browser's form cookie holds."""
    client_id: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """What was typed, sealed; emptied when the appeal is filed."""
    checked: Mapped[bool] = mapped_column(default=False)
    """All fields were valid when it was last sent: it may go on to the check page."""
    suspicions: Mapped[str] = mapped_column(String(60), default="")
    """Why the screener should look twice (codes of `rules`)."""
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"))
    """What came of it: sending it once more gives the same receipt."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class StagedFile(Base):
    """A file of a draft, already checked and kept; removed with the draft if nothing comes of it."""

    __tablename__ = "staged_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("appeal_draft.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(80))
