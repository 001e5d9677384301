"""Units and areas: trees without circles, codes given once, nothing ever deleted."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.identity import service
from portal.identity.models import Area, Unit
from portal.identity.queries import valid_units
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden, Invalid
from tests.cast import NOW, City

TODAY = date(2026, 6, 18)


def as_it_is(unit: Unit, **changes: object) -> dict[str, object]:
    fields = (
        "name",
        "short_name",
        "name_en",
        "slug",
        "parent_id",
        "duties",
        "phone",
        "handles_cases",
        "sort",
    )
    return {field: getattr(unit, field) for field in fields} | changes


def change(db: Session, city: City, code: str, **changes: object) -> str:
    unit = db.get_one(Unit, city.unit(code))
    return service.change_unit(db, NOW, city.actor(db, "an"), unit.id, **as_it_is(unit, **changes))  # type: ignore[arg-type]


def test_a_new_unit_gets_an_address_from_its_name(database: Database, city: City) -> None:
    with database.transaction() as db:
        an = city.actor(db, "an")
        one = service.add_unit(db, NOW, an, code="CG", name="平澜市城市管理局", short_name="市城管局")
        two = service.add_unit(db, NOW, an, code="CG2", name="市城管局")
    assert (one.slug, two.slug) == ("shi-cheng-guan-ju", "shi-cheng-guan-ju-2")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": "housing", "name": "重复"}, "code"),
        ({"code": "a b", "name": "空格"}, "code"),
        ({"code": "new", "name": "  "}, "name"),
        ({"code": "new", "name": "新", "slug": "housing"}, "slug"),
        ({"code": "new", "name": "新", "slug": "A/B"}, "slug"),
        ({"code": "new", "name": "新", "parent_id": 999}, "parent"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_at_its_field(
    database: Database, city: City, fields: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as told, database.transaction() as db:
        service.add_unit(db, NOW, city.actor(db, "an"), **fields)  # type: ignore[arg-type]
    assert told.value.field == field


def test_moving_a_unit_moves_what_is_below_it_and_the_reach_of_its_head(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        assert change(db, city, "housing", parent_id=city.unit("roads")) == "parent_id"
        assert city.unit("water") in (city.actor(db, "lu").reach("case.answer") or ())


@pytest.mark.parametrize("under", ["housing", "water"])
def test_a_unit_cannot_stand_below_itself(database: Database, city: City, under: str) -> None:
    with pytest.raises(Invalid) as told, database.transaction() as db:
        change(db, city, "housing", parent_id=city.unit(under))
    assert told.value.field == "parent"


def test_a_unit_ends_with_its_successor_and_can_be_kept_after_all(database: Database, city: City) -> None:
    with database.transaction() as db:
        an, water, roads = city.actor(db, "an"), city.unit("water"), city.unit("roads")
        service.end_unit(db, NOW, an, water, TODAY, roads)
        assert water in [unit.id for unit in valid_units(db, TODAY)]
        assert water not in [unit.id for unit in valid_units(db, TODAY + timedelta(days=1))]
        with pytest.raises(Invalid):  # what has ended takes over nothing
            service.end_unit(db, NOW, an, roads, TODAY, water)
        service.keep_unit(db, NOW, an, water)
        assert db.get_one(Unit, water).successor_id is None


def test_a_unit_with_units_below_it_or_itself_as_successor_does_not_end(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        an = city.actor(db, "an")
        with pytest.raises(Invalid) as told:
            service.end_unit(db, NOW, an, city.unit("housing"), TODAY, None)
        assert told.value.field == "last_day"
        with pytest.raises(Invalid) as told:
            service.end_unit(db, NOW, an, city.unit("water"), TODAY, city.unit("water"))
        assert told.value.field == "successor"


def test_nobody_is_appointed_to_a_unit_that_has_ended(database: Database, city: City) -> None:
    with pytest.raises(Invalid) as told, database.transaction() as db:
        an = city.actor(db, "an")
        service.end_unit(db, NOW, an, city.unit("water"), TODAY, None)
        service.appoint(
            db,
            NOW,
            an,
            city.person("lin"),
            "official",
            unit_id=city.unit("water"),
            starts_on=TODAY + timedelta(days=1),
        )
    assert told.value.field == "unit"


def test_only_who_manages_units_changes_them(database: Database, city: City) -> None:
    with pytest.raises(Forbidden), database.transaction() as db:
        service.end_unit(db, NOW, city.actor(db, "mei"), city.unit("water"), TODAY, None)


def test_areas_change_places_and_do_not_go_in_circles(database: Database, city: City) -> None:
    east, west = city.area("east"), city.area("west")
    with database.transaction() as db:
        an = city.actor(db, "an")
        service.move_area(db, NOW, an, west, up=True)
        assert db.scalars(select(Area.code).order_by(Area.sort)).all() == ["west", "east"]
        service.change_area(db, NOW, an, east, name="东澜区", name_en="East", parent_id=west, active=True)
        with pytest.raises(Invalid):
            service.change_area(db, NOW, an, west, name="西桥区", name_en="", parent_id=east, active=True)


def test_a_host_may_not_change_areas(database: Database, city: City) -> None:
    with pytest.raises(Forbidden), database.transaction() as db:
        service.move_area(db, NOW, city.actor(db, "he"), city.area("east"), up=True)
