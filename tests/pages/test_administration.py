"""The administrator's pages: An looks after people, units, areas, categories, channels and numbers."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.cases.models import Category, Channel
from portal.identity import service, signing_in
from portal.identity.actors import SYSTEM
from portal.identity.models import Absence, Appointment, Area, Person, Unit
from portal.kernel import clock, numbers
from portal.kernel.db import Database
from tests.cast import ZONE, City
from tests.client import Client
from tests.statements import counted


def in_language(client: Client, person_id: int) -> Client:
    client.lang = "en"
    return client.sign_in(person_id)


@pytest.fixture
def an(client: Client, city: City) -> Client:
    """An, the administrator, at her desk."""
    return in_language(client, city.person("an"))


@pytest.fixture
def base(app: Flask) -> Database:
    found: Database = app.extensions["portal_database"]
    return found


PAGES = (
    "/desk/admin/",
    "/desk/admin/people",
    "/desk/admin/people/new",
    "/desk/admin/people/9",
    "/desk/admin/people/9/edit",
    "/desk/admin/people/9/appointments/new",
    "/desk/admin/people/9/appointments/9",
    "/desk/admin/people/9/leave/new",
    "/desk/admin/units",
    "/desk/admin/units?q=water&ended=1",
    "/desk/admin/units/new",
    "/desk/admin/units/3",
    "/desk/admin/units/3/end",
    "/desk/admin/areas",
    "/desk/admin/areas/new",
    "/desk/admin/areas/1",
    "/desk/admin/categories",
    "/desk/admin/categories/new",
    "/desk/admin/categories/1",
    "/desk/admin/channels",
    "/desk/admin/channels/new",
    "/desk/admin/channels/2",
    "/desk/admin/numbers",
    "/desk/admin/numbers/slip",
)
ACTS = (
    "/desk/admin/people",
    "/desk/admin/people/9",
    "/desk/admin/people/9/appointments",
    "/desk/admin/people/9/appointments/9/last-day",
    "/desk/admin/people/9/appointments/9/end",
    "/desk/admin/people/9/leave",
    "/desk/admin/people/9/link",
    "/desk/admin/people/9/sign-ins/end",
    "/desk/admin/people/9/disable",
    "/desk/admin/people/9/enable",
    "/desk/admin/units",
    "/desk/admin/units/3",
    "/desk/admin/units/3/end",
    "/desk/admin/units/3/keep",
    "/desk/admin/areas",
    "/desk/admin/areas/1",
    "/desk/admin/areas/1/down",
    "/desk/admin/categories",
    "/desk/admin/categories/1",
    "/desk/admin/categories/1/down",
    "/desk/admin/channels",
    "/desk/admin/channels/2",
    "/desk/admin/channels/2/up",
    "/desk/admin/numbers/slip",
)


@pytest.mark.parametrize("path", PAGES)
def test_an_sees_every_page_in_every_language(client: Client, city: City, path: str) -> None:
    client.sign_in(city.person("an"))
    for client.lang in ("zh_Hans", "zh_Hant", "en"):
        assert client.get(path).status == 200


@pytest.mark.parametrize("who", ["mei", "hou", "su", "ji"])
def test_nobody_else_of_the_staff_sees_them(client: Client, city: City, who: str) -> None:
    client.sign_in(city.person(who))
    for path in PAGES:
        page = client.get(path)
        assert page.status == 403, path
        assert 'href="/desk/admin/"' not in page.html, "nor is there a way to them in the menu"


def test_nobody_else_can_do_anything_there(client: Client, city: City) -> None:
    client.sign_in(city.person("mei"))
    assert [client.post(path).status for path in ACTS] == [403] * len(ACTS)


@pytest.mark.parametrize("path", ["/desk/admin/people", "/desk/admin/units/3"])
def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, path: str) -> None:
    assert "/account/sign-in" in client.get(path, follow=False).location


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────


def new_person(an: Client, city: City, **values: str):  # type: ignore[no-untyped-def]
    given = {"name": "欧阳静", "staff_number": "PL-77", "role": "official", "unit": str(city.unit("housing"))}
    return an.submit(an.get("/desk/admin/people/new"), "/people", **given | values)


def test_an_adds_a_person_and_hands_over_a_link_that_lets_them_in(
    an: Client, app: Flask, base: Database, city: City
) -> None:
    page = new_person(an, city)
    assert page.heading == "One-time link for 欧阳静"
    assert page.headers["Cache-Control"] == "no-store"
    found = re.search(r"http://localhost(/account/welcome/[\w-]+)", page.text)
    assert found, page.text
    newcomer = Client(app)
    welcome = newcomer.get(found[1])
    password = "一句好记的话 long enough"
    assert newcomer.submit(welcome, password=password, again=password).path == "/desk/"
    with base.reading() as db:
        person = db.scalars(select(Person).where(Person.staff_number == "PL-77")).one()
        held = db.scalars(select(Appointment).where(Appointment.person_id == person.id)).one()
        assert (held.role, held.unit_id) == ("official", city.unit("housing"))
    again = an.get(f"/desk/admin/people/{person.id}")
    assert found[1] not in again.html, "a link is shown once"
    assert "Taken on" in again.text
    assert "安宁" in again.text, "the record says who did it"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"staff_number": "2002"}, "Somebody else already signs in with this."),
        ({"staff_number": "", "email": ""}, "Give a staff number, a phone number or an e-mail address."),
        ({"phone": "12"}, "A phone number has 7 to 15 digits."),
        ({"unit": ""}, "This role needs a unit."),
        ({"ends_on": "2020-01-01"}, "The last day is before the first."),
        ({"deputy_for": "谁也不是"}, "is called “谁也不是”"),
        ({"deputy_for": "3002"}, "does not hold this role in this unit"),
        ({"name": " "}, "Give a name."),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(
    an: Client, base: Database, city: City, values: dict[str, str], words: str
) -> None:
    page = new_person(an, city, **{"email": "jing@example.cn"} | values)
    assert page.status == 422
    assert words in page.text
    assert page.form("/people").fields["email"] == values.get("email", "jing@example.cn")
    with base.reading() as db:
        assert db.scalar(select(Person.id).where(Person.name == "欧阳静")) is None


def test_two_who_edit_at_once_are_told_and_the_second_replaces_knowingly(
    an: Client, app: Flask, base: Database, city: City
) -> None:
    lin = city.person("lin")
    page = an.get(f"/desk/admin/people/{lin}/edit")
    with base.transaction() as db:
        service.change_person(
            db,
            clock.now(),
            SYSTEM,
            lin,
            name="林工",
            staff_number="2002",
            phone="13900005678",
            email=None,
        )
    late = an.submit(page, f"/people/{lin}", email="lin@example.cn")
    assert late.status == 409
    assert "Somebody else changed this while you were writing" in late.text
    assert "13900005678" in late.text
    assert late.form(f"/people/{lin}").fields["email"] == "lin@example.cn"
    done = an.submit(late, f"/people/{lin}", phone="13900005678")
    assert done.path == f"/desk/admin/people/{lin}"
    with base.reading() as db:
        person = db.get_one(Person, lin)
        assert (person.phone, person.email) == ("13900005678", "lin@example.cn")


def test_an_appoints_a_deputy_and_ends_it_again(an: Client, base: Database, city: City) -> None:
    lin, hou = city.person("lin"), city.person("hou")
    page = an.submit(
        an.get(f"/desk/admin/people/{lin}/appointments/new"),
        "/appointments",
        role="unit_head",
        unit=str(city.unit("housing")),
        deputy_for="侯局",
    )
    assert page.path == f"/desk/admin/people/{lin}"
    assert "stands in for 侯局" in page.text
    assert "林工 (Head of unit)" in an.get(f"/desk/admin/people/{hou}").text
    with base.reading() as db:
        made = db.scalars(select(Appointment).where(Appointment.deputy_for_id == hou)).one()
    ending = an.get(f"/desk/admin/people/{lin}/appointments/{made.id}")
    assert "counts without it, on every device" in ending.text, "a question comes first, without script"
    page = an.submit(ending, "/end")
    assert "ended by hand" in page.text
    assert an.get(f"/desk/admin/people/{lin}/appointments/{made.id}").status == 404


def test_an_plans_a_last_day_but_not_one_that_is_over(an: Client, city: City) -> None:
    path = f"/desk/admin/people/{city.person('lin')}/appointments/9"
    soon = (clock.local_date(clock.now(), ZONE) + timedelta(days=30)).isoformat()
    assert (
        an.submit(an.get(path), "/last-day", ends_on=soon).path == f"/desk/admin/people/{city.person('lin')}"
    )
    page = an.submit(an.get(path), "/last-day", ends_on="2026-01-06")
    assert page.status == 422
    assert "This day is over." in page.text
    assert page.form("/last-day").fields["ends_on"] == "2026-01-06"


def test_an_cannot_end_her_own_last_administration(an: Client, base: Database, city: City) -> None:
    me = city.person("an")
    page = an.submit(an.get(f"/desk/admin/people/{me}/appointments/4"), "/end")
    assert "your own last appointment as administrator" in page.text
    assert "In force" in page.text
    assert "/disable" not in page.html, "nor is she offered to switch herself off"
    assert an.post(f"/desk/admin/people/{me}/disable").status == 200
    with base.reading() as db:
        assert db.get_one(Person, me).disabled_at is None


def test_an_appointment_is_reached_only_through_its_own_person(an: Client, city: City) -> None:
    assert an.get(f"/desk/admin/people/{city.person('qiao')}/appointments/9").status == 404
    assert an.post(f"/desk/admin/people/{city.person('qiao')}/appointments/9/end").status == 404


def test_a_disabled_person_is_out_at_once_and_back_when_enabled(an: Client, app: Flask, city: City) -> None:
    lin = city.person("lin")
    colleague = Client(app).sign_in(lin)
    assert colleague.get("/account/").status == 200
    page = an.submit(an.get(f"/desk/admin/people/{lin}"), "/disable")
    assert "Switched off" in page.text
    assert "/link" not in " ".join(form.action for form in page.forms())
    assert "/account/sign-in" in colleague.get("/account/", follow=False).location
    page = an.submit(page, "/enable")
    assert "The account is in use again." in page.text
    assert "/account/sign-in" in colleague.get("/account/", follow=False).location, "old sign-ins stay ended"


def test_an_signs_somebody_out_everywhere(an: Client, app: Flask, city: City) -> None:
    colleague = Client(app).sign_in(city.person("lin"))
    page = an.get(f"/desk/admin/people/{city.person('lin')}")
    assert "on 1 device" in page.text
    assert "nowhere" in an.submit(page, "/sign-ins/end").text
    assert "/account/sign-in" in colleague.get("/account/", follow=False).location


def test_a_new_link_voids_the_one_before(an: Client, base: Database, city: City) -> None:
    lin = city.person("lin")
    with base.transaction() as db:
        before = signing_in.make_link(db, clock.now(), SYSTEM, lin)
    page = an.submit(an.get(f"/desk/admin/people/{lin}"), "/link")
    assert "/account/welcome/" in page.text
    with base.reading() as db:
        assert signing_in.link_owner(db, clock.now(), before) is None
    assert an.post("/desk/admin/people/999/link").status == 404


def test_leave_is_noted_shown_in_the_list_and_taken_back(an: Client, base: Database, city: City) -> None:
    lin = city.person("lin")
    until = (clock.local_date(clock.now(), ZONE) + timedelta(days=5)).isoformat()
    page = an.submit(an.get(f"/desk/admin/people/{lin}/leave/new"), "/leave", ends_on=until)
    assert "On leave today" in page.text
    assert "林工" in an.get("/desk/admin/people?state=away").text
    an.submit(page, "/cancel")
    with base.reading() as db:
        assert db.scalars(select(Absence)).all() == []
    again = an.submit(an.get(f"/desk/admin/people/{lin}/leave/new"), "/leave", ends_on="2020-01-01")
    assert again.status == 422


@pytest.mark.parametrize(
    ("query", "found", "left_out"),
    [
        ("q=林", "林工", "乔工"),
        ("q=3002", "乔工", "林工"),
        ("role=unit_head", "侯局", "林工"),
        ("unit=2", "水清", "乔工"),
        ("state=idle", "吴老", "林工"),
        ("state=off", "Nobody fits", "林工"),
        ("q=%25", "Nobody fits", "林工"),
        ("unit=x&after=y&role=king&state=z", "Nobody fits", "林工"),
        ("after=99999999999999999999&before=-1&q=林", "林工", "乔工"),
    ],
)
def test_people_are_found_by_what_is_known_of_them(an: Client, query: str, found: str, left_out: str) -> None:
    page = an.get(f"/desk/admin/people?{query}")
    assert found in page.text
    assert left_out not in page.text


def test_the_list_turns_its_pages_and_takes_the_same_statements_for_many(
    an: Client, app: Flask, base: Database, city: City
) -> None:
    with counted(app) as few:
        an.get("/desk/admin/people")
    with base.transaction() as db:
        today = clock.local_date(clock.now(), ZONE)
        for number in range(70):
            person = service.add_person(
                db, clock.now(), SYSTEM, f"众人{number}", staff_number=f"M{number:03}"
            )
            service.appoint(
                db, clock.now(), SYSTEM, person.id, "official", unit_id=city.unit("roads"), starts_on=today
            )
    with counted(app) as many:
        first = an.get("/desk/admin/people")
    assert len(many) == len(few) <= 9
    assert "83 people" in first.text
    second = an.get(first.links()["Older"])
    assert "众人39" in second.text
    assert "众人40" not in second.text
    back = an.get(second.links()["Newer"])
    assert [a for a in back.links() if a.startswith("众人")] == [
        a for a in first.links() if a.startswith("众人")
    ]
    assert "Older" not in an.get(an.get(second.links()["Older"]).path).links()


def test_a_search_with_scripts_gets_only_the_results(an: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    page = an.get("/desk/admin/people?q=林", headers=headers)
    assert not page.is_document
    assert "林工" in page.html


# ── units and areas ─────────────────────────────────────────────────────────────────────────────────────


def test_an_adds_moves_ends_and_keeps_a_unit(an: Client, base: Database, city: City) -> None:
    page = an.submit(an.get("/desk/admin/units/new"), "/units", code="PIPES", name="市管网中心", parent="2")
    assert "市管网中心" in page.text
    with base.reading() as db:
        pipes = db.scalars(select(Unit).where(Unit.code == "PIPES")).one()
    assert pipes.slug == "shi-guan-wang-zhong-xin"
    path = f"/desk/admin/units/{pipes.id}"
    assert "Saved." in an.submit(an.get(path), path, parent="4", duties="地下管网").text
    ended = an.submit(an.get(f"{path}/end"), "/end", successor="3")
    assert "Carried on by 市排水管理处" in ended.text
    assert "The unit goes on." in an.submit(ended, "/keep").text
    with base.reading() as db:
        unit = db.get_one(Unit, pipes.id)
        assert (unit.parent_id, unit.duties, unit.valid_to) == (4, "地下管网", None)


def test_a_unit_that_cannot_be_is_told_and_nothing_typed_is_lost(an: Client) -> None:
    page = an.submit(an.get("/desk/admin/units/new"), "/units", code="housing", name="又一个", duties="很多")
    assert page.status == 422
    assert "The code housing is taken." in page.text
    assert page.form("/units").fields["duties"] == "很多"


def test_a_unit_is_not_offered_to_stand_below_itself_nor_accepted_there(an: Client, city: City) -> None:
    page = an.get("/desk/admin/units/2")
    values = [option.get("value") for option in page.by_id("parent").iter() if option.get("value")]
    assert not {"2", "3"} & set(values)
    assert an.submit(page, "/units/2", parent="3").status == 422


def test_a_unit_with_others_below_it_does_not_end(an: Client) -> None:
    page = an.submit(an.get("/desk/admin/units/2/end"), "/end")
    assert page.status == 422
    assert "Units still stand below this one." in page.text


def test_the_tree_takes_the_same_statements_for_many_units(an: Client, app: Flask, base: Database) -> None:
    with counted(app) as few:
        an.get("/desk/admin/units")
    with base.transaction() as db:
        for number in range(40):
            service.add_unit(
                db, clock.now(), SYSTEM, code=f"U{number}", name=f"单位{number}", slug=f"u{number}"
            )
    with counted(app) as many:
        assert "单位39" in an.get("/desk/admin/units").text
    assert len(many) == len(few) <= 6


def test_an_adds_an_area_moves_it_up_and_switches_it_off(an: Client, base: Database) -> None:
    page = an.submit(an.get("/desk/admin/areas/new"), "/areas", code="north", name="北岸区")
    page = an.submit(page, "/areas/3/up")
    form = an.get("/desk/admin/areas/3")
    assert "Switched off" in an.submit(form, "/areas/3", active=None).text
    with base.reading() as db:
        codes = db.scalars(select(Area.code).order_by(Area.sort)).all()
        assert codes == ["east", "north", "west"]
        assert db.get_one(Area, 3).active is False


# ── categories, channels, numbers ───────────────────────────────────────────────────────────────────────


def test_an_adds_renames_moves_and_switches_off_a_category(an: Client, base: Database) -> None:
    an.submit(an.get("/desk/admin/categories/new"), "/categories", code="water", name="供水")
    an.submit(an.get("/desk/admin/categories/4"), "/categories/4", name="供水排水", active=None)
    page = an.submit(an.get("/desk/admin/categories"), "/categories/4/up")
    assert "Switched off" in page.text
    with base.reading() as db:
        rows = db.scalars(select(Category).order_by(Category.sort)).all()
        assert [row.code for row in rows] == ["housing", "traffic", "water", "business"]
        assert (rows[2].name, rows[2].active) == ("供水排水", False)
    assert "Category changed" in an.get("/desk/admin/categories/4").text


def test_an_late_change_of_a_category_shows_what_is_stored(an: Client) -> None:
    page = an.get("/desk/admin/categories/1")
    an.submit(page, "/categories/1", name="住房")
    late = an.submit(page, "/categories/1", name="城建")
    assert late.status == 409
    assert "住房" in late.text
    assert an.submit(late, "/categories/1").path == "/desk/admin/categories"


def test_the_channel_of_the_public_form_stays_in_use(an: Client, base: Database) -> None:
    page = an.submit(an.get("/desk/admin/channels/1"), "/channels/1", active=None)
    assert page.status == 409
    assert "The public form files through this channel" in page.text
    an.submit(an.get("/desk/admin/channels/3"), "/channels/3", active=None, name="政务大厅窗口")
    with base.reading() as db:
        assert db.get_one(Channel, 1).active
        counter = db.get_one(Channel, 3)
        assert (counter.active, counter.name) == (False, "政务大厅窗口")


def test_a_new_channel_comes_last(an: Client, base: Database) -> None:
    an.submit(an.get("/desk/admin/channels/new"), "/channels", code="fax", name="传真", kind="paper")
    with base.reading() as db:
        last = db.scalars(select(Channel).order_by(Channel.sort.desc())).first()
        assert last is not None
        assert (last.code, last.kind, last.staff_only) == ("fax", "paper", True)


def test_an_words_the_slips_number_and_the_next_one_has_it(an: Client, base: Database) -> None:
    page = an.submit(an.get("/desk/admin/numbers/slip"), "/numbers/slip", pattern="澜交〔{year}〕{n:03}号")
    assert re.search(r"澜交〔\d{4}〕001号", page.text)
    with base.transaction() as db:
        assert numbers.take_document_number(db, "slip", 2026, "x{year}{n}") == "澜交〔2026〕001号"


@pytest.mark.parametrize("pattern", ["没有编号", "{n}号", "{year}-{n.__class__}", "{year}{year}{n}"])
def test_a_wording_that_could_give_a_number_twice_or_reach_into_objects_is_refused(
    an: Client, pattern: str
) -> None:
    page = an.submit(an.get("/desk/admin/numbers/slip"), "/numbers/slip", pattern=pattern)
    assert page.status == 422
    assert page.form("/numbers/slip").fields["pattern"] == pattern


@pytest.mark.parametrize(
    "path",
    [
        "people/999",
        "people/99999999999999999999",
        "people/999/edit",
        "people/9/appointments/999",
        "units/999",
        "areas/999",
        "categories/999",
        "channels/999",
        "numbers/none",
    ],
)
def test_what_is_not_there_is_not_found(an: Client, path: str) -> None:
    assert an.get(f"/desk/admin/{path}").status == 404


@pytest.mark.parametrize("number", ["9" * 400, "9" * 5000, "1e9", "-1", "²"])
def test_a_place_that_is_no_number_is_told(an: Client, number: str) -> None:
    page = an.get("/desk/admin/units/3")
    assert an.submit(page, "/units/3", sort=number).status == 422
