"""History taken in by the hundred: the same rows as filing makes, once each, and nothing is set going by it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.cases import repeats
from portal.cases.history import HistoryEntry
from portal.cases.models import Appeal, AppealPiece, Case, CaseLink, RoutingRule
from portal.cases.past import PastAppeal, PastReply, prepare
from portal.cases.service import Contact, Filing, bulk, file_appeal
from portal.cases.service.indexing import index_case
from portal.cases.texts import AppealContact, AppealKey, AppealRaw, AppealText, Reply
from portal.deadlines.models import Clock
from portal.identity.actors import PUBLIC, SYSTEM, Actor
from portal.identity.models import Company
from portal.kernel.db import Database
from portal.kernel.errors import Forbidden
from portal.kernel.keys import unseal
from portal.publishing.service.counting import rebuild_counts
from tests.cast import NOW, City
from tests.conftest import KEYS
from tests.searching import cases_with

THEN = datetime(2019, 4, 24, 8, 3, tzinfo=UTC)
LAMP = PastAppeal(
    external_id="2554",
    title="春和路的路灯坏了",
    body="三号楼前的路灯坏了两个星期，晚上很黑，老人出门不便。ＡＢＣ１２３",
    kind="help",
    occurred_at=THEN,
    raw={"编号": "2554", "电话": "13900001234"},
    contact={"name": "王小满", "phone": "13900001234", "email": ""},
    place="春和路 12 号",
    likes=17,
    dislikes=2,
)
ANSWER = PastReply("路灯已经修好，感谢监督。", datetime(2019, 5, 9, 1, 49, tzinfo=UTC), unit_name="春和街道")


def take(
    database: Database, *appeals: PastAppeal, actor: Actor = SYSTEM, channel_id: int = 4
) -> bulk.TakenIn:
    prepared = [prepare(KEYS, appeal) for appeal in appeals]
    with database.transaction() as db:
        return bulk.take_in(db, NOW, actor, channel_id, prepared)


def count(db: Session, model: Any) -> int:
    return db.scalar(select(func.count()).select_from(model)) or 0


def indexed(db: Session) -> list[str]:
    return list(db.scalars(text("SELECT CAST(pairs AS text) FROM case_search ORDER BY rowid")))


def test_a_past_appeal_keeps_its_date_its_words_and_its_likes(database: Database) -> None:
    assert take(database, LAMP) == bulk.TakenIn(added=1, known=0)
    with database.reading() as db:
        appeal = db.scalars(select(Appeal)).one()
        assert (appeal.occurred_at, appeal.received_at) == (THEN, NOW)
        assert (appeal.likes, appeal.dislikes, appeal.is_history) == (17, 2, True)
        assert appeal.code_hash is None
        assert not appeal.consent_to_publish
        words = db.get_one(AppealText, appeal.id)
        assert (words.title, words.body, words.place) == (LAMP.title, LAMP.body, LAMP.place)
        key = KEYS.unwrap(db.get_one(AppealKey, appeal.id).wrapped)
        assert json.loads(unseal(key, db.get_one(AppealContact, appeal.id).sealed)) == LAMP.contact
        assert json.loads(unseal(key, db.get_one(AppealRaw, appeal.id).sealed)) == LAMP.raw


def test_without_an_answer_it_is_submitted_and_nothing_runs(database: Database, city: City) -> None:
    with database.transaction() as db:
        db.add(RoutingRule(sort=1, name="路灯", conditions={"any_words": ["路灯"]}, unit_id=1))
    take(database, LAMP)
    with database.reading() as db:
        case = db.scalars(select(Case)).one()
        assert (case.state, case.is_history, case.opened_at) == ("submitted", True, THEN)
        assert (case.due_at, case.proposed_unit_id, case.rating_until) == (None, None, None)
        assert count(db, Clock) == 0
        entry = db.scalars(select(HistoryEntry)).one()
        assert (entry.act, entry.target, entry.at) == ("imported", "submitted", NOW)
        assert entry.details == {"channel_id": 4}
        assert db.scalars(select(CaseLink)).one().kind == "opened"


def test_an_imported_answer_makes_answered_history(database: Database, city: City) -> None:
    take(database, replace(LAMP, reply=replace(ANSWER, unit_id=city.unit("roads"))))
    with database.reading() as db:
        case = db.scalars(select(Case)).one()
        assert (case.state, case.answered_at, case.closing_kind) == ("answered", ANSWER.at, None)
        assert (case.rating_until, case.lead_unit_id) == (None, city.unit("roads"))
        reply = db.scalars(select(Reply)).one()
        assert (reply.body, reply.made_at, reply.unit_name) == (ANSWER.body, ANSWER.at, "春和街道")
        assert reply.closing_kind == "explained"
        assert count(db, Clock) == 0


def test_it_is_closed_only_if_so_said(database: Database) -> None:
    take(database, replace(LAMP, reply=replace(ANSWER, closed=True, closing_kind="solved")))
    with database.reading() as db:
        case = db.scalars(select(Case)).one()
        assert (case.state, case.closing_kind, case.closed_at) == ("closed", "solved", ANSWER.at)


def test_each_number_comes_in_once_per_channel(database: Database) -> None:
    other = replace(LAMP, external_id="2555")
    assert take(database, LAMP, other, LAMP) == bulk.TakenIn(added=2, known=1)
    assert take(database, LAMP, replace(LAMP, external_id="2556")) == bulk.TakenIn(added=1, known=1)
    assert take(database, LAMP, channel_id=1) == bulk.TakenIn(added=1, known=0)
    with database.reading() as db:
        assert count(db, Appeal) == count(db, Case) == count(db, AppealText) == 4
        assert sorted(db.scalars(select(Appeal.receipt))) == [f"S26-{n:06}" for n in range(1, 5)]


def test_the_same_number_twice_in_a_batch_keeps_the_first_in_its_place(database: Database) -> None:
    take(database, LAMP, replace(LAMP, external_id="9", title="另一件"), replace(LAMP, title="改过的"))
    with database.reading() as db:
        titles = db.scalars(select(AppealText.title).order_by(AppealText.appeal_id)).all()
        assert titles == [LAMP.title, "另一件"]


def test_a_row_made_in_bulk_is_the_row_that_filing_makes(database: Database) -> None:
    take(database, replace(LAMP, reply=ANSWER))
    filing = Filing(
        channel="web",
        kind=LAMP.kind,
        title=LAMP.title,
        body=LAMP.body,
        contact=Contact(**LAMP.contact),
        consent_to_publish=False,
        place=LAMP.place,
    )
    with database.transaction() as db:
        filed = file_appeal(db, NOW, PUBLIC, filing, scope="web", client_id="1")
    with database.reading() as db:
        one, other = db.scalars(select(Appeal).order_by(Appeal.id)).all()
        assert (one.same_body, one.likeness) == (other.same_body, other.likeness)
        keys = [
            db.scalars(
                select(AppealPiece.key).where(AppealPiece.appeal_id == a).order_by(AppealPiece.key)
            ).all()
            for a in (one.id, other.id)
        ]
        assert keys[0] == keys[1]
        assert len(keys[0]) == 8
        assert repeats.likely_repeats(db, filed.appeal_id) == [(one.id, 1.0)]
    with database.transaction() as db:
        before = indexed(db)
        for case_id in db.scalars(select(Case.id)).all():
            index_case(db, case_id)
        assert indexed(db) == before


def test_the_desk_finds_it_by_its_words_its_answer_and_its_numbers(database: Database) -> None:
    take(database, replace(LAMP, reply=ANSWER))
    with database.reading() as db:
        case = db.scalars(select(Case)).one()
        for words in ("路灯", "abc123", "感谢监督", "春和路", case.ref, "S26-000001"):
            found = cases_with(words, database)
            assert db.scalars(found).all() == [case.id], words


def test_a_company_is_noted_once(database: Database) -> None:
    firm = replace(
        LAMP, party_kind="company", credit_code="91320311MA1MTP4W5F", company_name="平澜某某有限公司"
    )
    take(database, firm, replace(firm, external_id="2"), replace(LAMP, external_id="3"))
    with database.reading() as db:
        assert count(db, Company) == 1
        assert [a.company_id is None for a in db.scalars(select(Appeal).order_by(Appeal.id))] == [
            False,
            False,
            True,
        ]


def test_what_is_filed_afterwards_gets_the_next_ids_and_numbers(database: Database) -> None:
    take(database, LAMP, replace(LAMP, external_id="2"))
    filing = Filing("web", "help", "新的", "新的诉求", Contact(), True)
    with database.transaction() as db:
        filed = file_appeal(db, NOW, PUBLIC, filing, scope="web", client_id="1")
    assert (filed.receipt, filed.ref) == ("S26-000003", "B26-00003")
    take(database, replace(LAMP, external_id="3"))
    with database.reading() as db:
        assert count(db, Case) == 4


def test_history_is_not_counted_as_received_here(database: Database) -> None:
    take(database, LAMP, replace(LAMP, external_id="2", reply=ANSWER))
    with database.transaction() as db:
        counts = rebuild_counts(db, NOW)
    assert counts == {"received": 0, "published": 0}


def test_who_may_not_import_takes_nothing_in(database: Database, city: City) -> None:
    with database.reading() as db:
        lin, mei = city.actor(db, "lin"), city.actor(db, "mei")
    with pytest.raises(Forbidden):
        take(database, LAMP, actor=lin)
    take(database, LAMP, actor=mei)
    with database.reading() as db:
        entry = db.scalars(select(HistoryEntry)).one()
        assert (entry.actor_kind, entry.actor_id) == ("person", city.person("mei"))
