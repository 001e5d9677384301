"""Notices at the desk and in public, as people use them."""

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.alerts import service as alerts
from portal.alerts.jobs import run
from portal.alerts.models import Subscription
from portal.alerts.service import Follow
from portal.kernel import clock
from portal.kernel.db import Database
from portal.notices import jobs, service
from portal.notices.service import Words
from tests.cast import NOW, ZONE, City
from tests.client import Client
from tests.mailbox import mailbox
from tests.statements import counted


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def base(app: Flask) -> Database:
    return app.extensions["portal_database"]


def signed_in(app: Flask, city: City, key: str, lang: str = "zh_Hans") -> Client:
    return Client(app, lang).sign_in(city.person(key))


def published(base: Database, city: City, title: str = "夜间停水通知", now=NOW, **words) -> str:
    with base.transaction() as db:
        mei, nuo = city.actor(db, "mei"), city.actor(db, "nuo")
        made = service.draft(
            db, now, mei, Words(**{"kind": "announcement", "title": title, "body": "停水。", **words})
        )
        service.propose(db, now, mei, made.id)
        return str(service.approve(db, now, nuo, made.id, version=made.version).ref)


def write(client: Client, **fields: str):
    form = client.get("/desk/notices/new")
    return client.submit(
        form, **{"title": "夜间停水通知", "body": "## 时间\n\n夜间停水 <script>。", **fields}
    )


def test_a_notice_goes_from_draft_to_the_front_page_by_the_pages(app, city, noon):
    mei, nuo, anybody = signed_in(app, city, "mei"), signed_in(app, city, "nuo"), Client(app)
    page = write(mei)
    assert "草稿已保存" in page.text
    page = mei.submit(page, act="propose")
    assert "由另一人" in page.text or "提交" in page.text
    own = mei.get(page.links()["夜间停水通知"])
    assert "由他人复核" in own.text
    assert "立即发布" not in own.text
    page = nuo.get("/desk/notices")
    page = nuo.get(page.links()["夜间停水通知"])
    page = nuo.submit(page, when="now")
    assert "已发布" in page.text
    front = anybody.get("/")
    read = anybody.get(front.links()["夜间停水通知"])
    assert read.title.startswith("夜间停水通知")
    assert "<script>" in read.text, "what is HTML in the source is shown as text"
    assert "N26-0001" in read.text


def test_it_is_published_at_a_minute(app, base, city, noon):
    mei, nuo = signed_in(app, city, "mei"), signed_in(app, city, "nuo")
    mei.submit(write(mei), act="propose")
    page = nuo.get(nuo.get("/desk/notices").links()["夜间停水通知"])
    refused = nuo.submit(page, when="later")
    assert (refused.status, "请填写日期和时间" in refused.text) == (422, True)
    late = NOW + timedelta(hours=2)
    typed = late.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    assert "到时自动发布" in nuo.submit(refused, when="later", publish_at=typed).text
    assert "夜间停水通知" not in Client(app).get("/notices").text
    jobs.work(base, late)
    assert "夜间停水通知" in Client(app).get("/notices").text


def test_marked_places_have_to_be_looked_at(app, city, noon):
    mei, nuo = signed_in(app, city, "mei"), signed_in(app, city, "nuo")
    mei.submit(write(mei, body="联系王小满 13900001234"), act="propose")
    page = nuo.get(nuo.get("/desk/notices").links()["夜间停水通知"])
    assert "13900001234" in page.text
    refused = nuo.submit(page, when="now")
    assert refused.status == 422
    assert "已发布" in nuo.submit(refused, when="now", checked="y").text


def test_it_comes_back_with_a_reason_and_nothing_is_lost(app, city, noon):
    mei, nuo = signed_in(app, city, "mei"), signed_in(app, city, "nuo")
    mei.submit(write(mei), act="propose")
    page = nuo.get(nuo.get("/desk/notices").links()["夜间停水通知"])
    nuo.submit(page, "/back", reason="日期写错了")
    page = mei.get(mei.get("/desk/notices").links()["夜间停水通知"])
    assert "日期写错了" in page.text
    refused = mei.submit(page, title="")
    assert refused.status == 422
    assert "夜间停水 &lt;script&gt;" in refused.response.get_data(as_text=True)


def test_a_published_notice_is_corrected_and_withdrawn_in_the_open(app, base, city, noon):
    ref = published(base, city)
    mei, su = signed_in(app, city, "mei"), signed_in(app, city, "su")
    page = mei.get(mei.get("/desk/notices").links()["夜间停水通知"])
    draft = mei.submit(page, "/correct")
    assert "更正此前的一份公告" in draft.text
    page = su.get(page.path)
    su.submit(page, "/withdraw", reason="时间有误")
    shown = Client(app).get(f"/notices/{ref}")
    assert "时间有误" in shown.text
    assert "停水。" not in shown.text


@pytest.mark.parametrize("who", ["lin", "hou", "an", "ke"])
def test_others_of_the_staff_find_no_door(app, base, city, who):
    published(base, city)
    visitor = signed_in(app, city, who)
    assert visitor.get("/desk/notices").status == 403
    assert visitor.get("/desk/notices/1").status == 403
    assert visitor.get("/desk/notices/new").status == 403
    assert "/desk/notices" not in visitor.get("/desk/").links().values()


def test_the_public_finds_them_by_kind_page_by_page(app, base, city):
    for number in range(25):
        published(base, city, f"第 {number} 号公告", NOW + timedelta(minutes=number))
    published(base, city, "路灯改造征求意见", NOW + timedelta(days=1), kind="consultation")
    anybody = Client(app)
    first = anybody.get("/notices")
    assert "路灯改造征求意见" in first.text
    assert "第 24 号公告" in first.text
    second = anybody.get(next(url for url in first.links().values() if "after=" in url))
    assert "第 0 号公告" in second.text
    shown = [text for text in first.links() | second.links() if text.startswith("第 ")]
    assert len(shown) == 25, "none twice and none left out"
    only = anybody.get("/notices?kind=consultation")
    assert ("路灯改造征求意见" in only.text, "号公告" in only.text) == (True, False)


@pytest.mark.parametrize(
    "query", ["kind=nonsense", "after=x", "after=1", "after=9-9-9", "after=99999999999999999999-1", "after=-"]
)
def test_nonsense_in_an_address_is_the_list(app, base, city, query):
    published(base, city)
    assert "夜间停水通知" in Client(app).get(f"/notices?{query}").text


def test_what_is_not_there_is_told_in_words(client):
    for ref in ("N26-9999", "x" * 300, "１"):
        assert "没有这个编号的公告" in client.get(f"/notices/{ref}").text


def test_a_number_is_found_however_it_is_typed(app, base, city):
    ref = published(base, city)
    assert Client(app).get(f"/notices/{ref.lower()}").status == 200


def test_a_long_list_takes_as_many_statements_as_a_short_one(app, base, city):
    published(base, city)
    with counted(app) as few:
        Client(app).get("/notices?kind=")
    for number in range(15):
        published(base, city, f"第 {number} 号公告")
    with counted(app) as many:
        Client(app).get("/notices?kind=announcement")
    probes = {"SELECT pg_current_snapshot()::text"}
    assert len([s for s in many if s not in probes]) == len([s for s in few if s not in probes]) == 1


def test_whoever_follows_all_notices_is_told_of_each_once(app, base, city, settings):
    with mailbox() as post, app.app_context():
        set_up = dataclasses.replace(settings, mail_url=post.url)
        with base.transaction() as db:
            for kind, number in (("notices", 1), ("unit", city.unit("housing"))):
                alerts.follow(db, NOW, Follow(kind, number, "wang@example.org"))
            for row in db.scalars(select(Subscription)).all():
                row.confirmed_at = NOW
        published(base, city, unit_id=city.unit("housing"))
        run(base, NOW, set_up)
        subjects = [message["Subject"] for message in post.messages]
    assert subjects.count("公告：“夜间停水通知”") == 1
