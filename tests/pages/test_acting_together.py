"""Two people at one case, one person twice, and whoever the case is about."""

import pytest
from flask import Flask

from portal.cases.texts import Note
from tests.cast import City
from tests.pages.desk_visits import act, press, signed_in, standing, state_of


def test_the_second_of_two_officials_is_told_who_did_what_and_loses_nothing(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    lin, hou = signed_in(app, city, "lin"), signed_in(app, city, "hou")
    address = f"/desk/cases/{filed.ref}/reply"
    page = lin.get(address)
    act(hou, filed, "extension", proposed_day="2027-02-26", ground="要协商")
    typed = {"body": "写了很久的答复。", "closing_kind": "explained", "legal_ground": "第十条"}
    page = lin.submit(page, address, **typed)
    assert page.status == 409
    assert "侯局" in page.text and "申请延期" in page.text
    form = page.form(address)
    assert form.fields["body"] == "写了很久的答复。" and form.fields["legal_ground"] == "第十条"
    assert state_of(app, filed) == "handling"
    page = lin.submit(page, address)
    assert state_of(app, filed) == "answered"


def test_a_button_pressed_on_an_old_page_does_nothing_and_says_why(app: Flask, city: City) -> None:
    filed = standing(app, city, "assigned")
    lin, hou = signed_in(app, city, "lin"), signed_in(app, city, "hou")
    old = lin.get(f"/desk/cases/{filed.ref}")
    press(hou, filed, "acceptance")
    page = lin.submit(old, "/acceptance")
    assert "侯局" in page.text and state_of(app, filed) == "accepted"


def test_the_same_form_sent_twice_acts_once(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    lin = signed_in(app, city, "lin")
    page = lin.get(f"/desk/cases/{filed.ref}/notes")
    for _ in range(2):
        assert lin.submit(page, "/notes", body="只写一次").status == 200
    with app.extensions["portal_database"].reading() as db:
        assert db.query(Note).filter_by(body="只写一次").count() == 1


def test_a_template_is_put_behind_what_is_typed(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    mei, lin = signed_in(app, city, "mei"), signed_in(app, city, "lin")
    page = mei.get("/desk/templates/new")
    page = mei.submit(page, "", name="路灯", body="您好，路灯已修复。")
    assert "您好，路灯已修复。" in page.text
    address = f"/desk/cases/{filed.ref}/reply"
    page = lin.get(address)
    form = page.form(address)
    page = lin.post(address, form.fields | {"body": "王先生：", "template": "1"})
    assert page.status == 200
    assert page.form(address).fields["body"] == "王先生：\n\n您好，路灯已修复。"
    assert state_of(app, filed) == "handling"
    assert signed_in(app, city, "lin").get("/desk/templates/new").status == 403


def test_a_form_that_lacks_something_comes_back_with_everything(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    page = act(signed_in(app, city, "lin"), filed, "reply", body="办不了。", closing_kind="explained")
    assert page.status == 422 and "请写明法律依据" in page.text
    assert page.form("/reply").fields["body"] == "办不了。"


def test_a_stale_token_loses_nothing(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    lin = signed_in(app, city, "lin")
    page = lin.get(f"/desk/cases/{filed.ref}/notes")
    page = lin.submit(page, "/notes", body="写了很久", csrf_token="old")
    assert page.status == 422 and page.form("/notes").fields["body"] == "写了很久"


@pytest.mark.parametrize("state", ["submitted", "handling", "answered", "closed"])
def test_the_unit_complained_about_finds_no_trace_anywhere(app: Flask, city: City, state: str) -> None:
    filed = standing(
        app, city, state, unit="housing", concerns_unit_id=city.unit("roads"), title="独一无二的标题"
    )
    for key in ("lu", "qiao"):
        client = signed_in(app, city, key)
        for path in ("/desk/", "/desk/cases", "/desk/cases?state=any", "/desk/cases?q=独一无二&state=any"):
            text = client.get(path).text
            assert filed.ref not in text and "独一无二的标题" not in text, (key, path)
            assert "1 件" not in text, (key, path)
        for path in ("", "/notes", "/reply", "/objection/decision", "/slips/1", "/files/1", "/parts/1"):
            assert client.get(f"/desk/cases/{filed.ref}{path}").status == 404, (key, path)
        assert client.post(f"/desk/cases/{filed.ref}/contact", {"appeal_id": filed.appeal_id}).status == 404
        assert client.post(f"/desk/cases/{filed.ref}/acceptance").status in (404,)
    page = signed_in(app, city, "mei").get(f"/desk/cases/{filed.ref}")
    assert "独一无二的标题" in page.text


def test_the_unit_complained_about_is_not_offered_for_assignment(app: Flask, city: City) -> None:
    filed = standing(app, city, "screened", concerns_unit_id=city.unit("roads"))
    mei = signed_in(app, city, "mei")
    page = mei.get(f"/desk/cases/{filed.ref}/assignment")
    values = [option.get("value") for option in page.by_id("unit_id").iter() if option.get("value")]
    assert str(city.unit("housing")) in values and str(city.unit("roads")) not in values
    page = mei.submit(page, "/assignment", unit_id=str(city.unit("roads")))
    assert page.status == 422 and state_of(app, filed) == "screened"


def test_the_people_of_a_unit_are_offered_when_it_is_chosen(app: Flask, city: City) -> None:
    filed = standing(app, city, "screened")
    mei = signed_in(app, city, "mei")
    page = mei.get(
        f"/desk/cases/{filed.ref}/assignment?unit_id={city.unit('housing')}",
        headers={"HX-Request": "true", "HX-Target": "people"},
    )
    assert (
        not page.is_document and "林工" in page.html and "乔工" not in page.html and "吴老" not in page.html
    )
