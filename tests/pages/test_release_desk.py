"""The publication desk: what waits, a draft and its suspected places, the second person, correction, withdrawal."""

import re
from typing import Any

import pytest
from flask import Flask

from portal.kernel.clock import now
from portal.publishing.models import PublishedCase, Release
from tests.builders import a_case
from tests.cast import City
from tests.client import Client, Page
from tests.statements import counted

PHONE = "13900001234"


@pytest.fixture
def mei(app: Flask, city: City) -> Client:
    return Client(app).sign_in(city.person("mei"))


@pytest.fixture
def nuo(app: Flask, city: City) -> Client:
    return Client(app).sign_in(city.person("nuo"))


def answered(app: Flask, city: City, state: str = "answered", **changes: Any) -> str:
    with app.extensions["portal_database"].transaction() as db:
        changes = {"consent_to_publish": True, "title": "锦帆里路灯不亮"} | changes
        return a_case(db, city, state, now=now(), **changes).ref


def prepared(client: Client, ref: str) -> Page:
    page = client.post("/desk/releases", {"ref": ref, "csrf_token": token(client)})
    assert page.path.startswith("/desk/releases/"), page.text
    return page


def token(client: Client) -> str:
    return str(client.get("/desk/releases").forms()[0].fields["csrf_token"])


def proposed(client: Client, ref: str) -> str:
    page = prepared(client, ref)
    send(client, page, act="propose")
    return page.path


def send(client: Client, page: Page, **values: str) -> Page:
    """The draft's form with one of its buttons."""
    form = next(f for f in page.forms() if "body" in f.names)
    return client.post(form.action, {k: v for k, v in (form.fields | values).items() if v is not None})


def decisions(page: Page) -> list[str]:
    names = {e.get("name") for e in page.all("input") if (e.get("name") or "").startswith("decision-")}
    return sorted(names)


def test_an_answered_case_is_prepared_proposed_and_released_by_two(
    app: Flask, city: City, mei: Client, nuo: Client, client: Client
) -> None:
    ref = answered(app, city)
    queue = mei.get("/desk/releases")
    assert "可以公开" in queue.heading and ref in queue.text
    row = next(form for form in queue.forms() if form.fields.get("ref") == ref)
    page = mei.post(row.action, row.fields)
    assert page.heading == f"准备公开 {ref}"
    done = send(mei, page, title="锦帆里三号楼前路灯不亮两周", act="propose")
    assert "已提交" in done.text
    assert client.get(f"/cases/{ref}").status == 404

    mine = mei.get(page.path)
    assert "这是您提交的" in mine.text
    assert not [f for f in mine.forms() if "publication" in f.action]

    judged = nuo.get("/desk/releases")
    assert "待您决定" in judged.heading
    judged = nuo.get(page.path)
    assert "锦帆里三号楼前路灯不亮两周" in judged.text
    nuo.submit(judged, "/publication")
    public = client.get(f"/cases/{ref}")
    assert public.heading == "锦帆里三号楼前路灯不亮两周"
    assert "路灯已更换" in public.text
    assert client.get("/cases").links()["锦帆里三号楼前路灯不亮两周"] == f"/cases/{ref}"


def test_the_proposer_cannot_release_even_by_hand(app: Flask, city: City, mei: Client) -> None:
    path = proposed(mei, answered(app, city))
    page = mei.post(f"{path}/publication", {"csrf_token": token(mei)})
    assert "需要两人" in page.text
    with app.extensions["portal_database"].reading() as db:
        assert db.query(PublishedCase).count() == 0


def test_suspected_places_are_decided_one_by_one(app: Flask, city: City, mei: Client) -> None:
    body = f"路灯坏了，请打我电话{PHONE}，或者邮件 wang@example.com 联系。"
    page = prepared(mei, answered(app, city, body=body))
    assert "2 处疑似" in page.text
    assert len(page.all("mark")) >= 2
    refused = send(mei, page, act="propose")
    assert refused.status == 409
    assert "2 处" in refused.text

    phone, mail = sorted(decisions(refused), key=lambda name: _words(refused, name) != PHONE)
    page = send(mei, refused, **{phone: "mask", mail: "keep", "act": "save"})
    assert "可以提交了" in page.text
    assert PHONE not in page.html
    assert "wang@example.com" in page.html
    with app.extensions["portal_database"].reading() as db:
        draft = db.query(Release).one()
        assert PHONE not in draft.body
        assert "wang" not in str(draft.decisions)
        assert draft.decisions["body"] == [mail.rpartition("-")[2]]

    again = send(mei, page, body=f"又写上了 {PHONE}，邮件 wang@example.com", act="propose")
    assert again.status == 409, "what is typed anew is suspected anew"
    assert "1 处" in again.text


def _words(page: Page, name: str) -> str:
    for legend in page.all("legend"):
        if name.rpartition("-")[2] in str([i.get("name") for i in _parent(page, legend).iter()]):
            return re.sub(r"\s+", " ", "".join(legend.itertext())).strip().split(" ")[1]
    return ""


def _parent(page: Page, child: Any) -> Any:
    return next(e for e in page.tree.iter() if child in list(e))


def test_a_text_is_handed_back_with_words_and_comes_again(
    app: Flask, city: City, mei: Client, nuo: Client
) -> None:
    path = proposed(mei, answered(app, city))
    empty = nuo.submit(nuo.get(path), "/return", words=" ")
    assert empty.status == 422
    nuo.submit(nuo.get(path), "/return", words="请去掉楼号。")
    page = mei.get(path)
    assert "请去掉楼号" in page.text and "诺敏" in page.text
    assert "退回修改" in mei.get("/desk/releases?show=returned").heading
    send(mei, page, body="路灯不亮。", act="propose")
    assert "路灯不亮。" in nuo.get(path).text


def test_two_who_edit_at_once_are_told(app: Flask, city: City, mei: Client, nuo: Client) -> None:
    path = prepared(mei, answered(app, city)).path
    hers, his = mei.get(path), nuo.get(path)
    send(mei, hers, body="她的文字", act="save")
    late = send(nuo, his, body="他的文字", act="save")
    assert late.status == 409
    assert "他的文字" in late.html, "what was typed is not lost"


def test_without_consent_nothing_is_prepared(app: Flask, city: City, mei: Client) -> None:
    ref = answered(app, city, consent_to_publish=False)
    assert ref not in mei.get("/desk/releases?show=ready").text
    page = mei.post("/desk/releases", {"ref": ref, "csrf_token": token(mei)})
    assert "不同意公开" in page.text
    with app.extensions["portal_database"].reading() as db:
        assert db.query(Release).count() == 0


def test_an_unanswered_case_is_not_prepared(app: Flask, city: City, mei: Client) -> None:
    ref = answered(app, city, "handling")
    page = mei.post("/desk/releases", {"ref": ref, "csrf_token": token(mei)})
    assert "答复" in page.text
    with app.extensions["portal_database"].reading() as db:
        assert db.query(Release).count() == 0


def test_whom_a_case_complains_about_never_meets_it(app: Flask, city: City, mei: Client, nuo: Client) -> None:
    ref = answered(app, city, concerns_person_id=city.person("nuo"))
    path = proposed(mei, ref)
    for address in ("/desk/releases", "/desk/releases?show=decide", "/desk/releases?show=ready", "/desk/"):
        assert ref not in nuo.get(address).text
    assert nuo.get(path).status == 404
    assert nuo.post(f"{path}/publication", {"csrf_token": token(nuo)}).status in (404, 200)
    with app.extensions["portal_database"].reading() as db:
        assert db.query(PublishedCase).count() == 0


@pytest.mark.parametrize("who", ["hou", "lin", "an", "he", "ke", "ji"])
def test_who_has_no_say_has_no_desk(app: Flask, city: City, mei: Client, who: str) -> None:
    path = prepared(mei, answered(app, city)).path
    other = Client(app).sign_in(city.person(who))
    assert other.get("/desk/releases").status == 403
    assert other.get(path).status == 403
    assert other.post(f"{path}/publication").status == 403


def test_a_supervisor_releases_and_does_not_prepare(app: Flask, city: City, mei: Client) -> None:
    ref = answered(app, city)
    path = proposed(mei, ref)
    su = Client(app).sign_in(city.person("su"))
    assert su.post("/desk/releases", {"ref": ref}).status == 403
    su.submit(su.get(path), "/publication")
    assert Client(app).get(f"/cases/{ref}").status == 200


def test_what_is_published_is_corrected_in_the_open(
    app: Flask, city: City, mei: Client, nuo: Client, client: Client
) -> None:
    ref = answered(app, city)
    path = proposed(mei, ref)
    nuo.submit(nuo.get(path), "/publication")
    page = mei.get(f"/desk/releases/published/{ref}")
    assert mei.submit(page, "/correction", note="").status == 422
    draft = mei.submit(page, "/correction", note="楼号写错了。")
    assert draft.heading == f"更正 {ref}"
    send(mei, draft, title="锦帆里五号楼前路灯不亮", act="propose")
    assert "五号楼" not in client.get(f"/cases/{ref}").text
    nuo.submit(nuo.get(draft.path), "/publication")
    public = client.get(f"/cases/{ref}")
    assert public.heading == "锦帆里五号楼前路灯不亮"
    assert "楼号写错了。" in public.text
    versions = client.get(f"/cases/{ref}/versions").text
    assert "第 2 版" in versions and "第 1 版" in versions


def test_one_person_takes_it_down_at_once_and_it_can_come_back(
    app: Flask, city: City, mei: Client, nuo: Client, client: Client
) -> None:
    ref = answered(app, city)
    nuo.submit(nuo.get(proposed(mei, ref)), "/publication")
    page = nuo.get(f"/desk/releases/published/{ref}")
    assert nuo.submit(page, "/withdrawal", words="").status == 422
    done = nuo.submit(page, "/withdrawal", words="原文提到了他人的住址。")
    assert "已撤下" in done.text
    gone = client.get(f"/cases/{ref}")
    assert gone.status == 410
    assert "原文提到了他人的住址" in gone.text
    assert ref not in client.get("/cases").text
    again = nuo.submit(done, "/desk/releases")
    send(nuo, again, act="propose")
    mei.submit(mei.get(again.path), "/publication")
    assert client.get(f"/cases/{ref}").status == 200
    assert "第 3 版" in client.get(f"/cases/{ref}/versions").text


def test_the_case_page_and_the_start_page_say_how_it_stands(
    app: Flask, city: City, mei: Client, nuo: Client
) -> None:
    ref = answered(app, city)
    page = mei.get(f"/desk/cases/{ref}")
    assert "准备公开" in page.text
    assert "可以公开的已答复办件" in mei.get("/desk/").text
    mei.submit(page, "/desk/releases")
    assert "草稿" in mei.get(f"/desk/cases/{ref}").text
    assert "诉求人不同意公开" in mei.get(f"/desk/cases/{answered(app, city, consent_to_publish=False)}").text


def test_a_dropped_draft_leaves_nothing(app: Flask, city: City, mei: Client) -> None:
    ref = answered(app, city)
    page = prepared(mei, ref)
    mei.submit(page, "/drop")
    assert "草稿" not in mei.get(f"/desk/cases/{ref}").text
    assert ref not in mei.get("/desk/releases?show=ready").text, "it was decided against"


@pytest.mark.parametrize("lang", ["zh_Hant", "en"])
def test_the_desk_reads_in_other_languages(app: Flask, city: City, lang: str) -> None:
    there = Client(app, lang).sign_in(city.person("mei"))
    ref = answered(app, city, body=f"电话{PHONE}")
    page = prepared(there, ref)
    there.get(page.path)
    for show in ("decide", "returned", "drafts", "waiting", "ready", "published", "nonsense"):
        assert there.get(f"/desk/releases?show={show}").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/desk/releases/99",
        f"/desk/releases/{10**30}",
        "/desk/releases/published/B26-99999",
        "/desk/releases/published/%00",
    ],
)
def test_what_is_not_there_is_not_found(mei: Client, path: str) -> None:
    assert mei.get(path).status == 404


def test_the_queue_takes_few_statements(app: Flask, city: City, mei: Client) -> None:
    for _ in range(3):
        answered(app, city)
    mei.get("/desk/releases?show=ready")
    with counted(app) as statements:
        mei.get("/desk/releases?show=ready")
    assert len(statements) <= 5, statements
