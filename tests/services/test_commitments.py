"""A promise: made by one and agreed to by another, followed up, changed only in the open, and ended by two persons."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from portal.commitments import alerts, service, subscribers
from portal.commitments.history import CommitmentEntry
from portal.commitments.models import Commitment, CommitmentProposal, CommitmentText
from portal.commitments.released import PublishedCommitment, PublishedCommitmentDetail, PublishedPicture
from portal.commitments.service import Change
from portal.commitments.service.clocks import was_late
from portal.commitments.subjects import KIND, subject_of, visible
from portal.commitments.workflow import Wish
from portal.deadlines import service as deadlines
from portal.deadlines.models import Clock
from portal.identity.policy import can
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden, Invalid, NotFound, PortalError, Refused
from portal.ledger.models import PublicationRecord
from tests.builders import a_case
from tests.cast import KEYS, NOW, City
from tests.promises import AFTER, DAY, HOW, WHAT, a_commitment, a_file, a_follow_up, a_promise, end, reload

LATER = DAY + timedelta(days=14)
PHONE = "有事打 13912345678 找我，灯都修好了。"


@pytest.fixture(autouse=True)
def listening() -> None:
    subscribers.register()
    alerts.register()


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def make(db: Session, city: City, who: str = "lin", case: int | None = None, **changes: Any) -> Commitment:
    extra = {name: changes.pop(name) for name in ("confirmed", "said_live") if name in changes}
    case_id = case or a_case(db, city, "handling").case_id
    promise = a_promise(city, **changes)
    return service.make(db, NOW, city.actor(db, who), promise, source_kind="case", source_id=case_id, **extra)


def public(db: Session, made: Commitment) -> PublishedCommitment | None:
    return db.scalar(select(PublishedCommitment).where(PublishedCommitment.commitment_id == made.id))


def story(db: Session, made: Commitment) -> list[dict[str, Any]]:
    row = public(db, made)
    assert row is not None
    return db.get_one(PublishedCommitmentDetail, row.id).history


def acts(db: Session, made: Commitment) -> list[str]:
    found = select(CommitmentEntry.act).where(CommitmentEntry.commitment_id == made.id)
    return list(db.scalars(found.order_by(CommitmentEntry.id)))


def records(db: Session, made: Commitment) -> list[PublicationRecord]:
    found = select(PublicationRecord).where(
        PublicationRecord.kind == "commitment", PublicationRecord.reference == made.ref
    )
    return list(db.scalars(found.order_by(PublicationRecord.version)))


def test_lin_promises_and_nobody_outside_reads_it_before_nuo_agrees(db: Session, city: City) -> None:
    made = make(db, city)
    assert (made.ref, made.state, public(db, made)) == ("C26-0001", "proposed", None)
    service.agree(db, NOW, city.actor(db, "nuo"), made.id)
    row = public(db, made)
    assert row is not None
    assert (row.ref, row.state, row.what, row.due_day) == ("C26-0001", "made", WHAT, DAY)
    assert (row.unit_name, row.person_name, row.running) == ("市住房和城乡建设局", "林工", True)
    (record,) = records(db, made)
    assert (record.author_id, record.approver_id) == (city.person("lin"), city.person("nuo"))
    assert record.content is not None
    assert record.content["how"] == HOW


def test_whoever_wrote_it_cannot_agree_to_it(db: Session, city: City) -> None:
    made = make(db, city, "mei")
    with pytest.raises(Refused):
        service.agree(db, NOW, city.actor(db, "mei"), made.id)


def test_what_was_said_before_everybody_counts_at_once_and_the_record_says_so(
    db: Session, city: City
) -> None:
    made = make(db, city, "mei", said_live=True)
    assert made.state == "made"
    (record,) = records(db, made)
    assert (record.author_id, record.approver_id) == (city.person("mei"), None)


def test_references_are_given_once(db: Session, city: City) -> None:
    dropped = a_commitment(db, city, "dropped")
    assert make(db, city).ref == "C26-0002"
    assert reload(db, dropped).ref == "C26-0001"


@pytest.mark.parametrize(
    ("changes", "code", "remark"),
    [
        ({"due_day": None}, "no_day", "without a date"),
        ({"due_day": NOW.date()}, "day_over", "today"),
        (
            {"how": "尽快推进，加强巡查，高度重视此事。", "what": "路灯问题"},
            "not_verifiable",
            "nothing to check",
        ),
        ({"person": "qiao"}, "not_of_the_unit", "Qiao is of the roads bureau"),
        ({"person": "wu"}, "not_of_the_unit", "old Wu's appointment has ended"),
        ({"person": "shui"}, "not_of_the_unit", "the unit below is another unit"),
        ({"how": PHONE}, "personal_data_suspected", "a phone number"),
    ],
)
def test_what_is_no_promise_is_refused(
    db: Session, city: City, changes: dict[str, Any], code: str, remark: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make(db, city, **changes)
    assert refused.value.code == code, remark


def test_suspected_personal_data_needs_the_eyes_of_both(db: Session, city: City) -> None:
    made = make(db, city, how=PHONE, confirmed=True)
    nuo = city.actor(db, "nuo")
    with pytest.raises(Invalid, match="personal data"):
        service.agree(db, NOW, nuo, made.id)
    service.agree(db, NOW, nuo, made.id, confirmed=True)


@pytest.mark.parametrize("state", ["merged", "not_accepted", "withdrawn"])
def test_nothing_is_promised_for_a_case_nobody_handles(db: Session, city: City, state: str) -> None:
    filed = a_case(db, city, state)
    with pytest.raises((Refused, NotFound)):
        make(db, city, "mei", filed.case_id)


def test_a_follow_up_is_public_once_somebody_else_has_read_it(db: Session, city: City) -> None:
    made = a_commitment(db, city)
    lin, nuo = city.actor(db, "lin"), city.actor(db, "nuo")
    picture = service.Picture(a_file(db, city), "after", "新换的灯")
    report = service.follow_up(db, NOW, lin, made.id, "换好 6 盏。", [picture])
    assert [step["act"] for step in story(db, made)] == ["made"]
    service.show(db, NOW, nuo, report.id)
    assert (reload(db, made).state, public(db, made).follow_ups) == ("in_progress", 1)
    assert story(db, made)[-1]["words"] == "换好 6 盏。"
    shown = db.scalars(select(PublishedPicture)).one()
    assert (shown.part, shown.caption) == ("after", "新换的灯")
    with pytest.raises(Refused):
        service.show(db, NOW, nuo, report.id)


def test_the_author_of_a_follow_up_does_not_show_it(db: Session, city: City) -> None:
    made = a_commitment(db, city)
    report = service.follow_up(db, NOW, city.actor(db, "su"), made.id, "实地核对过 6 盏，属实。")
    with pytest.raises(Refused):
        service.show(db, NOW, city.actor(db, "su"), report.id)
    service.show(db, NOW, city.actor(db, "mei"), report.id)


def test_a_follow_up_that_is_handed_back_stays_inside(db: Session, city: City) -> None:
    made = a_commitment(db, city)
    report = service.follow_up(db, NOW, city.actor(db, "lin"), made.id, "换好 6 盏。")
    service.decline(db, NOW, city.actor(db, "nuo"), report.id, "请附照片")
    assert (reload(db, made).state, len(story(db, made))) == ("made", 1)


def test_somebody_elses_file_is_not_taken(db: Session, city: City) -> None:
    made = a_commitment(db, city)
    theirs = service.Picture(a_file(db, city, "qiao"), "after")
    with pytest.raises(Invalid, match="no longer there"):
        service.follow_up(db, NOW, city.actor(db, "lin"), made.id, "换好 6 盏。", [theirs])


def test_the_day_moves_only_with_a_reason_and_a_second_person_and_the_old_one_stays(
    db: Session, city: City
) -> None:
    made = a_commitment(db, city)
    lin, nuo = city.actor(db, "lin"), city.actor(db, "nuo")
    change = Change(WHAT, HOW, LATER)
    with pytest.raises(Invalid):
        service.propose_change(db, NOW, lin, made.id, change, " ")
    proposal = service.propose_change(db, NOW, lin, made.id, change, "电缆被挖断，要先修电缆。")
    assert (made.due_day, public(db, made).due_day) == (DAY, DAY), "nothing moves before it is agreed to"
    service.decide(db, NOW, nuo, proposal.id, True)
    row = public(db, made)
    assert (row.due_day, row.first_due_day, row.changes) == (LATER, DAY, 1)
    step = story(db, made)[-1]
    assert (step["before"]["due"], step["after"]["due"]) == (DAY.isoformat(), LATER.isoformat())
    assert step["words"] == "电缆被挖断，要先修电缆。"
    clock = db.scalars(select(Clock).where(Clock.subject_kind == KIND)).one()
    assert clock.due_day == LATER
    assert [row.due_day for row in db.scalars(select(CommitmentText))] == [DAY, LATER]


def test_whoever_proposes_a_change_does_not_decide_it(db: Session, city: City) -> None:
    made = a_commitment(db, city)
    proposal = service.propose_change(
        db, NOW, city.actor(db, "lin"), made.id, Change(WHAT, HOW, LATER), "要先修电缆"
    )
    for who in ("lin", "hou"):
        with pytest.raises(Forbidden):
            service.decide(db, NOW, city.actor(db, who), proposal.id, True)


def test_a_refused_change_leaves_everything_as_it_was(db: Session, city: City) -> None:
    made = a_commitment(db, city)
    change = Change(WHAT, HOW, LATER)
    proposal = service.propose_change(db, NOW, city.actor(db, "lin"), made.id, change, "来不及")
    with pytest.raises(Refused, match="waits for its decision"):
        service.propose_change(db, NOW, city.actor(db, "lin"), made.id, change, "再提一次")
    service.decide(db, NOW, city.actor(db, "nuo"), proposal.id, False, "没有说明为什么来不及")
    assert (reload(db, made).due_day, len(story(db, made))) == (DAY, 1)
    assert acts(db, made)[-2:] == ["change_proposed", "change_refused"]


@pytest.mark.parametrize("state", ["kept", "kept_late", "partly_kept", "broken", "released"])
def test_every_end_takes_two_persons_and_is_on_record_with_both(db: Session, city: City, state: str) -> None:
    made = a_commitment(db, city, state)
    row = public(db, made)
    assert (reload(db, made).state, row.state, row.running) == (state, state, False)
    last = records(db, made)[-1]
    assert (last.act, last.approver_id) == (state, city.person("nuo"))
    assert last.author_id not in (None, city.person("nuo"))
    assert db.scalar(select(Clock.id).where(Clock.subject_kind == KIND, Clock.stopped_at.is_(None))) is None
    assert ("overdue" in acts(db, made)) is (state in ("kept_late", "partly_kept", "broken"))


def test_nothing_is_kept_without_evidence(db: Session, city: City) -> None:
    made = a_commitment(db, city)
    lin = city.actor(db, "lin")
    with pytest.raises(Refused, match="Evidence"):
        service.propose_end(db, NOW, lin, made.id, Wish.KEPT, "都修好了")
    report = service.follow_up(
        db, NOW, lin, made.id, "修好了。", [service.Picture(a_file(db, city), "before")]
    )
    service.show(db, NOW, city.actor(db, "nuo"), report.id)
    with pytest.raises(Refused, match="Evidence"):
        service.propose_end(db, NOW, lin, made.id, Wish.KEPT, "都修好了")
    a_follow_up(db, city, made)
    service.propose_end(db, NOW, lin, made.id, Wish.KEPT, "都修好了")


def test_nothing_is_broken_before_its_day_is_over(db: Session, city: City) -> None:
    made = a_commitment(db, city)
    with pytest.raises(Refused, match="not over"):
        service.propose_end(db, NOW, city.actor(db, "mei"), made.id, Wish.BROKEN, "没有动静")


def test_said_to_be_done_on_the_last_day_is_in_time_however_long_the_check_takes(
    db: Session, city: City
) -> None:
    made = a_commitment(db, city, "in_progress")
    last_evening = NOW.replace(year=2026, month=7, day=2, hour=15)
    proposal = service.propose_end(
        db, last_evening, city.actor(db, "lin", last_evening), made.id, Wish.KEPT, "都修好了"
    )
    assert (public(db, made).claimed, public(db, made).running) == (True, False)
    deadlines.sweep(db, AFTER)
    service.decide(db, AFTER, city.actor(db, "nuo", AFTER), proposal.id, True)
    assert reload(db, made).state == "kept"
    assert "overdue" not in acts(db, made)


def test_said_to_be_done_and_it_was_not_the_clock_has_the_date_it_had(db: Session, city: City) -> None:
    made = a_commitment(db, city, "in_progress")
    proposal = service.propose_end(db, NOW, city.actor(db, "lin"), made.id, Wish.KEPT, "都修好了")
    service.decide(db, AFTER, city.actor(db, "nuo", AFTER), proposal.id, False, "还有 3 盏不亮")
    assert public(db, made).running
    while deadlines.is_anything_due(db, AFTER):
        deadlines.sweep(db, AFTER)
    assert "overdue" in acts(db, made)
    end(db, city, made, "kept_late")
    assert was_late(db, made)


def test_what_is_late_says_so_once_and_by_nobodys_hand(db: Session, city: City) -> None:
    made = a_commitment(db, city)
    version = made.version
    for day in range(40):
        deadlines.sweep(db, NOW + timedelta(days=day))
    assert [act for act in acts(db, made) if act in ("overdue", "very_late")] == ["overdue", "very_late"]
    assert made.version == version
    record = records(db, made)[1]
    assert (record.act, record.author_id, record.approver_id) == ("overdue", None, None)


def test_a_broken_promise_may_still_be_kept_late_and_was_broken_for_ever(db: Session, city: City) -> None:
    made = a_commitment(db, city, "broken")
    later = AFTER + timedelta(days=30)
    proposal = service.propose_end(db, later, city.actor(db, "lin", later), made.id, Wish.KEPT, "补上了")
    service.decide(db, later, city.actor(db, "nuo", later), proposal.id, True)
    assert reload(db, made).state == "kept_late"
    assert [step["act"] for step in story(db, made)][-3:] == ["broken", "end_proposed", "kept_late"]


def test_an_end_refuses_the_change_that_waits(db: Session, city: City) -> None:
    made = a_commitment(db, city, "in_progress")
    service.propose_change(db, NOW, city.actor(db, "lin"), made.id, Change(WHAT, HOW, LATER), "要先修电缆")
    end(db, city, made, "kept")
    assert (
        db.scalars(select(CommitmentProposal).where(CommitmentProposal.topic == "change")).one().agreed
        is False
    )


def test_words_that_had_to_go_leave_their_hash(db: Session, city: City) -> None:
    made = a_commitment(db, city)
    report = a_follow_up(db, city, made)
    a_follow_up(db, city, made, words="又换好 3 盏。")
    names = service.erase(db, NOW, city.actor(db, "mei"), report)
    assert len(names) == 2
    first, second = story(db, made)[1:3]
    assert (first["words"], first["erased"], second["words"]) == ("", True, "又换好 3 盏。")
    contents = {record.act: record.content for record in records(db, made)}
    assert contents[f"follow_up_{report}"] is None
    assert [content is None for content in contents.values()].count(True) == 1


def test_the_history_cannot_be_edited_by_anybody(database: Database, city: City) -> None:
    with database.transaction() as db:
        a_commitment(db, city)
    for statement in ("UPDATE commitment_history SET act = 'kept'", "DELETE FROM commitment_history"):
        with pytest.raises(DatabaseError, match="append-only"), database.transaction() as db:
            db.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE commitment SET agreed_by_id = made_by_id", "two persons"),
        ("UPDATE commitment SET agreed_by_id = NULL", "made only with a second person"),
        ("UPDATE commitment SET state = 'kept'", "an end has its moment"),
        ("UPDATE commitment SET state = 'forgotten'", "a state of the list"),
        ("UPDATE commitment SET first_due_day = made_on", "the day lies ahead"),
        ("UPDATE commitment_proposal SET decided_by_id = proposed_by_id", "two persons"),
        ("UPDATE commitment_proposal SET reason = ''", "a reason"),
        ("UPDATE commitment_follow_up SET decided_by_id = made_by_id", "two persons"),
    ],
)
def test_the_database_itself_holds_the_rules(
    database: Database, city: City, statement: str, rule: str
) -> None:
    with database.transaction() as db:
        made = a_commitment(db, city, "in_progress")
        service.propose_change(
            db, NOW, city.actor(db, "lin"), made.id, Change(WHAT, HOW, LATER), "要先修电缆"
        )
    with pytest.raises(IntegrityError), database.transaction() as db:
        db.execute(text(statement))
        pytest.fail(f"not held: {rule}")


Call = Callable[[Session, City, Any, Commitment], Any]
CALLS: dict[str, tuple[str, str, Call]] = {
    # what: (state, who may, the call)
    "agree": ("proposed", "mei nuo su", lambda db, c, who, m: service.agree(db, NOW, who, m.id)),
    "drop": ("proposed", "lin mei nuo su", lambda db, c, who, m: service.drop(db, NOW, who, m.id, "twice")),
    "follow_up": (
        "made",
        "lin hou su",
        lambda db, c, who, m: service.follow_up(db, NOW, who, m.id, "换好 6 盏。"),
    ),
    "show": ("made", "mei nuo su", lambda db, c, who, m: service.show(db, NOW, who, _report(db, c, m))),
    "decline": (
        "made",
        "mei nuo su",
        lambda db, c, who, m: service.decline(db, NOW, who, _report(db, c, m), "请附照片"),
    ),
    "erase": (
        "made",
        "mei nuo",
        lambda db, c, who, m: service.erase(db, NOW, who, _report(db, c, m)),
    ),
    "propose_change": (
        "made",
        "lin hou",
        lambda db, c, who, m: service.propose_change(db, NOW, who, m.id, Change(WHAT, HOW, LATER), "修电缆"),
    ),
    "propose_kept": (
        "in_progress",
        "lin hou su",
        lambda db, c, who, m: service.propose_end(db, NOW, who, m.id, Wish.KEPT, "都修好了"),
    ),
    "propose_broken": (
        "in_progress",
        "mei nuo su",
        lambda db, c, who, m: service.propose_end(db, AFTER, who, m.id, Wish.BROKEN, "没有修"),
    ),
    "propose_release": (
        "in_progress",
        "hou mei nuo",
        lambda db, c, who, m: service.propose_end(db, NOW, who, m.id, Wish.RELEASED, "小区要拆迁"),
    ),
    "decide_change": (
        "made",
        "mei nuo su",
        lambda db, c, who, m: service.decide(db, NOW, who, _change(db, c, m), True),
    ),
    "confirm": (
        "in_progress",
        "mei nuo su",
        lambda db, c, who, m: service.decide(db, NOW, who, _end(db, c, m), True),
    ),
}


def _report(db: Session, city: City, made: Commitment) -> int:
    return service.follow_up(db, NOW, city.actor(db, "lin"), made.id, "换好 6 盏。").id


def _change(db: Session, city: City, made: Commitment) -> int:
    change = Change(WHAT, HOW, LATER)
    return service.propose_change(db, NOW, city.actor(db, "lin"), made.id, change, "要先修电缆").id


def _end(db: Session, city: City, made: Commitment) -> int:
    return service.propose_end(db, NOW, city.actor(db, "lin"), made.id, Wish.KEPT, "都修好了").id


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("key", KEYS)
def test_who_may_and_who_may_not(db: Session, city: City, name: str, key: str) -> None:
    state, who_may, call = CALLS[name]
    made = a_commitment(db, city, state)
    actor = city.actor(db, key)
    if key in who_may.split():
        call(db, city, actor, made)
    else:
        with pytest.raises((Forbidden, NotFound)):
            call(db, city, actor, made)


@pytest.mark.parametrize("key", KEYS)
def test_who_may_make_one(db: Session, city: City, key: str) -> None:
    filed = a_case(db, city, "handling")
    if key in ("lin", "hou", "mei", "nuo"):
        assert make(db, city, key, filed.case_id).state == "proposed"
    else:
        with pytest.raises((Forbidden, NotFound)):
            make(db, city, key, filed.case_id)


@pytest.mark.parametrize("name", [name for name in CALLS if name != "erase"])
@pytest.mark.parametrize("concern", ["unit", "person"])
def test_who_is_complained_about_finds_nothing_at_any_door(
    db: Session, city: City, name: str, concern: str
) -> None:
    """Su has every right of the second person, Hou those of the unit; the case complains about them."""
    state, who_may, call = CALLS[name]
    for key in ("su", "hou"):
        if key not in who_may.split():
            continue
        made = a_commitment(db, city, state)
        about = {"concerns_unit_id": None, "concerns_person_id": city.person(key)}
        if concern == "unit":
            about = {
                "concerns_unit_id": city.unit("office" if key == "su" else "housing"),
                "concerns_person_id": None,
            }
        db.execute(
            text(
                "UPDATE appeal SET concerns_unit_id = :concerns_unit_id, concerns_person_id = :concerns_person_id"
            ),
            about,
        )
        actor = city.actor(db, key)
        assert not can(actor, "commitment.read", subject_of(db, made))
        assert made.id not in set(db.scalars(select(Commitment.id).where(visible(actor))))
        if concern == "person":
            with pytest.raises(NotFound):
                call(db, city, actor, made)
        db.execute(text("UPDATE appeal SET concerns_unit_id = NULL, concerns_person_id = NULL"))


def test_whoever_is_complained_about_promises_nothing_for_it(db: Session, city: City) -> None:
    filed = a_case(db, city, "handling", concerns_person_id=city.person("hou"))
    with pytest.raises(Invalid, match="complains about them"):
        make(db, city, "mei", filed.case_id, person="hou")
    with pytest.raises(NotFound):
        make(db, city, "hou", filed.case_id)


@pytest.mark.parametrize("key", KEYS)
def test_one_and_the_list_agree_about_who_sees_what(db: Session, city: City, key: str) -> None:
    made = [a_commitment(db, city), a_commitment(db, city, "proposed")]
    actor = city.actor(db, key)
    listed = set(db.scalars(select(Commitment.id).where(visible(actor))))
    assert listed == {one.id for one in made if can(actor, "commitment.read", subject_of(db, one))}


def test_a_refused_act_changes_nothing(database: Database, city: City) -> None:
    with database.transaction() as db:
        number = a_commitment(db, city).id
    with pytest.raises(PortalError), database.transaction() as db:
        service.propose_end(db, NOW, city.actor(db, "lin"), number, Wish.KEPT, "都修好了")
    with database.reading() as db:
        assert db.get_one(Commitment, number).state == "made"
        assert db.scalars(select(CommitmentProposal)).all() == []
