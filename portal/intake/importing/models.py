"""Imports by page: what was sent, how far it is, what was refused. The file itself is sealed and goes when it is over."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base


class ImportRun(Base):
    """One table that somebody imports: `sending` → `checking` → `checked` → `running` → `done`; or `dropped`, or
    `failed` with the reason."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="sending", index=True)
    file_name: Mapped[str] = mapped_column(String(160))
    size: Mapped[int]
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The key of the sealed parts; destroyed when the import is over."""
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    map_name: Mapped[str] = mapped_column(String(80))
    as_new: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    rows: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    """Of the check while it is checked, of the import afterwards."""
    total: Mapped[int] = mapped_column(default=0)
    """Rows of the whole table, known after the check."""
    unknown: Mapped[list[Any]] = mapped_column(default=list)
    """Headers that no field of the map has."""
    not_listed: Mapped[list[Any]] = mapped_column(default=list)
    """Values that are on none of the city's lists: field, value, how many rows."""
    failure: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Why it failed: code, message and params, as of a refusal."""


class ImportPart(Base):
    """A piece of the sealed file."""

    __tablename__ = "import_part"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRefusal(Base):
    """A row that was refused: its line and the reason, never its words."""

    __tablename__ = "import_refusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), index=True)
    line: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(String(300))
    params: Mapped[dict[str, Any]]
