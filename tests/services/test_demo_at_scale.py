"""The demonstration city at scale: invented cases are what the services would have left, and a run goes on."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.cases.history import HistoryEntry
from portal.cases.models import Appeal, Case
from portal.cases.service.indexing import index_case
from portal.cases.workflow import CaseState, check
from portal.deadlines.models import Clock
from portal.demo import content, founding
from portal.demo.scale import fill, filling
from portal.demo.scale.course import Course, cut, draw
from portal.kernel.db import Database
from portal.ledger import service as ledger
from portal.ledger.models import PublicationRecord
from portal.operations import soundness
from portal.publishing.models import PublicCount, PublishedCase, PublishedDetail
from portal.publishing.queries import choices
from portal.publishing.service import indexing, projecting
from portal.publishing.service.counting import rebuild_counts
from portal.tables import metadata
from tests.cast import NOW, ZONE

CASES = 240


@pytest.fixture
def filled(empty_database: Database, tmp_path: Path) -> Iterator[Database]:
    metadata.create_all(empty_database.writer)
    with empty_database.transaction() as db:
        founding.found(db, NOW, content.load())
    assert fill(empty_database, NOW, tmp_path, CASES) == CASES
    yield empty_database


def indexed(db: Session, name: str) -> list[tuple[int, str]]:
    rows = db.execute(text(f"SELECT rowid, CAST(pairs AS text) FROM {name}_search ORDER BY rowid"))
    return [(row[0], row[1]) for row in rows]


def test_the_rows_hold_together(filled: Database) -> None:
    with filled.reading() as db:
        assert list(soundness._of_rules(db)) == []
        if filled.dialect == "sqlite":
            assert soundness._of_file(db) == []
        assert db.scalar(select(func.count()).select_from(Case)) == CASES
        assert len(set(db.scalars(select(Appeal.receipt)))) == len(set(db.scalars(select(Case.ref)))) == CASES
        states = set(db.scalars(select(Case.state).distinct()))
        assert {"closed", "handling", "answered"} <= states


def test_every_step_of_every_history_is_in_the_table_of_moves(filled: Database) -> None:
    with filled.reading() as db:
        last: dict[int, tuple[str | None, datetime]] = {}
        for entry in db.scalars(select(HistoryEntry).order_by(HistoryEntry.case_id, HistoryEntry.id)):
            before = last.get(entry.case_id, (None, entry.at))
            assert entry.at >= before[1]
            if entry.target is not None:
                assert entry.source == before[0]
                if entry.source is not None:
                    check(CaseState(entry.source), CaseState(entry.target))
                before = (entry.target, entry.at)
            last[entry.case_id] = (before[0], entry.at)
            assert entry.at < NOW


def test_the_public_reads_what_the_services_would_have_published(filled: Database) -> None:
    with filled.transaction() as db:
        published = db.scalars(select(PublishedCase).order_by(PublishedCase.id)).all()
        assert len(published) > CASES / 2
        assert [case.first_published_at for case in published] == sorted(
            c.first_published_at for c in published
        )
        for case in published:
            detail = db.get_one(PublishedDetail, case.id)
            before = shown(case, detail)
            projecting.refresh(db, NOW, db.get_one(Case, case.case_id), case, detail)
            assert shown(case, detail) == before
            record = db.scalars(
                select(PublicationRecord).where(PublicationRecord.reference == case.ref)
            ).one()
            assert ledger.holds(record)
            assert (record.hash, record.author_id == record.approver_id) == (detail.fingerprint, False)


def shown(case: PublishedCase, detail: PublishedDetail) -> dict[str, object]:
    """Everything that flows."""
    columns = ("state", "outcome", "tier", "unit_name", "rated", "satisfied", "received_on", "answered_on")
    columns += ("closed_at", "due_day", "workdays_used", "workdays_limit")
    return {name: getattr(case, name) for name in columns} | {
        "facts": detail.facts,
        "clock": {name: _plain(value) for name, value in detail.clock.items()},
        "timeline": detail.timeline,
        "gates": detail.gates,
        "ratings": detail.ratings,
    }


def _plain(value: object) -> object:
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def test_both_indexes_hold_what_indexing_would_write(filled: Database) -> None:
    with filled.transaction() as db:
        before = indexed(db, "case"), indexed(db, "published")
        lists = choices.load(db)
        for case_id in db.scalars(select(Case.id)).all():
            index_case(db, case_id)
        for case in db.scalars(select(PublishedCase)).all():
            indexing.index_case(db, case, db.get_one(PublishedDetail, case.id), lists)
        assert (indexed(db, "case"), indexed(db, "published")) == before


def test_the_counters_count_what_is_there(filled: Database) -> None:
    with filled.transaction() as db:
        before = {row.name: row.value for row in db.scalars(select(PublicCount))}
        db.expire_all()
        assert rebuild_counts(db, NOW) == before
        assert before["received"] == CASES


def test_only_what_is_not_over_has_a_running_clock(filled: Database) -> None:
    with filled.reading() as db:
        rows = db.execute(
            select(Case.state, Clock.event, Case.due_at, Clock.due_at)
            .join(Clock, Clock.subject_id == Case.id)
            .where(Clock.stopped_at.is_(None))
        ).all()
        assert rows
        for state, event, due_at, clock_due in rows:
            assert CaseState(state).is_open
            assert event != "result" or due_at == clock_due


def test_a_run_that_was_cut_short_goes_on_to_the_same_city(
    empty_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata.create_all(empty_database.writer)
    with empty_database.transaction() as db:
        founding.found(db, NOW, content.load())
    monkeypatch.setattr(filling, "BATCH", 20)

    def power_cut(done: int, count: int) -> None:
        if done == 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(empty_database, NOW, tmp_path, 100, power_cut)
    later = NOW + timedelta(days=2)
    assert fill(empty_database, later, tmp_path, 100) == 40
    assert fill(empty_database, later, tmp_path, 100) == 0
    with empty_database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Case)) == 100
        moments = db.scalars(select(PublishedCase.first_published_at).order_by(PublishedCase.id)).all()
        assert list(moments) == sorted(moments)
        assert max(moments) < NOW


@pytest.mark.parametrize("seed", range(200))
def test_a_course_goes_forward_and_stops_at_the_present(seed: int) -> None:
    random = Random(seed)
    opened = (NOW - timedelta(days=random.uniform(0, 60))).astimezone(ZONE)
    whole = draw(random, opened, 14, ZONE, NOW + timedelta(days=999))
    moments = [
        getattr(whole, name) for name in Course.__slots__ if isinstance(getattr(whole, name), datetime)
    ]
    assert moments == sorted(moments)
    partly = cut(whole, NOW)
    assert all(
        moment < NOW for name in Course.__slots__ if isinstance(moment := getattr(partly, name), datetime)
    )
    assert partly.last < NOW
