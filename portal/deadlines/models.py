"""A clock of a subject (kind and id): limit, start, pauses, due date and how it was computed; the calendar."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base


class Clock(Base):
    """One running, paused or stopped clock. A subject may have several (`event` tells which limit it is)."""

    __tablename__ = "clock"
    __table_args__ = (
        Index(
            "uq_clock_live",
            "subject_kind",
            "subject_id",
            "event",
            unique=True,
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
        Index("ix_clock_due", "stopped_at", "paused_at", "due_at"),
        Index("ix_clock_next", "next_at"),
        Index("ix_clock_subject", "subject_kind", "subject_id", "event"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    event: Mapped[str] = mapped_column(String(40))
    """Which limit of the table of limits this is, e.g. `case`, `screening`, `acceptance`, `objection`."""
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """The first moment that is too late."""
    due_day: Mapped[date]
    steps: Mapped[list[Any]]
    """How the date came about: codes with parameters, in order; pauses and extensions append theirs."""
    provisional: Mapped[bool] = mapped_column(default=False)
    """A year of the calendar was not loaded when the date was given."""
    paused_at: Mapped[datetime | None]
    pause_kind: Mapped[str | None] = mapped_column(String(10))
    paused_seconds: Mapped[int] = mapped_column(default=0)
    stopped_at: Mapped[datetime | None]
    stage: Mapped[str] = mapped_column(String(12), default="on_track")
    given: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The date as it was given, before the pauses below: what a resumed clock is computed from anew."""
    pauses: Mapped[list[Any]] = mapped_column(default=list)
    """Pauses that are over: pairs of moments."""
    extended: Mapped[int] = mapped_column(default=0)
    """Extensions granted so far."""
    remind_before: Mapped[int] = mapped_column(default=2)
    """Working days before due at which it is due soon."""
    noted: Mapped[str] = mapped_column(String(12), default="")
    """The worst lateness that was told: each is told once."""
    reminded: Mapped[str] = mapped_column(String(8), default="")
    """The last reminder of the date it has now: `before`, `after`, or none yet."""
    next_at: Mapped[datetime | None]
    """When its stage changes next; null while nothing can change."""


class OwnLimit(Base):
    """A limit of the city's own from a day on; an empty word means any. Only added to: of those of the same
    words, the newest that holds on a day counts, and what counted before stays to be seen."""

    __tablename__ = "own_limit"

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20), default="")
    party: Mapped[str] = mapped_column(String(10), default="")
    tier: Mapped[str] = mapped_column(String(20), default="")
    amount: Mapped[int | None]
    """Empty: back to the default."""
    unit: Mapped[str] = mapped_column(String(10), default="workdays")
    remind_before: Mapped[int] = mapped_column(default=2)
    starts_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class CalendarYear(Base):
    """A year of the official calendar as the city loaded it; it counts only when marked complete."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    complete: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    """Raised by every change of the year or its days, never lowered: processes see by it what to load anew."""
    loaded_at: Mapped[datetime]


class CalendarDay(Base):
    """A day that is not what its weekday says: off, or worked."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    worked: Mapped[bool]
    own: Mapped[bool] = mapped_column(default=False)
    """The city's own decision: counts in every year, complete or not, before the official table."""
    name: Mapped[str] = mapped_column(String(80), default="")
    """The holiday, as the table names it."""


class Recount(Base):
    """That dates given before were counted anew, by whom and why; what moved is in each case's history."""

    __tablename__ = "recount"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(500))
