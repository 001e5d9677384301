"""The worklist and the start page: who sees which cases, by what filters, in how many statements."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from portal.cases.models import Case
from portal.cases.service import Contact, Filed, Filing, file_appeal, object_to_refusal
from portal.identity.actors import PUBLIC, asker
from portal.kernel import clock
from tests.cast import City
from tests.client import Client, Page
from tests.pages.desk_visits import act, signed_in, standing, state_of
from tests.statements import counted

LAMP = Filing(
    channel="web",
    kind="help",
    title="锦帆里小区路灯不亮",
    body="三号楼前的路灯坏了两个星期，晚上很黑。",
    contact=Contact(name="王小满", phone="13900001234"),
    consent_to_publish=True,
    category_id=1,
    area_id=1,
    place="锦帆里小区",
)


def file(app: Flask, filing: Filing = LAMP, **changes: object) -> Filed:
    """Somebody submits an appeal now."""
    filing = replace(filing, **changes)  # type: ignore[arg-type]
    with app.extensions["portal_database"].transaction() as db:
        return file_appeal(
            db, clock.now(), PUBLIC, filing, scope="test", client_id=f"{filing.title}{filing.body}"
        )


def mei(app: Flask, city: City) -> Client:
    return Client(app).sign_in(city.person("mei"))


def refs(page: Page) -> list[str]:
    """The references of the worklist's rows, in order."""
    heads = [cell for cell in page.all("th") if cell.get("scope") == "row"]
    return [ref for cell in heads for ref in re.findall(r"B\d\d-\d{5}", "".join(cell.itertext()))]


def test_a_moderator_sees_what_waits_for_screening_on_the_start_page(app: Flask, city: City) -> None:
    filed = file(app)
    page = mei(app, city).get("/desk/")
    assert refs(page) == [filed.ref]
    assert "锦帆里小区路灯不亮" in page.text
    assert "甄别" in page.text


def test_the_start_page_says_when_nothing_is_to_be_done(app: Flask, city: City) -> None:
    assert "没有等您处理的办件" in mei(app, city).get("/desk/").text


def test_somebody_without_cases_has_a_start_page_too(app: Flask, city: City) -> None:
    page = Client(app).sign_in(city.person("an")).get("/desk/")
    assert page.status == 200
    assert Client(app).sign_in(city.person("an")).get("/desk/cases").status == 403


def test_an_official_sees_no_case_of_another_unit(app: Flask, city: City) -> None:
    filed = file(app)
    lin = Client(app).sign_in(city.person("lin"))
    assert refs(lin.get("/desk/cases")) == []
    assert lin.get(f"/desk/cases/{filed.ref}").status == 404


def test_whom_an_appeal_concerns_finds_no_trace_of_it(app: Flask, city: City) -> None:
    other = file(app, title="另一件事", body="与他无关。")
    about = file(app, title="投诉主持工作的人", body="独一无二的词语", concerns_person_id=city.person("nuo"))
    nuo = Client(app).sign_in(city.person("nuo"))
    assert refs(nuo.get("/desk/")) == [other.ref]
    assert refs(nuo.get("/desk/cases")) == [other.ref]
    assert "1 件" in nuo.get("/desk/cases").text
    for words in ("独一无二", about.ref, about.receipt):
        assert refs(nuo.get("/desk/cases", query_string={"q": words})) == []
    assert nuo.get(f"/desk/cases/{about.ref}").status == 404
    assert nuo.get(f"/desk/cases/{about.ref}/files/1").status == 404
    assert nuo.get(f"/desk/cases/{about.ref}/slips/1").status == 404
    assert nuo.post(f"/desk/cases/{about.ref}/contact", {"appeal_id": "2"}).status in (404, 422, 400)
    assert refs(mei(app, city).get("/desk/cases")) == [other.ref, about.ref]


@pytest.mark.parametrize("sort", ["newest", "oldest", "changed", "due"])
def test_a_page_behind_a_case_one_may_not_know_of_begins_at_the_beginning(
    app: Flask, city: City, sort: str
) -> None:
    before, after = file(app, title="前一件事"), file(app, title="中间的事")
    about = file(app, title="投诉主持工作的人", concerns_person_id=city.person("nuo"))
    last = file(app, title="后一件事")
    nuo = Client(app).sign_in(city.person("nuo"))
    unknown = refs(nuo.get(f"/desk/cases?sort={sort}&after=4711"))
    assert sorted(unknown) == sorted([before.ref, after.ref, last.ref])
    for side in ("after", "before"):
        hidden = nuo.get(f"/desk/cases?sort={sort}&{side}={about.case_id}")
        nobody = nuo.get(f"/desk/cases?sort={sort}&{side}=4711")
        assert refs(hidden) == refs(nobody), (
            "where the hidden case stands in the order is not to be found out"
        )


@pytest.mark.parametrize("words", ["路灯", "b26-00001", "S26-000001", "s26-000001 ", "王小满"])
def test_words_references_and_receipts_are_found_but_no_contacts(app: Flask, city: City, words: str) -> None:
    filed = file(app)
    year = filed.ref[1:3]
    found = refs(mei(app, city).get("/desk/cases", query_string={"q": words.replace("26-", f"{year}-")}))
    assert found == ([] if words == "王小满" else [filed.ref])


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ({"state": "submitted"}, 2),
        ({"state": "handling"}, 0),
        ({"state": "any"}, 2),
        ({"category": "housing"}, 1),
        ({"area": "west"}, 1),
        ({"kind": "complaint"}, 1),
        ({"tier": "joint"}, 0),
        ({"channel": "web"}, 2),
        ({"channel": "counter"}, 0),
        ({"stage": "overdue"}, 0),
        ({"handler": "nobody"}, 2),
        ({"handler": "me"}, 0),
        ({"handler": "3"}, 0),
        ({"unit": "housing"}, 0),
        ({"received_from": "2020-01-01", "received_to": "2020-12-31"}, 0),
        ({"mine": "1"}, 2),
    ],
)
def test_each_filter_narrows_the_list(app: Flask, city: City, query: dict[str, str], hits: int) -> None:
    file(app)
    file(app, title="公交站太远", body="走二十分钟。", kind="complaint", category_id=2, area_id=2)
    assert len(refs(mei(app, city).get("/desk/cases", query_string=query))) == hits


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense&stage=9&tier=&kind=x&handler=x&mine=maybe&sort=wild",
        "unit=%00&category=../etc&area='&channel=%3Cb%3E",
        "received_from=yesterday&received_to=2026-99-99",
        "received_from=0001-01-01",
        "received_to=9999-12-31",
        "received_from=1899-01-01&received_to=2300-01-01",
        "after=-1&before=99999999999999999999999",
        "after=4711",
        "q=%27%22*%29%28",
        "q=" + "长" * 500,
    ],
)
def test_bad_filters_and_cursors_become_defaults(app: Flask, city: City, query: str) -> None:
    file(app)
    page = mei(app, city).get(f"/desk/cases?{query}")
    assert page.status == 200


def test_pages_follow_each_other_without_gap_or_repeat(app: Flask, city: City) -> None:
    for number in range(60):
        file(app, title=f"第 {number} 件", body=f"内容 {number}")
    client = mei(app, city)
    for sort in ("due", "newest", "oldest", "changed"):
        page = client.get(f"/desk/cases?sort={sort}")
        seen = refs(page)
        while "下一页" in page.links():
            page = client.get(page.links()["下一页"])
            seen += refs(page)
        assert len(seen) == len(set(seen)) == 60, sort
        back = client.get(page.links()["上一页"])
        assert refs(back) == seen[25:50], sort


def test_the_worklist_takes_a_handful_of_statements_however_long_it_is(app: Flask, city: City) -> None:
    client = mei(app, city)
    file(app)
    with counted(app) as few:
        client.get("/desk/cases?stage=due_soon&q=路灯")
    for number in range(30):
        file(app, title=f"第 {number} 件", body=f"内容 {number}")
    with counted(app) as many:
        client.get("/desk/cases")
    assert len(many) == len(few) <= 9
    with counted(app) as start:
        client.get("/desk/")
    assert len(start) <= 10


def test_htmx_gets_only_the_results(app: Flask, city: City) -> None:
    file(app)
    page = mei(app, city).get("/desk/cases", headers={"HX-Request": "true", "HX-Target": "results"})
    assert page.status == 200 and not page.is_document
    assert page.html.lstrip().startswith('<section id="results"')


def test_a_filter_is_kept_renamed_and_deleted(app: Flask, city: City) -> None:
    file(app)
    client = mei(app, city)
    page = client.get("/desk/cases?kind=help&sort=newest")
    page = client.submit(page, "/desk/filters", name="求助")
    assert any(text.startswith("求助") for text in page.links())
    page = client.get("/desk/filters")
    page = client.submit(page, "/name", name="我的求助")
    assert "我的求助" in page.links()
    assert "我的求助" not in Client(app).sign_in(city.person("nuo")).get("/desk/filters").links()
    page = client.submit(page, "/deletion")
    assert "您还没有保存筛选条件" in page.text


def test_a_filter_needs_a_name_and_is_ones_own(app: Flask, city: City) -> None:
    file(app)
    client = mei(app, city)
    page = client.submit(client.get("/desk/cases?kind=help"), "/desk/filters", name=" ")
    assert page.status == 422
    client.submit(page, "/desk/filters", name="求助")
    nuo = Client(app).sign_in(city.person("nuo"))
    page = nuo.get("/desk/cases?kind=help")
    token = page.form("/desk/filters").fields["csrf_token"]
    assert nuo.post("/desk/filters/1/deletion", {"csrf_token": token}).status == 404
    assert nuo.post("/desk/filters/1/name", {"csrf_token": token, "name": "x"}).status == 404
    assert nuo.post("/desk/filters/1/deletion").status == 422


def test_what_waits_for_a_second_person_is_on_that_persons_start_page(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    lin, hou = signed_in(app, city, "lin"), signed_in(app, city, "hou")
    assert refs(hou.get("/desk/")) == []
    act(lin, filed, "extension", proposed_day="2027-01-29", ground="要协商")
    page = hou.get("/desk/")
    assert refs(page) == [filed.ref]
    assert any(url.endswith("/extension/decision") for url in page.links().values())
    page = lin.get("/desk/")
    assert not any(url.endswith("/extension/decision") for url in page.links().values())


def test_a_refusal_that_was_objected_to_waits_for_the_office(app: Flask, city: City) -> None:
    filed = standing(app, city, "not_accepted")
    nuo = signed_in(app, city, "nuo")
    assert refs(nuo.get("/desk/")) == []
    with app.extensions["portal_database"].transaction() as db:
        object_to_refusal(db, clock.now(), asker(filed.appeal_id), filed.case_id, "确有其事")
    for path in ("/desk/", "/desk/cases?mine=1", "/desk/cases?state=refusal_objected"):
        page = nuo.get(path)
        assert refs(page) == [filed.ref], path
        assert any(url.endswith("/refusal/decision") for url in page.links().values()), path


def test_after_two_bounces_the_parent_unit_finds_the_objection(app: Flask, city: City) -> None:
    filed = standing(app, city, "assigned", unit="water")
    with app.extensions["portal_database"].transaction() as db:
        db.get_one(Case, filed.case_id).bounces = 2
    act(
        signed_in(app, city, "shui"),
        filed,
        "objection",
        proposed_unit_id=str(city.unit("roads")),
        reason="归交通",
    )
    hou = signed_in(app, city, "hou")
    assert refs(hou.get("/desk/")) == [filed.ref]
    assert refs(signed_in(app, city, "mei").get("/desk/")) == []
    act(hou, filed, "objection/decision", upheld="no", explanation="就是你们的")
    assert state_of(app, filed) == "accepted"


def test_english_readers_read_english_names_where_there_are_any(app: Flask, city: City) -> None:
    filed = file(app)
    text = signed_in(app, city, "mei", "en").get(f"/desk/cases/{filed.ref}").text
    assert "Housing" in text and "East" in text
