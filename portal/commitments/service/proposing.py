"""What changes a commitment or ends it: one person proposes with a reason, a second one decides."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.commitments import rules
from portal.commitments.history import CommitmentEntry
from portal.commitments.models import Commitment, CommitmentProposal
from portal.commitments.service import clocks
from portal.commitments.service.following import has_evidence
from portal.commitments.service.moves import (
    check_personal,
    check_second,
    check_words,
    load,
    move,
    note,
    tell,
    words_of,
    write,
)
from portal.commitments.subjects import nothing
from portal.commitments.workflow import RIGHTS, Act, CommitmentState, Wish, ending, wishes
from portal.identity.actors import Actor
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.kernel.errors import Invalid, Refused
from portal.kernel.words import N_


@dataclass(frozen=True, slots=True)
class Change:
    """How the promise is to read from now on; what stays the same is left as it is."""

    what: str
    how: str
    due_day: date | None


def propose_change(
    db: Session,
    now: datetime,
    actor: Actor,
    commitment_id: int,
    change: Change,
    reason: str,
    *,
    confirmed: bool = False,
    version: int | None = None,
) -> CommitmentProposal:
    """Another day or other words, with the reason that everybody will read."""
    commitment = _for_wish(db, actor, commitment_id, Wish.CHANGE, version)
    rules.check_text(change.what, change.how)
    words = words_of(db, commitment)
    if change.due_day != commitment.due_day:
        rules.check_day(change.due_day, local_date(now, zone_of(db)))
    if (change.what.strip(), change.how.strip(), change.due_day) == (
        words.what,
        words.how,
        commitment.due_day,
    ):
        raise Invalid(
            "no_change", N_("Nothing is changed: give another day or other words."), field="due_day"
        )
    return _propose(db, now, actor, commitment, Wish.CHANGE, reason, confirmed, change)


def propose_end(
    db: Session,
    now: datetime,
    actor: Actor,
    commitment_id: int,
    wish: Wish,
    reason: str,
    *,
    confirmed: bool = False,
    version: int | None = None,
) -> CommitmentProposal:
    """That it is kept, partly kept, broken, or to be released; a second person decides. Whoever says that it is
    done has shown it: with a file in a follow-up that was published."""
    commitment = _for_wish(db, actor, commitment_id, wish, version)
    if wish is Wish.CHANGE:
        raise Refused("not_an_end", N_("This is no way to end a commitment."))
    if wish is Wish.BROKEN and not _day_is_over(db, now, commitment):
        raise Refused("not_over", N_("Its day is not over: until then it can still be kept."))
    if wish.claims and not has_evidence(db, commitment.id):
        raise Refused(
            "evidence_required",
            N_("Evidence is missing: first a follow-up with a picture or paper that everybody may see."),
        )
    return _propose(db, now, actor, commitment, wish, reason, confirmed)


def _for_wish(db: Session, actor: Actor, commitment_id: int, wish: Wish, version: int | None) -> Commitment:
    commitment = load(db, actor, commitment_id, RIGHTS[wish].propose, version)
    if wish not in wishes(CommitmentState(commitment.state)):
        raise Refused("not_now", N_("This cannot be proposed as the commitment stands now."))
    if waiting(db, commitment.id, wish.topic) is not None:
        raise Refused("waits_already", N_("A proposal of this kind waits for its decision already."))
    return commitment


def _day_is_over(db: Session, now: datetime, commitment: Commitment) -> bool:
    return commitment.due_day < local_date(now, zone_of(db))


def _propose(
    db: Session,
    now: datetime,
    actor: Actor,
    commitment: Commitment,
    wish: Wish,
    reason: str,
    confirmed: bool,
    change: Change | None = None,
) -> CommitmentProposal:
    check_words("reason", reason, rules.LONGEST_TEXT)
    check_personal(confirmed, reason, *((change.what, change.how) if change else ()))
    proposal = CommitmentProposal(
        commitment_id=commitment.id,
        topic=wish.topic,
        wish=wish,
        what=change.what.strip() if change else "",
        how=change.how.strip() if change else "",
        due_day=change.due_day if change else None,
        reason=reason.strip(),
        proposed_at=now,
        proposed_by_id=cast(int, actor.person_id),
    )
    db.add(proposal)
    db.flush()
    if wish.claims:
        clocks.stop(db, now, commitment)
    act = Act.CHANGE_PROPOSED if wish is Wish.CHANGE else Act.END_PROPOSED
    entry = note(db, now, actor, commitment, act, proposal_id=proposal.id, wish=wish.value)
    if wish.claims:
        # Only the fact, which flows by itself: the words are read over by whoever decides.
        tell(db, now, commitment, entry)
    return proposal


def decide(
    db: Session,
    now: datetime,
    actor: Actor,
    proposal_id: int,
    agreed: bool,
    words: str = "",
    *,
    confirmed: bool = False,
) -> Commitment:
    """The second person decides. A refusal says why, to whoever proposed."""
    proposal = db.get(CommitmentProposal, proposal_id, with_for_update=True)
    if proposal is None:
        raise nothing()
    wish = Wish(proposal.wish)
    commitment = load(db, actor, proposal.commitment_id, RIGHTS[wish].decide)
    if proposal.decided_at is not None:
        raise Refused("decided", N_("This has been decided already."))
    check_second(actor, proposal.proposed_by_id)
    if not agreed:
        check_words("words", words, 500)
    if agreed:
        check_personal(confirmed, proposal.reason, proposal.what, proposal.how)
    proposal.agreed, proposal.decided_at, proposal.decided_by_id = agreed, now, actor.person_id
    proposal.decision_words = words.strip()[:500]
    db.flush()
    if not agreed:
        _refuse(db, now, actor, commitment, proposal)
        return commitment
    done = _change if wish is Wish.CHANGE else _end
    entry = done(db, now, actor, commitment, proposal)
    tell(db, now, commitment, entry, author_id=proposal.proposed_by_id, approver_id=actor.person_id)
    return commitment


def _refuse(
    db: Session, now: datetime, actor: Actor, commitment: Commitment, proposal: CommitmentProposal
) -> None:
    wish = Wish(proposal.wish)
    act = Act.CHANGE_REFUSED if wish is Wish.CHANGE else Act.END_REFUSED
    entry = note(db, now, actor, commitment, act, proposal_id=proposal.id, wish=wish.value)
    if wish.claims:
        if CommitmentState(commitment.state).is_open:
            clocks.run_on(db, now, commitment)
        tell(db, now, commitment, entry)
    db.flush()


def _change(
    db: Session, now: datetime, actor: Actor, commitment: Commitment, proposal: CommitmentProposal
) -> CommitmentEntry:
    day = cast(date, proposal.due_day)
    if not CommitmentState(commitment.state).is_open:
        raise Refused("ended_meanwhile", N_("It has ended meanwhile, so nothing can be changed."))
    before = commitment.due_day
    if day != before:
        rules.check_day(day, local_date(now, zone_of(db)))
        clocks.move_to(db, now, commitment, day)
    commitment.due_day = day
    commitment.text_number += 1
    write(db, now, actor, commitment, proposal.what, proposal.how)
    return note(
        db,
        now,
        actor,
        commitment,
        Act.CHANGE_AGREED,
        proposal_id=proposal.id,
        text_number=commitment.text_number,
        before=before.isoformat(),
        after=day.isoformat(),
    )


def _end(
    db: Session, now: datetime, actor: Actor, commitment: Commitment, proposal: CommitmentProposal
) -> CommitmentEntry:
    state = CommitmentState(commitment.state)
    clocks.stop(db, now, commitment)
    target = ending(Wish(proposal.wish), late=clocks.was_late(db, commitment), ended_before=not state.is_open)
    _drop_change(db, now, actor, commitment)
    return move(db, now, actor, commitment, target, Act(target.value), proposal_id=proposal.id)


def _drop_change(db: Session, now: datetime, actor: Actor, commitment: Commitment) -> None:
    """What has ended is not changed any more: a change that waits is refused with it."""
    change = waiting(db, commitment.id, "change")
    if change is None or change.proposed_by_id == actor.person_id:
        return
    change.agreed, change.decided_at, change.decided_by_id = False, now, actor.person_id
    note(db, now, actor, commitment, Act.CHANGE_REFUSED, proposal_id=change.id, wish=Wish.CHANGE.value)


def waiting(db: Session, commitment_id: int, topic: str) -> CommitmentProposal | None:
    """The proposal of this topic that waits for its decision."""
    return db.scalar(
        select(CommitmentProposal).where(
            CommitmentProposal.commitment_id == commitment_id,
            CommitmentProposal.topic == topic,
            CommitmentProposal.decided_at.is_(None),
        )
    )
