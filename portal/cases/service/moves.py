"""How a case changes, for every ability: loaded under its version, moved by the table, told to history and clock.

No other file sets `Case.state`.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from portal.cases import history, workflow
from portal.cases.events import CaseChanged, CaseMoved
from portal.cases.history import HistoryEntry
from portal.cases.models import Case
from portal.cases.service import clocks
from portal.cases.subjects import may_know, nothing, require_for_case, subject_of
from portal.cases.texts import Note
from portal.cases.vocabulary import Act
from portal.cases.workflow import CaseState, Transition
from portal.identity.actors import Actor, ActorKind
from portal.identity.models import Person
from portal.kernel import events
from portal.kernel.errors import Conflict, Refused
from portal.kernel.words import N_


def load(db: Session, case_id: int, version: int | None = None) -> Case:
    """The case, locked until the transaction ends. With `version`: refused if somebody changed it since."""
    case = db.scalar(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    )
    if case is None:
        raise nothing()
    if version is not None and version != case.version:
        raise changed_meanwhile(db, case_id)
    return case


def changed_meanwhile(db: Session, case_id: int) -> Conflict:
    """Who changed the case last, what they did and when: for whoever worked on an older version."""
    row = db.execute(
        select(HistoryEntry.act, HistoryEntry.at, HistoryEntry.actor_kind, Person.name)
        .outerjoin(Person, Person.id == HistoryEntry.actor_id)
        .where(HistoryEntry.case_id == case_id)
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    ).one()
    return Conflict(
        "changed_meanwhile",
        N_("%(who)s changed this case meanwhile (%(act)s, %(at)s). Look at it again, then decide."),
        who=row.name or row.actor_kind,
        act=row.act,
        at=row.at,
    )


def move(
    db: Session,
    now: datetime,
    actor: Actor,
    case: Case,
    target: CaseState,
    act: Act,
    *,
    reason: str = "",
    permission: str | None = None,
    by_unit: int | None = None,
    reason_code: str | None = None,
    for_asker: bool = False,
    note_id: int | None = None,
    unit_id: int | None = None,
    changes: Mapping[str, Any] = MappingProxyType({}),
    sources: tuple[CaseState, ...] = (),
    step: Transition | None = None,
    **details: Any,
) -> HistoryEntry:
    """The only way from one state to another: table, policy, reason, clock, history, fact.

    `permission` stands in for the table's where the rules name another decider; `by_unit` narrows it to one
    unit's people; `sources` narrows from where this act leads. A `reason` becomes a note; the history holds
    its id. `changes`: columns that change with it. `step`: if `check` has let it through already.
    """
    source = CaseState(case.state)
    if step is None or (step.source, step.target) != (source, target):
        step = check(db, actor, case, target, permission=permission, by_unit=by_unit, sources=sources)
    step.check_reason(reason or reason_code)
    # The note first: it is flushed, and state and columns must reach the database together.
    if reason.strip():
        note_id = write_note(db, now, actor, case.id, reason, for_asker=for_asker).id
    _change(case, {**changes, "state": target, "updated_at": now})
    clocks.follow(db, now, case, step)
    entry = history.record(
        db,
        now,
        actor,
        case.id,
        act,
        source=source,
        target=target,
        unit_id=unit_id or case.lead_unit_id,
        reason_code=reason_code,
        note_id=note_id,
        **details,
    )
    flush(db, case.id)
    events.publish(db, now, CaseMoved(case.id, source, target, entry.id))
    return entry


def _change(case: Case, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(case, name, value)
    # Every act raises the version, also one in the same instant that changes no column.
    flag_modified(case, "updated_at")


def check(
    db: Session,
    actor: Actor,
    case: Case,
    target: CaseState,
    *,
    permission: str | None = None,
    by_unit: int | None = None,
    sources: tuple[CaseState, ...] = (),
) -> Transition:
    """The step to `target`, if the table and the policy allow it; refused before anything is changed."""
    # Policy first: who may not see the case is not told where it stands.
    source, subject = CaseState(case.state), subject_of(db, case.id)
    if not may_know(actor, subject):
        raise nothing()
    if sources and source not in sources:
        raise Refused("no_such_move", source=source, target=target)
    step = workflow.check(source, target)
    if step.at_most is not None:
        workflow.check(source, target, times=_times(db, case.id, source, target))
    if not (actor.kind is ActorKind.ASKER and step.asker_may):
        require_for_case(db, actor, permission or step.permission, case, by_unit=by_unit, subject=subject)
    return step


def _times(db: Session, case_id: int, source: CaseState, target: CaseState) -> int:
    """How often the case has made this very move."""
    return (
        db.scalar(
            select(func.count())
            .select_from(HistoryEntry)
            .where(
                HistoryEntry.case_id == case_id, HistoryEntry.source == source, HistoryEntry.target == target
            )
        )
        or 0
    )


def note_act(
    db: Session,
    now: datetime,
    actor: Actor,
    case: Case,
    act: Act,
    *,
    reason: str = "",
    for_asker: bool = False,
    note_id: int | None = None,
    reason_code: str | None = None,
    unit_id: int | None = None,
    changes: Mapping[str, Any] = MappingProxyType({}),
    **details: Any,
) -> HistoryEntry:
    """Something was done without a change of state: history, version, fact."""
    if reason.strip():
        note_id = write_note(db, now, actor, case.id, reason, for_asker=for_asker).id
    _change(case, {**changes, "updated_at": now})
    entry = history.record(
        db,
        now,
        actor,
        case.id,
        act,
        unit_id=unit_id or case.lead_unit_id,
        note_id=note_id,
        reason_code=reason_code,
        **details,
    )
    flush(db, case.id)
    events.publish(db, now, CaseChanged(case.id, act))
    return entry


def last_entry(db: Session, case_id: int, *acts: Act) -> HistoryEntry | None:
    """The newest entry of one of these acts."""
    return db.scalar(
        select(HistoryEntry)
        .where(HistoryEntry.case_id == case_id, HistoryEntry.act.in_(acts))
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    )


def write_note(
    db: Session, now: datetime, actor: Actor, case_id: int, body: str, *, for_asker: bool = False
) -> Note:
    """Keep somebody's words where they can be erased."""
    note = Note(
        case_id=case_id, body=body.strip(), author_id=actor.person_id, for_asker=for_asker, made_at=now
    )
    db.add(note)
    db.flush()
    return note


def flush(db: Session, case_id: int) -> None:
    """Write; if somebody else was quicker, say who."""
    try:
        db.flush()
    except StaleDataError:
        db.rollback()
        raise changed_meanwhile(db, case_id) from None
