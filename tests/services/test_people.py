"""People and appointments: who is taken on, what they sign in with, who may do what from when to when."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.identity import service, signing_in
from portal.identity.actors import SYSTEM
from portal.identity.models import Absence, AdminEntry, Appointment, Person
from portal.identity.service.people import EDITED
from portal.kernel import seen
from portal.kernel.db import Database
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, Refused
from tests.cast import NOW, City

TODAY = date(2026, 6, 18)


def appointment_of(db: Session, person_id: int) -> int:
    found = select(Appointment.id).where(Appointment.person_id == person_id, Appointment.ended_at.is_(None))
    return db.scalars(found.order_by(Appointment.id)).first() or 0


def second_administrator(db: Session, city: City) -> None:
    service.appoint(db, NOW, SYSTEM, city.person("mei"), "administrator", unit_id=None, starts_on=TODAY)


def test_an_takes_somebody_on_in_any_shape_of_phone_and_mail(database: Database, city: City) -> None:
    with database.transaction() as db:
        person = service.add_person(
            db,
            NOW,
            city.actor(db, "an"),
            "  欧阳  静 ",
            staff_number=" PL-77 ",
            phone="+86 139-0000 1234",
            email="Jing.OuYang@Example.CN",
        )
    assert person.name == "欧阳 静"
    assert (person.staff_number, person.phone, person.email) == (
        "PL-77",
        "13900001234",
        "jing.ouyang@example.cn",
    )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "staff_number"),
        ({"staff_number": "2002"}, "staff_number"),
        ({"phone": "2002"}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"staff_number": "two words"}, "staff_number"),
    ],
)
def test_what_nobody_could_sign_in_with_is_refused(
    database: Database, city: City, given: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as told, database.transaction() as db:
        service.add_person(db, NOW, city.actor(db, "an"), "新人", **given)
    assert told.value.field == field


def test_a_staff_number_may_not_be_anothers_phone(database: Database, city: City) -> None:
    with database.transaction() as db:
        service.add_person(db, NOW, SYSTEM, "一人", phone="13900001234")
        with pytest.raises(Invalid):
            service.add_person(db, NOW, SYSTEM, "另一人", staff_number="13900001234")


def test_an_official_may_not_take_people_on(database: Database, city: City) -> None:
    with pytest.raises(Forbidden), database.transaction() as db:
        service.add_person(db, NOW, city.actor(db, "lin"), "新人", staff_number="9")


def test_a_change_is_noted_by_its_fields_and_never_by_its_words(database: Database, city: City) -> None:
    with database.transaction() as db:
        service.change_person(
            db,
            NOW,
            city.actor(db, "an"),
            city.person("lin"),
            name="林工程师",
            staff_number="2002",
            phone="13900001234",
            email=None,
        )
    with database.reading() as db:
        entry = db.scalars(select(AdminEntry).order_by(AdminEntry.id.desc())).first()
        assert entry is not None
        assert (entry.kind, entry.subject_id, entry.what) == (
            "person.changed",
            city.person("lin"),
            "name phone",
        )
        assert entry.actor_id == city.person("an")


def test_who_writes_over_anothers_change_is_told(database: Database, city: City) -> None:
    lin = city.person("lin")
    new = {"name": "林工", "staff_number": "2002", "email": None}
    with database.transaction() as db:
        mark = seen.mark(db.get_one(Person, lin), EDITED)
        service.change_person(db, NOW, city.actor(db, "an"), lin, phone="13900001234", seen_mark=mark, **new)
    with pytest.raises(Conflict), database.transaction() as db:
        service.change_person(db, NOW, city.actor(db, "an"), lin, phone=None, seen_mark=mark, **new)


def test_the_record_can_be_neither_changed_nor_cleared(database: Database) -> None:
    for statement in ("UPDATE admin_entry SET kind = 'x'", "DELETE FROM admin_entry"):
        with pytest.raises(DBAPIError), database.transaction() as db:
            db.execute(text(statement))


def test_an_appointment_gives_its_rights_from_its_first_day_to_its_last(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        service.appoint(
            db,
            NOW,
            city.actor(db, "an"),
            city.person("ke"),
            "moderator",
            unit_id=None,
            starts_on=TODAY + timedelta(days=1),
            ends_on=TODAY + timedelta(days=3),
        )
        may = [city.actor(db, "ke", NOW + timedelta(days=n)).has("case.screen") for n in range(5)]
    assert may == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("role", "unit", "days", "field", "remark"),
    [
        ("king", "roads", None, "role", "no such role"),
        ("official", None, None, "unit", "a role of a unit without one"),
        ("official", "housing", None, "role", "held already"),
        ("official", "roads", -1, "ends_on", "over before it begins"),
    ],
)
def test_an_appointment_that_makes_no_sense_is_refused(
    database: Database, city: City, role: str, unit: str | None, days: int | None, field: str, remark: str
) -> None:
    with pytest.raises(Invalid) as told, database.transaction() as db:
        service.appoint(
            db,
            NOW,
            city.actor(db, "an"),
            city.person("lin"),
            role,
            unit_id=city.unit(unit) if unit else None,
            starts_on=TODAY,
            ends_on=None if days is None else TODAY + timedelta(days=days),
        )
    assert told.value.field == field, remark


def test_a_deputy_stands_in_for_somebody_who_holds_the_role(database: Database, city: City) -> None:
    with database.transaction() as db:
        made = service.appoint(
            db,
            NOW,
            city.actor(db, "an"),
            city.person("lin"),
            "unit_head",
            unit_id=city.unit("housing"),
            starts_on=TODAY,
            deputy_for_id=city.person("hou"),
        )
        assert made.deputy_for_id == city.person("hou")
        assert city.actor(db, "lin").has("case.delegate")


@pytest.mark.parametrize("principal", ["qiao", "lu"])
def test_nobody_stands_in_for_themselves_or_for_what_another_does_not_hold(
    database: Database, city: City, principal: str
) -> None:
    with pytest.raises(Invalid) as told, database.transaction() as db:
        service.appoint(
            db,
            NOW,
            city.actor(db, "an"),
            city.person("qiao"),
            "unit_head",
            unit_id=city.unit("housing"),
            starts_on=TODAY,
            deputy_for_id=city.person(principal),
        )
    assert told.value.field == "deputy_for"


def test_ending_an_appointment_counts_at_once(database: Database, city: City) -> None:
    with database.transaction() as db:
        lin = city.person("lin")
        service.end_appointment(db, NOW, city.actor(db, "an"), appointment_of(db, lin))
        assert not city.actor(db, "lin").has("case.accept")
        with pytest.raises(NotFound):
            service.end_appointment(db, NOW, city.actor(db, "an"), 9999)


def test_a_last_day_can_be_planned_and_taken_back_but_not_in_the_past(database: Database, city: City) -> None:
    with database.transaction() as db:
        an, held = city.actor(db, "an"), appointment_of(db, city.person("lin"))
        service.set_last_day(db, NOW, an, held, TODAY)
        assert not city.actor(db, "lin", NOW + timedelta(days=1)).has("case.accept")
        service.set_last_day(db, NOW, an, held, None)
        assert city.actor(db, "lin", NOW + timedelta(days=1)).has("case.accept")
        with pytest.raises(Invalid):
            service.set_last_day(db, NOW, an, held, TODAY - timedelta(days=1))


@pytest.mark.parametrize("act", ["end", "last_day", "disable"])
def test_an_cannot_lose_her_own_last_administration(database: Database, city: City, act: str) -> None:
    with pytest.raises(Refused), database.transaction() as db:
        second_administrator(db, city)
        give_up(db, city, "an", act)


@pytest.mark.parametrize("act", ["end", "last_day"])
def test_the_last_administrator_of_all_stays(database: Database, city: City, act: str) -> None:
    with pytest.raises(Refused) as told, database.transaction() as db:
        give_up(db, city, None, act)
    assert told.value.code == "last_administrator"


@pytest.mark.parametrize("act", ["end", "last_day", "disable"])
def test_another_administrator_may_end_ans(database: Database, city: City, act: str) -> None:
    with database.transaction() as db:
        second_administrator(db, city)
        give_up(db, city, "mei", act)


def test_an_may_end_one_of_two_administrations_of_hers(database: Database, city: City) -> None:
    with database.transaction() as db:
        an = city.person("an")
        first = appointment_of(db, an)
        service.appoint(db, NOW, SYSTEM, an, "administrator", unit_id=city.unit("housing"), starts_on=TODAY)
        service.end_appointment(db, NOW, city.actor(db, "an"), first)


def give_up(db: Session, city: City, by: str | None, act: str) -> None:
    actor = city.actor(db, by) if by else SYSTEM
    an = city.person("an")
    if act == "disable":
        service.disable_person(db, NOW, actor, an)
    elif act == "end":
        service.end_appointment(db, NOW, actor, appointment_of(db, an))
    else:
        service.set_last_day(db, NOW, actor, appointment_of(db, an), TODAY)


def test_a_disabled_account_is_out_everywhere_and_its_links_are_void(database: Database, city: City) -> None:
    lin = city.person("lin")
    with database.transaction() as db:
        an = city.actor(db, "an")
        signing_in.begin(db, NOW, lin, method="test")
        token = signing_in.make_link(db, NOW, an, lin)
        service.disable_person(db, NOW, an, lin)
        assert not city.actor(db, "lin").signed_in
        assert service.sign_out_everywhere(db, NOW, lin) == 0
        service.enable_person(db, NOW, an, lin)
        assert city.actor(db, "lin").signed_in
        assert signing_in.link_owner(db, NOW, token) is None
        with pytest.raises(Forbidden):
            service.disable_person(db, NOW, city.actor(db, "hou"), lin)


def test_leave_does_not_overlap_and_only_its_rest_can_be_taken_back(database: Database, city: City) -> None:
    with database.transaction() as db:
        an, lin = city.actor(db, "an"), city.person("lin")
        away = service.give_leave(db, NOW, an, lin, TODAY - timedelta(days=2), TODAY + timedelta(days=5))
        with pytest.raises(Invalid):
            service.give_leave(db, NOW, an, lin, TODAY, TODAY)
        service.cancel_leave(db, NOW, an, away.id)
        assert away.ends_on == TODAY - timedelta(days=1)
        later = service.give_leave(db, NOW, an, lin, TODAY, TODAY + timedelta(days=1))
        service.cancel_leave(db, NOW, an, later.id)
        db.flush()
        assert db.get(Absence, later.id) is None
        with pytest.raises(PortalError):
            service.cancel_leave(db, NOW, an, away.id)
