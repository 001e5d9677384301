"""Assigning: slips, units and people that may have a case, objections and who decides them, joint cases."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.cases import service
from portal.cases.history import HistoryEntry
from portal.cases.models import Assignment, Case, Objection
from portal.deadlines.models import Clock
from portal.identity.models import Unit
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden, Invalid, NotFound, PortalError, Refused
from tests.builders import Walk, a_case
from tests.cast import NOW, City


def test_a_unit_gets_a_slip_with_a_number_and_the_date_of_the_case(database: Database, city: City) -> None:
    with database.transaction() as db:
        first, second = a_case(db, city, "assigned"), a_case(db, city, "assigned", unit="roads")
        slips = db.scalars(select(Assignment).order_by(Assignment.id)).all()
        assert [slip.document_number for slip in slips] == ["平会厅交〔2026〕1号", "平会厅交〔2026〕2号"]
        case = db.get_one(Case, first.case_id)
        assert slips[0].due_day == case.due_day is not None
        assert (case.lead_unit_id, case.first_asked_unit_id) == (city.unit("housing"),) * 2
        acceptance = db.scalars(
            select(Clock).where(Clock.subject_id == second.case_id, Clock.event == "acceptance")
        ).one()
        assert str(acceptance.due_day) == "2026-06-22"


@pytest.mark.parametrize(
    ("unit", "person", "remark"),
    [
        (99, None, "no such unit"),
        (1, None, "the office takes no cases"),
        (2, "qiao", "of another bureau"),
        (2, "wu", "whose appointment has ended"),
        (2, "mei", "of the office"),
    ],
)
def test_a_case_goes_to_no_unit_or_person_that_cannot_have_it(
    database: Database, city: City, unit: int, person: str | None, remark: str
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "screened")
    with pytest.raises(Invalid), database.transaction() as db:
        service.assign(
            db, NOW, city.actor(db, "mei"), filed.case_id, unit, city.person(person) if person else None
        )


def test_a_unit_that_has_ended_gets_no_case(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "screened")
        db.get_one(Unit, city.unit("roads")).valid_to = date(2026, 6, 17)
    with pytest.raises(Invalid), database.transaction() as db:
        service.assign(db, NOW, city.actor(db, "mei"), filed.case_id, city.unit("roads"))


def test_whoever_accepts_handles_unless_somebody_was_named(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "accepted")
        assert db.get_one(Case, filed.case_id).handler_id == city.person("lin")
        named = a_case(db, city, "screened")
        service.assign(
            db, NOW, city.actor(db, "mei"), named.case_id, city.unit("housing"), city.person("hou")
        )
        service.accept(db, NOW, city.actor(db, "lin"), named.case_id)
        assert db.get_one(Case, named.case_id).handler_id == city.person("hou")


def test_the_head_gives_a_case_to_somebody_of_the_unit_and_nobody_else_does(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        service.delegate(db, NOW, city.actor(db, "hou"), filed.case_id, city.person("hou"))
        assert db.get_one(Case, filed.case_id).handler_id == city.person("hou")
    for key, person, error in (
        ("hou", "qiao", Invalid),
        ("lin", "lin", Forbidden),
        ("lu", "lu", NotFound),
        ("mei", "lin", Forbidden),
    ):
        with pytest.raises(error), database.transaction() as db:
            service.delegate(db, NOW, city.actor(db, key), filed.case_id, city.person(person))


def test_the_first_asked_unit_stays_answerable_whatever_is_rerouted(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        service.reroute(
            db, NOW, city.actor(db, "mei"), filed.case_id, city.unit("roads"), reason="道路归交通局"
        )
        case = db.get_one(Case, filed.case_id)
        assert (case.lead_unit_id, case.handler_id) == (city.unit("roads"), None)
        assert case.first_asked_unit_id == city.unit("housing")
        # It sees the case and may write a note, but the other unit accepts and answers.
        service.add_note(db, NOW, city.actor(db, "lin"), filed.case_id, "资料已转交")
    for call in (service.accept, service.start):
        with pytest.raises(PortalError), database.transaction() as db:
            call(db, NOW, city.actor(db, "lin"), filed.case_id)


def test_an_objection_needs_a_reason_and_another_unit(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "assigned")
    for reason, unit, code in (
        ("", city.unit("roads"), "reason_required"),
        ("不归我们", None, "proposed_unit_required"),
        ("不归我们", city.unit("housing"), "proposed_unit_required"),
        ("不归我们", city.unit("office"), "unit_not_valid"),
    ):
        with pytest.raises(PortalError) as refused, database.transaction() as db:
            service.object_to_assignment(db, NOW, city.actor(db, "lin"), filed.case_id, reason, unit)
        assert refused.value.code == code


def test_after_two_bounces_the_parent_decides_and_above_the_top_the_head_of_the_office(
    database: Database, city: City
) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "objected", unit="roads")
        mei = city.actor(db, "mei")
        service.decide_objection(db, NOW, mei, filed.case_id, True, "转排水处")
        _object(db, city, "shui", filed.case_id, "housing")
        service.decide_objection(db, NOW, mei, filed.case_id, True, "转住建局")
        case = db.get_one(Case, filed.case_id)
        assert (case.bounces, case.lead_unit_id) == (2, city.unit("housing"))
        assert case.first_asked_unit_id == city.unit("roads")
        # Housing has no parent: the head of the office decides.
        _object(db, city, "lin", filed.case_id, "water")
        assert _decider(db, filed.case_id) == "head_of_office"
    for key in ("mei", "hou"):
        with pytest.raises(Forbidden), database.transaction() as db:
            service.decide_objection(db, NOW, city.actor(db, key), filed.case_id, True, "再转")
    with database.transaction() as db:
        service.decide_objection(db, NOW, city.actor(db, "su"), filed.case_id, True, "转排水处")
        # Water lies below housing: housing's head decides, and nobody of the office.
        _object(db, city, "shui", filed.case_id, "roads")
        assert _decider(db, filed.case_id) == "parent"
    for key in ("mei", "su", "lu", "lin"):
        with pytest.raises((Forbidden, NotFound)), database.transaction() as db:
            service.decide_objection(db, NOW, city.actor(db, key), filed.case_id, False, "你们办")
    with database.transaction() as db:
        service.decide_objection(db, NOW, city.actor(db, "hou"), filed.case_id, False, "就由你们办")
        assert db.get_one(Case, filed.case_id).state == "accepted"


def _object(db, city: City, key: str, case_id: int, proposed: str) -> None:  # type: ignore[no-untyped-def]
    service.object_to_assignment(db, NOW, city.actor(db, key), case_id, "不归我们", city.unit(proposed))


def _decider(db, case_id: int) -> str:  # type: ignore[no-untyped-def]
    return db.scalars(
        select(Objection.decider).where(Objection.case_id == case_id).order_by(Objection.id.desc())
    ).first()


def test_nobody_decides_their_own_objection(database: Database, city: City) -> None:
    from portal.identity import service as people
    from portal.identity.actors import SYSTEM

    with database.transaction() as db:
        people.appoint(
            db,
            NOW,
            SYSTEM,
            city.person("lin"),
            "moderator",
            unit_id=city.unit("office"),
            starts_on=NOW.date(),
        )
        filed = a_case(db, city, "objected")
    with pytest.raises(Refused) as refused, database.transaction() as db:
        service.decide_objection(db, NOW, city.actor(db, "lin"), filed.case_id, True, "转走")
    assert refused.value.code == "second_person_required"


def test_on_a_joint_case_each_unit_has_its_own_part_and_slip(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling", tier="joint", supporting=("roads", "water"))
        walk = Walk(db, city, NOW, filed, tier="joint", closing="explained")
        parts = walk.open_parts()
        assert len({part.document_number for part in parts}) == 2
        assert {part.due_day for part in parts} == {db.get_one(Case, filed.case_id).due_day}
        # Roads may report its own part, not water's; and may not answer for the whole.
        roads, water = sorted(parts, key=lambda part: -part.unit_id)
        service.settle_part(db, NOW, walk.by("qiao"), roads.id, "done", "已修整路面")
    with pytest.raises(Forbidden), database.transaction() as db:
        service.settle_part(db, NOW, city.actor(db, "qiao"), water.id, "done", "代报")
    with pytest.raises(Refused), database.transaction() as db:
        service.settle_part(db, NOW, city.actor(db, "mei"), water.id, "waived", " ")
    with database.transaction() as db:
        service.settle_part(db, NOW, city.actor(db, "mei"), water.id, "waived", "无需排水处配合")
        acts = db.scalars(select(HistoryEntry.act).where(HistoryEntry.case_id == filed.case_id)).all()
        assert [act for act in acts if act.startswith(("part", "supporting"))] == [
            "supporting_assigned",
            "supporting_assigned",
            "part_done",
            "part_waived",
        ]


def test_supporting_units_belong_to_joint_cases_only(database: Database, city: City) -> None:
    with database.transaction() as db:
        plain, joint = a_case(db, city, "screened"), a_case(db, city, "screened", tier="joint")
    for filed, supporting in (
        (plain, [city.unit("roads")]),
        (joint, []),
        (joint, [city.unit("housing")]),
    ):
        with pytest.raises(Invalid), database.transaction() as db:
            service.assign(
                db,
                NOW,
                city.actor(db, "mei"),
                filed.case_id,
                city.unit("housing"),
                supporting_unit_ids=supporting,
            )


def test_a_raised_case_owes_a_plan_and_counts_anew(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling")
        service.set_tier(db, NOW, city.actor(db, "mei"), filed.case_id, "escalated", "多年未决")
        case = db.get_one(Case, filed.case_id)
        assert str(case.due_day) == "2026-07-03"  # 15 calendar days from the day it was raised
        plan = db.scalars(select(Clock).where(Clock.event == "plan")).one()
        assert (plan.amount, plan.unit, plan.stopped_at) == (48, "hours", None)
        service.give_plan(db, NOW, city.actor(db, "lin"), filed.case_id, "一周内勘察，两周内更换")
        db.refresh(plan)
        assert plan.stopped_at == NOW
    with pytest.raises(Forbidden), database.transaction() as db:
        service.set_tier(db, NOW, city.actor(db, "lin"), filed.case_id, "first_ask", "不难")


def test_a_way_of_taking_up_ends_with_what_it_asked_for(database: Database, city: City) -> None:
    with database.transaction() as db:
        raised = a_case(db, city, "handling", tier="escalated")
        mei = city.actor(db, "mei")
        service.set_tier(db, NOW, mei, raised.case_id, "first_ask", "已不复杂")
        plan = db.scalars(select(Clock).where(Clock.event == "plan")).one()
        assert plan.stopped_at == NOW
        with pytest.raises(Invalid):
            service.set_tier(db, NOW, mei, raised.case_id, "joint", "牵涉多", [])
        service.set_tier(db, NOW, mei, raised.case_id, "joint", "牵涉多", [city.unit("roads")])
        with pytest.raises(Refused) as refused:
            service.set_tier(db, NOW, mei, raised.case_id, "first_ask", "又不牵涉了")
        assert refused.value.code == "open_parts"
        walk = Walk(db, city, NOW, raised)
        walk.settle(walk.open_parts()[0])
        service.set_tier(db, NOW, mei, raised.case_id, "first_ask", "已了结")
        assert walk.open_parts() == []
    with database.transaction() as db:
        answered = a_case(db, city, "answered")
    with pytest.raises(Refused), database.transaction() as db:
        service.set_tier(db, NOW, city.actor(db, "mei"), answered.case_id, "escalated", "晚了")
