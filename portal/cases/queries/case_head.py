"""One case for its page at the desk: what it is, who holds it, and the appeals it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.cases.models import Appeal, Case, CaseLink, Category, Channel, RoutingRule
from portal.cases.queries.rows import first, name, rows
from portal.cases.queries.worklist import TITLE
from portal.cases.subjects import visible
from portal.cases.texts import AppealContact, AppealText, CaseText
from portal.identity.actors import Actor
from portal.identity.models import Area, Company, Person, Unit

LONGEST_REF = 20


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case as the top of its page shows it; names are empty where nothing is set."""

    id: int
    ref: str
    version: int
    state: str
    closing_kind: str | None
    reason_code: str | None
    title: str
    brief: str
    kind: str
    tier: str
    party_kind: str
    category_id: int | None
    category: str
    area_id: int | None
    area: str
    channel: str
    first_asked_unit_id: int | None
    first_asked: str
    lead_unit_id: int | None
    lead: str
    handler_id: int | None
    handler: str
    proposed_unit_id: int | None
    proposed: str
    proposed_person_id: int | None
    proposing_rule: str
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    rating_until: datetime | None
    due_at: datetime | None
    due_day: date | None
    is_history: bool
    bounces: int
    updated_at: datetime


_lead, _first, _proposed = aliased(Unit), aliased(Unit), aliased(Unit)


_HEAD = (
    select(
        Case.id,
        Case.ref,
        Case.version,
        Case.state,
        Case.closing_kind,
        Case.reason_code,
        TITLE.label("title"),
        name(CaseText.brief).label("brief"),
        Case.kind,
        Case.tier,
        Case.party_kind,
        Case.category_id,
        name(Category.name).label("category"),
        Case.area_id,
        name(Area.name).label("area"),
        Channel.name.label("channel"),
        Case.first_asked_unit_id,
        name(_first.name).label("first_asked"),
        Case.lead_unit_id,
        name(_lead.name).label("lead"),
        Case.handler_id,
        name(Person.name).label("handler"),
        Case.proposed_unit_id,
        name(_proposed.name).label("proposed"),
        Case.proposed_person_id,
        name(RoutingRule.name).label("proposing_rule"),
        Case.opened_at,
        Case.answered_at,
        Case.closed_at,
        Case.rating_until,
        Case.due_at,
        Case.due_day,
        Case.is_history,
        Case.bounces,
        Case.updated_at,
    )
    .select_from(Case)
    .join(Channel, Channel.id == Case.channel_id)
    .outerjoin(CaseText, CaseText.case_id == Case.id)
    .outerjoin(Category, Category.id == Case.category_id)
    .outerjoin(Area, Area.id == Case.area_id)
    .outerjoin(_first, _first.id == Case.first_asked_unit_id)
    .outerjoin(_lead, _lead.id == Case.lead_unit_id)
    .outerjoin(_proposed, _proposed.id == Case.proposed_unit_id)
    .outerjoin(Person, Person.id == Case.handler_id)
    .outerjoin(RoutingRule, RoutingRule.id == Case.proposed_by_rule_id)
)


def _can_be(ref: str) -> bool:
    """Whether this can be a reference at all: what cannot never reaches the database."""
    return len(ref) <= LONGEST_REF and ref.isascii() and ref.replace("-", "").isalnum()


def case_head(db: Session, actor: Actor, ref: str) -> CaseHead | None:
    """The case with this reference, if the actor may know that there is one."""
    if not _can_be(ref):
        return None
    return first(db, _HEAD.where(Case.ref == ref, visible(actor)), CaseHead)


def case_heads(db: Session, actor: Actor, refs: Sequence[str]) -> list[CaseHead]:
    """Several at once."""
    possible = [ref for ref in refs if _can_be(ref)]
    return rows(db, _HEAD.where(Case.ref.in_(possible), visible(actor)), CaseHead) if possible else []


def case_id_of(db: Session, actor: Actor, ref: str) -> int | None:
    """Its number, if the actor may know that there is one."""
    return db.scalar(select(Case.id).where(Case.ref == ref, visible(actor))) if _can_be(ref) else None


@dataclass(frozen=True, slots=True)
class AskerRow:
    """An appeal that a case answers, or answered; whoever asked is not named here."""

    appeal_id: int
    receipt: str
    title: str
    body: str
    place: str
    concerns: str
    concerns_unit: str
    concerns_person: str
    kind: str
    party_kind: str
    company: str
    credit_code: str
    channel: str
    consent_to_publish: bool
    occurred_at: datetime
    received_at: datetime
    filed_by: str
    locale: str
    erased_at: datetime | None
    link_kind: str
    linked_at: datetime
    ended_at: datetime | None
    has_contact: bool

    @property
    def is_live(self) -> bool:
        """The case answers it now."""
        return self.ended_at is None


def askers(db: Session, case_id: int) -> list[AskerRow]:
    """The appeals of a case, the first first, each with its newest link."""
    filer, concerned = aliased(Person), aliased(Person)
    statement = (
        select(
            Appeal.id.label("appeal_id"),
            Appeal.receipt,
            AppealText.title,
            AppealText.body,
            AppealText.place,
            AppealText.concerns,
            name(Unit.name).label("concerns_unit"),
            name(concerned.name).label("concerns_person"),
            Appeal.kind,
            Appeal.party_kind,
            name(Company.name).label("company"),
            name(Company.credit_code).label("credit_code"),
            Channel.name.label("channel"),
            Appeal.consent_to_publish,
            Appeal.occurred_at,
            Appeal.received_at,
            name(filer.name).label("filed_by"),
            Appeal.locale,
            Appeal.erased_at,
            CaseLink.kind.label("link_kind"),
            CaseLink.made_at.label("linked_at"),
            CaseLink.ended_at,
            AppealContact.appeal_id.is_not(None).label("has_contact"),
        )
        .select_from(CaseLink)
        .join(Appeal, Appeal.id == CaseLink.appeal_id)
        .join(AppealText, AppealText.appeal_id == Appeal.id)
        .join(Channel, Channel.id == Appeal.channel_id)
        .outerjoin(Unit, Unit.id == Appeal.concerns_unit_id)
        .outerjoin(concerned, concerned.id == Appeal.concerns_person_id)
        .outerjoin(Company, Company.id == Appeal.company_id)
        .outerjoin(filer, filer.id == Appeal.filed_by_id)
        .outerjoin(AppealContact, AppealContact.appeal_id == Appeal.id)
        .where(CaseLink.case_id == case_id)
        .order_by(CaseLink.id)
    )
    newest = {row.appeal_id: row for row in rows(db, statement, AskerRow)}
    return list(newest.values())


@dataclass(frozen=True, slots=True)
class RelatedCase:
    """Another case that shares an appeal: merged into, merged from, or split off."""

    ref: str
    title: str
    state: str
    closing_kind: str | None


def related_cases(db: Session, actor: Actor, case_id: int) -> list[RelatedCase]:
    """Cases that answer, or answered, one of this case's appeals, as far as the actor may see them."""
    mine = select(CaseLink.appeal_id).where(CaseLink.case_id == case_id)
    theirs = select(CaseLink.case_id).where(CaseLink.appeal_id.in_(mine))
    statement = (
        select(Case.ref, TITLE.label("title"), Case.state, Case.closing_kind)
        .select_from(Case)
        .outerjoin(CaseText, CaseText.case_id == Case.id)
        .where(Case.id.in_(theirs), Case.id != case_id, visible(actor))
        .order_by(Case.id)
    )
    return rows(db, statement, RelatedCase)
