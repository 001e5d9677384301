"""What askers are told: each step that concerns them, in the words of their own page, without a word of the matter.

The mail leads to the page where the code is asked for; it holds neither the code nor what anybody wrote.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.alerts import kinds, service
from portal.alerts.kinds import Kind, Recipient, Told
from portal.alerts.rules import Group
from portal.cases.events import CaseChanged, CaseMoved
from portal.cases.history import HistoryEntry
from portal.cases.models import Appeal, CaseLink
from portal.cases.service import clocks
from portal.cases.service.moves import last_entry
from portal.cases.vocabulary import Act
from portal.cases.workflow import CaseState
from portal.deadlines.events import ReminderDue
from portal.deadlines.limits import LimitEvent
from portal.deadlines.models import Clock
from portal.identity.models import Unit
from portal.intake.story import SOMEBODY, TOLD
from portal.kernel import events
from portal.web.filters import translated

STEP, REMINDER = "appeal.step", "appeal.reminder"
TOLD_ACTS: Final = frozenset(
    {
        Act.NOT_ACCEPTED,
        Act.REFUSAL_OBJECTION_UPHELD,
        Act.REFUSAL_OBJECTION_REFUSED,
        Act.ACCEPTED,
        Act.ASKER_ASKED,
        Act.ANSWERED,
        Act.EXTENSION_APPROVED,
        Act.CLOSED,
        Act.REOPENED,
        Act.REOPENING_REFUSED,
        Act.MERGED,
        Act.MERGE_UNDONE,
        Act.SPLIT,
    }
)
"""Steps that ask something of the asker or that they wait for. The rest is on their page."""


def register() -> None:
    """Make the kinds known, and listen."""
    kinds.register(Kind(STEP, Group.FOLLOWED, "intake/alerts/step.txt", _step))
    kinds.register(Kind(REMINDER, Group.FOLLOWED, "intake/alerts/reminder.txt", _reminder))
    events.within(CaseMoved, moved)
    events.within(CaseChanged, changed)
    events.within(ReminderDue, remind)


def moved(db: Session, now: datetime, fact: CaseMoved) -> None:
    """A step that is an entry of the history."""
    if not service.is_silent(db):
        merged = fact.target == CaseState.MERGED
        _tell(db, now, db.get_one(HistoryEntry, fact.history_id), _askers(db, fact.case_id, ended=merged))


def changed(db: Session, now: datetime, fact: CaseChanged) -> None:
    """A step without a move: more time, for one."""
    if fact.act in TOLD_ACTS and not service.is_silent(db):
        entry = last_entry(db, fact.case_id, Act(fact.act))
        if entry is not None:
            _tell(db, now, entry, _askers(db, fact.case_id))


def remind(db: Session, now: datetime, fact: ReminderDue) -> None:
    """They were asked for more, and the time for it ends soon."""
    if (fact.subject_kind, fact.event, fact.when) == (clocks.KIND, LimitEvent.ASKER_REPLY, "before"):
        askers = [Recipient("appeal", number) for number in _askers(db, fact.subject_id)]
        occasion = str(fact.clock_id)
        service.tell(
            db, now, REMINDER, fact.subject_id, askers, occasion=occasion, data={"clock": fact.clock_id}
        )


def _tell(db: Session, now: datetime, entry: HistoryEntry, appeals: Iterable[int]) -> None:
    if entry.act in TOLD_ACTS:
        askers = [Recipient("appeal", number) for number in appeals]
        service.tell(db, now, STEP, entry.case_id, askers, occasion=str(entry.id), data={"entry": entry.id})


def _askers(db: Session, case_id: int, *, ended: bool = False) -> list[int]:
    linked = select(CaseLink.appeal_id).where(CaseLink.case_id == case_id).distinct()
    return list(db.scalars(linked if ended else linked.where(CaseLink.ended_at.is_(None))))


def _step(db: Session, now: datetime, told: Told) -> dict[str, Any] | None:
    appeal, entry = db.get(Appeal, told.recipient.id), db.get(HistoryEntry, told.data["entry"])
    if appeal is None or entry is None or appeal.erased_at is not None:
        return None
    unit = db.get(Unit, entry.unit_id) if entry.unit_id else None
    what = translated(TOLD[entry.act], unit=unit.name if unit else translated(SOMEBODY))
    return {"appeal": appeal, "act": entry.act, "what": what, "path": _path(appeal)}


def _reminder(db: Session, now: datetime, told: Told) -> dict[str, Any] | None:
    appeal, clock = db.get(Appeal, told.recipient.id), db.get(Clock, told.data["clock"])
    if appeal is None or clock is None or clock.stopped_at is not None or appeal.erased_at is not None:
        return None
    return {"appeal": appeal, "clock": clock, "path": _path(appeal)}


def _path(appeal: Appeal) -> str:
    return f"/appeals/track?receipt={appeal.receipt}"
