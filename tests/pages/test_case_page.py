"""The case page: what the staff read about one case, and what looking at a contact leaves behind."""

import pytest
from flask import Flask
from sqlalchemy import update

from portal.cases.history import HistoryEntry
from portal.cases.models import Channel
from portal.cases.texts import CaseMechanism
from portal.identity.models import Unit
from tests.cast import NOW, City
from tests.client import Client
from tests.pages.desk_visits import signed_in, standing
from tests.pages.test_following import track
from tests.pages.test_worklist import file
from tests.statements import counted


def test_the_case_page_shows_words_clock_and_history_but_no_contact(app: Flask, city: City) -> None:
    filed = file(app)
    page = Client(app).sign_in(city.person("mei")).get(f"/desk/cases/{filed.ref}")
    assert page.heading == "锦帆里小区路灯不亮"
    for words in ("三号楼前的路灯坏了两个星期", filed.receipt, "提交诉求", "时限 10 个工作日", "甄别"):
        assert words in page.text
    assert "王小满" not in page.html and "13900001234" not in page.html
    assert page.headers["Cache-Control"] == "private, no-store"


def test_the_contact_is_shown_on_demand_and_that_is_written_down(app: Flask, city: City) -> None:
    filed = file(app)
    mei = Client(app).sign_in(city.person("mei"))
    page = mei.submit(mei.get(f"/desk/cases/{filed.ref}"), "/contact")
    assert "王小满" in page.text and "13900001234" in page.text
    assert "查看了诉求人联系方式" in mei.get(f"/desk/cases/{filed.ref}").text
    with app.extensions["portal_database"].reading() as db:
        entry = db.query(HistoryEntry).filter_by(act="contact_shown").one()
        assert entry.actor_id == city.person("mei")


def test_who_may_not_see_contacts_is_not_offered_them(app: Flask, city: City) -> None:
    filed = file(app)
    su = Client(app).sign_in(city.person("su"))
    page = su.get(f"/desk/cases/{filed.ref}")
    assert "显示联系方式" not in page.text
    assert su.post(f"/desk/cases/{filed.ref}/contact", {"appeal_id": filed.appeal_id}).status == 403


def test_a_wrong_number_or_a_stale_page_shows_no_contact(app: Flask, city: City) -> None:
    filed = file(app)
    mei = Client(app).sign_in(city.person("mei"))
    token = mei.get(f"/desk/cases/{filed.ref}").form("/contact").fields["csrf_token"]
    for number in ("", "x", "99", "9" * 40, "²"):
        page = mei.post(f"/desk/cases/{filed.ref}/contact", {"appeal_id": number, "csrf_token": token})
        assert page.status in (404, 422), number
        assert "王小满" not in page.html
    assert mei.post(f"/desk/cases/{filed.ref}/contact", {"appeal_id": filed.appeal_id}).status == 422


def test_unknown_cases_slips_and_files_are_not_found(app: Flask, city: City) -> None:
    filed = file(app)
    mei = Client(app).sign_in(city.person("mei"))
    for path in (
        "B99-00001",
        "%00",
        "B" * 99,
        f"{filed.ref}/slips/1",
        f"{filed.ref}/slips/{10**30}",
        f"{filed.ref}/files/{10**30}",
        f"{filed.ref}/slips/x",
        f"{filed.ref}/files/9",
    ):
        assert mei.get(f"/desk/cases/{path}").status == 404, path


def test_the_case_page_takes_as_many_statements_for_a_thick_file_as_for_a_thin_one(
    app: Flask, city: City
) -> None:
    filed = file(app)
    mei = Client(app).sign_in(city.person("mei"))
    with counted(app) as thin:
        mei.get(f"/desk/cases/{filed.ref}")
    for number in range(5):
        page = mei.get(f"/desk/cases/{filed.ref}/notes")
        mei.submit(page, "/notes", body=f"记录 {number}")
    with counted(app) as thick:
        mei.get(f"/desk/cases/{filed.ref}")
    assert len(thick) == len(thin) <= 31


def test_every_language_reads_the_desk(app: Flask, city: City) -> None:
    filed = file(app)
    for lang in ("zh_Hant", "en"):
        client = Client(app, lang).sign_in(city.person("mei"))
        for path in ("/desk/", "/desk/cases", f"/desk/cases/{filed.ref}", "/desk/filters"):
            assert client.get(path).status == 200


@pytest.mark.parametrize(
    ("state", "said"),
    [("not_accepted", "时钟已停：不予受理"), ("withdrawn", "时钟已停：已撤回"), ("answered", "已按时答复")],
)
def test_a_clock_that_nobody_answered_is_not_said_to_be_kept(
    app: Flask, city: City, state: str, said: str
) -> None:
    filed = standing(app, city, state)
    page = signed_in(app, city, "mei").get(f"/desk/cases/{filed.ref}")
    assert said in page.text
    assert ("答复" in said) == ("按时答复" in page.text)
    mine = track(Client(app), filed.receipt, filed.code)
    assert ("原为答复期限，时钟已停" in mine.text) == ("时钟已停" in said)


def test_a_case_without_a_mechanism_has_no_empty_line_about_it(app: Flask, city: City) -> None:
    filed = standing(app, city, "answered")
    with app.extensions["portal_database"].transaction() as db:
        kept = db.get(CaseMechanism, filed.case_id)
        if kept is None:
            db.add(CaseMechanism(case_id=filed.case_id, made_at=NOW))
        else:
            kept.outcome = kept.not_needed_because = ""
    assert "机制： " not in signed_in(app, city, "mei").get(f"/desk/cases/{filed.ref}").text
    assert "不需要，因为" not in signed_in(app, city, "mei").get(f"/desk/cases/{filed.ref}").text


def test_an_english_reader_reads_units_and_channels_in_english(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    with app.extensions["portal_database"].transaction() as db:
        db.get_one(Unit, city.unit("housing")).name_en = "Bureau of Housing"
        db.execute(update(Channel).values(name_en="By any way"))
    page = signed_in(app, city, "mei", "en").get(f"/desk/cases/{filed.ref}")
    rows = [" ".join(th.itertext()) for th in page.all("th") if th.get("scope") == "row"]
    assert any("Bureau of Housing" in row for row in rows)
    assert "By any way" in page.text
