"""Drafts and their sending under competition, and the published cases that may be the same matter."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.cases.models import Appeal
from portal.intake.models import AppealDraft, StagedFile
from portal.intake.queries.drafts import draft_of
from portal.intake.queries.repeats import likely_repeats
from portal.intake.service import keep_draft, purge_drafts, stage, submit
from portal.intake.service.drafts import LASTS
from portal.kernel import search
from portal.kernel.codes import is_code
from portal.kernel.db import Database
from portal.kernel.errors import NotFound, Refused
from portal.kernel.files import KeptFile
from portal.publishing.models import INDEX, PublishedCase, PublishedDetail
from tests.builders import a_case
from tests.cast import NOW, City
from tests.statements import counted

VALUES = {
    "kind": "help",
    "title": "望江新村电梯停运",
    "body": "电梯坏了六天了，希望有人来看。",
    "category": "1",
    "area": "",
    "place": "望江新村",
    "concerns": "",
    "concerns_unit": "",
    "party_kind": "person",
    "company_name": "",
    "credit_code": "",
    "contact_name": "",
    "phone": "",
    "email": "",
    "consent": "yes",
}
FILE = KeptFile("a.pdf", "application/pdf", 9, "0" * 64, "2026/06/18/" + "0" * 32 + ".pdf")


def draft(database: Database, *, checked: bool = True, files: int = 0) -> None:
    with database.transaction() as db:
        row = keep_draft(db, NOW, "browser", "click", VALUES, checked=checked)
        for number in range(files):
            stage(db, row, KeptFile("a.pdf", "application/pdf", 9, f"{number}", FILE.stored_as), most=6)


def count(database: Database, table: type) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_sent_many_times_at_once_it_is_one_appeal_with_one_code(database: Database) -> None:
    draft(database, files=2)

    def send(_number: int) -> Any:
        with database.transaction() as db:
            return submit(db, NOW, "browser", "click", "zh_Hans")

    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(send, range(8)))
    assert len({(one.appeal_id, one.receipt, one.code) for one in given}) == 1
    assert is_code(given[0].code)
    assert count(database, Appeal) == 1


def test_kept_many_times_at_once_it_is_one_draft(database: Database) -> None:
    def keep(_number: int) -> None:
        draft(database, checked=False)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep, range(8)))
    assert count(database, AppealDraft) == 1


def test_what_was_typed_is_gone_from_the_draft_once_it_is_filed(database: Database) -> None:
    draft(database)
    with database.transaction() as db:
        submit(db, NOW, "browser", "click", "zh_Hans")
    with database.reading() as db:
        assert db.scalars(select(AppealDraft.sealed)).one() == b""
        found = draft_of(db, "browser", "click")
        assert found is not None and found.values == {} and found.appeal_id == 1
    with pytest.raises(Refused):
        draft(database)


def test_what_is_not_complete_and_what_is_another_browsers_is_not_sent(database: Database) -> None:
    draft(database, checked=False)
    with database.transaction() as db:
        with pytest.raises(Refused):
            submit(db, NOW, "browser", "click", "zh_Hans")
        with pytest.raises(NotFound):
            submit(db, NOW, "another", "click", "zh_Hans")
    assert count(database, Appeal) == 0


def test_a_draft_that_is_over_goes_with_its_files_and_a_living_one_stays(database: Database) -> None:
    draft(database, files=2)
    with database.transaction() as db:
        assert purge_drafts(db, NOW) == []
        assert purge_drafts(db, NOW + LASTS) == [FILE.stored_as] * 2
    assert count(database, StagedFile) == 0


def publish(database: Database, city: City, *cases: tuple[str, str, int]) -> None:
    with database.transaction() as db:
        for title, body, category in cases:
            filed = a_case(db, city, "handling", title=title)
            row = PublishedCase(
                ref=filed.ref,
                case_id=filed.case_id,
                title=title,
                state="handling",
                outcome="open",
                tier="first_ask",
                kind="help",
                party_kind="person",
                unit_name="市住房和城乡建设局",
                category_id=category,
                received_on=date(2026, 6, 18),
                first_published_at=NOW,
                published_at=NOW,
            )
            db.add(row)
            db.flush()
            detail = PublishedDetail(
                published_case_id=row.id,
                body=body,
                reply="",
                facts={},
                clock={},
                timeline=[],
                gates={},
                ratings={},
                fingerprint="",
            )
            db.add(detail)
            search.put(db, INDEX, [(row.id, f"{title}\n{body}")])


CASES = (
    ("望江新村 12 号楼电梯停运", "望江新村十二号楼的电梯坏了，老人下不了楼。", 1),
    ("锦帆里小区路灯不亮", "三号楼前的路灯坏了两个星期。", 1),
    ("望江新村门口积水", "一下雨望江新村南门就积水，车开不进来。", 2),
)


def test_published_cases_about_the_same_matter_are_found(database: Database, city: City) -> None:
    publish(database, city, *CASES)
    with database.reading() as db:
        found = likely_repeats(db, title="望江新村12号楼电梯停运6天", place="望江新村", category_id=None)
        assert [row.title for row in found][:1] == ["望江新村 12 号楼电梯停运"]
        traditional = likely_repeats(db, title="錦帆里小區路燈不亮", place="", category_id=None)
        assert [row.title for row in traditional] == ["锦帆里小区路灯不亮"]


@pytest.mark.parametrize(
    "title, place",
    [("幼儿园学费连年上涨", "北岸区"), ("请问有关部门什么时候解决", ""), ("", ""), ("'\" OR * NEAR(", "-")],
)
def test_another_matter_finds_nothing(database: Database, city: City, title: str, place: str) -> None:
    publish(database, city, *CASES)
    with database.reading() as db:
        assert likely_repeats(db, title=title, place=place, category_id=1) == []


def test_what_is_not_public_any_more_is_not_found(database: Database, city: City) -> None:
    publish(database, city, CASES[0])
    with database.transaction() as db:
        db.scalars(select(PublishedCase)).one().visible = False
    with database.reading() as db:
        assert likely_repeats(db, title="望江新村电梯停运", place="望江新村", category_id=1) == []


def test_looking_for_repeats_costs_a_bounded_number_of_statements(database: Database, city: City) -> None:
    publish(database, city, *CASES)
    long = "望江新村十二号楼电梯停运，锦帆里小区路灯不亮，南门积水，幼儿园学费上涨，公交改线"
    with database.reading() as db, counted(database) as statements:
        likely_repeats(db, title=long, place="望江新村", category_id=1)
    assert len(statements) <= 6
