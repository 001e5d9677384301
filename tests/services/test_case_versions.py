"""Two people at one case: whoever comes second is told who was first; nothing is overwritten."""

import threading

import pytest
from sqlalchemy import text

from portal.cases import service
from portal.cases.models import Case
from portal.cases.service.moves import load, note_act
from portal.cases.vocabulary import Act
from portal.identity.actors import asker
from portal.kernel.db import Database
from portal.kernel.errors import Conflict, NotFound, PortalError, Refused
from tests.builders import a_case
from tests.cast import NOW, City


def test_a_form_made_from_an_older_version_is_told_who_changed_what_and_when(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "screened")
        seen = db.get_one(Case, filed.case_id).version
        service.add_note(db, NOW, city.actor(db, "nuo"), filed.case_id, "已电话核实")
    with pytest.raises(Conflict) as conflict, database.transaction() as db:
        service.assign(db, NOW, city.actor(db, "mei"), filed.case_id, city.unit("housing"), version=seen)
    assert conflict.value.params == {"who": "诺敏", "act": "noted", "at": NOW}
    assert "诺敏" in str(conflict.value)


def test_with_the_present_version_the_act_goes_through(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "screened")
        seen = db.get_one(Case, filed.case_id).version
        service.assign(db, NOW, city.actor(db, "mei"), filed.case_id, city.unit("housing"), version=seen)


def test_a_case_that_does_not_exist_is_not_found(database: Database, city: City) -> None:
    with pytest.raises(NotFound), database.transaction() as db:
        load(db, 404)


def test_two_who_accept_at_once_accept_once(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "assigned")
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def accept(key: str) -> None:
        gate.wait()
        try:
            with database.transaction() as db:
                service.accept(db, NOW, city.actor(db, key), filed.case_id)
            outcomes.append("accepted")
        except PortalError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=accept, args=(key,)) for key in ("lin", "hou")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["accepted", "no_such_move"]


def test_one_click_that_arrives_twice_at_once_files_once(database: Database) -> None:
    from portal.identity.actors import PUBLIC
    from tests.builders import LAMP

    filed: list[service.Filed] = []
    gate = threading.Barrier(2)

    def file() -> None:
        gate.wait()
        with database.transaction() as db:
            filed.append(service.file_appeal(db, NOW, PUBLIC, LAMP, scope="web", client_id="one-click"))

    threads = [threading.Thread(target=file) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(filed) == 2
    assert filed[0] == filed[1]


def test_the_code_opens_only_its_own_receipt(database: Database, city: City) -> None:
    with database.transaction() as db:
        one, two = a_case(db, city), a_case(db, city)
    with database.reading() as db:
        assert service.appeal_by_code(db, one.receipt, one.code) == one.appeal_id
        spoken = "-".join(one.code[i : i + 4] for i in range(0, 16, 4)).lower()
        assert service.appeal_by_code(db, one.receipt.lower(), spoken) == one.appeal_id
        for receipt, code in (
            (one.receipt, two.code),
            ("S26-999999", one.code),
            ("", ""),
            (one.receipt, ""),
            (one.ref, one.code),
        ):
            assert service.appeal_by_code(db, receipt, code) is None


def test_an_asker_objects_to_a_refusal_once(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "not_accepted")
        service.object_to_refusal(db, NOW, asker(filed.appeal_id), filed.case_id, "法院没有受理")
        with pytest.raises(Refused) as refused:
            service.object_to_refusal(db, NOW, asker(filed.appeal_id), filed.case_id, "再说一次")
        assert refused.value.code == "objected_before"
        with pytest.raises(Refused) as refused:
            service.decide_refusal_objection(db, NOW, city.actor(db, "mei"), filed.case_id, False, "维持")
        assert refused.value.code == "second_person_required"
        service.decide_refusal_objection(db, NOW, city.actor(db, "nuo"), filed.case_id, True, "予以受理")
        case = db.get_one(Case, filed.case_id)
        assert (case.state, case.reason_code) == ("screened", None)
        assert case.due_at is not None
        service.not_accept(db, NOW, city.actor(db, "mei"), filed.case_id, "untrue", "核实不属实")
        with pytest.raises(Refused):
            service.object_to_refusal(db, NOW, asker(filed.appeal_id), filed.case_id, "还是不服")


def test_a_change_behind_ones_back_is_told_too(database: Database, city: City) -> None:
    """The lock makes this impossible; if a door forgets it, the version still tells."""
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
    with pytest.raises(Conflict) as conflict, database.transaction() as db:
        case = db.get_one(Case, filed.case_id)
        db.execute(text('UPDATE "case" SET version = version + 1'))
        note_act(db, NOW, city.actor(db, "lin"), case, Act.NOTED)
    assert conflict.value.params["who"] == "林工"
    assert conflict.value.params["act"] == "started"
