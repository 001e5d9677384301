"""The public page of a case: what was asked, answered and proved, how long it took, how it was rated."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.cases.texts import Attachment
from portal.kernel import files
from portal.kernel.clock import local_date, now
from portal.ledger import service as ledger
from portal.publishing.models import PublishedDetail
from portal.settings import Settings
from tests.cast import NOW, ZONE, City
from tests.client import Client
from tests.published import BODY, a_file, publish, withdraw
from tests.statements import counted

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def test_a_solved_case_tells_its_whole_story(app: Flask, client: Client, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        publish(db, city)
    client.get("/cases")
    with counted(app) as statements:
        page = client.get("/cases/B26-00001")
    assert len(statements) <= 3, statements
    assert page.heading == "翠湖苑 6 号楼加装电梯，申请 11 个月没有结果"
    for words in (
        "已解决",
        "23 人提出",
        "市住房和城乡建设局",
        "街道说要住建局定",
        "已核发施工许可",
        "证据 3 份",
        "14 人评价，12 人满意或很满意",
        "14 / 17",
        "提前 3 天",
        "会客厅办公室交办市住房和城乡建设局",
        "交办单 平会厅交〔2026〕412号",
        "一窗收件",
        "网上提交",
    ):
        assert words in page.text, words


def test_an_explained_case_is_not_shown_as_solved(app: Flask, client: Client, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        publish(db, city, outcome="explained", ratings={}, rated=0, satisfied=0, mechanism="")
    page = client.get("/cases/B26-00001")
    assert "不计入“已解决”" in page.text
    assert "凭什么算解决" not in page.text
    assert "未评价。这不说明" in page.text


def test_an_opened_again_case_shows_its_running_clock(app: Flask, client: Client, city: City) -> None:
    today = local_date(now(), ZONE)
    clock = {
        "due": (today + timedelta(days=9)).isoformat(),
        "days": [[(today + timedelta(days=n)).isoformat(), "run"] for n in (-1, 0, 1, 2)],
        "used": 2,
        "limit": 4,
    }
    with app.extensions["portal_database"].transaction() as db:
        publish(db, city, state="handling", outcome="open", closed_at=None, clock=clock)
    page = client.get("/cases/B26-00001")
    assert "2 / 4" in page.text
    assert sum("is-left" in (li.get("class") or "") for li in page.all("li")) >= 2


def test_an_imported_case_without_clock_or_unit_has_a_page(app: Flask, client: Client, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        publish(
            db,
            city,
            unit_id=None,
            unit_name="某局",
            clock={},
            timeline=[],
            gates={},
            ratings={},
            facts={"is_history": True},
            workdays_used=None,
            workdays_limit=None,
        )
    page = client.get("/cases/B26-00001")
    assert "某局" in page.text
    assert "历史记录" in page.text
    assert "B26-00001" in client.get("/cases").text


def test_a_correction_is_said_on_the_page_and_in_the_record(app: Flask, client: Client, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        row = publish(db, city, correction_note="户数写错了，改为 28 户。", version=2)
        note = {"title": row.title, "body": BODY, "note": "户数写错了，改为 28 户。"}
        ledger.record(db, NOW, "case", row.ref, "corrected", note)
    page = client.get("/cases/B26-00001")
    assert "本页作过更正" in page.text
    assert "户数写错了" in page.text
    record = client.get(page.links()["查看全部版本"])
    assert "第 2 版 · 更正" in record.text
    assert "第 1 版 · 公开" in record.text
    assert "街道说要住建局定" in record.text


def test_a_withdrawn_case_leaves_a_tombstone(app: Flask, client: Client, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        row = publish(db, city)
        other = publish(db, city, "B26-00002")
        withdraw(db, row)
        withdraw(db, other, words="", code="erased")
    page = client.get("/cases/B26-00001")
    assert page.status == 410
    assert "原文提到了他人住址" in page.text
    assert "翠湖苑" not in page.html
    assert "要求删除" in client.get("/cases/B26-00002").text
    record = client.get("/cases/B26-00001/versions")
    assert "翠湖苑" not in record.html
    assert "指纹保留" in record.text
    assert "B26-00001" not in client.get("/cases").html
    assert "/cases/B26-00001" not in client.get("/cases?q=b26-00001&area=east").links().values()


def test_a_released_file_can_be_fetched_and_a_withdrawn_one_cannot(
    app: Flask, client: Client, city: City, settings: Settings, tmp_path: Path
) -> None:
    kept = files.keep(settings.upload_dir, "纪要.pdf", PDF, date(2026, 6, 8))
    with app.extensions["portal_database"].transaction() as db:
        row = publish(db, city)
        attachment = Attachment(
            case_id=row.case_id,
            kind="evidence",
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
            stored_as=kept.stored_as,
            made_at=NOW,
        )
        db.add(attachment)
        db.flush()
        a_file(db, row, attachment.id, stored_as=kept.stored_as)
    page = client.get("/cases/B26-00001")
    url = page.links()["协商会纪要（隐去个人信息）"]
    answer = client.get(url)
    assert answer.response.get_data() == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(url.replace("B26-00001", "B26-00002")).status == 404
    with app.extensions["portal_database"].transaction() as db:
        withdraw(db, db.merge(row))
    assert client.get(url).status == 404


@pytest.mark.parametrize(
    "path", ["/cases/B26-99999", "/cases/" + "x" * 300, "/cases/%00", "/cases/B26-1/files/9e9"]
)
def test_what_was_never_published_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status == 404


def test_a_file_number_of_any_size_is_no_fault(client: Client) -> None:
    assert client.get(f"/cases/B26-00001/files/{10**30}").status == 404


@pytest.mark.parametrize("lang", ["zh_Hant", "en"])
def test_a_text_keeps_its_own_language(app: Flask, city: City, lang: str) -> None:
    with app.extensions["portal_database"].transaction() as db:
        publish(db, city, correction_note="改了户数。")
    page = Client(app, lang).get("/cases/B26-00001")
    assert page.all("h1")[0].get("lang") == "zh-Hans"
    assert any("quote" in (d.get("class") or "") and d.get("lang") == "zh-Hans" for d in page.all("div"))
    Client(app, lang).get("/cases/B26-00001/versions")


def test_the_fingerprint_on_the_page_is_that_of_the_record(app: Flask, client: Client, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        row = publish(db, city)
        whole = db.get_one(PublishedDetail, row.id).fingerprint
    groups = " ".join(whole[at : at + 4] for at in range(0, 16, 4))
    assert groups in client.get("/cases/B26-00001").text
    assert whole in client.get("/cases/B26-00001/versions").text
