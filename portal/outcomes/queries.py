"""Reads about outcomes: what the public finds and counts, what waits at the desk, which cases are linked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.cases.models import Case
from portal.cases.queries.worklist import TITLE
from portal.cases.subjects import visible
from portal.cases.texts import CaseText
from portal.identity.actors import Actor
from portal.identity.models import Person, Unit
from portal.outcomes.models import Outcome, OutcomeCase
from portal.outcomes.workflow import OutcomeState
from portal.publishing.models import PublishedCase

PAGE = 20
_GONE = Outcome.state == OutcomeState.WITHDRAWN
_later = aliased(Outcome)
_CORRECTED = (
    select(_later.id).where(_later.corrects_id == Outcome.id, _later.state == OutcomeState.PUBLISHED).exists()
)
_COUNTS = (
    select(Outcome.kind, func.count().label("number"))
    .where(Outcome.state == OutcomeState.PUBLISHED, ~_CORRECTED)
    .group_by(Outcome.kind)
)
# Written once: building a statement costs more than running it.
_LINES: Any = select(
    Outcome.id,
    Outcome.ref,
    Outcome.kind,
    Outcome.title,
    Outcome.lang,
    Unit.name,
    Unit.name_en,
    Outcome.effective_on,
    Outcome.published_at,
    _GONE.label("withdrawn"),
    _CORRECTED.label("corrected"),
    Outcome.corrects_id.is_not(None).label("is_correction"),
).join(Unit, Unit.id == Outcome.unit_id)


@dataclass(frozen=True)
class Line:
    """An outcome in a list."""

    id: int
    ref: str
    kind: str
    title: str
    lang: str
    unit: str
    unit_en: str
    effective_on: date
    published_at: datetime
    withdrawn: bool
    corrected: bool
    is_correction: bool


@dataclass(frozen=True)
class Page:
    """An outcome as the public reads it; `body` and `document_no` are empty once it was withdrawn."""

    id: int
    ref: str
    kind: str
    title: str
    body: str
    lang: str
    unit: str
    unit_en: str
    unit_slug: str
    effective_on: date
    document_no: str
    published_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str
    corrects: str | None
    corrected_by: str | None


@dataclass(frozen=True)
class DeskLine:
    """An outcome in the desk's list."""

    id: int
    ref: str | None
    kind: str
    state: str
    title: str
    author: str | None
    edited_at: datetime
    returned: bool


@dataclass(frozen=True)
class LinkedCase:
    """A linked case as somebody at the desk may know of it."""

    ref: str
    title: str
    is_public: bool


def counts(db: Session) -> dict[str, int]:
    """How many stand, by kind: published, not withdrawn, and each once however often it was corrected."""
    return {row.kind: row.number for row in db.execute(_COUNTS)}


def published(
    db: Session,
    kind: str = "",
    unit_id: int | None = None,
    after: tuple[datetime, int] | None = None,
    most: int = PAGE,
) -> Sequence[Line]:
    """Newest first; one more than `most` if there are further ones."""
    wanted = _LINES.where(Outcome.ref.is_not(None))
    if kind:
        wanted = wanted.where(Outcome.kind == kind)
    if unit_id is not None:
        wanted = wanted.where(Outcome.unit_id == unit_id)
    if after is not None:
        moment, number = after
        wanted = wanted.where(
            or_(
                Outcome.published_at < moment,
                and_(Outcome.published_at == moment, Outcome.id < number),
            )
        )
    wanted = wanted.order_by(Outcome.published_at.desc(), Outcome.id.desc()).limit(most + 1)
    return [Line(*row) for row in db.execute(wanted)]


def of_unit(db: Session, unit_id: int, most: int = 5) -> Sequence[Line]:
    """A unit's newest outcomes that stand."""
    wanted = _LINES.where(Outcome.unit_id == unit_id, Outcome.state == OutcomeState.PUBLISHED, ~_CORRECTED)
    rows = db.execute(wanted.order_by(Outcome.published_at.desc(), Outcome.id.desc()).limit(most))
    return [Line(*row) for row in rows]


def unit(db: Session, slug: str) -> Unit | None:
    """The unit that a list is asked for."""
    return db.scalar(select(Unit).where(Unit.slug == slug)) if slug else None


def page_of(db: Session, ref: str) -> Page | None:
    """What stands under a reference."""
    corrected, correction = aliased(Outcome), aliased(Outcome)
    row = db.execute(
        select(
            Outcome.id,
            Outcome.ref,
            Outcome.kind,
            Outcome.title,
            case((_GONE, ""), else_=Outcome.body),
            Outcome.lang,
            Unit.name,
            Unit.name_en,
            Unit.slug,
            Outcome.effective_on,
            case((_GONE, ""), else_=Outcome.document_no),
            Outcome.published_at,
            Outcome.withdrawn_at,
            Outcome.withdrawn_because,
            corrected.ref,
            correction.ref,
        )
        .join(Unit, Unit.id == Outcome.unit_id)
        .outerjoin(corrected, corrected.id == Outcome.corrects_id)
        .outerjoin(
            correction,
            and_(correction.corrects_id == Outcome.id, correction.state == OutcomeState.PUBLISHED),
        )
        .where(Outcome.ref == ref)
        .limit(1)
    ).first()
    return Page(*row) if row else None


def public_cases(db: Session, outcome_id: int) -> Sequence[Any]:
    """The linked cases that everybody may read."""
    return db.execute(
        select(
            PublishedCase.ref,
            PublishedCase.title,
            PublishedCase.lang,
            PublishedCase.unit_name,
            PublishedCase.state,
            PublishedCase.outcome,
            PublishedCase.closed_at,
        )
        .join(OutcomeCase, OutcomeCase.case_id == PublishedCase.case_id)
        .where(OutcomeCase.outcome_id == outcome_id, PublishedCase.visible)
        .order_by(PublishedCase.id)
    ).all()


def linked(db: Session, actor: Actor, outcome_id: int) -> Sequence[LinkedCase]:
    """The linked cases that this actor may know of."""
    rows = db.execute(
        select(Case.ref, TITLE, PublishedCase.id.is_not(None))
        .join(OutcomeCase, OutcomeCase.case_id == Case.id)
        .outerjoin(CaseText, CaseText.case_id == Case.id)
        .outerjoin(PublishedCase, and_(PublishedCase.case_id == Case.id, PublishedCase.visible))
        .where(OutcomeCase.outcome_id == outcome_id, visible(actor))
        .order_by(Case.ref)
    )
    return [LinkedCase(*row) for row in rows]


def case_to_begin_with(db: Session, actor: Actor, ref: str) -> Any:
    """Number and leading unit of a case that an outcome is to be made of, if the actor may know of it."""
    return db.execute(select(Case.ref, Case.lead_unit_id).where(Case.ref == ref, visible(actor))).first()


def of_case(db: Session, case_id: int) -> Sequence[Any]:
    """The outcomes that came out of a case, for who may know of it."""
    return db.execute(
        select(Outcome.id, Outcome.ref, Outcome.title, Outcome.state, Outcome.kind, Outcome.lang)
        .join(OutcomeCase, OutcomeCase.outcome_id == Outcome.id)
        .where(OutcomeCase.case_id == case_id)
        .order_by(Outcome.id)
    ).all()


def at_desk(db: Session, state: OutcomeState, most: int = 50) -> Sequence[DeskLine]:
    """What stands in a state, the newest first."""
    rows = db.execute(
        select(
            Outcome.id,
            Outcome.ref,
            Outcome.kind,
            Outcome.state,
            Outcome.title,
            Person.name,
            Outcome.edited_at,
            (Outcome.returned_because != "").label("returned"),
        )
        .outerjoin(Person, Person.id == Outcome.author_id)
        .where(Outcome.state == state)
        .order_by(Outcome.edited_at.desc(), Outcome.id.desc())
        .limit(most)
    )
    return [DeskLine(*row) for row in rows]
