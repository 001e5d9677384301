"""What invented cases refer to: units, officials, lists, companies — read from the database, by code."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Category, Channel
from portal.demo.content import DemoCity
from portal.identity.models import Appointment, Area, Person, Unit
from portal.identity.service import company_by_code
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of

HANDLERS = ("official", "unit_head")
CHANNELS = (("web", 40), ("hotline", 35), ("wechat", 12), ("counter", 5), ("letter", 3), ("community", 5))


@dataclass(frozen=True)
class Places:
    """Ids by code; people by unit. `unit_names` are short names by code."""

    units: dict[str, int]
    unit_names: dict[str, str]
    areas: dict[str, int]
    categories: dict[str, int]
    channels: list[tuple[Channel, int]]
    companies: dict[str, int]
    handlers: dict[int, list[int]]
    office: list[int]
    """Moderators, two at least: the second person is another."""


def look_up(db: Session, now: datetime, city: DemoCity) -> Places:
    """Everything of the founded city."""
    units = {row.code: row for row in db.execute(select(Unit.id, Unit.code, Unit.short_name))}
    channels = {channel.code: channel for channel in db.scalars(select(Channel))}
    weighted = [(channels[code], weight) for code, weight in CHANNELS if code in channels]
    handlers: dict[int, list[int]] = {}
    office: list[int] = []
    today = local_date(now, zone_of(db))
    rows = db.execute(
        select(Appointment.person_id, Appointment.role, Appointment.unit_id, Appointment.ends_on)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.ended_at.is_(None))
        .order_by(Appointment.id)
    )
    for row in rows:
        if row.ends_on is not None and row.ends_on < today:
            continue
        if row.role in HANDLERS and row.unit_id is not None:
            handlers.setdefault(row.unit_id, []).append(row.person_id)
        elif row.role == "moderator" and row.person_id not in office:
            office.append(row.person_id)
    return Places(
        units={code: row.id for code, row in units.items()},
        unit_names={code: row.short_name for code, row in units.items()},
        areas={row.code: row.id for row in db.execute(select(Area.code, Area.id))},
        categories={row.code: row.id for row in db.execute(select(Category.code, Category.id))},
        channels=weighted or [(channel, 1) for channel in channels.values()],
        companies={
            key: company_by_code(db, company.credit_code, company.name).id
            for key, company in city.companies.items()
        },
        handlers=handlers,
        office=office,
    )
