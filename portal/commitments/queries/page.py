"""What the desk's page of one commitment shows: reports, proposals, pictures, what was done, its cases."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.cases.models import Case
from portal.cases.queries.worklist import TITLE
from portal.cases.subjects import visible as case_visible
from portal.cases.texts import Attachment, CaseText
from portal.commitments.history import CommitmentEntry
from portal.commitments.models import (
    Commitment,
    CommitmentCase,
    CommitmentFollowUp,
    CommitmentPicture,
    CommitmentProposal,
    CommitmentText,
)
from portal.commitments.subjects import unconcerned
from portal.identity.actors import Actor
from portal.identity.models import Appointment, Person, Unit
from portal.identity.queries import holds_on


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A file of a follow-up."""

    id: int
    part: str
    caption: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Report:
    """A follow-up with its author and files."""

    id: int
    body: str
    made_at: datetime
    made_by_id: int
    made_by: str
    shown: bool | None
    decision_words: str
    erased_at: datetime | None
    pictures: tuple[PictureLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal with who made and who decided it."""

    id: int
    wish: str
    what: str
    how: str
    due_day: date | None
    reason: str
    proposed_at: datetime
    proposed_by_id: int
    proposed_by: str
    agreed: bool | None
    decision_words: str
    decided_by: str


def reports(db: Session, commitment_id: int) -> list[Report]:
    """Follow-ups, the newest first."""
    pictures = _pictures(db, commitment_id)
    rows = db.execute(
        select(CommitmentFollowUp, Person.name)
        .join(Person, Person.id == CommitmentFollowUp.made_by_id)
        .where(CommitmentFollowUp.commitment_id == commitment_id)
        .order_by(CommitmentFollowUp.id.desc())
    )
    return [
        Report(
            row.id,
            row.body,
            row.made_at,
            row.made_by_id,
            name,
            row.shown,
            row.decision_words,
            row.erased_at,
            tuple(pictures[row.id]),
        )
        for row, name in rows
    ]


def _pictures(db: Session, commitment_id: int) -> dict[int, list[PictureLine]]:
    rows = db.execute(
        select(
            CommitmentPicture.follow_up_id,
            Attachment.id,
            CommitmentPicture.part,
            CommitmentPicture.caption,
            Attachment.name,
            Attachment.media_type,
            Attachment.size,
        )
        .join(Attachment, Attachment.id == CommitmentPicture.attachment_id)
        .join(CommitmentFollowUp, CommitmentFollowUp.id == CommitmentPicture.follow_up_id)
        .where(CommitmentFollowUp.commitment_id == commitment_id, Attachment.stored_as != "")
        .order_by(Attachment.id)
    )
    found: dict[int, list[PictureLine]] = defaultdict(list)
    for row in rows:
        line = PictureLine(row.id, row.part, row.caption, row.name, row.media_type, row.size)
        found[row.follow_up_id].append(line)
    return found


def file_of(db: Session, commitment_id: int, attachment_id: int) -> Any:
    """Where a file of this commitment lies."""
    return db.execute(
        select(Attachment.stored_as, Attachment.media_type, Attachment.name)
        .join(CommitmentPicture, CommitmentPicture.attachment_id == Attachment.id)
        .join(CommitmentFollowUp, CommitmentFollowUp.id == CommitmentPicture.follow_up_id)
        .where(
            Attachment.id == attachment_id,
            CommitmentFollowUp.commitment_id == commitment_id,
            Attachment.stored_as != "",
        )
    ).first()


def proposals(db: Session, commitment_id: int) -> list[ProposalLine]:
    """Proposals, the newest first."""
    decider = aliased(Person)
    rows = db.execute(
        select(CommitmentProposal, Person.name, decider.name)
        .join(Person, Person.id == CommitmentProposal.proposed_by_id)
        .outerjoin(decider, decider.id == CommitmentProposal.decided_by_id)
        .where(CommitmentProposal.commitment_id == commitment_id)
        .order_by(CommitmentProposal.id.desc())
    )
    return [
        ProposalLine(
            row.id,
            row.wish,
            row.what,
            row.how,
            row.due_day,
            row.reason,
            row.proposed_at,
            row.proposed_by_id,
            name,
            row.agreed,
            row.decision_words,
            decided or "",
        )
        for row, name, decided in rows
    ]


def entries(db: Session, commitment_id: int) -> Sequence[Any]:
    """Everything that was done, with who did it; oldest first."""
    return db.execute(
        select(
            CommitmentEntry.at,
            CommitmentEntry.act,
            CommitmentEntry.actor_kind,
            CommitmentEntry.details,
            Person.name.label("who"),
        )
        .outerjoin(Person, Person.id == CommitmentEntry.actor_id)
        .where(CommitmentEntry.commitment_id == commitment_id)
        .order_by(CommitmentEntry.id)
    ).all()


def cases(db: Session, actor: Actor, commitment_id: int) -> Sequence[Any]:
    """The cases it is about, as far as the actor may know of them."""
    return db.execute(
        select(Case.ref, Case.state, TITLE.label("title"))
        .select_from(Case)
        .join(CommitmentCase, CommitmentCase.case_id == Case.id)
        .outerjoin(CaseText, CaseText.case_id == Case.id)
        .where(CommitmentCase.commitment_id == commitment_id, case_visible(actor))
        .order_by(Case.ref)
    ).all()


def of_case(db: Session, actor: Actor, case_id: int) -> Sequence[Any]:
    """The case, once for each commitment about it, the newest first, or once without any; none that another of its
    cases hides from the actor."""
    shown = (Commitment.id == CommitmentCase.commitment_id) & (Commitment.state != "dropped")
    return db.execute(
        select(
            Case.ref.label("case_ref"),
            Case.state.label("case_state"),
            Case.is_history,
            Commitment.ref,
            Commitment.state,
            Commitment.due_day,
            Commitment.unit_id,
            CommitmentText.what,
            Unit.short_name.label("unit"),
        )
        .select_from(Case)
        .outerjoin(CommitmentCase, CommitmentCase.case_id == Case.id)
        .outerjoin(Commitment, shown & unconcerned(actor))
        .outerjoin(Unit, Unit.id == Commitment.unit_id)
        .outerjoin(
            CommitmentText,
            (CommitmentText.commitment_id == Commitment.id)
            & (CommitmentText.number == Commitment.text_number),
        )
        .where(Case.id == case_id)
        .order_by(Commitment.id.desc())
    ).all()


def people_of(db: Session, unit_id: int | None, day: date) -> list[tuple[int, str]]:
    """Who holds an appointment in this very unit on a day."""
    if unit_id is None:
        return []
    rows = db.execute(
        select(Person.id, Person.name)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Appointment.unit_id == unit_id, Person.disabled_at.is_(None), holds_on(day))
        .order_by(Person.id)
    )
    return [(row.id, row.name) for row in rows.unique()]
