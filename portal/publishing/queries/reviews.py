"""Reads for the desk: releases under review, cases that could be published, what is published.

Every list keeps the conflict of interest: a case that complains about its reader is in none of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.cases.models import Appeal, Case, CaseLink
from portal.cases.subjects import visible
from portal.cases.texts import AppealText, Attachment, CaseText
from portal.identity.actors import Actor
from portal.identity.models import Person
from portal.publishing.models import PublishedCase, Release

SHOWN: Final = 30
"""Rows of one list; the next ones come when these are done."""
MOST: Final = 200
"""Counted so far; more is told as more."""
RECENT: Final = timedelta(days=180)
"""So far back cases are proposed for publication; an older one is found by its number."""
LISTS: Final = ("decide", "returned", "drafts", "waiting", "ready")


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A release under review, or a case that could be published (then without a release)."""

    case_id: int
    ref: str
    title: str
    closing_kind: str | None
    state: str
    answered_at: datetime | None
    release_id: int | None = None
    release_state: str = ""
    is_correction: bool = False
    who: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of the case that may be published."""

    id: int
    kind: str
    name: str
    caption: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """What is published of a case, for the desk."""

    ref: str
    case_id: int
    visible: bool
    title: str
    version: int
    published_at: datetime
    received_on: date


def rows(db: Session, now: datetime, actor: Actor, name: str) -> list[ReviewRow]:
    """One of the lists, oldest first: who waits longest is looked at first."""
    found = db.execute(_of(name, now, actor).limit(SHOWN))
    return [ReviewRow(*row) for row in found]


def counts(db: Session, now: datetime, actor: Actor) -> dict[str, int]:
    """How many rows each list has, in one statement; no further than `MOST`."""
    parts = [
        select(func.count())
        .select_from(_of(name, now, actor).order_by(None).limit(MOST + 1).subquery())
        .scalar_subquery()
        .label(name)
        for name in LISTS
    ]
    return dict(db.execute(select(*parts)).one()._mapping)


def _of(name: str, now: datetime, actor: Actor) -> Select[*tuple[Any, ...]]:
    if name == "ready":
        return _ready(now, actor)
    return _reviews(actor, name)


def _reviews(actor: Actor, name: str) -> Select[*tuple[Any, ...]]:
    who = aliased(Person)
    mine = Release.proposed_by_id == actor.person_id
    conditions: dict[str, tuple[ColumnElement[bool], ...]] = {
        "decide": (Release.state == "proposed", ~mine),
        "waiting": (Release.state == "proposed", mine),
        "returned": (Release.state == "returned",),
        "drafts": (Release.state == "draft",),
    }
    author = func.coalesce(Release.proposed_by_id, Release.returned_by_id, Release.made_by_id)
    return (
        select(
            Case.id,
            Case.ref,
            Release.title,
            Case.closing_kind,
            Case.state,
            Case.answered_at,
            Release.id,
            Release.state,
            Release.is_correction,
            func.coalesce(who.name, ""),
            func.coalesce(Release.proposed_at, Release.made_at),
        )
        .join(Case, Case.id == Release.case_id)
        .outerjoin(who, who.id == author)
        .where(Release.decided_at.is_(None), visible(actor), *conditions[name])
        .order_by(Release.id)
    )


def _ready(now: datetime, actor: Actor) -> Select[*tuple[Any, ...]]:
    """Answered or closed not long ago, its asker agrees, and nothing of it is published or under review."""
    if not actor.has("publication.propose"):
        return select(*(Case.id,) * 6).where(false())
    touched = select(Release.id).where(
        Release.case_id == Case.id, or_(Release.decided_at.is_(None), Release.state == "dropped")
    )
    shown = select(PublishedCase.id).where(PublishedCase.case_id == Case.id)
    title = _title()
    return (
        select(Case.id, Case.ref, func.coalesce(title, ""), Case.closing_kind, Case.state, Case.answered_at)
        .where(
            Case.updated_at > now - RECENT,
            Case.state.in_(("answered", "closed")),
            Case.is_history.is_(False),
            visible(actor),
            exists(_agreed().where(CaseLink.case_id == Case.id).correlate(Case)),
            ~exists(touched.correlate(Case)),
            ~exists(shown.correlate(Case)),
        )
        .order_by(Case.id)
    )


def _agreed() -> Select[Any]:
    """Links to appeals whose words would be read, and whose askers agreed."""
    return (
        select(CaseLink.id)
        .join(Appeal, Appeal.id == CaseLink.appeal_id)
        .where(CaseLink.kind != "merged", Appeal.consent_to_publish, Appeal.erased_at.is_(None))
    )


def agreed(db: Session, case_id: int) -> bool:
    """Whether the asker of the case agreed to publication."""
    return db.scalar(_agreed().where(CaseLink.case_id == case_id).limit(1)) is not None


def _title() -> Any:
    own = select(func.nullif(CaseText.title, "")).where(CaseText.case_id == Case.id).correlate(Case)
    asked = (
        select(AppealText.title)
        .join(CaseLink, CaseLink.appeal_id == AppealText.appeal_id)
        .where(CaseLink.case_id == Case.id, CaseLink.kind != "merged")
        .order_by(CaseLink.id)
        .limit(1)
        .correlate(Case)
    )
    return func.coalesce(own.scalar_subquery(), asked.scalar_subquery())


def case_of(db: Session, actor: Actor, ref: str) -> int | None:
    """The number of a case by its reference, if this actor may know of it."""
    return db.scalar(select(Case.id).where(Case.ref == ref, visible(actor)))


def ref_of(db: Session, case_id: int) -> str:
    """The reference of a case."""
    return db.execute(select(Case.ref).where(Case.id == case_id)).scalar_one()


def files(db: Session, case_id: int) -> list[FileLine]:
    """The case's evidence, and what its askers sent who agreed to publication."""
    columns = (
        Attachment.id,
        Attachment.kind,
        Attachment.name,
        Attachment.caption,
        Attachment.media_type,
        Attachment.size,
    )
    agreed = (
        select(CaseLink.appeal_id)
        .join(Appeal, Appeal.id == CaseLink.appeal_id)
        .where(CaseLink.case_id == case_id, CaseLink.ended_at.is_(None), Appeal.consent_to_publish)
    )
    found = db.execute(
        select(*columns)
        .where(or_(Attachment.case_id == case_id, Attachment.appeal_id.in_(agreed)))
        .order_by(Attachment.kind.desc(), Attachment.id)
    )
    return [FileLine(*row) for row in found]


def names(db: Session, *person_ids: int | None) -> dict[int, str]:
    """Names of the people who had a hand in a release."""
    wanted = [number for number in person_ids if number is not None]
    return (
        dict(db.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))).all()) if wanted else {}
    )


def published(db: Session, case_id: int) -> PublishedLine | None:
    """What is or was published of the case."""
    columns = (getattr(PublishedCase, name) for name in PublishedLine.__dataclass_fields__)
    row = db.execute(select(*columns).where(PublishedCase.case_id == case_id)).first()
    return PublishedLine(*row) if row else None


def open_release(db: Session, case_id: int) -> tuple[int, str] | None:
    """The release of the case that is under review: number and state."""
    row = db.execute(
        select(Release.id, Release.state).where(Release.case_id == case_id, Release.decided_at.is_(None))
    ).first()
    return (row.id, row.state) if row else None


def last_published(db: Session, actor: Actor) -> Sequence[PublishedLine]:
    """What was published last."""
    columns = (getattr(PublishedCase, name) for name in PublishedLine.__dataclass_fields__)
    found = db.execute(
        select(*columns)
        .join(Case, Case.id == PublishedCase.case_id)
        .where(PublishedCase.visible, visible(actor))
        .order_by(PublishedCase.id.desc())
        .limit(SHOWN)
    )
    return [PublishedLine(*row) for row in found]
