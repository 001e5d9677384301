"""What people of the staff are told about cases, and in which words. What they may no longer see is not told."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.alerts import kinds, recipients
from portal.alerts.kinds import Kind, Told
from portal.alerts.recipients import Address
from portal.alerts.rules import Group
from portal.cases.models import Appeal, Case
from portal.cases.queries.worklist import TITLE
from portal.cases.subjects import may_know, subject_of
from portal.cases.texts import AppealContact, AppealKey, CaseText
from portal.deadlines.models import Clock
from portal.identity.actors import Actor
from portal.identity.queries import actor_of
from portal.kernel.db import keys_of, zone_of
from portal.kernel.keys import unseal

DUE_SOON, OVERDUE = "case.due_soon", "case.overdue"
ASSIGNED, BACK, DECIDE = "case.assigned", "case.back", "case.decide"

Extra = Callable[[Session, Told], dict[str, Any] | None]


def register() -> None:
    """Make the kinds known, and where askers are reached."""
    recipients.register("appeal", asker_address)
    for code, group, extra in (
        (DUE_SOON, Group.CLOCK, _clock),
        (OVERDUE, Group.CLOCK, _clock),
        (ASSIGNED, Group.WORK, _plain),
        (BACK, Group.WORK, _plain),
        (DECIDE, Group.DECISIONS, _plain),
    ):
        template = f"cases/alerts/{code.partition('.')[2]}.txt"
        kinds.register(Kind(code, group, template, _loader(extra)))


def _loader(extra: Extra) -> kinds.Loader:
    def load(db: Session, now: datetime, told: Told) -> dict[str, Any] | None:
        case = db.get(Case, told.subject_id)
        if case is None:
            return None
        reader = _reader(db, now, told.recipient.id)
        more = extra(db, told)
        if more is None or not may_know(reader, subject_of(db, case.id)):
            return None
        return {"case": case, "about": _title(db, case.id), "path": f"/desk/cases/{case.ref}", **more}

    return load


def _reader(db: Session, now: datetime, person_id: int) -> Actor:
    """Looked up once for a list of alerts: within one snapshot nobody's appointments change."""
    known: dict[tuple[int, datetime], Actor] = db.info.setdefault("readers_of_alerts", {})
    key = (person_id, now)
    if key not in known:
        known[key] = actor_of(db, person_id, now, zone_of(db))
    return known[key]


def _plain(db: Session, told: Told) -> dict[str, Any]:
    return {"act": told.data.get("act", "")}


def _clock(db: Session, told: Told) -> dict[str, Any] | None:
    """The clock as it stands now: one that has stopped meanwhile reminds nobody."""
    clock = db.get(Clock, told.data["clock"])
    if clock is None or clock.stopped_at is not None or clock.paused_at is not None:
        return None
    return {"clock": clock}


def _title(db: Session, case_id: int) -> str:
    """What the desk calls it, for the portal's own pages: these may be the asker's words."""
    titled = select(TITLE).select_from(Case).outerjoin(CaseText, CaseText.case_id == Case.id)
    return db.scalar(titled.where(Case.id == case_id)) or ""


def asker_address(db: Session, appeal_id: int) -> Address | None:
    """How to reach the asker of an appeal, until it is erased."""
    appeal, key = db.get(Appeal, appeal_id), db.get(AppealKey, appeal_id)
    sealed = db.get(AppealContact, appeal_id)
    if appeal is None or key is None or sealed is None:
        return None
    contact = json.loads(unseal(keys_of(db).unwrap(key.wrapped), sealed.sealed))
    return Address(contact.get("email", ""), contact.get("phone", ""), appeal.locale)
