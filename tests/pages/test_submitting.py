"""Submitting an appeal through the public form, and filing for a caller at the desk."""

import io
import re
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.cases.models import Appeal, Case
from portal.cases.texts import AppealText, Attachment
from portal.intake.models import AppealDraft, StagedFile
from portal.intake.service import purge_drafts
from portal.kernel import clock
from portal.web import guarding
from portal.web.limits import Limiter, MemoryStore, Rule
from tests.cast import NOW, City
from tests.client import Client, Page
from tests.services.test_attachments import PDF, photo

TOLD = {
    "kind": "help",
    "title": "望江新村 8 号楼电梯停运 6 天",
    "body": "我们楼电梯坏了六天了，楼上三位老人下不来。希望有人来看，先恢复一台也行。",
    "place": "望江新村 12 号楼",
    "consent": "yes",
    "phone": "139 0000 0000",
}
CREDIT_CODE = "91110000600037341L"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The cast's Thursday; `noon(seconds=10)` lets time pass."""
    moments = [NOW]
    monkeypatch.setattr(clock, "now", lambda: moments[0])

    def passes(**time: float) -> None:
        moments[0] += timedelta(**time)

    return passes


def fill_in(client: Client, noon: Any, page: Page | None = None, **values: Any) -> Page:
    page = page or client.get("/appeals/new")
    noon(seconds=60)
    return client.submit(page, "/appeals/new", **(TOLD | values))


def send(client: Client, noon: Any, check: Page, **values: Any) -> Page:
    noon(seconds=10)
    return client.submit(check, "/appeals/new/check", **values)


def count(app: Flask, table: type) -> int:
    with app.extensions["portal_database"].reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def only(app: Flask, table: type) -> Any:
    with app.extensions["portal_database"].reading() as db:
        return db.scalars(select(table)).one()


def codes(page: Page) -> tuple[str, str]:
    receipt, code = ("".join(element.itertext()) for element in page.all("code")[:2])
    return receipt, code


@pytest.mark.parametrize("lang", ["zh_Hans", "zh_Hant", "en"])
def test_a_citizen_submits_an_appeal_and_is_given_number_and_code(app: Flask, noon: Any, lang: str) -> None:
    client = Client(app, lang)
    check = fill_in(client, noon)
    assert "望江新村 8 号楼电梯停运 6 天" in check.text
    assert count(app, Appeal) == 0, "nothing is sent before the check page"
    receipt = send(client, noon, check)
    number, code = codes(receipt)
    assert re.fullmatch(r"S26-\d+", number)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)
    words = {"zh_Hans": "2026 年 7 月 3 日", "zh_Hant": "2026 年 7 月 3 日", "en": "3 July 2026"}[lang]
    assert words in receipt.text.replace("\u00a0", " "), "the due date, ten working days on"
    kept = only(app, AppealText)
    assert (kept.title, kept.place) == (TOLD["title"], TOLD["place"])
    assert (only(app, Appeal).locale, only(app, Appeal).suspected) == (lang, "")


def test_reloading_shows_the_same_receipt_and_going_back_files_nothing_again(
    client: Client, app: Flask, noon: Any
) -> None:
    form = client.get("/appeals/new")
    check = fill_in(client, noon, form)
    receipt = send(client, noon, check)
    assert codes(client.get(receipt.path)) == codes(receipt)
    assert codes(client.get(check.path)) == codes(receipt)
    assert codes(fill_in(client, noon, form, title="一个完全不同的题目")) == codes(receipt)
    assert count(app, Appeal) == 1


def test_a_double_click_makes_one_appeal(client: Client, app: Flask, noon: Any) -> None:
    check = fill_in(client, noon)
    assert codes(send(client, noon, check)) == codes(send(client, noon, check))
    assert count(app, Appeal) == count(app, Case) == 1


def test_whoever_sits_down_afterwards_finds_nothing_by_going_back(client: Client, noon: Any) -> None:
    check = fill_in(client, noon)
    form_id = check.form("/check").fields["client_id"]
    number, code = codes(send(client, noon, check))
    form = f"/appeals/new?form={form_id}"
    assert client.get(form).path == f"/appeals/{number}", "a reload right after sending still leads there"
    client.submit(client.get(f"/appeals/{number}"), "/leave")
    for address in (form, f"/appeals/new/check?form={form_id}"):
        page = client.get(address)
        assert page.path.startswith("/appeals/new")
        assert code not in page.text
    again = client.submit(client.get(form), "/appeals/new", **TOLD)
    assert send(client, noon, again).path != f"/appeals/{number}"


def test_going_back_to_the_form_shows_the_code_no_longer_than_the_page_itself(
    client: Client, noon: Any
) -> None:
    check = fill_in(client, noon)
    form_id = check.form("/check").fields["client_id"]
    send(client, noon, check)
    noon(hours=3)
    for address in (f"/appeals/new?form={form_id}", f"/appeals/new/check?form={form_id}"):
        page = client.get(address)
        assert page.path.startswith("/appeals/track")
    assert client.submit(check, "/check").path.startswith("/appeals/track")


def test_a_kill_between_commit_and_answer_loses_nothing(client: Client, app: Flask, noon: Any) -> None:
    """The answer never arrives; the browser sends the same form again to a fresh process."""
    check = fill_in(client, noon)
    noon(seconds=10)
    form = check.form("/appeals/new/check")
    lost = app.test_client()
    for cookie in client.browser._cookies.values():
        lost._cookies[cookie._storage_key] = cookie
    lost.post(form.action, data=form.fields)
    assert count(app, Appeal) == 1
    app.extensions["portal_spent"] = type(app.extensions["portal_spent"])()
    receipt = client.submit(check, "/appeals/new/check")
    assert codes(receipt)[0] == only(app, Appeal).receipt
    assert count(app, Appeal) == 1


def test_what_is_missing_is_said_at_its_place_and_what_was_typed_stays(client: Client, app: Flask) -> None:
    page = client.submit(
        client.get("/appeals/new"),
        "/appeals/new",
        **(TOLD | {"title": "电梯", "kind": None, "phone": "1380013800"}),
    )
    assert page.status == 422
    assert "有 3 处要改" in page.text
    fields = page.form("/appeals/new").fields
    assert (fields["title"], fields["phone"], fields["body"]) == ("电梯", "1380013800", TOLD["body"])
    assert page.by_id("title").get("aria-invalid") == "true"
    assert count(app, Appeal) == 0


def test_files_survive_an_invalid_form_and_can_be_taken_out(
    client: Client, app: Flask, noon: Any, settings: Any
) -> None:
    page = fill_in(client, noon, title="电梯", files=(io.BytesIO(PDF), "证明.pdf"))
    assert page.status == 422
    assert "证明.pdf" in page.text
    again = fill_in(client, noon, page, files=(io.BytesIO(photo()), "楼道.jpg"))
    assert "证明.pdf" in again.text
    assert "楼道.jpg" in again.text
    back = client.get(again.links()["返回修改"])
    remove = next(button for button in back.all("button") if button.get("name") == "remove")
    form = back.form("/appeals/new")
    less = client.post(form.action, form.fields | {"remove": remove.get("value")})
    assert "证明.pdf" not in less.text
    assert "楼道.jpg" in less.text
    assert less.form("/appeals/new").fields["title"] == TOLD["title"], "everything else stays"
    assert len(list(settings.upload_dir.rglob("*.*"))) == 1


def test_files_go_with_the_appeal(client: Client, app: Flask, noon: Any) -> None:
    receipt = send(client, noon, fill_in(client, noon, files=(io.BytesIO(PDF), "证明.pdf")))
    attachment = only(app, Attachment)
    assert (attachment.name, attachment.kind, attachment.appeal_id) == ("证明.pdf", "appeal", 1)
    assert count(app, StagedFile) == 0
    answer = client.browser.get(receipt.links()["证明.pdf"])
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_picture_is_shown_and_a_file_that_is_none_is_refused_by_name(
    client: Client, app: Flask, noon: Any
) -> None:
    page = fill_in(client, noon, files=(io.BytesIO(b"MZ" + b"\0" * 300), "photo.jpg"))
    assert page.status == 422
    assert "photo.jpg：只能上传" in page.text
    receipt = send(client, noon, fill_in(client, noon, page, files=(io.BytesIO(photo()), "楼道.jpg")))
    answer = client.browser.get(receipt.links()["楼道.jpg"])
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_at_most_so_many_files_are_taken(client: Client, app: Flask, noon: Any, settings: Any) -> None:
    form = client.get("/appeals/new").form("/appeals/new")
    many = [(io.BytesIO(PDF + b"%d\n%%%%EOF" % n), f"{n}.pdf") for n in range(settings.max_attachments + 1)]
    noon(seconds=60)
    page = client.post(form.action, form.fields | TOLD | {"files": many}, content_type="multipart/form-data")
    assert page.status == 422
    assert "最多上传 6 个文件" in page.text
    assert count(app, StagedFile) == settings.max_attachments


def test_nobody_else_finds_what_somebody_is_writing(client: Client, app: Flask, noon: Any) -> None:
    check = fill_in(client, noon)
    stranger = Client(app)
    assert TOLD["title"] not in stranger.get(check.path).text
    form = check.links()["返回修改"]
    assert TOLD["title"] not in str(stranger.get(form).form("/appeals/new").fields)
    with app.extensions["portal_database"].reading() as db:
        assert "望江".encode() not in db.scalars(select(AppealDraft.sealed)).one(), "it is kept sealed"


def test_what_was_never_sent_is_removed(client: Client, app: Flask, noon: Any) -> None:
    fill_in(client, noon, files=(io.BytesIO(PDF), "证明.pdf"))
    noon(hours=9)
    with app.extensions["portal_database"].transaction() as db:
        assert len(purge_drafts(db, clock.now())) == 1
    assert count(app, AppealDraft) == count(app, StagedFile) == 0


def test_a_company_is_known_by_its_code(client: Client, app: Flask, noon: Any) -> None:
    company = {"party_kind": "company", "company_name": "平澜精工有限公司"}
    page = fill_in(client, noon, **company, credit_code="91110000600037341X")
    assert page.status == 422
    assert "最后一位是校验码" in page.text
    send(client, noon, fill_in(client, noon, page, **company, credit_code=CREDIT_CODE.lower()))
    assert only(app, Appeal).party_kind == "company"


def test_what_a_citizen_left_in_the_companys_fields_counts_for_nothing(
    client: Client, app: Flask, noon: Any
) -> None:
    send(client, noon, fill_in(client, noon, credit_code="nonsense", company_name="x"))
    assert only(app, Appeal).company_id is None


def test_words_of_danger_bring_the_number_to_call(client: Client, noon: Any) -> None:
    check = fill_in(client, noon, body="电梯井里有人困在电梯里，还闻到燃气味，请快来处理这件事。")
    assert "拨打 119" in check.text
    assert "拨打 119" not in fill_in(client, noon).text


def test_a_form_sent_in_a_second_with_the_hidden_field_filled_in_is_taken_in_and_marked(
    client: Client, app: Flask, noon: Any
) -> None:
    page = client.get("/appeals/new")
    check = client.submit(page, "/appeals/new", **TOLD, website="http://spam.example")
    send(client, noon, check)
    assert only(app, Appeal).suspected == "trap,haste"


def test_the_screener_is_told_why_to_look_twice(client: Client, app: Flask, noon: Any, city: City) -> None:
    send(client, noon, client.submit(client.get("/appeals/new"), "/appeals/new", **TOLD))
    with app.extensions["portal_database"].reading() as db:
        ref = db.scalars(select(Case.ref)).one()
    page = Client(app).sign_in(city.person("mei")).get(f"/desk/cases/{ref}")
    assert "提交得比人打字还快" in page.text


def test_sending_without_script_is_asked_to_wait_a_few_seconds(client: Client, app: Flask, noon: Any) -> None:
    check = fill_in(client, noon)
    page = client.submit(check, "/appeals/new/check")
    assert page.status == 422
    assert count(app, Appeal) == 0
    send(client, noon, page)
    assert count(app, Appeal) == 1


def test_a_flood_from_one_network_is_told_how_long_to_wait_and_loses_nothing(
    client: Client, app: Flask, noon: Any
) -> None:
    rules = guarding.limits.RULES | {"appeal.network": Rule(burst=1, every=180, by="network")}
    app.extensions["portal_limiter"] = Limiter(MemoryStore(lambda: clock.now().timestamp()), rules=rules)
    send(client, noon, fill_in(client, noon))
    check = fill_in(client, noon, title="同一网络的另一件诉求")
    page = send(client, noon, check)
    assert page.status == 429
    assert "2 分钟" in page.text
    noon(minutes=4)
    assert codes(send(client, noon, page))[0]
    assert count(app, Appeal) == 2


def test_a_form_from_another_site_changes_nothing(client: Client, app: Flask, noon: Any) -> None:
    check = fill_in(client, noon)
    form = check.form("/appeals/new/check")
    noon(seconds=10)
    page = client.post(form.action, form.fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status == 403
    assert client.post(form.action, form.fields | {"csrf_token": "x"}).status == 422
    assert count(app, Appeal) == 0


LANGUAGES = ("zh_Hans", "zh_Hant", "en")
HOSTILE = [
    {"title": "\x00\x01\x02", "body": "\x00" * 40},
    {"title": "x" * 1_000_000},
    {"body": "字" * 300_000},
    {"kind": "no such kind", "category": "999999", "area": "-1", "concerns_unit": "' OR 1=1"},
    {"category": "9" * 400, "party_kind": "\u202eperson"},
    {"client_id": "../../etc", "opened": "x" * 1000},
    {"client_id": "x" * 100_000},
    {"phone": "１３９" * 1000, "email": "@" * 500},
    {"consent": "maybe", "remove": "9" * 500},
    {"remove": "-1", "add": "1"},
    {"proof": "p1.14", "csrf_token": "\ud83d".encode("utf-8", "replace").decode()},
]


@pytest.mark.parametrize("values, lang", list(zip(HOSTILE, cycle(LANGUAGES), strict=False)))
def test_hostile_input_is_answered_in_words(app: Flask, noon: Any, values: dict[str, str], lang: str) -> None:
    client = Client(app, lang)
    form = client.get("/appeals/new").form("/appeals/new")
    noon(seconds=60)
    page = client.post(form.action, form.fields | TOLD | values)
    assert page.status in (200, 404, 413, 422)
    assert page.heading
    assert count(app, Appeal) == 0


@pytest.mark.parametrize("path", ["/appeals/new", "/appeals/new/check"])
@pytest.mark.parametrize(
    "sent",
    [
        {"data": b"\xff\xfe\x00" * 1000, "content_type": "application/x-www-form-urlencoded"},
        {"data": b"\xff\xfe\x00" * 1000, "content_type": "multipart/form-data; boundary=x"},
        {"data": b'{"a": 1}', "content_type": "application/json"},
        {"data": b"title=" + b"x" * 3_000_000, "content_type": "application/x-www-form-urlencoded"},
    ],
)
def test_bodies_that_are_no_form_are_answered_in_words(client: Client, path: str, sent: Any) -> None:
    client.get("/appeals/new")
    answer = client.browser.post(path, **sent)
    assert answer.status_code in (303, 400, 413, 415, 422)


@pytest.mark.parametrize("query", ["", "?form=", "?form=x", "?form=%00", "?form=" + "x" * 5000])
def test_odd_addresses_of_the_form_lead_to_a_fresh_one(client: Client, query: str) -> None:
    assert client.get("/appeals/new" + query).heading == "提诉求"
    assert client.get("/appeals/new/check" + query).heading == "提诉求"


# ── at the desk ──


def file_for_caller(client: Client, **values: Any) -> Page:
    page = client.get("/desk/appeals/new?source_kind=visit&source_id=7")
    return client.submit(page, "/desk/appeals/new", **(TOLD | {"channel": "hotline_12345"} | values))


def test_staff_file_for_a_caller_and_read_number_and_code_out(app: Flask, city: City) -> None:
    desk = Client(app).sign_in(city.person("mei"))
    page = file_for_caller(desk, files=(io.BytesIO(PDF), "证明.pdf"))
    appeal = only(app, Appeal)
    assert appeal.receipt in page.text
    assert (appeal.source_kind, appeal.source_id, appeal.filed_by_id) == ("visit", 7, city.person("mei"))
    assert only(app, Attachment).appeal_id == appeal.id
    code = "".join("".join(page.all("code")[0].itertext()).split("-"))
    assert len(code) == 16
    public = Client(app)
    page = public.submit(public.get("/appeals/track"), "/appeals/track", receipt=appeal.receipt, code=code)
    assert page.path == f"/appeals/{appeal.receipt}"


@pytest.mark.parametrize("number", ["%00", "9" * 400, "²", "1%0A", "-1"])
def test_a_source_that_is_none_is_passed_over(app: Flask, city: City, number: str) -> None:
    mei = Client(app).sign_in(city.person("mei"))
    assert mei.get(f"/desk/appeals/new?source_kind=visit&source_id={number}").status == 200


def test_filing_twice_for_a_caller_makes_one_appeal(app: Flask, city: City) -> None:
    desk = Client(app).sign_in(city.person("mei"))
    page = desk.get("/desk/appeals/new")
    values = TOLD | {"channel": "counter", "files": None}
    first = desk.submit(page, "/desk/appeals/new", **values)
    again = desk.submit(page, "/desk/appeals/new", **values)
    assert first.path == again.path
    assert count(app, Appeal) == 1


def test_the_code_is_read_out_for_an_hour_only_and_only_by_whoever_filed(
    app: Flask, city: City, noon: Any
) -> None:
    desk = Client(app).sign_in(city.person("mei"))
    filed = file_for_caller(desk)
    assert Client(app).sign_in(city.person("nuo")).get(filed.path).status == 404
    noon(minutes=61)
    later = desk.get(filed.path)
    assert "查询码不再显示" in later.text
    assert not later.all("code")


def test_what_is_missing_at_the_desk_is_said_at_its_place(app: Flask, city: City) -> None:
    desk = Client(app).sign_in(city.person("mei"))
    page = file_for_caller(desk, title="", files=(io.BytesIO(PDF), "证明.pdf"))
    assert page.status == 422
    assert "证明.pdf" in page.text
    assert count(app, Appeal) == 0


def test_an_official_may_not_file_and_the_public_is_asked_to_sign_in(app: Flask, city: City) -> None:
    assert Client(app).sign_in(city.person("lin")).get("/desk/appeals/new").status == 403
    assert "/account/sign-in" in Client(app).get("/desk/appeals/new", follow=False).location


def test_staff_open_a_file_of_a_case_they_may_read_and_no_other(
    app: Flask, client: Client, city: City, noon: Any
) -> None:
    send(client, noon, fill_in(client, noon, files=(io.BytesIO(PDF), "证明.pdf")))
    address = f"/desk/attachments/{only(app, Attachment).id}"
    assert Client(app).sign_in(city.person("mei")).browser.get(address).data == PDF
    assert Client(app).sign_in(city.person("lin")).get(address).status == 404, "no case of theirs"
    assert Client(app).sign_in(city.person("an")).get(address).status == 403
    assert Client(app).sign_in(city.person("mei")).get("/desk/attachments/999").status == 404


def test_what_was_typed_can_be_thrown_away(client: Client, app: Flask, noon: Any, settings: Any) -> None:
    check = fill_in(client, noon, files=(io.BytesIO(PDF), "证明.pdf"))
    page = client.submit(check, "/discard")
    assert "已删除" in page.text
    assert count(app, AppealDraft) == count(app, StagedFile) == 0
    assert not list(settings.upload_dir.rglob("*.pdf"))
    other = Client(app)
    fields = check.form("/discard").fields
    token = other.get("/appeals/new").form("/appeals/new").fields["csrf_token"]
    check = fill_in(client, noon)
    fields = check.form("/discard").fields | {"csrf_token": token}
    other.post("/appeals/new/discard", fields)
    assert count(app, AppealDraft) == 1, "a stranger throws away nothing of mine"


def test_the_unit_that_has_the_case_is_not_told_of_spam(
    client: Client, app: Flask, noon: Any, city: City
) -> None:
    send(client, noon, client.submit(client.get("/appeals/new"), "/appeals/new", **TOLD))
    with app.extensions["portal_database"].transaction() as db:
        case = db.scalars(select(Case)).one()
        case.state = "handling"
        ref = case.ref
    page = Client(app).sign_in(city.person("mei")).get(f"/desk/cases/{ref}")
    assert "提交得比人打字还快" not in page.text
