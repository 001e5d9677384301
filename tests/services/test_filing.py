"""Filing an appeal: what the asker gets, what is kept where, and that a retry files nothing twice."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from portal.cases.history import HistoryEntry
from portal.cases.models import Appeal, Case, CaseLink
from portal.cases.service import Contact, Filed, Filing, file_appeal
from portal.cases.texts import AppealContact, AppealKey, AppealText
from portal.deadlines.models import Clock
from portal.identity.actors import PUBLIC
from portal.kernel.codes import hash_code, is_code
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden, Invalid, Refused
from portal.kernel.keys import unseal
from portal.kernel.once import Once
from tests.cast import NOW, City
from tests.conftest import KEYS
from tests.searching import cases_with

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


def _file(database: Database, filing: Filing = LAMP, client_id: str = "click-1") -> Filed:
    with database.transaction() as db:
        return file_appeal(db, NOW, PUBLIC, filing, scope="web", client_id=client_id)


def test_an_asker_gets_a_receipt_a_reference_and_a_code(database: Database) -> None:
    filed = _file(database)
    assert filed.receipt == "S26-000001"
    assert filed.ref == "B26-00001"
    assert is_code(filed.code)
    with database.reading() as db:
        appeal = db.get_one(Appeal, filed.appeal_id)
        assert appeal.code_hash == hash_code(KEYS.codes, filed.code)
        case = db.get_one(Case, filed.case_id)
        assert (case.state, case.kind, case.tier) == ("submitted", "help", "first_ask")
        link = db.scalars(select(CaseLink)).one()
        assert (link.appeal_id, link.case_id, link.kind) == (appeal.id, case.id, "opened")


def test_a_case_is_due_by_the_limit_of_its_kind_from_submission(database: Database) -> None:
    filed = _file(database)
    with database.reading() as db:
        case = db.get_one(Case, filed.case_id)
        own, screening = db.scalars(select(Clock).order_by(Clock.id)).all()
        # Thursday the 18th plus ten working days; Friday the 19th is a public holiday.
        assert str(case.due_day) == str(own.due_day) == "2026-07-03"
        assert (own.event, screening.event) == ("result", "screening")
        assert str(screening.due_day) == "2026-06-22"
        assert [step["code"] for step in own.steps][:2] == ["start", "count"]


def test_the_contact_is_sealed_and_the_words_stand_apart_from_the_history(database: Database) -> None:
    filed = _file(database)
    with database.reading() as db:
        sealed = db.get_one(AppealContact, filed.appeal_id).sealed
        assert "王小满".encode() not in sealed
        key = KEYS.unwrap(db.get_one(AppealKey, filed.appeal_id).wrapped)
        assert json.loads(unseal(key, sealed))["phone"] == "13900001234"
        assert db.get_one(AppealText, filed.appeal_id).title == LAMP.title
        entry = db.scalars(select(HistoryEntry)).one()
        assert (entry.act, entry.source, entry.target, entry.actor_kind) == (
            "filed",
            None,
            "submitted",
            "public",
        )
        for kept in (repr(vars(entry)), repr(vars(db.scalars(select(Once)).one()))):
            assert "路灯" not in kept
            assert "1390000" not in kept


def test_the_desk_finds_the_case_by_words_and_by_both_numbers(database: Database) -> None:
    filed = _file(database)
    with database.reading() as db:
        for words in ("路灯", filed.ref, filed.receipt, "锦帆里"):
            found = cases_with(words, database)
            assert db.scalars(found).all() == [filed.case_id], words


def test_sending_the_form_twice_files_once_and_tells_the_same_code(database: Database) -> None:
    assert _file(database) == _file(database)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Appeal)) == 1


def test_a_first_try_that_was_rolled_back_left_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as db:
        lost = file_appeal(db, NOW, PUBLIC, LAMP, scope="web", client_id="click-1")
        raise ZeroDivisionError
    filed = _file(database)
    assert filed.code == lost.code
    assert (filed.receipt, filed.ref) == ("S26-000001", "B26-00001")


def test_a_form_that_was_already_sent_with_other_words_is_refused(database: Database) -> None:
    _file(database)
    with pytest.raises(Refused):
        _file(database, replace(LAMP, body="别的话"))


def test_another_click_is_another_appeal(database: Database) -> None:
    assert _file(database).code != _file(database, client_id="click-2").code


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"body": ""}, "body"),
        ({"body": "长" * 5001}, "body"),
        ({"kind": "wish"}, "kind"),
        ({"party_kind": "company", "credit_code": "123"}, "credit_code"),
        ({"category_id": 99}, "category_id"),
        ({"area_id": 99}, "area_id"),
        ({"concerns_unit_id": 99}, "concerns_unit_id"),
        ({"channel": "pigeon"}, "channel"),
        ({"attachment_ids": (7,)}, "files"),
    ],
)
def test_what_cannot_be_filed_names_its_field(
    database: Database, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        _file(database, replace(LAMP, **change))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_staff_file_for_a_caller_and_the_public_may_not(database: Database, city: City) -> None:
    call = replace(LAMP, channel="hotline_12345")
    with pytest.raises(Forbidden):
        _file(database, call)
    with database.transaction() as db:
        filed = file_appeal(db, NOW, city.actor(db, "mei"), call, scope="desk:1", client_id="a")
    with database.reading() as db:
        assert db.get_one(Appeal, filed.appeal_id).filed_by_id == city.person("mei")
    with pytest.raises(Forbidden), database.transaction() as db:
        file_appeal(db, NOW, city.actor(db, "lin"), call, scope="desk:9", client_id="a")


def test_a_company_is_noted_by_its_credit_code(database: Database) -> None:
    company = replace(
        LAMP, party_kind="company", credit_code="91320311MA1MTP4W5F", company_name="平澜某某有限公司"
    )
    first, second = _file(database, company, "a"), _file(database, company, "b")
    with database.reading() as db:
        appeals = [db.get_one(Appeal, filed.appeal_id) for filed in (first, second)]
        assert appeals[0].company_id == appeals[1].company_id is not None
        assert str(db.get_one(Case, first.case_id).due_day) == "2026-06-25"
