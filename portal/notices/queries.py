"""Reads about notices: what the public finds, what waits at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session, aliased

from portal.identity.models import Person, Unit
from portal.notices.models import Notice
from portal.notices.workflow import NoticeState

PAGE = 20
_WORDS_GONE = case((Notice.state == NoticeState.WITHDRAWN, ""), else_=Notice.body)


@dataclass(frozen=True)
class Line:
    """A notice in a list."""

    id: int
    ref: str
    kind: str
    title: str
    lang: str
    unit: str | None
    published_at: datetime
    withdrawn: bool
    is_correction: bool


@dataclass(frozen=True)
class Page:
    """A notice as the public reads it; `body` is empty once it was withdrawn."""

    id: int
    ref: str
    kind: str
    title: str
    body: str
    lang: str
    unit: str | None
    unit_slug: str | None
    published_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str
    corrects: str | None
    corrected_by: str | None


@dataclass(frozen=True)
class DeskLine:
    """A notice in the desk's list."""

    id: int
    ref: str | None
    kind: str
    state: str
    title: str
    author: str | None
    edited_at: datetime
    publish_at: datetime | None
    returned: bool


def published(
    db: Session, kind: str = "", after: tuple[datetime, int] | None = None, most: int = PAGE
) -> Sequence[Line]:
    """Newest first; one more than `most` if there are further ones."""
    wanted = _lines().where(Notice.ref.is_not(None))
    if kind:
        wanted = wanted.where(Notice.kind == kind)
    if after is not None:
        moment, number = after
        wanted = wanted.where(
            or_(
                Notice.published_at < moment,
                and_(Notice.published_at == moment, Notice.id < number),
            )
        )
    wanted = wanted.order_by(Notice.published_at.desc(), Notice.id.desc()).limit(most + 1)
    return [Line(*row) for row in db.execute(wanted)]


def newest(db: Session, most: int) -> Sequence[Line]:
    """For the front page: what is still there."""
    wanted = _lines().where(Notice.state == NoticeState.PUBLISHED)
    rows = db.execute(wanted.order_by(Notice.published_at.desc(), Notice.id.desc()).limit(most))
    return [Line(*row) for row in rows]


def _lines() -> Any:
    return select(
        Notice.id,
        Notice.ref,
        Notice.kind,
        Notice.title,
        Notice.lang,
        Unit.name,
        Notice.published_at,
        (Notice.state == NoticeState.WITHDRAWN).label("withdrawn"),
        Notice.corrects_id.is_not(None).label("is_correction"),
    ).outerjoin(Unit, Unit.id == Notice.unit_id)


def page_of(db: Session, ref: str) -> Page | None:
    """What stands under a reference."""
    corrected, correction = aliased(Notice), aliased(Notice)
    row = db.execute(
        select(
            Notice.id,
            Notice.ref,
            Notice.kind,
            Notice.title,
            _WORDS_GONE,
            Notice.lang,
            Unit.name,
            Unit.slug,
            Notice.published_at,
            Notice.withdrawn_at,
            Notice.withdrawn_because,
            corrected.ref,
            correction.ref,
        )
        .outerjoin(Unit, Unit.id == Notice.unit_id)
        .outerjoin(corrected, corrected.id == Notice.corrects_id)
        .outerjoin(
            correction,
            and_(correction.corrects_id == Notice.id, correction.state == NoticeState.PUBLISHED),
        )
        .where(Notice.ref == ref)
        .order_by(correction.id.desc())
        .limit(1)
    ).first()
    return Page(*row) if row else None


def at_desk(db: Session, state: NoticeState, most: int = 50) -> Sequence[DeskLine]:
    """What stands in a state, the newest first; what waits for its minute by that minute."""
    order = Notice.publish_at if state is NoticeState.SCHEDULED else Notice.edited_at.desc()
    rows = db.execute(
        select(
            Notice.id,
            Notice.ref,
            Notice.kind,
            Notice.state,
            Notice.title,
            Person.name,
            Notice.edited_at,
            Notice.publish_at,
            (Notice.returned_because != "").label("returned"),
        )
        .outerjoin(Person, Person.id == Notice.author_id)
        .where(Notice.state == state)
        .order_by(order, Notice.id.desc())
        .limit(most)
    )
    return [DeskLine(*row) for row in rows]
