"""One person on one page: account, appointments, leave."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.identity.models import Absence, Appointment, Person, SignIn, SignInLink, Unit
from portal.identity.queries import holds_on
from portal.identity.service.people import EDITED
from portal.kernel import seen
from portal.kernel.errors import NotFound
from portal.kernel.words import N_

NEWEST_LEAVE = 10
ORDER = ("running", "planned", "over")


@dataclass(frozen=True)
class AppointmentRow:
    """An appointment: `state` is running, planned or over."""

    id: int
    role: str
    unit_id: int | None
    unit_name: str
    starts_on: date
    ends_on: date | None
    ended_at: datetime | None
    deputy_for_id: int | None
    deputy_for: str
    state: str


@dataclass(frozen=True)
class DeputyRow:
    """Somebody who stands in for this person."""

    person_id: int
    name: str
    role: str
    ends_on: date | None


@dataclass(frozen=True)
class LeaveRow:
    """Leave: `state` is running, planned or over."""

    id: int
    starts_on: date
    ends_on: date
    state: str


@dataclass(frozen=True)
class PersonPage:
    """Everything on a person's page but the record."""

    id: int
    name: str
    staff_number: str
    phone: str
    email: str
    mark: str
    created_at: datetime
    disabled_at: datetime | None
    has_password: bool
    has_second_factor: bool
    signed_in: int
    last_signed_in: datetime | None
    link_until: datetime | None
    appointments: tuple[AppointmentRow, ...]
    deputies: tuple[DeputyRow, ...]
    leave: tuple[LeaveRow, ...]

    @property
    def state(self) -> str:
        """off, away, on or idle, as in the list."""
        if self.disabled_at is not None:
            return "off"
        if any(row.state == "running" for row in self.leave):
            return "away"
        return "on" if any(row.state == "running" for row in self.appointments) else "idle"


def person(db: Session, now: datetime, today: date, person_id: int) -> PersonPage:
    """The person's page; six statements."""
    row = db.get(Person, person_id)
    if row is None:
        raise NotFound("no_person", N_("There is no such person."))
    live = db.execute(
        select(func.count(), func.max(SignIn.created_at)).where(
            SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > now
        )
    ).one()
    link_until = db.scalar(
        select(func.max(SignInLink.expires_at)).where(
            SignInLink.person_id == person_id, SignInLink.used_at.is_(None), SignInLink.expires_at > now
        )
    )
    return PersonPage(
        id=row.id,
        name=row.name,
        staff_number=row.staff_number or "",
        phone=row.phone or "",
        email=row.email or "",
        mark=seen.mark(row, EDITED),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        has_password=row.password_hash is not None,
        has_second_factor=row.totp_sealed is not None,
        signed_in=live[0],
        last_signed_in=live[1],
        link_until=link_until,
        appointments=_appointments(db, today, person_id),
        deputies=_deputies(db, today, person_id),
        leave=_leave(db, today, person_id),
    )


def _appointments(db: Session, today: date, person_id: int) -> tuple[AppointmentRow, ...]:
    principal = aliased(Person)
    rows = db.execute(
        select(Appointment, Unit.short_name, principal.name)
        .outerjoin(Unit, Unit.id == Appointment.unit_id)
        .outerjoin(principal, principal.id == Appointment.deputy_for_id)
        .where(Appointment.person_id == person_id)
        .order_by(Appointment.starts_on.desc(), Appointment.id.desc())
    )
    found = [
        AppointmentRow(
            held.id,
            held.role,
            held.unit_id,
            unit_name or "",
            held.starts_on,
            held.ends_on,
            held.ended_at,
            held.deputy_for_id,
            principal_name or "",
            "over" if held.ended_at is not None else _state(held.starts_on, held.ends_on, today),
        )
        for held, unit_name, principal_name in rows
    ]
    return tuple(sorted(found, key=lambda row: ORDER.index(row.state)))


def _state(starts_on: date, ends_on: date | None, today: date) -> str:
    if ends_on is not None and ends_on < today:
        return "over"
    return "planned" if starts_on > today else "running"


def _deputies(db: Session, today: date, person_id: int) -> tuple[DeputyRow, ...]:
    rows = db.execute(
        select(Person.id, Person.name, Appointment.role, Appointment.ends_on)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.deputy_for_id == person_id, holds_on(today), Person.disabled_at.is_(None))
        .order_by(Appointment.id)
    )
    return tuple(DeputyRow(row.id, row.name, row.role, row.ends_on) for row in rows)


def _leave(db: Session, today: date, person_id: int) -> tuple[LeaveRow, ...]:
    rows = db.scalars(
        select(Absence)
        .where(Absence.person_id == person_id)
        .order_by(Absence.starts_on.desc())
        .limit(NEWEST_LEAVE)
    )
    return tuple(
        LeaveRow(row.id, row.starts_on, row.ends_on, _state(row.starts_on, row.ends_on, today))
        for row in rows
    )
