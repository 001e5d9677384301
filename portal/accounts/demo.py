"""One click per role in the demonstration, behind three guards: the setting, the database, the address."""

from dataclasses import dataclass
from ipaddress import ip_address

from flask import request
from sqlalchemy import select

from portal.identity.models import Appointment, Installation, Person, Unit
from portal.identity.queries import holds_on
from portal.identity.roles import ROLES
from portal.kernel import clock
from portal.web.database import reader, settings
from portal.web.filters import translated


@dataclass(frozen=True)
class DemoPerson:
    """A person to try a role with."""

    id: int
    name: str
    role: str
    unit_name: str


def offered() -> bool:
    """Whether signing in by a click is offered here at all."""
    return settings().demo and _is_near() and _is_demo_database()


def _is_near() -> bool:
    """From this very machine, unless the second switch says that anybody may play."""
    if settings().demo_sign_in_anywhere:
        return True
    host = request.host.rsplit(":", 1)[0].strip("[]")
    return _is_loopback(request.remote_addr or "") and (host == "localhost" or _is_loopback(host))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _is_demo_database() -> bool:
    """Only a database that `portal demo` made: a real one must not open by a wrong setting."""
    return reader().scalar(select(Installation.value).where(Installation.name == "made_by")) == "demo"


def people() -> list[DemoPerson]:
    """One invented person for each role; officials two of one unit, to pass work on, and one of another."""
    if not offered():
        return []
    today = clock.local_date(clock.now(), settings().timezone)
    rows = reader().execute(
        select(Person.id, Person.name, Appointment.role, Unit.short_name)
        .join(Appointment, Appointment.person_id == Person.id)
        .outerjoin(Unit, Unit.id == Appointment.unit_id)
        .where(Person.is_demo, Person.disabled_at.is_(None), holds_on(today))
        .order_by(Person.id)
    )
    by_role: dict[str, list[DemoPerson]] = {code: [] for code in ROLES}
    for row in rows:
        if row.role in by_role:
            label = translated(ROLES[row.role].label)
            by_role[row.role].append(DemoPerson(row.id, row.name, label, row.short_name or ""))
    by_role["official"] = _of_two_units(by_role["official"])
    most = {"official": 3, "unit_head": 2, "moderator": 2}
    return [person for role, found in by_role.items() for person in found[: most.get(role, 1)]]


def _of_two_units(found: list[DemoPerson]) -> list[DemoPerson]:
    """The first two, who share a unit, and then those of other units."""
    return found[:2] + [person for person in found[2:] if person.unit_name != found[0].unit_name]
