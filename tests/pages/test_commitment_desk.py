"""Commitments at the desk: from the page of a case, through both persons, to its end."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image

from portal.commitments.models import Commitment
from portal.kernel import clock
from tests.cast import City
from tests.client import Client, Page
from tests.pages.desk_visits import signed_in, standing
from tests.promises import HOW, WHAT
from tests.statements import counted

REF = "C26-0001"
HERE = f"/desk/commitments/{REF}"


@pytest.fixture
def lin(app: Flask, city: City) -> Client:
    return signed_in(app, city, "lin")


@pytest.fixture
def nuo(app: Flask, city: City) -> Client:
    return signed_in(app, city, "nuo")


def in_days(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


def ref_of(app: Flask) -> str:
    with app.extensions["portal_database"].reading() as db:
        return db.query(Commitment).one().ref


def state_of(app: Flask) -> str:
    with app.extensions["portal_database"].reading() as db:
        return db.query(Commitment).one().state


def promised(app: Flask, city: City, client: Client, **values: str) -> Page:
    filed = standing(app, city, "handling")
    case = client.get(f"/desk/cases/{filed.ref}")
    assert "Make a commitment" in case.text or "作出承诺" in case.text
    form = client.get(f"/desk/cases/{filed.ref}/commitment")
    filled = {
        "person_id": str(city.person("lin")),
        "what": WHAT,
        "how": HOW,
        "due_day": in_days(14),
    } | values
    return client.submit(form, "/commitment", **filled)


def picture() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#8aa0b5").save(out, "JPEG")
    return io.BytesIO(out.getvalue()), "灯.jpg"


def deed(client: Client, ref: str, name: str, **values: object) -> Page:
    address = f"/desk/commitments/{ref}/{name}"
    return client.submit(client.get(address), address, **values)


def test_from_the_case_to_a_promise_that_is_kept(app: Flask, city: City, lin: Client, nuo: Client) -> None:
    page = promised(app, city, lin)
    ref = ref_of(app)
    assert ref in page.text
    assert WHAT in page.text
    waiting = nuo.get("/desk/commitments")
    assert (WHAT in waiting.text, "待您决定" in waiting.heading) == (True, True)
    deed(nuo, ref, "agreement", agreed="yes")
    assert state_of(app) == "made"
    deed(lin, ref, "follow-up", body="12 盏全部换好。", after=picture(), caption="换好的灯")
    (link,) = [url for url in nuo.get(f"/desk/commitments/{ref}").links().values() if "/follow-ups/" in url]
    read = nuo.get(link)
    assert "12 盏全部换好。" in read.text
    nuo.submit(read, link, agreed="yes")
    assert state_of(app) == "in_progress"
    deed(lin, ref, "end", wish="kept", reason="逐盏试亮，全部正常。")
    (link,) = [url for url in nuo.get(f"/desk/commitments/{ref}").links().values() if "/proposals/" in url]
    done = nuo.submit(nuo.get(link), link, agreed="yes")
    assert state_of(app) == "kept"
    assert "已兑现" in done.text
    (image,) = [img.get("src") for img in done.all("img") if "/files/" in img.get("src", "")]
    assert nuo.get(image).headers["Content-Type"] == "image/jpeg"


def test_a_promise_without_anything_to_check_comes_back_with_what_was_typed(
    app: Flask, city: City, lin: Client
) -> None:
    page = promised(app, city, lin, what="路灯问题", how="尽快推进，高度重视此事。")
    assert page.status == 422
    assert "人人都能核对" in page.text
    assert "尽快推进，高度重视此事。" in page.html


def test_suspected_personal_data_is_marked_and_looked_at_by_both(
    app: Flask, city: City, lin: Client, nuo: Client
) -> None:
    page = promised(app, city, lin, how="换好 12 盏灯，联系 13912345678。")
    assert page.status == 422
    assert "".join(page.all("mark")[0].itertext()).startswith("13912345678")
    edited = lin.submit(
        page, "/commitment", confirmed="y", how="换好 12 盏灯，联系 13912345678 或 13800001234。"
    )
    assert edited.status == 422, "other words than those that were looked at"
    lin.submit(edited, "/commitment", confirmed="y")
    ref = ref_of(app)
    refused = deed(nuo, ref, "agreement", agreed="yes")
    assert refused.status == 422
    nuo.submit(refused, "/agreement", agreed="yes", confirmed="y")
    assert state_of(app) == "made"


def test_sending_the_form_twice_promises_once(app: Flask, city: City, lin: Client) -> None:
    filed = standing(app, city, "handling")
    form = lin.get(f"/desk/cases/{filed.ref}/commitment")
    for _ in range(2):
        lin.submit(
            form, "/commitment", person_id=str(city.person("lin")), what=WHAT, how=HOW, due_day=in_days(9)
        )
    assert ref_of(app)


def test_a_change_shows_old_and_new_to_whoever_decides(
    app: Flask, city: City, lin: Client, nuo: Client
) -> None:
    promised(app, city, lin)
    ref = ref_of(app)
    deed(nuo, ref, "agreement", agreed="yes")
    deed(lin, ref, "change", due_day=in_days(30), reason="电缆被挖断，要先修电缆。")
    (link,) = [url for url in nuo.get(f"/desk/commitments/{ref}").links().values() if "/proposals/" in url]
    page = nuo.get(link)
    assert len(page.all("del")) == len(page.all("ins")) == 1
    assert nuo.submit(page, link, agreed="no").status == 422, "a refusal says why"
    nuo.submit(page, link, agreed="yes")
    assert "最初承诺" in nuo.get(f"/desk/commitments/{ref}").text


def test_the_list_needs_few_statements_however_long_it_is(
    app: Flask, city: City, lin: Client, nuo: Client
) -> None:
    promised(app, city, lin)
    nuo.get("/desk/commitments")
    with counted(app) as one:
        nuo.get("/desk/commitments?show=proposed")
    for _ in range(3):
        promised(app, city, lin)
    with counted(app) as four:
        nuo.get("/desk/commitments?show=proposed")
    assert len(four) == len(one) <= 9


@pytest.mark.parametrize("asked", ["?show=nothing", "?after=x", "?after=2026-01-01.", "?after=9999-99-99.1"])
def test_an_address_changed_by_hand_shows_a_page(nuo: Client, asked: str) -> None:
    assert nuo.get(f"/desk/commitments{asked}").status == 200


def test_qiao_of_another_unit_finds_nothing(app: Flask, city: City, lin: Client) -> None:
    promised(app, city, lin)
    qiao = signed_in(app, city, "qiao")
    for path in ("", "/follow-up", "/change", "/end", "/files/1"):
        assert qiao.get(f"/desk/commitments/{ref_of(app)}{path}").status == 404
    assert WHAT not in qiao.get("/desk/commitments?show=proposed").text
