"""Making a commitment: one person writes it down, a second one agrees, and only then it counts and is public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.cases.subjects import require_for_case
from portal.cases.workflow import CaseState
from portal.commitments import rules, sources
from portal.commitments.models import Commitment, CommitmentCase
from portal.commitments.service import clocks
from portal.commitments.service.moves import (
    check_personal,
    check_second,
    load,
    move,
    note,
    tell,
    words_of,
    write,
)
from portal.commitments.service.numbering import reference
from portal.commitments.subjects import nothing, subject_for
from portal.commitments.workflow import Act, CommitmentState, DropReason
from portal.identity.actors import Actor
from portal.identity.models import Appointment, Person
from portal.identity.policy import Subject, require
from portal.identity.queries import holds_on
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.errors import Invalid, Refused
from portal.kernel.words import N_

AT_THE_DESK = "case"
NOT_HANDLED = frozenset({CaseState.NOT_ACCEPTED, CaseState.MERGED, CaseState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Promise:
    """Who, what, how, by when."""

    unit_id: int
    person_id: int
    what: str
    how: str
    due_day: date | None


def make(
    db: Session,
    now: datetime,
    actor: Actor,
    promise: Promise,
    *,
    source_kind: str,
    source_id: int,
    case_ids: Sequence[int] = (),
    confirmed: bool = False,
    said_live: bool = False,
) -> Commitment:
    """Write a commitment down. `said_live`: it was said before everybody and counts at once; else a second person
    agrees first. `confirmed`: suspected personal data in its words was looked at."""
    today = local_date(now, zone_of(db))
    cases = sorted({*case_ids, *([source_id] if source_kind == AT_THE_DESK else [])})
    _check_cases(db, actor, cases)
    subject = subject_for(db, 0, promise.unit_id, cases)
    require(actor, "commitment.make", subject)
    if not sources.is_known(source_kind):
        raise Refused("no_such_place", N_("Nobody knows where this was said."))
    _check_who(db, promise, subject, today)
    rules.check_text(promise.what, promise.how)
    rules.check_day(promise.due_day, today)
    check_personal(confirmed, promise.what, promise.how)
    made = _write_down(db, now, actor, promise, source_kind, source_id, said_live)
    db.add_all(CommitmentCase(commitment_id=made.id, case_id=case_id) for case_id in cases)
    note(db, now, actor, made, Act.PROPOSED, target=CommitmentState.PROPOSED)
    if said_live:
        _begin(db, now, actor, made)
    return made


def _check_cases(db: Session, actor: Actor, case_ids: list[int]) -> None:
    for case_id in case_ids:
        case = db.get(Case, case_id)
        if case is None:
            raise nothing()
        require_for_case(db, actor, "case.read", case)
        if case.is_history or CaseState(case.state) in NOT_HANDLED:
            raise Refused(
                "case_not_handled", N_("This case is not handled here, so nothing is promised for it.")
            )


def _check_who(db: Session, promise: Promise, subject: Subject, today: date) -> None:
    """The person holds an appointment in that very unit, and neither is complained about."""
    if promise.unit_id in subject.concerned_unit_ids or promise.person_id in subject.concerned_person_ids:
        raise Invalid(
            "concerned",
            N_("The case complains about them: another unit or person has to promise."),
            field="unit_id",
        )
    holds = db.scalar(
        select(Appointment.id)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.person_id == promise.person_id,
            Appointment.unit_id == promise.unit_id,
            Person.disabled_at.is_(None),
            holds_on(today),
        )
        .limit(1)
    )
    if holds is None:
        raise Invalid(
            "not_of_the_unit", N_("This person holds no appointment in the unit today."), field="person_id"
        )


def _write_down(
    db: Session,
    now: datetime,
    actor: Actor,
    promise: Promise,
    source_kind: str,
    source_id: int,
    said_live: bool,
) -> Commitment:
    assert promise.due_day is not None
    made = Commitment(
        ref=reference(db, now),
        state=CommitmentState.PROPOSED,
        unit_id=promise.unit_id,
        person_id=promise.person_id,
        due_day=promise.due_day,
        first_due_day=promise.due_day,
        text_number=1,
        source_kind=source_kind,
        source_id=source_id,
        said_live=said_live,
        made_on=local_date(now, zone_of(db)),
        made_at=now,
        made_by_id=actor.person_id,
        updated_at=now,
    )
    db.add(made)
    db.flush()
    write(db, now, actor, made, promise.what, promise.how)
    return made


def agree(
    db: Session,
    now: datetime,
    actor: Actor,
    commitment_id: int,
    *,
    confirmed: bool = False,
    version: int | None = None,
) -> Commitment:
    """A second person agrees: from here on it counts, and everybody reads it."""
    made = load(db, actor, commitment_id, "commitment.publish", version)
    check_second(actor, made.made_by_id)
    words = words_of(db, made)
    check_personal(confirmed, words.what, words.how)
    if made.due_day < local_date(now, zone_of(db)):
        raise Refused("day_over_meanwhile", N_("Its day is over already. Drop it, and make it anew."))
    made.agreed_at, made.agreed_by_id = now, actor.person_id
    _begin(db, now, actor, made)
    return made


def _begin(db: Session, now: datetime, actor: Actor, made: Commitment) -> None:
    entry = move(db, now, actor, made, CommitmentState.MADE, Act.MADE)
    clocks.start(db, now, made)
    # Said live: one person noted what everybody heard, and the record says so by naming no second one.
    approver = None if made.said_live else actor.person_id
    tell(db, now, made, entry, author_id=made.made_by_id, approver_id=approver)


def drop(
    db: Session, now: datetime, actor: Actor, commitment_id: int, reason: str, version: int | None = None
) -> None:
    """Not agreed to, or taken back before anybody agreed. Its reference is not given again."""
    made = load(db, actor, commitment_id, "commitment.read", version)
    if actor.person_id != made.made_by_id:
        load(db, actor, commitment_id, "commitment.publish")
    if reason not in list(DropReason):
        raise Invalid("not_on_list", N_("Choose from the list."), field="reason")
    move(db, now, actor, made, CommitmentState.DROPPED, Act.DROPPED, reason=reason)
    db.flush()
