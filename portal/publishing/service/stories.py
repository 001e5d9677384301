"""The story of a published case in codes: its facts, its timeline, the gates, the counts of ratings."""

from collections import Counter
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from portal.cases.history import HistoryEntry
from portal.cases.models import Assignment, Case, CaseLink, Channel
from portal.cases.texts import Attachment, CaseMechanism, RatingRow, Reply
from portal.cases.vocabulary import Act, ClosingKind, Rating
from portal.cases.workflow import CaseState
from portal.identity.models import Unit
from portal.kernel.clock import local_date
from portal.kernel.db import zone_of
from portal.publishing.values import PUBLIC_ACTS, Facts, Gate, PublicEntry, PublicUnit, Ratings

CLOCK_MARKS = {
    Act.FILED: "run",
    Act.ASKER_ASKED: "pause",
    Act.WAITING_EXTERNAL: "pause",
    Act.ASKER_ANSWERED: "run",
    Act.RESUMED: "run",
    Act.EXTENSION_APPROVED: "extend",
    Act.ANSWERED: "stop",
    Act.REOPENED: "run",
}
"""What an act does to the band of the clock."""
_COUNTS = {"evidence_added": "attachment_ids", "merge_received": "appeals"}


def facts(db: Session, case: Case) -> Facts:
    """Channel and units, and who replied when."""
    channel = db.get_one(Channel, case.channel_id)
    found: Facts = {"channel": channel.name, "channel_en": channel.name_en, "is_history": case.is_history}
    if first := _unit(db, case.first_asked_unit_id):
        found["first_asked"] = first
    if lead := _unit(db, case.lead_unit_id):
        found["lead"] = lead
    found["supporting"] = _supporting(db, case.id)
    reply = _reply(db, case.id)
    if reply is not None:
        by = _unit(db, reply.unit_id) or ({"id": 0, "name": reply.unit_name} if reply.unit_name else None)
        if by:
            found["reply_by"] = by
        found["replied_on"] = local_date(reply.made_at, zone_of(db)).isoformat()
    return found


def timeline(db: Session, case: Case) -> list[PublicEntry]:
    """The acts the public may know of, oldest first; reasons and notes stay inside."""
    rows = db.execute(
        select(HistoryEntry.at, HistoryEntry.act, HistoryEntry.unit_id, Unit.short_name, HistoryEntry.details)
        .outerjoin(Unit, Unit.id == HistoryEntry.unit_id)
        .where(HistoryEntry.case_id == case.id, HistoryEntry.act.in_(PUBLIC_ACTS))
        .order_by(HistoryEntry.id)
    )
    return [_entry(row) for row in rows]


def gates(db: Session, case: Case) -> dict[str, Gate]:
    """The three gates (三个不放过), for what was answered or closed as solved."""
    reply = _reply(db, case.id)
    if reply is None or reply.closing_kind != ClosingKind.SOLVED:
        return {}
    evidence = (
        db.scalar(select(func.count()).where(Attachment.case_id == case.id, Attachment.kind == "evidence"))
        or 0
    )
    mechanism = db.get(CaseMechanism, case.id)
    how = "outcome" if mechanism and mechanism.outcome else "not_needed" if mechanism else ""
    return {
        "solved": {"met": evidence > 0, "count": evidence},
        "satisfied": _satisfied(db, case),
        "mechanism": {"met": bool(how), "how": how},
    }


def ratings(db: Session, case: Case) -> Ratings:
    """Of the reply that stands: how many askers gave which level for the result."""
    newest = select(func.max(Reply.id)).where(Reply.case_id == case.id).scalar_subquery()
    rows = db.execute(
        select(RatingRow.result, RatingRow.unit_network).where(
            RatingRow.case_id == case.id, RatingRow.reply_id == newest
        )
    ).all()
    asked = select(func.count()).where(CaseLink.case_id == case.id, CaseLink.ended_at.is_(None))
    return {
        "levels": dict(Counter(row.result for row in rows)),
        "rated": len(rows),
        "asked": max(db.scalar(asked) or 0, 1),
        "unit_network": sum(bool(row.unit_network) for row in rows),
    }


def _satisfied(db: Session, case: Case) -> Gate:
    if case.state != CaseState.CLOSED:
        return {"met": None}
    details: dict[str, Any] = (
        db.scalar(
            select(HistoryEntry.details)
            .where(HistoryEntry.case_id == case.id, HistoryEntry.target == CaseState.CLOSED)
            .order_by(HistoryEntry.id.desc())
            .limit(1)
        )
        or {}
    )
    levels = ratings(db, case)["levels"]
    return {
        "met": True,
        "how": details.get("exception") or "rating",
        "count": levels.get(Rating.VERY_SATISFIED, 0) + levels.get(Rating.SATISFIED, 0),
    }


def _entry(row: Row[Any]) -> PublicEntry:
    entry: PublicEntry = {"at": row.at.isoformat(), "act": row.act}
    if row.unit_id is not None:
        entry["unit"] = {"id": row.unit_id, "name": row.short_name}
    if mark := CLOCK_MARKS.get(Act(row.act)):
        entry["clock"] = mark
    details: dict[str, Any] = row.details or {}
    for target, sources in (
        ("number", ("document_number", "number")),
        ("until", ("until", "after", "due_day")),
        ("tier", ("tier",)),
        ("kind", ("kind", "closing_kind")),
    ):
        value = next((details[name] for name in sources if isinstance(details.get(name), str)), None)
        if value:
            entry[target] = value  # type: ignore[literal-required]
    counted = details.get(_COUNTS.get(row.act, ""))
    if isinstance(counted, list):
        entry["count"] = len(counted)
    return entry


def _unit(db: Session, unit_id: int | None) -> PublicUnit | None:
    unit = db.get(Unit, unit_id) if unit_id is not None else None
    return {"id": unit.id, "name": unit.short_name} if unit else None


def _supporting(db: Session, case_id: int) -> list[PublicUnit]:
    rows = db.execute(
        select(Unit.id, Unit.short_name)
        .join(Assignment, Assignment.unit_id == Unit.id)
        .where(Assignment.case_id == case_id, Assignment.part == "supporting", Assignment.ended_at.is_(None))
        .order_by(Assignment.id)
    )
    return [{"id": row.id, "name": row.short_name} for row in rows]


def _reply(db: Session, case_id: int) -> Reply | None:
    return db.scalar(select(Reply).where(Reply.case_id == case_id).order_by(Reply.id.desc()).limit(1))
