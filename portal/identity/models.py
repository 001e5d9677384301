"""Units, areas, companies, people and their appointments; how a person signs in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel import appendonly
from portal.kernel.db import Base


class Unit(Base):
    """A unit (单位) of the city's tree. A unit that ends points to its successor; its code is never reused."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    duties: Mapped[str] = mapped_column(String(2000), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    handles_cases: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[date] = mapped_column(default=date(2000, 1, 1))
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    sort: Mapped[int] = mapped_column(default=0)

    parent: Mapped["Unit | None"] = relationship(foreign_keys=[parent_id], remote_side=[id], lazy="raise")


class Area(Base):
    """An area (区域) a place belongs to: district, county, street."""

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    sort: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Company(Base):
    """A company (企业) by its unified social credit code."""

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_code: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(160))


class Person(Base):
    """A person of the staff. What they may do stands in their appointments, never here."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(
            "staff_number IS NOT NULL OR phone IS NOT NULL OR email IS NOT NULL",
            name="reachable_by_something",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    staff_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    locale: Mapped[str | None] = mapped_column(String(10))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Appointment(Base):
    """An appointment (任职): who, as what, where, from when to when; a deputy names whom they stand in for."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("ix_appointment_person_role", "person_id", "role"),
        Index("ix_appointment_unit_role", "unit_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    deputy_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    """When somebody ended it by hand, effective at once; `ends_on` is the planned last day."""


class GrantProposal(Base):
    """An appointment that takes two persons: proposed by one, decided by another. What is granted becomes an
    appointment; nothing holds before."""

    __tablename__ = "grant_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    deputy_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Empty: by command on the server."""
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted: Mapped[bool | None]


class Absence(Base):
    """Leave: work of this person goes to their deputies between these days, both included."""

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class SignIn(Base):
    """One signed-in browser. The cookie holds a random token, the table only its hash; ending it is effective
    at the next request in every process."""

    __tablename__ = "sign_in"
    __table_args__ = (
        Index("ix_sign_in_person_live", "person_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    method: Mapped[str] = mapped_column(String(20))
    network: Mapped[str] = mapped_column(String(50), default="")
    agent: Mapped[str] = mapped_column(String(120), default="")


class SignInLink(Base):
    """A one-time link for a new or locked-out person; only its hash is stored."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code that replaces the second factor once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class AdminEntry(Base):
    """What was changed in people, appointments, units and settings, by whom; append-only, ids only."""

    __tablename__ = "admin_entry"
    __table_args__ = (Index("ix_admin_entry_subject", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    part_id: Mapped[int | None]
    """The appointment, leave or successor it was about."""
    what: Mapped[str] = mapped_column(String(200), default="")
    """Names of the fields that changed, or a code; never what anybody wrote."""


appendonly.guard(AdminEntry.__table__)


class Installation(Base):
    """What is true of this installation as a whole, e.g. `made_by` = `demo`."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
