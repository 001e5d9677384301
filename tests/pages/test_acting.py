"""Acting on cases through the pages: the loop from screening to closure, and what everybody may not do."""

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from portal.cases.models import Assignment
from tests.cast import City
from tests.pages.desk_visits import act, press, signed_in, standing, state_of


def picture() -> tuple[io.BytesIO, str]:
    """A small photograph."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), (120, 140, 90)).save(content, "JPEG")
    content.seek(0)
    return content, "after.jpg"


def test_a_case_goes_through_the_loop_by_the_pages(app: Flask, city: City) -> None:
    filed = standing(app, city, "submitted")
    mei, lin = signed_in(app, city, "mei"), signed_in(app, city, "lin")
    page = act(mei, filed, "screening", kind="complaint", tier="first_ask", title="路灯坏了")
    assert state_of(app, filed) == "screened"
    assert page.heading == "路灯坏了" and "时限 15 个工作日" in page.text
    act(mei, filed, "assignment", unit_id=str(city.unit("housing")), reason="请尽快")
    page = lin.get(f"/desk/cases/{filed.ref}")
    assert "平会厅交" in page.text and "请尽快" in page.text
    press(lin, filed, "acceptance")
    press(lin, filed, "start")
    act(lin, filed, "notes", body="已到现场查看")
    act(lin, filed, "questions", body="请问是哪一盏？")
    assert state_of(app, filed) == "waiting_asker"
    press(lin, filed, "resumption")
    page = act(
        lin,
        filed,
        "reply",
        body="路灯已更换。",
        closing_kind="solved",
        files=picture(),
        caption="修好的路灯",
        not_needed_because="个别灯具老化",
    )
    assert state_of(app, filed) == "answered"
    assert "修好的路灯" in page.text and "诉求人满意" in page.text
    assert lin.get(page.links()["修好的路灯"]).status == 200
    page = act(mei, filed, "closure", kind="solved")
    assert page.status == 409 and "还没有可用的评价" in page.text


def test_a_moderator_refuses_and_another_decides_the_objection(app: Flask, city: City) -> None:
    filed = standing(app, city, "screened")
    mei, nuo = signed_in(app, city, "mei"), signed_in(app, city, "nuo")
    page = act(mei, filed, "refusal", reason_code="untrue", explanation="经核实不存在。")
    assert state_of(app, filed) == "not_accepted" and "与事实不符" in page.text
    from portal.cases import service
    from portal.identity.actors import asker
    from portal.kernel import clock

    with app.extensions["portal_database"].transaction() as db:
        service.object_to_refusal(db, clock.now(), asker(filed.appeal_id), filed.case_id, "确有其事")
    assert filed.ref in nuo.get("/desk/cases?state=refusal_objected").text
    page = act(mei, filed, "refusal/decision", upheld="yes", explanation="重新看了")
    assert page.status == 409 and "须由另一人决定" in page.text and "重新看了" in page.html
    act(nuo, filed, "refusal/decision", upheld="yes", explanation="重新看了")
    assert state_of(app, filed) == "screened"


def test_a_unit_objects_and_the_office_decides(app: Flask, city: City) -> None:
    filed = standing(app, city, "assigned")
    lin, mei = signed_in(app, city, "lin"), signed_in(app, city, "mei")
    page = act(lin, filed, "objection", proposed_unit_id=str(city.unit("roads")), reason="归交通部门管")
    assert state_of(app, filed) == "objected"
    assert filed.ref in mei.get("/desk/cases?state=objected").text
    page = mei.get(f"/desk/cases/{filed.ref}/objection/decision")
    assert "归交通部门管" in page.text
    act(mei, filed, "objection/decision", upheld="yes", explanation="说得对")
    assert state_of(app, filed) == "assigned"
    assert lin.get(f"/desk/cases/{filed.ref}").status == 200, "first asked, the unit stays answerable"
    assert signed_in(app, city, "qiao").get(f"/desk/cases/{filed.ref}").status == 200


@pytest.mark.parametrize(
    ("state", "key", "name", "values", "target"),
    [
        ("handling", "lin", "waiting", {"reason": "等供电公司"}, "waiting_external"),
        ("handling", "mei", "rerouting", {"unit_id": "4", "reason": "归交通管"}, "assigned"),
        ("handling", "mei", "tier", {"tier": "escalated", "reason": "难办"}, "handling"),
        ("handling", "hou", "handler", {"person_id": "8"}, "handling"),
        ("screened", "mei", "split", {"parts-0-title": "另一件事", "parts-0-brief": "噪声"}, "screened"),
        ("merged", "mei", "merge/undo", {"reason": "不是一回事"}, "screened"),
        ("screened", "mei", "withdrawal", {"reason": "来电撤回"}, "withdrawn"),
        (
            "reopen_requested",
            "nuo",
            "reopening/decision",
            {"upheld": "yes", "explanation": "没修好"},
            "handling",
        ),
        ("closed", "mei", "reopening", {"reason": "复查发现没修好"}, "reopen_requested"),
        ("answered", "su", "call-back", {"satisfied": "no", "body": "还是不亮"}, "reopen_requested"),
        ("submitted", "mei", "concerns", {"appeal_id": "1", "unit_id": "4"}, "submitted"),
    ],
)
def test_each_act_does_what_it_says(
    app: Flask, city: City, state: str, key: str, name: str, values: dict[str, str], target: str
) -> None:
    filed = standing(app, city, state)
    if name == "concerns":
        values = values | {"appeal_id": str(filed.appeal_id)}
    page = act(signed_in(app, city, key), filed, name, **values)
    assert page.status == 200 and page.path.startswith(f"/desk/cases/{filed.ref}?done="), page.text[:300]
    assert state_of(app, filed) == target


def test_more_time_is_asked_for_and_decided_by_another(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    lin, hou = signed_in(app, city, "lin"), signed_in(app, city, "hou")
    page = act(lin, filed, "extension", proposed_day="2020-01-01", ground="要协商")
    assert page.status == 409 and "要协商" in page.html
    act(lin, filed, "extension", proposed_day="2027-01-29", ground="要协商")
    assert "审批延期" not in lin.get(f"/desk/cases/{filed.ref}").links()
    assert filed.ref in signed_in(app, city, "mei").get("/desk/cases?state=extension").text
    page = act(hou, filed, "extension/decision", upheld="yes", explanation="同意")
    assert "2027 年 1 月 29 日" in page.text.replace("\u00a0", " ")


def test_a_joint_case_has_parts_that_are_settled(app: Flask, city: City) -> None:
    filed = standing(app, city, "screened", tier="joint")
    mei = signed_in(app, city, "mei")
    act(
        mei,
        filed,
        "assignment",
        unit_id=str(city.unit("housing")),
        supporting_unit_ids=[str(city.unit("roads"))],
    )
    qiao = signed_in(app, city, "qiao")
    page = qiao.get(f"/desk/cases/{filed.ref}")
    link = next(url for text, url in page.links().items() if text.startswith("了结"))
    assert "等我处理 1" in qiao.get("/desk/").text
    page = qiao.submit(qiao.get(link), link, state="done", reason="路面已修")
    assert "协办部分已办完" in page.text
    slips = [url for url in page.links().values() if "/slips/" in url]
    assert len(slips) == 2
    for slip in slips:
        assert mei.get(slip).heading


def test_an_appeal_is_merged_by_the_number_of_the_other_case(app: Flask, city: City) -> None:
    other = standing(app, city, "handling")
    filed = standing(app, city, "screened")
    mei = signed_in(app, city, "mei")
    page = mei.get(f"/desk/cases/{filed.ref}")
    assert other.ref in page.text, "the same words: a likely repeat"
    page = act(mei, filed, "merge", into="B99-00001")
    assert page.status == 422 and "没有这个编号的办件" in page.text
    act(mei, filed, "merge", into=other.ref.lower(), reason="同一盏灯")
    assert state_of(app, filed) == "merged"
    assert filed.receipt in mei.get(f"/desk/cases/{other.ref}").text


def test_erasing_needs_to_be_sure_and_leaves_the_history(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    mei = signed_in(app, city, "mei")
    page = act(mei, filed, "erasure", appeal_id=str(filed.appeal_id), reason="本人要求")
    assert page.status == 422
    page = mei.submit(page, "/erasure", appeal_id=str(filed.appeal_id), reason="本人要求", sure="y")
    assert "三号楼前" not in page.text and "已清除" in page.text and "交办" in page.text


@pytest.mark.parametrize(
    ("state", "key", "name"),
    [
        ("submitted", "lin", "screening"),
        ("handling", "mei", "reply"),
        ("handling", "mei", "evidence"),
        ("handling", "lin", "handler"),
        ("handling", "lin", "closure"),
        ("handling", "lin", "erasure"),
        ("screened", "su", "assignment"),
        ("reopen_requested", "lin", "reopening/decision"),
        ("handling", "he", "notes"),
    ],
)
def test_who_has_no_right_is_not_let_in(app: Flask, city: City, state: str, key: str, name: str) -> None:
    filed = standing(app, city, state)
    client = signed_in(app, city, key)
    assert client.get(f"/desk/cases/{filed.ref}/{name}").status in (403, 404)
    assert client.post(f"/desk/cases/{filed.ref}/{name}", {"reason": "x"}).status in (403, 404, 422)
    assert state_of(app, filed) == state


def test_an_act_in_the_wrong_state_is_refused_in_words(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    page = signed_in(app, city, "mei").get(f"/desk/cases/{filed.ref}/screening")
    assert page.status == 409 and "办理中" in page.text


def test_a_part_of_another_case_is_not_settled_under_this_ones_address(app: Flask, city: City) -> None:
    first, second = standing(app, city, "handling"), standing(app, city, "handling")
    with app.extensions["portal_database"].reading() as db:
        theirs = db.scalars(select(Assignment.id).where(Assignment.case_id == second.case_id)).first()
    mei = signed_in(app, city, "mei")
    for part in (theirs, 0, 99999):
        assert mei.get(f"/desk/cases/{first.ref}/parts/{part}").status == 404
    assert mei.get(f"/desk/cases/{second.ref}/parts/{theirs}").status == 200


@pytest.mark.parametrize(
    "name", ["screening", "reply", "parts/1", "parts/99999", "notes", "objection/decision"]
)
def test_nonsense_in_a_form_is_a_mistake_of_the_sender(app: Flask, city: City, name: str) -> None:
    filed = standing(app, city, "handling")
    mei = signed_in(app, city, "mei")
    token = mei.get(f"/desk/cases/{filed.ref}/notes").form("/notes").fields["csrf_token"]
    rubbish = {
        "csrf_token": token,
        "version": "x",
        "seen": "-",
        "kind": "\x00",
        "unit_id": "abc",
        "state": "9",
    }
    page = mei.post(f"/desk/cases/{filed.ref}/{name}", rubbish)
    assert 400 <= page.status < 500
    assert state_of(app, filed) == "handling"


def test_an_answer_brings_only_what_its_way_of_closing_asks_for(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    lin = signed_in(app, city, "lin")
    typed = {"legal_ground": "《条例》第十条", "handed_to": "供电公司", "outcome": "改了流程"}
    page = act(lin, filed, "reply", body="办不了，依据如下。", closing_kind="explained", **typed)
    assert "第十条" in page.text
    assert "供电公司" not in page.text and "改了流程" not in page.text


def test_what_was_left_empty_is_named_in_the_summary(app: Flask, city: City) -> None:
    filed = standing(app, city, "handling")
    page = act(signed_in(app, city, "lin"), filed, "reply", body="", closing_kind="explained")
    assert page.status == 422
    assert "答复：请填写此项。" in page.text
