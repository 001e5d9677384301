"""Assigning several cases at once, the category rules, and reply templates."""

import re
from datetime import timedelta

from flask import Flask

from portal.cases.models import Case, RoutingRule
from portal.identity import service as people
from portal.identity.actors import SYSTEM
from portal.kernel import clock
from tests.cast import ZONE, City
from tests.client import Client, Page
from tests.pages.desk_visits import signed_in, standing, state_of
from tests.statements import counted


def choose(client: Client, *refs: str) -> Page:
    return client.get("/desk/cases/assignments?" + "&".join(f"case={ref}" for ref in refs))


def send(client: Client, page: Page, **values: str) -> Page:
    """The form holds one `case` for each row, which a dictionary cannot."""
    form = page.form("/desk/cases/assignments")
    refs = re.findall(r'name="case" value="([^"]+)"', page.html)
    data = {key: value for key, value in form.fields.items() if value is not None} | {"case": refs} | values
    return client.post("/desk/cases/assignments", data)


def blank(page: Page) -> dict[str, str]:
    """An empty rule: a select that nobody touched sends its first option, a list of several nothing."""
    several = {"categories", "areas", "channels", "kinds"}
    fields = page.form("").fields.items()
    return {key: value for key, value in fields if value is not None and key not in several}


def test_several_cases_are_assigned_and_each_is_judged_on_its_own(app: Flask, city: City) -> None:
    first, second = standing(app, city, "screened"), standing(app, city, "screened")
    about = standing(app, city, "screened", concerns_unit_id=city.unit("housing"))
    ended, joint = standing(app, city, "closed"), standing(app, city, "screened", tier="joint")
    mei = signed_in(app, city, "mei")
    assert "批量交办" in mei.get("/desk/cases").text
    page = choose(mei, first.ref, second.ref, about.ref, ended.ref, joint.ref, "B99-00001", "%00", "';--")
    page = send(mei, page, unit_id=str(city.unit("housing")))
    assert page.heading == "5 件中已交办 2 件"
    assert [state_of(app, filed) for filed in (first, second)] == ["assigned", "assigned"]
    assert [state_of(app, filed) for filed in (about, ended, joint)] == ["screened", "closed", "screened"]
    for words in ("平会厅交", "诉求反映的正是该单位或该人员。", "已办结", "协办"):
        assert words in page.text


def test_without_a_unit_each_case_goes_where_the_rules_propose(app: Flask, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        db.add(
            RoutingRule(sort=1, name="路灯", conditions={"any_words": ["路灯"]}, unit_id=city.unit("roads"))
        )
    lamp = standing(app, city, "screened")
    other = standing(app, city, "screened", title="别的事", body="说不清楚", place="")
    mei = signed_in(app, city, "mei")
    page = send(mei, choose(mei, lamp.ref, other.ref))
    assert state_of(app, lamp) == "assigned" and state_of(app, other) == "screened"
    assert "没有规则建议单位" in page.text and "交通运输局" in page.text


def test_the_same_bulk_form_sent_twice_assigns_once(app: Flask, city: City) -> None:
    filed = standing(app, city, "screened")
    mei = signed_in(app, city, "mei")
    page = choose(mei, filed.ref)
    for _ in range(2):
        answer = send(mei, page, unit_id=str(city.unit("housing")))
        assert answer.heading == "1 件中已交办 1 件"


def test_a_case_that_changed_meanwhile_is_left_alone(app: Flask, city: City) -> None:
    filed = standing(app, city, "screened")
    mei, nuo = signed_in(app, city, "mei"), signed_in(app, city, "nuo")
    page = choose(mei, filed.ref)
    nuo.submit(nuo.get(f"/desk/cases/{filed.ref}/notes"), "/notes", body="等等")
    answer = send(mei, page, unit_id=str(city.unit("housing")))
    assert "诺敏" in answer.text and state_of(app, filed) == "screened"


def test_bulk_assignment_is_not_for_everybody_and_not_for_what_is_hidden(app: Flask, city: City) -> None:
    filed = standing(app, city, "screened", concerns_person_id=city.person("nuo"))
    assert signed_in(app, city, "lin").get("/desk/cases/assignments").status == 403
    nuo = signed_in(app, city, "nuo")
    page = choose(nuo, filed.ref)
    assert filed.ref not in page.text and "没有选中办件" in page.text
    mei = signed_in(app, city, "mei")
    page = choose(mei, filed.ref)
    assert send(mei, page, unit_id="999").status == 422


def test_rules_are_written_tried_ordered_and_switched(app: Flask, city: City) -> None:
    filed = standing(app, city, "submitted")
    mei = signed_in(app, city, "mei")
    page = mei.get("/desk/rules/new")
    typed = {"name": "路灯", "any_words": "路灯，灯杆", "unit_id": str(city.unit("roads"))}
    data = blank(page)
    tried = mei.post("/desk/rules/new", data | typed | {"try": "1"})
    assert tried.status == 200 and filed.ref not in mei.get("/desk/rules").text
    assert "锦帆里小区路灯不亮" in tried.text and "交通运输局" in tried.text
    page = mei.post("/desk/rules/new", data | typed)
    assert "包含任一：路灯、灯杆" in page.text.replace("包含任一: ", "包含任一：")
    page = mei.post(
        "/desk/rules/new", data | {"name": "区域", "areas": "east", "unit_id": str(city.unit("housing"))}
    )
    page = mei.submit(page, "/rules/2/position")
    assert page.text.index("1. 区域") < page.text.index("2. 路灯")
    page = mei.submit(page, "/rules/2/state")
    assert "已停用" in page.text or "规则已关闭" in page.text
    page = mei.get("/desk/rules/trial")
    assert "最近 1 件" in page.text
    again = standing(app, city, "submitted", body="另一盏灯")
    assert "建议" in mei.get(f"/desk/cases/{again.ref}").text


def name_qiao(mei: Client, city: City) -> Page:
    """Mei writes a rule that names Qiao, choosing the unit first, as without scripts."""
    unit = str(city.unit("roads"))
    page = mei.get(f"/desk/rules/new?unit_id={unit}")
    assert "乔工" in page.text and "林工" not in page.text
    typed = {"name": "路灯", "any_words": "路灯", "unit_id": unit, "person_id": str(city.person("qiao"))}
    return mei.post("/desk/rules/new", blank(page) | typed)


def send_away(app: Flask, city: City) -> None:
    with app.extensions["portal_database"].transaction() as db:
        today = clock.local_date(clock.now(), ZONE)
        people.give_leave(db, clock.now(), SYSTEM, city.person("qiao"), today, today + timedelta(days=9))


def test_a_rule_names_the_handler_and_the_forms_follow_it(app: Flask, city: City) -> None:
    mei = signed_in(app, city, "mei")
    assert "经办人：乔工" in name_qiao(mei, city).text
    filed = standing(app, city, "screened")
    address = f"/desk/cases/{filed.ref}"
    assert "经办人：乔工" in mei.get(address).text
    page = mei.get(f"{address}/assignment")
    assert "经办人：乔工" in page.text
    assert page.form("/assignment").fields["person_id"] == str(city.person("qiao"))
    other = mei.get(f"{address}/assignment?unit_id={city.unit('housing')}")
    assert other.form("/assignment").fields["person_id"] == ""
    assert state_of(app, filed) == "screened"
    sent = send(mei, choose(mei, filed.ref))
    assert "交通运输局" in sent.text
    with app.extensions["portal_database"].reading() as db:
        assert db.get_one(Case, filed.case_id).handler_id == city.person("qiao")


def test_when_the_handler_is_away_the_unit_alone_is_proposed_and_the_pages_say_why(
    app: Flask, city: City
) -> None:
    mei = signed_in(app, city, "mei")
    name_qiao(mei, city)
    filed = standing(app, city, "screened")
    send_away(app, city)
    address = f"/desk/cases/{filed.ref}"
    for path in (address, f"{address}/assignment", "/desk/rules", "/desk/rules/1"):
        assert "规则指定的乔工休假至" in mei.get(path).text, path
    assert mei.get(f"{address}/assignment").form("/assignment").fields["person_id"] == ""
    page = choose(mei, filed.ref)
    assert "规则指定的乔工休假至" in page.text
    send(mei, page)
    with app.extensions["portal_database"].reading() as db:
        case = db.get_one(Case, filed.case_id)
        assert (case.lead_unit_id, case.handler_id) == (city.unit("roads"), None)


def test_a_handler_of_another_unit_is_refused_in_the_rule(app: Flask, city: City) -> None:
    mei = signed_in(app, city, "mei")
    data = blank(mei.get("/desk/rules/new")) | {"name": "x", "any_words": "灯"}
    for person in ("lin", "mei"):
        values = {"unit_id": str(city.unit("roads")), "person_id": str(city.person(person))}
        assert mei.post("/desk/rules/new", data | values).status == 422
    assert "暂无规则" in mei.get("/desk/rules").text or "还没有规则" in mei.get("/desk/rules").text


def test_a_rule_needs_a_name_a_condition_and_a_unit(app: Flask, city: City) -> None:
    mei = signed_in(app, city, "mei")
    page = mei.get("/desk/rules/new")
    data = blank(page)
    unit = {"unit_id": str(city.unit("roads"))}
    assert mei.post("/desk/rules/new", data | unit).status == 422
    assert mei.post("/desk/rules/new", data | {"name": "x", "any_words": "灯"}).status == 422
    assert mei.post("/desk/rules/new", data | {"name": "x"} | unit).status == 422
    assert mei.post("/desk/rules/new", data | {"name": "x", "areas": "moon"} | unit).status == 422
    assert mei.get("/desk/rules/99").status == 404
    for path in ("/desk/rules", "/desk/rules/new", "/desk/rules/trial"):
        assert signed_in(app, city, "lin").get(path).status == 403


def test_a_trial_takes_the_same_few_statements_for_any_number_of_appeals(app: Flask, city: City) -> None:
    mei = signed_in(app, city, "mei")
    standing(app, city, "submitted")
    with counted(app) as few:
        mei.get("/desk/rules/trial")
    for _ in range(5):
        standing(app, city, "submitted")
    with counted(app) as many:
        mei.get("/desk/rules/trial")
    assert len(many) == len(few) <= 8


def test_templates_are_listed_changed_and_withdrawn(app: Flask, city: City) -> None:
    mei = signed_in(app, city, "mei")
    page = mei.get("/desk/templates/new")
    page = mei.submit(page, "", name="路灯", body="已修好。", unit_id=str(city.unit("roads")))
    assert "已修好。" in page.text
    page = mei.submit(mei.get("/desk/templates/1"), "", name="路灯答复", body="已换新灯。")
    assert "路灯答复" in page.text and "已换新灯。" in page.text
    assert "已换新灯。" not in signed_in(app, city, "lin").get("/desk/templates").text
    assert "已换新灯。" in signed_in(app, city, "qiao").get("/desk/templates").text
    page = mei.submit(page, "/templates/1/state")
    assert "已停用" in page.text
    assert mei.submit(mei.get("/desk/templates/new"), "", name="", body="x").status == 422
    assert mei.get("/desk/templates/99").status == 404
