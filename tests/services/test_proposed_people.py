"""A rule may name who handles it: somebody appointed in its unit; where they cannot, the unit alone is proposed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service
from portal.cases.models import Case, RoutingRule
from portal.cases.queries.choices import choices
from portal.cases.queries.proposed import proposed_person
from portal.cases.queries.rule_trial import recent, rule_rows, trial
from portal.cases.service import routing_rules
from portal.cases.service.proposals import person_proposed
from portal.identity import service as people
from portal.identity.actors import SYSTEM
from portal.identity.models import Appointment
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden, Invalid
from tests.builders import an_appeal
from tests.cast import NOW, City

TODAY = date(2026, 6, 18)


def a_rule(
    db: Session, city: City, person: str | None = "qiao", unit: str = "roads", who: str = "mei"
) -> int:
    return routing_rules.save_rule(
        db,
        NOW,
        city.actor(db, who),
        None,
        name="路灯",
        conditions={"any_words": ["路灯"]},
        unit_id=city.unit(unit),
        person_id=city.person(person) if person else None,
    )


def proposed(db: Session, city: City, **values: Any) -> tuple[int | None, int | None]:
    case = db.get_one(Case, an_appeal(db, **values).case_id)
    return case.proposed_unit_id, person_proposed(db, NOW, case)


def test_a_rule_proposes_unit_and_person(database: Database, city: City) -> None:
    with database.transaction() as db:
        a_rule(db, city)
        assert proposed(db, city) == (city.unit("roads"), city.person("qiao"))


@pytest.mark.parametrize(
    ("unit", "person", "remark"),
    [
        ("roads", "lin", "of another bureau"),
        ("housing", "wu", "no longer appointed"),
        ("housing", "shui", "of an office below"),
        ("roads", "mei", "of the office"),
    ],
)
def test_a_rule_names_only_who_handles_cases_in_its_unit(
    database: Database, city: City, unit: str, person: str, remark: str
) -> None:
    with pytest.raises(Invalid) as refused, database.transaction() as db:
        a_rule(db, city, person, unit)
    assert refused.value.field == "person_id", remark
    with database.reading() as db:
        assert db.scalars(select(RoutingRule)).all() == []


@pytest.mark.parametrize("who", ["lin", "hou", "su", "an", "ji"])
def test_rules_are_written_by_the_office_alone(database: Database, city: City, who: str) -> None:
    with pytest.raises(Forbidden), database.transaction() as db:
        a_rule(db, city, who=who)


def _leave(db: Session, city: City) -> None:
    people.give_leave(db, NOW, SYSTEM, city.person("qiao"), TODAY, date(2026, 6, 30))


def _end(db: Session, city: City) -> None:
    found = select(Appointment.id).where(Appointment.person_id == city.person("qiao"))
    people.end_appointment(db, NOW, SYSTEM, db.scalars(found).one())


def _switch_off(db: Session, city: City) -> None:
    people.disable_person(db, NOW, SYSTEM, city.person("qiao"))


@pytest.mark.parametrize(
    ("change", "appointed", "away"),
    [(_leave, True, date(2026, 6, 30)), (_end, False, None), (_switch_off, False, None)],
)
def test_who_cannot_have_it_is_not_proposed_and_the_unit_still_is(
    database: Database,
    city: City,
    change: Callable[[Session, City], None],
    appointed: bool,
    away: date | None,
) -> None:
    with database.transaction() as db:
        a_rule(db, city)
        before = db.get_one(Case, an_appeal(db).case_id)
        change(db, city)
        assert proposed(db, city) == (city.unit("roads"), None)
        assert person_proposed(db, NOW, before) is None, "also for what came before"
        found = proposed_person(db, before.proposed_unit_id, before.proposed_person_id, TODAY)
        assert found is not None
        assert (found.name, found.is_appointed, found.away_until) == ("乔工", appointed, away)


def test_nobody_is_proposed_for_what_complains_about_them(database: Database, city: City) -> None:
    with database.transaction() as db:
        a_rule(db, city)
        assert proposed(db, city, concerns_person_id=city.person("qiao")) == (city.unit("roads"), None)
        later = an_appeal(db)
        service.name_concerned(
            db,
            NOW,
            city.actor(db, "mei"),
            later.appeal_id,
            later.case_id,
            unit_id=None,
            person_id=city.person("qiao"),
        )
        case = db.get_one(Case, later.case_id)
        assert (case.proposed_unit_id, case.proposed_person_id) == (city.unit("roads"), None)


def test_a_trial_tells_the_person_and_counts_who_is_away_as_the_unit_alone(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        an_appeal(db)
        a_rule(db, city)
        mei, lists = city.actor(db, "mei"), choices(db, TODAY)
        rows = rule_rows(db, TODAY)
        found = trial([], rows, recent(db, mei, lists), lists)
        assert [change.after for change in found.changes] == ["交通运输局 · 乔工"]
        _leave(db, city)
        away = rule_rows(db, TODAY)
        found = trial(rows, away, recent(db, mei, lists), lists)
        assert [(change.before, change.after) for change in found.changes] == [
            ("交通运输局 · 乔工", "交通运输局")
        ]
