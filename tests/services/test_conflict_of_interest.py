"""Who is complained about never sees the case, at any door: every service, every list, every count."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.cases import service
from portal.cases.models import Appeal, Assignment, Case, RoutingRule
from portal.cases.service import Filed
from portal.cases.subjects import subject_of, visible
from portal.identity import service as people
from portal.identity.actors import PUBLIC, SYSTEM, Actor, asker
from portal.identity.models import Appointment
from portal.identity.policy import can
from portal.kernel.db import Database
from portal.kernel.errors import NotFound, PortalError, Refused
from tests.builders import Walk, a_case, an_appeal, evidence
from tests.cast import NOW, City

Call = Callable[[Session, City, Actor, Filed], Any]

CALLS: dict[str, tuple[str, Call]] = {
    "screen": (
        "submitted",
        lambda db, city, who, f: service.screen(
            db, NOW, who, f.case_id, kind="help", category_id=1, area_id=1
        ),
    ),
    "not_accept": (
        "screened",
        lambda db, city, who, f: service.not_accept(db, NOW, who, f.case_id, "untrue", "不实"),
    ),
    "name_concerned": (
        "screened",
        lambda db, city, who, f: service.name_concerned(
            db, NOW, who, f.appeal_id, f.case_id, unit_id=None, person_id=None
        ),
    ),
    "decide_refusal_objection": (
        "not_accepted",
        lambda db, city, who, f: service.decide_refusal_objection(db, NOW, who, f.case_id, True, "受理"),
    ),
    "assign": (
        "screened",
        lambda db, city, who, f: service.assign(db, NOW, who, f.case_id, city.unit("roads")),
    ),
    "accept": ("assigned", lambda db, city, who, f: service.accept(db, NOW, who, f.case_id)),
    "object_to_assignment": (
        "assigned",
        lambda db, city, who, f: service.object_to_assignment(
            db, NOW, who, f.case_id, "不归我们", city.unit("water")
        ),
    ),
    "decide_objection": (
        "objected",
        lambda db, city, who, f: service.decide_objection(db, NOW, who, f.case_id, False, "归你们"),
    ),
    "count_due_again": (
        "handling",
        lambda db, city, who, f: service.count_due_again(db, NOW, who, f.case_id, "重算"),
    ),
    "delegate": (
        "handling",
        lambda db, city, who, f: service.delegate(db, NOW, who, f.case_id, city.person("qiao")),
    ),
    "reroute": (
        "handling",
        lambda db, city, who, f: service.reroute(db, NOW, who, f.case_id, city.unit("water"), reason="调整"),
    ),
    "settle_part": (
        "handling",
        lambda db, city, who, f: service.settle_part(db, NOW, who, _part(db, f), "waived", "不需要"),
    ),
    "set_tier": (
        "handling",
        lambda db, city, who, f: service.set_tier(db, NOW, who, f.case_id, "escalated", "难"),
    ),
    "start": ("accepted", lambda db, city, who, f: service.start(db, NOW, who, f.case_id)),
    "add_note": ("handling", lambda db, city, who, f: service.add_note(db, NOW, who, f.case_id, "记")),
    "give_plan": ("handling", lambda db, city, who, f: service.give_plan(db, NOW, who, f.case_id, "计划")),
    "ask_asker": ("handling", lambda db, city, who, f: service.ask_asker(db, NOW, who, f.case_id, "问")),
    "wait_external": (
        "handling",
        lambda db, city, who, f: service.wait_external(db, NOW, who, f.case_id, "等"),
    ),
    "resume": ("waiting_external", lambda db, city, who, f: service.resume(db, NOW, who, f.case_id)),
    "add_evidence": (
        "handling",
        lambda db, city, who, f: service.add_evidence(
            db, NOW, who, f.case_id, [evidence(db, city, "lin")], ["图"]
        ),
    ),
    "answer": (
        "handling",
        lambda db, city, who, f: service.answer(
            db, NOW, who, f.case_id, "答复", "explained", legal_ground="条例"
        ),
    ),
    "close": ("answered", lambda db, city, who, f: service.close(db, NOW, who, f.case_id)),
    "call_back": (
        "answered",
        lambda db, city, who, f: service.call_back(db, NOW, who, f.case_id, True, "满意"),
    ),
    "request_reopening": (
        "closed",
        lambda db, city, who, f: service.request_reopening(db, NOW, who, f.case_id, "未解决"),
    ),
    "decide_reopening": (
        "reopen_requested",
        lambda db, city, who, f: service.decide_reopening(db, NOW, who, f.case_id, True, "重办"),
    ),
    "withdraw": ("handling", lambda db, city, who, f: service.withdraw(db, NOW, who, f.case_id, "撤")),
    "merge": (
        "screened",
        lambda db, city, who, f: service.merge(
            db, NOW, who, f.case_id, a_case(db, city, "screened").case_id, "同"
        ),
    ),
    "undo_merge": ("merged", lambda db, city, who, f: service.undo_merge(db, NOW, who, f.case_id, "错")),
    "split": (
        "screened",
        lambda db, city, who, f: service.split(db, NOW, who, f.case_id, [("另一件", "")]),
    ),
    "erase_appeal": (
        "closed",
        lambda db, city, who, f: service.erase_appeal(db, NOW, who, f.appeal_id, "本人要求"),
    ),
    "request_extension": (
        "handling",
        lambda db, city, who, f: service.request_extension(
            db, NOW, who, f.case_id, (NOW + timedelta(days=40)).date(), "材料未到"
        ),
    ),
    "decide_extension": (
        "handling",
        lambda db, city, who, f: service.decide_extension(db, NOW, who, _extension(db, city, f), True, "可"),
    ),
}
BY_THE_ASKER = {"answer_question", "object_to_refusal", "rate", "appeal_by_code", "question_by_token"}
NOT_ABOUT_A_CASE = {"Contact", "Filed", "Filing", "file_appeal", "open_case", "close_due", "index_case"}


def _part(db: Session, filed: Filed) -> int:
    row = db.query(Assignment).filter_by(case_id=filed.case_id, part="supporting").first()
    if row is None:
        row = Assignment(
            case_id=filed.case_id,
            unit_id=3,
            part="supporting",
            document_number="x",
            made_at=NOW,
        )
        db.add(row)
        db.flush()
    return row.id


def _extension(db: Session, city: City, filed: Filed) -> int:
    qiao = city.actor(db, "qiao")
    day = (NOW + timedelta(days=40)).date()
    return service.request_extension(db, NOW, qiao, filed.case_id, day, "材料未到").id


def test_every_service_is_tried() -> None:
    assert set(service.__all__) - BY_THE_ASKER - NOT_ABOUT_A_CASE == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_no_service_knows_the_case_for_whom_it_complains_about(
    database: Database, city: City, name: str
) -> None:
    """Hou's whole bureau is complained about, Mei and Su in person; all three hold every right otherwise."""
    state, call = CALLS[name]
    with database.transaction() as db:
        _appoint_to_everything(db, city)
        cases = {
            "hou": a_case(db, city, state, unit="roads", concerns_unit_id=city.unit("housing")),
            "mei": _about_person(db, city, state, "mei"),
        }
    for key, filed in cases.items():
        with pytest.raises(NotFound), database.transaction() as db:
            call(db, city, city.actor(db, key), filed)


def _appoint_to_everything(db: Session, city: City) -> None:
    """The rights of the office, of a unit's head and of a supervisor, so that only the conflict stands between."""
    rights = {("moderator", "office"), ("supervisor", "office"), ("unit_head", "roads")}
    for key, held in (("hou", set()), ("mei", {("moderator", "office")})):
        for role, unit in sorted(rights - held):
            people.appoint(
                db,
                NOW,
                SYSTEM,
                city.person(key),
                role,
                unit_id=city.unit(unit),
                starts_on=NOW.date(),
            )


def _about_person(db: Session, city: City, state: str, key: str) -> Filed:
    """Mei works on the case before it is known that it complains about her."""
    filed = a_case(db, city, state, unit="roads")
    db.get_one(Appeal, filed.appeal_id).concerns_person_id = city.person(key)
    db.flush()
    return filed


def test_lists_and_counts_leave_the_case_out_for_them_alone(database: Database, city: City) -> None:
    with database.transaction() as db:
        about = a_case(db, city, "handling", unit="roads", concerns_unit_id=city.unit("housing"))
        other = a_case(db, city, "handling", unit="housing")
        office = a_case(db, city, concerns_person_id=city.person("nuo"))
    seen = {
        "mei": {about.case_id, other.case_id, office.case_id},
        "nuo": {about.case_id, other.case_id},
        "hou": {other.case_id},
        "lin": {other.case_id},
        "shui": set(),
        "qiao": {about.case_id},
        "an": set(),
        "ji": set(),
        "wu": set(),
    }
    with database.reading() as db:
        for key, expected in seen.items():
            actor = city.actor(db, key)
            ids = set(db.scalars(select(Case.id).where(visible(actor))))
            assert ids == expected, key
            assert db.scalar(select(func.count()).select_from(Case).where(visible(actor))) == len(expected)
            one_by_one = {
                case_id for case_id in seen["mei"] if can(actor, "case.read", subject_of(db, case_id))
            }
            assert one_by_one == expected, key
        assert db.scalars(select(Case.id).where(visible(PUBLIC))).all() == []
        assert db.scalars(select(Case.id).where(visible(asker(other.appeal_id)))).all() == [other.case_id]
        assert len(db.scalars(select(Case.id).where(visible(SYSTEM))).all()) == 3


def test_what_complains_about_somebody_is_found_by_index(database: Database, city: City) -> None:
    """Not by reading the links of every case: each list and each count of the desk asks this."""
    if database.dialect != "sqlite":
        pytest.skip("PostgreSQL reads a table of a few rows as a whole")
    with database.reading() as db:
        asked = select(func.count()).select_from(Case).where(visible(city.actor(db, "hou")))
        words = asked.compile(db.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(row[-1] for row in db.execute(text(f"EXPLAIN QUERY PLAN {words}")))
    assert "USING INDEX ix_appeal_concerns_unit_id" in plan, plan
    assert "USING INDEX ix_appeal_concerns_person_id" in plan, plan
    assert "CORRELATED" not in plan, plan


def test_the_case_is_given_to_nobody_it_complains_about(database: Database, city: City) -> None:
    with database.transaction() as db:
        about = a_case(db, city, "screened", concerns_unit_id=city.unit("roads"))
        person = a_case(db, city, "screened", concerns_person_id=city.person("qiao"))
        joint = a_case(db, city, "screened", tier="joint", concerns_unit_id=city.unit("roads"))
    mei = "mei"
    for call in (
        lambda db: service.assign(db, NOW, city.actor(db, mei), about.case_id, city.unit("roads")),
        lambda db: service.assign(
            db, NOW, city.actor(db, mei), person.case_id, city.unit("roads"), city.person("qiao")
        ),
        lambda db: service.assign(
            db,
            NOW,
            city.actor(db, mei),
            joint.case_id,
            city.unit("housing"),
            supporting_unit_ids=[city.unit("roads")],
        ),
    ):
        with pytest.raises(Refused) as refused, database.transaction() as db:
            call(db)
        assert refused.value.code == "concerned"


def test_a_case_cannot_come_to_whom_it_complains_about_by_a_way_round(database: Database, city: City) -> None:
    """Not by an objection, a re-routing, a merge, a delegation, nor by being told later."""
    with database.transaction() as db:
        about = a_case(db, city, "assigned", unit="housing", concerns_unit_id=city.unit("roads"))
        handling = a_case(db, city, "handling", unit="housing", concerns_unit_id=city.unit("roads"))
        fresh = a_case(db, city, "screened", concerns_unit_id=city.unit("roads"))
        theirs = a_case(db, city, "handling", unit="roads")
    ways: list[Callable[[Session], Any]] = [
        lambda db: service.object_to_assignment(
            db, NOW, city.actor(db, "lin"), about.case_id, "不归我们", city.unit("roads")
        ),
        lambda db: service.reroute(
            db, NOW, city.actor(db, "mei"), handling.case_id, city.unit("roads"), reason="调整"
        ),
        lambda db: service.merge(db, NOW, city.actor(db, "mei"), fresh.case_id, theirs.case_id, "同一件事"),
        lambda db: service.name_concerned(
            db,
            NOW,
            city.actor(db, "mei"),
            theirs.appeal_id,
            theirs.case_id,
            unit_id=city.unit("roads"),
            person_id=None,
        ),
        lambda db: service.set_tier(
            db, NOW, city.actor(db, "mei"), handling.case_id, "joint", "牵涉多", [city.unit("roads")]
        ),
    ]
    for number, way in enumerate(ways):
        with pytest.raises(PortalError), database.transaction() as db:
            way(db)
        with database.reading() as db:
            qiao = city.actor(db, "qiao")
            assert db.scalars(select(Case.id).where(visible(qiao))).all() == [theirs.case_id], number


def test_once_named_they_see_it_no_more(database: Database, city: City) -> None:
    with database.transaction() as db:
        filed = a_case(db, city, "handling", unit="housing")
        service.reroute(
            db, NOW, city.actor(db, "mei"), filed.case_id, city.unit("roads"), reason="反映的是住建局"
        )
        service.name_concerned(
            db,
            NOW,
            city.actor(db, "mei"),
            filed.appeal_id,
            filed.case_id,
            unit_id=city.unit("housing"),
            person_id=None,
        )
    with database.reading() as db:
        # Housing was asked first, and would stay answerable, were it not complained about.
        assert db.scalars(select(Case.id).where(visible(city.actor(db, "lin")))).all() == []


def test_a_rule_proposes_no_unit_that_is_complained_about(database: Database, city: City) -> None:
    with database.transaction() as db:
        db.add(
            RoutingRule(sort=1, name="路灯", conditions={"any_words": ["路灯"]}, unit_id=city.unit("roads"))
        )
        db.add(RoutingRule(sort=2, name="其他", conditions={}, unit_id=city.unit("housing")))
        plain, about = an_appeal(db), an_appeal(db, concerns_unit_id=city.unit("roads"))
        assert db.get_one(Case, plain.case_id).proposed_unit_id == city.unit("roads")
        assert db.get_one(Case, about.case_id).proposed_unit_id == city.unit("housing")


def test_an_undone_merge_leaves_no_conflict_behind(database: Database, city: City) -> None:
    with database.transaction() as db:
        about = a_case(db, city, "screened", concerns_unit_id=city.unit("roads"))
        into = a_case(db, city, "screened")
        walk = Walk(db, city, NOW, about)
        service.merge(db, NOW, walk.by("mei"), about.case_id, into.case_id, "像是同一件")
        assert city.unit("roads") in subject_of(db, into.case_id).concerned_unit_ids
        service.undo_merge(db, NOW, walk.by("mei"), about.case_id, "不是同一件")
        assert subject_of(db, into.case_id).concerned_unit_ids == frozenset()
        assert city.unit("roads") in subject_of(db, about.case_id).concerned_unit_ids
        assert db.query(Appointment).count()
