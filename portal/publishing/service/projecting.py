"""What flows to a published case by itself: state, dates, clock, timeline, gates, counts of ratings.

Only codes, dates, numbers and names of units flow; words never do. The shapes are in `values`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from portal.cases.models import Case, CaseLink
from portal.cases.service.clocks import KIND, OWN
from portal.cases.texts import Reply
from portal.cases.vocabulary import Rating
from portal.cases.workflow import CaseState
from portal.deadlines.queries import last_clock
from portal.identity.models import Unit
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.ledger import service as ledger
from portal.publishing.models import PublishedCase, PublishedDetail
from portal.publishing.queries import choices
from portal.publishing.rules import OPEN
from portal.publishing.service import band, stories, telling
from portal.publishing.service.indexing import index_case

RECORDED = ("state", "outcome", "tier", "unit_id", "unit_name", "askers", "rated", "satisfied")
FLOWED = "case_facts"
"""The ledger's kind of what flowed by itself; releases are of the kind `case`."""

# Asked at every step of every case.
_READABLE = select(PublishedCase).where(PublishedCase.case_id == bindparam("case"), PublishedCase.visible)


def flow(db: Session, now: datetime, case_id: int) -> None:
    """Bring a published case up to date; a case that is not published is none of our business."""
    published = db.scalar(_READABLE, {"case": case_id})
    if published is None:
        return
    before = _flowed(published)
    case = db.get_one(Case, case_id)
    detail = db.get_one(PublishedDetail, published.id)
    refresh(db, now, case, published, detail)
    after = _flowed(published)
    if after != before:
        act = ledger.record(db, now, FLOWED, published.ref, "flowed", {"ref": published.ref} | after)
        telling.moved(db, now, published, before, str(act.version))
    db.flush()
    index_case(db, published, detail, choices.load(db))


def _flowed(published: PublishedCase) -> dict[str, Any]:
    """What goes on record of what flows by itself."""
    days = {name: getattr(published, name) for name in ("received_on", "answered_on", "closed_at", "due_day")}
    return {name: getattr(published, name) for name in RECORDED} | {
        name: day.isoformat() if day else None for name, day in days.items()
    }


def refresh(
    db: Session, now: datetime, case: Case, published: PublishedCase, detail: PublishedDetail
) -> None:
    """Write everything that flows."""
    for name, value in columns(db, now, case).items():
        setattr(published, name, value)
    detail.facts = dict(stories.facts(db, case))
    detail.clock = dict(band.clock(db, now, case))
    detail.timeline = list(stories.timeline(db, case))
    detail.gates = dict(stories.gates(db, case))
    detail.ratings = dict(stories.ratings(db, case))


def columns(db: Session, now: datetime, case: Case) -> dict[str, Any]:
    """The columns of the public list that flow."""
    zone, clock = zone_of(db), last_clock(db, KIND, case.id, *OWN)
    shown = band.clock(db, now, case)
    received = local_date(case.opened_at, zone)
    answered = local_date(case.answered_at, zone) if case.answered_at else None
    ratings = stories.ratings(db, case)["levels"]
    unit = db.get(Unit, case.lead_unit_id) if case.lead_unit_id else None
    return {
        "state": case.state,
        "outcome": case.closing_kind if case.state == CaseState.CLOSED else OPEN,
        "tier": case.tier,
        "kind": case.kind,
        "party_kind": case.party_kind,
        "unit_id": case.lead_unit_id,
        "unit_name": unit.short_name if unit else _imported_unit(db, case),
        "category_id": case.category_id,
        "area_id": case.area_id,
        "askers": _askers(db, case.id),
        "rated": sum(ratings.values()),
        "satisfied": ratings.get(Rating.VERY_SATISFIED, 0) + ratings.get(Rating.SATISFIED, 0),
        "received_on": received,
        "answered_on": answered,
        "closed_at": case.closed_at if case.state == CaseState.CLOSED else None,
        "due_day": case.due_day if clock and clock.stopped_at is None else None,
        "workdays_used": shown.get("used"),
        "workdays_limit": shown.get("limit"),
    }


def _askers(db: Session, case_id: int) -> int:
    live = select(func.count()).where(CaseLink.case_id == case_id, CaseLink.ended_at.is_(None))
    return max(db.scalar(live) or 0, 1)


def _imported_unit(db: Session, case: Case) -> str:
    newest = select(Reply.unit_name).where(Reply.case_id == case.id).order_by(Reply.id.desc()).limit(1)
    return db.scalar(newest) or ""
