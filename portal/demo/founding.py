"""Founds the demonstration city in an empty database: units, areas, people, categories, channels, rules.

Through the services, as an office would; only the mark of a demonstration is a row of its own, for want of one.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.administration import service as administration
from portal.cases.models import Category
from portal.cases.service.reply_templates import save_template
from portal.cases.service.routing_rules import save_rule
from portal.demo.content import DemoCity
from portal.demo.town import DemoPerson
from portal.identity import service
from portal.identity.actors import SYSTEM
from portal.identity.models import Area, Installation, Person, Unit
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of

MADE_BY = "made_by"
DEMO = "demo"


@dataclass
class Ids:
    """Where everything of the content ended up, by its code, login or name."""

    units: dict[str, int] = field(default_factory=dict)
    areas: dict[str, int] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)


def ids_of(db: Session, city: DemoCity) -> Ids:
    """Where everything of a founded city is."""
    emails = {row.email: row.id for row in db.execute(select(Person.email, Person.id))}
    return Ids(
        units={row.code: row.id for row in db.execute(select(Unit.code, Unit.id))},
        areas={row.code: row.id for row in db.execute(select(Area.code, Area.id))},
        categories={row.code: row.id for row in db.execute(select(Category.code, Category.id))},
        people={login: emails[_email(login)] for login in city.people},
    )


def _email(login: str) -> str:
    return f"{login}@pinglan.example"


def found(db: Session, now: datetime, city: DemoCity) -> Ids:
    """Everything but the cases. Marks the database as a demonstration, which opens the one-click sign-in."""
    ids = Ids()
    db.add(Installation(name=MADE_BY, value=DEMO))
    _units(db, now, city, ids)
    _areas(db, now, city, ids)
    _lists(db, now, city, ids)
    for person in city.people.values():
        _person(db, now, person, ids)
    _appointments(db, now, city, ids)
    _rules_and_templates(db, now, city, ids)
    db.flush()
    return ids


def _units(db: Session, now: datetime, city: DemoCity, ids: Ids) -> None:
    waiting = list(city.units.values())
    sort = 0
    while waiting:
        ready = [unit for unit in waiting if not unit.parent or unit.parent in ids.units]
        for unit in ready:
            sort += 1
            ids.units[unit.code] = service.add_unit(
                db,
                now,
                SYSTEM,
                code=unit.code,
                name=unit.name,
                short_name=unit.short,
                name_en=unit.name_en,
                slug=unit.slug,
                parent_id=ids.units.get(unit.parent),
                duties=unit.duty,
                phone=unit.phone,
                handles_cases=unit.handles,
                sort=sort,
            ).id
        waiting = [unit for unit in waiting if unit.code not in ids.units]


def _areas(db: Session, now: datetime, city: DemoCity, ids: Ids) -> None:
    for sort, area in enumerate(city.areas.values()):
        ids.areas[area.code] = service.add_area(
            db,
            now,
            SYSTEM,
            code=area.code,
            name=area.name,
            name_en=area.name_en,
            parent_id=ids.areas.get(area.parent),
            sort=sort,
        ).id


def _lists(db: Session, now: datetime, city: DemoCity, ids: Ids) -> None:
    for sort, category in enumerate(city.categories.values()):
        ids.categories[category.code] = administration.add_category(
            db,
            now,
            SYSTEM,
            code=category.code,
            name=category.name,
            name_en=category.name_en,
            description=category.description,
            sort=sort,
        ).id
    for sort, channel in enumerate(city.channels.values()):
        administration.add_channel(
            db,
            now,
            SYSTEM,
            code=channel.code,
            name=channel.name,
            name_en=channel.name_en,
            kind=channel.kind,
            staff_only=channel.staff_only,
            sort=sort,
        )


def _person(db: Session, now: datetime, person: DemoPerson, ids: Ids) -> None:
    today = local_date(now, zone_of(db))
    made = service.add_person(
        db,
        now - timedelta(days=max(a.since for a in person.appointments)),
        SYSTEM,
        person.name,
        staff_number=person.staff_number,
        phone=person.phone,
        email=_email(person.login),
        is_demo=True,
    )
    ids.people[person.login] = made.id
    if person.leave is not None:
        start = today - timedelta(days=person.leave.since)
        end = start + timedelta(days=person.leave.days)
        service.give_leave(db, now - timedelta(days=person.leave.since), SYSTEM, made.id, start, end)


def _appointments(db: Session, now: datetime, city: DemoCity, ids: Ids) -> None:
    """They come after all people are there: a deputy names whom they stand in for."""
    today = local_date(now, zone_of(db))
    for person in city.people.values():
        for appointment in person.appointments:
            started = now - timedelta(days=appointment.since)
            ended = None if appointment.until is None else today - timedelta(days=appointment.until)
            service.appoint(
                db,
                started,
                SYSTEM,
                ids.people[person.login],
                appointment.role,
                unit_id=ids.units[appointment.unit],
                starts_on=local_date(started, zone_of(db)),
                ends_on=ended,
                deputy_for_id=ids.people.get(appointment.deputy_for),
            )


def _rules_and_templates(db: Session, now: datetime, city: DemoCity, ids: Ids) -> None:
    for rule in city.rules:
        conditions = {
            "any_words": list(rule.words),
            "categories": list(rule.categories),
            "areas": list(rule.areas),
            "kinds": [kind.value for kind in rule.kinds],
            "party": rule.party,
        }
        unit_id, person_id = ids.units[rule.unit], ids.people.get(rule.person)
        save_rule(
            db,
            now,
            SYSTEM,
            None,
            name=rule.name,
            conditions=conditions,
            unit_id=unit_id,
            person_id=person_id,
        )
    for template in city.templates.values():
        save_template(
            db,
            now,
            SYSTEM,
            None,
            name=template.name,
            body=template.body,
            unit_id=ids.units.get(template.unit),
            category_id=ids.categories.get(template.category),
        )
