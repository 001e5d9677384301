"""How a commitment changes, for every ability: loaded and locked, judged by the policy, moved by the table, told
to history, clock, public page and whoever listens. No other file sets `Commitment.state`."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.commitments import history, workflow
from portal.commitments.events import CommitmentStepped
from portal.commitments.history import CommitmentEntry
from portal.commitments.models import Commitment, CommitmentText
from portal.commitments.service import releasing
from portal.commitments.subjects import nothing, subject_of
from portal.commitments.workflow import Act, CommitmentState
from portal.identity.actors import Actor
from portal.identity.policy import require
from portal.kernel import events
from portal.kernel.errors import Conflict, Invalid, Refused
from portal.kernel.words import N_
from portal.publishing.personal_data import find


def load(
    db: Session, actor: Actor, commitment_id: int, permission: str, version: int | None = None
) -> Commitment:
    """The commitment, locked, if the actor may do this to it. With `version`: refused if it changed since."""
    found = db.scalar(
        select(Commitment)
        .where(Commitment.id == commitment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise nothing()
    require(actor, permission, subject_of(db, found))
    if version is not None and version != found.version:
        raise Conflict(
            "changed_meanwhile", N_("Somebody else changed this commitment meanwhile. Look at it again.")
        )
    return found


def move(
    db: Session,
    now: datetime,
    actor: Actor,
    commitment: Commitment,
    target: CommitmentState,
    act: Act,
    **more: Any,
) -> CommitmentEntry:
    """The only way from one state to another."""
    source = CommitmentState(commitment.state)
    workflow.check(source, target)
    commitment.state = target
    commitment.ended_at = now if target.is_ended else None
    return note(db, now, actor, commitment, act, source=source, target=target, **more)


def note(
    db: Session, now: datetime, actor: Actor, commitment: Commitment, act: Act, **more: Any
) -> CommitmentEntry:
    """Something was done: history and version."""
    commitment.updated_at = now
    flag_modified(commitment, "updated_at")
    return history.record(db, now, actor, commitment.id, act, **more)


def tell(
    db: Session,
    now: datetime,
    commitment: Commitment,
    entry: CommitmentEntry,
    *,
    author_id: int | None = None,
    approver_id: int | None = None,
) -> None:
    """Everybody may read it from here on: public page and publication record, then the fact."""
    db.flush()
    releasing.publish(db, now, commitment, entry, author_id=author_id, approver_id=approver_id)
    events.publish(db, now, CommitmentStepped(commitment.id, entry.act, entry.id))


def words_of(db: Session, commitment: Commitment) -> CommitmentText:
    """The words that hold."""
    return db.scalars(
        select(CommitmentText).where(
            CommitmentText.commitment_id == commitment.id, CommitmentText.number == commitment.text_number
        )
    ).one()


def write(
    db: Session, now: datetime, actor: Actor, commitment: Commitment, what: str, how: str
) -> CommitmentText:
    """The next version of its words and day."""
    written = CommitmentText(
        commitment_id=commitment.id,
        number=commitment.text_number,
        what=what.strip(),
        how=how.strip(),
        due_day=commitment.due_day,
        made_at=now,
        made_by_id=actor.person_id,
    )
    db.add(written)
    db.flush()
    return written


def check_second(actor: Actor, first: int | None) -> None:
    """Two persons: refuse whoever did the first part themselves."""
    if first is not None and actor.person_id == first:
        raise Refused("second_person_required")


def check_words(field: str, text: str, longest: int) -> None:
    """Refuse an empty text, and one that is too long."""
    if not text.strip():
        raise Invalid("empty", N_("Please fill this in."), field=field)
    if len(text) > longest:
        raise Invalid("too_long", N_("Please use at most %(max)d characters."), field=field, max=longest)


def check_personal(confirmed: bool, *texts: str) -> None:
    """Refuse words that look like personal data until a person has looked at the marked places."""
    if not confirmed and any(find(text) for text in texts):
        raise Invalid(
            "personal_data_suspected",
            N_("The text may hold personal data. Look at the marked places; everybody will read them."),
            field="confirmed",
        )
