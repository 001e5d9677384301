"""Outcomes at the desk and in public, as people use them."""

import dataclasses
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.alerts import service as alerts
from portal.alerts.jobs import run
from portal.alerts.models import Subscription
from portal.alerts.service import Follow
from portal.kernel import clock
from portal.kernel.db import Database
from portal.outcomes import service
from portal.outcomes.service import Words
from tests.builders import a_case
from tests.cast import NOW, City
from tests.client import Client
from tests.mailbox import mailbox
from tests.published import publish
from tests.statements import counted

TITLE = "加装电梯一窗收件"


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def base(app: Flask) -> Database:
    return app.extensions["portal_database"]


def signed_in(app: Flask, city: City, key: str, lang: str = "zh_Hans") -> Client:
    return Client(app, lang).sign_in(city.person(key))


def published(base: Database, city: City, title: str = TITLE, now=NOW, **words) -> str:
    with base.transaction() as db:
        mei, nuo = city.actor(db, "mei"), city.actor(db, "nuo")
        said = Words("procedure_improved", title, "材料只交一次。", city.unit("housing"), date(2026, 6, 1))
        made = service.draft(db, now, mei, dataclasses.replace(said, **words))
        service.propose(db, now, mei, made.id)
        return str(service.approve(db, now, nuo, made.id, version=made.version).ref)


def write(client: Client, city: City, address: str = "/desk/outcomes/new", **fields: str):
    values = {
        "title": TITLE,
        "body": "材料只交一次 <script>。",
        "effective_on": "2026-06-01",
        "unit_id": str(city.unit("housing")),
        **fields,
    }
    return client.submit(client.get(address), **values)


def opened(client: Client):
    return client.get(client.get("/desk/outcomes").links()[TITLE])


def test_an_outcome_goes_from_the_case_to_the_front_page_by_the_pages(app, base, city, noon):
    with base.transaction() as db:
        ref = a_case(db, city, "closed").ref
        publish(db, city, "B26-00777", title="电梯装了十一个月")
    mei, nuo, anybody = signed_in(app, city, "mei"), signed_in(app, city, "nuo"), Client(app)
    case = mei.get(f"/desk/cases/{ref}")
    page = write(mei, city, case.links()["据此形成成果"], cases=f"{ref} B26-00777")
    assert "草稿已保存" in page.text
    assert ref in page.text
    mei.submit(page, act="propose")
    own = opened(mei)
    assert ("由他人复核" in own.text, "立即发布" in own.text) == (True, False)
    page = opened(nuo)
    assert ("电梯装了十一个月" in page.text or "B26-00777" in page.text) and "未公开" in page.text
    assert "已发布" in nuo.submit(page).text
    front = anybody.get("/")
    kind = anybody.get(next(url for url in front.links().values() if "kind=procedure_improved" in url))
    read = anybody.get(kind.links()[TITLE])
    assert "O26-0001" in read.text
    assert "<script>" in read.text, "what is HTML in the source is shown as text"
    assert "电梯装了十一个月" in read.text
    assert ref not in read.text, "an unpublished case is not shown"
    assert TITLE in mei.get(f"/desk/cases/{ref}").links()
    assert TITLE in anybody.get("/units/housing").links()


def test_bad_case_numbers_are_explained_and_nothing_is_lost(app, base, city, noon):
    with base.transaction() as db:
        ref = a_case(db, city).ref
    mei = signed_in(app, city, "mei")
    refused = write(mei, city, cases=f"{ref} B26-99999")
    assert refused.status == 422
    assert "没有这个编号的办件：B26-99999" in refused.text
    kept = mei.submit(refused, cases=ref)
    assert "草稿已保存" in kept.text
    again = mei.submit(kept, cases=f"{ref} 乱写", title="另一个题目")
    assert (again.status, "乱写" in again.text, ref in again.text) == (422, True, True)
    assert "另一个题目" in again.response.get_data(as_text=True)


def test_whom_a_linked_case_concerns_sees_nothing_of_the_link(app, base, city, noon):
    with base.transaction() as db:
        ref = a_case(db, city, "closed", concerns_person_id=city.person("nuo")).ref
    published(base, city, cases=ref)
    assert ref in opened(signed_in(app, city, "mei")).text
    nuo = signed_in(app, city, "nuo")
    assert ref not in opened(nuo).text
    begun = nuo.get(f"/desk/outcomes/new?case={ref}").response.get_data(as_text=True)
    assert f"{ref}</textarea>" not in begun


def test_it_comes_back_with_a_reason(app, city, noon):
    mei, nuo = signed_in(app, city, "mei"), signed_in(app, city, "nuo")
    mei.submit(write(mei, city), act="propose")
    page = opened(nuo)
    assert nuo.submit(page, "/back", reason="").status == 422
    nuo.submit(page, "/back", reason="从哪天起")
    assert "从哪天起" in opened(mei).text


def test_marked_places_have_to_be_looked_at(app, city, noon):
    mei, nuo = signed_in(app, city, "mei"), signed_in(app, city, "nuo")
    mei.submit(write(mei, city, body="联系王小满 13900001234"), act="propose")
    refused = nuo.submit(opened(nuo))
    assert refused.status == 422
    assert "已发布" in nuo.submit(refused, checked="y").text


def test_a_published_outcome_is_corrected_and_withdrawn_in_the_open(app, base, city, noon):
    ref = published(base, city)
    mei, su = signed_in(app, city, "mei"), signed_in(app, city, "su")
    page = opened(mei)
    assert "更正此前的一项成果" in mei.submit(page, "/correct").text
    su.submit(su.get(page.path), "/withdraw", reason="时间有误")
    shown = Client(app).get(f"/outcomes/{ref}")
    assert "时间有误" in shown.text
    assert "只交一次" not in shown.text
    assert TITLE not in Client(app).get("/units/housing").links()


@pytest.mark.parametrize("who", ["lin", "hou", "an", "ke"])
def test_others_of_the_staff_find_no_door(app, base, city, who):
    with base.transaction() as db:
        ref = a_case(db, city, "closed").ref
    published(base, city)
    visitor = signed_in(app, city, who)
    for path in ("/desk/outcomes", "/desk/outcomes/1", "/desk/outcomes/new"):
        assert visitor.get(path).status == 403
    assert "/desk/outcomes" not in visitor.get("/desk/").links().values()
    if who in ("lin", "hou"):
        assert "据此形成成果" not in visitor.get(f"/desk/cases/{ref}").text


def test_the_public_finds_them_by_kind_and_unit_page_by_page(app, base, city):
    for number in range(25):
        published(base, city, f"第 {number} 项成果", NOW + timedelta(minutes=number))
    published(base, city, "一项办法", NOW + timedelta(days=1), kind="rule_issued", unit_id=city.unit("roads"))
    anybody = Client(app)
    first = anybody.get("/outcomes")
    assert "一项办法" in first.text
    second = anybody.get(next(url for url in first.links().values() if "after=" in url))
    shown = [text for text in first.links() | second.links() if text.startswith("第 ")]
    assert len(shown) == 25, "none twice and none left out"
    for query in ("kind=rule_issued", "unit=roads"):
        only = anybody.get(f"/outcomes?{query}")
        assert ("一项办法" in only.text, "项成果" in only.text.replace("第一项", "")) == (True, False), query


@pytest.mark.parametrize(
    "query",
    ["kind=nonsense", "unit=nowhere", "after=x", "after=9-9-9", "after=99999999999999999999-1", "after=-"],
)
def test_nonsense_in_an_address_is_the_list(app, base, city, query):
    published(base, city)
    assert TITLE in Client(app).get(f"/outcomes?{query}").text


def test_what_is_not_there_is_told_in_words(client):
    for ref in ("O26-9999", "x" * 300, "１"):
        assert "没有这个编号的成果" in client.get(f"/outcomes/{ref}").text


@pytest.mark.parametrize("lang", ["zh_Hans", "zh_Hant", "en"])
def test_they_read_in_every_language(app, base, city, lang):
    ref = published(base, city)
    for path in ("/", "/outcomes", f"/outcomes/{ref.lower()}", "/units/housing"):
        assert Client(app, lang).get(path).status == 200
    assert TITLE in signed_in(app, city, "mei", lang).get("/desk/outcomes").text


def test_a_long_list_takes_as_many_statements_as_a_short_one(app, base, city):
    published(base, city)
    with counted(app) as few:
        Client(app).get("/outcomes?kind=")
    for number in range(15):
        published(base, city, f"第 {number} 项成果")
    with counted(app) as many:
        Client(app).get("/outcomes?kind=procedure_improved")
    probes = {"SELECT pg_current_snapshot()::text"}
    assert len([s for s in many if s not in probes]) == len([s for s in few if s not in probes]) == 1


def test_whoever_follows_the_unit_is_told_once(app, base, city, settings):
    with mailbox() as post, app.app_context():
        set_up = dataclasses.replace(settings, mail_url=post.url)
        with base.transaction() as db:
            for kind, number in (("outcomes", 1), ("unit", city.unit("housing"))):
                alerts.follow(db, NOW, Follow(kind, number, "wang@example.org"))
            for row in db.scalars(select(Subscription)).all():
                row.confirmed_at = NOW
        published(base, city)
        run(base, NOW, set_up)
        subjects = [message["Subject"] for message in post.messages]
    assert subjects.count(f"流程优化：“{TITLE}”") == 1
