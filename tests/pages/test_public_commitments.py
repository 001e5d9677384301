"""What everybody reads of commitments: the list, one of them, the record of a unit, the front page, the mails."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.alerts.models import Alert
from portal.commitments import service
from portal.commitments.released import PublishedCommitment
from portal.commitments.service import Change
from portal.deadlines import service as deadlines
from portal.kernel import clock
from tests.builders import a_case
from tests.cast import NOW, City
from tests.client import Client
from tests.promises import AFTER, DAY, HOW, WHAT, a_commitment, a_follow_up
from tests.statements import counted

REF = "C26-0001"
STATES = ("made", "in_progress", "kept", "kept_late", "partly_kept", "broken", "released")


@pytest.fixture
def made(app: Flask, city: City, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The days are those of the cast."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return app


def add(app: Flask, city: City, *states: str) -> list[str]:
    with app.extensions["portal_database"].transaction() as db:
        return [a_commitment(db, city, state).ref for state in states]


def test_nothing_of_it_is_public_before_a_second_person_agrees(
    made: Flask, city: City, client: Client
) -> None:
    add(made, city, "proposed", "dropped")
    assert client.get(f"/commitments/{REF}").status == 404
    assert client.get("/commitments/C26-0002").status == 404
    assert WHAT not in client.get("/commitments").text


@pytest.mark.parametrize("lang", ["zh_Hans", "zh_Hant", "en"])
def test_every_state_has_a_whole_page_in_every_language(made: Flask, city: City, lang: str) -> None:
    refs = add(made, city, *STATES)
    client = Client(made, lang)
    for ref in refs:
        page = client.get(f"/commitments/{ref}")
        assert page.status == 200
        assert page.by_id(f"commitment-{ref}") is not None
        assert "林工" in page.text
    assert len(client.get("/commitments").all("li")) > len(STATES)


def test_old_and_new_stand_side_by_side_for_ever(made: Flask, city: City, client: Client) -> None:
    (ref,) = add(made, city, "made")
    with made.extensions["portal_database"].transaction() as db:
        number = db.scalars(select(PublishedCommitment.commitment_id)).one()
        lin, nuo = city.actor(db, "lin"), city.actor(db, "nuo")
        change = Change(WHAT, HOW.replace("12", "10"), DAY + timedelta(days=9))
        asked = service.propose_change(db, NOW, lin, number, change, "两盏灯要等新电缆。")
        service.decide(db, NOW, nuo, asked.id, True)
    page = client.get(f"/commitments/{ref}")
    assert [len(page.all(tag)) for tag in ("del", "ins")] == [2, 2]
    assert "两盏灯要等新电缆。" in page.text
    assert "".join(page.all("del")[0].itertext()) == HOW
    assert "最初承诺" in page.text


def test_a_follow_up_shows_before_and_after(made: Flask, city: City, client: Client) -> None:
    (ref,) = add(made, city, "in_progress")
    page = client.get(f"/commitments/{ref}")
    alts = [img.get("alt") for img in page.all("img")]
    assert alts == ["办前：before 的样子", "办后：after 的样子"]
    assert client.get(f"/commitments/{ref}/files/999").status == 404
    assert client.get("/commitments/C26-9999/files/1").status == 404


def test_a_case_is_named_only_if_it_is_published(made: Flask, city: City, client: Client) -> None:
    with made.extensions["portal_database"].transaction() as db:
        filed = a_case(db, city, "handling", consent_to_publish=False)
        a_commitment(db, city, filed=filed)
    page = client.get(f"/commitments/{REF}")
    assert filed.ref not in page.html
    assert "在办件工作台作出" in page.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 7),
        ("?state=open", 2),
        ("?state=kept", 1),
        ("?state=broken", 1),
        ("?state=all-of-them", 7),
        ("?due=overdue", 0),
        ("?due=soon", 0),
        ("?unit=housing", 7),
        ("?unit=roads", 0),
        ("?unit=nobody", 0),
        ("?after=x&due=y", 7),
        ("?due=overdue&after=99999999999-1", 0),
    ],
)
def test_the_list_by_its_filters(made: Flask, city: City, client: Client, query: str, expected: int) -> None:
    add(made, city, *STATES)
    page = client.get(f"/commitments{query}")
    assert (page.status, page.text.count("C26-00")) == (200, expected)


def test_what_is_late_is_listed_by_its_day(
    made: Flask, city: City, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(made, city, "made", "kept", "in_progress")
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    page = client.get("/commitments?due=overdue")
    assert page.text.count("C26-00") == 2
    assert "超期" in page.text


def test_the_list_is_turned_page_by_page(made: Flask, city: City, client: Client) -> None:
    add(made, city, *(["made"] * 22))
    first = client.get("/commitments")
    (following,) = [url for url in first.links().values() if "after=" in url]
    second = client.get(following)
    assert (first.text.count("C26-00"), second.text.count("C26-00")) == (20, 2)


def test_neither_list_nor_page_grows_in_statements(made: Flask, city: City, client: Client) -> None:
    add(made, city, "in_progress")
    client.get("/commitments")
    with counted(made) as list_of_one:
        client.get("/commitments?state=open")
    with counted(made) as page_of_one:
        client.get(f"/commitments/{REF}")
    add(made, city, *STATES)
    with made.extensions["portal_database"].transaction() as db:
        for _ in range(3):
            first = db.scalars(select(PublishedCommitment).where(PublishedCommitment.ref == REF)).one()
            a_follow_up(db, city, _commitment(db, first.commitment_id))
    client.get("/commitments")  # the names of units are read once per state of the data
    with counted(made) as list_of_many:
        client.get("/commitments?state=open")
    with counted(made) as page_of_many:
        client.get(f"/commitments/{REF}")
    assert len(list_of_many) == len(list_of_one) <= 4
    assert len(page_of_many) == len(page_of_one) <= 7
    assert not [sql for sql in list_of_many + page_of_many if ' "case" ' in sql or "FROM commitment " in sql]


def _commitment(db, number):
    from portal.commitments.models import Commitment

    return db.get_one(Commitment, number)


def test_the_page_is_kept_for_everybody_until_something_happens(
    made: Flask, city: City, client: Client
) -> None:
    (ref,) = add(made, city, "made")
    client.get(f"/commitments/{ref}")
    with counted(made) as again:
        client.get(f"/commitments/{ref}")
    assert len(again) <= 1
    with made.extensions["portal_database"].transaction() as db:
        number = db.scalars(select(PublishedCommitment.commitment_id)).one()
        a_follow_up(db, city, _commitment(db, number))
    assert "已换好 6 盏。" in client.get(f"/commitments/{ref}").text


def test_a_unit_has_its_record_and_the_front_page_shows_what_is_due(
    made: Flask, city: City, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/").by_id("commitments") is None, "nothing while nothing was promised"
    add(made, city, "made", "kept", "broken")
    unit = client.get("/units/housing").by_id("commitments")
    assert unit is not None
    assert client.get("/units/roads").by_id("commitments") is None
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    front = "".join(client.get("/").by_id("commitments").itertext())
    assert WHAT in front


def test_the_asker_and_the_person_in_charge_are_told_of_each_step_once(made: Flask, city: City) -> None:
    with made.extensions["portal_database"].transaction() as db:
        filed = a_case(db, city, "handling")
        one = a_commitment(db, city, "in_progress", filed=filed)
        deadlines.sweep(db, AFTER)
    with made.extensions["portal_database"].reading() as db:
        told = db.execute(
            select(Alert.kind, Alert.recipient_kind, Alert.recipient_id, Alert.data)
            .where(Alert.kind.like("commitment.%"))
            .order_by(Alert.id)
        ).all()
        askers = [row.data["act"] for row in told if row.recipient_kind == "appeal"]
        assert askers == ["made", "follow_up_shown", "overdue"]
        assert {row.recipient_id for row in told if row.recipient_kind == "appeal"} == {filed.appeal_id}
        person = [(row.kind, row.recipient_id) for row in told if row.recipient_kind == "person"]
        assert person[-1] == ("commitment.late", one.person_id)
    lin = Client(made).sign_in(city.person("lin"))
    assert "C26-0001" in lin.get("/desk/alerts").text


def test_a_proposal_tells_nobody(made: Flask, city: City) -> None:
    add(made, city, "proposed")
    with made.extensions["portal_database"].reading() as db:
        assert db.scalars(select(Alert).where(Alert.kind.like("commitment.%"))).all() == []
