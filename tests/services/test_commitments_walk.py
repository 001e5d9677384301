"""A random walk over the services of commitments that tries to break what must always hold."""

from datetime import timedelta

import hypothesis
import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.commitments import alerts, service, subscribers
from portal.commitments.history import CommitmentEntry
from portal.commitments.models import Commitment, CommitmentFollowUp, CommitmentProposal, CommitmentText
from portal.commitments.released import PublishedCommitment, PublishedCommitmentDetail
from portal.commitments.service import Change
from portal.commitments.service.clocks import EVENT
from portal.commitments.workflow import TRANSITIONS, CommitmentState, Wish
from portal.deadlines import service as deadlines
from portal.deadlines.models import Clock
from portal.kernel.db import Database
from portal.kernel.errors import PortalError
from portal.ledger.models import PublicationRecord
from portal.settings import Settings
from tests.builders import a_case
from tests.cast import NOW, City
from tests.house import House
from tests.promises import HOW, WHAT, a_file, a_promise

CITY = City()
STAFF = st.sampled_from(("mei", "nuo", "su", "lin", "hou", "qiao", "he"))


class Walk(RuleBasedStateMachine):
    """Anybody tries anything; the days go by."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW

    @initialize()
    def a_first_one(self) -> None:
        with self.database.transaction() as db:
            self.case_id = a_case(db, CITY, "handling").case_id
        self.make("lin")
        self.agree("nuo")

    def attempt(self, step) -> None:
        try:
            with self.database.transaction() as db:
                step(db)
        except PortalError:
            pass
        self.now += timedelta(minutes=7)

    def last(self, db: Session, table) -> int:
        return db.scalar(select(table.id).order_by(table.id.desc()).limit(1)) or 0

    @rule(who=STAFF)
    def make(self, who: str) -> None:
        promise = a_promise(CITY, due_day=self.now.date() + timedelta(days=9))
        self.attempt(
            lambda db: service.make(
                db, self.now, CITY.actor(db, who), promise, source_kind="case", source_id=self.case_id
            )
        )

    @rule(who=STAFF)
    def agree(self, who: str) -> None:
        self.attempt(lambda db: service.agree(db, self.now, CITY.actor(db, who), self.last(db, Commitment)))

    @rule(who=STAFF)
    def drop(self, who: str) -> None:
        self.attempt(
            lambda db: service.drop(db, self.now, CITY.actor(db, who), self.last(db, Commitment), "twice")
        )

    @rule(who=STAFF, shower=STAFF, shown=st.booleans())
    def report(self, who: str, shower: str, shown: bool) -> None:
        def step(db: Session) -> None:
            pictures = [service.Picture(a_file(db, CITY, who), "after")]
            actor = CITY.actor(db, who)
            service.follow_up(db, self.now, actor, self.last(db, Commitment), "换好 6 盏。", pictures)

        def decide(db: Session) -> None:
            number, actor = self.last(db, CommitmentFollowUp), CITY.actor(db, shower)
            if shown:
                service.show(db, self.now, actor, number)
            else:
                service.decline(db, self.now, actor, number, "请补照片")

        self.attempt(step)
        self.attempt(decide)

    @rule(who=STAFF, days=st.integers(-3, 20))
    def propose_change(self, who: str, days: int) -> None:
        change = Change(WHAT, HOW, self.now.date() + timedelta(days=days))
        self.attempt(
            lambda db: service.propose_change(
                db, self.now, CITY.actor(db, who), self.last(db, Commitment), change, "要先修电缆"
            )
        )

    @rule(who=STAFF, wish=st.sampled_from([wish for wish in Wish if wish is not Wish.CHANGE]))
    def propose_end(self, who: str, wish: Wish) -> None:
        self.attempt(
            lambda db: service.propose_end(
                db, self.now, CITY.actor(db, who), self.last(db, Commitment), wish, "已核对"
            )
        )

    @rule(who=STAFF, agreed=st.booleans())
    def decide(self, who: str, agreed: bool) -> None:
        self.attempt(
            lambda db: service.decide(
                db, self.now, CITY.actor(db, who), self.last(db, CommitmentProposal), agreed, "核对过"
            )
        )

    @rule(days=st.integers(1, 12))
    def days_go_by(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.attempt(lambda db: deadlines.sweep(db, self.now))

    @invariant()
    def everything_holds(self) -> None:
        with self.database.reading() as db:
            for made in db.scalars(select(Commitment)):
                _history_is_unbroken(db, made)
                _clock_fits(db, made)
                _public_side_is_the_same(db, made)


def _history_is_unbroken(db: Session, made: Commitment) -> None:
    rows = select(CommitmentEntry).where(CommitmentEntry.commitment_id == made.id)
    entries = db.scalars(rows.order_by(CommitmentEntry.id)).all()
    moves = [entry for entry in entries if entry.target is not None]
    assert [entry.source for entry in moves] == [None, *(entry.target for entry in moves[:-1])]
    assert moves[-1].target == made.state
    for entry in moves[1:]:
        assert CommitmentState(entry.target) in TRANSITIONS[CommitmentState(entry.source)]
    texts = db.scalars(
        select(CommitmentText).where(CommitmentText.commitment_id == made.id).order_by(CommitmentText.number)
    ).all()
    assert [text.number for text in texts] == list(range(1, made.text_number + 1))
    assert (texts[0].due_day, texts[-1].due_day) == (made.first_due_day, made.due_day)


def _clock_fits(db: Session, made: Commitment) -> None:
    clocks = db.scalars(select(Clock).where(Clock.event == EVENT, Clock.subject_id == made.id)).all()
    assert len(clocks) == CommitmentState(made.state).is_public
    running = [clock for clock in clocks if clock.stopped_at is None]
    claimed = db.scalar(
        select(CommitmentProposal.id).where(
            CommitmentProposal.commitment_id == made.id,
            CommitmentProposal.decided_at.is_(None),
            CommitmentProposal.wish.in_(("kept", "partly_kept")),
        )
    )
    assert bool(running) == (CommitmentState(made.state).is_open and claimed is None)
    assert all(clock.due_day == made.due_day for clock in clocks)


def _public_side_is_the_same(db: Session, made: Commitment) -> None:
    public = db.scalar(select(PublishedCommitment).where(PublishedCommitment.commitment_id == made.id))
    assert (public is not None) == CommitmentState(made.state).is_public
    if public is None:
        return
    assert (public.state, public.due_day, public.ref) == (made.state, made.due_day, made.ref)
    detail = db.get_one(PublishedCommitmentDetail, public.id)
    records = db.scalars(
        select(PublicationRecord)
        .where(PublicationRecord.kind == "commitment", PublicationRecord.reference == made.ref)
        .order_by(PublicationRecord.version)
    ).all()
    assert len(records) == public.version == len(detail.history)
    assert records[-1].hash == detail.fingerprint
    alone = {"overdue", "very_late", "end_proposed", "end_refused"}
    for record in records:
        assert (record.approver_id is None) == (record.act in alone), record.act


@pytest.mark.parametrize("steps", [25])
def test_whatever_people_do_it_holds(house: House, settings: Settings, steps: int) -> None:
    subscribers.register()
    alerts.register()
    Walk.database = house.database

    class Anew(Walk):
        def __init__(self) -> None:
            house.found()
            super().__init__()

    run_state_machine_as_test(
        Anew,
        settings=hypothesis.settings(
            max_examples=12,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
