"""The asker's own view of an appeal: what became of it, in whichever cases it is handled.

Nothing of the staff's is read here: no names of people, no notes that are not meant for the asker, and nothing
of other askers whose appeals were joined to the same case.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.cases.history import HistoryEntry
from portal.cases.models import Appeal, Case, CaseLink, Category, Channel, RefusalObjection
from portal.cases.service import question_by_token
from portal.cases.service.clocks import KIND, OWN
from portal.cases.texts import AppealText, AskerQuestion, Attachment, CaseText, Note, RatingRow, Reply
from portal.deadlines.models import Clock
from portal.deadlines.queries import last_clock
from portal.deadlines.values import Step
from portal.identity.models import Appointment, Area, Company, SignIn, Unit
from portal.intake.queries.asker_rows import (
    AppealRow,
    AskerView,
    CaseRow,
    ClockRow,
    EntryRow,
    FileRow,
    QuestionRow,
    RatingView,
    ReplyRow,
    Thread,
)
from portal.publishing.models import PublishedCase


def _text(column: Any) -> Any:
    return func.coalesce(column, "")


def in_language(model: Any, english: bool) -> Any:
    """The name of a unit or an entry of a list, in English if it has such a name; empty where there is no row."""
    return _text(func.coalesce(func.nullif(model.name_en, ""), model.name) if english else model.name)


def appeal_row(db: Session, appeal_id: int, *, english: bool = False) -> AppealRow | None:
    """The appeal itself; `english` names units and lists in English where they have such names."""
    unit, category, area, channel = (in_language(model, english) for model in (Unit, Category, Area, Channel))
    row = db.execute(
        select(
            *(Appeal.id, Appeal.receipt, Appeal.kind, Appeal.party_kind, Appeal.received_at),
            *(Appeal.consent_to_publish, Appeal.erased_at, Appeal.locale),
            *(_text(AppealText.title), _text(AppealText.body), _text(AppealText.place)),
            *(_text(AppealText.concerns), unit, category, area),
            *(channel, _text(Company.name)),
        )
        .outerjoin(AppealText, AppealText.appeal_id == Appeal.id)
        .outerjoin(Unit, Unit.id == Appeal.concerns_unit_id)
        .outerjoin(Category, Category.id == Appeal.category_id)
        .outerjoin(Area, Area.id == Appeal.area_id)
        .outerjoin(Channel, Channel.id == Appeal.channel_id)
        .outerjoin(Company, Company.id == Appeal.company_id)
        .where(Appeal.id == appeal_id)
    ).first()
    return AppealRow(*row) if row else None


def asker_view(db: Session, appeal_id: int, *, english: bool = False) -> AskerView | None:
    """Everything for the asker's page."""
    appeal = appeal_row(db, appeal_id, english=english)
    if appeal is None:
        return None
    threads = (_thread(db, appeal_id, case) for case in cases_of(db, appeal_id, english=english))
    return AskerView(appeal, _files(db, Attachment.appeal_id == appeal_id), tuple(threads))


def cases_of(db: Session, appeal_id: int, *, english: bool = False) -> list[CaseRow]:
    """The cases that answer it now: one, or several parts; its own, or one it was joined to."""
    link = aliased(CaseLink)
    askers = select(func.count(link.id)).where(link.case_id == Case.id, link.ended_at.is_(None))
    objected = select(RefusalObjection.id).where(RefusalObjection.case_id == Case.id).correlate(Case)
    rows = db.execute(
        select(
            *(Case.id, Case.ref, CaseLink.kind, CaseLink.made_at, _text(CaseText.title), Case.state),
            *(Case.tier, Case.closing_kind, Case.reason_code, in_language(Unit, english), _text(Unit.phone)),
            *(
                Case.rating_until,
                PublishedCase.ref,
                objected.exists(),
                askers.correlate(Case).scalar_subquery(),
                Case.is_history,
            ),
        )
        .join(CaseLink, CaseLink.case_id == Case.id)
        .outerjoin(CaseText, and_(CaseText.case_id == Case.id, CaseLink.kind == "split"))
        .outerjoin(Unit, Unit.id == Case.lead_unit_id)
        .outerjoin(PublishedCase, and_(PublishedCase.case_id == Case.id, PublishedCase.visible))
        .where(CaseLink.appeal_id == appeal_id, CaseLink.ended_at.is_(None))
        .order_by(CaseLink.id)
    )
    return [CaseRow(*row) for row in rows]


def _thread(db: Session, appeal_id: int, case: CaseRow) -> Thread:
    replies = _replies(db, case.id)
    evidence = and_(Attachment.case_id == case.id, Attachment.reply_id.is_not(None))
    return Thread(
        case,
        _clock(db, case.id),
        _entries(db, appeal_id, case),
        replies,
        _files(db, evidence),
        questions_of(db, AskerQuestion.case_id == case.id, AskerQuestion.appeal_id == appeal_id),
        _ratings(db, appeal_id, case.id),
    )


def _clock(db: Session, case_id: int) -> ClockRow | None:
    clock: Clock | None = last_clock(db, KIND, case_id, *OWN)
    if clock is None:
        return None
    return ClockRow(
        clock.amount,
        clock.unit,
        clock.due_at,
        clock.due_day,
        tuple(Step.from_dict(step) for step in clock.steps),
        clock.provisional,
        clock.paused_at,
        clock.stopped_at,
        clock.stage,
    )


def _entries(db: Session, appeal_id: int, case: CaseRow) -> tuple[EntryRow, ...]:
    """The case's history; of a case it was joined to only what came afterwards, led by its own story."""
    mine = HistoryEntry.case_id == case.id
    if case.link == "merged":
        own = select(CaseLink.case_id).where(CaseLink.appeal_id == appeal_id, CaseLink.ended_at.is_not(None))
        mine = or_(HistoryEntry.case_id.in_(own), and_(mine, HistoryEntry.at >= case.since))
    rows = db.execute(
        select(
            *(HistoryEntry.at, HistoryEntry.act, HistoryEntry.source, HistoryEntry.target),
            *(_text(Unit.name), HistoryEntry.reason_code, _text(Note.body), HistoryEntry.details),
        )
        .outerjoin(Unit, Unit.id == HistoryEntry.unit_id)
        .outerjoin(Note, and_(Note.id == HistoryEntry.note_id, Note.for_asker))
        .where(mine, _not_of_others(appeal_id, case.askers))
        .order_by(HistoryEntry.at, HistoryEntry.id)
    )
    return tuple(EntryRow(*row) for row in rows)


def _not_of_others(appeal_id: int, askers: int) -> ColumnElement[bool]:
    """What another asker of the same case did is not this one's to know."""
    named = HistoryEntry.details["appeal_id"].as_integer()
    if askers == 1:
        return or_(named.is_(None), named == appeal_id)
    return or_(HistoryEntry.actor_kind != "asker", named == appeal_id)


def _replies(db: Session, case_id: int) -> tuple[ReplyRow, ...]:
    """The answers, newest first."""
    unit = func.coalesce(Unit.name, Reply.unit_name)
    rows = db.execute(
        select(
            *(Reply.id, unit, Reply.body, Reply.closing_kind, Reply.legal_ground, Reply.handed_to),
            *(Reply.way_forward, Reply.made_at),
        )
        .outerjoin(Unit, Unit.id == Reply.unit_id)
        .where(Reply.case_id == case_id)
        .order_by(Reply.id.desc())
    )
    return tuple(ReplyRow(*row) for row in rows)


def _files(db: Session, which: ColumnElement[bool]) -> tuple[FileRow, ...]:
    rows = db.execute(
        select(
            *(Attachment.id, Attachment.name, Attachment.caption, Attachment.media_type),
            *(Attachment.size, Attachment.reply_id),
        )
        .where(which)
        .order_by(Attachment.id)
    )
    return tuple(FileRow(*row) for row in rows)


def questions_of(db: Session, *which: ColumnElement[bool]) -> tuple[QuestionRow, ...]:
    """Questions to the asker, oldest first."""
    row = AskerQuestion
    columns = (row.id, row.case_id, row.body, row.asked_at, row.due_at, row.answer, row.answered_at)
    return tuple(QuestionRow(*found) for found in db.execute(select(*columns).where(*which).order_by(row.id)))


def _ratings(db: Session, appeal_id: int, case_id: int) -> tuple[RatingView, ...]:
    row = RatingRow
    columns = (row.case_id, row.reply_id, row.result, row.speed, row.attitude, row.overall, row.comment)
    statement = select(*columns, row.made_at).where(row.appeal_id == appeal_id, row.case_id == case_id)
    return tuple(RatingView(*found) for found in db.execute(statement.order_by(row.id)))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where a file lies and as what it is sent."""

    name: str
    media_type: str
    stored_as: str


def file_for_asker(db: Session, appeal_id: int, file_id: int) -> StoredFile | None:
    """A file of this appeal, or evidence that went out with an answer in a case that answers it."""
    cases = select(CaseLink.case_id).where(CaseLink.appeal_id == appeal_id, CaseLink.ended_at.is_(None))
    row = db.execute(
        select(Attachment.name, Attachment.media_type, Attachment.stored_as).where(
            Attachment.id == file_id,
            or_(
                Attachment.appeal_id == appeal_id,
                and_(Attachment.case_id.in_(cases), Attachment.reply_id.is_not(None)),
            ),
        )
    ).first()
    return StoredFile(*row) if row else None


@dataclass(frozen=True, slots=True)
class Asked:
    """The question behind a timed link, and nothing else of the appeal."""

    id: int
    appeal_id: int
    receipt: str
    body: str = field(repr=False)
    due_at: datetime


def question_by_link(db: Session, now: datetime, token: str) -> Asked | None:
    """The question, while it is open and in time."""
    found = question_by_token(db, now, token)
    if found is None:
        return None
    row = db.execute(
        select(AskerQuestion.id, Appeal.id, Appeal.receipt, AskerQuestion.body, AskerQuestion.due_at)
        .join(Appeal, Appeal.id == AskerQuestion.appeal_id)
        .where(AskerQuestion.id == found[0])
    ).one()
    return Asked(*row)


STAFF_NETWORK_LOOKS_BACK = timedelta(days=90)


def from_network_of(db: Session, now: datetime, case_id: int, network: str) -> bool:
    """Whether somebody of the unit that leads the case has lately signed in from this network."""
    unit = select(Case.lead_unit_id).where(Case.id == case_id).scalar_subquery()
    seen = (
        select(SignIn.id)
        .join(Appointment, Appointment.person_id == SignIn.person_id)
        .where(
            Appointment.unit_id == unit,
            SignIn.network == network,
            SignIn.created_at > now - STAFF_NETWORK_LOOKS_BACK,
        )
    )
    return db.scalar(seen.limit(1)) is not None
