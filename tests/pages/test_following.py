"""Following an appeal with number and code: what the asker sees, and what the asker does."""

import io
import os
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.cases import service
from portal.cases.models import Case, Channel
from portal.cases.service import Filed
from portal.cases.texts import AskerQuestion, Attachment, RatingRow
from portal.identity.models import SignIn, Unit
from portal.intake import askers
from portal.intake.jobs import remove_orphans, tidy
from portal.kernel import clock, files
from portal.web import proof
from tests.builders import Walk, a_case
from tests.cast import NOW, City
from tests.client import Client, Page
from tests.services.test_attachments import PDF
from tests.statements import counted


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The cast's Thursday; `noon(seconds=10)` lets time pass."""
    moments = [NOW]
    monkeypatch.setattr(clock, "now", lambda: moments[0])

    def passes(**time: float) -> None:
        moments[0] += timedelta(**time)

    return passes


@pytest.fixture
def case_in(app: Flask, city: City) -> Any:
    def made(state: str, **more: Any) -> Filed:
        with app.extensions["portal_database"].transaction() as db:
            return a_case(db, city, state, **more)

    return made


@pytest.fixture
def walk(app: Flask, city: City) -> Any:
    def walked(filed: Filed, *steps: str, **more: Any) -> None:
        with app.extensions["portal_database"].transaction() as db:
            there = Walk(db, city, clock.now(), filed, **more)
            for step in steps:
                getattr(there, step)()

    return walked


def track(client: Client, receipt: str, code: str, page: Page | None = None, **more: Any) -> Page:
    page = page or client.get("/appeals/track")
    return client.submit(page, "/appeals/track", receipt=receipt, code=code, **more)


def follow(app: Flask, filed: Filed, lang: str = "zh_Hans") -> tuple[Client, Page]:
    client = Client(app, lang)
    return client, track(client, filed.receipt, filed.code)


def row(app: Flask, statement: Any) -> Any:
    with app.extensions["portal_database"].reading() as db:
        return db.scalars(statement).one()


# ── number and code ──


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}".lower(), "lower", "groups"])
def test_number_and_code_open_the_appeal_however_they_are_typed(app: Flask, case_in: Any, typed: str) -> None:
    filed = case_in("submitted")
    code = {"lower": filed.code.lower(), "groups": "-".join(filed.code[at : at + 4] for at in (0, 4, 8, 12))}
    page = track(Client(app), filed.receipt.lower(), code.get(typed, typed.format(filed.code)))
    assert page.path == f"/appeals/{filed.receipt}"
    assert "锦帆里小区路灯不亮" in page.heading


@pytest.mark.parametrize("between", ["", " ", "–", "_"])
def test_a_number_without_its_hyphen_opens_the_appeal_too(app: Flask, case_in: Any, between: str) -> None:
    filed = case_in("submitted")
    page = track(Client(app), filed.receipt.replace("-", between), filed.code)
    assert page.path == f"/appeals/{filed.receipt}"


def test_what_was_asked_and_answered_stays_to_be_read(app: Flask, case_in: Any, walk: Any) -> None:
    filed = case_in("waiting_asker")
    client, page = follow(app, filed)
    page = client.submit(page, "/answer", text="是东侧那一盏。")
    assert page.heading and "您补充的情况" in page.text and "是东侧那一盏。" in page.text


def test_the_reason_in_words_stands_beside_a_refusal(app: Flask, case_in: Any) -> None:
    page = follow(app, case_in("not_accepted"))[1]
    assert page.status == 200 and len(page.all("blockquote")) == 0
    assert page.html.index("as-written") < page.html.index("tl__what"), "before the timeline"


def test_a_wrong_number_and_a_wrong_code_are_told_the_same(app: Flask, case_in: Any) -> None:
    filed = case_in("submitted")
    wrong_code = track(Client(app), filed.receipt, "0" * 16)
    wrong_number = track(Client(app), "S26-999999", filed.code)
    assert wrong_code.status == wrong_number.status == 422

    def told(page: Page) -> str:
        return page.text.replace(filed.receipt, "").replace("S26-999999", "")

    assert told(wrong_code) == told(wrong_number)
    assert "对不上" in wrong_code.text


def test_the_page_of_an_appeal_is_for_whoever_gave_the_code_alone(app: Flask, case_in: Any) -> None:
    filed, other = case_in("submitted"), case_in("submitted")
    client, page = follow(app, filed)
    assert page.status == 200
    assert client.get(f"/appeals/{other.receipt}", follow=False).location.startswith("/appeals/track")
    assert Client(app).get(f"/appeals/{filed.receipt}", follow=False).status == 303
    assert Client(app).get("/appeals/S26-999999", follow=False).status == 303, "the same for no appeal"


def test_the_pass_is_of_one_appeal_short_lived_and_out_of_reach_of_scripts(
    app: Flask, case_in: Any, noon: Any
) -> None:
    filed = case_in("submitted")
    client = Client(app)
    answer = track(client, filed.receipt, filed.code, follow=False)
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("asker="))
    assert f"Path=/appeals/{filed.receipt};" in cookie + ";"
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert filed.code not in cookie
    noon(hours=1, minutes=50)
    assert client.get(f"/appeals/{filed.receipt}").status == 200
    noon(hours=1, minutes=50)
    assert client.get(f"/appeals/{filed.receipt}", follow=False).status == 200, "a visit renews it"
    noon(hours=2, minutes=1)
    assert client.get(f"/appeals/{filed.receipt}", follow=False).status == 303


@pytest.mark.parametrize("value", ["", "x", "AAAA" * 20, "x" * 4000, "=" * 10])
def test_a_forged_pass_opens_nothing(app: Flask, case_in: Any, value: str) -> None:
    filed = case_in("submitted")
    client = Client(app)
    client.browser.set_cookie(askers.COOKIE, value, path=f"/appeals/{filed.receipt}")
    assert client.get(f"/appeals/{filed.receipt}", follow=False).status == 303


def test_a_pass_of_one_appeal_does_not_open_another(app: Flask, case_in: Any) -> None:
    mine, other = case_in("submitted"), case_in("submitted")
    client, _ = follow(app, mine)
    cookie = client.browser.get_cookie(askers.COOKIE, path=f"/appeals/{mine.receipt}")
    client.browser.set_cookie(askers.COOKIE, cookie.value, path=f"/appeals/{other.receipt}")
    assert client.get(f"/appeals/{other.receipt}", follow=False).status == 303


def test_the_asker_leaves_the_device(app: Flask, case_in: Any) -> None:
    filed = case_in("submitted")
    client, page = follow(app, filed)
    left = client.submit(page, "/leave")
    assert "已退出" in left.text
    assert client.get(f"/appeals/{filed.receipt}", follow=False).status == 303


def from_(address: str) -> dict[str, Any]:
    return {"environ_base": {"REMOTE_ADDR": address}}


def guess(client: Client, filed: Filed, address: str, times: int, page: Page | None = None) -> Page:
    page = page or client.get("/appeals/track")
    for _ in range(times):
        form = page.form("/appeals/track")
        fields = form.fields | {"receipt": filed.receipt, "code": "0" * 16}
        page = client.post(form.action, fields, **from_(address))
    return page


def test_guessing_is_slowed_where_it_comes_from(app: Flask, case_in: Any) -> None:
    filed = case_in("submitted")
    client = Client(app)
    assert guess(client, filed, "192.0.2.7", 6).status == 422
    slowed = guess(client, filed, "192.0.2.8", 1)
    assert slowed.status == 429, "the same network"
    assert "分钟" in slowed.text


def test_a_stranger_elsewhere_cannot_lock_the_asker_out(app: Flask, case_in: Any) -> None:
    filed = case_in("submitted")
    guess(Client(app), filed, "192.0.2.7", 40)
    asker = Client(app)
    form = asker.get("/appeals/track").form("/appeals/track")
    page = asker.post(
        form.action, form.fields | {"receipt": filed.receipt, "code": filed.code}, **from_("198.51.100.9")
    )
    assert page.path == f"/appeals/{filed.receipt}"


def test_whoever_does_the_sum_gets_in_even_from_the_guessers_network_and_after_a_flood(
    app: Flask, case_in: Any
) -> None:
    filed = case_in("submitted")
    for last in range(40):
        guess(Client(app), filed, f"203.0.{last}.1", 1)
    guess(Client(app), filed, "192.0.2.7", 10)
    asker = Client(app)
    page = asker.get("/appeals/track")
    for expected in (429, 303):
        form = page.form("/appeals/track")
        fields = form.fields | {"receipt": filed.receipt, "code": filed.code}
        if challenge := fields.get("proof"):
            fields["proof_answer"] = proof.solve(challenge, proof.DIFFICULTY)
        page = asker.post(form.action, fields, follow=False, **from_("192.0.2.9"))
        assert page.status == expected


def test_one_sum_is_good_for_one_guess(app: Flask, case_in: Any) -> None:
    filed = case_in("submitted")
    app.extensions["portal_spent"] = proof.MemorySpent(lambda: clock.now().timestamp())
    client = Client(app)
    page = guess(client, filed, "192.0.2.7", 7)
    fields = page.form("/appeals/track").fields | {"receipt": filed.receipt}
    fields["proof_answer"] = proof.solve(fields["proof"], proof.DIFFICULTY)
    assert client.post("/appeals/track", fields | {"code": "1" * 16}, **from_("192.0.2.7")).status == 422
    assert client.post("/appeals/track", fields | {"code": "2" * 16}, **from_("192.0.2.7")).status == 429


def test_without_scripts_a_short_wait_is_enough(app: Flask, case_in: Any, noon: Any) -> None:
    filed = case_in("submitted")
    client = Client(app)
    page = guess(client, filed, "127.0.0.1", 7)
    assert page.status == 429
    noon(seconds=10)
    assert track(client, filed.receipt, filed.code, page).path == f"/appeals/{filed.receipt}"


@pytest.mark.parametrize("lang", ["zh_Hans", "zh_Hant", "en"])
@pytest.mark.parametrize(
    "values",
    [
        {"receipt": "", "code": ""},
        {"receipt": "x" * 100_000, "code": "x" * 100_000},
        {"receipt": "\x00", "code": "\x00' OR 1=1 --"},
        {"receipt": "Ｓ２６－０００００１", "code": "０" * 16},
        {"proof": "p1.99.x.y.z.sign", "proof_answer": "-1", "receipt": "S26-1", "code": "1"},
    ],
)
def test_hostile_numbers_and_codes_are_answered_in_words(
    app: Flask, case_in: Any, lang: str, values: dict[str, str]
) -> None:
    client = Client(app, lang)
    form = client.get("/appeals/track").form("/appeals/track")
    page = client.post(form.action, form.fields | values)
    assert page.status == 422


# ── what the asker sees ──


STATES = (
    *("submitted", "screened", "not_accepted", "merged", "assigned", "objected", "accepted", "handling"),
    *("waiting_asker", "waiting_external", "answered", "reopen_requested", "closed", "withdrawn"),
)


@pytest.mark.parametrize("number, state", list(enumerate(STATES)))
def test_every_state_is_told_in_the_askers_words(app: Flask, case_in: Any, state: str, number: int) -> None:
    filed = case_in(state)
    _, page = follow(app, filed, ("zh_Hans", "zh_Hant", "en")[number % 3])
    assert page.status == 200
    assert filed.receipt in page.text
    assert "林工" not in page.text and "梅若兰" not in page.text, "no names of the staff"


@pytest.mark.parametrize("closing", ["solved", "explained", "not_ours"])
def test_closed_is_never_shown_as_solved_unless_it_was(app: Flask, case_in: Any, closing: str) -> None:
    _, page = follow(app, case_in("closed", closing=closing), "en")
    solved = [element for element in page.all("span") if "badge--jade" in (element.get("class") or "")]
    assert bool(solved) is (closing == "solved")


def test_the_asker_sees_answer_evidence_and_how_the_due_date_came_about(app: Flask, case_in: Any) -> None:
    _, page = follow(app, case_in("answered"), "zh_Hans")
    text = page.text.replace("\u00a0", " ")
    assert "路灯已更换，请查看照片。" in text
    assert "修好的路灯" in text
    assert "2026 年 7 月 3 日" in text
    assert "休息日" in text, "the holiday of the next day is skipped, and said"
    assert "住房和城乡建设局作出答复" in text


def test_a_note_between_staff_is_not_the_askers_to_read(app: Flask, case_in: Any, city: City) -> None:
    filed = case_in("handling")
    with app.extensions["portal_database"].transaction() as db:
        lin = city.actor(db, "lin")
        service.add_note(db, NOW, lin, filed.case_id, "内部研究的意见")
        service.add_note(db, NOW, lin, filed.case_id, "本周五上门更换", for_asker=True)
    _, page = follow(app, filed)
    assert "本周五上门更换" in page.text
    assert "内部研究的意见" not in page.text


def test_an_asker_whose_appeal_was_joined_sees_only_what_came_afterwards_and_nobody_else(
    app: Flask, case_in: Any, city: City
) -> None:
    first = case_in("answered", title="第一位诉求人的题目", body="第一位诉求人的原话，不给别人看。")
    second = case_in("screened", title="第二位诉求人的题目")
    with app.extensions["portal_database"].transaction() as db:
        service.merge(
            db, NOW + timedelta(hours=1), city.actor(db, "mei"), second.case_id, first.case_id, "同一件事"
        )
    _, page = follow(app, second)
    assert "第二位诉求人的题目" in page.text
    assert "第一位诉求人" not in page.text
    assert "并案办理" in page.text
    assert "撤回诉求" not in page.text, "others ask the same"


def test_parts_of_a_split_appeal_are_all_shown(app: Flask, case_in: Any, city: City) -> None:
    filed = case_in("screened")
    with app.extensions["portal_database"].transaction() as db:
        service.split(
            db,
            NOW,
            city.actor(db, "mei"),
            filed.case_id,
            [("路灯", "三号楼前的路灯不亮"), ("积水", "大门口积水")],
        )
    _, page = follow(app, filed)
    assert "分成几部分办理" in page.text
    assert "路灯" in page.text and "积水" in page.text


def test_the_page_costs_a_bounded_number_of_statements(app: Flask, case_in: Any) -> None:
    filed = case_in("closed")
    client, _ = follow(app, filed)
    with counted(app) as statements:
        client.get(f"/appeals/{filed.receipt}")
    assert len(statements) <= 12, "\n".join(statements)


def test_the_printed_receipt_has_the_address_in_its_picture_and_never_the_code(
    app: Flask, case_in: Any
) -> None:
    filed = case_in("submitted")
    client, _ = follow(app, filed)
    page = client.get(f"/appeals/{filed.receipt}/receipt")
    assert f"/appeals/track?receipt={filed.receipt}" in page.text
    assert filed.code not in page.html.replace("-", "")
    assert page.all("{http://www.w3.org/2000/svg}svg") or "<svg" in page.html
    filled = client.get(f"/appeals/track?receipt={filed.receipt}")
    assert filled.form("/appeals/track").fields["receipt"] == filed.receipt
    assert Client(app).get(f"/appeals/{filed.receipt}/receipt", follow=False).status == 303


# ── what the asker does ──


def test_the_asker_answers_a_question_with_a_file(app: Flask, case_in: Any) -> None:
    filed = case_in("waiting_asker")
    client, page = follow(app, filed)
    assert "请问是哪一盏路灯？" in page.text
    done = client.submit(page, "/questions/", text="门口左手第一盏", files=(io.BytesIO(PDF), "位置.pdf"))
    assert "答复已收到" in done.text
    assert row(app, select(AskerQuestion)).answer == "门口左手第一盏"
    assert row(app, select(Case).where(Case.id == filed.case_id)).state == "handling"
    assert row(app, select(Attachment)).appeal_id == filed.appeal_id
    again = client.submit(page, "/questions/", text="门口左手第一盏", files=None)
    assert "答复已收到" in again.text, "a double click is told the same"


def test_an_empty_answer_and_a_bad_file_are_said_at_their_place(app: Flask, case_in: Any) -> None:
    client, page = follow(app, case_in("waiting_asker"))
    page = client.submit(page, "/questions/", text="  ", files=None)
    assert page.status == 422
    assert "请写下您的答复" in page.text
    page = client.submit(page, "/questions/", text="答复", files=(io.BytesIO(b"MZ"), "a.exe"))
    assert page.status == 422
    assert "a.exe：" in page.text
    assert "答复" in page.form("/questions/").fields["text"]


def test_a_question_is_answered_by_its_link_without_the_code(app: Flask, case_in: Any, city: City) -> None:
    filed = case_in("handling")
    with app.extensions["portal_database"].transaction() as db:
        _, token = service.ask_asker(db, NOW, city.actor(db, "lin"), filed.case_id, "请问是哪一盏路灯？")
    client = Client(app)
    page = client.get(f"/appeals/answer/{token}")
    assert "请问是哪一盏路灯？" in page.text
    assert "老人出门不便" not in page.text, "the link opens the question, not the appeal"
    assert client.submit(page, "/appeals/answer/", text="", files=None).status == 422
    done = client.submit(page, "/appeals/answer/", text="门口左手第一盏", files=None)
    assert "答复已收到" in done.text
    assert client.get(f"/appeals/answer/{token}").status == 410
    assert client.get(f"/appeals/{filed.receipt}", follow=False).status == 303, "it is no pass"


def test_a_link_of_nobody_and_one_that_is_over_are_told_the_same(
    app: Flask, case_in: Any, city: City, noon: Any
) -> None:
    filed = case_in("handling")
    with app.extensions["portal_database"].transaction() as db:
        _, token = service.ask_asker(db, NOW, city.actor(db, "lin"), filed.case_id, "请问是哪一盏路灯？")
    noon(days=8)
    over, nobody = Client(app).get(f"/appeals/answer/{token}"), Client(app).get("/appeals/answer/nobody")
    assert (over.status, over.text) == (nobody.status, nobody.text) == (410, over.text)


def test_the_asker_objects_to_a_refusal_once(app: Flask, case_in: Any) -> None:
    client, page = follow(app, case_in("not_accepted"))
    assert "此事已由法院受理" in page.text
    assert client.submit(page, "/objection", text="").status == 422
    done = client.submit(page, "/objection", text="法院并未受理，只是咨询过。")
    assert "异议已收到" in done.text
    assert not any("/objection" in form.action for form in done.forms()), "once only"
    assert "异议已收到" in client.submit(page, "/objection", text="法院并未受理，只是咨询过。").text


def test_the_asker_withdraws_after_being_asked(app: Flask, case_in: Any) -> None:
    filed = case_in("handling")
    client, page = follow(app, filed)
    assert "不能恢复" in page.text
    done = client.submit(page, "/withdrawal", reason="已自行解决")
    assert "您已撤回" in done.text
    assert row(app, select(Case).where(Case.id == filed.case_id)).state == "withdrawn"


def test_the_asker_rates_and_sees_the_rating(app: Flask, case_in: Any) -> None:
    filed = case_in("answered")
    client, page = follow(app, filed)
    levels = {"result": "satisfied", "speed": "neutral", "attitude": "very_satisfied"}
    assert client.submit(page, "/rating", **levels | {"result": None}).status == 422
    done = client.submit(page, "/rating", **levels, overall="satisfied", comment="修得很快")
    assert "谢谢您的评价" in done.text
    assert "修得很快" in done.text
    kept = row(app, select(RatingRow))
    assert (kept.result, kept.speed, kept.attitude, kept.overall) == (*levels.values(), "satisfied")
    assert kept.unit_network is False
    assert "谢谢您的评价" in client.submit(page, "/rating", **levels).text
    assert row(app, select(func.count()).select_from(RatingRow)) == 1


def test_dissatisfied_with_a_reason_asks_for_reopening(app: Flask, case_in: Any) -> None:
    filed = case_in("answered")
    client, page = follow(app, filed)
    bad = "very_dissatisfied"
    client.submit(page, "/rating", result=bad, speed=bad, attitude=bad, comment="还是不亮")
    assert row(app, select(Case).where(Case.id == filed.case_id)).state == "reopen_requested"


def test_a_rating_from_the_units_own_network_is_flagged(app: Flask, case_in: Any, city: City) -> None:
    filed = case_in("answered")
    with app.extensions["portal_database"].transaction() as db:
        db.add(
            SignIn(
                token_hash="x",
                person_id=city.person("lin"),
                created_at=NOW,
                expires_at=NOW,
                method="test",
                network="127.0.0.0/24",
            )
        )
    client, page = follow(app, filed)
    level = "very_satisfied"
    client.submit(page, "/rating", result=level, speed=level, attitude=level)
    assert row(app, select(RatingRow)).unit_network is True


@pytest.mark.parametrize(
    "path", ["cases/{ref}/rating", "cases/{ref}/withdrawal", "cases/{ref}/objection", "questions/1/answer"]
)
def test_who_gave_no_code_does_nothing_and_who_gave_it_nothing_elsewhere(
    app: Flask, case_in: Any, path: str
) -> None:
    mine, other = case_in("answered"), case_in("answered")
    stranger = Client(app)
    address = f"/appeals/{other.receipt}/{path.format(ref=other.ref)}"
    token = {"csrf_token": stranger.get("/appeals/track").form("/appeals/track").fields["csrf_token"]}
    assert stranger.post(address, token, follow=False).location.startswith("/appeals/track")
    client, page = follow(app, mine)
    token = {"csrf_token": page.form("/leave").fields["csrf_token"]}
    foreign = f"/appeals/{mine.receipt}/{path.format(ref=other.ref)}"
    assert client.post(foreign, token).status == 404
    with app.extensions["portal_database"].reading() as db:
        assert set(db.scalars(select(Case.state))) == {"answered"}


def test_what_the_state_does_not_allow_is_refused_in_words(app: Flask, case_in: Any, walk: Any) -> None:
    filed = case_in("handling")
    client, page = follow(app, filed)
    walk(filed, "answer")
    refused = client.submit(page, "/withdrawal", reason="")
    assert refused.status == 409
    assert "已答复" in refused.text


@pytest.mark.parametrize("act", ["rating", "withdrawal", "objection"])
@pytest.mark.parametrize(
    "values",
    [
        {"result": "x" * 1_000_000, "reason": "x" * 1_000_000, "text": "x" * 1_000_000},
        {"result": "\x00", "speed": "no level", "reason": "\x00" * 600, "text": "\x00"},
        {"overall": "best", "result": "satisfied", "text": "字" * 3000, "reason": "字" * 600},
    ],
)
def test_hostile_acts_are_answered_in_words(
    app: Flask, case_in: Any, act: str, values: dict[str, str]
) -> None:
    filed = case_in("not_accepted" if act == "objection" else "answered" if act == "rating" else "handling")
    client, page = follow(app, filed, "en")
    form = page.form(f"/{act}")
    answer = client.post(form.action, form.fields | values)
    assert answer.status in (200, 422)
    assert answer.heading


# ── erasing ──


def test_an_erased_appeal_shows_that_it_was_and_its_files_are_gone(
    app: Flask, case_in: Any, city: City, settings: Any
) -> None:
    filed = case_in("waiting_asker")
    client, page = follow(app, filed)
    client.submit(page, "/questions/", text="见附件", files=(io.BytesIO(PDF), "位置.pdf"))
    page = client.get(f"/appeals/{filed.receipt}")
    client.submit(page, "/withdrawal", reason="")
    assert list(settings.upload_dir.rglob("*.pdf"))
    with app.app_context(), app.extensions["portal_database"].transaction() as db:
        service.erase_appeal(db, NOW, city.actor(db, "mei"), filed.appeal_id, "本人要求")
    page = client.get(f"/appeals/{filed.receipt}")
    assert "已删除" in page.text
    assert "锦帆里" not in page.text
    with app.app_context():
        tidy(settings.upload_dir, app.extensions["portal_database"], NOW)
    assert not list(settings.upload_dir.rglob("*.pdf"))


def test_files_that_belong_to_nothing_are_removed_after_a_day(
    app: Flask, case_in: Any, settings: Any, noon: Any
) -> None:
    database = app.extensions["portal_database"]
    files.keep(settings.upload_dir, "a.pdf", PDF, NOW.date())
    later = clock.now() + timedelta(days=2)
    for path in settings.upload_dir.rglob("*.pdf"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert remove_orphans(settings.upload_dir, database, NOW + timedelta(hours=2)) is None
    assert remove_orphans(settings.upload_dir, database, later) == "1 files removed"


def test_names_of_units_and_lists_are_english_for_english_readers_where_they_have_such_names(
    app: Flask, case_in: Any
) -> None:
    with app.extensions["portal_database"].transaction() as db:
        db.execute(update(Channel).where(Channel.code == "web").values(name_en="Web"))
        db.execute(update(Unit).where(Unit.code == "housing").values(name_en="Housing Bureau"))
    filed = case_in("handling")
    _, page = follow(app, filed, "en")
    assert "Housing Bureau" in page.text
    assert "Web" in page.text
    assert "East" in page.text
    assert "网上提交" not in page.text
    _, page = follow(app, filed)
    assert "网上提交" in page.text
    assert "Housing Bureau" not in page.text
