"""A notice is written by one person, released by another, public at its minute, and corrected only in the open."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.kernel.db import Database
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, Refused
from portal.ledger.models import PublicationRecord
from portal.notices import jobs, queries, service
from portal.notices.models import Notice
from portal.notices.service import Words
from portal.notices.workflow import MOVES, NoticeState
from tests.cast import NOW, City

TEXT = Words("announcement", "锦帆里一带夜间停水通知", "因管网改造，**6 月 20 日**夜间停水。")
LATER = NOW + timedelta(hours=5)


def draft(database: Database, city: City, by: str = "mei", words: Words = TEXT) -> int:
    with database.transaction() as db:
        return service.draft(db, NOW, city.actor(db, by), words).id


def proposed(database: Database, city: City, words: Words = TEXT) -> int:
    number = draft(database, city, words=words)
    with database.transaction() as db:
        service.propose(db, NOW, city.actor(db, "mei"), number)
    return number


def approve(database: Database, city: City, number: int, by: str = "nuo", **how) -> Notice:
    with database.transaction() as db:
        version = db.get_one(Notice, number).version
        return service.approve(db, NOW, city.actor(db, by), number, **{"version": version, **how})


def published(database: Database, city: City, words: Words = TEXT) -> Notice:
    return approve(database, city, proposed(database, city, words))


def do(database: Database, city: City, by: str, act, *arguments) -> Notice:
    with database.transaction() as db:
        return act(db, NOW, city.actor(db, by), *arguments)


def test_one_writes_another_releases_and_everybody_reads(database, city):
    notice = published(database, city)
    assert notice.ref == "N26-0001"
    with database.reading() as db:
        found = queries.page_of(db, "N26-0001")
        assert (found.title, found.published_at) == (TEXT.title, NOW)
        record = db.scalars(select(PublicationRecord)).one()
        assert (record.author_id, record.approver_id) == (city.person("mei"), city.person("nuo"))
        assert record.content["body"] == TEXT.body


@pytest.mark.parametrize("who", ["lin", "hou", "an", "ke", "ji", "he"])
def test_who_may_not_write_or_decide_is_refused(database, city, who):
    with pytest.raises(Forbidden):
        draft(database, city, by=who)
    number = proposed(database, city)
    with pytest.raises(Forbidden):
        approve(database, city, number, by=who)
    with pytest.raises(Forbidden):
        do(database, city, who, service.withdraw, approve(database, city, number).id, "错了")


def test_nobody_releases_what_they_wrote_or_touched(database, city):
    number = proposed(database, city)
    with pytest.raises(Refused, match="second_person_required"):
        approve(database, city, number, by="mei")
    do(database, city, "su", service.take_back, number)
    with database.transaction() as db:
        version = db.get_one(Notice, number).version
        service.edit(db, NOW, city.actor(db, "nuo"), number, TEXT, version)
    do(database, city, "mei", service.propose, number)
    with pytest.raises(Refused, match="second_person_required"):
        approve(database, city, number, by="nuo")
    assert approve(database, city, number, by="su").state == "published"


def test_the_database_itself_wants_two_persons(database, city):
    number = published(database, city).id
    with pytest.raises(IntegrityError), database.transaction() as db:
        db.get_one(Notice, number).approved_by_id = city.person("mei")


def test_what_is_public_is_not_edited(database, city):
    notice = published(database, city)
    for act in (
        lambda db, actor: service.edit(db, NOW, actor, notice.id, TEXT, notice.version),
        lambda db, actor: service.take_back(db, NOW, actor, notice.id),
        lambda db, actor: service.discard(db, NOW, actor, notice.id),
        lambda db, actor: service.propose(db, NOW, actor, notice.id),
    ):
        with pytest.raises(Refused), database.transaction() as db:
            act(db, city.actor(db, "su"))


def test_it_is_public_at_its_minute_and_not_before(database, city):
    number = proposed(database, city)
    assert approve(database, city, number, publish_at=LATER).state == "scheduled"
    for moment, shown in ((NOW, 0), (LATER - timedelta(seconds=1), 0), (LATER, 1), (LATER, 1)):
        jobs.work(database, moment)
        with database.reading() as db:
            assert len(queries.published(db)) == shown, moment
    with database.reading() as db:
        assert db.get_one(Notice, number).published_at == LATER
        assert len(db.scalars(select(PublicationRecord)).all()) == 1


def test_a_portal_that_slept_publishes_when_it_wakes_in_the_order_of_the_minutes(database, city):
    second, first = proposed(database, city), proposed(database, city)
    approve(database, city, second, publish_at=LATER + timedelta(hours=1))
    approve(database, city, first, publish_at=LATER)
    assert jobs.work(database, LATER + timedelta(days=2)) == "2 published"
    assert jobs.work(database, LATER + timedelta(days=2)) is None
    with database.reading() as db:
        assert [db.get_one(Notice, number).ref for number in (first, second)] == ["N26-0001", "N26-0002"]


def test_what_waits_for_its_minute_can_be_stopped(database, city):
    number = proposed(database, city)
    approve(database, city, number, publish_at=LATER)
    notice = do(database, city, "mei", service.take_back, number)
    assert (notice.state, notice.approved_by_id) == ("draft", None)
    assert jobs.work(database, LATER) is None


@pytest.mark.parametrize(
    ("at", "remark"),
    [
        (NOW, "this very moment is no plan"),
        (NOW - timedelta(minutes=1), "nobody publishes in the past"),
        (NOW + timedelta(days=367), "nor in years to come"),
    ],
)
def test_the_minute_must_lie_ahead(database, city, at, remark):
    with pytest.raises(Invalid) as refused:
        approve(database, city, proposed(database, city), publish_at=at)
    assert refused.value.field == "publish_at", remark


def test_suspected_personal_data_has_to_be_looked_at(database, city):
    number = proposed(database, city, Words("announcement", "联系人", "请致电王小满 13900001234。"))
    with pytest.raises(Invalid, match="Look at the marked places"):
        approve(database, city, number)
    assert approve(database, city, number, checked=True).state == "published"


def test_two_who_write_at_once_are_told(database, city):
    number = draft(database, city)
    with database.transaction() as db:
        service.edit(db, NOW, city.actor(db, "mei"), number, Words("result", "题", "文"), 1)
    with pytest.raises(Conflict), database.transaction() as db:
        service.edit(db, NOW, city.actor(db, "nuo"), number, TEXT, 1)


def test_whoever_decides_decides_on_what_they_read(database, city):
    number = proposed(database, city)
    with pytest.raises(Refused, match="meanwhile"):
        approve(database, city, number, version=1)


def test_it_goes_back_with_what_has_to_be_mended(database, city):
    number = proposed(database, city)
    with pytest.raises(Invalid):
        do(database, city, "nuo", service.send_back, number, " ")
    notice = do(database, city, "nuo", service.send_back, number, "日期写错了")
    assert (notice.state, notice.returned_because) == ("draft", "日期写错了")
    assert do(database, city, "mei", service.propose, number).returned_because == ""


def test_a_published_notice_is_corrected_by_a_new_one(database, city):
    first = published(database, city)
    second = do(database, city, "mei", service.correct, first.id)
    do(database, city, "mei", service.propose, second.id)
    with database.reading() as db:
        assert queries.page_of(db, first.ref).corrected_by is None, "not before it is public"
    second = approve(database, city, second.id)
    with database.reading() as db:
        assert queries.page_of(db, first.ref).corrected_by == second.ref
        assert queries.page_of(db, second.ref).corrects == first.ref
        assert queries.page_of(db, first.ref).body == TEXT.body, "the first stays as it was"
    with pytest.raises(Refused):
        do(database, city, "mei", service.correct, draft(database, city))


def test_a_withdrawn_notice_leaves_its_number_and_the_reason(database, city):
    notice = published(database, city)
    with pytest.raises(Invalid):
        do(database, city, "su", service.withdraw, notice.id, "")
    do(database, city, "su", service.withdraw, notice.id, "日期有误，另行通知")
    with database.reading() as db:
        found = queries.page_of(db, notice.ref)
        assert (found.body, found.withdrawn_because) == ("", "日期有误，另行通知")
        contents = db.scalars(select(PublicationRecord.content).order_by(PublicationRecord.id)).all()
        assert contents[0] is None
        assert queries.newest(db, 5) == []
    with pytest.raises(Refused):
        do(database, city, "su", service.withdraw, notice.id, "再来一次")


@pytest.mark.parametrize(
    ("words", "field", "remark"),
    [
        (Words("rumour", "题", "文"), "kind", "a kind nobody knows"),
        (Words("announcement", " ", "文"), "title", "no title"),
        (Words("announcement", "题", "\n"), "body", "no text"),
        (Words("announcement", "长" * 201, "文"), "title", "a title like a letter"),
        (Words("announcement", "题", "长" * 20_001), "body", "a book"),
        (Words("announcement", "题", "文", unit_id=999), "unit_id", "a unit that is not there"),
        (Words("announcement", "题", "文", lang="fr"), "lang", "a language the portal does not speak"),
    ],
)
def test_bad_words_are_refused_at_their_field(database, city, words, field, remark):
    with pytest.raises(Invalid) as refused:
        draft(database, city, words=words)
    assert refused.value.field == field, remark


def test_no_move_outside_the_table(database, city):
    """Every act in every state: allowed exactly where the table leads."""
    acts = {
        "propose": (lambda db, actor, n: service.propose(db, NOW, actor, n.id), NoticeState.PROPOSED),
        "approve": (
            lambda db, actor, n: service.approve(db, NOW, actor, n.id, publish_at=LATER, version=n.version),
            NoticeState.SCHEDULED,
        ),
        "take_back": (lambda db, actor, n: service.take_back(db, NOW, actor, n.id), NoticeState.DRAFT),
        "withdraw": (
            lambda db, actor, n: service.withdraw(db, NOW, actor, n.id, "错了"),
            NoticeState.WITHDRAWN,
        ),
    }
    makers = {
        NoticeState.DRAFT: lambda: draft(database, city),
        NoticeState.PROPOSED: lambda: proposed(database, city),
        NoticeState.SCHEDULED: lambda: approve(database, city, proposed(database, city), publish_at=LATER).id,
        NoticeState.PUBLISHED: lambda: published(database, city).id,
        NoticeState.WITHDRAWN: lambda: (
            do(database, city, "su", service.withdraw, published(database, city).id, "错了").id
        ),
    }
    for source, make in makers.items():
        for name, (act, target) in acts.items():
            number = make()
            allowed = target in MOVES[source]
            try:
                with database.transaction() as db:
                    act(db, city.actor(db, "su"), db.get_one(Notice, number))
                assert allowed, (source, name)
            except PortalError:
                assert not allowed, (source, name)


def test_what_is_not_there_is_not_found(database, city):
    with pytest.raises(NotFound):
        do(database, city, "mei", service.propose, 999)
    with database.reading() as db:
        assert queries.page_of(db, "N26-9999") is None
