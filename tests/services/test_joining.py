"""Merging repeats, undoing it, splitting a mixed appeal: no asker is lost on the way."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service
from portal.cases.models import Case, CaseLink
from portal.cases.subjects import subject_of, visible
from portal.cases.texts import CaseText
from portal.identity.actors import asker
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden, Invalid, PortalError, Refused
from tests.builders import a_case
from tests.cast import NOW, City
from tests.searching import cases_with


def _askers(db: Session, case_id: int) -> frozenset[int]:
    return subject_of(db, case_id).appeal_ids


def test_a_merged_asker_keeps_receipt_and_code_and_follows_the_other_case(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        into, also = a_case(db, city, "handling"), a_case(db, city, "screened")
        service.merge(db, NOW, city.actor(db, "mei"), also.case_id, into.case_id, "同一盏灯")
        assert _askers(db, into.case_id) == {into.appeal_id, also.appeal_id}
        assert service.appeal_by_code(db, also.receipt, also.code) == also.appeal_id
        seen = db.scalars(select(Case.id).where(visible(asker(also.appeal_id)))).all()
        assert seen == [into.case_id]
        found = cases_with(also.receipt, database)
        assert db.scalars(found).all() == [into.case_id]


def test_undoing_gives_each_asker_back_and_the_due_date_it_had(database: Database, city: City) -> None:
    with database.transaction() as db:
        into, also = a_case(db, city, "handling"), a_case(db, city, "screened")
        before = db.get_one(Case, also.case_id).due_at
        mei = city.actor(db, "mei")
        service.merge(db, NOW, mei, also.case_id, into.case_id, "同一盏灯")
        assert db.get_one(Case, also.case_id).due_at is None
        service.undo_merge(db, NOW, mei, also.case_id, "不是同一盏")
        assert _askers(db, into.case_id) == {into.appeal_id}
        assert _askers(db, also.case_id) == {also.appeal_id}
        assert db.get_one(Case, also.case_id).due_at == before is not None
        kinds = db.scalars(select(CaseLink.kind).where(CaseLink.appeal_id == also.appeal_id)).all()
        assert kinds == ["opened", "merged", "opened"]


def test_a_chain_of_merges_is_undone_from_its_end(database: Database, city: City) -> None:
    with database.transaction() as db:
        one, two, three = (a_case(db, city, "screened") for _ in range(3))
        mei = city.actor(db, "mei")
        service.merge(db, NOW, mei, one.case_id, two.case_id, "同")
        service.merge(db, NOW, mei, two.case_id, three.case_id, "同")
        assert len(_askers(db, three.case_id)) == 3
        with pytest.raises(Refused) as refused:
            service.undo_merge(db, NOW, mei, one.case_id, "错")
        assert refused.value.code == "merged_on"
        service.undo_merge(db, NOW, mei, two.case_id, "错")
        assert _askers(db, two.case_id) == {one.appeal_id, two.appeal_id}
        service.undo_merge(db, NOW, mei, one.case_id, "错")
        assert [_askers(db, filed.case_id) for filed in (one, two, three)] == [
            {one.appeal_id},
            {two.appeal_id},
            {three.appeal_id},
        ]


@pytest.mark.parametrize("state", ["closed", "withdrawn", "merged", "not_accepted"])
def test_a_case_that_has_ended_takes_in_no_other(database: Database, city: City, state: str) -> None:
    with database.transaction() as db:
        into, also = a_case(db, city, state), a_case(db, city, "screened")
    with pytest.raises(Refused), database.transaction() as db:
        service.merge(db, NOW, city.actor(db, "mei"), also.case_id, into.case_id, "同")


def test_a_case_does_not_merge_with_itself_or_its_own_parts(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "screened")
        mei = city.actor(db, "mei")
        [part] = service.split(db, NOW, mei, filed.case_id, [("下水道", "井盖松动")])
    for into in (filed.case_id, part):
        with pytest.raises(PortalError), database.transaction() as db:
            service.merge(db, NOW, city.actor(db, "mei"), filed.case_id, into, "同")


def test_one_asker_cannot_withdraw_what_others_ask_too(database: Database, city: City) -> None:
    with database.transaction() as db:
        into, also = a_case(db, city, "handling"), a_case(db, city, "screened")
        service.merge(db, NOW, city.actor(db, "mei"), also.case_id, into.case_id, "同")
    for appeal_id in (into.appeal_id, also.appeal_id):
        with pytest.raises(Refused) as refused, database.transaction() as db:
            service.withdraw(db, NOW, asker(appeal_id), into.case_id, "不用了")
        assert refused.value.code == "others_ask_too"
    with pytest.raises(Refused), database.transaction() as db:
        service.withdraw(db, NOW, city.actor(db, "mei"), into.case_id, "其中一位来电撤回")


def test_a_mixed_appeal_becomes_cases_of_their_own_due_by_the_same_submission(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city)
        ids = service.split(
            db, NOW, city.actor(db, "mei"), filed.case_id, [("井盖松动", "三号楼前"), ("公交改线", "12 路")]
        )
        cases = [db.get_one(Case, case_id) for case_id in (filed.case_id, *ids)]
        assert len({case.ref for case in cases}) == 3
        assert {case.state for case in cases} == {"submitted"}
        assert len({case.due_at for case in cases}) == 1
        assert db.get_one(CaseText, ids[0]).title == "井盖松动"
        seen = db.scalars(select(Case.id).where(visible(asker(filed.appeal_id))).order_by(Case.id)).all()
        assert seen == [filed.case_id, *ids]
    with pytest.raises(Forbidden), database.transaction() as db:
        service.split(db, NOW, city.actor(db, "su"), filed.case_id, [("又一件", "")])
    with pytest.raises(Invalid), database.transaction() as db:
        service.split(db, NOW, city.actor(db, "mei"), filed.case_id, [])


def test_a_case_is_split_only_before_a_unit_has_it(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
    with pytest.raises(Refused), database.transaction() as db:
        service.split(db, NOW, city.actor(db, "mei"), filed.case_id, [("另一件", "")])
