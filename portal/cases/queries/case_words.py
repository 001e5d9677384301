"""What was asked, answered, proved and rated in one case: the words of its file."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portal.cases.models import Appeal, CaseLink
from portal.cases.queries.rows import first, name, rows
from portal.cases.texts import AskerQuestion, Attachment, CaseMechanism, RatingRow, Reply
from portal.identity.models import Person, Unit


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question to an asker and the answer, if there is one."""

    id: int
    receipt: str
    body: str
    asked_at: datetime
    asked_by: str
    due_at: datetime
    answer: str | None
    answered_at: datetime | None


def questions(db: Session, case_id: int) -> list[QuestionLine]:
    """Questions to the askers, oldest first."""
    statement = (
        select(
            AskerQuestion.id,
            Appeal.receipt,
            AskerQuestion.body,
            AskerQuestion.asked_at,
            name(Person.name).label("asked_by"),
            AskerQuestion.due_at,
            AskerQuestion.answer,
            AskerQuestion.answered_at,
        )
        .join(Appeal, Appeal.id == AskerQuestion.appeal_id)
        .outerjoin(Person, Person.id == AskerQuestion.asked_by_id)
        .where(AskerQuestion.case_id == case_id)
        .order_by(AskerQuestion.id)
    )
    return rows(db, statement, QuestionLine)


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """A unit's answer; the newest stands."""

    id: int
    unit: str
    author: str
    body: str
    closing_kind: str
    legal_ground: str
    handed_to: str
    made_at: datetime


def replies(db: Session, case_id: int) -> list[ReplyLine]:
    """The answers, newest first."""
    statement = (
        select(
            Reply.id,
            func.coalesce(Unit.name, Reply.unit_name).label("unit"),
            name(Person.name).label("author"),
            Reply.body,
            Reply.closing_kind,
            Reply.legal_ground,
            Reply.handed_to,
            Reply.made_at,
        )
        .outerjoin(Unit, Unit.id == Reply.unit_id)
        .outerjoin(Person, Person.id == Reply.author_id)
        .where(Reply.case_id == case_id)
        .order_by(Reply.id.desc())
    )
    return rows(db, statement, ReplyLine)


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of an asker or of the case."""

    id: int
    appeal_id: int | None
    reply_id: int | None
    kind: str
    name: str
    caption: str
    media_type: str
    size: int
    made_at: datetime


def files(db: Session, case_id: int) -> list[FileLine]:
    """Files of the case and of the appeals it answers, oldest first."""
    statement = (
        select(
            Attachment.id,
            Attachment.appeal_id,
            Attachment.reply_id,
            Attachment.kind,
            Attachment.name,
            Attachment.caption,
            Attachment.media_type,
            Attachment.size,
            Attachment.made_at,
        )
        .where(or_(Attachment.case_id == case_id, Attachment.appeal_id.in_(_appeals(case_id))))
        .order_by(Attachment.id)
    )
    return rows(db, statement, FileLine)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where a file of the case lies, and as what it is sent."""

    name: str
    media_type: str
    stored_as: str


def stored_file(db: Session, case_id: int, file_id: int) -> StoredFile | None:
    """A file, if it belongs to the case or to an appeal that the case answers."""
    statement = select(Attachment.name, Attachment.media_type, Attachment.stored_as).where(
        Attachment.id == file_id,
        or_(Attachment.case_id == case_id, Attachment.appeal_id.in_(_appeals(case_id))),
    )
    return first(db, statement, StoredFile)


def _appeals(case_id: int) -> Select[int]:
    return select(CaseLink.appeal_id).where(CaseLink.case_id == case_id, CaseLink.ended_at.is_(None))


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One asker's judgement."""

    receipt: str
    reply_id: int
    result: str
    speed: str
    attitude: str
    overall: str | None
    comment: str
    unit_network: bool
    made_at: datetime


def ratings(db: Session, case_id: int) -> list[RatingLine]:
    """The ratings, newest first."""
    statement = (
        select(
            Appeal.receipt,
            RatingRow.reply_id,
            RatingRow.result,
            RatingRow.speed,
            RatingRow.attitude,
            RatingRow.overall,
            RatingRow.comment,
            RatingRow.unit_network,
            RatingRow.made_at,
        )
        .join(Appeal, Appeal.id == RatingRow.appeal_id)
        .where(RatingRow.case_id == case_id)
        .order_by(RatingRow.id.desc())
    )
    return rows(db, statement, RatingLine)


@dataclass(frozen=True, slots=True)
class Mechanism:
    """The third gate: what stays, or why nothing has to change."""

    outcome: str
    not_needed_because: str


def mechanism(db: Session, case_id: int) -> Mechanism | None:
    """What was said about it so far."""
    statement = select(CaseMechanism.outcome, CaseMechanism.not_needed_because).where(
        CaseMechanism.case_id == case_id
    )
    return first(db, statement, Mechanism)
